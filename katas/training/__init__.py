"""Training runs on the functions of lesson 9: `make train`, `make write`, `make example-09`.

    run       what a run is: parameters, the optimizer's state, the generator, the plan
    saved     a run as a file, whole at any moment
    texts     a text as tokens, cut in two: to learn from, and held out
    steps     one step: the reader's own, or the fast version once both agree
    follow    the loop: a bar, the held-out loss, saving, Ctrl-C
    writing   text from a model, token by token
    settings  what was typed after make: STEPS=2000 and so on
    broken    runs that went wrong, for exercise_04_training
    train, write   the scripts behind the two commands
"""

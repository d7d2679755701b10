"""From a red spec to what the screen says: the mistake, the place, what can be measured.

In: the calls that a spec made, and how it ended. Out: the `Red` of its record.
The child process calls `judge`; mistakes in hints/ are declared with `known`.

    judge, finders, case       what is said, in the order in which it is looked for
    stopped_specs, unusable_files, exceptions, pytorch, masks
                               the words for what ended otherwise than by a wrong answer
    measure, measure_...       the words for a wrong answer
    array_tables, content_tables
                               the arguments and answers as tables
    known, mistake_edits, workshop, pairs
                               mistakes: declared, and made in the solutions
    replay, blame, standins    which mistake it is, or which earlier function
    proof, idioms, failures    whether it may be named
    random_calls, scene        many calls of a function; each lesson's are in hints/arguments_NN
    trials, outcomes           what the functions answer, and whether two answers are the same
    further, place, found      afterwards: the place, and how it is told
    search, exam               which edits help, of those in tweaks, tweak and tweaks_of_...
    program, vocabulary, rewritten
                               the reader's function as a tree: run, and written, with an edit
    steps, traced, tracebacks  what happens inside a call
"""

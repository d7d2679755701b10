"""The machinery behind `make`: runs specs, names mistakes, shows verdicts.

Rooms, in the order in which data flows; none imports from one that comes after it. Beside them,
`limits` has all limits:

    layout     how wide lines are, and the carets below them
    lessons    which lessons there are, their hints and texts, and whose code is loaded
    specs      what spec files and katas use: checks, watched calls, guards, the record
    diagnosis  from a red spec to the sentences and the place that say what happened
    running    the parent's side: starts the child, listens, survives whatever it does
    inside     the child process, in which specs run: pytest with our plugin
    reader     what belongs to the reader: attempts, notes, backups, whose code runs
    screens    what is shown
    watching   `make watch`
    grading    results in the formats that graders read
    commands   what each word of `make` does
"""

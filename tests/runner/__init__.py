"""The machinery behind `make`: runs specs, names mistakes, shows verdicts.

Rooms, in the order in which data flows; none imports from one that comes after it:

    lessons    which lessons there are, their hints and texts, and whose code is loaded
    specs      what a spec file and a kata meet: checks, watched calls, guards, the record
    diagnosis  from a red spec to the sentences and the place that say what happened
    running    the parent's side: starts the child, listens, stays standing
    inside     the child process, in which specs run: pytest with our plugin
    reader     what is the reader's: attempts, notes, backups, whose code runs
    screens    what is shown
    watching   `make watch`
    grading    what a grader reads, in the form that it reads
    commands   what each word of `make` does
"""

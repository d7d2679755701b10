"""The machinery behind `make`: runs specs, names mistakes, shows verdicts.

Data flows one way:

    lessons, source   which lessons there are, and whose code is loaded
    check, watch      what a spec asserts, and what it called on the way
    guard, printed, processes
                      what a kata file may not do to the run, and what it prints
    mistakes, outcomes, merge, diagnose, measure, explain, frames
                      from a red spec to the sentence that names what happened
    plugin            ties these into pytest; one record per spec comes out
    child, supervise  a run in a process of its own, which cannot take us down
    verdict, pages, commands, desk, state
                      what the reader sees and does, and what is remembered
    grading, grade    what a grader reads, in the form that it reads
"""

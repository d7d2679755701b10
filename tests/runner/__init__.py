"""The machinery behind `make`: runs specs, names mistakes, shows verdicts.

Data flows one way:

    lessons, source   which lessons there are, and whose code is loaded
    check, watch      what a spec asserts, and what it called on the way
    guard             what a kata file may not do to the run
    mistakes, diagnose, measure, explain
                      from a red spec to the sentence that names what happened
    plugin            ties these into pytest; one record per spec comes out
    child, supervise  a run in a process of its own, which cannot take us down
    verdict, commands what the reader sees
"""

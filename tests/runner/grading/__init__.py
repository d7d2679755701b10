"""Grading: what a run says, in the forms that graders read.

Data flows one way:

    clean_copy, in_copy   a run of all specs of a kata, on files that were handed in
    spec_code, told       the code of a spec, and what is told of one that is red
    graded                from a run to one record for each spec
    exercism, classroom, gradescope, junit
                          from these records to the text of a result file
"""

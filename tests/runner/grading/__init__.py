"""Grading: the results of a run, in the formats that graders read.

Data flows one way:

    clean_copy, in_copy   a run of all specs of a kata, on submitted files
    spec_code, told       the code of a spec, and the text about a red one
    graded                from a run to one record for each spec
    exercism, classroom, gradescope, junit
                          from these records to the text of a result file
"""

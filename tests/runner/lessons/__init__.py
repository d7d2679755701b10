"""Which lessons there are, and what is written in their files.

In: the files of the project, by their names. Out: katas, hints, milestones, sources, modules.
Every package may call this one; it calls none of the others.
"""

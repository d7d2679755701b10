"""Which lessons there are, and what is written in their files.

In: the files of the project, by their names. Out: katas, hints, milestones, sources, modules.
Everybody may call; this room calls none of the others.
"""

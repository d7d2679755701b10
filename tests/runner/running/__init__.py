"""The parent's side of a run: starts the child, cold or warm, and listens until it ends.

In: orders. Out: a `Run`, the records of its specs. Called by commands and `reader`.
"""

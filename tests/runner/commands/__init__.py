"""What each `make` command does: `table` lists them, and each kind has a module.

In: the words of a command line. Out: an exit status. Called by `__main__`.
"""

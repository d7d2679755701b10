"""What each `make` command does: `all_commands` lists them, and each kind has a module.

In: the words of a command line. Out: an exit status. Called by `__main__`.
"""

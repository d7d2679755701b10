"""What each word of `make` does: `table` lists the commands, one module does each kind.

In: the words of a command line. Out: an exit status. `__main__` calls.
"""

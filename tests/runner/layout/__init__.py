"""How lines of text are laid out on a screen: how wide they are, and the carets below them.

In: text. Out: lines of text. Every package may call this one, the child process and the screens
alike; it calls none of the others.
"""

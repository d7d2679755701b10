"""How wide the runner's screens may be, in columns: everything follows from WIDTH."""

WIDTH = 80  # of a screen; on a narrower terminal, what is shown is wrapped
NARROWEST = 40  # that a terminal is taken to be

CODE = WIDTH - 8  # a line of the reader's, below a sentence, and each line that their code printed
TRACED = WIDTH - 12  # a line of a traceback
TABLE = WIDTH - 12  # a table of numbers
TWO_TABLES = WIDTH - 18  # two of them side by side, without the gap between them
QUOTED = WIDTH - 20  # a piece of a text, without its quotes
BARS = WIDTH - 8  # from here on there is room for the bars of `make progress`

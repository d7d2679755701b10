"""Every limit in one place: times, memory, how much is tried, and tolerances of numbers.

How long a spec may run, `timeout`, is set in pyproject.toml, which pytest reads, too.
How wide a line may be is in `layout/widths.py`.
"""

import tomllib
from functools import cache
from pathlib import Path

SETTINGS = Path(__file__).resolve().parents[2] / "pyproject.toml"

# Seconds.
GRADED_SPEC = 3.0  # a spec takes milliseconds: even endless loops alone are graded in minutes
RUN = 150.0  # a run up to the first red spec; one to the end may take every spec's limit
GRADED_KATA = 300.0  # the supervised run itself ends long before
PATIENCE = 3.0  # more, for a spec that its limit could not stop
LONG = 3.0  # until the screen says that a run takes long
LONG_WATCHED = 1.0  # the same for the watch
START = 60.0  # until the first event, on a slow disk
IDLE = 0.1  # of a spec's limit: with less processor time than this it was not an endless loop
SLOW_CALL = 0.3  # a function that takes longer is not called again to find out more
SLOW_PROBE = 0.02  # nor on smaller inputs, if it takes longer for the smallest
SEARCH_SECONDS = 2.0  # of processor time for the place; mostly the search ends by SEARCH_COST
POLL = 0.5  # between two looks at the memory that a run uses

# Bytes.
MEMORY = 2 * 2**30  # that a run may use beyond what it has when the specs begin
PROCESS_MEMORY = 3 * 2**30  # in all, if the system cannot limit it
EDITED_MEMORY = 2**28  # that the reader's function may use after an edit of ours

# The search for the place.
SEARCH_COST = 300_000  # of all edits together, in about microseconds of an ordinary machine
EDITED_LINES = 20_000  # that one call of an edited function may run
EDITED_LINES_MORE = 10  # times as many as before the edit: a function that runs more is endless

# Relative tolerances.
RIGHT = 1e-9  # for a spec
RIGHT_FLOAT32 = 1e-4
RIGHT_GRADIENT = 1e-6  # for a gradient, beside the measured one
RIGHT_MODEL = 1e-3  # of the largest number of a model's answer: float32, in another order of sums
SAME = 1e-11  # to count as the answer of the same mistake
SAME_FLOAT32 = 1e-5
SAME_MODEL = 1e-4
SLACK = 1e3  # times that for random numbers, which are not as exact in float32 as chosen ones
SAME_FACTOR = 1e-6  # to count as a factor, or a difference, that all entries have

# Measured gradients.
GRADIENT_STEP = 1e-3  # of the differences, whose error falls with its fourth power
TAYLOR_STEPS = 1e-3, 1e-4  # what is left falls with their square, to a hundredth
TAYLOR_FALL = 30  # times at least, from the first step to the second
TAYLOR_ROUNDING = 1e-12  # of the result: so much may be left after any step


@cache
def spec() -> float:
    """The time limit of a spec in seconds, from the project's settings."""
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    return float(settings["tool"]["pytest"]["ini_options"]["timeout"])

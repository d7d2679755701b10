"""Every limit in one place: times, memory, and tolerances of numbers.

How long a spec may run is set in pyproject.toml, which pytest reads, too.
"""

import tomllib
from functools import cache

from tests.runner.lessons.catalog import ROOT

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
SEARCH = 2.0  # of processor time for a search for the place, which mostly ends by TRIED
SLOW_PROBE = 0.02  # nor on smaller inputs, if it takes longer for the smallest

# Bytes.
MEMORY = 2 * 2**30  # that a run may use beyond what it has when the specs begin
PROCESS_MEMORY = 3 * 2**30  # in all, if the system cannot limit it
EDITED_MEMORY = 2**28  # that the reader's function may use after an edit of ours

# The search for the place.
TRIED = 300_000  # the cost of all edits together, in about microseconds of an ordinary machine
LINES = 20_000  # that one call of an edited function may run

# Relative tolerances.
RIGHT = 1e-9  # for a spec
RIGHT_FLOAT32 = 1e-4
SAME = 1e-11  # to count as the answer of the same mistake
SAME_FLOAT32 = 1e-5
SLACK = 1e3  # times that for random numbers, which are not as exact in float32 as chosen ones


@cache
def spec() -> float:
    """The time limit of a spec in seconds, from the project's settings."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return float(settings["tool"]["pytest"]["ini_options"]["timeout"])

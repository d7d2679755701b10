"""Times the diagnosis inside a run of specs, and prints what it found as JSON. For bench_runner.

    python -m benchmarks.judge_timer tests/test_kata_01_attention.py

The run is the one that `make kata-01` starts, in a process of its own, with a clock around the
verdict and one around the search for the place, which follows it. So the first, cold diagnosis is
timed, with the loading of the solutions and of the mistakes.
"""

import json
import sys
import time

import pytest

from tests.runner.inside import child, plugin


def main(specs: str) -> dict:
    """Run specs up to the first red one; return the seconds of both, and what was named."""
    told = {"seconds": 0.0, "place": 0.0, "named": ()}

    class Timed(plugin.KataPlugin):
        def _judged(self, *args):
            start = time.perf_counter()
            red, more = super()._judged(*args)
            told["seconds"], told["named"] = time.perf_counter() - start, red.named if red else ()
            return red, more and (lambda: timed(more))

    def timed(more):
        start = time.perf_counter()
        red = more()
        told["place"], told["named"] = time.perf_counter() - start, red.named
        return red

    pytest.main([*child.QUIET, "-x", specs], plugins=[Timed()])
    return told


if __name__ == "__main__":
    print("\n" + json.dumps(main(sys.argv[1])))  # the last line, below what pytest prints

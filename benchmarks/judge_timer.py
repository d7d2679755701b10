"""Times the diagnosis inside a run of specs, and prints what it found as JSON. For bench_runner.

    python -m benchmarks.judge_timer tests/test_kata_01_attention.py

The run is the one that `make kata-01` starts, in a process of its own, with a clock
around the plugin's call of `judge`. So it is the first, cold diagnosis that is timed,
with the loading of the solutions and of the mistakes.
"""

import json
import sys
import time

import pytest

from tests.runner.inside import child, plugin


def main(specs: str) -> dict:
    """Run specs up to the first red one; return the seconds of its judgement and what it named."""
    judged = {"seconds": 0.0, "named": ()}
    judge = plugin.judge

    def timed(*args):
        start = time.perf_counter()
        try:
            red = judge(*args)
            judged["named"] = red.named
            return red
        finally:
            judged["seconds"] = time.perf_counter() - start

    plugin.judge = timed
    pytest.main([*child.QUIET, "-x", specs], plugins=[plugin.KataPlugin()])
    return judged


if __name__ == "__main__":
    print("\n" + json.dumps(main(sys.argv[1])))  # the last line, below what pytest prints

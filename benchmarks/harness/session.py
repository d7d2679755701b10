"""Runs the rows of a benchmark under pytest-benchmark, in turns: a busy second then hits all alike.

pytest-benchmark times one function in each test. So every turn of every row is a test of its own
(rows.py), and their order is there and back again: at each size every rung once, then every rung
once more from the last to the first, and so on.
"""

import contextlib
import io
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.harness import threads
from benchmarks.harness.declare import Ladder
from benchmarks.harness.measure import TURNS, Lab, Row
from benchmarks.harness.progress import Steps

HARD_LIMIT = 12.0  # seconds for one turn of a row, whatever was expected of it
PROCESSOR = "--benchmark-timer=time.process_time"  # other programs then hardly count


@dataclass(frozen=True)
class Done:
    """What came of a run: rows as they are saved, sentences, and how many sizes are finished."""

    rows: list[dict]
    left_out: list[str]
    n_done: int
    n_sizes: int


def run(ladders: list[Ladder], largest: int | None, n_threads: int) -> Done:
    """Measure all rows in this process; Ctrl-C keeps the sizes that are finished."""
    # pytest-timeout can stop a row by a signal. Where there is none, it would end the process.
    limit = HARD_LIMIT if hasattr(signal, "SIGALRM") else 0
    file = Path(__file__).with_name("rows.py")
    clock = [PROCESSOR] if threads.processor_time() else []
    options = [*clock, "-q", "-s", "-o", "addopts=", "-p", "no:cacheprovider", f"--timeout={limit}"]
    with Steps() as steps, _quiet() as said:
        plugin = _Plugin(list(turns(ladders, largest, n_threads)), steps)
        status = pytest.main([*options, str(file)], plugins=[plugin])
    if not plugin.begun:
        raise RuntimeError(f"pytest could not run {file}:\n{said.getvalue()}")
    done = plugin.begun[:-1] if status == pytest.ExitCode.INTERRUPTED else plugin.begun
    rows = [row for row in plugin.laboratory.found.values() if (row["ladder"], row["size"]) in done]
    return Done(rows, plugin.laboratory.left_out, len(done), steps.total)


def turns(ladders: list[Ladder], largest: int | None, n_threads: int) -> Iterator[Row]:
    """Every turn of every row, in the order in which they are measured."""
    for ladder in ladders:
        counts = sorted({1, n_threads}) if ladder.threads else [1]
        rungs = [(name, rung, count) for count in counts for name, rung in ladder.usable.items()
                 if count == 1 or not rung.serial]
        for size in ladder.sizes_up_to(largest):
            fitting = [(name, count) for name, rung, count in rungs if size <= rung.up_to]
            for turn in range(TURNS):
                for name, count in fitting[:: -1 if turn % 2 else 1]:
                    yield Row(ladder, size, name, count, turn)


class _Plugin:
    """Hands each test its row, shows where we are, and has the lab note a row that fails."""

    def __init__(self, rows: list[Row], steps: Steps):
        self.rows, self.steps, self.laboratory = rows, steps, Lab()
        self.begun: list[tuple[str, int]] = []
        steps.expect(len({row.step for row in rows}))

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        metafunc.parametrize("number", range(len(self.rows)))

    @pytest.fixture
    def lab(self) -> Lab:
        return self.laboratory

    @pytest.fixture
    def row(self, number: int) -> Row:
        return self.rows[number]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        row = self.rows[item.callspec.params["number"]]
        if row.step not in self.begun:
            self.begun.append(row.step)
            self.steps.begin(f"{row.ladder.name}, {row.size:,} {row.ladder.axis}")
        self.steps.note(f"{row}, turn {row.turn + 1}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        if call.excinfo and not isinstance(call.excinfo.value, pytest.skip.Exception):
            row = self.rows[item.callspec.params["number"]]
            self.laboratory.stop(row, _what_happened(call.excinfo.value))
        return (yield)


def _what_happened(problem: BaseException) -> str:
    if isinstance(problem, pytest.fail.Exception) and str(problem).startswith("Timeout"):
        return f"was stopped after {HARD_LIMIT:g} seconds"
    return f"raised {type(problem).__name__}: {problem}".rstrip(": ")


@contextlib.contextmanager
def _quiet() -> Iterator[io.StringIO]:
    """Nothing is heard of pytest, of what is measured, or of PyTorch's profiler; and what the
    environment tells pytest is for the user's own tests."""
    told = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("PYTEST")}
    said, aside = io.StringIO(), os.dup(2)
    try:
        with (open(os.devnull, "w") as nothing, contextlib.redirect_stdout(said),
              contextlib.redirect_stderr(said)):
            os.dup2(nothing.fileno(), 2)
            yield said
    finally:
        os.dup2(aside, 2)
        os.close(aside)
        os.environ.update(told)

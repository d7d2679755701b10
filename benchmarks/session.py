"""Runs a benchmark file under pytest-benchmark, quietly, and returns what it measured."""

import contextlib
import io
import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.machine import about_machine
from benchmarks.progress import Steps

FOLDER = Path(__file__).resolve().parents[1] / ".kata-benchmarks"
HARD_LIMIT = 12.0  # seconds for one row, whatever was expected of it


@dataclass(frozen=True)
class Session:
    """What came of a run.

    saved:    what pytest-benchmark saves, with our notes; None where no row was finished
    left_out: a sentence for each rung that stopped early
    n_done, n_rows: how many rows were run or left out, and how many there are
    """

    saved: dict | None
    left_out: tuple[str, ...]
    n_done: int
    n_rows: int


def run(file: Path, about: dict) -> Session:
    """Run the rows of a benchmark file in this process; Ctrl-C keeps those that are finished.

    about: what to save beside the rows, under "about"
    """
    # pytest-timeout can stop a row by a signal. Where there is none, it would end the process.
    limit = HARD_LIMIT if hasattr(signal, "SIGALRM") else 0
    options = ["-s", "-q", "-p", "no:cacheprovider", f"--timeout={limit}", f"--benchmark-json={os.devnull}"]
    with Steps() as steps, _without_user_options(), _unheard() as said:
        plugin = _Plugin(about, steps)
        pytest.main([*options, str(file)], plugins=[plugin])
    if not plugin.n_rows:
        raise RuntimeError(f"pytest found no rows:\n{said.getvalue()}")
    return Session(plugin.saved, tuple(plugin.left_out), plugin.n_done, plugin.n_rows)


class _Plugin:
    """Shows each row as it begins, and keeps a sentence for each that fails or is left out."""

    def __init__(self, about: dict, steps: Steps):
        self.about, self.steps = about, steps
        self.left_out: list[str] = []
        self.saved: dict | None = None
        self.n_done = self.n_rows = 0

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.n_rows = len(session.items)
        self.steps.expect(self.n_rows)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.steps.begin(_row(item))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        self.n_done += call.when == "teardown"
        if call.excinfo and (sentence := _sentence(item, call.excinfo.value)):
            self.left_out.append(sentence)
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_benchmark_generate_machine_info(self) -> dict:
        return about_machine()

    def pytest_benchmark_update_json(self, output_json: dict) -> None:
        output_json["about"] = {**self.about, "left_out": self.left_out}
        self.saved = json.loads(json.dumps(output_json, default=str))


def _row(item: pytest.Item) -> str:
    params = item.callspec.params
    row = f"{params['rung']} at {params['tokens']:,} tokens"
    return f"{row}, heads: {params['heads']}" if "heads" in params else row


def _sentence(item: pytest.Item, problem: BaseException) -> str:
    """Why a row has no numbers; "" where an earlier row has said it."""
    if isinstance(problem, pytest.skip.Exception):
        return problem.msg
    if isinstance(problem, pytest.fail.Exception) and problem.msg.startswith("Timeout"):
        return f"{_row(item)} was stopped after {HARD_LIMIT:g} seconds."
    return f"{_row(item)} raised {type(problem).__name__}: {problem}".rstrip(": ")


@contextlib.contextmanager
def _unheard():
    """What pytest prints, and what the measured functions print."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        yield said


@contextlib.contextmanager
def _without_user_options():
    """PYTEST_ADDOPTS is for the user's own tests."""
    options = os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        yield
    finally:
        if options is not None:
            os.environ["PYTEST_ADDOPTS"] = options

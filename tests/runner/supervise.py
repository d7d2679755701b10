"""Runs specs in a process of its own, and stays standing whatever that process does.

The process tells of every event as it happens. If it falls silent for longer than a
spec may take, or ends without having said so, the spec that was running is red.
"""

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.runner.definitions import line_of
from tests.runner.hints import ladder
from tests.runner.lessons import KATAS, ROOT, Kata, shown
from tests.runner.processes import adopt_orphans, end_children
from tests.runner.records import Cause, Red, Run, SpecRecord, Status, record_of

RUNNING = "TRANSFORMER_KATAS_RUNNING"  # stands in the environment of whatever a run starts

PATIENCE = 3.0  # seconds more, for a spec that the time limit in the process could not stop
START = 60.0  # seconds until the first event, on a slow disk
MEMORY = 3 * 2**30  # bytes; only where the process cannot limit itself
LONGEST = 150.0  # seconds for a whole run
POLL = 0.5  # seconds between looks at the memory


@dataclass(frozen=True)
class Orders:
    """What to run, and on whose code.

    katas:   the folder of the kata modules
    folders: other folders for some modules, by name
    stop:    end at the first red spec
    """

    kata: Kata
    katas: Path = KATAS
    folders: dict[str, Path] = field(default_factory=dict)
    stop: bool = True


def run(orders: Orders, meanwhile: Callable[[], None] = lambda: None) -> Run:
    """Run a kata's specs, and return what came of each; do something useful meanwhile."""
    adopt_orphans()
    child, word = _start(orders)
    try:
        meanwhile()
        return _listen(child, word, orders.kata)
    finally:
        _end(child)


def _start(orders: Orders) -> tuple[subprocess.Popen, str]:
    word = secrets.token_hex(8)  # goes with every event, so that nothing else passes for one
    what = json.dumps({
        "word": word,
        "specs": shown(orders.kata.specs),
        "katas": str(orders.katas),
        "folders": {name: str(folder) for name, folder in orders.folders.items()},
        "options": ["-x"] if orders.stop else [],
    })
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.runner.child"],
        cwd=ROOT, env={**mine, **one_thread, RUNNING: "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that all that the reader's code starts can be ended with it
    )
    with contextlib.suppress(BrokenPipeError):  # it ended at once; the silence will tell
        child.stdin.write(f"{what}\n".encode())
        child.stdin.close()
    return child, word


def _listen(child: subprocess.Popen, word: str, kata: Kata) -> Run:
    events: queue.Queue = queue.Queue()
    threading.Thread(target=_read, args=(child.stdout, word, events), daemon=True).start()
    result, running, limit = Run(kata.name), "", 0.0
    end = time.monotonic() + LONGEST
    while True:
        kind, what = _next(events, child, limit + PATIENCE if limit else START)
        if time.monotonic() > end:
            result.broken = f"The specs were still running after {LONGEST:g} seconds, and were stopped."
            return result
        match kind:
            case "limit":
                limit = what
            case "specs":
                result.specs = [spec for spec, _ in what]
                result.titles = dict(what)
            case "start":
                running = what
            case "record":
                result.records.append(record_of(what))
                running = ""
            case "broken":
                result.broken = (f"The specs in {shown(kata.specs)} cannot be read: {what}. Were they edited? "
                                 f"`git checkout {shown(kata.specs)}` brings them back.")
            case "end":
                if not result.specs:
                    result.broken = result.broken or f"pytest found no specs in {shown(kata.specs)} (status {what})."
                elif not result.first_red and not result.green:
                    result.broken = f"pytest ended early (status {what}), after {result.n_green} green specs."
                return result
            case "silent" | "gone" | "huge" if running:
                result.records.append(_died(kata, running, result.titles[running], _how(kind, child, limit)))
                return result
            case "silent" | "gone" | "huge":
                result.broken = result.broken or (
                    f"The run ended after {result.n_green} green specs, between two of them." if result.records else
                    "The run ended before any spec began. If that happens again, .venv may be damaged: "
                    "remove it (`rm -r .venv`), and the same command sets it up anew.")
                return result


def _next(events: queue.Queue, child: subprocess.Popen, patience: float) -> tuple[str, object]:
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        try:
            return events.get(timeout=min(left, POLL))
        except queue.Empty:
            if sys.platform != "linux" and _memory(child.pid) > MEMORY:
                return "huge", None
    return "silent", None


def _read(lines, word: str, events: queue.Queue) -> None:
    for line in lines:
        with contextlib.suppress(ValueError, TypeError):  # not ours, or cut off where a process was ended
            said, kind, what = json.loads(line)
            if said == word:
                events.put((kind, what))
    events.put(("gone", None))


def _end(child: subprocess.Popen) -> None:
    """End the process, and with it whatever it has started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except AttributeError:  # Windows
        child.kill()
    except ProcessLookupError:
        pass
    child.wait()
    end_children()


def _how(kind: str, child: subprocess.Popen, limit: float) -> tuple[Cause, str]:
    """Why a process ended, or had to be ended, while a spec ran."""
    if kind == "silent":
        return Cause.TIME, (f"The spec was still running after {limit:g} seconds, took no notice of the time limit, "
                            "and was stopped. That happens in compiled code, and in a loop that catches every "
                            "exception and goes on.")
    if kind == "huge":
        return Cause.DIED, "It took more memory than a spec may take, and was stopped."
    try:
        status = child.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Cause.DIED, "Python lost touch with the run. Does your file close files that it did not open?"
    if status < 0:
        name = signal.Signals(-status).name if -status in set(signal.Signals) else f"signal {-status}"
        return Cause.DIED, (f"Python was ended by {name} while this spec ran. That is a crash in compiled code, "
                            "or another program that ended it, perhaps because memory ran out.")
    return Cause.DIED, f"Python ended with status {status} while this spec ran, as `os._exit({status})` does."


def _died(kata: Kata, spec: str, title: str, how: tuple[Cause, str]) -> SpecRecord:
    """The record of a spec whose process did not live to write one."""
    cause, happened = how
    function = kata.function_of(spec)
    red = Red(cause, (happened,), file=shown(kata.file), line=line_of(kata.file, function), hint_fits=False)
    rungs = ladder(kata, spec)
    return SpecRecord(kata.name, spec, function, title, Status.RED, red=red, hint=rungs[0] if rungs else "")


def _memory(pid: int) -> int:
    """The memory that a process holds, in bytes; 0 where that cannot be told."""
    try:
        asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return int(asked.stdout) * 1024
    except (OSError, ValueError):
        return 0

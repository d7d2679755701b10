"""Runs specs in a process of its own, and stays standing whatever that process does.

The process tells of every event as it happens. If it falls silent for longer than a
spec may take, or ends without having said so, the spec that was running is red.
"""

import json
import os
import queue
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
from tests.runner.records import Cause, Red, Run, SpecRecord, Status, record_of

PATIENCE = 3.0  # seconds more, for a spec that the time limit in the process could not stop
START = 60.0  # seconds until the first event, on a slow disk
MEMORY = 3 * 2**30  # bytes; only where the process cannot limit itself
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
    child = _start(orders)
    try:
        meanwhile()
        return _listen(child, orders.kata)
    finally:
        _end(child)


def _start(orders: Orders) -> subprocess.Popen:
    what = json.dumps({
        "specs": shown(orders.kata.specs),
        "katas": str(orders.katas),
        "folders": {name: str(folder) for name, folder in orders.folders.items()},
        "options": ["-x"] if orders.stop else [],
    })
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.runner.child", what],
        cwd=ROOT, env={**os.environ, **one_thread, "PYTEST_ADDOPTS": ""},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that all that the reader's code starts can be ended with it
    )


def _listen(child: subprocess.Popen, kata: Kata) -> Run:
    events: queue.Queue = queue.Queue()
    threading.Thread(target=_read, args=(child.stdout, events), daemon=True).start()
    result, running, limit = Run(kata.name), "", 0.0
    while True:
        kind, what = _next(events, child, limit + PATIENCE if limit else START)
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
                result.broken = result.broken or "The run ended before any spec began."
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


def _read(lines, events: queue.Queue) -> None:
    for line in lines:
        try:
            events.put(tuple(json.loads(line)))
        except ValueError:  # the last line of a process that was ended while it wrote
            break
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
    child.stdout.close()


def _how(kind: str, child: subprocess.Popen, limit: float) -> tuple[Cause, str]:
    """Why a process ended, or had to be ended, while a spec ran."""
    if kind == "silent":
        return Cause.TIME, (f"It was still running after {limit:g} seconds, took no notice of the time limit, "
                            "and was stopped. Does a loop catch every exception and go on?")
    if kind == "huge":
        return Cause.DIED, "It took more memory than a spec may take, and was stopped."
    try:
        status = child.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return Cause.DIED, "Python lost touch with the run. Does your file close files that it did not open?"
    if status < 0:
        name = signal.Signals(-status).name
        return Cause.DIED, (f"Python was ended by {name} while this spec ran. That is a crash in compiled code, "
                            "or another program that ended it, perhaps because memory ran out.")
    return Cause.DIED, f"Python ended with status {status} while this spec ran, as `os._exit({status})` does."


def _died(kata: Kata, spec: str, title: str, how: tuple[Cause, str]) -> SpecRecord:
    """The record of a spec whose process did not live to write one."""
    cause, happened = how
    function = kata.function_of(spec)
    red = Red(cause, (happened,), file=shown(kata.file), line=line_of(kata.file, function))
    rungs = ladder(kata, spec)
    return SpecRecord(kata.name, spec, function, title, Status.RED, red=red, hint=rungs[0] if rungs else "")


def _memory(pid: int) -> int:
    """The memory that a process holds, in bytes; 0 where that cannot be told."""
    try:
        asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return int(asked.stdout) * 1024
    except (OSError, ValueError):
        return 0

"""Runs specs in a separate process, and survives whatever that process does.

The process reports every event as it happens. If it is silent for longer than a
spec may take, or ends without having said so, the spec that was running is red.
"""

import contextlib
import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.runner import limits
from tests.runner.lessons.catalog import Kata, shown
from tests.runner.lessons.hints import ladder
from tests.runner.lessons.source_text import line_of
from tests.runner.running.cold import Cold, Orders, Process
from tests.runner.specs.record import Cause, Red, Run, SpecRecord, Status, record_of

ENDLESS = "An endless loop is stopped after {:g} seconds"


def run(orders: Orders, meanwhile: Callable[[], None] = lambda: None,
        start: Callable[[Orders], Process] = Cold,
        early: Callable[[Run], None] = lambda _: None) -> Run:
    """Run a kata's specs, and return the records; call `meanwhile` during the run.

    early: is called with what is known of a red spec, before the place is looked for
    """
    return _run(orders, meanwhile, start, early)[orders.kata.name]


def run_all(katas: Sequence[Kata], folders: dict[str, Path] | None = None, stop: bool = False,
            start: Callable[[Orders], Process] = Cold, waiting: str = "") -> dict[str, Run]:
    """Run the specs of several katas in one process, without a diagnosis.

    A kata is over if one of its specs runs out of time, or ends the process; the katas
    after it go on in another.

    waiting: is said if it takes long
    """
    runs, left = {}, list(katas)
    while left:
        first, *more = left
        orders = Orders(first, folders=folders or {}, stop=stop, judge=False, more=tuple(more))
        done = _run(orders, start=start, waiting=waiting)
        ended = next((name for name, result in done.items() if _is_over(result)), None)
        names = list(done)
        finished = names if ended is None else names[: names.index(ended) + 1]
        runs |= {name: done[name] for name in finished}
        if stop and any(result.first_red for result in runs.values()):
            break
        left = left[len(finished) :]
    return runs


def _run(orders: Orders, meanwhile: Callable[[], None] = lambda: None,
         start: Callable[[Orders], Process] = Cold,
         early: Callable[[Run], None] = lambda _: None, waiting: str = "") -> dict[str, Run]:
    process = start(orders)
    said = waiting or f"Still running. {ENDLESS.format(limits.spec())}."
    patience = threading.Timer(limits.LONG, print, [said], {"file": sys.stderr})
    if start is Cold and sys.stderr.isatty():
        patience.start()
    try:
        meanwhile()
        return _Listener(orders, process, early).runs_to_the_end()
    finally:
        patience.cancel()
        process.end()


def _is_over(result: Run) -> bool:
    red = result.first_red
    ended = red and red.red.cause in (Cause.TIME, Cause.DIED)
    return result.n_waiting > 0 and bool(result.broken or ended)


class _Listener:
    """Reads the events of a process, and turns them into runs."""

    def __init__(self, orders: Orders, process: Process, early: Callable[[Run], None]):
        self.orders, self.process, self.early = orders, process, early
        self.katas = {kata.name: kata for kata in orders.all}
        self.runs = {name: Run(name) for name in self.katas}
        self.now: tuple[str, str] | None = None  # kata and spec that are running
        self.limit = 0.0

    def runs_to_the_end(self) -> dict[str, Run]:
        events: queue.Queue = queue.Queue()
        told = (self.process.lines, self.process.word, events)
        threading.Thread(target=_read, args=told, daemon=True).start()
        end = time.monotonic() + limits.RUN
        over = False
        while not over:
            patience = self.limit + limits.PATIENCE if self.limit else limits.START
            kind, what = _next(events, self.process.pid, patience)
            if self.orders.stop and time.monotonic() > end:
                self._break(f"The specs were still running after {limits.RUN:g} seconds, and were "
                            "stopped.")
                over = True
            else:
                over = self._heard(kind, what)
        return self.runs

    def _heard(self, kind: str, what) -> bool:
        """Process one event; return whether it was the last one needed."""
        match kind:
            case "limit":
                self.limit = what
            case "specs":
                for name, spec, title in what:
                    self.runs[name].specs.append(spec)
                    self.runs[name].titles[spec] = title
            case "start":
                self.now = tuple(what)
            case "early" | "record":
                record, self.now = record_of(what), None
                run = self.runs[record.kata]
                if run.records and run.records[-1].spec == record.spec:
                    run.records.pop()  # the early one
                run.records.append(record)
                if kind == "early":
                    self.early(replace(run, records=list(run.records)))
                    return False
                # A run of all katas waits for each kata's time limit once.
                is_slow = record.red is not None and record.red.cause is Cause.TIME
                return is_slow and not self.orders.judge
            case "broken":
                specs, said = what
                for name, kata in self.katas.items():
                    if shown(kata.specs) == specs:
                        self.runs[name].broken = (f"The specs in {specs} cannot be read: {said}. "
                                                  f"Were they edited? `git checkout {specs}` "
                                                  "brings them back.")
            case "end":
                self._ended(what)
                return True
            case "silent" | "gone" | "huge":
                self._gone(kind)
                return True
        return False

    def _ended(self, status: int) -> None:
        for name, result in self.runs.items():
            if not result.specs:
                specs = shown(self.katas[name].specs)
                none = f"pytest found no specs in {specs} (status {status})."
                result.broken = result.broken or none
            elif not result.green and not result.first_red and not self._stopped_before(name):
                result.broken = (f"pytest ended early (status {status}), after {result.n_green} "
                                 "green specs.")

    def _stopped_before(self, name: str) -> bool:
        """Whether the run ended as ordered, at a red spec of an earlier kata."""
        before = list(self.runs.values())[: list(self.runs).index(name)]
        return self.orders.stop and any(result.first_red for result in before)

    def _gone(self, how: str) -> None:
        if self.now:
            name, spec = self.now
            title = self.runs[name].titles[spec]
            died = _died(self.katas[name], spec, title, _how(how, self.process, self.limit))
            self.runs[name].records.append(died)
            return
        if self.orders.stop and any(result.first_red for result in self.runs.values()):
            return  # all is told, but for what may have been found out about the red spec
        n_green = sum(result.n_green for result in self.runs.values())
        self._break(f"The run ended after {n_green} green specs, between two of "
                    "them." if n_green else
                    "The run ended before any spec began. If that happens again, .venv may be "
                    "damaged: remove it (`rm -r .venv`), and the same command installs it again.")

    def _break(self, why: str) -> None:
        """Mark the first run that is not over as broken."""
        for result in self.runs.values():
            if not result.green and not result.broken:
                result.broken = why
                return


def _next(events: queue.Queue, pid: int, patience: float) -> tuple[str, object]:
    deadline = time.monotonic() + patience
    while (left := deadline - time.monotonic()) > 0:
        try:
            return events.get(timeout=min(left, limits.POLL))
        except queue.Empty:
            if sys.platform != "linux" and _memory(pid) > limits.PROCESS_MEMORY:
                return "huge", None
    return "silent", None


def _read(lines, word: str, events: queue.Queue) -> None:
    with contextlib.suppress(OSError):  # a killed process may leave a broken connection
        for line in lines:
            with contextlib.suppress(ValueError, TypeError):  # not an event of ours, or cut off
                said, kind, what = json.loads(line)
                if said == word:
                    events.put((kind, what))
    events.put(("gone", None))


def _how(kind: str, process: Process, limit: float) -> tuple[Cause, str]:
    """Why a process ended, or was ended, while a spec ran."""
    if kind == "silent":
        return Cause.TIME, (f"The spec was still running after {limit:g} seconds, took no notice "
                            "of the time limit, and was stopped. That happens in compiled code, "
                            "and in a loop that catches every exception and goes on.")
    if kind == "huge":
        return Cause.DIED, "It took more memory than a spec may take, and was stopped."
    try:
        status = process.wait(limits.PATIENCE)
    except TimeoutError:
        return Cause.DIED, ("Python lost touch with the run. Does your file close files that it "
                            "did not open?")
    if status < 0:
        known = -status in set(signal.Signals)
        name = signal.Signals(-status).name if known else f"signal {-status}"
        return Cause.DIED, (f"Python was ended by {name} while this spec ran. That is a crash in "
                            "compiled code, or another program that ended it, perhaps because "
                            "memory ran out.")
    return Cause.DIED, (f"Python ended with status {status} while this spec ran, as "
                        f"`os._exit({status})` does.")


def _died(kata: Kata, spec: str, title: str, how: tuple[Cause, str]) -> SpecRecord:
    """The record of a spec whose process ended before it could write one."""
    cause, happened = how
    function = kata.function_of(spec)
    red = Red(cause, (happened,), file=shown(kata.file), line=line_of(kata.file, function),
              hint_fits=False)
    hint = next(iter(ladder(kata, spec)), "")
    return SpecRecord(kata.name, spec, function, title, Status.RED, red=red, hint=hint)


def _memory(pid: int) -> int:
    """The memory that a process uses, in bytes; 0 if it is not known."""
    try:
        asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)],
                               capture_output=True, text=True, check=False)
        return int(asked.stdout) * 1024
    except (OSError, ValueError):
        return 0

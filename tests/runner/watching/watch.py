"""`make watch`: runs the specs at every save, and reacts to single keys."""

import queue
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, suppress
from threading import Event, Thread

from rich.console import Group
from rich.text import Text

from tests.runner import limits
from tests.runner.lessons.catalog import KATAS, Kata, following, shown
from tests.runner.reader import shown_hints
from tests.runner.reader.attempt import Attempt, attempt
from tests.runner.reader.borrowing import orders
from tests.runner.reader.survey import Progress, survey
from tests.runner.running import supervise
from tests.runner.running.cold import Cold, Orders, Process, end_group
from tests.runner.running.warm import CAN_FORK, Warm
from tests.runner.screens import hint_and_solution, progress
from tests.runner.screens.next_steps import next_up
from tests.runner.screens.style import NOTE, code, indented
from tests.runner.screens.terminal import clear, height, show, width
from tests.runner.screens.verdict import HEIGHT, Context, verdict
from tests.runner.watching.keyboard import pressed
from tests.runner.watching.saves import saves

FOOT = 4  # lines below what is shown
LOOKING = "Looking for the place in your code ..."


def watch(which: Kata) -> int:
    """Watch until q or Ctrl-C, which both end it well."""
    with ExitStack() as stack, suppress(KeyboardInterrupt):
        desk = _Desk(which, stack.enter_context(_Start()))
        stop = Event()
        stack.callback(stop.set)
        Thread(target=_tell_saves, args=(desk.events, stop), daemon=True).start()
        desk.keyboard = stack.enter_context(pressed(lambda key: desk.events.put(("key", key))))
        desk.run()
        while desk.open:
            desk.take(*desk.next())
    return 0


class _Desk:
    """The state of the watch: a kata, its last attempt, perhaps a run that is going on."""

    def __init__(self, which: Kata, start: "_Start"):
        self.which, self.start = which, start
        self.events: queue.Queue = queue.Queue()
        self.attempt: Attempt | None = None
        self.keyboard = False
        self.open = True
        self.process: Process | None = None
        self.running = self.said = False
        self.waiting: Callable[[], object] | None = None  # what to do once the run is over

    def next(self) -> tuple[str, object]:
        """The next event; "wait" if a run takes long."""
        may_say = self.running and not self.said
        try:
            return self.events.get(timeout=limits.LONG_WATCHED if may_say else None)
        except queue.Empty:
            return "wait", None

    def take(self, kind: str, what: object) -> None:
        match kind, what:
            case ("save", _) | ("key", "r"):
                self.run()
            case ("early", tried) if self.running and not self.waiting:
                self.said = True
                self._show_verdict(tried, LOOKING)
            case ("done", tried):
                self._done(tried)
            case ("wait", _) if self.running:
                self.said = True
                said = f"{supervise.ENDLESS.format(limits.spec())}, or as soon as you save."
                show(indented(Text(f"\nStill running. {said}" if self.attempt
                                   else "The first run takes a moment.", "dim"), 2))
            case ("broken", problem):
                show(Text(f"Saves are no longer noticed ({problem}). Press r to run, q to quit.",
                          NOTE))
            case ("key", "h"):
                self._hint()
            case ("key", "n"):
                self._next_kata()
            case ("key", "l"):
                show(indented(Text("\nCounting all lessons ...", "dim"), 2))
                self._work(self._survey)
            case ("key", "q" | "\x04"):
                self.open = False
                self._cancel()

    def run(self) -> None:
        """Run the specs; a run that is going on is ended."""
        self._work(self._attempt)

    def _work(self, do: Callable[[], object]) -> None:
        """Do something in another thread, one thing at a time: what is going on is ended first."""
        if self.running:
            self.waiting = do
            self._cancel()
            return
        self.running, self.said, self.waiting = True, False, None
        Thread(target=lambda: self.events.put(("done", _outcome(do))), daemon=True).start()

    def _attempt(self) -> Attempt:
        return attempt(self.which, self._started, early=self._early)

    def _early(self, tried: Attempt) -> None:
        """What is known before the place is looked for; without a terminal, nobody waits for it."""
        if self.keyboard:
            self.events.put(("early", tried))

    def _survey(self) -> Progress:
        return survey(self._started)

    def _started(self, orders: Orders) -> Process:
        self.process = self.start(orders)
        if self.waiting:
            self._cancel()
        return self.process

    def _cancel(self) -> None:
        if self.running and self.process:
            end_group(self.process.pid)

    def _done(self, what: Attempt | Progress | Exception) -> None:
        self.running = False
        if isinstance(what, Exception):
            raise what
        if self.waiting:
            self._work(self.waiting)
            return
        if isinstance(what, Progress):
            self._show(progress.progress_page(what, width()), back=True)
        else:
            self._show_verdict(what)
        self.start.prepare(orders(self.which))

    def _show_verdict(self, tried: Attempt, foot: str = "") -> None:
        self.attempt = tried
        context = Context(tried, tuple(self._next_up()), watched=self.keyboard, width=width(),
                          height=min(HEIGHT, height() - FOOT))
        self._show(verdict(self.which, context), foot=foot)

    def _next_up(self):
        """What comes after a green kata; for the next lesson also its file."""
        after = following(self.which)
        for command, does in next_up(self.which, self.attempt.borrowed):
            if not after or not command.startswith(after.command):
                yield command, does
            elif self.keyboard:
                yield "n", f"the next lesson: {after.title}, {shown(after.file)}"
            else:
                yield (f"make watch-{after.number}",
                       f"the next lesson: {after.title}, {shown(after.file)}")

    def _hint(self) -> None:
        red = self.attempt and self.attempt.run.first_red
        if not red or not red.red.loaded:
            said = shown_hints.NONE_YET.format(shown(self.which.file)) if red else "No spec is red."
            self._show(indented(code(said), 2), wipe=False)
            return
        if said := shown_hints.elsewhere(self.which, red, lambda _: self.attempt.first is not None):
            self._show(indented(code(said), 2), wipe=False)
            return
        self._show(hint_and_solution.hint_page(self.which, red, shown_hints.reveal(self.which, red),
                                               self.keyboard))

    def _next_kata(self) -> None:
        after = following(self.which)
        if after is None:
            return
        self.which, self.attempt = after, None
        self.run()

    def _show(self, what, wipe: bool = True, back: bool = False, foot: str = "") -> None:
        if wipe:
            clear()
        more = "   n next kata" if following(self.which) else ""
        run = f"r back to {self.which.short.lower()}" if back else "r run"
        keys = f"h hint   {run}{more}   l list   q quit" if self.keyboard else "Ctrl-C to quit"
        watching = Text(f"Watching {shown(self.which.file)}\n{foot or keys}", "dim")
        show(Group(what, "", indented(watching, 2)))


def _outcome(do: Callable[[], object]) -> object:
    """The result of doing something, or its exception, which the main thread puts into words."""
    try:
        return do()
    except Exception as problem:
        return problem


class _Start(AbstractContextManager):
    """Starts runs: in copies of a process that is kept ready, or each in a new process."""

    def __init__(self):
        self.warm = Warm() if CAN_FORK else None

    def __call__(self, orders: Orders) -> Process:
        return self._ask(Warm.start, orders) or Cold(orders)

    def prepare(self, orders: Orders) -> None:
        """Prepare the run that is likely to come next."""
        self._ask(Warm.prepare, orders)

    def _ask(self, what: Callable, orders: Orders):
        try:
            return what(self.warm, orders) if self.warm else None
        except (OSError, ValueError):  # it has ended, perhaps for lack of memory
            self.warm.close()
            self.warm = Warm()

    def __exit__(self, *_) -> None:
        if self.warm:
            self.warm.close()


def _tell_saves(events: queue.Queue, stop: Event) -> None:
    try:
        for _ in saves(KATAS, stop):
            events.put(("save", None))
    except OSError as problem:
        events.put(("broken", problem.strerror or str(problem)))

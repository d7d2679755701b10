"""The pytest plugin: watches specs, and says in plain words why one is red.

It adds to pytest and replaces nothing: the same specs run under plain `pytest` and
in an editor's test panel, with what happened and the first hint in the failure's text.
If a run is supervised, every event also goes to its `tell`.
"""

import importlib
import inspect
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from dataclasses import replace
from functools import cache

import pytest

from tests.runner import limits
from tests.runner.diagnosis.case import Case, red_call
from tests.runner.diagnosis.judge import judge, may_find_more, unless_it_fails
from tests.runner.diagnosis.workshop import workshop
from tests.runner.layout.carets import below_expression
from tests.runner.lessons import hints
from tests.runner.lessons.catalog import SPEC_FILE, Kata
from tests.runner.lessons.loading import FolderOf, loading_from, readers
from tests.runner.specs import guard
from tests.runner.specs.printed import KEPT, Printed, heard
from tests.runner.specs.record import Place, Red, SpecRecord, Status
from tests.runner.specs.watched import NotCalled, Tampered, WatchedKata


class KataPlugin:
    """Runs specs on kata modules from the given folders, and keeps a record of each.

    tell:       gets every event: ("limit", seconds), ("specs", [(kata, spec, title), ...]),
                ("start", (kata, spec)), ("record", SpecRecord); and of a red spec for which
                more may be found, first ("early", SpecRecord)
    supervised: the run has its own process, whose memory may be limited
    judging:    whether to find out which mistake makes a spec red
    searching:  whether to look for the place, too
    """

    def __init__(self, folder_of: FolderOf = readers,
                 tell: Callable[[str, object], None] = lambda *_: None,
                 supervised: bool = False, judging: bool = True, searching: bool = True):
        self.folder_of, self.tell = folder_of, tell
        self.supervised, self.judging, self.searching = supervised, judging, searching
        self._watched: dict[str, WatchedKata] = {}
        self._open = ExitStack()
        self._seal: guard.Seal | None = None
        self._n_before = 0
        self._printed = Printed()

    def pytest_configure(self, config: pytest.Config) -> None:
        self._open.enter_context(loading_from(self.folder_of))
        self.limit = float(config.getini("timeout") or limits.spec())
        self.tell("limit", self.limit)

    def pytest_unconfigure(self) -> None:
        self._open.close()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        specs = [(kata, item) for item in session.items if (kata := _kata_of(item))]
        self._seal = guard.Seal()
        self.tell("specs", [(kata.name, item.name, _title(item)) for kata, item in specs])
        if self.supervised:
            for item in session.items:  # pytest's own report of a failure is not read
                item.repr_failure = repr
            guard.limit_memory()

    @pytest.fixture
    def kata(self, request: pytest.FixtureRequest) -> WatchedKata:
        """Your file, watched: `kata.softmax` is your softmax."""
        return self._kata(_kata_of(request.node))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if kata := _kata_of(item):
            self.tell("start", (kata.name, item.name))
            watched = self._kata(kata)
            self._n_before, watched.began = len(watched.calls), time.process_time()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        if not self.supervised:  # pytest itself captures prints, or leaves them to a debugger
            return (yield)
        with heard() as self._printed:
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo):
        report = yield
        kata = _kata_of(item)
        if kata and (call.when == "call" or report.failed):
            # Calls that look for a mistake may print and warn as well.
            with heard(), warnings.catch_warnings(action="ignore"):
                case = self._case_of(kata, item.name, call.excinfo and call.excinfo.value)
                red, more = self._judged(case) if case else (None, None)
                output = (self._output(kata, item.name, call.excinfo) if self.supervised
                          else report.capstdout)
            record = _record(kata, item, report, red, output)
            if more:
                self.tell("early", record)
                with heard(), warnings.catch_warnings(action="ignore"):
                    record = replace(record, red=more())
            if red:
                report.outcome = "failed"
                _put_into_words(report, record)
            self.tell("record", record)
        return report

    def _kata(self, kata: Kata) -> WatchedKata:
        if kata.name not in self._watched:
            self._watched[kata.name] = WatchedKata(
                kata.name, lambda: self._load(kata.name), self.limit,
                heard if self.supervised else nullcontext)
        return self._watched[kata.name]

    def _output(self, kata: Kata, spec: str, failed: pytest.ExceptionInfo | None) -> Printed:
        """What the red call printed; if there is no call, what the whole spec printed."""
        calls = self._kata(kata).calls[self._n_before :]
        call = failed and red_call(failed.value, calls, kata.function_of(spec))
        return call.printed if call else self._printed

    def _load(self, name: str):
        module = importlib.import_module(name)
        if changed := self._seal.broken():
            raise Tampered(changed)
        return module

    def _case_of(self, kata: Kata, spec: str, problem: BaseException | None) -> Case | None:
        """What is known about a spec; None if it is green."""
        watched = self._kata(kata)
        if changed := self._seal.broken():
            problem = Tampered(changed)
        elif problem is None and len(watched.calls) == self._n_before:
            problem = NotCalled()
        if problem is None:
            return None
        return Case(kata, watched, spec, self._n_before, problem, lambda: workshop(kata))

    def _judged(self, case: Case) -> tuple[Red, Callable[[], Red] | None]:
        """Why a spec is red; and what looks further, if that may help and is asked for."""
        if isinstance(case.problem, MemoryError):
            guard.limit_memory()  # memory for the diagnosis
        red, found = judge(case, self.judging, self.supervised)
        if not (self.searching and found and may_find_more(case, found)):
            return red, None

        def look_further() -> Red:
            from tests.runner.diagnosis import further  # which only a red run needs

            return further.look_further(case, found)

        return red, lambda: unless_it_fails(look_further, self.supervised) or red


def _record(kata: Kata, item: pytest.Item, report: pytest.TestReport, red: Red | None,
            output: Printed | str) -> SpecRecord:
    if isinstance(output, str):
        text, n_chars = output[:KEPT], len(output)
    else:
        text, n_chars = output.text, output.n_chars
    ladder = hints.ladder(kata, item.name) if red else ()
    return SpecRecord(
        kata=kata.name, spec=item.name, function=kata.function_of(item.name), title=_title(item),
        status=Status.RED if red else Status.GREEN, duration=report.duration, red=red,
        hint=ladder[0] if ladder else "", output=text, output_chars=n_chars,
        spec_line=item.location[1] + 1,
    )


def _put_into_words(report: pytest.TestReport, record: SpecRecord) -> None:
    """Add what happened to the text of a failure: editors and JUnit do not show sections."""
    sections = [section for section in _sections(record) if section[1]]
    report.longrepr = report.longrepr or "\n".join(record.red.happened)
    if hasattr(report.longrepr, "addsection"):
        for name, text in sections:
            report.longrepr.addsection(name, text)
    else:
        report.sections[:0] = sections


def _sections(record: SpecRecord) -> list[tuple[str, str]]:
    where = [f"{record.red.file}:{record.red.line}", *_place(record.red.place)]
    return [
        ("What happened", "\n".join(record.red.happened)),
        ("Where to edit", "\n".join(where)),
        ("Hint 1", record.hint if record.red.hint_fits else ""),
    ]


def _place(place: Place | None) -> list[str]:
    return [*below_expression(place.source, place.marks), place.says] if place else []


def _kata_of(item: pytest.Item) -> Kata | None:
    return _kata_in(item.path.name)


@cache
def _kata_in(file: str) -> Kata | None:
    match = SPEC_FILE.fullmatch(file)
    return Kata(match[1]) if match else None


def _title(item: pytest.Item) -> str:
    return (inspect.getdoc(item.obj) or item.name).splitlines()[0]


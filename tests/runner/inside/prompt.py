"""A Python prompt with the arguments of the red call: what `make try-01` opens.

Started as a separate process on the reader's terminal. The specs run here once, up to the
first red one; then the prompt has the arguments and the answer of that call.
"""

import code
import contextlib
import inspect
import io
import json
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.judge import signature_text
from tests.runner.inside.child import ALONE, LEAN, QUIET
from tests.runner.inside.plugin import KataPlugin
from tests.runner.lessons.catalog import KATAS, Kata, shown
from tests.runner.specs.watched import Trouble

GREEN = "{} is green, so there is no red call. Your functions are here, and `np`."
END = "Ctrl-D ends it; nothing that you do here is kept."


class _Keeping(KataPlugin):
    """The plugin, which keeps the case of the red spec."""

    __slots__ = ("case",)

    def _judged(self, case):
        self.case = case
        return super()._judged(case)


def main() -> int:
    """Open the prompt for the kata in the orders on the command line."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ours ignores it, and we inherit that
    orders = json.loads(sys.argv[1])
    kata = Kata(orders["kata"])
    folders = {name: Path(folder) for name, folder in orders["folders"].items()}
    plugin = _Keeping(lambda name: folders.get(name, KATAS), judging=False)
    plugin.case = None
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        pytest.main([*ALONE, *LEAN, *QUIET, "-x", shown(kata.specs)], plugins=[plugin])
    try:
        names = vars(plugin._kata(kata).module())
    except Trouble as trouble:
        print(f"{shown(kata.file)} cannot be used as it is ({trouble}): `{kata.command}` says why.")
        return 1
    banner, given = _of_the_call(plugin.case) if plugin.case else (GREEN.format(kata.short), {})
    mine = {name: value for name, value in names.items() if not name.startswith("__")}
    _open(f"{banner}\n{END}", {**mine, "np": np, **given})
    return 0


def _of_the_call(case: Case) -> tuple[str, dict]:
    """What the prompt says about the red call, and its names."""
    call, right = case.call, case.right
    if call is None:
        return f"{case.kata.short}: no call was made before the spec {case.spec} was red.", {}
    parameters = list(inspect.signature(right).parameters) if right else []
    given = dict(zip(parameters, call.args)) | call.kwargs
    if call.raised is None:
        given["yours"] = call.answer
    if right:
        with contextlib.suppress(Exception):  # the solution refuses this input
            given["expected"] = right(*call.args, **call.kwargs)
    rows = [f"  {name:<10}{_kind(value)}" for name, value in given.items()]
    if call.raised is not None:
        rows.append("  There is no `yours`, as there was no answer: call it yourself.")
    raised = f", which raised {type(call.raised).__name__}" if call.raised else ""
    return "\n".join([f"The red call: {signature_text(right, call)}{raised}", *rows]), given


def _kind(value) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.shape} {value.dtype}"
    text = repr(value)
    return text if len(text) <= 60 else f"a {type(value).__name__}"


def _open(banner: str, names: dict) -> None:
    """Open IPython if it is installed, else Python's own prompt; neither writes a history."""
    if find_spec("IPython"):
        from IPython import start_ipython

        print(banner)
        start_ipython(argv=["--no-banner", "--HistoryManager.enabled=False"], user_ns=names)
    else:
        code.interact(banner, local=names, exitmsg="")


if __name__ == "__main__":
    sys.exit(main())

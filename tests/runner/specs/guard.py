"""Guards against accidents that would spoil a run: a changed NumPy, too much memory.

This is Python, so it can be defeated on purpose. It is there for accidents.
"""

import sys
from operator import is_
from types import ModuleType

from tests.runner.lessons import limits

GUARDED = ("numpy", "numpy.linalg", "numpy.testing", "math", "builtins", "pytest")
# Names that Python itself sets: the last value at a prompt, the warnings given.
ALLOWED = {"_", "__warningregistry__"}


class Seal:
    """Remembers the names in guarded modules, to detect and undo changes by a kata file."""

    def __init__(self, *more: ModuleType):
        modules = [sys.modules[name] for name in GUARDED if name in sys.modules]
        self._held = [(module, dict(vars(module))) for module in [*modules, *more]]

    def broken(self) -> str:
        """The first name that was changed, "" if none was; restores all of them."""
        changed = [f"{module.__name__}.{name}" for module, names in self._held
                   for name in _restored(module, names)]
        return changed[0] if changed else ""


def _restored(module: ModuleType, names: dict) -> list[str]:
    """Restore what was changed in a module; return its names."""
    now = vars(module)
    if all(map(is_, map(now.get, names), names.values())):  # quick, as it is asked after every spec
        return []
    changed = [name for name, value in names.items()
               if name not in ALLOWED and now.get(name, module) is not value]
    for name in changed:
        setattr(module, name, names[name])
    return changed


def limit_memory() -> None:
    """Limit how much more address space this process may use, if the system can (Linux)."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as statm:
            pages = int(statm.read().split()[0])
        now = pages * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (now + limits.MEMORY, hard))
    except (ImportError, OSError, ValueError):  # the supervising process watches it
        return

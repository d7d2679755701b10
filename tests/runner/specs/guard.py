"""Guards against accidents that would spoil a run: a changed NumPy, too much memory.

This is Python, so it can be defeated on purpose. It is there for accidents.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from operator import is_
from types import ModuleType

from tests.runner import limits

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
    with suppress(ImportError, OSError, ValueError):  # the supervising process watches it
        _limited_to(_used() + limits.MEMORY)


@contextmanager
def memory_within(more: int) -> Iterator[None]:
    """Limit how much more address space may be used inside the block, if the system can."""
    before = None
    with suppress(ImportError, OSError, ValueError):
        before = _limited_to(_used() + more)
    try:
        yield
    finally:
        if before is not None:
            _limited_to(before)


def _used() -> int:
    """The address space of this process, in bytes."""
    import resource

    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def _limited_to(limit: int) -> int:
    """Set the limit of the address space; return the old one."""
    import resource

    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    return before

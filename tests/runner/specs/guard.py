"""What a kata file may not do to a run: change NumPy or the specs, or take all memory."""

import sys
from operator import attrgetter, is_, itemgetter
from types import FunctionType, ModuleType

MEMORY_LIMIT = 2 * 2**30  # bytes that a run may take beyond what it has when the specs begin
GUARDED = ("numpy", "numpy.linalg", "numpy.testing", "math", "builtins", "pytest")


class Seal:
    """Remembers what guarded modules hold, to tell and undo what a kata file changed in them."""

    def __init__(self, *more: ModuleType):
        modules = [sys.modules[name] for name in GUARDED if name in sys.modules]
        ours = [module for name, module in list(sys.modules.items()) if name.startswith("tests.runner.")]
        self._held = [_Held(module) for module in [*modules, *ours, *more]]

    def broken(self) -> str:
        """The name of the first thing that was changed, "" where nothing was; puts all back."""
        changed = [name for held in self._held for name in held.restore()]
        return changed[0] if changed else ""


class _Held:
    """One module or class: every name in it, and the code of its functions."""

    def __init__(self, owner: ModuleType | type):
        self.owner = owner
        self.names = dict(vars(owner))
        own = getattr(owner, "__name__", "")
        values = self.names.values()
        self.codes = {value: _inside(value) for value in values if isinstance(value, FunctionType)}
        self.keywords = [value for value, inside in self.codes.items() if inside[2]]
        self.classes = [_Held(v) for v in values
                        if isinstance(v, type) and v.__module__ == own and own.startswith("tests.")]

    def untouched(self) -> bool:
        """Whether all is as it was: asked after every spec, so it has to be quick."""
        now = vars(self.owner)
        return (all(map(is_, map(now.get, self.names), self.names.values()))
                and all(map(is_, map(_CODE, self.codes), map(_FIRST, self.codes.values())))
                and all(map(is_, map(_DEFAULTS, self.codes), map(_SECOND, self.codes.values())))
                and all(_inside(function) == self.codes[function] for function in self.keywords)
                and all(held.untouched() for held in self.classes))

    def restore(self) -> list[str]:
        """Put back what was changed; return its names."""
        if self.untouched():
            return []
        now = vars(self.owner)
        changed = [name for name, value in self.names.items() if now.get(name, self) is not value
                   and name not in _ALLOWED]
        for name in changed:
            setattr(self.owner, name, self.names[name])
        for function, inside in self.codes.items():
            if _inside(function) != inside:
                function.__code__, function.__defaults__, keywords = inside
                function.__kwdefaults__ = dict(keywords) or None
                changed.append(function.__name__)
        prefix = self.owner.__name__.removeprefix("tests.runner.")
        inner = [f"{prefix}.{name}" for held in self.classes for name in held.restore()]
        return [f"{prefix}.{name}" for name in changed] + inner


_CODE, _DEFAULTS = attrgetter("__code__"), attrgetter("__defaults__")
_FIRST, _SECOND = itemgetter(0), itemgetter(1)


def _inside(function: FunctionType) -> tuple:
    """What makes a function do what it does."""
    return function.__code__, function.__defaults__, tuple((function.__kwdefaults__ or {}).items())


# Names that Python itself sets: the last value at a prompt, the warnings given.
_ALLOWED = {"_", "__warningregistry__"}


def limit_memory() -> None:
    """Let this process take so much more address space, where the system can limit it (Linux)."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as statm:
            pages = int(statm.read().split()[0])
        now = pages * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY_LIMIT, hard))
    except (ImportError, OSError, ValueError):  # elsewhere the supervising process looks on
        return

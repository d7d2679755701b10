"""Random calls of any function of the lessons, as varied as its docstring allows.

An argument's name means the same in every lesson, so a call is drawn name by name from tables:
`x` are tokens, `mask` broadcasts to queries by keys, a block is a dict. Each lesson has its own,
`hints/arguments_NN_topic.py`: MAKERS has a function of the scene for each name that the lesson
brings, OF_ITS_OWN what is different for a single function, and WITHOUT_BATCH the functions that
take no leading axes. All sizes of a call differ, or in some calls one is 1, or all are the same.
"""

import importlib
import inspect
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from tests.runner.diagnosis.scene import LEFT_OUT, Scene
from tests.runner.lessons.catalog import all_katas

Arguments = tuple[tuple, dict]

# The shares of all calls that have each kind of numbers, each number of leading axes, sizes that
# differ or not, and that are refused.
KINDS = {"plain": 0.4, "float32": 0.14, "integers": 0.14, "large": 0.16, "small": 0.06,
         "shifted": 0.1}
BATCHES = {0: 0.4, 1: 0.4, 2: 0.2}
SIZES = {"all differ": 0.7, "one is 1": 0.15, "all are the same": 0.15}
REFUSED = {False: 0.94, True: 0.06}  # refused: as the docstring says, if it does
GIVEN = 0.65  # how often an optional argument is given


def random_calls(function: Callable, n_calls: int, seed: int) -> list[Arguments]:
    """Calls of a function, drawn from its signature; the same ones for the same seed."""
    rng = np.random.default_rng([seed, zlib.crc32(function.__name__.encode())])
    signature = inspect.signature(function)
    forms = {(n_axes, sizes): BATCHES[n_axes] * SIZES[sizes] for n_axes in BATCHES
             for sizes in SIZES}
    mixed = zip(*(_spread(shares, n_calls, rng) for shares in (KINDS, forms, REFUSED)))
    return [_call(function.__name__, signature, rng, *mix) for mix in mixed]


def _spread(shares: dict, n: int, rng: np.random.Generator) -> list:
    """What comes how often, in random order: as near to its share as n calls can be."""
    ends = np.cumsum([*shares.values()])
    at = np.searchsorted(ends, (np.arange(n) + 0.5) / n * ends[-1])
    return [list(shares)[i] for i in rng.permutation(at)]


def covers(function: Callable) -> bool:
    """Whether every argument of a function can be drawn."""
    makers = tables().makers_for(function.__name__)
    return all(name in makers for name in inspect.signature(function).parameters)


@dataclass
class Tables:
    """How arguments are drawn, of all lessons: functions of the scene.

    makers:        by the argument's name
    of_its_own:    by the function's name, what is different for it
    without_batch: functions that take no leading axes
    """

    makers: dict[str, Callable[[Scene], object]] = field(default_factory=dict)
    of_its_own: dict[str, dict[str, Callable[[Scene], object]]] = field(default_factory=dict)
    without_batch: set[str] = field(default_factory=set)

    def makers_for(self, function: str) -> dict[str, Callable[[Scene], object]]:
        return self.makers | self.of_its_own.get(function, {})


@cache
def tables() -> Tables:
    """The tables of all lessons, read when they are first needed."""
    found = Tables()
    for kata in all_katas("kata"):
        if kata.arguments.is_file():
            of_lesson = vars(importlib.import_module(f"hints.{kata.arguments.stem}"))
            found.makers |= of_lesson.get("MAKERS", {})
            found.of_its_own |= of_lesson.get("OF_ITS_OWN", {})
            found.without_batch |= of_lesson.get("WITHOUT_BATCH", set())
    return found


def _call(name: str, signature: inspect.Signature, rng: np.random.Generator, kind: str,
          form: tuple[int, str], refused: bool) -> Arguments:
    parameters = signature.parameters
    optional = [key for key, parameter in parameters.items()
                if parameter.default is not parameter.empty]
    left_out = {key for key in optional if rng.random() > GIVEN}
    n_batch_axes, sizes = form
    form = 0 if name in tables().without_batch else n_batch_axes, sizes
    scene = Scene(rng, set(parameters) - left_out, kind, form, refused)
    makers = tables().makers_for(name)
    values = {key: makers[key](scene) for key in parameters if key not in left_out}
    values = {key: value for key, value in values.items() if value is not LEFT_OUT}
    in_place = [key for key, wanted in zip(values, parameters) if key == wanted]
    in_place = in_place[: len(in_place) - int(rng.integers(len(set(in_place) & set(optional)) + 1))]
    args = [values[key] for key in in_place]
    if in_place and parameters[in_place[-1]].kind is inspect.Parameter.VAR_POSITIONAL:
        args[-1:] = args[-1]
    return tuple(args), {key: value for key, value in values.items() if key not in in_place}

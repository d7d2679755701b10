"""What an exception in the reader's code means, in plain words."""

import re
import traceback
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from tests.runner.diagnosis import pytorch
from tests.runner.diagnosis.measure_shapes import SHAPE_LINE
from tests.runner.diagnosis.tracebacks import (
    failing_line,
    locals_at,
    looked_up,
    names_at,
    readers_frames,
)
from tests.runner.layout.one_line import listed, printable
from tests.runner.lessons.catalog import Kata, all_katas
from tests.runner.lessons.source_text import docstring_in

SHAPE = re.compile(r"\(\d*(?:,\d+)*,?\)")
TOO_MANY_AXES = "more dimensions than allowed by the axis remapping"
MATMUL = re.compile(r"matmul: Input operand 1 has a mismatch in its core dimension "
                    r".*\(size (\d+) is different from (\d+)\)")
REMAPPED = re.compile(r"(\(\d+(?:,\d+)*\))->\([\d,]*newaxis,newaxis\)")  # of a matrix product
NESTED_SHAPE = re.compile(r"^'(list|tuple)' object cannot be interpreted as an integer")
ONE_NUMBER = re.compile(r"only (length-1|0-dimensional|size-1) arrays can be converted")
OF_MATH = re.compile(r"\bmath\.(\w+)\(")
SLICE_OF_DICT = re.compile(r"^unhashable type: 'slice'|^slice\(")
OF_NOTHING = re.compile(r"(arg|argument) is (an )?empty( sequence)?$")
UNPACKED = re.compile(r"^([\w, *]+) = (\w+)\.shape")
MANY_KEYS = 8  # of a dict; a block has six

MASKS = ('A mask is boolean, True means "may attend", and it broadcasts to (..., n_queries, '
         "n_keys): one that says which keys each sample has is (batch, 1, n_keys). Only functions "
         "that split into heads add an axis for these.")


def raised(problem: BaseException) -> tuple[str, ...]:
    """Python's words for an exception, or plainer ones, and what helps."""
    text = message_of(problem)
    said = _quoted(problem)
    shapes = SHAPE.findall(text)
    if isinstance(problem, ValueError) and len(stacks := REMAPPED.findall(text)) == 2:
        return (said, "In a matrix product all axes before the last two line up from the right, "
                      "and each pair of lengths must be equal or 1. Those of "
                      f"{' and '.join(stacks)} do not line up.")
    if isinstance(problem, ValueError) and "broadcast" in text and shapes:
        return (said, *_do_not_line_up(shapes), *_about_a_mask(problem, shapes))
    if match := MATMUL.search(text):
        return (f"{type(problem).__name__} in a matrix product: in `a @ b` the last axis of `a` "
                f"must be as long as the second-to-last axis of `b`. Here they have {match[2]} and "
                f"{match[1]} entries.",)
    return (said, *_in_other_words(problem, text, _last_line(problem)))


def explains(problem: BaseException) -> bool:
    """Whether there are words that say what failed, or what to write in its place."""
    return raised(problem) != (_quoted(problem),)



def _do_not_line_up(shapes: list[str]) -> Iterator[str]:
    wide = [shape for shape in dict.fromkeys(shapes) if shape != "()"]
    yield ("NumPy lines shapes up from the right, and each pair of lengths must be equal or 1. "
           f"{' and '.join(wide)} do not line up.")
    if "()" in shapes:
        yield "() is a single number, which fits any shape."


def _about_a_mask(problem: BaseException, shapes: list[str]) -> Iterator[str]:
    """The convention of masks, if one of the shapes is that of a mask."""
    for name, value in locals_at(problem).items() if _is_about_a_mask(problem) else ():
        if "mask" in name and isinstance(value, np.ndarray):
            if str(value.shape).replace(" ", "") in shapes:
                yield f"`{name}` is {value.shape}."
                yield MASKS
                return


def _is_about_a_mask(problem: BaseException) -> bool:
    """Whether the very line that failed, perhaps of another function, has to do with a mask."""
    return "mask" in failing_line(problem)


def _in_other_words(problem: BaseException, text: str, line: str) -> tuple[str, ...]:
    """What helps with a mistake for which Python only names the outcome."""
    if said := pytorch.in_numpy(problem, text, line):
        return (said,)
    match problem:
        case UnboundLocalError():
            return ("On this way through the function, nothing had been assigned to it yet. "
                    "Is that done only under an `if`, or only in a loop?",)
        case NameError():
            return tuple(_about_a_name(problem))
        case AttributeError(obj=list(), name=name) if hasattr(np.ndarray, name):
            return (f"Arrays have a `{name}`, Python's lists have none: `np.array(...)` makes an "
                    "array of a list.",)
        case AttributeError(obj=list(), name=name) if hasattr(dict, name):
            return (f"Dicts have a `{name}`, lists have none. What is looked up in a list is an "
                    "index.",)
        case TypeError() | KeyError() if SLICE_OF_DICT.search(text):
            return ("A dict cannot be sliced: it has keys. A loop goes through them, and "
                    "`.items()` gives each with its value.",)
        case ValueError() if OF_NOTHING.search(text):
            return ("There is nothing in it to choose from. Ask for that case before.",)
        case KeyError() if found := looked_up(problem):
            place, there = found
            *keys, last = [printable(str(key))[:40] for key in list(there)[:MANY_KEYS]] or ["none"]
            return (f"The keys of `{place}` are {', '.join(keys)}{' and ' if keys else ''}{last}.",)
        case TypeError() if NESTED_SHAPE.search(text) and "reshape" in line:
            return ("In a shape, every entry is a whole number. `*batch` unpacks the list of batch "
                    "axes, as in `x.reshape(*batch, n_tokens, -1)`.",)
        case TypeError() if "NoneType" in text and "mask" in line and _is_about_a_mask(problem):
            return ("There is no mask in this call: it is None. `mask is None` asks for that.",)
        case TypeError() if ONE_NUMBER.search(text) and (used := OF_MATH.search(line)):
            return (f"`math.{used[1]}` takes one number; `np.{used[1]}` takes an array, entry by "
                    "entry.",)
        case ValueError() if TOO_MANY_AXES in text:
            return ("An array cannot be broadcast to a shape with fewer axes than it has.",
                    *([MASKS] if "mask" in line else []))
        case TypeError() if "bitwise_xor" in text or "for ^" in text:
            return ("In Python a power is written `**`; `^` compares bits.",)
        case ValueError() if "einstein sum" in text and "ellipsis" in text:
            return ("NumPy's einsum does not sum over what `...` stands for: it has to be in the "
                    "output.", "`x.reshape(-1, x.shape[-1])` makes one axis of all these before.")
        case ValueError() if "truth value of an array" in text:
            return ("There is no single True or False for an array: it has one for each entry.",
                    "`if`, `and`, `or`, `not`, `max` and `in` ask for a single one. `np.where` "
                    "chooses entry by entry, `.any()` and `.all()` make one of many, and `mask is "
                    "None` asks whether there is a mask.")
        case ValueError() if "values to unpack" in text and (found := UNPACKED.match(line)):
            names = ", ".join(found[1].replace(" ", "").split(",")[-2:])
            return (f"`{found[2]}` may have any number of batch axes: `*batch, {names} = "
                    f"{found[2]}.shape` takes them all, even if there are none.",)
    return ()


def _about_a_name(problem: NameError) -> Iterator[str]:
    """What an undefined name may be: a size, a function of a lesson, a module."""
    name, frames = problem.name, readers_frames(problem)
    if name in ("math", "np"):
        module = "numpy as np" if name == "np" else name
        yield f"`import {module}` at the top of the file brings it in."
    if not frames or not name:
        return
    here = Kata(Path(frames[-1].filename).stem)
    for argument, axes in SHAPE_LINE.findall(docstring_in(here.solution, frames[-1].name)):
        axes = [axis.strip() for axis in axes.split(",")]
        if name in axes and argument != "returns":
            at = axes.index(name) - len(axes)
            yield f"`{name}` is the length of an axis: here `{argument}.shape[{at}]`."
            return
    home = next((kata for kata in all_katas() if name in kata.functions), here)
    if home.name < here.name:
        has = sorted({other for kata in all_katas() for other in kata.functions
                      if kata.name < here.name} & _imported(here))
        others = listed([f"`{other}`" for other in has]) if has else ""
        offered = f" What this file has from earlier lessons is {others}." if has else ""
        yield (f"`{name}` is a function of {home.short.lower()}: `from {home.name} import {name}` "
               f"brings it in.{offered}")
    elif "Did you mean" not in _line_of_python(problem):  # which Python 3.12 guesses itself
        for near in get_close_matches(name, names_at(problem), n=1, cutoff=0.7):
            yield f"Did you mean `{near}`?"


def _imported(kata: Kata) -> set[str]:
    """The names that a kata file imports, from the text of its solution."""
    text = kata.solution.read_text(encoding="utf-8")
    blocks = re.findall(r"^from kata_\w+ import (?:\(([^)]*)\)|(.*))$", text, re.MULTILINE)
    return set(re.findall(r"\w+", " ".join(map(" ".join, blocks))))


def _last_line(problem: BaseException) -> str:
    """The innermost of the reader's lines in a traceback."""
    frames = readers_frames(problem)
    return frames[-1].line or "" if frames else ""


def message_of(problem: BaseException) -> str:
    """What an exception says, on one line."""
    try:
        return printable(_without_its_home(" ".join(str(problem).split())))[:300]
    except BaseException:  # an exception class of the reader's, with a broken __str__
        return "(its message cannot be shown)"


def _quoted(problem: BaseException) -> str:
    """Python's own line, on a line of its own."""
    return f"    {_line_of_python(problem)}"


def _line_of_python(problem: BaseException) -> str:
    """Python's own line about an exception, with its guess at a misspelt name."""
    try:
        described = traceback.TracebackException.from_exception(problem)
        said = list(described.format_exception_only())[-1]
    except BaseException:  # an exception class of the reader's, with a broken __str__
        return f"{type(problem).__name__}: {message_of(problem)}"
    return printable(_without_its_home(" ".join(said.split())))[:300]


def _without_its_home(said: str) -> str:
    """Python's line, with the name alone of a function that a spec has made and handed in."""
    return re.sub(r"\btest_\w+\.<locals>\.", "", said)

"""What a function computes on the way: the values of its expressions, as marks to compare.

With them, a step of the reader's function is recognised as a step of the solution, whatever its
name is and however it is written.
"""

import ast
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from copy import deepcopy
from itertools import zip_longest
from pathlib import Path

import numpy as np

from tests.runner import limits
from tests.runner.diagnosis.traced import Endless, lines_within, observe
from tests.runner.diagnosis.tweak import Slot, like, loop_variables, name, slots
from tests.runner.diagnosis.workshop import right_text
from tests.runner.lessons.source_text import functions_in

Mark = tuple[tuple[int, ...], str, bytes]  # shape, largest number, and all numbers, rounded
MOST = 3000  # values of one call
SAW = "__saw__"  # a function that takes note of a value
VALUES = (ast.BinOp, ast.Call, ast.Subscript, ast.UnaryOp, ast.Attribute, ast.Name, ast.IfExp,
          ast.Compare, ast.ListComp)
NAN, POSITIVE, NEGATIVE = 7.0, 8.0, -8.0  # for what is not finite; all other numbers are at most 1


def names_that_are_right(right: Callable, theirs: Callable, args: tuple,
                         kwargs: dict) -> list[str]:
    """The reader's variables that held, at the end of a call, a step of the solution; in order.

    Only arrays of fractions count: ids, places and truth values are easily alike by chance. So are
    mere parts of arguments. And one that is named like a variable of the solution, or like an
    argument of a function that it calls, has to hold what that one holds: keys in a variable `v`
    are no step that is right. What is wrong in the answer is none either, whatever it holds.
    """
    code = getattr(theirs, "__code__", None)
    if code is None:
        return []
    file = code.co_filename
    yours = observe(theirs, file, *deepcopy((args, kwargs)))
    written = functions_in(Path(file)).get(code.co_name)
    loops = loop_variables(written) if written else set()
    tree = ast.parse(right_text(right)).body[0]
    parts = _parts_of_arguments(tree)
    steps = (marks_of(deepcopy(tree), right.__globals__, right.__name__, args, kwargs)
             - marks_of(tree, right.__globals__, right.__name__, args, kwargs, only=parts))
    seen = observe(right, right.__code__.co_filename, *deepcopy((args, kwargs)))
    held = {name: [value] for name, value in seen.names.get(right.__name__, {}).items()}
    allowed = {name: steps & marks_in(tuple(values), {})
               for name, values in (seen.given | held).items()}
    wrong = marks_in(tuple(_differing(yours.answers.get(code.co_name),
                                      seen.answers.get(right.__name__))), {})
    return [name for name, value in yours.names.get(code.co_name, {}).items()
            if name not in loops and _is_step(value, allowed.get(name, steps))
            and wrong.isdisjoint(marks_in((value,), {}))]


def inside_right_steps(right: Callable, tree: ast.stmt, space: dict, args: tuple, kwargs: dict,
                       file: str) -> set[ast.AST]:
    """The nodes inside those expressions of the reader's whose values were steps of the solution.

    tree, space: the reader's function, and the names that it uses
    """
    copies: dict[int, ast.AST] = {}
    copied = deepcopy(tree, copies)
    originals = {copies[id(node)]: node for node in ast.walk(tree) if id(node) in copies}
    of_solution = ast.parse(right_text(right)).body[0]
    steps = marks_of(of_solution, right.__globals__, right.__name__, args, kwargs)
    verdicts: dict[ast.AST, bool] = {}

    def saw(value: object, node: ast.AST) -> None:
        verdicts[node] = verdicts.get(node, True) and not steps.isdisjoint(marks(value))

    _watch(copied, space, right.__name__, args, kwargs, saw, file)
    return {part for node, is_right in verdicts.items() if is_right
            for part in ast.walk(originals[node]) if part is not originals[node]}


def _parts_of_arguments(tree: ast.FunctionDef) -> set[ast.AST]:
    """The expressions such as `target_probs[i]` or `cache["k"]`, which compute nothing."""
    parameters = {each.arg for each in ast.walk(tree.args) if isinstance(each, ast.arg)}
    found = set()
    for node in ast.walk(tree):
        root = node
        while isinstance(root, (ast.Subscript, ast.Attribute)):
            root = root.value
        if root is not node and isinstance(root, ast.Name) and root.id in parameters:
            found.add(node)
    return found


def _differing(answer: object, right: object) -> Iterator[object]:
    """The parts of an answer that are not as they should be in their places."""
    if isinstance(answer, dict) and isinstance(right, dict):
        for key, part in answer.items():
            yield from _differing(part, right.get(key))
    elif isinstance(answer, (list, tuple)) and isinstance(right, (list, tuple)):
        for part, other in zip_longest(answer, right):
            yield from _differing(part, other)
    elif next(marks(answer), None) != next(marks(right), None):
        yield answer


def _is_step(value: object, steps: set[Mark]) -> bool:
    arrays = _arrays(value)
    return bool(arrays) and all(array.dtype.kind == "f" and steps.intersection(marks(array))
                                for array in arrays)


def marks_of(tree: ast.stmt, space: dict, function: str, args: tuple, kwargs: dict,
             file: str = "", only: Collection[ast.AST] | None = None) -> set[Mark]:
    """The marks of all values that a call computes, until it ends; those of arguments aside.

    tree:  the function; it is changed
    space: the names that it uses
    only:  the expressions whose values count; None for all
    """
    seen: set[Mark] = set()
    _watch(tree, space, function, args, kwargs, lambda value, _: seen.update(marks(value)), file,
           only)
    return seen - marks_in(args, kwargs)


def _watch(tree: ast.stmt, space: dict, function: str, args: tuple, kwargs: dict,
           saw: Callable[[object, ast.AST], None], file: str = "",
           only: Collection[ast.AST] | None = None) -> None:
    """Call a function, and tell `saw` the value of each expression; the tree is changed."""
    left, nodes = MOST, []

    def take(value: object, at: int) -> object:
        nonlocal left
        left -= 1
        if left > 0:
            saw(value, nodes[at])
        return value

    args, kwargs = deepcopy((args, kwargs))
    module = ast.fix_missing_locations(ast.Module([_watching(tree, only, nodes)], []))
    space = {**space, SAW: take}
    with suppress(Exception, Endless), lines_within(file, limits.EDITED_LINES):
        exec(compile(module, file, "exec", dont_inherit=True), space)
        space[function](*args, **kwargs)


def marks_in(args: tuple, kwargs: dict) -> set[Mark]:
    """The marks of arguments, and of everything in them."""
    found: set[Mark] = set()
    waiting = [*args, *kwargs.values()]
    while waiting:
        value = waiting.pop()
        found.update(marks(value))
        if isinstance(value, (dict, list, tuple)):
            waiting.extend(value.values() if isinstance(value, dict) else value)
    return found


def marks(value: object) -> Iterator[Mark]:
    """What tells the arrays in a value from others, as they are and transposed, but for rounding.

    An array that says nothing has no mark: an empty one, or one whose numbers are all the same.
    """
    for array in _arrays(value):
        numbers = array.astype(float)
        finite = np.abs(numbers[np.isfinite(numbers)])
        largest = finite.max(initial=0.0)
        if not largest or finite.size == numbers.size and np.ptp(numbers) == 0:
            continue
        digits = 5 if array.dtype == np.float32 else 9
        scaled = np.nan_to_num(numbers / largest, nan=NAN, posinf=POSITIVE, neginf=NEGATIVE)
        rounded = np.round(scaled, digits) + 0.0
        for each in (rounded, rounded.swapaxes(-1, -2)) if rounded.ndim > 1 else (rounded,):
            yield each.shape, f"{largest:.{digits - 1}e}", each.tobytes()


def _arrays(value: object) -> list[np.ndarray]:
    """The arrays of numbers in a list or tuple, a list of numbers as an array, or an array."""
    if isinstance(value, (list, tuple)):
        if any(isinstance(part, np.ndarray) for part in value):
            return [array for part in value for array in _arrays(part)]
        with suppress(ValueError):  # parts of different lengths
            value = np.array(value)
    is_array = isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "biuf"
    return [value] if is_array else []


def _watching(tree: ast.stmt, only: Collection[ast.AST] | None,
              nodes: list[ast.AST]) -> ast.stmt:
    """A function in which expressions show their values: all of them, or only these.

    Each is appended to `nodes`, where its number finds it.
    """
    for slot in list(slots(tree))[::-1]:  # the inner ones first
        node = slot.node
        if (only is None or node in only) and _is_step_of(slot):
            shown = ast.Call(name(SAW, node), [node, like(node, ast.Constant(len(nodes)))], [])
            setattr(*slot.put(like(node, shown)))
            nodes.append(node)
    return tree


def _is_step_of(slot: Slot) -> bool:
    """Whether an expression is computed in a call, and finished: no default, no empty array."""
    match slot.parent, slot.node:
        case ast.arguments() | ast.Subscript(ctx=ast.Store()), _:
            return False
        case _, ast.Call(ast.Attribute(attr="empty" | "empty_like")):
            return False
    return isinstance(slot.node, VALUES) and not slot.is_called

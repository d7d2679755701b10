"""What is written in a kata file: the lines of its functions, their parameters, their length.

Reads only text, so it also works on a file that cannot be imported.
"""

import ast
import linecache
import re
import tokenize
from collections.abc import Collection, Iterable
from contextlib import suppress
from difflib import get_close_matches
from functools import lru_cache
from itertools import dropwhile
from pathlib import Path
from types import FunctionType


def text_in(file: Path) -> str:
    """A file's text in the encoding that it declares, as Python reads it; "" if that fails."""
    try:
        with tokenize.open(file) as text:
            return text.read()
    except (OSError, ValueError, SyntaxError):
        return ""


def functions_in(file: Path) -> dict[str, ast.FunctionDef]:
    """The functions of a file by name; none if it cannot be parsed. Only to be read."""
    return _functions(text_in(file))


@lru_cache(maxsize=32)
def _functions(text: str) -> dict[str, ast.FunctionDef]:
    """The functions of a text, which is parsed once: a run of stubs asks after each spec."""
    try:
        tree = ast.parse(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return {}
    return {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}


def text_of(function: FunctionType) -> str:
    """The text of a function, without decorators and docstring."""
    code = function.__code__
    from_decorators = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    lines = list(dropwhile(lambda line: not line.startswith("def "), from_decorators))
    at_the_margin = [number for number, line in enumerate(lines)
                     if number and line[0] not in " \n#"]
    for end in (*at_the_margin, len(lines)):  # the first that is not inside a text or brackets
        with suppress(SyntaxError):
            body = ast.parse("".join(lines[:end])).body[0].body
            break
    else:
        raise ValueError(f"the source of {function.__name__} cannot be read")
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        first, last = body[0].lineno, body[0].end_lineno
        lines[first - 1 : last] = [""] * (last - first + 1)
    return "".join(lines[:end]).rstrip() + "\n"


def line_of(file: Path, function: str) -> int:
    """The first line of a function's code in a file; 1 if it has none or cannot be read."""
    found = _definition(file, function)
    if found is None:
        return 1
    has_more = ast.get_docstring(found) is not None and len(found.body) > 1
    return found.body[has_more].lineno


def is_stub(file: Path, function: str) -> bool:
    """Whether a function has nothing but `raise` below its docstring."""
    found = _definition(file, function)
    return found is not None and body_lines(found) <= 1


def ends_block(file: Path, line: int) -> bool:
    """Whether a line is the last of its block: the body of a function, of an `if`, ..."""
    blocks = [block for function in functions_in(file).values() for node in ast.walk(function)
              for key in ("body", "orelse", "finalbody")
              if isinstance(block := getattr(node, key, None), list)]
    return any(block and block[-1].lineno == line for block in blocks)


def has_two(file: Path, function: str) -> bool:
    """Whether a file defines a function more than once."""
    return len(re.findall(rf"^def {function}\(", text_in(file), re.MULTILINE)) > 1


def has_answers(file: Path, functions: Iterable[str]) -> bool:
    """Whether a file is more than stubs of these functions; one that cannot be read may be."""
    found = functions_in(file)
    return (not found or not set(found) <= set(functions)
            or not all(map(_only_raises, found.values())))


def has_stubs(file: Path, functions: Collection[str]) -> bool:
    """Whether any of these functions is still a stub, or cannot be read."""
    found = functions_in(file)
    return any(name not in found or _only_raises(found[name]) for name in functions)


def _only_raises(function: ast.FunctionDef) -> bool:
    return all(isinstance(node, (ast.Expr, ast.Raise)) for node in function.body)


def line_of_similar(file: Path, function: str, known: Collection[str]) -> int:
    """The line of the `def` whose name is most like that of a missing function; 1 if none is.

    known: the functions of the lesson, none of which is the one that was renamed
    """
    found = {name: node for name, node in functions_in(file).items() if name not in known}
    similar = get_close_matches(function, found, n=1)
    return found[similar[0]].lineno if similar else 1


def enclosing(file: Path, line: int) -> str:
    """The function that a line is in, by the last `def` above it; "" if there is none.

    Uses only the text, so it works if the file cannot be parsed.
    """
    lines = text_in(file).splitlines()[:line]
    starts = (match[1] for text in reversed(lines)
              if (match := re.match(r"(?:def (\w+)|\S)", text)))
    return next(starts, None) or ""


def line_with(file: Path, text: str) -> int:
    """The first line of a file that contains a text; 1 if none does."""
    lines = text_in(file).splitlines()
    return next((number for number, line in enumerate(lines, start=1) if text in line), 1)


def signature_in(file: Path, function: str) -> str:
    """A function's parameters as they are written in a file: "(scores, axis=-1)"."""
    found = _definition(file, function)
    return f"({ast.unparse(found.args)})" if found else "(...)"


def docstring_in(file: Path, function: str) -> str:
    """A function's docstring as it is written in a file; "" if it has none."""
    found = _definition(file, function)
    return found and ast.get_docstring(found) or ""


def _definition(file: Path, function: str) -> ast.FunctionDef | None:
    return functions_in(file).get(function)


def body_lines(function: ast.FunctionDef) -> int:
    """The number of lines of a function, without its signature, docstring and blank lines."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return len({line for node in body for part in ast.walk(node) if hasattr(part, "lineno")
                for line in range(part.lineno, part.end_lineno + 1)}) if body else 0

"""Loads kata modules by their bare names from the folders that we choose.

`import kata_01_attention` means the reader's file or the solution, depending on
who asks. A finder decides it by folder, and always compiles the file as it is on
disk now: Python's own cache would miss a second save within the same second.
"""

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType

from tests.runner.lessons.catalog import KATAS, SOLUTIONS

MODULE = re.compile(r"(kata|exercise)_\d\d_\w+")
FolderOf = Callable[[str], Path]


def readers(name: str) -> Path:
    """The folder of the reader's own files."""
    return KATAS


def solutions(name: str) -> Path:
    """The folder of the solutions."""
    return SOLUTIONS


class _FreshLoader(importlib.machinery.SourceFileLoader):
    """Compiles the file as it is now, and leaves no cached copy."""

    def get_code(self, fullname):
        return _compiled(self.get_data(self.path), self.path)

    def exec_module(self, module):
        try:
            super().exec_module(module)
        except BaseException as problem:
            with suppress(Exception):  # the reader's exception class may refuse
                # the innermost file that fails
                problem.importing = getattr(problem, "importing", module.__name__)
            raise


@lru_cache(maxsize=64)
def _compiled(text: bytes, path: str) -> CodeType:
    """A file's code; compiled once for all loads of the same text."""
    return compile(text, path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, folder_of: FolderOf):
        self.folder_of = folder_of

    def find_spec(self, fullname, path=None, target=None):
        if not MODULE.fullmatch(fullname):
            return None
        file = self.folder_of(fullname) / f"{fullname}.py"
        if not file.is_file():
            raise ModuleNotFoundError(f"there is no file {file.name}", name=fullname)
        loader = _FreshLoader(fullname, str(file))
        return importlib.util.spec_from_file_location(fullname, file, loader=loader)


@contextmanager
def loading_from(folder_of: FolderOf) -> Iterator[None]:
    """A context in which kata modules are loaded from these folders only.

    Modules loaded before are put aside and restored afterwards, so that the
    reader's lesson 1 and the solution's can live in one process.
    """
    finder = _Finder(folder_of)
    aside = _take_kata_modules()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _take_kata_modules()
        sys.modules.update(aside)


def load(name: str, folder_of: FolderOf) -> dict[str, ModuleType]:
    """Load one kata module, and return it with every kata module that it imported."""
    with loading_from(folder_of):
        importlib.import_module(name)
        return {key: module for key, module in sys.modules.items() if MODULE.fullmatch(key)}


def _take_kata_modules() -> dict[str, ModuleType]:
    return {name: sys.modules.pop(name) for name in list(sys.modules) if MODULE.fullmatch(name)}


def names_used_by(code: CodeType) -> set[str]:
    """The names that a function looks up, inner functions and comprehensions included."""
    inner = (names_used_by(part) for part in code.co_consts if isinstance(part, CodeType))
    return set(code.co_names).union(*inner)

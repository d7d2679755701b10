"""What `make kata-12` adds once it is green: the reader's functions on the real model.

It is here if `make chat` has downloaded it, or if MODEL=file.gguf names one.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for the package this file is in

from rich.console import Group

from smollm2 import download, install
from smollm2.checked import compared
from smollm2.model import open_model
from smollm2.problems import NoModel
from smollm2.settings import Misunderstood, settings
from tests.runner.lessons.catalog import find, needed_by
from tests.runner.reader.borrowing import orders
from tests.runner.screens.style import code, indented
from tests.runner.screens.terminal import show


def main() -> None:
    if install.missing():
        return
    try:
        chosen = settings()
        cache = download.cache_folder()
        file = chosen.model or cache / download.NAME
        if chosen.model or file.is_file():
            _say(compared(open_model(file, cache), _theirs()))
    except (NoModel, Misunderstood) as problem:
        _say(str(problem))


def _say(sentence: str) -> None:
    """Below the verdict."""
    show(Group("", indented(code(sentence), 4)))


def _theirs() -> dict[str, tuple[str, ...]]:
    """The functions of lesson 12, and of the lessons that it needs, that are not borrowed."""
    which = find("kata", "12")
    lent = orders(which).folders
    return {kata.name: kata.functions for kata in (which, *needed_by(which))
            if kata.name not in lent}


if __name__ == "__main__":
    main()

"""Runs a lesson's scripts on the reader's functions, or on the solutions until those are green."""

import runpy
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.runner.lessons.catalog import KATAS, Kata, shown
from tests.runner.lessons.loading import FolderOf, loading_from, solutions
from tests.runner.reader.borrowing import orders
from tests.runner.running import supervise


@dataclass(frozen=True)
class Whose:
    """Whose functions a script runs on, and how to say so."""

    folder_of: FolderOf
    sentence: str


def whose(kata: Kata) -> Whose:
    """The reader's functions if all the kata's specs are green, else the solutions'."""
    ordered = orders(kata)
    run = supervise.run(ordered)
    if run.green:
        lent = f" Borrowed for them: {', '.join(ordered.folders)}." if ordered.folders else ""
        return Whose(lambda name: ordered.folders.get(name, KATAS),
                     f"These are your own functions, from {shown(kata.file)}.{lent}")
    return Whose(solutions, f"These are the solution's functions, from {shown(kata.solution)}: "
                            f"{kata.heading} is not green yet. Once it is, yours run here.")


def run_script(script: Path, folder_of: FolderOf,
               prepare: Callable[[], None] = lambda: None) -> int:
    """Run a script of the project; return its exit status. Show no traceback of the runner.

    prepare: is called before, where kata modules are loaded from these folders already
    """
    sys.path.append(str(script.parent))  # for modules that scripts share, such as katas/drawing.py
    with loading_from(folder_of):
        try:
            prepare()
            runpy.run_path(str(script), run_name="__main__")
        except SystemExit as end:
            if isinstance(end.__context__, BrokenPipeError):  # rich's end if nobody reads on
                return 0
            return end.code if isinstance(end.code, int) else int(end.code is not None)
        except KeyboardInterrupt:
            print("Stopped.")
            return 130
        except BrokenPipeError:
            raise
        except Exception as problem:
            frames = [frame for frame in traceback.extract_tb(problem.__traceback__)
                      if Path(frame.filename).is_relative_to(KATAS)]
            print(f"{shown(script)} stopped: {type(problem).__name__}: {problem}", file=sys.stderr)
            for frame in frames:
                print(f"  {shown(frame.filename)}:{frame.lineno} in {frame.name}\n    {frame.line}",
                      file=sys.stderr)
            return 1
    return 0

"""Runs specs on submitted files, inside a clean copy of the project.

Each kata gets a new copy. Only kata and exercise files come from the folder that was
submitted; specs, hints, solutions and this machinery are the project's own, whatever else is
there. Inside the copy all paths are short and the same everywhere.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.runner import limits
from tests.runner.lessons.catalog import HINTS, KATAS, ROOT, TESTS, Kata, katas_and_exercises, shown
from tests.runner.running.processes import adopt_orphans, end_children
from tests.runner.specs.record import Run, record_of

OTHERS_FILES = shutil.ignore_patterns("kata_*.py", "exercise_*.py", "pictures")
NOT_NEEDED = shutil.ignore_patterns("repo")
# A grader's environment variables are not for the code that is graded.
PRIVATE = ("GITHUB_", "ACTIONS_", "OUT", "SUBMISSION")


def kata_folder(submission: Path) -> Path:
    """Where the kata files are: a checkout was handed in, its katas folder, or the files alone."""
    inner = submission / "katas"
    return inner if inner.is_dir() else submission


def handed_in(submission: Path) -> list[Path]:
    """The kata and exercise files of a submission that can be read.

    A link that leads out of the folder does not count: it could lead to the solutions.
    """
    inside = submission.resolve()
    files = (kata_folder(submission) / kata.file.name
             for kata in katas_and_exercises())
    return [file for file in files
            if file.is_file() and os.access(file, os.R_OK)
            and file.resolve().is_relative_to(inside)]


def run_on(kata: Kata, submission: Path) -> Run:
    """Run all specs of a kata on a submission; broken if its file is missing."""
    files = handed_in(submission)
    if kata.file.name not in [file.name for file in files]:
        return Run(kata.name,
                   broken=f"There is no file {shown(kata.file)} to grade, or it cannot be read.")
    with tempfile.TemporaryDirectory(prefix="transformer-katas-",
                                     ignore_cleanup_errors=True) as folder:
        root = Path(folder) / "transformer-katas"
        _copy_project(root)
        for file in files:
            shutil.copyfile(file, root / KATAS.name / file.name)
        return _run_in(root, kata)


def _copy_project(root: Path) -> None:
    for room, left_out in ((TESTS, NOT_NEEDED), (HINTS, None), (KATAS, OTHERS_FILES)):
        shutil.copytree(room, root / room.name, ignore=left_out)
        os.chmod(root / room.name, 0o700)  # if the project is read-only, its copy is as well
    shutil.copy(ROOT / "pyproject.toml", root)


def _run_in(root: Path, kata: Kata) -> Run:
    environment = {name: value for name, value in os.environ.items()
                   if not name.startswith(PRIVATE)}
    adopt_orphans()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tests.runner.grading.in_copy", kata.name],
            cwd=root, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            timeout=limits.GRADED_KATA, check=True)
        data = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return Run(kata.name, broken=f"The run was still going on after {limits.GRADED_KATA:g} "
                   "seconds, and was stopped.")
    except subprocess.CalledProcessError as ended:  # whatever it reported, it did not end by itself
        return Run(kata.name, broken=f"The run ended without a result (status {ended.returncode}).")
    except ValueError:
        return Run(kata.name, broken="The run ended with a result that cannot be read.")
    finally:
        end_children()
    return Run(**{**data, "records": [record_of(record) for record in data["records"]]})

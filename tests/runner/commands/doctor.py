"""`make doctor`: checks everything that a run needs, and says how to fix problems."""

import ast
import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement
from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from tests.runner.commands.say import GREEN, RED
from tests.runner.diagnosis.unusable_files import MERGE
from tests.runner.lessons.catalog import HINTS, KATAS, ROOT, TESTS, Kata, katas_and_exercises, shown
from tests.runner.lessons.drift import drift
from tests.runner.lessons.source_text import text_in
from tests.runner.reader.backups import FOLDER
from tests.runner.reader.notes import FILE
from tests.runner.running.warm import CAN_FORK
from tests.runner.screens.style import BAD, GOOD, code

OLDEST_PYTHON = (3, 11)
ROOM = 50 * 2**20  # bytes; the environment, a backup and a picture need far less
SET_UP_AGAIN = ("`rm -r .venv` removes what is installed, and the next `make kata` installs it "
                "again.")
KEEP_AND_MEND = ("`make reset-{label}` keeps your file in .kata-backups and writes the new stub, "
                 "for the lines of your functions to be copied into.")


@dataclass(frozen=True)
class Checked:
    """One check; it has a cure if there is a problem."""

    what: str
    said: str
    cure: str = ""


AS_THE_STUBS = Checked("Stubs", "your files have the functions that the project's stubs have")


def examine() -> list[Checked]:
    """Check everything; change nothing."""
    katas = katas_and_exercises()
    files = [finding for kata in katas for finding in _file(kata)]
    return [_python(), *_packages(), _blas(), _folders(), _room(), _state(), _graded(),
            *(files or [AS_THE_STUBS]),
            _specs(), _watch(), _screen()]


def checks_page(findings: list[Checked]) -> Group:
    """A line for each finding, with its cure below it."""
    table = Table.grid("", "", Column(overflow="fold"), padding=(0, 2))
    for finding in findings:
        mark = Text("  ✗", BAD) if finding.cure else Text("  ●", GOOD)
        said = [code(finding.said), *([code(finding.cure)] if finding.cure else [])]
        table.add_row(mark, Text(finding.what, "bold"), Group(*said))
    n_amiss = sum(bool(finding.cure) for finding in findings)
    summary = f"{n_amiss} thing{'s' if n_amiss > 1 else ''} to fix." if n_amiss else "All is well."
    return Group(table, "", Text(f"  {summary}", "bold"))


def _python() -> Checked:
    version = ".".join(map(str, sys.version_info[:3]))
    place = shown(sys.prefix) if sys.prefix != sys.base_prefix else "no virtual environment"
    cure = ("" if sys.version_info >= OLDEST_PYTHON
            else f"The katas need Python 3.11 or newer. {SET_UP_AGAIN}")
    return Checked("Python", f"{version} ({place})", cure)


def _packages() -> list[Checked]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found, amiss = [], []
    for requirement in map(Requirement, settings["project"]["dependencies"]):
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            amiss.append(Checked(requirement.name, "is missing.", SET_UP_AGAIN))
            continue
        found.append(f"{requirement.name} {version}")
        if not requirement.specifier.contains(version, prereleases=True):
            amiss.append(Checked(requirement.name, f"{version} is not {requirement.specifier}.",
                                 SET_UP_AGAIN))
    return [Checked("Packages", ", ".join(found)), *amiss]


def _blas() -> Checked:
    """Which library multiplies matrices, and how many cores it may use."""
    import numpy as np

    about = np.show_config(mode="dicts").get("Build Dependencies", {}).get("blas", {})
    library = " ".join(str(about[key]) for key in ("name", "version")
                       if about.get(key)) or "unknown"
    threads = (os.environ.get("OPENBLAS_NUM_THREADS") or os.environ.get("OMP_NUM_THREADS")
               or "not limited")
    return Checked("BLAS",
                   f"{library}; {os.cpu_count()} cores, threads {threads} (specs run on one)")


def _folders() -> Checked:
    closed = [shown(folder) or "." for folder in (ROOT, KATAS) if not os.access(folder, os.W_OK)]
    cure = "Copy the project into a folder of your own." if closed else ""
    said = f"cannot be written: {', '.join(closed)}" if closed else "can be written"
    return Checked("Folders", said, cure)


def _room() -> Checked:
    free = shutil.disk_usage(ROOT).free
    cure = ("" if free > ROOM
            else "Make some room: a full disk means no backups and no notes on hints.")
    return Checked("Disk", f"{free / 2**30:.1f} GiB free", cure)


def _state() -> Checked:
    n_backups = len(list(FOLDER.glob("*/*.py"))) if FOLDER.is_dir() else 0
    backups = f"{n_backups} backup{'s' if n_backups != 1 else ''} in {shown(FOLDER)}"
    try:
        json.loads(FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Checked("Notes", f"none yet; {backups}")
    except (OSError, ValueError):
        return Checked("Notes", f"{shown(FILE)} cannot be read; {backups}",
                       "Move it away: only the counts of hints are lost.")
    if not os.access(FILE, os.W_OK):
        return Checked("Notes", f"{shown(FILE)} cannot be written; {backups}",
                       f"`chmod u+w {shown(FILE)}`")
    return Checked("Notes", f"{shown(FILE)}; {backups}")


def _graded() -> Checked:
    return Checked("Graded", f"your files in {KATAS}")


def _file(kata: Kata) -> list[Checked]:
    """The problems of a kata file; none if all is well."""
    file = shown(kata.file)
    for needed in (kata.specs, kata.solution):
        if not needed.is_file():
            return [Checked(kata.short, f"{shown(needed)} is missing.",
                            f"`git checkout {shown(needed)}` brings it back.")]
    if not kata.file.is_file():
        return [Checked(kata.short, f"{file} is missing.",
                        f"`make reset-{kata.label}` writes the stub.")]
    if MERGE.search(text_in(kata.file)):
        return [Checked(kata.short, f"{file} holds a merge that is not finished (<<<<<<<).",
                        "Keep the lines you want, and remove the marks; or `git merge --abort`.")]
    try:
        tree = ast.parse(text_in(kata.file))
    except SyntaxError as problem:
        return [Checked(kata.short, f"Python cannot read line {problem.lineno} of {file}: "
                        f"{problem.msg}.", f"`{kata.command}` shows the place.")]
    if later := _imports_later(kata, tree):
        line, name = later
        return [Checked(kata.short, f"line {line} of {file} imports {name}, which comes after it.",
                        "Remove that line: a lesson needs nothing from a later one.")]
    found = drift(kata)
    if found.missing:
        return [Checked(kata.short, f"{file} has no function "
                        f"{', '.join(f'`{name}`' for name in found.missing)}.",
                        "Was it renamed, or removed? Where an update of the project has added it, "
                        f"{KEEP_AND_MEND.format(label=kata.label)}")]
    changed = [f"`{name}{mine}` is now `{name}{ours}`" for name, mine, ours in found.signatures]
    if changed:
        return [Checked(kata.short, f"{file} is older than the project's stub: "
                        f"{'; '.join(changed)}.", KEEP_AND_MEND.format(label=kata.label))]
    if found.docstrings:
        names = ", ".join(f"`{name}`" for name in found.docstrings)
        return [Checked(kata.short, f"The description of {names} has changed since {file} was "
                        f"made; `git show HEAD:{shown(kata.file)}` has the new one.")]
    return []


def _imports_later(kata: Kata, tree: ast.Module) -> tuple[int, str] | None:
    """The first line that imports a later kata, as editors add it by themselves, and that kata."""
    for node in ast.walk(tree):
        names = ([node.module or ""] if isinstance(node, ast.ImportFrom)
                 else [alias.name for alias in node.names] if isinstance(node, ast.Import) else [])
        for name in names:
            if kata.kind == "kata" and name.startswith("kata_") and name > kata.name:
                return node.lineno, name
    return None


def _specs() -> Checked:
    """Whether specs, hints and solutions are as they were committed."""
    places = [shown(TESTS), shown(HINTS)]
    try:
        asked = subprocess.run(["git", "status", "--porcelain", "--", *places], cwd=ROOT,
                               capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return Checked("Specs", "cannot be compared with what was committed: git gives no answer")
    changed = [line[3:] for line in asked.stdout.splitlines()]
    if not changed:
        return Checked("Specs", "as they were committed")
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return Checked("Specs", f"changed since the last commit: {changed[0]}{more}",
                   f"If that was not meant: `git checkout {' '.join(places)}`.")


def _watch() -> Checked:
    return Checked("Watch", "runs start from a warm process" if CAN_FORK
                   else "each run starts a new Python")


def _screen() -> Checked:
    from tests.runner.screens.terminal import width

    encoding = (sys.stdout.encoding or "unknown").lower()
    piped = "" if sys.stdout.isatty() else ", not a terminal"
    return Checked("Terminal", f"{width()} columns, {encoding}{piped}")


def doctor() -> int:
    """Check everything that a run needs."""
    from tests.runner.screens.terminal import show

    findings = examine()
    show(checks_page(findings))
    return RED if any(finding.cure for finding in findings) else GREEN

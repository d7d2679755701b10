"""Installs the packages that only `make chat` needs, when it first needs them."""

import importlib
import importlib.util
import re
import sys
import tomllib
from pathlib import Path

from smollm2.problems import NoModel
from tests.runner import setup_env
from tests.runner.lessons.catalog import ROOT, shown
from tests.runner.setup_env import Problem

FOLDER = Path(sys.prefix)
BEGIN = "Installing {packages}, once, into {folder}."
NO_FOLDER = ("{packages} is not installed for this Python, {python}. With that of .venv, which "
             "make sets up, the same command installs it.")
FAILED = {
    Problem.NO_NETWORK: "the package index could not be reached. With a connection, the same "
                        "command tries again.",
    Problem.DISK_FULL: "the disk is full, or your share of it.",
    Problem.NOT_WRITABLE: "{folder} cannot be written to.",
}


def requirements(extra: str = "chat") -> list[str]:
    """What pyproject.toml lists for chatting, or for something else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project["optional-dependencies"][extra]


def missing(extra: str = "chat") -> list[str]:
    """Those of them that are not here."""
    return [one for one in requirements(extra) if not importlib.util.find_spec(_name(one))]


def install_missing(say, extra: str = "chat") -> None:
    """Install what is missing; raise NoModel with a sentence if that fails.

    say: shows a sentence
    """
    wanted = missing(extra)
    if not wanted:
        return
    packages = " and ".join(map(_name, wanted))
    if sys.prefix == sys.base_prefix:
        raise NoModel(NO_FOLDER.format(packages=packages, python=sys.executable))
    say(BEGIN.format(packages=packages, folder=shown(FOLDER)))
    failure = setup_env.install(FOLDER, wanted)
    importlib.invalidate_caches()
    if failure:
        reason = setup_env.sentence(FAILED.get(failure.problem, "{said}"), shown(FOLDER),
                                    failure.output)
        raise NoModel(f"{packages} could not be installed: {reason}")


def _name(requirement: str) -> str:
    return re.match(r"\w+", requirement)[0]

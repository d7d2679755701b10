"""Installs PyTorch beside the project's other packages when `make compare` first needs it."""

import importlib.metadata
import importlib.util
import re
import sys
import tomllib
from pathlib import Path

from rich.text import Text

from tests.runner import setup_env
from tests.runner.lessons.catalog import ROOT, shown
from tests.runner.screens.terminal import show
from tests.runner.setup_env import Failure, Problem

PYTHON, FOLDER = sys.executable, Path(sys.prefix)
LOG = FOLDER / "pip.log"
CPU_ONLY = Path(__file__).with_name("cpu_only.txt")
WANTS_CUDA = r"conflicting dependencies|triton|nvidia"  # what pip says where CPU_ONLY forbids it

BEGIN = ("PyTorch is optional, and not installed yet. Installing its CPU build, once: about 200 MB "
         "to download, 900 MB in {folder}.")
BY_UV = ("pip knows only the build for graphics cards, of several GB. Taking the CPU build with uv "
         "instead.")
NO_FOLDER = ("PyTorch is not installed for this Python, {python}. With that of .venv, which make "
             "sets up, the command installs it: .venv/bin/python -m tests.runner compare")
FAILED = {
    Problem.NO_NETWORK: "the package index could not be reached. With a connection, the same "
                        "command tries again.",
    Problem.DISK_FULL: "the disk is full, or your share of it. It needs about 1.2 GB for a while.",
    Problem.NOT_WRITABLE: "{folder} cannot be written to.",
}
UNKNOWN = "{said}"


def is_here() -> bool:
    """Whether there is a PyTorch, of any version; an interrupted installation has no metadata."""
    found = importlib.metadata.distributions(name="torch")
    return importlib.util.find_spec("torch") is not None and any(found)


def requirement() -> str:
    """The version that is installed, from pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project["optional-dependencies"]["torch"][0]


def install() -> str:
    """Install it, and say what is done; return "", or a sentence about what went wrong."""
    if sys.prefix == sys.base_prefix:
        return NO_FOLDER.format(python=PYTHON)
    show(Text(BEGIN.format(folder=shown(FOLDER))))
    failure = setup_env.install(FOLDER, ["--constraint", str(CPU_ONLY), requirement()])
    if failure and re.search(WANTS_CUDA, failure.output):
        show(Text(BY_UV))
        failure = setup_env.install(FOLDER, ["uv"]) or _by_uv()
    importlib.invalidate_caches()
    return _sentence(failure) if failure else ""


def _by_uv() -> Failure | None:
    """uv knows where PyTorch keeps its CPU builds."""
    return setup_env.run(PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, "--quiet",
                         "--torch-backend=cpu", requirement())


def _sentence(failure: Failure) -> str:
    LOG.write_text(failure.output, encoding="utf-8", errors="replace")
    template = FAILED.get(failure.problem, UNKNOWN)
    reason = setup_env.sentence(template, shown(FOLDER), failure.output)
    return (f"PyTorch is not installed, so there is nothing to compare with: {reason}\n"
            f"Nothing else here needs it. What was said on the way is in {shown(LOG)}.")

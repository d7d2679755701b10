"""`make compare` installs PyTorch if it is missing: here with a pip that only pretends."""

import pytest

from benchmarks.compare import install
from tests.runner import setup_env

CONFLICT = "ERROR: Cannot install torch: these package versions have conflicting dependencies."


@pytest.fixture
def pip(monkeypatch, tmp_path):
    """Replaces pip and uv: each call is recorded, and fails as the next entry of the list says."""
    calls, failures = [], []
    monkeypatch.setattr(install, "FOLDER", tmp_path / ".venv")
    monkeypatch.setattr(install, "LOG", tmp_path / "pip.log")
    monkeypatch.setattr(install, "PYTHON", "python")
    monkeypatch.setattr(install, "shown", lambda path: path.name)
    monkeypatch.setattr(install.sys, "base_prefix", "/usr")

    def answer(*call):
        calls.append(call)
        return failures.pop(0) if failures else None

    monkeypatch.setattr(setup_env, "install", lambda _, words: answer("pip", *words))
    monkeypatch.setattr(setup_env, "run", answer)
    return calls, failures


def test_what_is_installed_is_the_projects_extra_for_the_cpu(pip, capsys):
    assert install.install() == ""
    assert pip[0] == [("pip", "--constraint", str(install.CPU_ONLY), install.requirement())]
    assert install.requirement().startswith("torch==")
    assert "triton<0" in install.CPU_ONLY.read_text(encoding="utf-8")
    assert "about 200 MB to download" in capsys.readouterr().out


def test_if_pip_finds_no_build_for_the_cpu_uv_is_tried(pip, capsys):
    pip[1].append(setup_env.failure_in(CONFLICT))
    assert install.install() == ""
    assert pip[0][1] == ("pip", "uv") and "--torch-backend=cpu" in pip[0][2] and len(pip[0]) == 3
    assert "several GB" in capsys.readouterr().out


@pytest.mark.parametrize(
    "said, reason",
    [
        ("Retrying (Retry(total=1))", "the package index could not be reached"),
        ("No space left on device", "the disk is full"),
        ("Permission denied: lib", ".venv cannot be written to"),
        ("AssertionError: egg-link", "AssertionError: egg-link"),
    ],
)
def test_an_installation_that_fails_is_a_sentence(pip, capsys, said, reason):
    from benchmarks.compare import __main__ as command

    pip[1].append(setup_env.failure_in(said))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(install, "is_here", lambda: False)
        assert command.main() == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert f"PyTorch is not installed, so there is nothing to compare with: {reason}" in shown
    assert install.LOG.read_text(encoding="utf-8") == said


def test_nothing_is_installed_outside_a_virtual_environment(pip, monkeypatch):
    monkeypatch.setattr(install.sys, "base_prefix", install.sys.prefix)
    assert "make sets up" in install.install() and not pip[0]


def test_a_pytorch_that_cannot_be_loaded_is_a_sentence(project, tmp_path):
    broken = tmp_path / "broken"
    (broken / "torch-9.0.dist-info").mkdir(parents=True)
    about = broken / "torch-9.0.dist-info" / "METADATA"
    about.write_text("Name: torch\nVersion: 9.0\n", encoding="utf-8")
    (broken / "torch.py").write_text("raise ImportError('libcats.so is missing')", encoding="utf-8")
    status, screen = project.make("compare", PYTHONPATH=str(broken))
    assert status == 1 and "Traceback" not in screen
    said = "does not work here: it raised ImportError: libcats.so is missing."
    assert said in " ".join(screen.split())

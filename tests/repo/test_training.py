"""`make train`, `make write` and the example: a run can be stopped at any moment, and goes on."""

import importlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.forward_08_backprop import leaves
from tests.runner.lessons.catalog import KATAS, ROOT
from tests.runner.lessons.loading import loading_from, solutions

TEXT = "The cat sat on the mat. The dog sat on the log.\n" * 40
SMALL = dict(WIDTH="8", BLOCKS="1", HEADS="2", TOKENS="8", BATCH="4")
SCRIPT = """
import importlib, sys
root, katas, name, saved_every = sys.argv[1:]
sys.path[:0] = [root, katas]
from tests.runner.lessons.loading import loading_from, solutions
with loading_from(solutions):
    importlib.import_module("training.follow").SAVED_EVERY = float(saved_every)
    sys.exit(importlib.import_module(f"training.{name}").main())
"""


class Runs:
    """Starts the scripts on the solutions, in a folder of its own."""

    def __init__(self, folder):
        self.folder, self.model = folder, folder / "model.npz"
        self.text = folder / "text.txt"
        self.text.write_text(TEXT, encoding="utf-8")

    def start(self, name="train", saved_every=10.0, **words):
        words = {"TEXT": str(self.text), "MODEL": str(self.model)} | SMALL | words
        return subprocess.Popen(
            [sys.executable, "-c", SCRIPT, ROOT, KATAS, name, str(saved_every)],
            env=os.environ | words, cwd=self.folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def __call__(self, name="train", **words):
        process = self.start(name, **words)
        output, _ = process.communicate(timeout=120)
        return process.returncode, " ".join(output.split())

    def loaded(self):
        """The run in the file."""
        return training("saved").load(self.model)


@pytest.fixture
def runs(tmp_path):
    return Runs(tmp_path)


@pytest.fixture(autouse=True)
def on_the_solutions(monkeypatch):
    """The package is loaded on the solutions, and forgotten afterwards."""
    monkeypatch.syspath_prepend(str(KATAS))
    with loading_from(solutions):
        yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "training"]:
        del sys.modules[name]


def training(name):
    """A module of the package."""
    return importlib.import_module(f"training.{name}")


def same(run, other):
    """Whether two runs are equal to the last bit, and so is what they would draw next."""
    ours, theirs = (list(leaves([each.params, each.state["m"], each.state["v"]]))
                    for each in (run, other))
    return (all(path == place and np.array_equal(a, b)
                for (path, a), (place, b) in zip(ours, theirs, strict=True))
            and (run.step, run.state["step"]) == (other.step, other.state["step"])
            and run.rng.bit_generator.state == other.rng.bit_generator.state)


def read_until(process, words):
    line = ""
    while words not in line:
        line = process.stdout.readline()
        assert line, "it ended before"


def test_a_run_ends_by_writing_and_another_command_writes_more(runs):
    status, screen = runs(STEPS="12")
    assert status == 0 and "Done in" in screen and "held out" in screen
    assert "They agree" in screen
    status, screen = runs("write", START="The ", BYTES="30")
    assert status == 0 and "after 12 of 12 steps: The " in screen
    status, screen = runs(STEPS="12")
    assert status == 0 and "has taken all of its 12 steps. STEPS=24 trains on" in screen


def test_a_run_that_was_stopped_goes_on(runs):
    process = runs.start(STEPS="100000")
    read_until(process, "Ctrl-C stops it")
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0 and "the same command goes on" in " ".join(output.split())
    stopped = runs.loaded()
    assert 0 < stopped.step < 100_000
    status, screen = runs(STEPS=str(stopped.step + 5))
    assert status == 0 and f"It goes on from step {stopped.step:,}" in screen
    assert runs.loaded().step == stopped.step + 5


def test_a_saved_run_goes_on_as_if_it_had_never_stopped(tmp_path):
    run_module, texts, saved = training("run"), training("texts"), training("saved")
    ids = np.frombuffer(TEXT.encode(), np.uint8).astype(int)
    plan = run_module.Plan(10, 256, n_tokens=6, d_model=4, n_blocks=1, n_heads=2, batch_size=3)
    draw = texts.batches(ids, plan.batch_size, plan.n_tokens)
    step = training("steps").own_step(plan.n_heads)
    *_, (whole, _) = run_module.steps(run_module.new_run(plan), draw, step)
    for run, _ in run_module.steps(run_module.new_run(plan), draw, step):
        if run.step == 5:
            saved.save(tmp_path / "run.npz", run)
            break
    *_, (resumed, _) = run_module.steps(saved.load(tmp_path / "run.npz"), draw, step)
    assert same(resumed, whole)


def test_a_run_that_is_killed_leaves_a_file_that_loads(runs):
    """It is saved at every step here, so that most kills come while the file is written."""
    rng, reached = random.Random(9), 0
    for _ in range(4):
        process = runs.start(saved_every=0.0, STEPS="100000")
        read_until(process, "Ctrl-C stops it")
        time.sleep(rng.uniform(0.3, 1.0))
        process.kill()
        process.communicate()
        if runs.model.exists():
            assert runs.loaded().step >= reached
            reached = runs.loaded().step
    assert reached > 0


@pytest.mark.parametrize(("content", "said"), [
    (b"", "is empty."),
    (b"too short", "has 9 bytes, and windows of 8 tokens need 18: 9 to learn from, 9 held out."),
    (b"ok\xff\xfe" * 20, "is not a text in UTF-8: its byte 2 is 0xff."),
    (None, "cannot be read: No such file or directory."),
])
def test_a_text_that_cannot_be_learned_is_refused_in_words(runs, content, said):
    runs.text.unlink()
    if content is not None:
        runs.text.write_bytes(content)
    status, screen = runs(STEPS="3")
    assert status == 2 and said in screen and "Traceback" not in screen
    assert not runs.model.exists()


@pytest.mark.parametrize(("words", "said"), [
    ({"STEPS": "many"}, "STEPS=many is no whole number from 1 on."),
    ({"MINUTES": "-1"}, "MINUTES=-1 is no number above 0."),
    ({"WIDTH": "9"}, "WIDTH=9 cannot be split among HEADS=2"),
    ({"TEXT": "", "MODEL": ""}, "Train on which text?"),
])
def test_a_setting_without_sense_is_refused_in_words(runs, words, said):
    status, screen = runs(**words)
    assert status == 2 and said in screen


def test_a_model_is_not_trained_on_another_text(runs):
    runs(STEPS="2")
    runs.text.write_text(TEXT.upper(), encoding="utf-8")
    status, screen = runs(STEPS="4")
    assert status == 2 and "was trained on another text" in screen
    assert runs.loaded().step == 2


def test_a_file_that_is_no_model_is_said_to_be_none(runs):
    runs.model.write_bytes(b"no model")
    for name in ("train", "write"):
        status, screen = runs(name)
        assert status == 2 and "is no model of `make train`" in screen


def test_minutes_say_how_many_steps_there_are(runs):
    status, screen = runs(MINUTES="0.03", STEPS="")
    assert status == 0, screen
    assert 0 < runs.loaded().step < 100_000


def test_gradients_that_differ_from_the_fast_ones_are_not_replaced():
    run_module, steps = training("run"), training("steps")
    plan = run_module.Plan(10, 27, n_tokens=6, d_model=8, n_blocks=1, n_heads=2, batch_size=3)
    run = run_module.new_run(plan)
    ids = np.random.default_rng(0).integers(27, size=(3, 7))
    batch = ids[:, :-1], ids[:, 1:]
    assert "They agree" in steps.choose_step(run, batch)[1]
    own = steps.train_step

    def without_attention(params, state, *rest):
        params, state, loss = own(params, state, *rest)
        for block in state["m"]["blocks"]:
            block["attention"]["w_v"] *= 0
        return params, state, loss

    steps.train_step = without_attention
    assert "do not agree" in steps.choose_step(run, batch)[1]


def test_a_model_writes_only_what_can_be_shown():
    writing = training("writing")
    assert writing.as_text(b"cat\n\x1b[31m\xff\xc3\xa9") == "cat\n\ufffd[31m\ufffd\xe9"
    assert writing.as_text([1, 0, 2], ".ab") == "a.b"
    assert writing.as_tokens("a.b?", ".ab") == [1, 0, 2]


def test_a_model_writes_each_character_when_it_is_whole():
    writing = training("writing")
    assert list(writing.pieces("é→".encode())) == ["", "é", "", "", "→", ""]
    assert list(writing.pieces("é".encode()[:1])) == ["", "\ufffd"]
    assert list(writing.stripped(["\n", "a\n", "", "\nb", "\n"])) == ["a", "\n\nb"]


def test_the_curve_of_a_log_has_both_losses():
    entry, curve = training("run").Entry, training("follow").curve
    log = tuple(entry(step, 3 - step / 100, 3.1 - step / 100) for step in range(100, 201, 20))
    drawn = curve(log)
    assert "o" in drawn and "x" in drawn and "step 200" in drawn
    assert max(map(len, curve(log * 40).splitlines())) <= 200


def test_where_models_are_kept():
    model_file = training("saved").model_file
    assert model_file("book") == ROOT / ".kata-models" / "book.npz"
    assert model_file("a/book.npz") == Path("a/book.npz")

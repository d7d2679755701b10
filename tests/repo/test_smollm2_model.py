"""SmolLM2-135M-Instruct on the solutions says what another implementation says.

Which one that is, make_smollm2_answers.py says.
The model is downloaded by `make chat`; until then these are skipped. .ci/run has them.
"""

import importlib
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from tests.runner.lessons.catalog import KATAS, ROOT
from tests.runner.lessons.loading import loading_from, solutions

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
KEPT = json.loads((Path(__file__).parent / "smollm2_answers.json").read_text(encoding="utf-8"))
NEAR = 2e-3  # of logits between -10 and 30: float32, and sums in another order
MOST_MEMORY = 1.2e9  # bytes
ANSWER = 48  # tokens, as they were kept


@pytest.fixture(scope="module")
def model():
    """The model, on the solutions; its file is not asked for if it is not here."""
    if not all(map(importlib.util.find_spec, ("gguf", "platformdirs"))):
        pytest.skip("needs the model, which `make chat` downloads")
    with pytest.MonkeyPatch.context() as patch, loading_from(solutions):
        patch.syspath_prepend(str(KATAS))
        download = importlib.import_module("smollm2.download")
        file = download.cache_folder() / download.NAME
        if not download.is_whole(file):
            pytest.skip("needs the model, which `make chat` downloads")
        with threadpool_limits(1):  # two that wait for each other would take minutes
            yield importlib.import_module("smollm2.model").open_model(file, file.parent)
    for name in [name for name in sys.modules if name.partition(".")[0] == "smollm2"]:
        del sys.modules[name]


def part(name):
    """A module of the package."""
    return importlib.import_module(f"smollm2.{name}")


@pytest.mark.parametrize("number", range(len(KEPT["prompts"])))
def test_logits_are_those_of_the_other_implementation(model, number):
    kept = KEPT["prompts"][number]
    assert model.ids(kept["text"]) == kept["ids"]
    logits = part("reading").Reader(model).read(kept["ids"])
    ids = np.array([int(i) for i in kept["logits"]])
    np.testing.assert_allclose(logits[ids], list(kept["logits"].values()), rtol=0, atol=NEAR)
    assert logits.argmax() == ids[0]


@pytest.mark.parametrize("number", range(len(KEPT["conversations"])))
def test_greedy_answers_are_those_of_the_other_one(model, number):
    """With one reader for the whole conversation: what was read before is not read again."""
    talk = part("conversation").Conversation(model)
    reader, rng = part("reading").Reader(model), np.random.default_rng()
    kept = KEPT["conversations"][number]
    for asked, answered in zip(kept[::2], kept[1::2], strict=True):
        ids = talk.ask(asked["content"])
        said = "".join(model.text(reader.answer(ids, ANSWER, 0, rng)))
        assert said == answered["content"]
        talk.answered(said)


def test_ten_turns_are_a_conversation(model):
    talk, reader = part("conversation").Conversation(model), part("reading").Reader(model)
    rng = np.random.default_rng(1)
    for number in range(10):
        ids = talk.ask(f"Tell me fact number {number} about cats.")
        said = "".join(model.text(reader.answer(ids, 12, 0.2, rng)))
        assert said.strip()
        talk.answered(said)
    assert len(talk.messages) == 20 and talk.n_left == 0
    assert reader.n_kept >= len(ids)


def test_one_answer_takes_little_memory(model):
    """In a process of its own, from a pipe, as a reader would ask."""
    before = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "tests.runner", "chat"], cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"TEMPERATURE": "0"}, input="What is the capital of France?", check=False)
    assert done.returncode == 0 and "Paris" in done.stdout, done.stderr
    assert time.perf_counter() - before < 60
    unit = 1 if sys.platform == "darwin" else 1024  # of what the system says
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit < MOST_MEMORY

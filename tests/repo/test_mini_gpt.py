"""The mini-GPT of lesson 6 is what its README says, and the example runs on it."""

import re
import runpy

import numpy as np
import pytest

from katas.mini_gpt.load import (
    EVERY,
    HERE,
    N_HEADS,
    VOCABULARY,
    all_names,
    as_batch,
    decode,
    encode,
    held_out_names,
    load_params,
    training_names,
)
from tests.runner.lessons.catalog import KATAS
from tests.runner.lessons.loading import load, solutions

LARGEST = 1_000_000  # bytes of weights.npz
N_POSITIONS, D_MODEL, D_FF, N_BLOCKS = 16, 48, 192, 3
README = (HERE / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lesson():
    """The solution of lesson 6."""
    return load("kata_06_transformer", solutions)["kata_06_transformer"]


def shapes(params):
    """The same dicts and lists, with the shape of each array."""
    if isinstance(params, dict):
        return {name: shapes(inner) for name, inner in params.items()}
    return [shapes(inner) for inner in params] if isinstance(params, list) else params.shape


def arrays(params):
    if isinstance(params, np.ndarray):
        return [params]
    inner = params.values() if isinstance(params, dict) else params
    return [array for one in inner for array in arrays(one)]


def test_the_weights_are_small_and_load_as_the_lessons_expect():
    norm = {"gain": (D_MODEL,), "bias": (D_MODEL,)}
    block = {
        "norm_1": norm,
        "attention": dict.fromkeys(("w_q", "w_k", "w_v", "w_o"), (D_MODEL, D_MODEL)),
        "norm_2": norm,
        "feed_forward": {"w_in": (D_MODEL, D_FF), "b_in": (D_FF,), "w_out": (D_FF, D_MODEL),
                         "b_out": (D_MODEL,)},
    }
    assert (HERE / "weights.npz").stat().st_size < LARGEST
    params = load_params()
    assert shapes(params) == {
        "token_table": (27, D_MODEL), "position_table": (N_POSITIONS, D_MODEL),
        "blocks": [block] * N_BLOCKS,
        "norm_f": norm}
    assert {array.dtype for array in arrays(params)} == {np.dtype(np.float32)}
    assert f"{sum(array.size for array in arrays(params)):,} numbers" in README


def test_the_names_are_sorted_and_every_tenth_is_held_out():
    names = all_names()
    assert names == sorted(set(names)) and all(re.fullmatch("[a-z]+", name) for name in names)
    assert held_out_names() == [name for i, name in enumerate(names, start=1) if i % EVERY == 0]
    assert sorted(training_names() + held_out_names()) == names
    for some in (names, training_names(), held_out_names()):
        assert f"{len(some):,} names" in README
    assert max(map(len, names)) < N_POSITIONS


def test_a_batch_says_for_each_letter_which_comes_next():
    tokens, targets = as_batch(["ann", "al"])
    assert [decode(row) for row in tokens] == [".ann", ".al."]
    assert targets.tolist() == [[1, 14, 14, 0], [1, 12, 0, -1]]
    assert decode(encode(".zoe.")) == ".zoe."


def test_the_solutions_compute_the_losses_in_the_readme(lesson):
    tokens, targets = as_batch(held_out_names())
    example = example_on_solutions()
    logits = {
        "this GPT": lesson.gpt(tokens, load_params(), N_HEADS),
        "pairs of letters": example["pair_logits"]()[tokens],
        "a uniform guess": np.zeros((*tokens.shape, len(VOCABULARY))),
    }
    for name, said in logits.items():
        loss, perplexity = lesson.cross_entropy(said, targets), lesson.perplexity(said, targets)
        assert f"| {name} | {loss:.3f} | {perplexity:.2f} |" in README


def example_on_solutions():
    """The functions of the example, on the solutions."""
    from tests.runner.lessons.loading import loading_from

    with pytest.MonkeyPatch.context() as patch, loading_from(solutions):
        patch.syspath_prepend(KATAS)
        return runpy.run_path(str(KATAS / "example_06_mini_gpt.py"))


def test_the_example_makes_up_names_that_are_in_no_list(project):
    status, screen = project.make("example", "06")
    assert status == 0 and "Traceback" not in screen, screen
    assert max(map(len, screen.splitlines()[1:])) <= 80
    made_up = re.search(r"2\. Names that are in no list(.*?)\n3\. ", screen, re.DOTALL)[1]
    names = [name for line in re.findall(r"(?m)^ {4}(\w.*)$", made_up) for name in line.split()]
    assert len(names) == 24 and not set(names) & set(all_names())
    assert (project.root / ".kata-pictures"
            / "mini_gpt_attention.png").read_bytes().startswith(b"\x89PNG")


def test_the_model_in_pytorch_gives_the_same_logits_and_text(lesson):
    torch = pytest.importorskip("torch")
    from katas.mini_gpt import in_torch

    params, (tokens, _) = load_params(), as_batch(held_out_names()[::9])
    theirs = in_torch.gpt(torch.as_tensor(tokens), in_torch.as_tensors(params), N_HEADS)
    np.testing.assert_allclose(lesson.gpt(tokens, params, N_HEADS), theirs, atol=1e-5, rtol=1e-5)
    written = in_torch.generate(torch.as_tensor(encode(".jo")), in_torch.as_tensors(params),
                                N_HEADS, 20)
    assert lesson.generate(encode(".jo"), params, N_HEADS, 20).tolist() == written.tolist()


def test_training_starts_from_the_layout_of_the_weights(monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.syspath_prepend(KATAS)
    from mini_gpt import train

    with np.load(HERE / "weights.npz") as saved:
        kept = {name: array.shape for name, array in saved.items()}
    torch.manual_seed(0)
    assert {name: tuple(tensor.shape) for name, tensor in train.flat(train.new_params())} == kept

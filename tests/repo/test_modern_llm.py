"""The example of lesson 12: what it counts, what it packs, and the maps that it shows."""

import runpy

import numpy as np
import pytest

from tests.runner.diagnosis.workshop import workshop
from tests.runner.lessons.catalog import KATAS, find
from tests.runner.lessons.loading import load, loading_from, solutions
from tests.slow_12_modern_llm import CONFIG, random_llama

RNG = np.random.default_rng(12)


@pytest.fixture(scope="module")
def example():
    """The functions of the example, on the solutions."""
    with loading_from(solutions), pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(KATAS)
        return runpy.run_path(str(KATAS / "example_12_modern_llm.py"))


def test_the_first_plan_counts_the_weights_of_gpt_2(example):
    gpt_2 = example["Plan"](vocab=50_257, d_model=768, n_blocks=12, n_heads=12, n_kv_heads=12,
                            d_ff=3072)
    assert gpt_2.weights() - (example["N_TOKENS"] - 1024) * 768 == 124_439_808


def test_the_last_plan_counts_the_weights_of_smollm2(example):
    assert list(example["PLANS"].values())[-1].weights() == 134_515_008


def test_what_is_packed_is_read_again_to_half_a_step(example):
    w = RNG.normal(size=(64, 48)).astype(np.float32)
    blocks = w.T.reshape(-1, 32)
    steps = {8: np.abs(blocks).max(axis=-1, keepdims=True) / 127,
             4: np.ptp(blocks, axis=-1, keepdims=True) / 15}
    for bits, step in steps.items():
        off = example["read_again"](w, bits).T.reshape(-1, 32) - blocks
        assert (np.abs(off) <= 0.52 * step + 2e-3 * np.abs(blocks)).all()  # scales are float16
        assert np.abs(off).max() > 0.3 * step.min()


def test_with_zero_bits_a_block_is_its_mean(example):
    w = RNG.normal(size=(32, 5)).astype(np.float32)
    assert np.allclose(example["read_again"](w, 0), np.tile(w.mean(axis=0), (32, 1)), atol=1e-6)


@pytest.mark.parametrize("bits", [8, 4, 0])
def test_sizes_that_are_no_blocks_and_equal_numbers_survive(example, bits):
    for w in (np.zeros((27, 48), np.float32), np.full((5, 7), 0.25, np.float32)):
        assert np.allclose(example["read_again"](w, bits), w, atol=1e-3)


def test_norms_are_not_stored_in_few_bits(example):
    params = random_llama(RNG)
    stored = example["stored"](params, 4)
    assert stored["norm_f"]["gain"] is params["norm_f"]["gain"]
    assert not np.array_equal(stored["token_table"], params["token_table"])


def test_maps_have_a_row_for_each_token_that_sums_to_1(example):
    maps = example["attention_maps"](RNG.integers(11, size=5), random_llama(RNG), CONFIG)
    assert maps.shape == (2, CONFIG["n_heads"], 5, 5)
    assert np.allclose(maps.sum(axis=-1), 1) and (np.triu(maps, 1) == 0).all()


def test_the_page_of_text_is_long_enough_and_plain(example):
    page = example["page_of_text"]()
    assert len(page) > 4 * example["N_READ"] and not set("`$|") & set(page)


@pytest.mark.parametrize(("line", "mistake"), [
    ("the other layout of pairs", "turns_halves"), ("key heads tiled", "tiles_the_heads"),
    ("silu on the other branch", "bends_the_way_up"), ("gain + 1", "adds_one_to_the_gain")])
def test_a_wrong_line_does_what_other_weights_do(example, monkeypatch, line, mistake):
    kata, rng = find("kata", "12"), np.random.default_rng(13)
    lesson, params, ids = load(kata.name, solutions)[kata.name], random_llama(rng), np.arange(6)
    shown = {name: model for name, *model in example["wrong_lines"](params, CONFIG)}[line]
    as_if, _ = lesson.llama(ids, *shown)
    right, _ = lesson.llama(ids, params, CONFIG)
    made = next(made for made in workshop(kata).mistakes if made.name == mistake)
    monkeypatch.setattr(lesson, made.function, made.wrong)
    wrong, _ = lesson.llama(ids, params, CONFIG)
    assert np.allclose(as_if, wrong) and not np.allclose(as_if, right)

"""Where a model goes wrong: the first call that differs is named, and how, on a small one."""

from dataclasses import dataclass

import numpy as np
import pytest

from katas.smollm2.layer_by_layer import calls_in, first_difference
from tests.runner.diagnosis.workshop import Workshop, function_of, right_text
from tests.runner.lessons.catalog import find
from tests.slow_12_modern_llm import CONFIG, random_llama

WORKSHOP = Workshop(find("kata", "12"))
PARAMS = random_llama(np.random.default_rng(12))
IDS = np.array([3, 1, 4, 1, 5])


@dataclass(frozen=True)
class Wrong:
    """A function of the reader's, as an edit of the solution, and what is to be said of it."""

    function: str
    old: str
    new: str
    block: int | None
    says: str


def run(llama):
    return llama(IDS, PARAMS, CONFIG)


def theirs(*wrong):
    """All functions of the model as a reader has them who wrote these wrong ones."""
    names = ["llama", *WORKSHOP.called_by("llama")]
    functions = {name: WORKSHOP.function(name) for name in names}
    for one in wrong:
        text = right_text(functions[one.function])
        assert one.old in text
        functions[one.function] = function_of(text.replace(one.old, one.new),
                                              functions[one.function], {})
    return functions


WRONG = [
    Wrong("rms_norm", "* gain", "* (1 + gain)", 0, "1 + gain"),
    Wrong("rms_norm", "mean_square + eps", "mean_square + 1e-6", 0, "eps"),
    Wrong("swiglu", "silu(x @ w_gate) * (x @ w_up)", "x @ w_gate * silu(x @ w_up)", 0,
          "on the other branch"),
    Wrong("grouped_query_attention", "np.repeat(k, group, axis=-3), np.repeat(v, group, axis=-3)",
          "*(np.concatenate([one] * group, axis=-3) for one in (k, v))", 0, "again and again"),
    Wrong("llama_block", ', base=config["base"]', "", 0, "base"),
    Wrong("llama", "rms_norm(x, **params[\"norm_f\"], eps=config[\"eps\"])", "x", None, "norm_f"),
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: f"{wrong.function}-{wrong.new}")
def test_the_first_wrong_function_is_named_and_how(wrong):
    found = first_difference(WORKSHOP, theirs(wrong), run)
    assert (found.call.function, found.call.block) == (wrong.function, wrong.block)
    assert wrong.says in " ".join(found.says)


def test_the_layout_of_rotary_pairs_is_named():
    """The other layout: a number is paired with the one half a head further on."""
    old = right_text(WORKSHOP.function("apply_rotary"))
    new = old.replace("x[..., 0::2], x[..., 1::2]", "np.split(x, 2, axis=-1)").replace(
        "rotated[..., 0::2]", "rotated[..., : d_head // 2]").replace(
        "rotated[..., 1::2]", "rotated[..., d_head // 2 :]")
    found = first_difference(WORKSHOP, theirs(Wrong("apply_rotary", old, new, 0, "")), run)
    assert (found.call.function, found.call.block, found.call.nth) == ("apply_rotary", 0, 0)
    assert "half" in " ".join(found.says)


def test_of_two_wrong_functions_the_first_in_the_model_is_named():
    found = first_difference(WORKSHOP, theirs(WRONG[2], WRONG[0]), run)
    assert found.call.function == "rms_norm"
    assert found.where == "block 0, `rms_norm`"


def test_a_function_is_judged_on_right_inputs():
    """A wrong function that another one calls is not held against that one."""
    functions = theirs(WRONG[0])
    del functions["rms_norm"]
    assert first_difference(WORKSHOP, functions, run) is None


def test_what_is_wrong_only_in_a_later_block_is_found_there():
    def wrong_in_the_second(x, block, config, cache=None):
        answer, cache = WORKSHOP.function("llama_block")(x, block, config, cache)
        second = np.array_equal(block["norm_1"]["gain"], PARAMS["blocks"][1]["norm_1"]["gain"])
        return answer + second, cache

    found = first_difference(WORKSHOP, {"llama_block": wrong_in_the_second}, run)
    assert found.call.block == 1 and "1 too large" in " ".join(found.says)


def test_a_function_that_raises_is_named():
    def rms_norm(x, gain, eps):
        raise IndexError("too many cats")

    found = first_difference(WORKSHOP, {"rms_norm": rms_norm}, run)
    assert found.says == ("It raises IndexError: too many cats",)


def test_a_right_model_has_no_difference():
    assert first_difference(WORKSHOP, theirs(), run) is None


def test_the_calls_are_in_the_order_in_which_they_end():
    calls = calls_in(WORKSHOP, run)
    blocks = [call.block for call in calls]
    assert calls[0].function == "rms_norm" and calls[0].block == 0
    assert blocks == sorted(blocks, key=lambda block: 99 if block is None else block)
    assert [(call.function, call.block) for call in calls[-2:]] == [("rms_norm", None),
                                                                    ("llama", None)]

"""What the diagnosis knows of nested arguments, of plain numbers, and of two mistakes at once."""

import math

import numpy as np

from tests.runner.diagnosis.known import mistake
from tests.runner.diagnosis.merge import Merger
from tests.runner.diagnosis.outcomes import Outcome, try_out
from tests.runner.diagnosis.trials import size_of

PARAMS = {"blocks": [{"norm": {"gain": np.ones(3)}}, {"norm": {"gain": np.ones(3)}}], "table": np.ones((4, 3))}


def test_plain_numbers_agree_with_those_of_numpy_and_nan_with_nan():
    assert Outcome(0.5).agrees(Outcome(np.float64(0.5)))
    assert Outcome(math.nan).agrees(Outcome(np.float64("nan")))
    assert not Outcome(0.0).agrees(Outcome(math.nan))
    assert not Outcome(0.5).agrees(Outcome(0.25))


def test_a_change_deep_inside_an_argument_is_noticed_and_kept_from_it():
    def doubles(params):
        params["blocks"][1]["norm"]["gain"] *= 2

    def drops(params):
        params["blocks"].pop()

    for function in (doubles, drops):
        assert try_out(function, (PARAMS,), {}).changed == ("params",)
        assert len(PARAMS["blocks"]) == 2
        assert PARAMS["blocks"][1]["norm"]["gain"].tolist() == [1, 1, 1]
    assert try_out(len, (PARAMS,), {}).changed == ()


def test_arrays_deep_inside_arguments_are_counted():
    assert size_of(PARAMS) == 3 + 3 + 12


def right(x, mask, params):
    return np.where(mask, x, 0) * params["gain"] + params["bias"]


def without_a_gain(x, mask, params):
    return np.where(mask, x, 0) + params["bias"]


def with_the_gain_for_a_bias(x, mask, params):
    return np.where(mask, x, 0) * params["gain"] + params["gain"]


def without_a_mask(x, mask, params):
    return x * params["gain"] + params["bias"]


def test_of_two_mistakes_together_it_is_known_whether_one_brings_back_what_the_other_leaves_out():
    merger = Merger(right)
    for other, brought_back in ((with_the_gain_for_a_bias, True), (without_a_mask, False)):
        both = merger.merged(without_a_gain, other)
        assert merger.uses_what_is_left_out(both, without_a_gain) is brought_back


def test_a_mistake_says_whether_it_denies_an_effect():
    def says(sentence):
        return mistake("right", sentence)(without_a_gain)

    assert says("`gain` has no effect.").denies and says("The gain plays no part in yours.").denies
    assert says("The gain is missing.").denies
    assert not says("Your gain is added. It should be multiplied.").denies


def in_lines(x, mask, params):
    y = np.where(mask, x, 0)
    y = y * params["gain"]
    return y + params["bias"]


def with_a_line_more(x, mask, params):
    y = np.where(mask, x, 0)
    y = y * params["gain"]
    y = y + params["bias"]
    return np.exp(y)


def without_the_mask(x, mask, params):
    y = np.where(True, x, 0)
    y = y * params["gain"]
    return y + params["bias"]


def with_the_bias_subtracted(x, mask, params):
    y = np.where(mask, x, 0)
    y = y * params["gain"]
    return y - params["bias"]


def test_a_line_more_goes_with_a_change_in_another_line_and_not_in_the_same():
    merger = Merger(in_lines)
    x, mask, params = np.ones(2), np.array([True, False]), dict(gain=2.0, bias=3.0)
    for pair in [(with_a_line_more, without_the_mask), (without_the_mask, with_a_line_more)]:
        both = Merger(in_lines).merged(*pair)
        assert both(x, mask, params).tolist() == np.exp([5.0, 5.0]).tolist()
    assert merger.merged(with_a_line_more, with_the_bias_subtracted) is None

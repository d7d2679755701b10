"""What the diagnosis knows of arguments that hold arrays inside, and of answers that are plain numbers."""

import math

import numpy as np

from tests.runner.diagnose import _in_float32, _size
from tests.runner.outcomes import Outcome, try_out

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


def test_arrays_deep_inside_arguments_are_counted_and_narrowed():
    (narrow,), _ = _in_float32(((PARAMS,), {}))
    assert narrow["blocks"][0]["norm"]["gain"].dtype == narrow["table"].dtype == np.float32
    assert _size(PARAMS) == 3 + 3 + 12

"""The diagnosis of nested arguments, plain numbers, edits, and two mistakes at once."""

import math
import re
from types import FunctionType

import numpy as np
import pytest

from tests.runner.diagnosis.known import edit, mistake
from tests.runner.diagnosis.mistake_edits import Edit, Misfit, edited
from tests.runner.diagnosis.outcomes import Outcome, try_out
from tests.runner.diagnosis.pairs import Pairs
from tests.runner.diagnosis.trials import size_of
from tests.runner.diagnosis.workshop import Mistake
from tests.runner.lessons.source_text import text_of

PARAMS = {"blocks": [{"norm": {"gain": np.ones(3)}}, {"norm": {"gain": np.ones(3)}}],
          "table": np.ones((4, 3))}


def test_pythons_numbers_equal_numpys_and_nan_equals_nan():
    assert Outcome(0.5).agrees(Outcome(np.float64(0.5)))
    assert Outcome(math.nan).agrees(Outcome(np.float64("nan")))
    assert not Outcome(0.0).agrees(Outcome(math.nan))
    assert not Outcome(0.5).agrees(Outcome(0.25))


def test_a_change_deep_inside_an_argument_is_noticed_and_undone():
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
    """A function in a few lines."""
    y = np.where(mask, x, 0)
    y = y * params["gain"]
    return y + params["bias"]


def made(change, **choices):
    """A mistake in that function, given as an edit, a list of edits, or a whole function."""
    if isinstance(change, FunctionType):
        declared = mistake("right", "", **choices)(change)
    else:
        declared = edit("right", "", *(change if isinstance(change, list) else [change]), **choices)
    return Mistake("a_slip", declared, right, {name: values[0] for name, values in choices.items()})


WITHOUT_MASK = made(("np.where(mask, x, 0)", "x"))
WITHOUT_GAIN = made(('y = y * params["gain"]', ""))
WITH_THE_GAIN_FOR_A_BIAS = made(("bias", "gain"))
WITH_A_LINE_MORE = made(('return y + params["bias"]', 'y = y + params["bias"]\nreturn np.exp(y)'))
WITH_THE_BIAS_SUBTRACTED = made(("y +", "y -"))
WITH_ANOTHER_FILL = made(("x, 0", "x, fill"), fill=(5.0, 6.0))


@made
def in_one_line(x, mask, params):
    return np.where(mask, x, 0) * params["gain"] - params["bias"]


ARGUMENTS = np.ones(2), np.array([True, False]), {"gain": 2.0, "bias": 3.0}


@pytest.mark.parametrize(("one", "another", "answer"), [
    (WITHOUT_MASK, WITHOUT_GAIN, [4, 4]),
    (WITHOUT_MASK, WITH_A_LINE_MORE, np.exp([5, 5])),
    (WITH_A_LINE_MORE, WITH_THE_GAIN_FOR_A_BIAS, np.exp([4, 2])),  # the one is inside the other
    (WITH_A_LINE_MORE, WITH_THE_BIAS_SUBTRACTED, np.exp([-1, -3])),
    # where the other one leaves nothing, nothing is renamed
    (made(("params", "more", 3)), WITHOUT_GAIN, [4, 3]),
    (WITH_ANOTHER_FILL, WITH_THE_BIAS_SUBTRACTED, [-1, 7]),
    (in_one_line, WITHOUT_MASK, [-1, -1]),
])
def test_two_mistakes_combine_in_either_order(one, another, answer):
    for pair in ((one, another), (another, one)):
        assert Pairs(right).both(*pair).wrong(*ARGUMENTS).tolist() == list(answer)


@pytest.mark.parametrize(("one", "another"), [
    (WITHOUT_GAIN, made(("y = y *", "y = y +"))),
    (in_one_line, WITHOUT_GAIN),
    (WITH_ANOTHER_FILL, made(("x, 0", "x, fill"), fill=(7.0,))),
], ids=["the same words", "not there", "one name for two values"])
def test_mistakes_that_change_the_same_do_not_combine(one, another):
    assert Pairs(right).both(one, another) is None


def test_no_two_pairs_are_written_alike():
    pairs = Pairs(right)
    assert pairs.both(WITHOUT_MASK, WITHOUT_GAIN)
    assert pairs.both(WITHOUT_GAIN, made(("np.where(mask, x, 0)", "x"))) is None


def test_a_pair_is_rejected_if_one_uses_what_the_other_dropped():
    pairs = Pairs(right)
    for other, brought_back in ((WITH_THE_GAIN_FOR_A_BIAS, True), (WITHOUT_MASK, False)):
        assert pairs.brings_back(pairs.both(WITHOUT_GAIN, other), WITHOUT_GAIN) is brought_back


@pytest.mark.parametrize(("change", "problem"), [
    (("scores", "x"), "a_slip: 'scores' is found 0 times, not 1, in right"),
    (("params", "x"), "'params' is found 3 times, not 1, in right"),
    (("y", "x", 2), "'y' is found 4 times, not 2, in right"),
    (("few", "x"), "'few' is found 0 times, not 1, in right"),
    ([("mask, x", "x"), ("x, 0", "x")], "two edits replace the same text, 'x'"),
], ids=["none", "several", "not as often", "in the docstring", "overlap"])
def test_an_edit_that_does_not_fit_is_refused(change, problem):
    with pytest.raises(Misfit, match=re.escape(problem)):
        made(change).wrong


def test_an_edit_may_go_over_lines_and_make_new_ones():
    text = edited("def f(x):\n    if x:\n        return 0\n    return x\n",
                  [Edit("if x: return 0", "x = 1"), Edit("return x", "x = 2\nif x:\n    return x")])
    assert text == "def f(x):\n    x = 1\n    x = 2\n    if x:\n        return x\n"


def odd(x):
    """Lines at the margin, in a text and in brackets, do not end a function."""
    text = """
of two lines"""
    return (text, x
)


def test_the_text_of_a_function_is_its_own_without_docstring():
    assert text_of(odd) == 'def odd(x):\n    text = """\nof two lines"""\n    return (text, x\n)\n'

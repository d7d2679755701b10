"""What `make mistake` shows, and what it says of a name that it does not know."""

import pytest

from tests.runner.commands.all_commands import Misused
from tests.runner.commands.mistake import mistake


def test_a_mistake_is_shown_with_its_sentence_and_its_diff(capsys):
    assert mistake("softmax", "adds_to_the_sum") == 0
    screen = capsys.readouterr().out
    assert screen.startswith("softmax: adds_to_the_sum  "
                             "hints/mistakes_01_attention/softmax_shares.py:")
    assert "Your softmax adds something to the sum" in screen
    assert "`extra` is one of 1e-09, " in screen
    assert "def softmax(scores, axis=-1, *, extra):\n    shifted = " in screen
    assert "  -     return exps / exps.sum(axis=axis, keepdims=True)\n" in screen
    assert "  +     return exps / (exps.sum(axis=axis, keepdims=True) + extra)\n" in screen


def test_a_mistake_that_is_written_out_is_shown_as_well(capsys):
    assert mistake("softmax", "goes_through_the_first_axis") == 0
    screen = capsys.readouterr().out
    assert ("def softmax(scores, axis=-1):\n"
            "    exps = [math.exp(score) for score in scores]\n") in screen


@pytest.mark.parametrize(("words", "said"), [
    (("softmax", "adds_to_sum"),
     "No mistake in `softmax` is called `adds_to_sum`. Did you mean `adds_to_the_sum`"),
    (("softmax", "below_the"), "Did you mean `shifts_only_below_the_line`"),
    (("softmax", "zzz"),
     "No mistake in `softmax` is called `zzz`. hints/mistakes_01_attention has them all."),
    (("sofmax", "adds_to_the_sum"),
     "No lesson with mistakes has a function `sofmax`. Did you mean `softmax`"),
    (("softmax",), "Type the function and the mistake's name, for example: make mistake-softmax-"),
], ids=["misspelt", "a part", "none alike", "no such function", "no name"])
def test_an_unknown_name_is_answered_with_similar_ones(words, said):
    with pytest.raises(Misused) as refused:
        mistake(*words)
    assert said in str(refused.value)

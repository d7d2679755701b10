"""Random calls: every function of the lessons has them, as its docstring allows."""

import functools
import inspect

import numpy as np
import pytest

from tests.runner.diagnosis.outcomes import try_out
from tests.runner.diagnosis.random_calls import covers, random_calls
from tests.runner.diagnosis.workshop import workshop
from tests.runner.lessons.catalog import all_katas

FUNCTIONS = [(kata, name) for kata in all_katas("kata") for name in kata.functions]


@pytest.mark.parametrize(("kata", "name"), FUNCTIONS,
                         ids=lambda value: getattr(value, "name", value))
def test_a_solution_answers_every_random_call(kata, name):
    function = workshop(kata).function(name)
    assert covers(function), "an argument is missing in hints/arguments_..."
    answers, refusals = 0, {}
    for args, kwargs in random_calls(function, 60, seed=3):
        outcome = try_out(function, args, kwargs)
        answers += outcome.raised is None
        refusals |= {type(outcome.raised): outcome.raised} if outcome.raised else {}
    assert set(refusals) <= ({ValueError} if refuses(function) else set()), refusals
    assert answers > 45


def refuses(function):
    """Whether its docstring, or that of a function that it calls, has something refused."""
    return "raises:" in function.__doc__ or "n_heads" in function.__doc__


def test_the_same_seed_makes_the_same_calls():
    kata = next(kata for kata in all_katas("kata") if kata.number == "01")
    calls = functools.partial(random_calls, workshop(kata).function("attention"), 20)
    one, same, other = map(str, (calls(seed=1), calls(seed=1), calls(seed=2)))
    assert one == same != other


def test_masks_have_every_kind_of_row_and_number_of_axes():
    kata = next(kata for kata in all_katas("kata") if kata.number == "01")
    attention = workshop(kata).function("attention")
    bound = inspect.signature(attention).bind
    calls = [bound(*args, **kwargs).arguments
             for args, kwargs in random_calls(attention, 200, seed=1)]
    masks = [call["mask"] for call in calls if "mask" in call]
    assert {mask.ndim for mask in masks} >= {1, 2, 3}
    shares = {float(share) for mask in masks for share in np.ravel(mask.mean(axis=-1))}
    assert {0.0, 1.0} < shares

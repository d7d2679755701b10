"""Every known mistake is caught by a spec and named by the diagnosis; what is right is neither."""

import ast
import importlib
import math
import re

import numpy as np
import pytest

from tests.runner.guard import Seal
from tests.runner.judge import judge
from tests.runner.lessons import Kata, all_katas, find
from tests.runner.merge import Merger
from tests.runner.mistakes import Workshop, rehouse
from tests.runner.source import load, loading_from, solutions
from tests.runner.watch import Kata as Watched

KATAS = [kata for kata in all_katas("kata") + all_katas("exercise") if kata.mistakes.is_dir()]
WORKSHOPS = {kata.name: Workshop(kata) for kata in KATAS}
LESSON_1 = find("kata", "01")

with loading_from(solutions):
    from tests.repo.right_versions import VERSIONS


def mistakes_of(kata):
    return [made for made in WORKSHOPS[kata.name].mistakes if made.function in kata.functions]


def label(value):
    if isinstance(value, Kata):
        return value.name
    choices = (value.wrong.__kwdefaults__ or {}).values()
    return "-".join([value.function, value.name, *map(str, choices)])


every_mistake = pytest.mark.parametrize(
    ("kata", "made"), [(kata, made) for kata in KATAS for made in mistakes_of(kata)], ids=label)


@pytest.fixture(autouse=True)
def nothing_is_left_behind():
    """A mistake may change neither NumPy's settings nor the solutions that it was put into."""
    seal = Seal(*(module for workshop in WORKSHOPS.values() for module in workshop.modules.values()))
    before = settings()
    yield
    assert not seal.broken()
    assert settings() == before


def settings():
    return np.geterr(), np.get_printoptions(), np.random.get_state()[1].tolist()


def module_with(kata, **functions):
    """The kata's solution with other functions in it, which look up what they call in it."""
    module = load(kata.name, solutions)[kata.name]
    for name, function in functions.items():
        setattr(module, name, rehouse(function, vars(module), function.__kwdefaults__ or {}))
    return module


def first_red(kata, module):
    """The first red spec of a kata with this module, and what the reader is told; None where all is green."""
    watched = Watched(kata.name, load=lambda: module)
    for name, spec in vars(importlib.import_module(f"tests.test_{kata.name}")).items():
        if name.startswith("test_"):
            n_before = len(watched.calls)
            try:
                with np.errstate(all="ignore"):
                    spec(watched)
            except Exception as problem:
                return name, judge(kata, watched, name, n_before, problem, lambda: WORKSHOPS[kata.name])
    return None


@every_mistake
def test_a_mistake_is_caught_and_named_and_no_other_is(kata, made):
    found = first_red(kata, module_with(kata, **{made.function: made.wrong}))
    assert found, "no spec is red"
    spec, red = found
    assert red.named == (made.name,), spec
    assert made.says in red.happened


@every_mistake
def test_a_mistake_is_explained_in_few_words(kata, made):
    assert 20 <= len(made.says) <= 240
    assert made.says[0].isupper() or made.says[0] in "`0"
    assert made.says.endswith((".", "?"))
    assert not re.search(r"\.py\b|\w/\w+/|katas/|hints/", made.says)


@every_mistake
def test_a_mistake_does_not_call_the_right_version(kata, made):
    assert made.function not in made.wrong.__code__.co_names


@pytest.mark.parametrize("kata", [kata for kata in KATAS if kata.kind == "kata"], ids=label)
def test_every_function_has_mistakes_and_probes(kata):
    for function in kata.functions:
        assert [made for made in mistakes_of(kata) if made.function == function], function
        assert len(WORKSHOPS[kata.name].probes(function)) >= 2, function


@pytest.mark.parametrize("kata", KATAS, ids=label)
def test_mistakes_have_names_of_their_own(kata):
    names = [(made.name, made.says) for made in mistakes_of(kata)]
    assert len({name for name, _ in names}) == len(set(names))


@pytest.mark.parametrize("kata", [kata for kata in KATAS if kata.kind == "kata"], ids=label)
def test_no_mistake_hides_another_of_the_same_name(kata):
    names = [node.name for file in kata.mistakes.glob("*.py") for node in ast.parse(file.read_text(encoding="utf-8")).body
             if isinstance(node, ast.FunctionDef)]
    assert len(names) == len(set(names))


def test_lesson_1_knows_many_mistakes():
    assert len({made.name for made in mistakes_of(LESSON_1)}) >= 35


@pytest.mark.parametrize(("function", "version"), VERSIONS, ids=lambda value: getattr(value, "__name__", value))
def test_a_right_version_is_green_in_any_style(function, version):
    assert first_red(LESSON_1, module_with(LESSON_1, **{function: version})) is None


# Two at once ------------------------------------------------------------------------


@pytest.mark.parametrize(("function", "a", "b"), [
    ("softmax", "leaves_the_maximum_in", "runs_down_the_columns"),
    ("softmax", "leaves_the_maximum_in", "adds_to_the_sum"),
    ("softmax", "always_takes_the_last_axis", "keeps_integers"),
    ("softmax", "takes_one_maximum_for_all", "loses_the_axis_in_the_sum"),
    ("attend_one", "leaves_out_the_scaling", "blends_the_keys"),
    ("attend_one", "divides_by_d_k", "leaves_the_weighted_values_apart"),
    ("attention_loop", "loops_without_scaling", "leaves_out_the_last_query"),
    ("attention_loop", "loops_with_d_k", "answers_with_the_last_weighted_value"),
    ("attention_scores", "scores_without_scaling", "transposes_every_axis"),
    ("attention_scores", "scores_over_d_k", "swaps_the_first_two_axes"),
    ("attention_weights", "turns_the_mask_round", "shares_nothing_out_as_nan"),
    ("attention_weights", "scales_twice", "shares_nothing_out_evenly"),
    ("attention", "forgets_to_pass_the_mask_on", "scales_the_output"),
])
def test_two_mistakes_in_a_function_are_named_or_the_first_that_shows(function, a, b):
    main = WORKSHOPS[LESSON_1.name].main
    both = Merger(vars(main)[function], vars(main)).merged(likeliest(a).wrong, likeliest(b).wrong)
    _, red = first_red(LESSON_1, module_with(LESSON_1, **{function: both}))
    assert red.named in {(a, b), (b, a), (a,), (b,)}


def likeliest(name):
    return next(made for made in mistakes_of(LESSON_1) if made.name == name)


@pytest.mark.parametrize(("a", "b"), [
    ("ignores_the_mask", "scores_in_float64_always"),
    ("hides_after_the_softmax", "scores_in_float64_always"),
    ("forgets_to_pass_the_mask_on", "shares_nothing_out_evenly"),
    ("returns_the_weights", "scores_in_float64_always"),
])
def test_two_mistakes_in_two_functions_are_named_or_the_first_that_shows(a, b):
    functions = {likeliest(name).function: likeliest(name).wrong for name in (a, b)}
    _, red = first_red(LESSON_1, module_with(LESSON_1, **functions))
    assert red.named in {(a, b), (b, a), (a,), (b,)}


# Unheard-of mistakes ----------------------------------------------------------------

UNHEARD_OF = {
    "tanh": ("softmax", lambda scores, axis=-1: np.tanh(scores)),
    "cumulative": ("softmax", lambda scores, axis=-1: np.exp(scores) / np.cumsum(np.exp(scores), axis=axis)),
    "softplus": ("softmax", lambda scores, axis=-1: np.log1p(np.exp(scores))),
    "one minus": ("softmax", lambda scores, axis=-1: 1 - np.exp(scores) / np.exp(scores).sum(axis, keepdims=True)),
    "squared root": ("attend_one", lambda query, keys, values: softmax(keys @ query / len(query) ** 2) @ values),
    "outer": ("attend_one", lambda query, keys, values: np.outer(softmax(keys @ query / 3), values)),
    "cubes": ("attention_loop", lambda q, k, v: softmax((q @ k.T) ** 3) @ v),
    "logarithm": ("attention_scores", lambda q, k: q @ k.swapaxes(-1, -2) / math.log(q.shape[-1])),
    "minus": ("attention_scores", lambda q, k: q @ k.swapaxes(-1, -2) - math.sqrt(q.shape[-1])),
    "always causal": ("attention_weights", lambda q, k, mask=None: np.tril(attention_scores(q, k))),
    "upside down": ("attention", lambda q, k, v, mask=None: attention_weights(q, k, mask) @ v[..., ::-1, :]),
    "none": ("attention", lambda q, k, v, mask=None: None),
}


@pytest.mark.parametrize(("function", "version"), UNHEARD_OF.values(), ids=UNHEARD_OF)
def test_an_unheard_of_mistake_is_caught_and_not_named(function, version):
    _, red = first_red(LESSON_1, module_with(LESSON_1, **{function: version}))
    assert red.named == ()

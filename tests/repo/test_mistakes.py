"""Every known mistake is caught by a spec and named by the diagnosis; no right version is."""

import ast
import functools
import importlib
import re

import numpy as np
import pytest

from tests.repo.versions import versions_of
from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.judge import judge
from tests.runner.diagnosis.pairs import Pairs
from tests.runner.diagnosis.workshop import Mistake, Workshop, rehouse
from tests.runner.lessons.catalog import Kata, all_katas, katas_and_exercises
from tests.runner.lessons.loading import load, solutions
from tests.runner.specs.guard import Seal
from tests.runner.specs.nested import mapped
from tests.runner.specs.watched import WatchedKata

LESSONS = all_katas("kata")
KATAS = [kata for kata in katas_and_exercises() if kata.mistakes.is_dir()]
WORKSHOPS = {kata.name: Workshop(kata) for kata in katas_and_exercises()}


def mistakes_of(kata):
    return [made for made in WORKSHOPS[kata.name].mistakes if made.function in kata.functions]


def common_in(kata):
    """A kata's common mistakes in the numbers, not in the dtype; each in its likeliest form."""
    return {made.name: made for made in reversed(mistakes_of(kata))
            if made.common and not re.search("float64|widens", made.name)}.values()


def label(value):
    if isinstance(value, Kata):
        return value.name
    if isinstance(value, Mistake):
        return "-".join([value.function, value.name, *map(str, value.chosen.values())])
    return getattr(value, "__name__", value)


every_mistake = pytest.mark.parametrize(
    ("kata", "made"), [(kata, made) for kata in KATAS for made in mistakes_of(kata)], ids=label)


@pytest.fixture(scope="module")
def seal():
    return Seal(*(module for workshop in WORKSHOPS.values()
                  for module in workshop.modules.values()))


@pytest.fixture(autouse=True)
def nothing_is_left_behind(seal):
    """A mistake may change neither NumPy's settings nor the solutions that it is put into."""
    before = settings()
    yield
    assert not seal.broken()
    assert settings() == before


def settings():
    return np.geterr(), np.get_printoptions(), np.random.get_state()[1].tolist()


def module_with(kata, **functions):
    """The kata's solution with other functions in it, which look up names in its module."""
    module = load(kata.name, solutions)[kata.name]
    for name, function in functions.items():
        setattr(module, name, rehouse(function, vars(module), function.__kwdefaults__ or {}))
    return module


def first_red(kata, module, of="", after=""):
    """The first red spec of a kata with this module, and its diagnosis; None if all is green.

    of:    the function to begin with, if only that one is wrong
    after: the spec to begin with, if those before it may be red
    """
    found = first_problem(kata, module, of, after)
    if not found:
        return None
    name, *about = found
    red, _ = judge(Case(kata, *about, lambda: WORKSHOPS[kata.name]))
    return name, red


def first_problem(kata, module, of="", after=""):
    """The first red spec, and what a diagnosis asks for: the calls, its name, where it begins."""
    watched = WatchedKata(kata.name, load=lambda: module)
    begun = kata.functions[kata.functions.index(of) :] if of else kata.functions
    for name, spec in vars(importlib.import_module(f"tests.test_{kata.name}")).items():
        if name.startswith("test_") and kata.function_of(name) in begun:
            n_before = len(watched.calls)
            try:
                with np.errstate(all="ignore"):
                    spec(watched)
            except Exception as problem:
                if after and name != after:
                    continue
                return name, watched, name, n_before, problem
    return None


@every_mistake
def test_a_mistake_is_caught_and_named_and_no_other_is(kata, made):
    found = first_red(kata, module_with(kata, **{made.function: made.wrong}), of=made.function)
    assert found, "no spec is red"
    spec, red = found
    assert red.named == (made.name,), spec
    assert made.says in red.happened


@pytest.mark.parametrize(("kata", "made"),
                         [(kata, made) for kata in LESSONS for made in common_in(kata)], ids=label)
def test_a_mistake_is_named_even_if_an_earlier_function_widens(kata, made):
    """A root that widens is noticed only in the last spec of lesson 1; others call it by then."""
    module = module_with(kata, **{made.function: made.wrong})
    spec, *_ = first_problem(kata, module, of=made.function)
    modules = load(kata.name, solutions)
    main = vars(modules[kata.name])
    for name in WORKSHOPS[kata.name].before(made.function):
        widen(modules.values(), name)
    main[made.function] = rehouse(made.wrong, main, made.wrong.__kwdefaults__ or {})
    _, red = first_red(kata, modules[kata.name], after=spec)
    assert red.named == (made.name,)
    assert red.file == f"katas/{kata.name}.py"


def widen(modules, name):
    """Make a function answer in float64, wherever it is called."""
    spaces = [space for space in map(vars, modules) if name in space]
    right = spaces[-1][name]

    @functools.wraps(right)
    def wider(*args, **kwargs):
        return in_float64(right(*args, **kwargs))

    for space in spaces:
        space[name] = wider


def in_float64(answer):
    """An answer with every float32 array in it widened."""
    return mapped(lambda leaf: leaf.astype(np.float64)
                  if getattr(leaf, "dtype", None) == np.float32 else leaf, answer)


@pytest.mark.parametrize("kata", LESSONS, ids=label)
def test_every_function_has_mistakes_and_probes(kata):
    for function in kata.functions:
        assert [made for made in mistakes_of(kata) if made.function == function], function
        assert len(WORKSHOPS[kata.name].probes(function)) >= 2, function


@pytest.mark.parametrize("kata", KATAS, ids=label)
def test_mistakes_have_names_of_their_own(kata):
    names = [(made.name, made.says) for made in mistakes_of(kata)]
    assert len({name for name, _ in names}) == len(set(names))


@pytest.mark.parametrize("kata", LESSONS, ids=label)
def test_no_mistake_hides_another_of_the_same_name(kata):
    names = [name for file in kata.mistakes.glob("*.py") for name in declared_in(file)]
    assert len(names) == len(set(names))


def declared_in(file):
    """The names of the functions and variables of a file; an edit without one would be lost."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        assert not isinstance(node, ast.Expr) or isinstance(node.value,
                                                            ast.Constant), ast.unparse(node)
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets)


@pytest.mark.parametrize("kata", LESSONS, ids=label)
def test_a_lesson_knows_many_mistakes(kata):
    assert len({made.name for made in mistakes_of(kata)}) >= (35 if kata.number == "01" else 25)


def versions(which):
    """(kata, version) for each version of a kind."""
    return [(kata, *version) for kata in LESSONS for version in getattr(versions_of(kata), which)]


@pytest.mark.parametrize("kata", LESSONS, ids=label)
def test_a_lesson_has_versions_of_every_kind(kata):
    for which in ("right", "unheard_of"):
        assert {function
                for function, _ in getattr(versions_of(kata), which)} == set(kata.functions), which
    assert len(versions_of(kata).twice) >= 5


@pytest.mark.parametrize(("kata", "function", "version"), versions("right"), ids=label)
def test_a_right_version_is_green_in_any_style(kata, function, version):
    assert first_red(kata, module_with(kata, **{function: version}), of=function) is None


@pytest.mark.parametrize(("kata", "function", "version"), versions("unheard_of"), ids=label)
def test_an_unheard_of_mistake_is_caught_and_not_named(kata, function, version):
    _, red = first_red(kata, module_with(kata, **{function: version}), of=function)
    assert red.named == ()


@pytest.mark.slow
@pytest.mark.parametrize(("kata", "one", "another"), versions("twice"), ids=label)
def test_two_mistakes_are_named_or_the_first_that_shows(kata, one, another):
    a, b = likeliest(kata, one), likeliest(kata, another)
    functions = {made.function: made.wrong for made in (a, b)}
    if a.function == b.function:
        functions = {a.function: Pairs(a.right).both(a, b).wrong}
    _, red = first_red(kata, module_with(kata, **functions))
    assert red.named in {(one, another), (another, one), (one,), (another,)}


def test_of_two_mistakes_the_one_that_the_spec_sees_is_named():
    """The root widens only float32; the first red spec is about a token that sees nothing."""
    kata = next(kata for kata in LESSONS if kata.name == "kata_02_self_attention")
    spec, red = first_red(kata, module_with(kata, self_attention=attends_with_a_softmax_of_its_own))
    assert "mask" in spec
    assert red.named == ("answers_nothing_with_nan",)


def test_a_mistake_of_an_earlier_lesson_is_named_in_that_lesson():
    """The models seem to hide each token from itself; in fact the reader's own causal_mask does."""
    kata = next(kata for kata in LESSONS if kata.name == "kata_06_transformer")
    wrong = likeliest(next(kata for kata in LESSONS if kata.number == "02"),
                      "hides_the_diagonal").wrong
    _, red = first_red(kata, module_with(kata, causal_mask=wrong))
    assert red.named == ("hides_the_diagonal",)
    assert red.happened[0].startswith("The cause is your `causal_mask` of kata 02:")


def test_a_mistake_in_one_part_is_named_if_others_are_missing():
    kata = next(kata for kata in LESSONS if kata.name == "kata_07_gradients")
    spec, red = first_red(kata, module_with(kata, linear_backward=reshapes_w_and_stops_there))
    assert spec == "test_linear_backward_gives_grad_x_by_hand" and red.named == ("reshapes_w",)


def reshapes_w_and_stops_there(x, w, grad_out):
    return grad_out @ w.reshape(w.shape[::-1]), None


def test_mistakes_alike_to_the_spec_are_not_mixed_up():
    """The tokens of the encoder's first spec have mean 0: it cannot tell if that is subtracted."""
    kata = next(kata for kata in LESSONS if kata.name == "kata_06_transformer")
    for name in ("goes_straight_to_gain_and_bias", "forgets_to_divide"):
        wrong = likeliest(next(kata for kata in LESSONS if kata.number == "05"), name).wrong
        assert first_red(kata, module_with(kata, layer_norm=wrong))[1].named == (name,)


def attends_with_a_softmax_of_its_own(x, w_q, w_k, w_v, mask=None):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    scores = scores if mask is None else np.where(mask, scores, -np.inf)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True) @ v


def test_a_float64_that_no_spec_checks_yet_hides_no_mistake():
    """Three mistakes: np.sqrt widens, the fill is finite, the scores are scaled by d_model."""
    kata = next(kata for kata in LESSONS if kata.name == "kata_03_multi_head")
    _, red = first_red(kata, module_with(kata, multi_head_attention=attends_in_its_own_words))
    assert set(red.named) == {"scales_by_d_model", "shares_nothing_out_evenly"}


def attends_in_its_own_words(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    seen = x if memory is None else memory
    projected = x @ w_q, seen @ w_k, seen @ w_v
    q, k, v = (split_heads(each, n_heads) for each in projected)  # noqa: F821
    scores = q @ k.swapaxes(-1, -2) / np.sqrt(x.shape[-1])
    scores = scores if mask is None else np.where(np.atleast_2d(mask)[..., None, :, :], scores,
                                                  -1e9)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return merge_heads(exps / exps.sum(axis=-1, keepdims=True) @ v) @ w_o  # noqa: F821


def test_integers_that_no_spec_asks_for_yet_hide_no_mistake():
    """Two mistakes: pairs are halves of a head, and angles are cut to whole numbers with them."""
    kata = next(kata for kata in LESSONS if kata.number == "12")
    _, red = first_red(kata, module_with(kata, grouped_query_attention=turns_halves_as_x_is))
    assert red.named == ("turns_halves",)


def turns_halves_as_x_is(x, w_q, w_k, w_v, w_o, n_heads, n_kv_heads, base=10_000.0, cache=None):
    def turned(heads):
        half = heads.shape[-1] // 2
        angles = positions[:, None] * base ** (-np.arange(half) / half)
        cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
        a, b = heads[..., :half], heads[..., half:]
        return np.concatenate([a * cos - b * sin, b * cos + a * sin], axis=-1)

    if n_heads % n_kv_heads:
        raise ValueError("the heads of keys do not divide those of queries")
    positions = np.arange(x.shape[-2]) + (cache["k"].shape[-2] if cache else 0)
    q = turned(split_heads(x @ w_q, n_heads))  # noqa: F821
    k = turned(split_heads(x @ w_k, n_kv_heads))  # noqa: F821
    v = split_heads(x @ w_v, n_kv_heads)  # noqa: F821
    if cache:
        k, v = (np.concatenate([cache[name], new], axis=-2) for name, new in (("k", k), ("v", v)))
    mask = np.arange(k.shape[-2]) <= positions[:, None]
    keys, values = (np.repeat(each, n_heads // n_kv_heads, axis=-3) for each in (k, v))
    return merge_heads(attention(q, keys, values, mask)) @ w_o, {"k": k, "v": v}  # noqa: F821


def scales_nothing_and_fills_with_minus_infinity(q, k, mask=None):
    scores = q @ k.swapaxes(-1, -2)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    return np.nan_to_num(softmax(scores))  # noqa: F821


def test_one_slip_in_another_style_is_not_two_mistakes():
    """With integers the known mistake fails in its fill, and this version does not."""
    kata = next(kata for kata in LESSONS if kata.number == "01")
    version = scales_nothing_and_fills_with_minus_infinity
    _, red = first_red(kata, module_with(kata, attention_weights=version))
    assert red.named == ("scores_without_scaling",)


def later_with(**functions):
    """What lesson 2 says about its solution if lesson 1 has other functions in it."""
    kata = next(kata for kata in LESSONS if kata.name == "kata_02_self_attention")
    modules = load(kata.name, solutions)
    for name, function in functions.items():
        moved = rehouse(function, vars(modules["kata_01_attention"]), {})
        for module in modules.values():
            if name in vars(module):
                setattr(module, name, moved)
    return first_red(kata, modules[kata.name])[1]


def test_a_mistake_that_others_pass_on_is_named_where_it_is_made():
    """attention_weights answers the token that sees nothing; self_attention passes it on."""
    made = likeliest(next(kata for kata in LESSONS if kata.number == "01"),
                     "shares_nothing_out_evenly")
    red = later_with(attention_weights=made.wrong)
    assert red.named == (made.name,)
    assert red.file == "katas/kata_01_attention.py"


def test_a_later_function_is_not_blamed_for_an_earlier_one():
    assert later_with(attention=negated).named == ()


def negated(q, k, v, mask=None):
    return -(attention_weights(q, k, mask) @ v)  # noqa: F821


def likeliest(kata, name):
    return next(made for made in mistakes_of(kata) if made.name == name)

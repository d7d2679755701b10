"""Unfinished functions, and functions that call wrong ones: each is judged by itself."""

import linecache

import numpy as np
import pytest

from tests.repo.test_mistakes import LESSONS, first_red, likeliest, module_with, rehouse
from tests.runner.diagnosis.pairs import Pairs
from tests.runner.lessons.catalog import all_katas
from tests.runner.lessons.loading import load, solutions
from tests.runner.specs.record import Cause

KATAS = {kata.number: kata for kata in LESSONS}


def written(function: str, *lines: str):
    """A function with these lines; it looks up names in the module that it is put into."""
    text, names = "\n    ".join((f"def {function}:", *lines)), {}
    file = f"<written {hash(text):x}>"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    exec(compile(text, file, "exec"), {"np": np}, names)
    return names.popitem()[1]


def masked(line: str):
    return written("attention_weights(q, k, mask=None)", "scores = attention_scores(q, k)",
                   "if mask is not None:", f"    scores = {line}", "return softmax(scores)")


def scores_in_float64(q, k):
    return q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])


INVERTED = ("turns_the_mask_round", "shares_nothing_out_as_nan")


@pytest.mark.parametrize(("line", "names"), [
    ("np.where(mask, -np.inf, scores)", INVERTED),
    ("np.where(~mask, scores, -np.inf)", INVERTED),
    ("scores + np.where(mask, -np.inf, 0)", INVERTED),
    ("np.where(mask, -1e9, scores)", ("turns_the_mask_round",)),  # which two pairs share
    ("np.where(~mask, scores, -1e9)", ("turns_the_mask_round",)),
    ("np.where(mask, scores, np.inf)", ("lifts_hidden_keys_to_infinity",)),
    ("np.where(mask, scores, np.nan)", ("lifts_hidden_keys_to_infinity",)),
    ("np.where(mask, scores, 0)", ("scores_hidden_keys_zero",)),
])
def test_a_root_that_widens_does_not_hide_a_wrong_mask(line, names):
    widened = {"attention_scores": scores_in_float64}
    for earlier in ({}, widened):
        module = module_with(KATAS["01"], attention_weights=masked(line), **earlier)
        assert first_red(KATAS["01"], module)[1].named == names


HEADS = "multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None)"
SPLIT = "q, k, v = (split_heads(x @ w, n_heads) for w in (w_q, w_k, w_v))"


@pytest.mark.parametrize(("lines", "name"), [
    ([SPLIT, "return merge_heads(attention(q, k, v))"], "forgets_w_o"),
    ([SPLIT, "if mask is not None:", "    raise NotImplementedError",
      "return merge_heads(attention(q, k, v))"], "forgets_w_o"),
    (["q, k, v = x @ w_q, x @ w_k, x @ w_v", "return attention(q, k, v) @ w_o"],
     "attends_without_splitting"),
    ([SPLIT.replace("w_k, w_v", "w_k, w_k"), "return merge_heads(attention(q, k, v)) @ w_o"],
     "blends_the_keys_of_each_head"),
    ([SPLIT, "return attention(q, k, v).reshape(*x.shape[:-1], -1) @ w_o"],
     "merges_by_reshape_in_place"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_mistake_is_named_before_mask_and_memory_are_written(lines, name):
    _, red = first_red(KATAS["03"],
                       module_with(KATAS["03"], multi_head_attention=written(HEADS, *lines)))
    assert red.named == (name,)


def with_earlier(kata, **functions):
    """The kata's solution, with other functions in the lessons that it imports."""
    modules = load(kata.name, solutions)
    for name, function in functions.items():
        homes = [vars(module) for module in modules.values() if name in vars(module)]
        home = next(space for space in homes if space[name].__module__ == space["__name__"])
        for space in homes:
            space[name] = rehouse(function, home, {})
    return modules[kata.name]


def drops_the_mask(q, k, v, mask=None):
    return attention_weights(q, k) @ v  # noqa: F821


def rounds(q, k, v, mask=None):
    return np.round(attention_weights(q, k, mask) @ v, 3) + 0.001  # noqa: F821


@pytest.mark.parametrize(("number", "of"),
                         [("02", "self_attention"), ("03", "multi_head_attention")])
@pytest.mark.parametrize(("attention", "names"),
                         [(drops_the_mask, ("forgets_to_pass_the_mask_on",)), (rounds, ())])
def test_a_right_function_on_a_wrong_earlier_one_is_not_blamed(number, of, attention, names):
    _, red = first_red(KATAS[number], with_earlier(KATAS[number], attention=attention))
    assert red.named == names
    assert red.happened[0] == ("The cause is your `attention` of kata 01: with the solution's "
                               f"instead, `{of}` gives what is expected.")
    assert red.file == "katas/kata_01_attention.py"
    assert not red.hint_fits


def test_its_own_mistake_is_named_on_a_wrong_earlier_function():
    module = with_earlier(KATAS["02"], attention=rounds)
    main = vars(module)
    main["self_attention"] = rehouse(written(
        "self_attention(x, w_q, w_k, w_v, mask=None)",
        "return attention(x @ w_q, x @ w_q, x @ w_v, mask)"), main, {})
    _, red = first_red(KATAS["02"], module)
    assert red.file == "katas/kata_02_self_attention.py"
    assert red.named and "The cause is" not in red.happened[0]


def sums_to_less(scores, axis=-1):
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return 0.7 * exps / exps.sum(axis=axis, keepdims=True) + 0.01


def returns_nothing(scores, axis=-1):
    return None


def softens_in_pytorch(scores, axis=-1):
    return scores.softmax(axis)


def widens(scores, axis=-1):
    exps = np.float64(1) * np.exp(scores - scores.max(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)


def test_an_earlier_function_that_widens_has_its_dtype_shown():
    _, red = first_red(KATAS["03"], with_earlier(KATAS["03"], softmax=widens))
    assert red.happened[1] == ("Of `softmax`'s answer: the numbers are right, but their dtype is "
                               "float64; it should be float32, as in the input.")


@pytest.mark.parametrize(("softmax", "said"), [
    (sums_to_less, ["Of `softmax`'s answer: row [0, 0] sums to 0.74, not to 1."]),
    (returns_nothing, ["`softmax` returned None. Is there a `return` on every path?", ""]),
    (softens_in_pytorch, ["    AttributeError: 'numpy.ndarray' object has no attribute 'softmax'"]),
])
def test_an_unknown_mistake_in_an_earlier_function_is_described(softmax, said):
    _, red = first_red(KATAS["03"], with_earlier(KATAS["03"], softmax=softmax))
    assert red.happened[0].startswith("The cause is your `softmax` of kata 01") and not red.named
    assert list(red.happened[1 : 1 + len(said)]) == said


def squares(x):
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 2)))


def lets_all_through(x):
    return x


def on_another_gelu(gelu):
    """Lesson 6 on a lesson 5 with another gelu, which is also the default of its feed_forward."""
    modules = load(KATAS["06"].name, solutions)
    five = vars(modules["kata_05_feed_forward"])
    five["gelu"] = rehouse(gelu, five, {})
    five["feed_forward"].__defaults__ = (five["gelu"],)
    return modules[KATAS["06"].name]


@pytest.mark.parametrize("gelu", [squares, lets_all_through])
def test_a_default_argument_that_is_wrong_is_blamed_itself(gelu):
    spec, red = first_red(KATAS["06"], on_another_gelu(gelu))
    assert spec.startswith("test_gpt_")
    assert red.happened[0] == ("The cause is your `gelu` of kata 05: with the solution's instead, "
                               "`gpt` gives what is expected.")


def divides_by_one_less(x, gain, bias, eps=1e-5):
    spread = np.sqrt(x.var(axis=-1, keepdims=True, ddof=1) + eps)
    return (x - x.mean(axis=-1, keepdims=True)) / spread * gain + bias


def bends_by_gelu_alone(x, w_in, b_in, w_out, b_out, activation=None):
    return gelu(x @ w_in + b_in) @ w_out + b_out  # noqa: F821


def test_two_wrong_earlier_functions_are_both_reported():
    module = with_earlier(KATAS["06"], layer_norm=divides_by_one_less,
                          feed_forward=bends_by_gelu_alone)
    _, red = first_red(KATAS["06"], module)
    assert red.happened[0] == ("Your `feed_forward` and your `layer_norm` of kata 05 are both "
                               "wrong: with the solutions' instead, `encoder_block` gives what is "
                               "expected. Begin with `feed_forward`.")
    assert red.named == ("always_bends_with_gelu",)
    assert red.file == "katas/kata_05_feed_forward.py"


def test_two_mistakes_combine_in_a_lesson_with_another_default():
    one, another = (likeliest(KATAS["05"], name)
                    for name in ("always_bends_with_gelu", "forgets_the_bias_outside"))
    both = Pairs(one.right).both(one, another).wrong
    assert both.__defaults__[0].__name__ == "gelu"


def test_a_right_function_on_two_wrong_ones_is_not_blamed():
    module = with_earlier(KATAS["02"], softmax=sums_to_less, attention_scores=scales_to_more)
    _, red = first_red(KATAS["02"], module)
    assert red.happened[0].startswith("Your `softmax` and your `attention_scores` of kata 01 are "
                                      "both wrong: ")
    assert red.happened[1].startswith("Of `softmax`'s answer: ")


def scales_to_more(q, k):
    return 3 * q @ k.swapaxes(-1, -2) + 0.1 * k[..., 0]


@pytest.mark.parametrize(("number", "function"), [("01", "choose_vectors"), ("03", "reverser")])
def test_an_unwritten_choice_has_no_expected_answer(number, function):
    exercise = next(kata for kata in all_katas("exercise") if kata.number == number)
    _, red = first_red(exercise, module_with(
        exercise, **{function: written(f"{function}()", "raise NotImplementedError")}))
    assert red.cause is Cause.RAISED and red.expected is None

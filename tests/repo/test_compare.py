"""`make compare`: its page, how it describes a difference, and that the solutions agree.

The tests that need PyTorch are skipped if it is missing; .ci/run installs it and runs them.
"""

import math
import re
from functools import partial

import numpy as np
import pytest

from benchmarks.compare import given, install
from benchmarks.compare.distance import between
from benchmarks.compare.page import page
from benchmarks.compare.row import AGREED, AGREED_32, Row
from tests.runner.lessons.catalog import ROOT, all_katas
from tests.runner.lessons.loading import load, solutions
from tests.runner.screens.terminal import plain

FIRST, SECOND = "kata_01_attention", "kata_05_feed_forward"
ATTENTION = "scaled_dot_product_attention"
DESIGN = "Ours is the tanh form of GPT-2."
ROWS = [
    Row(FIRST, "softmax", "yours", "torch.softmax", 5.6e-17, 16.2, 7.4),
    Row(FIRST, "softmax", "yours", "the same, dim=1", 0.0, math.inf, math.inf),
    Row(FIRST, "attend_one", "yours", ATTENTION, said="raised IndexError: too many cats"),
    Row(FIRST, "attention_loop", "yours", ATTENTION, said="was stopped after 12 seconds"),
    Row(FIRST, "attention", "yours", ATTENTION, 4e-16, 15.1, 6.9),
    Row(
        FIRST,
        "attention",
        "yours",
        "the same, a blind query",
        math.nan,
        said="gave 0 at [1, 0], and PyTorch nan",
    ),
    Row(
        FIRST,
        "attention_scores",
        "yours",
        "formula: torch.einsum",
        2e-16,
        15.6,
        0.3,
        said="gave 1 at [0], in float32",
    ),
    Row(
        SECOND,
        "relu",
        "solution",
        "torch.relu",
        0.25,
        0.6,
        0.6,
        said="gave -0.25 at [0, 3], and PyTorch 0",
    ),
    Row(SECOND, "gelu", "solution", 'GELU(approximate="tanh")', 4.4e-16, 15.2, 6.9),
    Row(
        SECOND,
        "layer_norm",
        "solution",
        "LayerNorm",
        said="PyTorch raised ValueError: no longer so",
    ),
    Row(
        SECOND,
        "gelu",
        "solution",
        "GELU()",
        4.7e-4,
        3.8,
        3.8,
        "gave 0.5 at [1], and PyTorch 0.6",
        DESIGN,
    ),
    Row(SECOND, "gelu", "solution", "GELU() of tomorrow", 0.0, math.inf, math.inf, why=DESIGN),
    Row(SECOND, "gelu", "yours", "GELU()", said="ended its process", why=DESIGN),
]
ABOUT = "Random numbers with seed 1; PyTorch 2.13.0, NumPy 2.4.6, Python 3.11.7, Linux."


def test_the_page_of_made_up_rows(golden):
    pages = [plain(page(ROWS, ABOUT, width), width) for width in (80, 40)]
    for text, width in zip(pages, (80, 40), strict=True):
        assert max(map(len, text.splitlines())) <= width
    golden("compare", f"{pages[0]}{'-' * 80}\n{pages[1]}")


def test_if_all_agree_the_page_lists_no_difference():
    text = plain(page(ROWS[:2], ABOUT))
    assert "2 of 2 agree." in text and "Not the same" not in text and "by design" not in text


@pytest.mark.parametrize("ours, said", [
    (np.array([1.0, 2.5]), "gave 2.5 at [1], and PyTorch 2"),
    (np.array([math.nan, 2.0]), "gave nan at [0], and PyTorch 1"),
    (np.array([1.0, math.inf]), "gave inf at [1], and PyTorch 2"),
    (np.array([[1.0, 2.0]]), "gave shape (1, 2) where PyTorch gives (2,)"),
    (np.array([1.0, 2.0], np.float32), "gave float32 where PyTorch gives float64"),
    (np.array(["1", "2"]), "gave an array of <U1 where PyTorch gives numbers"),
    ([1.0, 2.0], "gave a list where PyTorch gives an array"),
    (None, "gave None where PyTorch gives an array"),
    ((np.array([1.0, 2.0]),) * 3, "gave a tuple where PyTorch gives an array"),
])
def test_a_wrong_answer_is_described_in_a_sentence(ours, said):
    assert between(ours, np.array([1.0, 2.0]), AGREED).said == said


TWO = np.array([1.0, 2.0])


@pytest.mark.parametrize("ours, said", [
    ((TWO, {"w": [TWO, TWO]}), ""),
    ([TWO, {"w": (TWO, TWO)}], ""),
    ((TWO, {"w": [TWO, 2 * TWO]}), "gave 4 at [1]['w'][1][1], and PyTorch 2"),
    ((TWO, {"w": [TWO]}), "gave 1 answers where PyTorch gives 2, in its [1]['w']"),
    ((TWO, {"v": [TWO, TWO]}), "gave the keys 'v' where PyTorch gives 'w', in its [1]"),
    ((TWO, {"w": [TWO, None]}), "gave None where PyTorch gives an array, in its [1]['w'][1]"),
    ((TWO, TWO), "gave an array where PyTorch gives a dict, in its [1]"),
    (TWO, "gave an array where PyTorch gives a tuple"),
])
def test_the_wrong_part_of_a_nested_answer_is_named(ours, said):
    assert between(ours, (TWO, {"w": [TWO, TWO]}), AGREED).said == said


@pytest.mark.parametrize("ours, theirs, digits", [
    ([1.0, 2.0], [1.0, 2.0], math.inf),
    ([math.nan, -math.inf], [math.nan, -math.inf], math.inf),
    ([1e-9, 1000.0], [0.0, 1000.0], 12),
    ([1.0, 2e7 + 1], [1.0, 2e7], 7),
])
def test_digits_are_relative_to_the_largest_number(ours, theirs, digits):
    found = between(np.array(ours), np.array(theirs), AGREED)
    assert found.said == "" and (found.digits == digits or math.floor(found.digits) == digits)


def test_a_number_may_be_a_float_of_python():
    assert between(2.0, np.array(2.0), AGREED).digits == math.inf
    assert between(None, np.array(2.0), AGREED).said == "gave None where PyTorch gives a number"


def test_arguments_are_made_by_name():
    q, mask, blind, two, n_heads = given.arguments(
        "q mask blind_mask 2 n_heads", np.random.default_rng(0)
    )
    assert q.shape == (given.BATCH, given.N_QUERIES, given.D_K) and (two, n_heads) == (
        2,
        given.N_HEADS,
    )
    assert mask.any(axis=-1).all() and not mask.all()
    assert (blind.any(axis=-1) == ([True, False, True, True], [True, False, True, True])).all()


# With PyTorch.


@pytest.fixture
def measured():
    """compare(pair, ours) -> Row, and the pairs by kata."""
    pytest.importorskip("torch")
    from benchmarks.compare import measure
    from benchmarks.compare.pairs import all_pairs

    return lambda pair, ours: measure.compare(pair, ours, FIRST, "yours"), all_pairs()


def rows_of_solutions(measured, by_design):
    compare, pairs = measured
    for kata, of_kata in pairs.items():
        module = load(kata, solutions)[kata]
        yield from (
            compare(pair, getattr(module, pair.function))
            for pair in of_kata
            if bool(pair.why) is by_design
        )


def test_every_solution_agrees_with_pytorch(measured):
    rows = list(rows_of_solutions(measured, by_design=False))
    assert [row for row in rows if not row.agrees] == []
    assert min(row.digits for row in rows) >= AGREED
    assert min(row.digits_32 for row in rows if row.digits_32 is not None) >= AGREED_32
    assert {
        ATTENTION,
        "MultiheadAttention",
        "TransformerEncoderLayer",
        "TransformerDecoderLayer",
        "Transformer",
        "LayerNorm",
        'GELU(approximate="tanh")',
        "CrossEntropyLoss",
    } <= {row.called for row in rows}


def test_what_is_said_to_differ_by_design_differs(measured):
    rows = list(rows_of_solutions(measured, by_design=True))
    assert len(rows) >= 8 and not any(row.agrees for row in rows)


def test_every_function_of_a_lesson_is_compared(measured):
    for kata in all_katas()[:7]:
        compared_ones = [pair.function for pair in measured[1][kata.name] if not pair.why]
        assert list(dict.fromkeys(compared_ones)) == list(kata.functions)


def gelu_exact(x):
    return x * 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


def layer_norm_unbiased(x, gain, bias):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(
        x.var(-1, keepdims=True, ddof=1) + 1e-5
    ) * gain + bias


def attention_without_scale(q, k, v):
    exps = np.exp(q @ k.swapaxes(-1, -2))
    return exps / exps.sum(-1, keepdims=True) @ v


def softmax_backward_by_the_diagonal(scores, grad_out):
    p = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    return p * (1 - p) * grad_out


def relu_in_float64(x):
    return np.maximum(x, 0).astype(float)


def relu_that_exits(x):
    print("cats")
    raise SystemExit(3)


def relu_that_never_ends(x):
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


@pytest.mark.parametrize(
    "kata, function, wrong, said",
    [
        (4, "gelu", gelu_exact, "gave "),
        (4, "layer_norm", layer_norm_unbiased, "gave "),
        (0, "attention", attention_without_scale, "gave "),
        (
            0,
            "softmax",
            lambda scores: np.exp(scores) / np.exp(scores).sum(-1, keepdims=True),
            "gave nan at [0, 0, 0]",
        ),
        (6, "softmax_backward", softmax_backward_by_the_diagonal, "gave "),
        (4, "relu", relu_in_float64, "gave float64 where PyTorch gives float32, in float32"),
        (4, "relu", relu_that_exits, "raised SystemExit: 3"),
        (4, "relu", partial(np.maximum), "raised TypeError"),
        (
            1,
            "causal_mask",
            lambda n_tokens: np.triu(np.ones((n_tokens, n_tokens), bool)),
            "gave 1 at [0, 1], and PyTorch 0",
        ),
    ],
)
def test_a_wrong_function_does_not_agree(measured, kata, function, wrong, said, capsys):
    compare, pairs = measured
    pair = next(pair for pair in list(pairs.values())[kata] if pair.function == function)
    row = compare(pair, wrong)
    assert not row.agrees and row.said.startswith(said) and "cats" not in capsys.readouterr().out


def test_a_function_that_never_ends_is_stopped(measured, monkeypatch):
    monkeypatch.setattr("benchmarks.compare.measure.LIMIT", 0.3)
    compare, pairs = measured
    pair = next(pair for pair in pairs["kata_05_feed_forward"] if pair.function == "relu")
    assert compare(pair, relu_that_never_ends).said == "was stopped after 0.3 seconds"


MISBEHAVES = """

_softmax = softmax


def softmax(scores, axis=-1):
    if np.shape(scores) == (2, 4, 5) and axis == 1:  # no spec asks for this
        {deed}
    return _softmax(scores, axis)
"""


@pytest.mark.skipif(not install.is_here(), reason="needs PyTorch")
def test_whatever_a_function_does_the_page_stands(project):
    project.write(
        FIRST,
        project.solution()
        + MISBEHAVES.format(deed="print('cats'); raise IndexError('too many cats')"),
    )
    status, screen = project.make("compare")
    assert (
        status == 1
        and "Traceback" not in screen
        and "\x1b" not in screen
        and "cats\n" not in screen
    )
    said = "Your function raised IndexError: too many cats."
    agree, of = map(int, re.search(r"(\d+) of (\d+) agree\.", screen).groups())
    assert agree == of - 1 and said in screen and max(map(len, screen.splitlines())) <= 80
    assert "Lesson 1, your functions" in screen and "Lesson 2, solution" in screen


@pytest.mark.skipif(not install.is_here(), reason="needs PyTorch")
def test_the_page_in_the_readme_is_what_is_printed(project):
    readme = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    status, screen = project.make("compare")
    agree, of = re.search(r"(\d+) of (\d+) agree\.", screen).groups()
    assert status == 0 and agree == of and "Not the same" not in screen
    shown = re.search(r"\n\$ make compare\n(.*?)\n```", readme, re.DOTALL)[1].splitlines()
    screen_rows = {" ".join(line.split()[:-3]) for line in screen.splitlines()}
    end = next(nth for nth, line in enumerate(shown) if " agree. " in line)
    names = {" ".join(line.split()[:-3]) for line in shown[4:end]}
    assert len(names) >= 10 and names <= screen_rows
    reasons = shown[shown.index("Different by design:"):]
    assert len(reasons) >= 4 and all(line in screen for line in reasons)

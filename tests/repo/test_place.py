"""The place: the diagnosis points at the expression to change, and is right about it."""

import importlib

import numpy as np
import pytest

from tests.repo.misplaced import FROM_READERS, FROM_REPORTS, Misplaced, with_code
from tests.runner.diagnosis.case import Case
from tests.runner.diagnosis.finders import FINDERS, first_finding
from tests.runner.diagnosis.found import PARTLY, SECOND, WHOLE
from tests.runner.diagnosis.further import look_further
from tests.runner.diagnosis.judge import may_find_more
from tests.runner.diagnosis.outcomes import Outcome, try_out
from tests.runner.diagnosis.random_calls import random_calls
from tests.runner.diagnosis.steps import names_that_are_right
from tests.runner.diagnosis.trials import recorded, tried, within_reach
from tests.runner.diagnosis.workshop import workshop
from tests.runner.layout.carets import below_expression
from tests.runner.lessons.catalog import find
from tests.runner.lessons.loading import load
from tests.runner.specs.watched import WatchedKata

LESSON = {number: find("kata", number) for number in ("01", "02", "03", "05")}


@pytest.fixture(scope="module", params=FROM_REPORTS + FROM_READERS, ids=lambda wrong: wrong.slip)
def slip(request, tmp_path_factory):
    """A wrong version, its module, the folder that this is loaded from, and the verdict."""
    wrong, folder = request.param, tmp_path_factory.mktemp("slip")
    module = wrong.module(folder)
    case = red_case(wrong.kata, module, wrong.function)
    return wrong, module, folder, case.watched.calls, verdict(case)


def red_case(kata, module, of):
    """The case of the first red spec, beginning with those of one function."""
    watched = WatchedKata(kata.name, load=lambda: module)
    begun = kata.functions[kata.functions.index(of) :]
    for name, spec in vars(importlib.import_module(f"tests.test_{kata.name}")).items():
        if name.startswith("test_") and kata.function_of(name) in begun:
            n_before = len(watched.calls)
            try:
                with np.errstate(all="ignore"):
                    spec(watched)
            except Exception as problem:
                return Case(kata, watched, name, n_before, problem, lambda: workshop(kata))
    pytest.fail("no spec is red")


def verdict(case):
    found = first_finding(case, FINDERS)
    assert may_find_more(case, found)
    return look_further(case, found)


def verdict_of(folder, code):
    """What is found out about a wrong version of a function."""
    wrong = Misplaced("", code)
    return verdict(red_case(wrong.kata, wrong.module(folder), wrong.function))


def marked_in(place):
    """The text that a place marks, white space aside."""
    lines = zip(place.source, place.marks)
    return " ".join(" ".join(line[start:end] for line, (start, end) in lines).split())


def test_the_place_is_the_wrong_expression(slip):
    wrong, _, _, _, red = slip
    assert red.place, "nothing is pointed at"
    assert marked_in(red.place) == " ".join(wrong.marked.split())


def test_with_the_change_the_function_is_right(slip, tmp_path):
    """On calls that the search has not seen; the change is made in the text, as a reader would."""
    wrong, module, folder, calls, red = slip
    name, kata = wrong.function, wrong.kata
    text = (folder / f"{kata.name}.py").read_text(encoding="utf-8")
    (tmp_path / f"{kata.name}.py").write_text(with_change(text, red.place), encoding="utf-8")
    changed = load(kata.name, lambda name: tmp_path if name == kata.name else kata.solution.parent)
    theirs, right = vars(module)[name], workshop(kata).function(name)
    seen = recorded([call for call in calls if call.function == name], right)
    more = tried(random_calls(right, 100, seed=77), theirs, right)
    trials = seen + within_reach(more, seen, theirs, right)
    function = vars(changed[kata.name])[name]
    failing = [trial for trial in trials if not is_right(function, trial)]
    assert (red.place.says == WHOLE) == (not failing)
    assert not any(trial in seen for trial in failing) and len(failing) < 50


def is_right(function, trial):
    """Whether it answers as the solution does; float64 will do, as no spec has asked for more."""
    outcome = try_out(function, trial.args, trial.kwargs)
    right = trial.right.answer
    if getattr(right, "dtype", None) == np.float32 and isinstance(outcome.answer, np.ndarray):
        outcome = Outcome(outcome.answer.astype(np.float32))
    if trial.right.raised:
        return type(outcome.raised) is type(trial.right.raised)
    return trial.is_right(outcome)


def with_change(text, place):
    """The file's text with the change at a place; one may be told in other line breaks."""
    old = [line[2:] for line in place.change if line[0] in "- "]
    new = [line[2:] for line in place.change if line[0] in "+ "]
    lines = text.splitlines()
    for start in range(len(lines)):
        for end in range(start + 1, len(lines) + 1):
            if tokens(lines[start:end]) == tokens(old):
                return "\n".join([*lines[:start], *new, *lines[end:]]) + "\n"
    pytest.fail("the lines to change are not in the file")


def tokens(lines):
    return "".join("".join(lines).split()).translate(str.maketrans("", "", "()'\""))


def test_nothing_is_pointed_at_if_several_lines_would_do(tmp_path):
    """The root is missing: the scores can be divided in one line or in the next."""
    red = verdict_of(tmp_path, """
def attend_one(query, keys, values):
    root = math.sqrt(len(query))
    scores = keys @ query
    weights = softmax(scores)
    return weights @ values
""")
    assert red.place is None


def test_lines_of_which_any_would_do_are_told(tmp_path):
    red = verdict_of(tmp_path, SWAPPED)
    lines = with_code(LESSON["02"], Misplaced("", SWAPPED).code).splitlines()
    first = lines.index("    q, k, v = project_qkv(x, w_q, w_v, w_k)") + 1
    assert red.place is None
    assert red.happened[-1] == f"One change is enough, in line {first} or {first + 1}."


SWAPPED = """
def causal_self_attention(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_v, w_k)
    return attention(q, k, v, causal_mask(x.shape[-2]))
"""


def test_a_change_that_avoids_the_wrong_step_does_not_count(tmp_path):
    """`token_table` for `table` would do as well, and nothing would be left of the detour."""
    red = verdict_of(tmp_path, """
def embed(token_ids, token_table, position_table, start=0):
    table = token_table.copy()
    table[0] = 0
    return add_positions(table[token_ids], position_table, start)
""")
    assert marked_in(red.place) == "table[0] = 0"


def test_a_wrong_step_in_a_helper_is_found_there(tmp_path):
    red = verdict_of(tmp_path, """
LOWEST = 1


def shift(scores, axis):
    return scores - scores.max(axis=axis)


def softmax(scores, axis=-1):
    exps = np.exp(shift(scores, axis))
    return exps / exps.sum(axis=axis, keepdims=LOWEST)
""")
    assert marked_in(red.place) == "scores.max(axis=axis)"
    assert red.place.function == "shift"


def test_a_wrong_constant_of_the_file_is_found(tmp_path):
    red = verdict_of(tmp_path, """
ROOT = math.sqrt(2 * math.pi)


def gelu(x):
    return x / 2 * (1 + np.tanh(ROOT * (x + 0.044715 * x**3)))
""")
    assert marked_in(red.place) == "2 * math.pi"


def test_a_wrong_step_in_an_earlier_lesson_is_found_there(tmp_path):
    earlier, kata = LESSON["01"], LESSON["02"]
    (tmp_path / f"{earlier.name}.py").write_text(with_code(earlier, """
def attention_weights(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    weights = softmax(np.where(mask, scores, np.finfo(scores.dtype).min), axis=-2)
    return np.where(mask, weights, 0.0)
"""))
    folders = {earlier.name: tmp_path}
    modules = load(kata.name, lambda name: folders.get(name, kata.solution.parent))
    red = verdict(red_case(kata, modules[kata.name], "self_attention"))
    assert red.place.file == red.file == str(tmp_path / f"{earlier.name}.py")
    assert marked_in(red.place) == "axis=-2"


def test_a_change_that_mends_the_red_spec_alone_is_said_to(tmp_path):
    """It has the wrong axis, which the spec asks for, and overflows, which a later one does."""
    red = verdict_of(tmp_path, """
def softmax(scores, axis=-1):
    exps = np.exp(scores)
    return exps / exps.sum(axis=axis)
""")
    assert red.place.says.startswith(PARTLY)
    assert marked_in(red.place) == "exps.sum(axis=axis)"


def test_what_large_numbers_leave_is_no_other_mistake(tmp_path):
    """Where they cancel, another right style is further from 0 than rounding of the answer."""
    code = """
def attention_backward(q, k, v, grad_out, mask=None):
    weights = attention_weights(q, k, mask)
    mean = (weights @ v * grad_out).sum(axis=-1, keepdims=True)
    grad_scores = weights * (grad_out @ v.swapaxes(-1, -2) - mean)
    grad_q = grad_scores @ k / math.sqrt(q.shape[-1])
    grad_k = grad_scores.swapaxes(-1, -2) @ q / math.sqrt(q.shape[-1])
    return grad_q, grad_k, weights.swapaxes(-1, -2) @ grad_out
"""
    placed = verdict_of(tmp_path, code.replace("- mean", "+ mean")).place
    assert marked_in(placed) == "grad_out @ v.swapaxes(-1, -2) + mean" and placed.says == WHOLE
    named = verdict_of(tmp_path, code.replace("@ q / math.sqrt(q.shape[-1])", "@ q")).named
    assert named == ("scales_the_queries_alone",)


def test_an_answer_of_fewer_digits_is_not_right(tmp_path):
    """The slice is one mistake, float16 another one: the spec stays red after either."""
    red = verdict_of(tmp_path, """
def dequantize_q8_0(blocks):
    each = blocks.reshape(*blocks.shape[:-1], -1, 34)
    d = each[..., :0].view("<f2")
    q = each[..., 2:].view(np.int8)
    return (d * q).reshape(*blocks.shape[:-1], -1)
""")
    assert red.place is None or red.place.says != WHOLE


def test_a_part_is_not_marked_if_one_mistake_is_all_of_it(tmp_path):
    """Without a root m would do at the first step; but it is the square that is missing in v."""
    kata = find("kata", "09")
    text = kata.solution.read_text(encoding="utf-8")
    file = tmp_path / f"{kata.name}.py"
    file.write_text(text.replace("(1 - beta_2) * grad * grad", "(1 - beta_2) * grad"),
                    encoding="utf-8")
    folders = {kata.name: tmp_path}
    modules = load(kata.name, lambda name: folders.get(name, kata.solution.parent))
    red = verdict(red_case(kata, modules[kata.name], "adamw"))
    assert red.named == ("forgets_the_square",) and red.place is None


def test_a_second_change_is_told_if_both_are_enough(tmp_path):
    """The first mends the table; with the second, a score may be minus infinity."""
    red = verdict_of(tmp_path, """
def softmax(scores, axis=-1):
    exps = np.exp(scores - scores.mean(axis=axis, keepdims=True))
    return exps / exps.sum(axis=0, keepdims=True)
""")
    assert marked_in(red.place) == "0" and "sum" in red.place.source[0]
    assert red.place.says == PARTLY + SECOND.format(red.place.line - 1)


def test_a_name_that_the_place_refutes_is_dropped(tmp_path):
    """Two arguments are exchanged; the mistake would be `any` in the place of `all`."""
    wrong = Misplaced("", """
def attention_weights(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(«np.where(mask, lowest, scores)»)
    return np.where(mask, weights, 0.0)
""")
    case = red_case(wrong.kata, wrong.module(tmp_path), wrong.function)
    red = verdict(case)
    assert marked_in(red.place) == wrong.marked
    assert not red.named


def test_a_name_and_a_place_that_agree_are_told_together(tmp_path):
    red = verdict_of(tmp_path, """
def softmax(scores, axis=-1):
    exps = np.exp(scores - scores.mean(axis=axis, keepdims=True))
    return exps / exps.sum(axis=axis, keepdims=True)
""")
    assert red.named == ("subtracts_the_mean",)
    assert marked_in(red.place) == "scores.mean"


def test_steps_that_are_right_are_told_if_no_place_is_found(tmp_path):
    red = verdict_of(tmp_path, """
def attention(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    return np.sin(np.cos(weights) @ v)
""")
    assert red.place is None and not red.named
    assert ("The numbers in `weights` are those of the formula; your answer's are not."
            in red.happened)


def test_no_change_is_found_where_only_a_list_is_wrong(tmp_path):
    red = verdict_of(tmp_path, """
def merge_pair(ids, pair, new_id):
    merged, i = [], 0
    while i < len(ids):
        found = tuple(ids[i : i + 2]) == pair
        merged.append(new_id if found else ids[i])
        i += 2 if found else 1
    return merged
""")
    assert red.named and (red.place is None or "return" in red.place.source[0])


def test_what_is_wrong_in_the_answer_is_no_step_that_is_right(tmp_path):
    wrong = Misplaced("", """
def project_qkv(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    return q, v, k + 1
""")
    right = workshop(wrong.kata).function(wrong.function)
    theirs = getattr(wrong.module(tmp_path), wrong.function)
    arguments = tuple(np.random.default_rng(0).normal(size=(4, 3, 3)))
    assert names_that_are_right(right, theirs, arguments, {}) == ["q", "k"]


def test_a_right_answer_is_not_called_wrong_for_its_memory(tmp_path):
    red = verdict_of(tmp_path, """
def tiled_attention(q, k, v, mask=None, tile=64):
    part = attend_to_tile(q, k, v, mask)
    return finish(part)
""")
    assert "It held" in red.happened[0]
    assert not any("your answer is not" in said for said in red.happened)


def test_a_change_keeps_what_the_reader_has_written(tmp_path):
    red = verdict_of(tmp_path, "\ndef relu(x):\n    zéro = 0.0  # ünïcödé before the place\n"
                     "    return  np.minimum( x,zéro )  # as in the paper\n")
    assert red.place.change == ("-     return  np.minimum( x,zéro )  # as in the paper",
                                "+     return  np.maximum( x,zéro )  # as in the paper")


def test_a_long_line_is_cut_around_the_place(tmp_path):
    red = verdict_of(tmp_path, FROM_REPORTS[0].code.replace(
        "query = query /", "query = " + " + ".join(["0.000000000"] * 6) + " + query /"))
    for room in (40, 60, 200):
        lines = below_expression(red.place.source, red.place.marks, room)
        assert max(map(len, lines)) <= room
        assert "^" in lines[1]

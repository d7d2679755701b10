"""Exceptions, and habits from PyTorch, are said in plain words, and truly."""

import linecache

import numpy as np
import pytest

from tests.repo.test_drafts import KATAS, first_red, module_with
from tests.runner.diagnosis import pytorch
from tests.runner.diagnosis.exceptions import raised
from tests.runner.diagnosis.stopped_specs import explain
from tests.runner.diagnosis.tracebacks import trace
from tests.runner.lessons.catalog import ROOT
from tests.runner.specs.record import Table
from tests.runner.specs.watched import TimedOut

SPLIT = "split_heads(x, n_heads)"
SELF = "self_attention(x, w_q, w_k, w_v, mask=None)"
BLOCK = "transformer_block(x, block, n_heads, mask=None)"
QKV = "q, k, v = project_qkv(x, w_q, w_k, w_v)"
PRE = ("x = x + multi_head_attention(layer_norm(x, **block['norm_1']), **block['attention'], "
       "n_heads=n_heads, mask={})")
POST = "return x + feed_forward(layer_norm(x, **block['norm_2']), **block['feed_forward'])"


def in_the_file_of(name, text):
    """The names that a text defines, as if it were the reader's kata file."""
    names, file = {}, f"/reader/{name}.py"
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file
    exec(compile(text, file, "exec"), names)
    return names


def red_of(number, head, *lines):
    """The first red spec of a lesson in which one function has these lines."""
    kata = KATAS[number]
    names = in_the_file_of(kata.name, "\n    ".join((f"def {head}:", *lines)))
    name = head.partition("(")[0]
    return first_red(kata, module_with(kata, **{name: names[name]}), of=name)[1]


@pytest.mark.parametrize(("number", "head", "line", "said"), [
    ("01", "attention_scores(q, k)", "return q @ k.swapaxes(-1, -2) / math.sqrt(d_k)",
     "`d_k` is the length of an axis: here `q.shape[-1]`."),
    ("01", "attend_one(query, keys, values)", "return softmax(keys @ query) / n_keys",
     "`n_keys` is the length of an axis: here `keys.shape[-2]`."),
    ("02", SELF, "return softmax(x)",
     "`softmax` is a function of kata 01: `from kata_01_attention import softmax` brings it in. "
     "What this file has from earlier lessons is `attention`."),
    ("04", "embed(token_ids, token_table, position_table, start=0)", "return math.sin(token_ids)",
     "`import math` at the top of the file brings it in."),
    ("06", "cross_entropy(logits, targets, ignore_index=-1)", "return math.log(logits)",
     "`math.log` takes one number; `np.log` takes an array, entry by entry."),
    ("07", "gelu_backward(x, grad_out)", "return grad_out * (1 - np.tanh(x) ^ 2)",
     "In Python a power is written `**`; `^` compares bits."),
    ("03", SPLIT, "return x.reshape(*x.shape[:-1], n_heads, -1).transpose(0, 2, 1, 3, 4)",
     "    ValueError: axes don't match array"),
    ("03", SPLIT, "assert n_heads == 7",
     "What a function refuses, it refuses with `raise ValueError(...)`."),
    ("07", "linear_backward(x, w, grad_out)",
     "return grad_out @ w.T, np.einsum('...i,...o->io', x, grad_out)",
     "NumPy's einsum does not sum over what `...` stands for: it has to be in the output."),
    ("01", "softmax(scores, axis=-1)", "return scores if scores > 700 else np.exp(scores)",
     "There is no single True or False for an array: it has one for each entry."),
    ("03", SPLIT, "b, n, d = x.shape",
     "`x` may have any number of batch axes: `*batch, n, d = x.shape` takes them all, even if "
     "there are none."),
    ("03", SPLIT, "return x.reshape(*x.shape[:-1], n_heads, -1).transpose(1, 2)",
     "In PyTorch `x.transpose(1, 2)`, in NumPy `x.swapaxes(1, 2)`."),
    ("03", SPLIT, "return x.view(len(x), n_heads, -1)", "In PyTorch `x.view(...)`, in NumPy "
                                                        "`x.reshape(...)`."),
    ("03", SPLIT, "return np.stack(x.chunk(n_heads, dim=-1), -3)",
     "In PyTorch `x.chunk(n, dim=-1)`, in NumPy `np.split(x, n, axis=-1)`."),
    ("03", "merge_heads(x)", "return np.cat(list(x), dim=-1)",
     "In PyTorch `torch.cat([a, b], dim=-1)`, in NumPy `np.concatenate([a, b], axis=-1)`."),
    ("04", "embed(token_ids, token_table, position_table, start=0)", "return token_ids.size(-1)",
     "In PyTorch `x.size(-1)`, in NumPy `x.shape[-1]`."),
    ("05", "relu(x)", "return F.relu(x)", "NumPy has no `relu`: it is a function that you write."),
    ("05", "relu(x)", "return nn.Threshold(x)", "`nn` is PyTorch's, and this project uses NumPy "
                                                "alone."),
    ("05", "relu(x)", "return torch.clamp(x, min=0)",
     "In PyTorch `x.clamp(min=0)`, in NumPy `np.maximum(x, 0)`."),
    ("05", "layer_norm(x, gain, bias, eps=1e-5)", "return x - x.mean(dim=-1, keepdim=True)",
     "In PyTorch `dim=-1, keepdim=True`, in NumPy `axis=-1, keepdims=True`."),
])
def test_an_exception_is_explained_in_plain_words(number, head, line, said):
    assert said in red_of(number, head, line).happened


@pytest.mark.parametrize(("number", "head", "lines", "said"), [
    ("02", SELF, [QKV, "return attention(q, k, v, mask[:, None, None] if mask is not None else "
                       "None)"],
     "Your `self_attention` passes `attention` a mask of shape (5, 1, 1, 5)."),
    ("05", BLOCK, [PRE.format("mask[:, None] if mask is not None else None"), POST],
     "Your `transformer_block` passes `multi_head_attention` a mask of shape (5, 1, 5)."),
    ("05", BLOCK, [PRE.format("np.where(mask, 0, -np.inf) * np.ones(2)[:, None, None] if mask is "
                              "not None else None"),
                   POST],
     "Your `transformer_block` passes `multi_head_attention` a mask of numbers, from -inf to 0."),
    ("05", BLOCK, [PRE.format("~mask if mask is not None and mask.ndim < 3 else mask"), POST],
     "The mask that your `transformer_block` passes to `multi_head_attention` is the inverse of "
     "`mask`."),
])
def test_a_mask_passed_in_another_convention_is_noticed(number, head, lines, said):
    happened = red_of(number, head, *lines).happened
    assert said in happened or "inverted" in happened[0]
    assert any('True means "may attend"' in sentence for sentence in happened)


def test_a_traceback_always_shows_the_function_under_test():
    names = in_the_file_of("kata_06_transformer", "".join(
        f"def f{number}():\n    f{number + 1}()\n" for number in range(1, 6)))
    with pytest.raises(NameError) as caught:
        names["f1"]()
    for function, shown in (("f2", "f2 f4 f5"), ("f4", "f3 f4 f5"), ("gpt", "f3 f4 f5")):
        assert [step.split()[2] for step in trace(caught.value, function)] == shown.split()


def test_no_hint_is_shown_with_a_named_mistake():
    red = red_of("01", "softmax(scores, axis=-1)", "return np.exp(scores) / np.exp(scores).sum()")
    assert red.named and not red.hint_fits


@pytest.mark.parametrize(("line", "said"), [
    ("return np.exp(scores) / np.exp(scores).sum(dim=axis)", "in NumPy `axis=-1"),
    ("return np.exp(scores) / np.exp(scores).sum() if scores > 0 else scores", "no single True"),
    ("return np.exp(scores) / np.exp(score).sum()", "Did you mean"),
])
def test_no_hint_is_shown_with_plain_words_for_an_error(line, said):
    red = red_of("01", "softmax(scores, axis=-1)", line)
    assert said in " ".join(red.happened) and not red.hint_fits


def test_a_wrong_dtype_is_shown_with_the_right_one():
    red = red_of("01", "softmax(scores, axis=-1)", "exps = np.exp(scores - scores.max(axis=axis, "
                                                   "keepdims=True))",
                 "return (exps / exps.sum(axis=axis, keepdims=True)).astype(float)")
    assert (red.yours, red.expected) == (Table("yours", "float64"), Table("expected", "float32"))


@pytest.mark.parametrize(("worked", "said"), [(0.4, "the machine was busy"), (9.6, "a loop that "
                                                                                   "never ends")])
def test_a_spec_that_waited_for_the_processor_is_no_endless_loop(worked, said):
    _, sentences = explain(TimedOut(ValueError(), worked), KATAS["01"], limit=10)
    assert said in sentences[-1]


def complaint(expression, **names):
    try:
        eval(expression, {"np": np}, names)  # the table's own expressions
    except ValueError as problem:
        said = raised(problem)
        return " ".join(said) if len(said) > 1 else None


def test_shapes_that_do_not_line_up_are_named():
    assert complaint("np.ones((2, 3)) + np.ones(4)").endswith("(2,3) and (4,) do not line up.")
    said = complaint("np.where(np.ones((2, 2), bool), np.ones((2, 4, 5, 5)), 0.0)")
    assert said.endswith("(2,2) and (2,4,5,5) do not line up. () is a single number, which fits "
                         "any shape.")
    assert complaint("np.broadcast_to(np.ones((2, 5)), (3, 5))").endswith("(2,5) and (3,5) do not "
                                                                          "line up.")
    said = complaint("np.ones((6, 3, 2)) @ np.ones((4, 2, 3))")
    assert said.endswith("Those of (6,3,2) and (4,2,3) do not line up.")
    assert complaint("np.zeros(3) + np.stack([np.ones(2), np.ones(3)])") is None


def test_what_the_table_offers_instead_of_pytorch_runs():
    names = dict(np=np, x=np.ones((1, 4, 1, 6)), a=np.eye(2), b=np.eye(2), n=3, size=2, number=0.0,
                 ids=np.zeros((1, 4, 1, 1), int), hidden=np.zeros(6, bool))
    for row in pytorch.ROWS:
        if "..." not in row.numpy and "2, 3, 4" not in row.numpy:
            expression = f"x.sum({row.numpy})" if row.numpy.startswith("axis") else row.numpy
            eval(expression, names)  # the project's own table


def test_the_quick_reference_has_every_row_of_the_table():
    page = (ROOT / "katas" / "quick_reference.md").read_text(encoding="utf-8")
    pairs = set()
    for line in page.partition("From PyTorch to NumPy")[2].split("\n\n")[1].splitlines():
        cells = [cell.strip().split("; ") for cell in line.strip("|").split("|")]
        pairs.update((a.strip("`"), b.strip("`")) for a, b in zip(*cells))
    assert {(row.torch, row.numpy) for row in pytorch.ROWS} <= pairs


def test_names_of_the_table_fail_or_mean_something_else_in_numpy():
    x = np.ones(2)
    assert {name for name in pytorch.BY_NAME if hasattr(x, name)} <= {*pytorch.FAILS, "device"}
    assert not any(hasattr(x, name) or hasattr(np, name) for name in pytorch.OURS)

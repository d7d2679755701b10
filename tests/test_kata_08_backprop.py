"""The specs of lesson 8, in the order in which they turn green.

`kata` is your file, katas/kata_08_backprop.py. What your gradients say is held against numbers
from paper, and against what comes out when inputs are nudged: tests/forward_08_backprop.py has
the forward pass, without your functions. "Equal" means equal but for rounding.
"""

import math

import numpy as np

from tests.forward_08_backprop import (
    attend,
    attend_in_heads,
    feed_forward,
    gpt_loss,
    leaves,
    mapped,
    narrow,
    random_attention,
    random_block,
    random_gpt,
    random_heads,
    random_layer,
    replaced,
    run_block,
    total,
)
from tests.runner.specs.check import close, fails, refuses, shaped_like, tree_close
from tests.runner.specs.gradients import gradient, gradients, unpacked

# The lesson works this case by hand: "the" and "cat" look at each other, with d_k = 4.
LN_3 = math.log(3)
Q, K = np.array([[0.0, 2, 0, 0], [2, 2, 0, 0]]), np.array([[LN_3, 0, 0, 2], [0, 0, 4, 0]])
V, ASKED = np.array([[8.0, 0], [0, 4]]), np.array([[1.0, 0], [1, -2]])
GRAD_Q = np.array([[LN_3, 0, -4, 2], [1.5 * LN_3, 0, -6, 3]])
GRAD_K = np.array([[3.0, 5, 0, 0], [-3, -5, 0, 0]])
GRAD_V = np.array([[1.25, -1.5], [0.75, -0.5]])

# And this one: of three units, each word has one open, one shut, and one half open, at a sum of 0.
WORDS = np.array([[1.0, 0], [2, 1]])
UNITS = dict(w_in=np.array([[20.0, -20, 0], [-40, 60, -20]]), b_in=np.zeros(3),
             w_out=np.array([[1.0, 0], [2, 1], [0, 3]]), b_out=np.zeros(2))

# And lesson 6's GPT without a block, which has read "the cat" and should have said "cat sat".
# A gain of E undoes what eps takes away.
THE, CAT, SAT = range(3)
E, UNIT = math.sqrt(1 + 1e-5), LN_3 / 4
NO_BLOCK = dict(
    token_table=np.array([[1.0, 1, -1, -1, 0, 0], [1, -1, 1, -1, 0, 0], [1, -1, -1, 1, 0, 0]]),
    position_table=np.array([[0.0, 0, 0, 0, 1, -1], [0, 0, 0, 0, -1, 1], [1, 2, 3, 4, 5, 6]]),
    blocks=[], norm_f=dict(gain=np.full(6, E * UNIT), bias=np.zeros(6)))

# For the random GPT: 3 is read three times, 5 is a target alone; 1, 2, 4, 6 and 7 are neither.
IDS, TARGETS = np.array([3, 8, 3, 0, 3]), np.array([8, 3, 0, 3, 5])

HOLES = np.array([[1, 0, 1, 1, 0], [0, 1, 1, 0, 1], [0, 0, 0, 0, 0], [1, 1, 0, 0, 1],
                  [0, 0, 1, 0, 0]], dtype=bool)  # query 2 sees nothing


def one_of(grads, *path):
    """The gradient in one place of dicts and lists, checked to be there."""
    __tracebackhide__ = True
    inside = grads
    for key in path:
        there = range(len(inside)) if isinstance(inside, list) else inside
        if not isinstance(inside, (dict, list)) or key not in there:
            fails(grads, f"There is no grads{place(*path)}. Gradients lie in dicts and lists "
                         "as the parameters do.")
        inside = inside[key]
    return inside


def place(*path):
    """How one would type it, after the name: ["blocks"][0]["attention"]."""
    return "".join(f'["{key}"]' if isinstance(key, str) else f"[{key}]" for key in path)


def with_one(forward, case, name, **fixed):
    """A forward function of one of its arguments; the others are those of the case."""
    given = {key: case[key] for key in case if key != "grad_out"} | fixed
    return lambda moved: forward(**given | {name: moved})


# attention_backward -------------------------------------------------------------


def three(answer):
    __tracebackhide__ = True
    return unpacked(answer, "grad_q", "grad_k", "grad_v")


def check_attention(grad, case, name, **how):
    """Hold the gradient of queries, keys or values against nudges of them."""
    __tracebackhide__ = True
    fixed = {"mask": how.pop("mask", None)}
    gradient(grad, with_one(attend, case, name, **fixed), case[name], case["grad_out"], **how)


def test_attention_backward_works_the_lesson_by_hand(kata):
    """Queries, keys and values of "the" and "cat" get the gradients that you found on paper."""
    case = dict(q=Q, k=K, v=V, grad_out=ASKED)
    grad_q, grad_k, grad_v = three(kata.attention_backward(**case))
    check_attention(grad_v, case, "v", on_paper=GRAD_V)
    check_attention(grad_q, case, "q", on_paper=GRAD_Q)
    check_attention(grad_k, case, "k", on_paper=GRAD_K)


def test_attention_backward_gives_the_values_theirs(kata):
    """Five queries look at seven keys: every nudge of a value does what its gradient says."""
    case = random_attention()
    _, _, grad_v = three(kata.attention_backward(**case))
    check_attention(grad_v, case, "v")


def test_attention_backward_gives_the_queries_theirs(kata):
    """Every nudge of a query does what its gradient says."""
    case = random_attention()
    grad_q, _, _ = three(kata.attention_backward(**case))
    check_attention(grad_q, case, "q")


def test_attention_backward_gives_the_keys_theirs(kata):
    """Every nudge of a key does what its gradient says, even if n_keys is n_queries, or d_k."""
    for sizes in (dict(n_keys=7), dict(n_keys=5), dict(n_queries=6, n_keys=4, d_k=4)):
        case = random_attention(**sizes)
        _, grad_k, _ = three(kata.attention_backward(**case))
        check_attention(grad_k, case, "k")


def test_attention_backward_heeds_the_mask(kata):
    """A key that no query may see gets exactly 0, and so does a query that may see no key."""
    holes = np.hstack([HOLES, HOLES[:, :2]])
    holes[:, 3] = False  # key 3 is seen by nobody
    case = random_attention()
    for mask in (np.tri(5, 7, dtype=bool), holes, np.arange(7) < 4):
        for name, grad in zip("qkv", three(kata.attention_backward(**case, mask=mask))):
            check_attention(grad, case, name, mask=mask)
            hidden = ~np.broadcast_to(mask, (5, 7)).any(axis=-1 if name == "q" else 0)
            nothing = np.zeros_like(grad[hidden])
            close(grad[hidden], nothing, exact=True, of=grad, what="what is hidden")


def test_attention_backward_takes_batches(kata):
    """With any number of batch axes, each sample is answered by itself, with a mask of its own."""
    for batch in ((2,), (2, 6)):
        case = random_attention(*batch)
        padding = np.arange(7) < np.random.default_rng(3).integers(1, 8, size=(*batch, 1, 1))
        for mask in (None, padding):
            answers = three(kata.attention_backward(**case, mask=mask))
            for at in np.ndindex(batch):
                sample = {name: array[at] for name, array in case.items()}
                own_mask = None if mask is None else mask[at]
                for grad, alone in zip(answers, kata.attention_backward(**sample, mask=own_mask)):
                    close(grad[at], alone, of=grad, what=f"sample {at}")


def test_attention_backward_survives_large_scores(kata):
    """If one key takes all, its value gets all from above; queries and keys get 0, never NaN."""
    q, k = np.array([[900.0, 0], [0, -900]]), np.array([[2.0, 0], [0, 2], [-2, -2]])
    v, asked = np.array([[8.0], [4], [1]]), np.array([[5.0], [7]])
    grad_q, grad_k, grad_v = three(kata.attention_backward(q, k, v, asked))
    close(grad_v, [[5], [0], [7]])
    close(grad_q, np.zeros((2, 2)))
    close(grad_k, np.zeros((3, 2)))


def test_attention_backward_keeps_float32(kata):
    """float32 in, float32 out, with a mask or without; and integers do not cut a gradient."""
    case = random_attention()
    whole = mapped(lambda array: np.rint(2 * array), case)
    of_integers = kata.attention_backward(**mapped(lambda array: array.astype(int), whole))
    for grad, right in zip(three(of_integers), kata.attention_backward(**whole)):
        close(grad, right)
    for mask in (None, np.tri(5, 7, dtype=bool)):
        wide = kata.attention_backward(**case, mask=mask)
        for grad, right in zip(three(kata.attention_backward(**narrow(case), mask=mask)), wide):
            close(grad, right, dtype=np.float32, rtol=1e-3)


# multi_head_attention_backward --------------------------------------------------


def x_and_grads(answer):
    __tracebackhide__ = True
    return unpacked(answer, "grad_x", "grads")


def check_heads(answer, case, *names, n_heads=2, mask=None, on_paper=None):
    """Hold the gradients of some weights, or of x, against nudges of them."""
    __tracebackhide__ = True
    grad_x, grads = x_and_grads(answer)
    for name in names:
        how = dict(on_paper=on_paper[name]) if on_paper else {}
        forward = with_one(attend_in_heads, case, name, n_heads=n_heads, mask=mask)
        if name == "x":
            gradient(grad_x, forward, case["x"], case["grad_out"], **how)
        else:
            gradients(one_of(grads, name), forward, case[name], case["grad_out"],
                      of=grads, path=place(name), **how)


def test_multi_head_attention_backward_works_by_hand(kata):
    """One head over "the" and "cat", where x is the identity: the same numbers come back."""
    case = dict(x=np.eye(2), w_q=Q, w_k=K, w_v=V, w_o=np.diag([1.0, 2]),
                grad_out=np.array([[1.0, 0], [1, -1]]))
    on_paper = dict(w_o=np.array([[10.0, -6], [3, -1]]), w_v=GRAD_V, w_q=GRAD_Q, w_k=GRAD_K,
                    x=np.array([[10 + 3 * LN_3, 2 * LN_3 - 6], [6 - 3 * LN_3, 3 * LN_3 - 2]]))
    answer = kata.multi_head_attention_backward(**case, n_heads=1)
    check_heads(answer, case, *on_paper, n_heads=1, on_paper=on_paper)


def test_multi_head_attention_backward_reaches_w_o(kata):
    """The input of w_o is two heads side by side; every nudge of w_o is as predicted."""
    case = random_heads()
    check_heads(kata.multi_head_attention_backward(**case, n_heads=2), case, "w_o")


def test_multi_head_attention_backward_reaches_w_v(kata):
    """Back through w_o, and in each head by its own weights: every nudge of w_v is as predicted."""
    case = random_heads()
    check_heads(kata.multi_head_attention_backward(**case, n_heads=2), case, "w_v")


def test_multi_head_attention_backward_reaches_w_q(kata):
    """A head's queries move the weights of that head alone: every nudge of w_q is as predicted."""
    case = random_heads()
    check_heads(kata.multi_head_attention_backward(**case, n_heads=2), case, "w_q")


def test_multi_head_attention_backward_reaches_w_k(kata):
    """A head's keys move the weights of that head alone: every nudge of w_k is as predicted."""
    case = random_heads()
    check_heads(kata.multi_head_attention_backward(**case, n_heads=2), case, "w_k")


def test_multi_head_attention_backward_adds_three_paths(kata):
    """x is used three times, for queries, keys and values: it gets the sum of three gradients."""
    case = random_heads()
    check_heads(kata.multi_head_attention_backward(**case, n_heads=2), case, "x")


def test_multi_head_attention_backward_heeds_the_mask(kata):
    """What the mask hides gets nothing through any head, whatever axes the mask has."""
    case = random_heads()
    for mask in (np.tri(5, dtype=bool), HOLES, np.array([True, False, True, True, False])):
        answer = kata.multi_head_attention_backward(**case, n_heads=2, mask=mask)
        check_heads(answer, case, "w_o", "w_v", "w_q", "w_k", "x", mask=mask)


def test_multi_head_attention_backward_takes_batches(kata):
    """A weight gets the sum over all samples, and x of each sample what it gets alone."""
    for batch in ((3,), (3, 4)):
        case = random_heads(*batch)
        padding = np.arange(5) < np.random.default_rng(5).integers(1, 6, size=(*batch, 1, 1))
        for mask in (None, padding):
            answer = kata.multi_head_attention_backward(**case, n_heads=2, mask=mask)
            grad_x, grads = x_and_grads(answer)
            shaped_like(grads, {name: case[name] for name in case if name[0] == "w"}, "grads")
            of_each = []
            for at in np.ndindex(batch):
                sample = case | dict(x=case["x"][at], grad_out=case["grad_out"][at])
                alone, own = kata.multi_head_attention_backward(
                    **sample, n_heads=2, mask=None if mask is None else mask[at])
                close(grad_x[at], alone, of=grad_x, what=f"sample {at}")
                of_each.append(own)
            tree_close(grads, total(of_each))


def test_multi_head_attention_backward_keeps_float32(kata):
    """float32 in, float32 out, for x and for all four weights, with one head and with three."""
    case, mask = random_heads(n_heads=3), np.tri(5, dtype=bool)
    for n_heads in (1, 3):
        how = dict(n_heads=n_heads, mask=mask)
        grad_x, grads = kata.multi_head_attention_backward(**case, **how)
        small_x, small = x_and_grads(kata.multi_head_attention_backward(**narrow(case), **how))
        close(small_x, grad_x, dtype=np.float32, rtol=1e-3)
        tree_close(small, grads, dtype=np.float32, rtol=1e-3)


# feed_forward_backward ----------------------------------------------------------


def check_layer(answer, case, *names, on_paper=None):
    """Hold the gradients of some parameters, or of x, against nudges of them."""
    __tracebackhide__ = True
    grad_x, grads = x_and_grads(answer)
    for name in names:
        how = dict(on_paper=on_paper[name]) if on_paper else {}
        forward = with_one(feed_forward, case, name)
        if name == "x":
            gradient(grad_x, forward, case["x"], case["grad_out"], **how)
        else:
            gradients(one_of(grads, name), forward, case[name], case["grad_out"],
                      of=grads, path=place(name), **how)


def test_feed_forward_backward_works_the_lesson_by_hand(kata):
    """An open unit passes on all that comes from above, a shut one nothing, and one at 0 half."""
    case = UNITS | dict(x=WORDS, grad_out=np.array([[1.0, 2], [3, -1]]))
    on_paper = dict(b_out=np.array([4.0, 1]), w_out=np.array([[20.0, 40], [60, -20], [0, 0]]),
                    b_in=np.array([2.5, 5, 3]), w_in=np.array([[4.0, 10, 3], [1.5, 5, 0]]),
                    x=np.array([[20.0, -100], [-70, 240]]))
    check_layer(kata.feed_forward_backward(**case), case, *on_paper, on_paper=on_paper)


def test_feed_forward_backward_reaches_w_out(kata):
    """The input of w_out is the units after gelu; nudges of it and of b_out are as predicted."""
    case = random_layer()
    check_layer(kata.feed_forward_backward(**case), case, "w_out", "b_out")


def test_feed_forward_backward_reaches_w_in(kata):
    """Back through w_out, then through gelu: every nudge of w_in and of b_in is as predicted."""
    case = random_layer()
    check_layer(kata.feed_forward_backward(**case), case, "w_in", "b_in")


def test_feed_forward_backward_reaches_x(kata):
    """Every nudge of a token does what its gradient says."""
    case = random_layer()
    check_layer(kata.feed_forward_backward(**case), case, "x")


def test_feed_forward_backward_takes_batches(kata):
    """A parameter gets the sum over all samples and tokens, and each token what it gets alone."""
    for batch in ((3,), (3, 6)):
        case = random_layer(*batch)
        grad_x, grads = x_and_grads(kata.feed_forward_backward(**case))
        rows = {name: case[name].reshape(-1, case[name].shape[-1]) for name in ("x", "grad_out")}
        right, of_rows = kata.feed_forward_backward(**case | rows)
        close(grad_x, np.reshape(right, case["x"].shape))
        tree_close(grads, of_rows)


def test_feed_forward_backward_keeps_float32(kata):
    """float32 in, float32 out, for x and for all four parameters; x may hold integers."""
    case = random_layer()
    grad_x, grads = kata.feed_forward_backward(**case)
    small_x, small = x_and_grads(kata.feed_forward_backward(**narrow(case)))
    close(small_x, grad_x, dtype=np.float32, rtol=1e-3)
    tree_close(small, grads, dtype=np.float32, rtol=1e-3)
    whole = np.rint(2 * case["x"])
    right, of_whole = kata.feed_forward_backward(**case | dict(x=whole))
    answer = kata.feed_forward_backward(**case | dict(x=whole.astype(int)))
    grad_x, grads = x_and_grads(answer)
    close(grad_x, right)
    tree_close(grads, of_whole)


# transformer_block_backward -----------------------------------------------------


def block_case(*batch):
    """Tokens, a block and a gradient from above."""
    rng = np.random.default_rng(2019)
    return rng.normal(size=(*batch, 5, 10)), random_block(), rng.normal(size=(*batch, 5, 10))


def silenced(block, *sublayers):
    """The block with these sublayers answering zeros."""
    for path in (("attention", "w_o"), ("feed_forward", "w_out"), ("feed_forward", "b_out")):
        if path[0] in sublayers:
            block = replaced(block, path, 0 * one_of(block, *path))
    return block


def check_block(kata, *path, mask=None):
    """Hold the gradients in one place of a block against nudges of the parameters there."""
    __tracebackhide__ = True
    x, block, asked = block_case()
    _, grads = x_and_grads(kata.transformer_block_backward(x, block, 2, asked, mask))

    def forward(moved):
        return run_block(x, replaced(block, path, moved), 2, mask)

    gradients(one_of(grads, *path), forward, one_of(block, *path), asked,
              of=grads, path=place(*path))


def test_transformer_block_backward_lets_gradients_through(kata):
    """If both sublayers add nothing, x gets grad_out as it is: that is the residual connection."""
    x, block, asked = block_case()
    silent = silenced(block, "attention", "feed_forward")
    grad_x, _ = x_and_grads(kata.transformer_block_backward(x, silent, 2, asked))
    gradient(grad_x, lambda x: run_block(x, silent, 2), x, asked, on_paper=asked)


def test_transformer_block_backward_adds_where_paths_join(kata):
    """x gets a gradient past each sublayer and one through it: with one that adds 0, then none."""
    x, block, asked = block_case()
    for one in (silenced(block, "attention"), silenced(block, "feed_forward"), block):
        grad_x, _ = x_and_grads(kata.transformer_block_backward(x, one, 2, asked))
        gradient(grad_x, lambda x: run_block(x, one, 2), x, asked)


def test_transformer_block_backward_reaches_feed_forward(kata):
    """The feed-forward network reads norm_2 of the middle; every nudge in it is as predicted."""
    check_block(kata, "feed_forward")


def test_transformer_block_backward_reaches_norm_2(kata):
    """Every nudge of the second norm's gain and bias does what its gradient says."""
    check_block(kata, "norm_2")


def test_transformer_block_backward_reaches_attention(kata):
    """Attention gets both paths of the feed-forward network: every nudge in it is as predicted."""
    check_block(kata, "attention")


def test_transformer_block_backward_reaches_norm_1(kata):
    """Every nudge of the first norm's gain and bias does what its gradient says."""
    check_block(kata, "norm_1")


def test_transformer_block_backward_heeds_the_mask(kata):
    """In the backward pass attention hides what it hid in the forward pass."""
    x, block, asked = block_case()
    for mask in (np.tri(5, dtype=bool), HOLES):
        grad_x, _ = x_and_grads(kata.transformer_block_backward(x, block, 2, asked, mask=mask))
        gradient(grad_x, lambda x: run_block(x, block, 2, mask), x, asked)
        check_block(kata, "attention", "w_q", mask=mask)
        check_block(kata, "attention", "w_v", mask=mask)


def test_transformer_block_backward_takes_batches(kata):
    """A parameter gets the sum over all samples, and each sample what it gets alone."""
    for batch, n_heads in (((3,), 1), ((3, 4), 2)):
        x, block, asked = block_case(*batch)
        mask = np.arange(5) < np.random.default_rng(5).integers(1, 6, size=(*batch, 1, 1))
        answer = kata.transformer_block_backward(x, block, n_heads, asked, mask)
        grad_x, grads = x_and_grads(answer)
        of_each = []
        for at in np.ndindex(batch):
            alone, own = kata.transformer_block_backward(x[at], block, n_heads, asked[at], mask[at])
            close(grad_x[at], alone, of=grad_x, what=f"sample {at}")
            of_each.append(own)
        tree_close(grads, total(of_each))


def test_transformer_block_backward_keeps_float32(kata):
    """float32 in, float32 out, for x and for every parameter."""
    x, block, asked = block_case()
    grad_x, grads = kata.transformer_block_backward(x, block, 2, asked)
    answer = kata.transformer_block_backward(narrow(x), narrow(block), 2, narrow(asked))
    small_x, small = x_and_grads(answer)
    close(small_x, grad_x, dtype=np.float32, rtol=1e-3)
    tree_close(small, grads, dtype=np.float32, rtol=1e-3)


# gpt_gradients ------------------------------------------------------------------

FROM_THE_END = ("feed_forward", "norm_2", "attention", "norm_1")  # of a block


def loss_and_grads(answer):
    __tracebackhide__ = True
    return unpacked(answer, "loss", "grads")


def check_gpt(grads, params, *path, of=(IDS, TARGETS), **how):
    """Hold the gradients in one place of a GPT against nudges of the parameters there."""
    __tracebackhide__ = True
    gradients(one_of(grads, *path), lambda moved: gpt_loss(*of, replaced(params, path, moved), 2),
              one_of(params, *path), of=grads, path=place(*path), **how)


def test_gpt_gradients_work_the_lesson_by_hand(kata):
    """Without a block, for "the cat" that should have become "cat sat": all as on your paper."""
    case = np.array([THE, CAT]), np.array([CAT, SAT])
    loss, grads = loss_and_grads(kata.gpt_gradients(*case, NO_BLOCK, 2))
    close(loss, math.log(5), rtol=1e-4)
    on_paper = {
        ("norm_f", "bias"): [0, 0.8, -0.2, -0.6, 0, 0],
        ("norm_f", "gain"): [0, 0.4, 1.4, 0.6, 0, 0],
        ("position_table",): UNIT * np.array(
            [[-0.2, 0.4, -0.6, 0.4, -0.2, 0.2], [-0.2, 0.4, 0.4, -0.6, 0.2, -0.2], [0] * 6]),
        ("token_table",): UNIT * np.array(
            [[0.2, 0.6, -0.8, 0, 0, 0], [-0.3, -0.3, 1.1, -0.5, -0.5, 0.5],
             [-0.3, 0.5, -0.5, 0.3, 0.5, -0.5]])}
    for path, right in on_paper.items():
        check_gpt(grads, NO_BLOCK, *path, of=case, on_paper=np.array(right), rtol=1e-3)


def test_gpt_gradients_give_the_loss_as_well(kata):
    """The loss is the mean cross-entropy of the targets: one number, whatever the batch."""
    batch = np.stack([IDS, TARGETS]), np.stack([TARGETS, IDS])
    for untied, n_heads, case in ((False, 2, (IDS, TARGETS)), (True, 1, batch)):
        params = random_gpt(untied=untied)
        loss, _ = loss_and_grads(kata.gpt_gradients(*case, params, n_heads))
        close(loss, gpt_loss(*case, params, n_heads))


def test_gpt_gradients_reach_every_parameter(kata):
    """No array is left out: each gets a gradient of its own shape, and none of them is zero."""
    for untied in (False, True):
        params = random_gpt(untied=untied)
        _, grads = loss_and_grads(kata.gpt_gradients(IDS, TARGETS, params, 2))
        shaped_like(grads, params, "grads")
        for path, grad in leaves(grads):
            if not np.any(grad):
                fails(grad, f"grads{place(*path)} is zero throughout: somewhere between the loss "
                            "and this array the backward pass is cut.")


def test_gpt_gradients_reach_norm_f(kata):
    """Every nudge of the last norm is as predicted, and so is every nudge of an unembedding."""
    for untied in (False, True):
        params = random_gpt(untied=untied)
        _, grads = loss_and_grads(kata.gpt_gradients(IDS, TARGETS, params, 2))
        check_gpt(grads, params, "norm_f")
    check_gpt(grads, params, "unembedding")


def test_gpt_gradients_reach_the_last_block(kata):
    """Every nudge in the last of three blocks does what its gradient says."""
    _, grads = loss_and_grads(kata.gpt_gradients(IDS, TARGETS, random_gpt(), 2))
    for part in FROM_THE_END:
        check_gpt(grads, random_gpt(), "blocks", 2, part)


def test_gpt_gradients_reach_the_first_block(kata):
    """The backward pass goes on to the first of three blocks, and each gradient is in its place."""
    _, grads = loss_and_grads(kata.gpt_gradients(IDS, TARGETS, random_gpt(), 2))
    for i, part in [(i, part) for i in (1, 0) for part in FROM_THE_END]:
        check_gpt(grads, random_gpt(), "blocks", i, part)


def test_gpt_gradients_reach_the_position_table(kata):
    """Each position gets what comes back to its token; those beyond the text get exactly 0."""
    _, grads = loss_and_grads(kata.gpt_gradients(IDS, TARGETS, random_gpt(), 2))
    check_gpt(grads, random_gpt(), "position_table")
    beyond = grads["position_table"][5:]
    close(beyond, np.zeros((2, 10)), exact=True, of=grads, what="positions beyond the text")


def test_gpt_gradients_reach_the_tokens_that_were_read(kata):
    """With an unembedding: a token that is read three times adds up, one never read gets 0."""
    params = random_gpt(untied=True)
    _, grads = loss_and_grads(kata.gpt_gradients(IDS, TARGETS, params, 2))
    check_gpt(grads, params, "token_table")
    never = grads["token_table"][[1, 2, 4, 5, 6, 7]]
    close(never, np.zeros((6, 10)), exact=True, of=grads, what="tokens never read")


def test_gpt_gradients_add_both_uses_of_a_tied_table(kata):
    """Without an unembedding the table is used twice: every row gets the sum of both gradients."""
    _, grads = loss_and_grads(kata.gpt_gradients(IDS, TARGETS, random_gpt(), 2))
    check_gpt(grads, random_gpt(), "token_table")


def test_gpt_gradients_leave_out_ignored_targets(kata):
    """An ignored target counts neither in the loss, nor in a gradient, nor in the mean."""
    params, counted = random_gpt(), (IDS, np.where(TARGETS == 3, -1, TARGETS))
    for targets, chosen in ((counted[1], {}), (TARGETS, {"ignore_index": 3})):
        loss, grads = loss_and_grads(kata.gpt_gradients(IDS, targets, params, 2, **chosen))
        close(loss, gpt_loss(*counted, params, 2))
        check_gpt(grads, params, "norm_f", of=counted)
        check_gpt(grads, params, "token_table", of=counted)


def test_gpt_gradients_of_nothing_are_zero(kata):
    """If every target is ignored, the loss is nan; no parameter matters, so all gradients are 0."""
    loss, grads = loss_and_grads(kata.gpt_gradients(IDS, np.full(5, -1), random_gpt(), 2))
    close(loss, np.nan)
    tree_close(grads, mapped(np.zeros_like, random_gpt()))


def test_gpt_gradients_take_batches(kata):
    """Samples of a batch do not see each other, and the loss is the mean over all targets."""
    rng = np.random.default_rng(6)
    for batch in ((3,), (2, 3)):
        ids, targets = rng.integers(9, size=(*batch, 4)), rng.integers(9, size=(*batch, 4))
        ids[..., 0] = 3  # the same token in every sample
        for params in (random_gpt(), random_gpt(untied=True)):
            loss, grads = loss_and_grads(kata.gpt_gradients(ids, targets, params, 2))
            close(loss, gpt_loss(ids, targets, params, 2))
            alone = [kata.gpt_gradients(ids[at], targets[at], params, 2)[1]
                     for at in np.ndindex(batch)]
            tree_close(grads, mapped(lambda array: array / len(alone), total(alone)))


def test_gpt_gradients_predict_the_loss(kata):
    """Move all parameters at once: half a step leaves a quarter of what was not predicted."""
    for params in (random_gpt(), random_gpt(untied=True)):
        loss, grads = loss_and_grads(kata.gpt_gradients(IDS, TARGETS, params, 2))
        rng = np.random.default_rng(7)
        along = mapped(lambda array: rng.normal(size=array.shape), params)
        predicted = sum((one_of(grads, *path) * step).sum() for path, step in leaves(along))
        left = []
        for size in (2e-4, 1e-4):
            moved = mapped(lambda array, step: array + size * step, params, along)
            left.append(abs(gpt_loss(IDS, TARGETS, moved, 2) - loss - size * predicted))
        if not 3.6 < left[0] / left[1] < 4.4:
            fails(grads, "Half a step should leave a quarter of what the gradients do not "
                         f"predict. With yours it leaves one part in {left[0] / left[1]:.2f}.")


def test_gpt_gradients_keep_float32(kata):
    """float32 parameters get float32 gradients, all of them, with one head and with two."""
    for params, n_heads in ((random_gpt(), 2), (random_gpt(untied=True), 1)):
        loss, grads = kata.gpt_gradients(IDS, TARGETS, params, n_heads)
        answer = kata.gpt_gradients(IDS, TARGETS, narrow(params), n_heads)
        small_loss, small = loss_and_grads(answer)
        close(small_loss, loss, rtol=1e-4)
        tree_close(small, grads, dtype=np.float32, rtol=1e-2)


def test_gpt_gradients_refuse_tokens_past_the_last_position(kata):
    """One token more than position_table has rows for is a ValueError, as in gpt."""
    params, eight = random_gpt(), np.zeros(8, int)
    one_place = params | dict(position_table=params["position_table"][:1])
    refuses(lambda: kata.gpt_gradients(eight, eight, params, 2),
            lambda: kata.gpt_gradients(IDS, TARGETS, one_place, 2))

"""Mistakes in multi_head_attention_backward: heads and masks; and what tells its mistakes apart."""

import numpy as np

from tests.forward_08_backprop import narrow, random_heads
from tests.runner.diagnosis.known import edit, given, probes

MERGED = "merge_heads(attention(q, k, v, mask))"
SIZES = dict(n_tokens=4, d_model=5, d_out=6, d_k=2, d_v=4)

splits_with_a_reshape = edit(
    "multi_head_attention_backward", """The gradient of the merged heads is cut into heads by
    a reshape, which mixes tokens with heads. `split_heads` puts each number into the head and
    the token it came from.""",
    ("split_heads(grad_merged, n_heads)", "grad_merged.reshape(v.shape)"), speaks_of="reshape",
    common=True)

merges_with_a_reshape = edit(
    "multi_head_attention_backward", """The gradients of queries, keys and values are put side
    by side by a reshape, which mixes tokens with heads. `merge_heads` takes the heads of each
    token.""",
    ("map(merge_heads, grads)", "(grad.reshape(*x.shape[:-1], -1) for grad in grads)"),
    speaks_of="reshape", common=True)

has_one_head_on_the_way_back = edit(
    "multi_head_attention_backward", """Your backward pass has one wide head, whatever n_heads
    is. Split queries, keys, values and the gradient of the merged heads before
    `attention_backward`.""",
    ("grads = attention_backward(q, k, v, split_heads(grad_merged, n_heads), mask)",
     "one = (split_heads(merge_heads(each), 1) for each in (q, k, v))\n"
     "grads = attention_backward(*one, split_heads(grad_merged, 1), mask)"))

never_splits = edit("multi_head_attention_backward", """Your backward pass has one wide head from
    the start, whatever n_heads is: split queries, keys and values, and the gradient of the
    merged heads, with `split_heads`.""",
    ("split_heads(x @ w, n_heads)", "split_heads(x @ w, 1)"),
    ("split_heads(grad_merged, n_heads)", "split_heads(grad_merged, 1)"), common=True)

merges_the_queries_with_a_reshape = edit(
    "multi_head_attention_backward", """The gradient of the queries is put side by side by a
    reshape, which mixes tokens with heads. `merge_heads` takes the heads of each token.""",
    ("grad_q, grad_k, grad_v = map(merge_heads, grads)",
     "grad_q, grad_k, grad_v = map(merge_heads, grads)\n"
     "grad_q = grads[0].reshape(*x.shape[:-1], -1)"), speaks_of="reshape")

keeps_a_w_o_for_each_sample = edit("multi_head_attention_backward", """With a batch the gradient
    of w_o has one table for each sample. All samples use the same w_o: their gradients are
    added, as `linear_backward` does.""",
    ("grad_merged, grad_w_o = linear_backward(merged, w_o, grad_out)",
     "grad_merged = grad_out @ w_o.T\ngrad_w_o = merged.swapaxes(-1, -2) @ grad_out"), common=True)

scales_once_more = edit("multi_head_attention_backward", """The gradients of w_q and w_k are
    too small by a factor of the root of a head's width: `attention_backward` has divided by it
    already.""",
    ("map(merge_heads, grads)",
     "map(merge_heads, grads)\n"
     "grad_q, grad_k = (grad / math.sqrt(q.shape[-1]) for grad in (grad_q, grad_k))"))

forgets_the_mask_on_the_way_back = edit(
    "multi_head_attention_backward", """The gradient of w_o uses the mask, but all the others do
    not. Pass the mask to `attention_backward` as well.""",
    ("split_heads(grad_merged, n_heads), mask)", "split_heads(grad_merged, n_heads))"),
    common=True)

forgets_the_mask_on_the_way_forward = edit(
    "multi_head_attention_backward", """Only the gradient of w_o does not use the mask. The input
    of w_o is attention with the mask: pass it to the forward pass, too.""",
    ("attention(q, k, v, mask)", "attention(q, k, v)"))

has_no_axis_for_the_heads = edit(
    "multi_head_attention_backward", """Your mask has no axis for the heads, so its batch axis
    lines up with them. `np.expand_dims(np.atleast_2d(mask), -3)` puts one in before the last
    two.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.atleast_2d(mask)"), common=True)

puts_the_heads_axis_in_front = edit(
    "multi_head_attention_backward", """The mask gets its axis for the heads at a fixed
    position from the front, which fits only one number of batch axes. It belongs before the
    last two: -3.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)",
     "np.expand_dims(np.atleast_2d(mask), 1 if mask.ndim > 2 else 0)"),
    speaks_of=("expand_dims", "newaxis", "reshape"))

reads_the_values_into_w_o = edit(
    "multi_head_attention_backward", """The gradient of w_o is made with the values. The inputs
    of w_o are the blends, the output of attention with its heads merged.""",
    (MERGED, "merge_heads(v)"))

reads_x_into_w_o = edit("multi_head_attention_backward", """The gradient of w_o is made with x.
    The input of w_o is the output of attention, with its heads merged.""",
    ("linear_backward(merged, w_o, grad_out)",
     "grad_out @ w_o.swapaxes(-1, -2), linear_backward(x, w_o, grad_out)[1]"))


@probes("multi_head_attention_backward")
def probe_multi_head_attention_backward():
    yield given(**random_heads(n_tokens=4, d_model=8, d_out=8, d_k=4, d_v=4), n_heads=2)
    yield given(**random_heads(2, n_heads=3, **SIZES), n_heads=3)
    holes = np.random.default_rng(82).random((2, 4, 4)) < 0.6
    yield given(**random_heads(2, **SIZES), n_heads=2, mask=holes)
    lengths = np.array([[1, 2, 4], [3, 4, 2]])
    padding = np.arange(4) < lengths[..., None, None]
    yield given(**random_heads(2, 3, **SIZES), n_heads=2, mask=padding)
    yield given(**narrow(random_heads(**SIZES)), n_heads=2, mask=np.tri(4, dtype=bool))

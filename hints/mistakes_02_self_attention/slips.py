"""Mistakes of a few characters, in several functions: a star, an axis, a root too many."""

import numpy as np
from kata_01_attention import attention
from kata_02_self_attention import causal_mask, project_qkv, self_attention

from tests.runner.mistakes import mistake


@mistake("project_qkv", """Your keys are too small by the root of d_k. Scaling is the task of attention,
    which divides the scores once.""", widens=(True, False))
def scales_the_keys(x, w_q, w_k, w_v, *, widens):
    root = np.sqrt(w_k.shape[-1]) if widens else w_k.shape[-1] ** 0.5
    return x @ w_q, x @ w_k / root, x @ w_v


@mistake("project_qkv", """You return the scores, queries times keys: one array. Here queries, keys and values are
    asked for, three arrays, and attention does the rest.""", scaled=(False, True))
def returns_the_scores(x, w_q, w_k, w_v, *, scaled):
    scores = (x @ w_q) @ (x @ w_k).swapaxes(-1, -2)
    return scores / w_q.shape[-1] ** 0.5 if scaled else scores


@mistake("project_qkv", """You return the scores, queries times keys, and `.T` reverses all axes as well. Here
    queries, keys and values are asked for, three arrays.""", scaled=(False, True))
def returns_the_scores_of_one_sequence(x, w_q, w_k, w_v, *, scaled):
    scores = (x @ w_q) @ (x @ w_k).T
    return scores / w_q.shape[-1] ** 0.5 if scaled else scores


@mistake("project_qkv", """You return what attention makes of the three. Here queries, keys and values themselves
    are asked for, as three arrays.""")
def returns_the_blend(x, w_q, w_k, w_v):
    return attention(x @ w_q, x @ w_k, x @ w_v)


@mistake("self_attention", """Your scores are divided by the root of d_k twice: before attention, and in it.
    Queries and keys go in as they are.""", which=("queries", "keys"))
def divides_by_np_sqrt_before_attention(x, w_q, w_k, w_v, mask=None, *, which):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    root = np.sqrt(q.shape[-1])  # a float64, which widens float32
    return attention(q / root, k, v, mask) if which == "queries" else attention(q, k / root, v, mask)


@mistake("self_attention", """All three go to attention as one tuple, in the place of the queries. A star takes the
    tuple apart: `attention(*project_qkv(...), mask)`.""", by_name=(False, True))
def passes_the_tuple_whole(x, w_q, w_k, w_v, mask=None, *, by_name):
    qkv = project_qkv(x, w_q, w_k, w_v)
    return attention(qkv, mask=mask) if by_name else attention(qkv, mask)


@mistake("causal_self_attention", """Your scores are divided by the root of d_k twice: before attention, and in it.
    self_attention takes care of it.""", which=("queries", "keys"), widens=(True, False))
def scales_the_past_twice(x, w_q, w_k, w_v, *, which, widens):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    root = np.sqrt(q.shape[-1]) if widens else q.shape[-1] ** 0.5
    q, k = (q / root, k) if which == "queries" else (q, k / root)
    return attention(q, k, v, np.tri(x.shape[-2], dtype=bool))


@mistake("causal_self_attention", """The weights are multiplied by the mask after the softmax: later tokens have taken
    their share, and what is left does not sum to one. Pass the mask to self_attention.""", ones=("float64", "int64"))
def multiplies_the_weights_by_the_mask(x, w_q, w_k, w_v, *, ones):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    weights = attention(q, k, np.eye(x.shape[-2], dtype=v.dtype))
    return weights * np.tri(x.shape[-2], dtype=ones) @ v


@mistake("cross_attention", """Your scores are divided by the root of d_k twice: before attention, and in it.
    Queries and keys go in as they are.""", which=("queries", "keys"))
def divides_by_np_sqrt_before_looking(x, memory, w_q, w_k, w_v, mask=None, *, which):
    q, k, v = x @ w_q, memory @ w_k, memory @ w_v
    root = np.sqrt(q.shape[-1])  # a float64, which widens float32
    return attention(q / root, k, v, mask) if which == "queries" else attention(q, k / root, v, mask)


@mistake("cross_attention", """All three go to attention as one tuple, in the place of the queries. A star takes a
    tuple apart: `attention(*qkv, mask)`.""", by_name=(False, True))
def passes_a_tuple_whole(x, memory, w_q, w_k, w_v, mask=None, *, by_name):
    qkv = (x @ w_q, memory @ w_k, memory @ w_v)
    return attention(qkv, mask=mask) if by_name else attention(qkv, mask)


@mistake("causal_mask", """Your diagonal is 0: no token sees itself. A token may look at itself, j <= i. And the
    mask holds numbers; it should be boolean: ask for dtype=bool.""",
         dtype=("float64", "int64", "float32", "int32", "int8", "uint8"))
def holds_zeros_on_the_diagonal(n_tokens, *, dtype):
    return np.tri(n_tokens, k=-1, dtype=dtype)


@mistake("padding_mask", """Sequences and tokens have changed places: yours are (1, n_tokens, batch). Sequences come
    first, and tokens last: (batch, 1, n_tokens).""")
def puts_the_sequences_last(lengths, n_tokens):
    return np.reshape(np.arange(n_tokens), (1, -1, 1)) < np.reshape(lengths, (1, 1, -1))


@mistake("causal_mask", """`~` turns True and False round, and your table holds floats: hence the TypeError. Ask for
    dtype=bool where you make it, or compare.""")
def turns_floats_round(n_tokens):
    return ~np.tri(n_tokens)


@mistake("causal_mask", """`np.tri` takes the number of columns in second place, and it gets a dtype there: hence the TypeError.
    A dtype is given by name, dtype=bool.""")
def gives_the_dtype_without_its_name(n_tokens):
    return np.tri(n_tokens, bool)


@mistake("project_qkv", """What you fill has the width of x. Queries, keys and values have the widths of their
    weights.""")
def fills_rows_of_the_width_of_x(x, w_q, w_k, w_v):
    filled = []
    for w in (w_q, w_k, w_v):
        rows = np.zeros_like(x)
        for i, tokens in enumerate(x):
            rows[i] = tokens @ w
        filled.append(rows)
    return tuple(filled)


@mistake("self_attention", """Each sequence of the batch gets the whole mask, and a mask may have a batch axis too: sequence
    b needs mask b. Without a loop over the batch, masks and sequences find each other by themselves.""")
def gives_each_sequence_the_whole_mask(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    if x.ndim == 2:
        return attention(q, k, v, mask)
    return np.stack([attention(one_q, one_k, one_v, mask) for one_q, one_k, one_v in zip(q, k, v)])


@mistake("causal_self_attention", """Your prefixes are put together along a new first axis. In a batch the tokens belong behind
    the sequences: `np.stack` with axis=-2.""")
def stacks_the_answers_in_front(x, w_q, w_k, w_v):
    return np.array([self_attention(x[..., : i + 1, :], w_q, w_k, w_v)[..., -1, :] for i in range(x.shape[-2])])


@mistake("causal_self_attention", """Your queries, keys and values go to self_attention, which takes x and the weights and projects by
    itself. It is `attention` that takes projections, and the mask after them.""")
def passes_projections_for_weights(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    return self_attention(q, k, v, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """Your own softmax takes the exponentials of the scores as they are. Above 709 they overflow
    to infinity, and infinity over infinity is NaN. Call your self_attention.""", widens=(True, False))
def overflows_in_the_past(x, w_q, w_k, w_v, *, widens):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    root = np.sqrt(q.shape[-1]) if widens else q.shape[-1] ** 0.5
    exps = np.where(causal_mask(x.shape[-2]), np.exp(q @ k.swapaxes(-1, -2) / root), 0)
    return exps / exps.sum(axis=-1, keepdims=True) @ v


@mistake("causal_self_attention", """What you fill has the shape of x. The output is as wide as the values, which is the width of
    w_v.""")
def fills_room_of_the_shape_of_x(x, w_q, w_k, w_v):
    output = np.zeros_like(x)
    for i in range(x.shape[-2]):
        output[..., i, :] = self_attention(x[..., : i + 1, :], w_q, w_k, w_v)[..., -1, :]
    return output


@mistake("padding_mask", """A sequence with any real token is shown whole. Is the slice on the middle axis, mask[b, :length]?
    The tokens are the last one: mask[b, 0, :length].""")
def slices_the_axis_of_the_queries(lengths, n_tokens):
    mask = np.zeros((len(lengths), 1, n_tokens), dtype=bool)
    for b, length in enumerate(lengths):
        mask[b, :length] = True
    return mask


@mistake("padding_mask", """Only the first sequence has a mask, and the others are hidden whole: your loop ends after the
    first. The `return` belongs behind the loop.""")
def returns_after_the_first_sequence(lengths, n_tokens):
    mask = np.zeros((len(lengths), 1, n_tokens), dtype=bool)
    for b, length in enumerate(lengths):
        mask[b, 0, :length] = True
        return mask


@mistake("cross_attention", """Each sample of the batch gets the whole mask, and a mask may have a batch axis too: sample b needs
    mask b. Without a loop over the batch, masks and samples find each other by themselves.""")
def gives_each_memory_the_whole_mask(x, memory, w_q, w_k, w_v, mask=None):
    q, k, v = x @ w_q, memory @ w_k, memory @ w_v
    if x.ndim == 2:
        return attention(q, k, v, mask)
    return np.stack([attention(one_q, one_k, one_v, mask) for one_q, one_k, one_v in zip(q, k, v)])


@mistake("cross_attention", """The memory is multiplied by w_q as well (by project_qkv, perhaps), which fails unless x and memory are
    equally wide. w_q is for x alone.""")
def projects_the_memory_three_ways(x, memory, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(memory, w_q, w_k, w_v)
    return attention(x @ w_q, k, v, mask)

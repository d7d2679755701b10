"""Mistakes of a few characters, in several functions: a star, an axis, a root too many."""

import numpy as np
from kata_01_attention import attention
from kata_02_self_attention import causal_mask, project_qkv, self_attention

from tests.runner.diagnosis.known import edit, mistake

scales_the_keys = edit("project_qkv", """Your keys are too small by a factor of the root of d_k.
    Leave the scaling to attention, which divides the scores once.""",
    ("return", "root = np.sqrt(w_k.shape[-1]) if widens else w_k.shape[-1] ** 0.5\nreturn"),
    ("w_k, x", "w_k / root, x"), widens=(True, False))


@mistake("project_qkv", """You return the scores, queries times keys: one array. Return queries,
    keys and values, three arrays, and leave the rest to attention.""", scaled=(False, True))
def returns_the_scores(x, w_q, w_k, w_v, *, scaled):
    scores = (x @ w_q) @ (x @ w_k).swapaxes(-1, -2)
    return scores / w_q.shape[-1] ** 0.5 if scaled else scores


@mistake("project_qkv", """You return the scores, queries times keys, and `.T` reverses all axes
    as well. Return queries, keys and values themselves, three arrays.""", scaled=(False, True))
def returns_the_scores_of_one_sequence(x, w_q, w_k, w_v, *, scaled):
    scores = (x @ w_q) @ (x @ w_k).T
    return scores / w_q.shape[-1] ** 0.5 if scaled else scores


returns_the_blend = edit("project_qkv", """You return what attention makes of the three. Return
    queries, keys and values themselves, as three arrays.""",
    ("x @ w_q, x @ w_k, x @ w_v", "attention(x @ w_q, x @ w_k, x @ w_v)"))


@mistake("self_attention", """Your scores are divided by the root of d_k twice: before
    attention, and in it. Pass queries and keys on as they are.""", which=("queries", "keys"))
def divides_by_np_sqrt_before_attention(x, w_q, w_k, w_v, mask=None, *, which):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    root = np.sqrt(q.shape[-1])  # a float64, which widens float32
    return attention(q / root, k, v, mask) if which == "queries" else attention(q, k / root, v,
                                                                                mask)


@mistake("self_attention", """All three go to attention as one tuple, instead of the queries.
    Unpack the tuple with a star: `attention(*project_qkv(...), mask)`.""",
         by_name=(False, True))
def passes_the_tuple_whole(x, w_q, w_k, w_v, mask=None, *, by_name):
    qkv = project_qkv(x, w_q, w_k, w_v)
    return attention(qkv, mask=mask) if by_name else attention(qkv, mask)


@mistake("causal_self_attention", """Your scores are divided by the root of d_k twice: before
    attention, and in it. Leave the scaling to self_attention.""",
         which=("queries", "keys"), widens=(True, False))
def scales_the_past_twice(x, w_q, w_k, w_v, *, which, widens):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    root = np.sqrt(q.shape[-1]) if widens else q.shape[-1] ** 0.5
    q, k = (q / root, k) if which == "queries" else (q, k / root)
    return attention(q, k, v, np.tri(x.shape[-2], dtype=bool))


@mistake("causal_self_attention", """The weights are multiplied by the mask after the softmax:
    later tokens have taken their share, and what is left does not sum to one. Pass the mask to
    self_attention instead.""", ones=("float64", "int64"))
def multiplies_the_weights_by_the_mask(x, w_q, w_k, w_v, *, ones):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    weights = attention(q, k, np.eye(x.shape[-2], dtype=v.dtype))
    return weights * np.tri(x.shape[-2], dtype=ones) @ v


@mistake("cross_attention", """Your scores are divided by the root of d_k twice: before
    attention, and in it. Pass queries and keys on as they are.""", which=("queries", "keys"))
def divides_by_np_sqrt_before_looking(x, memory, w_q, w_k, w_v, mask=None, *, which):
    q, k, v = x @ w_q, memory @ w_k, memory @ w_v
    root = np.sqrt(q.shape[-1])  # a float64, which widens float32
    return attention(q / root, k, v, mask) if which == "queries" else attention(q, k / root, v,
                                                                                mask)


@mistake("cross_attention", """All three go to attention as one tuple, instead of the queries.
    Unpack the tuple with a star: `attention(*qkv, mask)`.""", by_name=(False, True))
def passes_a_tuple_whole(x, memory, w_q, w_k, w_v, mask=None, *, by_name):
    qkv = (x @ w_q, memory @ w_k, memory @ w_v)
    return attention(qkv, mask=mask) if by_name else attention(qkv, mask)


holds_zeros_on_the_diagonal = edit("causal_mask", """Your diagonal is 0, so no token sees itself,
    and your mask holds numbers. A token may attend to itself, j <= i, and the mask should be
    boolean: use dtype=bool.""",
    ("dtype=bool", "k=-1, dtype=dtype"),
    dtype=("float64", "int64", "float32", "int32", "int8", "uint8"))

puts_the_sequences_last = edit("padding_mask", """Sequences and tokens are swapped: your mask is
    (1, n_tokens, batch). Sequences should come first, and tokens last: (batch, 1, n_tokens).""",
    ("np.arange(n_tokens)", "np.reshape(np.arange(n_tokens), (1, -1, 1))"),
    ("lengths, (-1, 1, 1)", "lengths, (1, 1, -1)"))

turns_floats_round = edit("causal_mask", """`~` inverts booleans, but your table holds floats:
    hence the TypeError. Use dtype=bool where you create the table, or make a comparison.""",
    ("np.tri(n_tokens, dtype=bool)", "~np.tri(n_tokens)"))

gives_the_dtype_without_its_name = edit("causal_mask", """The second argument of `np.tri` is the
    number of columns, and you pass a dtype there: hence the TypeError. Pass it by name,
    dtype=bool.""",
    ("dtype=bool", "bool"))


@mistake("project_qkv", """You fill arrays of the width of x. Queries, keys and values should
    have the widths of their weights.""")
def fills_rows_of_the_width_of_x(x, w_q, w_k, w_v):
    filled = []
    for w in (w_q, w_k, w_v):
        rows = np.zeros_like(x)
        for i, tokens in enumerate(x):
            rows[i] = tokens @ w
        filled.append(rows)
    return tuple(filled)


@mistake("self_attention", """Each sequence of the batch gets the whole mask, but a mask may
    have a batch axis too: sequence b needs mask b. Leave out the loop over the batch, and masks
    and sequences line up by themselves.""")
def gives_each_sequence_the_whole_mask(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    if x.ndim == 2:
        return attention(q, k, v, mask)
    return np.stack([attention(one_q, one_k, one_v, mask) for one_q, one_k, one_v in zip(q, k, v)])


@mistake("causal_self_attention", """Your prefixes are put together along a new first axis. In a
    batch the token axis should come after the batch axis: use `np.stack` with axis=-2.""")
def stacks_the_answers_in_front(x, w_q, w_k, w_v):
    return np.array([self_attention(x[..., : i + 1, :], w_q, w_k, w_v)[..., -1, :]
                     for i in range(x.shape[-2])])


passes_projections_for_weights = edit("causal_self_attention", """You pass queries, keys and
    values to self_attention, which takes x and the weights and projects by itself. Pass it
    those, or pass the projections and the mask to `attention`.""",
    ("return", "q, k, v = project_qkv(x, w_q, w_k, w_v)\nreturn"),
    ("x, w_q, w_k, w_v,", "q, k, v,"))


@mistake("causal_self_attention", """Your own softmax takes the exponentials of the scores as
    they are. Above 709 they overflow to infinity, and infinity over infinity is NaN. Call your
    self_attention instead.""", widens=(True, False))
def overflows_in_the_past(x, w_q, w_k, w_v, *, widens):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    root = np.sqrt(q.shape[-1]) if widens else q.shape[-1] ** 0.5
    exps = np.where(causal_mask(x.shape[-2]), np.exp(q @ k.swapaxes(-1, -2) / root), 0)
    return exps / exps.sum(axis=-1, keepdims=True) @ v


@mistake("causal_self_attention", """You fill an array of the shape of x. The output should be
    as wide as the values, which is the width of w_v.""")
def fills_room_of_the_shape_of_x(x, w_q, w_k, w_v):
    output = np.zeros_like(x)
    for i in range(x.shape[-2]):
        output[..., i, :] = self_attention(x[..., : i + 1, :], w_q, w_k, w_v)[..., -1, :]
    return output


@mistake("padding_mask", """A sequence with any real token is shown whole. Is your slice on the
    middle axis, mask[b, :length]? The tokens are on the last one: mask[b, 0, :length].""")
def slices_the_axis_of_the_queries(lengths, n_tokens):
    mask = np.zeros((len(lengths), 1, n_tokens), dtype=bool)
    for b, length in enumerate(lengths):
        mask[b, :length] = True
    return mask


@mistake("padding_mask", """Only the first sequence has a mask, and the others are hidden whole.
    A `return` inside a loop ends it in the first round: it should come after the loop.""")
def returns_after_the_first_sequence(lengths, n_tokens):
    mask = np.zeros((len(lengths), 1, n_tokens), dtype=bool)
    for b, length in enumerate(lengths):
        mask[b, 0, :length] = True
        return mask


@mistake("cross_attention", """Each sample of the batch gets the whole mask, but a mask may have
    a batch axis too: sample b needs mask b. Leave out the loop over the batch, and masks and
    samples line up by themselves.""")
def gives_each_memory_the_whole_mask(x, memory, w_q, w_k, w_v, mask=None):
    q, k, v = x @ w_q, memory @ w_k, memory @ w_v
    if x.ndim == 2:
        return attention(q, k, v, mask)
    return np.stack([attention(one_q, one_k, one_v, mask) for one_q, one_k, one_v in zip(q, k, v)])


projects_the_memory_three_ways = edit("cross_attention", """The memory is multiplied by w_q as
    well (by project_qkv, perhaps), which fails unless x and memory are equally wide. Use w_q for
    x only.""",
    ("return", "q, k, v = project_qkv(memory, w_q, w_k, w_v)\nreturn"),
    ("memory @ w_k, memory @ w_v", "k, v"))

"""Mistakes in attention_weights: the shape of a mask, and the weights themselves."""

import numpy as np
from kata_01_attention import attention_scores, softmax

from tests.runner.diagnosis.known import edit, given, mistake, probes

needs_a_mask_for_every_pair = edit("attention_weights", """`scores[~mask]` needs a mask of
    exactly the shape of the scores. A mask may be smaller and broadcast, as (batch, 1, n_keys)
    does. Use np.where, which broadcasts it.""",
    ("lowest =", "scores[~mask] ="), ("np.where(mask, scores, lowest)", "scores"), common=True)

needs_a_mask_for_every_pair_turned_round = edit("attention_weights", """`scores[mask] = ...`
    hides what the mask should show: True means "may attend". It also needs a mask of exactly the
    shape of the scores, and a smaller one should broadcast.""",
    ("lowest =", "scores[mask] ="), ("np.where(mask, scores, lowest)", "scores"),
    ("weights, 0.0", "0.0, weights"))


@mistake("attention_weights", """`scores[mask]` picks the visible scores into one long row: the
    table is gone. The weights should keep the shape of the scores, with zeros where a key is
    hidden.""")
def keeps_the_visible_scores_alone(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(scores[mask])


turns_the_mask_on_its_side = edit("attention_weights", """Your mask is transposed: its rows are
    taken for keys. Use it as it is: row i is about query i and column j about key j, as in the
    scores.""",
    ("mask,", "mask.T,", 2))

takes_the_mask_for_queries = edit("attention_weights", """Your mask gets a new axis at its end,
    so it hides queries instead of keys. Leave it as it is: its last axis is already that of the
    keys, and it broadcasts by itself.""",
    ("lowest =", "mask = mask[..., None]\nlowest ="), common=True)

gives_the_mask_an_axis_in_front = edit("attention_weights", """Your mask gets a new axis before
    its keys (for heads, perhaps), and so do the weights. Leave it as it is: a mask broadcasts to
    the scores by itself.""",
    ("lowest =", "mask = mask[..., None, :]\nlowest ="))

gives_the_mask_a_second_axis = edit("attention_weights", """Your mask gets a new second axis (for
    heads, perhaps), and no longer lines up with the scores. Leave it as it is: a mask broadcasts
    to the scores by itself.""",
    ("lowest =", "mask = mask[:, None]\nlowest ="))

takes_the_first_row_of_the_mask = edit("attention_weights", """Only the first row (or batch) of
    your mask counts: it is used for all of them. Use the whole mask: if queries see different
    keys, it has a row for each.""",
    ("lowest =", "mask = mask[0]\nlowest ="))

hides_all_of_a_row_with_a_hidden_key = edit("attention_weights", """A query with one hidden key
    gets zeros for all of them. Only a query that may attend to *nothing* should: `any` asks
    that, `all` does not.""",
    ("mask, weights", "np.all(mask, axis=-1, keepdims=True), weights"))


@mistake("attention_weights", """Visible keys all get the same weight: the scores are missing.
    Among the visible keys, the softmax of the scores should decide.""", denies=True)
def shares_evenly_what_is_visible(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return mask / np.maximum(mask.sum(axis=-1, keepdims=True), 1) + 0 * scores


@mistake("attention_weights", """Your softmax runs down the columns, axis -2: the weights of
    each key sum to one over the queries. Run it along the last axis, the keys, so that the
    weights of each query sum to one.""", common=True, low=("lowest", -np.inf, -1e9))
def shares_out_down_the_columns(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores, axis=-2)
    lowest = np.finfo(scores.dtype).min if low == "lowest" else low
    weights = softmax(np.where(mask, scores, lowest), axis=-2)
    return np.where(mask, weights, 0.0) if low == "lowest" else weights


shares_out_along_the_first_axis = edit("attention_weights", """Your softmax runs along the first
    axis: weights sum to one over the queries, or over the batches. Run it along the last axis,
    the keys, so that the weights of each query sum to one.""",
    ("(scores)", "(scores, axis=0)"), ("(mask, scores, lowest)", "(mask, scores, lowest), axis=0"))

shares_out_along_axis_one = edit("attention_weights", """Your softmax runs along axis 1, which
    fits only a table. With a batch axis in front, axis 1 is a different one: run it along the
    last axis, the keys.""",
    ("(scores)", "(scores, axis=1)"), ("(mask, scores, lowest)", "(mask, scores, lowest), axis=1"),
    common=True)

shares_out_the_whole_table = edit("attention_weights", """All weights of your table together sum
    to one. The weights of each query should sum to one: the sum should run along the keys, the
    last axis.""",
    ("(scores)", "(scores.ravel()).reshape(scores.shape)"),
    ("lowest)", "lowest).ravel()).reshape(scores.shape"))

scores_keys_against_queries = edit("attention_weights", """Queries and keys are swapped in your
    scores: there is a row for each key, where there should be one for each query.""",
    ("(q, k)", "(k, q)"))

scales_twice = edit("attention_weights", """Your scores are divided by d_k: by d_k itself, or by
    its root twice. Divide once by the *root*, which attention_scores already does.""",
    ("(q, k)", "(q, k) / math.sqrt(q.shape[-1])"), common=True)


@mistake("attention_weights", """Your answer is scores, not weights: softmax is missing. It
    makes them positive, with a sum of one for each query.""",
         low=(-1e9, -np.inf, 0.0, -1e4, -1e10, -1e30), denies=True)
def answers_with_masked_scores(q, k, mask=None, *, low):
    scores = attention_scores(q, k)
    if mask is None:
        return scores
    return np.where(mask, scores, low)


does_softmax_twice = edit("attention_weights", """Your weights went through softmax twice: the
    first weights were treated as scores, and came out almost even. Apply softmax once.""",
    ("(scores)", "(softmax(scores))"),
    ("np.where(mask, scores, lowest)", "softmax(np.where(mask, scores, lowest))"), common=True)

widens_with_a_table_of_zeros = edit("attention_weights", """What you add to the scores is a
    float64 array, and it widens float32 scores to float64. Use np.where with a plain number,
    which keeps the dtype of the scores.""",
    ("np.finfo(scores.dtype).min", "np.where(mask, 0.0, -np.inf)"),
    ("softmax(np.where(mask, scores, lowest))", "np.nan_to_num(softmax(scores + lowest))"),
    speaks_of=("+", "+=", "add"))


@mistake("attention_weights", """Your own softmax takes the exponentials of the scores as they
    are. Above 709 they overflow to infinity, and infinity over infinity is NaN. Subtract the
    largest score first, or call your softmax.""", multiplied=(False, True), guarded=(True, False))
def overflows_beside_the_mask(q, k, mask=None, *, multiplied, guarded):
    exps = np.exp(attention_scores(q, k))
    if mask is not None:
        exps = exps * mask if multiplied else np.where(mask, exps, 0.0)
    total = exps.sum(axis=-1, keepdims=True)
    return exps / (np.where(total > 0, total, 1.0) if guarded else total)


hides_later_keys_without_a_mask = edit("attention_weights", """Without a mask your weights are
    causal: query i sees only keys 0 to i. With a mask of None, every query should see every
    key.""",
    ("return softmax(scores)", "mask = np.tri(*scores.shape[-2:], dtype=bool)"))

shares_out_in_float64_always = edit("attention_weights", """Your weights are float64, whatever
    comes in. An array made without a dtype is float64, and so is np.sqrt of a number; both widen
    what they are combined with. float32 should stay float32.""",
    ("(scores)", "(scores).astype(np.float64)"),
    ("(mask, weights, 0.0)", "(mask, weights, 0.0).astype(np.float64)"))

asks_the_mask_for_each_pair_of_a_table = edit("attention_weights", """`mask[i, j]` is one entry
    only if the mask is a table. A mask may also be a single row, or have batch axes in front.
    Use np.where, which broadcasts any mask to the scores.""",
    (".min", ".min if low is None else low"),
    ("weights = softmax(np.where(mask, scores, lowest))",
     "for i in range(scores.shape[0]):\n"
     "    for j in range(scores.shape[1]):\n"
     "        if not mask[i, j]:\n"
     "            scores[i, j] = lowest"),
    ("(mask, weights, 0.0)", "(mask, softmax(scores), 0.0) if low is None else softmax(scores)"),
    low=(-np.inf, -1e9, None))

empties_rows_by_an_index = edit("attention_weights", """You pick out the rows of queries that see
    nothing by an index, which needs one entry per query. A mask may have one row for all of
    them: with keepdims=True in the `any`, np.where broadcasts it.""",
    ("lowest = np.finfo(scores.dtype).min", ""), ("scores, lowest", "scores, low"),
    ("return np.where(mask, weights, 0.0)", "weights[~mask.any(axis=-1)] = 0.0\nreturn weights"),
    low=(-1e9, -1e30, -np.inf))


@mistake("attention_weights", """`np.where` needs three arguments here: the condition, what to
    use where it is True, and what to use where it is False. With two of them it raises this
    ValueError.""")
def gives_where_two_things(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    return softmax(np.where(mask, scores))


@probes("attention_weights")
def probe_attention_weights():
    rng = np.random.default_rng(4)
    q, k = rng.normal(size=(3, 7)), rng.normal(size=(4, 7))
    table = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]], dtype=bool)
    yield given(q, k)
    yield given(q, k, table)
    yield given(-40 * np.ones((3, 7)), 1 + np.abs(k), mask=table[::-1])
    yield given(-1600 * np.ones((3, 7)), 1 + np.abs(k), mask=table[::-1])
    yield given(q, k, table & [[True], [False], [True]])
    yield given(q, np.array([[1], [1], [1], [400]]) * k, np.array([True, True, True, False]))
    yield given(rng.normal(size=(3, 5)), rng.normal(size=(3, 5)), table[::-1, :3])
    q, k = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 4, 5))
    yield given(q, k)
    yield given(q, k, np.array([[[True, False, True, True]], [[True, True, False, False]]]))
    yield given(q, k, np.array([True, True, False, True]))
    yield given(rng.normal(size=(2, 3, 2)), rng.normal(size=(2, 2, 2)))
    yield given(*(rng.normal(size=(n, 5)).astype(np.float32) for n in (3, 4)), table)

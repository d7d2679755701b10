"""Mistakes in attention."""

import numpy as np
from kata_01_attention import attention_scores, attention_weights

from tests.runner.diagnosis.known import edit, given, mistake, probes

forgets_to_pass_the_mask_on = edit("attention", """The mask has no effect: it never reaches the
    weights.""",
    ("k, mask", "k"), common=True, denies=True)

hides_rows_of_values = edit("attention", """Hidden values count as zeros, but their keys still
    take a share of the weights. Apply the mask to the weights instead: pass it on to
    attention_weights.""",
    ("return", "if mask is not None:\n    v = v * mask[..., None]\nreturn"), ("k, mask", "k"))

passes_the_mask_the_wrong_way_round = edit("attention", """The mask is inverted on its way to the
    weights: hidden keys are seen, and visible ones are not. Pass it on as it is: True means "may
    attend".""",
    ("return", "mask = None if mask is None else ~mask\nreturn"))

passes_the_first_row_of_the_mask = edit("attention", """Only the first row (or batch) of the mask
    is passed on, for all of them. Pass it on whole: if queries see different keys, it has a
    row for each.""",
    ("return", "mask = None if mask is None else mask[0]\nreturn"))

turns_the_weights_on_their_side = edit("attention", """Your weights are transposed before they
    meet the values. Leave them as they are: row i holds the weights of query i, over the keys,
    and the rows of v are the keys too.""",
    ("@ v", ".swapaxes(-1, -2) @ v"), common=True)

reverses_the_axes_of_the_weights = edit("attention", """`.T` reverses every axis of your weights
    before they meet the values. Leave them as they are: row i holds the weights of query i, over
    the keys, and the rows of v are the keys too.""",
    ("@ v", ".T @ v"), common=True)

puts_values_before_weights = edit("attention", """Your values and weights are in the wrong order.
    In `a @ b` the last axis of `a` meets the second-to-last of `b`: both are n_keys if the
    weights come first.""",
    ("attention_weights(q, k, mask) @ v", "v @ attention_weights(q, k, mask)"))

puts_turned_values_before_weights = edit("attention", """Your values come before the weights, and
    transposed. In `a @ b` the last axis of `a` meets the second-to-last of `b`: both are n_keys
    if the weights come first and the values stay as they are.""",
    ("attention_weights(q, k, mask) @ v", "v.swapaxes(-1, -2) @ attention_weights(q, k, mask)"))

turns_the_values_on_their_side = edit("attention", """You transpose the values. Leave them as
    they are: the last axis of the weights and the second-to-last of v are both n_keys.""",
    ("@ v", "@ (v.T if reverses else v.swapaxes(-1, -2))"), reverses=(False, True))

returns_the_weights = edit("attention", """Your answer is the weights. The last step is missing:
    blend the values with them.""",
    ("@ v", ""), common=True, denies=True)

returns_both = edit("attention", """Your answer is two arrays, output and weights. Return the
    output alone.""",
    ("return attention_weights(q, k, mask) @ v",
     "weights = attention_weights(q, k, mask)\nreturn weights @ v, weights"), common=True)

returns_both_the_other_way_round = edit("attention", """Your answer is two arrays, weights and
    output. Return the output alone.""",
    ("return attention_weights(q, k, mask) @ v",
     "weights = attention_weights(q, k, mask)\nreturn weights, weights @ v"))

blends_keys = edit("attention", """Your answer is a blend of the keys. Keys only decide the
    weights; blend the values instead.""",
    ("@ v", "@ k"), common=True)

blends_queries = edit("attention", """Your weights are multiplied with the queries. They should
    blend the values, which have a row for each key.""",
    ("@ v", "@ q"))

swaps_queries_and_keys = edit("attention", """Queries and keys are swapped: the weights have a
    row for each key, where there should be one for each query.""",
    ("q, k, mask", "k, q, mask"))

swaps_keys_and_values = edit("attention", """Keys and values are swapped: your queries are
    compared with the values, and the keys are blended. It should be the other way round.""",
    ("(q, k, mask) @ v", "(q, v, mask) @ k"))

holds_queries_against_values = edit("attention", """Your queries are compared with the values,
    where they should be compared with the keys.""",
    ("k, mask", "v, mask"))

scales_the_output = edit("attention", """Your output is divided by the root of d_k. Leave it as
    it is: the scores have been scaled already, and a blend of values needs no more scaling.""",
    ("@ v", "@ v / math.sqrt(q.shape[-1])"), common=True)

scales_the_output_by_d_v = edit("attention", """Your output is divided by the root of d_v. Leave
    it as it is: the scores have been scaled already, by the root of d_k, and a blend of values
    needs no more scaling.""",
    ("@ v", "@ v / math.sqrt(v.shape[-1])"))

scales_the_scores_by_d_v = edit("attention", """Your scores are divided by the root of d_v, the
    width of the values. The values have no part in the scores: divide by the root of d_k, as
    attention_scores does.""",
    ("return", "q = q * (math.sqrt(q.shape[-1]) / math.sqrt(v.shape[-1]))\nreturn"), denies=True)

brings_the_output_to_length_one = edit("attention", """Your output rows are divided by their
    norms. Return the blend of values as it is.""",
    ("return", "output ="),
    ("@ v", "@ v\nreturn output / np.linalg.norm(output, axis=-1, keepdims=True)"))

averages_over_the_keys = edit("attention", """Your output is too small by a factor of the number
    of keys. The weights already sum to one: the blend should be the weighted sum over the keys,
    not its mean.""",
    ("@ v", "@ v / k.shape[-2]"), common=True)

makes_weights_of_the_output = edit("attention", """Your output went through softmax: each row
    sums to one. Softmax is for scores; return the blend of values as it is.""",
    ("attention_weights(q, k, mask) @ v", "softmax(attention_weights(q, k, mask) @ v)"))

makes_weights_of_the_weights = edit("attention", """You apply softmax to the weights, which have
    been through it already, and they come out almost even. Apply it once.""",
    ("attention_weights(q, k, mask)", "softmax(attention_weights(q, k, mask))"))

blends_by_the_scores = edit("attention", """Your values are weighted by the scores themselves.
    The softmax is missing between the two products.""",
    ("attention_weights(q, k, mask)", "attention_scores(q, k)"), common=True, denies=True)

multiplies_weights_and_values = edit("attention", """`*` multiplies elementwise, and the shapes
    of weights and values do not fit for that. Use a matrix product to blend the values.""",
    ("@ v", "* v"))

adds_the_queries = edit("attention", """You add the queries to your output (or try to). That is a
    residual connection, which comes in lesson 5; attention itself should return the blend
    alone.""",
    ("return", "return q +"), common=True)

adds_the_values = edit("attention", """You add the values to your output (or try to). Attention
    should return the blend alone, a row for each query.""",
    ("@ v", "@ v + v"))

answers_tables_alone = edit("attention", """Your einsum names two axes, so it fits only tables.
    Write three dots, `...`, for any axes in front.""",
    ("attention_weights(q, k, mask) @ v",
     'np.einsum("ij,jd->id", attention_weights(q, k, mask), v)'))

blends_across_the_batches = edit("attention", """Every row of weights blends the values of *all*
    batches: np.dot combines each batch with every other. Use `@`, which keeps to one batch at a
    time.""",
    ("attention_weights(q, k, mask) @ v", "np.dot(attention_weights(q, k, mask), v)"))

answers_with_the_loop = edit("attention", """Your answer comes from attention_loop, which takes
    no mask and no batch axes. Use the matrix products of attention_weights instead.""",
    ("attention_weights(q, k, mask) @ v", "attention_loop(q, k, v)"))


@mistake("attention", """Each query gets the value of its best key alone. Attention should
    blend: every value counts, in proportion to its weight.""")
def answers_with_the_best_value(q, k, v, mask=None):
    best = attention_weights(q, k, mask).argmax(axis=-1)
    return np.take_along_axis(v, best[..., None], axis=-2)


@mistake("attention", """Every query gets the plain mean of the values, whatever it is. The
    weights are missing.""", denies=True)
def blends_evenly(q, k, v, mask=None):
    weights = attention_weights(q, k, mask)
    return np.ones_like(weights) / weights.shape[-1] @ v


adds_the_answers_of_all_queries = edit("attention", """The answers of all queries are added up
    into one. Sum over the keys only: each query should keep a row of its own.""",
    ("attention_weights(q, k, mask) @ v", "(attention_weights(q, k, mask) @ v).sum(axis=-2)"))

turns_the_output_on_its_side = edit("attention", """Your output is transposed: (d_v, n_queries),
    where there should be a row for each query.""",
    ("attention_weights(q, k, mask) @ v",
     "(attention_weights(q, k, mask) @ v).swapaxes(-1, -2)"), common=True)

computes_in_float64 = edit("attention", """Your answer is float64: the inputs are
    converted on the way. What comes in as float32 should go out as float32.""",
    ("return", "q, k, v = (a.astype(np.float64) for a in (q, k, v))\nreturn"), common=True)

answers_in_float64 = edit("attention", """Your answer is float64, whatever comes in: an array
    made without a dtype is float64, and widens what it is combined with. float32 should stay
    float32.""",
    ("return", "output = np.zeros((*q.shape[:-1], v.shape[-1]))\noutput[...] ="),
    ("@ v", "@ v\nreturn output"))


@mistake("attention", """Your mask hides rows of the output, and all keys are seen. A mask is
    about pairs of a query and a key: apply it to the weights instead.""")
def hides_the_answers_of_queries(q, k, v, mask=None):
    output = attention_weights(q, k) @ v
    return output if mask is None else output * np.any(mask, axis=-1, keepdims=True)


@mistake("attention", """Your own softmax takes the exponentials of the scores as they are.
    Above 709 they overflow to infinity, and infinity over infinity is NaN. Subtract the largest
    score first, or call your softmax.""")
def overflows_on_its_own(q, k, v, mask=None):
    exps = np.exp(attention_scores(q, k))
    if mask is not None:
        exps = np.where(mask, exps, 0.0)
    total = exps.sum(axis=-1, keepdims=True)
    return exps / np.where(total > 0, total, 1.0) @ v


answers_in_float32 = edit("attention", """Your answer is float32, whatever comes in: float64
    numbers lose half their digits. What comes in as float64 should go out as float64.""",
    ("attention_weights(q, k, mask) @ v",
     "(attention_weights(q, k, mask) @ v).astype(np.float32)"))

hides_later_keys_by_itself = edit("attention", """Without a mask your attention is causal: query
    i sees only keys 0 to i. With a mask of None, every query should see every key.""",
    ("return",
     "if mask is None:\n"
     "    mask = np.tri(q.shape[-2], k.shape[-2], dtype=bool)\n"
     "return"))

passes_the_last_row_of_the_mask = edit("attention", """Only the last row of the mask counts, for
    all queries. Row i of the mask should apply to query i.""",
    ("return", "mask = None if mask is None else np.atleast_2d(mask)[..., -1:, :]\nreturn"))


@mistake("attention", """Your values are weighted by plain exponentials of the scores. Divide
    each by the sum of its row to make them weights.""")
def weighs_by_the_exponentials(q, k, v, mask=None):
    exps = np.exp(attention_scores(q, k))
    return (exps if mask is None else np.where(mask, exps, 0.0)) @ v


@mistake("attention", """Each sample of the batch gets the whole mask, but a mask may have a
    batch axis too: sample b needs mask b. Leave out the loop over the batch, and masks and
    samples line up by themselves.""")
def gives_each_sample_the_whole_mask(q, k, v, mask=None):
    if q.ndim == 2:
        return attention_weights(q, k, mask) @ v
    return np.stack([attention_weights(one_q, one_k, mask) @ one_v
                     for one_q, one_k, one_v in zip(q, k, v)])


scales_before_the_weights = edit("attention", """Your scores are divided by the root of d_k
    twice: attention_weights does it already. Pass queries and keys on as they are.""",
    ("return",
     "root = np.sqrt(q.shape[-1]) if widens else math.sqrt(q.shape[-1])\n"
     'q, k = (q / root, k) if which == "queries" else (q, k / root)\n'
     "return"), which=("queries", "keys"), widens=(False, True))


@mistake("attention", """Hidden keys lose their weight after the softmax, so they have taken
    their share, and the rest does not sum to one. Pass the mask to attention_weights, which
    hides them before.""", common=True)
def hides_after_the_weights(q, k, v, mask=None):
    weights = attention_weights(q, k)
    return (weights if mask is None else np.where(mask, weights, 0.0)) @ v


sums_over_the_queries = edit("attention", """Your einsum sums over the queries, an axis that the
    values do not have. Sum over the letter of the *keys*, which both share, and keep that of the
    queries.""",
    ("attention_weights(q, k, mask) @ v",
     'np.einsum("...ij,...ic->...jc", attention_weights(q, k, mask), v)'))

answers_in_the_dtype_of_an_argument = edit("attention", """Your answer takes its dtype from an
    argument. If that holds integers, the blend is cut down to whole numbers. Let the product
    decide the dtype.""",
    ("attention_weights(q, k, mask) @ v",
     '(attention_weights(q, k, mask) @ v).astype(q.dtype if which == "q" else v.dtype)'),
    which=("q", "v"))


@probes("attention")
def probe_attention():
    rng = np.random.default_rng(5)
    table = np.array([[1, 0, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0]], dtype=bool)
    q, k, v = (rng.normal(size=size) for size in ((3, 7), (4, 7), (4, 5)))
    yield given(q, k, v)
    yield given(q, k, v, table)
    yield given(q, k, v, table & [[True], [False], [True]])
    yield given(*(rng.normal(size=(3, 3)) for _ in range(3)), table[::-1, :3])
    q, k, v = (rng.normal(size=(2, *size)) for size in ((3, 5), (4, 5), (4, 6)))
    yield given(q, k, v)
    yield given(q, k, v, np.array([[[True, False, True, True]], [[True, True, False, False]]]))
    yield given(*(rng.normal(size=(2, n, 2)) for n in (3, 2, 2)))
    q, k, v, mask = -40 * np.ones((3, 7)), 1 + np.abs(rng.normal(size=(4, 7))), v[0], table[::-1]
    yield given(q, k, v, mask=mask)
    yield given(40 * q, k, v, mask=mask)
    yield given(q, np.array([[1], [-50], [1], [1]]) * k, v, np.array([True, False, True, True]))
    yield given(*(rng.integers(-3, 4, size) for size in ((2, 4), (3, 4), (3, 5))))

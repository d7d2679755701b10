"""Mistakes in project_qkv: how tokens and weights are multiplied, and what is done besides."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, mistake, probes

turns_the_weights = edit("project_qkv", """Your weights are transposed. Leave them as they are: a
    weight matrix here is (d_in, d_out) and fits as x @ w.""",
    ("w_q, x @ w_k, x @ w_v", "w_q.T, x @ w_k.T, x @ w_v.T"), common=True)

puts_the_weights_first = edit("project_qkv", """Your weights are on the left of the product, with
    the tokens on the right. In `a @ b` the last axis of `a` meets the second-to-last of `b`:
    both are d_model if x comes first.""",
    ("x @ w_q, x @ w_k, x @ w_v", "w_q @ x, w_k @ x, w_v @ x"))

puts_the_turned_weights_first = edit("project_qkv", """Your weights are on the left of the
    product, transposed, and meet the tokens instead of their features. Use x @ w, which needs no
    transpose.""",
    ("x @ w_q, x @ w_k, x @ w_v", "w_q.T @ x, w_k.T @ x, w_v.T @ x"))

returns_columns_for_tokens = edit("project_qkv", """What you return is transposed: it has a
    column for each token. A token should keep a row of its own, as x @ w gives it.""",
    ("x @ w_q, x @ w_k, x @ w_v", "tuple(w.T @ x.swapaxes(-1, -2) for w in (w_q, w_k, w_v))"))

serves_one_sequence_by_transposing = edit("project_qkv", """`.T` reverses all axes of x, so your
    product fits only a single sequence. Use x @ w, which keeps any axes in front.""",
    ("x @ w_q, x @ w_k, x @ w_v", "(w_q.T @ x.T).T, (w_k.T @ x.T).T, (w_v.T @ x.T).T"))

turns_the_tokens = edit("project_qkv", """Your tokens are transposed when they meet the weights.
    Leave them as they are: the last axis of x is already d_model, as the weights need it.""",
    ("return", "x = x.T\nreturn"))

multiplies_tokens_and_weights = edit("project_qkv", """`*` multiplies elementwise, and the shapes
    of tokens and weights do not fit for that. A projection should be a matrix product, `@`.""",
    ("@ w_q, x @ w_k, x @", "* w_q, x * w_k, x *"), common=True)

names_two_axes = edit("project_qkv", """Your einsum names two axes of x, so it fits only a single
    sequence. Write three dots, `...`, for any axes in front.""",
    ("x @ w_q, x @ w_k, x @ w_v",
     'tuple(np.einsum("td,dk->tk", x, w) for w in (w_q, w_k, w_v))'))

names_three_axes = edit("project_qkv", """Your einsum names three axes of x, so it fits exactly
    one batch axis. Write three dots, `...`, for any axes in front.""",
    ("x @ w_q, x @ w_k, x @ w_v",
     'tuple(np.einsum("btd,dk->btk", x, w) for w in (w_q, w_k, w_v))'))

expects_two_axes = edit("project_qkv", """You unpack the shape of x into two names, but a batch
    has more axes. Count from the end: x.shape[-1] is d_model, however many there are.""",
    ("return", "n_tokens, d_model = x.shape\nreturn"), common=True)

expects_three_axes = edit("project_qkv", """You unpack the shape of x into three names, but a
    single sequence has two axes. Count from the end: x.shape[-1] is d_model, however many there
    are.""",
    ("return", "batch, n_tokens, d_model = x.shape\nreturn"), common=True)

loses_the_batch = edit("project_qkv", """All tokens of a batch end up in one long row of tokens:
    the axes in front are gone. Use x @ w, which keeps them.""",
    ("return", "x = x.reshape(-1, x.shape[-1])\nreturn"))

runs_the_tokens_together = edit("project_qkv", """Everything after the first axis of x is
    flattened, so the tokens of a sequence run together. Each token should be projected by
    itself.""",
    ("return", "x = x.reshape(len(x), -1)\nreturn"))

makes_room_of_the_width_of_x = edit("project_qkv", """You fill arrays of the width of x. Queries,
    keys and values should have the widths of their weights.""",
    ("return",
     "q, k, v = np.empty_like(x), np.empty_like(x), np.empty_like(x)\n"
     "q[...], k[...], v[...] ="), ("@ w_v", "@ w_v\nreturn q, k, v"))

takes_the_dtype_of_x = edit("project_qkv", """Your projections have the dtype of x, so those of
    integer tokens lose their fractions. Let the product decide the dtype.""",
    ("x @ w_q, x @ w_k, x @ w_v",
     "(x @ w_q).astype(x.dtype), (x @ w_k).astype(x.dtype), (x @ w_v).astype(x.dtype)"))

projects_in_float64 = edit("project_qkv", """Your projections are float64, whatever comes in.
    Arrays that you create are float64 unless you say otherwise; x @ w keeps float32.""",
    ("x @ w_q", "(x @ w_q).astype(np.float64)"), ("x @ w_k", "(x @ w_k).astype(np.float64)"),
    ("x @ w_v", "(x @ w_v).astype(np.float64)"), common=True)

converts_x_to_float64 = edit("project_qkv", """Your numbers are float64, whatever comes in: x is
    converted before the product, or multiplied by something that is float64. What comes in as
    float32 should go out as float32.""",
    ("@ w_q, x @ w_k, x",
     ".astype(np.float64) @ w_q, x.astype(np.float64) @ w_k, x.astype(np.float64)"))

projects_row_by_row = edit("project_qkv", """Your loop takes the first axis of x for the tokens,
    but in a batch that is the batch axis. Use x @ w, which reaches every token, however many
    axes come before.""",
    ("x @ w_q, x @ w_k, x @ w_v",
     "tuple(np.array([w.T @ token for token in x]) for w in (w_q, w_k, w_v))"))


@mistake("project_qkv", """You fill a table that fits only a single sequence, but a batch has
    more axes. Use x @ w, which keeps them all and needs no table made beforehand.""")
def fills_a_table_for_one_sequence(x, w_q, w_k, w_v):
    q, k, v = (np.zeros((len(x), w.shape[1])) for w in (w_q, w_k, w_v))
    for i in range(len(x)):
        q[i], k[i], v[i] = x[i] @ w_q, x[i] @ w_k, x[i] @ w_v
    return q, k, v


projects_in_float32 = edit("project_qkv", """Your projections are float32, whatever comes in:
    float64 numbers lose half their digits. What comes in as float64 should go out as float64.""",
    ("x @ w_q, x @ w_k, x @ w_v", "tuple((x @ w).astype(np.float32) for w in (w_q, w_k, w_v))"))

scales_the_queries = edit("project_qkv", """Your queries are too small by a factor of the root of
    d_k. Leave the scaling to attention, which divides the scores once.""",
    ("return x @ w_q, x",
     "root = np.sqrt(w_q.shape[-1]) if widens else w_q.shape[-1] ** 0.5\n"
     "return x @ w_q/ root, x"), common=True, widens=(False, True))


@mistake("project_qkv", """Your queries and keys are too small by a factor of the root of d_k.
    Leave the scaling to attention, which divides the scores once.""", widens=(False, True))
def scales_queries_and_keys(x, w_q, w_k, w_v, *, widens):
    root = np.sqrt(w_q.shape[-1]) if widens else w_q.shape[-1] ** 0.5
    return x @ w_q / root, x @ w_k / root, x @ w_v


scales_by_the_root_of_d_model = edit("project_qkv", """Queries, keys and values are all too small
    by a factor of the root of d_model. Return the plain products; the size of the weights is
    settled when they are made.""",
    ("return x @ w_q, x @ w_k, x @ w_v",
     "root = x.shape[-1] ** 0.5\nreturn x @ w_q / root, x @ w_k / root, x @ w_v / root"))

cuts_off_at_zero = edit("project_qkv", """Negative numbers come back as zeros. A projection
    should be linear: no ReLU follows it, and queries may be negative.""",
    ("x @ w_q, x @ w_k, x @ w_v",
     "np.maximum(x @ w_q, 0), np.maximum(x @ w_k, 0), np.maximum(x @ w_v, 0)"))

squashes_with_tanh = edit("project_qkv", """Your numbers went through tanh and lie between -1 and
    1. A projection should be linear: return the plain product.""",
    ("x @ w_q, x @ w_k, x @ w_v", "np.tanh(x @ w_q), np.tanh(x @ w_k), np.tanh(x @ w_v)"))

brings_them_to_length_one = edit("project_qkv", """Your queries and keys are divided by their
    norms. Return the plain products: the norms should count in the scores.""",
    ("return x @ w_q, x @ w_k",
     "q, k = x @ w_q, x @ w_k\n"
     "return q / np.linalg.norm(q, axis=-1, keepdims=True), k / np.linalg.norm(k, "
     "axis=-1, keepdims=True)"))

adds_the_tokens = edit("project_qkv", """You add the tokens themselves to their projections (or
    try to). That is a residual connection, which comes in lesson 5; here return the plain
    products.""",
    ("@ w_q, x @ w_k, x", "+ x @ w_q, x + x @ w_k, x + x"))

centres_the_tokens = edit("project_qkv", """The mean is subtracted from the tokens before they
    are projected. Use x as it is; normalising comes in lesson 5.""",
    ("return", "x = x - x.mean(axis=-1, keepdims=True)\nreturn"))

normalises_the_tokens = edit("project_qkv", """Each token is normalised to mean 0 and variance 1
    before it is projected. Use x as it is; normalising comes in lesson 5.""",
    ("return",
     "x = (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True)\nreturn"))

scales_up_by_the_root_of_d_model = edit("project_qkv", """Queries, keys and values are all too
    large by a factor of the root of d_model. Return the plain products of x as it is.""",
    ("return x @ w_q, x @ w_k, x @ w_v",
     "root = x.shape[-1] ** 0.5\nreturn x @ w_q * root, x @ w_k * root, x @ w_v * root"))

projects_the_first_alone = edit("project_qkv", """Only the first sequence (or token) of x is
    projected. Every token of every sequence should get its query, key and value.""",
    ("@ w_q, x @ w_k, x", "[0] @ w_q, x[0] @ w_k, x[0]"))

reshapes_the_weights = edit("project_qkv", """Your weights are reshaped, which scrambles them.
    Leave them as they are: a weight matrix is already (d_model, d_out).""",
    ("x @ w_q, x @ w_k, x @ w_v",
     "tuple(x @ w.reshape(w.shape[::-1]) for w in (w_q, w_k, w_v))"))


@probes("project_qkv")
def probe_project_qkv():
    rng = np.random.default_rng(20)
    yield given(*(rng.normal(size=size) for size in ((5, 6), (6, 2), (6, 2), (6, 3))))
    yield given(*(rng.normal(size=size) for size in ((4, 3), (3, 3), (3, 3), (3, 4))))
    yield given(*(rng.normal(size=size) for size in ((2, 4, 3), (3, 3), (3, 3), (3, 4))))
    yield given(*(rng.normal(size=size) for size in ((2, 3, 5, 6), (6, 2), (6, 2), (6, 3))))
    yield given(*(rng.normal(size=size).astype(np.float32)
                  for size in ((4, 3), (3, 2), (3, 2), (3, 4))))
    yield given(np.array([[1, 0, 2], [0, 3, 0]]),
                *(rng.normal(size=size) for size in ((3, 5), (3, 5), (3, 4))))
    yield given(*(rng.normal(size=(3, 3)) for _ in range(4)))
    yield given(rng.normal(size=(4, 3)), *(rng.normal(size=(3, 3)) for _ in range(3)))
    yield given(np.array([[1, 0, 2], [0, 3, 0]]), *(rng.normal(size=(3, 3)) for _ in range(3)))
    yield given(*(rng.normal(size=size) for size in ((3, 3), (3, 4), (3, 4), (3, 4))))
    yield given(*(rng.normal(size=size) for size in ((4, 4), (4, 4), (4, 4), (4, 3))))

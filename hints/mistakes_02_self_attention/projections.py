"""Mistakes in project_qkv: how tokens and weights are multiplied, and what is done besides."""

import numpy as np

from tests.runner.mistakes import given, mistake, probes


@mistake("project_qkv", """Your weights are turned on their side. A weight matrix is (d_in, d_out)
    here, and fits as it stands: x @ w.""", common=True)
def turns_the_weights(x, w_q, w_k, w_v):
    return x @ w_q.T, x @ w_k.T, x @ w_v.T


@mistake("project_qkv", """The weights stand on the left of the product, with the tokens on the
    right. In `a @ b` the last axis of `a` meets the last but one of `b`: that is d_model if x
    stands first.""")
def puts_the_weights_first(x, w_q, w_k, w_v):
    return w_q @ x, w_k @ x, w_v @ x


@mistake("project_qkv", """The weights stand on the left of the product, turned on their side, and meet
    the tokens instead of their features. x @ w needs no turning.""")
def puts_the_turned_weights_first(x, w_q, w_k, w_v):
    return w_q.T @ x, w_k.T @ x, w_v.T @ x


@mistake("project_qkv", """What you return lies on its side: a column for each token. A token keeps a
    row of its own: x @ w gives that as it is.""")
def returns_columns_for_tokens(x, w_q, w_k, w_v):
    return tuple(w.T @ x.swapaxes(-1, -2) for w in (w_q, w_k, w_v))


@mistake("project_qkv", """`.T` reverses all axes of x, so your product serves a single sequence alone.
    x @ w keeps any axes in front.""")
def serves_one_sequence_by_transposing(x, w_q, w_k, w_v):
    return (w_q.T @ x.T).T, (w_k.T @ x.T).T, (w_v.T @ x.T).T


@mistake("project_qkv", """Your tokens lie on their side when they meet the weights. The last axis of x is d_model
    already, as the weights need it.""")
def turns_the_tokens(x, w_q, w_k, w_v):
    x = x.T
    return x @ w_q, x @ w_k, x @ w_v


@mistake("project_qkv", """`*` multiplies number by number, and tokens and weights do not fit for
    that. A projection is a matrix product, `@`.""", common=True)
def multiplies_tokens_and_weights(x, w_q, w_k, w_v):
    return x * w_q, x * w_k, x * w_v


@mistake("project_qkv", """Your einsum names two axes of x, so it serves a single sequence alone. Three
    dots, `...`, stand for any axes in front.""")
def names_two_axes(x, w_q, w_k, w_v):
    return tuple(np.einsum("td,dk->tk", x, w) for w in (w_q, w_k, w_v))


@mistake("project_qkv", """Your einsum names three axes of x, so it serves a batch with one axis in
    front and nothing else. Three dots, `...`, stand for any axes in front.""")
def names_three_axes(x, w_q, w_k, w_v):
    return tuple(np.einsum("btd,dk->btk", x, w) for w in (w_q, w_k, w_v))


@mistake("project_qkv", """You unpack the shape of x into two names, and a batch has more axes. Count
    from the end: x.shape[-1] is d_model however many there are.""", common=True)
def expects_two_axes(x, w_q, w_k, w_v):
    n_tokens, d_model = x.shape
    return x @ w_q, x @ w_k, x @ w_v


@mistake("project_qkv", """You unpack the shape of x into three names, and a single sequence has two
    axes. Count from the end: x.shape[-1] is d_model however many there are.""", common=True)
def expects_three_axes(x, w_q, w_k, w_v):
    batch, n_tokens, d_model = x.shape
    return x @ w_q, x @ w_k, x @ w_v


@mistake("project_qkv", """All tokens of a batch end up in one long row of tokens: the axes in front
    are gone. x @ w keeps them.""")
def loses_the_batch(x, w_q, w_k, w_v):
    x = x.reshape(-1, x.shape[-1])
    return x @ w_q, x @ w_k, x @ w_v


@mistake("project_qkv", """Everything behind the first axis of x is flattened, so the tokens of a
    sequence run together. Each token is projected by itself.""")
def runs_the_tokens_together(x, w_q, w_k, w_v):
    x = x.reshape(len(x), -1)
    return x @ w_q, x @ w_k, x @ w_v


@mistake("project_qkv", """What you fill has the width of x. Queries, keys and values have the widths
    of their weights.""")
def makes_room_of_the_width_of_x(x, w_q, w_k, w_v):
    q, k, v = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    q[...], k[...], v[...] = x @ w_q, x @ w_k, x @ w_v
    return q, k, v


@mistake("project_qkv", """Your projections have the dtype of x, so whole-number tokens lose their
    fractions. Let the product choose the dtype.""")
def takes_the_dtype_of_x(x, w_q, w_k, w_v):
    return (x @ w_q).astype(x.dtype), (x @ w_k).astype(x.dtype), (x @ w_v).astype(x.dtype)


@mistake("project_qkv", """Your numbers are right but float64, whatever comes in. Arrays that you make
    yourself are float64 unless told otherwise; x @ w keeps float32.""", common=True)
def projects_in_float64(x, w_q, w_k, w_v):
    return (x @ w_q).astype(np.float64), (x @ w_k).astype(np.float64), (x @ w_v).astype(np.float64)


@mistake("project_qkv", """Your numbers are float64, whatever comes in: x is converted before the product,
    or multiplied by something that is. What comes in as float32 goes out as float32.""")
def converts_x_to_float64(x, w_q, w_k, w_v):
    return x.astype(np.float64) @ w_q, x.astype(np.float64) @ w_k, x.astype(np.float64) @ w_v


@mistake("project_qkv", """Your loop takes the first axis of x for the tokens. In a batch that is the axis of
    the sequences; x @ w reaches every token, however many axes stand in front.""")
def projects_row_by_row(x, w_q, w_k, w_v):
    return tuple(np.array([w.T @ token for token in x]) for w in (w_q, w_k, w_v))


@mistake("project_qkv", """The table that you fill has room for a single sequence. A batch has more axes: x @
    w keeps them all, and needs no table made beforehand.""")
def fills_a_table_for_one_sequence(x, w_q, w_k, w_v):
    q, k, v = (np.zeros((len(x), w.shape[1])) for w in (w_q, w_k, w_v))
    for i in range(len(x)):
        q[i], k[i], v[i] = x[i] @ w_q, x[i] @ w_k, x[i] @ w_v
    return q, k, v


@mistake("project_qkv", """Your projections are float32, whatever comes in: float64 numbers lose half
    their digits. What comes in as float64 goes out as float64.""")
def projects_in_float32(x, w_q, w_k, w_v):
    return tuple((x @ w).astype(np.float32) for w in (w_q, w_k, w_v))


@mistake("project_qkv", """Your queries are too small by the root of d_k. Scaling is the task of
    attention, which divides the scores once.""", common=True, widens=(False, True))
def scales_the_queries(x, w_q, w_k, w_v, *, widens):
    root = np.sqrt(w_q.shape[-1]) if widens else w_q.shape[-1] ** 0.5  # np.sqrt makes float64 of float32
    return x @ w_q / root, x @ w_k, x @ w_v


@mistake("project_qkv", """Queries and keys are too small by the root of d_k. Scaling is the task of
    attention, which divides the scores once.""", widens=(False, True))
def scales_queries_and_keys(x, w_q, w_k, w_v, *, widens):
    root = np.sqrt(w_q.shape[-1]) if widens else w_q.shape[-1] ** 0.5
    return x @ w_q / root, x @ w_k / root, x @ w_v


@mistake("project_qkv", """All three are too small by the root of d_model. A projection is the plain
    product; how large weights are is settled when they are made.""")
def scales_by_the_root_of_d_model(x, w_q, w_k, w_v):
    root = x.shape[-1] ** 0.5
    return x @ w_q / root, x @ w_k / root, x @ w_v / root


@mistake("project_qkv", """Negative numbers come back as zeros. A projection is linear: there is no ReLU
    behind it, and queries may be negative.""")
def cuts_off_at_zero(x, w_q, w_k, w_v):
    return np.maximum(x @ w_q, 0), np.maximum(x @ w_k, 0), np.maximum(x @ w_v, 0)


@mistake("project_qkv", """Your numbers went through tanh and lie between -1 and 1. A projection is
    linear: the product is the answer.""")
def squashes_with_tanh(x, w_q, w_k, w_v):
    return np.tanh(x @ w_q), np.tanh(x @ w_k), np.tanh(x @ w_v)


@mistake("project_qkv", """Queries and keys are brought to length one. How long they are counts in the
    scores: a projection is the plain product.""")
def brings_them_to_length_one(x, w_q, w_k, w_v):
    q, k = x @ w_q, x @ w_k
    return (q / np.linalg.norm(q, axis=-1, keepdims=True),
            k / np.linalg.norm(k, axis=-1, keepdims=True), x @ w_v)


@mistake("project_qkv", """The tokens themselves are added to their projections (or tried to be). That
    is a residual connection, and it comes in lesson 5.""")
def adds_the_tokens(x, w_q, w_k, w_v):
    return x + x @ w_q, x + x @ w_k, x + x @ w_v


@mistake("project_qkv", """The mean is taken off the tokens before they are projected. x counts as it
    is; normalising comes in lesson 5.""")
def centres_the_tokens(x, w_q, w_k, w_v):
    x = x - x.mean(axis=-1, keepdims=True)
    return x @ w_q, x @ w_k, x @ w_v


@mistake("project_qkv", """Each token is brought to mean 0 and variance 1 before it is projected. x counts
    as it is; normalising comes in lesson 5.""")
def normalises_the_tokens(x, w_q, w_k, w_v):
    x = (x - x.mean(axis=-1, keepdims=True)) / x.std(axis=-1, keepdims=True)
    return x @ w_q, x @ w_k, x @ w_v


@mistake("project_qkv", """All three are too large by the root of d_model. A projection is the plain product,
    and x counts as it is.""")
def scales_up_by_the_root_of_d_model(x, w_q, w_k, w_v):
    root = x.shape[-1] ** 0.5
    return x @ w_q * root, x @ w_k * root, x @ w_v * root


@mistake("project_qkv", """Only the first sequence (or token) of x is projected. Every token of every
    sequence gets its query, key and value.""")
def projects_the_first_alone(x, w_q, w_k, w_v):
    return x[0] @ w_q, x[0] @ w_k, x[0] @ w_v


@mistake("project_qkv", """Your weights are reshaped to fit. Reshaping scrambles them: a weight matrix
    is (d_model, d_out) already.""")
def reshapes_the_weights(x, w_q, w_k, w_v):
    return tuple(x @ w.reshape(w.shape[::-1]) for w in (w_q, w_k, w_v))


@probes("project_qkv")
def probe_project_qkv():
    rng = np.random.default_rng(20)
    yield given(*(rng.normal(size=size) for size in ((5, 6), (6, 2), (6, 2), (6, 3))))
    yield given(*(rng.normal(size=size) for size in ((4, 3), (3, 3), (3, 3), (3, 4))))
    yield given(*(rng.normal(size=size) for size in ((2, 4, 3), (3, 3), (3, 3), (3, 4))))
    yield given(*(rng.normal(size=size) for size in ((2, 3, 5, 6), (6, 2), (6, 2), (6, 3))))
    yield given(*(rng.normal(size=size).astype(np.float32) for size in ((4, 3), (3, 2), (3, 2), (3, 4))))
    yield given(np.array([[1, 0, 2], [0, 3, 0]]), *(rng.normal(size=size) for size in ((3, 5), (3, 5), (3, 4))))
    yield given(*(rng.normal(size=(3, 3)) for _ in range(4)))
    yield given(rng.normal(size=(4, 3)), *(rng.normal(size=(3, 3)) for _ in range(3)))
    yield given(np.array([[1, 0, 2], [0, 3, 0]]), *(rng.normal(size=(3, 3)) for _ in range(3)))
    yield given(*(rng.normal(size=size) for size in ((3, 3), (3, 4), (3, 4), (3, 4))))
    yield given(*(rng.normal(size=size) for size in ((4, 4), (4, 4), (4, 4), (4, 3))))

"""Mistakes in causal_self_attention."""

import numpy as np
from kata_01_attention import attention
from kata_02_self_attention import causal_mask, project_qkv, self_attention

from tests.runner.mistakes import given, mistake, probes


@mistake("causal_self_attention", """The future is not hidden: every token sees the whole sequence. Pass
    `causal_mask(n_tokens)` on to self_attention; without brackets it is a function, and hides nothing.""", common=True)
def does_not_hide_the_future(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v)


@mistake("causal_self_attention", """Each token sees itself and what comes *later*; the past is hidden. Is the
    mask on its side?""", common=True)
def hides_the_past(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]).T)


@mistake("causal_self_attention", """Each token sees only what comes later: the mask is the other way round. True
    means "may attend".""")
def shows_the_future_alone(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, ~causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """No token sees itself, and the first one gets zeros. A token may look at
    itself and at those before it.""", common=True)
def hides_the_token_itself(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, np.tri(x.shape[-2], k=-1, dtype=bool))


@mistake("causal_self_attention", """Each token also sees the next one. It may look at itself and at those before
    it, and no further.""", common=True)
def peeks_at_the_next_token(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, np.tri(x.shape[-2], k=1, dtype=bool))


@mistake("causal_self_attention", """Your mask is as long as the first axis of x. That is n_tokens for a single
    sequence only; in a batch it is axis -2.""", common=True)
def takes_the_first_axis_for_tokens(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[0]))


@mistake("causal_self_attention", """Your mask is as long as axis 1 of x. Counted from the end, n_tokens is axis
    -2, however many axes stand in front.""", common=True)
def takes_axis_one_for_tokens(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[1]))


@mistake("causal_self_attention", """Your mask has the size d_model, the width of a token. It needs a row and a
    column for each token: x.shape[-2].""")
def takes_the_width_for_the_length(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-1]))


@mistake("causal_self_attention", """Your mask has the size d_k, the width of a query. It needs a row and a column
    for each token: x.shape[-2].""")
def takes_d_k_for_the_length(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(w_q.shape[-1]))


@mistake("causal_self_attention", """Your mask has an axis in front, and a single sequence gets it in its output
    too. A mask (n_tokens, n_tokens) stretches by itself.""")
def gives_the_causal_mask_an_axis(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2])[np.newaxis])


@mistake("causal_self_attention", """Your mask has two axes in front, and the output gets what x does not have of
    them. A mask (n_tokens, n_tokens) stretches by itself.""")
def gives_the_causal_mask_two_axes(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2])[np.newaxis, np.newaxis])


@mistake("causal_self_attention", """You unpack the shape of x into two names, and a batch has more axes. Count
    from the end: x.shape[-2] is n_tokens however many there are.""")
def unpacks_two_axes(x, w_q, w_k, w_v):
    n_tokens, d_model = x.shape
    return self_attention(x, w_q, w_k, w_v, causal_mask(n_tokens))


@mistake("causal_self_attention", """You unpack the shape of x into three names, and a single sequence has two
    axes. Count from the end: x.shape[-2] is n_tokens however many there are.""")
def unpacks_three_axes(x, w_q, w_k, w_v):
    batch, n_tokens, d_model = x.shape
    return self_attention(x, w_q, w_k, w_v, causal_mask(n_tokens))


@mistake("causal_self_attention", """Later tokens are hidden after the softmax, so they have taken their share, and
    the weights of what is left do not sum to one. Pass the mask to self_attention.""")
def hides_the_future_after_the_softmax(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    weights = attention(q, k, np.eye(x.shape[-2], dtype=v.dtype))
    return np.where(causal_mask(x.shape[-2]), weights, 0) @ v


@mistake("causal_self_attention", """Each token gets the plain mean of the values so far. Hiding the future is one
    half: queries and keys still decide the weights of the rest.""")
def averages_the_past(x, w_q, w_k, w_v):
    return self_attention(x, 0 * w_q, w_k, w_v, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """Each token gets its own value alone. It may look back as well.""")
def sees_itself_alone(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, np.eye(x.shape[-2], dtype=bool))


@mistake("causal_self_attention", """Each token sees itself and the one before it, no further. It may look back to
    the very first.""")
def sees_one_token_back(x, w_q, w_k, w_v):
    mask = causal_mask(x.shape[-2]) & ~np.tri(x.shape[-2], k=-2, dtype=bool)
    return self_attention(x, w_q, w_k, w_v, mask)


@mistake("causal_self_attention", """Every token sees the first token alone: the first row of the mask is used for
    all. Row i is about token i.""")
def uses_the_first_row(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2])[0])


@mistake("causal_self_attention", """Tokens of x are summed up before they attend, so each stands for all so far.
    x goes in as it is; the mask is for the weights.""")
def multiplies_x_by_the_mask(x, w_q, w_k, w_v):
    return self_attention(causal_mask(x.shape[-2]) @ x, w_q, w_k, w_v)


@mistake("causal_self_attention", """Your prefixes are cut from the first axis of x, which in a batch is that of the
    sequences. The tokens are axis -2.""")
def cuts_prefixes_from_the_first_axis(x, w_q, w_k, w_v):
    return np.stack([self_attention(x[: i + 1], w_q, w_k, w_v)[i] for i in range(len(x))])


@mistake("causal_self_attention", """Your prefixes end before the token itself, so the first one is empty. Token i
    sees i + 1 tokens, itself included.""")
def cuts_prefixes_too_short(x, w_q, w_k, w_v):
    seen = [self_attention(x[..., :i, :], w_q, w_k, w_v)[..., -1, :] for i in range(x.shape[-2])]
    return np.stack(seen, axis=-2)


@mistake("causal_self_attention", """Queries and keys have changed places. The order of the weights is w_q, w_k,
    w_v.""", common=True)
def passes_w_k_first(x, w_q, w_k, w_v):
    return self_attention(x, w_k, w_q, w_v, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """Keys and values have changed places. The order of the weights is w_q, w_k,
    w_v.""")
def passes_w_v_second(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_v, w_k, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """Your values are the keys: they are made with w_k. What gets blended is made
    with w_v.""")
def passes_w_k_twice(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_k, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """Your keys are the queries: they are made with w_q. Each of the three has
    weights of its own.""")
def passes_w_q_twice(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_q, w_v, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """The tokens are added to your output (or tried to be). That is a residual
    connection, and it comes in lesson 5; here the blend alone is asked for.""", common=True)
def adds_x_to_the_output(x, w_q, w_k, w_v):
    return x + self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """Your answer is the output of the last token alone. Every token keeps one, from
    what it may see.""")
def answers_for_the_newest_token(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]))[..., -1, :]


@mistake("causal_self_attention", """Your answer is one vector for the whole sequence, the mean of the outputs. Every
    token keeps an output of its own.""")
def answers_with_the_mean_of_all(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2])).mean(axis=-2)


@mistake("causal_self_attention", """The last token has no output: x is cut short before it attends. Every token
    gets one; shifting is for training, later.""")
def leaves_the_last_token_out(x, w_q, w_k, w_v):
    x = x[..., :-1, :]
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """Your numbers are right but float64, whatever comes in. What comes in as float32
    goes out as float32.""", common=True, before=(False, True))
def answers_causally_in_float64(x, w_q, w_k, w_v, *, before):
    x = x.astype(np.float64) if before else x
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2])).astype(np.float64)


@mistake("causal_self_attention", """A float64 table of low numbers is added to your scores, and float32 scores
    become float64 by it. Pass the boolean mask to self_attention, or give the table the dtype of the scores.""",
         low=(-np.inf, -1e9, -1e10, -1e30))
def adds_a_table_in_float64(x, w_q, w_k, w_v, *, low):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5 + np.where(causal_mask(x.shape[-2]), 0.0, low)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True) @ v


@mistake("causal_self_attention", """The future gets a low number added to its scores, and the number is not low
    enough: a high score behind it still shows. Pass the mask to self_attention.""",
         low=(-1e4, -1e3, -100.0), dtype=("float64", "x"))
def adds_too_small_a_number(x, w_q, w_k, w_v, *, low, dtype):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    table = np.where(causal_mask(x.shape[-2]), 0.0, low).astype(x.dtype if dtype == "x" else dtype)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5 + table
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True) @ v


@mistake("causal_self_attention", """Your answer is float32, whatever comes in: float64 numbers lose half their
    digits. What comes in as float64 goes out as float64.""")
def answers_causally_in_float32(x, w_q, w_k, w_v):
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2])).astype(np.float32)


@mistake("causal_self_attention", """Your scores are divided by the root of d_model. It is the root of d_k, the width
    of the queries, and self_attention sees to that.""")
def scales_the_past_by_d_model(x, w_q, w_k, w_v):
    w_q = w_q * (w_q.shape[-1] / x.shape[-1]) ** 0.5
    return self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """Your scores are not divided by the root of d_k. Your self_attention does
    that.""")
def leaves_the_past_unscaled(x, w_q, w_k, w_v):
    return self_attention(x, w_q * w_q.shape[-1] ** 0.5, w_k, w_v, causal_mask(x.shape[-2]))


@mistake("causal_self_attention", """You return the mask. It is for self_attention, whose output is the answer.""")
def returns_the_mask(x, w_q, w_k, w_v):
    return causal_mask(x.shape[-2])


@probes("causal_self_attention")
def probe_causal_self_attention():
    rng = np.random.default_rng(22)
    weights = [rng.normal(size=size) for size in ((3, 5), (3, 5), (3, 6))]
    square = [rng.normal(size=(3, 3)) for _ in range(3)]
    yield given(rng.normal(size=(4, 3)), *weights)
    yield given(rng.normal(size=(4, 3)), *square)
    yield given(rng.normal(size=(3, 3)), *weights)
    yield given(rng.normal(size=(5, 3)), *weights)
    yield given(rng.normal(size=(2, 4, 3)), *square)
    yield given(rng.normal(size=(4, 4, 3)), *weights)
    yield given(rng.normal(size=(2, 3, 4, 3)), *weights)
    yield given(50 * rng.normal(size=(4, 3)), *square)
    yield given(*(array.astype(np.float32) for array in (rng.normal(size=(4, 3)), *square)))
    yield given(np.array([[1, 0, 2], [0, 3, 1]]), *(rng.integers(-2, 3, size=(3, width)) for width in (5, 5, 3)))

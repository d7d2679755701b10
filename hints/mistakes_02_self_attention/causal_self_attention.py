"""Mistakes in causal_self_attention."""

import numpy as np
from kata_01_attention import attention
from kata_02_self_attention import causal_mask, project_qkv, self_attention

from tests.runner.diagnosis.known import edit, given, mistake, probes

does_not_hide_the_future = edit("causal_self_attention", """The future is not hidden: every token
    sees the whole sequence. Pass `causal_mask(n_tokens)` on to self_attention.""",
    ("w_v, causal_mask(x.shape[-2])", "w_v"), common=True)

hides_the_past = edit("causal_self_attention", """Each token sees itself and what comes *later*;
    the past is hidden. Is the mask transposed?""",
    ("(x.shape[-2])", "(x.shape[-2]).T"), common=True)

shows_the_future_alone = edit("causal_self_attention", """Each token sees only what comes later:
    the mask is inverted. True should mean "may attend".""",
    ("w_v,", "w_v, ~"))

hides_the_token_itself = edit("causal_self_attention", """No token sees itself, and the first one
    gets zeros. A token should see itself and the tokens before it.""",
    ("causal_mask(x.shape[-2])", "np.tri(x.shape[-2], k=-1, dtype=bool)"), common=True)

peeks_at_the_next_token = edit("causal_self_attention", """Each token also sees the next one. It
    should see itself and the tokens before it, and no further.""",
    ("causal_mask(x.shape[-2])", "np.tri(x.shape[-2], k=1, dtype=bool)"), common=True)

takes_the_first_axis_for_tokens = edit("causal_self_attention", """Your mask is as long as the
    first axis of x. That is n_tokens only for a single sequence; take it from axis -2, which
    fits a batch too.""",
    ("x.shape[-2]", "x.shape[0]"), common=True)

takes_axis_one_for_tokens = edit("causal_self_attention", """Your mask is as long as axis 1 of x.
    Count from the end: n_tokens is axis -2, however many axes come before it.""",
    ("x.shape[-2]", "x.shape[1]"), common=True)

takes_the_width_for_the_length = edit("causal_self_attention", """Your mask has the size d_model,
    the width of a token. It should have a row and a column for each token: x.shape[-2].""",
    ("x.shape[-2]", "x.shape[-1]"))

takes_d_k_for_the_length = edit("causal_self_attention", """Your mask has the size d_k, the width
    of a query. It should have a row and a column for each token: x.shape[-2].""",
    ("x.shape[-2]", "w_q.shape[-1]"))

gives_the_causal_mask_an_axis = edit("causal_self_attention", """Your mask has an extra axis in
    front, and so has the output for a single sequence. Pass on a mask (n_tokens, n_tokens),
    which broadcasts by itself.""",
    ("(x.shape[-2])", "(x.shape[-2])[np.newaxis]"))

gives_the_causal_mask_two_axes = edit("causal_self_attention", """Your mask has two extra axes in
    front, and the output gets those of them that x does not have. Pass on a mask (n_tokens,
    n_tokens), which broadcasts by itself.""",
    ("(x.shape[-2])", "(x.shape[-2])[np.newaxis, np.newaxis]"))

unpacks_two_axes = edit("causal_self_attention", """You unpack the shape of x into two names, but
    a batch has more axes. Count from the end: x.shape[-2] is n_tokens, however many there are.""",
    ("return", "n_tokens, d_model = x.shape\nreturn"), ("x.shape[-2]", "n_tokens"))

unpacks_three_axes = edit("causal_self_attention", """You unpack the shape of x into three names,
    but a single sequence has two axes. Count from the end: x.shape[-2] is n_tokens, however many
    there are.""",
    ("return", "batch, n_tokens, d_model = x.shape\nreturn"), ("x.shape[-2]", "n_tokens"))


@mistake("causal_self_attention", """Later tokens are hidden after the softmax, so they have
    taken their share, and the weights that are left do not sum to one. Pass the mask to
    self_attention.""")
def hides_the_future_after_the_softmax(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    weights = attention(q, k, np.eye(x.shape[-2], dtype=v.dtype))
    return np.where(causal_mask(x.shape[-2]), weights, 0) @ v


averages_the_past = edit("causal_self_attention", """Each token gets the plain mean of the values
    so far. Hiding the future is only half of it: queries and keys should still decide the
    weights of the rest.""",
    ("w_q, w_k, w_v,", "0 * w_q, w_k, w_v,"))

sees_itself_alone = edit("causal_self_attention", """Each token gets only its own value. It
    should see the tokens before it as well.""",
    ("causal_mask(x.shape[-2])", "np.eye(x.shape[-2], dtype=bool)"))

sees_one_token_back = edit("causal_self_attention", """Each token sees itself and the one before
    it, no further. It should see all tokens back to the very first.""",
    ("return",
     "mask = causal_mask(x.shape[-2]) & ~np.tri(x.shape[-2], k=-2, dtype=bool)\nreturn"),
    ("causal_mask(x.shape[-2])", "mask"))

uses_the_first_row = edit("causal_self_attention", """Every token sees only the first token: the
    first row of the mask is used for all. Row i should apply to token i.""",
    ("(x.shape[-2])", "(x.shape[-2])[0]"))

multiplies_x_by_the_mask = edit("causal_self_attention", """Tokens of x are added up before they
    attend, so each one holds the sum of all so far. Pass x on as it is; the mask should apply to
    the weights.""",
    ("x, w_q, w_k, w_v, causal_mask(x.shape[-2])",
     "causal_mask(x.shape[-2]) @ x, w_q, w_k, w_v"))

cuts_prefixes_from_the_first_axis = edit("causal_self_attention", """Your prefixes are cut from
    the first axis of x, which in a batch is the batch axis. Cut them from axis -2, the tokens.""",
    ("self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]))",
     "np.stack([self_attention(x[: i + 1], w_q, w_k, w_v)[i] for i in range(len(x))])"))


@mistake("causal_self_attention", """One of your prefixes is empty. The prefix of token i should
    hold i + 1 tokens, itself included: `x[..., : i + 1, :]`.""")
def cuts_prefixes_too_short(x, w_q, w_k, w_v):
    seen = [self_attention(x[..., :i, :], w_q, w_k, w_v)[..., -1, :] for i in range(x.shape[-2])]
    return np.stack(seen, axis=-2)


passes_w_k_first = edit("causal_self_attention", """Queries and keys are swapped. The order of
    the weights should be w_q, w_k, w_v.""",
    ("w_q, w_k, w_v,", "w_k, w_q, w_v,"), common=True)

passes_w_v_second = edit("causal_self_attention", """Keys and values are swapped. The order of
    the weights should be w_q, w_k, w_v.""",
    ("w_k, w_v,", "w_v, w_k,"))

passes_w_k_twice = edit("causal_self_attention", """Your values are the keys: they are made with
    w_k. What is blended should be made with w_v.""",
    ("w_v,", "w_k,"))

passes_w_q_twice = edit("causal_self_attention", """Your keys are the queries: they are made with
    w_q. Each of the three should be made with its own weights.""",
    ("w_k, w_v,", "w_q, w_v,"))

adds_x_to_the_output = edit("causal_self_attention", """You add the tokens to your output (or try
    to). That is a residual connection, which comes in lesson 5; here return the blend alone.""",
    ("return", "return x +"), common=True)

answers_for_the_newest_token = edit("causal_self_attention", """Your answer is the output of the
    last token alone. Every token should have an output, made from what it may see.""",
    ("x.shape[-2]))", "x.shape[-2]))[..., -1, :]"))

answers_with_the_mean_of_all = edit("causal_self_attention", """Your answer is one vector for the
    whole sequence, the mean of the outputs. Every token should keep an output of its own.""",
    ("x.shape[-2]))", "x.shape[-2])).mean(axis=-2)"))

leaves_the_last_token_out = edit("causal_self_attention", """The last token has no output: x is
    cut short before it attends. Every token should get one; shifting is for training, later.""",
    ("return", "x = x[..., :-1, :]\nreturn"))

answers_causally_in_float64 = edit("causal_self_attention", """Your answer is
    float64, whatever comes in. What comes in as float32 should go out as float32.""",
    ("return", "x = x.astype(np.float64) if before else x\nreturn"),
    ("x.shape[-2]))", "x.shape[-2])).astype(np.float64)"), common=True, before=(False, True))


@mistake("causal_self_attention", """You add a float64 table of low numbers to the scores, which
    turns float32 scores into float64. Pass the boolean mask to self_attention, or give the
    table the dtype of the scores.""", speaks_of=("+", "+="), low=(-np.inf, -1e9, -1e10, -1e30))
def adds_a_table_in_float64(x, w_q, w_k, w_v, *, low):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5 + np.where(causal_mask(x.shape[-2]), 0.0,
                                                                    low)
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True) @ v


@mistake("causal_self_attention", """You add a low number to the scores of the future, but it is
    not low enough: a high score among them still shows. Pass the mask to self_attention.""",
         low=(-1e4, -1e3, -100.0), dtype=("float64", "x"))
def adds_too_small_a_number(x, w_q, w_k, w_v, *, low, dtype):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    table = np.where(causal_mask(x.shape[-2]), 0.0, low).astype(x.dtype if dtype == "x" else dtype)
    scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5 + table
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True) @ v


answers_causally_in_float32 = edit("causal_self_attention", """Your answer is float32, whatever
    comes in: float64 numbers lose half their digits. What comes in as float64 should go out as
    float64.""",
    ("x.shape[-2]))", "x.shape[-2])).astype(np.float32)"))

scales_the_past_by_d_model = edit("causal_self_attention", """Your scores are divided by the root
    of d_model. They should be divided by the root of d_k, the width of the queries:
    self_attention takes care of that.""",
    ("return", "w_q = w_q * (w_q.shape[-1] / x.shape[-1]) ** 0.5\nreturn"))

leaves_the_past_unscaled = edit("causal_self_attention", """Your scores are not divided by the
    root of d_k. Call your self_attention, which does that.""",
    ("w_q, w_k, w_v,", "w_q * w_q.shape[-1] ** 0.5, w_k, w_v,"))

returns_the_mask = edit("causal_self_attention", """You return the mask. Pass it to
    self_attention instead, and return the output of that.""",
    ("self_attention(x, w_q, w_k, w_v, causal_mask(x.shape[-2]))", "causal_mask(x.shape[-2])"))


@probes("causal_self_attention")
def probe_causal_self_attention():
    rng = np.random.default_rng(22)
    weights = [rng.normal(size=size) for size in ((3, 5), (3, 5), (3, 6))]
    square = [rng.normal(size=(3, 3)) for _ in range(3)]
    yield given(rng.normal(size=(4, 3)), *weights)
    yield given(rng.normal(size=(1, 3)), *weights)
    yield given(rng.normal(size=(4, 3)), *square)
    yield given(rng.normal(size=(3, 3)), *weights)
    yield given(rng.normal(size=(5, 3)), *weights)
    yield given(rng.normal(size=(2, 4, 3)), *square)
    yield given(rng.normal(size=(4, 4, 3)), *weights)
    yield given(rng.normal(size=(2, 3, 4, 3)), *weights)
    yield given(50 * rng.normal(size=(4, 3)), *square)
    yield given(*(array.astype(np.float32) for array in (rng.normal(size=(4, 3)), *square)))
    yield given(np.array([[1, 0, 2], [0, 3, 1]]),
                *(rng.integers(-2, 3, size=(3, width)) for width in (5, 5, 3)))

"""Wrong versions of which something untrue was said once, and what must not be said of them.

They come from readers and from an audit. What is said instead is open, and may be nothing.
"""

from dataclasses import dataclass

import pytest

from tests.repo.audit import first_red, put_in, quiet
from tests.runner.diagnosis.mistake_edits import Edit, edited
from tests.runner.diagnosis.workshop import right_text, workshop
from tests.runner.lessons.catalog import all_katas
from tests.runner.lessons.loading import load, solutions
from tests.runner.specs.watched import WatchedKata


@dataclass(frozen=True)
class Case:
    """A wrong version of a function: its text, or edits of the solution; what would be untrue."""

    function: str
    written: str | tuple
    untrue: str

    def text(self, right):
        if isinstance(self.written, str):
            return self.written
        return edited(right_text(right), [Edit(*change) for change in self.written])


CASES = [
    Case("softmax", """def softmax(scores, axis=-1):
    m = scores[0]
    for s in scores:
        if s > m:
            m = s
    exps = np.exp(scores - m)
    return exps / exps.sum(axis=axis, keepdims=True)
""", "own `max`"),
    Case("softmax", """def softmax(scores, axis=-1):
    exps = np.exp(scores - sorted(scores)[-1])
    return exps / exps.sum(axis=axis, keepdims=True)
""", "own `max`"),
    Case("softmax", """def softmax(scores, axis=-1):
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1).reshape(-1, 1)
""", "maxima"),
    Case("softmax", (("scores.max(", "scores.mean("),), "709"),
    Case("softmax", (("np.exp(shifted)", "np.log(shifted)"),), "fixed number"),
    Case("softmax", (("shifted = scores - scores.max(axis=axis, keepdims=True)",
                      "shifted = np.sqrt(scores - scores.max(axis=axis, keepdims=True))"),),
                      "fixed number"),
    Case("attend_one", (("query.shape[-1]", "query[0].shape[-1]"),), "query.shape[1]"),
    Case("attention_loop", """def attention_loop(q, k, v):
    outputs, row = [], np.zeros(v.shape[1])
    for query in q:
        row[:] = 0
        scores = np.array([sum(query * key) for key in k]) / math.sqrt(q.shape[1])
        for weight, value in zip(softmax(scores), v):
            row += weight * value
        outputs.append(row)
    return np.array(outputs)
""", "within the loop"),
    Case("attention_loop", (
        ("weights = softmax(np.array(scores))",
         "exps = [math.exp(score - max(scores)) for score in scores]"),
        ("outputs.append(sum(weight * value for weight, value in zip(weights, v)))",
         "outputs.append([math.fsum((e * v for e, v in zip(exps, column)), 1) / math.fsum(exps) "
         "for column in v.T])")), "`math.exp`"),
    Case("attention_weights",
         (("np.where(mask, scores, lowest)", "np.where(mask, lowest, scores)"),), "`any`"),
    Case("attention_weights",
         (("np.where(mask, scores, lowest)", "np.where(~mask, scores, lowest)"),), "`any`"),
    Case("attention_weights", (("np.where(mask, scores, lowest)",
                                "np.abs(np.where(mask, scores, lowest))"),), "`any`"),
    Case("causal_self_attention", """def causal_self_attention(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    mask = causal_mask(x)
    return attention(q, k, v, mask)
""", "if mask"),
    Case("causal_self_attention", """def causal_self_attention(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    mask = causal_mask(q)
    return attention(q, k, v, mask)
""", "if mask"),
    Case("causal_self_attention", """def causal_self_attention(x, w_q, w_k, w_v):
    rows = [self_attention(x[..., i + 1 :, :], w_q, w_k, w_v)[..., -1:, :]
            for i in range(x.shape[-2])]
    return np.concatenate(rows, axis=-2)
""", "first one is empty"),
    Case("causal_self_attention", """def causal_self_attention(x, w_q, w_k, w_v):
    rows = [self_attention(x[..., 1 : i + 1, :], w_q, w_k, w_v)[..., -1:, :]
            for i in range(x.shape[-2])]
    return np.concatenate(rows, axis=-2)
""", "end before the token itself"),
    Case("self_attention", """def self_attention(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    return attention(k, v, mask=mask)
""", "one tuple"),
    Case("causal_mask", """def causal_mask(n_tokens):
    mask = [[False] * n_tokens] * n_tokens
    for i in range(n_tokens):
        for j in range(i + 1):
            mask[i][j] = True
    return np.array(mask)
""", "shows everything"),
    Case("multi_head_attention", (
        ("q = split_heads(x @ w_q, n_heads)",
         "q, k = (split_heads(t, n_heads) for t in (x @ w_q, memory @ w_k, memory @ w_v))\nv = k"),
        ("k = split_heads(memory @ w_k, n_heads)", ""),
        ("v = split_heads(memory @ w_v, n_heads)", "")), "unpack the shape"),
    Case("multi_head_attention", (
        ("np.expand_dims(np.atleast_2d(mask), -3)",
         "np.stack([np.atleast_2d(mask)] * n_heads, axis=0)"),), "Two things"),
    Case("multi_head_attention", """
def multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(each, n_heads) for each in (x @ w_q, memory @ w_k, memory @ w_v))
    scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(np.expand_dims(np.atleast_2d(mask), -3), scores, -1e30)
    exps = np.log(scores - scores.max(axis=-1, keepdims=True))
    return merge_heads(exps / exps.sum(axis=-1, keepdims=True) @ v) @ w_o
""".replace("math.", "np."), "None counts as False"),
    Case("attention_maps", """def attention_maps(x, w_q, w_k, n_heads, mask=None):
    q, k = (split_heads(x @ w, n_heads) for w in (w_q, w_k))
    scores = np.einsum("...ic,...jc->...ij", q, k) / np.sqrt(q.shape[-1])
    exps = mask
    return exps / exps.sum(axis=-1, keepdims=True)
""", "einsum names two axes"),
    Case("sinusoidal_encoding", (("np.arange(0, d_model, 2)", "np.arange(0, d_model)"),),
         "on the left"),
    Case("add_positions", (("table[start:end]", "table[start + 1 : end]"),), "without a - 1"),
    Case("rotary_angles", (("[:, None] * rates", "[:, None] ** rates"),), "one by one"),
    Case("gelu", """def gelu(x):
    return 0.5 * x * (1 + np.tanh(1 / math.sqrt(2 * math.pi) * (x + 0.044715 * x**3)))
""", "sigmoid"),
    Case("gelu", """def gelu(x):
    return 0.5 * float(x) * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
""", "a function of `math`"),
    Case("gelu", """def gelu(x):
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * math.pow(x, 3))))
""", "np.tanh"),
    Case("layer_norm", """def layer_norm(x, gain, bias, eps=1e-5):
    mu = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    return (x - mu) / np.sqrt(var + eps) / gain + bias
""", "Parentheses"),
    Case("transformer_block",
         (("feed_forward(layer_norm(x, **block[\"norm_2\"])", "feed_forward(n_heads"),), "largest"),
    Case("transformer_block", """def transformer_block(x, block, n_heads, mask=None):
    n1, n2 = block["norm_1"], block["norm_2"]
    x = x + multi_head_attention(
        layer_norm(x, n1["bias"]), **block["attention"], n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, n2["gain"], n2["bias"]), **block["feed_forward"])
""", "no bias"),
    Case("transformer", (("encoder_block(memory, block, n_heads, source_mask)",
                          "encoder_block(memory, block, n_heads=x, mask=source_mask)"),), "`max`"),
    Case("transformer", (("encoder_block(memory, block, n_heads, source_mask)",
                          "encoder_block(block, memory, n_heads, source_mask)"),),
                          "`decoder_block`"),
    Case("transformer", (("causal_mask(x.shape[-2])", "causal_mask(x.shape[-3])"),), "shape[1]"),
    Case("transformer",
         (('for block in params["decoder"]', 'for block in params["decoder"][-1:]'),),
         "starts again"),
    Case("transformer", """
def transformer(source_ids, target_ids, params, n_heads, source_mask=None):
    def emb(ids, table):
        x = table[ids] * math.sqrt(table.shape[-1])
        return add_positions(x, sinusoidal_encoding(x.shape[-2], x.shape[-1]))

    memory, x = emb(source_ids, params["source_table"]), emb(source_ids, params["target_table"])
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    mask = causal_mask(x.shape[-2])
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x @ params["unembedding"]
""", "the ids of the other"),
    Case("gpt", (("transformer_block(x, block, n_heads, mask)",
                  'transformer_block(layer_norm(x, **params["norm_f"]), block, n_heads, mask)'),),
                  "Two things"),
    Case("encoder_block",
         (('layer_norm( x + multi_head_attention(x, **block["attention"], n_heads=n_heads, '
           'mask=mask), **block["norm_1"])', 'layer_norm(x + multi_head_attention(x, '
           '*enumerate(block), n_heads=n_heads, mask=mask), **block["norm_1"])'),), "in quotes"),
    Case("cross_entropy", (("if not len(targets):", "if len(targets):"),),
         "mean is over the ignored"),
    Case("generate", (("gpt(newest, params, n_heads)", "gpt(newest, n_heads)"),),
         "n_heads is missing"),
    Case("generate", (("token_ids = np.concatenate([token_ids, chosen[..., np.newaxis]], axis=-1)",
                       ""),), "0 times infinity"),
    Case("attend_one", (("query / math.sqrt(query.shape[-1])", "query * query.shape[-1]"),),
         "divided by"),
    Case("softmax", (("max(axis=axis, keepdims=True)", "mean(axis=axis)"),), "Your maximum"),
    Case("merge_heads", "def merge_heads(x):\n    return x\n", "Two things"),
    Case("attention_backward", (("- mean) / math.sqrt(q.shape[-1])", ")"),), "right but for"),
    Case("attention_loop", (("v)))", "v)))\nbreak"),), "its `return`"),
    Case("transformer_block", (("n_heads=n_heads, mask=mask", "n_heads=mask, mask=n_heads"),),
         "no mask"),
    Case("gpt_gradients", (("embedding_backward(positions, len(params[\"position_table\"]), grad)",
                            "np.zeros((5, 10)) + np.zeros((5, 5))"),), "a mask of shape"),
    Case("attention_loop", """def attention_loop(q, k, v):
    result = np.zeros((len(q), v.shape[1]))
    for i in range(len(q)):
        weights = softmax(np.array([q[i] @ key for key in k]) / math.sqrt(q.shape[1]))
    result[i] = weights @ v
    return result
""", "every query writes"),
    Case("causal_tiled_attention",
         (("n_seen = max(0, n_past + start + n_rows)", "n_seen = 0"),), "Two things"),
    Case("attention_scores",
         (("q @ k.swapaxes(-1, -2)", "(q @ k.swapaxes(-1, -2)).astype(float)"),), "np.sqrt"),
    Case("attention_scores", (("q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])",
                               "np.floor(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1]))"),),
         "(//)"),
    Case("attention_weights", (("np.where(mask, scores, lowest)",
                                "np.where(mask, scores, np.full(scores.shape, -1e30))"),),
         "you add"),
    Case("attention_weights", (("return softmax(scores)", "mask = scores != scores"),), "np.where"),
    Case("transformer", (("math.sqrt(d_model)", "np.float64(d_model) ** 0.5", 2),), "np.sqrt"),
    Case("feed_forward", (("activation(x @ w_in + b_in)", "activation()"),), "<locals>"),
]


def kata_of(function):
    return next(kata for kata in all_katas("kata") if function in kata.functions)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.function}-{case.untrue}")
def test_nothing_untrue_is_said(case):
    kata = kata_of(case.function)
    module = load(kata.name, solutions)[kata.name]
    put_in(module, case.function, case.text(workshop(kata).function(case.function)))
    watched = WatchedKata(kata.name, load=lambda: module)
    begun = kata.functions[kata.functions.index(case.function) :]
    with quiet():
        found = first_red(kata, watched, begun)
    assert found, "no spec is red"
    assert case.untrue not in " ".join(found[1].happened)

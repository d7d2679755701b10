"""Wrong versions whose place is known: the diagnosis has to point at the marked expression.

Each is the text of one function, or of more than one, with the place between « and ».
"""

import ast
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.runner.lessons.catalog import SOLUTIONS, Kata, all_katas
from tests.runner.lessons.loading import load


@dataclass(frozen=True)
class Misplaced:
    """A wrong version.

    slip: what is wrong with it
    text: the function, with the place marked; what stands before it is put before it
    """

    slip: str
    text: str

    @property
    def code(self) -> str:
        return self.text.replace("«", "").replace("»", "").strip("\n") + "\n"

    @property
    def marked(self) -> str:
        """The expression that is marked."""
        return self.text.partition("«")[2].partition("»")[0]

    @property
    def function(self) -> str:
        """The function that is wrong: the last one."""
        return ast.parse(self.code).body[-1].name

    @property
    def kata(self) -> Kata:
        return next(kata for kata in all_katas() if self.function in kata.functions)

    def module(self, folder: Path) -> ModuleType:
        """The solution's module with this version in it, loaded from a file in this folder."""
        kata = self.kata
        (folder / f"{kata.name}.py").write_text(with_code(kata, self.code), encoding="utf-8")
        return load(kata.name, lambda name: folder if name == kata.name else SOLUTIONS)[kata.name]


def with_code(kata: Kata, code: str) -> str:
    """The solution's text with other code in the place of its last function."""
    text = kata.solution.read_text(encoding="utf-8")
    name = ast.parse(code).body[-1].name
    node = next(node for node in ast.parse(text).body
                if isinstance(node, ast.FunctionDef) and node.name == name)
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: node.lineno - 1], code, *lines[node.end_lineno :]])


FROM_REPORTS = (  # of bugs, in public
    Misplaced("the loop overwrites its own query", """
def attention_loop(q, k, v):
    outputs = []
    for query in q:
        scores = []
        for key in k:
            «query» = query / math.sqrt(len(key))
            scores.append(sum(a * b for a, b in zip(query, key)))
        weights = softmax(np.array(scores))
        outputs.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(outputs)
"""),
    Misplaced("masked scores are filled with -1e-9, which is nearly 0", """
def attention_weights(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = np.where(mask, scores, «-1e-9»)
    return softmax(scores)
"""),
    Misplaced("the mask of the first call is kept for every later length", """
_mask = None


def causal_mask(n_tokens):
    global _mask
    if «_mask is None»:
        _mask = np.tri(n_tokens, dtype=bool)
    return _mask
"""),
    Misplaced("a mask with a batch axis counts in the first sequence only", """
def self_attention(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    if mask is None or np.ndim(mask) < 3:
        return attention(q, k, v, mask)
    allowed = np.ones(q.shape[:-1] + k.shape[-2:-1], dtype=bool)
    «allowed[0] = mask[0]»
    return attention(q, k, v, allowed)
"""),
    Misplaced("a ReLU after the output projection", """
def multi_head_attention(x, w_q, w_k, w_v, w_o, n_heads, mask=None, memory=None):
    memory = x if memory is None else memory
    q, k, v = (split_heads(a, n_heads) for a in (x @ w_q, memory @ w_k, memory @ w_v))
    if mask is not None:
        mask = np.expand_dims(np.atleast_2d(mask), -3)
    return «np.maximum(merge_heads(attention(q, k, v, mask)) @ w_o, 0)»
"""),
    Misplaced("float16 cannot tell position 2049 from 2048", """
def rotary_angles(positions, d_head, base=10_000.0):
    rates = base ** (-2 * np.arange(d_head // 2) / d_head)
    return «np.asarray(positions).astype(np.float16)»[:, None] * rates
"""),
    Misplaced("the vector of token 0 is replaced by zeros", """
def embed(token_ids, token_table, position_table, start=0):
    table = token_table.copy()
    «table[0] = 0»
    return add_positions(table[token_ids], position_table, start)
"""),
    Misplaced("only half of the columns is rotated", """
def apply_rotary(x, positions, base=10_000.0):
    if x.shape[-1] % 2:
        raise ValueError("d_head must be even")
    width = x.shape[-1] // «4» * 2
    angles = rotary_angles(positions, width, base)
    cos, sin = np.cos(angles), np.sin(angles)
    turned = x.astype(np.result_type(x, 0.0))
    even, odd = x[..., 0:width:2], x[..., 1:width:2]
    turned[..., 0:width:2] = even * cos - odd * sin
    turned[..., 1:width:2] = even * sin + odd * cos
    return turned
"""),
    Misplaced("x is overwritten by what attention found", """
def transformer_block(x, block, n_heads, mask=None):
    «x» = multi_head_attention(
        layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=n_heads, mask=mask)
    x = x + x
    return feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"]) + x
"""),
    Misplaced("the two constants are exchanged", """
def gelu(x):
    return 0.5 * x * (1 + «np.tanh(0.044715 * x * (1 + math.sqrt(2 / math.pi) * x * x))»)
"""),
    Misplaced("only the first sequence of a batch counts", """
def cross_entropy(logits, targets, ignore_index=-1):
    «while targets.ndim > 1:»
        logits, targets = logits[0], targets[0]
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()
"""),
    Misplaced("targets of 0 are left out, too", """
def cross_entropy(logits, targets, ignore_index=-1):
    counted = (targets != ignore_index) & («targets != 0»)
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()
"""),
    Misplaced("cross-attention asks with what self-attention found", """
def decoder_block(x, memory, block, n_heads, mask=None, memory_mask=None):
    found = multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x + found, **block["norm_1"])
    seen = multi_head_attention(
        «found», **block["cross_attention"], n_heads=n_heads, mask=memory_mask, memory=memory)
    x = layer_norm(x + seen, **block["norm_2"])
    return layer_norm(
        x + feed_forward(x, **block["feed_forward"], activation=relu), **block["norm_3"])
"""),
    Misplaced("the residual connection adds the first token to all", """
def encoder_block(x, block, n_heads, mask=None):
    attended = multi_head_attention(x, **block["attention"], n_heads=n_heads, mask=mask)
    x = layer_norm(x + attended, **block["norm_1"])
    thought = feed_forward(x, **block["feed_forward"], activation=relu)
    return layer_norm(«x[0]» + thought, **block["norm_2"])
"""),
    Misplaced("short contexts are padded, and the last padding is read", """
def generate(token_ids, params, n_heads, n_new):
    ids = np.array(token_ids)
    room = len(params["position_table"])
    for _ in range(n_new):
        context = ids[..., -room:]
        padding = np.zeros(ids.shape[:-1] + (room - context.shape[-1],), dtype=ids.dtype)
        logits = gpt(np.concatenate([context, «padding»], axis=-1), params, n_heads)
        ids = np.concatenate([ids, logits[..., -1, :].argmax(axis=-1)[..., None]], axis=-1)
    return ids
"""),
    Misplaced("the decoder is causal only if there is a source mask", """
def transformer(source_ids, target_ids, params, n_heads, source_mask=None):
    def read(ids, table):
        x = table[ids] * math.sqrt(table.shape[-1])
        return add_positions(x, sinusoidal_encoding(x.shape[-2], x.shape[-1]))

    memory, x = read(source_ids, params["source_table"]), read(target_ids, params["target_table"])
    mask = None
    if «source_mask is not None»:
        mask = causal_mask(x.shape[-2])
    for block in params["encoder"]:
        memory = encoder_block(memory, block, n_heads, source_mask)
    for block in params["decoder"]:
        x = decoder_block(x, memory, block, n_heads, mask, source_mask)
    return x @ params["unembedding"]
"""),
    Misplaced("positions start at 2", """
def embed(token_ids, token_table, position_table, start=0):
    offset = «2»
    return add_positions(token_table[token_ids], position_table, start + offset)
"""),
    Misplaced("the maximum is at least 0, so a row of low scores is 0/0", """
def softmax(scores, axis=-1):
    top = «np.maximum(scores.max(axis=axis, keepdims=True), 0)»
    exps = np.exp(scores - top)
    return exps / exps.sum(axis=axis, keepdims=True)
"""),
)

FROM_READERS = (  # who tried the lessons
    Misplaced("the weights are multiplied into the values, not summed", """
def attend_one(query, keys, values):
    scores = keys @ query / math.sqrt(len(query))
    weights = softmax(scores)
    return «weights * values»
"""),
    Misplaced("all products are summed to one score", """
def attend_one(query, keys, values):
    scores = «np.sum(query * keys)» / math.sqrt(len(query))
    weights = softmax(scores)
    return weights @ values
"""),
    Misplaced("the root of a shape", """
def attend_one(query, keys, values):
    scores = keys @ query / math.sqrt(«query.shape»)
    weights = softmax(scores)
    return weights @ values
"""),
    Misplaced("the size of all keys", """
def attend_one(query, keys, values):
    scores = keys @ query / math.sqrt(«keys».size)
    weights = softmax(scores)
    return weights @ values
"""),
    Misplaced("the norm of the query for the root of its width", """
def attend_one(query, keys, values):
    scores = keys @ query / «np.linalg.norm(query)»
    weights = softmax(scores)
    return weights @ values
"""),
    Misplaced("softmax comes after the blend", """
def attend_one(query, keys, values):
    scores = keys @ query / math.sqrt(len(query))
    return «softmax(scores @ values)»
"""),
    Misplaced("the scores of earlier queries are kept", """
def attention_loop(q, k, v):
    output = []
    «scores = []»
    for query in q:
        for key in k:
            scores.append(query @ key / math.sqrt(len(key)))
        weights = softmax(np.array(scores))
        output.append(sum(weight * value for weight, value in zip(weights, v)))
    return np.array(output)
"""),
    Misplaced("all queries share one row", """
def attention_loop(q, k, v):
    output = []
    «row = np.zeros(v.shape[-1])»
    for query in q:
        row[:] = 0
        scores = [sum(a * b for a, b in zip(query, key)) / math.sqrt(len(key)) for key in k]
        for weight, value in zip(softmax(np.array(scores)), v):
            row += weight * value
        output.append(row)
    return np.array(output)
"""),
    Misplaced("the values are handed on as a mask", """
def attention(q, k, v, mask=None):
    return attention_weights(q, k, «v») @ v
"""),
    Misplaced("two arguments of np.where are exchanged", """
def attention_weights(q, k, mask=None):
    scores = attention_scores(q, k)
    if mask is None:
        return softmax(scores)
    lowest = np.finfo(scores.dtype).min
    weights = softmax(«np.where(mask, lowest, scores)»)
    return np.where(mask, weights, 0.0)
"""),
    Misplaced("the sums are made a column, whatever the axis", """
def softmax(scores, axis=-1):
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    total = «exps.sum(axis=-1).reshape(-1, 1)»
    return exps / total
"""),
    Misplaced("all rows of the mask are one list", """
def causal_mask(n_tokens):
    mask = «[[False] * n_tokens] * n_tokens»
    for i in range(n_tokens):
        for j in range(i + 1):
            mask[i][j] = True
    return np.array(mask)
"""),
    Misplaced("the mask is turned round, even if it is None", """
def self_attention(x, w_q, w_k, w_v, mask=None):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    return attention(q, k, v, «~mask»)
"""),
    Misplaced("causal_mask gets the tokens, not how many there are", """
def causal_self_attention(x, w_q, w_k, w_v):
    q, k, v = project_qkv(x, w_q, w_k, w_v)
    mask = «causal_mask(x)»
    return attention(q, k, v, mask)
"""),
    Misplaced("1 / sqrt(2 pi) for sqrt(2 / pi)", """
def gelu(x):
    return 0.5 * x * (1 + np.tanh(«1» / math.sqrt(2 * math.pi) * (x + 0.044715 * x**3)))
"""),
    Misplaced("float of an array", """
def gelu(x):
    return 0.5 * «float(x)» * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
"""),
    Misplaced("divided by the gain", """
def layer_norm(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    variance = x.var(axis=-1, keepdims=True)
    return «(x - mean) / np.sqrt(variance + eps) / gain» + bias
"""),
    Misplaced("math's root of an array", """
def layer_norm(x, gain, bias, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    return (x - mean) / «math.sqrt»(x.var(axis=-1, keepdims=True) + eps) * gain + bias
"""),
    Misplaced("the encoder is causal", """
def encoder_block(x, block, n_heads, mask=None):
    attended = multi_head_attention(
        x, **block["attention"], n_heads=n_heads, «mask=causal_mask(x.shape[-2])»)
    x = layer_norm(x + attended, **block["norm_1"])
    found = feed_forward(x, **block["feed_forward"], activation=relu)
    return layer_norm(x + found, **block["norm_2"])
"""),
    Misplaced("the bracket closes too early", """
def gelu(x):
    inner = «math.sqrt(2 / math.pi) * (x + 0.044715) * x**3»
    return 0.5 * x * (1 + np.tanh(inner))
"""),
    Misplaced("what a block gives is not carried on", """
def gpt(token_ids, params, n_heads):
    x = embed(token_ids, params["token_table"], params["position_table"])
    mask = causal_mask(x.shape[-2])
    for block in params["blocks"]:
        «out» = transformer_block(x, block, n_heads, mask)
    out = layer_norm(out, **params["norm_f"])
    return out @ params.get("unembedding", params["token_table"].T)
"""),
    Misplaced("the variance for its root", """
def layer_norm_backward(x, gain, bias, grad_out, eps=1e-5):
    mean = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True) + eps
    normed = (x - mean) / np.sqrt(var)
    g = grad_out * gain
    inner = g - g.mean(axis=-1, keepdims=True)
    inner -= normed * (g * normed).mean(axis=-1, keepdims=True)
    axes = tuple(range(x.ndim - 1))
    return inner / «var», (grad_out * normed).sum(axis=axes), grad_out.sum(axis=axes)
"""),
    Misplaced("a comma and a colon: one sequence alone is no batch", """
def generate(token_ids, params, n_heads, n_new):
    ids = np.array(token_ids)
    for _ in range(n_new):
        logits = gpt(ids[«:», -len(params["position_table"]) :], params, n_heads)
        ids = np.concatenate([ids, logits[..., -1, :].argmax(axis=-1)[..., None]], axis=-1)
    return ids
"""),
    Misplaced("returned in another order", """
def project_qkv(x, w_q, w_k, w_v):
    q = x @ w_q
    k = x @ w_k
    v = x @ w_v
    return «k, q, v»
"""),
)

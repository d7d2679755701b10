"""The loss and gradients of a GPT in NumPy, fast: nothing is computed twice.

`gpt_gradients` of the kata, for batches of one shape, again and again: each part keeps what it
made in the forward pass, in memory that the next call uses again. Four things make it fast:

- All tokens of all samples are the rows of one matrix, so that each product is one call of BLAS.
- w_q, w_k and w_v are side by side in one matrix, and so is the scale: it is part of w_q.
- A norm's gain and bias are part of the matrix that follows. With n for the normed rows,
  (n * gain + bias) W = n (gain * W) + bias W, so that the backward pass has no sums over rows by
  hand: what the gain gets is a sum over the gradient of the matrix.
- gelu and its slope are computed together, a few rows at a time, which stay in cache.
"""

import math

import numpy as np

EPS = 1e-5
ROWS = 128  # that gelu takes at a time: with 192 units of float32, about 100 KiB
SAFE = 60.0  # exp(60) is far from the largest float32, exp(-60) far from the smallest
FEW = 1024  # words; for a larger vocabulary no table of one-hot rows is made


class FastGradients:
    """gpt_gradients with memory: call it with one batch after another.

    >>> gradients = FastGradients(n_heads=4)
    >>> loss, grads = gradients(token_ids, targets, params)

    The arrays in grads are new at each call; all others are used again.
    """

    def __init__(self, n_heads):
        self.n_heads = n_heads
        self._shape, self._memory = None, {}

    def __call__(self, token_ids, targets, params, ignore_index=-1):
        """The loss, and the gradient of every parameter: as gpt_gradients gives them."""
        shape = token_ids.shape, params["token_table"].dtype, len(params["blocks"])
        if shape != self._shape:
            self._shape, self._memory = shape, {}
        run = _Run(token_ids, params, self.n_heads, self._memory)
        logits = run.forward()
        loss, grad = _cross_entropy(logits, targets.reshape(-1), ignore_index)
        return loss, run.backward(grad)


class _Run:
    """One batch on its forward pass and back."""

    def __init__(self, token_ids, params, n_heads, memory):
        self.token_ids, self.params, self.n_heads, self.memory = token_ids, params, n_heads, memory
        self.dtype = params["token_table"].dtype
        self.n_tokens = token_ids.shape[-1]
        self.ones = self.room("ones", token_ids.size, fill=1)

    def room(self, name, *shape, fill=None):
        """An array to write into: the same one whenever the same name and shape are asked for."""
        array = self.memory.get((name, shape))
        if array is None:
            array = self.memory[name, shape] = np.empty(shape, self.dtype)
            if fill is not None:
                array[:] = fill
        return array

    def forward(self):
        """From token ids to logits, (rows, vocab)."""
        params = self.params
        if self.n_tokens > len(params["position_table"]):
            raise ValueError(f"there is no room for {self.n_tokens} tokens in position_table")
        x = self.room("x", self.token_ids.size, params["token_table"].shape[-1])
        np.take(params["token_table"], self.token_ids.reshape(-1), axis=0, out=x)
        by_place = x.reshape(-1, self.n_tokens, x.shape[-1])
        by_place += params["position_table"][: self.n_tokens]
        self.blocks = [_Block(self, i, block) for i, block in enumerate(params["blocks"])]
        for block in self.blocks:
            block.forward(x)
        unembedding = params.get("unembedding", params["token_table"].T)
        self.end = _NormThenLinear(self, "end", params["norm_f"], unembedding)
        return self.end.forward(x)

    def backward(self, grad):
        """From the gradient of the logits to those of all parameters."""
        params, dx = self.params, self.room("dx", self.token_ids.size, self.end.normed.shape[-1])
        dx[:] = 0
        grad_unembedding, norm_f, _ = self.end.backward(grad, dx)
        blocks = [block.backward(dx) for block in reversed(self.blocks)][::-1]
        places = np.zeros_like(params["position_table"])
        dx.reshape(-1, self.n_tokens, dx.shape[-1]).sum(axis=0, out=places[: self.n_tokens])
        tokens = _embedding_backward(self.token_ids.reshape(-1), len(params["token_table"]), dx)
        grads = {"token_table": tokens, "position_table": places,
                 "blocks": blocks, "norm_f": norm_f}
        if "unembedding" in params:
            grads["unembedding"] = grad_unembedding
        else:
            tokens += grad_unembedding.T
        return grads


class _Block:
    """A block: each sublayer adds to the stream x, and in the backward pass to its gradient dx."""

    def __init__(self, run, i, block):
        self.run, self.i, self.block = run, i, block
        attention = block["attention"]
        for name in ("w_q", "w_k", "w_v"):
            if attention[name].shape[-1] % run.n_heads:
                raise ValueError(f"{run.n_heads} heads cannot share the columns of {name}")
        self.scale = 1 / math.sqrt(attention["w_q"].shape[-1] // run.n_heads)
        w_qkv = np.concatenate(
            [attention["w_q"] * self.scale, attention["w_k"], attention["w_v"]], axis=1)
        self.project = _NormThenLinear(run, (i, "qkv"), block["norm_1"], w_qkv)
        self.widen = _NormThenLinear(
            run, (i, "wide"), block["norm_2"], block["feed_forward"]["w_in"],
            block["feed_forward"]["b_in"])

    def forward(self, x):
        run, attention, inside = self.run, self.block["attention"], self.block["feed_forward"]
        self.qkv = self.project.forward(x)
        self.merged = run.room((self.i, "merged"), len(x), attention["w_v"].shape[-1])
        self.weights = self._attend(*self._heads(self.qkv), self._in_heads(self.merged))
        add = run.room("add", *x.shape)
        x += np.matmul(self.merged, attention["w_o"], out=add)
        wide = self.widen.forward(x)
        self.units = run.room((self.i, "units"), *wide.shape)
        self.slopes = _gelu_and_slope(wide, self.units)
        x += np.matmul(self.units, inside["w_out"], out=add)
        x += inside["b_out"]

    def backward(self, dx):
        """Add to dx what comes back through both sublayers; the gradients of the block."""
        run, attention, inside = self.run, self.block["attention"], self.block["feed_forward"]
        w_out, b_out = self.units.T @ dx, run.ones @ dx
        d_wide = np.matmul(dx, inside["w_out"].T, out=self.units)  # the units are needed no more
        d_wide *= self.slopes
        w_in, norm_2, b_in = self.widen.backward(d_wide, dx)

        w_o = self.merged.T @ dx
        d_merged = np.matmul(dx, attention["w_o"].T, out=run.room("d_merged", *self.merged.shape))
        d_qkv = run.room("d_qkv", *self.qkv.shape)
        self._attend_back(*self._heads(self.qkv), *self._heads(d_qkv), d_merged)
        w_qkv, norm_1, _ = self.project.backward(d_qkv, dx)
        w_q, w_k, w_v = np.split(w_qkv, self._cuts(), axis=1)
        return {"norm_1": norm_1,
                "attention": {"w_q": w_q * self.scale, "w_k": w_k, "w_v": w_v, "w_o": w_o},
                "norm_2": norm_2,
                "feed_forward": {"w_in": w_in, "b_in": b_in, "w_out": w_out, "b_out": b_out}}

    def _cuts(self):
        """Where keys and values begin in the columns of qkv."""
        d_q, d_k = (self.block["attention"][name].shape[-1] for name in ("w_q", "w_k"))
        return d_q, d_q + d_k

    def _heads(self, qkv):
        """Views of queries, keys and values: (samples, n_heads, n_tokens, d_head)."""
        return [self._in_heads(part) for part in np.split(qkv, self._cuts(), axis=1)]

    def _in_heads(self, rows):
        n_tokens, n_heads = self.run.n_tokens, self.run.n_heads
        return rows.reshape(-1, n_tokens, n_heads, rows.shape[-1] // n_heads).swapaxes(1, 2)

    def _attend(self, q, k, v, out):
        """Causal attention in every head, written into out; the weights."""
        n = self.run.n_tokens
        weights = self.run.room((self.i, "weights"), *q.shape[:3], n)
        np.matmul(q, k.swapaxes(-1, -2), out=weights)
        if max(weights.max(), -weights.min()) > SAFE:
            weights += np.where(np.tri(n, dtype=bool), 0, -np.inf).astype(weights.dtype)
            weights -= weights.max(axis=-1, keepdims=True)
            np.exp(weights, out=weights)
        else:
            np.exp(weights, out=weights)
            weights *= np.tri(n, dtype=weights.dtype)
        totals = weights.reshape(-1, n) @ np.ones(n, weights.dtype)
        weights *= (1 / totals).reshape(*weights.shape[:3], 1)
        np.matmul(weights, v, out=out)
        return weights

    def _attend_back(self, q, k, v, dq, dk, dv, d_merged):
        """Write into dq, dk and dv what comes back from the merged heads."""
        weights, d_out = self.weights, self._in_heads(d_merged)
        np.matmul(weights.swapaxes(-1, -2), d_out, out=dv)
        d_scores = self.run.room("d_scores", *weights.shape)
        np.matmul(d_out, v.swapaxes(-1, -2), out=d_scores)
        # the weighted mean of a query's row is also its output times what comes from above
        d_scores -= np.einsum("bhtc,bhtc->bht", d_out, self._in_heads(self.merged))[..., None]
        d_scores *= weights
        np.matmul(d_scores, k, out=dq)
        np.matmul(d_scores.swapaxes(-1, -2), q, out=dk)


class _NormThenLinear:
    """layer_norm(x) @ w + b, in which gain and bias of the norm are part of w and b."""

    def __init__(self, run, name, norm, w, b=None):
        self.run, self.name, self.norm, self.w = run, name, norm, w
        self.gained = norm["gain"][:, None] * w
        self.shift = norm["bias"] @ w if b is None else norm["bias"] @ w + b

    def forward(self, x):
        run, d = self.run, x.shape[-1]
        normed = run.room((self.name, "normed"), *x.shape)
        np.subtract(x, (x @ run.room("mean", d, fill=1 / d))[:, None], out=normed)
        variance = np.einsum("rc,rc->r", normed, normed) / d
        self.inverse = (1 / np.sqrt(variance + EPS))[:, None]
        normed *= self.inverse
        self.normed = normed
        output = run.room((self.name, "output"), len(x), self.w.shape[-1])
        np.matmul(normed, self.gained, out=output)
        output += self.shift
        return output

    def backward(self, grad, dx):
        """Add to dx what comes back; the gradients of w, of the norm and of b."""
        run, d = self.run, dx.shape[-1]
        along, b = self.normed.T @ grad, run.ones @ grad
        d_normed = np.matmul(grad, self.gained.T, out=run.room("d_normed", *dx.shape))
        straight = np.einsum("rc,rc->r", d_normed, self.normed) / d
        d_normed -= (d_normed @ run.room("mean", d, fill=1 / d))[:, None]
        self.normed *= straight[:, None]  # the normed rows are needed no more
        d_normed -= self.normed
        d_normed *= self.inverse
        dx += d_normed
        gain, bias = self.norm["gain"], self.norm["bias"]
        w = gain[:, None] * along
        w += np.outer(bias, b)
        return w, {"gain": np.einsum("cj,cj->c", self.w, along), "bias": self.w @ b}, b


def _gelu_and_slope(wide, units):
    """Write gelu of wide into units, and its slope over wide; the slope.

    With h = (1 + tanh(u)) / 2 the slope is h + 2 x h (1 - h) u', and 1 - tanh(u)^2 is 4 h (1 - h).
    """
    scale = math.sqrt(2 / math.pi)
    squares, steep = (np.empty((min(ROWS, len(wide)), wide.shape[1]), wide.dtype) for _ in range(2))
    for start in range(0, len(wide), ROWS):
        x, out = wide[start : start + ROWS], units[start : start + ROWS]
        square, h = squares[: len(x)], steep[: len(x)]
        np.multiply(x, x, out=square)
        np.multiply(square, 0.044715 * scale, out=h)
        h += scale
        h *= x
        np.tanh(h, out=h)
        h *= 0.5
        h += 0.5
        np.multiply(x, h, out=out)
        square *= 6 * 0.044715 * scale
        square += 2 * scale  # 2 u'
        square *= out
        np.subtract(1, h, out=x)
        x *= square
        x += h
    return wide


def _cross_entropy(logits, targets, ignore_index):
    """The loss, and its gradient written over the logits."""
    counted = targets != ignore_index
    n = int(np.count_nonzero(counted))
    rows, chosen = np.flatnonzero(counted), targets[counted]
    logits -= logits.max(axis=-1, keepdims=True)
    right = logits[rows, chosen]
    np.exp(logits, out=logits)
    totals = logits.sum(axis=-1)
    loss = (np.log(totals[rows]) - right).mean() if n else np.nan
    logits *= np.where(counted, 1 / (totals * max(n, 1)), 0).astype(logits.dtype)[:, None]
    logits[rows, chosen] -= 1 / max(n, 1)
    return loss, logits


def _embedding_backward(token_ids, n_rows, grad):
    """The gradient of a table of which rows were looked up."""
    if n_rows <= FEW:
        return (np.arange(n_rows)[:, None] == token_ids).astype(grad.dtype) @ grad
    table = np.zeros((n_rows, grad.shape[-1]), grad.dtype)
    np.add.at(table, token_ids, grad)
    return table

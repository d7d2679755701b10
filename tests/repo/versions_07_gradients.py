"""Versions of lesson 7 that are right in many styles."""

import math

import numpy as np
from kata_01_attention import softmax

from tests.repo.versions import right


@right("numerical_gradient")
def nudges_a_copy_and_puts_it_back(f, x, step=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        before = x[index]
        x[index] = before + step
        above = f(x)
        x[index] = before - step
        below = f(x)
        x[index] = before
        gradient[index] = (above - below) / (2 * step)
    return gradient


@right("numerical_gradient")
def goes_through_a_flat_copy(f, x, step=1e-5):
    flat = x.astype(np.float64).ravel()
    slopes = []
    for i in range(flat.size):
        up, down = flat.copy(), flat.copy()
        up[i] += step
        down[i] -= step
        slopes.append((f(up.reshape(x.shape)) - f(down.reshape(x.shape))) / (up[i] - down[i]))
    return np.array(slopes).reshape(x.shape)


@right("numerical_gradient")
def nudges_by_rows_of_the_identity(f, x, step=1e-5):
    nudges = step * np.eye(x.size).reshape(-1, *x.shape)
    slopes = [(f(x + nudge) - f(x - nudge)) / (2 * step) for nudge in nudges]
    return np.array(slopes).reshape(x.shape)


@right("numerical_gradient")
def iterates_with_nditer(f, x, step=1e-5):
    x = x.astype(float)
    gradient = np.empty_like(x)
    places = np.nditer(x, flags=["multi_index"])
    for _ in places:
        up, down = x.copy(), x.copy()
        up[places.multi_index] += step
        down[places.multi_index] -= step
        gradient[places.multi_index] = (f(up) / 2 - f(down) / 2) / step
    return gradient


@right("linear_backward")
def with_einsum(x, w, grad_out):
    batch = "abcd"[: x.ndim - 1]
    return (np.einsum("...o,io->...i", grad_out, w),
            np.einsum(f"{batch}i,{batch}o->io", x, grad_out))


@right("linear_backward")
def multiplies_in_each_sample_and_sums(x, w, grad_out):
    grad_w = x.swapaxes(-1, -2) @ grad_out
    return grad_out @ w.T, grad_w.sum(axis=tuple(range(x.ndim - 2)))


@right("linear_backward")
def adds_up_a_table_for_each_token(x, w, grad_out):
    grad_w = np.zeros(w.shape, dtype=w.dtype)
    for index in np.ndindex(x.shape[:-1]):
        grad_w += np.outer(x[index], grad_out[index]).astype(w.dtype)
    return np.dot(grad_out, w.T), grad_w


@right("linear_backward")
def with_tensordot(x, w, grad_out):
    leading = list(range(x.ndim - 1))
    return np.tensordot(grad_out, w, axes=(-1, -1)), np.tensordot(x, grad_out, (leading, leading))


@right("linear_backward")
def with_the_products_of_all_tokens(x, w, grad_out):
    products = x[..., :, np.newaxis] * grad_out[..., np.newaxis, :]
    return (w @ grad_out[..., np.newaxis])[..., 0], products.reshape(-1, *w.shape).sum(axis=0)


@right("embedding_backward")
def by_a_one_hot_product(token_ids, n_rows, grad_out):
    one_hot = np.eye(n_rows, dtype=grad_out.dtype)[token_ids.ravel()]
    return one_hot.T @ grad_out.reshape(-1, grad_out.shape[-1])


@right("embedding_backward")
def token_by_token(token_ids, n_rows, grad_out):
    grad_table = np.zeros((n_rows, grad_out.shape[-1]), grad_out.dtype)
    for index in np.ndindex(token_ids.shape):
        grad_table[token_ids[index]] += grad_out[index]
    return grad_table


@right("embedding_backward")
def row_by_row(token_ids, n_rows, grad_out):
    return np.stack([grad_out[token_ids == row].sum(axis=0) for row in range(n_rows)])


@right("embedding_backward")
def by_counting_with_weights(token_ids, n_rows, grad_out):
    columns = grad_out.reshape(-1, grad_out.shape[-1]).T
    counts = [np.bincount(token_ids.ravel(), column, minlength=n_rows) for column in columns]
    return np.stack(counts, axis=-1).astype(grad_out.dtype)


@right("embedding_backward")
def sorts_the_tokens_first(token_ids, n_rows, grad_out):
    flat, rows = token_ids.ravel(), grad_out.reshape(-1, grad_out.shape[-1])
    order = np.argsort(flat, kind="stable")
    ids, starts = np.unique(flat[order], return_index=True)
    grad_table = np.zeros((n_rows, rows.shape[-1]), dtype=rows.dtype)
    grad_table[ids] = np.add.reduceat(rows[order], starts, axis=0)
    return grad_table


@right("softmax_backward")
def with_the_table_of_all_slopes(scores, grad_out, axis=-1):
    p, above = (np.moveaxis(each, axis, -1) for each in (softmax(scores, axis), grad_out))
    slopes = p[..., :, np.newaxis] * (np.eye(p.shape[-1], dtype=p.dtype) - p[..., np.newaxis, :])
    return np.moveaxis((slopes @ above[..., np.newaxis])[..., 0], -1, axis)


@right("softmax_backward")
def in_two_terms(scores, grad_out, axis=-1):
    p = softmax(scores, axis=axis)
    own = p * grad_out
    return own - p * np.sum(own, axis=axis, keepdims=True)


@right("softmax_backward")
def with_a_softmax_of_its_own(scores, grad_out, axis=-1):
    exps = np.exp(scores - scores.max(axis, keepdims=True))
    total = exps.sum(axis, keepdims=True)
    mean = (exps * grad_out).sum(axis, keepdims=True) / total
    return exps / total * (grad_out - mean)


@right("softmax_backward")
def with_einsum_for_the_mean(scores, grad_out, axis=-1):
    p, above = (np.moveaxis(each, axis, -1) for each in (softmax(scores, axis), grad_out))
    mean = np.einsum("...i,...i->...", p, above)[..., np.newaxis]
    return np.moveaxis(p * (above - mean), -1, axis)


@right("softmax_backward")
def row_after_row(scores, grad_out, axis=-1):
    p, above = (np.moveaxis(each, axis, -1) for each in (softmax(scores, axis), grad_out))
    grad = np.empty_like(p)
    for index in np.ndindex(p.shape[:-1]):
        jacobian = np.diag(p[index]) - np.outer(p[index], p[index])
        grad[index] = jacobian @ above[index]
    return np.moveaxis(grad, -1, axis)


@right("cross_entropy_backward")
def subtracts_one_at_each_target(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    grad = np.zeros(logits.shape, dtype=np.result_type(logits, 0.0))
    if counted.any():
        rows = softmax(logits[counted])
        rows[np.arange(len(rows)), targets[counted]] -= 1
        grad[counted] = rows / len(rows)
    return grad


@right("cross_entropy_backward")
def with_a_flat_table(logits, targets, ignore_index=-1):
    flat, wanted = logits.reshape(-1, logits.shape[-1]), targets.reshape(-1)
    keep = wanted != ignore_index
    grad = softmax(flat)
    grad[keep, wanted[keep]] -= 1
    grad = grad * keep[:, np.newaxis] / float(max(keep.sum(), 1))
    return grad.reshape(logits.shape)


@right("cross_entropy_backward")
def with_rows_of_the_identity(logits, targets, ignore_index=-1):
    counted = (targets != ignore_index)[..., np.newaxis]
    one_hot = np.eye(logits.shape[-1])[np.where(counted[..., 0], targets, 0)]
    n_counted = int(np.count_nonzero(counted)) or 1
    return ((softmax(logits) - one_hot) * counted / n_counted).astype(np.result_type(logits, 0.0))


@right("cross_entropy_backward")
def target_by_target(logits, targets, ignore_index=-1):
    grad = np.zeros(logits.shape, np.result_type(logits, 0.0))
    places = [index for index in np.ndindex(targets.shape) if targets[index] != ignore_index]
    for index in places:
        grad[index] = softmax(logits[index]) / len(places)
        grad[index][targets[index]] -= 1 / len(places)
    return grad


@right("gelu_backward")
def by_the_product_rule(x, grad_out):
    u = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    share, slope = (1 + np.tanh(u)) / 2, (1 - np.tanh(u) ** 2) / 2
    return grad_out * (share + x * slope * math.sqrt(2 / math.pi) * (1 + 0.134145 * x**2))


@right("gelu_backward")
def by_a_sigmoid(x, grad_out):
    twice_u = np.clip(math.sqrt(8 / math.pi) * (x + 0.044715 * x * x * x), -80.0, 80.0)
    s = 1 / (1 + np.exp(-twice_u))
    return grad_out * (s + x * s * (1 - s) * math.sqrt(8 / math.pi) * (1 + 3 * 0.044715 * x * x))


@right("gelu_backward")
def number_by_number(x, grad_out):
    grad = np.empty(x.shape, dtype=grad_out.dtype)
    c = math.sqrt(2 / math.pi)
    for index in np.ndindex(x.shape):
        number = float(x[index])
        t = math.tanh(c * (number + 0.044715 * number**3))
        slope = 0.5 * (1 + t) + 0.5 * number * (1 - t**2) * c * (1 + 3 * 0.044715 * number**2)
        grad[index] = slope * grad_out[index]
    return grad


@right("gelu_backward")
def in_float64_inside(x, grad_out):
    wide = x.astype(np.float64)
    t = np.tanh(np.sqrt(2 / np.pi) * (wide + 0.044715 * wide**3))
    inner = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * wide**2)
    slope = 0.5 * (1 + t + wide * (1 - t**2) * inner)
    return (slope * grad_out).astype(grad_out.dtype)


@right("layer_norm_backward")
def as_in_hand_written_kernels(x, gain, bias, grad_out, eps=1e-5):
    d_model = x.shape[-1]
    mean = x.mean(-1, keepdims=True)
    over_std = (((x - mean) ** 2).mean(-1, keepdims=True) + eps) ** -0.5
    n, g = (x - mean) * over_std, grad_out * gain
    sums = g.sum(-1, keepdims=True), (g * n).sum(-1, keepdims=True)
    grad_x = over_std / d_model * (d_model * g - sums[0] - n * sums[1])
    flat = grad_out.reshape(-1, d_model)
    return grad_x, (flat * n.reshape(-1, d_model)).sum(0), flat.sum(0)


@right("layer_norm_backward")
def by_way_of_mean_and_variance(x, gain, bias, grad_out, eps=1e-5):
    d_model = x.shape[-1]
    centred = x - x.mean(axis=-1, keepdims=True)
    root = np.sqrt(x.var(axis=-1, keepdims=True) + eps)
    g = grad_out * gain
    grad_variance = (g * centred).sum(axis=-1, keepdims=True) * -0.5 / root**3
    grad_centred = g / root + grad_variance * 2 * centred / d_model
    grad_x = grad_centred - grad_centred.mean(axis=-1, keepdims=True)
    leading = tuple(range(x.ndim - 1))
    return grad_x, np.sum(grad_out * centred / root, axis=leading), np.sum(grad_out, axis=leading)


@right("layer_norm_backward")
def with_einsum_over_flat_tokens(x, gain, bias, grad_out, eps=1e-5):
    flat, above = x.reshape(-1, x.shape[-1]), grad_out.reshape(-1, x.shape[-1])
    std = np.sqrt(flat.var(axis=-1) + eps)[:, np.newaxis]
    normed = (flat - flat.mean(axis=-1)[:, np.newaxis]) / std
    g = above * gain
    along = np.einsum("td,td->t", g, normed)[:, np.newaxis] / x.shape[-1]
    grad_x = (g - g.mean(axis=-1, keepdims=True) - normed * along) / std
    return grad_x.reshape(x.shape), np.einsum("td,td->d", above, normed), above.sum(axis=0)


@right("layer_norm_backward")
def token_by_token_with_a_table_of_slopes(x, gain, bias, grad_out, eps=1e-5):
    d_model = x.shape[-1]
    grad_x = np.empty(x.shape, dtype=gain.dtype)
    grad_gain, grad_bias = np.zeros_like(gain), np.zeros_like(gain)
    for index in np.ndindex(x.shape[:-1]):
        std = math.sqrt(x[index].var() + eps)
        n = (x[index] - x[index].mean()) / std
        slopes = (np.eye(d_model) - 1 / d_model - np.outer(n, n) / d_model) / std
        grad_x[index] = slopes @ (grad_out[index] * gain)
        grad_gain += (grad_out[index] * n).astype(gain.dtype)
        grad_bias += grad_out[index].astype(gain.dtype)
    return grad_x, grad_gain, grad_bias

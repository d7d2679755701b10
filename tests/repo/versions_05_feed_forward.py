"""Versions of lesson 5 that are right in many styles."""

import math

import numpy as np
from kata_03_multi_head import multi_head_attention
from kata_05_feed_forward import feed_forward, gelu, layer_norm

from tests.repo.versions import right


@right("relu")
def times_a_mask(x):
    return x * (x > 0)


@right("relu")
def with_where(x):
    return np.where(x > 0, x, 0)


@right("relu")
def with_an_open_clip(x):
    return np.clip(x, 0, None)


@right("relu")
def with_the_absolute_value(x):
    return ((x + np.abs(x)) / 2).astype(x.dtype)


@right("relu")
def zeros_written_into_a_copy(x):
    output = x.copy()
    output[output < 0] = 0
    return output


@right("relu")
def with_a_flat_loop(x):
    return np.array([number if number > 0 else 0 for number in x.ravel()],
                    dtype=x.dtype).reshape(x.shape)


@right("relu")
def integers_as_floats(x):
    return np.fmax(x, np.zeros_like(x)) if x.dtype.kind == "f" else np.maximum(x, 0.0)


@right("relu")
def as_a_masked_array(x):
    return np.ma.masked_less(x, 0).filled(0)


@right("relu")
def with_a_step(x):
    return x * np.heaviside(x, 0.5).astype(x.dtype)


@right("relu")
def by_vectorize_with_a_dtype(x):
    return np.vectorize(lambda number: max(number, 0), otypes=[x.dtype])(x)


@right("gelu")
def with_a_half_and_a_power(x):
    return 0.5 * x * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x**3)))


@right("gelu")
def with_a_float_of_the_root(x):
    return 0.5 * x * (1 + np.tanh(float(np.sqrt(2 / np.pi)) * (x + 0.044715 * np.power(x, 3))))


@right("gelu")
def with_digits_enough(x):
    return 0.5 * x * (1 + np.tanh(0.7978845608028654 * x * (1 + 0.044715 * x * x)))


@right("gelu")
def as_a_sigmoid(x):
    u = math.sqrt(8 / math.pi) * (x + 0.044715 * x**3)
    return x / (1 + np.exp(-u))


@right("gelu")
def one_number_at_a_time(x):
    root = math.sqrt(2 / math.pi)
    out = np.empty(x.shape, dtype=np.result_type(x.dtype, np.float32) if x.dtype == np.float32
                   else np.float64)
    for index in np.ndindex(x.shape):
        number = float(x[index])
        out[index] = 0.5 * number * (1 + math.tanh(root * (number + 0.044715 * number**3)))
    return out


@right("gelu")
def in_float64_inside_and_cast_back(x):
    wide = x.astype(np.float64)
    out = wide / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (wide + 0.044715 * wide**3)))
    return out.astype(x.dtype) if x.dtype.kind == "f" else out


@right("gelu")
def with_the_tanh_of_safe_exponentials(x):
    u = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
    small = np.exp(-2 * np.abs(u))
    return 0.5 * x * (1 + np.sign(u) * (1 - small) / (1 + small))


@right("gelu")
def with_x_taken_out(x):
    c = math.sqrt(2 / math.pi)
    return 0.5 * x * (1.0 + np.tanh(x * c * (1 + 0.044715 * x * x)))


@right("gelu")
def one_number_after_another_by_vectorize(x):
    f = np.vectorize(lambda n: n / 2 * (1 + math.tanh(math.sqrt(2 / math.pi)
                                                      * (n + 0.044715 * n**3))), otypes=[float])
    return f(x).astype(x.dtype if x.dtype.kind == "f" else float)


@right("gelu")
def with_eight_digits_of_the_root(x):
    return x * 0.5 * (1.0 + np.tanh(0.79788456 * x * (1 + 0.044715 * x * x)))  # as in Megatron-LM


@right("feed_forward")
def in_two_steps(x, w_in, b_in, w_out, b_out, activation=gelu):
    hidden = activation(np.matmul(x, w_in) + b_in)
    return np.matmul(hidden, w_out) + b_out


@right("feed_forward")
def with_einsum(x, w_in, b_in, w_out, b_out, activation=gelu):
    hidden = activation(np.einsum("...d,df->...f", x, w_in) + b_in)
    return np.einsum("...f,fo->...o", hidden, w_out) + b_out


@right("feed_forward")
def with_a_bias_row_in_each_matrix(x, w_in, b_in, w_out, b_out, activation=gelu):
    def layer(rows, w, b):
        ones = np.ones((*rows.shape[:-1], 1), dtype=rows.dtype)
        return np.concatenate([rows, ones], axis=-1) @ np.vstack([w, b])

    return layer(activation(layer(x, w_in, b_in)), w_out, b_out)


@right("feed_forward")
def with_a_loop_over_tokens(x, w_in, b_in, w_out, b_out, activation=gelu):
    tokens = [activation(token @ w_in + b_in) @ w_out + b_out
              for token in x.reshape(-1, x.shape[-1])]
    return np.array(tokens).reshape(*x.shape[:-1], -1)


@right("feed_forward")
def unit_by_unit(x, w_in, b_in, w_out, b_out, activation=gelu):
    output = np.zeros((*x.shape[:-1], w_out.shape[1]), dtype=w_out.dtype) + b_out
    for unit in range(w_in.shape[1]):
        output = output + activation(x @ w_in[:, unit] + b_in[unit])[..., None] * w_out[unit]
    return output


@right("feed_forward")
def with_dot_and_a_flat_table(x, w_in, b_in, w_out, b_out, activation=gelu):
    flat = np.dot(x.reshape(-1, x.shape[-1]), w_in)
    flat += b_in
    return (np.dot(activation(flat), w_out) + b_out).reshape(x.shape[:-1] + (w_out.shape[-1],))


@right("feed_forward")
def with_columns_for_tokens(x, w_in, b_in, w_out, b_out, activation=gelu):
    hidden = activation(w_in.T @ x.swapaxes(-1, -2) + b_in[:, None])
    return (w_out.T @ hidden + b_out[:, None]).swapaxes(-1, -2)


@right("feed_forward")
def with_the_batch_flattened_out(x, w_in, b_in, w_out, b_out, activation=gelu):
    *batch, d = x.shape
    flat = x.reshape(-1, d)
    return (activation(flat @ w_in + b_in) @ w_out + b_out).reshape(*batch, w_out.shape[1])


@right("feed_forward")
def with_the_bias_as_one_row_more(x, w_in, b_in, w_out, b_out, activation=gelu):
    def linear(x, w, b):
        one = np.ones((*x.shape[:-1], 1), dtype=x.dtype)
        return np.concatenate([x, one], -1) @ np.vstack([w, b])

    return linear(activation(linear(x, w_in, b_in)), w_out, b_out)


@right("layer_norm")
def with_a_variance_of_its_own(x, gain, bias, eps=1e-5):
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1, keepdims=True)
    return gain * centred / np.sqrt(variance + eps) + bias


@right("layer_norm")
def with_sums(x, gain, bias, eps=1e-5):
    d_model = x.shape[-1]
    mean = np.sum(x, axis=-1)[..., None] / d_model
    variance = np.sum(np.square(x - mean), axis=-1)[..., None] / d_model
    return (x - mean) * (variance + eps) ** -0.5 * gain + bias


@right("layer_norm")
def with_std_squared(x, gain, bias, eps=1e-5):
    return (x - np.mean(x, -1, keepdims=True)) / np.sqrt(np.std(x, -1, keepdims=True) ** 2
                                                         + eps) * gain + bias


@right("layer_norm")
def with_the_last_axis_in_front(x, gain, bias, eps=1e-5):
    rows = np.moveaxis(x, -1, 0)
    normed = (rows - rows.mean(axis=0)) / np.sqrt(rows.var(axis=0) + eps)
    return np.moveaxis(normed, 0, -1) * gain + bias


@right("layer_norm")
def with_a_loop_over_all_tokens(x, gain, bias, eps=1e-5):
    output = np.empty(x.shape, dtype=gain.dtype)
    for index in np.ndindex(x.shape[:-1]):
        output[index] = (x[index] - x[index].mean()) / math.sqrt(x[index].var() + eps) * gain + bias
    return output


@right("layer_norm")
def with_einsum_for_the_squares(x, gain, bias, eps=1e-5):
    centred = x - np.average(x, axis=-1)[..., np.newaxis]
    squares = np.einsum("...d,...d->...", centred, centred) / x.shape[-1]
    return centred / np.sqrt(squares + eps)[..., np.newaxis] * gain + bias


@right("layer_norm")
def in_float64_inside(x, gain, bias, eps=1e-5):
    wide = x.astype(np.float64)
    normed = (wide - wide.mean(-1, keepdims=True)) / np.sqrt(wide.var(-1, keepdims=True)
                                                             + np.float64(eps))
    return (normed * gain + bias).astype(gain.dtype)


@right("layer_norm")
def with_a_matrix_that_averages(x, gain, bias, eps=1e-5):
    d_model = x.shape[-1]
    average = np.full((d_model, d_model), 1 / d_model, dtype=gain.dtype)
    centred = x - x @ average
    return centred / np.sqrt(centred**2 @ average + eps) * gain + bias


@right("layer_norm")
def with_hypot(x, gain, bias, eps=1e-5):
    s = x.std(-1, keepdims=True)
    return (x - x.mean(-1, keepdims=True)) / np.hypot(s, math.sqrt(eps)) * gain + bias


@right("layer_norm")
def with_another_ddof_taken_back(x, gain, bias, eps=1e-5):
    n = x.shape[-1]
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True, ddof=1) * (n - 1) / n
                                                     + eps) * gain + bias


@right("layer_norm")
def centred_by_a_matrix(x, gain, bias, eps=1e-5):
    n = x.shape[-1]
    centre = (np.eye(n) - np.ones((n, n)) / n).astype(x.dtype if x.dtype.kind == "f" else float)
    c = x - np.mean(x, -1, keepdims=True)
    c = c @ centre
    return c / np.sqrt((c ** 2).mean(-1, keepdims=True) + eps) * gain + bias


@right("layer_norm")
def on_its_side(x, gain, bias, eps=1e-5):
    y = x.T
    return (((y - y.mean(0)) / np.sqrt(y.var(0) + eps)).T) * gain + bias


@right("layer_norm")
def by_a_product_that_takes_the_mean_off(x, gain, bias, eps=1e-5):
    d_model = x.shape[-1]
    centred = x @ (np.eye(d_model) - np.ones((d_model, d_model)) / d_model).astype(gain.dtype)
    return centred / np.sqrt(np.square(centred).mean(-1, keepdims=True) + eps) * gain + bias


@right("transformer_block")
def in_four_steps(x, block, n_heads, mask=None):
    normed = layer_norm(x, block["norm_1"]["gain"], block["norm_1"]["bias"])
    stream = x + multi_head_attention(normed, n_heads=n_heads, mask=mask, **block["attention"])
    normed = layer_norm(stream, block["norm_2"]["gain"], block["norm_2"]["bias"])
    return stream + feed_forward(normed, activation=gelu, **block["feed_forward"])


@right("transformer_block")
def with_a_sum_in_place_of_a_new_array(x, block, n_heads, mask=None):
    stream = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                  n_heads=n_heads, mask=mask)
    stream += x
    stream += feed_forward(layer_norm(stream, **block["norm_2"]), **block["feed_forward"])
    return stream


@right("transformer_block")
def with_the_parts_unpacked(x, block, n_heads, mask=None):
    n1, n2, weights, layers = (block[name]
                               for name in ("norm_1", "norm_2", "attention", "feed_forward"))
    a = x + multi_head_attention(layer_norm(x, **n1), weights["w_q"], weights["w_k"],
                                 weights["w_v"], weights["w_o"], n_heads, mask)
    return a + feed_forward(layer_norm(a, **n2), layers["w_in"], layers["b_in"], layers["w_out"],
                            layers["b_out"])


@right("transformer_block")
def with_a_loop_over_the_halves(x, block, n_heads, mask=None):
    def attend(normed):
        return multi_head_attention(normed, **block["attention"], n_heads=n_heads, mask=mask)

    def think(normed):
        return feed_forward(normed, **block["feed_forward"])

    for norm, half in (("norm_1", attend), ("norm_2", think)):
        x = np.add(x, half(layer_norm(x, **block[norm])))
    return x


@right("transformer_block")
def sample_by_sample(x, block, n_heads, mask=None):
    output = np.empty(x.shape, dtype=block["norm_1"]["gain"].dtype)
    masks = np.broadcast_to(True if mask is None else mask, (*x.shape[:-1], x.shape[-2]))
    for index in np.ndindex(x.shape[:-2]):
        normed = layer_norm(x[index], **block["norm_1"])
        stream = x[index] + multi_head_attention(normed, **block["attention"], n_heads=n_heads,
                                                 mask=masks[index])
        output[index] = stream + feed_forward(layer_norm(stream, **block["norm_2"]),
                                              **block["feed_forward"])
    return output


@right("transformer_block")
def with_its_memory_spelt_out(x, block, n_heads, mask=None):
    normed = layer_norm(x, **block["norm_1"])
    x = multi_head_attention(normed, **block["attention"], n_heads=n_heads, mask=mask,
                             memory=normed) + x
    return feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"]) + x


@right("transformer_block")
def with_both_halves_added_at_the_end(x, block, n_heads, mask=None):
    one = multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                               n_heads=n_heads, mask=mask)
    two = feed_forward(layer_norm(x + one, **block["norm_2"]), **block["feed_forward"])
    return x + one + two


@right("transformer_block")
def with_the_halves_in_a_list(x, block, n_heads, mask=None):
    steps = [("norm_1", lambda h: multi_head_attention(h, n_heads=n_heads, mask=mask, **block[
        "attention"])), ("norm_2", lambda h: feed_forward(h, **block["feed_forward"]))]
    for norm, step in steps:
        x = x + step(layer_norm(x, **block[norm]))
    return x


@right("transformer_block")
def with_a_mask_of_ones(x, block, n_heads, mask=None):
    if mask is None:
        mask = np.ones((x.shape[-2], x.shape[-2]), dtype=bool)
    x = x + multi_head_attention(layer_norm(x, **block["norm_1"]), **block["attention"],
                                 n_heads=n_heads, mask=mask)
    return x + feed_forward(layer_norm(x, **block["norm_2"]), **block["feed_forward"])

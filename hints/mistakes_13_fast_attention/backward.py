"""Mistakes in tiled_attention_backward: weights, means, sums, products."""

from tests.runner.diagnosis.known import edit

MEAN = "mean = (output * grad_out).sum(axis=-1, keepdims=True)"
BACK_WEIGHTS = "weights = np.exp(scores - log_sum[..., rows, :])"
GRAD_SCORES = "grad_scores = weights * (grad_weights - mean[..., rows, :]) / root"
GRAD_Q = "grad_q[..., rows, :] += grad_scores @ k[..., keys, :]"
GRAD_K = "grad_k[..., keys, :] = grad_scores.swapaxes(-1, -2) @ q[..., rows, :]"
GRAD_V = "grad_v[..., keys, :] = weights.swapaxes(-1, -2) @ grad_out[..., rows, :]"

takes_the_mean_of_a_tile = edit(
    "tiled_attention_backward", """What you subtract in grad_scores is the sum of weights *
    grad_weights over the keys of a tile. The softmax was over all keys, so the sum is, too: that
    of output * grad_out.""",
    (GRAD_SCORES, "mean_here = (weights * grad_weights).sum(axis=-1, keepdims=True)\n"
                  "grad_scores = weights * (grad_weights - mean_here) / root"), common=True)

forgets_the_mean = edit(
    "tiled_attention_backward", """Your gradient of the scores is weights * grad_weights. The
    softmax divides by a sum, so a score lowers the other weights, too: subtract the sum of
    output * grad_out first.""",
    (GRAD_SCORES, "grad_scores = weights * grad_weights / root"), common=True)

subtracts_the_mean_unweighted = edit(
    "tiled_attention_backward", """You subtract the sum of output * grad_out from weights *
    grad_weights. It is subtracted before: weights * (grad_weights - sum).""",
    (GRAD_SCORES, "grad_scores = (weights * grad_weights - mean[..., rows, :]) / root"),
    common=True)

adds_the_mean = edit(
    "tiled_attention_backward", """You add the sum of output * grad_out, and do not subtract it.""",
    (GRAD_SCORES, GRAD_SCORES.replace("grad_weights - mean", "grad_weights + mean")))

takes_a_true_mean = edit(
    "tiled_attention_backward", """What you subtract is divided by d_v. It is a sum: a mean by the
    weights, which sum to 1 already.""",
    (MEAN, "mean = (output * grad_out).mean(axis=-1, keepdims=True)"), common=True)

takes_the_mean_of_values_alone = edit(
    "tiled_attention_backward", """What you subtract is the sum of the output over d_v. It should be
    that of output * grad_out.""",
    (MEAN, "mean = output.sum(axis=-1, keepdims=True)"))

forgets_the_scale_of_gradients = edit(
    "tiled_attention_backward", """In your grad_q and grad_k the factor 1 / sqrt(d_k) is missing.
    The scores were divided by the root, so what comes back through them is divided by it, too.""",
    (GRAD_SCORES, GRAD_SCORES.replace(" / root", "")), common=True)

scales_twice = edit(
    "tiled_attention_backward", """Your grad_q and grad_k are divided by the root of d_k twice.""",
    (GRAD_SCORES, GRAD_SCORES.replace(" / root", " / root / root")))

keeps_the_last_tile_of_grad_q = edit(
    "tiled_attention_backward", """Your grad_q is what comes from the last tile alone. A query has
    seen all tiles, so what comes from them adds up.""",
    (GRAD_Q, GRAD_Q.replace("+=", "=")), common=True)

divides_each_tile_by_its_own_sum = edit(
    "tiled_attention_backward", """Your weights sum to 1 in each tile. They were divided by the sum
    over all keys: that is what log_sum holds.""",
    (BACK_WEIGHTS, "weights = np.exp(scores - scores.max(axis=-1, keepdims=True))\n"
              "weights = weights / weights.sum(axis=-1, keepdims=True)"), common=True)

never_divides = edit(
    "tiled_attention_backward", """Your weights are exp(scores), and do not sum to 1. Subtract the
    log_sum from the scores first.""",
    (BACK_WEIGHTS, "weights = np.exp(scores)"))

divides_by_the_log_sum = edit(
    "tiled_attention_backward", """You divide exp(scores) by the log_sum. That is the logarithm of
    what to divide by: subtract it from the scores, before exp.""",
    (BACK_WEIGHTS, "weights = np.exp(scores) / log_sum[..., rows, :]"))

divides_by_an_exp_that_overflows = edit(
    "tiled_attention_backward", """You divide exp(scores) by exp(log_sum), and with scores of 1,000
    both are infinite. Subtract before exp.""",
    (BACK_WEIGHTS, "weights = np.exp(scores) / np.exp(log_sum[..., rows, :])"), common=True)

forgets_to_transpose_for_the_values = edit(
    "tiled_attention_backward", """A value gets a column of the weights, from all queries. In your
    grad_v it gets a row: swap the last two axes.""",
    (GRAD_V, "grad_v[..., keys, :] = (weights @ grad_out[..., rows, :])"))

reverses_all_axes = edit(
    "tiled_attention_backward", """`.T` reverses every axis, so with batch axes it swaps samples
    with tokens. `swapaxes(-1, -2)` swaps the last two.""",
    (".swapaxes(-1, -2)", ".T", 3), speaks_of="T", common=True)

blends_the_scores_for_the_values = edit(
    "tiled_attention_backward", """Your grad_v is made with the gradient of the scores. A value was
    blended by the weights, so its gradient is grad_out, blended by the same weights.""",
    (GRAD_V, GRAD_V.replace("weights", "grad_scores")))

answers_values_first = edit(
    "tiled_attention_backward", """Your three gradients come in another order: it is that of the
    arguments, q, k, v.""",
    ("return grad_q, grad_k, grad_v", "return grad_v, grad_k, grad_q"))

cuts_gradients_to_whole_numbers = edit(
    "tiled_attention_backward", """Integer queries, keys or values get gradients that are cut to
    whole numbers, as you write into an array of their dtype. Take the dtype of the output.""",
    ("np.zeros_like(array, dtype=output.dtype)", "np.zeros_like(array)"),
    (GRAD_Q, "grad_q[..., rows, :] += (grad_scores @ k[..., keys, :]).astype(grad_q.dtype)"))

makes_float64_of_float32 = edit(
    "tiled_attention_backward", """Your gradients are float64 even if all that went in is float32:
    np.zeros is float64 if it is not told otherwise.""",
    ("np.zeros_like(array, dtype=output.dtype)", "np.zeros(array.shape)"))

"""Mistakes in attention_backward: the backward pass through the softmax and its mask."""

from tests.runner.diagnosis.known import edit

RULE = "weights * (grad_weights - mean)"
MEAN = "(weights * grad_weights).sum(axis=-1, keepdims=True)"
WEIGHTS = "attention_weights(q, k, mask)"

skips_the_softmax = edit("attention_backward", """The gradient of the weights goes on to queries
    and keys as it is. Between weights and scores is the softmax: go back through that first.""",
    (RULE, "grad_weights"), common=True)

forgets_the_mean = edit("attention_backward", """The weighted mean of the row is missing. If
    one weight grows, the others of its row shrink, so the gradients of the scores of a query
    sum to 0. Yours do not.""",
    (RULE, "weights * grad_weights"), common=True)

takes_the_plain_mean = edit("attention_backward", """You subtract the plain mean of each
    row. It is the mean weighted by the weights, the sum of weight times gradient, that makes
    the scores' gradients sum to 0.""",
    (MEAN, "grad_weights.mean(axis=-1, keepdims=True)"))

takes_the_mean_over_the_queries = edit(
    "attention_backward", """You sum over the queries. A softmax distributes 1 among the keys
    of one query, so the weighted mean runs along the last axis.""",
    (MEAN, "(weights * grad_weights).sum(axis=-2, keepdims=True)"))

takes_one_mean_for_all = edit("attention_backward", """You subtract one number from all
    queries. Each query has a softmax of its own, and so a weighted mean of its own, over the
    last axis.""",
    (MEAN, "(weights * grad_weights).sum()"))

keeps_the_diagonal_alone = edit("attention_backward", """You multiply by p (1 - p), the
    slope of each weight along its own score. A score moves the other weights of its row as
    well: subtract the weighted mean instead.""",
    (RULE, "weights * (1 - weights) * grad_weights"), common=True)

forgets_the_weights = edit("attention_backward", """What is left after the weighted mean is
    subtracted is not multiplied by the weights. A key with little weight gets little, and a
    hidden one nothing.""",
    (RULE, "(grad_weights - mean)"))

forgets_the_mask = edit("attention_backward", """In your backward pass nothing is hidden:
    keys that a query may not attend to get a gradient from it. Compute the weights with the
    mask.""",
    (WEIGHTS, "attention_weights(q, k)"), common=True)

hides_in_the_values_alone = edit("attention_backward", """Your grad_v is right, and scores that
    the mask hides get a gradient anyway. The softmax's backward pass should use the weights with
    the mask, too.""",
    ("mean = " + MEAN,
     "free = attention_weights(q, k)\nmean = (free * grad_weights).sum(axis=-1, keepdims=True)"),
    (RULE, "free * (grad_weights - mean)"))

gives_nothing_equal_weights = edit("attention_backward", """A query that may attend to
    nothing gives all values an equal part of its gradient. Its weights are zeros, so all that
    comes through it is 0.""",
    (WEIGHTS,
     WEIGHTS + "\nif mask is not None:\n    seen = np.any(mask, axis=-1, keepdims=True)\n"
     "    weights = np.where(seen, weights, weights.dtype.type(1 / k.shape[-2]))"))

gets_nan_for_nothing = edit("attention_backward", """If a query may attend to nothing,
    gradients are NaN: its softmax is 0/0. Its weights should be zeros, as your
    `attention_weights` gives them.""",
    (WEIGHTS,
     WEIGHTS + "\nif mask is not None:\n"
     "    seen = np.any(mask, axis=-1, keepdims=True)\n"
     "    weights = np.where(seen, weights, weights.dtype.type(np.nan))"))

overflows = edit("attention_backward", """Large scores overflow in an exponential of your
    own, and infinity over infinity is NaN. Your `attention_weights` subtracts the largest score
    first.""",
    (WEIGHTS,
     "np.exp(q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])) * (1 if mask is None else mask)\n"
     "total = weights.sum(axis=-1, keepdims=True)\n"
     "weights = weights / np.where(total == 0, total.dtype.type(1), total)"), speaks_of="exp")

takes_the_weights_for_scores = edit("attention_backward", """The softmax's backward pass is given
    the weights for scores, and takes the softmax of them once more. Pass `softmax_backward` the
    scores, or work with the weights as they are.""",
    (RULE, "shares * (grad_weights - mean)"),
    ("mean = (weights * grad_weights)", "shares = np.exp(weights)\n"
     "shares = shares / shares.sum(axis=-1, keepdims=True)\nmean = (shares * grad_weights)"),
    common=True)

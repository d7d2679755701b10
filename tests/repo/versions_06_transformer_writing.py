"""Versions of what measures and writes in lesson 6 that are right in many styles."""

import math

import numpy as np
from kata_06_transformer import cross_entropy, generate, gpt

from tests.repo.versions import right


@right("cross_entropy")
def with_take_along_axis(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    top = logits.max(axis=-1, keepdims=True)
    log_shares = logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    picked = np.take_along_axis(log_shares, np.where(counted, targets, 0)[..., None],
                                axis=-1)[..., 0]
    return -picked[counted].mean()


@right("cross_entropy")
def with_a_loop_over_the_targets(logits, targets, ignore_index=-1):
    losses = []
    for row, target in zip(logits.reshape(-1, logits.shape[-1]), targets.ravel()):
        if target != ignore_index:
            top = max(row)
            losses.append(float(top + math.log(sum(math.exp(x - top) for x in row)) - row[target]))
    return sum(losses) / len(losses) if losses else math.nan


@right("cross_entropy")
def with_logaddexp(logits, targets, ignore_index=-1):
    flat, wanted = np.reshape(logits, (-1, logits.shape[-1])), np.reshape(targets, -1)
    rows = np.flatnonzero(wanted != ignore_index)
    losses = np.logaddexp.reduce(flat[rows] + 0.0, axis=-1) - flat[rows, wanted[rows]]
    return np.mean(losses)


@right("cross_entropy")
def with_a_one_hot_table(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    one_hot = (targets[..., None] == np.arange(logits.shape[-1])) & counted[..., None]
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_shares = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return -(np.where(one_hot, log_shares, 0).sum() / counted.sum())


@right("cross_entropy")
def as_a_mean_of_a_masked_array(logits, targets, ignore_index=-1):
    lse = np.logaddexp.reduce(logits, axis=-1)
    idx = np.where(targets == ignore_index, 0, targets)
    nll = lse - np.take_along_axis(logits, idx[..., None], axis=-1).squeeze(-1)
    out = np.ma.masked_array(nll, mask=targets == ignore_index).mean()
    return np.nan if out is np.ma.masked else out


@right("cross_entropy")
def with_nanmean(logits, targets, ignore_index=-1):
    shifted = logits - np.max(logits, -1, keepdims=True)
    lp = shifted - np.log(np.sum(np.exp(shifted), -1, keepdims=True))
    keep = targets != ignore_index
    p = np.take_along_axis(lp, np.where(keep, targets, 0)[..., None], -1)[..., 0]
    return -np.nanmean(np.where(keep, p, np.nan))


@right("cross_entropy")
def by_distances_to_the_target(logits, targets, ignore_index=-1):
    total, n = 0.0, 0
    for at in np.ndindex(*targets.shape):
        t = targets[at]
        if t != ignore_index:
            z = logits[at] - logits[at][t]
            top = max(z.max(), 0)
            total += top + math.log(np.exp(z - top).sum())
            n += 1
    return total / n if n > 0 else float("nan")


@right("cross_entropy")
def as_a_weighted_average(logits, targets, ignore_index=-1):
    keep = targets != ignore_index
    if not keep.any():
        return np.float64("nan")
    z = logits - logits.max(-1, keepdims=True)
    nll = np.log(np.exp(z).sum(-1)) - np.take_along_axis(z, (targets * keep)[..., None], -1)[..., 0]
    return np.average(nll, weights=keep)


@right("perplexity")
def with_a_power_of_e(logits, targets, ignore_index=-1):
    return math.e ** cross_entropy(logits, targets, ignore_index)


@right("perplexity")
def with_math_exp(logits, targets, ignore_index=-1):
    return math.exp(cross_entropy(logits, targets, ignore_index=ignore_index))


@right("perplexity")
def with_the_mean_written_out(logits, targets, ignore_index=-1):
    kept = targets != ignore_index
    losses = [cross_entropy(row[None], np.array([word]), None)
              for row, word in zip(logits[kept], targets[kept])]
    return np.exp(np.sum(losses) / np.float64(len(losses)))


@right("perplexity")
def with_bits(logits, targets, ignore_index=-1):
    return np.exp2(cross_entropy(logits, targets, ignore_index) / math.log(2))


@right("perplexity")
def with_powers_of_two(logits, targets, ignore_index=-1):
    return np.exp2(cross_entropy(logits, targets, ignore_index) / np.log(2))


@right("generate")
def with_a_buffer(token_ids, params, n_heads, n_new):
    n_tokens, room = token_ids.shape[-1], params["position_table"].shape[0]
    written = np.zeros((*token_ids.shape[:-1], n_tokens + n_new), dtype=int)
    written[..., :n_tokens] = token_ids
    for t in range(n_tokens, n_tokens + n_new):
        logits = gpt(written[..., max(0, t - room) : t], params, n_heads)
        written[..., t] = np.argmax(logits[..., -1, :], axis=-1)
    return written


@right("generate")
def with_append_along_the_last_axis(token_ids, params, n_heads, n_new):
    while n_new > 0:
        read = token_ids[..., -params["position_table"].shape[0] :]
        best = gpt(read, params, n_heads).argmax(axis=-1)[..., -1:]
        token_ids, n_new = np.append(token_ids, best, axis=-1), n_new - 1
    return token_ids


@right("generate")
def with_shares_of_a_softmax(token_ids, params, n_heads, n_new):
    tokens = token_ids.copy()
    for _ in range(n_new):
        too_many = max(0, tokens.shape[-1] - len(params["position_table"]))
        logits = gpt(tokens[..., too_many:], params, n_heads)[..., -1:, :]
        shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
        tokens = np.concatenate((tokens, (shares / shares.sum(-1, keepdims=True)).argmax(-1)),
                                axis=-1)
    return tokens


@right("generate")
def with_lists_of_one_text_each(token_ids, params, n_heads, n_new):
    texts = [list(row) for row in token_ids.reshape(-1, token_ids.shape[-1])]
    for text in texts:
        for _ in range(n_new):
            scores = gpt(np.array(text[-len(params["position_table"]):]), params, n_heads)[-1]
            text.append(int(np.argmax(scores)))
    return np.array(texts).reshape(*token_ids.shape[:-1], token_ids.shape[-1] + n_new)


@right("generate")
def by_recursion_on_what_is_left(token_ids, params, n_heads, n_new):
    if n_new <= 0:
        return token_ids
    room = len(params["position_table"])
    nxt = np.argmax(gpt(token_ids[..., -room:], params, n_heads)[..., -1, :], axis=-1)
    return generate(np.append(token_ids, nxt[..., None], axis=-1), params, n_heads, n_new - 1)


@right("generate")
def into_an_array_of_full_length(token_ids, params, n_heads, n_new):
    n, room = token_ids.shape[-1], len(params["position_table"])
    out = np.zeros((*token_ids.shape[:-1], n + n_new), dtype=token_ids.dtype)
    out[..., :n] = token_ids
    for t in range(n, n + n_new):
        out[..., t] = gpt(out[..., max(0, t - room):t], params,
                          n_heads)[..., t - 1 - max(0, t - room), :].argmax(-1)
    return out


@right("generate")
def by_sorting(token_ids, params, n_heads, n_new):
    for _ in range(n_new):
        logits = gpt(token_ids[..., -len(params["position_table"]):], params, n_heads)
        nxt = np.argsort(logits[..., -1, :], axis=-1)[..., -1:]
        token_ids = np.concatenate((token_ids, nxt), axis=-1)
    return token_ids


@right("generate")
def in_a_window_that_is_always_full(token_ids, params, n_heads, n_new):
    room = len(params["position_table"])
    for _ in range(n_new):
        newest = token_ids[..., -room:]
        last = newest.shape[-1] - 1
        # which no token before it sees
        empty = np.zeros((*newest.shape[:-1], room - last - 1), dtype=int)
        chosen = gpt(np.concatenate([newest, empty], axis=-1), params,
                     n_heads)[..., last, :].argmax(axis=-1)
        token_ids = np.concatenate([token_ids, chosen[..., None]], axis=-1)
    return token_ids


@right("cross_entropy")
def with_the_mean_of_all_differences(logits, targets, ignore_index=-1):
    logits, targets = logits[targets != ignore_index], targets[targets != ignore_index]
    top = logits.max(axis=-1, keepdims=True)
    log_sums = top + np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))
    # (n, 1) - (n,), whose mean is the same
    return (log_sums - logits[np.arange(len(logits)), targets]).mean()

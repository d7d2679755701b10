"""Versions of lesson 13 that are wrong in ways of their own, and pairs of mistakes."""

import numpy as np
from kata_01_attention import attention_scores
from kata_08_backprop import attention_backward
from kata_13_fast_attention import attend_to_tile, combine, finish, tiled_attention

from tests.repo.versions import twice, unheard_of


@unheard_of("attend_to_tile")
def halves_the_exponents(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    highest = scores.max(axis=-1, keepdims=True, initial=-np.inf)
    exps = np.exp((scores - np.where(highest == -np.inf, 0.0, highest)) / 2)
    return highest, exps.sum(axis=-1, keepdims=True), exps @ v


@unheard_of("combine")
def squares_the_shares(a, b):
    highest = np.maximum(a[0], b[0])
    shift = np.where(highest == -np.inf, 0.0, highest)
    share_a, share_b = np.exp(2 * (a[0] - shift)), np.exp(2 * (b[0] - shift))
    return highest, share_a * a[1] + share_b * b[1], share_a * a[2] + share_b * b[2]


@unheard_of("finish")
def divides_by_the_root_of_the_total(part):
    highest, total, blend = part
    total = np.where(total == 0, 1.0, total)
    return blend / np.sqrt(total), highest + np.log(total)


@unheard_of("tiled_attention")
def forgets_a_tenth_after_each_tile(q, k, v, mask=None, tile=64):
    if mask is not None:
        mask = np.broadcast_to(mask, (*np.shape(mask)[:-1], k.shape[-2]))
    part = attend_to_tile(q, k[..., :0, :], v[..., :0, :])
    for start in range(0, k.shape[-2], tile):
        at = slice(start, start + tile)
        part = part[0], 0.9 * part[1], 0.9 * part[2]
        part = combine(part, attend_to_tile(q, k[..., at, :], v[..., at, :],
                                            None if mask is None else mask[..., at]))
    return finish(part)


@unheard_of("causal_tiled_attention")
def doubles_the_log_sum(q, k, v, tile=64):
    n_past = k.shape[-2] - q.shape[-2]
    blocks = []
    for start in range(0, q.shape[-2], tile):
        rows = q[..., start : start + tile, :]
        n_seen = max(0, n_past + start + rows.shape[-2])
        mask = np.tri(rows.shape[-2], n_seen, n_past + start, dtype=bool)
        output, log_sum = tiled_attention(rows, k[..., :n_seen, :], v[..., :n_seen, :], mask, tile)
        blocks.append((output, 2 * log_sum))
    return tuple(np.concatenate(rows, axis=-2) for rows in zip(*blocks))


@unheard_of("tiled_attention_backward")
def sends_back_twice_as_much(q, k, v, output, log_sum, grad_out, tile=64, causal=False):
    n_past = k.shape[-2] - q.shape[-2]
    mask = np.tri(q.shape[-2], k.shape[-2], n_past, dtype=bool) if causal else None
    grad_q, grad_k, grad_v = attention_backward(q, k, v, grad_out, mask)
    return grad_q * 1.5, grad_k * 1.25, grad_v * 2


twice("divides_at_once", "hides_with_0")
twice("hides_after_the_highest", "forgets_the_scale")
twice("rescales_the_totals_alone", "keeps_0_as_the_highest_of_both")
twice("forgets_to_divide", "forgets_the_highest")
twice("leaves_out_the_last_keys", "masks_every_tile_alike")
twice("rescales_the_total_but_not_the_blend", "subtracts_minus_infinity_in_a_tile")
twice("begins_with_a_highest_of_0", "ignores_the_mask_of_all_tiles")
twice("sees_the_first_keys", "joins_along_the_first_axis")
twice("counts_from_0_in_each_tile", "leaves_out_the_last_queries")
twice("forgets_the_mean", "is_always_causal")
twice("keeps_the_last_tile_of_grad_q", "forgets_the_past")

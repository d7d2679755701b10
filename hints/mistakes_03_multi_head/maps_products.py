"""Mistakes in attention_maps: products of queries and keys that never went through softmax."""

import numpy as np
from kata_03_multi_head import split_heads

from tests.runner.diagnosis.known import mistake


@mistake("attention_maps", """Your answer is the plain products of queries and keys: the division by
    the square root of d_k and the softmax are missing. Use attention_weights of lesson 1, which
    does both.""", hide=("nothing", "in every head", "as it is"), low=(-np.inf, -1e9), denies=True)
def maps_plain_products(x, w_q, w_k, n_heads, mask=None, *, hide, low):
    products = split_heads(x @ w_q, n_heads) @ split_heads(x @ w_k, n_heads).swapaxes(-1, -2)
    if mask is None or hide == "nothing":
        return products
    return np.where(np.expand_dims(np.atleast_2d(mask), -3) if hide == "in every head" else mask,
                    products, low)


@mistake("attention_maps", """Your answer is the scores, not the weights: softmax is missing. Use
    attention_weights of lesson 1, which takes care of the mask, too.""",
         hide=(False, True), low=(-np.inf, -1e9), widens=(False, True), denies=True)
def maps_scores_with_the_mask_as_it_is(x, w_q, w_k, n_heads, mask=None, *, hide, low, widens):
    q, k = split_heads(x @ w_q, n_heads), split_heads(x @ w_k, n_heads)
    scores = q @ k.swapaxes(-1, -2) / (np.sqrt(q.shape[-1]) if widens else q.shape[-1] ** 0.5)
    return np.where(mask, scores, low) if hide and mask is not None else scores

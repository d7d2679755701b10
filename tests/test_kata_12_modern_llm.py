"""The specs of lesson 12, in the order in which they turn green.

`kata` is your file, katas/kata_12_modern_llm.py. The models are small and random; what they should
say is worked out in tests/slow_12_modern_llm.py, one token, one head and one number at a time,
without a cache. No spec needs the real model.
"""

import math

import numpy as np

from tests.runner.specs.check import close, differs, equal, fails, refuses
from tests.runner.specs.gradients import unpacked
from tests.slow_12_modern_llm import (
    CONFIG, EPS, block_by_hand, block_of_4_bits, block_of_8_bits, grouped_by_hand, keys_by_hand,
    llama_by_hand, narrow, random_attention, random_block, random_llama, rms_norm_by_hand,
    silu_by_hand, swiglu_by_hand, values_by_hand)

# rms_norm -----------------------------------------------------------------------


def test_rms_norm_works_the_lesson_by_hand(kata):
    """The mean square of 1 and 7 is 25, so both are divided by 5; the gain comes after."""
    close(kata.rms_norm(np.array([[1.0, 7.0]]), np.array([1.0, 1.0]), eps=0.0), [[0.2, 1.4]])
    close(kata.rms_norm(np.array([[1.0, 7.0]]), np.array([10.0, -5.0]), eps=0.0), [[2.0, -7.0]])


def test_rms_norm_does_not_subtract_the_mean(kata):
    """Numbers that are all equal become 1, and not 0 as in layer norm."""
    close(kata.rms_norm(np.full((2, 5), 3.0), np.ones(5), eps=0.0), np.ones((2, 5)))
    close(kata.rms_norm(np.array([[-2.0, -2.0, -2.0]]), np.ones(3), eps=0.0), -np.ones((1, 3)))


def test_rms_norm_adds_eps_to_the_mean_square(kata):
    """With a mean square of 9 and an eps of 16 the root is 5; the default eps is 1e-5."""
    x = np.array([[3.0, -3.0, 3.0]])
    close(kata.rms_norm(x, np.ones(3), eps=16.0), [[0.6, -0.6, 0.6]])
    close(kata.rms_norm(x / 1000, np.ones(3)), x / 1000 / math.sqrt(9e-6 + 1e-5))
    close(kata.rms_norm(np.zeros((2, 3)), np.ones(3)), np.zeros((2, 3)))


def test_rms_norm_treats_each_token_by_itself(kata):
    """In batches of any shape, every token has a mean square of its own."""
    rng = np.random.default_rng(1)
    x, gain = rng.normal(size=(2, 3, 4, 7)) * 5, rng.normal(size=7)
    right = np.array([[rms_norm_by_hand(rows, gain, 0.1) for rows in sample] for sample in x])
    close(kata.rms_norm(x, gain, eps=0.1), right)
    close(kata.rms_norm(x[0, 0], gain, eps=0.1), right[0, 0])
    close(kata.rms_norm(x[0, 0, 0], gain, eps=0.1), right[0, 0, 0])


def test_rms_norm_keeps_float32(kata):
    """float32 in, float32 out; integers become float64."""
    x, gain = np.array([[3, -4, 12]]), np.array([2.0, 1.0, 1.0])
    right = x / math.sqrt(169 / 3) * gain
    close(kata.rms_norm(x.astype(np.float32), gain.astype(np.float32), eps=0.0), right,
          dtype=np.float32, rtol=1e-5)
    close(kata.rms_norm(x, gain, eps=0.0), right)


# silu ---------------------------------------------------------------------------


def test_silu_works_the_lesson_by_hand(kata):
    """At log 3 the sigmoid is 3/4, at -log 3 it is 1/4, at 0 a half."""
    close(kata.silu(np.array([math.log(3), -math.log(3), 0.0])),
          np.array([0.75, -0.25, 0]) * math.log(3))


def test_silu_is_x_times_its_sigmoid(kata):
    """For numbers of all sizes, in an array of any shape."""
    x = np.random.default_rng(2).normal(size=(3, 2, 5)) * 4
    right = np.array([silu_by_hand(number) for number in x.ravel()]).reshape(x.shape)
    close(kata.silu(x), right)
    close(kata.silu(x[0, 0]), right[0, 0])


def test_silu_survives_large_numbers(kata):
    """Far above zero it is x itself, and far below zero it is 0: never NaN."""
    close(kata.silu(np.array([1000.0, 800, -1000, -800])), np.array([1000.0, 800, 0, 0]))


def test_silu_keeps_float32(kata):
    """float32 in, float32 out; integers become float64."""
    right = [silu_by_hand(number) for number in (-3, 2, 5)]
    close(kata.silu(np.array([-3, 2, 5], dtype=np.float32)), right, dtype=np.float32, rtol=1e-5)
    close(kata.silu(np.array([-3, 2, 5])), right)


# swiglu -------------------------------------------------------------------------


def test_swiglu_works_the_lesson_by_hand(kata):
    """The gates are 3/4 log 3, 0 and -1/4 log 3; what they let through is summed by W_down."""
    x, log_3 = np.array([[1.0, 2.0]]), math.log(3)
    w_gate = np.array([[log_3, 2.0, log_3], [0.0, -1.0, -log_3]])
    w_up = np.array([[4.0, 1.0, 2.0], [0.0, 5.0, 1.0]])  # up: 4, 11 and 4
    w_down = np.array([[1.0, 0.0], [10.0, 100.0], [0.0, 1.0]])
    close(kata.swiglu(x, w_gate, w_up, w_down), [[3 * log_3, -log_3]])


def test_swiglu_bends_the_gate_alone(kata):
    """The nonlinearity is on the gate: twice the way up gives twice the output, of either sign."""
    rng = np.random.default_rng(3)
    x, w_gate, w_up = rng.normal(size=(4, 5)), rng.normal(size=(5, 7)), rng.normal(size=(5, 7))
    w_down = rng.normal(size=(7, 3))
    right = swiglu_by_hand(x, w_gate, w_up, w_down)
    close(kata.swiglu(x, w_gate, w_up, w_down), right)
    close(kata.swiglu(x, w_gate, -2 * w_up, w_down), -2 * right)
    close(kata.swiglu(x, w_gate, np.zeros((5, 7)), w_down), np.zeros((4, 3)))


def test_swiglu_takes_batches(kata):
    """Any number of leading axes; each token by itself."""
    rng = np.random.default_rng(4)
    w_gate, w_up, w_down = (rng.normal(size=size) for size in ((5, 7), (5, 7), (7, 6)))
    x = rng.normal(size=(2, 3, 4, 5))
    right = np.array([[swiglu_by_hand(rows, w_gate, w_up, w_down) for rows in two] for two in x])
    close(kata.swiglu(x, w_gate, w_up, w_down), right)
    close(kata.swiglu(x[0], w_gate, w_up, w_down), right[0])


def test_swiglu_keeps_float32(kata):
    """float32 in, float32 out."""
    rng = np.random.default_rng(5)
    arrays = [rng.normal(size=size) for size in ((4, 5), (5, 7), (5, 7), (7, 3))]
    close(kata.swiglu(*(array.astype(np.float32) for array in arrays)), swiglu_by_hand(*arrays),
          dtype=np.float32, rtol=1e-4)


# grouped_query_attention --------------------------------------------------------

X = np.random.default_rng(6).normal(size=(7, 8))  # seven tokens
WEIGHTS = random_attention(np.random.default_rng(7))
HEADS = dict(n_heads=6, n_kv_heads=2)


def output_and_cache(answer):
    __tracebackhide__ = True
    return unpacked(answer, "output", "cache")


def only_values(n_heads, n_kv_heads):
    """Weights with which every token blends all it sees evenly, and values of a size for each head.

    Head j of the values is x times 10 to the power of j; the output shows every query head.
    """
    return dict(w_q=np.zeros((1, 2 * n_heads)), w_k=np.ones((1, 2 * n_kv_heads)),
                w_v=10.0 ** np.arange(n_kv_heads)[np.newaxis], w_o=np.eye(n_heads))


def test_grouped_query_attention_shares_heads_in_a_row(kata):
    """Of six query heads the first three attend to the first key head, the rest to the second."""
    x = np.array([[2.0], [4.0], [9.0]])
    output, _ = output_and_cache(kata.grouped_query_attention(x, **only_values(6, 2), **HEADS))
    close(output, np.outer([2, 3, 5], [1, 1, 1, 10, 10, 10]))
    output, _ = output_and_cache(
        kata.grouped_query_attention(x, **only_values(4, 2), n_heads=4, n_kv_heads=2))
    close(output, np.outer([2, 3, 5], [1, 1, 10, 10]))


def test_grouped_query_attention_turns_queries_and_keys(kata):
    """With positions: every head and token as by hand; the default base is 10,000."""
    for x in (X, 40 * X):  # with scores of some thousands, too
        output, _ = output_and_cache(kata.grouped_query_attention(x, **WEIGHTS, **HEADS))
        close(output, grouped_by_hand(x, **WEIGHTS, **HEADS))


def test_grouped_query_attention_turns_by_the_base(kata):
    """Another base, other angles: queries and keys turn alike."""
    for base in (50.0, 500_000.0):
        output, _ = output_and_cache(
            kata.grouped_query_attention(X, **WEIGHTS, **HEADS, base=base))
        close(output, grouped_by_hand(X, **WEIGHTS, **HEADS, base=base))


def test_grouped_query_attention_takes_any_number_of_heads(kata):
    """One key head for all, one for each, and what lies between; d_head is the width by heads."""
    for n_heads, n_kv_heads in ((4, 1), (3, 3), (6, 3), (1, 1)):
        heads = dict(n_heads=n_heads, n_kv_heads=n_kv_heads)
        weights = random_attention(np.random.default_rng(8), **heads, d_head=6, d_v=3)
        output, _ = output_and_cache(kata.grouped_query_attention(X, **weights, **heads))
        close(output, grouped_by_hand(X, **weights, **heads))


def test_grouped_query_attention_keeps_the_key_heads_alone(kata):
    """The cache has two heads and not six: keys as they are rotated, and values."""
    _, cache = output_and_cache(kata.grouped_query_attention(X, **WEIGHTS, **HEADS, base=50.0))
    if not isinstance(cache, dict) or set(cache) != {"k", "v"}:
        fails(cache, 'The cache is a dict with two arrays: {"k": ..., "v": ...}.')
    close(cache["v"], values_by_hand(X, WEIGHTS["w_v"], 2), of=cache, what='cache["v"]')
    close(cache["k"], keys_by_hand(X, WEIGHTS["w_k"], 2, 50.0), of=cache, what='cache["k"]')


def step_by_step(attend, x, steps, right):
    """Read tokens in several steps; each step must give what the whole text gives there."""
    __tracebackhide__ = True
    cache, start = None, 0
    for n_new in steps:
        new = np.s_[..., start : start + n_new, :]
        output, cache = output_and_cache(
            attend(x[new], **WEIGHTS, **HEADS, base=50.0, cache=cache))
        close(output, right[new])
        start += n_new


def test_grouped_query_attention_goes_on_by_one_token(kata):
    """Positions go on: a new token turns by its place in the text, not by its place in the call."""
    step_by_step(kata.grouped_query_attention, X, (4, 1, 1, 1),
                 grouped_by_hand(X, **WEIGHTS, **HEADS, base=50.0))


def test_grouped_query_attention_goes_on_by_several_tokens(kata):
    """3 tokens, then 2, 1 and 1: a new token sees the old ones, itself, and no later new one."""
    for steps in ((3, 2, 1, 1), (2, 4, 1), (1, 1, 5)):
        step_by_step(kata.grouped_query_attention, X, steps,
                     grouped_by_hand(X, **WEIGHTS, **HEADS, base=50.0))


def test_grouped_query_attention_goes_on_twice_from_one_cache(kata):
    """A cache is not used up: two ways to go on from the same text do not see each other."""
    _, cache = output_and_cache(kata.grouped_query_attention(X[:4], **WEIGHTS, **HEADS))
    for new in (X[4:6], X[6:], X[5:3:-1]):
        output, _ = output_and_cache(
            kata.grouped_query_attention(new, **WEIGHTS, **HEADS, cache=cache))
        close(output, grouped_by_hand(np.concatenate([X[:4], new]), **WEIGHTS, **HEADS)[4:])


def test_grouped_query_attention_takes_batches(kata):
    """With any number of leading axes, each sample has keys and values of its own."""
    x = np.random.default_rng(9).normal(size=(3, 2, 5, 8))
    right = np.array([[grouped_by_hand(sample, **WEIGHTS, **HEADS, base=50.0) for sample in two]
                      for two in x])
    step_by_step(kata.grouped_query_attention, x, (2, 2, 1), right)
    step_by_step(kata.grouped_query_attention, x[:, 0], (4, 1), right[:, 0])


def test_grouped_query_attention_refuses_heads_that_do_not_divide(kata):
    """Three key heads for four query heads, or five for a width of 60: a ValueError."""
    weights = random_attention(np.random.default_rng(10), n_heads=4, n_kv_heads=3, d_head=6)
    refuses(lambda: kata.grouped_query_attention(X, **weights, n_heads=4, n_kv_heads=3),
            lambda: kata.grouped_query_attention(X, **WEIGHTS, n_heads=5, n_kv_heads=1))


def test_grouped_query_attention_keeps_float32(kata):
    """float32 in, float32 out, for the output and for what is kept."""
    small, x = narrow(WEIGHTS), X.astype(np.float32)
    right = grouped_by_hand(X, **WEIGHTS, **HEADS)
    output, cache = output_and_cache(kata.grouped_query_attention(x[:4], **small, **HEADS))
    close(output, right[:4], dtype=np.float32, rtol=1e-3)
    for key in ("k", "v"):
        close(cache[key], cache[key], dtype=np.float32, of=cache)
    output, _ = output_and_cache(
        kata.grouped_query_attention(x[4:], **small, **HEADS, cache=cache))
    close(output, right[4:], dtype=np.float32, rtol=1e-3)


# dequantize_q8_0 ----------------------------------------------------------------

CODES_8 = [5, -3, 0, 127, -128, *range(20, 47)]  # 32 numbers


def test_dequantize_q8_0_multiplies_by_the_scale(kata):
    """2 bytes are the scale, here 1/4; the other 32 are the numbers, and some are negative."""
    right = np.array(CODES_8) * 0.25
    close(kata.dequantize_q8_0(block_of_8_bits(0.25, CODES_8)), right, dtype=np.float32, rtol=1e-6)


def test_dequantize_q8_0_gives_each_block_its_scale(kata):
    """Two blocks in a row, 68 bytes: 64 numbers, each with the scale of its own block."""
    blocks = np.concatenate([block_of_8_bits(2, CODES_8), block_of_8_bits(-0.5, CODES_8[::-1])])
    right = np.concatenate([np.array(CODES_8) * 2.0, np.array(CODES_8[::-1]) * -0.5])
    close(kata.dequantize_q8_0(blocks), right, rtol=1e-6)


def test_dequantize_q8_0_takes_rows(kata):
    """Rows of a table, and tables: the bytes of each row become the numbers of that row."""
    rng = np.random.default_rng(11)
    scales, codes = rng.normal(size=(4, 5, 3)), rng.integers(-128, 128, size=(4, 5, 3, 32))
    blocks = np.array([[np.concatenate([block_of_8_bits(*block) for block in zip(*row)])
                        for row in zip(*rows)] for rows in zip(scales, codes)])
    right = (scales.astype(np.float16)[..., np.newaxis] * codes.astype(float)).reshape(4, 5, 96)
    for part in (np.s_[0], np.s_[:], np.s_[1:3, ::2]):
        close(kata.dequantize_q8_0(blocks[part]), right[part], dtype=np.float32, rtol=1e-6)


def test_dequantize_q8_0_refuses_half_a_block(kata):
    """The last axis is a whole number of blocks of 34 bytes: else a ValueError."""
    refuses(lambda: kata.dequantize_q8_0(np.zeros(35, np.uint8)),
            lambda: kata.dequantize_q8_0(np.zeros((34, 17), np.uint8)))


# dequantize_q4_1 ----------------------------------------------------------------

CODES_4 = [*range(16), 15, 0, 7, 8, *[3, 9, 12] * 4]  # 32 numbers


def test_dequantize_q4_1_takes_the_low_half_of_each_byte_first(kata):
    """Byte j has number j in its low 4 bits, and number j + 16 in its high 4 bits."""
    codes = [*range(16), *range(15, -1, -1)]
    close(kata.dequantize_q4_1(block_of_4_bits(1, 0, codes)), codes, dtype=np.float32, rtol=1e-6)


def test_dequantize_q4_1_multiplies_by_the_scale_and_adds_the_minimum(kata):
    """2 bytes are the scale, here 1/4, 2 more the minimum, -3: numbers from -3 to 0.75."""
    right = np.array(CODES_4) * 0.25 - 3
    close(kata.dequantize_q4_1(block_of_4_bits(0.25, -3, CODES_4)), right, dtype=np.float32,
          rtol=1e-6)


def test_dequantize_q4_1_gives_each_block_its_scale_and_minimum(kata):
    """Two blocks in a row, 40 bytes: 64 numbers, in the order of the blocks."""
    blocks = np.concatenate(
        [block_of_4_bits(2, 5, CODES_4), block_of_4_bits(0.5, -8, CODES_4[::-1])])
    right = np.concatenate([np.array(CODES_4) * 2.0 + 5, np.array(CODES_4[::-1]) * 0.5 - 8])
    close(kata.dequantize_q4_1(blocks), right, rtol=1e-6)


def test_dequantize_q4_1_takes_rows(kata):
    """Rows of a table, and tables: the bytes of each row become the numbers of that row."""
    rng = np.random.default_rng(12)
    scales, minima = rng.normal(size=(2, 4, 5, 3))
    codes = rng.integers(16, size=(4, 5, 3, 32))
    blocks = np.array([[np.concatenate([block_of_4_bits(*block) for block in zip(*row)])
                        for row in zip(*rows)] for rows in zip(scales, minima, codes)])
    d, m = (part.astype(np.float16)[..., np.newaxis].astype(float) for part in (scales, minima))
    right = (d * codes + m).reshape(4, 5, 96)
    for part in (np.s_[0], np.s_[:], np.s_[1:3, ::2]):
        close(kata.dequantize_q4_1(blocks[part]), right[part], dtype=np.float32, rtol=1e-5)


def test_dequantize_q4_1_refuses_half_a_block(kata):
    """The last axis is a whole number of blocks of 20 bytes: else a ValueError."""
    refuses(lambda: kata.dequantize_q4_1(np.zeros(30, np.uint8)),
            lambda: kata.dequantize_q4_1(np.zeros((20, 10), np.uint8)))


# llama_block --------------------------------------------------------------------

BLOCK = random_block(np.random.default_rng(13))


def x_and_cache(answer):
    __tracebackhide__ = True
    return unpacked(answer, "x", "cache")


def without(*parts):
    """The block with projections of zeros in these parts, which then add nothing."""
    zeros = {part: {name: 0 * w for name, w in BLOCK[part].items()} for part in parts}
    return BLOCK | zeros


def test_llama_block_adds_to_its_input(kata):
    """With projections of zeros nothing is added, and the block gives back its input."""
    x, _ = x_and_cache(kata.llama_block(X, without("attention", "feed_forward"), CONFIG))
    close(x, X)


def test_llama_block_adds_attention_of_the_normed_input(kata):
    """Attention with the heads, the base and the eps of the config, after the first norm."""
    block = without("feed_forward")
    x, _ = x_and_cache(kata.llama_block(X, block, CONFIG))
    close(x, block_by_hand(X, block, CONFIG))


def test_llama_block_adds_the_feed_forward_of_the_normed_sum(kata):
    """The second norm and swiglu read what attention has left in the residual stream."""
    for block in (without("attention"), BLOCK):
        x, _ = x_and_cache(kata.llama_block(X, block, CONFIG))
        close(x, block_by_hand(X, block, CONFIG))


def test_llama_block_reads_the_config(kata):
    """Other heads, another base, another eps: each of them changes the output."""
    first, _ = x_and_cache(kata.llama_block(X, BLOCK, CONFIG))
    for other in (dict(n_heads=2), dict(n_kv_heads=1), dict(base=7.0), dict(eps=0.5)):
        config = CONFIG | other
        block = BLOCK | dict(attention=random_attention(
            np.random.default_rng(14), config["n_heads"], config["n_kv_heads"]))
        x, _ = x_and_cache(kata.llama_block(X, block, config))
        close(x, block_by_hand(X, block, config))
        differs(x, first)


def test_llama_block_goes_on_with_its_cache(kata):
    """3 tokens, then 2, 1 and 1: every step gives what the whole text gives there."""
    right, cache, start = block_by_hand(X, BLOCK, CONFIG), None, 0
    for n_new in (3, 2, 1, 1):
        x, cache = x_and_cache(kata.llama_block(X[start : start + n_new], BLOCK, CONFIG, cache))
        close(x, right[start : start + n_new])
        start += n_new
    normed = rms_norm_by_hand(X, BLOCK["norm_1"]["gain"], EPS)
    keys = keys_by_hand(normed, BLOCK["attention"]["w_k"], 2, CONFIG["base"])
    close(cache["k"], keys, of=cache, what='cache["k"]')


def test_llama_block_takes_batches_and_keeps_float32(kata):
    """Each sample is a text of its own; float32 in, float32 out."""
    x = np.random.default_rng(15).normal(size=(2, 5, 8))
    right = np.array([block_by_hand(sample, BLOCK, CONFIG) for sample in x])
    answer, _ = x_and_cache(kata.llama_block(x, BLOCK, CONFIG))
    close(answer, right)
    answer, _ = x_and_cache(kata.llama_block(x.astype(np.float32), narrow(BLOCK), CONFIG))
    close(answer, right, dtype=np.float32, rtol=1e-3)


# llama --------------------------------------------------------------------------

IDS = np.array([3, 10, 0, 7, 3, 3, 8])
TIED = random_llama(np.random.default_rng(16))
UNTIED = random_llama(np.random.default_rng(17), untied=True)


def logits_and_caches(answer):
    __tracebackhide__ = True
    return unpacked(answer, "logits", "caches")


def read(llama, ids, steps, params):
    """Read a text in several steps; each must say what the whole text says up to there."""
    __tracebackhide__ = True
    right, caches, start = llama_by_hand(ids, params, CONFIG), None, 0
    for n_new in steps:
        logits, caches = logits_and_caches(
            llama(ids[start : start + n_new], params, CONFIG, caches))
        close(logits, right[start : start + n_new])
        start += n_new
    return caches


def test_llama_without_blocks_is_a_norm_and_a_product(kata):
    """Rows of the table, no positions, the last norm, and the table again, which is tied."""
    params = TIED | dict(blocks=[])
    logits, caches = logits_and_caches(kata.llama(IDS, params, CONFIG))
    close(logits, llama_by_hand(IDS, params, CONFIG))
    if list(caches):
        fails(caches, "Without a block there is no cache: an empty list.")


def test_llama_runs_every_block(kata):
    """Two blocks in turn, or three, each with its own parameters, then the norm and the logits."""
    read(kata.llama, IDS, (7,), TIED)
    read(kata.llama, IDS[:4] % 2, (4,), random_llama(np.random.default_rng(19), 3, vocab=2))


def test_llama_takes_an_unembedding(kata):
    """If the model has a table of its own for the logits, that one is used."""
    read(kata.llama, IDS, (7,), UNTIED)


def test_llama_has_a_cache_for_each_block(kata):
    """Two blocks, two caches in a list, each with the keys and values of all tokens read."""
    _, caches = logits_and_caches(kata.llama(IDS[:5], TIED, CONFIG))
    if not isinstance(caches, list) or len(caches) != 2:
        fails(caches, "The caches are a list, one for each block; the model has 2 blocks.")
    for cache in caches:
        for key, d_head in (("k", 10), ("v", 5)):
            close(np.zeros_like(cache[key]), np.zeros((2, 5, d_head)), of=caches)


def test_llama_goes_on_token_by_token(kata):
    """One new token at a time: positions go on, and every step says what the whole text says."""
    read(kata.llama, IDS, (4, 1, 1, 1), TIED)
    read(kata.llama, IDS, (1,) * 7, UNTIED)


def test_llama_goes_on_by_several_tokens(kata):
    """3 tokens, then 2, 1 and 1: at every step the logits are those of the whole text so far."""
    for params in (TIED, UNTIED):
        read(kata.llama, IDS, (3, 2, 1, 1), params)


def test_llama_begins_anew_with_each_text(kata):
    """Two texts one after the other, the second shorter: nothing of the first is left."""
    read(kata.llama, IDS, (4, 2, 1), TIED)
    read(kata.llama, IDS[::-1], (2, 2), TIED)
    read(kata.llama, IDS[2:], (1, 3), TIED)


def test_llama_takes_batches_and_keeps_float32(kata):
    """Each row is a text of its own; float32 parameters give float32 logits and caches."""
    rows = np.random.default_rng(18).integers(11, size=(3, 2, 5))
    right = np.array([[llama_by_hand(ids, TIED, CONFIG) for ids in two] for two in rows])
    logits, caches = logits_and_caches(kata.llama(rows[..., :3], TIED, CONFIG))
    close(logits, right[..., :3, :])
    logits, _ = logits_and_caches(kata.llama(rows[..., 3:], TIED, CONFIG, caches))
    close(logits, right[..., 3:, :])
    logits, caches = logits_and_caches(kata.llama(rows[0], narrow(TIED), CONFIG))
    close(logits, right[0], dtype=np.float32, rtol=1e-2)
    for cache in caches:
        close(cache["k"], cache["k"], dtype=np.float32, of=caches)


# chat_prompt --------------------------------------------------------------------

BRIEF = {"role": "system", "content": "Be brief."}
QUESTION = {"role": "user", "content": "What is the capital of France?"}


def test_chat_prompt_writes_each_message_in_the_template(kata):
    """A line with the role, the content, the end of the turn; then the assistant's turn is open."""
    equal(kata.chat_prompt([BRIEF, QUESTION]),
          "<|im_start|>system\nBe brief.<|im_end|>\n"
          "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n"
          "<|im_start|>assistant\n")


def test_chat_prompt_begins_with_a_system_message(kata):
    """If there is none, SYSTEM comes first, whoever speaks next."""
    first = ("<|im_start|>system\n"
             "You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n")
    question = "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n"
    equal(kata.chat_prompt([QUESTION]), f"{first}{question}<|im_start|>assistant\n")
    hello = "<|im_start|>assistant\nHello!<|im_end|>\n"
    equal(kata.chat_prompt([{"role": "assistant", "content": "Hello!"}, QUESTION]),
          f"{first}{hello}{question}<|im_start|>assistant\n")


def test_chat_prompt_goes_on_after_several_turns(kata):
    """Every turn has its own role and is closed, the assistant's too; only the last is open."""
    answer = {"role": "assistant", "content": "Paris."}
    again = {"role": "user", "content": "And of Italy?"}
    equal(kata.chat_prompt([BRIEF, QUESTION, answer, again]),
          "<|im_start|>system\nBe brief.<|im_end|>\n"
          "<|im_start|>user\nWhat is the capital of France?<|im_end|>\n"
          "<|im_start|>assistant\nParis.<|im_end|>\n"
          "<|im_start|>user\nAnd of Italy?<|im_end|>\n"
          "<|im_start|>assistant\n")


def test_chat_prompt_leaves_the_content_as_it_is(kata):
    """Blanks, line ends and other signs stay: what is written is what the model reads."""
    text = "  def f(x):\n\n    return {x}  # é, 3 %\n"
    equal(kata.chat_prompt([BRIEF, {"role": "user", "content": text}]),
          f"<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n{text}<|im_end|>\n"
          "<|im_start|>assistant\n")


def test_chat_prompt_leaves_the_conversation_as_it_is(kata):
    """The list of messages is the caller's: it is as long afterwards as before."""
    messages = [QUESTION]
    kata.chat_prompt(messages)
    equal(messages, [{"role": "user", "content": "What is the capital of France?"}])

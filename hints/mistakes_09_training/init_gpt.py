"""Mistakes in init_gpt, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

DRAW = "rng.normal(scale=std, size=shape)"
STD = "spread / math.sqrt(2 * n_blocks)"
NORM = '{"gain": np.ones(d_model, np.float32), "bias": np.zeros(d_model, np.float32)}'

leaves_float64 = edit("init_gpt", """Your matrices and tables are float64, as the generator
    makes them. Narrow each with `.astype(np.float32)`.""",
    (".astype(np.float32)", ""))

leaves_norms_in_float64 = edit("init_gpt", """The arrays of your norms are float64: whatever makes
    them, such as `np.ones`, needs the dtype, `np.float32`.""",
    (NORM, '{"gain": np.ones(d_model), "bias": np.zeros(d_model)}'))

takes_spread_for_a_variance = edit("init_gpt", """Your numbers are larger than they should be:
    their variance is spread, and so their standard deviation the root of it. `scale` is the
    standard deviation itself.""",
    ("scale=std", "scale=math.sqrt(std)"), common=True)

draws_evenly = edit("init_gpt", """Your numbers are spread evenly between -spread and spread. It
    should be a normal distribution: `rng.normal(scale=spread, size=shape)`.""",
    (DRAW, "rng.uniform(-std, std, size=shape)"))

draws_numbers_of_size_1 = edit("init_gpt", """Your numbers have a standard deviation of 1, so the
    logits of the first step are large, and its loss far above ln(vocab). Use `spread`.""",
    ("scale=std, ", ""), common=True)

goes_by_the_width = edit("init_gpt", """Your numbers are as large as the width asks for, 1 over
    the root of d_in, and spread has no effect. That is another convention; here all have the same
    standard deviation, spread.""",
    ("scale=std", "scale=1 / math.sqrt(shape[0])"), denies=True)

starts_nothing_smaller = edit("init_gpt", """`w_o` and `w_out` are as large as the other matrices.
    They are what is added to the residual stream, 2 n_blocks times: divide their spread by
    sqrt(2 n_blocks).""",
    (STD, "spread"), common=True)

starts_every_matrix_smaller = edit("init_gpt", """All matrices of a block are made smaller, and
    not only w_o and w_out. Only these two add to the residual stream.""",
    ("normal(*square) for", "normal(*square, std=std) for"),
    ('"w_in": normal(d_model, 4 * d_model)', '"w_in": normal(d_model, 4 * d_model, std=std)'),
    common=True)

starts_w_o_alone_smaller = edit("init_gpt", """`w_out` is as large as the other matrices. It adds to
    the residual stream as w_o does: make both smaller.""",
    ("normal(4 * d_model, d_model, std=std)", "normal(4 * d_model, d_model)"))

counts_one_sum_a_block = edit("init_gpt", """`w_o` and `w_out` are sqrt(2) times too large: you
    divide by sqrt(n_blocks). Each block adds to the residual stream twice.""",
    ("2 * n_blocks", "n_blocks"), common=True)

divides_by_the_number_of_sums = edit("init_gpt", """`w_o` and `w_out` are too small: you divide by
    2 n_blocks. Variances add up, so the standard deviation is divided by the root of that.""",
    (STD, "spread / (2 * n_blocks)"), common=True)

repeats_one_block = edit("init_gpt", """All your blocks are one and the same dict, or copies of
    it: `[block] * n` draws once. Draw each block by itself.""",
    ("[block() for _ in range(n_blocks)]", "[block()] * n_blocks"), common=True)

starts_gains_at_0 = edit("init_gpt", """Your gains are 0, so every norm answers with zeros and no
    token can be seen. A gain multiplies: what changes nothing is 1.""",
    ('"gain": np.ones(', '"gain": np.zeros('))

has_a_seed_of_its_own = edit("init_gpt", """Your generator is not the one that is passed in: the
    model is the same whatever that is. Draw from `rng`.""",
    ("def normal(*shape, std=spread):", "rng = np.random.default_rng(seed)\n\n"
     "def normal(*shape, std=spread):"), seed=(0, 42), denies=True)

has_no_wider_layer = edit("init_gpt", """Your feed-forward networks are as wide as the stream. They
    have 4 * d_model units inside.""",
    ("w_in\": normal(d_model, 4 * d_model)", "w_in\": normal(d_model, d_model)"),
    ("np.zeros(4 * d_model, np.float32)", "np.zeros(d_model, np.float32)"),
    ("normal(4 * d_model, d_model, std=std)", "normal(d_model, d_model, std=std)"))


@probes("init_gpt")
def probe_init_gpt():
    yield given(np.random.default_rng(92), 7, 5, 4, 3)
    sizes = {"vocab": 3, "n_positions": 6, "d_model": 5, "n_blocks": 2}
    yield given(np.random.default_rng(93), **sizes, spread=0.5)
    yield given(np.random.default_rng(94), 4, 3, 6, 1, 2.0)

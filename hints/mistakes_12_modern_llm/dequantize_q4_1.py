"""Mistakes in dequantize_q4_1: two numbers in a byte, a scale and a minimum."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

Q4_EACH = "each = blocks.reshape(*blocks.shape[:-1], -1, 20)"
SCALES = 'd, m = (each[..., i : i + 2].view("<f2").astype(np.float32) for i in (0, 2))'
Q4_CODES = "q = np.concatenate([packed & 15, packed >> 4], axis=-1)"
Q4_ROWS = "return (d * q + m).reshape(*blocks.shape[:-1], -1)"

reads_neighbours_from_a_byte = edit("dequantize_q4_1", """You take the two halves of a byte for
    neighbours. Byte j has numbers j and j + 16: first all low halves, then all high ones.""",
    (Q4_CODES, "q = np.stack([packed & 15, packed >> 4], axis=-1).reshape(*each.shape[:-1], 32)"),
    common=True)

takes_the_high_halves_first = edit("dequantize_q4_1", """Your high halves come first. The low 4 bits
    of the bytes are numbers 0 to 15, the high ones 16 to 31.""",
    (Q4_CODES, "q = np.concatenate([packed >> 4, packed & 15], axis=-1)"), common=True)

does_not_shift_the_high_halves = edit("dequantize_q4_1", """Your high halves are 16 times too large:
    shift them down by 4 bits.""",
    ("packed >> 4", "packed & 240"))

reads_no_high_halves = edit("dequantize_q4_1", """You read the low halves twice. The other 16
    numbers are in the high 4 bits.""",
    ("packed >> 4", "packed & 15"))

subtracts_8_from_4_bits = edit(
    "dequantize_q4_1", """You subtract 8 from each number. That is for Q4_0; here the
    minimum says where the numbers begin.""",
    ("(d * q + m)", "(d * (q.astype(np.float32) - 8) + m)"), common=True)

subtracts_8_from_unsigned_numbers = edit("dequantize_q4_1", """You subtract 8 from numbers without a
    sign, so that 0 to 7 become 248 to 255. And nothing is subtracted here: the minimum says where
    the numbers begin.""",
    ("(d * q + m)", "(d * (q - 8) + m)"))

forgets_the_minimum = edit("dequantize_q4_1", """The minimum has no effect: add it to each number of
    its block.""",
    ("(d * q + m)", "(d * q)"), denies=True, common=True)

scales_the_minimum = edit("dequantize_q4_1", """You add the minimum before you multiply by the
    scale. It is added at the end: d * q + m.""",
    ("(d * q + m)", "(d * (q + m))"), common=True)

subtracts_the_minimum = edit("dequantize_q4_1", """You subtract the minimum. It is added, and mostly
    below zero itself.""",
    ("(d * q + m)", "(d * q - m)"))

forgets_the_scale_of_4_bits = edit(
    "dequantize_q4_1", """The scale has no effect: multiply each number by that
    of its block.""",
    ("(d * q + m)", "(q + m)"), denies=True)

swaps_scale_and_minimum = edit("dequantize_q4_1", """Scale and minimum have changed places. The
    scale is in the first two bytes, the minimum in the next two.""",
    ("(0, 2)", "(2, 0)"))

takes_the_high_byte_first_of_4_bits = edit(
    "dequantize_q4_1", """You read scale and minimum with the high byte
    first. The low byte comes first: "<f2".""",
    ('"<f2"', '">f2"'), common=True)

keeps_float16_of_4_bits = edit(
    "dequantize_q4_1", """Your numbers are float16, as scale and minimum are
    stored. Make them float32 before you compute.""",
    ('.view("<f2").astype(np.float32)', '.view("<f2")'), common=True)

widens_to_float64_of_4_bits = edit(
    "dequantize_q4_1", """Your numbers are float64, and take twice the room.
    They should be float32.""",
    ("astype(np.float32)", "astype(np.float64)"))

flattens_the_table_of_4_bits = edit(
    "dequantize_q4_1", """You return one long row. The leading axes stay as
    they are, and only the last one changes.""",
    (Q4_ROWS, "return (d * q + m).ravel()"), common=True)

joins_rows_of_4_bits = edit(
    "dequantize_q4_1", """Your blocks go on from one row to the next: two rows of 10
    bytes make one. Name the leading axes in the reshape, so that this is refused.""",
    (Q4_EACH, "each = blocks.reshape(-1, 20)"))

drops_what_is_left_of_4_bits = edit(
    "dequantize_q4_1", """You cut off bytes that do not fill a block. It
    should be a ValueError, as something is missing.""",
    (Q4_EACH, "n_blocks = blocks.shape[-1] // 20\n"
           "each = blocks[..., : 20 * n_blocks].reshape(*blocks.shape[:-1], n_blocks, 20)"))


@probes("dequantize_q4_1")
def probe_dequantize_q4_1():
    rng = np.random.default_rng(125)
    for shape in ((1,), (3,), (2, 2), (2, 3, 4)):
        scales = rng.normal(size=(*shape, 2)).astype("<f2").view(np.uint8)
        codes = rng.integers(256, size=(*shape, 16), dtype=np.uint8)
        blocks = np.concatenate([scales, codes], axis=-1).reshape(*shape[:-1], -1)
        yield given(blocks)
    yield given(blocks[..., :-3])
    yield given(blocks.reshape(-1, 10))
    yield given(blocks.ravel()[:60].reshape(3, 2, 10))
    yield given(blocks.ravel()[:20].reshape(2, 1, 10))

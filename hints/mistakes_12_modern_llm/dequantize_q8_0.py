"""Mistakes in dequantize_q8_0: how bytes are read, and which belong together."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

Q8_EACH = "each = blocks.reshape(*blocks.shape[:-1], -1, 34)"
SCALE = 'd = each[..., :2].view("<f2").astype(np.float32)'
Q8_CODES = "q = each[..., 2:].view(np.int8)"
Q8_ROWS = "return (d * q).reshape(*blocks.shape[:-1], -1)"

reads_no_signs = edit("dequantize_q8_0", """You read the numbers as 0 to 255. They have a sign:
    bytes from 128 on are -128 to -1, which `view(np.int8)` reads.""",
    (Q8_CODES, "q = each[..., 2:].astype(np.float32)"), common=True)

shifts_by_128 = edit("dequantize_q8_0", """You subtract 128 from each byte. The numbers are not
    shifted: byte 255 is -1, and byte 0 is 0.""",
    (Q8_CODES, "q = each[..., 2:].astype(np.float32) - 128"))

subtracts_8_from_8_bits = edit(
    "dequantize_q8_0", """You subtract 8 from each number. That is for Q4_0, whose
    numbers have no sign of their own.""",
    (Q8_CODES, "q = each[..., 2:].view(np.int8).astype(np.float32) - 8"))

converts_the_bytes_of_the_scale = edit("dequantize_q8_0", """You convert the two bytes of the scale
    one by one. Together they are one float16: `view` reads them as that, `astype` does not.""",
    ('view("<f2").astype(np.float32)', "astype(np.float32)"), common=True, speaks_of="astype")

takes_the_high_byte_first_of_8_bits = edit(
    "dequantize_q8_0", """You read the scale with the high byte first.
    The low byte comes first: "<f2".""",
    ('"<f2"', '">f2"'), common=True)

looks_for_the_scale_at_the_end = edit("dequantize_q8_0", """You take the last two bytes of a block
    for its scale. They are the first two.""",
    (SCALE, SCALE.replace("[..., :2]", "[..., 32:]")), (Q8_CODES, Q8_CODES.replace("2:", ":32")))

forgets_the_scale_of_8_bits = edit(
    "dequantize_q8_0", """Your numbers are as they are stored: the scale of the
    block has no effect.""",
    ("(d * q)", "q.astype(np.float32)"), denies=True, common=True)

divides_by_the_scale = edit("dequantize_q8_0", """You divide by the scale. Multiply by it.""",
    ("(d * q)", "(q / d)"))

divides_by_127 = edit("dequantize_q8_0", """You divide by 127 as well. That is in the scale
    already: a number is d * q.""",
    ("(d * q)", "(d * q / np.float32(127))"))

keeps_float16_of_8_bits = edit(
    "dequantize_q8_0", """Your numbers are float16, as the scale is stored. They
    should be float32.""",
    (SCALE, 'd = each[..., :2].view("<f2")'), common=True)

widens_to_float64_of_8_bits = edit(
    "dequantize_q8_0", """Your numbers are float64, and take twice the room.
    They should be float32.""",
    ("astype(np.float32)", "astype(np.float64)"))

leaves_an_axis_of_blocks = edit("dequantize_q8_0", """You leave the axis of blocks in the answer.
    The 32 numbers of the blocks follow each other in one row.""",
    (Q8_ROWS, "return d * q"))

flattens_the_table_of_8_bits = edit(
    "dequantize_q8_0", """You return one long row. The leading axes stay as
    they are, and only the last one changes.""",
    (Q8_ROWS, "return (d * q).ravel()"), common=True)

joins_rows_of_8_bits = edit(
    "dequantize_q8_0", """Your blocks go on from one row to the next: two rows of 17
    bytes make one. Name the leading axes in the reshape, so that this is refused.""",
    (Q8_EACH, "each = blocks.reshape(-1, 34)"))

drops_what_is_left_of_8_bits = edit(
    "dequantize_q8_0", """You cut off bytes that do not fill a block. It
    should be a ValueError, as something is missing.""",
    (Q8_EACH, "n_blocks = blocks.shape[-1] // 34\n"
           "each = blocks[..., : 34 * n_blocks].reshape(*blocks.shape[:-1], n_blocks, 34)"))


@probes("dequantize_q8_0")
def probe_dequantize_q8_0():
    rng = np.random.default_rng(124)
    for shape in ((1,), (3,), (2, 2), (2, 3, 4)):
        scales = rng.normal(size=(*shape, 1)).astype("<f2").view(np.uint8)
        codes = rng.integers(256, size=(*shape, 32), dtype=np.uint8)
        blocks = np.concatenate([scales, codes], axis=-1).reshape(*shape[:-1], -1)
        yield given(blocks)
    yield given(blocks[..., :-3])
    yield given(blocks.reshape(-1, 17))
    yield given(blocks.ravel()[:102].reshape(3, 2, 17))
    yield given(blocks.ravel()[:34].reshape(2, 1, 17))

"""Mistakes in gpt, transformer and generate: how functions of earlier lessons are called."""

from kata_02_self_attention import causal_mask
from kata_04_positional import embed
from kata_05_feed_forward import layer_norm, transformer_block

from tests.runner.diagnosis.known import edit, mistake

embeds_without_the_position_table = edit("gpt", """In your call of `embed` the last argument is
    missing: it takes the ids, the table of tokens, and the table of positions.""",
    (', params["position_table"]', ""), common=True, denies=True)

hands_norm_f_on_without_stars = edit("gpt", """Your call of `layer_norm` passes no bias. The
    norm's dict holds both gain and bias, and two stars pass both by name: `**params["norm_f"]`.""",
    ("x, **", "x,"), common=True)

norms_without_the_dict_in_gpt = edit("gpt", """You call your last norm with x alone. It also
    needs the gain and bias from the params: `layer_norm(x, **params["norm_f"])`.""",
    ('x, **params["norm_f"]', "x"))

hands_the_mask_on_in_the_place_of_the_heads = edit("gpt", """NumPy is asked whether a whole array
    is true. Is your mask where n_heads is expected? `transformer_block` takes x, the block,
    n_heads and the mask, in this order.""",
    ("n_heads, mask", "mask"), common=True)

forgets_to_hand_the_heads_on_in_gpt = edit("gpt", """Your call of `transformer_block` does not
    say how many heads there are: n_heads is missing.""",
    ("n_heads, mask", "mask=mask"), denies=True)

hands_a_block_on_with_stars = edit("gpt", """You pass the block to `transformer_block` with
    stars. It takes the block as one dict, without stars, and unpacks it itself.""",
    ("block, n_heads, mask", "**block, n_heads=n_heads, mask=mask"))

hands_all_blocks_on_at_once = edit("gpt", """You use the list of blocks as if it were one block.
    Call `transformer_block` for each of them, in a loop.""",
    ('for block in params["blocks"]:\nx = transformer_block(x, block, n_heads, mask)',
     'x = transformer_block(x, params["blocks"], n_heads, mask)'))


@mistake("gpt", """You reach into a dict with a dot. Its entries are found by key, in square
    brackets: `params["token_table"]`.""")
def takes_params_with_a_dot(token_ids, params, n_heads):
    x = embed(token_ids, params.token_table, params.position_table)
    mask = causal_mask(x.shape[-2])
    for block in params.blocks:
        x = transformer_block(x, block, n_heads, mask)
    return layer_norm(x, **params.norm_f) @ params.token_table.T


swaps_memory_and_block = edit("transformer", """You pass an array where `decoder_block` expects
    the block. It takes x, the memory and then the block.""",
    ("x, memory, block", "x, block, memory"))

forgets_to_hand_the_memory_on = edit("transformer", """In your call of `decoder_block` an
    argument is missing: it takes x, the memory, the block, n_heads and the masks.""",
    ("memory, block, n_heads, mask,", "block, n_heads=n_heads, mask=mask, memory_mask="),
    denies=True)

makes_positions_without_a_width = edit("transformer", """`sinusoidal_encoding` takes two sizes:
    the number of tokens, and d_model. One of them is missing in your call.""",
    ("[-2], d_model", "[-2]", 2), denies=True)

forgets_to_hand_the_heads_on_in_generate = edit("generate", """Your call of `gpt` does not say
    how many heads there are: n_heads is missing.""",
    ("newest, params, n_heads", "newest, params"), denies=True)

hands_the_params_on_with_stars = edit("generate", """You pass the params to `gpt` with stars. It
    takes them as one dict, without stars, and unpacks it itself.""",
    ("newest, params, n_heads", "newest, **params, n_heads=n_heads"))

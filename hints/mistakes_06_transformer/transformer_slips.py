"""Mistakes in transformer: tables, sizes and masks that are mixed up."""

from tests.runner.diagnosis.known import edit

exchanges_the_tables = edit("transformer", """Your tables are swapped: source_ids should be
    looked up in source_table, target_ids in target_table.""",
    ('["source_table"][source_ids]', '["target_table"][source_ids]'),
    ('"target_table"', '"source_table"'))

exchanges_the_ids = edit("transformer", """You give each table the ids of the other. source_ids
    should be looked up in source_table, target_ids in target_table.""",
    ("[source_ids]", "[target_ids]"), ("[target_ids]", "[source_ids]"))

takes_the_vocabulary_for_the_width = edit("transformer", """Your d_model is the number of rows of
    a table, which is its vocabulary. It should be the number of columns: shape[-1].""",
    ("shape[-1]", "shape[0]"))

hides_the_future_of_the_source_from_the_target = edit("transformer", """Your cross-attention gets
    the causal mask. The source is not the future: pass it source_mask, and self-attention the
    causal mask.""",
    ("mask, source_mask", "mask, mask"))

runs_all_blocks_with_one_head = edit("transformer", """Your blocks have one head, whatever
    n_heads is. Pass it on.""",
    ("block, n_heads", "block, 1", 2))

shifts_the_target = edit("transformer", """You shift the target one position to the right,
    after a token that was not there. In training it comes shifted already: use target_ids as
    they are.""",
    ("x = params",
     "start = np.zeros_like(target_ids[..., :1])\n"
     "target_ids = np.concatenate([start, target_ids[..., :-1]], axis=-1)\n"
     "x = params"))

counts_tokens_on_axis_one = edit("transformer", """Your number of tokens is shape[1] of the ids,
    and without a batch they have no axis 1. Counted from the end it is always shape[-1].""",
    ("memory.shape[-2]", "source_ids.shape[1]"),
    ("x.shape[-2], d_model", "target_ids.shape[1], d_model"))

reads_with_one_block = edit("transformer", """Your encoder runs its first block and no other. All
    of params["encoder"] should run, one after the other.""",
    ('["encoder"]', '["encoder"][:1]'))

writes_with_one_block = edit("transformer", """Your decoder runs its first block and no other.
    All of params["decoder"] should run, one after the other.""",
    ('["decoder"]', '["decoder"][:1]'))

divides_the_logits = edit("transformer", """You divide your logits by the root of d_model. That
    belongs to attention scores; logits should be the product as it is.""",
    ('["unembedding"]', '["unembedding"] / math.sqrt(d_model)'))

swaps_the_sizes_of_positions = edit("transformer", """The sizes of your positions are swapped:
    `sinusoidal_encoding` takes the number of tokens first, and then d_model.""",
    ("memory.shape[-2], d_model", "d_model, memory.shape[-2]"),
    ("x.shape[-2], d_model", "d_model, x.shape[-2]"))

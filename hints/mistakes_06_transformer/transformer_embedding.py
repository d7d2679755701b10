"""Mistakes in transformer: how tokens become vectors, and vectors logits."""

from tests.runner.diagnosis.known import edit

forgets_the_scale = edit("transformer", """You use the rows of both tables as they are. Multiply
    them by the root of d_model before positions are added, as in the paper.""",
    ("] * math.sqrt(d_model)", "]", 2), common=True)

forgets_the_scale_of_the_source = edit("transformer", """You multiply the target by the root of
    d_model, but not the source. Multiply both.""",
    ("[source_ids] * math.sqrt(d_model)", "[source_ids]"))

forgets_the_scale_of_the_target = edit("transformer", """You multiply the source by the root of
    d_model, but not the target. Multiply both.""",
    ("[target_ids] * math.sqrt(d_model)", "[target_ids]"))

divides_by_the_root = edit("transformer", """You divide the rows of your tables by the root of
    d_model. Multiply them by it, so that positions do not drown them out.""",
    ("* math", "/ math", 2))

scales_by_d_model_itself = edit("transformer", """You multiply the rows of your tables by
    d_model. It should be by its square root.""",
    ("math.sqrt(d_model)", "d_model", 2))

scales_by_the_vocabulary = edit("transformer", """You multiply the rows of your tables by the
    root of the number of rows. It should be the root of the number of columns, d_model.""",
    ("[source_ids] * math.sqrt(d_model)",
     '[source_ids] * math.sqrt(len(params["source_table"]))'),
    ("[target_ids] * math.sqrt(d_model)",
     '[target_ids] * math.sqrt(len(params["target_table"]))'))

scales_positions_too = edit("transformer", """You multiply positions by the root of d_model as
    well. Scale the rows of the tables first, and then add the positions.""",
    ("] * math.sqrt(d_model)", "]", 2), ("))", ")) * math.sqrt(d_model)", 2), common=True)

forgets_positions = edit("transformer", """Neither your source nor your target has positions, so
    the order of the tokens is lost. Add sinusoidal ones to both.""",
    ("add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))",
     "memory + np.zeros_like(memory)"),
    ("add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))", "x + np.zeros_like(x)"),
    common=True)

forgets_positions_of_the_source = edit("transformer", """Your source has no positions, so the
    order of its tokens is lost. Source and target should both have them.""",
    ("add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))",
     "memory + np.zeros_like(memory)"))

forgets_positions_of_the_target = edit("transformer", """Your target has no positions. Source and
    target should both have them, each counted from 0.""",
    ("add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))", "x + np.zeros_like(x)"),
    common=True)

counts_positions_from_one = edit("transformer", """Your first token is at position 1. Positions
    should be counted from 0.""",
    ("2], d_model)", "2]+ 1, d_model), start=1", 2))

counts_target_positions_on = edit("transformer", """Your target positions go on where those of
    the source end. Each sequence should have its own, from 0.""",
    ("(x.shape[-2], d_model)",
     "(memory.shape[-2] + x.shape[-2], d_model), start=memory.shape[-2]"))

makes_one_table_of_positions = edit("transformer", """You use one table of positions, as long as
    the source, for the target too, which may be longer: hence the error. Make one for each.""",
    ("x.shape[-2], d_model", "memory.shape[-2], d_model"))

counts_tokens_by_len = edit("transformer", """Your number of tokens is the length of the first
    axis, and with a batch that is the number of samples. Tokens are the last axis of the ids.""",
    ("memory.shape[-2]", "memory.shape[axes[0]]"),
    ("x.shape[-2], d_model", "x.shape[axes[1]], d_model"),
    axes=((0, 0), (0, -2), (-2, 0)))  # in both, or in one of them

makes_the_causal_mask_by_len = edit("transformer", """Your causal mask is as wide as the first
    axis of the ids is long, and with a batch that is the number of samples. Tokens are the last
    axis.""",
    ("(x.shape[-2])", "(len(target_ids))"))

looks_both_up_in_the_source_table = edit("transformer", """You look up both source and target in
    source_table. The target has a table of its own, target_table.""",
    ('"target_table"', '"source_table"'))

looks_both_up_in_the_target_table = edit("transformer", """You look up both source and target in
    target_table. The source has a table of its own, source_table.""",
    ('["source_table"][source_ids]', '["target_table"][source_ids]'))

exchanges_source_and_target = edit("transformer", """Source and target are swapped: source_ids
    should go through the encoder, target_ids through the decoder, each with its own table.""",
    ('["source_table"][source_ids]', '["target_table"][target_ids]'),
    ('["target_table"][target_ids]', '["source_table"][source_ids]'))

widens_by_the_root = edit("transformer", """Your logits are float64 even if all parameters are
    float32: `np.sqrt` gives a float64 scalar, which widens float32. `math.sqrt` gives a Python
    number, which does not.""",
    ("math", "np", 2))

widens_by_the_positions = edit("transformer", """Your logits are float64 even if all parameters
    are float32: the table of positions is float64, and `+` takes the wider dtype. add_positions
    keeps that of the tokens.""",
    ("add_positions(memory, sinusoidal_encoding(memory.shape[-2], d_model))",
     "memory + sinusoidal_encoding(memory.shape[-2], d_model)"),
    ("add_positions(x, sinusoidal_encoding(x.shape[-2], d_model))",
     "x + sinusoidal_encoding(x.shape[-2], d_model)"))

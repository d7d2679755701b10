"""Mistakes in gpt: positions, sizes and errors of its own."""

from tests.runner.diagnosis.known import edit

looks_up_tokens_alone = edit("gpt", """Your tokens have no positions. Each should get the row of
    position_table for its position: `embed` does both.""",
    ('embed(token_ids, params["token_table"], params["position_table"])',
     'params["token_table"][token_ids]'))

scales_tokens_and_positions = edit("gpt", """You multiply tokens and positions together by the
    root of d_model. GPT should add the rows of its tables as they are, and scale nothing.""",
    ('"position_table"])', '"position_table"]) * math.sqrt(params["token_table"].shape[-1])'))

norms_the_logits = edit("gpt", """You apply norm_f to the logits, after the last product. It
    should come before it, on the output of the last block: (..., d_model).""",
    ('layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)',
     'layer_norm(x @ params.get("unembedding", params["token_table"].T), **params["norm_f"])'))

raises_an_index_error = edit("gpt", """Past the last position your call ends in an IndexError. It
    should be a ValueError; embed raises one.""",
    ("x = embed",
     'if token_ids.shape[-1] > len(params["position_table"]):\n'
     '    raise IndexError("past the last position")\n'
     "x = embed"))

counts_the_samples_in_its_check = edit("gpt", """Your check counts along the first axis, and
    refuses a batch of many short samples. Tokens are the last axis, and embed has a check of its
    own.""",
    ("x = embed",
     'if len(token_ids) > len(params["position_table"]):\n'
     '    raise ValueError("past the last position")\n'
     "x = embed"))

takes_the_position_by_the_token = edit("gpt", """Each of your tokens gets the row of
    position_table for its number in the vocabulary. It should get the row for its position in
    the sequence.""",
    ('x = embed(token_ids, params["token_table"], params["position_table"])',
     'x = params["token_table"][token_ids]\n'
     'x = x + params["position_table"][token_ids % len(params["position_table"])]'))

counts_tokens_of_gpt_on_axis_one = edit("gpt", """Your number of tokens is shape[1] of the ids,
    and without a batch they have no axis 1. Counted from the end it is always shape[-1].""",
    ("x.shape[-2]", "token_ids.shape[1]"))

counts_all_ids_in_its_check = edit("gpt", """Your check counts the ids of all samples together.
    Tokens are the last axis, and embed has a check of its own.""",
    ("x = embed",
     'if token_ids.size > len(params["position_table"]):\n'
     '    raise ValueError("past the last position")\n'
     "x = embed"))

divides_all_logits = edit("gpt", """You divide your logits by the root of d_model. That belongs
    to attention scores; logits should be the product as it is.""",
    ('layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)',
     '(layer_norm(x, **params["norm_f"]) @ params.get("unembedding", '
     'params["token_table"].T) / math.sqrt(x.shape[-1]))'))

norms_f_before_and_after = edit("gpt", """You apply norm_f twice, before the first block and
    after the last one. Only the second time is right.""",
    ('embed(token_ids, params["token_table"], params["position_table"])',
     'layer_norm(embed(token_ids, params["token_table"], params["position_table"]), '
     '**params["norm_f"])'))

swaps_the_tables_of_embed = edit("gpt", """Your two tables are swapped: `embed` takes the table
    of tokens first, and then the table of positions.""",
    ('["token_table"], params["position_table"]', '["position_table"], params["token_table"]'))

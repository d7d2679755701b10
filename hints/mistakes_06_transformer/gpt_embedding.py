"""Mistakes in gpt: how tokens become vectors, and vectors logits."""

from tests.runner.diagnosis.known import edit

forgets_positions_in_gpt = edit("gpt", """Your tokens have no positions. Each should get the row
    of position_table for its position: `embed` does both.""",
    ('x = embed(token_ids, params["token_table"], params["position_table"])',
     'if token_ids.shape[-1] > len(params["position_table"]):\n'
     '    raise ValueError("past the last position")\n'
     'x = params["token_table"][token_ids]'), common=True)

scales_as_the_paper_does = edit("gpt", """You multiply tokens by the root of d_model, as in the
    paper of 2017. GPT should add the rows of its tables as they are.""",
    ('["token_table"],', '["token_table"] * math.sqrt(params["token_table"].shape[-1]),'),
    common=True)

has_sinusoidal_positions = edit("gpt", """Your positions are sinusoidal. GPT learns its own: they
    are in params["position_table"].""",
    ("x = embed",
     'places = sinusoidal_encoding(len(params["position_table"]), '
     'params["token_table"].shape[-1])\n'
     "x = embed"), ('params["position_table"]', "places"))

counts_gpt_positions_from_one = edit("gpt", """Your first token gets row 1 of position_table.
    Positions should be counted from 0.""",
    ('["position_table"]', '["position_table"], start=1'))

adds_one_position_to_all = edit("gpt", """All your tokens get row 0 of position_table. Each
    should get the row for its own position.""",
    ('embed(token_ids, params["token_table"], params["position_table"])',
     'params["token_table"][token_ids] + params["position_table"][0]'))

begins_again_past_the_end = edit("gpt", """Past the last position yours begin again at 0, so two
    positions look alike. One token too many should be a ValueError.""",
    ('x = embed(token_ids, params["token_table"], params["position_table"])',
     'places = np.arange(token_ids.shape[-1]) % len(params["position_table"])\n'
     'x = params["token_table"][token_ids] + params["position_table"][places]'))

stays_at_the_end = edit("gpt", """Past the last position all your tokens get the last row of
    position_table. One token too many should be a ValueError.""",
    ('x = embed(token_ids, params["token_table"], params["position_table"])',
     'places = np.minimum(np.arange(token_ids.shape[-1]), len(params["position_table"]) - 1)\n'
     'x = params["token_table"][token_ids] + params["position_table"][places]'))

leaves_the_end_to_the_index = edit("gpt", """Past the last position your call ends in an
    IndexError. It should be a ValueError; embed raises one.""",
    ('embed(token_ids, params["token_table"], params["position_table"])',
     'params["token_table"][token_ids] + '
     'params["position_table"][np.arange(token_ids.shape[-1])]'))

stretches_a_single_position = edit("gpt", """If position_table has one row, NumPy silently
    stretches it over all your tokens. One token too many should be a ValueError; embed raises
    one.""",
    ('embed(token_ids, params["token_table"], params["position_table"])',
     'params["token_table"][token_ids] + params["position_table"][: token_ids.shape[-1]]'),
    common=True)

asserts_that_tokens_fit = edit("gpt", """Past the last position your call ends in an
    AssertionError. It should be a ValueError, and an `assert` is left out when Python runs with
    -O.""",
    ("x = embed", 'assert token_ids.shape[-1] <= len(params["position_table"])\nx = embed'))

refuses_a_full_table = edit("gpt", """Your check refuses as many tokens as there are positions,
    but these fit. Only one more is too many.""",
    ("x = embed",
     'if token_ids.shape[-1] >= len(params["position_table"]):\n'
     '    raise ValueError("past the last position")\n'
     "x = embed"))

reads_the_newest_tokens_alone = edit("gpt", """If there are too many tokens, your gpt drops the
    oldest and goes on. That is for generate to do: here it should be a ValueError.""",
    ("x = embed", 'token_ids = token_ids[..., -len(params["position_table"]) :]\nx = embed'))

reads_the_oldest_tokens_alone = edit("gpt", """If there are too many tokens, your gpt drops the
    newest and goes on. One token too many should be a ValueError.""",
    ("x = embed", 'token_ids = token_ids[..., : len(params["position_table"])]\nx = embed'))

forgets_norm_f = edit("gpt", """`norm_f` has no effect. GPT-2 has one more norm after its last
    block, before the logits.""",
    ('layer_norm(x, **params["norm_f"])', "x"), common=True, denies=True)

norms_f_without_gain_and_bias = edit("gpt", """Your last norm leaves its gain and bias out. Pass
    on what norm_f holds: `**params["norm_f"]`.""",
    ('x, **params["norm_f"]', "x, 1.0, 0.0"))

norms_f_before_the_blocks = edit("gpt", """You apply norm_f before your first block. It should
    come after the last one.""",
    ('embed(token_ids, params["token_table"], params["position_table"])',
     'layer_norm(embed(token_ids, params["token_table"], params["position_table"]), '
     '**params["norm_f"])'), ('layer_norm(x, **params["norm_f"])', "x"))

norms_f_after_every_block = edit("gpt", """You apply norm_f after every block, or several times.
    It should come once, after the last block.""",
    ("transformer_block(x, block, n_heads, mask)",
     'layer_norm(transformer_block(x, block, n_heads, mask), **params["norm_f"])'))

always_ties = edit("gpt", """`params["unembedding"]` has no effect. If there is one, it should
    make the logits, instead of token_table.""",
    ('params.get("unembedding", params["token_table"].T)', 'params["token_table"].T'), common=True,
    denies=True)

never_ties = edit("gpt", """Without an "unembedding" in params your call ends in a KeyError. The
    output should then be tied: `token_table.T`.""",
    ('params.get("unembedding", params["token_table"].T)', 'params["unembedding"]'), common=True)

does_not_turn_the_table = edit("gpt", """Your tied output is token_table as it is, (vocab,
    d_model). It should be transposed: (d_model, vocab).""",
    ('["token_table"].T', '["token_table"]'), common=True)

turns_an_unembedding_too = edit("gpt", """You transpose params["unembedding"]. It is (d_model,
    vocab) already; only token_table should be transposed.""",
    ('"token_table"].T)', '"token_table"]).T'))

adds_the_unembedding_to_params = edit("gpt", """You change the caller's params: something is
    added, removed or overwritten, and stays so after the call. `params.get` only looks,
    `setdefault` and `pop` change.""",
    ("get", "setdefault"))

divides_tied_logits = edit("gpt", """You divide your tied logits by the root of d_model. That
    belongs to attention scores; logits should be the product as it is.""",
    ("T", "T / math.sqrt(x.shape[-1])"))

gives_probabilities_from_gpt = edit("gpt", """Your answer is a softmax: each row sums to one. It
    should be logits, the numbers before the softmax.""",
    ("return", "logits ="),
    ("T)",
     "T)\n"
     "exps = np.exp(logits - logits.max(axis=-1, keepdims=True))\n"
     "return exps / exps.sum(axis=-1, keepdims=True)"), common=True)

gives_logs_of_probabilities_from_gpt = edit("gpt", """Your answer is a log-softmax, the
    logarithms of probabilities. It should be logits, as the last product gives them.""",
    ("return", "logits ="),
    ("T)",
     "T)\n"
     "shifted = logits - logits.max(axis=-1, keepdims=True)\n"
     "return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))"))

gives_hidden_states = edit("gpt", """Your answer is the output of norm_f, d_model numbers for
    each token. A last product should turn it into logits, one for each word.""",
    ('@ params.get("unembedding", params["token_table"].T)', ""))

gives_the_last_logits_alone = edit("gpt", """Your answer has the logits of the last token alone.
    It should have a row for each token; generate picks the last one.""",
    ("x, **", "x[..., -1, :], **"))

picks_the_likeliest_token_in_gpt = edit("gpt", """Your answer is tokens, the likeliest at each
    position. It should be logits; generate does the picking.""",
    ('layer_norm(x, **params["norm_f"]) @ params.get("unembedding", params["token_table"].T)',
     '(layer_norm(x, **params["norm_f"]) @ params.get("unembedding", '
     'params["token_table"].T)).argmax(axis=-1)'))

asks_whether_the_unembedding_is_true = edit("gpt", """`or` asks whether an array is true as a
    whole, which NumPy cannot say. Ask whether "unembedding" is in params, or give `get` a second
    argument.""",
    ('params.get("unembedding", params["token_table"].T)',
     '(params.get("unembedding") or params["token_table"].T)'), common=True)

norms_f_inside_the_loop = edit("gpt", """You apply norm_f after every block, inside the loop. It
    should come once: after the last block, before the logits.""",
    ("transformer_block(x, block, n_heads, mask)",
     'layer_norm(transformer_block(x, block, n_heads, mask), **params["norm_f"])'),
    ('layer_norm(x, **params["norm_f"])', "x"))

norms_f_before_every_block = edit("gpt", """You apply norm_f before every block, inside the loop.
    It should come once: after the last block, before the logits.""",
    ("x, block", 'layer_norm(x, **params["norm_f"]), block'),
    ('layer_norm(x, **params["norm_f"])', "x"))

norms_f_before_every_block_as_well = edit("gpt", """You apply norm_f before every block as well as
    at the end. It should come once: after the last block, before the logits.""",
    ("x, block", 'layer_norm(x, **params["norm_f"]), block'))

has_sinusoidal_positions_without_end = edit("gpt", """Your positions are sinusoidal, as in the
    paper of 2017. GPT has learned ones, the rows of position_table.""",
    ('x = embed(token_ids, params["token_table"], params["position_table"])',
     'x = params["token_table"][token_ids]\n'
     "x = x + sinusoidal_encoding(*x.shape[-2:]).astype(x.dtype)"))

counts_the_tokens_of_gpt_by_len = edit("gpt", """`len(token_ids)` counts along the first axis,
    which is the batch if there is one. Tokens are the last axis: token_ids.shape[-1].""",
    ('x = embed(token_ids, params["token_table"], params["position_table"])',
     "n_tokens = len(token_ids)\n"
     'if n_tokens > len(params["position_table"]):\n'
     '    raise ValueError("past the last position")\n'
     'x = params["token_table"][token_ids] + params["position_table"][:n_tokens]'),
    ("x.shape[-2]", "n_tokens"), common=True)

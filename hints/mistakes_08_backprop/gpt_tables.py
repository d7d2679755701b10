"""Mistakes in gpt_gradients: the two tables, the output and the loss."""

from tests.runner.diagnosis.known import edit

TOKENS = 'embedding_backward(token_ids, len(params["token_table"]), grad)'
PLACES = 'embedding_backward(positions, len(params["position_table"]), grad)'
BOTH = 'grads["token_table"] += grad_unembedding.T'
TO_THE_LOGITS = "grad = cross_entropy_backward(logits, targets, ignore_index)"

keeps_the_gradient_of_the_logits_alone = edit(
    "gpt_gradients", """The tied table gets only what comes through the logits. It was looked
    up as well: add both gradients, the second does not replace the first.""",
    (BOTH, BOTH.replace("+=", "=")), common=True)

keeps_the_gradient_of_the_look_up_alone = edit(
    "gpt_gradients", """The tied table gets only what comes through the look-up. Without an
    unembedding it makes the logits, too: add the gradient that comes through them, transposed.""",
    (f"else: {BOTH}", ""), common=True)

adds_to_the_table_in_any_case = edit("gpt_gradients", """With an unembedding your token table
    still gets a gradient through the logits. It has no effect on them then: that gradient
    belongs to the unembedding alone.""",
    ('grads["unembedding"] = grad_unembedding',
     'grads["unembedding"] = grad_unembedding\ngrads["token_table"] += grad_unembedding.T'))

overwrites_repeated_tokens = edit("gpt_gradients", """A token that is read several times
    gets the gradient of one position alone: `table[ids] = ...` and `table[ids] += ...` keep one
    for each row. `embedding_backward` adds them up.""",
    ("grads = {",
     "looked_up = np.zeros_like(params[\"token_table\"])\nlooked_up[token_ids] += grad\n"
     "grads = {"), (TOKENS, "looked_up"), common=True)

keeps_a_row_for_each_token = edit("gpt_gradients", """The gradient of position_table has as
    many rows as there are tokens. It has the table's own shape, with zeros for positions beyond
    the text.""",
    (PLACES, "grad.reshape(-1, *grad.shape[-2:]).sum(axis=0)"))

sums_no_positions = edit("gpt_gradients", """Of the batch, the position table gets one
    sample's gradient alone. All samples look up the same rows: the gradients of all are added.""",
    ("positions = np.broadcast_to(np.arange(token_ids.shape[-1]), token_ids.shape)",
     'places = np.zeros_like(params["position_table"])\n'
     "places[: token_ids.shape[-1]] = grad.reshape(-1, *grad.shape[-2:])[-1]"), (PLACES, "places"))

takes_the_mean_over_samples = edit("gpt_gradients", """The gradient of position_table is the
    mean over the samples. The loss is a mean already: what comes to the same row from several
    samples is added.""",
    (PLACES, PLACES + " / max(1, token_ids.size // token_ids.shape[-1])"))

gives_positions_to_tokens = edit("gpt_gradients", """The gradient of position_table goes by
    the ids of the tokens. It is looked up by position: 0, 1, 2 and so on, in every sample.""",
    ("embedding_backward(positions,",
     "embedding_backward(token_ids % len(params[\"position_table\"]),"))

ignores_minus_one_on_the_way_back = edit("gpt_gradients", """The loss uses ignore_index, but the
    gradients do not. Pass it to `cross_entropy_backward`, too.""",
    ("cross_entropy_backward(logits, targets, ignore_index)",
     "cross_entropy_backward(logits, targets)"))

ignores_minus_one_in_the_loss = edit("gpt_gradients", """The gradients use ignore_index, but the
    loss does not. Pass it to `cross_entropy`, too.""",
    ("cross_entropy(logits, targets, ignore_index), grads",
     "cross_entropy(logits, targets), grads"))

divides_by_the_targets_again = edit("gpt_gradients", """All gradients are too small by the
    number of targets: `cross_entropy_backward` has divided by it already.""",
    (TO_THE_LOGITS, TO_THE_LOGITS + " / max(1, int((targets != ignore_index).sum()))"))

has_gradients_of_the_sum = edit("gpt_gradients", """All gradients are too large by the
    number of targets: they are those of the sum of the losses. The loss is their mean.""",
    (TO_THE_LOGITS, TO_THE_LOGITS + " * max(1, int((targets != ignore_index).sum()))"))

answers_with_gradients_first = edit("gpt_gradients", """You return the gradients first and
    the loss second. The loss comes first.""",
    ("return cross_entropy(logits, targets, ignore_index), grads",
     "return grads, cross_entropy(logits, targets, ignore_index)"))

forgets_the_unembedding = edit("gpt_gradients", """Your model is tied in any case: with an
    unembedding, logits and gradients still go by the token table. Use `params["unembedding"]`
    if it is there.""",
    ('params.get("unembedding", params["token_table"].T)', 'params["token_table"].T'), denies=True)

sees_the_future = edit("gpt_gradients", """Your model sees later tokens: the causal
    mask of `gpt` is missing in the forward pass.""",
    ("mask, inputs = causal_mask(token_ids.shape[-1]), []", "mask, inputs = None, []"),
    common=True)

"""Mistakes in multi_head_attention_backward: the paths back to x and to the four weights."""

from tests.runner.diagnosis.known import edit

PATHS = "from_q + from_k + from_v"
TO_W_O = "grad_merged, grad_w_o = linear_backward(merged, w_o, grad_out)"

goes_back_through_the_queries_alone = edit(
    "multi_head_attention_backward", """Your grad_x is what comes back through the queries
    alone. x became keys and values, too: add all three.""",
    (PATHS, "from_q"))

goes_back_through_the_keys_alone = edit(
    "multi_head_attention_backward", """Your grad_x is what comes back through the keys alone.
    x became queries and values, too: add all three.""",
    (PATHS, "from_k"))

goes_back_through_the_values_alone = edit(
    "multi_head_attention_backward", """Your grad_x is what comes back through the values
    alone. x became queries and keys, too: add all three.""",
    (PATHS, "from_v"), common=True)

takes_the_mean_of_three_paths = edit(
    "multi_head_attention_backward", """Your grad_x is a third of what it should be: you take
    the mean of the three paths. A nudge of x moves the loss through each of them, so they add
    up.""",
    (PATHS, f"({PATHS}) / 3"))

adds_a_residual_connection = edit(
    "multi_head_attention_backward", """You add grad_out to grad_x. The residual connection
    belongs to the block, which adds it there; attention itself has none.""",
    (PATHS, f"({PATHS} + grad_out if grad_out.shape == x.shape else {PATHS})"))

goes_past_w_o = edit("multi_head_attention_backward", """You pass grad_out to the heads as
    it is. It has to go back through w_o first: the heads get the first answer of
    `linear_backward`.""",
    (TO_W_O, "_, grad_w_o = linear_backward(merged, w_o, grad_out)\ngrad_merged = grad_out"))

takes_the_weights_for_constants = edit(
    "multi_head_attention_backward", """The gradients of w_q and w_k are zero: the path
    through attention's weights is cut. The values carry only a part of what comes back.""",
    ("map(merge_heads, grads)",
     "map(merge_heads, grads)\ngrad_q, grad_k = 0 * grad_q, 0 * grad_k"), denies=True, common=True)

gives_the_queries_to_w_k = edit(
    "multi_head_attention_backward", """The gradients of w_q and w_k are swapped.
    `attention_backward` gives those of queries first, then keys, then values.""",
    ("grad_q, grad_k, grad_v = map", "grad_k, grad_q, grad_v = map"))

names_the_weights_wrongly = edit(
    "multi_head_attention_backward", """Your grad_x is right, but in the dict the gradients
    of w_q and w_k are swapped.""",
    ('"w_q": grad_w_q, "w_k": grad_w_k', '"w_q": grad_w_k, "w_k": grad_w_q'))

answers_with_gradients_alone = edit(
    "multi_head_attention_backward", """You return the dict of the weights' gradients alone.
    grad_x comes first: the step before attention needs it.""",
    (f"{PATHS}, grads", "grads"))

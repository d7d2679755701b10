"""Mistakes in multi_head_attention: where queries, keys and values come from."""

from tests.runner.diagnosis.known import edit

ignores_the_memory = edit("multi_head_attention", """The memory has no effect: your heads look at
    x even when a memory is given. With a memory, keys and values should come from it.""",
    ("x if memory is None else memory", "x"), common=True, denies=True)

looks_at_the_memory_for_keys_alone = edit("multi_head_attention", """Your keys come from the
    memory, but your values from x. Both belong to what is looked at, so both should come from
    the memory.""",
    ("memory @ w_v", "x @ w_v"))

looks_at_the_memory_for_values_alone = edit("multi_head_attention", """Your values come from the
    memory, but your keys from x. Both belong to what is looked at, so both should come from the
    memory.""",
    ("memory @ w_k", "x @ w_k"))

asks_with_the_memory = edit("multi_head_attention", """Your queries come from the memory. They
    should come from x: the answer has a row for each token of x.""",
    ("x @ w_q", "memory @ w_q"), common=True)

exchanges_x_and_memory = edit("multi_head_attention", """Your queries come from the memory, and
    your keys and values from x. It should be the other way round: x asks, and the memory is
    looked at.""",
    ("x @ w_q", "memory @ w_q"), ("memory @", "x @", 2))

asks_whether_the_memory_is_true = edit("multi_head_attention", """You ask whether an array is
    true, as `memory or x` and `if memory` do, and NumPy has no answer for more than one entry.
    Ask `if memory is None`.""",
    ("x if memory is None else memory", "memory or x"))

needs_a_memory = edit("multi_head_attention", """You use the memory even if none is given and
    it is None. None means that x looks at itself: use x as the memory then.""",
    ("x if memory is None else", ""))

turns_the_question_about_the_memory_round = edit("multi_head_attention", """Your `if` asks the
    opposite of what it should: with a memory you look at x, and without one at None.""",
    ("is None", "is not None"))

makes_room_for_the_memory_in_the_answer = edit("multi_head_attention", """Your array for the
    answer has a row for each value. It should have one for each query: as many as x has tokens,
    however long the memory is.""",
    ("np.expand_dims(np.atleast_2d(mask), -3)", "np.array(mask)"),
    ("return",
     "heads = np.zeros_like(v)\n"
     "for h in range(n_heads):\n"
     "    heads[..., h, :, :] = attention(q[..., h, :, :], k[..., h, :, :], v[..., h, :, "
     ":], mask)\n"
     "return"), ("attention(q, k, v, mask)", "heads"))

joins_memory_and_x = edit("multi_head_attention", """Your heads look at x and the memory
    together. With a memory, keys and values should come from the memory alone.""",
    ("memory = x", 'parts = [memory, x] if first == "memory" else [x, memory]\nmemory = x'),
    ("else memory", "else np.concatenate(parts, axis=-2)"), first=("memory", "x"))

takes_the_length_of_the_memory_from_x = edit("multi_head_attention", """You split the memory as
    if it were as long as x. It may be longer or shorter: use its own length.""",
    ("memory = x",
     "def cut(each, n_heads):\n"
     "    shape = *each.shape[:-2], x.shape[-2], n_heads, each.shape[-1] // n_heads\n"
     "    return each.reshape(shape).swapaxes(-2, -3)\n\n"
     "memory = x"), ("split_heads(", "cut(", 3))

ignores_the_mask_of_a_memory = edit("multi_head_attention", """With a memory, your mask has no
    effect. It should say which tokens of the memory may be seen.""",
    ("mask), -3)", "mask), -3) if memory is x else None"), denies=True)

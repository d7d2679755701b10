"""Mistakes on the way back from the heads: a width that does not come out, and w_o too early."""

from tests.runner.diagnosis.known import edit, mistake

adds_the_lengths_where_it_should_multiply = edit("merge_heads", """You ask for rows of n_heads +
    d_head numbers. Heads side by side need n_heads * d_head.""",
    ("n_heads *", "n_heads +"))

projects_the_heads_before_it_merges_them = edit("multi_head_attention", """Your heads are
    multiplied by w_o one by one, before they are side by side. Merge first: w_o should get a
    whole row, with all the heads of a token.""",
    ("mask)) @ w_o", "mask) @ w_o)"), common=True)

counts_heads_along_the_first_axis = edit("merge_heads", """You count the heads along the first
    axis, but with a batch that holds the samples. The heads are axis -3: x.shape[-3].""",
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)",
     "np.concatenate([x[..., h, :, :] for h in range(len(x))], axis=-1)"))

joins_two_heads_alone = edit("merge_heads", """Your answer has only the first two heads, however
    many there are. Keep all of them, side by side.""",
    ("x.swapaxes(-2, -3).reshape(*batch, n_tokens, n_heads * d_head)",
     "np.concatenate([x[..., 0, :, :], x[..., min(1, x.shape[-3] - 1), :, :]], axis=-1)"))


@mistake("merge_heads", """Your code handles a single sequence or one batch axis, but there may be
    more. `*batch, n_heads, n_tokens, d_head = x.shape` fits any number.""")
def knows_one_batch_axis_at_most_in_the_merge(x):
    if x.ndim == 3:
        return x.swapaxes(-2, -3).reshape(x.shape[-2], -1)
    batch, n_heads, n_tokens, d_head = x.shape
    return x.swapaxes(-2, -3).reshape(batch, n_tokens, n_heads * d_head)


gives_the_batch_without_its_star_in_the_merge = edit("merge_heads", """You pass a whole list or
    tuple, such as the sizes of the batch axes, where one whole number should be. In a shape, a
    star unpacks it: `*batch`.""",
    ("*batch, n_tokens", "kind(batch), n_tokens"), kind=(list, tuple))

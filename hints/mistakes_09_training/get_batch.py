"""Mistakes in get_batch, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

STARTS = "starts = rng.integers(len(token_ids) - n_tokens, size=batch_size)"
ANSWER = "return windows[:, :-1], windows[:, 1:]"

does_not_shift = edit("get_batch", """Your targets are the inputs: a model learns to repeat what it
    has just read. The target of a token is the one after it.""",
    (ANSWER, "return windows[:, :-1], windows[:, :-1]"), common=True)

shifts_the_wrong_way = edit("get_batch", """Inputs and targets are swapped: what should be
    predicted is the token before.""",
    (ANSWER, "return windows[:, 1:], windows[:, :-1]"), common=True)

adds_one_to_the_ids = edit("get_batch", """Your targets are the ids of the inputs plus 1: other
    tokens of the vocabulary. They are the tokens that come one place later in the text.""",
    (ANSWER, "return windows[:, :-1], windows[:, :-1] + 1"))

rolls_the_window = edit("get_batch", """The last target of each window is its own first token:
    `np.roll` puts in at the end what falls out at the start. The text goes on there; take the
    token that comes next in it.""",
    (ANSWER, "return windows[:, :-1], np.roll(windows[:, :-1], -1, axis=1)"), common=True)

loses_the_last_window = edit("get_batch", """The last window of the text is never drawn: there are
    len - n_tokens starts, and `rng.integers(n)` leaves out n itself already.""",
    (STARTS, "starts = rng.integers(len(token_ids) - n_tokens - 1, size=batch_size)"), common=True)

starts_too_near_to_the_end = edit("get_batch", """Some of your starts are so near to the end of
    the text that there are not enough tokens after them. The last start is len - n_tokens - 1.""",
    (STARTS, "starts = rng.integers(len(token_ids), size=batch_size)"), common=True)

starts_one_too_late = edit("get_batch", """Your last start leaves room for the inputs, and not for
    the target of their last token. There are len - n_tokens starts.""",
    (STARTS, "starts = rng.integers(len(token_ids) - n_tokens + 1, size=batch_size)"))

has_one_start_for_all = edit("get_batch", """All windows of a batch are the same: there is one
    start for all. Draw one for each, `size=batch_size`.""",
    (STARTS, "starts = np.repeat(rng.integers(len(token_ids) - n_tokens), batch_size)"))

cuts_neighbours = edit("get_batch", """Your windows are neighbours, one behind the other from one
    start. Draw a start for each window.""",
    (STARTS, "last = len(token_ids) - n_tokens\n"
             "starts = (rng.integers(last) + n_tokens * np.arange(batch_size)) % last"))

cuts_the_text_in_pieces = edit("get_batch", """Your windows start at multiples of n_tokens only. A
    window can start anywhere: the same word is then seen at every position.""",
    (STARTS, "starts = n_tokens * rng.integers((len(token_ids) - 1) // n_tokens, size=batch_size)"))

draws_no_start_twice = edit("get_batch", """No two of your windows may have the same start, so a
    short text cannot fill a batch. Each start is drawn by itself: `rng.integers`.""",
    (STARTS, "starts = rng.choice(len(token_ids) - n_tokens, size=batch_size, replace=False)"))

begins_anew_each_time = edit("get_batch", """You draw from a generator of your own, which starts
    again at each call: every batch is the same. Draw from `rng`.""",
    (STARTS, f"rng = np.random.default_rng(seed)\n{STARTS}"), seed=(0, 42))

keeps_one_token_more = edit("get_batch", """Your inputs have n_tokens + 1 tokens. The window has
    one more than that because of the last target; inputs are all but its last token.""",
    (ANSWER, "return windows, windows[:, 1:]"))

turns_the_batch_round = edit("get_batch", """Your batch is (n_tokens, batch_size): the tokens of a
    window run down the columns. A window is a row.""",
    (ANSWER, "return windows[:, :-1].T, windows[:, 1:].T"))

makes_room_where_there_is_none = edit("get_batch", """A text that is too short is not refused. It
    has no window with a target for each token: a ValueError.""",
    (STARTS, "starts = rng.integers(max(1, len(token_ids) - n_tokens), size=batch_size)"),
    ("token_ids[starts[:, None] + np.arange(n_tokens + 1)]",
     "np.resize(token_ids, max(len(token_ids), n_tokens + 1))"
     "[starts[:, None] + np.arange(n_tokens + 1)]"))


makes_floats_of_ids = edit("get_batch", """Your token ids are floats, and a table cannot be indexed
    by these. Leave them integers, as they are in the text.""",
    (ANSWER, "return windows[:, :-1].astype(np.float32), windows[:, 1:].astype(np.float32)"))


@probes("get_batch")
def probe_get_batch():
    text = np.random.default_rng(95).permutation(40)
    for seed in range(3):
        yield given(text, 5, 3, np.random.default_rng(seed))
        yield given(text[:9], 30, 4, np.random.default_rng(seed))
        yield given(text[:6], 4, 5, np.random.default_rng(seed))
        yield given(text[:3], 2, 4, np.random.default_rng(seed))
        yield given(text[:4], 2, 4, np.random.default_rng(seed))

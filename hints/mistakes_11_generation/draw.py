"""Mistakes in draw, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

ADD_UP = "sums = probs.cumsum(axis=-1, dtype=np.float64)"
TO_ONE = "sums = sums / sums[..., -1:]"
NUMBER = "rng.random((*probs.shape[:-1], 1))"
COUNT = f"return (sums <= {NUMBER}).sum(axis=-1)"

takes_the_most_likely = edit("draw", """You always take the most likely token, and chance has no
    part in it. Draw a random number, and let it choose by the sums of the probabilities.""",
    (COUNT, "return probs.argmax(axis=-1)"), common=True)

has_one_number_for_all = edit("draw", """One random number decides for all rows, so equal rows get
    equal tokens. Draw a number for each row.""",
    (NUMBER, "rng.random()"), common=True)

loses_the_axis_of_the_number = edit("draw", """Your random numbers lack the axis of the
    vocabulary, so they line up with its columns and not with the rows: an error, or wrong draws.
    They need that axis, with length 1.""",
    (NUMBER, "rng.random(probs.shape[:-1])"), common=True)

chooses_for_one_row = edit("draw", """`choice` takes the probabilities of one row alone. There may
    be many rows, and each is drawn by itself: a random number for each, compared with its
    sums.""",
    (COUNT, "return rng.choice(probs.shape[-1], p=probs)"), common=True)

compares_without_sums = edit("draw", """You compare the random number with each probability, and
    not with their sums. Add them up first: cumsum.""",
    (ADD_UP, "sums = probs.astype(np.float64)"), (TO_ONE, ""))

draws_all_tokens_alike = edit("draw", """You draw every token as often as any other. What its
    probability is has no part in it.""",
    (COUNT, "return rng.integers(probs.shape[-1], size=probs.shape[:-1])"), common=True)

draws_one_too_late = edit("draw", """Your ids are one too high, and the last token's is out of
    range: the token is the number of sums that the random number has reached.""",
    (COUNT, f"{COUNT} + 1"))

draws_one_too_early = edit("draw", """Your ids are one too low: the token is the number of sums
    that the random number has reached.""",
    (COUNT, f"{COUNT} - 1"))

counts_from_the_other_end = edit("draw", """You count the sums above the random number, so the last
    token comes as often as the first should. Count those that it has reached.""",
    (COUNT, f"return (sums > {NUMBER}).sum(axis=-1) - 1"))

draws_a_normal_number = edit("draw", """Your random number is a normal one, which is below 0 half
    the time. It should be even between 0 and 1: rng.random.""",
    (NUMBER, "rng.normal(size=(*probs.shape[:-1], 1))"))

draws_from_a_generator_of_its_own = edit(
    "draw", """You draw from a generator of your own, which begins anew at each call: the same
    numbers again and again. Draw from `rng`.""",
    (COUNT, f"rng = np.random.default_rng(seed)\n{COUNT}"), seed=(0, 42), common=True)

gives_rows_of_0_and_1 = edit("draw", """You answer with a row for each draw, 1 at the token and 0
    elsewhere. It should be the id of the token.""",
    (COUNT, f"ids = (sums <= {NUMBER}).sum(axis=-1)\n"
            "return np.eye(probs.shape[-1])[ids]"))

gives_fractions = edit("draw", """Your ids are not integers, so they cannot look up a row of a
    table.""",
    (COUNT, f"{COUNT} * 1.0"))

keeps_an_axis_of_1 = edit("draw", """Your answer has an axis of 1 too many at its end: a row of
    probabilities gives one id.""",
    (COUNT, COUNT.replace("axis=-1", "axis=-1, keepdims=True")))

adds_up_over_the_rows = edit("draw", """Your probabilities are added up over the rows, not along
    each row: cumsum along the last axis.""",
    (ADD_UP, "sums = probs.cumsum(axis=0, dtype=np.float64)"), common=True)


@probes("draw")
def probe_draw():
    chance = np.random.default_rng(113)
    for seed, shape in enumerate(((7,), (30, 5), (2, 3, 6), (4, 4), (40, 3))):
        probs = chance.dirichlet(np.ones(shape[-1]), shape[:-1])
        yield given(probs, np.random.default_rng(seed))
        yield given(probs.astype(np.float32), np.random.default_rng(seed + 9))
    yield given(np.tile([0, 0.5, 0, 0.5, 0], (50, 1)), np.random.default_rng(5))
    yield given(np.eye(5), np.random.default_rng(6))

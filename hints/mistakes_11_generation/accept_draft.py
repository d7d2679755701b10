"""Mistakes in accept_draft, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes, style

EACH = "for i, token in enumerate(drafted):"
QUOTIENT = "target_probs[i, token] / draft_probs[i, token]"
REJECTED = f"if rng.random() >= {QUOTIENT}:"
MISSING = "missing = np.maximum(target_probs[i] - draft_probs[i], 0)"
REPLACE = "return np.append(drafted[:i], draw(missing / missing.sum(), rng))"
ONE_MORE = "return np.append(drafted, draw(target_probs[-1], rng))"

turns_the_quotient_round = edit(
    "accept_draft", """Your quotient is the wrong way round: a token that the target likes more
    than the draft should always be accepted. It is target by draft.""",
    (QUOTIENT, "draft_probs[i, token] / target_probs[i, token]"), common=True)

accepts_by_the_targets_probability = edit(
    "accept_draft", """You accept with the target's probability, and do not divide by the draft's.
    If both models agree, a token is then often rejected; it should never be.""",
    (QUOTIENT, "target_probs[i, token]"), common=True)

accepts_what_is_likelier = edit("accept_draft", """You accept a token only if the target gives it at
    least as much as the draft. With less it may be accepted as well, with probability target /
    draft.""",
    (REJECTED, f"if 1 > {QUOTIENT}:"), common=True)

accepts_the_targets_favourite = edit(
    "accept_draft", """You accept a token only if it is the target's most likely one. Others may be
    accepted as well, with probability target / draft.""",
    (REJECTED, "if token != target_probs[i].argmax():"), common=True)

accepts_everything = edit("accept_draft", """You accept every drafted token, so the draft writes the
    text, and not the target.""",
    (REJECTED, "if False:"), denies=True)

accepts_the_rejected = edit("accept_draft", """You reject what should be accepted, and accept what
    should be rejected.""",
    (f">= {QUOTIENT}", f"< {QUOTIENT}"))

replaces_from_the_target = edit(
    "accept_draft", """You draw the replacement from the target. Then its favourites come too often,
    as they were accepted already: draw from what the draft gave too little, max(0, target -
    draft).""",
    (MISSING, "missing = target_probs[i]"), common=True)

replaces_from_the_draft = edit("accept_draft", """You draw the replacement from the draft. Draw from
    what it gave too little, max(0, target - draft).""",
    (MISSING, "missing = draft_probs[i]"))

takes_the_difference_of_both_signs = edit(
    "accept_draft", """In the replacement you count as missing what the draft gave too much, too.
    Below 0 nothing is missing: max(0, target - draft).""",
    (MISSING, "missing = np.abs(target_probs[i] - draft_probs[i])"), common=True)

turns_the_difference_round = edit(
    "accept_draft", """Your replacement comes from what the draft gave too much. It should come from
    what it gave too little: target less draft.""",
    (MISSING, "missing = np.maximum(draft_probs[i] - target_probs[i], 0)"))

takes_the_likeliest_replacement = edit(
    "accept_draft", """Your replacement is always the token that is missing most. It is drawn: each
    as often as it is missing.""",
    (REPLACE, "return np.append(drafted[:i], missing.argmax())"))

forgets_the_one_more = edit("accept_draft", """If all are accepted, you add nothing. There is a row
    of the target more, and a token is drawn from it.""",
    (ONE_MORE, "return np.array([*drafted], dtype=dtype)"), common=True, dtype=(None, int))

draws_the_one_more_from_the_row_before = edit(
    "accept_draft", """The token after an accepted draft comes from the wrong row: that of the last
    drafted token. The target has one row more, for what comes after it.""",
    (ONE_MORE, "return np.append(drafted, draw(target_probs[len(drafted) - 1], rng))"))

keeps_the_rejected_token = edit("accept_draft", """The token that was rejected is still there, and
    its replacement stands behind it. It goes.""",
    (REPLACE, REPLACE.replace("[:i]", "[: i + 1]")), common=True)

adds_nothing_after_a_rejection = edit(
    "accept_draft", """After a rejection you add nothing. A replacement is drawn, from what the
    draft gave too little.""",
    (REPLACE, "return drafted[:i]"))

goes_on_after_a_rejection = edit(
    "accept_draft", """After a rejection you go on to the next drafted token. Those were drafted for
    another text: all of them go.""",
    (EACH, f"drafted = np.array(drafted)\n{EACH}"),
    (REPLACE, "drafted[i] = draw(missing / missing.sum(), rng)"))

has_one_chance_for_all = edit("accept_draft", """One random number decides about all drafted tokens.
    Draw one for each.""",
    (EACH, f"chance = rng.random()\n{EACH}"), (REJECTED, f"if chance >= {QUOTIENT}:"))

all_at_once = style("accept_draft",
    (EACH, f"chances = rng.random(len(drafted))\n{EACH}"), ("rng.random() >=", "chances[i] >="))


@probes("accept_draft")
def probe_accept_draft():
    chance = np.random.default_rng(116)
    for seed in range(24):
        n, vocab = 1 + seed % 4, 3 + seed % 3
        draft = chance.dirichlet(np.ones(vocab), n)
        target = chance.dirichlet(np.ones(vocab), n + 1)
        drafted = np.array([chance.choice(vocab, p=row) for row in draft])
        yield given(drafted, draft, target, np.random.default_rng(seed))
    yield given(np.zeros(0, int), np.zeros((0, 3)), target[:1], np.random.default_rng(1))
    sure = np.array([[1.0, 0.0, 0.0], [0.97, 0.02, 0.01], [0.2, 0.4, 0.4], [0.1, 0.8, 0.1]])
    yield given(np.array([0, 0]), sure[:2], sure[1:], np.random.default_rng(2))
    for seed in range(4):
        alike = chance.dirichlet(np.ones(5), 4)
        yield given(np.array([0, 3, 1]), alike[:3], alike, np.random.default_rng(seed))

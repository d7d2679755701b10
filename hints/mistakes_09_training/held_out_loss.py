"""Mistakes in held_out_loss, and what tells them apart."""

import numpy as np

from tests.forward_08_backprop import random_gpt
from tests.runner.diagnosis.known import edit, given, probes

COUNT = "np.count_nonzero(theirs != -1)"
LOSS = "n * cross_entropy(gpt(some, params, n_heads), theirs)"
ADD = "n_counted += n"
MEAN = "return total / n_counted if n_counted else math.nan"

takes_the_mean_of_means = edit("held_out_loss", """You take the mean of the batches' losses, so a
    target in a batch of few weighs more than one in a batch of many. Weight each loss by how
    many targets count in its batch.""",
    (LOSS, LOSS.removeprefix("n * ")), (ADD, "n_counted += 1"), common=True)

weighs_by_samples = edit("held_out_loss", """You weight each batch by its size: by its samples,
    or by all of its targets, those of -1 too. Only those that count have a loss, so weight it by
    how many these are.""",
    (LOSS, LOSS.replace("n *", "len(some) *")), (ADD, "n_counted += len(some)"), common=True)

divides_by_all_targets = edit("held_out_loss", """You divide by the number of all targets, those of
    -1 too. Divide by how many count.""",
    (MEAN, "return total / targets.size if n_counted else math.nan"))

leaves_out_the_last_batch = edit("held_out_loss", """If batch_size does not divide the number of
    samples, the rest is left out. The last batch may be smaller.""",
    ("range(0, len(inputs), batch_size)",
     "range(0, len(inputs) // batch_size * batch_size, batch_size)"), common=True)

reads_the_first_batch_alone = edit("held_out_loss", """Only the first batch counts. A `return`
    inside a loop ends it in the first round: all batches belong to the mean.""",
    ("range(0, len(inputs), batch_size)", "range(0, min(1, len(inputs)), batch_size)"))

is_spoiled_by_an_empty_batch = edit("held_out_loss", """A batch in which no target counts has a
    loss of nan, and makes the whole sum nan. Leave it out.""",
    (f"if n := {COUNT}: total += {LOSS} {ADD}",
     f"n = {COUNT}\ntotal += {LOSS}\n{ADD}"), common=True)

divides_by_nothing = edit("held_out_loss", """If no target counts you divide by zero. There is no
    mean then: answer nan, as cross_entropy does.""",
    (MEAN, "return total / n_counted"), common=True)

calls_nothing_zero = edit("held_out_loss", """If no target counts you answer 0, the loss of a
    perfect model. There is no mean then: nan.""",
    (MEAN, "return total / max(1, n_counted)"))

returns_the_sum = edit("held_out_loss", """You return the sum of the losses. Divide by how many
    targets count.""",
    (MEAN, "return total if n_counted else math.nan"))

returns_the_perplexity = edit("held_out_loss", """You return the perplexity, e to the power of
    the loss. Return the loss itself.""",
    (MEAN, "return math.exp(total / n_counted) if n_counted else math.nan"))

ignores_token_0 = edit("held_out_loss", """Targets of 0 are not counted: `count_nonzero(targets)`
    leaves them out. Token 0 is a token like another; -1 is what does not count.""",
    (COUNT, "np.count_nonzero(theirs > 0)"), speaks_of=("count_nonzero", "Gt"))

shifts_held_out_text_again = edit("held_out_loss", """You shift the targets by one more token,
    which training does not: so its loss and this one measure different things. They have been
    shifted already.""",
    ("some, theirs = inputs[start : start + batch_size], targets[start : start + batch_size]",
     "some = inputs[start : start + batch_size, :-1]\n"
     "theirs = targets[start : start + batch_size, 1:]"))


@probes("held_out_loss")
def probe_held_out_loss():
    rng = np.random.default_rng(99)
    for n_blocks, n, n_tokens in ((0, 5, 4), (1, 3, 2), (2, 4, 5)):
        params = random_gpt(n_blocks)
        inputs, targets = rng.integers(9, size=(2, n, n_tokens))
        lengths = rng.integers(1, n_tokens + 1, size=(n, 1))
        some = np.where(np.arange(n_tokens) < lengths, targets, -1)
        some[1] = -1
        for batch_size in (1, 2, 3, n):
            yield given(params, inputs, some, 2, batch_size)
            yield given(params, inputs, targets, 1, batch_size)
        yield given(params, inputs, np.full_like(targets, -1), 2, 2)

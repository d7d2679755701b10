"""Mistakes in perplexity."""

import math

import numpy as np
from kata_06_transformer import cross_entropy

from tests.runner.diagnosis.known import edit, given, mistake, probes

raises_two_to_it = edit("perplexity", """Your answer is 2 to the power of the cross-entropy. That
    suits bits; cross_entropy is in nats, whose base is e: np.exp.""",
    ("np.exp(cross_entropy(logits, targets, ignore_index))",
     "2 ** cross_entropy(logits, targets, ignore_index)"), common=True)

raises_ten_to_it = edit("perplexity", """Your answer is 10 to the power of the cross-entropy.
    That is in nats, whose base is e: np.exp.""",
    ("np.exp(cross_entropy(logits, targets, ignore_index))",
     "10 ** cross_entropy(logits, targets, ignore_index)"))

is_the_cross_entropy_itself = edit("perplexity", """Your answer is the cross-entropy itself. It
    should be its exponential.""",
    ("np.exp(cross_entropy(logits, targets, ignore_index))",
     "cross_entropy(logits, targets, ignore_index)"), common=True)

is_the_mean_share_upside_down = edit("perplexity", """Your answer is below 1: it is exp of minus
    the cross-entropy. Without the minus it is a number of words.""",
    ("cross_entropy", "-cross_entropy"), common=True)

takes_the_logarithm = edit("perplexity", """Your answer is the logarithm of the cross-entropy. It
    should be the exponential.""",
    ("np.exp", "np.log"))

is_the_square = edit("perplexity", """Your answer is the square of the cross-entropy. It should
    be its exponential.""",
    ("np.exp(cross_entropy(logits, targets, ignore_index))",
     "cross_entropy(logits, targets, ignore_index) ** 2"))

takes_one_off = edit("perplexity", """Your answer is one too small: `expm1` gives exp(x) - 1. Use
    np.exp.""",
    ("np.exp", "np.expm1"))

does_not_pass_ignore_index_on = edit("perplexity", """`ignore_index` has no effect: it never
    reaches cross_entropy, which then ignores only -1. Pass it on.""",
    ("(logits, targets, ignore_index)", "(logits, targets)"), common=True, denies=True)

divides_by_the_size_of_the_vocabulary = edit("perplexity", """You divide by the size of the
    vocabulary. A perplexity is a number of words as it is.""",
    ("ignore_index))", "ignore_index)) / logits.shape[-1]"))

takes_it_of_the_sum = edit("perplexity", """You take the exponential of the sum of all losses. It
    should be that of their mean, which cross_entropy gives.""",
    ("ignore_index)", "ignore_index) * np.count_nonzero(targets != ignore_index)"), common=True)


@mistake("perplexity", """Your answer is the mean of several perplexities. Take the mean of the
    losses first, and then one exponential.""", ignoring=(True, False), in_a_loop=(False, True))
def takes_the_mean_of_exponentials(logits, targets, ignore_index=-1, *, ignoring, in_a_loop):
    rows, words = logits.reshape(-1, 1, logits.shape[-1]), targets.reshape(-1, 1)
    if in_a_loop:  # over the first axis
        rows, words = logits[:, np.newaxis], targets[:, np.newaxis]
    pairs = [pair for pair in zip(rows, words) if not ignoring or pair[1] != ignore_index]
    return np.mean([np.exp(cross_entropy(*pair, ignore_index)) for pair in pairs])


@mistake("perplexity", """Your answer is 1 over the mean of the probabilities. Take the loss of
    each first, and then the exponential of their mean.""")
def is_one_over_the_mean_share(logits, targets, ignore_index=-1):
    rows, words = logits.reshape(-1, 1, logits.shape[-1]), targets.reshape(-1, 1)
    pairs = [pair for pair in zip(rows, words) if pair[1] != ignore_index]
    return 1 / np.mean([np.exp(-cross_entropy(*pair, ignore_index)) for pair in pairs])


@mistake("perplexity", """Your answer is the mean of a perplexity for each sequence. Take one mean
    over all targets, and then its exponential.""")
def takes_the_mean_over_sequences(logits, targets, ignore_index=-1):
    rows, words = logits.reshape(-1, *logits.shape[-2:]), targets.reshape(-1, targets.shape[-1])
    return np.mean([np.exp(cross_entropy(*pair, ignore_index)) for pair in zip(rows, words)])


rounds_to_whole_words = edit("perplexity", """You round your answer to a whole number. A
    perplexity is a mean, and need not be one.""",
    ("np.exp(cross_entropy(logits, targets, ignore_index))",
     "np.round(np.exp(cross_entropy(logits, targets, ignore_index)))"))


@mistake("perplexity", """If every target is ignored, your answer is 1, the best there is. Nothing
    was measured: it should be nan.""")
def answers_one_for_nothing(logits, targets, ignore_index=-1):
    loss = cross_entropy(logits, targets, ignore_index)
    return 1.0 if np.isnan(loss) else np.exp(loss)


@mistake("perplexity", """If every target is ignored, your answer is infinite. Nothing was
    measured: it should be nan.""")
def answers_infinity_for_nothing(logits, targets, ignore_index=-1):
    loss = cross_entropy(logits, targets, ignore_index)
    return math.inf if np.isnan(loss) else np.exp(loss)


@mistake("perplexity", """If every target is ignored, your answer is 0. Nothing was measured: it
    should be nan.""")
def answers_zero_for_nothing_measured(logits, targets, ignore_index=-1):
    loss = cross_entropy(logits, targets, ignore_index)
    return 0.0 if np.isnan(loss) else np.exp(loss)


takes_softmax_first = edit("perplexity", """You pass softmax(logits) to cross_entropy, which
    applies a softmax itself. Pass it the logits as they are.""",
    ("return", "exps = np.exp(logits - logits.max(axis=-1, keepdims=True))\nreturn"),
    ("(logits, targets, ignore_index)",
     "(exps / exps.sum(axis=-1, keepdims=True), targets, ignore_index)"))


@probes("perplexity")
def probe_perplexity():
    rng = np.random.default_rng(66)
    yield given(rng.normal(size=(2, 3, 5)), np.array([[0, 4, -1], [2, -1, -1]]))
    yield given(rng.normal(size=(4, 3)), np.array([2, 1, 2, 0]), ignore_index=2)
    yield given(rng.normal(size=(4, 3)), np.array([-9, 1, -9, 0]), -9)
    yield given(rng.normal(size=(2, 4)), np.array([-1, -1]))

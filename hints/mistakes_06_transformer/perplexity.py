"""Mistakes in perplexity."""

import math

import numpy as np
from kata_06_transformer import cross_entropy

from tests.runner.diagnosis.known import given, mistake, probes


@mistake("perplexity", """Your answer is 2 to the power of the cross-entropy. That suits bits;
    cross_entropy is in nats, whose base is e: np.exp.""", common=True)
def raises_two_to_it(logits, targets, ignore_index=-1):
    return 2 ** cross_entropy(logits, targets, ignore_index)


@mistake("perplexity", """Your answer is 10 to the power of the cross-entropy. That is in nats,
    whose base is e: np.exp.""")
def raises_ten_to_it(logits, targets, ignore_index=-1):
    return 10 ** cross_entropy(logits, targets, ignore_index)


@mistake("perplexity", """Your answer is the cross-entropy itself. It should be its exponential.""",
         common=True)
def is_the_cross_entropy_itself(logits, targets, ignore_index=-1):
    return cross_entropy(logits, targets, ignore_index)


@mistake("perplexity", """Your answer is below 1: it is exp of minus the cross-entropy. Without the
    minus it is a number of words.""", common=True)
def is_the_mean_share_upside_down(logits, targets, ignore_index=-1):
    return np.exp(-cross_entropy(logits, targets, ignore_index))


@mistake("perplexity", """Your answer is the logarithm of the cross-entropy. It should be the
    exponential.""")
def takes_the_logarithm(logits, targets, ignore_index=-1):
    return np.log(cross_entropy(logits, targets, ignore_index))


@mistake("perplexity", """Your answer is the square of the cross-entropy. It should be its
    exponential.""")
def is_the_square(logits, targets, ignore_index=-1):
    return cross_entropy(logits, targets, ignore_index) ** 2


@mistake("perplexity", """Your answer is one too small: `expm1` gives exp(x) - 1. Use np.exp.""")
def takes_one_off(logits, targets, ignore_index=-1):
    return np.expm1(cross_entropy(logits, targets, ignore_index))


@mistake("perplexity", """`ignore_index` has no effect: it never reaches cross_entropy, which then
    ignores -1 alone. Pass it on.""", common=True, denies=True)
def does_not_pass_ignore_index_on(logits, targets, ignore_index=-1):
    return np.exp(cross_entropy(logits, targets))


@mistake("perplexity", """You divide by the size of the vocabulary. A perplexity is a number of
    words as it is.""")
def divides_by_the_size_of_the_vocabulary(logits, targets, ignore_index=-1):
    return np.exp(cross_entropy(logits, targets, ignore_index)) / logits.shape[-1]


@mistake("perplexity", """You take the exponential of the sum of all surprises. It should be that
    of their mean, which cross_entropy gives.""", common=True)
def takes_it_of_the_sum(logits, targets, ignore_index=-1):
    return np.exp(cross_entropy(logits, targets, ignore_index) * np.count_nonzero(targets != ignore_index))


@mistake("perplexity", """Your answer is the mean of several perplexities. Take the mean of the surprises
    first, and then one exponential.""", ignoring=(True, False), in_a_loop=(False, True))
def takes_the_mean_of_exponentials(logits, targets, ignore_index=-1, *, ignoring, in_a_loop):
    rows, words = logits.reshape(-1, 1, logits.shape[-1]), targets.reshape(-1, 1)
    if in_a_loop:  # over the first axis
        rows, words = logits[:, np.newaxis], targets[:, np.newaxis]
    pairs = [pair for pair in zip(rows, words) if not ignoring or pair[1] != ignore_index]
    return np.mean([np.exp(cross_entropy(*pair, ignore_index)) for pair in pairs])


@mistake("perplexity", """Your answer is 1 over the mean of the probabilities. Take the surprise of
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


@mistake("perplexity", """You round your answer to a whole number. A perplexity is a mean, and need
    not be one.""")
def rounds_to_whole_words(logits, targets, ignore_index=-1):
    return np.round(np.exp(cross_entropy(logits, targets, ignore_index)))


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


@mistake("perplexity", """You pass softmax(logits) to cross_entropy, which applies a softmax
    itself. Pass it the logits as they are.""")
def takes_softmax_first(logits, targets, ignore_index=-1):
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.exp(cross_entropy(exps / exps.sum(axis=-1, keepdims=True), targets, ignore_index))


@probes("perplexity")
def probe_perplexity():
    rng = np.random.default_rng(66)
    yield given(rng.normal(size=(2, 3, 5)), np.array([[0, 4, -1], [2, -1, -1]]))
    yield given(rng.normal(size=(4, 3)), np.array([2, 1, 2, 0]), ignore_index=2)
    yield given(rng.normal(size=(4, 3)), np.array([-9, 1, -9, 0]), -9)
    yield given(rng.normal(size=(2, 4)), np.array([-1, -1]))

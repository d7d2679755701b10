"""Mistakes in cross_entropy: the logarithm of a share, and which share it is."""

import math

import numpy as np

from tests.runner.diagnosis.known import mistake


@mistake("cross_entropy", """Your answer has the opposite sign. The logarithm of a probability is
    negative; a surprise is minus that.""", common=True)
def forgets_the_minus(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (shifted[np.arange(len(targets)), targets] - log_sums).mean()


@mistake("cross_entropy", """Your answer is in bits, with a logarithm to base 2. It should be in
    nats: `np.log` is the natural logarithm.""", common=True)
def counts_in_bits(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean() / math.log(2)


@mistake("cross_entropy", """Your answer uses a logarithm to base 10. It should be in nats:
    `np.log` is the natural logarithm.""")
def counts_in_digits(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean() / math.log(10)


@mistake("cross_entropy", """Your answer is not finite where logits are large: exp(1000) is
    infinite. Subtract the largest logit of each row first; the probabilities stay the same.""",
         common=True)
def overflows(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """You subtract the largest of all logits from every row, and a row far
    below it has only exponentials of 0. Subtract each row's own largest.""")
def takes_off_the_largest_of_all(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max()
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """You subtract the mean of each row, and a logit far above it still
    overflows. Subtract the largest: then no exponent is above 0.""")
def takes_off_the_mean(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.mean(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your answer is infinite where a probability is too small for a float:
    softmax makes it 0, and its logarithm -inf. Compute logits - log(sum(exp)) directly.""",
         common=True)
def takes_the_log_of_a_softmax(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(shares[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """You add something small to each probability before the logarithm, so
    no surprise is exact, or ever larger than about 35. Compute logits - log(sum(exp)) directly.""",
         common=True, little=(1e-9, 1e-12, 1e-8, 1e-10, 1e-7, 1e-15))
def adds_a_little_to_the_share(logits, targets, ignore_index=-1, *, little):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(shares[np.arange(len(targets)), targets] + little).mean()


@mistake("cross_entropy", """You clip probabilities from below before the logarithm, so that no
    surprise is larger than a limit. Compute logits - log(sum(exp)) directly.""",
         least=(1e-9, 1e-12, 1e-7, 1e-8, 1e-10, 1e-15))
def clips_the_share(logits, targets, ignore_index=-1, *, least):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(np.maximum(shares[np.arange(len(targets)), targets], least)).mean()


@mistake("cross_entropy", """You take the logarithm of the logits. Turn them into probabilities by
    softmax first: exp, and divide by the sum.""")
def takes_logits_for_shares(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    return -np.log(logits[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your answer is minus the target's logit. What is missing is the
    softmax: subtract the logarithm of the sum of all exponentials from the logit first.""",
         denies=True)
def takes_the_logits_alone(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    return -logits[np.arange(len(targets)), targets].mean()


@mistake("cross_entropy", """What you subtracted is missing on one side: log(sum(exp(shifted)))
    belongs with the shifted logits, and here it meets the original ones.""", denies=True)
def forgets_what_was_taken_off(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - logits[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your answer is what comes out when softmax is applied twice. Logits go
    in: apply it once.""")
def takes_softmax_twice(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    shifted = exps / exps.sum(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your probabilities sum to one down the columns, over tokens. They
    should sum to one over the vocabulary, the last axis.""")
def shares_down_the_columns(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=0, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=0))
    return (log_sums[targets] - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """`logits[:, targets]` picks every target in every row, a whole table.
    Row i belongs with target i alone: `logits[np.arange(n), targets]`.""", common=True)
def picks_every_target_in_every_row(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums[:, np.newaxis] - shifted[:, targets]).mean()


@mistake("cross_entropy", """Your answer is about the likeliest word of each row, whatever the
    targets are. It is the probability of the target that should count.""")
def looks_at_the_likeliest(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted.max(axis=-1)).mean()


@mistake("cross_entropy", """Your answer is the logarithm of the mean probability. Take the
    logarithm of each probability first, and then the mean.""")
def takes_the_log_of_the_mean(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return -np.log(np.exp(shifted[np.arange(len(targets)), targets] - log_sums).mean())


@mistake("cross_entropy", """Your answer is the exponential of the cross-entropy. That is the
    perplexity, which is the next function.""")
def returns_the_perplexity(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return np.exp((log_sums - shifted[np.arange(len(targets)), targets]).mean())


@mistake("cross_entropy", """Your answer is the mean of the probabilities. The logarithm is
    missing: take minus the logarithm of each, and then the mean.""", denies=True)
def returns_the_share(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return np.exp(shifted[np.arange(len(targets)), targets] - log_sums).mean()


@mistake("cross_entropy", """Where logits are large you divide infinity by infinity, or zero by
    zero: exp overflows. Subtract the largest logit of each row, and compute logits -
    log(sum(exp)).""", common=True)
def divides_infinity_by_infinity(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    exps = np.exp(logits)
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(shares[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your answer is in bits, with a logarithm to base 2. It should be in
    nats: `np.log` is the natural logarithm.""")
def counts_shares_in_bits(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log2(shares[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your index `[:, targets]` picks every target in every row, a whole
    table. Row i belongs with target i alone: `[np.arange(n), targets]`.""")
def picks_every_share_in_every_row(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(shares[:, targets]).mean()


@mistake("cross_entropy", """Your answer is minus the mean of the probabilities. The logarithm is
    missing: take minus the logarithm of each, and then the mean.""", denies=True)
def returns_minus_the_share(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return -np.exp(shifted[np.arange(len(targets)), targets] - log_sums).mean()

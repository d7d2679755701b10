"""Mistakes in cross_entropy: the logarithm of a share, and which share it is."""

import math

import numpy as np

from tests.runner.mistakes import mistake


@mistake("cross_entropy", """Your answer has the opposite sign. The logarithm of a share is
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
    nats: `np.log` is the natural one.""", common=True)
def counts_in_bits(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean() / math.log(2)


@mistake("cross_entropy", """Your answer is made with a logarithm to base 10. It should be in nats:
    `np.log` is the natural one.""")
def counts_in_digits(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean() / math.log(10)


@mistake("cross_entropy", """Your answer is not finite where logits are large: exp(1000) is
    infinite. Take the largest logit of each row off first; shares stay the same.""", common=True)
def overflows(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """The largest of all logits is taken off every row. A row far below it
    has only exponentials of 0: take off each row's own largest.""")
def takes_off_the_largest_of_all(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max()
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """The mean of each row is taken off, and a logit far above it still
    overflows. Take the largest off: then no exponent is above 0.""")
def takes_off_the_mean(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.mean(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your answer is infinite where a share is too small for a number:
    softmax makes it 0, and its logarithm -inf. Compute logits - log(sum(exp)) directly.""", common=True)
def takes_the_log_of_a_softmax(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    exps = np.exp(shifted)
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(shares[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Something small is added to each share before the logarithm, so no
    surprise is exact, or ever larger than about 35. Compute logits - log(sum(exp)) directly.""",
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


@mistake("cross_entropy", """Shares are clipped from below before the logarithm, so that no
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


@mistake("cross_entropy", """Your answer is the logarithm of logits. They become shares by softmax
    first: exp, and divide by the sum.""")
def takes_logits_for_shares(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    return -np.log(logits[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your answer is minus the target's logit. The logarithm of the sum of
    all exponentials is missing, which makes a share of it.""")
def takes_the_logits_alone(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    return -logits[np.arange(len(targets)), targets].mean()


@mistake("cross_entropy", """What was taken off is still missing on one side:
    log(sum(exp(shifted))) belongs to shifted logits, and here it meets the others.""")
def forgets_what_was_taken_off(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - logits[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your answer is what comes out where softmax is taken twice. Logits go
    in: take it once.""")
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


@mistake("cross_entropy", """Your shares sum to one down the columns, over tokens. They are shares
    of the vocabulary, the last axis.""")
def shares_down_the_columns(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=0, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=0))
    return (log_sums[targets] - shifted[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """`logits[:, targets]` picks each target in each row, a whole table. Row
    i goes with target i alone: `logits[np.arange(n), targets]`.""", common=True)
def picks_every_target_in_every_row(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums[:, np.newaxis] - shifted[:, targets]).mean()


@mistake("cross_entropy", """Your answer is about the likeliest word of each row, whatever came. It
    is the target's share that counts.""")
def looks_at_the_likeliest(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return (log_sums - shifted.max(axis=-1)).mean()


@mistake("cross_entropy", """Your answer is the logarithm of the mean share. Each share has its own
    logarithm, and their mean is asked for.""")
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


@mistake("cross_entropy", """Your answer is the mean of shares. Its logarithm is missing: each
    share has one of its own, and minus their mean is asked for.""")
def returns_the_share(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return np.exp(shifted[np.arange(len(targets)), targets] - log_sums).mean()


@mistake("cross_entropy", """Where logits are large you divide infinity by infinity, or zero by zero: exp
    overflows. Take the largest logit of each row off, and compute logits - log(sum(exp)).""", common=True)
def divides_infinity_by_infinity(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    exps = np.exp(logits)
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(shares[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """Your answer is in bits, with a logarithm to base 2. It should be in
    nats: `np.log` is the natural one.""")
def counts_shares_in_bits(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log2(shares[np.arange(len(targets)), targets]).mean()


@mistake("cross_entropy", """`shares[:, targets]` picks each target in each row, a whole table. Row
    i goes with target i alone: `shares[np.arange(n), targets]`.""")
def picks_every_share_in_every_row(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares = exps / exps.sum(axis=-1, keepdims=True)
    return -np.log(shares[:, targets]).mean()


@mistake("cross_entropy", """Your answer is minus the mean of shares. Their logarithm is missing: each
    share has one of its own, and minus their mean is asked for.""")
def returns_minus_the_share(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_sums = np.log(np.exp(shifted).sum(axis=-1))
    return -np.exp(shifted[np.arange(len(targets)), targets] - log_sums).mean()

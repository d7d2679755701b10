"""Mistakes in cross_entropy: the logarithm of a probability, and which one it is."""

import numpy as np

from tests.runner.diagnosis.known import edit, mistake

forgets_the_minus = edit("cross_entropy", """Your answer has the opposite sign. The logarithm of
    a probability is negative; the loss is minus that.""",
    ("log_sums - shifted[np.arange(len(targets)), targets]",
     "shifted[np.arange(len(targets)), targets] - log_sums"), common=True)

counts_in_bits = edit("cross_entropy", """Your answer is in bits, with a logarithm to base 2. It
    should be in nats: `np.log` is the natural logarithm.""",
    ("mean()", "mean() / math.log(2)"), common=True)

counts_in_digits = edit("cross_entropy", """Your answer uses a logarithm to base 10. It should be
    in nats: `np.log` is the natural logarithm.""",
    ("mean()", "mean() / math.log(10)"))

overflows = edit("cross_entropy", """Your answer is not finite if logits are large: exp(1000) is
    infinite. Subtract the largest logit of each row first; the probabilities stay the same.""",
    ("logits - logits.max(axis=-1, keepdims=True)", "logits"), common=True)

takes_off_the_largest_of_all = edit("cross_entropy", """You subtract the largest of all logits
    from every row, and a row far below it has only exponentials of 0. Subtract each row's own
    largest.""",
    ("axis=-1, keepdims=True", ""))

takes_off_the_mean = edit("cross_entropy", """You subtract the mean of each row, and a logit far
    above it still overflows. Subtract the largest: then no exponent is above 0.""",
    ("logits.max", "logits.mean"))

takes_the_log_of_a_softmax = edit("cross_entropy", """Your answer is infinite if a probability is
    too small for a float: softmax makes it 0, and its logarithm -inf. Compute logits -
    log(sum(exp)) directly.""",
    ("log_sums = np.log(np.exp(shifted).sum(axis=-1))",
     "exps = np.exp(shifted)\nshares = exps / exps.sum(axis=-1, keepdims=True)"),
    ("return (log_sums - shifted", "return -np.log(shares"), common=True)

adds_a_little_to_the_share = edit("cross_entropy", """You add something small to each probability
    before the logarithm, so no loss is exact, or ever larger than about 35. Compute logits -
    log(sum(exp)) directly.""",
    ("log_sums = np.log(np.exp(shifted).sum(axis=-1))",
     "exps = np.exp(shifted)\nshares = exps / exps.sum(axis=-1, keepdims=True)"),
    ("return (log_sums - shifted[np.arange(len(targets)), targets])",
     "return -np.log(shares[np.arange(len(targets)), targets] + little)"), common=True,
    little=(1e-9, 1e-12, 1e-8, 1e-10, 1e-7, 1e-15))

clips_the_share = edit("cross_entropy", """You clip probabilities from below before the
    logarithm, so that no loss is larger than a limit. Compute logits - log(sum(exp)) directly.""",
    ("log_sums = np.log(np.exp(shifted).sum(axis=-1))",
     "exps = np.exp(shifted)\nshares = exps / exps.sum(axis=-1, keepdims=True)"),
    ("return (log_sums - shifted[np.arange(len(targets)), targets])",
     "return -np.log(np.maximum(shares[np.arange(len(targets)), targets], least))"),
    least=(1e-9, 1e-12, 1e-7, 1e-8, 1e-10, 1e-15))

takes_logits_for_shares = edit("cross_entropy", """You take the logarithm of the logits. Turn
    them into probabilities by softmax first: exp, and divide by the sum.""",
    ("shifted = logits - logits.max(axis=-1, keepdims=True)\n"
     "log_sums = np.log(np.exp(shifted).sum(axis=-1))", ""),
    ("return (log_sums - shifted", "return -np.log(logits"))


@mistake("cross_entropy", """Your answer is minus the target's logit. What is missing is the
    softmax: subtract the logarithm of the sum of all exponentials from the logit first.""",
         denies=True)
def takes_the_logits_alone(logits, targets, ignore_index=-1):
    counted = targets != ignore_index
    logits, targets = logits[counted], targets[counted]
    if not len(targets):
        return np.nan
    return -logits[np.arange(len(targets)), targets].mean()


forgets_what_was_taken_off = edit("cross_entropy", """What you subtracted is missing on one side:
    log(sum(exp(shifted))) belongs with the shifted logits, and here it is combined with the
    original ones.""",
    ("log_sums - shifted", "log_sums - logits"), denies=True)

takes_softmax_twice = edit("cross_entropy", """Your answer is what comes out when softmax is
    applied twice. Logits go in: apply it once.""",
    ("log_sums =",
     "exps = np.exp(shifted)\n"
     "shifted = exps / exps.sum(axis=-1, keepdims=True)\n"
     "log_sums ="))

shares_down_the_columns = edit("cross_entropy", """Your probabilities sum to one down the
    columns, over tokens. They should sum to one over the vocabulary, the last axis.""",
    ("axis=-1", "axis=0", 2), ("log_sums -", "log_sums[targets] -"))

picks_every_target_in_every_row = edit("cross_entropy", """`logits[:, targets]` picks every
    target in every row, a whole table. Row i belongs with target i alone: `logits[np.arange(n),
    targets]`.""",
    ("log_sums -", "log_sums[:, np.newaxis] -"), ("np.arange(len(targets))", ":"), common=True)

looks_at_the_likeliest = edit("cross_entropy", """Your answer is about the likeliest word of each
    row, whatever the targets are. It is the probability of the target that should count.""",
    ("[np.arange(len(targets)), targets]", ".max(axis=-1)"))

takes_the_log_of_the_mean = edit("cross_entropy", """Your answer is the logarithm of the mean
    probability. Take the logarithm of each probability first, and then the mean.""",
    ("return (log_sums - shifted[np.arange(len(targets)), targets]).mean()",
     "return -np.log(np.exp(shifted[np.arange(len(targets)), targets] - log_sums).mean())"))

returns_the_perplexity = edit("cross_entropy", """Your answer is the exponential of the
    cross-entropy. That is the perplexity, which is the next function.""",
    ("return (log_sums - shifted[np.arange(len(targets)), targets]).mean()",
     "return np.exp((log_sums - shifted[np.arange(len(targets)), targets]).mean())"))

returns_the_share = edit("cross_entropy", """Your answer is the mean of the probabilities. The
    logarithm is missing: take minus the logarithm of each, and then the mean.""",
    ("log_sums - shifted[np.arange(len(targets)), targets]",
     "np.exp(shifted[np.arange(len(targets)), targets] - log_sums)"), denies=True)

divides_infinity_by_infinity = edit("cross_entropy", """If logits are large you divide infinity
    by infinity, or zero by zero: exp overflows. Subtract the largest logit of each row, and
    compute logits - log(sum(exp)).""",
    ("shifted = logits - logits.max", "exps = np.exp(logits)\nshifted = exps / exps.sum"),
    ("log_sums = np.log(np.exp(shifted).sum(axis=-1))", ""),
    ("return (log_sums -", "return -np.log("), common=True)

counts_shares_in_bits = edit("cross_entropy", """Your answer is in bits, with a logarithm to base
    2. It should be in nats: `np.log` is the natural logarithm.""",
    ("shifted = logits - logits.max",
     "exps = np.exp(logits - logits.max(axis=-1, keepdims=True))\nshifted = exps / exps.sum"),
    ("log_sums = np.log(np.exp(shifted).sum(axis=-1))", ""),
    ("return (log_sums -", "return -np.log2("))

picks_every_share_in_every_row = edit("cross_entropy", """Your index `[:, targets]` picks every
    target in every row, a whole table. Row i belongs with target i alone: `[np.arange(n),
    targets]`.""",
    ("shifted = logits - logits.max",
     "exps = np.exp(logits - logits.max(axis=-1, keepdims=True))\nshifted = exps / exps.sum"),
    ("log_sums = np.log(np.exp(shifted).sum(axis=-1))\n"
     "return (log_sums - shifted[np.arange(len(targets)), targets]).mean()",
     "return -np.log(shifted[:, targets]).mean()"))

returns_minus_the_share = edit("cross_entropy", """Your answer is minus the mean of the
    probabilities. The logarithm is missing: take minus the logarithm of each, and then the
    mean.""",
    ("return (log_sums - shifted[np.arange(len(targets)), targets])",
     "return -np.exp(shifted[np.arange(len(targets)), targets] - log_sums)"), denies=True)

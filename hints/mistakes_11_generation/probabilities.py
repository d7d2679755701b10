"""Mistakes in probabilities, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

SOFTMAX = "return softmax(logits / temperature)"

multiplies_by_the_temperature = edit(
    "probabilities", """You multiply the logits by the temperature, so that a high one sharpens and
    a low one flattens. It is the other way round: divide.""",
    (SOFTMAX, "return softmax(logits * temperature)"), common=True)

forgets_the_temperature = edit("probabilities", """Your probabilities are those of temperature 1,
    whatever the temperature is. Divide the logits by it.""",
    (SOFTMAX, "return softmax(logits)"), denies=True, common=True)

divides_the_probabilities = edit(
    "probabilities", """You divide the probabilities by the temperature, so a row does not sum to 1
    any more. Divide the logits, before the softmax.""",
    (SOFTMAX, "return softmax(logits) / temperature"))

takes_powers_alone = edit("probabilities", """Your powers of probabilities do not sum to 1. Divide
    the logits by the temperature before the softmax, which makes the same powers sum to 1.""",
    (SOFTMAX, "return softmax(logits) ** (1 / temperature)"))

takes_powers_of_probabilities = edit(
    "probabilities", """At low temperatures your rows become nan: powers of small probabilities
    are all 0, and 0 is divided by 0. Divide the logits by the temperature: softmax then takes the
    largest as its reference.""",
    (SOFTMAX, "powers = softmax(logits) ** (1 / temperature)\n"
             "return powers / powers.sum(axis=-1, keepdims=True)"))

overflows = edit("probabilities", """Large logits overflow: exp of 1,000 is infinite, and infinite
    by infinite is nan. Your softmax of lesson 1 subtracts the largest first.""",
    (SOFTMAX, "exps = np.exp(logits / temperature)\n"
             "return exps / exps.sum(axis=-1, keepdims=True)"), common=True)

gives_logits_back_at_0 = edit(
    "probabilities", """At temperature 0 yours is as at temperature 1. All should be on the largest
    logit.""",
    ("if temperature == 0:", "if temperature == 0:\n    return softmax(logits)\nif False:"))

divides_by_0 = edit("probabilities", """At temperature 0 you divide by 0, and the row becomes nan.
    This is a case of its own: 1 for the largest logit, 0 for all others.""",
    ("if temperature == 0:", "if False:"), common=True)

shares_0_among_equals = edit(
    "probabilities", """At temperature 0 the largest logits share, if several are equal, as they do
    at a very low temperature. All goes to the first of them.""",
    ("(np.arange(logits.shape[-1]) == largest)",
     "softmax(np.where(logits == logits.max(axis=-1, keepdims=True), 0.0, -np.inf))"))

gives_1_to_all_equals = edit(
    "probabilities", """At temperature 0 each of the largest logits gets 1, if several are equal, so
    that a row may sum to more. Only the first of them gets it.""",
    ("(np.arange(logits.shape[-1]) == largest)", "(logits == logits.max(axis=-1, keepdims=True))"))

finds_the_largest_of_all_rows = edit(
    "probabilities", """At temperature 0 you look for the largest logit in all rows at once. Each
    row has a largest of its own: argmax along the last axis.""",
    ("largest = logits.argmax(axis=-1, keepdims=True)", "largest = logits.argmax()"))

gives_ids_at_0 = edit("probabilities", """At temperature 0 you answer with ids. It should be
    probabilities then, too: 1 for the largest logit, 0 for all others.""",
    ("largest = logits.argmax(axis=-1, keepdims=True)", "return logits.argmax(axis=-1)"))

widens_at_0 = edit("probabilities", """At temperature 0 float32 becomes float64. Make the row of
    zeros and a 1 in the dtype of the logits.""",
    ("(np.result_type(logits, 0.0))", "(np.float64)"))

allows_negative_temperatures = edit(
    "probabilities", """A temperature below 0 is not refused, and makes the least likely token the
    likeliest. It should be a ValueError.""",
    ("if temperature < 0:", "if False:"))

allows_no_temperature_0 = edit("probabilities", """You refuse temperature 0. It is allowed, and
    puts all on the largest logit.""",
    ("if temperature < 0:", "if temperature <= 0:"))


@probes("probabilities")
def probe_probabilities():
    rng = np.random.default_rng(110)
    for shape in ((6,), (3, 5), (2, 3, 4)):
        logits = rng.normal(size=shape)
        for temperature in (0.5, 0, 2.0, 1.0):
            yield given(logits, temperature)
            yield given(logits.astype(np.float32), temperature)
    yield given(np.array([1.0, 3, 3, 2]), 0)
    yield given(np.array([900.0, 1000, -50]), 1.0)
    yield given(np.array([-1.0, -90, -3]), 0.01)
    yield given(logits, -1.0)

"""Mistakes in finish: the division, the logarithm, empty parts; and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

GUARD = "total = np.where(total == 0, 1.0, total)"
OUTPUT = "return blend / total,"
LOG_SUM = "highest + np.log(total)"

forgets_to_divide = edit("finish", """Your output is the blend as it is: divide it by the total.""",
    (OUTPUT, "return blend,"), common=True)

forgets_the_highest = edit("finish", """Your log_sum is the logarithm of the total alone. The total
    is relative to the highest score: add that.""",
    (LOG_SUM, "np.where(highest == -np.inf, highest, 0.0) + np.log(total)"), common=True)

forgets_the_highest_of_empty_parts_too = edit(
    "finish", """Your log_sum is the logarithm of the total alone, also for a query that has seen
    nothing. The total is relative to the highest score: add that.""",
    (LOG_SUM, "np.log(total)"), common=True)

subtracts_the_highest = edit("finish", """You subtract the highest score. The total is the sum of
    exp(score - highest), so its logarithm is too small by the highest: add it.""",
    (LOG_SUM, "np.where(highest == -np.inf, highest, np.log(total) - highest)"))

takes_exp_of_the_highest = edit(
    "finish", """You take exp of the highest score, which overflows at 1,000 and vanishes
    at -1,000. The logarithm of the product is highest + log(total).""",
    (LOG_SUM, "np.log(total * np.exp(highest))"), common=True)

divides_by_0 = edit("finish", """A query that has seen nothing gets NaN: 0 / 0. Where the total
    is 0, divide by something else.""",
    (GUARD, "pass"), common=True)

adds_a_little_to_the_total = edit(
    "finish", """You add a small number to the total, for queries that have seen nothing. It changes
    all the others as well. Replace a total of 0, and nothing else.""",
    (GUARD, "total = total + extra"), extra=(1e-8, 1e-9, 1e-6, 1e-5), common=True)

gives_0_as_the_log_sum_of_nothing = edit(
    "finish", """The log_sum of a query that has seen nothing is 0 in your function, as if it had
    seen one key with a score of 0. The logarithm of an empty sum is -inf.""",
    (LOG_SUM, "np.where(highest == -np.inf, 0.0, highest) + np.log(total)"))

gives_the_sum = edit("finish", """You return the sum of exp(scores), and not its logarithm.""",
    (LOG_SUM, "total * np.exp(highest)"))

gives_the_total = edit("finish", """You return the total instead of the log_sum.""",
    (LOG_SUM, "np.where(highest == -np.inf, 0.0, total)"))

takes_the_logarithm_to_base_2 = edit(
    "finish", """Your logarithm is to base 2. Scores are in natural units, so take np.log.""",
    (LOG_SUM, "highest + np.log2(total)"), common=True)

returns_both_in_base_2 = edit(
    "finish", """Your log_sum is in base 2: larger by a factor of 1.4427. Scores are in natural
    units.""",
    (LOG_SUM, "(highest + np.log(total)) / np.log(2.0).item()"))

divides_the_log_sum = edit("finish", """Your log_sum is the highest score divided by the total.""",
    (LOG_SUM, "highest / total"))

gives_the_log_sum_first = edit("finish", """Output and log_sum have changed places: the output comes
    first.""",
    (f"{OUTPUT} {LOG_SUM}", f"return {LOG_SUM}, blend / total"))


@probes("finish")
def probe_finish():
    rng = np.random.default_rng(133)
    for batch in ((), (2,), (2, 3)):
        for spread in (1.0, 400.0):
            empty = rng.random((*batch, 4, 1)) < 0.3
            part = (np.where(empty, -np.inf, spread * rng.normal(size=(*batch, 4, 1))),
                    np.where(empty, 0, 1 + 3 * rng.random((*batch, 4, 1))),
                    np.where(empty, 0, rng.normal(size=(*batch, 4, 2))))
            yield given(part)
            yield given(tuple(array.astype(np.float32) for array in part))

"""Mistakes in learning_rate, and what tells them apart."""

from tests.runner.diagnosis.known import edit, given, probes

WARMUP = "return peak * (step + 1) / n_warmup"
SHARE = "share = (step - n_warmup) / (n_steps - n_warmup)"
COSINE = "return floor + (peak - floor) * (1 + math.cos(math.pi * share)) / 2"
AFTER = "if step >= n_steps: return floor"

starts_at_zero = edit("learning_rate", """Your first step has a rate of 0. That is another
    convention: here the warm-up starts at peak / n_warmup, so that no step is wasted.""",
    (WARMUP, "return peak * step / n_warmup"), common=True)

warms_up_one_step_longer = edit("learning_rate", """Your warm-up has one step too many: step
    n_warmup belongs to the cosine. With n_warmup = 0 it also divides by zero.""",
    ("if step < n_warmup:", "if step <= n_warmup:"))

warms_up_from_the_floor = edit("learning_rate", """Your warm-up starts at the floor. The floor is
    for the end; the warm-up is peak * (step + 1) / n_warmup.""",
    (WARMUP, "return floor + (peak - floor) * (step + 1) / n_warmup"))

starts_the_cosine_at_step_0 = edit("learning_rate", """After the warm-up the rate jumps: your
    cosine has been falling since step 0. It starts at step n_warmup.""",
    (SHARE, "share = step / n_steps"), common=True)

never_comes_down = edit("learning_rate", """At the end your rate is still above floor: the cosine
    has n_steps - n_warmup steps, and you divide by n_steps.""",
    (SHARE, "share = (step - n_warmup) / n_steps"), common=True)

comes_down_one_step_early = edit("learning_rate", """Your rate is at floor one step early, at step
    n_steps - 1. That is another convention; here it is at step n_steps.""",
    (SHARE, "share = (step - n_warmup) / max(1, n_steps - n_warmup - 1)"))

has_the_floor_as_a_limit = edit("learning_rate", """Your cosine falls to 0, and is cut off at
    floor. It should run between peak and floor: floor + (peak - floor) * ...""",
    (COSINE, "return max(floor, peak * (1 + math.cos(math.pi * share)) / 2)"), common=True)

adds_the_floor_on_top = edit("learning_rate", """Your cosine starts at peak + floor. It runs from
    peak to floor: floor + (peak - floor) * ...""",
    (COSINE, "return floor + peak * (1 + math.cos(math.pi * share)) / 2"))

ignores_the_floor = edit("learning_rate", """Your cosine falls to 0, not to floor.""",
    (COSINE, "return peak * (1 + math.cos(math.pi * share)) / 2"), common=True)

rises_again = edit("learning_rate", """After n_steps your rate rises again, with the cosine. From
    there on it is floor.""",
    (AFTER, "if step == n_steps:\n    return floor"), common=True)

goes_on_after_the_end = edit("learning_rate", """From n_steps on your rate follows the cosine, which
    rises again. From there on it is floor; a cosine that has no steps must not be asked for.""",
    (AFTER, ""), common=True)

is_zero_after_the_end = edit("learning_rate", """After n_steps your rate is 0. It is floor: whoever
    trains on does it with that.""",
    (AFTER, "if step >= n_steps:\n    return 0.0"))

falls_in_a_straight_line = edit("learning_rate", """Your rate falls in a straight line. It should
    be half a cosine: slow at first, slow at the end.""",
    (COSINE, "return floor + (peak - floor) * (1 - share)"))

falls_by_a_quarter_of_a_circle = edit("learning_rate", """Your rate follows a quarter of the
    circle, cos(pi / 2 * share). Half of one, (1 + cos(pi * share)) / 2, comes in slowly at the
    end.""",
    (COSINE, "return floor + (peak - floor) * math.cos(math.pi / 2 * share)"))

rises_in_place_of_falling = edit("learning_rate", """Your rate rises from floor to peak after the
    warm-up: with 1 - cos it begins at 0. It is (1 + cos) / 2 that falls from 1 to 0.""",
    (COSINE, "return floor + (peak - floor) * (1 - math.cos(math.pi * share)) / 2"), common=True)

ends_a_step_before_the_end = edit("learning_rate", """Your cosine is a step too short, so the
    rate is at floor at step n_steps - 1. It has n_steps - n_warmup steps.""",
    (SHARE, "share = (step - n_warmup) / (n_steps - 1 - n_warmup)"))

goes_below_zero = edit("learning_rate", """Your rate is cos(pi * share), which is negative from the
    middle on. (1 + cos) / 2 lies between 1 and 0.""",
    (COSINE, "return floor + (peak - floor) * math.cos(math.pi * share)"), common=True)

divides_by_an_empty_cosine = edit("learning_rate", """If the warm-up has all steps, you divide by
    the length of a cosine that has none. Ask first whether the training is over.""",
    (AFTER, ""), (SHARE, "share = min(1.0, (step - n_warmup) / (n_steps - n_warmup))"))

@probes("learning_rate")
def probe_learning_rate():
    for step in (0, 1, 2, 3, 4, 5, 7, 10, 11, 12, 15, 23, 40):
        yield given(step, 12, 3.0, 4, 0.5)
        yield given(step, 11, 0.7)
        yield given(step, 5, 2.0, n_warmup=5, floor=0.25)
    for step in (0, 1, 2, 3):
        yield given(step, 2, 2.0, n_warmup=1)

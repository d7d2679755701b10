"""The specs of lesson 9's exercise, in the order in which they turn green.

`kata` is your file, katas/exercise_04_training.py. It trains with your own functions, so lesson
9's kata should be green first.
"""

import numpy as np

from tests.forward_08_backprop import gpt_loss, leaves
from tests.runner.specs.check import close, equal, fails, is_array
from tests.runner.specs.gradients import unpacked

ANSWERS = {"A": 1, "B": 3, "C": 2, "D": 0}  # places in WRONG
WRONG = ["rate too high", "no warm-up", "targets not shifted", "held-out names among the others"]
NAMES = ["ann", "bob", "cat", "dan", "eve", "bob", "gil", "cat", "ida", "joe", "kim", "ann"]


def small(seed=0, d=8, vocab=6):
    """A GPT of one block, made without the kata."""
    rng = np.random.default_rng(seed)

    def norm():
        return {"gain": np.ones(d), "bias": np.zeros(d)}

    attention = {name: rng.normal(size=(d, d)) / 10 for name in ("w_q", "w_k", "w_v", "w_o")}
    wide = {"w_in": rng.normal(size=(d, 4 * d)) / 10, "b_in": np.zeros(4 * d),
            "w_out": rng.normal(size=(4 * d, d)) / 10, "b_out": np.zeros(d)}
    block = {"norm_1": norm(), "attention": attention, "norm_2": norm(), "feed_forward": wide}
    return {"token_table": rng.normal(size=(vocab, d)) / 10,
            "position_table": rng.normal(size=(8, d)) / 10, "blocks": [block], "norm_f": norm()}


def some_batches(n, seed=1):
    """Batches of texts that count up from a random token, and start again after the last."""
    rng = np.random.default_rng(seed)
    texts = [(rng.integers(6, size=(4, 1)) + np.arange(6)) % 6 for _ in range(n)]
    return [(text[:, :-1], text[:, 1:]) for text in texts]


def curve_of(answer):
    __tracebackhide__ = True
    return unpacked(answer, "params", "losses")


def has_moved(after, before, otherwise):
    """Check that two models differ; `otherwise` is said if they do not."""
    __tracebackhide__ = True
    new, old = after["token_table"], before["token_table"]
    if np.shape(new) == np.shape(old) and np.allclose(new, old, rtol=1e-6):
        fails(new, otherwise)


# training_curve -----------------------------------------------------------------


def test_training_curve_gives_the_loss_of_each_batch(kata):
    """With rates of 0 the model stays as it is, and each loss is its loss on that batch."""
    params, batches = small(), some_batches(3)
    after, losses = curve_of(kata.training_curve(params, batches, [0.0, 0.0, 0.0], 2))
    close(losses, np.array([gpt_loss(*batch, params, 2) for batch in batches]))
    for (_, old), (_, new) in zip(leaves(params), leaves(after)):
        close(new, old, of=after)


def test_training_curve_takes_a_step_after_each_batch(kata):
    """The second loss is that of the parameters after the first step; the last step counts, too."""
    params, batches = small(), some_batches(3)
    one, _ = curve_of(kata.training_curve(params, batches[:1], [0.1], 2))
    has_moved(one, params, "After one batch, at a rate of 0.1, token_table is what it was before.")
    after, losses = curve_of(kata.training_curve(params, batches, [0.1, 0.0, 0.0], 2))
    close(losses[1], gpt_loss(*batches[1], one, 2), of=losses, what="the second loss")
    last, _ = curve_of(kata.training_curve(params, batches, [0.0, 0.0, 0.1], 2))
    has_moved(last, params, "With rates of 0, 0 and 0.1 token_table is what it was before: each "
                            "step has its own rate, and the last one counts.")


def test_training_curve_hands_on_the_state(kata):
    """The optimizer remembers the first step at the second: two steps are not two first ones."""
    params, batches = small(), some_batches(2)
    one, _ = curve_of(kata.training_curve(params, batches[:1], [0.1], 2))
    two_firsts, _ = curve_of(kata.training_curve(one, batches[1:], [0.1], 2))
    both, _ = curve_of(kata.training_curve(params, batches, [0.1, 0.1], 2))
    has_moved(both, two_firsts, "Two steps in one call end where a step in each of two calls "
                                "does: the state of the first step is not handed on.")


# which_is_which -----------------------------------------------------------------


def test_which_is_which_names_something_for_each_run(kata):
    """Each of A, B, C and D has one of the four mistakes, and none of them comes twice."""
    answer = kata.which_is_which()
    if not isinstance(answer, dict) or set(answer) != set(ANSWERS):
        fails(answer, 'A dict with the keys "A", "B", "C" and "D" is asked for.')
    if sorted(map(str, answer.values())) != sorted(WRONG):
        fails(answer, "Each of the four mistakes in WRONG belongs to one run, word for word.")


def test_which_is_which_is_right_about_every_run(kata):
    """What you say of each run is what was done to it."""
    answer = kata.which_is_which()
    right = [run for run, place in ANSWERS.items() if answer.get(run) == WRONG[place]]
    if len(right) < len(ANSWERS):
        fails(answer, f"Of the four runs, you are right about {len(right)}.")


# next_letters -------------------------------------------------------------------


def test_next_letters_targets_are_one_further_on(kata):
    """At each place of the inputs, the target is the token that comes next in the text."""
    inputs, targets = unpacked(kata.next_letters(np.array([4, 1, 5, 2])), "inputs", "targets")
    close(inputs, np.array([4, 1, 5]))
    close(targets, np.array([1, 5, 2]))


def test_next_letters_takes_batches(kata):
    """Texts are rows, with any number of batch axes in front."""
    ids = np.random.default_rng(2).integers(9, size=(2, 3, 5))
    inputs, targets = unpacked(kata.next_letters(ids), "inputs", "targets")
    close(inputs, ids[:, :, [0, 1, 2, 3]])
    close(targets, ids[:, :, [1, 2, 3, 4]])


# split --------------------------------------------------------------------------


def test_split_holds_out_every_so_many(kata):
    """The names at every third place are held out, in their order, whatever they are."""
    _, held_out = unpacked(kata.split(NAMES, 3), "learned", "held_out")
    equal(held_out, ["cat", "bob", "ida", "ann"])


def test_split_learns_from_nothing_that_is_held_out(kata):
    """A name that is held out anywhere is nowhere in what is learned; all others are."""
    learned, _ = unpacked(kata.split(NAMES, 3), "learned", "held_out")
    equal(learned, ["dan", "eve", "gil", "joe", "kim"])
    learned, held_out = unpacked(kata.split(NAMES, 5), "learned", "held_out")
    equal(learned, ["ann", "bob", "cat", "dan", "bob", "gil", "cat", "ida", "kim", "ann"])
    equal(held_out, ["eve", "joe"])


# rates --------------------------------------------------------------------------


def test_rates_has_one_for_each_step(kata):
    """Rates are above 0, grow in a warm-up of two steps or more, and are small at the end."""
    for n_steps in (20, 60, 300):
        rates = kata.rates(n_steps)
        if not is_array(rates):
            fails(rates, "An array is asked for: `np.array(...)` makes one of a list.")
        close(np.zeros_like(rates), np.zeros(n_steps), of=rates)
        peak = int(np.argmax(rates))
        if not (rates > 0).all():
            fails(rates, "A step with a rate of 0 is thrown away.")
        if peak < 1 or not rates[0] < 0.7 * rates[peak]:
            fails(rates, "The first step has nearly the highest rate: there is no warm-up.")
        if not rates[-1] < 0.5 * rates[peak]:
            fails(rates, "At the end the rate is still more than half of the peak.")


def test_rates_train_a_small_model(kata):
    """With your rates the loss of two models never jumps far up, and ends below 0.5."""
    n_steps = 60
    for seed in (0, 1):  # of one model alone, a rate that is too high may go well by chance
        batches = some_batches(n_steps, seed + 1)
        _, losses = curve_of(kata.training_curve(small(seed), batches, kata.rates(n_steps), 2))
        if losses.max() > losses[0] + 0.2:
            fails(losses, f"The loss begins at {losses[0]:.2f}, and jumps to {losses.max():.2f} "
                          f"at step {losses.argmax()}: the rates are too high, or grow too fast.")
        if not losses[-5:].mean() < 0.5:
            fails(losses, f"After {n_steps} steps the loss is {losses[-5:].mean():.2f}. Are the "
                          "rates too high to come to rest, or too low to arrive?")

"""Practice for lesson 9: four training runs that went wrong. Which is which, and what mends them?

    1. training_curve  train on one batch after another, and keep the loss of each
    2. which_is_which  what went wrong in the runs A, B, C and D
    3. next_letters    mends: targets that were not shifted
    4. split           mends: held-out names that were also trained on
    5. rates           mends: a rate that is too high, and one without warm-up

The curves of the four runs are in katas/lesson_09_training.md, section 10, with numbers in
which_is_which below. `python katas/training/broken.py` has made them.

The conventions are those of the kata: no function changes its arguments. Import more from
your katas if you like.
"""

import numpy as np
from kata_09_training import learning_rate, train_step

WRONG = ["rate too high", "no warm-up", "targets not shifted", "held-out names among the others"]


def training_curve(params, batches, rates, n_heads):
    """Train on one batch after another, and keep the loss of each.

    params:  as in gpt
    batches: a list of pairs (inputs, targets), one for each step
    rates:   the learning rate of each step, as many as there are batches
    n_heads: how many heads
    returns: a tuple (params, losses): the parameters after the last step, and an array
             (n_steps,) with the loss of each batch before its step

    >>> norm = dict(gain=np.ones(2), bias=np.zeros(2))
    >>> tables = dict(token_table=np.eye(2), position_table=np.zeros((3, 2)))
    >>> params, batch = tables | dict(blocks=[], norm_f=norm), (np.array([0, 1]), np.array([1, 1]))
    >>> _, losses = training_curve(params, [batch, batch, batch], [0.1, 0.1, 0.1], n_heads=1)
    >>> losses.round(2)
    array([1.13, 0.85, 0.69])
    """
    state, losses = None, []
    for (inputs, targets), rate in zip(batches, rates):
        params, state, loss = train_step(params, state, inputs, targets, n_heads, rate)
        losses.append(loss)
    return params, np.array(losses)


def which_is_which():
    """Say what went wrong in each of the runs.

    returns: a dict with the keys "A", "B", "C" and "D"; each value is another one of WRONG

    Losses at some steps, of the batches and held out. As it should be, the first line would be
    3.32 3.17 3.00 2.62 2.32 1.98 1.34, and the second 3.32 3.18 3.03 2.68 2.39 2.39 2.93.

        step               0     4     8    20    80   160   400
        A   batches     3.32  4.31  2.92  2.82  2.54  2.52  2.10
            held out    3.32  4.14  2.99  2.87  2.60  2.51  2.40
        B   batches     3.32  3.17  3.00  2.62  2.32  1.98  1.34
            held out    3.32  3.17  3.02  2.65  2.26  2.01  1.24
        C   batches     2.88  2.66  2.39  0.89  0.00  0.00  0.00
            held out    2.87  2.66  2.40  0.90  0.00  0.00  0.00
        D   batches     3.32  3.13  2.86  2.78  2.78  2.79  2.38
            held out    3.32  3.11  3.02  2.79  2.81  2.85  2.51

    >>> sorted(which_is_which())
    ['A', 'B', 'C', 'D']
    """
    return {"A": "no warm-up", "B": "held-out names among the others",
            "C": "targets not shifted", "D": "rate too high"}


def next_letters(token_ids):
    """Make inputs and targets of texts, so that each target is the token after its input.

    token_ids: (..., n), integers
    returns:   a tuple (inputs, targets), both (..., n - 1)

    The run with targets that were not shifted had `return token_ids, token_ids`.

    >>> next_letters(np.array([7, 3, 5]))
    (array([7, 3]), array([3, 5]))
    """
    return token_ids[..., :-1], token_ids[..., 1:]


def split(names, every):
    """Split names into those to learn from and those that are held out.

    names:   a list of text, in which some names may stand more than once
    every:   each name at the places every - 1, 2 * every - 1, ... is held out
    returns: a tuple (learned, held_out) of two lists, in the order of names; no name is in both:
             whatever is held out is nowhere in learned

    The run whose held-out names were among the others had `return names, names[every - 1::every]`.

    >>> split(["ann", "bob", "cat", "ann", "eve", "dan"], every=3)
    (['ann', 'bob', 'ann', 'eve'], ['cat', 'dan'])
    >>> split(["ann", "bob", "bob", "bob"], every=2)
    (['ann'], ['bob', 'bob'])
    """
    held_out = names[every - 1 :: every]
    return [name for name in names if name not in set(held_out)], held_out


def rates(n_steps):
    """Choose a learning rate for each step, with a warm-up and a peak that is not too high.

    n_steps: how many steps there will be, 20 or more
    returns: an array (n_steps,) of rates above 0

    The run with a rate that was too high had a peak of 0.5, the one without warm-up started at
    0.1. Take your own learning_rate, and a peak by what you have seen in this lesson. The spec
    trains a small GPT with your rates: its loss should never jump, and be low at the end.

    >>> rates(30).shape
    (30,)
    """
    n_warmup, peak = n_steps // 10, 0.02
    return np.array([
        learning_rate(step, n_steps, peak, n_warmup, peak / 10) for step in range(n_steps)])

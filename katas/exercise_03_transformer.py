"""Practice for lesson 6: a GPT that sorts and a GPT that reverses, because you chose their weights.

    1. answer       run a model: some numbers, a 0, and then what it writes
    2. assemble     a GPT of one block, put together from matrices that you choose
    3. sorter       weights with which it writes the numbers again in order
    4. reverser     weights with which it writes the numbers again from the last to the first
    5. without      the same model with one part switched off
    6. still_works  which part each of your two models does not need

Nothing is trained, and gpt and generate stay as they are. In 3 and 4 any weights that do the
job are right, with any widths and any number of blocks; the specs look at what the model writes.

The conventions are those of the kata: no function changes its arguments. Import more from
your katas if you like.
"""

import copy

import numpy as np
from kata_06_transformer import generate

# Tokens are the numbers 1 to 9, and 0, which means "now answer".
VOCAB = 10
N_POSITIONS = 20  # enough for nine numbers, the 0, and nine answers
LENGTH = 6  # the number of numbers to reverse

PARTS = ["positions", "questions", "values", "feed_forward"]


def answer(numbers, params):
    """Run a model with one head: give it the numbers and a 0, and let it write as many again.

    numbers: (..., n), integers from 1 to 9
    params:  the parameters of a gpt, with VOCAB tokens
    returns: (..., n), integers: what the model writes after the 0, and nothing before it

        3 1 2   is asked as   3 1 2 0   and the next three tokens are the answer

    A model without blocks, in which each token is followed by the next number:

    >>> norm = dict(gain=np.ones(VOCAB), bias=np.zeros(VOCAB))
    >>> params = dict(token_table=np.eye(VOCAB), position_table=np.zeros((N_POSITIONS, VOCAB)),
    ...               blocks=[], norm_f=norm, unembedding=np.eye(VOCAB, k=1))
    >>> answer(np.array([7, 3, 5]), params)
    array([1, 2, 3])
    """
    raise NotImplementedError  # about 3 lines


def assemble(token_table, position_table, w_q, w_k, w_v, w_o):
    """Put a GPT of one block together, in which attention does all the work.

    token_table:    (vocab, d_model)
    position_table: (n_positions, d_model)
    w_q:            (d_model, d_k)
    w_k:            (d_model, d_k)
    w_v:            (d_model, d_v)
    w_o:            (d_v, d_model)
    returns:        the parameters of a gpt whose blocks are a list of one block, with the output
                    tied to token_table; every gain is 1 and every bias 0; w_out and b_out of the
                    feed-forward network are zero, so that it adds nothing

    The width of the feed-forward network, and its w_in, make no difference.

    >>> square = np.eye(3)
    >>> params = assemble(square, np.zeros((5, 3)), square, square, square, square)
    >>> sorted(params), len(params["blocks"])
    (['blocks', 'norm_f', 'position_table', 'token_table'], 1)
    """
    raise NotImplementedError  # about 8 lines


def sorter():
    """Choose weights with which a GPT sorts numbers, all of them different.

    returns: the parameters of a gpt with VOCAB tokens and room for N_POSITIONS positions

    For any number of numbers, from 2 to 9:

        answer([5, 2, 9], sorter())   is   [2, 5, 9]

    The model writes one number at a time. Each time it sees the number that it has just
    written, or the 0, and everything before. Which of the numbers comes next?

    >>> answer(np.array([5, 2]), sorter())
    array([2, 5])
    """
    raise NotImplementedError  # about 4 lines


def reverser():
    """Choose weights with which a GPT reverses LENGTH numbers; some may be the same.

    returns: the parameters of a gpt with VOCAB tokens and room for N_POSITIONS positions

        answer([5, 2, 9, 2, 1, 7], reverser())   is   [7, 1, 2, 9, 2, 5]

    The number to write next depends only on the position, not on the numbers.

    >>> answer(np.array([5, 2, 9, 2, 1, 7]), reverser())
    array([7, 1, 2, 9, 2, 5])
    """
    raise NotImplementedError  # about 6 lines


def without(params, part):
    """Switch one part of a GPT off: the same parameters, with zeros for that part.

    params:  the parameters of a gpt, with any number of blocks
    part:    one of PARTS
    returns: parameters like params, in which these are zero, and all others as they were:

        positions      position_table
        questions      w_q of every block: queries are zero, and each token gets the plain average
        values         w_v of every block: attention adds nothing
        feed_forward   w_out and b_out of every block: the feed-forward networks add nothing

    >>> params = {"position_table": np.ones((2, 3)), "blocks": []}
    >>> without(params, "positions")["position_table"].sum(), params["position_table"].sum()
    (np.float64(0.0), np.float64(6.0))
    """
    raise NotImplementedError  # about 12 lines


def still_works():
    """Say which of your two models still works when one part is switched off.

    returns: boolean (len(PARTS), 2): a row for each of PARTS, in that order; the first column
             is about your sorter, the second about your reverser. True means that it still
             gets everything right

    Make a prediction first, and write it down. It is about your own weights: the spec
    switches the parts off in them, and checks.

    >>> still_works().shape
    (4, 2)
    """
    raise NotImplementedError  # about 6 lines

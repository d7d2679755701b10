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
    n_numbers = numbers.shape[-1]
    prompt = np.concatenate([numbers, np.zeros_like(numbers[..., :1])], axis=-1)
    return generate(prompt, params, 1, n_numbers)[..., n_numbers + 1 :]


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
    d_model = token_table.shape[-1]
    norm = {"gain": np.ones(d_model), "bias": np.zeros(d_model)}
    zeros = np.zeros((d_model, d_model))
    attention = {"w_q": w_q, "w_k": w_k, "w_v": w_v, "w_o": w_o}
    network = {"w_in": zeros, "b_in": zeros[0], "w_out": zeros, "b_out": zeros[0]}
    block = {"norm_1": norm, "attention": attention, "norm_2": norm, "feed_forward": network}
    tables = {"token_table": token_table, "position_table": position_table}
    return tables | {"blocks": [block], "norm_f": norm}


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
    # Layer norm makes the zeros of a one-hot row negative, so a little of all other rows of w_q is
    # added, with the opposite sign. Small numbers have the penalty in most rows, which raises their
    # scores. So softer scores work, too, and so does another order among the larger numbers.
    larger_by = np.arange(VOCAB) - np.arange(VOCAB)[:, None]  # row: the last token; column: another
    w_q = np.where(larger_by > 0, -larger_by, -100) * 10.0  # the next larger one scores highest
    square = np.eye(VOCAB)
    return assemble(square, np.zeros((N_POSITIONS, VOCAB)), w_q, square, square, 10 * square)


def reverser():
    """Choose weights with which a GPT reverses LENGTH numbers; some may be the same.

    returns: the parameters of a gpt with VOCAB tokens and room for N_POSITIONS positions

        answer([5, 2, 9, 2, 1, 7], reverser())   is   [7, 1, 2, 9, 2, 5]

    The number to write next depends only on the position, not on the numbers.

    >>> answer(np.array([5, 2, 9, 2, 1, 7]), reverser())
    array([7, 1, 2, 9, 2, 5])
    """
    d_model = VOCAB + N_POSITIONS  # a column for each token, then one for each position
    w_q = np.zeros((d_model, d_model))
    for step in range(LENGTH):  # the 0 is at position LENGTH
        w_q[VOCAB + LENGTH + step, VOCAB + LENGTH - 1 - step] = 100.0
    tokens, positions = np.eye(VOCAB, d_model), np.eye(N_POSITIONS, d_model, k=VOCAB)
    return assemble(tokens, positions, w_q, np.eye(d_model), tokens.T, 10 * tokens)


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
    params = copy.deepcopy(params)
    off = [(params, "position_table")] if part == "positions" else []
    for block in params["blocks"]:
        if part == "questions":
            off += [(block["attention"], "w_q")]
        if part == "values":
            off += [(block["attention"], "w_v")]
        if part == "feed_forward":
            off += [(block["feed_forward"], "w_out"), (block["feed_forward"], "b_out")]
    for arrays, name in off:
        arrays[name] = np.zeros_like(arrays[name])  # a new one: the old one may have other uses
    return params


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
    return np.array([
        [True, False],  # positions: only the reverser uses them
        [False, False],  # questions: an average of everything is no answer
        [False, False],  # values: each token predicts itself
        [True, True],  # feed_forward: it never added anything
    ])  # fmt: skip

"""Lesson 4: positional encoding, which gives attention the order of the tokens.

You build five functions, three that add positions and two that rotate by them:

    sinusoidal_encoding  a table of sines and cosines, one row for each position
    add_positions        add the rows of a table to a sequence
    embed                token ids to vectors, with their positions added
    rotary_angles        the angle of each pair of numbers at each position
    apply_rotary         rotate queries and keys by their positions

A result has the dtype of the data, whatever the dtype of a table or of positions;
integers become float64.
The lesson is katas/lesson_04_positional.md.
"""

import numpy as np


def sinusoidal_encoding(n_positions, d_model, base=10_000.0):
    """Make a table of positions from sines and cosines of many frequencies.

    n_positions: the number of rows
    d_model:     the number of columns; if it is odd, the last column is a sine
    base:        sets the longest wavelength: it nears 2 pi * base positions as d_model grows
    returns:     (n_positions, d_model)

        table[pos, 2i]     = sin(pos / base^(2i / d_model))
        table[pos, 2i + 1] = cos(pos / base^(2i / d_model))

    >>> sinusoidal_encoding(2, 4).round(2)
    array([[0.  , 1.  , 0.  , 1.  ],
           [0.84, 0.54, 0.01, 1.  ]])

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.5.
    """
    raise NotImplementedError  # about 6 lines


def add_positions(x, table, start=0):
    """Add to every token the row of the table for its position.

    x:       (..., n_tokens, d_model)
    table:   (n_positions, d_model), one row for each position, computed or learned
    start:   the position of the first token
    returns: (..., n_tokens, d_model), of the dtype of x; integers become float64
    raises:  ValueError if the last token is past the end of the table

        output[t] = x[t] + table[start + t]

    >>> add_positions(np.zeros((2, 3)), np.array([[1.0] * 3, [2.0] * 3, [3.0] * 3]), start=1)
    array([[2., 2., 2.],
           [3., 3., 3.]])

    Source: Vaswani et al. 2017, section 3.5.
    """
    raise NotImplementedError  # about 4 lines


def embed(token_ids, token_table, position_table, start=0):
    """Turn token ids into vectors, and add their positions.

    token_ids:      (..., n_tokens), integers
    token_table:    (vocab, d_model), one row for each token
    position_table: (n_positions, d_model), one row for each position
    start:          the position of the first token
    returns:        (..., n_tokens, d_model), of the dtype of token_table; integers
                    become float64
    raises:         ValueError if the last token is past the end of position_table

        output[t] = token_table[token_ids[t]] + position_table[start + t]

    >>> tokens = np.array([[10.0, 20.0], [30.0, 40.0]])
    >>> embed(np.array([1, 0]), tokens, np.array([[1.0, 2.0], [3.0, 4.0]]))
    array([[31., 42.],
           [13., 24.]])

    Source: Radford et al. 2018 (GPT), section 3.1, equation 2.
    """
    raise NotImplementedError  # about 1 line


def rotary_angles(positions, d_head, base=10_000.0):
    """Give the angle by which each pair of numbers is rotated at each position.

    positions: (n_positions,), any numbers: they need not start at zero
    d_head:    the width of a head, which is even; each pair of columns has one frequency
    base:      sets the lowest frequency
    returns:   (n_positions, d_head // 2), in radians

        angles[t, i] = positions[t] / base^(2i / d_head)

    >>> rotary_angles(np.array([0, 1, 5]), 4)
    array([[0.  , 0.  ],
           [1.  , 0.01],
           [5.  , 0.05]])

    Source: Su et al. 2021 (RoFormer), section 3.2.2.
    """
    raise NotImplementedError  # about 2 lines


def apply_rotary(x, positions, base=10_000.0):
    """Rotate every pair of numbers of a query or key by the angle for its position.

    x:         (..., n_tokens, d_head), queries or keys of one or more heads
    positions: (n_tokens,), the position of each token
    base:      as in rotary_angles
    returns:   (..., n_tokens, d_head), of the dtype of x; integers become float64
    raises:    ValueError if d_head is odd

        output[t, 2i]     = x[t, 2i] cos(a) - x[t, 2i + 1] sin(a)
        output[t, 2i + 1] = x[t, 2i] sin(a) + x[t, 2i + 1] cos(a)
        with a = rotary_angles(positions, d_head, base)[t, i]

    >>> apply_rotary(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0, 1])).round(2)
    array([[1.  , 0.  ],
           [0.54, 0.84]])

    Source: Su et al. 2021 (RoFormer), equation 34.
    """
    raise NotImplementedError  # about 10 lines

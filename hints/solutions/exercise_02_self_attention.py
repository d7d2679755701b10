"""Practice for lesson 2: a layer that does what you say, because you chose its weights.

    1. encode           words as vectors that say which word it is, and at which position
    2. run_layer        your causal self-attention on such a sentence
    3. copy_previous    weights with which every token copies the word before it
    4. average_past     weights with which every token averages the words so far
    5. find_last_equal  weights with which every token finds where its word last occurred
    6. moved_by         which outputs can change when one token changes, from the mask alone

In 3 to 5 the layer stays as it is: only the three matrices differ. Any matrices that
do the job are right, with any d_k; the specs look at what comes out. Trained models
have heads that do just this (Olsson and others 2022, "In-context Learning and
Induction Heads").

The conventions are those of the kata: no function changes its arguments. Import more
from your katas if you like.
"""

import numpy as np
from kata_02_self_attention import causal_self_attention

# Sentences are made of these words and have at most N_POSITIONS of them.
WORDS = ["the", "cat", "sat", "on", "mat", "and", "slept"]
N_POSITIONS = 12


def encode(words):
    """Turn a sentence into vectors: which word a token is, then its position.

    words:   list of str from WORDS, at most N_POSITIONS of them
    returns: (len(words), len(WORDS) + N_POSITIONS), zeros but for two ones in each row

        x[i, WORDS.index(words[i])] = 1        the columns for the word
        x[i, len(WORDS) + i]        = 1        the columns for the position

    Attention is blind to order, so a token that should find the one before it needs its
    position in its vector. Lesson 4 has better ways to do that.

    >>> encode(["on", "mat"])[1]
    array([0., 0., 0., 0., 1., 0., 0., 0., 1., 0., 0., 0., 0., 0., 0., 0., 0.,
           0., 0.])
    """
    which = np.eye(len(WORDS))[[WORDS.index(word) for word in words]]
    where = np.eye(len(words), N_POSITIONS)
    return np.concatenate([which, where], axis=1)


def run_layer(words, w_q, w_k, w_v):
    """Run a layer of causal self-attention on a sentence.

    words:   list of str from WORDS, at most N_POSITIONS of them
    w_q:     (d_model, d_k), where d_model = len(WORDS) + N_POSITIONS
    w_k:     (d_model, d_k)
    w_v:     (d_model, d_v)
    returns: (len(words), d_v)

    With queries of zeros, each token gets the mean of the values so far:

    >>> d_model = len(WORDS) + N_POSITIONS
    >>> w_q, w_k, w_v = np.zeros((d_model, 3)), np.ones((d_model, 3)), np.eye(d_model, 2)
    >>> run_layer(["the", "cat"], w_q, w_k, w_v)
    array([[1. , 0. ],
           [0.5, 0.5]])
    """
    return causal_self_attention(encode(words), w_q, w_k, w_v)


def copy_previous():
    """Choose weights with which every token copies the word before it.

    returns: a tuple (w_q, w_k, w_v) of shapes (d_model, d_k), (d_model, d_k) and
             (d_model, len(WORDS)), where d_model = len(WORDS) + N_POSITIONS

    Row i of run_layer(words, *copy_previous()) must be, to within a thousandth, a 1 in
    the column of the word words[i - 1] and 0 elsewhere. The first token can see
    only itself, so row 0 is its own word.

        the cat sat on the mat   becomes   the the cat sat on the

    >>> row = run_layer(["on", "mat"], *copy_previous())[1]
    >>> WORDS[row.argmax()]
    'on'

    Source: Elhage and others 2021, "A Mathematical Framework for Transformer
    Circuits", for heads of trained models that attend to the token before.
    """
    n_words, d_model = len(WORDS), len(WORDS) + N_POSITIONS
    w_q = np.zeros((d_model, d_model))
    for position in range(1, N_POSITIONS):
        w_q[n_words + position, n_words + position - 1] = 100.0  # position 3 asks for position 2
    return w_q, np.eye(d_model), np.eye(d_model, n_words)


def average_past():
    """Choose weights with which every token averages all the words so far, its own included.

    returns: a tuple (w_q, w_k, w_v) of shapes (d_model, d_k), (d_model, d_k) and
             (d_model, len(WORDS)), where d_model = len(WORDS) + N_POSITIONS

    Row i of run_layer(words, *average_past()) must hold, for each word in WORDS, its share
    of the tokens 0 to i, to within a thousandth:

        the cat and the   ends with   the: 0.5, cat: 0.25, and: 0.25

    >>> run_layer(["the", "cat", "and", "the"], *average_past())[3]
    array([0.5 , 0.25, 0.  , 0.  , 0.  , 0.25, 0.  ])
    """
    n_words, d_model = len(WORDS), len(WORDS) + N_POSITIONS
    return np.zeros((d_model, 2)), np.zeros((d_model, 2)), np.eye(d_model, n_words)


def find_last_equal():
    """Choose weights with which every token finds the last earlier position of its own word.

    returns: a tuple (w_q, w_k, w_v) of shapes (d_model, d_k), (d_model, d_k) and
             (d_model, N_POSITIONS), where d_model = len(WORDS) + N_POSITIONS

    If the word of token i also occurred before it, the last time at position j, then row i
    of run_layer(words, *find_last_equal()) must be, to within a thousandth, a 1 in
    column j and 0 elsewhere. For all other tokens any answer will do.

        the cat and the cat and the   the last "the" finds position 3, not 0 and not 6

    >>> row = run_layer(["the", "cat", "and", "the"], *find_last_equal())[3]
    >>> int(row.argmax())
    0

    Source: Olsson and others 2022, "In-context Learning and Induction Heads", in which
    a later layer then copies the word that came next that time.
    """
    n_words, d_model = len(WORDS), len(WORDS) + N_POSITIONS
    w_q = 10_000.0 * np.eye(d_model)  # first of all: the same word
    later = 100.0 * np.arange(N_POSITIONS)  # among those: the later, the better
    itself = 100_000.0 * np.eye(N_POSITIONS)  # but never the token itself
    w_q[n_words:, n_words:] = later - itself
    return w_q, np.eye(d_model), np.eye(d_model, N_POSITIONS, k=-n_words)


def moved_by(mask, changed):
    """Predict, from the mask alone, which outputs can change when one token changes.

    mask:    boolean (n_tokens, n_tokens); True means "may attend"
    changed: the number of the token whose vector changes
    returns: boolean (n_tokens,), True for each token whose output can change in one
             layer of self-attention

    An output cannot change if it stays the same whatever the vectors and the weights are.

    >>> moved_by(np.tri(4, dtype=bool), 2)
    array([False, False,  True,  True])
    """
    moved = mask[:, changed].copy()  # a token that may look at it sees another key and value
    moved[changed] |= mask[changed].sum() > 1  # its own query gives other weights
    return moved

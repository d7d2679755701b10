"""Practice for lesson 1: three problems that use your own attention.

    1. soft_lookup         a dictionary that also answers words it does not know
    2. tempered_attention  from the average of all values to the one nearest value
    3. pronoun_weights     which words the pronoun of a sentence looks at, and
       choose_vectors      vectors by which "it" finds the word that it stands for

The conventions are those of the kata: no function changes its arguments. Most of
the work is thinking: no answer is long. Import more from your kata if you like.
"""

import numpy as np

from kata_01_attention import attention, attention_weights

# Both sentences of the third problem are made of these.
WORDS = ["the", "cat", "sat", "on", "mat", "because", "it", "was", "tired", "soft"]


def soft_lookup(query, keys, values):
    """Look a vector up in a dictionary of words: blend the values by how well their keys match.

    query:   (d_k,), the vector of what is looked up, which need not be any of the keys
    keys:    dict, word -> (d_k,)
    values:  dict, word -> (d_v,), for the same words, in an order of its own
    returns: (d_v,)

        output = sum(weights[word] * values[word] for every word)

    where the weights are those of attention: softmax(query . keys[word] / sqrt(d_k)).
    Python's dictionary answers "kitten" with a KeyError. This one answers with
    something between "cat" and "dog":

    >>> keys = {"cat": np.ones(9), "dog": np.ones(9)}
    >>> values = {"dog": np.array([0.0, 4.0]), "cat": np.array([2.0, 0.0])}
    >>> soft_lookup(np.ones(9), keys, values)
    array([1., 2.])

    Source: Vaswani et al. 2017, "Attention Is All You Need", section 3.2.
    """
    raise NotImplementedError  # about 3 lines


def tempered_attention(q, k, v, temperature):
    """Attend at a temperature: near 0 the nearest value alone, at infinity the average of all.

    q:           (..., n_queries, d_k)
    k:           (..., n_keys, d_k)
    v:           (..., n_keys, d_v)
    temperature: a number above 0, or math.inf; at 1 this is plain attention
    returns:     (..., n_queries, d_v)

        output = softmax(Q K^T / sqrt(d_k) / temperature) V

    Build it on your attention, without writing the softmax again.

    >>> q, k, v = np.eye(1, 9), np.eye(2, 9), np.array([[8.0, 0.0], [0.0, 4.0]])
    >>> tempered_attention(q, k, v, 0.0001)
    array([[8., 0.]])
    >>> tempered_attention(q, k, v, float("inf"))
    array([[4., 2.]])

    Source: Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural
    Network", section 2, for the temperature of a softmax.
    """
    raise NotImplementedError  # about 1 line


def pronoun_weights(words, queries, keys):
    """Give each word of a sentence the weight with which the sentence's pronoun looks at it.

    words:   list of str, the sentence; a word may occur twice
    queries: dict, word -> (d_k,), what the word asks for
    keys:    dict, word -> (d_k,), what the word has to offer
    returns: (len(words),), the weights in the order of the sentence

    Alone, "it" could mean anything. So the whole sentence asks:

        query   = sum(queries[word] for every word of the sentence)
        weights = the attention weights of that query over the keys of the words

    >>> queries = {"it": np.ones(9), "sat": np.zeros(9)}
    >>> pronoun_weights(["it", "sat"], queries, queries).round(2)
    array([0.95, 0.05])
    """
    raise NotImplementedError  # about 3 lines


def choose_vectors():
    """Choose the vectors by which "it" finds the word that it stands for.

    returns: (queries, keys), two dicts, word -> (d_k,), for every word in WORDS;
             d_k, and what each of the d_k features means, is for you to choose

    The largest of the pronoun_weights must fall on the word in brackets:

        the [cat] sat on the mat because it was tired
        the cat sat on the [mat] because it was soft

    and stay with that word when the other words change places.

    >>> queries, keys = choose_vectors()
    >>> queries["it"].shape == keys["cat"].shape
    True

    Source: Levesque, Davis and Morgenstern 2012, "The Winograd Schema Challenge",
    for pairs of sentences in which one word decides what a pronoun stands for.
    """
    raise NotImplementedError  # about 7 lines

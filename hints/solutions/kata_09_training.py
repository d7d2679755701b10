"""Lesson 9: training, a loop of small steps that turns random numbers into a model.

You build eight functions, which together train the GPT of lesson 6 with the gradients of lesson 8:

    tree_map        apply a function to every array of nested dicts and lists
    init_gpt        a GPT before its first step: small random numbers
    get_batch       random windows of a long text, and the tokens that come next
    clip_gradients  shorten gradients that are too long, all by the same factor
    learning_rate   how long the step should be: warm-up, then half a cosine
    adamw           one step against the gradient, each number at a pace of its own
    train_step      gradients, clipping, AdamW
    held_out_loss   the loss on text that the model was not trained on

Parameters, gradients and the optimizer's state are trees: dicts and lists, nested in each other,
with arrays at their ends. Random numbers come from the generator that is handed in.
float32 stays float32, and no function changes its arguments: each returns new arrays.
The lesson is katas/lesson_09_training.md.
"""

import math

import numpy as np
from kata_06_transformer import cross_entropy, gpt
from kata_08_backprop import gpt_gradients


def tree_map(f, *trees):
    """Apply a function to every array of a tree, or to those at the same place of several trees.

    f:       takes one array of each tree
    trees:   dicts and lists, nested in each other, of arrays; an array alone is a tree as well
    returns: a tree like the first, with f(array, ...) for each array
    raises:  ValueError where the trees differ: other keys, lists of other lengths, or a dict, a
             list and an array at the same place

        f at {"a": x, "b": [y, z]} gives {"a": f(x), "b": [f(y), f(z)]}

    >>> grads = {"w": np.array([3.0, 4.0]), "blocks": [np.array([12.0])]}
    >>> tree_map(lambda array: array / 2, grads)
    {'w': array([1.5, 2. ]), 'blocks': [array([6.])]}
    >>> tree_map(np.subtract, grads, {"w": np.array([3.0, 1.0]), "blocks": [np.array([2.0])]})
    {'w': array([0., 3.]), 'blocks': [array([10.])]}

    Source: `jax.tree.map`, which works so.
    """
    if not any(isinstance(tree, (dict, list)) for tree in trees):
        return f(*trees)
    first = trees[0]
    if any(type(tree) is not type(first) for tree in trees):
        raise ValueError("a dict, a list and an array cannot stand at the same place")
    if isinstance(first, list):
        return [tree_map(f, *branches) for branches in zip(*trees, strict=True)]
    if any(tree.keys() != first.keys() for tree in trees):
        raise ValueError("the dicts do not have the same keys")
    return {key: tree_map(f, *(tree[key] for tree in trees)) for key in first}


def init_gpt(rng, vocab, n_positions, d_model, n_blocks, spread=0.02):
    """Make the parameters of a GPT before its first step.

    rng:         a numpy.random.Generator, from which all random numbers come
    vocab:       how many tokens there are: token_table is (vocab, d_model)
    n_positions: position_table is (n_positions, d_model)
    d_model:     the width of the residual stream; the feed-forward networks have 4 * d_model units
    n_blocks:    how many blocks
    spread:      the standard deviation of the random numbers
    returns:     params as gpt wants them, without an unembedding; every array is float32

        matrices and tables: normal, of mean 0 and standard deviation spread
        w_o and w_out:       the same, divided by sqrt(2 n_blocks)
        gains: 1, biases: 0

    >>> params = init_gpt(np.random.default_rng(0), vocab=5, n_positions=8, d_model=4, n_blocks=2)
    >>> params["token_table"].shape, params["blocks"][1]["feed_forward"]["w_in"].shape
    ((5, 4), (4, 16))
    >>> params["norm_f"]["gain"]
    array([1., 1., 1., 1.], dtype=float32)

    Source: Radford et al. 2019 (GPT-2), section 2.3, for the smaller start of w_o and w_out.
    """
    def normal(*shape, std=spread):
        return rng.normal(scale=std, size=shape).astype(np.float32)

    def norm():
        return {"gain": np.ones(d_model, np.float32), "bias": np.zeros(d_model, np.float32)}

    def block():
        square, std = (d_model, d_model), spread / math.sqrt(2 * n_blocks)
        attention = {name: normal(*square) for name in ("w_q", "w_k", "w_v")}
        return {
            "norm_1": norm(), "attention": attention | {"w_o": normal(*square, std=std)},
            "norm_2": norm(), "feed_forward": {
                "w_in": normal(d_model, 4 * d_model), "b_in": np.zeros(4 * d_model, np.float32),
                "w_out": normal(4 * d_model, d_model, std=std),
                "b_out": np.zeros(d_model, np.float32)}}

    return {"token_table": normal(vocab, d_model), "position_table": normal(n_positions, d_model),
            "blocks": [block() for _ in range(n_blocks)], "norm_f": norm()}


def get_batch(token_ids, batch_size, n_tokens, rng):
    """Draw random windows of a long text, and for each token the one that comes next.

    token_ids:  (n,), integers: the whole text
    batch_size: how many windows
    n_tokens:   how long each is
    rng:        a numpy.random.Generator; every start that leaves room is equally likely
    returns:    a tuple (inputs, targets), both (batch_size, n_tokens);
                targets is the same text, one token further on
    raises:     ValueError for a text of fewer than n_tokens + 1 tokens

        inputs  = token_ids[start : start + n_tokens]
        targets = token_ids[start + 1 : start + 1 + n_tokens]

    >>> text = np.array([7, 3, 5])
    >>> get_batch(text, batch_size=1, n_tokens=2, rng=np.random.default_rng(0))
    (array([[7, 3]]), array([[3, 5]]))

    Source: Radford et al. 2018 (GPT), section 4.1: random windows of contiguous text.
    """
    starts = rng.integers(len(token_ids) - n_tokens, size=batch_size)
    windows = token_ids[starts[:, None] + np.arange(n_tokens + 1)]
    return windows[:, :-1], windows[:, 1:]


def clip_gradients(grads, max_norm):
    """Shorten gradients that are too long, all by the same factor.

    grads:    a tree of arrays
    max_norm: how long they may be
    returns:  a tuple (grads, norm): a tree like grads, and the norm before clipping, a number

        norm  = sqrt(sum of the squares of all numbers in all arrays)
        grads = grads * max_norm / norm   if norm > max_norm, otherwise as they are

    PyTorch divides by norm + 1e-6, which is right here as well.

    >>> grads = {"w": np.array([[3.0], [4.0]]), "b": np.array([12.0])}
    >>> clip_gradients(grads, max_norm=6.5)
    ({'w': array([[1.5],
           [2. ]]), 'b': array([6.])}, 13.0)

    Source: Pascanu, Mikolov and Bengio 2012, "On the difficulty of training recurrent neural
    networks", algorithm 1.
    """
    squares = []
    tree_map(lambda grad: squares.append(float((grad * grad).sum())), grads)
    norm = math.sqrt(sum(squares))
    if norm > max_norm:
        grads = tree_map(lambda grad: grad * (max_norm / norm), grads)
    return grads, norm


def learning_rate(step, n_steps, peak, n_warmup=0, floor=0.0):
    """Give the learning rate of a step: a warm-up in a straight line, then half a cosine.

    step:     counts from 0
    n_steps:  how many steps there will be
    peak:     the highest rate
    n_warmup: how many steps the warm-up has
    floor:    the rate at the end
    returns:  a number; a Python float, so that a float32 array times it stays float32

        step < n_warmup:   peak * (step + 1) / n_warmup
        then:              from peak, at step n_warmup, to floor, at step n_steps:
                           floor + (peak - floor) * (1 + cos(pi * share)) / 2
                           share = (step - n_warmup) / (n_steps - n_warmup)
        step >= n_steps:   floor

    >>> [learning_rate(step, n_steps=10, peak=8.0, n_warmup=4) for step in (0, 3, 4, 7, 10, 11)]
    [2.0, 8.0, 8.0, 4.0, 0.0, 0.0]

    Source: Loshchilov and Hutter 2016, "SGDR", equation 5; Brown et al. 2020 (GPT-3), appendix B.
    """
    if step >= n_steps:
        return floor
    if step < n_warmup:
        return peak * (step + 1) / n_warmup
    share = (step - n_warmup) / (n_steps - n_warmup)
    return floor + (peak - floor) * (1 + math.cos(math.pi * share)) / 2


def adamw(params, grads, state, rate, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1):
    """Move every parameter one step against its gradient, at a pace of its own.

    params:       a tree of arrays
    grads:        a tree like params
    state:        what the last call returned; None before the first step
    rate:         the learning rate
    betas:        how much of the running means m and v is kept at each step
    eps:          is added to the root, outside it
    weight_decay: applies to arrays of two axes or more
    returns:      a tuple (params, state), both new; state is {"step": t, "m": tree, "v": tree},
                  and t is 1 after the first step

        m = beta_1 m + (1 - beta_1) grad          v = beta_2 v + (1 - beta_2) grad^2
        update = (m / (1 - beta_1^t)) / (sqrt(v / (1 - beta_2^t)) + eps)
        params = params - rate * (update + weight_decay * params)     the old params, both times

    >>> params, state = adamw(np.array([1.0, 2.0]), np.array([4.0, -0.5]), None, rate=0.25)
    >>> params.round(6), state["step"]
    (array([0.75, 2.25]), 1)

    Source: Kingma and Ba 2014, "Adam", algorithm 1; Loshchilov and Hutter 2017, "Decoupled Weight
    Decay Regularization", algorithm 2.
    """
    if state is None:
        zeros = tree_map(np.zeros_like, params)
        state = {"step": 0, "m": zeros, "v": zeros}
    (beta_1, beta_2), t = betas, state["step"] + 1
    m = tree_map(lambda m, grad: beta_1 * m + (1 - beta_1) * grad, state["m"], grads)
    v = tree_map(lambda v, grad: beta_2 * v + (1 - beta_2) * grad * grad, state["v"], grads)

    def moved(param, m, v):
        update = m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + eps)
        decay = weight_decay if param.ndim >= 2 else 0.0
        return param - rate * (update + decay * param)

    return tree_map(moved, params, m, v), {"step": t, "m": m, "v": v}


def train_step(params, state, inputs, targets, n_heads, rate, max_norm=1.0):
    """Take one step of training: gradients, clipping, AdamW.

    params:   as in gpt
    state:    the optimizer's, as in adamw; None before the first step
    inputs:   (..., n_tokens), integers
    targets:  (..., n_tokens), integers; -1 does not count
    n_heads:  how many heads
    rate:     the learning rate of this step
    max_norm: how long the gradient may be, over all parameters together
    returns:  a tuple (params, state, loss); loss is that of the batch before the step

    >>> norm = dict(gain=np.ones(2), bias=np.zeros(2))
    >>> tables = dict(token_table=np.eye(2), position_table=np.zeros((3, 2)))
    >>> params = tables | dict(blocks=[], norm_f=norm)
    >>> inputs, targets = np.array([0, 1]), np.array([1, 1])
    >>> params, state, loss = train_step(params, None, inputs, targets, n_heads=1, rate=0.1)
    >>> float(loss.round(3))
    1.127

    Source: Brown et al. 2020 (GPT-3), appendix B: Adam, clipped to a norm of 1, decay of 0.1.
    """
    loss, grads = gpt_gradients(inputs, targets, params, n_heads)
    grads, _ = clip_gradients(grads, max_norm)
    params, state = adamw(params, grads, state, rate)
    return params, state, loss


def held_out_loss(params, inputs, targets, n_heads, batch_size):
    """Give the mean loss on samples that the model was not trained on.

    params:     as in gpt
    inputs:     (n, n_tokens), integers
    targets:    (n, n_tokens), integers; -1 does not count
    n_heads:    how many heads
    batch_size: how many samples go through gpt at a time; it does not change the answer
    returns:    the mean over all targets that count, a number; nan if none does

        sum of the losses at all targets that count / how many these are

    >>> norm = dict(gain=np.ones(2), bias=np.zeros(2))
    >>> tables = dict(token_table=np.eye(2), position_table=np.zeros((3, 2)))
    >>> params = tables | dict(blocks=[], norm_f=norm)
    >>> inputs, targets = np.array([[0, 1], [1, 1]]), np.array([[1, 1], [0, -1]])
    >>> round(float(held_out_loss(params, inputs, targets, n_heads=1, batch_size=1)), 3)
    1.46

    Source: Jurafsky and Martin, "Speech and Language Processing", 3rd edition, chapter 3.
    """
    total, n_counted = 0.0, 0
    for start in range(0, len(inputs), batch_size):
        some, theirs = inputs[start : start + batch_size], targets[start : start + batch_size]
        if n := np.count_nonzero(theirs != -1):
            total += n * cross_entropy(gpt(some, params, n_heads), theirs)
            n_counted += n
    return total / n_counted if n_counted else math.nan

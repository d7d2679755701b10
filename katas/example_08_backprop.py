"""Gradients on their backward pass: how large they are at each block, and which letters they reach.

    make example-08

The mini-GPT is the trained one of lesson 6; the 24 blocks have random weights. Change NAME,
LETTER or N_BLOCKS, and run it again.
"""

import math

import numpy as np
from drawing import heading, print_bars, print_heat_map, save_picture, say
from kata_02_self_attention import causal_mask
from kata_03_multi_head import multi_head_attention
from kata_04_positional import embed
from kata_05_feed_forward import feed_forward, layer_norm, transformer_block
from kata_07_gradients import cross_entropy_backward, layer_norm_backward, linear_backward
from kata_08_backprop import (
    feed_forward_backward,
    gpt_gradients,
    multi_head_attention_backward,
    transformer_block_backward,
)
from mini_gpt.load import (
    EDGE,
    IGNORED,
    N_HEADS,
    as_batch,
    encode,
    held_out_names,
    load_params,
)

NAME, LETTER = "christina", 5  # the loss at this letter, counted from 0, is looked into
N_BLOCKS, SEEDS = 24, (0, 1, 2)
D_MODEL, N_WORDS, N_SENTENCES = 48, 10, 8
SHOWN = [0, 1, 2, 5, 11, 17, 23]  # blocks that have a bar


def main():
    params = load_params()
    show_parameters(params)
    runs = {kind: [follow(kind, seed) for seed in SEEDS] for kind in KINDS}
    show_blocks(runs)
    shares = show_letters(params)
    show_distances(params)
    say("")
    say(save_picture("backprop", lambda: draw(runs, shares)))


def show_parameters(params):
    heading("1. Every parameter of the mini-GPT has a gradient")
    names = held_out_names()
    loss, grads = gpt_gradients(*as_batch(names), params, N_HEADS)
    say(f"One call of gpt_gradients on {len(names)} names that it was not trained on gives the "
        f"loss, {loss:.3f}, and a gradient for each of its {sum(map(np.size, arrays(params))):,} "
        "numbers. Their size (the root of the mean square), in thousandths:")
    for half, names in (("attention", ["w_q", "w_k", "w_v", "w_o"]),
                        ("feed_forward", ["w_in", "b_in", "w_out", "b_out"])):  # fmt: skip
        sizes = [[1000 * size(block[half][name]) for name in names] for block in grads["blocks"]]
        labels = [f"block {i}" for i in range(len(sizes))]
        print_heat_map(labels, names, sizes, high=np.max(sizes), gap=12)
    token, position = (1000 * size(grads[name]) for name in ("token_table", "position_table"))
    say(f"And {token:.2f} for token_table, {position:.2f} for position_table. None of them is 0.")


def arrays(tree):
    """Every array in dicts and lists."""
    if isinstance(tree, np.ndarray):
        return [tree]
    inside = tree.values() if isinstance(tree, dict) else tree
    return [array for inner in inside for array in arrays(inner)]


def size(x):
    """The root of the mean square: the typical size of a number."""
    return math.sqrt((x * x).mean())


def show_blocks(runs):
    heading(f"2. With and without residual connections: {N_BLOCKS} random blocks")
    say(f"{N_SENTENCES} sentences of {N_WORDS} words go through, and a random gradient comes back. "
        "How large is the gradient of w_q, which decides where a block looks? (The middle one of "
        "three seeds. The bars show the power of ten: -6 is a millionth.)")
    powers = {kind: np.log10(np.median([of_w_q for _, of_w_q, _ in run], axis=0))[SHOWN]
              for kind, run in runs.items()}
    longest = max(np.abs(of_kind).max() for of_kind in powers.values())  # one scale for both
    for kind, of_kind in powers.items():
        say(f"\n{kind} residual connections:")
        print_bars([f"block {i + 1}" for i in SHOWN], of_kind, longest)
    without, with_them = (np.median([likeness[5] for _, _, likeness in runs[kind]])
                          for kind in ("without", "with"))  # fmt: skip
    say("\nWithout them nothing is wrong with the backward pass: x itself gets a gradient of "
        "ordinary size (the picture shows it). But the words have become alike, as in lesson 5: "
        f"after 6 blocks the mean cosine between two words of a sentence is {without:.4f}, and "
        f"{with_them:.2f} with residual connections. Where all words are the same, it makes no "
        "difference where one looks, so there is nothing to learn about it.")


def with_residuals(x, block, mask):
    return transformer_block(x, block, N_HEADS, mask)


def back_with_residuals(x, block, grad, mask):
    return transformer_block_backward(x, block, N_HEADS, grad, mask)


def without_residuals(x, block, mask):
    """The same block, except that each sublayer replaces x and adds nothing to it."""
    middle = multi_head_attention(
        layer_norm(x, **block["norm_1"]), **block["attention"], n_heads=N_HEADS, mask=mask)
    return feed_forward(layer_norm(middle, **block["norm_2"]), **block["feed_forward"])


def back_without_residuals(x, block, grad, mask):
    normed = layer_norm(x, **block["norm_1"])
    middle = multi_head_attention(normed, **block["attention"], n_heads=N_HEADS, mask=mask)
    grad, inside = feed_forward_backward(
        layer_norm(middle, **block["norm_2"]), **block["feed_forward"], grad_out=grad)
    grad, _, _ = layer_norm_backward(middle, **block["norm_2"], grad_out=grad)
    grad, attention = multi_head_attention_backward(
        normed, **block["attention"], n_heads=N_HEADS, grad_out=grad, mask=mask)
    grad, _, _ = layer_norm_backward(x, **block["norm_1"], grad_out=grad)
    return grad, {"attention": attention, "feed_forward": inside}


KINDS = {
    "with": (with_residuals, back_with_residuals),
    "without": (without_residuals, back_without_residuals),
}


def follow(kind, seed):
    """Send random words through random blocks, and a random gradient back.

    returns: for each block, the size of the gradient of the x that came into it and of its w_q,
             and how alike the words are after it
    """
    forward, backward = KINDS[kind]
    rng, mask = np.random.default_rng(seed), causal_mask(N_WORDS)
    blocks = [random_block(rng) for _ in range(N_BLOCKS)]
    inputs = [rng.normal(size=(N_SENTENCES, N_WORDS, D_MODEL))]
    for block in blocks:
        inputs.append(forward(inputs[-1], block, mask))
    grad, of_x, of_w_q = rng.normal(size=inputs[-1].shape), [], []
    for x, block in zip(inputs[-2::-1], reversed(blocks)):
        grad, grads = backward(x, block, grad, mask)
        of_x.insert(0, size(grad))
        of_w_q.insert(0, size(grads["attention"]["w_q"]))
    return np.array(of_x), np.array(of_w_q), np.array([alike(x) for x in inputs[1:]])


def random_block(rng):
    def weights(d_in, d_out):
        return rng.normal(size=(d_in, d_out)) / math.sqrt(d_in)

    d, wide = D_MODEL, 4 * D_MODEL
    norm = {"gain": np.ones(d), "bias": np.zeros(d)}
    attention = {name: weights(d, d) for name in ("w_q", "w_k", "w_v", "w_o")}
    inside = {"w_in": weights(d, wide), "b_in": np.zeros(wide),
              "w_out": weights(wide, d), "b_out": np.zeros(d)}  # fmt: skip
    return {"norm_1": norm, "attention": attention, "norm_2": norm, "feed_forward": inside}


def alike(x):
    """The mean cosine between two different words of a sentence."""
    directions = x / np.linalg.norm(x, axis=-1, keepdims=True)
    cosines, n = directions @ directions.swapaxes(-1, -2), x.shape[-2]
    return (cosines.sum(axis=(-1, -2)) - n).mean() / (n * (n - 1))


def show_letters(params):
    heading(f'3. Which letters the loss depends on, in "{NAME}"')
    tokens, targets = encode(EDGE + NAME), encode(NAME + EDGE)
    shares = np.array([dependence(tokens, targets, t, params) for t in range(len(tokens))])
    say("A row for each letter that the model has to say, a column for each that it has read. A "
        "number is the size of the gradient of the row's loss for the column's vector, as a share "
        "of its row. Nothing is right of the diagonal: no loss depends on a later letter.")
    print_heat_map(NAME + EDGE, EDGE + NAME, shares, high=0.8, marked=True)
    row = shares[LETTER, : LETTER + 1]
    order = [f'"{(EDGE + NAME)[i]}" ({row[i]:.2f})' for i in row.argsort()[::-1][:3]]
    say(f'\nThe loss at "{NAME[LETTER]}", after "{EDGE + NAME[:LETTER]}", depends most on '
        f"{', '.join(order)}. To find this out, all other targets are ignored.")
    return shares


def dependence(tokens, targets, t, params):
    """How large the gradient of the loss at place t is for each token, as shares of the whole."""
    alone = np.full_like(targets, IGNORED)
    alone[..., t] = targets[..., t]
    sizes = np.linalg.norm(input_gradient(tokens, alone, params), axis=-1)
    return sizes / sizes.sum(axis=-1, keepdims=True)


def input_gradient(tokens, targets, params):
    """The gradient of the loss for what comes into the first block: a vector for each token."""
    mask = causal_mask(tokens.shape[-1])
    inputs = [embed(tokens, params["token_table"], params["position_table"])]
    for block in params["blocks"]:
        inputs.append(transformer_block(inputs[-1], block, N_HEADS, mask))
    normed, unembedding = layer_norm(inputs[-1], **params["norm_f"]), params["token_table"].T
    grad = cross_entropy_backward(normed @ unembedding, targets)
    grad, _ = linear_backward(normed, unembedding, grad)
    grad, _, _ = layer_norm_backward(inputs[-1], **params["norm_f"], grad_out=grad)
    for x, block in zip(inputs[-2::-1], reversed(params["blocks"])):
        grad, _ = transformer_block_backward(x, block, N_HEADS, grad, mask)
    return grad


def show_distances(params):
    heading("4. How far back it reaches, over many names")
    names = [name for name in held_out_names() if len(name) > 5]
    means = dependence(*as_batch(names), 5, params).mean(axis=0)[5::-1]
    say(f"The loss at the sixth letter of {len(names)} names that it was not trained on: the mean "
        f'share of the letter just read, of the one before it, and so on back to the "{EDGE}".')
    print_bars(["just read", *(f"{far} before" for far in range(1, 6))], means)


def draw(runs, shares):
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(16, 5), layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    fill_blocks(left, middle, runs)
    fill_letters(right, shares)
    return figure


LINES = {"with": ("-", "o", "black"), "without": ("--", "s", "#a34e06")}


def fill_blocks(left, right, runs):
    """Draw the sizes of the gradients of x and of w_q, a line for each seed."""
    for kind, run in runs.items():
        line, marker, colour = LINES[kind]
        for number, (of_x, of_w_q, _) in enumerate(run):
            looks = {"color": colour, "linestyle": line, "marker": marker, "markevery": 4,
                     "label": f"{kind} residual connections" if number == 0 else None}  # fmt: skip
            blocks = np.arange(1, len(of_x) + 1)
            left.plot(blocks, of_x, **looks)
            right.plot(blocks, of_w_q, **looks)
    for axes, what in ((left, "of x, before the block"), (right, "of w_q")):
        axes.set(yscale="log", xlabel="block", ylabel=f"size of the gradient {what}")
        axes.legend(frameon=False)


def fill_letters(axes, shares):
    """Draw which letters each loss depends on."""
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=0.8)
    axes.set_xticks(range(len(NAME) + 1), EDGE + NAME)
    axes.set_yticks(range(len(NAME) + 1), NAME + EDGE)
    axes.set(xlabel="a letter that was read", ylabel="the letter whose loss it is")
    axes.figure.colorbar(image, ax=axes, label="share of the gradient (each row sums to 1)")


if __name__ == "__main__":
    main()

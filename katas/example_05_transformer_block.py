"""A block at work: what each sublayer adds to the residual stream, and 24 blocks in a row.

    make example-05

The block of parts 1 and 2 has weights chosen by hand; the 24 blocks have random ones.
Change the sentence, SEEDS or N_BLOCKS, and run it again.
"""


import math

import numpy as np
from drawing import heading, print_bars, print_heat_map, save_picture, say
from kata_03_multi_head import attention_maps, multi_head_attention
from kata_05_feed_forward import feed_forward, gelu, layer_norm, transformer_block

SENTENCE = "the good cat is not bad".split()
FEATURES = ["good", "bad", "not", "denied", "praise"]  # then a column for each position
UNITS = ["good", "bad", "not good", "not bad"]  # the questions of the feed-forward network
SHARP = 8.0  # how far from 0 the sums of a unit are: the larger, the more gelu is like relu

N_BLOCKS, SEEDS = 24, (0, 1, 2)
D_MODEL, N_HEADS, N_WORDS = 48, 4, 6
SHOWN = slice(0, N_BLOCKS + 1, 4)  # every fourth block has a bar


def main():
    x, block = sentence_vectors(), hand_made_block()
    show_attention(x, block)
    show_feed_forward(x, block)
    runs = {name: [follow(kind, seed, scale) for seed in SEEDS]
            for name, (kind, scale) in KINDS.items()}
    show_sizes(runs)
    show_shares(runs)
    say("")
    say(save_picture("24_blocks", lambda: draw(runs)))


def sentence_vectors():
    """A row for each word: a 1 for the word, if it is a feature, and a 1 for its position."""
    is_feature = np.array([[float(word == feature) for feature in FEATURES] for word in SENTENCE])
    return np.hstack([is_feature, np.eye(len(SENTENCE))])


def hand_made_block():
    """One head that fetches a "not" from the word before, and four units that find praise.

    A norm turns the numbers 0 and 1 into two others, which depend on how many ones a word has.
    So everything here reads a *difference*: a feature minus the column "praise", which is always
    0 before the block.
    """
    n, d_model = len(SENTENCE), len(FEATURES) + len(SENTENCE)
    good, bad, no, denied, praise = np.eye(d_model)[: len(FEATURES)]  # a column of x, as a vector
    two_ones, three_ones = one_minus_zero(2, d_model), one_minus_zero(3, d_model)
    norm = {"gain": np.ones(d_model), "bias": np.zeros(d_model)}

    w_q, w_k = np.zeros((2, d_model, n))
    w_q[len(FEATURES) :] = 3 * np.eye(n)[[0, *range(n - 1)]]  # position p asks for position p - 1
    w_k[len(FEATURES) :] = np.eye(n)
    attention = {
        "w_q": w_q, "w_k": w_k, "w_v": (no - praise)[:, None], "w_o": denied[None] / two_ones,
    }  # fmt: skip

    both = (two_ones + 2 * three_ones) / 2  # between one feature of two and two features of three
    read = [good - 3 * denied + 2 * praise, bad - 3 * denied + 2 * praise,
            good + denied - 2 * praise, bad + denied - 2 * praise]  # fmt: skip
    active = 2 * three_ones - both  # the value of a unit for "not good" or "not bad"
    write = [praise / two_ones, -praise / two_ones, -praise / active, praise / active]
    network = {
        "w_in": SHARP * np.stack(read, axis=-1),
        "b_in": -SHARP * np.array([0, 0, both, both]),
        "w_out": np.stack(write) / SHARP,
        "b_out": np.zeros(d_model),
    }
    return {"norm_1": norm, "attention": attention, "norm_2": norm, "feed_forward": network}


def one_minus_zero(n_ones, d_model):
    """The difference of a 1 and a 0 after a norm, if n_ones of d_model numbers are 1."""
    share = n_ones / d_model
    return 1 / math.sqrt(share * (1 - share))


def show_attention(x, block):
    heading("1. What attention adds")
    say("The stream at the start: a column for each feature (and for each position, not shown).")
    print_heat_map(SENTENCE, FEATURES, x[:, : len(FEATURES)])
    say("\nThe one head looks at the word before:")
    normed = layer_norm(x, **block["norm_1"])
    weights = attention_maps(normed, block["attention"]["w_q"], block["attention"]["w_k"], 1)[0]
    print_heat_map(SENTENCE, SENTENCE, weights)
    say('\nIt adds one number, "denied", to the stream of the word after "not":')
    wrote = multi_head_attention(normed, **block["attention"], n_heads=1)
    print_heat_map(SENTENCE, FEATURES, tidy(wrote[:, : len(FEATURES)]))


def show_feed_forward(x, block):
    heading("2. What the feed-forward network adds")
    say("Each word on its own. Four units ask four questions; after the activation, a unit whose "
        "answer is no is 0:")
    normed = layer_norm(x, **block["norm_1"])
    stream = x + multi_head_attention(normed, **block["attention"], n_heads=1)
    normed, weights = layer_norm(stream, **block["norm_2"]), block["feed_forward"]
    units = gelu(normed @ weights["w_in"] + weights["b_in"])
    print_heat_map(SENTENCE, UNITS, tidy(units), high=units.max())
    say("(The value of a unit depends on how many features the word has, and on SHARP. Its row of "
        "w_out divides by just that, so that each of them adds a 1.)")
    wrote = feed_forward(normed, **weights)
    say('\nThe answers become "praise", and nothing else. A bar for each word:')
    print_bars(SENTENCE, tidy(wrote[:, FEATURES.index("praise")]))
    output = transformer_block(x, block, n_heads=1)
    say("\nThe stream at the end is the start plus both outputs:")
    print_heat_map(SENTENCE, FEATURES, tidy(output[:, : len(FEATURES)]))
    say("Largest difference between transformer_block and that sum: "
        f"{np.abs(output - stream - wrote).max():.0e}")


def tidy(numbers):
    """Two digits, and never -0.00."""
    return np.round(numbers, 2) + 0.0


def random_blocks(seed, scale):
    """Starting vectors and N_BLOCKS random blocks; w_o and w_out are times `scale`."""
    rng = np.random.default_rng(seed)

    def weights(d_in, d_out, scale=1.0):
        return rng.normal(size=(d_in, d_out)) * scale / math.sqrt(d_in)

    d, wide, blocks = D_MODEL, 4 * D_MODEL, []
    x = rng.normal(size=(N_WORDS, d))
    for _ in range(N_BLOCKS):
        attention = {name: weights(d, d) for name in ("w_q", "w_k", "w_v")}
        attention["w_o"] = weights(d, d, scale)
        network = {"w_in": weights(d, wide), "b_in": np.zeros(wide),
                   "w_out": weights(wide, d, scale), "b_out": np.zeros(d)}  # fmt: skip
        norm = {"gain": np.ones(d), "bias": np.zeros(d)}
        norms = {"norm_1": norm, "norm_2": norm}
        blocks.append(norms | {"attention": attention, "feed_forward": network})
    return x, blocks


def pre_norm(x, block):
    """The block of lesson 5. What earlier blocks have added stays as it is."""
    output = transformer_block(x, block, N_HEADS)
    return output, output - x, 1.0


def post_norm(x, block):
    """The block of 2017: each norm also divides everything that was in the stream before."""
    kept = 1.0
    wrote = np.zeros_like(x)
    for norm, sublayer in (("norm_1", attend), ("norm_2", feed)):
        new = sublayer(x, block)
        total = x + new
        divisor = np.sqrt(total.var(axis=-1, keepdims=True) + 1e-5)
        kept, wrote = kept / divisor, centred(wrote + new) / divisor
        x = layer_norm(total, **block[norm])
    return x, wrote, kept


def no_norm(x, block):
    """A block with residual connections and no norms."""
    middle = x + attend(x, block)
    output = middle + feed(middle, block)
    return output, output - x, 1.0


def attend(x, block):
    return multi_head_attention(x, **block["attention"], n_heads=N_HEADS)


def feed(x, block):
    return feed_forward(x, **block["feed_forward"])


def centred(x):
    return x - x.mean(axis=-1, keepdims=True)


KINDS = {
    "pre-norm": (pre_norm, 1.0),
    "pre-norm, scaled as in GPT-2": (pre_norm, 1 / math.sqrt(2 * N_BLOCKS)),
    "post-norm": (post_norm, 1.0),
    "no norm": (no_norm, 1.0),
}


def follow(kind, seed, scale):
    """Send six random words through the blocks.

    returns: the size of the stream at the start and after each block; and the size of what the
             start and each block have added, in the stream at the end, as a share of it
    """
    x, blocks = random_blocks(seed, scale)
    sizes, writings = [size(x)], [x]
    for block in blocks:
        x, wrote, kept = kind(x, block)
        if kind is post_norm:
            writings = [centred(old) * kept for old in writings]
        writings.append(wrote)
        sizes.append(size(x))
    assert np.allclose(sum(writings), x)  # they add up to the stream
    return np.array(sizes), np.array([size(each) for each in writings]) / size(x)


def size(x):
    """The root of the mean square: the typical size of a number."""
    return math.sqrt((x**2).mean())


def show_sizes(runs):
    heading(f"3. How large the stream gets in {N_BLOCKS} random blocks")
    say(f"{N_WORDS} words of {D_MODEL} random numbers. The size is the root of the mean square; it "
        f"starts near 1. The bars are for the middle one of the seeds {SEEDS}, and each chart has "
        "its own scale.")
    for name, run in runs.items():
        say(f"\n{name}" + (" (the bars show the power of ten: 3 is a size of "
            "1,000):" if name == "no norm" else ":"))
        sizes = np.median([sizes for sizes, _ in run], axis=0)
        print_bars(labels(), (np.log10(sizes) if name == "no norm" else sizes)[SHOWN])
        say("   at the end, for each seed: " + ", ".join(f"{sizes[-1]:,.2f}" for sizes, _ in run))


def show_shares(runs):
    heading("4. How much of each block is in the stream at the end")
    say("The size of what each block has added, in the last stream, as a share of the whole. (The "
        "shares do not sum to 1: the vectors have different directions.)")
    for name in ("pre-norm", "post-norm"):
        say(f"\n{name}:")
        print_bars(labels(), np.median([shares for _, shares in runs[name]], axis=0)[SHOWN])
    parts = [f"one part in {1 / shares[0]:,.0f}" for _, shares in runs["post-norm"]]
    say(f"Post-norm has left very little of the start: {'; '.join(parts)}, for the seeds {SEEDS}. "
        "The blocks have read it, so it is not lost; but it is no longer in the stream itself.")


def labels():
    return ["start", *(f"block {number}" for number in range(1, N_BLOCKS + 1))][SHOWN]


LINES = {"pre-norm": ("-", "o", "black"), "pre-norm, scaled as in GPT-2": ("--", "^", "#2c6aa0"),
         "post-norm": ("-.", "s", "#a34e06"), "no norm": (":", "x", "#5a5a5a")}  # fmt: skip


def draw(runs):
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(11, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    fill(left, right, runs)
    return figure


def fill(left, right, runs):
    """Draw the sizes into the left axes, the shares into the right ones, a line for each seed."""
    for name, (line, marker, colour) in LINES.items():
        looks = {"color": colour, "linestyle": line, "marker": marker, "markevery": 4,
                 "linewidth": 1.6}  # fmt: skip
        for number, (sizes, shares) in enumerate(runs[name]):
            label = name if number == 0 else None
            left.plot(sizes, label=label, **looks)
            if name in ("pre-norm", "post-norm"):
                right.plot(shares, label=label, **looks)
    left.set(xlabel="after block (0: the start)", ylabel="size of the stream (root mean square)")
    right.set(xlabel="added by block (0: the start)", ylabel="share of the last stream")
    for axes in (left, right):
        axes.set_yscale("log")
        axes.set_xticks(range(0, N_BLOCKS + 1, 4))
        axes.legend(frameon=False)


if __name__ == "__main__":
    main()

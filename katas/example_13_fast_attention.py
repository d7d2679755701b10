"""Attention without the table: tiles, one after the other, and what they cost in memory and time.

    make example-13

Once kata 13 is green, all of this is your own code. Change SENTENCE, TILE, LENGTHS or MACHINES, and
run it again.
"""

import time
import tracemalloc

import numpy as np
from drawing import heading, print_heat_map, save_picture, say
from kata_01_attention import attention, attention_scores
from kata_08_backprop import attention_backward
from kata_13_fast_attention import (
    attend_to_tile,
    causal_tiled_attention,
    combine,
    finish,
    tiled_attention,
    tiled_attention_backward,
)
from threadpoolctl import threadpool_limits

SENTENCE = "the cat sat on the mat and the dog ran off"
TILE, D_K = 3, 16  # of the sentence
N_TOKENS, N_CACHED = 10, 4  # of the map of tiles: tokens, and how many keys more
LENGTHS = (256, 512, 1024, 2048, 4096)  # of random tokens, each 64 wide, in float32
WIDE = 256  # the tile for these
N_GRADIENTS = 2048
MACHINES = 4


def main():
    show_one_query()
    show_the_map()
    costs = show_costs()
    show_gradients()
    show_machines()
    say("")
    say(save_picture("fast_attention", lambda: draw_costs(costs)))


def words_and_vectors():
    """The words of the sentence, and a random vector for each word; equal words have equal ones."""
    words = SENTENCE.split()
    rng = np.random.default_rng(60)
    table = {word: rng.normal(size=D_K) for word in dict.fromkeys(words)}
    return words, np.array([table[word] for word in words])


def show_one_query():
    heading("1. One query, a tile of keys after the other")
    words, x = words_and_vectors()
    q, k, v = 0.75 * x[-1:], x, np.eye(len(x))  # values that show the weights
    say(f'"{words[-1]}" looks at all {len(words)} words, {TILE} at a time. Each row is a tile, and '
        "what is known after it. The part so far shrinks whenever the highest score rises.")
    say(f"  {'tile':<16}{'scores':<24}{'highest':>8}{'kept':>7}{'total':>8}")
    part = attend_to_tile(q, k[:0], v[:0])
    for start in range(0, len(words), TILE):
        keys = slice(start, start + TILE)
        before, part = part, combine(part, attend_to_tile(q, k[keys], v[keys]))
        scores = " ".join(f"{score:6.2f}" for score in attention_scores(q, k[keys])[0])
        kept = np.exp(before[0] - part[0]).item()
        say(f"  {' '.join(words[keys]):<16}{scores:<24}{part[0].item():8.2f}{kept:7.2f}"
            f"{part[1].item():8.3f}")
    output, log_sum = finish(part)
    right = attention(q, k, v)
    say(f"Divided at the end, these are the weights. From those of lesson 1 they differ by "
        f"{np.abs(output - right).max():.0e}. All that was kept from tile to tile is a highest "
        f"score, a total and a blend. log_sum is {log_sum.item():.3f}.")
    print_heat_map([words[-1]], words, output)


def show_the_map():
    heading("2. Which tiles are computed, and in which order")
    say(f"{N_TOKENS} queries, {N_TOKENS + N_CACHED} keys ({N_CACHED} are from before), in tiles of "
        f"{TILE}. A number says when a score was computed; a dot, never.")
    for title, order in (("tiled_attention", visits(tiled_attention)),
                         ("causal_tiled_attention", visits(causal_tiled_attention))):
        if not order.any():
            say(f"  {title}: yours does without attend_to_tile, so there is nothing to show.")
            continue
        say(f"  {title}: {np.count_nonzero(order)} of {order.size} scores, at most "
            f"{np.bincount(order[order > 0]).max()} at a time")
        for row in order:
            say("    " + "".join(f"{number or '·':>3}" for number in row))


def visits(attend):
    """The step at which each score is computed, 0 for never: (queries, keys).

    Every key is the number of its position and every query that of its own, so each tile that
    is computed says where it is.
    """
    import kata_13_fast_attention as kata

    n_keys = N_TOKENS + N_CACHED
    order, steps, own = np.zeros((N_TOKENS, n_keys), dtype=int), [0], kata.attend_to_tile

    def watched(q, k, v, mask=None):
        if k.shape[-2]:
            steps[0] += 1
            rows, columns = (np.rint(x[:, 0]).astype(int) for x in (q, k))
            order[np.ix_(rows, columns)] = steps[0]
        return own(q, k, v, mask)

    numbers = [np.arange(n, dtype=float)[:, None] for n in (N_TOKENS, n_keys)]
    kata.attend_to_tile = watched
    try:
        attend(*numbers, numbers[1], tile=TILE)
    finally:
        kata.attend_to_tile = own
    return order


def show_costs():
    heading("3. Memory and time, beside the plain version")
    say(f"Random tokens, 64 wide, float32, one thread, tiles of {WIDE}. Memory is the most that "
        "was held at any moment, inputs not counted.")
    say(f"  {'tokens':>8}{'plain':>12}{'tiled':>10}{'plain':>12}{'tiled':>10}{'causal':>10}")
    costs = []
    with threadpool_limits(1):
        for n in LENGTHS:
            q, k, v = random_tokens(n)
            runs = (lambda: attention(q, k, v), lambda: tiled_attention(q, k, v, tile=WIDE),
                    lambda: causal_tiled_attention(q, k, v, tile=WIDE))
            held, seconds = [most_held(run) for run in runs], [shortest(run) for run in runs]
            costs.append((held, seconds))
            plain, tiled, causal = (1000 * s for s in seconds)
            say(f"  {n:8,}{held[0] / 2**20:8.1f} MiB{held[1] / 2**20:6.1f} MiB"
                f"{plain:9.1f} ms{tiled:7.1f} ms{causal:7.1f} ms")
    growth = np.array(costs[-1][0]) / costs[-2][0]
    say(f"From {LENGTHS[-2]:,} to {LENGTHS[-1]:,} tokens the plain version needs {growth[0]:.1f} "
        f"times as much memory, and the tiled one {growth[1]:.1f} times.")
    return np.array(costs)


def random_tokens(n, seed=13):
    """Queries, keys and values of n tokens."""
    return np.random.default_rng(seed).normal(size=(3, n, 64)).astype(np.float32)


def most_held(run):
    """The most bytes that a call has at any moment."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def shortest(run, n_times=3):
    """The shortest of several times, in seconds."""
    times = []
    for _ in range(n_times):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def show_gradients():
    heading("4. The backward pass")
    n = N_GRADIENTS
    q, k, v = random_tokens(n)
    grad_out = np.random.default_rng(8).normal(size=(n, 64)).astype(np.float32)
    output, log_sum = tiled_attention(q, k, v, tile=WIDE)
    runs = {"lesson 8's": lambda: attention_backward(q, k, v, grad_out),
            "in tiles": lambda: tiled_attention_backward(q, k, v, output, log_sum, grad_out, WIDE)}
    say(f"{n:,} tokens. The weights were not kept: those of a tile are computed again, from the "
        "scores and one number for each query.")
    with threadpool_limits(1):
        for name, run in runs.items():
            say(f"  {name:<12}{most_held(run) / 2**20:8.1f} MiB{1000 * shortest(run):9.1f} ms")
    pairs = zip(*(run() for run in runs.values()))
    worst = max(np.abs(a - b).max() / np.abs(a).max() for a, b in pairs)
    say(f"The gradients of both differ by {worst:.0e} of the largest: rounding, in float32.")


def show_machines():
    heading("5. A context on several machines")
    q, k, v = random_tokens(1000)
    pieces = np.array_split(np.arange(1000), MACHINES)
    parts = [attend_to_tile(q, k[piece], v[piece]) for piece in pieces]
    say(f"1,000 keys and values lie on {MACHINES} machines. Each attends to its own, and sends its "
        "part. They can be combined in any order, as they arrive, or in pairs:")
    right = attention(q, k, v)
    one_by_one = parts[0]
    for part in parts[1:]:
        one_by_one = combine(one_by_one, part)
    while len(parts) > 1:
        parts = [combine(*pair) if len(pair) == 2 else pair[0] for pair in
                 (parts[i : i + 2] for i in range(0, len(parts), 2))]
    for name, part in (("one by one", one_by_one), ("in pairs", parts[0])):
        error = np.abs(finish(part)[0] - right).max()
        say(f"  {name:<12}differs from attention to all of them by {error:.0e}")
    d_v = v.shape[-1]
    say(f"For each query a machine sends {d_v} + 2 numbers, however many keys it has. Its keys and "
        f"values would be {2 * d_v} numbers for each key.")


def draw_costs(costs):
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(12, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    fill_memory(left, costs[:, 0] / 2**20)
    right.set(xlabel="tokens", ylabel="milliseconds", xscale="log", yscale="log")
    lines(right, 1000 * costs[:, 1], ("plain", "tiled", "causal, tiled"))
    return figure


def fill_memory(axes, mebibytes):
    """Draw how much memory is held, over the number of tokens."""
    axes.set(xlabel="tokens", ylabel="MiB held at once", xscale="log", yscale="log")
    lines(axes, mebibytes, ("plain", "tiled", "causal, tiled"))


def lines(axes, columns, labels):
    """A line for each version, told apart by marker and style."""
    looks = (("--", "s", "#a34e06"), ("-", "o", "black"), (":", "^", "#2c5f8a"))
    for numbers, (line, marker, colour), label in zip(columns.T, looks, labels):
        axes.plot(LENGTHS, numbers, line, marker=marker, color=colour, label=label)
    axes.set_xticks(LENGTHS, [f"{n:,}" for n in LENGTHS])
    axes.minorticks_off()
    axes.legend(frameon=False)


if __name__ == "__main__":
    main()

"""From logits to names: temperatures, filters, the cache, and a small model that drafts.

    make example-11

The mini-GPT is the one that you have trained with `make example-09`, if there is one, and else that
of lesson 6. Once kata 11 is green, all the code that runs it is yours. Change TEMPERATURES, START,
N_DRAFTED or LENGTHS, and run it again.
"""

import time

import numpy as np
from drawing import heading, print_bars, save_picture, say
from kata_06_transformer import gpt
from kata_11_generation import accept_draft, cached_gpt, draw, probabilities, sample
from mini_gpt.load import (
    EDGE,
    N_HEADS,
    VOCABULARY,
    all_names,
    as_batch,
    decode,
    encode,
    load_params,
    training_names,
)
from threadpoolctl import threadpool_limits
from training.saved import NoModel, load, model_file

TEMPERATURES, SHARES = (0.5, 1.0, 1.5), (1.0, 0.9, 0.5)  # of p
N_NAMES = 400  # for each temperature and p
START, DEPTH, WIDTH = "mar", 3, 3  # of the tree of what comes next
LENGTHS = (50, 100, 200, 400, 700, 1000)  # of texts that are continued by a token
N_DRAFTED, N_TEXTS = 4, 150


def main():
    params = trained()
    show_names(params)
    show_tree(params)
    times = show_cache()
    counts = show_drafts(params)
    say("")
    say(save_picture("generation", lambda: draw_both(times, counts)))


def trained():
    """The parameters that the reader has trained in lesson 9; without them, those of lesson 6."""
    try:
        run = load(model_file("names"))
    except NoModel:
        return load_params()
    if (run.plan.alphabet, run.plan.n_heads) != (VOCABULARY, N_HEADS):
        return load_params()
    say(f"This is your own mini-GPT, as make example-09 has left it, after step {run.step:,}.")
    return run.params


def show_names(params):
    heading("1. Temperature and p")
    say(f"{N_NAMES} names are drawn for each temperature and each p. Some of them are in the list "
        "that the model has learned from; the fewer choices it has, the more:")
    known = set(all_names())
    for temperature in TEMPERATURES:
        for p in SHARES:
            names = write_names(params, N_NAMES, temperature, p)
            share = np.mean([name in known for name in names])
            some = ", ".join(list(dict.fromkeys(names))[:3])
            say(f"  {temperature}, p = {p}: {share:4.0%} known, "
                f"{len(set(names)):3} different: {some}")


def write_names(params, n_names, temperature=1.0, p=None, seed=11):
    """Names, cut off at the end that the model has drawn for each."""
    n_new = len(params["position_table"]) - 1
    starts = np.tile(encode(EDGE), (n_names, 1))
    texts = sample(starts, params, N_HEADS, n_new, np.random.default_rng(seed), temperature, p=p)
    return [decode(text[1:]).split(EDGE)[0] for text in texts]


def show_tree(params):
    heading("2. What could have come next")
    say(f'The {WIDTH} likeliest letters after "{START}", after each of these, and so on; "{EDGE}" '
        "is the end. The number is the probability of the whole way from there. A model never "
        "writes a name: it writes a letter, many times. Greedy choice goes down the first "
        "branches.")
    logits, caches = cached_gpt(encode(EDGE + START), params, N_HEADS)
    print_tree(params, logits, caches, START, 1.0)


def print_tree(params, logits, caches, text, so_far, depth=DEPTH):
    """Print the likeliest branches; each goes on from the same caches, which nobody changes."""
    probs = probabilities(logits[-1])
    for letter in probs.argsort()[::-1][:WIDTH]:
        whole = so_far * probs[letter]
        longer = text + VOCABULARY[letter]
        say(f"{'    ' * (DEPTH - depth)}  {longer:<9}{whole:.3f}")
        if depth > 1 and VOCABULARY[letter] != EDGE:
            print_tree(params, *cached_gpt(np.array([letter]), params, N_HEADS, caches),
                       longer, whole, depth - 1)


def show_cache():
    heading("3. With and without the cache")
    say("A GPT with random weights and room for 1,001 tokens. How long does one more token take "
        "after a text, if all is computed again, and if keys and values are kept?")
    params, times = random_gpt(), []
    for n in LENGTHS:
        text = np.random.default_rng(n).integers(len(VOCABULARY), size=n + 1)
        _, caches = cached_gpt(text[:-1], params, N_HEADS)
        with threadpool_limits(1):  # several threads do not pay for one token
            again = shortest(lambda text=text: gpt(text, params, N_HEADS))
            kept = shortest(lambda text=text, caches=caches: cached_gpt(
                text[-1:], params, N_HEADS, caches))
        times.append((again, kept))
        say(f"  {n:5} tokens: {1000 * again:7.1f} ms, with the cache {1000 * kept:5.1f} ms: "
            f"{again / kept:4.0f} times as fast")
    numbers = sum(cache[key].size for cache in caches for key in cache)
    say(f"The cache of {n:,} tokens holds {numbers:,} numbers: that is its price.")
    return np.array(times)


def random_gpt(n_positions=1001, d_model=48, n_blocks=3):
    """A GPT of the size of the mini-GPT, with more positions, in float32."""
    rng = np.random.default_rng(0)

    def normal(*shape):
        return rng.normal(scale=0.1, size=shape).astype(np.float32)

    def block():
        norm = {"gain": np.ones(d_model, np.float32), "bias": np.zeros(d_model, np.float32)}
        square, wide = (d_model, d_model), 4 * d_model
        return {"norm_1": norm, "norm_2": norm,
                "attention": {name: normal(*square) for name in ("w_q", "w_k", "w_v", "w_o")},
                "feed_forward": {"w_in": normal(d_model, wide), "b_in": normal(wide),
                                 "w_out": normal(wide, d_model), "b_out": normal(d_model)}}

    blocks = [block() for _ in range(n_blocks)]
    return {"token_table": normal(len(VOCABULARY), d_model), "norm_f": blocks[0]["norm_1"],
            "position_table": normal(n_positions, d_model), "blocks": blocks}


def shortest(run, n_times=5):
    """The shortest of several times, in seconds."""
    times = []
    for _ in range(n_times):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def show_drafts(params):
    heading("4. A small model drafts, the large one checks")
    pairs = count_pairs()
    say("The small model is a table: how often does one letter follow another in the training "
        f"names? It drafts {N_DRAFTED} letters; the mini-GPT reads all of them at once, and "
        "accept_draft keeps what the mini-GPT might have said itself.")
    rng, counts, names = np.random.default_rng(4), [], []
    for _ in range(N_TEXTS):
        name, accepted = write_with_drafts(params, pairs, rng)
        names.append(name)
        counts += accepted
    say(f"{N_TEXTS} names, {len(counts)} drafts. So many of {N_DRAFTED} letters were accepted "
        "(as a share of all drafts):")
    shares = np.bincount(counts, minlength=N_DRAFTED + 1) / len(counts)
    print_bars(range(N_DRAFTED + 1), shares)
    mean = np.mean(counts)
    say(f"On average {mean:.2f}, and one more each time: {mean + 1:.2f} letters for each "
        f"run of the mini-GPT, instead of 1. Some names: {', '.join(names[:6])}.")
    return shares


def count_pairs():
    """How often a letter follows another in the training names, as probabilities: (27, 27)."""
    counts = np.full((len(VOCABULARY), len(VOCABULARY)), 0.1)
    tokens, targets = as_batch(training_names())
    np.add.at(counts, (tokens[targets >= 0], targets[targets >= 0]), 1)
    return counts / counts.sum(axis=-1, keepdims=True)


def write_with_drafts(params, pairs, rng):
    """Write one name; return it with the number of accepted letters of each draft."""
    text, accepted, room = encode(EDGE), [], len(params["position_table"])
    while len(text) < room and (len(text) == 1 or EDGE not in decode(text[1:])):
        n = min(N_DRAFTED, room - len(text))
        drafted = draft(pairs, text[-1], n, rng)
        draft_probs = pairs[np.append(text[-1:], drafted[:-1])]
        logits = gpt(np.append(text, drafted), params, N_HEADS)[-n - 1 :]
        ids = accept_draft(drafted, draft_probs, probabilities(logits), rng)
        accepted.append(len(ids) - 1)
        text = np.append(text, ids)
    return decode(text[1:]).split(EDGE)[0], accepted


def draft(pairs, token, n, rng):
    """n letters in a row, each drawn by the one before."""
    drafted = []
    for _ in range(n):
        token = draw(pairs[token], rng)
        drafted.append(token)
    return np.array(drafted)


def draw_both(times, shares):
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(12, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    fill_times(left, times)
    fill_drafts(right, shares)
    return figure


def fill_times(axes, times):
    """Draw how long a token takes, over the length of the text."""
    for column, line, marker, colour, label in (
            (0, "--", "s", "#a34e06", "all computed again"),
            (1, "-", "o", "black", "with the cache")):
        axes.plot(LENGTHS, 1000 * times[:, column], line, marker=marker, color=colour, label=label)
    axes.set(xlabel="tokens so far", ylabel="milliseconds for one more", yscale="log")
    axes.legend(frameon=False)


def fill_drafts(axes, shares):
    """Draw how many drafted letters are accepted."""
    axes.bar(range(len(shares)), shares, color="#9cc3e6", edgecolor="black", hatch="//")
    axes.set(xlabel=f"accepted, of {N_DRAFTED} drafted letters", ylabel="share of the drafts")


if __name__ == "__main__":
    main()

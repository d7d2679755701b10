"""Your positions at work: a sinusoidal table, words with positions, and scores over distance.

    make example-04

The queries and keys are chosen by hand, so that every number can be followed. Change
the sentence, the number of pairs or BACK, and run it again.
"""


import numpy as np
from drawing import heading, print_bars, print_heat_map, save_picture, say
from kata_01_attention import attention_scores, attention_weights
from kata_02_self_attention import causal_mask, self_attention
from kata_04_positional import apply_rotary, embed, sinusoidal_encoding

N_POSITIONS, D_MODEL, BASE = 16, 10, 100.0  # of the table on the screen
WIDE = (128, 64)  # positions and columns of the table in the picture
SENTENCES = ["the dog chased the cat", "the cat chased the dog"]
VOCABULARY = ["the", "cat", "dog", "chased"]
LONGER = "the dog chased the cat that sat on the mat".split()
D_HEAD = 32
BACK = 1  # the head of section 4 looks for the word this many positions back


def main():
    show_table()
    show_likeness()
    show_words()
    show_rotary()
    say(save_picture("positions", draw, f"A larger table ({WIDE[0]} positions, {WIDE[1]} columns, "
                     "the usual base) and the scores over distance, as a picture"))


def show_table():
    heading("1. The sinusoidal table")
    say(f"This is sinusoidal_encoding({N_POSITIONS}, {D_MODEL}, base={BASE:.0f}). A row is a "
        "position; two columns are a frequency, its sine and its cosine. White is -1, nearly black "
        "is 1. From row to row, the left columns change fast and the right ones slowly. (The usual "
        "base, 10,000, is for long texts: in 16 rows its low frequencies hardly change. The "
        "picture below has it.)")
    table = sinusoidal_encoding(N_POSITIONS, D_MODEL, BASE)
    columns = [f"{wave}{i}" for i in range(D_MODEL // 2) for wave in ("sin ", "cos ")]
    print_heat_map([f"row {p}" for p in range(N_POSITIONS)], columns, table, low=-1, form="{:+.2f}")


def show_likeness():
    heading("2. Close positions are alike")
    say("The dot product of row 8 with every row, 64 columns wide. It is largest for row 8 itself, "
        "and depends on the distance alone: rows 6 and 10 have the same, rows 4 and 12, and so on.")
    table = sinusoidal_encoding(17, 64)
    print_bars([f"row 8 with row {p}" for p in range(0, 17, 2)], (table @ table[8])[::2])


def show_words():
    heading("3. Who chased whom?")
    say('Self-attention with random weights: the output for "chased" in two sentences. Without '
        "positions it is the same.")
    rng = np.random.default_rng(4)
    token_table, weights = rng.normal(size=(len(VOCABULARY), 12)), rng.normal(size=(3, 12, 5)) / 3
    for sentence in SENTENCES:
        words = sentence.split()
        ids = np.array([VOCABULARY.index(word) for word in words])
        plain, placed = token_table[ids], embed(ids, token_table, sinusoidal_encoding(10, 12))
        for name, x in (("without", plain), ("with", placed)):
            output = self_attention(x, *weights)[words.index("chased")]
            numbers = " ".join(f"{number:6.2f}" for number in output)
            say(f"  {sentence:<24}{name:>8} positions: {numbers}")


def show_rotary():
    heading("4. Rotary: scores depend on distance alone")
    say(f"One query and one key, {D_HEAD} numbers each; the key is the query, rotated by {BACK} "
        "position. Each is then rotated by its own position. The query is at 40, then at 1040; the "
        "key is this many positions before it.")
    distances = np.arange(-4, 9)
    near, far = (scores_over_distance(distances, at) for at in (40, 1040))
    print_bars([f"{abs(away)} {'back' if away >= 0 else 'ahead'}" for away in distances], near)
    say(f"The largest difference between 40 and 1040: {np.abs(near - far).max():.0e}. On this "
        f"screen the score is highest {distances[near.argmax()]} back, at any position.")
    say("\nA head with such queries and keys looks for a position and not for a word. Rows are "
        "queries, columns are keys:")
    q, k = previous_word_head(len(LONGER))
    positions = np.arange(len(LONGER))
    weights = attention_weights(
        apply_rotary(q, positions), apply_rotary(k, positions), causal_mask(len(LONGER))
    )
    print_heat_map(LONGER, LONGER, weights)


def previous_word_head(n_tokens, strength=3.0):
    """The same query and the same key for every word: only the rotation tells them apart."""
    q = np.tile(strength * np.ones(D_HEAD), (n_tokens, 1))
    return q, apply_rotary(q, np.full(n_tokens, BACK))


def scores_over_distance(distances, at):
    """The scores of a query at position `at` with keys that many positions before it."""
    q, k = previous_word_head(len(distances), strength=1.0)
    query = apply_rotary(q[:1], np.array([at]))
    return attention_scores(query, apply_rotary(k, at - distances))[0]


def draw():
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(8.5, 8), layout="constrained")
    top, bottom = figure.subplots(2, 1, height_ratios=[3, 2])
    image = top.imshow(sinusoidal_encoding(*WIDE).T, cmap="gray_r", vmin=-1, vmax=1, aspect="auto")
    top.set(xlabel="position (row of the table)", ylabel="column of the table",
            title="The sinusoidal table: high frequencies at the top, low ones at the bottom")
    figure.colorbar(image, ax=top, label="entry", ticks=[-1, 0, 1])
    distances = np.arange(-20, 61)
    near, far = scores_over_distance(distances, 100), scores_over_distance(distances, 5100)
    bottom.plot(distances, near, color="black", label="query at 100")
    bottom.plot(distances[::5], far[::5], "o", color="#c4600b", label="query at 5100")
    bottom.axvline(BACK, color="grey", linestyle=":")
    bottom.set(xlabel="positions from the key to the query", ylabel="score",
               title=f"Rotary scores; the key is the query, rotated by {BACK} position")
    bottom.legend()
    return figure


if __name__ == "__main__":
    main()

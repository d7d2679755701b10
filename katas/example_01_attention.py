"""Your attention at work on real words: a search, a sentence, a temperature, a mask.

    make example-01

All vectors are written by hand, so that every number can be followed. Change a
word, a vector or the query, and run it again.
"""


import numpy as np
from drawing import DARK, console, heading, print_heat_map, save_picture, say
from kata_01_attention import attention, attention_weights

# The search: what words are about, by feature:
#              animal home food time sky
ABOUT = {
    "cat":      [2,    1,   0,   0,   0],
    "cats":     [2,    1,   0,   0,   0],
    "day":      [0,    0,   0,   1,   1],
    "dinner":   [0,    1,   2,   0,   0],
    "eat":      [0,    0,   2,   0,   0],
    "lions":    [2,    0,   0,   0,   0],
    "minutes":  [0,    0,   0,   2,   0],
    "moons":    [0,    0,   0,   0,   2],
    "pasta":    [0,    1,   2,   0,   0],
    "saturn":   [0,    0,   0,   0,   2],
}  # fmt: skip
TYPED = "dinner for my cat"
TITLES = ["what cats eat", "pasta in ten minutes", "a day with lions", "the moons of saturn"]
# The pages: how often each page says each of these words.
SAID = ["fish", "bowl", "salt", "pan", "grass", "orbit"]
PAGES = [[6, 4, 0, 0, 1, 0], [0, 2, 4, 5, 0, 0], [0, 0, 0, 0, 8, 0], [0, 0, 0, 0, 0, 9]]

# The sentence: what each word can be found by (its key) and what it asks for (its query).
SENTENCE = "the cat sat on the mat because it was tired".split()
#             thing alive place action state small word
KEYS = {
    "the":     [0,    0,    0,    0,     0,    3],
    "cat":     [3,    3,    0,    0,     0,    0],
    "sat":     [0,    1,    0,    3,     0,    0],
    "on":      [0,    0,    3,    0,     0,    1],
    "mat":     [3,    0,    3,    0,     0,    0],
    "because": [0,    0,    0,    0,     1,    2],
    "it":      [1,    1,    0,    0,     0,    2],
    "was":     [0,    0,    0,    1,     1,    1],
    "tired":   [0,    1,    0,    0,     3,    0],
}  # fmt: skip
QUERIES = {
    "the":     [1,    0,    0,    0,     0,    0],  # which thing?
    "cat":     [0,    0,    0,    2,     0,    0],  # does what?
    "sat":     [0,    2,    0,    0,     0,    0],  # who did?
    "on":      [1,    0,    2,    0,     0,    0],  # on what?
    "mat":     [0,    0,    1,    1,     0,    0],  # where, and doing what?
    "because": [0,    0,    0,    0,     2,    0],  # of what state?
    "it":      [1,    2,    0,    0,     0,    0],  # which living thing?
    "was":     [0,    0,    0,    0,     3,    0],  # was what?
    "tired":   [0,    2,    0,    0,     0,    0],  # who is?
}  # fmt: skip


def main():
    query = np.array([about(TYPED)], dtype=float)  # (1, d_k): one query
    keys = np.array([about(title) for title in TITLES], dtype=float)  # (n_titles, d_k)
    q = np.array([QUERIES[word] for word in SENTENCE], dtype=float)  # (n_words, d_k)
    k = np.array([KEYS[word] for word in SENTENCE], dtype=float)
    show_search(query, keys)
    show_sentence(q, k)
    show_temperature(query, keys)
    show_mask(q, k)


def about(text):
    """The features of a text: the sum over those of its words that are known."""
    return np.sum([ABOUT[word] for word in text.split() if word in ABOUT], axis=0)


def show_search(query, keys):
    heading("1. A search engine that blends")
    say(f'You type the query "{TYPED}". The keys are the titles, the values are the pages: how '
        "often each says certain words. No title has a word of your query, yet their features "
        "match, more or less. The weight is the share that a page gets in the answer.")
    weights, pages = attention_weights(query, keys)[0], np.array(PAGES, dtype=float)
    print_row("", "weight", *SAID)
    for title, weight, page in zip(TITLES, weights, PAGES):
        print_row(title, f"{weight:.2f}", *page)
    blend = attention(query, keys, pages)[0]
    print_row("the blend", f"{weights.sum():.2f}", *(f"{count:.1f}" for count in blend))
    say("The answer is mostly the first page, with a little of the others stirred in.")


def show_sentence(q, k):
    heading("2. Where each word of a sentence looks")
    say("Rows ask, columns are looked at. Each row sums to 1; * marks the largest in it.")
    weights = attention_weights(q, k)
    print_heat_map(SENTENCE, SENTENCE, weights, marked=True)
    found = weights[SENTENCE.index("it"), SENTENCE.index("cat")]
    say(f'"it" asks for a living thing, and gives {found:.2f} of its attention to "cat". The two '
        'columns of "the" are alike: attention does not know the position of a word.')
    say(save_picture("attention_weights", lambda: draw(weights)))


def show_temperature(query, keys):
    heading("3. The same search, asked softly and sharply")
    say("If you multiply the query, you multiply all scores. This is the inverse of a temperature: "
        "times 0.1 is a temperature of 10 (hot), times 10 is one of 0.1 (cold).")
    print_row("query times", "0.1", "1", "10")
    by_scale = [attention_weights(scale * query, keys)[0] for scale in (0.1, 1, 10)]
    for title, *weights in zip(TITLES, *by_scale):
        print_row(title, *(f"{weight:.2f}" for weight in weights))
    say("At a high temperature the answer is nearly the average of all pages; at a low one, the "
        "best page alone.")


def show_mask(q, k):
    heading('4. A mask that hides "mat"')
    visible = np.array([word != "mat" for word in SENTENCE])
    on = SENTENCE.index("on")
    before, after = attention_weights(q, k)[on], attention_weights(q, k, visible)[on]
    say('This is the row of "on", before and after the mask is False at "mat":')
    print_heat_map(["before", "after"], SENTENCE, np.stack([before, after]), marked=True)
    say(f'"mat" had {before[~visible].sum():.2f}, and now has exactly {after[~visible].sum()}. '
        f"The others had {before[visible].sum():.2f} together, and now sum to 1: each has "
        f"grown by the same factor, {np.mean(after[visible] / before[visible]):.2f}.")


def draw(weights):
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(7.5, 6.5), layout="constrained")
    axes = figure.subplots()
    image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    for (i, j), weight in np.ndenumerate(weights):
        colour = "white" if weight > DARK else "black"
        axes.text(j, i, f"{weight:.2f}", ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(SENTENCE)), SENTENCE)
    axes.set_yticks(range(len(SENTENCE)), SENTENCE)
    axes.set(xlabel="key: the word attended to", ylabel="query: the word that attends",
             title="Where each word looks (each row sums to 1)")
    figure.colorbar(image, label="weight", shrink=0.8)
    return figure


def print_row(label, *cells):
    console.print(f"  {label:<22}" + "".join(f"{cell!s:>8}" for cell in cells))


if __name__ == "__main__":
    main()

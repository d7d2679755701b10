"""Your self-attention at work on real sentences: masks, a padded batch, order, two sequences.

    make example-02

The features of the words and the three matrices are written by hand, so that every
number can be followed. Change a word or a number, and run it again.
"""


import numpy as np
from drawing import heading, print_heat_map, save_picture, say
from kata_01_attention import attention_weights
from kata_02_self_attention import (
    causal_mask,
    causal_self_attention,
    cross_attention,
    padding_mask,
    project_qkv,
    self_attention,
)

# What each word is, by feature: the rows of X.
#              thing alive place action state pronoun small
FEATURES = {
    "the":     [0,    0,    0,    0,     0,    0,      1],
    "cat":     [1,    1,    0,    0,     0,    0,      0],
    "dog":     [1,    1,    0,    0,     1,    0,      0],
    "mat":     [1,    0,    1,    0,     0,    0,      0],
    "sat":     [0,    0,    0,    1,     0,    0,      0],
    "slept":   [0,    0,    0,    1,     1,    0,      0],
    "chased":  [0,    0,    0,    2,     0,    0,      0],
    "on":      [0,    0,    1,    0,     0,    0,      1],
    "because": [0,    0,    0,    0,     0,    0,      2],
    "it":      [0,    0,    0,    0,     0,    1,      0],
    "was":     [0,    0,    0,    1,     0,    0,      1],
    "tired":   [0,    0,    0,    0,     2,    0,      0],
    "<pad>":   [0,    0,    0,    0,     0,    0,      0],
}  # fmt: skip
# What a feature asks for (W_Q) and can be found by (W_K):
#          someone  something  a place  an act  a state
W_Q = np.array([
    [0,       0,         0,       4,      0],  # a thing: what did it do?
    [0,       0,         0,       2,      0],  # alive: the same, more so
    [0,       0,         6,       0,      0],  # a place: where exactly?
    [5,       0,         0,       0,      0],  # an act: who did it?
    [4,       0,         0,       0,      0],  # a state: who was so?
    [7,       0,         0,       0,      0],  # a pronoun: whom does it stand for?
    [0,       4,         0,       0,      0],  # a small word: which thing?
], dtype=float)  # fmt: skip
W_K = np.array([
    [0,       1,         0,       0,      0],  # a thing can be found as something,
    [1,       0,         0,       0,      0],  # what is alive as someone,
    [0,       0,         1,       0,      0],
    [0,       0,         0,       1,      0],
    [0,       0,         0,       0,      1],
    [0.2,     0.2,       0,       0,      0],  # a pronoun as a bit of both,
    [0,       0,         0,       0,      0],  # and a small word not at all
], dtype=float)  # fmt: skip
# What a feature passes on:
#          someone  a place  an action
W_V = np.array([
    [1,       0,       0],  # a thing
    [4,       0,       0],  # alive
    [0,       5,       0],  # a place
    [0,       0,       6],  # an act
    [0,       0,       2],  # a state
    [1,       0,       0],  # a pronoun
    [0,       0,       0],  # a small word
], dtype=float)  # fmt: skip
VALUE_COLUMNS = "someone, a place, an action"

SENTENCE = "the cat sat on the mat because it was tired".split()
BATCH = ["the cat sat on the mat".split(), "the dog slept <pad> <pad> <pad>".split()]
LENGTHS = np.array([6, 3])

# The second sequence of the last section: two questions, with features of their own.
QUESTIONS = ["who", "where"]
ASKED = np.array([[1, 0], [0, 1]], dtype=float)
W_Q_ASKED = np.array([[6, 0, 0, 0, 0], [0, 0, 6, 0, 0]], dtype=float)  # for someone; for a place


def main():
    show_projections()
    show_everything()
    show_causal()
    show_padding()
    show_order()
    show_cross()
    say(save_picture("self_attention", draw))


def vectors(words):
    """The rows of X for a sentence, (n_words, n_features)."""
    return np.array([FEATURES[word] for word in words], dtype=float)


def weights_of(words, mask=None):
    q, k, _ = project_qkv(vectors(words), W_Q, W_K, W_V)
    return attention_weights(q, k, mask)


def show_projections():
    heading("1. One word, three views of it")
    say("Every word starts as one vector. Three matrices turn it into a query, a key and a value:")
    words = ["the", "cat", "sat", "it"]
    q, k, v = project_qkv(vectors(words), W_Q, W_K, W_V)
    for word, query, key, value in zip(words, q, k, v):
        say(f"  {word:>5}   query {numbers(query)}   key {numbers(key)}   value {numbers(value)}")
    say("The columns of query and key: someone, something, a place, an act, a state. "
        f'Those of a value: {VALUE_COLUMNS}. "cat" can be found as someone and as something. '
        "What it asks for is an act.")


def show_everything():
    heading("2. A sentence looks at itself")
    say("Rows ask, columns are looked at; each row sums to 1. No mask: every word sees every word.")
    weights = weights_of(SENTENCE)
    print_heat_map(SENTENCE, SENTENCE, weights)
    found = weights[SENTENCE.index("it"), SENTENCE.index("cat")]
    say(f'"it" gives {found:.2f} to "cat". The two "the" have equal rows and equal columns: '
        "the layer cannot tell them apart.")


def show_causal():
    heading("3. No peeking: the causal mask")
    say("Now each word sees only itself and the words before it. The upper right is exactly 0.")
    print_heat_map(SENTENCE, SENTENCE, weights_of(SENTENCE, causal_mask(len(SENTENCE))))
    say('"the" can only look at itself, and "cat" has not heard of "sat" yet. The last row has not '
        'changed. Replace the last word, "tired", by "on": how far does each output move?')
    x, other = vectors(SENTENCE), vectors([*SENTENCE[:-1], "on"])
    moved = [np.abs(layer(other, W_Q, W_K, W_V) - layer(x, W_Q, W_K, W_V)).max(axis=-1)
             for layer in (self_attention, causal_self_attention)]
    print_heat_map(["no mask", "causal"], SENTENCE, np.stack(moved), high=5.0)
    say("With the mask, a later word does not move an earlier output.")


def show_padding():
    heading("4. A padded batch")
    say("Two sentences share one array, so the short one is filled up. Its weights without a mask:")
    x = np.stack([vectors(words) for words in BATCH])  # (2, 6, n_features)
    mask = padding_mask(LENGTHS, x.shape[1])
    q, k, _ = project_qkv(x, W_Q, W_K, W_V)
    print_heat_map(BATCH[1], BATCH[1], attention_weights(q, k)[1])
    say(f"The padding takes its share. The mask has the shape {mask.shape}: a row of keys for each "
        "sentence, and the 1 stretches over its queries.")
    print_heat_map(BATCH[1], BATCH[1], attention_weights(q, k, mask)[1])
    alone = self_attention(x[1, :3], W_Q, W_K, W_V)
    padded = self_attention(x, W_Q, W_K, W_V, mask)[1, :3]
    say("Now the three real words get what they get alone: the largest difference is "
        f"{np.abs(padded - alone).max():.6f}. The rows of the padding itself are filled in too; "
        "nobody reads them.")


def show_order():
    heading("5. Order does not matter, yet")
    one, two = "the cat chased the dog".split(), "the dog chased the cat".split()
    say(f'"{" ".join(one)}" and "{" ".join(two)}": what each word gets, as {VALUE_COLUMNS}.')
    for name, layer in (("no mask", self_attention), ("causal", causal_self_attention)):
        first, second = (layer(vectors(words), W_Q, W_K, W_V) for words in (one, two))
        say(f"  {name:>8}   {'the cat chased the dog':<24}{'the dog chased the cat':<24}")
        for word in ("cat", "chased", "dog"):
            before, after = first[one.index(word)], second[two.index(word)]
            say(f"  {word:>8}   {numbers(before, '{:.2f}'):<24}{numbers(after, '{:.2f}'):<24}")
    say("Without a mask each word gets the same in both: who chased whom is lost. The causal mask "
        "is the only thing here that knows about order, and it shows.")


def show_cross():
    heading("6. Two sequences: questions look at a sentence")
    say("The queries come from one sequence, the keys and values from another.")
    memory = vectors(SENTENCE)
    print_heat_map(QUESTIONS, SENTENCE, attention_weights(ASKED @ W_Q_ASKED, memory @ W_K))
    answers = cross_attention(ASKED, memory, W_Q_ASKED, W_K, W_V)
    for question, answer in zip(QUESTIONS, answers):
        say(f"  {question:>7} gets {numbers(answer, '{:.2f}')}   ({VALUE_COLUMNS})")


def numbers(row, form="{:g}"):
    return "(" + ", ".join(form.format(number) for number in row) + ")"


def draw():
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    shuffled = [SENTENCE[i] for i in np.random.default_rng(2).permutation(len(SENTENCE))]
    panels = [
        ("every word sees every word", SENTENCE, weights_of(SENTENCE)),
        ("the causal mask: no peeking", SENTENCE, weights_of(SENTENCE, causal_mask(len(SENTENCE)))),
        ("the padding is masked", BATCH[1], weights_of(BATCH[1], padding_mask(LENGTHS[1:], 6)[0])),
        ("the words in another order: the same weights", shuffled, weights_of(shuffled)),
    ]
    figure = Figure(figsize=(13, 11.5), layout="constrained")
    for axes, (title, words, weights) in zip(figure.subplots(2, 2).flat, panels):
        image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1)
        for (i, j), weight in np.ndenumerate(weights):
            axes.text(j, i, f"{weight:.2f}", ha="center", va="center", fontsize=8,
                      color="white" if weight > 0.6 else "black")
        axes.set_xticks(range(len(words)), words, rotation=45)
        axes.set_yticks(range(len(words)), words)
        axes.set(xlabel="key: the word attended to", ylabel="query: the word that attends",
                 title=title)
    figure.colorbar(image, ax=figure.axes, label="weight (each row sums to 1)", shrink=0.6)
    return figure


if __name__ == "__main__":
    main()

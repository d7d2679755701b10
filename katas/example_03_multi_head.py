"""Your heads at work: four heads with weights chosen by hand, and what each is good for.

    make example-03

Every word is two one-hot vectors side by side, which word it is and at which position, so
that a head can ask for either. Change the sentence, a head or SHARP, and run it again.
"""


import numpy as np
from drawing import heading, print_heat_map, save_picture, say
from kata_03_multi_head import attention_maps, multi_head_attention, split_heads

SENTENCE = "the cat sat on the mat".split()
VOCABULARY = sorted(set(SENTENCE), key=SENTENCE.index)
NOUNS = ["cat", "mat"]
HEADS = {
    "previous": "looks at the word before it (the first word: at itself)",
    "equal": "looks at the same word, at any position",
    "first": "looks at the first word",
    "nouns": "looks at the nouns",
}
SHARP = 5.0  # by how much the score of what a head looks for is above the others

N, N_WORDS = len(SENTENCE), len(VOCABULARY)
SHOWN = N // 2 - 1  # the position of the word that parts 3 and 4 look at more closely: "sat"
D_HEAD = max(N, N_WORDS)  # a head can ask for any position or any word
NAMED = 0.3  # from this weight on, a head is said to look at a word


def main():
    x = sentence_vectors()
    w_q, w_k, w_v, w_o = layer()
    maps = attention_maps(x, w_q, w_k, len(HEADS))
    show_heads(x, w_q, maps)
    show_merged(multi_head_attention(x, w_q, w_k, w_v, w_o, len(HEADS)))
    show_one_head(x, w_q, w_k, maps)
    show_mask(x, w_q, w_k, maps)


def sentence_vectors():
    """A row for each word: a 1 for which word it is, and a 1 for its position."""
    return np.hstack([np.eye(N_WORDS)[[VOCABULARY.index(word) for word in SENTENCE]], np.eye(N)])


def layer():
    """The weights w_q, w_k, w_v and w_o of all heads, side by side, by rules that can be read."""
    q, k = np.zeros((2, len(HEADS), N_WORDS + N, D_HEAD))  # for each head: (d_model, d_head)
    words, positions = slice(0, N_WORDS), slice(N_WORDS, N_WORDS + N)
    previous, equal, first, nouns = range(len(HEADS))

    q[previous, positions, :N] = np.eye(N)[[0, *range(N - 1)]]  # position p asks for position p - 1
    k[previous, positions, :N] = np.eye(N)
    q[equal, words, :N_WORDS] = k[equal, words, :N_WORDS] = np.eye(N_WORDS)
    q[first, positions, 0] = 1  # every position asks the same question,
    k[first, N_WORDS, 0] = 1  # and only position 0 is the answer
    q[nouns, positions, 0] = 1
    k[nouns, :N_WORDS, 0] = [word in NOUNS for word in VOCABULARY]

    v = np.zeros((len(HEADS), N_WORDS + N, N_WORDS))
    v[:, words] = np.eye(N_WORDS)  # every head passes on the word, and not its position
    scale = SHARP * np.sqrt(D_HEAD)  # attention divides by the root of d_head
    w_q, w_k, w_v = (np.hstack(list(each)) for each in (scale * q, k, v))
    return w_q, w_k, w_v, np.eye(len(HEADS) * N_WORDS)


def show_heads(x, w_q, maps):
    heading("1. Four heads, four maps")
    say(f"{N} words, {x.shape[-1]} numbers each: which word, and which position. split_heads cuts "
        f"the queries {(x @ w_q).shape} into {split_heads(x @ w_q, len(HEADS)).shape}: "
        f"{len(HEADS)} heads. Rows are queries, columns are keys, each row sums to 1.")
    for (name, does), weights in zip(HEADS.items(), maps):
        say(f"\nHead {list(HEADS).index(name)}, {name}: {does}.")
        print_heat_map(SENTENCE, SENTENCE, weights)
    say("")
    say(save_picture("multi_head_maps", lambda: draw(maps)))


def show_merged(merged):
    heading("2. The output for each word")
    say("Here every head passes on which word it looked at, and w_o is the identity. So a row of "
        f"multi_head_attention holds {len(HEADS)} blends of {N_WORDS} numbers, side by side:")
    # a row is heads first, then words: no transpose
    blends = merged.reshape(N, len(HEADS), N_WORDS)
    print_words("", HEADS)
    for word, of_heads in zip(SENTENCE, blends):
        print_words(word, ["+".join(np.array(VOCABULARY)[blend > NAMED]) for blend in of_heads])
    say("All four are there at once, each in its own columns. (cat+mat: half of each. The two "
        'halves that head 1 takes from the two "the" are the same word, so together they are a '
        "whole one.)")


def show_one_head(x, w_q, w_k, maps):
    heading("3. The same weights in one head")
    say("The same w_q and w_k, but n_heads=1: all four questions are added up into one score (and "
        f"divided by the root of {w_q.shape[1]} instead of {D_HEAD}).")
    single = attention_maps(x, w_q, w_k, 1)[0]
    print_heat_map(SENTENCE, SENTENCE, single)
    said = [f"{name} {weights[SHOWN].max():.2f}" for name, weights in zip(HEADS, maps)]
    say(f'Look at "{SENTENCE[SHOWN]}". In four heads the largest weights are {", ".join(said)}. In '
        f"one head the largest is {single[SHOWN].max():.2f}, and you cannot tell which of the four "
        "questions it answers.")


def show_mask(x, w_q, w_k, maps):
    heading("4. One mask for all heads")
    say("The causal mask of lesson 2 has no head axis: it is the same for every head. The row of "
        f'"{SENTENCE[SHOWN]}", head by head:')
    masked = attention_maps(x, w_q, w_k, len(HEADS), np.tri(N, dtype=bool))
    print_heat_map(HEADS, SENTENCE, masked[:, SHOWN], gap=10)
    nouns = list(HEADS).index("nouns")
    say(f'Without the mask the head of nouns had {maps[nouns, SHOWN, -1]:.2f} on "{SENTENCE[-1]}", '
        f"which is now in the future. It has exactly {masked[nouns, SHOWN, -1]}, and its other "
        "weights still sum to 1.")


def draw(maps):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 9), layout="constrained")
    panels = figure.subplots(2, 2)
    for number, (axes, (name, does), weights) in enumerate(zip(panels.flat, HEADS.items(), maps)):
        image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1)
        for (i, j), weight in np.ndenumerate(weights):
            axes.text(j, i, f"{weight:.2f}", ha="center", va="center",
                      color="white" if weight > 0.65 else "black")
        axes.set_xticks(range(N), SENTENCE)
        axes.set_yticks(range(N), SENTENCE)
        axes.set_title(f"head {number}, {name}\n{does}", fontsize=11)
    figure.supxlabel("key: the word attended to")
    figure.supylabel("query: the word that attends")
    figure.colorbar(image, ax=panels, label="weight (each row sums to 1)", shrink=0.7)
    return figure


def print_words(label, words):
    say(f"{label:>7} " + "".join(f"{word:>12}" for word in words))


if __name__ == "__main__":
    main()

"""A tokenizer trained on the text of these lessons: what it merges, and what a language costs.

    make example-10

Change SENTENCE, or put a text of yours into TEXTS, and run it again.
"""

from pathlib import Path

import numpy as np
from drawing import console, heading, print_heat_map, save_picture, say
from kata_10_tokenizer import WORD, decode, encode, train_bpe, vocabulary
from rich.text import Text
from smollm2.tokenizer import byte_letters

LESSONS = sorted(Path(__file__).parent.glob("lesson_*.md"))
SENTENCE = "The cat's attention is on the 12 unforgettable mats; die Katze schläft. 🙂"
SHOWN, N_MERGES = (0, 100, 500), 2000
STEPS = (0, 10, 20, 50, 100, 200, 500, 1000, 2000)  # numbers of merges that are drawn
TEXTS = {
    "English": "Every token looks at all the others, and takes a little from each of them. How "
               "much it takes is decided by a dot product, and so by what the two have in common.",
    "German": "Jedes Wort schaut alle anderen an und nimmt von jedem ein wenig. Wie viel es "
              "nimmt, entscheidet ein Skalarprodukt, also das, was die beiden gemeinsam haben.",
    "Hindi": "हर शब्द बाकी सब शब्दों को देखता है और हर एक से थोड़ा कुछ लेता है। कितना लेता है, यह "
             "इस पर निर्भर करता है कि दोनों में क्या समान है।",
    "Python": "def softmax(scores, axis=-1):\n    exps = np.exp(scores - scores.max(axis=axis, "
              "keepdims=True))\n    return exps / exps.sum(axis=axis, keepdims=True)\n",
    "numbers": "3.14159265358979 2.71828182845904 1.41421356237309 1024 4096 16384 65536 262144",
}  # fmt: skip


def main():
    text = corpus()
    say(f"Learning {N_MERGES:,} merges from the {len(text):,} characters of the {len(LESSONS)} "
        "lessons. It takes a while: all pairs are counted again after each.")
    merges = train_bpe(text, N_MERGES)
    show_merges(merges)
    show_sentence(merges)
    table = bytes_per_token(lambda text, n: encode(text, merges[:n]))
    show_texts(table)
    show_numbers(merges)
    show_a_library(text, merges)
    say("")
    say(save_picture("tokenizer", lambda: draw(table)))


def corpus():
    """The text of the lessons, with the ends of lines as they are."""
    return "".join(page.read_bytes().decode() for page in LESSONS)


def show_merges(merges):
    heading(f"1. The first and the last of {len(merges):,} merges")
    tokens = vocabulary(merges)
    longest = sorted(tokens, key=len)[-6:]
    for name, some in (("first", tokens[256:280]), ("last", tokens[-16:]), ("longest", longest)):
        say(f"{name}: {' '.join(map(quoted, some))}")
    say("Frequent pairs of letters come first, whole words last. Nearly every word begins with a "
        "blank.")


def quoted(token):
    """A token in quotes, in which no line is broken; its bytes, if it is no text by itself."""
    try:
        return repr(token.decode()).replace(" ", "\u00a0")
    except UnicodeDecodeError:
        return readable(token)


def show_sentence(merges):
    heading("2. One sentence, with more and more merges")
    for n in (*SHOWN, len(merges)):
        ids = encode(SENTENCE, merges[:n])
        say(f"\n{n:,} merges, {len(ids)} tokens:")
        print_tokens(ids, merges)
        if (back := decode(ids, merges)) != SENTENCE:
            say(f"decode does not bring it back: {back!r}")
    say("\nA token that is part of a character only is shown by its bytes: <f0> is the byte f0.")


def print_tokens(ids, merges):
    """Tokens in two colours that alternate, with a line between them."""
    tokens, line = vocabulary(merges), Text()
    for place, token_id in enumerate(ids):
        style = ("black on #9cc3e6", "black on #f4b77c")[place % 2]
        line.append(readable(tokens[token_id]), style)
        line.append("|" * (place + 1 < len(ids)))
    console.print(line)


def readable(token):
    """A token as text; as its bytes in hexadecimal, if it is no text by itself."""
    try:
        return token.decode().replace("\n", "\\n")
    except UnicodeDecodeError:
        return f"<{token.hex(' ')}>"


def bytes_per_token(encode_with):
    """For each text, how many bytes one token stands for, by the number of merges."""
    return {name: [len(text.encode()) / len(encode_with(text, n)) for n in STEPS]
            for name, text in TEXTS.items()}  # fmt: skip


def show_texts(table):
    heading("3. How many bytes a token stands for")
    print_heat_map(table, [f"{n:,}" for n in STEPS], table.values(), low=1, high=5)
    say("A row for each text, a column for each number of merges. What the lessons are written in "
        "gets long tokens. German shares some of them. Hindi has three bytes for a letter, and "
        "the lessons have next to none of it, so its bytes stay alone, or nearly. Each digit is "
        "a word of its own, so numbers are not merged at all.")


def show_numbers(merges):
    heading("4. What a model is given to read")
    for text in ("1234 + 5678", "strawberry", "  indented", "Straße", "नमस्ते"):
        ids = encode(text, merges)
        say(f"{text!r}: {len(ids)} tokens, {ids}")
        print_tokens(ids, merges)
    say("A model sees the ids alone. How many r are in a token is nothing that it can look up.")


def show_a_library(text, merges):
    heading("5. The same beside a library")
    if (theirs := trained_by_a_library(text, len(merges))) is None:
        say("To see it, install the library, and run this again: "
            "`.venv/bin/python -m pip install tokenizers`.")  # fmt: skip
        return
    ours = set(vocabulary(merges)[256:])
    both = len(ours & theirs)
    say(f"Hugging Face's tokenizers, on the same text, cut into the same words: {both:,} of "
        f"{len(ours):,} tokens are the same. Of pairs that come equally often the library takes "
        "the smallest, too, but by numbers of its own for the bytes, in which the blank is behind "
        "the letters. So a few may differ.")


def trained_by_a_library(text, n_merges):
    """The tokens, as bytes, that the library makes of the words; None if it is not there."""
    try:
        from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    except ImportError:
        return None
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=256 + n_merges, initial_alphabet=alphabet, show_progress=False)  # fmt: skip
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.train_from_iterator(WORD.findall(text), trainer)
    byte_of = byte_letters()
    return {bytes(byte_of[letter] for letter in token) for token in tokenizer.get_vocab()}


LINES = {"English": ("-", "o"), "German": ("--", "s"), "Hindi": (":", "^"),
         "Python": ("-.", "D"), "numbers": ("-", "x")}  # fmt: skip


def draw(table):
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(8, 5), layout="constrained")
    fill_texts(figure.subplots(), table)
    return figure


def fill_texts(axes, table):
    """Draw how many bytes a token stands for, a line for each text."""
    for (name, row), shade in zip(table.items(), np.linspace(0, 0.6, len(table))):
        line, marker = LINES.get(name, ("-", "."))
        axes.plot(STEPS, row, line, marker=marker, color=str(shade), label=name)
    axes.set_xscale("symlog", linthresh=10)
    axes.set_xticks(STEPS, [str(n) for n in STEPS])
    axes.set(xlabel="merges", ylabel="bytes for each token", xlim=(0, None), ylim=(0, None))
    axes.legend(frameon=False)


if __name__ == "__main__":
    main()

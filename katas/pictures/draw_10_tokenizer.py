"""Draw the pictures of lesson 10: `python katas/pictures/draw_10_tokenizer.py`.

Merges and ids come from the reference solution of the kata, and the last picture from the lesson's
example, so a picture can never say anything else than the code does.
"""

import sys

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle
from style import BLUE, GREY, HERE, INK, ORANGE, blank, save

sys.path.insert(0, str(HERE.parents[1] / "hints" / "solutions"))
sys.path.append(str(HERE.parent))

import example_10_tokenizer as example
from kata_10_tokenizer import WORD, encode, train_bpe, vocabulary

TEXT = "the cat sat on the mat"
LETTER, HIGH = 0.42, 0.5  # of a box, in inches for each byte


def token_box(axes, x, y, width, text, looks=None, size=15):
    """A box for a token; looks are a colour and a hatch."""
    colour, hatch = looks or ("white", None)
    axes.add_patch(Rectangle((x, y), width, HIGH, facecolor=colour, hatch=hatch, edgecolor=INK,
                             linewidth=1.1))  # fmt: skip
    if hatch:  # letters stand on plain ground
        axes.add_patch(Rectangle((x + width / 2 - 0.1 * len(text) - 0.03, y + 0.08),
                                 0.2 * len(text) + 0.06, HIGH - 0.16, facecolor=colour,
                                 edgecolor="none"))  # fmt: skip
    axes.text(x + width / 2, y + HIGH / 2, text, ha="center", va="center", fontsize=size,
              color=INK, family="monospace")  # fmt: skip


def draw_idea():
    """The text in boxes, a row for each merge."""
    merges = train_bpe(TEXT, 3)
    tokens = vocabulary(merges)
    figure, axes = blank(13.4, 3.6)
    names = ["bytes"] + [f'merge {i}: "{tokens[256 + i].decode()}"' for i in range(3)]
    for row, name in enumerate(names):
        x, y = 2.5, 2.85 - 0.85 * row
        axes.text(0.2, y + HIGH / 2, name, va="center", fontsize=14, color=INK)
        for word in WORD.findall(TEXT):
            for token_id in encode(word, merges[:row]):
                token = tokens[token_id].decode()
                looks = [None, (BLUE, "//"), (ORANGE, ".."), (BLUE, "xx")][max(token_id - 255, 0)]
                width = LETTER * len(token)
                token_box(axes, x, y, width, token.replace(" ", "␣"), looks)
                x += width
            x += 0.22
    save(figure, "10_idea")


def draw_utf8():
    """Four characters, a row each, with the bits of their bytes."""
    figure, axes = blank(12.4, 3.7)
    names = {"a": "a", "é": "é", "你": "U+4F60 (you)", "👍": "U+1F44D (thumb up)"}
    for row, (letter, name) in enumerate(names.items()):
        y = 2.95 - 0.85 * row
        axes.text(0.2, y + HIGH / 2, name, va="center", fontsize=14, color=INK)
        for place, byte in enumerate(letter.encode()):
            bits = f"{byte:08b}"
            fixed = 2 if bits.startswith("10") else bits.index("0") + 1  # what says how it begins
            for at, bit in enumerate(bits):
                x = 2.7 + 2.4 * place + 0.27 * at
                looks = (ORANGE, "//") if at < fixed else None
                token_box(axes, x, y, 0.27, bit, looks, 13)
            axes.text(2.7 + 2.4 * place + 1.08, y - 0.14, f"{byte:02x}", ha="center", va="center",
                      fontsize=11, color=GREY)  # fmt: skip
    save(figure, "10_utf8")


def draw_texts():
    """The chart of the example."""
    merges = train_bpe(example.corpus(), example.N_MERGES)
    figure, axes = plt.subplots(figsize=(9.6, 5.0))
    example.fill_texts(axes, example.bytes_per_token(lambda text, n: encode(text, merges[:n])))
    save(figure, "10_texts")


if __name__ == "__main__":
    draw_idea()
    draw_utf8()
    draw_texts()

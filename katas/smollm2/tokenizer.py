"""SmolLM2's tokenizer in the numbering of lesson 10, where ids below 256 are bytes.

The file of the model has its tokens in an order of its own, and writes each byte as a letter, as
GPT-2's files do, so that all of them are text.
"""

from typing import NamedTuple

CONTROL = 3  # the type of special tokens in a GGUF file


class Tokenizer(NamedTuple):
    """What `encode` and `decode` take, and the ids that the model knows.

    merges:    a list of pairs of ids
    special:   a dict {text: id}
    their_ids: for each id of lesson 10 the model's id; -1 for a byte that it does not have
    """

    merges: list[tuple[int, int]]
    special: dict[str, int]
    their_ids: list[int]


def tokenizer(tokens, merges, types):
    """The tokenizer of a GGUF file.

    tokens:  a list of texts; entry i is the model's token i
    merges:  a list of texts "left right", in the order in which they were learned
    types:   a list of the tokens' types
    returns: a Tokenizer
    """
    theirs = {token: i for i, token in enumerate(tokens)}
    ours = byte_letters()
    pairs, names = [], list(ours)
    for merge in merges:
        left, right = merge.split(" ")
        pairs.append((ours[left], ours[right]))
        ours[left + right] = 256 + len(pairs) - 1
        names.append(left + right)
    control = [token for token, kind in zip(tokens, types) if kind == CONTROL]
    special = {token: len(names) + i for i, token in enumerate(control)}
    return Tokenizer(pairs, special, [theirs.get(name, -1) for name in [*names, *control]])


def byte_letters():
    """A dict from letter to byte, in the order of bytes: the letters of GPT-2's files.

    A byte that is a letter or sign in Latin-1 is written as that; the others, in order, as the
    characters from number 256 on. A blank is "Ġ".
    """
    seen = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return {chr(byte if byte in seen else next(hidden)): byte for byte in range(256)}

"""SmolLM2's tokenizer, 48,900 merges, runs in lesson 10's `encode`, and gives its own ids.

`make_smollm2_ids.py` says how the ids were made.
"""

import json
import lzma
import runpy
from functools import cache
from pathlib import Path

from tests.runner.lessons.catalog import KATAS, find
from tests.runner.lessons.loading import load, solutions

KATA = load(find("kata", "10").name, solutions)[find("kata", "10").name]
END = "<|endoftext|>"


@cache
def kept():
    return json.loads(lzma.decompress((Path(__file__).parent / "smollm2_ids.json.xz").read_bytes()))


@cache
def names_of_the_file():
    return runpy.run_path(str(KATAS / "smollm2" / "tokenizer.py"))


@cache
def smollm2():
    """The tokenizer, as lesson 12 gets it from the model's file."""
    tokens = kept()["first_tokens"] + [merge.replace(" ", "") for merge in kept()["merges"]]
    types = kept()["first_types"] + [1] * len(kept()["merges"])
    return names_of_the_file()["tokenizer"](tokens, kept()["merges"], types)


def encoded(text):
    """The model's ids of a text."""
    merges, special, their_ids = smollm2()
    return [their_ids[token_id] for token_id in KATA.encode(text, merges, special)]


def test_a_thousand_texts_have_the_ids_of_the_real_one():
    """In one call, as each call numbers all merges anew: a special text ends each text."""
    texts, ids, end = kept()["texts"], kept()["ids"], encoded(END)
    assert len(set(texts)) == len(texts) == 1000
    found, start = encoded("".join(text + END for text in texts)), 0
    for text, expected in zip(texts, ids, strict=True):
        stop = start + len(expected) + 1
        assert found[start:stop] == expected + end, text
        start = stop
    assert start == len(found)


def test_its_ids_are_decoded_to_the_same_thousand_texts():
    merges, special, _ = smollm2()
    text = END.join(kept()["texts"])
    assert KATA.decode(KATA.encode(text, merges, special), merges, special) == text


def test_every_id_of_the_model_has_one_of_ours():
    merges, special, their_ids = smollm2()
    assert len(merges) == 48_900 and len(special) == 17
    known = [token_id for token_id in their_ids if token_id >= 0]
    assert sorted(known) == list(range(49_152))
    assert their_ids[256:][:48_900] == list(range(252, 49_152))


def test_only_bytes_that_no_usual_text_has_are_missing():
    missing = [byte for byte in range(256) if smollm2().their_ids[byte] < 0]
    never_in_utf8 = [0xC0, 0xC1, *range(0xF5, 0x100)]
    control, other_planes = [0x04, 0x06, 0x13, 0x14, 0x16, 0x1D], [0xF1, 0xF2]
    assert missing == sorted(control + other_planes + never_in_utf8)


def test_the_letters_of_bytes_are_those_of_gpt_2():
    letters = names_of_the_file()["byte_letters"]()
    assert list(letters.values()) == list(range(256))
    assert {letter: letters[letter] for letter in "AĠĊÿŃ"} == {"A": 65, "Ġ": 32, "Ċ": 10, "ÿ": 255,
                                                              "Ń": 173}

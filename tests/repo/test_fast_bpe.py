"""The tokenizer that keeps its counts gives the merges and ids of the solution."""

import pytest

from benchmarks import fast_bpe
from tests.runner.lessons.catalog import KATAS, find
from tests.runner.lessons.loading import load, solutions
from tests.test_kata_10_tokenizer import PIECES, TEXTS

TOKENIZER = load(find("kata", "10").name, solutions)[find("kata", "10").name]
NAMES = (KATAS / "mini_gpt" / "names.txt").read_text(encoding="utf-8")
CORPORA = {
    "nothing": "",
    "runs": "aaaaaaa aaa aaaaa bababab aab\n" * 3,
    "all kinds": "".join(PIECES) + "\n".join(TEXTS.values()),
    "names": NAMES[:9000],
}


@pytest.mark.parametrize("text", CORPORA.values(), ids=CORPORA)
def test_counts_kept_up_to_date_give_the_same_merges(text):
    expected = TOKENIZER.train_bpe(text, 300)
    assert fast_bpe.train_bpe(text, 300, TOKENIZER.WORD) == expected
    assert fast_bpe.train_bpe(text, 7, TOKENIZER.WORD) == expected[:7]


@pytest.mark.parametrize("text", CORPORA.values(), ids=CORPORA)
def test_words_that_are_remembered_give_the_same_ids(text):
    merges = fast_bpe.train_bpe(NAMES, 200, TOKENIZER.WORD) + [(32, 97), (97, 97)]
    assert fast_bpe.encode(text, merges, TOKENIZER.WORD) == TOKENIZER.encode(text, merges)

"""Lesson 10: what it costs to learn merges, and to encode, over growing parts of the lessons' text.

`make bench-10` runs it on your functions once your kata is green, else on the solution's. Beside
them stand fast_bpe.py, which keeps its counts up to date, and the `tokenizers` library, if it is
installed (`.venv/bin/python -m pip install tokenizers`). How to read it: benchmarks/README.md.
"""

import os
import sys
from functools import cache

import kata_10_tokenizer as kata

from benchmarks import fast_bpe
from benchmarks.harness import Bench, Figure, Ladder, Run, Rung, report, run, units
from katas.smollm2.tokenizer import byte_letters
from tests.runner.lessons.catalog import KATAS

try:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # one thread, as all others
    import tokenizers
except ImportError:
    tokenizers = None

RECOUNTING, KEPT, LIBRARY = "recounting", "counts kept", "tokenizers"
WORD_BY_WORD, REMEMBERED = "word by word", "remembered"
N_MERGES, N_USED = 100, 2000
SIZES = (8_000, 32_000, 128_000)
TRAIN, ENCODE = f"train_bpe, {N_MERGES} merges", f"encode, {N_USED:,} merges"


@cache
def corpus():
    return "".join(page.read_bytes().decode() for page in sorted(KATAS.glob("lesson_*.md")))


@cache
def merges():
    return fast_bpe.train_bpe(corpus(), N_USED, kata.WORD)


def to_train(size):
    return corpus()[:size], N_MERGES


def to_encode(size):
    return corpus()[:size], merges()


def train_fast(text, n_merges):
    return fast_bpe.train_bpe(text, n_merges, kata.WORD)


def encode_fast(text, merges):
    return fast_bpe.encode(text, merges, kata.WORD)


def byte_level():
    """How SmolLM2 cuts a text into words: digits one by one, the rest as GPT-2 does."""
    parts = tokenizers.pre_tokenizers
    return parts.Sequence([parts.Digits(individual_digits=True),
                           parts.ByteLevel(add_prefix_space=False)])


def train_in_library(text, n_merges):
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=256 + n_merges, show_progress=False,
        initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet())
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = byte_level()
    tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
    return tokenizer


def encode_in_library(text, merges):
    """The library with these merges; its ids are those of the kata."""
    names = list(byte_letters())
    pairs = []
    for left, right in merges:
        pairs.append((names[left], names[right]))
        names.append(names[left] + names[right])
    model = tokenizers.models.BPE({name: i for i, name in enumerate(names)}, pairs)
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = byte_level()
    return lambda: tokenizer.encode(text).ids


def page(found: Run):
    """The table of both ladders, how they grow, and what it says."""
    sweeps = [found.sweep(name).without() for name in (TRAIN, ENCODE)]
    sweeps = [sweep for sweep in sweeps if sweep.rows]
    bases = dict.fromkeys(sweep.rungs[-1] for sweep in sweeps)
    yield report.ladder(sweeps, found.heading, [report.TIME, *map(report.times, bases)])
    yield report.slopes(sweeps)
    training, encoding = found.sweep(TRAIN), found.sweep(ENCODE)
    if both := training.both(RECOUNTING, KEPT):
        ours, kept = both[-1]
        yield (f"On {ours.size:,} characters, counting again after each merge takes "
               f"{units.ratio(ours.seconds / kept.seconds)} times as long as keeping the counts up "
               "to date. The more merges, the more it saves: a late merge is in few words. Both "
               "grow less steeply than the text, as a longer text repeats more of its words.")
    if both := encoding.both(WORD_BY_WORD, REMEMBERED):
        ours, kept = both[-1]
        yield (f"Encoding each word anew takes {units.ratio(ours.seconds / kept.seconds)} times as "
               "long as remembering the ids of each word.")
    if both := training.both(KEPT, LIBRARY):
        kept, theirs = both[-1]
        ratio = units.ratio(kept.seconds / theirs.seconds)
        yield (f"tokenizers {found.notes[LIBRARY]} is written in Rust, and keeps its counts, too. "
               f"To train, fast_bpe.py takes {ratio} times as long.")


def with_library(rungs: dict, **more) -> dict:
    return rungs | {LIBRARY: Rung(**more)} if tokenizers else rungs


BENCH = Bench(
    "byte-pair encoding on the text of the lessons",
    (Ladder(TRAIN, with_library({RECOUNTING: Rung(kata.train_bpe, serial=True),
                                 KEPT: Rung(train_fast, serial=True)}, function=train_in_library),
            to_train, SIZES, axis="characters", growth=0.8),
     Ladder(ENCODE, with_library({WORD_BY_WORD: Rung(kata.encode, serial=True),
                                  REMEMBERED: Rung(encode_fast, serial=True)},
                                 function=encode_in_library, prepares=True),
            to_encode, SIZES, axis="characters", growth=1.0)),
    page, Figure("slope 1: twice the text, twice the time", (
        ("time", TRAIN, f"time of {N_MERGES} merges"), ("time", ENCODE, "time to encode"))),
    notes={LIBRARY: tokenizers.__version__} if tokenizers else {},
)

if __name__ == "__main__":
    sys.exit(run(__file__, BENCH))

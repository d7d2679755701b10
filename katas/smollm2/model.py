"""A chat model as a file of its own brings it: weights, sizes and tokenizer."""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kata_10_tokenizer import encode, vocabulary

from smollm2 import gguf_file, weights
from smollm2.gguf_file import Contents
from smollm2.problems import NoModel
from smollm2.tokenizer import Tokenizer, tokenizer

BEGIN, END = "<|im_start|>", "<|im_end|>"  # chat_prompt's
STOPS = (END, "<|endoftext|>")
CONTEXT = 2048  # where the file does not say
PRE = "smollm"  # the rule by which lesson 10's WORD cuts text
MARK = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Model:
    """What `llama` takes, and what leads from text to ids and back.

    context: the number of tokens that it can read at once
    notes:   sentences about what is not as the model wants it
    """

    name: str
    params: dict
    config: dict
    tokens: Tokenizer
    context: int
    notes: tuple[str, ...] = ()

    @cached_property
    def stops(self) -> frozenset[int]:
        """The ids that end an answer."""
        special = self.tokens.special
        return frozenset(self.tokens.their_ids[special[text]] for text in STOPS if text in special)

    def ids(self, text: str) -> list[int]:
        """The model's ids of a text, special texts included; of bytes that it lacks, none."""
        ours = encode(text, self.tokens.merges, self.tokens.special)
        return [theirs for one in ours if (theirs := self.tokens.their_ids[one]) >= 0]

    @cached_property
    def _pieces(self) -> dict[int, bytes]:
        """The bytes of each id; special ones have none."""
        return dict(zip(self.tokens.their_ids, vocabulary(self.tokens.merges)))

    def text(self, ids: Iterable[int]) -> Iterator[str]:
        """The text of ids, as they come: a character is held back until it is whole."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        for token in ids:
            yield shown(decoder.decode(self._pieces.get(token, b"")))
        yield shown(decoder.decode(b"", final=True))


def open_model(file: Path, cache: Path) -> Model:
    """The model in a GGUF file; raises NoModel if it is none that can be run.

    cache: the folder in which what was read is kept
    """
    contents = gguf_file.contents(file, cache)
    config = weights.config(contents)
    tokens, notes = _tokenizer(contents)
    context = int(contents.fields.get("llama.context_length", CONTEXT))
    return Model(file.stem, weights.params(contents), config, tokens, context, notes)


def shown(text: str) -> str:
    """A text without characters that would do something to the terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else MARK for c in text)


def _tokenizer(contents: Contents) -> tuple[Tokenizer, tuple[str, ...]]:
    names = ("model", "tokens", "merges", "token_type")
    fields = [contents.fields.get(f"tokenizer.ggml.{name}") for name in names]
    kind, tokens, merges, types = fields
    if kind != "gpt2":
        raise NoModel(f"{contents.file} has a tokenizer of the kind {kind}. Lesson 10's `encode` "
                      "is byte-level BPE, which such files call gpt2.")
    made = tokenizer(tokens, merges or [], types or [])
    if BEGIN not in made.special or END not in made.special:
        raise NoModel(f"{contents.file} does not know {BEGIN} and {END}: it was trained on another "
                      "template than `chat_prompt` writes, or on none.")
    pre = contents.fields.get("tokenizer.ggml.pre", PRE)
    if pre == PRE:
        return made, ()
    return made, (f"It cuts text into words by another rule ({pre}) than lesson 10, so it may read "
                  "some of your words in other pieces than it was trained on.",)

"""The subject of a sentence: whose answer it is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """An answer, or a part of one, as the subject of a sentence.

    function: an earlier function whose answer it is; "" for the one that was called
    part:     which part: "v" of a tuple (q, k, v), or `grads["w_q"]` of a tree; "" for the whole
    """

    function: str = ""
    part: str = ""

    @property
    def it(self) -> str:
        return self.part or (f"`{self.function}`" if self.function else "It")

    @property
    def returned(self) -> str:
        return f"{self.part} is" if self.part else f"{self.it} returned"

    @property
    def answer(self) -> str:
        if self.part:
            return self.part
        return f"`{self.function}`'s answer" if self.function else "The answer"

    def of(self, sentence: str) -> str:
        """A sentence about the numbers, beginning with whose they are."""
        if not self.function and not self.part:
            return sentence
        whole = f"`{self.function}`'s answer" if self.function else ""
        named = " in ".join(name for name in (self.part, whole) if name)
        return f"Of {named}: {sentence[0].lower()}{sentence[1:]}"

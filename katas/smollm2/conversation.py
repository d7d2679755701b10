"""The turns of a conversation, and which of them the model reads."""

from dataclasses import dataclass, field

from kata_12_modern_llm import chat_prompt

from smollm2.model import Model

ROOM = 512  # tokens of the context that are kept free for an answer


class TooLong(Exception):
    """A message that does not fit into the model's context; the text says so."""


@dataclass
class Conversation:
    """What was said so far.

    messages: dicts {"role", "content"}, user and assistant in turn
    n_left:   turns of the user's, with their answers, that no longer fit into the context
    """

    model: Model
    messages: list[dict] = field(default_factory=list)
    n_left: int = 0

    @property
    def room(self) -> int:
        """The most tokens that an answer may have."""
        return min(ROOM, self.model.context // 2)

    def ask(self, text: str) -> list[int]:
        """Add what the user says; return the ids that the model reads.

        If there are too many, the oldest turn is left out, question and answer; and again.
        """
        said = {"role": "user", "content": self._plain(text)}
        kept = [*self.messages, said]
        while len(ids := self.model.ids(chat_prompt(kept))) > self.model.context - self.room:
            if len(kept) == 1:
                raise TooLong(f"That is too long: {len(ids):,} tokens, and the model reads "
                              f"{self.model.context - self.room:,}, with room for an answer.")
            kept = kept[2:]
            self.n_left += 1
        self.messages = kept
        return ids

    def answered(self, text: str) -> None:
        """Add what the model said, or as much of it as there was time for."""
        self.messages.append({"role": "assistant", "content": text})

    def reset(self) -> None:
        self.messages, self.n_left = [], 0

    def _plain(self, text: str) -> str:
        """The user's text with no special text in it: only the template begins and ends turns."""
        for special in self.model.tokens.special:
            text = text.replace(special, f"{special[0]} {special[1:]}")
        return text

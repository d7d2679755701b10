"""Talk with SmolLM2-135M-Instruct, on the reader's functions.

    make chat                          downloads the model at first, 93 MB, once
    echo "What is BPE?" | make chat    one answer, and nothing else
    make chat MODEL=file.gguf          another model of the llama family

Further settings: TEMPERATURE, and SEED for an answer that comes out the same each time.
"""

import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for the package this file is in

import numpy as np

from smollm2 import download, install
from smollm2.checked import check
from smollm2.conversation import Conversation, TooLong
from smollm2.model import Model, open_model
from smollm2.problems import NoModel
from smollm2.reading import Reader
from smollm2.screen import HELP, Screen
from smollm2.settings import Misunderstood, Settings, settings, temperature
from smollm2.threads import on_the_quickest

WRONG_USE = 2


def main() -> int:
    screen = Screen()
    try:
        chosen = settings()
        model = opened(chosen, screen)
        with on_the_quickest(model):
            check(model, screen)
            chat = Chat(model, chosen, screen)
            return chat.one_answer() if screen.plain else chat.talk()
    except (NoModel, Misunderstood, TooLong) as problem:
        screen.problem(str(problem))
        return WRONG_USE


def opened(chosen: Settings, screen: Screen) -> Model:
    """The model that was chosen; SmolLM2 is downloaded if it is not here yet."""
    install.install_missing(screen.say)
    cache = download.cache_folder()
    file = chosen.model or cache / download.NAME
    if not chosen.model and not download.is_whole(file):
        if not file.exists():
            screen.say(f"SmolLM2-135M-Instruct is downloaded, once: 93 MB, into {cache}.")
        with screen.downloading() as progress:
            download.downloaded(cache, progress, screen.say)
    with screen.busy("Reading the model"):
        return open_model(file, cache)


@dataclass
class Answered:
    """What an answer took: tokens, seconds to the first, seconds for the others."""

    n_tokens: int = 0
    first: float = 0.0
    others: float = 0.0

    @property
    def speed(self) -> str:
        if self.n_tokens < 2:
            return f"{self.n_tokens} tokens"
        return f"{self.n_tokens} tokens, {(self.n_tokens - 1) / self.others:.1f} a second"


class Chat:
    """A conversation with a model, on a screen."""

    def __init__(self, model: Model, chosen: Settings, screen: Screen):
        self.screen, self.temperature = screen, chosen.temperature
        self.conversation, self.reader = Conversation(model), Reader(model)
        self.rng = np.random.default_rng(chosen.seed)
        self.last = Answered()

    def one_answer(self) -> int:
        """Answer what comes out of a pipe."""
        asked = sys.stdin.read().strip()
        if not asked:
            raise Misunderstood('Nothing was asked. For example: echo "What is BPE?" | make chat')
        self.answer(asked)
        self.screen.stream("\n")
        return 0

    def talk(self) -> int:
        """Answer what is typed, until the end."""
        with suppress(ImportError):  # where there is one, arrow keys edit and bring lines back
            import readline  # noqa: F401
        for note in self.conversation.model.notes:
            self.screen.say(note)
        self.screen.say("Say something; /help lists what else can be typed.", style="dim")
        while True:
            try:
                asked = self.screen.asked()
                if asked is None or asked.strip() == "/quit":
                    return 0
                self.take(asked.strip())
            except KeyboardInterrupt:
                self.screen.say("\nCtrl-D or /quit ends the chat.", style="dim")
            except (Misunderstood, TooLong) as problem:
                self.screen.say(str(problem))

    def take(self, typed: str) -> None:
        """Do what a line says: a command, or something to answer."""
        word, _, rest = typed.partition(" ")
        match word:
            case "":
                pass
            case "/reset":
                self.conversation.reset()
                self.reader = Reader(self.conversation.model)
                self.screen.say("The conversation is forgotten.", style="dim")
            case "/temperature":
                self.temperature = temperature(rest) if rest else self.temperature
                self.screen.say(f"The temperature is {self.temperature:g}.", style="dim")
            case "/stats":
                self.screen.say(self.stats())
            case _ if word.startswith("/"):
                self.screen.say(HELP if word == "/help" else f"There is no {word} here.\n{HELP}")
            case _:
                self.answer(typed)
                self.screen.say(f"\n{self.last.speed}", style="dim")

    def answer(self, asked: str) -> None:
        """Show the answer as it comes; Ctrl-C ends it, and what was said until then counts."""
        before = self.conversation.n_left
        ids = self.conversation.ask(asked)
        if self.conversation.n_left > before:
            self.screen.say("(The oldest turn no longer fits into what the model can read.)", "dim")
        said: list[str] = []
        self.last = Answered()
        try:
            answer = self.reader.answer(ids, self.conversation.room, self.temperature, self.rng)
            for piece in self.conversation.model.text(self._timed(answer)):
                said.append(piece)
                self.screen.stream(piece)
        except KeyboardInterrupt:
            if self.screen.plain:
                raise
            self.screen.say(" (stopped)", style="dim")
        finally:
            self.conversation.answered("".join(said))

    def _timed(self, tokens):
        """The same tokens; how long they take is noted."""
        start = time.perf_counter()
        for token in tokens:
            self.last.n_tokens += 1
            passed = time.perf_counter() - start
            if self.last.n_tokens == 1:
                self.last.first = passed
            self.last.others = passed - self.last.first
            yield token

    def stats(self) -> str:
        model, turns = self.conversation.model, len(self.conversation.messages) // 2
        left = f" (and {self.conversation.n_left} left out)" if self.conversation.n_left else ""
        return (f"{model.name}: {len(model.params['blocks'])} blocks; it reads up to "
                f"{model.context:,} tokens.\n"
                f"Turns so far: {turns}{left}; keys and values of {self.reader.n_kept:,} tokens "
                f"take {self.reader.n_bytes / 1e6:.0f} MB.\n"
                f"The last answer: {self.last.speed}; the first after {self.last.first:.2f} s. "
                f"Temperature {self.temperature:g}.")


if __name__ == "__main__":
    sys.exit(main())

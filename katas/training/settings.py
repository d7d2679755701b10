"""The settings of `make train` and `make write`: words such as STEPS=2000, and what is meant."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from training.run import Plan

# The word, the field of a plan, and the smallest sensible number.
SIZES = {"WIDTH": ("d_model", 1), "BLOCKS": ("n_blocks", 0), "HEADS": ("n_heads", 1),
         "TOKENS": ("n_tokens", 2), "BATCH": ("batch_size", 1), "SEED": ("seed", 0)}
N_STEPS = 2000


class Misunderstood(Exception):
    """A setting that makes no sense; the text says what would."""


@dataclass(frozen=True)
class Settings:
    """What was typed; None and "" for what was not.

    sizes: by the names of the fields of a plan
    """

    text: Path | None
    model: str
    n_steps: int | None
    minutes: float | None
    sizes: dict[str, int]


def settings(words: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings out of the environment, where make has put them."""
    sizes = {field: number(words, word, least) for word, (field, least) in SIZES.items()
             if words.get(word)}
    width, heads = sizes.get("d_model", Plan.d_model), sizes.get("n_heads", Plan.n_heads)
    if width % heads:
        raise Misunderstood(f"WIDTH={width} cannot be split among HEADS={heads}: the one must be "
                            "a multiple of the other.")
    text = words.get("TEXT", "")
    return Settings(Path(text).expanduser() if text else None, words.get("MODEL", ""),
                    number(words, "STEPS", 1), _minutes(words), sizes)


def number(words: Mapping[str, str], word: str, least: int) -> int | None:
    typed = words.get(word, "")
    if not typed:
        return None
    if not typed.isdecimal() or int(typed) < least:
        raise Misunderstood(f"{word}={typed} is no whole number from {least} on.")
    return int(typed)


def _minutes(words: Mapping[str, str]) -> float | None:
    typed = words.get("MINUTES", "")
    try:
        minutes = float(typed) if typed else None
    except ValueError:
        minutes = -1.0
    if minutes is not None and not 0 < minutes < float("inf"):
        raise Misunderstood(f"MINUTES={typed} is no number above 0.")
    return minutes

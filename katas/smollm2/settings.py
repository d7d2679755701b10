"""The settings of `make chat`: words such as MODEL=file.gguf, and what is meant."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TEMPERATURE = 0.2  # as the model's authors advise


class Misunderstood(Exception):
    """A setting that makes no sense; the text says what would."""


@dataclass(frozen=True)
class Settings:
    """What was typed.

    model: a GGUF file; None for SmolLM2
    seed:  of the generator that draws tokens; None for another one each time
    """

    model: Path | None = None
    temperature: float = TEMPERATURE
    seed: int | None = None


def settings(words: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings out of the environment, where make has put them."""
    model, seed = words.get("MODEL", ""), words.get("SEED", "")
    if seed and not seed.isdecimal():
        raise Misunderstood(f"SEED={seed} is no whole number from 0 on.")
    typed = words.get("TEMPERATURE", "")
    return Settings(Path(model).expanduser() if model else None,
                    temperature(typed) if typed else TEMPERATURE, int(seed) if seed else None)


def temperature(typed: str) -> float:
    """A temperature, as it is typed."""
    try:
        value = float(typed)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 10:
        raise Misunderstood(f"A temperature is a number from 0 to 10, and not {typed}. At 0 the "
                            "most likely token is always taken; the model's authors advise 0.2.")
    return value

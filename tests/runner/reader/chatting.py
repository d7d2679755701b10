"""The functions that a real model talks with: from lessons 10 to 12, and what these call."""

import importlib
from functools import cache

from tests.runner.lessons.catalog import Kata
from tests.runner.lessons.loading import loading_from, solutions
from tests.runner.reader.by_function import ByFunction, by_function, used_functions

ROOTS = {
    "kata_10_tokenizer": ("encode", "vocabulary"),
    "kata_11_generation": ("probabilities", "top_p", "draw"),
    "kata_12_modern_llm": ("dequantize_q8_0", "dequantize_q4_1", "llama", "chat_prompt"),
}


@cache
def functions() -> ByFunction:
    """Which of them are the reader's, and green."""
    with loading_from(solutions):
        roots = [getattr(importlib.import_module(kata), name)
                 for kata, names in ROOTS.items() for name in names]
        used = used_functions(roots)
    return by_function(used, [Kata(kata) for kata in used])

"""A text as tokens, cut in two: most of it to learn from, the end held out. Tokens are bytes."""

import hashlib
from pathlib import Path

import numpy as np
from kata_09_training import get_batch

BYTES = 256
HELD_OUT = 10  # one part in so many of the text is held out, at its end
MOST_WINDOWS = 128  # of the held-out text that are looked at, spread over it


class Unreadable(Exception):
    """A text that nothing can be learned from; the text says why."""


def read_text(path: Path) -> bytes:
    """The bytes of a text in UTF-8."""
    try:
        content = path.read_bytes()
        content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Unreadable(f"{path} is not a text in UTF-8: its byte {problem.start} is "
                         f"0x{content[problem.start]:02x}.") from None
    except OSError as problem:
        raise Unreadable(f"{path} cannot be read: {problem.strerror}.") from None
    if not content:
        raise Unreadable(f"{path} is empty.")
    return content


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def halves(content: bytes, n_tokens: int, name="The text") -> tuple[np.ndarray, np.ndarray]:
    """What is learned from, and what is held out; each has at least one window."""
    window = n_tokens + 1
    if len(content) < 2 * window:
        raise Unreadable(f"{name} has {len(content)} bytes, and windows of {n_tokens} tokens need "
                         f"{2 * window}: {window} to learn from, {window} held out. TOKENS= makes "
                         "them shorter.")
    ids = np.frombuffer(content, np.uint8).astype(np.int64)
    n_held_out = max(window, len(ids) // HELD_OUT)
    return ids[:-n_held_out], ids[-n_held_out:]


def batches(ids: np.ndarray, batch_size: int, n_tokens: int):
    """A function that draws a batch from a generator."""
    return lambda rng: get_batch(ids, batch_size, n_tokens, rng)


def windows(ids: np.ndarray, n_tokens: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows that do not overlap, always the same: inputs and targets."""
    starts = np.arange(0, len(ids) - n_tokens, n_tokens)
    starts = starts[:: -(-len(starts) // MOST_WINDOWS)]
    inputs = np.stack([ids[start : start + n_tokens] for start in starts])
    return inputs, np.stack([ids[start + 1 : start + 1 + n_tokens] for start in starts])

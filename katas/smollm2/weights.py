"""From the arrays of a GGUF file to what lesson 12's `llama` takes: params and config.

A file of the llama family names its arrays as in ARRAYS. It stores a matrix with a row for each
number of the output, where ours has a column, so each is transposed. It lies in memory row by row
as ours (order="F" of the file's): one token times a matrix is then a third quicker. Rows of queries
and keys are stored so that neighbours are a pair to rotate, as for lesson 4's apply_rotary.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
from kata_12_modern_llm import dequantize_q4_1, dequantize_q8_0

from smollm2.gguf_file import Contents, Stored
from smollm2.problems import NoModel

THREADS = os.cpu_count()  # NumPy works in them side by side
PIECE = 1 << 18  # numbers
ARRAYS = {
    "attn_norm": ("norm_1", "gain"), "ffn_norm": ("norm_2", "gain"),
    "attn_q": ("attention", "w_q"), "attn_k": ("attention", "w_k"),
    "attn_v": ("attention", "w_v"), "attn_output": ("attention", "w_o"),
    "ffn_gate": ("feed_forward", "w_gate"), "ffn_up": ("feed_forward", "w_up"),
    "ffn_down": ("feed_forward", "w_down"),
}
OTHERS = {"token_embd.weight", "output_norm.weight", "output.weight"}
NEEDED = {"token_embd.weight", "output_norm.weight"}


def config(contents: Contents) -> dict:
    """The config of `llama`; raises NoModel if the model is none that it can run."""
    fields = contents.fields
    family = fields.get("general.architecture")
    if family != "llama":
        raise NoModel(f"{contents.file} holds a model of the family {family}. Lesson 12's `llama` "
                      "runs models of the family llama only.")
    scaling = fields.get("llama.rope.scaling.type", "none")
    if scaling != "none":
        raise NoModel(f"{contents.file} scales its rotary positions ({scaling}), which lesson 12's "
                      "`llama` does not.")
    try:
        n_heads = int(fields["llama.attention.head_count"])
        d_head = int(fields.get("llama.attention.key_length",
                                fields["llama.embedding_length"] // n_heads))
        if fields.get("llama.rope.dimension_count", d_head) != d_head:
            raise NoModel(f"{contents.file} rotates a part of each head only, and lesson 12's "
                          "`llama` all of it.")
        return {"n_heads": n_heads,
                "n_kv_heads": int(fields.get("llama.attention.head_count_kv", n_heads)),
                "base": float(fields.get("llama.rope.freq_base", 10_000.0)),
                "eps": float(fields["llama.attention.layer_norm_rms_epsilon"])}
    except KeyError as missing:
        raise NoModel(f"{contents.file} does not say its {missing}.") from None


def params(contents: Contents) -> dict:
    """The params of `llama`, as float32; raises NoModel if an array is unknown or missing."""
    n_blocks = int(contents.fields.get("llama.block_count", 0))
    known = OTHERS | {f"blk.{i}.{name}.weight" for i in range(n_blocks) for name in ARRAYS}
    if strange := sorted(contents.arrays.keys() - known):
        raise NoModel(f"{contents.file} has the array {strange[0]}, which lesson 12's `llama` has "
                      "no place for: it is of another design.")
    needed = NEEDED | known - OTHERS
    if lacking := sorted(needed - contents.arrays.keys()):
        raise NoModel(f"{contents.file} lacks the array {lacking[0]}.")
    numbers = _numbers(contents)
    blocks = []
    for i in range(n_blocks):
        block: dict = {}
        for name, (part, ours) in ARRAYS.items():
            block.setdefault(part, {})[ours] = numbers[f"blk.{i}.{name}.weight"].T
        blocks.append(block)
    made = {"token_table": numbers["token_embd.weight"], "blocks": blocks,
            "norm_f": {"gain": numbers["output_norm.weight"]}}
    if "output.weight" in numbers:
        made["unembedding"] = numbers["output.weight"].T
    return made


def _numbers(contents: Contents) -> dict[str, np.ndarray]:
    """Every array of the file, as float32: piece by piece, as pieces fit into a core's cache."""
    try:
        content = np.memmap(contents.file, np.uint8, mode="r")
    except (OSError, ValueError) as problem:
        raise NoModel(f"{contents.file} cannot be read: {problem}.") from None
    made = {name: np.empty(one.shape, np.float32, order="F")
            for name, one in contents.arrays.items()}

    def fill(piece: tuple[str, Stored, slice]) -> None:
        name, stored, rows = piece
        raw = content[stored.offset : stored.offset + stored.n_bytes]
        if len(raw) < stored.n_bytes:
            raise NoModel(f"{contents.file} is damaged: it ends within an array.")
        raw = np.asarray(raw).reshape(*stored.shape[:-1], -1)
        made[name][rows] = reader_of(stored.kind)(raw[rows])

    pieces = [(name, one, rows) for name, one in contents.arrays.items() for rows in _pieces(one)]
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(fill, pieces))
    for array in made.values():
        array.flags.writeable = False  # so no function can change the model on the way
    return made


def _pieces(stored: Stored) -> list[slice]:
    """Runs of rows, of PIECE numbers or so each; all of an array that is one row."""
    if len(stored.shape) == 1:
        return [slice(None)]
    n_rows = max(1, PIECE // stored.shape[-1])
    return [slice(start, start + n_rows) for start in range(0, stored.shape[0], n_rows)]


def reader_of(kind: str) -> Callable[[np.ndarray], np.ndarray]:
    """What makes float32 numbers of an array's bytes: lesson 12's, or the library's."""
    plain = {"F32": "<f4", "F16": "<f2"}
    if kind in plain:
        return lambda rows: rows.view(plain[kind]).astype(np.float32)
    ours = {"Q8_0": dequantize_q8_0, "Q4_1": dequantize_q4_1}
    return ours[kind] if kind in ours else _by_library(kind)


def _by_library(kind: str) -> Callable[[np.ndarray], np.ndarray]:
    from gguf import GGMLQuantizationType, quants

    def numbers(rows: np.ndarray) -> np.ndarray:
        with suppress(NotImplementedError, KeyError):
            return quants.dequantize(rows, GGMLQuantizationType[kind])
        raise NoModel(f"Its weights are written as {kind}, which neither lesson 12 nor the library "
                      "gguf can read.")

    return numbers

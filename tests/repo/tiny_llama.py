"""A tiny random llama in a GGUF file, written by the library: it knows bytes, and says nonsense."""

from pathlib import Path

import numpy as np

WIDTH, N_HEADS, N_KV_HEADS, WIDE, N_BLOCKS = 64, 4, 2, 96, 2
D_HEAD = WIDTH // N_HEADS
BASE, EPS, CONTEXT = 500.0, 1e-4, 512
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["Ġ t", "h e", "Ġt he"]
CONFIG = {"n_heads": N_HEADS, "n_kv_heads": N_KV_HEADS, "base": BASE, "eps": EPS}
SHAPES = {
    "attn_norm": (WIDTH,), "ffn_norm": (WIDTH,), "attn_q": (WIDTH, WIDTH),
    "attn_k": (N_KV_HEADS * D_HEAD, WIDTH), "attn_v": (N_KV_HEADS * D_HEAD, WIDTH),
    "attn_output": (WIDTH, WIDTH), "ffn_gate": (WIDE, WIDTH), "ffn_up": (WIDE, WIDTH),
    "ffn_down": (WIDTH, WIDE),
}  # as a file has them: a row for each number of the output


def tokens(byte_letters) -> list[str]:
    """The texts of the tokens: special ones, bytes, merges."""
    return [*SPECIAL, *byte_letters(), *(merge.replace(" ", "") for merge in MERGES)]


def arrays(n_tokens: int, untied: bool = False) -> dict[str, np.ndarray]:
    """Random weights by the names that they have in a file."""
    rng = np.random.default_rng(12)
    shapes = {"token_embd": (n_tokens, WIDTH), "output_norm": (WIDTH,)}
    shapes |= {f"blk.{i}.{name}": shape for i in range(N_BLOCKS) for name, shape in SHAPES.items()}
    shapes |= {"output": (n_tokens, WIDTH)} if untied else {}
    return {f"{name}.weight": (rng.normal(size=shape) * 0.3).astype(np.float32) if len(shape) > 1
            else rng.uniform(0.5, 1.5, size=shape).astype(np.float32)
            for name, shape in shapes.items()}


def write(file: Path, byte_letters, kind: str = "F32", family: str = "llama",
          tokenizer: str = "gpt2", special: bool = True, without: str = "",
          more: dict | None = None, fields: dict | None = None) -> dict[str, np.ndarray]:
    """Write a model; return its weights, before they are rounded.

    kind:    how its matrices are written
    special: whether special tokens are marked as such
    without: an array that is left out
    more:    further arrays
    fields:  further texts about the model
    """
    from gguf import GGMLQuantizationType, GGUFWriter, quants

    texts = tokens(byte_letters)
    numbers = arrays(len(texts)) | (more or {})
    writer = GGUFWriter(file, family)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(N_BLOCKS)
    writer.add_feed_forward_length(WIDE)
    writer.add_head_count(N_HEADS)
    writer.add_head_count_kv(N_KV_HEADS)
    writer.add_rope_freq_base(BASE)
    writer.add_layer_norm_rms_eps(EPS)
    writer.add_tokenizer_model(tokenizer)
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(texts)
    writer.add_token_types([3 if text in SPECIAL and special else 1 for text in texts])
    writer.add_token_merges(MERGES)
    for name, text in (fields or {}).items():
        writer.add_string(name, text)
    for name, array in numbers.items():
        if name == without:
            continue
        if array.ndim == 1 or kind == "F32":
            writer.add_tensor(name, array)
        else:
            raw = GGMLQuantizationType[kind]
            writer.add_tensor(name, quants.quantize(array, raw), raw_dtype=raw)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return numbers

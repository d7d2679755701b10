"""From GPT-2's parts to a llama's: what each change costs and saves, and what few bits do.

    make example-12

Once kata 12 is green, all the code that runs the models is yours. The real model is used if
`make chat` has downloaded it. Change SENTENCE, FROM, TO or BITS, and run it again.
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from drawing import heading, print_bars, save_picture, say
from kata_01_attention import attention_weights
from kata_03_multi_head import split_heads
from kata_04_positional import apply_rotary
from kata_06_transformer import cross_entropy, gpt
from kata_12_modern_llm import dequantize_q4_1, dequantize_q8_0, llama, llama_block, rms_norm
from mini_gpt.load import N_HEADS, as_batch, held_out_names, load_params
from smollm2.download import NAME, cache_folder
from smollm2.model import open_model
from smollm2.problems import NoModel

N_TOKENS = 8192  # in the cache
BITS = (8, 4, 0)  # of a weight
PAGE, N_READ = "lesson_01_attention.md", 150  # a page of text, and how many tokens of it are read
SENTENCE = "The cat sat on the mat, because it was tired."
FROM, TO = " it", " cat"  # which head looks from one to the other?


class Plan(NamedTuple):
    """The sizes of a model, and which of the two ways each of its parts is made."""

    vocab: int = 49_152
    d_model: int = 576
    n_blocks: int = 30
    n_heads: int = 9
    n_kv_heads: int = 9
    d_ff: int = 4 * 576
    gated: bool = False
    biases: bool = True  # and layer norms, which have one
    table: bool = True  # of positions

    def weights(self):
        """The number of weights."""
        d, d_kv = self.d_model, self.d_model // self.n_heads * self.n_kv_heads
        products = 2 * d * d + 2 * d * d_kv + (3 if self.gated else 2) * d * self.d_ff
        biases = self.biases * (2 * d + 2 * d_kv + self.d_ff + d)
        norm = (1 + self.biases) * d
        tables = (self.vocab + self.table * N_TOKENS) * d
        return tables + self.n_blocks * (products + biases + 2 * norm) + norm

    def multiplications(self, n_past=1000):
        """How often two numbers are multiplied for one more token after n_past."""
        tables = self.table * N_TOKENS * self.d_model  # a row is looked up, and nothing multiplied
        return self.weights() - tables + 2 * self.n_blocks * n_past * self.d_model

    def cache(self):
        """The bytes of keys and values of N_TOKENS tokens, in float32."""
        d_kv = self.d_model // self.n_heads * self.n_kv_heads
        return 2 * self.n_blocks * d_kv * N_TOKENS * 4


PLANS = {"GPT-2's parts": Plan()}
for change, what in (("RMS norm, no biases", dict(biases=False)),
                     ("rotary positions", dict(table=False)),
                     ("SwiGLU", dict(gated=True, d_ff=1536)),
                     ("3 heads of keys", dict(n_kv_heads=3))):
    PLANS[change] = list(PLANS.values())[-1]._replace(**what)


def main():
    show_parts()
    show_bits()
    model = real_model()
    if model is None:
        say("\nWith the real model there would be more to see: what few bits and wrong lines do to "
            "it, and where it looks. `make chat` downloads it; then run this again.")
    else:
        ids = np.array(model.ids(page_of_text())[:N_READ])
        show_bits_of(model, ids)
        show_wrong_lines(model, ids)
        show_attention(model)
    say("")
    say(save_picture("modern_llm", draw_parts))


def show_parts():
    heading("1. Part by part, at the size of SmolLM2")
    say(f"Each line changes one thing more. The cache is for {N_TOKENS:,} tokens in float32; the "
        "multiplications are those of one more token after 1,000.")
    say(f"  {'':20}{'weights':>13}{'multiplied':>14}{'cache':>12}")
    for name, plan in PLANS.items():
        say(f"  {name:20}{plan.weights():13,}{plan.multiplications():14,}"
            f"{plan.cache() / 2**20:8,.0f} MiB")
    say("The last line is SmolLM2, to the weight. Its gate costs nothing, as the network is "
        "narrower, and its table of positions is gone; what is saved is the cache.")


def show_bits():
    heading("2. Eight, four and zero bits")
    say("The weights of the mini-GPT are packed into bytes, and your functions read them back: "
        "Q8_0, Q4_1, and with zero bits each 32 weights are one number, their mean. The loss is "
        "that of the names it has never seen.")
    params, (tokens, targets) = load_params(), as_batch(held_out_names())
    show_losses(params, lambda changed: cross_entropy(gpt(tokens, changed, N_HEADS), targets))


def show_losses(params, loss):
    """Print loss and perplexity of a model as it is, and with fewer bits."""
    for bits in (None, *BITS):
        name = "as it is" if bits is None else f"{bits} bits"
        show_loss(name, loss(params if bits is None else stored(params, bits)))


def show_loss(name, nats):
    say(f"  {name:25} loss {nats:6.3f}, perplexity {np.exp(nats):22,.1f}")


def show_bits_of(model, ids):
    say(f"\nAnd {model.name}, on {N_READ} tokens of {PAGE}. Its own file has four bits already, "
        "and eight for the token table. That takes a while:")
    show_losses(model.params, lambda params: loss_of(ids, params, model.config))


def loss_of(ids, params, config):
    """The loss of a llama on a text."""
    logits, _ = llama(ids[:-1], params, config)
    return float(cross_entropy(logits, ids[1:]))


def show_wrong_lines(model, ids):
    heading("3. What one wrong line would do")
    say("A wrong line does what other weights, or another config, would do. So the model can be "
        "tried as if your code had it:")
    for name, params, config in wrong_lines(model.params, model.config):
        show_loss(name, loss_of(ids, params, config))
    say("No line raises an error. Some cost hardly anything, and so nobody finds them.")


def wrong_lines(params, config):
    """Yield what is wrong, and the params and the config that have the same effect."""
    n_heads, n_kv_heads = config["n_heads"], config["n_kv_heads"]

    def other_layout(weights):
        halves = {name: np.arange(weights[name].shape[1]).reshape(n, 2, -1).swapaxes(-1, -2)
                  for name, n in (("w_q", n_heads), ("w_k", n_kv_heads))}
        return {name: weights[name][:, order.ravel()] for name, order in halves.items()}

    def tiled(weights):
        order = sorted(range(n_heads), key=lambda head: head % n_kv_heads)
        wide, high = (np.arange(n).reshape(n_heads, -1)[order].ravel()
                      for n in (weights["w_q"].shape[1], len(weights["w_o"])))
        return {"w_q": weights["w_q"][:, wide], "w_o": weights["w_o"][high]}

    def other_branch(weights):
        return {"w_gate": weights["w_up"], "w_up": weights["w_gate"]}

    def gains(norm):
        return {"gain": norm["gain"] + 1}

    yield "eps 1e-6 for 1e-5", params, config | {"eps": 1e-6}
    yield "base 10,000 for 100,000", params, config | {"base": 10_000.0}
    yield "the other layout of pairs", changed(params, attention=other_layout), config
    yield "key heads tiled", changed(params, attention=tiled), config
    yield "silu on the other branch", changed(params, feed_forward=other_branch), config
    yield "gain + 1", changed(params, norm_1=gains, norm_2=gains, norm_f=gains), config


def changed(params, norm_f=lambda norm: {}, **parts):
    """Parameters in which a function has changed some weights of each part that is named."""
    blocks = [block | {part: block[part] | change(block[part]) for part, change in parts.items()}
              for block in params["blocks"]]
    return params | {"blocks": blocks, "norm_f": params["norm_f"] | norm_f(params["norm_f"])}


def stored(value, bits):
    """Parameters whose matrices were packed and read again."""
    if isinstance(value, dict):
        return {key: stored(part, bits) for key, part in value.items()}
    if isinstance(value, list):
        return [stored(part, bits) for part in value]
    return read_again(value, bits) if value.ndim == 2 else value


def read_again(w, bits):
    """One matrix, packed in blocks of 32 along what its products sum over, and read again."""
    flat = w.T.ravel()
    blocks = np.pad(flat, (0, -len(flat) % 32), mode="edge").reshape(-1, 32)
    if bits == 0:
        numbers = np.broadcast_to(blocks.mean(axis=-1, keepdims=True), blocks.shape)
    else:
        pack, dequantize = {8: (q8_0, dequantize_q8_0), 4: (q4_1, dequantize_q4_1)}[bits]
        numbers = dequantize(pack(blocks))
    return numbers.ravel()[: len(flat)].reshape(w.T.shape).T


def q8_0(blocks):
    """Bytes of Q8_0: (n_blocks, 32) numbers to (n_blocks, 34) bytes."""
    scale = (np.abs(blocks).max(axis=-1, keepdims=True) / 127).astype("<f2")
    codes = np.rint(blocks / nonzero(scale)).clip(-128, 127).astype(np.int8)
    return np.concatenate([scale.view(np.uint8), codes.view(np.uint8)], axis=-1)


def q4_1(blocks):
    """Bytes of Q4_1: (n_blocks, 32) numbers to (n_blocks, 20) bytes."""
    low = blocks.min(axis=-1, keepdims=True).astype("<f2")
    scale = ((blocks.max(axis=-1, keepdims=True) - low) / 15).astype("<f2")
    codes = np.rint((blocks - low) / nonzero(scale)).clip(0, 15).astype(np.uint8)
    head = np.concatenate([scale.view(np.uint8), low.view(np.uint8)], axis=-1)
    return np.concatenate([head, codes[:, :16] + 16 * codes[:, 16:]], axis=-1)


def nonzero(scale):
    """The scales as float32; 1 for a block whose numbers are all alike."""
    return np.where(scale == 0, 1, scale).astype(np.float32)


def page_of_text():
    """The paragraphs of plain text of a lesson."""
    page = (Path(__file__).parent / PAGE).read_text(encoding="utf-8")
    parts = re.sub(r"(?s)```.*?```", "", page).split("\n\n")
    paragraphs = [" ".join(part.split()) for part in parts]
    return "\n\n".join(part for part in paragraphs
                       if re.match(r"[A-Z]", part) and not re.search(r"[`$|\[*]", part))


def real_model():
    """SmolLM2, if `make chat` has downloaded it; else None."""
    with suppress(ImportError, NoModel):  # the packages that only the chat needs may be missing
        folder = cache_folder()
        if (folder / NAME).exists():
            return open_model(folder / NAME, folder)
    return None


def show_attention(model):
    heading("4. Where the real model looks")
    ids = model.ids(SENTENCE)
    words = ["".join(model.text([token])) for token in ids]
    maps = attention_maps(np.array(ids), model.params, model.config)
    first = maps[:, :, 1:, 0].mean(axis=(1, 2))
    before = np.diagonal(maps, offset=-1, axis1=-2, axis2=-1)[:, :, 1:].mean(axis=-1)
    block, head = np.unravel_index(before.argmax(), before.shape)
    say(f'"{SENTENCE}" has {len(ids)} tokens. Over all blocks and heads, {first.mean():.0%} of the '
        f"attention goes to the first token, and in block {first.argmax()} {first.max():.0%}: it "
        "is where a head looks that finds nothing to add. "
        f"Head {head} of block {block} looks at the token before: {before.max():.0%} of it.")
    at, to = words.index(FROM), words.index(TO)
    block, head = np.unravel_index(maps[:, :, at, to].argmax(), maps.shape[:2])
    say(f'Of all {maps.shape[0] * maps.shape[1]} heads, head {head} of block {block} looks most '
        f'from "{FROM.strip()}" to "{TO.strip()}":')
    print_bars([repr(word) for word in words[: at + 1]], maps[block, head, at, : at + 1])
    say("One head that fits was picked out of many: that is a hint at what it does, and no proof.")


def attention_maps(ids, params, config):
    """What each head of each block looks at: (n_blocks, n_heads, n_tokens, n_tokens)."""
    x, maps = params["token_table"][ids], []
    positions = np.arange(len(ids))
    for block in params["blocks"]:
        normed = rms_norm(x, **block["norm_1"], eps=config["eps"])
        q, k = (apply_rotary(split_heads(normed @ block["attention"][w], n), positions,
                             config["base"])
                for w, n in (("w_q", config["n_heads"]), ("w_k", config["n_kv_heads"])))
        shared = np.repeat(k, config["n_heads"] // config["n_kv_heads"], axis=-3)
        maps.append(attention_weights(q, shared, np.tri(len(ids), dtype=bool)))
        x, _ = llama_block(x, block, config)
    return np.array(maps)


def draw_parts():
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    figure = Figure(figsize=(12, 4.4), layout="constrained")
    fill_parts(*figure.subplots(1, 2, sharey=True))
    return figure


def fill_parts(left, right):
    """Draw weights and cache of every plan as bars, with the numbers beside them."""
    names = list(PLANS)
    for axes, numbers, label, colour, hatch in (
            (left, [plan.weights() / 1e6 for plan in PLANS.values()], "millions of weights",
             "#9cc3e6", "//"),
            (right, [plan.cache() / 2**20 for plan in PLANS.values()],
             f"MiB of cache for {N_TOKENS:,} tokens", "#a9d3a0", "xx")):
        bars = axes.barh(names, numbers, color=colour, edgecolor="black", hatch=hatch)
        axes.bar_label(bars, [f"{number:,.1f}" if axes is left else f"{number:,.0f}"
                              for number in numbers], padding=4)
        axes.set(xlabel=label, xlim=(0, 1.15 * max(numbers)))
    left.invert_yaxis()


if __name__ == "__main__":
    main()

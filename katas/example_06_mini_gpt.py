"""A GPT at work: it makes up first names, and shows what its heads attend to.

    make example-06

The weights were learned from 4,647 first names; mini_gpt/README.md says how. Once
kata 06 is green, all the code that runs them is yours. Change the temperature, the prompts
or the name, and run it again.
"""


import numpy as np
from drawing import heading, print_bars, print_heat_map, save_picture, say
from kata_01_attention import softmax
from kata_02_self_attention import causal_mask
from kata_03_multi_head import attention_maps
from kata_04_positional import embed
from kata_05_feed_forward import layer_norm, transformer_block
from kata_06_transformer import cross_entropy, generate, gpt, perplexity
from mini_gpt.load import (
    EDGE,
    IGNORED,
    N_HEADS,
    VOCABULARY,
    all_names,
    as_batch,
    decode,
    encode,
    held_out_names,
    load_params,
    training_names,
)

START = "mar"  # what comes after these letters?
TEMPERATURES = (0.5, 1.0, 1.5)
N_NAMES, SEED = 8, 6  # how many names at each temperature, and which
PROMPTS = ["", "ma", "jo", "chr", "ze"]
NAME = "christina"  # whose attention is drawn


def main():
    params = load_params()
    show_next_letter(params)
    show_names(params)
    show_surprise(params)
    show_greedy(params)
    show_habits(params)
    show_attention(params)


def show_next_letter(params):
    heading("1. What comes next?")
    n_blocks, d_model = len(params["blocks"]), params["token_table"].shape[-1]
    say(f"A small GPT: {n_blocks} blocks of {N_HEADS} heads, {d_model} numbers for each letter, "
        f"{count(params):,} numbers in all. It reads letters, and {EDGE} before the first and "
        f'after the last. It has read "{EDGE}{START}"; gpt and softmax give the probabilities of '
        "the next letter:")
    probs = softmax(gpt(encode(EDGE + START), params, N_HEADS)[-1])
    likely = probs.argsort()[::-1][:8]
    print_bars([VOCABULARY[letter] for letter in likely], probs[likely])
    say(f'"{EDGE}" is the end of the name. The other {len(VOCABULARY) - len(likely)} have '
        f"{1 - probs[likely].sum():.2f} together.")


def show_names(params):
    heading("2. Names that are in no list")
    say("Draw a letter with these probabilities, add it, and repeat until the end is drawn. The "
        "logits are divided by a temperature before the softmax: below 1 the likely letters are "
        f"drawn more often, above 1 the unlikely ones. Names among the {len(all_names()):,} of the "
        "list are left out; these were made up:")
    for temperature in TEMPERATURES:
        new, n_known = new_names(params, temperature, N_NAMES)
        say(f"\n  temperature {temperature}, with {n_known} from the list left out:")
        for row in (new[: N_NAMES // 2], new[N_NAMES // 2 :]):
            say("    " + "".join(f"{name:<18}" for name in row).rstrip())


def new_names(params, temperature, n_names):
    """n_names names that are not in the list, and the number of drawn names that are."""
    rng, known, new, n_known = np.random.default_rng(SEED), set(all_names()), [], 0
    while len(new) < n_names:
        name = write_name(params, temperature, rng)
        n_known += name in known
        if name not in known and name not in new:
            new.append(name)
    return new, n_known


def write_name(params, temperature, rng):
    """Draw letter after letter until the end of the name, or of the table of positions."""
    text = EDGE
    while len(text) < len(params["position_table"]) and (text == EDGE or text[-1] != EDGE):
        probs = softmax(gpt(encode(text), params, N_HEADS)[-1] / temperature)
        text += rng.choice(list(VOCABULARY), p=probs)
    return text.strip(EDGE)


def show_surprise(params):
    heading("3. How well does it predict names that it has never seen?")
    names = held_out_names()
    tokens, targets = as_batch(names)
    says = {
        "a uniform guess": np.zeros((*tokens.shape, len(VOCABULARY))),
        "pairs of letters": pair_logits()[tokens],
        "the mini-GPT": gpt(tokens, params, N_HEADS),
    }
    say(f"{len(names)} names were held out of training, such as {', '.join(names[::120])}. The "
        "perplexity: among how many equally likely letters does each seem to choose?")
    print_bars(says, [perplexity(logits, targets) for logits in says.values()])
    loss = cross_entropy(says["the mini-GPT"], targets)
    say('"Pairs of letters" only counts which letter follows which. The GPT sees the whole '
        f"beginning of the name. Its cross_entropy is {loss:.3f} nats for each letter, and e to "
        f"the {loss:.3f} is {np.exp(loss):.2f}.")


def pair_logits():
    """For each letter, the log of how often each other follows it in the training names."""
    tokens, targets = as_batch(training_names())
    counted = targets != IGNORED
    counts = np.ones((len(VOCABULARY), len(VOCABULARY)))  # from 1, so that no pair is impossible
    np.add.at(counts, (tokens[counted], targets[counted]), 1)
    return np.log(counts)


def show_greedy(params):
    heading("4. Always the likeliest letter")
    say("generate draws nothing: it takes the likeliest letter each time, so it writes the same "
        "name at every run. It does not stop when a name is over; ignore what comes after the "
        f'second "{EDGE}".')
    for prompt in PROMPTS:
        written = decode(generate(encode(EDGE + prompt), params, N_HEADS, 11))
        say(f"  {EDGE + prompt:<6} is continued as {written:<16} so the name is "
            f"{written.split(EDGE)[1]}")


def show_habits(params):
    heading("5. What each head attends to")
    say("From the fourth letter on, over all held-out names: the mean weight on the letter itself, "
        f'on the one before, on the one before that, and on the "{EDGE}" at the start.')
    tokens, targets = as_batch(held_out_names())
    counted = targets[:, 4:] != IGNORED
    maps = maps_of(tokens, params)  # (n_blocks, n_names, n_heads, n_tokens, n_tokens)
    later = np.arange(4, tokens.shape[-1])
    looks = [maps[..., later, later - back] for back in (0, 1, 2)] + [maps[..., later, 0]]
    columns = ["itself", "1 before", "2 before", "start"]
    # (4, n_blocks, n_heads)
    means = np.array([look.swapaxes(1, 2)[:, :, counted].mean(axis=-1) for look in looks])
    labels = [f"block {block}, head {head}" for block, head in np.ndindex(means.shape[1:])]
    print_heat_map(labels, columns, means.reshape(len(columns), -1).T, gap=18, marked=True)
    found = means[1].argmax()
    say("The heads learned this because it lowers the loss. "
        f"{labels[found].capitalize()} gives {means[1].max():.2f} to the letter before. In lesson "
        "3 such a head was made by hand.")


def maps_of(tokens, params):
    """The weights of every head, block by block: (n_blocks, ..., n_heads, n_tokens, n_tokens)."""
    x = embed(tokens, params["token_table"], params["position_table"])
    mask, maps = causal_mask(x.shape[-2]), []
    for block in params["blocks"]:
        read = layer_norm(x, **block["norm_1"])
        w_q, w_k = block["attention"]["w_q"], block["attention"]["w_k"]
        maps.append(attention_maps(read, w_q, w_k, N_HEADS, mask))
        x = transformer_block(x, block, N_HEADS, mask)
    return np.array(maps)


def show_attention(params):
    heading(f'6. The attention of the heads in "{NAME}"')
    maps, letters = maps_of(encode(EDGE + NAME), params), EDGE + NAME
    say("The first head of the first block. Rows are queries, columns are keys; each row sums "
        "to 1.")
    print_heat_map(letters, letters, maps[0, 0])
    say("\nAnd the largest weight of each head, again for the letters above:")
    of_all_heads = maps.reshape(-1, len(letters), len(letters))
    favourites = [[letters[key] for key in weights.argmax(axis=-1)] for weights in of_all_heads]
    labels = [f"block {block}, head {head}" for block, head in np.ndindex(maps.shape[:2])]
    say(" " * 18 + "  ".join(letters))
    for label, row in zip(labels, favourites):
        say(f"{label:>16}  " + "  ".join(row))
    say("")
    say(save_picture("mini_gpt_attention", lambda: draw(maps, letters)) + " (every head)")


def draw(maps, letters):
    from matplotlib.figure import Figure  # without pyplot, savefig uses Agg and needs no screen

    n_blocks, n_heads = maps.shape[:2]
    figure = Figure(figsize=(3.2 * n_heads + 1, 3.4 * n_blocks), layout="constrained")
    panels = figure.subplots(n_blocks, n_heads)
    for (block, head), axes in np.ndenumerate(panels):
        image = axes.imshow(maps[block, head], cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(letters)), letters)
        axes.set_yticks(range(len(letters)), letters)
        axes.set_title(f"block {block}, head {head}", fontsize=11)
    figure.supxlabel("key: the letter attended to")
    figure.supylabel("query: the letter that attends")
    figure.colorbar(image, ax=panels, label="weight (each row sums to 1)", shrink=0.6)
    return figure


def count(params):
    """The number of parameters."""
    if isinstance(params, np.ndarray):
        return params.size
    return sum(map(count, params.values() if isinstance(params, dict) else params))


if __name__ == "__main__":
    main()

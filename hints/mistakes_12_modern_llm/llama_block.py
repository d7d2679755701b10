"""Mistakes in llama_block: norms, sums, and what of the config gets where."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes
from tests.slow_12_modern_llm import narrow, random_attention, random_block

EPS = 'eps = config["eps"]'
READS = 'rms_norm(x, **block["norm_1"], eps=eps), **block["attention"]'
ADDS = "x = x + attended"
SUM = ('return x + swiglu(rms_norm(x, **block["norm_2"], eps=eps), **block["feed_forward"])'
          ", cache")

has_no_first_residual_connection = edit("llama_block", """Attention's output replaces the stream. It
    is added to it, as in `transformer_block`.""",
    (ADDS, "x = attended"))

has_no_second_residual_connection = edit("llama_block", """The output of the feed-forward network
    replaces the stream. It is added to it, as in `transformer_block`.""",
    ("return x + swiglu(", "return swiglu("))

skips_the_norm_of_attention = edit("llama_block", """Attention reads the stream as it is. It should
    read it through norm_1.""",
    (READS, 'x, **block["attention"]'))

skips_the_norm_of_the_network = edit("llama_block", """The feed-forward network reads the stream as
    it is. It should read it through norm_2.""",
    ('rms_norm(x, **block["norm_2"], eps=eps)', "x"))

uses_the_first_norm_twice = edit("llama_block", """You use norm_1 twice. The feed-forward network
    reads through norm_2.""",
    ('block["norm_2"]', 'block["norm_1"]'), common=True)

exchanges_the_norms = edit("llama_block", """The two norms have changed places: norm_1 comes before
    attention, norm_2 before the feed-forward network.""",
    (READS, READS.replace("norm_1", "norm_2")), (SUM, SUM.replace("norm_2", "norm_1")))

adds_to_the_normed_stream = edit("llama_block", """You add attention's output to the normed stream.
    It is added to x as it came in: nothing normalises what goes past.""",
    (EPS, f'{EPS}\nx = rms_norm(x, **block["norm_1"], eps=eps)'),
    (READS, 'x, **block["attention"]'), common=True)

adds_to_the_stream_that_the_network_reads = edit("llama_block", """You add the output of the
    feed-forward network to the normed stream. It is added to x as attention left it: nothing
    normalises what goes past.""",
    (SUM, 'x = rms_norm(x, **block["norm_2"], eps=eps)\n'
          'return x + swiglu(x, **block["feed_forward"]), cache'), common=True)

normalises_afterwards = edit("llama_block", """Your norms come after the sums, as in 2017. In a
    llama they come before attention and network, and the stream itself is not normed.""",
    (READS, 'x, **block["attention"]'),
    (ADDS, 'x = rms_norm(x + attended, **block["norm_1"], eps=eps)'),
    (SUM, 'x = x + swiglu(x, **block["feed_forward"])\n'
             'return rms_norm(x, **block["norm_2"], eps=eps), cache'), common=True)

runs_both_side_by_side = edit("llama_block", """Your network reads what attention reads, and both
    are added at once. Some models do; in a llama, the network reads what attention has added.""",
    (ADDS, "pass"), ("return x + swiglu(", "return x + attended + swiglu("))

forgets_eps = edit("llama_block", """The eps of the config has no effect: hand it on to both
    norms.""",
    (EPS, "eps = 1e-5"), denies=True, common=True)

forgets_eps_in_the_first_norm = edit("llama_block", """Your first norm uses the default eps. Both
    need that of the config.""",
    (READS, READS.replace(", eps=eps", "")))

forgets_eps_in_the_second_norm = edit("llama_block", """Your second norm uses the default eps. Both
    need that of the config.""",
    ('**block["norm_2"], eps=eps', '**block["norm_2"]'))

forgets_the_base_of_the_config = edit(
    "llama_block", """The base of the config has no effect: hand it on to
    `grouped_query_attention`.""",
    (', base=config["base"]', ""), denies=True, common=True)

passes_no_cache_to_attention = edit(
    "llama_block", """The cache does not reach the attention, so a new token
    sees only the new ones.""",
    (", cache=cache)", ", cache=None)"), denies=True, common=True)

returns_the_old_cache = edit("llama_block", """You return the cache that you were given, without the
    new tokens.""",
    ("attended, cache = ", "attended, _ = "))


@probes("llama_block")
def probe_llama_block():
    rng = np.random.default_rng(126)
    block = random_block(rng)
    for batch in ((), (3,), (2, 3)):
        for n_heads, n_kv_heads in ((6, 2), (2, 2), (4, 1)):
            of_heads = dict(n_heads=n_heads, n_kv_heads=n_kv_heads)
            block = block | dict(attention=random_attention(rng, **of_heads))
            config = of_heads | dict(base=30.0, eps=0.3)
            cache = {"k": rng.normal(size=(*batch, n_kv_heads, 3, 10)),
                     "v": rng.normal(size=(*batch, n_kv_heads, 3, 5))}
            yield given(rng.normal(size=(*batch, 4, 8)), block, config)
            yield given(rng.normal(size=(*batch, 2, 8)), block, config, cache)
    yield given(rng.normal(size=(3, 8)).astype(np.float32), narrow(block), config)
    yield given(rng.normal(size=(3, 8)), block, config | dict(base=10_000.0, eps=1e-5))

"""Mistakes in llama: caches, the last norm, the logits."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes
from tests.slow_12_modern_llm import CONFIG, narrow, random_llama

LOOKUP = 'x = params["token_table"][token_ids]'
BLOCKS = 'for block, cache in zip(params["blocks"], caches or [None] * len(params["blocks"])):'
CALL = "x, cache = llama_block(x, block, config, cache)"
APPEND = "new_caches.append(cache)"
LOGITS = 'return rms_norm(x, **params["norm_f"], eps=config["eps"]) @ unembedding, new_caches'

scales_the_embeddings = edit("llama", """You multiply the rows of the table by the root of d_model.
    That is another convention, of the paper of 2017 and of Gemma. A llama reads them as they
    are.""",
    (LOOKUP, f"{LOOKUP}\nx = x * x.shape[-1] ** 0.5"), common=True)

normalises_the_embeddings = edit("llama", """You normalise the rows of the table before the first
    block. It has a norm of its own; norm_f comes after the last.""",
    (LOOKUP, f'{LOOKUP}\nx = rms_norm(x, **params["norm_f"], eps=config["eps"])'))

skips_the_last_norm = edit("llama", """You leave out norm_f: the stream goes through it before the
    logits are made.""",
    ('rms_norm(x, **params["norm_f"], eps=config["eps"]) @', "x @"), common=True)

forgets_the_last_eps = edit("llama", """Your last norm uses the default eps. It needs that of the
    config, as all others do.""",
    (', eps=config["eps"]', ""), common=True)

never_uses_an_unembedding = edit("llama", """You always use the token table for the logits. If
    params has an unembedding, it makes them.""",
    ('params.get("unembedding", params["token_table"].T)', 'params["token_table"].T'), common=True)

runs_the_first_block_again = edit("llama", """You run the first block again and again. Each has
    parameters of its own.""",
    ("llama_block(x, block,", 'llama_block(x, params["blocks"][0],'))

passes_no_cache_on = edit("llama", """Your blocks never get their caches back, so a new token sees
    only the new ones.""",
    (CALL, CALL.replace("config, cache", "config")), denies=True, common=True)

gives_all_blocks_the_first_cache = edit("llama", """All your blocks get the cache of the first. Each
    has keys and values of its own.""",
    (BLOCKS, 'for block, cache in zip(params["blocks"],\n'
             '                        [caches[0] if caches else None] * len(params["blocks"])):'),
    common=True)

hands_one_cache_to_the_next_block = edit("llama", """The cache that one block returns goes into the
    next block. Each block gets its own back.""",
    (BLOCKS, 'cache = caches[0] if caches else None\nfor block in params["blocks"]:'))

returns_the_last_cache_alone = edit("llama", """You return only the cache of the last block. Collect
    one for each block, in a list.""",
    (LOGITS, LOGITS.replace("new_caches", "cache")))

returns_the_old_caches = edit("llama", """You return the caches that you were given, without the new
    tokens.""",
    (LOGITS, LOGITS.replace("new_caches", "caches or new_caches")))

lists_the_caches_in_reverse = edit("llama", """Your caches are in reverse order: the first should be
    that of the first block.""",
    (APPEND, "new_caches.insert(0, cache)"))

gives_the_last_logits_alone = edit("llama", """You return the logits of the last token alone. There
    should be a row for each new token.""",
    (LOGITS, 'x = rms_norm(x, **params["norm_f"], eps=config["eps"])\n'
             "return (x @ unembedding)[..., -1:, :], new_caches"))

gives_probabilities = edit("llama", """You return probabilities. The softmax comes later, with the
    temperature: here it is logits.""",
    (LOGITS, 'logits = rms_norm(x, **params["norm_f"], eps=config["eps"]) @ unembedding\n'
             "exps = np.exp(logits - logits.max(axis=-1, keepdims=True))\n"
             "return exps / exps.sum(axis=-1, keepdims=True), new_caches"))


@probes("llama")
def probe_llama():
    rng = np.random.default_rng(127)
    for untied, batch in ((False, ()), (True, ()), (False, (3,)), (True, (2, 3))):
        params = random_llama(rng, untied=untied)
        ids = rng.integers(11, size=(*batch, 2))
        caches = [{"k": rng.normal(size=(*batch, 2, 3, 10)),
                   "v": rng.normal(size=(*batch, 2, 3, 5))} for _ in range(2)]
        yield given(ids, params, CONFIG)
        yield given(ids, params, CONFIG, caches)
        yield given(ids[..., :1], params, CONFIG | dict(base=10_000.0), caches)
    yield given(ids, narrow(params), CONFIG, [narrow(cache) for cache in caches])
    yield given(rng.integers(11, size=5), params | dict(blocks=[]), CONFIG)

"""The specs of lesson 6, in the order in which they turn green.

`kata` is your file, katas/kata_06_transformer.py. What blocks and models should give is worked
out in tests/slow_06_transformer.py, one token and one head at a time, without your functions.
"""

import math

import numpy as np

from tests.runner.specs.check import close, differs, refuses
from tests.slow_06_transformer import (
    decoder_block_by_hand,
    encoder_block_by_hand,
    gpt_by_hand,
    narrow,
    random_block,
    random_gpt,
    random_transformer,
    random_writer,
    transformer_by_hand,
)

# Two words, and an encoder's output for three, for blocks by hand. Each word has mean 0 and
# variance 1.
THE_CAT = np.array([[1.0, 1, -1, -1], [1, -1, 1, -1]])
MEMORY = np.array([[-9.0, 1, 2, 6], [-6, -3, 1, 8], [-3, 2, -3, 4]])  # their mean is (-6, 0, 0, 6)
# All scores are zero, so that every word gets the mean of all, times this factor.
MEAN_TIMES_6, MEAN = (
    dict(w_q=np.zeros((4, 2)), w_k=np.zeros((4, 2)), w_v=np.eye(4), w_o=factor * np.eye(4))
    for factor in (6, 1))
# If the second number is positive, feed-forward adds (-6, 6, -6, 6) times it.
MOVES_SIX = dict(w_in=np.array([[0.0], [1], [0], [0]]), b_in=np.zeros(1),
                 w_out=np.array([[-6.0, 6, -6, 6]]), b_out=np.zeros(4))
ADDS_SIX = MOVES_SIX | dict(w_out=np.array([[0.0, 6, -6, 0]]))

# The lesson's small GPT: after "the" comes "cat", after "cat" "sat", and after "sat" "the". It has
# room for two tokens. A gain of E undoes the effect of eps.
THE, CAT, SAT = range(3)
WORDS = np.array([[1.0, 1, -1, -1, 0, 0], [1, -1, 1, -1, 0, 0], [1, -1, -1, 1, 0, 0]])
E = math.sqrt(1 + 1e-5)
NEXT_WORD = dict(
    norm_1=dict(gain=np.full(6, E), bias=np.zeros(6)),
    norm_2=dict(gain=np.full(6, E), bias=np.zeros(6)),
    attention=dict(w_q=np.zeros((6, 6)), w_k=np.zeros((6, 6)), w_v=np.zeros((6, 6)),
                   w_o=np.zeros((6, 6))),
    feed_forward=dict(w_in=10 * WORDS.T, b_in=np.full(3, -20.0),
                      w_out=(WORDS[[CAT, SAT, THE]] - WORDS) / 20, b_out=np.zeros(6)))
WRITER = dict(token_table=WORDS, blocks=[NEXT_WORD],
              position_table=np.array([[0.0, 0, 0, 0, 1, -1], [0, 0, 0, 0, -1, 1]]),
              norm_f=dict(gain=np.full(6, E * math.log(3) / 4), bias=np.zeros(6)))

# Logits of the next word, whose probabilities are these in sixteenths: after "the", "cat" and
# "sat".
LOGITS = np.log([[1.0, 8, 2, 1, 4], [4, 1, 2, 8, 1], [2, 1, 1, 4, 8]])
NEXT = np.array([1, 2, 3])  # the targets: cat (8 of 16), sat (2 of 16), on (4 of 16)


def norm_of(gain):
    return dict(gain=np.full(4, float(gain)), bias=np.zeros(4))


# encoder_block ------------------------------------------------------------------


def test_encoder_block_works_a_case_by_hand(kata):
    """Attention, residual, norm; then feed-forward, residual, norm: two words, as on paper."""
    # Attention adds 6 (1, 0, 0, -1): "the" is (7, 1, -1, -7), "cat" is (7, -1, 1, -7). Both have a
    # variance of 25, which a gain of 5 undoes. Feed-forward moves "the", whose second number is
    # positive.
    block = dict(attention=MEAN_TIMES_6, norm_1=norm_of(5), feed_forward=MOVES_SIX,
                 norm_2=norm_of(10))
    close(kata.encoder_block(THE_CAT, block, 1), [[2, 14, -14, -2], [14, -2, 2, -14]], rtol=1e-5)


def test_encoder_block_normalises_after_each_residual_sum(kata):
    """Norms come last, each with its own gain and bias; the activation is ReLU; float32 stays."""
    rng = np.random.default_rng(1)
    block, x = random_block(rng, "encoder"), rng.normal(size=(5, 8))
    close(kata.encoder_block(x, block, 2), encoder_block_by_hand(x, block, 2))
    integers = np.rint(3 * x).astype(int)
    close(kata.encoder_block(integers, block, 1), encoder_block_by_hand(integers, block, 1))
    expected = encoder_block_by_hand(x, block, 2)
    close(kata.encoder_block(narrow(x), narrow(block), 2), expected, dtype=np.float32, rtol=1e-3)


def test_encoder_block_has_a_mask_for_each_sample(kata):
    """With any number of batch axes, each sample has its own mask: padding has no effect."""
    rng = np.random.default_rng(2)
    block, x = random_block(rng, "encoder"), rng.normal(size=(3, 2, 5, 8))
    mask = np.arange(5) < np.array([[3, 5], [1, 4], [2, 3]])[..., None, None]
    expected = np.empty(x.shape)
    for sample in np.ndindex(3, 2):
        expected[sample] = encoder_block_by_hand(x[sample], block, 2, mask[sample])
    close(kata.encoder_block(x[:, 0], block, 2, mask=mask[:, 0]), expected[:, 0])
    close(kata.encoder_block(x, block, 2, mask=mask), expected)
    table = rng.random(size=(5, 5)) < 0.6
    close(kata.encoder_block(x[0, 0], block, 2, mask=table),
          encoder_block_by_hand(x[0, 0], block, 2, table))


# decoder_block ------------------------------------------------------------------


def test_decoder_block_works_a_case_by_hand(kata):
    """Self-attention, cross-attention, feed-forward: each with a residual connection and a norm."""
    # After the first norm: (7, 1, -1, -7) and (7, -1, 1, -7), as in the encoder. The memory adds
    # (-6, 0, 0, 6): (1, 1, -1, -1) and (1, -1, 1, -1), of variance 1. Feed-forward makes
    # (1, 7, -7, -1) of the first one.
    block = dict(attention=MEAN_TIMES_6, norm_1=norm_of(5), cross_attention=MEAN, norm_2=norm_of(1),
                 feed_forward=ADDS_SIX, norm_3=norm_of(10))
    close(kata.decoder_block(THE_CAT, MEMORY, block, 1), [[2, 14, -14, -2], [10, -10, 10, -10]],
          rtol=1e-4)


def test_decoder_block_has_queries_from_x_and_keys_from_memory(kata):
    """Queries come from x, keys and values from the memory, of any length; nothing is hidden."""
    rng = np.random.default_rng(4)
    block, x = random_block(rng), rng.normal(size=(5, 8))
    for n_memory in (7, 3):
        memory = rng.normal(size=(n_memory, 8))
        expected = decoder_block_by_hand(x, memory, block, 2)
        close(kata.decoder_block(x, memory, block, 2), expected)
        close(kata.decoder_block(*map(narrow, (x, memory, block)), 2), expected, dtype=np.float32,
              rtol=1e-3)


def test_decoder_block_has_a_mask_for_each_attention(kata):
    """mask is for self-attention and memory_mask for cross-attention; each is used as given."""
    rng = np.random.default_rng(5)
    block, x, memory = random_block(rng), rng.normal(size=(3, 5, 8)), rng.normal(size=(3, 7, 8))
    future = np.tri(5, dtype=bool).T  # the opposite of causal: each sees itself and all later ones
    past, padding = np.tri(5, dtype=bool), np.arange(7) < np.array([4, 7, 1])[:, None, None]
    for mask, memory_mask in [(past, None), (None, padding), (future, padding), (past, padding)]:
        expected = [decoder_block_by_hand(x[b], memory[b], block, 2, True if mask is None else mask,
                                          True if memory_mask is None else memory_mask[b])
                    for b in range(3)]
        close(kata.decoder_block(x, memory, block, 2, mask=mask, memory_mask=memory_mask), expected)
    x, memory, padding = (np.stack([array, array]) for array in (x, memory, padding))
    close(kata.decoder_block(x, memory, block, 2, past, padding), [expected, expected])


# transformer --------------------------------------------------------------------


def test_transformer_without_blocks_shows_its_embedding(kata):
    """A target word is its row times sqrt(d_model), plus a sinusoid; then comes the unembedding."""
    target_table = np.arange(36.0).reshape(4, 9)  # d_model = 9, so that its root is 3
    params = dict(source_table=np.ones((5, 9)), target_table=target_table, encoder=[], decoder=[],
                  unembedding=np.eye(9)[:, [8, 0, 1, 3]])  # the logits are columns 8, 0, 1 and 3
    logits = kata.transformer(np.array([4, 0]), np.array([1, 3, 0, 2, 3]), params, 1)
    waves = [[math.sin(t / 10_000 ** (8 / 9)), math.sin(t), math.cos(t),
              math.cos(t / 10_000 ** (2 / 9))] for t in range(5)]
    close(logits, 3 * target_table[[1, 3, 0, 2, 3]][:, [8, 0, 1, 3]] + waves, rtol=1e-5)


def test_transformer_sees_no_later_target_token(kata):
    """A changed target token moves logits from there on, and none before."""
    rng = np.random.default_rng(8)
    params = random_transformer(rng)
    source, target = rng.integers(9, size=7), rng.integers(11, size=5)
    before = kata.transformer(source, target, params, 2)
    for t in range(5):
        changed = target.copy()
        changed[t] = (changed[t] + 3) % 11
        after = kata.transformer(source, changed, params, 2)
        close(after[:t], before[:t], rtol=1e-7, of=after,
              what=f"logits before token {t}, after it was changed")
        differs(after[t:], before[t:])


def test_transformer_reads_the_source_and_writes_the_target(kata):
    """The source goes through all encoder blocks, the target through all decoder blocks."""
    rng = np.random.default_rng(7)
    params = random_transformer(rng)
    for batch, n_source, n_target in [((3,), 4, 6), ((2, 1), 11, 5), ((), 7, 10)]:
        source, target = (rng.integers(9, size=(*batch, n_source)),
                          rng.integers(11, size=(*batch, n_target)))
        expected = np.empty((*batch, n_target, 11))
        for sample in np.ndindex(batch):
            expected[sample] = transformer_by_hand(source[sample], target[sample], params, 2)
        close(kata.transformer(source, target, params, 2), expected, rtol=1e-4)
    fewer_and_more = params | dict(encoder=params["encoder"][1:],
                                   decoder=[random_block(rng), *params["decoder"]])
    expected = transformer_by_hand(source, target, fewer_and_more, 2)
    close(kata.transformer(source, target, fewer_and_more, 2), expected, rtol=1e-4)
    close(kata.transformer(source, target, narrow(fewer_and_more), 2), expected, dtype=np.float32,
          rtol=1e-3)


def test_transformer_never_looks_at_the_padding_of_the_source(kata):
    """What source_mask hides has no effect, in the encoder and in the decoder."""
    rng = np.random.default_rng(9)
    params, target = random_transformer(rng), rng.integers(11, size=(3, 5))
    source, lengths = rng.integers(9, size=(3, 7)), [4, 7, 2]
    mask = np.arange(7) < np.array(lengths)[:, None, None]
    logits = kata.transformer(source, target, params, 2, source_mask=mask)
    close(logits, [transformer_by_hand(source[b, : lengths[b]], target[b], params, 2)
                   for b in range(3)], rtol=1e-4)
    other = np.where(mask[:, 0], source, (source + 4) % 9)
    close(kata.transformer(other, target, params, 2, source_mask=mask), logits, rtol=1e-7)


# gpt ----------------------------------------------------------------------------


def test_gpt_works_the_lesson_by_hand(kata):
    """Without blocks the model predicts the word it reads; with the lesson's, the next one."""
    ln_3 = math.log(3)
    close(kata.gpt(np.array([THE, CAT]), WRITER | dict(blocks=[]), 1), [[ln_3, 0, 0], [0, ln_3, 0]])
    close(kata.gpt(np.array([THE, CAT]), WRITER, 1), [[0, ln_3, 0], [0, 0, ln_3]])
    close(kata.gpt(np.array([CAT, THE]), WRITER, 1), [[0, 0, ln_3], [0, ln_3, 0]])


def test_gpt_sees_no_later_token(kata):
    """A changed token moves logits from there on, and none before."""
    rng = np.random.default_rng(12)
    params, ids = random_gpt(rng), rng.integers(11, size=6)
    before = kata.gpt(ids, params, 2)
    for t in range(6):
        changed = ids.copy()
        changed[t] = (changed[t] + 3) % 11
        after = kata.gpt(changed, params, 2)
        close(after[:t], before[:t], rtol=1e-7, of=after,
              what=f"logits before token {t}, after it was changed")
        differs(after[t:], before[t:])


def test_gpt_runs_every_block_and_then_a_norm(kata):
    """Tokens plus positions, all blocks in order, norm_f, token_table.T; float32 stays float32."""
    rng = np.random.default_rng(11)
    params, ids = random_gpt(rng), rng.integers(11, size=(2, 3, 5))
    expected = np.empty((2, 3, 5, 11))
    for sample in np.ndindex(2, 3):
        expected[sample] = gpt_by_hand(ids[sample], params, 2)
    for part in (np.s_[0, 0], np.s_[:], np.s_[:, :1]):
        close(kata.gpt(ids[part], params, 2), expected[part], rtol=1e-6)
    close(kata.gpt(ids, narrow(params), 2), expected, dtype=np.float32, rtol=1e-3)


def test_gpt_ties_the_output_to_the_token_table(kata):
    """A logit comes from a row of token_table, or from a column of unembedding if there is one."""
    rng = np.random.default_rng(13)
    params, ids = random_gpt(rng), np.array([3, 9, 3, 0, 5])
    before = kata.gpt(ids, params, 2)
    doubled = np.where(np.arange(11) == 6, 2, 1)  # the table's row of a word that is not read
    after = kata.gpt(ids, params | dict(token_table=params["token_table"] * doubled[:, None]), 2)
    close(after, before * doubled, rtol=1e-6)
    unembedding = np.concatenate([2 * params["token_table"].T, rng.normal(size=(8, 1))], axis=1)
    untied = kata.gpt(ids, params | dict(unembedding=unembedding), 2)
    close(untied[:, :11], 2 * before, rtol=1e-6, of=untied, what="logits of the words in the table")


def test_gpt_refuses_tokens_past_the_last_position(kata):
    """One token more than position_table has rows is a ValueError, whatever the batch."""
    rng = np.random.default_rng(14)
    params, ids = random_gpt(rng, n_positions=5), rng.integers(11, size=6)
    one_place = params | dict(position_table=params["position_table"][:1])
    refuses(lambda: kata.gpt(ids, params, 2),
            lambda: kata.gpt(ids[:3], one_place, 2),  # NumPy would stretch a single row
            lambda: kata.gpt(ids.reshape(2, 3), one_place, 2))
    close(kata.gpt(ids[:5], params, 2), gpt_by_hand(ids[:5], params, 2), rtol=1e-6)
    close(kata.gpt(ids[:, None], params, 2),
          [gpt_by_hand(ids[b : b + 1], params, 2) for b in range(6)], rtol=1e-6)


# cross_entropy ------------------------------------------------------------------


def test_cross_entropy_works_the_lesson_by_hand(kata):
    """Probabilities of 1/2, 1/8 and 1/4 cost ln 2, ln 8 and ln 4: ln 4 on average."""
    close(kata.cross_entropy(LOGITS, NEXT), math.log(4))
    for vocab in (5, 7):  # a model that knows nothing gives all words the same probability
        close(kata.cross_entropy(np.full((3, vocab), 0.25), NEXT), math.log(vocab))


def test_cross_entropy_leaves_ignored_targets_out_of_the_mean(kata):
    """Ignored targets count neither in the sum nor in the number; any ignore_index will do."""
    close(kata.cross_entropy(LOGITS, np.array([1, -1, 3])), 1.5 * math.log(2))
    rng = np.random.default_rng(16)
    logits, targets = rng.normal(size=(2, 3, 5, 7)), rng.integers(1, 6, size=(2, 3, 5))
    padded = rng.random(size=(2, 3, 5)) < np.array([0.2, 0.5, 0.8])[:, None]
    losses = [math.log(sum(np.exp(logits[at]))) - logits[at][targets[at]]
              for at in np.ndindex(2, 3, 5) if not padded[at]]
    for ignore_index in (-1, 0, 6, -100):
        marked = np.where(padded, ignore_index, targets)
        loss = kata.cross_entropy(logits, marked,
                                  **({} if ignore_index == -1 else dict(ignore_index=ignore_index)))
        close(loss, sum(losses) / len(losses))
    close(kata.cross_entropy(np.zeros((2, 1)), np.array([0, -1])), 0.0)  # of one word, and padding


def test_cross_entropy_survives_large_logits(kata):
    """Logits near 1000 give a number, also for a word that is nearly impossible, or certain."""
    for around in (1000.0, -1000.0):
        close(kata.cross_entropy(around + LOGITS, NEXT), math.log(4))
    close(kata.cross_entropy(np.array([[0.0, math.log(3)], [1000, 1000 + math.log(3)]]),
                             np.array([0, 0])), math.log(4))
    close(kata.cross_entropy(np.array([[0, 60, 3], [700, -900, 0]]), np.array([0, 1])),
          (60 + 1600) / 2)
    certain = np.array([[0.0, 60, 3], [700, -900, 0]])  # the first target costs 0, and still counts
    close(kata.cross_entropy(certain, np.array([1, 1])), 1600 / 2)


def test_cross_entropy_of_nothing_is_nan(kata):
    """If every target is ignored, there is no mean: the answer is nan."""
    close(kata.cross_entropy(LOGITS, np.array([-1, -1, -1])), np.nan)
    close(kata.cross_entropy(LOGITS, np.array([4, 4, 4]), ignore_index=4), np.nan)


# perplexity ---------------------------------------------------------------------


def test_perplexity_works_the_lesson_by_hand(kata):
    """Probabilities of 1/2, 1/8 and 1/4 are like choosing among four; equal logits, among all."""
    close(kata.perplexity(LOGITS, NEXT), 4)
    close(kata.perplexity(np.full((3, 7), 0.25), NEXT), 7)
    close(kata.perplexity(np.array([[900.0, 0, 0], [0, 900.0, 0]]), np.array([0, 1])), 1)


def test_perplexity_leaves_ignored_targets_out(kata):
    """The same targets are ignored as in cross_entropy, in any batch; if all are, it is nan."""
    close(kata.perplexity(LOGITS, np.array([1, -1, 3])), math.sqrt(2 * 4))
    batch, next_words = np.stack([LOGITS, LOGITS - 3]), np.array([[0, 2, 3], [0, 0, 3]])
    close(kata.perplexity(batch, next_words, ignore_index=0), (8 * 4 * 4) ** (1 / 3))
    close(kata.perplexity(LOGITS, np.array([-1, -1, -1])), np.nan)


# generate -----------------------------------------------------------------------


def test_generate_works_the_lesson_by_hand(kata):
    """After "the" comes "cat", then "sat": the prompt first, then the new ids, all integers."""
    the_cat = kata.generate(np.array([THE]), WRITER, 1, 1)
    close(the_cat, [THE, CAT], dtype=np.int_)
    close(kata.generate(the_cat, WRITER, 1, 1), [THE, CAT, SAT])
    close(kata.generate(np.array([SAT, THE]), WRITER, 1, 0), [SAT, THE], dtype=np.int_)


def test_generate_reads_the_newest_tokens_that_there_is_room_for(kata):
    """Only the newest tokens that fit are read, from position 0; older ones stay in the answer."""
    close(kata.generate(np.array([THE]), WRITER, 1, 4), [THE, CAT, SAT, THE, CAT])
    rng = np.random.default_rng(26)
    params = random_writer(rng, n_positions=6)
    for n_tokens, n_new in [(2, 3), (1, 8), (9, 5)]:
        prompt = rng.integers(11, size=n_tokens)
        expected = list(prompt)
        for _ in range(n_new):
            logits = kata.gpt(np.array(expected[-6:]), params, 2)[-1]
            expected.append(max(range(11), key=lambda token: logits[token]))
        close(kata.generate(prompt, params, 2, n_new), expected)


def test_generate_writes_on_in_every_sample_of_a_batch(kata):
    """With any number of batch axes, every sample gets the words that it would get alone."""
    rng = np.random.default_rng(17)
    params, prompts = random_writer(rng, n_positions=6), rng.integers(11, size=(2, 3, 4))
    expected = np.empty((2, 3, 9), dtype=int)
    for sample in np.ndindex(2, 3):
        expected[sample] = kata.generate(prompts[sample], params, 2, 5)
    for part in (np.s_[0], np.s_[:], np.s_[:, :1]):
        close(kata.generate(prompts[part], params, 2, 5), expected[part])
    close(kata.generate(prompts, params, 2, 0), prompts)

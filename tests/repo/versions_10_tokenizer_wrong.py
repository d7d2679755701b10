"""Versions of lesson 10 that are wrong in unheard-of ways, or wrong twice."""

from collections import Counter
from itertools import pairwise

from kata_10_tokenizer import WORD, count_pairs, merge_pair, vocabulary

from tests.repo.versions import twice, unheard_of

# Wrong in ways that no mistake describes ---------------------------------------------


@unheard_of("count_pairs")
def with_an_id_between(words):
    counts = Counter()
    for ids, n in words.items():
        for pair in zip(ids, ids[2:]):
            counts[pair] += n
    return counts


@unheard_of("count_pairs")
def with_the_length_of_the_word(words):
    counts = Counter()
    for ids, n in words.items():
        for pair in pairwise(ids):
            counts[pair] += n * len(ids)
    return counts


@unheard_of("merge_pair")
def with_the_new_id_at_the_end(ids, pair, new_id):
    merged, at, n = [], 0, 0
    while at < len(ids):
        if ids[at : at + 2] == pair:
            n, at = n + 1, at + 2
        else:
            merged.append(ids[at])
            at += 1
    return (*merged, *[new_id] * n)


@unheard_of("train_bpe")
def with_long_words_alone(text, n_merges):
    words = Counter(tuple(word.encode()) for word in WORD.findall(text) if len(word) > 2)
    merges = []
    while len(merges) < n_merges and (counts := count_pairs(words)):
        pair = min(counts, key=lambda pair: (-counts[pair], pair))
        words = {merge_pair(ids, pair, 256 + len(merges)): n for ids, n in words.items()}
        merges.append(pair)
    return merges


@unheard_of("vocabulary")
def with_each_token_but_once(merges):
    tokens = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        tokens.append(tokens[left] + b"+" + tokens[right])
    return tokens


@unheard_of("encode")
def with_the_words_turned_round(text, merges, special=None):
    new_ids = {pair: 256 + i for i, pair in enumerate(merges)}
    ids = []
    for word in reversed(WORD.findall(text)):
        piece = tuple(word.encode())
        while known := [pair for pair in pairwise(piece) if pair in new_ids]:
            first = min(known, key=new_ids.get)
            piece = merge_pair(piece, first, new_ids[first])
        ids += piece
    return ids


@unheard_of("decode")
def with_capitals(ids, merges, special=None):
    tokens = dict(enumerate(vocabulary(merges)))
    tokens |= {token_id: name.encode() for name, token_id in (special or {}).items()}
    return b"".join(tokens[token_id] for token_id in ids).decode(errors="replace").capitalize()


# Wrong twice -------------------------------------------------------------------------

twice("counts_each_word_once", "cuts_a_word_into_twos")
twice("goes_on_by_one", "loses_the_last_id")
twice("goes_on_by_one", "returns_a_list")
twice("takes_the_first_of_equals", "cuts_nothing")
twice("counts_different_words", "begins_with_letters")
twice("merges_nothing", "begins_at_another_id")
twice("takes_the_largest_of_equals", "runs_out_of_pairs")
twice("makes_zeros", "knows_single_bytes_alone")
twice("merges_from_the_left", "cuts_nothing_before_it_merges")
twice("encodes_letters_as_numbers", "has_other_new_ids")
twice("takes_special_texts_as_they_come", "reads_special_texts_as_patterns")
twice("makes_one_merge_in_a_word", "cuts_everywhere_without_special_texts")
twice("decodes_token_by_token", "leaves_out_special_texts")
twice("refuses_cut_characters", "needs_a_dict")

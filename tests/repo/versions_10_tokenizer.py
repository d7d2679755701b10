"""Versions of lesson 10 that are right in many styles."""

import re
from collections import Counter
from itertools import pairwise

from kata_10_tokenizer import WORD, count_pairs, merge_pair, vocabulary

from tests.repo.versions import right


@right("count_pairs")
def with_a_plain_dict_and_indices(words):
    counts = {}
    for ids in words:
        for i in range(len(ids) - 1):
            pair = ids[i], ids[i + 1]
            counts[pair] = counts.get(pair, 0) + words[ids]
    return counts


@right("count_pairs")
def with_zip_and_a_defaultdict(words):
    from collections import defaultdict

    counts = defaultdict(int)
    for ids, n in words.items():
        for pair in zip(ids, ids[1:]):
            counts[pair] += n
    return counts


@right("count_pairs")
def with_counters_that_add_up(words):
    counts = Counter()
    for ids, n in words.items():
        counts.update({pair: n * k for pair, k in Counter(pairwise(ids)).items()})
    return dict(counts)


@right("merge_pair")
def with_a_for_loop_that_skips(ids, pair, new_id):
    merged, skip = [], False
    for i, token_id in enumerate(ids):
        if skip:
            skip = False
        elif i + 1 < len(ids) and token_id == pair[0] and ids[i + 1] == pair[1]:
            merged.append(new_id)
            skip = True
        else:
            merged.append(token_id)
    return tuple(merged)


@right("merge_pair")
def with_an_iterator(ids, pair, new_id):
    merged, left = (), list(ids)
    while left:
        if left[:2] == list(pair):
            merged, left = (*merged, new_id), left[2:]
        else:
            merged, left = (*merged, left[0]), left[1:]
    return merged


@right("merge_pair")
def with_a_change_in_place(ids, pair, new_id):
    ids, i = list(ids), 0
    while i < len(ids) - 1:
        if (ids[i], ids[i + 1]) == tuple(pair):
            ids[i : i + 2] = [new_id]
        i += 1
    return tuple(ids)


@right("train_bpe")
def with_sorted_pairs(text, n_merges):
    words = Counter(tuple(word.encode("utf-8")) for word in re.findall(WORD, text))
    merges = []
    for i in range(n_merges):
        counts = count_pairs(words)
        if not counts:
            return merges
        pair = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[0][0]
        words = Counter({merge_pair(ids, pair, 256 + i): n for ids, n in words.items()})
        merges += [pair]
    return merges


@right("train_bpe")
def with_a_list_of_all_words(text, n_merges):
    words = [tuple(match.group().encode()) for match in WORD.finditer(text)]
    merges = []
    for new_id in range(256, 256 + n_merges):
        counts = Counter(pair for word in words for pair in pairwise(word))
        if not counts:
            break
        most = max(counts.values())
        merges.append(min(pair for pair, n in counts.items() if n == most))
        words = [merge_pair(word, merges[-1], new_id) for word in words]
    return merges


@right("train_bpe")
def with_a_largest_of_negated_ids(text, n_merges):
    words, merges = Counter(map(str.encode, WORD.findall(text))), []
    words = {tuple(word): n for word, n in words.items()}
    while len(merges) < n_merges:
        counts = count_pairs(words)
        pair = max(counts, key=lambda p: (counts[p], -p[0], -p[1]), default=None)
        if pair is None:
            break
        words = {merge_pair(w, pair, 256 + len(merges)): n for w, n in words.items()}
        merges.append(pair)
    return merges


@right("vocabulary")
def with_a_dict_by_id(merges):
    tokens = {i: bytes((i,)) for i in range(256)}
    for i, (left, right_id) in enumerate(merges):
        tokens[256 + i] = tokens[left] + tokens[right_id]
    return list(tokens.values())


@right("vocabulary")
def with_slices_of_all_bytes(merges):
    every = bytes(range(256))
    tokens = [every[i : i + 1] for i in range(256)]
    for pair in merges:
        tokens += [b"".join(tokens[i] for i in pair)]
    return tokens


@right("encode")
def with_every_merge_in_turn(text, merges, special=None):
    special = special or {}
    names = "|".join(re.escape(name) for name in sorted(special, key=len)[::-1])
    ids = []
    for part in re.split(f"({names})", text) if names else [text]:
        if part in special:
            ids += [special[part]]
            continue
        for word in WORD.findall(part):
            piece = tuple(word.encode())
            for i, pair in enumerate(merges):
                piece = merge_pair(piece, pair, 256 + i)
            ids += piece
    return ids


@right("encode")
def with_one_merge_at_a_time(text, merges, special=None):
    ranks = {tuple(pair): rank for rank, pair in enumerate(merges)}
    names = sorted(special or {}, key=lambda name: -len(name))

    def ordinary(text):
        for match in WORD.finditer(text):
            piece = list(match.group().encode())
            while len(piece) > 1:
                found = [(ranks.get((a, b), 10**9), i) for i, (a, b) in enumerate(pairwise(piece))]
                rank, i = min(found)
                if rank == 10**9:
                    break
                piece[i : i + 2] = [256 + rank]
            yield from piece

    def cut(text, names):
        for i, name in enumerate(names):
            if name in text:
                before, _, after = text.partition(name)
                return [*cut(before, names[i + 1 :]), special[name], *cut(after, names[i:])]
        return list(ordinary(text))

    return cut(text, names)


@right("encode")
def with_words_that_it_remembers(text, merges, special=None):
    ids, start, known = [], 0, {}
    new_ids = {pair: 256 + i for i, pair in enumerate(merges)}

    def merged(word):
        piece = tuple(word.encode())
        while len(piece) > 1:
            pair = min(pairwise(piece), key=lambda pair: new_ids.get(pair, float("inf")))
            if pair not in new_ids:
                break
            piece = merge_pair(piece, pair, new_ids[pair])
        return piece

    def ordinary(text):
        for word in WORD.findall(text):
            if word not in known:
                known[word] = merged(word)
            ids.extend(known[word])

    if special:
        pattern = "|".join(map(re.escape, sorted(special, key=len, reverse=True)))
        for match in re.finditer(pattern, text):
            ordinary(text[start : match.start()])
            ids.append(special[match.group()])
            start = match.end()
    ordinary(text[start:])
    return ids


@right("decode")
def with_special_texts_looked_up_first(ids, merges, special=None):
    names = {token_id: name for name, token_id in (special or {}).items()}
    tokens = vocabulary(merges)
    parts = [names[i].encode("utf-8") if i in names else tokens[i] for i in ids]
    return b"".join(parts).decode("utf-8", "replace")


@right("decode")
def with_a_bytearray(ids, merges, special=None):
    data, tokens = bytearray(), vocabulary(merges)
    for token_id in ids:
        for name in special or ():
            if special[name] == token_id:
                data += name.encode()
                break
        else:
            data += tokens[token_id]
    return str(data, encoding="utf-8", errors="replace")

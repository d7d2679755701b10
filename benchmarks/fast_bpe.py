"""Byte-pair encoding with counts that are kept up to date: what training at scale does.

The same merges and ids as those of the kata. Training looks only at the words that have the pair,
and finds the next pair on a heap. Encoding merges each different word once.
"""

import heapq
import re
from collections import Counter, defaultdict
from itertools import pairwise

Pair = tuple[int, int]


def train_bpe(text: str, n_merges: int, word: re.Pattern) -> list[Pair]:
    """The most frequent pair, of equals the smallest, again and again.

    word: cuts the text into words
    """
    counted = Counter(word.findall(text))
    words, how_often = [tuple(each.encode()) for each in counted], list(counted.values())
    counts: Counter[Pair] = Counter()
    places: defaultdict[Pair, set[int]] = defaultdict(set)  # words that have a pair, or had it
    for place, ids in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += how_often[place]
            places[pair].add(place)
    heap = [(-count, pair) for pair, count in counts.items()]
    heapq.heapify(heap)
    merges: list[Pair] = []
    while len(merges) < n_merges and heap:
        negative, pair = heapq.heappop(heap)
        if counts[pair] != -negative:  # out of date: the pair is on the heap again, or gone
            continue
        changes: Counter[Pair] = Counter()
        for place in places.pop(pair):
            before, after = words[place], _merged(words[place], pair, 256 + len(merges))
            for gone in pairwise(before):
                changes[gone] -= how_often[place]
            for come in pairwise(after):
                changes[come] += how_often[place]
                places[come].add(place)
            words[place] = after
        for changed, change in changes.items():
            if change:
                counts[changed] += change
                if counts[changed]:
                    heapq.heappush(heap, (-counts[changed], changed))
        merges.append(pair)
    return merges


def encode(text: str, merges: list[Pair], word: re.Pattern) -> list[int]:
    """The ids of a text without special texts; each different word is merged once."""
    new_ids = {pair: 256 + i for i, pair in enumerate(merges)}
    known: dict[str, list[int]] = {}
    ids: list[int] = []
    for each in word.findall(text):
        if each not in known:
            known[each] = _encoded(each, new_ids)
        ids += known[each]
    return ids


def _encoded(word: str, new_ids: dict[Pair, int]) -> list[int]:
    ids = list(word.encode())
    while len(ids) > 1:
        first = min(pairwise(ids), key=lambda pair: new_ids.get(pair, len(new_ids) + 256))
        if first not in new_ids:
            break
        ids = list(_merged(tuple(ids), first, new_ids[first]))
    return ids


def _merged(ids: tuple[int, ...], pair: Pair, new_id: int) -> tuple[int, ...]:
    merged, at, last = [], 0, len(ids) - 1
    left, right = pair
    while at <= last:
        if ids[at] == left and at < last and ids[at + 1] == right:
            merged.append(new_id)
            at += 2
        else:
            merged.append(ids[at])
            at += 1
    return tuple(merged)

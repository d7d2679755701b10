"""Mistakes in count_pairs and merge_pair: overlaps, the ends of a word, how often it comes."""

from collections import Counter
from itertools import pairwise

from tests.runner.diagnosis.known import edit, given, mistake, probes

counts_each_word_once = edit("count_pairs", """You count each word once. A word that comes four
    times brings its pairs four times: add its count in `words`.""",
    ("+= how_often", "+= 1"), common=True)

counts_a_pair_once_in_a_word = edit("count_pairs", """A pair that occurs several times in one
    word counts once in yours. Every occurrence counts.""",
    ("pairwise(ids)", "set(pairwise(ids))"))

keeps_the_last_word_alone = edit("count_pairs", """Of a pair that is in several words, or several
    times in one, only the last occurrence counts: each overwrites what was there. Add to it.""",
    ("+= how_often", "= how_often"), common=True)

takes_both_orders_for_one = edit("count_pairs", """You take a pair and the same two ids the other
    way round for one pair. The order is part of a pair: "ab" is not "ba".""",
    ("counts[pair]", "counts[tuple(sorted(pair))]"))

cuts_a_word_into_twos = edit("count_pairs", """You cut each word into twos: the first and second
    id, the third and fourth. The second and third are a pair as well.""",
    ("pairwise(ids)", "zip(ids[::2], ids[1::2])"), common=True)

stops_before_the_last_pair = edit("count_pairs", """The last pair of each word is missing. A word of
    n ids has n - 1 pairs.""",
    ("pairwise(ids)", "pairwise(ids[:-1])"))

counts_single_ids = edit("count_pairs", """You count single ids. Count two neighbours together: the
    key is a tuple of two ids.""",
    ("pair in pairwise(ids)", "pair in ids"))


@mistake("count_pairs", """In a run of equal ids you count pairs that do not overlap: two in four.
    That is another convention, that of SentencePiece. The docstring's counts every two neighbours:
    three in four.""")
def counts_without_overlap(words):
    counts = Counter()
    for ids, how_often in words.items():
        before = None
        for pair in pairwise(ids):
            before = None if pair == before else pair
            if before:
                counts[pair] += how_often
    return counts


@mistake("count_pairs", """You count pairs over the ends of words: the last id of one and the first
    id of the next. A pair is within one word.""", common=True)
def counts_over_the_ends_of_words(words):
    ids = [token_id for word, how_often in words.items() for token_id in word * how_often]
    return Counter(pairwise(ids))


goes_on_by_one = edit("merge_pair", """After a merge you go on by one id, so the second id of the
    pair is used once more. Go on by two, in a `while` loop: a `for` loop over a range sets its
    index anew each time.""", ("at += 2", "at += 1"), common=True)

loses_the_last_id = edit("merge_pair", """An id at the end that is in no pair is lost. The last id
    has nothing after it, and stays as it is.""",
    ("at < len(ids)", "at < len(ids) - 1"), common=True)

merges_either_order = edit("merge_pair", """You merge the two ids the other way round as well. The
    order is part of a pair: "ab" is not "ba".""",
    ("ids[at : at + 2] == pair", "sorted(ids[at : at + 2]) == sorted(pair)"))

returns_a_list = edit("merge_pair", """You return a list. A word is a tuple of ids, as it is the key
    of a dict, and a list cannot be one.""", ("tuple(merged)", "merged"), common=True)

leaves_nothing_in_place = edit("merge_pair", """The pair is removed and nothing is put there. The
    new id belongs there.""", ("merged.append(new_id)", "pass"))

puts_it_in_twice = edit("merge_pair", """The new id comes twice for every pair: once instead of
    each of the two. It should come once for both.""",
    ("merged.append(new_id)", "merged += [new_id, new_id]"))

looks_at_every_other_place = edit("merge_pair", """You look for the pair only at every other
    position: at the first id, the third, the fifth. If it is not here, go on by one.""",
    ("merged.append(ids[at])\n            at += 1", "merged += ids[at : at + 2]\nat += 2"))


looks_at_the_first_id_alone = edit("merge_pair", """You compare only the first id of the pair. The
    id after it has to be the second one.""",
    ("ids[at : at + 2] == pair", "ids[at] == pair[0] and at + 1 < len(ids)"), common=True)


@mistake("merge_pair", """You look for the pair as text, where "109 116" ends in "9 116". Ids are
    numbers: compare them as such.""", speaks_of=("str", "join"))
def looks_for_digits(ids, pair, new_id):
    text = " ".join(map(str, ids)).replace(f"{pair[0]} {pair[1]}", str(new_id))
    return tuple(map(int, text.split()))


@mistake("merge_pair", """You merge only the first occurrence. The pair should be replaced
    wherever it is in the word.""", common=True)
def merges_the_first_place_alone(ids, pair, new_id):
    for at, found in enumerate(pairwise(ids)):
        if found == pair:
            return (*ids[:at], new_id, *ids[at + 2 :])
    return ids


@mistake("merge_pair", """Pairs that overlap are both merged, and three equal ids become two new
    ones. Each id can be in one merge alone: go on behind it.""")
def merges_overlapping_pairs(ids, pair, new_id):
    begins = [found == pair for found in pairwise(ids)] + [False]
    ends = [False, *begins]
    return tuple(new_id if begin else token_id
                 for token_id, begin, end in zip(ids, begins, ends) if begin or not end)


@mistake("merge_pair", """A run of pairs that overlap becomes one new id, however long it is. Merge
    from the left, and go on behind each merge: of three equal ids, one is left over.""")
def merges_a_run_into_one(ids, pair, new_id):
    begins = [found == pair for found in pairwise(ids)] + [False]
    ends = [False, *begins]
    return tuple(new_id if begin else token_id
                 for token_id, begin, end in zip(ids, begins, ends) if not end)


@mistake("merge_pair", """You merge from the right: of three equal ids, the first is left over.
    Begin at the left.""")
def goes_from_the_right(ids, pair, new_id):
    merged, at = [], len(ids)
    while at > 0:
        if ids[max(at - 2, 0) : at] == pair:
            merged.append(new_id)
            at -= 2
        else:
            merged.append(ids[at - 1])
            at -= 1
    return tuple(merged[::-1])


@mistake("merge_pair", """You merge what you have just merged: the new id and the id after it may be
    the pair again. Only the ids that came in are looked at.""")
def merges_what_it_has_made(ids, pair, new_id):
    ids, at = list(ids), 0
    while at < len(ids):
        if tuple(ids[at : at + 2]) == pair:
            ids[at : at + 2] = [new_id]
        else:
            at += 1
    return tuple(ids)


@probes("count_pairs")
def probe_count_pairs():
    yield given({(5, 7, 9, 5, 7): 2, (7, 5): 3, (9,): 4})
    yield given({(1, 1, 1, 1): 2, (1, 1, 1): 5, (2, 1, 1): 1})
    yield given({(3, 4, 3, 4, 4): 1, (4, 3, 300): 7, (300, 300): 1})
    yield given({(8,): 3, (9,): 1})
    yield given({(1, 2, 3, 4): 1, (5, 6, 7): 1})


@probes("merge_pair")
def probe_merge_pair():
    yield given((1, 2, 3, 1, 2, 2, 1, 1, 2), (1, 2), 256)
    yield given((1, 1, 1, 1, 1, 2, 1, 1), (1, 1), 300)
    yield given((5, 1, 1, 1), (1, 1), 257)
    yield given((1, 2, 2, 2, 1, 2), (1, 2), 1)
    yield given((7, 1, 2), (1, 2), 256)
    yield given((2, 1, 7), (1, 2), 256)
    yield given((4,), (4, 4), 256)
    yield given((41, 52, 4, 5), (4, 5), 256)
    yield given((1, 3, 1, 2, 1), (1, 2), 256)

"""The specs of lesson 10, in the order in which they turn green.

`kata` is your file, katas/kata_10_tokenizer.py. Expected ids and merges are from paper, or from a
slow loop that stands beside them. An id below 256 is a byte: 97 is "a", 32 is a blank.
"""

import numpy as np

from tests.runner.specs.check import equal

A, B, C, T, BLANK = 97, 98, 99, 116, 32
CAT = "the cat sat on the mat"
CAT_MERGES = [(A, T), (104, 101), (T, 257)]  # "at", "he", "the"
TEXTS = {
    "Hindi": "नमस्ते दुनिया, हिन्दी में।",
    "Chinese": "你好,世界!歯が痛い",
    "accents": "Ärger naïver Café-Gäste; e\u0301 is an e with an accent of its own",
    "emoji": "👍🏽 👨‍👩‍👧 and 🇩🇪",
    "code": "def f(x):\n    return x ** 2  # it's\n\n\n\tpass\n",
    "blanks": "  two   three    four \n \n  ",
    "ends of lines": "one\r\ntwo\rthree\n\r\n\n",
    "numbers": "1 12 123.45 2024-05-06 ²½Ⅷ",
    "signs": "a_b __init__ \x00\x1f\x7f \ufeff\u200b\xa0!?",
}
PIECES = ["the", " cats", " sat", ";", " the", " cat", "'s", " hat", "!!", "\n\n ", " banana", " ",
          "1", "2", "3", " bandana", ".", "\r\n ", " über", " Ärger", "?", "  ", " नमस", "्", "त",
          "े",
          " 你好", ",", "世界", " 👍👍", " (_", "x", "_)", "\n"] * 3  # a text, cut by WORD


def tokens_of(merges):
    """The bytes of every token."""
    tokens = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        tokens.append(tokens[left] + tokens[right])
    return tokens


def joined(ids, pair, new_id):
    """A list of ids, with new_id in place of the pair."""
    ids = list(ids)
    for at in range(len(ids)):  # the list may get shorter on the way
        if tuple(ids[at : at + 2]) == pair:
            ids[at : at + 2] = [new_id]
    return ids


def slowly_trained(words, n_merges):
    """The merges of a list of words, in which a word may come several times."""
    words = [list(word.encode()) for word in words]
    merges = []
    for i in range(n_merges):
        pairs = [pair for word in words for pair in zip(word, word[1:])]
        how_often = {pair: pairs.count(pair) for pair in pairs}
        if not pairs:
            break
        most = max(how_often.values())
        merges.append(min(pair for pair in pairs if how_often[pair] == most))
        words = [joined(word, merges[-1], 256 + i) for word in words]
    return merges


def ids_are(kata, text, merges, expected, *special):
    """Check what a text is encoded to, and say the bytes of each id if it is not."""
    known = dict(enumerate(tokens_of(merges)))
    for names in special:
        known |= {token_id: name.encode() for name, token_id in (names or {}).items()}
    vocabulary = [known.get(token_id, b"?") for token_id in range(max(known) + 1)]
    equal(kata.encode(text, merges, *special), expected, vocabulary=vocabulary)


# count_pairs --------------------------------------------------------------------


def test_count_pairs_counts_neighbours(kata):
    """Any two ids side by side are a pair, in their order."""
    equal(kata.count_pairs({(5, 7, 5, 7, 300): 1}), {(5, 7): 2, (7, 5): 1, (7, 300): 1})


def test_count_pairs_counts_a_word_as_often_as_it_comes(kata):
    """A word that comes four times adds each of its pairs four times."""
    words = {(1, 2, 3): 4, (2, 3): 10, (3, 1, 2): 100}
    equal(kata.count_pairs(words), {(1, 2): 104, (2, 3): 14, (3, 1): 100})


def test_count_pairs_counts_overlapping_pairs(kata):
    """Five equal ids in a row are four pairs: pairs may overlap."""
    equal(kata.count_pairs({(A,) * 5: 3, (A, A): 1}), {(A, A): 13})


def test_count_pairs_finds_none_in_single_ids(kata):
    """A word of one id has no pair, and no words have none: an empty dict."""
    equal(kata.count_pairs({(7,): 9, (8,): 1}), {})
    equal(kata.count_pairs({}), {})


# merge_pair ---------------------------------------------------------------------


def test_merge_pair_replaces_every_place(kata):
    """The new id replaces the pair everywhere: at the start, inside and at the end."""
    ids = (1, 2, 9, 1, 8, 2, 1, 2, 1, 2)
    equal(kata.merge_pair(ids, (1, 2), 256), (256, 9, 1, 8, 2, 256, 256))


def test_merge_pair_goes_from_left_to_right(kata):
    """Pairs that overlap are merged from the left: of three equal ids, the last is left over."""
    equal(kata.merge_pair((A, A, A), (A, A), 256), (256, A))
    equal(kata.merge_pair((A,) * 4, (A, A), 256), (256, 256))
    equal(kata.merge_pair((B, A, A, A, A, A, B), (A, A), 256), (B, 256, 256, A, B))


def test_merge_pair_goes_over_the_ids_once(kata):
    """What was merged is not merged again, even if the new id makes the pair again."""
    equal(kata.merge_pair((1, 2, 2, 2), (1, 2), 1), (1, 2, 2))


def test_merge_pair_leaves_everything_else(kata):
    """The pair the other way round, its ids apart, or one of them at the end stay as they are."""
    for ids in ((2, 1), (1, 3, 2), (2, 2, 1, 1), (1, 300, 2, 1), (1,), (2,), ()):
        equal(kata.merge_pair(ids, (1, 2), 256), ids)
    equal(kata.merge_pair((109, 116), (9, 116), 256), (109, 116))  # ids are no digits
    equal(kata.merge_pair((1, 11, 2), (1, 1), 256), (1, 11, 2))


# train_bpe ----------------------------------------------------------------------


def test_train_bpe_merges_the_most_frequent_pair(kata):
    """In "the cat sat on the mat" no two letters are together as often as "a" and "t"."""
    equal(kata.train_bpe(CAT, 1), [(A, T)])


def test_train_bpe_takes_the_smallest_of_equals(kata):
    """Of two pairs that come equally often, the smaller one is merged, not the one seen first."""
    equal(kata.train_bpe(CAT, 2), CAT_MERGES[:2])
    equal(kata.train_bpe("zy\nzx", 1), [(122, 120)])
    equal(kata.train_bpe("ba\nab", 2), [(A, B), (B, A)])


def test_train_bpe_merges_what_it_has_merged(kata):
    """Merge 1 made "he", id 257. Merge 2 joins it with the "t" before it."""
    equal(kata.train_bpe(CAT, 3), CAT_MERGES)


def test_train_bpe_counts_anew_after_every_merge(kata):
    """A merge takes pairs away: where "ab" is one id, there is no "bc" any more."""
    equal(kata.train_bpe("abc\nabc\nxy\nxy", 3), [(A, B), (120, 121), (256, C)])


def test_train_bpe_counts_every_word_of_the_text(kata):
    """A word that comes more often counts more: here "zz" beats three other words."""
    equal(kata.train_bpe("ab\nab\nzz\nzz\nzz\nab\nzz", 1), [(122, 122)])
    equal(kata.train_bpe("ab\nab\nzz\nzz\nzz\nab\nzz\nxyp\nxyq", 2), [(122, 122), (A, B)])


def test_train_bpe_stays_within_words(kata):
    """The end of a word and the blank after it come often, and are no pair."""
    equal(kata.train_bpe("a bb a cc a dd a ee", 1), [(BLANK, A)])


def test_train_bpe_begins_with_bytes(kata):
    """A letter beyond ASCII is several bytes: "é" is c3 a9, and no id to begin with."""
    equal(kata.train_bpe("éé", 2), [(0xC3, 0xA9), (256, 256)])


def test_train_bpe_takes_the_text_as_it_is(kata):
    """Capitals, blanks and ends of lines are part of the text, and are merged like the rest."""
    equal(kata.train_bpe("Aa AA", 1), [(BLANK, 65)])
    equal(kata.train_bpe("x\r\n", 1), [(13, 10)])


def test_train_bpe_stops_when_no_pair_is_left(kata):
    """With more merges asked for than there are pairs, the list is shorter, perhaps empty."""
    equal(kata.train_bpe("cat", 50), [(A, T), (C, 256)])
    for text in ("", "H", "1 2 3"):
        equal(kata.train_bpe(text, 5), [])
    equal(kata.train_bpe(CAT, 0), [])


def test_train_bpe_agrees_with_a_slow_loop(kata):
    """Sixty merges of a text in many languages are those of a loop over all pairs of all words."""
    equal(kata.train_bpe("".join(PIECES), 60), slowly_trained(PIECES, 60))


# vocabulary ---------------------------------------------------------------------


BYTES = [number.to_bytes(1, "big") for number in range(256)]


def test_vocabulary_begins_with_the_256_bytes(kata):
    """Without merges there are 256 tokens: each is one byte, from 0 to 255."""
    equal(kata.vocabulary([]), BYTES)


def test_vocabulary_joins_the_bytes_of_a_pair(kata):
    """Token 256 + i is what the two tokens of merge i are, side by side."""
    equal(kata.vocabulary([(A, T), (13, 10)]), [*BYTES, b"at", b"\r\n"])


def test_vocabulary_joins_tokens_of_earlier_merges(kata):
    """A merge may join what earlier merges made, on either side."""
    merges = [(104, 101), (T, 256), (BLANK, 257), (258, 257), (257, 257)]
    equal(kata.vocabulary(merges), [*BYTES, b"he", b"the", b" the", b" thethe", b"thethe"])


def test_vocabulary_holds_bytes_that_are_no_text(kata):
    """A token may be half a character: bytes, and not text, is what it is made of."""
    merges = [(0xF0, 0x9F), (256, 0x91), (0x80, 0xFF)]
    equal(kata.vocabulary(merges), [*BYTES, b"\xf0\x9f", b"\xf0\x9f\x91", b"\x80\xff"])


# encode -------------------------------------------------------------------------


def test_encode_without_merges_gives_bytes(kata):
    """With no merges the ids are the UTF-8 bytes of the text. No text, no ids."""
    ids_are(kata, "hat\n", [], [104, 97, 116, 10])
    ids_are(kata, "é你", [], [0xC3, 0xA9, 0xE4, 0xBD, 0xA0])
    ids_are(kata, "", [(A, T)], [])


def test_encode_merges_pairs(kata):
    """Every occurrence of the pair becomes the id of its merge, 256 for the first one."""
    ids_are(kata, "tatatat", [(A, T)], [T, 256, 256, 256])
    ids_are(kata, "taaaaa", [(104, 101), (A, A)], [T, 257, 257, A])


def test_encode_merges_what_it_has_merged(kata):
    """Merges go on until no pair of the word is among them."""
    ids_are(kata, CAT, [*CAT_MERGES, (BLANK, 258), (C, 256)],
            [258, 32, 260, 32, 115, 256, 32, 111, 110, 259, 32, 109, 256])


def test_encode_makes_the_earliest_merge_first(kata):
    """In "abc", with "bc" learned before "ab", it is "bc" that is merged, and "a" stays."""
    ids_are(kata, "abc", [(B, C), (A, B)], [A, 256])
    ids_are(kata, "abcab", [(B, C), (A, B)], [A, 256, 257])


def test_encode_does_not_look_for_the_longest_token(kata):
    """A token of four letters is not made if an earlier merge takes one of its letters."""
    merges = [(C, 100), (A, B), (257, C), (258, 101)]  # cd, ab, abc, abce
    ids_are(kata, "abcd", merges, [257, 256])
    ids_are(kata, "abce abcd", merges, [259, 32, 257, 256])


def test_encode_merges_within_words_only(kata):
    """No merge reaches from one word into the next, and each digit is a word."""
    ids_are(kata, "ab 12", [(B, BLANK), (49, 50), (BLANK, 49), (A, B)], [259, 32, 49, 50])
    ids_are(kata, "a  b", [(BLANK, BLANK), (BLANK, B)], [A, 32, 257])


def test_encode_cuts_a_text_as_training_did(kata):
    """The text that the merges were learned from becomes the tokens that they left."""
    merges = slowly_trained(PIECES, 40)
    expected = []
    for word in PIECES:
        ids = list(word.encode())
        for i, pair in enumerate(merges):
            ids = joined(ids, pair, 256 + i)
        expected += ids
    ids_are(kata, "".join(PIECES), merges, expected)


def test_encode_takes_a_special_text_as_one_token(kata):
    """A special text becomes its id wherever it is, at the ends and twice in a row, too."""
    merges, special = [(A, T), (62, A)], {"<end>": 900, "<begin>": 901}
    ids_are(kata, "<begin>hat<end><end>at", merges, [901, 104, 256, 900, 900, 256], special)
    ids_are(kata, "<end>", merges, [900], special)
    ids_are(kata, "a <end> b", merges, [A, BLANK, 900, BLANK, B], special)
    three = {"<1>": 900, "<2>": 901, "<3>": 902}
    ids_are(kata, "<1>a<2>b<3>", merges, [900, A, 901, B, 902], three)
    ids_are(kata, "<3>b<2>a<1>", merges, [902, B, 901, A, 900], three)


def test_encode_makes_no_merge_with_a_special_text(kata):
    """The text before a special text ends there, and the text after it starts by itself."""
    merges, special = [(33, 60), (33, 33), (62, 62)], {"<x>": 300}  # "!<", "!!", ">>"
    ids_are(kata, "!!<x>>>!<y>", merges, [257, 300, 258, 256, 121, 62], special)


def test_encode_prefers_the_longest_special_text(kata):
    """Of special texts that begin with each other the longest counts, in any order of the dict."""
    names = {"<a>": 300, "<a><b>": 301, "<a><b><c>": 302, "<b>": 303}
    for special in (names, dict(reversed(names.items()))):
        ids_are(kata, "<a><b><c><a><b><a><b><b>", [], [302, 301, 301, 303], special)


def test_encode_takes_the_signs_of_a_special_text_literally(kata):
    """A special text may have signs that mean something in a pattern, such as | and * and (."""
    special = {"<|end|>": 300, "a+": 301, "(.*)": 302, "\\d": 303}
    ids_are(kata, "<|end|>aa+(.*)|\\d5", [], [300, A, 301, 302, 124, 303, 53], special)


def test_encode_is_the_same_without_special_texts(kata):
    """None and an empty dict mean that no text is special: all of it is cut and merged."""
    for special in ([], [None], [{}]):
        ids_are(kata, "the <end> hat", CAT_MERGES, [258, 32, 60, 101, 110, 100, 62, 32, 104, 256],
                *special)


def test_encode_takes_a_long_word(kata):
    """A word of 1,500 letters is encoded well within the time limit."""
    merges = [(A, B), (256, 256), (257, 257)]
    ids_are(kata, "ab" * 750, merges, [258] * 187 + [257])


# decode -------------------------------------------------------------------------


def test_decode_joins_the_bytes_of_all_ids(kata):
    """Each id is looked up, in a list or an array, and the bytes are read as UTF-8."""
    ids = [258, BLANK, C, 256, 10]
    equal(kata.decode(ids, CAT_MERGES), "the cat\n")
    equal(kata.decode(np.array(ids), CAT_MERGES), "the cat\n")
    for none in ([], np.array([], int)):
        equal(kata.decode(none, CAT_MERGES), "")


def test_decode_reads_characters_that_are_cut_over_ids(kata):
    """The bytes of one character may be in several ids: they are joined before they are read."""
    equal(kata.decode([0xC3, 0xA9, BLANK, 0xE4, 0xBD, 0xA0], []), "é 你")
    equal(kata.decode([0xF0, 256, 0x8D], [(0x9F, 0x91)]), "👍")


def test_decode_takes_a_text_cut_inside_a_character(kata):
    """Bytes that are no character yet do not raise an error: U+FFFD comes instead."""
    for n_bytes in (1, 2, 3):
        equal(kata.decode([A, *"👍".encode()[:n_bytes]], []), "a\ufffd")
    equal(kata.decode([0x8D, 0xC3, B, 0xFF], []), "\ufffd\ufffdb\ufffd")


def test_decode_reads_every_byte_as_python_does(kata):
    """Each byte alone, and each with another one after it, is read as with errors="replace"."""
    for byte in range(256):
        equal(kata.decode([byte], []), bytes([byte]).decode("utf-8", errors="replace"))
    ids = [number for byte in range(256) for number in (byte, 255 - byte, 0xBF, 0x80)]
    equal(kata.decode(ids, []), bytes(ids).decode("utf-8", errors="replace"))


def test_decode_knows_special_texts(kata):
    """The id of a special text becomes that text, in whatever order and language."""
    special = {"<end>": 300, "<début>": 259}
    equal(kata.decode([259, 258, 300, 300, C], CAT_MERGES, special), "<début>the<end><end>c")
    equal(kata.decode([258], CAT_MERGES, {}), "the")
    equal(kata.decode([258], CAT_MERGES, None), "the")


def test_decode_brings_back_every_letter(kata):
    """Encoded and decoded, every letter below 1,000 is itself again, alone and beside others."""
    alone = "\n".join(map(chr, range(1000)))
    pairs = "".join(chr(a) + chr(b) for a in range(0, 1000, 37) for b in range(1, 1000, 31))
    for text in (alone, pairs):
        merges = [(0xC3, 0xA9), (A, B), (0xCE, 0xB1), (10, 10)]
        equal(kata.decode(kata.encode(text, merges), merges), text)


def test_decode_brings_back_every_text(kata):
    """Hindi, Chinese, emoji, code, blanks, any ends of lines: encoded and decoded, all are back."""
    merges = slowly_trained(PIECES, 12)
    special = {"<end>": 400, "e": 401, "\r\n": 402}
    for text in TEXTS.values():
        equal(kata.decode(kata.encode(text, merges), merges), text)
        text += "<end>" + text
        equal(kata.decode(kata.encode(text, merges, special), merges, special), text)

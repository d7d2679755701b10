"""Mistakes in encode: which merge comes first, and what a text is cut into."""

from tests.runner.diagnosis.known import edit, mistake

WORDS_OF_PART = "WORD.findall(part)"
FIRST = "min(known, key=new_ids.get)"

merges_from_the_left = edit("encode", """You merge the first pair of the word that can be merged.
    The merge that was learned first comes first, wherever it is: the smallest new id.""",
    (FIRST, "known[0]"), common=True)

merges_from_the_right = edit("encode", """You merge the last pair of the word that can be merged.
    The merge that was learned first comes first, wherever it is: the smallest new id.""",
    (FIRST, "known[-1]"))

makes_the_latest_merge_first = edit("encode", """You make the merge first that was learned last.
    Make them in the order of the list.""", (FIRST, "max(known, key=new_ids.get)"))

makes_one_merge_in_a_word = edit("encode", """You make one merge in each word, and stop. Look again
    after each: there may be others, and the new id may be in one.""",
    ("while known", "if known"), common=True)

cuts_nothing_before_it_merges = edit("encode", """You merge over the ends of words. The merges were
    learned within words: cut the text with WORD first.""", (WORDS_OF_PART, "[part]"), common=True)

cuts_the_text_at_blanks = edit("encode", """You cut the text at white space, which is lost by that.
    Cut it with WORD: its pieces, joined, are the text.""",
    (WORDS_OF_PART, "part.split()"), speaks_of="split", common=True)

encodes_letters_as_numbers = edit("encode", """You begin with the numbers of the letters, as `ord`
    gives them. Begin with the bytes of each word: `word.encode()`.""",
    ("tuple(word.encode())", "tuple(map(ord, word))"), common=True)

drops_what_is_not_ascii = edit("encode", """Letters beyond ASCII are lost. Each letter has bytes in
    UTF-8: `word.encode()` gives them.""",
    ("word.encode()", 'word.encode("ascii", errors="ignore")'))

has_other_new_ids = edit("encode", """The ids of the merges are not 256, 257, 258 and so on. Merge i
    makes the id 256 + i, beginning with i = 0.""",
    ("256 + i for", "start + i for"), start=(257, 0, 1, 255, 512))

merges_nothing_at_all = edit("encode", """Your ids are the bytes of the text: no merge is made. As
    long as a pair of the word is among the merges, merge it.""",
    ("if pair in new_ids", "if False"), denies=True)

never_makes_the_first_merge = edit("encode", """You never make the first merge: its number in the
    list is 0, which counts as False. Ask whether it is None.""",
    ("if pair in new_ids", "if new_ids.get(pair, 0) > 256"))

makes_a_list_for_each_word = edit("encode", """Your answer has a tuple or list of ids for each word.
    It should be one list of ids.""", ("ids += piece", "ids.append(piece)"))

makes_small_letters = edit("encode", """You make all letters small. A capital is another byte: take
    the text as it is.""", (WORDS_OF_PART, "WORD.findall(part.lower())"))

strips_words = edit("encode", """You strip white space off the words. It belongs to them: nothing of
    the text may be lost.""", ("word.encode()", "word.strip().encode()"))


@mistake("encode", """You take the longest token that fits, from left to right. Encoding makes the
    merges in the order in which they were learned, which often gives other tokens.""", common=True)
def takes_the_longest_token(text, merges, special=None):
    special = special or {}
    longest_first = sorted(special, key=len, reverse=True)
    cut = "|".join(map(re.escape, longest_first))  # noqa: F821
    parts = re.split(f"({cut})", text) if special else [text]  # noqa: F821
    token_ids = {token: i for i, token in enumerate(vocabulary(merges))}  # noqa: F821
    ids = []
    for part in parts:
        if part in special:
            ids.append(special[part])
            continue
        for word in map(str.encode, WORD.findall(part)):  # noqa: F821
            while word:
                end = next(end for end in range(len(word), 0, -1) if word[:end] in token_ids)
                ids.append(token_ids[word[:end]])
                word = word[end:]
    return ids

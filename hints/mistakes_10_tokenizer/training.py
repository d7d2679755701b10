"""Mistakes in train_bpe: what is counted, which pair is taken, what a text is cut into."""

from collections import Counter

from tests.runner.diagnosis.known import edit, given, mistake, probes

CHOICE = "min(counts, key=lambda pair: (-counts[pair], pair))"
WORDS = "words = {merge_pair(ids, pair, new_id): n for ids, n in words.items()}"
CUT = "WORD.findall(text)"

takes_the_first_of_equals = edit("train_bpe", """Of pairs that come equally often you take the one
    that is seen first. That is another convention; the docstring's is the smallest pair.""",
    (CHOICE, "max(counts, key=counts.get)"), common=True)

takes_the_largest_of_equals = edit("train_bpe", """Of pairs that come equally often you take the
    largest. That is another convention; the docstring's is the smallest pair.""",
    (CHOICE, "max(counts, key=lambda pair: (counts[pair], pair))"), common=True)

takes_the_rarest = edit("train_bpe", """You take the pair that comes least often. The one that comes
    most often is merged.""", ("(-counts[pair], pair)", "(counts[pair], pair)"))

takes_the_smallest_pair = edit("train_bpe", """You take the smallest pair, however often it comes.
    The count decides first, the pair only among equals.""",
    ("(-counts[pair], pair)", "pair"), denies=True)

merges_nothing = edit("train_bpe", """You choose the same pair again and again: the words do not
    change. Replace the pair by the new id in every word before you count again.""",
    (WORDS, "pass"), common=True)

counts_different_words = edit("train_bpe", """Each different word counts once, however often it
    comes in the text. Keep how often each word comes.""",
    ("Counter(tuple(word.encode()) for word in WORD.findall(text))",
     "dict.fromkeys((tuple(word.encode()) for word in WORD.findall(text)), 1)"), common=True)

begins_with_letters = edit("train_bpe", """You begin with the numbers of the letters, as `ord` gives
    them. Begin with the bytes of each word: `word.encode()`.""",
    ("tuple(word.encode())", "tuple(map(ord, word))"), common=True)

cuts_nothing = edit("train_bpe", """The text is one word for you, so pairs reach over the ends of
    words. Cut it with WORD first.""", (CUT, "[text]"), common=True)

cuts_at_blanks = edit("train_bpe", """You cut the text at white space, which is lost by that. Cut it
    with WORD, which keeps the blank in front of a word.""",
    (CUT, "text.split()"), speaks_of="split", common=True)

cuts_into_lines = edit("train_bpe", """You cut the text into lines first, and the ends of lines are
    lost. They are part of the text, and are merged like the rest.""",
    (CUT, "[word for line in text.splitlines() for word in WORD.findall(line)]"))

makes_all_letters_small = edit("train_bpe", """You make all letters small. A capital is another
    byte: take the text as it is.""", (CUT, "WORD.findall(text.lower())"))

strips_the_words = edit("train_bpe", """You strip the blanks off the words. The blank in front of a
    word belongs to it.""", ("word.encode()", "word.strip().encode()"))

begins_at_another_id = edit("train_bpe", """The new ids are not 256, 257, 258 and so on. Merge i
    makes the id 256 + i, beginning with i = 0.""",
    ("256 + len(merges)", "start + len(merges)"), start=(257, 255, 0, 1))

stops_at_pairs_that_come_once = edit("train_bpe", """You stop as soon as no pair comes twice. Others
    do so, too; the docstring asks to go on until no pair is left.""",
    ("new_id = 256", "if counts[pair] < 2:\n    break\nnew_id = 256"))

runs_out_of_pairs = edit("train_bpe", """When no pair is left, there is nothing to choose from, and
    an error comes. Stop before that, with the merges that there are.""",
    ("(counts := count_pairs(words))", "(counts := count_pairs(words)) is not None"), common=True)

counts_the_bytes_among_the_merges = edit("train_bpe", """You take n_merges for the size of the
    vocabulary, the 256 bytes included. It says how many merges to learn.""",
    ("< n_merges", "< n_merges - 256"))

returns_a_dict_of_merges = edit("train_bpe", """You return a dict from pair to id. The docstring
    asks for a list of pairs: its order says which id each makes.""",
    ("return merges", "return {pair: 256 + i for i, pair in enumerate(merges)}"))

returns_the_bytes_of_pairs = edit("train_bpe", """You return the bytes of both tokens. That is
    another convention, that of GPT-2's file of merges; the docstring's merges are pairs of ids.""",
    ("return merges",
     "tokens = vocabulary(merges)\n"
     "return [(tokens[left], tokens[right]) for left, right in merges]"))


@mistake("train_bpe", """All your merges come from one count, that of the text before any merge.
    Count again after each: a merge takes pairs away, and makes new ones.""", common=True)
def counts_once(text, n_merges):
    counts = count_pairs(Counter(tuple(word.encode()) for word in WORD.findall(text)))  # noqa: F821
    return sorted(counts, key=lambda pair: (-counts[pair], pair))[:n_merges]


@probes("train_bpe")
def probe_train_bpe():
    yield given("the cat sat on the mat", 5)
    yield given("zy\nzx zx\n\nZy zx ÄÄ é\r\n", 30)
    yield given("aaaa bab cab\tdada 1 22 bab", 4)
    yield given("hat that hat what Hat", 2)
    yield given("at", 3)
    yield given("ab, ab, cd, 12 12 cd.", 6)
    yield given("no no no one a bc a bd a be", 3)
    yield given("ab abc abcd abcde", 300)

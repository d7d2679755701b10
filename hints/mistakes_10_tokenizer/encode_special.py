"""Mistakes in encode: special texts; and what tells its mistakes apart."""

from tests.runner.diagnosis.known import edit, given, mistake, probes

PARTS = 're.split(f"({cut})", text) if special else [text]'
SORTED = "sorted(special, key=len, reverse=True)"

takes_special_texts_as_they_come = edit("encode", """Of two special texts that begin alike you find
    the one that comes first in the dict. The longest counts: put it first in the pattern.""",
    (SORTED, "list(special)"), common=True)

prefers_the_shortest = edit("encode", """Of two special texts that begin alike you find the
    shortest. The longest counts: put it first in the pattern.""",
    (SORTED, "sorted(special, key=len)"))

reads_special_texts_as_patterns = edit("encode", """Signs such as | and + in a special text mean
    something in a pattern. Escape them: `re.escape`.""",
    ("map(re.escape, longest_first)", "longest_first"), common=True)

loses_special_texts = edit("encode", """Special texts vanish, and each should give its id.
    `re.split` returns what it cuts at only if the pattern is in round brackets.""",
    ('f"({cut})"', "cut"), speaks_of="split", common=True)

cuts_everywhere_without_special_texts = edit("encode", """With no special texts the text falls into
    single letters, and nothing is merged: a pattern of nothing fits everywhere. The text is one
    part then.""", (PARTS, 're.split(f"({cut})", text)'), common=True)

cuts_everywhere_for_an_empty_dict = edit("encode", """With an empty dict the text falls into single
    letters, and nothing is merged: a pattern of nothing fits everywhere. `if special` is False for
    None and for {}.""",
    ("special = special or {}", "is_none = special is None\nspecial = special or {}"),
    (PARTS, '[text] if is_none else re.split(f"({cut})", text)'))

loses_the_end = edit("encode", """What stands after the last special text is lost. It is text as
    well.""", (PARTS, 're.split(f"({cut})", text)[:-1] if special else [text]'))

strips_the_parts = edit("encode", """The blanks beside a special text are lost. They are part of the
    text: do not strip what is between special texts.""",
    ("WORD.findall(part)", "WORD.findall(part.strip() if special else part)"), speaks_of="strip")

merges_special_texts = edit("encode", """`special` plays no part: such a text is cut and merged like
    any other. It is one token, whose id is given.""", (PARTS, "[text]"), denies=True, common=True)

needs_special_texts = edit("encode", """Without special texts `special` is None, in which nothing
    can be looked up. Use an empty dict instead.""", ("special = special or {}", "pass"))

gives_special_texts_their_bytes = edit("encode", """A special text becomes its bytes. It is one
    token: append its id.""", ("ids.append(special[part])", "ids += part.encode()"))

leaves_out_the_rest = edit("encode", """Your answer ends at the first special text. What comes
    after it is text as well.""", ("ids.append(special[part])\n            continue",
                             "ids.append(special[part])\nbreak"))


@mistake("encode", """A word may run into a special text that begins inside it, and the special text
    is not found. Cut the text at the special texts first, and find words between them.""")
def looks_for_special_texts_among_the_words(text, merges, special=None):
    special = special or {}
    names = map(re.escape, sorted(special, key=len, reverse=True))  # noqa: F821
    pattern = re.compile("|".join([*names, WORD.pattern]), re.VERBOSE)  # noqa: F821
    new_ids = {pair: 256 + i for i, pair in enumerate(merges)}
    ids = []
    for word in pattern.findall(text):
        if word in special:
            ids.append(special[word])
            continue
        piece = tuple(word.encode())
        while known := [pair for pair in pairwise(piece) if pair in new_ids]:  # noqa: F821
            first = min(known, key=new_ids.get)
            piece = merge_pair(piece, first, new_ids[first])  # noqa: F821
        ids += piece
    return ids


@probes("encode")
def probe_encode():
    merges = [(99, 100), (97, 98), (257, 99), (258, 101), (104, 97), (32, 32)]
    special = {"<a>": 300, "<a><b>": 301, "a+": 302, "<|x|>": 303, "<ab>": 304}
    yield given("abcd abce  hab\nHa ababab", merges)
    yield given("é Ab\tcd\r\n", merges)
    yield given("ab<a><b>cd!!<|x|>ab <ab>a+<a>aa hab", merges, special)
    yield given("<a><b>abc <a> ab", merges, dict(reversed(special.items())))
    yield given("ab cab 12", [(98, 32), (97, 98), (49, 50)], {})
    yield given("bcabcd", [(98, 99), (97, 98), (99, 97), (256, 97)])
    yield given("abcabc bcab", [(97, 98), (98, 99), (256, 99)])
    yield given("abcd bcd", [(98, 99), (99, 100), (98, 257)])
    yield given("no x", [])
    yield given("aab", [(1, 98)])
    yield given("xa.b|", [], {"a.b": 300, "b|": 301})  # the first in the text, of two that overlap
    yield given("xa.b|", [], {"b|": 300, "a.b": 301})
    yield given("né你", [(195, 169), (110, 256), (228, 189)])  # the bytes of one character
    yield given(" ab <a> cab<a>\n", merges, special)

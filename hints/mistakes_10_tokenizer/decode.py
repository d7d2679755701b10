"""Mistakes in decode: characters cut over ids, bytes that are no text, special texts."""

from tests.runner.diagnosis.known import edit, given, mistake, probes

JOINED = 'b"".join(tokens[token_id] for token_id in ids).decode(errors="replace")'
SPECIAL = "tokens |= {token_id: name.encode() for name, token_id in (special or {}).items()}"

decodes_token_by_token = edit("decode", """You decode each token by itself, so a character that is
    cut over two ids is lost. Join the bytes of all ids first, and decode once.""",
    (JOINED, '"".join(tokens[token_id].decode(errors="replace") for token_id in ids)'), common=True)

refuses_cut_characters = edit("decode", """Bytes that are no UTF-8 end in a UnicodeDecodeError. A
    text may end in the middle of a character: decode with errors="replace".""",
    ('errors="replace"', ""), common=True)

leaves_out_cut_characters = edit("decode", """Bytes that are no UTF-8 vanish. U+FFFD should come
    instead: errors="replace".""", ('errors="replace"', 'errors="ignore"'), common=True)

writes_cut_characters_otherwise = edit("decode", """Bytes that are no UTF-8 become something else
    than U+FFFD, the replacement character. Decode with errors="replace".""",
    ('errors="replace"', "errors=handler"), handler=("backslashreplace", "surrogateescape"))

puts_question_marks = edit("decode", """Bytes that are no UTF-8 become question marks. U+FFFD,
    the replacement character, should come instead.""",
    (JOINED, JOINED + '.replace("\\ufffd", "?")'))

takes_bytes_for_letters = edit("decode", """Each byte becomes a letter of its own, as in Latin-1.
    The bytes are UTF-8, where only those below 128 are letters by themselves.""",
    ('errors="replace"', '"latin-1"'), common=True)

puts_blanks_between = edit("decode", """You put a blank between the tokens. Blanks are part of the
    tokens: nothing belongs between them.""", ('b"".join', 'b" ".join'), common=True)

returns_bytes = edit("decode", """You return bytes. Decode them: the answer is text.""",
    ('.decode(errors="replace")', ""))

leaves_out_special_texts = edit("decode", """Special texts vanish. An id of `special` becomes its
    text, so that nothing is lost.""",
    ("token_id: name.encode() for name,", 'token_id: b"" for name,'), common=True)

has_no_special_texts = edit("decode", """The id of a special text is not found. Turn `special`
    round, from text: id to id: text, and look there as well.""", (SPECIAL, "pass"))

needs_a_dict = edit("decode", """Without special texts `special` is None, which has no items. Use
    an empty dict instead.""", ("(special or {}).items()", "special.items()"))

mends_ends_of_lines = edit("decode", r"""You turn \r\n into \n. What comes out should be what went
    in, byte by byte.""", (JOINED, JOINED + '.replace("\\r\\n", "\\n")'), speaks_of="replace")

strips_the_text = edit("decode", """White space at the ends of the text is lost. It is part of the
    text.""", (JOINED, JOINED + ".strip()"))

takes_ids_for_bytes = edit("decode", """You take each id for a byte. From 256 on it is a merge: look
    up its bytes in the vocabulary.""",
    (JOINED, 'bytes(ids).decode(errors="replace")'))


@mistake("decode", """You turn the ids round, and read the text from its end. Begin with the first
    id.""")
def reads_from_the_end(ids, merges, special=None):
    tokens = dict(enumerate(vocabulary(merges)))  # noqa: F821
    tokens |= {token_id: name.encode() for name, token_id in (special or {}).items()}
    return b"".join(tokens[token_id] for token_id in ids[::-1]).decode(errors="replace")


@probes("decode")
def probe_decode():
    merges = [(97, 116), (104, 256), (0xF0, 0x9F), (13, 10)]
    yield given([32, 257, 116, 32, 256, 10, 13, 10, 65, 32], merges)
    yield given([0xC3, 0xA9, 258, 0x91, 0x8D, 0xC3, 97, 0xFF, 258], merges)
    yield given([0xC3, 0xA9, 97], [])
    yield given([300, 257, 301, 300, 97], merges, {"<end>": 300, "<é>": 301})
    yield given([32, 97, 257], merges, {})
    yield given([259, 97, 259, 98], merges)
    yield given([104, 105, 32, 110], [])

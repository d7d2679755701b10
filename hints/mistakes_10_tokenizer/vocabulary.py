"""Mistakes in vocabulary: bytes, text and numbers."""

from tests.runner.diagnosis.known import edit, given, mistake, probes

SINGLE = "bytes([byte]) for byte in range(256)"
GROWING = "tokens.append(tokens[left] + tokens[right])"

takes_characters_for_bytes = edit("vocabulary", """Your tokens from 128 on are two bytes each: the
    UTF-8 of a character. Token 128 is the one byte 80, which is no character.""",
    ("bytes([byte])", "chr(byte).encode()"), common=True)

makes_zeros = edit("vocabulary", """Token 3 is three zeros for you: bytes(3) is three bytes of 0.
    `bytes([3])` is one byte, whose number is 3.""", ("bytes([byte])", "bytes(byte)"), common=True)

makes_text = edit("vocabulary", """Your tokens are text. They should be byte strings: a token may be
    half a character.""", ("bytes([byte])", "chr(byte)"), common=True)

leaves_numbers = edit("vocabulary", """Your tokens are numbers, and a merge adds them up. Token 97
    is b"a", a byte string; to join two is to put them side by side.""",
    (SINGLE, "byte for byte in range(256)"))

leaves_out_the_single_bytes = edit("vocabulary", """You return the tokens of the merges alone. The
    256 single bytes come first.""", ("return tokens", "return tokens[256:]"))

returns_a_dict = edit("vocabulary", """You return a dict. A list does the same with less: entry i is
    token i.""", ("return tokens", "return dict(enumerate(tokens))"))

knows_single_bytes_alone = edit("vocabulary", """You take both ids of a merge for bytes. From 256 on
    an id is an earlier merge: look up its token.""",
    (GROWING, "tokens.append(bytes([left, right]))"), common=True)

mends_halves_of_characters = edit("vocabulary", """Tokens that are no whole characters hold U+FFFD,
    that is ef bf bd: they went through text. Join bytes, and never decode a token.""",
    (GROWING, "joined = tokens[left] + tokens[right]\n"
              "tokens.append(joined.decode(errors='replace').encode())"), speaks_of="decode")

puts_new_tokens_in_front = edit("vocabulary", """You put each new token in front, so all others move
    up by one. Append it: merge i is token 256 + i.""",
    (GROWING, "tokens.insert(0, tokens[left] + tokens[right])"))

joins_from_the_right = edit("vocabulary", """You join the two tokens of a merge in the wrong
    order. The first id of a pair is on the left.""",
    (GROWING, "tokens.append(tokens[right] + tokens[left])"))


@mistake("vocabulary", """You look up merges in the single bytes alone, so a merge of an earlier
    merge finds nothing. Let the list grow while you go through the merges.""")
def looks_in_a_list_that_does_not_grow(merges):
    tokens = [bytes([byte]) for byte in range(256)]
    return tokens + [tokens[left] + tokens[right] for left, right in merges]


@probes("vocabulary")
def probe_vocabulary():
    yield given([])
    yield given([(97, 116), (104, 256), (257, 256)])
    yield given([(0xC3, 0xA9), (0x80, 0x20), (256, 257), (0xF0, 0x9F)])
    yield given([(104, 105), (49, 50)])

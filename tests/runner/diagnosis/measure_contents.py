"""Describes answers that are not arrays: text, bytes, lists of ids, pairs, counts."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from tests.runner.diagnosis.array_tables import short
from tests.runner.specs.check import same_content

PIECE = 24  # characters of a value that are quoted
NAMED = 3  # keys that are named, of many


def about_content(actual, expected, vocabulary: Sequence[bytes] = ()) -> Iterator[str]:
    """Say how two values of one type differ, in one or two sentences.

    vocabulary: for ids, the bytes of each
    """
    if isinstance(expected, dict):
        wrong = [key for key in expected if key in actual and actual[key] != expected[key]]
        parts = [*_keys_off(actual, expected), *_values_off(actual, expected, wrong)]
        yield f"{'; '.join(parts)}."
    elif not isinstance(expected, (str, bytes, list, tuple)):
        yield f"It is {_quoted(actual)} instead of {_quoted(expected)}."
    else:
        yield _where_they_part(actual, expected, vocabulary)
        yield from _relation(actual, expected, vocabulary)


def about_keys(actual: list, expected: list) -> str:
    """Say which keys of a dict, or how many entries of a list, are wrong."""
    if [*actual, *expected] == [*range(len(actual)), *range(len(expected))]:
        return f"It has {_counted(len(actual), 'entry')}, and should have {len(expected)}."
    return f"Of its keys, {' and '.join(_keys_off(actual, expected))}."


def first_difference(actual: Sequence, expected: Sequence) -> int:
    """The first index at which two sequences differ; the end of the shorter one at the latest."""
    shorter = min(len(actual), len(expected))
    return next((at for at in range(shorter) if not same_content(actual[at], expected[at])),
                shorter)


def as_text(piece: bytes) -> str:
    """Bytes as text in quotes; as bytes, if they are not characters."""
    try:
        return repr(piece.decode("utf-8"))
    except UnicodeDecodeError:
        return repr(piece)


def is_known(value, vocabulary: Sequence[bytes]) -> bool:
    """Whether a value is an id of the vocabulary."""
    return hasattr(value, "__index__") and 0 <= value < len(vocabulary)


def _where_they_part(actual: Sequence, expected: Sequence, vocabulary: Sequence[bytes]) -> str:
    kinds = {str: "character", bytes: "byte"}
    unit = "id" if vocabulary else kinds.get(type(expected), "entry")
    at = first_difference(actual, expected)
    right = f"The first {unit} is" if at == 1 else f"The first {_counted(at, unit)} are"
    if at == len(actual):
        left = len(expected) - at
        missing = f"{_counted(left, unit)} {'is' if left == 1 else 'are'} missing"
        return f"{right} right, and there it ends: {missing}." if at else f"It is empty: {missing}."
    if at == len(expected):
        return f"It should end after {_counted(at, unit)}, and has {len(actual)}."
    mine, wanted = (f"{_quoted(values[at : at + 1] if unit in kinds.values() else values[at])}"
                    f"{_meaning(values[at], vocabulary)}" for values in (actual, expected))
    begins = f"{right} right; then comes" if at else "It begins with"
    return f"{begins} {mine} instead of {wanted}."


def _relation(actual: Sequence, expected: Sequence, vocabulary: Sequence[bytes]) -> Iterator[str]:
    """Another relation of two sequences that differ, if there is one."""
    if isinstance(expected, (str, bytes)):
        if actual.split() == expected.split():
            yield "Only white space differs."
        elif "\ufffd" in set(actual) - set(expected):
            yield "It holds \ufffd, which stands for bytes that are no character by themselves."
    elif vocabulary and _joined(actual, vocabulary) == _joined(expected, vocabulary):
        yield "All ids together stand for the right bytes, cut in other places."
    elif len(expected) > 1 and Counter(map(repr, actual)) == Counter(map(repr, expected)):
        yield "These are the right entries, in another order."


def _keys_off(actual: Collection, expected: Collection) -> Iterator[str]:
    for what, keys, others in (("missing", expected, actual), ("too many", actual, expected)):
        if off := [_quoted(key) for key in keys if key not in others]:
            more = f" and {len(off) - NAMED} more" * (len(off) > NAMED)
            yield f"{', '.join(off[:NAMED])}{more} {'is' if len(off) == 1 else 'are'} {what}"


def _values_off(actual: dict, expected: dict, keys: list) -> Iterator[str]:
    for key in keys[:1]:
        more = f", and {len(keys) - 1} more differ{'s' * (len(keys) == 2)}" * (len(keys) > 1)
        mine, wanted = _quoted(actual[key]), _quoted(expected[key])
        yield f"{_quoted(key)} has {mine} instead of {wanted}{more}"


def _quoted(value) -> str:
    return short(value, PIECE)


def _meaning(value, vocabulary: Sequence[bytes]) -> str:
    """The bytes of an id, in brackets: " ('the')"; "" if they are not known."""
    return f" ({as_text(vocabulary[value])})" if is_known(value, vocabulary) else ""


def _joined(ids: Sequence, vocabulary: Sequence[bytes]) -> bytes | None:
    known = all(is_known(value, vocabulary) for value in ids)
    return b"".join(vocabulary[value] for value in ids) if known else None


def _counted(n: int, unit: str) -> str:
    plurals = {"entry": "entries"}
    return f"{n} {unit if n == 1 else plurals.get(unit, f'{unit}s')}"

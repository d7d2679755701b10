"""Describes answers that are no arrays: text, bytes, lists of ids, pairs, counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tests.runner.diagnosis.tables import short

PIECE = 24  # characters of a text that are quoted
NAMED = 3  # keys that are named, of many


def about_content(actual, expected, vocabulary: Sequence[bytes] = ()) -> Iterator[str]:
    """Say in what two values of one type differ, in one or two sentences.

    vocabulary: for ids, the bytes that each stands for
    """
    if isinstance(expected, (str, bytes)):
        yield from _about_text(actual, expected)
    elif isinstance(expected, dict):
        yield f"{_about_dict(actual, expected)}."
    elif isinstance(expected, (list, tuple)):
        yield from _about_list(actual, expected, vocabulary)
    else:
        yield f"It is {short(actual, PIECE)} instead of {short(expected, PIECE)}."


def about_keys(actual: list, expected: list) -> str:
    """Say which keys of a dict, or how many entries of a list, are not as expected."""
    if expected == list(range(len(expected))) and actual == list(range(len(actual))):
        return f"It has {_counted(len(actual), 'entry')}, and should have {len(expected)}."
    parts = [*_named("missing", _lacking(expected, actual)), *_named("too many", _lacking(actual, expected))]
    return f"Of its keys, {' and '.join(parts)}."


def first_difference(actual: Sequence, expected: Sequence) -> int:
    """The first index at which two sequences differ; the length of the shorter one if none is before."""
    return next((at for at, (a, b) in enumerate(zip(actual, expected)) if a != b), min(len(actual), len(expected)))


def _about_text(actual: str | bytes, expected: str | bytes) -> Iterator[str]:
    unit = "byte" if isinstance(expected, bytes) else "character"
    yield _where_they_part(actual, expected, unit, lambda text, at: short(text[at : at + 1]))
    if actual.split() == expected.split():
        yield "Only white space differs."
    elif unit == "character" and "\ufffd" in actual and "\ufffd" not in expected:
        yield "It holds \ufffd, which stands for bytes that are no character by themselves."


def _about_list(actual: Sequence, expected: Sequence, vocabulary: Sequence[bytes]) -> Iterator[str]:
    yield _where_they_part(actual, expected, "id" if vocabulary else "entry",
                           lambda values, at: f"{short(values[at], PIECE)}{stands_for(values[at], vocabulary)}")
    if vocabulary and _joined(actual, vocabulary) == _joined(expected, vocabulary):
        yield "All ids together stand for the right bytes, cut in other places."
    elif len(expected) > 1 and Counter(map(repr, actual)) == Counter(map(repr, expected)):
        yield "These are the right entries, in another order."


def _where_they_part(actual: Sequence, expected: Sequence, unit: str, quoted) -> str:
    at = first_difference(actual, expected)
    right = f"The first {unit} is right" if at == 1 else f"The first {_counted(at, unit)} are right"
    if at == len(actual):
        missing = len(expected) - at
        return (f"It is empty; {_counted(missing, unit)} should be there." if at == 0 else
                f"{right}, and there it ends: {_counted(missing, unit)} {'is' if missing == 1 else 'are'} missing.")
    if at == len(expected):
        return f"It should be {'empty' if at == 0 else f'over after {_counted(at, unit)}'}, and has {len(actual)}."
    begins = "It begins with" if at == 0 else f"{right}; then comes"
    return f"{begins} {quoted(actual, at)} instead of {quoted(expected, at)}."


def _about_dict(actual: dict, expected: dict) -> str:
    wrong = [key for key in expected if key in actual and actual[key] != expected[key]]
    parts = [*_named("missing", _lacking(expected, actual)), *_named("too many", _lacking(actual, expected))]
    if wrong:
        key = wrong[0]
        more = f", and {len(wrong) - 1} more differ{'s' * (len(wrong) == 2)}" if wrong[1:] else ""
        parts.append(f"{short(key, PIECE)} has {short(actual[key], PIECE)} instead of "
                     f"{short(expected[key], PIECE)}{more}")
    return "; ".join(parts)


def _lacking(keys: Iterable, others: Iterable) -> list:
    there = set(others)
    return [key for key in keys if key not in there]


def _named(what: str, keys: list) -> Iterator[str]:
    if keys:
        more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
        yield f"{', '.join(short(key, PIECE) for key in keys[:NAMED])}{more} {'is' if len(keys) == 1 else 'are'} {what}"


def stands_for(value, vocabulary: Sequence[bytes]) -> str:
    """What an id stands for, in brackets: " ('the')"; "" if nobody knows."""
    return f" ({as_text(vocabulary[value])})" if _is_known(value, vocabulary) else ""


def as_text(piece: bytes) -> str:
    """Bytes as text in quotes; as bytes, where they are no characters."""
    try:
        return repr(piece.decode("utf-8"))
    except UnicodeDecodeError:
        return repr(piece)


def _joined(ids: Sequence, vocabulary: Sequence[bytes]) -> bytes | None:
    known = all(_is_known(value, vocabulary) for value in ids)
    return b"".join(vocabulary[value] for value in ids) if known else None


def _is_known(value, vocabulary: Sequence[bytes]) -> bool:
    return hasattr(value, "__index__") and 0 <= value < len(vocabulary)


def _counted(n: int, unit: str) -> str:
    return f"{n} {unit}" if n == 1 else f"{n} {unit[:-1]}ies" if unit.endswith("y") else f"{n} {unit}s"

"""Walks over nested dicts, lists and tuples; two of them are compared by check.tree_close."""

from collections.abc import Callable, Iterator

NESTED = (dict, list, tuple)


def leaves(value) -> Iterator:
    """What is in dicts, lists and tuples at any depth; of any other value, the value."""
    if isinstance(value, NESTED):
        for part in value.values() if isinstance(value, dict) else value:
            yield from leaves(part)
    else:
        yield value


def mapped(change: Callable, value):
    """The same dicts, lists and tuples, with change(leaf) for each leaf."""
    if isinstance(value, dict):
        return {key: mapped(change, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(mapped(change, part) for part in value)
    return change(value)

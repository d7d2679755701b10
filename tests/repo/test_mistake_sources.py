"""What holds for every known mistake before it is run: its wording, and what it calls."""

import builtins
import dis
import re
from types import CodeType

import pytest

from tests.repo.test_mistakes import KATAS, WORKSHOPS, label, mistakes_of
from tests.runner.diagnosis.mistake_edits import Misfit

for_each_kata = pytest.mark.parametrize("kata", KATAS, ids=label)


@for_each_kata
def test_every_edit_fits_the_solution_as_it_is(kata):
    assert [problem for made in mistakes_of(kata) if (problem := misfit(made))] == []


def misfit(made):
    """Why a mistake cannot be made in the solution; "" if it can."""
    try:
        made.wrong
    except (Misfit, SyntaxError) as problem:
        return f"{problem}"
    return ""


@for_each_kata
def test_a_mistake_is_explained_in_few_words(kata):
    assert [made.says for made in mistakes_of(kata) if not is_plain(made.says)] == []


def is_plain(sentence):
    return (
        20 <= len(sentence) <= 240
        and (sentence[0].isupper() or sentence[0] in "`0")
        and sentence.endswith((".", "?"))
        and not re.search(r"\.py\b|\w/\w+/|katas/|hints/", sentence)
    )


@for_each_kata
def test_a_mistake_calls_itself_only_if_the_solution_does(kata):
    assert [label(made) for made in mistakes_of(kata)
            if made.function in {*looked_up(made.wrong.__code__)}
            - {*looked_up(made.right.__code__)}] == []


@for_each_kata
def test_a_mistake_finds_all_that_it_calls_in_the_solution(kata):
    known = {*vars(WORKSHOPS[kata.name].main), *vars(builtins)}
    missing = {label(made): names for made in mistakes_of(kata)
               if (names := set(looked_up(made.wrong.__code__)) - known)}
    assert missing == {}


def looked_up(code):
    """The global names of a function, inner functions included."""
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            yield step.argval
        elif isinstance(step.argval, CodeType):
            yield from looked_up(step.argval)

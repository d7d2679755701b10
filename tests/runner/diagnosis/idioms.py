"""Whether code has what a sentence speaks of: `any`, a loop, `reshape`, `@`.

A sentence in which the mistake's own words stand between backticks is true of code that has
these words. Where it speaks of others, or of one of several ways to write the same, the
declaration says so in `speaks_of`.
"""

import io
import re
import tokenize
from functools import cache
from types import FunctionType

from tests.runner.diagnosis.standins import used_by
from tests.runner.diagnosis.workshop import Mistake, Workshop, right_text
from tests.runner.lessons.source_text import text_of

QUOTED = re.compile(r"`([^`]+)`")


def has_what_is_spoken_of(theirs: FunctionType, made: Mistake, workshop: Workshop) -> bool:
    """Whether the sentence of a mistake speaks of nothing that the reader's function has not."""
    if made.speaks_of:
        return any(words(idiom) <= words_of(theirs, workshop) for idiom in made.speaks_of)
    return own_words(made, workshop) <= words_of(theirs, workshop)


def own_words(made: Mistake, workshop: Workshop) -> set[str]:
    """The words between backticks in the sentence of a mistake that it brings into the code.

    Functions of the lessons and arguments are not among them: a sentence speaks of what they stand for.
    """
    parameters = set(made.right.__code__.co_varnames[: made.right.__code__.co_argcount])
    lessons = {made.function, *workshop.called_by(made.function)}
    brought = words(made.text) - words(right_text(made.right)) - parameters - lessons
    return brought & set().union(*map(words, QUOTED.findall(made.says)))


def words_of(function: FunctionType, workshop: Workshop) -> frozenset[str]:
    """The words in a function's code and in that of its helpers, which are no functions of the lessons."""
    file = function.__code__.co_filename
    helpers = [other for name, other in used_by(function).items()
               if other.__code__.co_filename == file and workshop.function(name) is None]
    return frozenset().union(*map(_words_in, (function, *helpers)))


def _words_in(function: FunctionType) -> frozenset[str]:
    try:
        return words(text_of(function))
    except (ValueError, IndexError):  # its source is not to be had
        return frozenset()


@cache
def words(text: str) -> frozenset[str]:
    """The names, keywords, operators, numbers and texts in code."""
    found = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP):
                found.add(token.string)
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return frozenset(word for word in found if word not in PUNCTUATION)


PUNCTUATION = frozenset("()[]{},.:=") | {"...", "->"}

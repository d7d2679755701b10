"""Whether code has what a sentence mentions: `any`, a loop, `reshape`, `@`.

A sentence with the mistake's own words between backticks is true of code that has these words.
If it mentions others, or one of several ways to write the same, the declaration says so in
`speaks_of`.
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
    """Whether the reader's function has all that the sentence of a mistake mentions."""
    if made.speaks_of:
        return any(words(idiom) <= words_of(theirs, workshop) for idiom in made.speaks_of)
    return own_words(made, workshop) <= words_of(theirs, workshop)


def own_words(made: Mistake, workshop: Workshop) -> set[str]:
    """The words between backticks in a mistake's sentence that the mistake brings into the code.

    Without functions of the lessons and arguments: a sentence means what they stand for.
    """
    parameters = set(made.right.__code__.co_varnames[: made.right.__code__.co_argcount])
    lessons = {made.function, *workshop.called_by(made.function)}
    brought = words(made.text) - words(right_text(made.right)) - parameters - lessons
    return brought & set().union(*map(words, QUOTED.findall(made.says)))


def words_of(function: FunctionType, workshop: Workshop) -> frozenset[str]:
    """The words in a function's code and in that of its helpers outside the lessons."""
    file = function.__code__.co_filename
    helpers = [other for name, other in used_by(function).items()
               if other.__code__.co_filename == file and workshop.function(name) is None]
    return frozenset().union(*map(_words_in, (function, *helpers)))


def _words_in(function: FunctionType) -> frozenset[str]:
    try:
        return words(text_of(function))
    except (ValueError, IndexError):  # its source cannot be found
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

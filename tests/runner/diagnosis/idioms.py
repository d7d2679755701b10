"""Whether code has what a sentence mentions: `any`, a loop, `reshape`, `@`.

If a sentence mentions words of the mistake's code, such as `any`, np.sqrt or einsum, the reader's
code must have them as well. It must also have a loop if the sentence mentions one and the mistake
has one. If a sentence mentions something else, or one of several ways to write the same, the
declaration says so in `speaks_of`: pieces of code, one of which must be there.
"""

import ast
import io
import re
import tokenize
from functools import cache
from types import FunctionType

from tests.runner.diagnosis.standins import used_by
from tests.runner.diagnosis.workshop import Mistake, Workshop, right_text
from tests.runner.lessons.source_text import text_of

CODE = re.compile(r"`([^`]+)`|\b((?:np|math)\.\w+"
                  r"|einsum|reshape|astype|argmax|array_split|tensordot)\b"
                  r"|((?<![\w`])\[[-.:, \d]*\d[-.:, \d]*\])")
DOTTED = re.compile(r"\b(?:np|math)\.\w+")
COUNTED = (tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP)
PUNCTUATION = frozenset("()[]{},.:=") | {"...", "->"}


def has_what_is_spoken_of(theirs: FunctionType, made: Mistake, workshop: Workshop) -> bool:
    """Whether the reader's function has all that the sentence of a mistake mentions."""
    texts = texts_of(theirs, workshop)
    code = [tokens(text) for text in texts]
    if made.speaks_of and not any(is_in(tokens(idiom), part)
                                  for idiom in made.speaks_of for part in code):
        return False
    if not made.speaks_of and not own_words(made, workshop) <= set().union(*code):
        return False
    if not made.speaks_of and not all(any(is_in(name, part) for part in code)
                                      for name in own_names(made)):
        return False
    if not all(any(is_in(index, part) for part in code) for index in own_indices(made)):
        return False
    return _forms(made.says, made.text) <= set().union(*(_forms(made.says, text) for text in texts))


def own_words(made: Mistake, workshop: Workshop) -> set[str]:
    """The words of code in a mistake's sentence that the mistake brings into the function.

    Without functions of the lessons and arguments: a sentence means what they stand for.
    """
    parameters = set(made.right.__code__.co_varnames[: made.right.__code__.co_argcount])
    lessons = {made.function, *workshop.called_by(made.function)}
    brought = set(tokens(made.text)) - set(tokens(right_text(made.right)))
    mentioned = set().union(*(tokens("".join(found)) for found in CODE.findall(made.says)))
    return (brought & mentioned) - parameters - lessons - PUNCTUATION


def own_names(made: Mistake) -> list[tuple[str, ...]]:
    """The names with a dot in a sentence that only the mistake has: np.sqrt for math.sqrt."""
    mentioned = [tokens(name) for name in DOTTED.findall(made.says)]
    own, right = tokens(made.text), tokens(right_text(made.right))
    return [name for name in mentioned if is_in(name, own) and not is_in(name, right)]


def own_indices(made: Mistake) -> list[tuple[str, ...]]:
    """The indices without a name in a mistake's sentence that only the mistake has: [..., -1]."""
    mentioned = [tokens("".join(found)) for found in CODE.findall(made.says)]
    own, right = tokens(made.text), tokens(right_text(made.right))
    return [index for index in mentioned if index[:1] == ("[",) and is_in(index, own)
            and not is_in(index, right)]


# Forms of code that a sentence may mention in plain words.
FORMS = {
    "loop": lambda node: isinstance(node, (ast.For, ast.While, ast.comprehension)),
    "unpack": lambda node: isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store),
    "slice": lambda node: isinstance(node, ast.Slice),
}


@cache
def _forms(says: str, text: str) -> frozenset[str]:
    """The forms that a sentence mentions and a text has."""
    mentioned = [form for form in FORMS if re.search(rf"\b{form}", says)]
    if not mentioned or not text:
        return frozenset()
    nodes = list(ast.walk(ast.parse(text)))
    return frozenset(form for form in mentioned if any(map(FORMS[form], nodes)))


def texts_of(function: FunctionType, workshop: Workshop) -> list[str]:
    """The texts of a function and of its helpers outside the lessons."""
    file = function.__code__.co_filename
    helpers = [other for name, other in used_by(function).items()
               if other.__code__.co_filename == file and workshop.function(name) is None]
    return [_text_of(each) for each in (function, *helpers)]


def _text_of(function: FunctionType) -> str:
    try:
        return text_of(function)
    except (ValueError, IndexError):  # its source cannot be found
        return ""


@cache
def tokens(text: str) -> tuple[str, ...]:
    """The names, keywords, operators, numbers and texts in code, in order."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in COUNTED:
                found.append(token.string)
    except (tokenize.TokenError, IndentationError):  # an idiom is only a piece of code
        pass
    return tuple(found)


def is_in(idiom: tuple[str, ...], code: tuple[str, ...]) -> bool:
    """Whether tokens follow one another somewhere in code."""
    return any(code[at : at + len(idiom)] == idiom for at in range(len(code) - len(idiom) + 1))

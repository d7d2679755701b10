"""Small edits: another name: a variable, function, attribute, module, key or keyword."""

import ast

from tests.runner.diagnosis.tweak import Proposals, Slot, name
from tests.runner.diagnosis.tweaks_of_operators import OPPOSITE
from tests.runner.diagnosis.vocabulary import UNKNOWN, Vocabulary, names_in

CONFUSED = (  # functions, methods and attributes that people confuse
    ("max", "min", "sum", "mean", "var", "std", "prod", "argmax", "argmin"),
    ("any", "all"),
    ("exp", "log", "sqrt", "tanh", "sin", "cos", "abs", "square", "log2", "exp2", "log10",
     "expm1", "log1p"),
    ("maximum", "minimum", "fmax", "add"),
    ("ceil", "floor", "round", "trunc"),
    ("triu", "tril", "tri"),
    ("zeros", "ones", "empty", "eye"),
    ("zeros_like", "ones_like", "empty_like"),
    ("concatenate", "stack", "vstack", "hstack"),
    ("shape", "size", "ndim"),
    ("repeat", "tile"),
    ("argsort", "sort"),
    ("dot", "matmul", "multiply", "outer", "inner"),
    ("finfo", "iinfo"),
    ("add", "subtract", "multiply", "divide"),
    ("cumsum", "sum"),
    ("append", "extend"),
)


def names(slot: Slot, words: Vocabulary) -> Proposals:
    """Another variable of the same kind, or another function that takes the same arguments."""
    node = slot.node
    if isinstance(node, ast.Name):
        for other in _other_names(slot, words):
            if (other != node.id and not slot.has_beside(name(other, node))
                    and not rebinds(slot.parent, node, other, words)):
                yield node, ((node, "id", other),)


def rebinds(parent: ast.AST | None, node: ast.Name, other: str, words: Vocabulary) -> bool:
    """Whether an edit would write over an argument what is not made from it, as in `tile, n = ...`.

    parent: of the node whose name would change to `other`
    """
    if not isinstance(node.ctx, ast.Store) or other not in words.parameters:
        return False
    return not (isinstance(parent, ast.Assign) and other in names_in(parent.value))


def _other_names(slot: Slot, words: Vocabulary) -> list[str]:
    word = slot.node.id
    if word in words.names:
        others = words.of_same_kind(word)
        if isinstance(slot.parent, ast.Compare) and type(slot.parent.ops[0]) in OPPOSITE:
            return [other for other in others if words.names[other] in ("mask", UNKNOWN)]
        return others
    if words.is_undefined(word):
        return [*words.names, *words.functions]
    if word in words.functions:
        return words.functions_for(slot.parent) if slot.is_called else list(words.functions)
    return []


def names_of_other_kinds(slot: Slot, words: Vocabulary) -> Proposals:
    """A variable of another kind."""
    node = slot.node
    if isinstance(node, ast.Name) and node.id in words.names:
        near = {node.id, *words.of_same_kind(node.id), *words.of_kinds("function")}
        for other in words.names:
            if other not in near and not rebinds(slot.parent, node, other, words):
                yield node, ((node, "id", other),)


def functions(slot: Slot, words: Vocabulary) -> Proposals:
    """Another function, method or attribute that people confuse with one."""
    match slot.node:
        case ast.Attribute(attr=word):
            field = "attr"
        case ast.Name(word) if slot.is_called:
            field = "id"
        case _:
            return
    groups = (group for group in CONFUSED if word in group)
    for other in dict.fromkeys(other for group in groups for other in group):
        if other != word:
            yield slot.node, ((slot.node, field, other),)


def modules(slot: Slot, words: Vocabulary) -> Proposals:
    """NumPy's function in the place of the one of `math`, and the reverse."""
    match slot.node:
        case ast.Attribute(ast.Name("np" | "math" as module) as node):
            yield slot.node, ((node, "id", "math" if module == "np" else "np"),)


def keys(slot: Slot, words: Vocabulary) -> Proposals:
    """Another key of the same dict."""
    if isinstance(slot.node, ast.Constant) and isinstance(slot.node.value, str):
        for other in words.keys.get(slot.node.value, ()):
            yield slot.node, ((slot.node, "value", other),)


def keywords(slot: Slot, words: Vocabulary) -> Proposals:
    """Another keyword that the function has, too."""
    match slot.node:
        case ast.Call(ast.Name(function), keywords=given) if function in words.functions:
            taken = {keyword.arg for keyword in given}
            others = [other for other in words.functions[function].parameters if other not in taken]
            for keyword in given:
                if keyword.arg:
                    yield from ((keyword, ((keyword, "arg", other),)) for other in others)

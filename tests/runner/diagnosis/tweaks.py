"""All small edits of a program, in ranks: likely ones first."""

import ast
from collections.abc import Callable, Collection, Iterator

from tests.runner.diagnosis import tweaks_of_expressions as expressions
from tests.runner.diagnosis import tweaks_of_names as names
from tests.runner.diagnosis import tweaks_of_numbers as numbers
from tests.runner.diagnosis import tweaks_of_operators as operators
from tests.runner.diagnosis import tweaks_of_statements as statements
from tests.runner.diagnosis.tweak import Tweak, slots
from tests.runner.diagnosis.vocabulary import Vocabulary

# First slips of the hand, then what takes a thought, then what is seldom a mistake.
OF_EXPRESSIONS = (
    (numbers.numbers, numbers.truths, names.names, operators.operators, names.functions,
     names.modules, numbers.indices, names.keys, names.keywords, expressions.left_out,
     expressions.entries_left_out, expressions.exchanged, expressions.keywords_added),
    (operators.conditions, numbers.numbers_by_name, expressions.handed_on, expressions.regrouped,
     expressions.by_a_name),
    (expressions.as_in_the_solution, expressions.arguments_as_in_the_solution,
     expressions.terms_added, expressions.wrapped),
    (names.names_of_other_kinds, expressions.wrapped_oddly),
)
OF_STATEMENTS = (
    (statements.left_out, statements.names_exchanged, statements.index_left_out_on_both_sides),
    (statements.exchanged, statements.moved, statements.written_otherwise,
     statements.a_name_of_its_own, statements.renamed),
    (statements.parts_exchanged,),
    (),
)
N_RANKS = len(OF_EXPRESSIONS)


def all_tweaks(trees: list[ast.stmt], rank: int, vocabulary_of: Callable[[ast.stmt], Vocabulary],
               settled: Collection[ast.AST], later: bool) -> Iterator[Tweak]:
    """The edits of a rank in these statements.

    settled: the nodes that seem to be right
    later:   whether the edits in these are asked for, or all others
    """
    for tree in trees:
        vocabulary, places = vocabulary_of(tree), list(slots(tree))
        for kind in OF_EXPRESSIONS[rank]:
            for place in places:
                if (place.node in settled) == later:
                    for about, changes in kind(place, vocabulary):
                        yield Tweak(tree, about, changes)
        for kind in OF_STATEMENTS[rank]:
            for about, changes in kind(tree, vocabulary):
                if (about in settled) == later:
                    yield Tweak(tree, about, changes)

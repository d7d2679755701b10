"""All small edits of a program, in ranks: likely ones first."""

import ast
from collections.abc import Callable, Collection, Iterator

from tests.runner.diagnosis import tweaks_of_parts as parts
from tests.runner.diagnosis import tweaks_of_statements as statements
from tests.runner.diagnosis import tweaks_of_words as words
from tests.runner.diagnosis.tweak import Tweak, slots
from tests.runner.diagnosis.vocabulary import Vocabulary

# First slips of the hand, then what takes a thought, then what is seldom a mistake.
OF_EXPRESSIONS = (
    (words.numbers, words.truths, words.names, words.operators, words.functions, words.modules,
     words.indices, words.keys, words.keywords, parts.left_out, parts.entries_left_out,
     parts.exchanged, parts.keywords_added),
    (words.conditions, words.numbers_by_name, parts.handed_on, parts.regrouped, parts.by_a_name),
    (parts.as_in_the_solution, parts.arguments_as_in_the_solution, parts.terms_added,
     parts.wrapped),
    (words.names_of_other_kinds, parts.wrapped_oddly),
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

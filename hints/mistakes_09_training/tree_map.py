"""Mistakes in tree_map, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

LISTS = "return [tree_map(f, *branches) for branches in zip(*trees, strict=True)]"
DICTS = "return {key: tree_map(f, *(tree[key] for tree in trees)) for key in first}"
SAME_KEYS = 'if any(tree.keys() != first.keys() for tree in trees):'
SAME_TYPE = "if any(type(tree) is not type(first) for tree in trees):"

goes_one_level_down = edit("tree_map", """`f` gets what is inside the first dict, though that may
    be a dict or a list again. Call `tree_map` for it, not f: it goes down until there is an
    array.""",
    (DICTS, "return {key: f(*(tree[key] for tree in trees)) for key in first}"), common=True)

leaves_lists_as_they_are = edit("tree_map", """Arrays in lists come back as they were: f never
    sees them. The blocks of a GPT are in a list.""",
    (LISTS, "return first"), common=True)

hands_lists_to_f = edit("tree_map", """`f` gets whole lists. A list is a tree: build a new one, with
    `tree_map` of each of its items.""",
    (LISTS, "return f(*trees)"), common=True)

gives_f_the_first_array_alone = edit("tree_map", """`f` gets the array of the first tree alone.
    Pass it one of every tree: `f(*trees)`.""",
    ("return f(*trees)", "return f(trees[0])"), common=True)

takes_one_tree_alone = edit("tree_map", """`f` gets one array, however many trees there are: you
    go through the first alone. Go through all of them side by side, and pass f one array of
    each.""",
    (LISTS, "return [tree_map(f, branch) for branch in first]"),
    (DICTS, "return {key: tree_map(f, first[key]) for key in first}"),
    (SAME_TYPE, "if False:"), (SAME_KEYS, "if False:"),
    ("return f(*trees)", "return f(trees[0])"), common=True)

takes_the_tuple_for_a_tree = edit("tree_map", """`trees` is a tuple of all trees, even of one. That
    is no dict and no list, so f gets it whole. Look at what the first tree is, `trees[0]`.""",
    ("if not any(isinstance(tree, (dict, list)) for tree in trees): return f(*trees)",
     "if True:\n    return f(trees)"), common=True)

looks_for_keys_that_are_not_there = edit("tree_map", """A key that is not in all trees ends in a
    KeyError, or is left out. Compare the keys first, and raise a ValueError.""",
    (SAME_KEYS, "if False:"), common=True)

joins_dicts_by_order = edit("tree_map", """Dicts are joined by the order in which their keys were
    put in. The same key may be elsewhere in another tree: look each key up in all of them.""",
    (DICTS, "return {key: tree_map(f, *branches)\n"
            "        for key, *branches in zip(first, *(tree.values() for tree in trees))}"),
    common=True)

stops_at_the_shortest_list = edit("tree_map", """If one list is shorter than another, the rest of
    the longer one is lost silently. `zip(..., strict=True)` refuses it.""",
    ("zip(*trees, strict=True)", "zip(*trees)"), common=True)

takes_the_keys_that_all_have = edit("tree_map", """If a later tree has a key that the first one
    lacks, you leave it out silently. Compare the keys, and raise a ValueError if they are not
    the same.""",
    (SAME_KEYS, "if any(first.keys() - tree.keys() for tree in trees):"), common=True)

compares_no_types = edit("tree_map", """If one tree has a dict or a list and another has an
    array, there is no ValueError. Compare what they are before you go down.""",
    (SAME_TYPE, "if False:"))

answers_with_tuples = edit("tree_map", """Lists come back as tuples. Parameters keep their blocks
    in a list, and whoever reads your answer will expect one.""",
    (LISTS, "return tuple(tree_map(f, *branches) for branches in zip(*trees, strict=True))"))

answers_with_values_alone = edit("tree_map", """Dicts come back as lists: their keys are gone.
    Build a dict, `{key: ... for key in tree}`.""",
    (DICTS, "return [tree_map(f, *(tree[key] for tree in trees)) for key in first]"))

gives_f_what_is_empty = edit("tree_map", """An empty list or dict goes to f. There is no array in
    it: it comes back empty, as the blocks of a model that has none.""",
    ("return f(*trees) first = trees[0]",
     "return f(*trees)\nfirst = trees[0]\nif not any(trees):\n    return f(*trees)"))


@probes("tree_map")
def probe_tree_map():
    rng = np.random.default_rng(91)

    def tree(reverse=False):
        keys = ["a", "b", "blocks", "empty"][:: -1 if reverse else 1]
        made = {key: rng.normal(size=3) for key in keys}
        return made | {"blocks": [{"c": rng.normal(size=(2, 3))}, rng.normal(size=3)], "empty": []}

    yield given(np.negative, tree())
    yield given(lambda a, b: a - 2 * b, tree(), tree())
    yield given(lambda a, b: a - 2 * b, tree(), tree(reverse=True))
    yield given(lambda a, b, c: a - 2 * b + 3 * c, [tree(), tree()], [tree(), tree()], [tree()] * 2)
    yield given(np.add, [np.ones(2)], [np.ones(2), np.ones(2)])
    yield given(np.add, {"a": np.ones(2)}, {"a": np.ones(2), "b": np.ones(2)})
    yield given(np.add, {"a": np.ones(2)}, {"b": np.ones(2)})
    yield given(np.add, {"a": np.ones(2)}, {"a": [np.ones(2), np.ones(2)]})
    yield given(np.add, {"a": {}}, {"a": {}})

"""Mistakes in top_p, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

P_SORT = 'best_first = np.argsort(-probs, axis=-1, kind="stable")'
P_RANKS = "ranks = np.argsort(best_first, axis=-1)"
P_SUMS = "sums = np.take_along_axis(probs, best_first, axis=-1).cumsum(axis=-1)"
P_BELOW = "n_below = (sums < p).sum(axis=-1, keepdims=True)"
P_KEPT = "kept = np.where(ranks <= n_below, probs, 0)"
P_ANSWER = "return kept / kept.sum(axis=-1, keepdims=True)"

drops_the_token_that_crosses = edit(
    "top_p", """You drop the token that crosses p, so that what you keep does not reach it. That
    token stays as well.""",
    (P_KEPT, P_KEPT.replace("<=", "<")), common=True)

drops_the_token_that_crosses_but_one = edit(
    "top_p", """You drop the token that crosses p, unless it is the first. It stays: what is kept
    should reach p.""",
    (P_KEPT, "kept = np.where(ranks < np.maximum(n_below, 1), probs, 0)"), common=True)

drops_what_crosses_and_keeps_what_reaches = edit(
    "top_p", """You drop the token that crosses p, so that what you keep does not reach p unless its
    sum is exactly p. That token stays as well.""",
    (P_BELOW, P_BELOW.replace("<", "<=")), (P_KEPT, P_KEPT.replace("<=", "<")), common=True)

drops_what_crosses_but_for_the_first = edit(
    "top_p", """You drop the token that crosses p, unless it is the first, so that what you keep
    often does not reach p. That token stays as well.""",
    (P_BELOW, P_BELOW.replace("<", "<=")),
    (P_KEPT, "kept = np.where(ranks < np.maximum(n_below, 1), probs, 0)"))

keeps_none_for_p_of_0 = edit("top_p", """For p = 0 you keep nothing, and divide 0 by 0. The most
    likely token always stays.""",
    (P_BELOW, f"{P_BELOW}\nn_below = n_below - (p <= 0)"), common=True)

keeps_one_too_many = edit("top_p", """You keep one token more than is needed to reach p.""",
    (P_KEPT, "kept = np.where(ranks <= n_below + 1, probs, 0)"))

goes_on_at_exactly_p = edit("top_p", """If the sum is exactly p, you keep one more. To reach p is
    enough.""",
    (P_BELOW, P_BELOW.replace("<", "<=")))

starts_with_the_least_likely = edit("top_p", """You add up from the least likely token: a sort goes
    up. Sort the negative, so that the most likely come first.""",
    (P_SORT, P_SORT.replace("-probs", "probs")), common=True)

does_not_sort = edit("top_p", """You add up in the order of the ids. The most likely come first:
    sort before you add up.""",
    (P_SORT, "best_first = np.zeros(probs.shape, int) + np.arange(probs.shape[-1])"))

never_turns_the_places_back = edit(
    "top_p", """You keep the right number of tokens and the wrong ones: places in the sorted order
    are used as ids. Turn them back into ids.""",
    (P_RANKS, "ranks = np.arange(probs.shape[-1])"), common=True)

takes_the_sorting_of_p_for_ranks = edit(
    "top_p", """An argsort gives the ids in order of probability, and not the rank of each id. The
    argsort of that is the rank.""",
    (P_RANKS, "ranks = best_first"), speaks_of="argsort")

leaves_p_in_sorted_order = edit("top_p", """You keep the right probabilities in the wrong places:
    sorted, the most likely first. Each belongs to its id, where it was.""",
    (P_KEPT, "probs, ranks = -np.sort(-probs, axis=-1), np.arange(probs.shape[-1])\n" + P_KEPT))

does_not_divide_again = edit("top_p", """What you keep does not sum to 1: divide it by its
    sum.""",
    (P_ANSWER, "return kept"), common=True)

keeps_all_above_p = edit("top_p", """You keep each token whose own probability is at least p. It is
    their sum that should reach p.""",
    (P_KEPT, "kept = np.where((probs >= p) | (ranks == 0), probs, 0)"))

keeps_the_first_alone_for_1 = edit("top_p", """If rounding keeps the sum of all a little below p,
    you find no place that reaches it, and argmax of nothing but False is 0: only one token stays.
    Then all of them stay.""",
    (P_BELOW, "n_below = (sums >= p).argmax(axis=-1)[..., np.newaxis]"), speaks_of="argmax")

keeps_higher_ids_for_p = edit("top_p", """Of equal probabilities you keep the higher ids: a sort
    that is turned round turns equals round as well. Sort the negative with kind="stable".""",
    (P_SORT, 'best_first = np.argsort(probs, axis=-1, kind="stable")[..., ::-1]'),
    speaks_of="argsort")

sorts_without_order_for_p = edit("top_p", """Of many equal probabilities you keep others than the
    first: `argsort` may leave equals in any order. Ask for kind="stable".""",
    (P_SORT, "best_first = np.argsort(-probs, axis=-1)"), speaks_of="argsort")

has_one_number_for_all_rows = edit("top_p", """All your rows keep as many tokens as the first one.
    Each row needs a number of its own.""",
    (P_BELOW, f"{P_BELOW}\nn_below = n_below.flat[0]"))


@probes("top_p")
def probe_top_p():
    rng = np.random.default_rng(112)
    for shape in ((7,), (3, 5), (2, 3, 6)):
        probs = rng.dirichlet(np.ones(shape[-1]), shape[:-1])
        for p in (0.7, 0.2, 0.0, 0.9, 1.0):
            yield given(probs, p)
        yield given(probs.astype(np.float32), 0.6)
    yield given(np.array([2, 8, 1, 1, 4]) / 16, 0.75)
    yield given(np.full(10, 0.1), 1.0)
    yield given(np.full(32, 1 / 32), 0.25)

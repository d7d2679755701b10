"""Mistakes in top_k, and what tells them apart."""

import numpy as np

from tests.runner.diagnosis.known import edit, given, probes

K_SORT = 'best_first = np.argsort(-probs, axis=-1, kind="stable")'
K_RANKS = "ranks = np.argsort(best_first, axis=-1)"
K_KEPT = "kept = np.where(ranks < (k or probs.shape[-1]), probs, 0)"
K_ANSWER = "return kept / kept.sum(axis=-1, keepdims=True)"

keeps_the_least_likely = edit("top_k", """You keep the k least likely tokens: a sort goes up. Sort
    the negative, or take from the end.""",
    (K_SORT, K_SORT.replace("-probs", "probs")), common=True)

does_not_renormalise = edit("top_k", """What you keep does not sum to 1: divide it by its sum.""",
    (K_ANSWER, "return kept"), common=True)

renormalises_by_softmax = edit("top_k", """You put what you keep through a softmax again, so it is
    nearly even, and what was dropped comes back. Divide by the sum.""",
    (K_ANSWER, "return softmax(kept)"))

keeps_all_equals = edit("top_k", """If several are equal to the k-th, you keep all of them, and so
    more than k. Of equals the lower ids stay.""",
    (K_KEPT, "k = min(k or probs.shape[-1], probs.shape[-1])\n"
           "kth = np.sort(probs, axis=-1)[..., -k :][..., :1]\n"
           "kept = np.where(probs >= kth, probs, 0)"), common=True)

compares_rows_with_a_row = edit("top_k", """Your k-th largest probabilities have lost the axis of
    the vocabulary, so with more than one row they line up with its columns: an error, or wrong
    numbers. Keep that axis, with length 1. And of equals you keep all.""",
    (K_KEPT, "k = min(k or probs.shape[-1], probs.shape[-1])\n"
           "kept = np.where(probs >= np.sort(probs, axis=-1)[..., -k], probs, 0)"))

drops_the_kth = edit("top_k", """You keep one token too few: the k-th itself should stay.""",
    (K_KEPT, "kept = np.where(ranks < max(1, (k or probs.shape[-1]) - 1), probs, 0)"))

keeps_one_more = edit("top_k", """You keep k + 1 tokens. Ranks count from 0, so the first k are
    those below k.""",
    (K_KEPT, K_KEPT.replace("<", "<=")))

leaves_the_kept_in_sorted_order = edit(
    "top_k", """You keep the right probabilities in the wrong places: sorted, the most likely
    first. Each belongs to its id, where it was.""",
    (K_KEPT, "probs = np.take_along_axis(probs, best_first, axis=-1)\n"
           "ranks = np.arange(probs.shape[-1])\n" + K_KEPT))

takes_the_sorting_for_ranks = edit("top_k", """An argsort gives the ids in order of probability, and
    not the rank of each id. The argsort of that is the rank.""",
    (K_RANKS, "ranks = best_first"), speaks_of="argsort")

keeps_higher_ids = edit("top_k", """Of equal probabilities you keep the higher ids: a sort that is
    turned round turns equals round as well. Sort the negative with kind="stable".""",
    (K_SORT, 'best_first = np.argsort(probs, axis=-1, kind="stable")[..., ::-1]'),
    speaks_of="argsort")

sorts_without_order = edit("top_k", """Of many equal probabilities you keep others than the first:
    `argsort` may leave equals in any order. Ask for kind="stable".""",
    (K_SORT, "best_first = np.argsort(-probs, axis=-1)"), speaks_of="argsort")

takes_a_partition = edit("top_k", """Of equal probabilities you do not always keep the lower ids: a
    partition says which are largest, but not which of equals come first. Sort, with
    kind="stable".""",
    (K_SORT, "n = probs.shape[-1]\n"
             "largest_first = np.argpartition(-probs, min((k or n) - less, n - 1), axis=-1)"),
    (K_RANKS, "ranks = np.empty_like(largest_first)\n"
              "np.put_along_axis(ranks, largest_first, np.arange(n), axis=-1)"),
    speaks_of=("argpartition", "partition"), less=(0, 1))

keeps_none_for_0 = edit("top_k", """For k = 0 you keep nothing, and divide 0 by 0. Here 0 is "off":
    all tokens stay.""",
    (K_KEPT, K_KEPT.replace("(k or probs.shape[-1])", "k")), common=True)

refuses_a_large_k = edit("top_k", """You refuse k if it is larger than the vocabulary. Then all
    tokens stay.""",
    (K_SORT, 'if k > probs.shape[-1]:\n    raise ValueError("k is too large")\n' + K_SORT))

sums_over_all_rows = edit("top_k", """You divide each row by the sum of all rows. Each row sums to
    1 by itself: `axis=-1, keepdims=True`.""",
    (K_ANSWER, "return kept / kept.sum()"))

ranks_all_rows_together = edit("top_k", """You keep the k most likely of all rows together. Each
    row keeps k of its own: sort along the last axis.""",
    (K_SORT, 'best_first = np.argsort(-probs, axis=None, kind="stable")'),
    (K_RANKS, "ranks = np.argsort(best_first).reshape(probs.shape)"))

widens_by_zeros = edit("top_k", """Of float32 you make float64: `np.zeros` without a dtype is
    float64.""",
    (K_KEPT, f"{K_KEPT} + np.zeros(probs.shape)"), speaks_of="zeros")


@probes("top_k")
def probe_top_k():
    rng = np.random.default_rng(111)
    for shape in ((7,), (3, 5), (2, 3, 6)):
        probs = rng.dirichlet(np.ones(shape[-1]), shape[:-1])
        for k in (3, 1, 0, 4, 9):
            yield given(probs, k)
        yield given(probs.astype(np.float32), 2)
    yield given(np.array([0.1, 0.2, 0.1, 0.2, 0.2, 0.2]), 2)
    yield given(np.full(24, 1 / 24), 5)

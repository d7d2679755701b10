"""Mistakes in attend_one: what Python says no to, and a root without its digits."""

from tests.runner.diagnosis.known import edit

overflows_in_math_exp_of_one_score = edit("attend_one", """`math.exp` raises an OverflowError for
    a score above 709. Subtract the largest score from all of them first, or call your softmax.""",
    ("return softmax(scores)",
     "exps = np.array([math.exp(score) for score in scores])\nreturn exps / exps.sum()"))

asks_the_query_for_a_second_axis = edit("attend_one", """A query has a single axis, so
    query.shape[1] does not exist: hence the IndexError. Its number of features is d_k:
    query.shape[-1], or len(query).""",
    ("[-1]", "[1]"))

divides_by_a_rounded_root = edit("attend_one", """Your root of d_k is rounded down to a whole
    number. The root of 9, as in the example, is 3, but the root of 7 is 2.6458: keep its
    digits.""",
    ("math.sqrt(query.shape[-1])", "int(math.sqrt(query.shape[-1]))"))

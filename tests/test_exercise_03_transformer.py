"""The specs of lesson 6's exercise, in the order in which they turn green.

`kata` is your file, katas/exercise_03_transformer.py. It calls your own gpt and generate, so
lesson 6's kata should be green first. No spec looks at the weights of your sorter and your
reverser: only what they write counts.
"""

import itertools

import numpy as np

from tests.runner.specs.check import close, fails

VOCAB, N_POSITIONS, LENGTH = 10, 20, 6
PARTS = ["positions", "questions", "values", "feed_forward"]
BEFORE = [[5, 2, 9, 2, 1, 7], [3, 3, 3, 8, 3, 3], [1, 2, 3, 4, 5, 6], [9, 1, 9, 1, 9, 2],
          [7, 6, 4, 8, 5, 3]]


def counter(step):
    """A GPT without blocks that goes on with the number `step` further."""
    following = np.eye(VOCAB)[(np.arange(VOCAB) + step) % VOCAB]
    return {
        "token_table": np.eye(VOCAB), "position_table": np.zeros((N_POSITIONS, VOCAB)),
        "blocks": [],
        "norm_f": {"gain": np.ones(VOCAB), "bias": np.zeros(VOCAB)}, "unembedding": following,
    }  # fmt: skip


def random_parts():
    """Tables and matrices in which no two dimensions have the same size."""
    rng = np.random.default_rng(6)
    sizes = (10, 7), (20, 7), (7, 3), (7, 3), (7, 4), (4, 7)
    names = "token_table", "position_table", "w_q", "w_k", "w_v", "w_o"
    return {name: rng.normal(size=size) for name, size in zip(names, sizes)}


def random_params():
    """Parameters of a GPT with two blocks, in which no number is zero."""
    rng = np.random.default_rng(17)
    vector = {"gain": (6,), "bias": (6,)}
    sizes = {
        "norm_1": vector, "attention": {"w_q": (6, 3), "w_k": (6, 3), "w_v": (6, 4), "w_o": (4, 6)},
        "norm_2": vector,
        "feed_forward": {"w_in": (6, 9), "b_in": (9,), "w_out": (9, 6), "b_out": (6,)},
    }  # fmt: skip
    blocks = [
        {part: {name: rng.normal(size=size) for name, size in arrays.items()}
         for part, arrays in sizes.items()}
        for _ in range(2)
    ]
    norm = {"gain": rng.normal(size=6), "bias": rng.normal(size=6)}
    tables = {"token_table": rng.normal(size=(10, 6)), "position_table": rng.normal(size=(20, 6))}
    return tables | {"blocks": blocks, "norm_f": norm}


def called(*path):
    """How an array inside parameters is written: params["blocks"][0]["attention"]."""
    return "params" + "".join(f"[{name!r}]".replace("'", '"') for name in path)


def arrays_of(params):
    """Every array of nested dicts and lists, with the names that lead to it."""
    if isinstance(params, np.ndarray):
        return {(): params}
    items = params.items() if isinstance(params, dict) else enumerate(params)
    return {(name, *path): array for name, inner in items
            for path, array in arrays_of(inner).items()}


def switches_off(kata, params, part, *zeros):
    """Check that exactly the arrays with these names become zero, and no others change."""
    found, before = arrays_of(kata.without(params, part)), arrays_of(params)
    for path, array in before.items():
        close(found.get(path), np.zeros_like(array) if path[-1] in zeros else array,
              what=called(*path))


# answer -------------------------------------------------------------------------


def test_answer_is_what_the_model_writes_after_the_zero(kata):
    """Numbers and a 0 are the prompt; the answer has as many numbers, and nothing of the prompt."""
    close(kata.answer(np.array([7, 3, 5]), counter(step=1)), [1, 2, 3])
    close(kata.answer(np.array([7, 3, 5, 6]), counter(step=2)), [2, 4, 6, 8])


def test_answer_asks_many_questions_at_once(kata):
    """Each row of numbers is a prompt of its own, with a 0 at its end."""
    close(kata.answer(np.array([[7, 3], [1, 9], [4, 4]]), counter(step=4)),
          [[4, 8], [4, 8], [4, 8]])


# assemble -----------------------------------------------------------------------


def test_assemble_puts_each_array_in_its_place(kata):
    """The tables are at the top level; the four matrices are the only block's attention."""
    parts = random_parts()
    params = kata.assemble(**parts)
    for name in ("token_table", "position_table"):
        close(params[name], parts[name], what=called(name))
    if not isinstance(params["blocks"], list):
        fails(params, "`blocks` should be a list with a dict for each block: here, with one dict.")
    close(len(params["blocks"]), 1, what='len(params["blocks"])')
    for name in ("w_q", "w_k", "w_v", "w_o"):
        close(params["blocks"][0]["attention"][name], parts[name],
              what=called("blocks", 0, "attention", name))
    if "unembedding" in params:
        fails(params,
              "`unembedding` should not be there: without it, the output is tied to token_table.")


def test_assemble_adds_plain_norms(kata):
    """All three norms have d_model gains of 1 and biases of 0."""
    params = kata.assemble(**random_parts())
    for norm in (params["blocks"][0]["norm_1"], params["blocks"][0]["norm_2"], params["norm_f"]):
        close(norm["gain"], np.ones(7))
        close(norm["bias"], np.zeros(7))


def test_assemble_lets_the_feed_forward_network_add_nothing(kata):
    """The feed-forward network, of any width, gives zeros."""
    network = kata.assemble(**random_parts())["blocks"][0]["feed_forward"]
    d_ff = len(network["b_in"])
    close(0 * network["w_in"], np.zeros((7, d_ff)), of=network["w_in"])
    close(network["w_out"], np.zeros((d_ff, 7)))
    close(network["b_out"], np.zeros(7))


# sorter -------------------------------------------------------------------------


def test_sorter_starts_with_the_smallest_number(kata):
    """After the 0 comes the smallest of the numbers, at any position."""
    numbers = np.array([[5, 2, 9], [2, 9, 5], [9, 5, 2], [8, 7, 1]])
    answers = kata.answer(numbers, kata.sorter())
    close(answers[:, 0], [2, 2, 2, 1], of=answers)


def test_sorter_goes_on_with_the_next_larger_one(kata):
    """Each next number is the smallest of those larger than the number just written."""
    numbers = np.array([[5, 2, 9], [9, 1, 2], [7, 3, 8]])
    close(kata.answer(numbers, kata.sorter()), [[2, 5, 9], [1, 2, 9], [3, 7, 8]])


def test_sorter_sorts_from_two_numbers_to_nine(kata):
    """The same weights sort sequences of any length, in any order."""
    params = kata.sorter()
    for numbers in ([4, 3], [9, 1], [2, 3, 1, 7, 9, 8], [9, 8, 7, 6, 5, 4, 3, 2, 1],
                    [1, 9, 2, 8, 3, 7, 4, 6, 5]):
        close(kata.answer(np.array(numbers), params), sorted(numbers))
    orders = np.array(list(itertools.permutations([1, 4, 6, 9])))
    close(kata.answer(orders, params), [[1, 4, 6, 9]] * 24)


# reverser -----------------------------------------------------------------------


def test_reverser_starts_with_the_last_number(kata):
    """After the 0 comes the number just before it."""
    answers = kata.answer(np.array(BEFORE), kata.reverser())
    close(answers[:, 0], [7, 3, 6, 2, 3], of=answers)


def test_reverser_goes_back_step_by_step(kata):
    """The whole answer is the numbers from the last to the first, also where some are the same."""
    close(kata.answer(np.array(BEFORE), kata.reverser()), [numbers[::-1] for numbers in BEFORE])


def test_reverser_does_not_care_which_numbers_they_are(kata):
    """A hundred random sequences are reversed, too."""
    numbers = np.random.default_rng(9).integers(1, 10, size=(100, LENGTH))
    close(kata.answer(numbers, kata.reverser()), [list(reversed(row)) for row in numbers])


# without ------------------------------------------------------------------------


def test_without_positions_has_an_empty_table_of_positions(kata):
    """The table keeps its shape and holds zeros; all else stays, and the given model too."""
    switches_off(kata, random_params(), "positions", "position_table")


def test_without_questions_or_values_changes_every_block(kata):
    """In all blocks w_q, or w_v, becomes zero, and nothing else does."""
    switches_off(kata, random_params(), "questions", "w_q")
    switches_off(kata, random_params(), "values", "w_v")


def test_without_feed_forward_adds_nothing_in_any_block(kata):
    """In all blocks w_out and b_out become zero: the bias alone would still be added."""
    switches_off(kata, random_params(), "feed_forward", "w_out", "b_out")


def test_without_leaves_an_array_that_two_names_share(kata):
    """If one array is both w_k and w_v, only w_v becomes zero."""
    params = random_params()
    for block in params["blocks"]:
        block["attention"]["w_v"] = block["attention"]["w_k"]
    switches_off(kata, params, "values", "w_v")


# still_works --------------------------------------------------------------------


def test_still_works_agrees_with_what_happens(kata):
    """Your prediction for each part is what your two models do once it is switched off."""
    several = [np.array(numbers)
               for numbers in ([5, 2, 9], [9, 8, 1, 2], [7, 6, 4, 8, 5, 3], [3, 1])]
    sorter, reverser = kata.sorter(), kata.reverser()
    happens = []
    for part in PARTS:
        reduced = kata.without(sorter, part)
        sorts = all(list(kata.answer(numbers, reduced)) == sorted(numbers) for numbers in several)
        backwards = kata.answer(np.array(BEFORE), kata.without(reverser, part))
        happens.append([sorts, backwards.tolist() == [numbers[::-1] for numbers in BEFORE]])
    close(kata.still_works(), happens)

"""Numbers, names and hints on the screen: what is shown tells apart what differs, and hides no name."""

import numpy as np

from tests.repo.test_mistakes import LESSONS, first_red, module_with
from tests.runner.arrays import compare, table, tidy
from tests.runner.screen import plain
from tests.runner.verdict import _argument
from tests.runner.words import hanging

RNG = np.random.default_rng(4)


def test_what_is_marked_as_different_looks_different():
    right = RNG.normal(size=(3, 5))
    for off in (1e-5, 1e-7, 1e-10):
        yours, expected = compare("yours", right * (1 + off), right, np.ones(right.shape, bool))
        for mine, ours in zip(yours.lines, expected.lines):
            cells = list(zip(mine.replace("…", "").split(), ours.replace("…", "").split(), strict=True))
            assert cells and all(a.endswith("*") and a.rstrip("*") != b for a, b in cells)
        assert max(map(len, yours.lines)) + max(map(len, expected.lines)) <= 62


def test_where_few_digits_will_do_all_columns_are_shown():
    right = RNG.normal(size=(3, 5))
    yours, _ = compare("yours", right + 1, right, np.ones(right.shape, bool))
    assert all("…" not in line for line in yours.lines)


def test_what_rounding_leaves_of_nothing_is_shown_as_nothing():
    assert tidy(np.array([1.9e-8, 700.0])).tolist() == [0, 700]
    assert tidy(np.array([1.9e-8, 0.5])).tolist() == [1.9e-8, 0.5]
    assert tidy(np.array([0.05, 1e9])).tolist() == [0.05, 1e9]
    assert tidy(np.array([1.9e-8, np.inf, 700.0])).tolist() == [0, np.inf, 700]
    assert tidy(np.array([[3, 0]])).tolist() == [[3, 0]]
    yours, expected = compare("yours", np.array([1.9e-8, 700.0]), np.array([0.0, 700]), np.array([True, False]))
    assert "1.9e-08*" in yours.lines[0] and expected.lines[0].split() == ["0", "700"]


def test_no_key_of_a_dict_is_left_out():
    params = {f"part_{number}": np.ones((number, 4)) for number in range(1, 9)}
    shown = plain_argument(params)
    assert all(f"part_{number} ({number}, 4)" in shown for number in range(1, 9))
    assert "more" not in shown
    first, *rest = shown.splitlines()
    assert first.startswith("  params part_1") and rest
    assert all(line.startswith("      part_") and len(line) <= 60 for line in rest)


def plain_argument(params):
    shown = table("params", params)
    return "".join(plain(line) for line in _argument(shown, shown.lines, 60))


def test_a_line_with_room_stays_as_it_is():
    assert hanging("    norm: gain (3,), bias (3,)", 40, 6) == ["    norm: gain (3,), bias (3,)"]
    assert hanging("    norm: gain (3,), bias (3, 5)", 24, 6) == ["    norm: gain (3,),", "      bias (3, 5)"]


def test_hints_come_where_something_was_handed_on_in_another_way_and_not_for_a_misspelt_name():
    kata = next(kata for kata in LESSONS if kata.name == "kata_05_feed_forward")

    def misspells_a_key(x, block, n_heads, mask=None):
        return x + block["norm1"]

    def adds_a_word(x, block, n_heads, mask=None):
        return x + "norm_1"

    def misspells(x, block, n_heads, mask=None):
        return x + blocks  # noqa: F821

    for function, fits in ((adds_a_word, True), (misspells, False), (misspells_a_key, False)):
        _, red = first_red(kata, module_with(kata, transformer_block=function))
        assert red.hint_fits is fits

"""Numbers, names and hints on the screen: what differs looks different, and no name is hidden."""

import numpy as np
import pytest

from tests.repo.test_mistakes import LESSONS, first_red, module_with
from tests.runner.diagnosis.array_tables import side_by_side, table, tidy, typed
from tests.runner.layout.one_line import cut
from tests.runner.lessons.catalog import find
from tests.runner.reader.attempt import Attempt
from tests.runner.screens.prints import MAX_PRINTED
from tests.runner.screens.source_code import _changes, diff
from tests.runner.screens.style import hanging, narrowed
from tests.runner.screens.terminal import plain
from tests.runner.screens.verdict import HEIGHT, Context, _argument, verdict
from tests.runner.specs.printed import heard
from tests.runner.specs.record import Cause, Red, Run, SpecRecord, Status, Table
from tests.runner.specs.watched import WatchedKata

RNG = np.random.default_rng(4)


def test_what_is_marked_as_different_looks_different():
    right = RNG.normal(size=(3, 5))
    for off in (1e-5, 1e-7, 1e-10):
        yours, expected = side_by_side("yours", right * (1 + off), right,
                                       np.ones(right.shape, bool))
        for mine, ours in zip(yours.lines, expected.lines):
            cells = list(zip(mine.replace("…", "").split(), ours.replace("…", "").split(),
                             strict=True))
            assert cells and all(a.endswith("*") and a.rstrip("*") != b for a, b in cells)
        assert max(map(len, yours.lines)) + max(map(len, expected.lines)) <= 62


def test_if_few_digits_are_enough_all_columns_are_shown():
    right = RNG.normal(size=(3, 5))
    yours, _ = side_by_side("yours", right + 1, right, np.ones(right.shape, bool))
    assert all("…" not in line for line in yours.lines)


def test_a_zero_with_a_rounding_error_is_shown_as_zero():
    assert tidy(np.array([1.9e-8, 700.0])).tolist() == [0, 700]
    assert tidy(np.array([1.9e-8, 0.5])).tolist() == [1.9e-8, 0.5]
    assert tidy(np.array([0.05, 1e9])).tolist() == [0.05, 1e9]
    assert tidy(np.array([1.9e-8, np.inf, 700.0])).tolist() == [0, np.inf, 700]
    assert tidy(np.array([[3, 0]])).tolist() == [[3, 0]]
    yours, expected = side_by_side("yours", np.array([1.9e-8, 700.0]), np.array([0.0, 700]),
                                   np.array([True, False]))
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
    return "".join(plain(line) for line in _argument(shown, 60))


def test_a_line_that_fits_stays_as_it_is():
    assert hanging("    norm: gain (3,), bias (3,)", 40, 6) == ["    norm: gain (3,), bias (3,)"]
    assert hanging("    norm: gain (3,), bias (3, 5)", 24, 6) == ["    norm: gain (3,),",
                                                                  "      bias (3, 5)"]


def test_hints_are_shown_unless_a_misspelt_name_is_the_cause():
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


def test_columns_that_do_not_fit_are_said_to_be_left_out():
    assert table("q", np.eye(2, 9)).lines[1].split() == list("010000000")
    assert table("x", np.eye(3, 19)).lines[2].split() == ["0", "0", "1", *"0" * 16]
    assert all(line.endswith("…") for line in table("x", RNG.normal(size=(3, 12))).lines)


def test_a_small_difference_between_large_numbers_is_shown():
    assert table("scores", 1000 + np.log([1.0, 3])).lines[0].split() == ["1000", "1001.1"]
    assert table("scores", np.array([0.5, 0.12345678])).lines[0].split() == ["0.5", "0.1235"]
    assert table("scores",
                 np.array([np.inf, 1e300, -1e300])).lines[0].split() == ["inf", "1e+300", "-1e+300"]


def test_a_list_that_is_cut_keeps_its_bracket():
    words = "the cat and the mat and the cat sat on the mat".split()
    assert typed(words[:3], 40) == "['the', 'cat', 'and']"
    assert typed(words, 40) == "['the', 'cat', 'and', 'the', 'mat', …]"
    assert len(typed(words, 40)) <= 40
    assert typed(("x" * 90, "y"), 40) == "(…)"


def test_a_list_that_holds_itself_is_shown():
    caches = []
    caches.append(caches)
    assert table("yours", caches).lines == ("[[...]]",)
    caches.append({"k": RNG.normal(size=3)})
    assert table("yours", caches).shape == "list of [2 of them], dict"


def test_rows_of_numbers_lose_columns_rather_than_wrap():
    rows = table("x", RNG.normal(size=(3, 6))).lines
    for room in range(12, 50):
        narrow = narrowed(["its first table, [0]:", *rows], room)
        assert narrow[0] == "its first table, [0]:"
        for line, whole in zip(narrow[1:], rows):
            assert len(line) <= room and line.endswith(" …")
            assert line[:-2].split() == whole.split()[: len(line.split()) - 1]
    assert narrowed(rows, 80) == list(rows)
    assert narrowed(["norm: gain (3,), bias (3,)"], 10) == ["norm: gain (3,), bias (3,)"]


def test_a_part_of_an_answer_is_called_by_its_name():
    kata = next(kata for kata in LESSONS if kata.name == "kata_02_self_attention")

    def rounds_v(x, w_q, w_k, w_v):
        return x @ w_q, x @ w_k, np.round(x @ w_v * 1.7)

    _, red = first_red(kata, module_with(kata, project_qkv=rounds_v))
    assert red.yours.label == "your v" and red.happened[0].startswith("Of v: ")


def test_a_line_of_code_that_is_cut_says_so():
    assert cut("x" * 68, 68) == "x" * 68
    assert cut("x" * 69, 68) == "x" * 67 + "…"


def test_versions_without_a_common_line_follow_one_another():
    mine = "def f(x):\n    a = 1\n    return " + " + ".join(["number"] * 12)
    shown = plain(diff(mine, "def f(x):\n    total = 0\n    return total"))
    assert [line[:3].strip() for line in shown.splitlines()] == ["", "-", "-", "", "+", "+"]
    assert shown.splitlines()[3].startswith(" " * 16 + "number")
    assert _changes(["def f(x):", "    a", "    b"],
                    ["def f(x):", "    c", "    b"])[-1] == "      b"


def screen_of(red, printed=""):
    """The verdict on a first spec that is red."""
    record = SpecRecord("kata_01_attention", "test_softmax_sums", "softmax", "A title.",
                        Status.RED, red=red, output=printed[:500], output_chars=len(printed),
                        spec_line=9)
    run = Run("kata_01_attention", [record.spec], {}, [record])
    return plain(verdict(find("kata", "01"), Context(Attempt(run))))


@pytest.mark.parametrize(("n_rows", "n_columns", "printed"), [
    (3, 3, "scores [1 2 3]\n" * 60), (6, 6, "scores [1 2 3]\n" * 60), (24, 6, ""),
    (24, 6, "x\n" * 9)])
def test_yours_and_expected_are_always_shown_at_least_in_part(n_rows, n_columns, printed):
    rows = tuple("  ".join(["-1.234*"] * n_columns) for _ in range(n_rows))
    tables = [Table(name, "(9, 9) float64", rows) for name in ("q", "k", "yours", "expected")]
    red = Red(Cause.MEASURED, ("It is wrong.",) * 20, (), "softmax(q, "
                                                          "k)", tuple(tables[:2]), *tables[2:])
    screen = screen_of(red, printed)
    assert screen.count("yours") == screen.count("expected") == 1 and "-1.234*" in screen
    assert screen.count("\n") <= HEIGHT


def test_prints_are_left_out_line_by_line_if_they_do_not_fit():
    screens = [screen_of(Red(Cause.RAISED, ("    x",) * n), "seen\n" * 9) for n in range(16, 26)]
    counts = [screen.count("seen") for screen in screens]
    assert counts == sorted(counts, reverse=True) and {*counts} == {*range(MAX_PRINTED + 1)}


def test_each_call_is_shown_what_it_printed_itself():
    module = type("module", (), {"f": staticmethod(print)})
    kata = WatchedKata("kata", lambda: module, listen=heard)
    with heard() as all_of_it:
        kata.f("one")
        kata.f("two")
    assert [call.printed.text for call in kata.calls] == ["one\n", "two\n"] and not all_of_it.text

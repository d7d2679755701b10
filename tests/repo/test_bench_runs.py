"""Runs of benchmarks: how they are saved, and which tables, words and pictures are made of them."""

import datetime
import math
import types

import pytest

from benchmarks.harness import (
    Bench,
    Row,
    Run,
    Sweep,
    keeping,
    report,
    units,
    uses,
)
from benchmarks.harness.results import SOLUTIONS, TWIN, YOUR, slope
from tests.repo.benches import MACHINE, bench_file, made_up
from tests.runner.lessons.catalog import ROOT
from tests.runner.screens.terminal import plain


def kata_module(text):
    module = types.ModuleType("kata_99_cats")
    exec(text, module.__dict__)
    return module


IMPORT = "import numpy as np\n"
CALLS_G = "\ndef f(x): return g(x)"


@pytest.mark.parametrize("text, found", [
    ("def f(x): return np.einsum('i->', x)", True),
    ("def g(x): return (lambda: np.einsum('i->', x))()" + CALLS_G, True),
    ("einsum = np.sum\ndef g(x): return x" + CALLS_G, False),
    ("def g(x): return f(x)" + CALLS_G, False),
])
def test_einsum_is_found_in_what_a_function_calls(text, found):
    assert uses(kata_module(IMPORT + text).f, "einsum") is found


def test_a_run_is_kept_with_its_date_and_comes_back_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "FOLDER", tmp_path)
    assert keeping.last_lesson() == ""
    for day, lesson in ((2, "01_attention"), (1, "01_attention"), (3, "03_multi_head")):
        saved = made_up({("naps", "tokens", 1): {"fast": {1: 1.0}}}, title=f"of day {day}")
        said = keeping.keep(saved, lesson, _Figure, datetime.datetime(2026, 1, day, 9, 30))
    numbers = tmp_path / "03_multi_head" / "2026-01-03_093000.json"
    assert said == f"Picture: {tmp_path / '03_multi_head.png'}\nNumbers: {numbers}"
    assert (tmp_path / "03_multi_head.png").read_bytes() == b"drawn"
    assert keeping.last_lesson() == "03_multi_head"
    assert [run.title for run in keeping.runs("01_attention")] == ["of day 1", "of day 2"]


class _Figure:
    def savefig(self, file, format):
        file.write(b"drawn")


def test_the_reader_learns_that_a_run_cannot_be_saved(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "FOLDER", tmp_path / "file")
    (tmp_path / "file").touch()
    said = keeping.keep({}, "01_attention", None, datetime.datetime(2026, 1, 1))
    assert said.startswith("The numbers and the picture could not be saved in") and "\n" not in said
    monkeypatch.setattr(keeping, "FOLDER", tmp_path)
    (tmp_path / "01_attention.png").mkdir()
    said = keeping.keep({}, "01_attention", _Figure, datetime.datetime(2026, 1, 1))
    assert said.startswith("Numbers: ") and "\nThe picture could not be saved" in said


def test_runs_of_the_first_version_are_read():
    row = {"tokens": 16, "rung": "loop", "threads": 1, "seconds": [2.0, 1.0], "peak_bytes": None}
    run = keeping.read(
        {
            "date": "2026-01-31 12:00",
            "whose": YOUR,
            "machine": MACHINE,
            "d": 64,
            "dtype": "float32",
            "peaks": {"1": 1e11},
            "left_out": [],
            "rows": [row],
        }
    )
    assert run.sweep("attention") == Sweep("attention", "tokens", 1, (Row("loop", 16, 1.0),))
    assert run.compared[-1] == "products"


def test_the_part_of_a_run_on_the_solution_is_found():
    ours = keeping.read(
        made_up(
            {
                ("naps", "tokens", 1): {
                    "NumPy": {1: 3.0},
                    TWIN + "NumPy": {1: 2.0},
                    "PyTorch": {1: 1.0},
                }
            }
        )
    )
    theirs = ours.by_solution()
    assert {row.rung: row.seconds for row in theirs.sweep("naps").rows} == {
        "NumPy": 2.0,
        "PyTorch": 1.0,
    }
    assert theirs.by_solution() is theirs and theirs.whose == SOLUTIONS
    assert keeping.read(made_up({("naps", "tokens", 1): {"NumPy": {1: 3.0}}})).by_solution() is None


def test_the_slope_is_the_exponent_at_the_large_end():
    assert slope([(1, 9.0), (2, 9.0), (4, 48.0), (8, 192.0), (16, 768.0)]) == pytest.approx(2.0)
    assert slope([(16, 1.0)]) is None


SEVERAL = {
    ("layer_norm_backward", "tokens", 1): {
        "NumPy": {64: 82e-6, 256: 253e-6, 1024: 958e-6},
        TWIN + "NumPy": {64: 1.0},
        "one pass": {64: 70e-6, 1024: 1e-3},
        "PyTorch": {64: 59e-6, 256: 105e-6, 1024: 276e-6},
    },
    ("linear_backward", "tokens", 1): {"NumPy": {64: 873e-6}, "PyTorch": {64: 1.2e-3}},
}


def test_a_benchmark_without_a_page_has_a_table_of_all_ladders(golden):
    run = keeping.read(
        made_up(
            SEVERAL,
            title="gradients, d_model = 256, float32",
            n_bytes=lambda rung, size: None if rung == "PyTorch" else 100 * size,
        )
    )
    golden("bench_tables", plain(report.page(run, None)))


def test_a_page_says_below_its_tables_what_was_left_out():
    run = Run(
        "cats", "", "", MACHINE, ["fast was left out."], [], {}, keeping.read(made_up(SEVERAL)).rows
    )
    text = plain(
        report.page(
            run, lambda found: ["before", report.table("a table", ["cat"], [("felix",)]), "after"]
        )
    )
    places = [
        text.index(part)
        for part in ("before", "a table", "felix", "The fastest of", "fast was", "after")
    ]
    assert places == sorted(places) and run.heading == "Cats"


def test_a_picture_names_every_line_and_tells_them_apart(tmp_path):
    from benchmarks.harness import picture

    sweep = keeping.read(made_up(SEVERAL)).sweep("layer_norm_backward").without()
    figure = picture.figure(
        "Your cats",
        [
            picture.Panel(sweep, "time", *picture.KINDS["time"]),
            picture.Panel(sweep, "speed", *picture.KINDS["speed"]),
            picture.Panel(Sweep("none", "tokens", 1, ()), "none", *picture.KINDS["memory"]),
        ],
        "slope",
    )
    figure.savefig(tmp_path / "picture.png")
    assert len(figure.axes) == 2 and figure.get_suptitle() == "Your cats"
    for axes in figure.axes:
        names = [text.get_text() for text in axes.get_legend().get_texts()]
        assert {name.split(",")[0] for name in names} == {"NumPy", "one pass", "PyTorch"}
        assert (
            len(
                {(line.get_marker(), line.get_linestyle(), line.get_color()) for line in axes.lines}
            )
            == 3
        )
        assert sum(bool(tick.get_text()) for tick in axes.get_yticklabels()) >= 2
    assert "NumPy, slope 0.9" in [
        text.get_text() for text in figure.axes[0].get_legend().get_texts()
    ]


def test_units_have_three_digits():

    assert [units.duration(one) for one in (2.0, 0.000353, 1.5e-9)] == [
        "2.00 s",
        "353 µs",
        "1.50 ns",
    ]
    assert [units.memory(one) for one in (180224, 2**30)] == ["176 KiB", "1.00 GiB"]
    assert [units.ratio(one) for one in (9213, 27.3, 1.31)] == ["9,200", "27", "1.3"]
    assert [units.factor(one) for one in (9213, 1.313, 0.853, 0.0123)] == [
        "9,200",
        "1.31",
        "0.85",
        "0.012",
    ]
    assert math.isclose(float(units.digits(0.5, 1)), 0.5)


def test_every_benchmark_file_declares_ladders_and_each_line_has_a_look():
    from benchmarks.harness import picture

    for file in sorted((ROOT / "benchmarks").glob("bench_[0-9][0-9]_*.py")):
        bench = bench_file(file.stem).BENCH
        ladders = {ladder.name: ladder for ladder in bench.ladders}
        assert isinstance(bench, Bench) and len(ladders) == len(bench.ladders)
        for _, ladder, _ in bench.figure.panels if bench.figure else ():
            drawn = set(ladders[ladder].rungs) - set(bench.figure.without)
            assert len(drawn) <= len(picture.LINES)

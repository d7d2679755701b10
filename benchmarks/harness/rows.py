"""The test that pytest-benchmark runs, once for every turn of every row (session.py)."""

import pytest


def test_row(benchmark, lab, row):
    if not lab.wants(row):
        pytest.skip("It is known well enough, or takes too long.")
    lab.measure(row, benchmark)

"""The test that pytest-benchmark runs, once for every turn of every row. session.py hands out the rows."""

import pytest


def test_row(benchmark, lab, row):
    """Time one turn of one row."""
    if not lab.wants(row):
        pytest.skip("It is known well enough, or takes too long.")
    lab.measure(row, benchmark)

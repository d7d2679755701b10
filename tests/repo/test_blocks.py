"""Dicts of dicts, lists of dicts and functions are watched, copied and shown like arrays."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.runner.diagnosis.array_tables import table
from tests.runner.diagnosis.judge import argument_tables, signature_text
from tests.runner.diagnosis.outcomes import try_out
from tests.runner.specs.watched import ArgumentChanged, WatchedKata


def a_block():
    return {"norm": {"gain": np.ones(3), "bias": np.zeros(3)}, "layers": {"w_in": np.ones((3, 4))}}


def writes_deep_down(x, block):
    block["norm"]["gain"] *= 2
    return x


def takes_a_part_out(x, block):
    block.pop("layers")
    return x


def adds_a_part(x, block):
    block["norm"]["eps"] = 1e-5
    return x


@pytest.mark.parametrize("change", [writes_deep_down, takes_a_part_out, adds_a_part])
def test_a_change_inside_a_block_is_noticed(change):
    kata, block = WatchedKata("kata", lambda: SimpleNamespace(run=change)), a_block()
    with pytest.raises(ArgumentChanged, match="changed its argument block") as caught:
        kata.run(np.ones(2), block)
    assert caught.value.kind is dict
    assert kata.calls[-1].changed == ("block",)
    assert try_out(change, (np.ones(2), block), {}).changed == ("block",)
    assert list(block) == ["norm", "layers"] and list(block["norm"]) == ["gain", "bias"]
    assert (block["norm"]["gain"] == 1).all()


def test_a_block_is_shown_with_a_line_for_each_part():
    shown = table("block", a_block())
    assert shown.shape == "norm, layers"
    assert shown.lines == ("norm: gain (3,), bias (3,)", "layers: w_in (3, 4)")


def test_a_list_of_blocks_is_counted():
    shown = table("params", {"table": np.ones((5, 3)), "blocks": [a_block(), a_block()],
                             "norm_f": a_block()["norm"]})
    assert shown.shape == "table (5, 3), blocks [2 of them], norm_f"
    assert shown.lines == ("norm_f: gain (3,), bias (3,)",)


def test_a_function_is_shown_by_its_name_or_its_formula():
    def right(x, activation, n_heads):
        """Never called."""

    def positive(units):
        """max(units, 0)"""

    for activation, named in ((np.tanh, "tanh"), (positive, "activation"),
                              (lambda x: x, "activation")):
        call = SimpleNamespace(function="bend", args=(np.ones(2), activation),
                               kwargs={"n_heads": 3})
        assert signature_text(right, call) == f"bend(x, {named}, n_heads=3)"
        formula = {"activation(units)": "= max(units, 0)"} if activation is positive else {}
        shown = {each.label: each.shape for each in argument_tables(right, call)}
        assert shown == {"x": "(2,) float64"} | formula

"""Lesson 4 beside PyTorch: positions. torch.nn has little for them, so formulas are written out."""

import torch
from torch.nn.functional import embedding

from benchmarks.compare.pairs import Pair


def sinusoidal_encoding(n_positions, d_model):
    """Each pair of columns is a point on the unit circle: its imaginary part, then its real one."""
    return torch.view_as_real(turns(torch.arange(n_positions), d_model)).flip(-1).flatten(-2)


def add_positions(x, table, start=0):
    return x + embedding(torch.arange(start, start + x.shape[-2]), table)


def embed(token_ids, token_table, position_table, start=0):
    return add_positions(embedding(token_ids, token_table), position_table, start)


def rotary_angles(positions, d_head, base=10_000.0):
    rates = torch.logspace(0, -1, d_head // 2 + 1, base=base, dtype=torch.float64)
    return torch.outer(positions.double(), rates[:-1])  # the last would be 1 / base


def apply_rotary(x, positions, base=10_000.0):
    """Each pair of numbers is a complex one; a point on the unit circle rotates it."""
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    turned = pairs * turns(positions, x.shape[-1], base).to(pairs.dtype)
    return torch.view_as_real(turned).flatten(-2)


def turns(positions, width, base=10_000.0):
    angles = rotary_angles(positions, width, base)
    return torch.polar(torch.ones_like(angles), angles)


COMPLEX = "formula: complex numbers"
PAIRS = (
    Pair("sinusoidal_encoding", COMPLEX, "9 d_model", sinusoidal_encoding),
    Pair("add_positions", "embedding", "x position_table 2", add_positions),
    Pair("embed", "embedding", "ids token_table position_table 2", embed),
    Pair("rotary_angles", "formula: torch.outer", "positions 6", rotary_angles),
    Pair("apply_rotary", COMPLEX, "split positions", apply_rotary),
    Pair("apply_rotary", "the same, base 500,000", "split positions 500000", apply_rotary),
)

"""Lesson 4 beside PyTorch: positions. For most of it torch.nn has nothing, so the formula is written out there."""

import torch
from torch.nn.functional import embedding

from benchmarks.compare import given
from benchmarks.compare.given import BATCH, D_K, D_MODEL, N_HEADS, N_KEYS, N_POSITIONS, VOCAB
from benchmarks.compare.pairs import Pair

BASE, LLAMA_BASE = 10_000.0, 500_000.0
START = 2


def table_size(random):
    return N_POSITIONS, D_MODEL


def x_table_and_start(random):
    return given.tokens(random), random.normal(size=(N_POSITIONS, D_MODEL)), START


def ids_tables_and_start(random):
    tables = random.normal(size=(VOCAB, D_MODEL)), random.normal(size=(N_POSITIONS, D_MODEL))
    return given.ids(random, N_KEYS), *tables, START


def positions_and_width(random):
    return random.permutation(1000)[:N_KEYS], D_K


def x_and_positions(random):
    return random.normal(size=(BATCH, N_HEADS, N_KEYS, D_K)), random.permutation(1000)[:N_KEYS]


def x_positions_and_base(random):
    return *x_and_positions(random), LLAMA_BASE


def sinusoidal_encoding(n_positions, d_model):
    """Each pair of columns is the angle's point on the unit circle: its imaginary part, then its real one."""
    return torch.view_as_real(turns(torch.arange(n_positions), d_model)).flip(-1).flatten(-2)


def add_positions(x, table, start):
    return x + embedding(torch.arange(start, start + x.shape[-2]), table)


def embed(token_ids, token_table, position_table, start):
    return add_positions(embedding(token_ids, token_table), position_table, start)


def rotary_angles(positions, d_head, base=BASE):
    rates = torch.logspace(0, -1, d_head // 2 + 1, base=base, dtype=torch.float64)[:-1]  # the last would be 1 / base
    return torch.outer(positions.double(), rates)


def apply_rotary(x, positions, base=BASE):
    """Each pair of numbers is a complex one; to turn it is to multiply it by a point on the unit circle."""
    pairs = torch.view_as_complex(x.unflatten(-1, (-1, 2)))
    turned = pairs * turns(positions, x.shape[-1], base).to(pairs.dtype)
    return torch.view_as_real(turned).flatten(-2)


def turns(positions, width, base=BASE):
    angles = rotary_angles(positions, width, base)
    return torch.polar(torch.ones_like(angles), angles)


PAIRS = (
    Pair("sinusoidal_encoding", "formula: complex numbers", table_size, sinusoidal_encoding),
    Pair("add_positions", "embedding", x_table_and_start, add_positions),
    Pair("embed", "embedding", ids_tables_and_start, embed),
    Pair("rotary_angles", "formula: torch.outer", positions_and_width, rotary_angles),
    Pair("apply_rotary", "formula: complex numbers", x_and_positions, apply_rotary),
    Pair("apply_rotary", "the same, base 500,000", x_positions_and_base, apply_rotary),
)

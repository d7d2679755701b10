"""Measured numbers as people read them: three digits and a unit."""

import math

TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
SIZES = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def duration(seconds: float) -> str:
    """0.000353 -> "353 µs"."""
    return _in_units(seconds, TIMES)


def memory(n_bytes: float) -> str:
    """180224 -> "176 KiB"."""
    return _in_units(n_bytes, SIZES)


def ratio(value: float) -> str:
    """How many times: 9213 -> "9,200", 27.3 -> "27", 1.31 -> "1.3", 0.0412 -> "0.04"."""
    return f"{value:.1f}" if 0.1 <= value < 10 else digits(value, 2 if value >= 10 else 1)


def factor(value: float) -> str:
    """Where a hundredth may count: 0.853 -> "0.85", 1.313 -> "1.31", 9213 -> "9,200"."""
    return f"{value:.2f}" if 0.1 <= value < 10 else digits(value, 2)


def digits(value: float, ndigits: int) -> str:
    if value == 0:
        return "0"
    decimals = ndigits - 1 - math.floor(math.log10(abs(value)))
    return f"{round(value, decimals):,.{max(decimals, 0)}f}"


def _in_units(value: float, units: tuple[tuple[float, str], ...]) -> str:
    size, unit = next((pair for pair in units if value >= pair[0]), units[-1])
    return f"{digits(value / size, 3)} {unit}"

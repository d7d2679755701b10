"""With BORROW=1, a lesson runs on the solutions of all the lessons that it needs."""

import os
from collections.abc import Collection

from tests.runner.lessons.catalog import SOLUTIONS, Kata, needed_by
from tests.runner.running.cold import Orders


def orders(which: Kata) -> Orders:
    """The orders for a run of a kata; with BORROW=1, on the solutions of all that it needs."""
    borrows = os.environ.get("BORROW", "0") not in ("", "0")
    return Orders(which, folders=folders(needed_by(which) if borrows else []))


def setting(borrowed: Collection) -> str:
    """The end of a command that should borrow as well."""
    return " BORROW=1" if borrowed else ""


def folders(lent: list[Kata]) -> dict:
    """Where the modules of borrowed katas come from."""
    return {kata.name: SOLUTIONS for kata in lent}

"""What comes after a green kata."""

from collections.abc import Collection, Iterator

from tests.runner.lessons.catalog import Kata, exercise_of, following
from tests.runner.reader.borrowing import setting


OWN = {"kata_09_training": ("make train TEXT=book.txt", "your GPT learns from any text"),
       "kata_12_modern_llm": ("make chat", "a real model talks on your functions")}


def next_up(which: Kata, borrowed: Collection = ()) -> Iterator[tuple[str, str]]:
    """The commands after a green kata, and what each does; they borrow if the kata did."""
    more = setting(borrowed)
    yield f"{which.solution_command}{more}", "the solution, beside yours"
    if which.kind == "kata":
        if which.example.is_file():
            yield f"make example-{which.number}{more}", "your functions at work"
        if which.name in OWN:
            yield OWN[which.name]
        if exercise := exercise_of(which):
            yield f"{exercise.command}{more}", "practice"
        if which.benchmark.is_file():
            yield f"make bench-{which.number}{more}", "what your code costs"
    if after := following(which):
        yield f"{after.command}{more}", f"the next lesson: {after.title}"
    yield "make progress", "how far you are"

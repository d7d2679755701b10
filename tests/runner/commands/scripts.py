"""`make example-01`, `make bench-01`, `make train` and so on: scripts on the reader's functions."""

from pathlib import Path

from tests.runner.commands.say import GREEN, WRONG_USE, say
from tests.runner.lessons.catalog import BENCHMARKS, KATAS, Kata, find

CHAT = find("kata", "12")  # the lesson that has the model


def example(which: Kata) -> int:
    """Run the lesson's example, on the reader's functions if the kata is green."""
    if not which.example.is_file():
        return say(f"Lesson {which.number} has no example.", WRONG_USE)
    return _script_of_lesson(which, which.example)


def bench(which: Kata) -> int:
    """Run the lesson's benchmark, on the reader's functions if the kata is green."""
    if not which.benchmark.is_file():
        return say(f"Lesson {which.number} has no benchmark.", WRONG_USE)
    return _script_of_lesson(which, which.benchmark)


def train() -> int:
    """Train a GPT on a text, on the reader's functions if lesson 9 is green."""
    return _script_of_lesson(find("kata", "09"), KATAS / "training" / "train.py")


def write() -> int:
    """Write with a model that was trained, on the reader's functions if lesson 9 is green."""
    return _script_of_lesson(find("kata", "09"), KATAS / "training" / "write.py")


def chat() -> int:
    """Talk with a real model, on each of the reader's functions that is green."""
    import sys

    from tests.runner.lessons.loading import solutions
    from tests.runner.reader import chatting
    from tests.runner.reader.whose_code import run_script

    found = chatting.functions()
    if sys.stdin.isatty():
        say(found.sentence, GREEN)
    elif found.others:  # into a pipe goes the answer alone
        print(found.sentence, file=sys.stderr)
    return run_script(KATAS / "smollm2" / "chat.py", solutions, found.put_in_place)


def on_the_real_model() -> None:
    """Run the reader's functions of lesson 12 on the real model, if it is here."""
    from tests.runner.lessons.loading import solutions
    from tests.runner.reader.whose_code import run_script

    run_script(KATAS / "smollm2" / "after_kata_12.py", solutions)


def bench_runner() -> int:
    """Time the runner itself, beside bare pytest."""
    return _script_of_benchmarks("bench_runner.py")


def bench_compare() -> int:
    """Compare the newest run of a benchmark with the one before, and with the solution's."""
    return _script_of_benchmarks("bench_compare.py")


def compare() -> int:
    """Compare every function with PyTorch's; install PyTorch if it is missing."""
    return _script_of_benchmarks("compare/__main__.py")


def _script_of_lesson(which: Kata, script: Path) -> int:
    from tests.runner.reader.whose_code import run_script, whose

    code = whose(which)
    say(code.sentence, GREEN)
    return run_script(script, code.folder_of)


def _script_of_benchmarks(name: str) -> int:
    from tests.runner.lessons.loading import readers
    from tests.runner.reader.whose_code import run_script

    return run_script(BENCHMARKS / name, readers)

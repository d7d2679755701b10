"""`make example-01`, `make bench-01`, `make compare`: run scripts on the reader's functions."""

from tests.runner.commands.say import GREEN, WRONG_USE, say
from tests.runner.lessons.catalog import BENCHMARKS, Kata


def example(which: Kata) -> int:
    """Run the lesson's example, on the reader's functions if the kata is green."""
    if not which.example.is_file():
        return say(f"Lesson {which.number} has no example.", WRONG_USE)
    from tests.runner.reader.whose_code import run_script, whose

    code = whose(which)
    say(code.sentence, GREEN)
    return run_script(which.example, code.folder_of)


def bench(which: Kata) -> int:
    """Run the lesson's benchmark, on the reader's functions if the kata is green."""
    if not which.benchmark.is_file():
        return say(f"Lesson {which.number} has no benchmark.", WRONG_USE)
    from tests.runner.reader.whose_code import run_script, whose

    code = whose(which)
    say(code.sentence, GREEN)
    return run_script(which.benchmark, code.folder_of)


def bench_runner() -> int:
    """Time the runner itself, beside bare pytest."""
    return _script_of_benchmarks("bench_runner.py")


def bench_compare() -> int:
    """Compare the newest run of a benchmark with the one before, and with the solution's."""
    return _script_of_benchmarks("bench_compare.py")


def compare() -> int:
    """Compare every function with PyTorch's; install PyTorch if it is missing."""
    return _script_of_benchmarks("compare/__main__.py")


def _script_of_benchmarks(name: str) -> int:
    from tests.runner.lessons.loading import readers
    from tests.runner.reader.whose_code import run_script

    return run_script(BENCHMARKS / name, readers)

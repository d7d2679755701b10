"""The command line behind `make`: `make kata-01` is `python -m tests.runner kata 01`."""

import sys

from tests.runner import commands
from tests.runner.lessons import Kata, all_katas, find

USAGE = "Usage: python -m tests.runner COMMAND NUMBER, for example: python -m tests.runner kata 01"
ON_A_KATA = {
    "kata": commands.kata,
    "exercise": commands.kata,
    "hint": commands.hint,
    "solution": commands.solution,
    "example": commands.example,
    "bench": commands.bench,
}


def main(arguments: list[str]) -> int:
    """Carry out one command; return its exit status."""
    match arguments:
        case ["bench", "runner"]:
            return commands.bench_runner()
        case [command, *which] if command in ON_A_KATA and which:
            found = _which(command, which)
            if isinstance(found, Kata):
                return ON_A_KATA[command](found)
            return _wrong_use(found)
        case [command, *_] if command not in ON_A_KATA:
            return _wrong_use(f"There is no command {command!r}. The commands are {_list([*ON_A_KATA, 'bench runner'])}.")
    return _wrong_use(USAGE)


def _which(command: str, words: list[str]) -> Kata | str:
    """The kata that is meant, or a sentence that says which there are."""
    kind = "exercise" if "exercise" in (command, *words[:-1]) else "kata"
    number = words[-1].zfill(2)
    if found := find(kind, number):
        return found
    return f"There is no {kind} {words[-1]}, only {_list([kata.number for kata in all_katas(kind)])}."


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _wrong_use(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return commands.WRONG_USE


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("Stopped.")
        sys.exit(130)

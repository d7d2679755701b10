"""Which lessons there are, and the paths of their files.

A lesson is the files that share one NN_topic stem; there is no other list.
"""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
KATAS = ROOT / "katas"
HINTS = ROOT / "hints"
SOLUTIONS = HINTS / "solutions"
TESTS = ROOT / "tests"
BENCHMARKS = ROOT / "benchmarks"

SPEC_FILE = re.compile(r"test_((?:kata|exercise)_(\d\d)_\w+)\.py")


@dataclass(frozen=True)
class Kata:
    """One file that the reader edits, with the specs that prove it.

    name: the stem that its files share, for example kata_01_attention.
    """

    name: str

    @property
    def kind(self) -> str:
        """kata or exercise."""
        return self.name.partition("_")[0]

    @property
    def number(self) -> str:
        """Two digits, for example "01"."""
        return self.name.split("_")[1]

    @cached_property
    def stem(self) -> str:
        """What all files of the lesson share, for example 01_attention.

        An exercise belongs to the lesson with its topic, which may have another number.
        """
        number, _, topic = self.name.partition("_")[2].partition("_")
        lesson = next(TESTS.glob(f"test_kata_[0-9][0-9]_{topic}.py"), None)
        return lesson.stem.removeprefix("test_kata_") if lesson else f"{number}_{topic}"

    @property
    def file(self) -> Path:
        return KATAS / f"{self.name}.py"

    @property
    def solution(self) -> Path:
        return SOLUTIONS / f"{self.name}.py"

    @property
    def specs(self) -> Path:
        return TESTS / f"test_{self.name}.py"

    @property
    def lesson(self) -> Path:
        return KATAS / f"lesson_{self.stem}.md"

    @property
    def hints(self) -> Path:
        return HINTS / f"hints_{self.stem}.md"

    @property
    def mistakes(self) -> Path:
        """The package of mistakes: a folder, as one file would be too long."""
        return HINTS / f"mistakes_{self.stem}"

    @property
    def arguments(self) -> Path:
        """How the arguments of its functions are drawn for random calls."""
        return HINTS / f"arguments_{self.stem}.py"

    @property
    def example(self) -> Path:
        """The one file katas/example_NN_*.py, whose name may say what it shows."""
        named_alike = KATAS / f"example_{self.stem}.py"
        return next(KATAS.glob(f"example_{self.stem[:2]}_*.py"), named_alike)

    @property
    def benchmark(self) -> Path:
        return BENCHMARKS / f"bench_{self.stem}.py"

    @property
    def command(self) -> str:
        """What the reader types to run it."""
        return f"make {self.kind}-{self.number}"

    @property
    def label(self) -> str:
        """The end of the commands about it: 01, or exercise-01."""
        return self.number if self.kind == "kata" else f"{self.kind}-{self.number}"

    @property
    def hint_command(self) -> str:
        return f"make hint-{self.label}"

    @property
    def solution_command(self) -> str:
        return f"make solution-{self.label}"

    @property
    def short(self) -> str:
        """For example "Kata 01"."""
        return f"{self.kind.capitalize()} {self.number}"

    @property
    def heading(self) -> str:
        """For example "Kata 01: Attention Mechanism"."""
        return f"{self.short}: {self.title}"

    @cached_property
    def title(self) -> str:
        """The lesson's title, from the first line of its page."""
        first = _first_line(self.lesson)
        return first.partition(": ")[2] or self.stem[3:].replace("_", " ").title()

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The functions that the reader writes, in order, from the solution."""
        tree = ast.parse(self.solution.read_text(encoding="utf-8"))
        return tuple(node.name for node in tree.body if isinstance(node, ast.FunctionDef))

    def function_of(self, spec: str) -> str:
        """The function that a spec is about: test_softmax_takes_batches -> softmax."""
        names = [name for name in self.functions if spec.startswith(f"test_{name}_")]
        return max(names, key=len, default="")

    @cached_property
    def learned(self) -> tuple[str, ...]:
        """What the reader can explain now: the bullets of the lesson's last section."""
        try:
            text = self.lesson.read_text(encoding="utf-8")
        except OSError:
            return ()
        after = text.partition("You can now explain:")[2].strip()
        return tuple(line[2:] for line in after.split("\n\n")[0].splitlines()
                     if line.startswith("- "))


def all_katas(kind: str = "kata") -> list[Kata]:
    """Every kata (or exercise) of the project, in order."""
    specs = {path.name for path in TESTS.glob(f"test_{kind}_*.py")}
    solutions = {f"test_{path.name}" for path in SOLUTIONS.glob(f"{kind}_*.py")}
    # one of the two may be missing
    names = (SPEC_FILE.fullmatch(name) for name in sorted(specs | solutions))
    return [Kata(match[1]) for match in names if match]


def katas_and_exercises() -> list[Kata]:
    """Everything that the reader writes."""
    return [*all_katas("kata"), *all_katas("exercise")]


def find(kind: str, number: str) -> Kata | None:
    """The kata (or exercise) of that number, if there is one."""
    return next((kata for kata in all_katas(kind) if kata.number == number), None)


def kata_in(file: str) -> Kata | None:
    """The kata (or exercise) that the reader writes in this file, a path as `shown` gives it."""
    return next((kata for kata in katas_and_exercises() if shown(kata.file) == file), None)


def exercise_of(kata: Kata) -> Kata | None:
    """The exercise of a kata's lesson, if it has one."""
    return next((exercise for exercise in all_katas("exercise") if exercise.stem == kata.stem),
                None)


def needed_by(which: Kata) -> list[Kata]:
    """The katas that a kata imports from, and those that they import from, in order."""
    tree = ast.parse(which.solution.read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    direct = [other for other in all_katas("kata") if other.name in imported]
    deeper = {need for other in direct for need in needed_by(other)}
    return sorted({*direct, *deeper}, key=lambda other: other.name)


def following(which: Kata) -> Kata | None:
    """The kata after this one."""
    return next((other for other in all_katas() if other.stem > which.stem), None)


def shown(path: Path | str) -> str:
    """A path as readers see it: relative to the project if it is inside."""
    path = Path(path)
    try:
        return path.relative_to(ROOT).as_posix()
    except ValueError:
        return str(path)


def _first_line(page: Path) -> str:
    try:
        with page.open(encoding="utf-8") as lines:
            return lines.readline().strip()
    except OSError:
        return ""

"""What the reader sees after a run: a pure function of its records, at most one screen."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rich.console import Group, RenderableType
from rich.table import Column
from rich.table import Table as Grid
from rich.text import Text

from tests.runner.layout.carets import below_expression
from tests.runner.layout.one_line import listed, printable
from tests.runner.layout.widths import WIDTH
from tests.runner.lessons.catalog import Kata, following, kata_in, shown
from tests.runner.reader.attempt import Attempt
from tests.runner.reader.borrowing import setting
from tests.runner.screens.prints import MAX_PRINTED, fewer, prints
from tests.runner.screens.style import (
    BAD,
    COMMAND,
    GOOD,
    HINT,
    NOTE,
    code,
    hanging,
    indented,
    label,
    marked,
    narrowed,
)
from tests.runner.screens.terminal import plain
from tests.runner.specs.record import Cause, Place, Red, Run, SpecRecord, Status, Table

HEIGHT = 40
FEW_ROWS = 3  # of yours and expected, if not all fit
MARKS = {Status.GREEN: ("●", GOOD), Status.RED: ("✗", BAD), None: ("·", "dim")}


@dataclass(frozen=True)
class Context:
    """What a verdict needs besides the attempt.

    next_up:    the next commands, as (command, what it does)
    under_make: whether make will add its own line about the exit status
    watched:    whether the watch shows it, which has keys instead of commands
    width:      columns of the terminal
    height:     the lines for it, if fewer than a screen
    """

    tried: Attempt
    next_up: tuple[tuple[str, str], ...] = ()
    under_make: bool = False
    watched: bool = False
    width: int = WIDTH
    height: int = HEIGHT


def verdict(kata: Kata, context: Context) -> Group:
    """The whole screen for an attempt: broken, red or green."""
    run = context.tried.run
    if run.broken:
        return Group(_header(kata, context.width), "", _paragraph(run.broken),
                     *_footer(context, red=False))
    red = run.first_red
    for marks, body in _red(kata, red, context) if red else _green(kata, context):
        specs = list(_map(kata, run))
        screen = Group(_header(kata, context.width), "", *(specs if marks else specs[-1:]), "",
                       *body, *_footer(context, red=bool(red)))
        if plain(screen, context.width if context.watched else WIDTH).count("\n") <= context.height:
            break
    return screen


def _header(kata: Kata, width: int) -> Text:
    file = shown(kata.file)
    gap = " " * max(2, width - len(kata.heading) - len(file))
    return Text.assemble((kata.heading, "bold"), gap, (file, "dim"), overflow="fold")


def _map(kata: Kata, run: Run) -> Iterable[Text]:
    """One line for each function, one mark for each spec."""
    status = {record.spec: record.status for record in run.records}
    width = max(map(len, kata.functions)) + 2
    none_ran = run.first_red is not None and not run.first_red.red.loaded
    for function in kata.functions:
        specs = [spec for spec in run.specs if kata.function_of(spec) == function]
        marks = [Text(*MARKS[None if none_ran else status.get(spec)]) for spec in specs]
        yield Text.assemble("  ", function.ljust(width), Text(" ").join(marks))
    if none_ran:
        yield Text("  No spec could run.")
        return
    have = "has" if run.n_waiting == 1 else "have"
    waiting = f" {run.n_waiting} {have} not run yet." if run.n_waiting else ""
    yield Text(f"  {run.n_green} of {len(run.specs)} specs are green.{waiting}",
               "bold" if run.green else "")


def _red(kata: Kata, record: SpecRecord,
         context: Context) -> Iterator[tuple[bool, list[RenderableType]]]:
    """Layouts of a red verdict, best first: whether the marks are shown, and what is below.

    On a low terminal the marks are dropped first: what happened is more important.
    """
    arguments = _longest_first(record.red.arguments)
    ways = [(_evidence(record.red, arguments[:n], context.width), MAX_PRINTED)
            for n in range(len(arguments) + 1)]
    # Yours and expected are more important than prints.
    ways += [(ways[-1][0], n) for n in fewer(record)]
    ways += [(_evidence(_in_part(record.red), arguments, context.width), 0),
             *((_evidence(replace(_in_part(record.red, n), call=""), arguments, context.width), 0)
               for n in (FEW_ROWS, 1)),
             (_evidence(record.red, None, context.width), 0), ([], 0)]
    low = context.height < HEIGHT
    for marks, (evidence, n_printed), all_lines in [
            (True, ways[0], True), (False, ways[0], True)] * low + [
            (not low, way, not low) for way in ways]:
        yield marks, [_title(record), "", *evidence, *_what(record, n_printed, context.width),
                      *_hint(record), *_where(kata, record, context, all_lines)]


def _title(record: SpecRecord) -> RenderableType:
    if not record.red.loaded:
        file = "Your file" if record.red.file == shown(Kata(record.kata).file) else record.red.file
        return indented(Text.assemble(("Red  ", BAD), f"{file} cannot be used as it is."), 2)
    name = f"{record.function}: " if record.function else ""
    return indented(Text.assemble(("Red  ", BAD), (name, "bold"), code(record.title)), 2)


def _longest_first(arguments: tuple[Table, ...]) -> list[Table]:
    """Arguments with numbers, in the order in which they are left out; a mask comes last."""
    return sorted((table for table in arguments if table.lines),
                  key=lambda table: (table.shape.endswith(" bool"), -len(table.lines)))


def _evidence(red: Red, hidden: list[Table] | None, width: int) -> list[RenderableType]:
    """The call, its arguments, its answer and the expected one.

    hidden: the arguments whose numbers are not shown; None if only shapes are
    """
    rows: list[Text] = []
    if red.call:
        rows.append(Text(red.call, "bold"))
        for table in red.arguments:
            if table.lines and (hidden is None or table in hidden):
                table = replace(table, shape=f"{table.shape} (not shown)", lines=())
            rows += _argument(table, width - 4)
    if hidden is not None:
        rows += _beside(red.yours, red.expected, width - 8)
    return [*(indented(row, 4) for row in rows), ""] if rows else []


def _in_part(red: Red, n_rows: int = FEW_ROWS) -> Red:
    """With only a few rows of yours and expected, narrow enough for two side by side."""
    if not red.yours or not red.expected:
        return red
    starred = (at for at, line in enumerate(red.yours.lines) if "*" in line)
    start = max(0, next(starred, 0) - (n_rows > 1))

    def part(table: Table) -> Table:
        rows = narrowed(table.lines[start : start + n_rows], WIDTH // 2 - 8)
        more = (f"… {len(table.lines) - len(rows)} more rows",) * (len(table.lines) > len(rows))
        return replace(table, lines=(*rows, *more))

    return replace(red, yours=part(red.yours), expected=part(red.expected))


def _argument(table: Table, room: int) -> list[Text]:
    """An argument by its name, with its lines below; wrapped lines are indented."""
    first, *rest = hanging(f"  {table.label} {table.shape}".rstrip(), room, 6)
    head = Text.assemble("  ", (table.label, "bold"), (first[2 + len(table.label) :], "dim"))
    below = (part for line in narrowed(table.lines, room - 4)
             for part in hanging(f"    {line}", room, 6))
    return [head, *(Text(line, "dim") for line in rest), *map(Text, below)]


def _beside(yours: Table | None, expected: Table | None, room: int) -> list[Text]:
    """Two tables side by side if they fit, else one below the other."""
    tables = [table for table in (yours, expected) if table]
    columns = [[label(table), *(Text.assemble("  ", marked(line))
                                for line in narrowed(table.lines, room))] for table in tables]
    width = max((len(line) for line in columns[0]), default=0) + 4 if columns else 0
    if len(columns) == 2 and width + max(map(len, columns[1])) <= room:
        left, right = columns
        rows = max(len(left), len(right))
        left += [Text()] * (rows - len(left))
        right += [Text()] * (rows - len(right))
        return [Text.assemble(a, " " * (width - len(a)), b) for a, b in zip(left, right)]
    return [line for column in columns for line in column]


def _what(record: SpecRecord, n_printed: int, width: int) -> list[RenderableType]:
    red = record.red
    parts: list[RenderableType] = [_sentences(red.happened)]
    for step in red.trace:
        if not (red.place and step.startswith(f"{red.place.file}:{red.place.line} in")):
            parts.append(indented(Text(step, "dim"), 4))
    if red.place:
        parts += ["", *_place(red.place, width)]
    return [*parts, *prints(record, n_printed), ""]


def _place(place: Place, width: int) -> Iterator[RenderableType]:
    """The reader's line with the expression marked in it, and what is known of it."""
    yield indented(Text(f"{place.file}:{place.line} in {place.function[:30]}", "dim"), 4)
    for number, line in enumerate(below_expression(place.source, place.marks, width - 12)):
        yield indented(Text(printable(line), HINT if number % 2 else ""), 8)
    yield _paragraph(place.says, 4)


def _sentences(sentences: tuple[str, ...]) -> Group:
    """Sentences as one paragraph, a new one after ""; indented sentences keep their lines."""
    groups, flowing = [], []
    for sentence in sentences:
        if not sentence:
            groups.append(_paragraph(" ".join(flowing), 4))
            flowing = []
        elif sentence.startswith("    "):
            if flowing:
                groups.append(_paragraph(" ".join(flowing), 4))
            groups.append(indented(Text(textwrap.dedent(sentence)), 6))
            flowing = []
        else:
            flowing.append(sentence)
    if flowing:
        groups.append(_paragraph(" ".join(flowing), 4))
    return Group(*groups)


def _hint(record: SpecRecord) -> list[RenderableType]:
    if not record.hint or not record.red.hint_fits:
        return []
    text = Text.assemble(("Hint 1  ", HINT), code(record.hint))
    return [indented(text, 4), ""]


def _where(kata: Kata, record: SpecRecord, context: Context,
           all_lines: bool) -> list[RenderableType]:
    """Where to edit and what to do then; with all lines, also where to read."""
    spec = f"{shown(kata.specs)}:{record.spec_line}" if record.spec_line else shown(kata.specs)
    home = kata_in(record.red.file) or kata
    is_new = record.red.cause is Cause.STUB and home.kind == "kata"
    read = [("Read", shown(home.lesson), "")] if is_new else []
    # An earlier lesson is red as well, and has its own hints.
    then = home if context.tried.first and home != kata else kata
    borrowed = setting(context.tried.borrowed)
    rows = [
        *(read if all_lines else ()),
        ("Edit", f"{record.red.file}:{record.red.line}", ""),
        *([("Spec", spec, "")] if all_lines else ()),
        ("Then", "save the file" if context.watched else f"{then.command}{borrowed}",
         _next_hint(then if then == home else None, record, context)),
    ]
    table = Grid.grid("", Column(overflow="fold"), padding=(0, 2, 0, 0))
    for what, value, more in rows:
        note = f"    {more}" if more else ""
        table.add_row(Text(what, "bold"), Text.assemble((value, COMMAND), (note, "dim")))
    return [indented(table, 4)]


def _next_hint(of: Kata | None, record: SpecRecord, context: Context) -> str:
    """How to get the next hint; "" if the file cannot be used, or none of its own specs is red."""
    if of is None or not record.red.loaded:
        return ""
    if context.watched and of.name == record.kata:
        return "next hint: h"
    return f"next hint: {of.hint_command}{setting(context.tried.borrowed)}"


def _green(kata: Kata, context: Context) -> Iterator[tuple[bool, list[RenderableType]]]:
    """What is done, what was learned if it fits, and what comes next; layouts as for red."""
    done = [Text.assemble(("  Green  ", f"bold {GOOD}"), f"{kata.heading} is done."), ""]
    learned: list[RenderableType] = []
    if kata.kind == "kata" and kata.learned:
        learned = [_paragraph("You can now explain:", 4),
                   *(indented(Text.assemble("- ", code(line)), 4) for line in kata.learned), ""]
    after = [*_lengths(context), *_after(kata, context)]
    yield True, [*done, *learned, *after]
    yield True, [*done, *after]
    if context.height < HEIGHT:
        yield False, [*done, *after]
        yield False, [*done, *_after(kata, context)]


def _lengths(context: Context) -> Iterator[RenderableType]:
    """How many lines the code has."""
    if comparison := context.tried.comparison:
        width = max(len(name) for name, _, _ in comparison) + 2
        yield Text(f"    {'lines of code':<{width}}  yours  solution", "dim")
        yield from (Text(f"    {name:<{width}}  {mine:>5}  "
                         f"{theirs:>8}") for name, mine, theirs in comparison)
        yield ""


def _after(kata: Kata, context: Context) -> list[RenderableType]:
    """The milestones that are reached, and what comes next."""
    parts: list[RenderableType] = []
    for milestone in context.tried.reached:
        title = (f"{milestone.title}.", f"bold {GOOD}")
        reached = Text.assemble(f"Milestone {milestone.number}  ", title)
        parts += [indented(reached, 4), Text("    You can now:")]
        parts += [indented(Text.assemble("- ", code(item)), 4) for item in milestone.items]
        parts.append("")
    if context.tried.reached and following(kata) is None:
        parts += [_paragraph("That was the last lesson. From the first softmax on, all of it is "
                             "your own code: `make my-transformer` prints it as one page, and "
                             "katas/what_you_have_built.md says what to read and build next.", 4),
                  Text()]
    width = max((len(command) for command, _ in context.next_up), default=0) + 3
    commands = Grid.grid("", Column(overflow="fold"))
    for command, what in context.next_up:
        commands.add_row(Text(command.ljust(width), COMMAND), what)
    return [*parts, indented(commands, 4)]


def _footer(context: Context, red: bool) -> Iterable[RenderableType]:
    if borrowed := context.tried.borrowed:
        yield indented(Text(_borrowed(borrowed), NOTE), 4)
    for note in context.tried.notes:
        yield _paragraph(note, 4)
    if red and context.under_make:
        yield Text("    (make adds its \"Error 1\" below: it only means red.)", "dim")


def _borrowed(names: tuple[str, ...]) -> str:
    if len(names) == 1:
        return f"{names[0]} is borrowed: its solution is used instead of your file."
    return f"{listed(names)} are borrowed: their solutions are used instead of your files."


def _paragraph(text: str, indent: int = 2) -> RenderableType:
    return indented(code(text), indent)

"""From one saved run of the ladder to its tables and its words."""

import textwrap

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from benchmarks import units
from benchmarks.ladder import fastest
from benchmarks.report import Results, Row, slope
from benchmarks.rungs import FAST, LOOP, ORDER, PRODUCTS, TORCH, VECTORIZED

HARDLY = 3.0  # a ratio below which arrays have not paid off
BOXED = 5e-9  # seconds; no multiplication that goes through the interpreter by itself is faster
STEEP = 1.5  # between slopes of one and of two


def read(run: dict) -> dict[int, Results]:
    """The rows of a run by number of threads, without those of the solution beside the reader's."""
    found = {}
    for n_threads in sorted({row["threads"] for row in run["rows"]}):
        rows = [Row(row["rung"], row["tokens"], fastest(row["seconds"]), row["peak_bytes"])
                for row in run["rows"] if row["threads"] == n_threads and row["rung"] in ORDER]
        rungs = tuple(rung for rung in ORDER if any(row.rung == rung for row in rows))
        found[n_threads] = Results(run["whose"], run["d"], run["dtype"], rungs, str(n_threads), run["machine"],
                                   tuple(sorted(rows, key=lambda row: row.tokens)), tuple(run["left_out"]))
    return found


def page(run: dict) -> Group:
    """All that is shown on the screen after a run."""
    found = read(run)
    said = [_machine(run), *run["left_out"]]
    for results in found.values():
        said += _paragraphs(results)
    if TORCH not in found[1].rungs:
        said.append("PyTorch is not installed here, so its rung is missing.")
    tables = [table(results, run["peaks"][str(n_threads)]) for n_threads, results in found.items()]
    return Group("", Text(title(run), style="bold"), "", *tables, slopes(found),
                 *(Text(f"{textwrap.fill(one, 80)}\n") for one in said))


def title(run: dict) -> str:
    """Whose functions, and what they were called with."""
    return f"{run['whose'].capitalize()} attention, d = {run['d']}, {run['dtype']}"


def threads_name(n_threads: int) -> str:
    """1 -> "one thread"."""
    return "one thread" if n_threads == 1 else f"{n_threads} threads"


def operations(results: Results, tokens: int) -> int:
    """Multiplications and additions in the two products; what softmax adds is not counted."""
    return 4 * tokens**2 * results.d


def table(results: Results, peak: float) -> Table:
    """A line for each rung at each number of tokens."""
    shown = Table(title=f"With {threads_name(int(results.threads))}; a matrix product reaches "
                        f"{units.digits(peak / 1e9, 3)} GFLOP/s at its best",
                  box=box.SIMPLE_HEAD, pad_edge=False, title_justify="left", title_style="bold")
    for name in ("\ntokens", "\nrung"):
        shown.add_column(name, justify="right" if "tokens" in name else "left")
    for name in ("\ntime", "times\nvectorized", "\nGFLOP/s", "of the\nbest", "peak\nmemory"):
        shown.add_column(name, justify="right")
    for tokens in results.sizes:
        plain = results.at(VECTORIZED, tokens)
        rows = [row for rung in results.rungs if (row := results.at(rung, tokens))]
        for row in rows:
            speed = operations(results, tokens) / row.seconds
            shown.add_row(f"{tokens:,}" if row is rows[0] else "", row.rung, units.duration(row.seconds),
                          units.factor(row.seconds / plain.seconds) if plain else "-",
                          units.digits(speed / 1e9, 3), f"{units.digits(100 * speed / peak, 2)} %",
                          "-" if row.peak_bytes is None else units.memory(row.peak_bytes),
                          end_section=row is rows[-1] and tokens != results.sizes[-1])
    return shown


def slopes(found: dict[int, Results]) -> Table:
    """How steeply time and memory grow at the large end."""
    shown = Table(title="Slopes: with 2, twice the tokens cost four times as much", box=box.SIMPLE_HEAD,
                  pad_edge=False, title_justify="left", title_style="bold")
    shown.add_column("rung")
    for n_threads in found:
        shown.add_column(f"time, {threads_name(n_threads)}", justify="right")
    shown.add_column("memory", justify="right")
    for rung in found[1].rungs:
        of_time = [slope([(row.tokens, row.seconds) for row in results.of(rung)]) for results in found.values()]
        of_memory = slope([(row.tokens, row.peak_bytes) for row in found[1].of(rung) if row.peak_bytes])
        shown.add_row(rung, *("-" if steep is None else f"{steep:.1f}" for steep in (*of_time, of_memory)))
    return shown


def _machine(run: dict) -> str:
    machine, n_rounds = run["machine"], max(len(row["seconds"]) for row in run["rows"])
    torch = f", PyTorch {machine['torch']}" if "torch" in machine else ""
    return (f"The fastest of up to {n_rounds} rounds. Python {machine['python']}, NumPy {machine['numpy']} "
            f"({machine['blas']}){torch}, {machine['system']}.")


def _paragraphs(results: Results) -> list[str]:
    said = []
    pairs = [(slow, fast) for tokens in results.sizes
             if (slow := results.at(LOOP, tokens)) and (fast := results.at(VECTORIZED, tokens))]
    if pairs:
        said.append(_of_loop(results, *pairs[-1]))
    if (floor := _of_floor(results)):
        said.append(floor)
    if pairs and (memory := _of_memory(results)):
        said.append(memory)
    return said


def _of_loop(results: Results, slow: Row, fast: Row) -> str:
    """What the ratio of the reader's two functions is, and why."""
    n_products = operations(results, slow.tokens) // 2
    each_slow, each_fast = (units.duration(row.seconds / n_products) for row in (slow, fast))
    times, whose = slow.seconds / fast.seconds, results.whose
    start = (f"At {slow.tokens:,} tokens, {whose} loop takes {units.duration(slow.seconds)} and {whose} "
             f"vectorized attention {units.duration(fast.seconds)}: the ratio is {units.ratio(times)}. "
             f"Both make the same {n_products:,} multiplications,")
    if times < HARDLY:
        return (f"{start} {each_slow} each in one and {each_fast} each in the other. Arrays usually gain "
                "far more. Does vectorized still go through a loop, or call a function for each query?")
    why = ("every step goes through the Python interpreter, which boxes each number that it takes out of an array "
           "as an object of its own." if slow.seconds / n_products > BOXED else
           "it hands rows to NumPy, so that the interpreter is asked once for each row, and each number less often.")
    return (f"{start} but in the loop each costs {each_slow}: {why} "
            "The vectorized function hands over whole arrays. Its two matrix products run in compiled code "
            "(BLAS), which reads plain numbers side by side in memory and takes several with one "
            f"instruction; each multiplication comes to {each_fast}, softmax included.")


def _of_floor(results: Results) -> str:
    """How far each is from the two products that all of them have to make."""
    tokens = results.sizes[-1]
    floor = results.at(PRODUCTS, tokens)
    others = [row for rung in (VECTORIZED, "reused", FAST, TORCH) if (row := results.at(rung, tokens))]
    if not floor or not others:
        return ""
    times = [f"{row.rung} {units.factor(row.seconds / floor.seconds)}" for row in others]
    said = (f"With {threads_name(int(results.threads))}, at {tokens:,} tokens: the two matrix products alone, made "
            f"whole, take {units.duration(floor.seconds)}. In units of that time: {', '.join(times)}.")
    fast, torch = results.at(FAST, tokens), results.at(TORCH, tokens)
    if fast and torch:
        said += f" The fast version takes {units.factor(fast.seconds / torch.seconds)} times as long as PyTorch's."
    return said


def _of_memory(results: Results) -> str:
    """Where memory grows with the square."""
    found = []
    for rung in (VECTORIZED, FAST):
        rows = [row for row in results.of(rung) if row.peak_bytes]
        steep = slope([(row.tokens, row.peak_bytes) for row in rows])
        if steep is not None:
            kind = "with the square of the tokens" if steep > STEEP else "no faster than the tokens"
            found.append(f"{rung} holds {units.memory(rows[-1].peak_bytes)} at {rows[-1].tokens:,} tokens, about "
                         f"{units.factor(rows[-1].peak_bytes / rows[-2].peak_bytes)} times as much as at "
                         f"{rows[-2].tokens:,}: it grows {kind}")
    return f"Memory: {'; '.join(found)}." if found else ""

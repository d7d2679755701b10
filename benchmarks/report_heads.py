"""From the saved numbers of bench_03 to its tables, its words and its picture."""

from rich.console import Group

from benchmarks import report, units
from benchmarks.report import Results, Row

HARDLY = 1.5  # a ratio, with many heads and few tokens, below which one call has not paid off
EVEN = (0.8, 1.25)  # ratios in between are as good as one


def page(results: Results, tokens: int, heads: int) -> Group:
    """All that is shown on the screen after a run; the heads grow at `tokens`, the tokens with `heads`."""
    over_heads, over_tokens = results.along("heads", tokens=tokens), results.along("tokens", heads=heads)
    both = [(over_heads, f"heads on {tokens} tokens"), (over_tokens, f"{heads} heads")]
    tables = [report.table(sweep, title(results, name)) for sweep, name in both if sweep.rows]
    return report.layout(results, tables, [*_of_heads(over_heads), *_of_tokens(over_tokens)])


def title(results: Results, name: str = "heads") -> str:
    return f"{results.whose.capitalize()} {name}, d_model = {results.d}, {results.dtype}"


def figure(results: Results, tokens: int, heads: int):
    """Time over the heads, time and memory over the tokens; all axes logarithmic."""
    from benchmarks import picture  # matplotlib takes most of a second

    over_heads, over_tokens = results.along("heads", tokens=tokens), results.along("tokens", heads=heads)
    wanted = [(picture.time, over_heads, f"time of one call, {tokens} tokens"),
              (picture.time, over_tokens, f"time of one call, {heads} heads"),
              (picture.memory, over_tokens, f"peak memory of one call, {heads} heads")]
    wanted = [panel for panel in wanted if panel[1].rows]
    drawn, panels = picture.panels(title(results), len(wanted))
    for axes, (draw, sweep, name) in zip(panels, wanted):
        draw(axes, sweep, name)
        axes.set_xlabel(sweep.axis, color=picture.INK, fontsize=12)
    return drawn


def _of_heads(results: Results) -> list[str]:
    """What the ratio is with the most heads, and why."""
    if len(results.compared) < 2:
        return []
    (first, _), (slow, fast) = results.compared[0], results.compared[-1]
    times = slow.seconds / fast.seconds
    start = (f"With {slow.heads} heads and {slow.tokens} tokens, {results.whose} attention called for one head after "
             f"the other takes {units.duration(slow.seconds)}, and {results.whose} multi_head_attention "
             f"{units.duration(fast.seconds)}: the ratio is {units.ratio(times)}. Both make the same "
             f"{_products(results, slow):,} multiplications, with {slow.heads} heads as with {first.heads}.")
    if times < HARDLY:
        return [f"{start} One call for all heads usually gains more. Does {results.whose} multi_head_attention go "
                "through a loop over the heads?"]
    each = (slow.seconds - first.seconds) / (slow.heads - first.heads)
    return [f"{start} But each turn of the loop calls a dozen NumPy functions, and a call has its price, however "
            f"small its arrays are: every further head costs the loop {units.duration(max(each, 0))}. With the heads "
            "as an axis in front, one call does them all."]


def _of_tokens(results: Results) -> list[str]:
    """Where the ratio goes as the tokens grow, and why."""
    if len(results.compared) < 2:
        return []
    (few_slow, few_fast), (slow, fast) = results.compared[0], results.compared[-1]
    few, many = few_slow.seconds / few_fast.seconds, slow.seconds / fast.seconds
    start = (f"With {slow.heads} heads the ratio goes from {units.ratio(few)} at {few_slow.tokens} tokens to "
             f"{units.ratio(many)} at {slow.tokens:,}.")
    said = [start]
    if many < few:
        said.append(f"A call costs the loop the same at any length, but the multiplications grow from "
                    f"{_products(results, few_slow):,} to {_products(results, slow):,}, as many on both sides. Soon "
                    "they take nearly all of the time, and then it does not matter how often NumPy is called.")
    if many < EVEN[0]:
        said.append("In the end the loop is even the faster one." + _held(slow, fast))
    elif many > EVEN[1]:
        said.append("At this length it is not yet even.")
    return [" ".join(said)]


def _held(slow: Row, fast: Row) -> str:
    """Why the loop may be faster, where memory was measured."""
    if not slow.peak_bytes or not fast.peak_bytes or slow.peak_bytes >= fast.peak_bytes:
        return ""
    return (f" It holds the table of one head at a time ({units.memory(slow.peak_bytes)} with all the rest), and uses "
            f"the same memory for the next. All heads at once need {units.memory(fast.peak_bytes)}, which the system "
            "may have to hand out anew for each call. benchmarks/README.md says how to see whether that is the reason.")


def _products(results: Results, row: Row) -> int:
    """The multiplications in the four projections, the scores and the blends."""
    return 4 * row.tokens * results.d**2 + 2 * row.tokens**2 * results.d

"""From one saved run of the ladder to its picture. Importing matplotlib takes most of a second."""

from matplotlib.figure import Figure

from benchmarks import picture
from benchmarks.ladder_report import read, title

SIZE = (6.6, 6.2)  # inches of a panel


def figure(run: dict) -> Figure:
    """Two panels over the tokens, all axes logarithmic: time of a call, peak memory; both with one thread."""
    results = read(run)[1]
    drawn, (left, right) = picture.panels(f"{title(run)}, one thread", 2, SIZE)
    picture.time(left, results, "time of one call")
    picture.memory(right, results, "peak memory of one call")
    drawn.supxlabel("tokens   (slope 2: twice the tokens, four times the cost)", color=picture.INK, fontsize=12)
    return drawn

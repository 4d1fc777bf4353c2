"""Figures and curves in, inline SVG out. The only module that knows the plotting library.

The same numbers give the same bytes. Colours follow the page, light or dark. Knows
nothing of thresholds and questions.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from eval.schema import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK = "#123456"
"""Stands for the page's own text colour, put in its place at the end."""
GOOD, BAD, QUIET = "#2a9d6f", "#d1495b", "#8a8f98"

Point = tuple[float, ...]


def intervals(figures: Sequence[Figure], label: str) -> str:
    """One line a figure: the value as a dot, its 95 % interval, its limit as a tick."""
    shown = [figure for figure in figures if figure.value is not None][::-1]
    if not shown:
        return ""
    drawing, axes = _sheet(7.2, 0.6 + 0.27 * len(shown))
    for row, figure in enumerate(shown):
        colour = QUIET if figure.report_only else BAD if figure.missed else GOOD
        value = figure.value or 0.0
        low = value if figure.low is None else figure.low
        high = value if figure.high is None else figure.high
        axes.plot([low, high], [row, row], color=colour, linewidth=3, alpha=0.45)
        axes.plot([value], [row], "o", color=colour, markersize=5)
        if figure.limit is not None:
            axes.plot([figure.limit], [row], "|", color=INK, markersize=11)
    axes.set_yticks(range(len(shown)), [figure.title for figure in shown])
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.7, len(shown) - 0.3)
    axes.grid(axis="x", alpha=0.2)
    return _svg(drawing, label)


def bars(figures: Sequence[Figure], label: str) -> str:
    """One bar a figure, with its interval and its limit: the judge's recall by type."""
    shown = [figure for figure in figures if figure.value is not None][::-1]
    if not shown:
        return ""
    drawing, axes = _sheet(5.0, 0.6 + 0.24 * len(shown))
    for row, figure in enumerate(shown):
        value = figure.value or 0.0
        axes.barh([row], [value], height=0.66, color=BAD if figure.missed else GOOD, alpha=0.75)
        if figure.low is not None and figure.high is not None:
            axes.plot([figure.low, figure.high], [row, row], color=INK, linewidth=1)
        if figure.limit is not None:
            axes.plot([figure.limit], [row], "|", color=INK, markersize=13)
    axes.set_yticks(range(len(shown)), [figure.name.rpartition(".")[2] for figure in shown])
    axes.set_xlim(0, 1.02)
    axes.set_ylim(-0.7, len(shown) - 0.3)
    axes.grid(axis="x", alpha=0.2)
    return _svg(drawing, label)


def trade_off(points: Sequence[Point], threshold: float, label: str) -> str:
    """What refusing more outside questions costs in covered ones; the gate's own choice."""
    if not points:
        return ""
    drawing, axes = _sheet(4.6, 3.4)
    axes.plot([p[1] for p in points], [p[2] for p in points], color=GOOD, linewidth=2)
    chosen = min(points, key=lambda p: abs(p[0] - threshold))
    axes.plot([chosen[1]], [chosen[2]], "o", color=BAD, markersize=7)
    axes.annotate(
        f"threshold {threshold:.2f}",
        (chosen[1], chosen[2]),
        (10, -14),
        textcoords="offset points",
        color=INK,
    )
    axes.set_xlabel("covered questions refused")
    axes.set_ylabel("outside questions refused")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.05)
    axes.grid(alpha=0.2)
    return _svg(drawing, label)


def reliability(points: Sequence[Point], label: str) -> str:
    """Whether 80 % probable means that 80 of 100 are covered; dots grow with their number."""
    if not points:
        return ""
    drawing, axes = _sheet(4.6, 3.4)
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle="--")
    sizes = [20 + 2 * p[2] ** 0.5 * 10 for p in points]
    axes.scatter([p[0] for p in points], [p[1] for p in points], s=sizes, color=GOOD, alpha=0.75)
    axes.set_xlabel("probability that the gate gives")
    axes.set_ylabel("share that is covered")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.05, 1.08)
    axes.grid(alpha=0.2)
    return _svg(drawing, label)


def _sheet(width: float, height: float) -> tuple[Any, Axes]:
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Drawing

    style: dict[Any, Any] = {
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "font.size": 9,
    }
    with rc_context(style):
        drawing = Drawing(figsize=(width, height), layout="constrained")
        axes = drawing.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return drawing, axes


def _svg(drawing: Any, label: str) -> str:
    """The drawing as an element of a page, with a name for those who cannot see it."""
    from matplotlib import rc_context

    out = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "glute-guide"}):
        drawing.savefig(
            out, format="svg", transparent=True, metadata={"Date": None, "Creator": None}
        )
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :].replace(INK, "currentColor")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)

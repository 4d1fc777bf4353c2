"""The few pieces of SVG that every picture shares: colours by theme, text, the finished file.

A picture leaves here as a data URI: nothing is fetched, and a browser runs no script in it.
Knows nothing of what is drawn.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from typing import Literal

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Palette:
    """The colours of one theme. Text stands out from `paper` by at least 4.5:1."""

    paper: str
    ink: str
    quiet: str
    line: str
    body: str
    body_line: str
    muscle: str
    accent: str
    accent_soft: str
    good: str
    bad: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        paper="#fffdfb", ink="#2a2024", quiet="#6a5a60", line="#d9cbc4", body="#f4e9e2",
        body_line="#c9b4a8", muscle="#e8d8ce", accent="#a8325e", accent_soft="#f6dbe4",
        good="#1e6b4f", bad="#9a3412",
    ),
    "dark": Palette(
        paper="#1b1619", ink="#f4ecef", quiet="#bcaab1", line="#54464d", body="#2f272b",
        body_line="#6a5a61", muscle="#40353a", accent="#f08bb0", accent_soft="#4a2636",
        good="#7fd1ae", bad="#f2a37c",
    ),
}  # fmt: skip

FONT = "'Source Sans 3','Source Sans Pro','Segoe UI',system-ui,sans-serif"


def words(
    x: float,
    y: float,
    text: str,
    colour: str,
    *,
    size: float = 13,
    anchor: Literal["start", "middle", "end"] = "start",
    weight: int = 400,
) -> str:
    """A line of text, or several parted by newlines, the first at y."""
    spans = "".join(
        f'<tspan x="{x:g}" dy="{0 if n == 0 else size * 1.15:g}">{escape(line)}</tspan>'
        for n, line in enumerate(text.split("\n"))
    )
    return (
        f'<text x="{x:g}" y="{y:g}" fill="{colour}" font-size="{size:g}" '
        f'font-weight="{weight}" text-anchor="{anchor}">{spans}</text>'
    )


def drawing(width: float, height: float, body: str, defs: str = "") -> str:
    """A whole SVG file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="{FONT}">'
        f"<defs>{defs}</defs>{body}</svg>"
    )


def data_uri(svg: str) -> str:
    """The file as an address that an `<img>` can show."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")

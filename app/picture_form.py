"""Small diagrams of the form points of a hip thrust: our own drawing, as SVG.

Each sets the way to do it beside the way not to, told apart by a tick or a cross and by
words, not by colour alone. What the words say stands in the passages that a diagram
belongs to. Knows nothing of answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.picture_svg import PALETTES, Palette, Theme, drawing

Point = tuple[float, float]

_WIDTH, _HEIGHT = 152.0, 122.0
_RAISED = -18.0
"""The bodies leave room above them that a panel does not need."""
_FLOOR = 132.0
_HIP: Point = (72, 78)
_THIGH, _SHIN = 42.0, 50.0


@dataclass(frozen=True)
class Panel:
    """One way to do it, or not to."""

    label: str
    good: bool
    picture: Callable[[Palette], str]

    def svg(self, theme: Theme = "light") -> str:
        """The drawing with its tick or cross, in the colours of a theme."""
        c = PALETTES[theme]
        colour = c.good if self.good else c.bad
        mark = "M-4,0 L-1,3.4 L4.6,-3.6" if self.good else "M-3.4,-3.4 L3.4,3.4 M3.4,-3.4 L-3.4,3.4"
        return drawing(
            _WIDTH,
            _HEIGHT,
            f'<g transform="translate(0,{_RAISED:g})" stroke-linecap="round" '
            f'stroke-linejoin="round">{self.picture(c)}'
            f'<g transform="translate(17,{17 - _RAISED:g})" fill="none" stroke="{colour}">'
            f'<circle r="10" stroke-width="1.8"/><path d="{mark}" stroke-width="2.2"/></g></g>',
        )


@dataclass(frozen=True)
class Form:
    """One form point: the way to do it beside the ways not to."""

    title: str
    view: str
    """What all its drawings show, for the alt texts."""
    panels: tuple[Panel, ...]


def _feet(ankle_x: float) -> Callable[[Palette], str]:
    return lambda c: _bench(c) + _side(c, ankle_x)


FORMS: dict[str, Form] = {
    "feet": Form(
        "Distance of the feet",
        "Top of a hip thrust from the side",
        (
            Panel("Too close, felt in the quads", False, _feet(92)),
            Panel(
                "Shins vertical, knees at 90°",
                True,
                lambda c: _bench(c) + _side(c, _HIP[0] + 41) + _right_angle(c),
            ),
            Panel("Too far, felt in the hamstrings", False, _feet(134)),
        ),
    ),
    "knees": Form(
        "Knees",
        "Legs seen from the feet",
        (
            Panel("Knees out, thighs in line with the feet", True, lambda c: _from_the_feet(c, 33)),
            Panel("Knees turning inward", False, lambda c: _from_the_feet(c, 12)),
        ),
    ),
    "pelvis": Form(
        "Pelvis and lower back at the top",
        "Top of a hip thrust from the side",
        (
            Panel("Tilted slightly back, lower back neutral", True, lambda c: _trunk(c, 0)),
            Panel("Lower back arched", False, lambda c: _trunk(c, 12)),
        ),
    ),
    "chin": Form(
        "Head and chin",
        "Head and shoulders on the bench from the side",
        (
            Panel("Chin tucked, neck flexed forward", True, lambda c: _head(c, tucked=True)),
            Panel("Head thrown back", False, lambda c: _head(c, tucked=False)),
        ),
    ),
}


def _line(points: list[Point], width: float, colour: str) -> str:
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"/>'


def _limb(points: list[Point], width: float, c: Palette) -> str:
    """A part of the body: flesh with a fine line around it."""
    return _line(points, width, c.body_line) + _line(points, width - 2, c.muscle)


def _floor(c: Palette) -> str:
    return _line([(12, _FLOOR + 4), (_WIDTH - 8, _FLOOR + 4)], 1.6, c.line)


def _bench(c: Palette) -> str:
    return (
        _floor(c)
        + _line([(22, 100), (22, _FLOOR + 2)], 4, c.line)
        + _line([(12, 95), (32, 95)], 9, c.line)
    )


def _face(x: float, y: float, turn: float, c: Palette) -> str:
    """A head seen from its right side, the nose up at turn 0, towards the feet at 90."""
    return (
        f'<g transform="translate({x:g},{y:g}) rotate({turn:g})">'
        f'<path d="M-9.5,1 C-10,-7 -5,-10.5 0,-10.5 L2.5,-13 L4.5,-9.5 C9,-7 10,-3 9.5,2 '
        f'C9,8 4,10.5 -1,10 C-6,9.5 -9,6 -9.5,1 Z" fill="{c.muscle}" stroke="{c.body_line}"/></g>'
    )


def _side(c: Palette, ankle_x: float) -> str:
    """The top of a hip thrust from the side, with the ankle so far from the bench."""
    ankle = (ankle_x, _FLOOR - 3)
    knee = _joint(_HIP, ankle, _THIGH, _SHIN)
    shoulder = (32.0, 80.0)
    return (
        _limb([ankle, (ankle_x + 11, _FLOOR)], 7, c)
        + _limb([knee, ankle], 11, c)
        + _limb([_HIP, knee], 16, c)
        + _limb([shoulder, _HIP], 20, c)
        + _face(15, 71, 50, c)
        + f'<circle cx="{_HIP[0]:g}" cy="{_HIP[1] - 15:g}" r="5" fill="{c.quiet}"/>'
        + _line([knee, ankle], 1.4, c.accent)
        + _line([_HIP, knee], 1.4, c.accent)
        + f'<circle cx="{knee[0]:g}" cy="{knee[1]:g}" r="2.6" fill="{c.accent}"/>'
    )


def _joint(hip: Point, ankle: Point, thigh: float, shin: float) -> Point:
    """Where the knee is: above the line from hip to ankle, as far as the bones are long."""
    dx, dy = ankle[0] - hip[0], ankle[1] - hip[1]
    far = min(math.hypot(dx, dy), thigh + shin - 0.1)
    along = (thigh**2 - shin**2 + far**2) / (2 * far)
    off = math.sqrt(max(thigh**2 - along**2, 0))
    ux, uy = dx / far, dy / far
    return (hip[0] + ux * along + uy * off, hip[1] + uy * along - ux * off)


def _right_angle(c: Palette) -> str:
    x, y = _joint(_HIP, (_HIP[0] + 41.0, _FLOOR - 3), _THIGH, _SHIN)
    return _line([(x - 11, y + 1), (x - 11, y + 12), (x, y + 12)], 1.4, c.accent)


def _from_the_feet(c: Palette, knee_x: float) -> str:
    """Both legs seen from the feet end at the top of the lift, the knees so far apart."""
    middle = _WIDTH / 2
    parts = _floor(c) + _line([(middle - 50, 70), (middle + 50, 70)], 8, c.line)
    parts += (
        f'<ellipse cx="{middle:g}" cy="60" rx="27" ry="15" fill="{c.muscle}" '
        f'stroke="{c.body_line}"/>'
    )
    for side in (-1, 1):
        hip, knee, ankle = (
            (middle + side * 15, 62.0),
            (middle + side * knee_x, 76.0),
            (middle + side * 31, _FLOOR - 4),
        )
        parts += _limb([hip, knee], 19, c) + _limb([knee, ankle], 12, c)
        parts += _limb([ankle, (ankle[0] + side * 5, _FLOOR)], 9, c)
        parts += _line([knee, ankle], 1.4, c.accent)
        parts += f'<circle cx="{knee[0]:g}" cy="{knee[1]:g}" r="3" fill="{c.accent}"/>'
    return parts


def _trunk(c: Palette, arch: float) -> str:
    """Trunk and thigh from the side at the top, the lower back arched by so many pixels."""
    lift = arch * 0.3
    hip_y = 84 - lift
    back = f"M30,84 Q62,{84 - arch * 1.5:g} 92,{hip_y:g}"
    curve = f"M36,93 Q64,{93 - arch * 1.7:g} 88,{93 - lift:g}"
    tilt = -14 if arch else 12
    knee = (132.0, 84.0)
    ankle = (132.0, _FLOOR - 3)
    return (
        _bench(c)
        + _limb([ankle, (142, _FLOOR)], 7, c)
        + _limb([knee, ankle], 11, c)
        + _limb([(92, hip_y), knee], 16, c)
        + f'<path d="{back}" fill="none" stroke="{c.body_line}" stroke-width="22"/>'
        f'<path d="{back}" fill="none" stroke="{c.muscle}" stroke-width="20"/>'
        + _face(14, 75, 50, c)
        + f'<g transform="translate(92,{hip_y:g}) rotate({tilt})">'
        f'<rect x="-8" y="-10" width="16" height="20" rx="6" fill="{c.accent_soft}" '
        f'stroke="{c.accent}" stroke-width="1.4"/></g>'
        f'<path d="{curve}" fill="none" stroke="{c.accent}" stroke-width="2"/>'
        + (_turn(92, hip_y, c) if not arch else "")
    )


def _turn(x: float, y: float, c: Palette) -> str:
    """An arrow: the front of the pelvis goes up towards the ribs."""
    return (
        f'<path d="M{x + 15:g},{y - 15:g} A 22 22 0 0 0 {x - 13:g},{y - 18:g}" fill="none" '
        f'stroke="{c.ink}" stroke-width="1.6"/>'
        f'<path d="M{x - 7:g},{y - 23:g} L{x - 14:g},{y - 17.5:g} L{x - 6:g},{y - 14.5:g}" '
        f'fill="none" stroke="{c.ink}" stroke-width="1.6"/>'
    )


def _head(c: Palette, *, tucked: bool) -> str:
    """Head, neck and chest on the edge of the bench."""
    head: Point = (50, 55) if tucked else (36, 84)
    turn = 46 if tucked else -38
    spine: list[Point] = (
        [(78, 78), (65, 70), (54, 60)] if tucked else [(78, 78), (60, 76), (42, 82)]
    )
    return (
        _floor(c)
        + _line([(66, 108), (66, _FLOOR + 2)], 5, c.line)
        + _line([(52, 101), (80, 101)], 11, c.line)
        + _limb([(80, 80), (134, 78)], 33, c)
        + _limb([(78, 78), head], 15, c)
        + f'<g transform="translate({head[0]:g},{head[1]:g}) scale(1.75)">'
        + _face(0, 0, turn, c)
        + "</g>"
        + _line([*spine[::-1], (104, 80), (132, 80)], 1.8, c.accent)
    )

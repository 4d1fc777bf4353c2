"""Names of muscles in, a map of the body that lights them up out.

Muscles that do most of the work are solid with a full line; helpers are striped with a
broken line, so that the difference does not rest on colour. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.picture_body import LINES, MUSCLES, OUTLINE, Muscle, View
from app.picture_svg import PALETTES, Palette, Theme, drawing, words

WIDTH, HEIGHT = 424, 432
_CENTRE: dict[View, float] = {"front": 150, "back": 274}
_TOP = 8
_LABEL_GAP = 31
_LABEL_EDGE: dict[View, float] = {"front": 86, "back": 338}


def muscle_map(prime: Sequence[str], helpers: Sequence[str], theme: Theme = "light") -> str:
    """The SVG of a body from front and back with these muscles lit.

    Args:
        prime: Keys of `MUSCLES` that do most of the work.
        helpers: Keys of `MUSCLES` that help; a muscle named in both is prime.
        theme: Whose colours to use.

    Raises:
        KeyError: on a muscle that the map does not have.
    """
    colours = PALETTES[theme]
    lit = dict.fromkeys(helpers, "helper") | dict.fromkeys(prime, "prime")
    for name in lit:
        MUSCLES[name]  # a name that is not drawn is a mistake of the caller
    body = "".join(_figure(view, lit, colours) for view in ("front", "back"))
    labels = "".join(_labels(view, lit, colours) for view in ("front", "back"))
    return drawing(WIDTH, HEIGHT, body + labels, _defs(colours))


def _defs(c: Palette) -> str:
    return (
        '<pattern id="stripes" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)">'
        f'<rect width="5" height="5" fill="{c.accent_soft}"/>'
        f'<rect width="2" height="5" fill="{c.accent}"/></pattern>'
        '<linearGradient id="fade" x1="0" y1="0" x2="0" y2="1">'
        '<stop offset="0" stop-color="#000"/><stop offset=".07" stop-color="#fff"/>'
        '<stop offset=".95" stop-color="#fff"/><stop offset="1" stop-color="#000"/>'
        "</linearGradient>"
        '<mask id="soft" maskUnits="userSpaceOnUse" x="-60" y="0" width="120" height="401">'
        '<rect x="-60" y="0" width="120" height="401" fill="url(#fade)"/></mask>'
    )


def _figure(view: View, lit: dict[str, str], c: Palette) -> str:
    half = f'<path d="{OUTLINE}" fill="{c.body}" stroke="none"/>'
    half += "".join(_shape(d, None, c) for m in MUSCLES.values() if not m.deep
                    for d in _paths(m, view))  # fmt: skip
    half += "".join(
        f'<path d="{d}" fill="none" stroke="{c.body_line}" stroke-width=".8" opacity=".7"/>'
        for d in LINES[view]
    )
    # The outline is closed at the midline, where no line must show: only its outer run is drawn.
    outer = OUTLINE.removeprefix("M0,0 L").removesuffix(" Z")
    half += f'<path d="M{outer}" fill="none" stroke="{c.body_line}" stroke-width="1.3"/>'
    for deep in (False, True):
        half += "".join(
            _shape(d, role, c, deep=deep)
            for name, role in lit.items()
            if MUSCLES[name].deep is deep
            for d in _paths(MUSCLES[name], view)
        )
    both = f'<g>{half}</g><g transform="scale(-1,1)">{half}</g>'
    caption = words(_CENTRE[view], HEIGHT - 6, view.capitalize(), c.quiet, anchor="middle", size=13)
    return (
        f'<g transform="translate({_CENTRE[view]:g},{_TOP})" mask="url(#soft)" '
        f'stroke-linejoin="round">{both}</g>{caption}'
    )


def _paths(muscle: Muscle, view: View) -> tuple[str, ...]:
    return muscle.front if view == "front" else muscle.back


def _shape(d: str, role: str | None, c: Palette, *, deep: bool = False) -> str:
    if role is None:
        return f'<path d="{d}" fill="{c.muscle}" stroke="{c.body_line}" stroke-width=".7"/>'
    fill = c.accent if role == "prime" else "url(#stripes)"
    dash = "" if role == "prime" and not deep else ' stroke-dasharray="3 1.8"'
    line = c.paper if role == "prime" else c.accent
    return f'<path d="{d}" fill="{fill}" stroke="{line}" stroke-width="1.1"{dash}/>'


def _labels(view: View, lit: dict[str, str], c: Palette) -> str:
    """Names beside the body, each with a line to its muscle, none over another."""
    shown = sorted(
        ((MUSCLES[name], role) for name, role in lit.items() if MUSCLES[name].view == view),
        key=lambda pair: pair[0].anchor[1],
    )
    side = -1 if view == "front" else 1
    edge = _LABEL_EDGE[view]
    drawn = ""
    for (muscle, role), y in zip(shown, _spread(m.anchor[1] for m, _ in shown), strict=True):
        x = _CENTRE[view] + side * muscle.anchor[0]
        target = _TOP + muscle.anchor[1]
        lines = muscle.label.count("\n")
        drawn += (
            f'<polyline points="{edge + side * -2:g},{y:g} {edge - side * 10:g},{y:g} '
            f'{x:g},{target:g}" fill="none" stroke="{c.ink}" stroke-width=".9"/>'
            f'<circle cx="{x:g}" cy="{target:g}" r="2.4" fill="{c.ink}" '
            f'stroke="{c.paper}" stroke-width="1"/>'
        )
        drawn += words(
            edge + side * 2,
            y + 4 - lines * 7,
            muscle.label,
            c.ink,
            anchor="end" if side < 0 else "start",
            weight=700 if role == "prime" else 400,
        )
    return drawn


def _spread(wanted: Iterable[float]) -> list[float]:
    """Heights in order, pushed apart to a readable distance, inside the drawing."""
    placed: list[float] = []
    for y in wanted:
        placed.append(max(_TOP + y, placed[-1] + _LABEL_GAP if placed else 20))
    low: float = HEIGHT - 40
    for n in range(len(placed) - 1, -1, -1):
        placed[n] = min(placed[n], low)
        low = placed[n] - _LABEL_GAP
    return placed

"""An answer in, the pictures that belong to it out: muscles, form points, figures.

What belongs is decided by the passages that the answer cites and the muscles that it
names, never guessed. Knows nothing of the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from app.answer import Answer
from app.answer.lexicon import phrases
from app.picture_body import MUSCLES
from app.picture_chart import Group, chart_for
from app.picture_form import FORMS
from app.picture_muscles import muscle_map
from app.picture_svg import Theme

GLUTES = ("maximus", "medius", "minimus")
_MOST_FORMS = 2


@dataclass(frozen=True)
class Image:
    """One drawing; `label` is written below it."""

    svg: str
    alt: str
    label: str = ""
    good: bool | None = None


@dataclass(frozen=True)
class Picture:
    """Drawings that are shown together under one caption."""

    kind: Literal["muscles", "form", "chart"]
    title: str
    images: tuple[Image, ...]
    caption: str
    passages: tuple[str, ...]
    """Where what it shows is said."""
    credit: tuple[str, str] | None = None
    """The study behind a chart: its short name and its address."""


@dataclass(frozen=True)
class Roles:
    """Which muscles do most of the work and which help."""

    prime: tuple[str, ...]
    helpers: tuple[str, ...] = ()


_ARTICLE = "hip-thrust#"
ROLES: dict[str, Roles] = {
    f"{_ARTICLE}muscles-worked-in-a-hip-thrust": Roles(
        GLUTES, ("hamstrings", "adductors", "hipflexors", "quadriceps", "abdominals")
    ),
    f"{_ARTICLE}gluteus-maximus": Roles(("maximus",)),
    f"{_ARTICLE}gluteus-medius": Roles(("medius",)),
    f"{_ARTICLE}hamstrings": Roles(("maximus",), ("hamstrings",)),
    f"{_ARTICLE}quadriceps": Roles(GLUTES, ("quadriceps",)),
    f"{_ARTICLE}abdominals": Roles(GLUTES, ("abdominals",)),
    f"{_ARTICLE}why-bent-knees-matter": Roles(GLUTES),
    "glute-research-reviews#muscle-ranking-in-the-2019-hip-thrust-review": Roles(
        ("maximus",), ("erectors", "hamstrings", "quadriceps", "medius")
    ),
    "deadlifts-lunges-and-single-leg-glute-work#muscles-the-deadlift-works-most": Roles(
        ("erectors", "quadriceps"), ("maximus", "hamstrings")
    ),
    "squats-and-leg-press-for-glutes#muscles-the-leg-press-works-most": Roles(
        ("quadriceps",), GLUTES
    ),
    "anatomy-of-the-glutes#gluteus-medius-between-abduction-and-rotation": Roles(
        ("medius", "minimus")
    ),
}
"""Passages that say which muscle does most; a test holds each muscle to the passage's words."""

FORM_POINTS: dict[str, tuple[str, ...]] = {
    f"{_ARTICLE}{section}": points
    for section, points in {
        "the-classic-hip-thrust-step-by-step": ("feet", "pelvis"),
        "the-five-form-points": ("feet", "knees"),
        "how-far-the-feet-are-from-the-bench": ("feet",),
        "knee-angle-and-shins-at-the-top": ("feet",),
        "feeling-it-in-the-quads": ("feet",),
        "feeling-it-in-the-hamstrings": ("feet",),
        "how-high-to-lift-the-hips": ("feet",),
        "knees-out": ("knees",),
        "pelvic-tilt-and-lower-back-at-the-top": ("pelvis",),
        "avoiding-a-sore-lower-back": ("chin", "pelvis"),
        "head-neck-and-chin": ("chin",),
    }.items()
}
"""Passages and the form points that they explain."""

_ASKS_FOR_MUSCLES = re.compile(r"\bmuscles?\b|\banatomy\b", re.IGNORECASE)
_ASKS_FOR_FIGURES = re.compile(
    r"\b(?:stud(?:y|ies)|research|emg|activations?|activity|percent|figures?|numbers?|how much"
    r"|compar\w+|versus|vs|2015|evidence|prove[nsd]?)\b|%",
    re.IGNORECASE,
)
_ANATOMY = (f"{_ARTICLE}the-three-gluteal-muscles", f"{_ARTICLE}gluteus-", f"{_ARTICLE}hip-adduct")
_AMBIGUOUS = frozenset(
    "rear behinds buns rump ham core trunk midsection biceps lower leg legs".split()
) | {"posterior chain", "lower leg", "lower legs", "rear end", "six-pack"}


def pictures(
    answer: Answer, text_of: Callable[[str], str | None], theme: Theme = "light"
) -> tuple[Picture, ...]:
    """What to show with an answer: a chart before form points before a map of muscles.

    Args:
        answer: Only one of status `answered` has pictures.
        text_of: The text of a passage by its id, None if it is not there.
        theme: Whose colours to use.
    """
    if answer.status != "answered" or not answer.citations:
        return ()
    cited = tuple(dict.fromkeys(citation.passage_id for citation in answer.citations))
    # A study mentioned in passing needs no chart; one that answers, or was asked for, does.
    chart = _chart(cited if _asks_for_figures(answer) else cited[:1], text_of, theme)
    forms = _forms(cited, theme)
    muscles = None if forms and not _about_muscles(answer, cited) else _map(answer, cited, theme)
    found = (*((chart,) if chart else ()), *forms)
    # A chart says it in figures; a map beside it would only repeat the names.
    return found if chart or muscles is None else (*found, muscles)


def passages_for(answer: Answer) -> tuple[str, ...]:
    """The passages that an answer's sources and pictures are shown from."""
    cited = tuple(dict.fromkeys(citation.passage_id for citation in answer.citations))
    warned = tuple(citation.passage_id for citation in answer.safety.citations)
    chart = chart_for(cited)
    shown = tuple(group.passage for group in chart.groups) if chart else ()
    return tuple(dict.fromkeys((*cited, *warned, *shown)))


def muscles_in(text: str) -> tuple[str, ...]:
    """The muscles that a text names and the map can show, in the order of the map."""
    flat = f" {' '.join(re.findall(r'[a-z-]+', text.lower()))} "
    named = {value for phrase, value in _muscle_phrases() if f" {phrase} " in flat}
    if "glutes" in named and not named & set(GLUTES):
        named |= set(GLUTES)
    return tuple(name for name in MUSCLES if name in named)


@cache
def _muscle_phrases() -> tuple[tuple[str, str], ...]:
    """Words for muscles, without those that mean something else as often."""
    return tuple(
        (phrase, value)
        for phrase, meanings in phrases().items()
        for kind, value in meanings
        if kind == "muscle" and (value in MUSCLES or value == "glutes")
        if phrase not in _AMBIGUOUS
    )


def _chart(
    cited: tuple[str, ...], text_of: Callable[[str], str | None], theme: Theme
) -> Picture | None:
    """The chart of what is cited; without a group whose figures its passage no longer has."""
    chart = chart_for(cited)
    if chart is None:
        return None

    def stands(group: Group) -> bool:
        text = text_of(group.passage)
        return text is not None and chart.holds(group, text)

    groups = tuple(group for group in chart.groups if stands(group))
    if not groups:
        return None
    shown = replace(chart, groups=groups)
    return Picture(
        "chart",
        f"{shown.title}: {shown.unit}",
        (Image(shown.svg(theme), shown.alt),),
        shown.note,
        tuple(dict.fromkeys(group.passage for group in groups)),
        (shown.study, shown.link),
    )


def _forms(cited: Iterable[str], theme: Theme) -> tuple[Picture, ...]:
    """The form points of the passage cited first that has any."""
    for passage in cited:
        if points := FORM_POINTS.get(passage):
            return tuple(_form(point, passage, theme) for point in points[:_MOST_FORMS])
    return ()


def _form(point: str, passage: str, theme: Theme) -> Picture:
    form = FORMS[point]
    return Picture(
        "form",
        form.title,
        tuple(
            Image(
                panel.svg(theme),
                f"{form.view}. {'Do' if panel.good else 'Avoid'}: {panel.label}.",
                panel.label,
                panel.good,
            )
            for panel in form.panels
        ),
        "",
        (passage,),
    )


def _asks_for_figures(answer: Answer) -> bool:
    return bool(_ASKS_FOR_FIGURES.search(f"{answer.question} {answer.standalone_question}"))


def _about_muscles(answer: Answer, cited: tuple[str, ...]) -> bool:
    """Whether muscles are what was asked for, not merely mentioned."""
    asked = f"{answer.question} {answer.standalone_question}"
    return (
        cited[0] in ROLES
        or cited[0].startswith(("anatomy-of-the-glutes#", *_ANATOMY))
        or bool(_ASKS_FOR_MUSCLES.search(asked))
    )


def _map(answer: Answer, cited: tuple[str, ...], theme: Theme) -> Picture | None:
    roles = ROLES.get(cited[0])
    if not _about_muscles(answer, cited):
        return None
    said = " ".join(sentence.text for sentence in answer.sentences)
    named = muscles_in(said)
    if roles is not None:
        # A long passage is cut: what the answer leaves out the map leaves out too.
        prime = tuple(m for m in roles.prime if m in named)
        helpers = tuple(m for m in roles.helpers if m in named)
    else:
        prime, helpers = named, ()
    if not prime:
        return None
    return Picture(
        "muscles",
        "The muscles",
        (Image(muscle_map(prime, helpers, theme), _map_alt(prime, helpers, ranked=bool(roles))),),
        _legend(prime, helpers, ranked=roles is not None),
        (cited[0],),
    )


def _legend(prime: tuple[str, ...], helpers: tuple[str, ...], *, ranked: bool) -> str:
    if ranked:
        text = "Solid, bold name: does most of the work."
    else:
        text = "Solid: the muscles this answer speaks of."
    if helpers:
        text += " Striped: helps."
    if any(MUSCLES[name].deep for name in (*prime, *helpers)):
        text += " Broken line: lies deep."
    return text


def _map_alt(prime: Iterable[str], helpers: Iterable[str], *, ranked: bool) -> str:
    def names(of: Iterable[str]) -> str:
        return ", ".join(MUSCLES[m].label.replace("\n", " ") for m in of)

    text = (
        "Body from front and back. " + ("Does most: " if ranked else "Spoken of: ") + names(prime)
    )
    return f"{text}. Helps: {names(helpers)}." if tuple(helpers) else f"{text}."

"""Figures of studies as small bar charts: our own drawing, as SVG.

Every figure is written as it stands in the passage named beside it; a test, and the page
before it shows a chart, hold it to that passage. Knows nothing of answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.picture_svg import PALETTES, Palette, Theme, drawing, words

_WIDTH = 360.0
_BAR = 15.0
_ROOM = 68.0
"""Kept free right of the longest bar for its figure."""


_SHORT, _BESIDE = 12, 88.0
"""Labels up to so many characters stand beside their bars, in so much room."""


@dataclass(frozen=True)
class Bar:
    """One figure, written as in its passage."""

    label: str
    figure: str

    @property
    def value(self) -> float:
        """The number in it."""
        found = re.match(r"\d+(?:\.\d+)?", self.figure)
        assert found is not None, self.figure
        return float(found[0])


@dataclass(frozen=True)
class Group:
    """Bars that belong together, and the passage they stand in."""

    title: str
    passage: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Chart:
    """A few figures of one study."""

    title: str
    unit: str
    study: str
    """The short name of the study in the bibliography."""
    link: str
    note: str
    groups: tuple[Group, ...]

    @property
    def alt(self) -> str:
        """Everything the chart shows, in words."""
        said = "; ".join(
            (f"{g.title}: " if g.title else "") + ", ".join(f"{b.label} {b.figure}" for b in g.bars)
            for g in self.groups
        )
        return f"Bar chart: {self.title}, {self.unit}. {said}."

    def holds(self, group: Group, text: str) -> bool:
        """Whether every figure of the group stands in this text of its passage."""
        return all(
            re.search(rf"(?<![\d.]){re.escape(bar.figure)}(?![\d])", text) for bar in group.bars
        )

    def svg(self, theme: Theme = "light") -> str:
        """The chart in the colours of a theme."""
        c = PALETTES[theme]
        most = max(bar.value for group in self.groups for bar in group.bars)
        short = all(len(bar.label) <= _SHORT for group in self.groups for bar in group.bars)
        beside = _BESIDE if short else 0.0
        y, body = 4.0, ""
        for group in self.groups:
            if group.title:
                body += words(0, y + 12, group.title, c.ink, size=13, weight=600)
                y += 19
            for n, bar in enumerate(group.bars):
                body += _bar(bar, n, y, beside, (_WIDTH - _ROOM - beside) / most, c)
                y += _BAR + 6 + (0 if beside else 16)
            y += 6
        return drawing(_WIDTH, y, body, _stripes(c))


def _bar(bar: Bar, number: int, y: float, beside: float, scale: float, c: Palette) -> str:
    """A label, and beside or under it a bar with its figure; the first of a group is solid."""
    top = y if beside else y + 15.5
    wide = max(bar.value * scale, 2)
    fill = (c.accent, "url(#bar)", c.line)[min(number, 2)]
    figure = bar.figure.replace(" percent", "%")
    return (
        words(0, y + 12, bar.label, c.quiet, size=12.5)
        + f'<rect x="{beside + 0.5:g}" y="{top:g}" width="{wide:g}" height="{_BAR:g}" rx="3" '
        f'fill="{fill}" stroke="{c.accent if number < 2 else c.quiet}"/>'
        + words(beside + wide + 7, top + 12, figure, c.ink, size=13, weight=600)
    )


def _stripes(c: Palette) -> str:
    return (
        '<pattern id="bar" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)">'
        f'<rect width="6" height="6" fill="{c.accent_soft}"/>'
        f'<rect width="2" height="6" fill="{c.accent}"/></pattern>'
    )


def _pair(title: str, passage: str, *bars: tuple[str, str]) -> Group:
    return Group(title, passage, tuple(Bar(label, figure) for label, figure in bars))


_SQUAT = "hip-thrust-against-squat#"
_LUNGES = "deadlifts-lunges-and-single-leg-glute-work#"
_GLUTES_2015 = f"{_SQUAT}glute-activity-in-the-2015-hip-thrust-and-squat-study"
_EMG = "muscle activity (EMG) as a share of each person's maximum"
_NOT_GROWTH = "EMG shows muscle activity. It is no measure of growth."

THE_2015_COMPARISON = Chart(
    "Hip thrust and back squat in the 2015 study",
    _EMG,
        "Contreras et al. 2015",
        "https://pubmed.ncbi.nlm.nih.gov/26214739",
    f"13 trained women, estimated 10RM loads. {_NOT_GROWTH}",
    (
        _pair("Upper gluteus maximus", _GLUTES_2015,
              ("Hip thrust", "69.5%"), ("Back squat", "29.4%")),
        _pair("Lower gluteus maximus", _GLUTES_2015,
              ("Hip thrust", "86.8%"), ("Back squat", "45.4%")),
        _pair("Hamstring (biceps femoris)", f"{_SQUAT}hamstring-activity-in-hip-thrust-and-squat",
              ("Hip thrust", "40.8%"), ("Back squat", "14.9%")),
        _pair("Quad (vastus lateralis), no significant difference",
              f"{_SQUAT}quad-activity-in-hip-thrust-and-squat",
              ("Hip thrust", "99.5%"), ("Back squat", "110%")),
    ),
)  # fmt: skip

CHARTS: tuple[Chart, ...] = (
    THE_2015_COMPARISON,
    Chart(
        "Glute growth with and without hip thrusts",
        "gain in gluteus maximus thickness",
        "Kassiano et al. 2024",
        "https://doi.org/10.47206/ijsc.v4i1.284",
        "Randomised trial, 33 untrained young women, ten weeks. The hip thrust group also did "
        "more glute work in total.",
        (_pair("", f"{_SQUAT}adding-hip-thrusts-to-leg-press-and-stiff-leg-deadlift",
               ("With hip thrusts", "9.3%"), ("Leg press and stiff-leg deadlift alone", "6.0%")),),
    ),
    Chart(
        "Full and half squats",
        "gain in muscle volume in ten weeks",
        "Kubo et al. 2019",
        "https://doi.org/10.1007/s00421-019-04181-y",
        "Randomised trial with 17 men.",
        (
            _pair("Gluteus maximus",
                  "squats-and-leg-press-for-glutes#full-or-half-squats-for-glute-growth",
                  ("Full squats", "6.7%"), ("Half squats", "2.2%")),
            _pair("Adductors",
                  "squats-and-leg-press-for-glutes#inner-thigh-growth-from-full-squats",
                  ("Full squats", "6.2%"), ("Half squats", "2.7%")),
        ),
    ),
    Chart(
        "Range of motion",
        "how far the bar travels at the same load",
        "Zabaleta-Korta et al. 2024",
        "https://ccd.ucam.edu/visores/19_59/2084_E_CCD/index.html",
        "Ten resistance-trained people. More range is not automatically more growth.",
        (_pair("", "hip-thrust-variations-and-mechanics#"
                   "range-of-motion-in-the-glute-bridge-and-the-hip-thrust",
               ("Hip thrust", "35.7 cm"), ("Glute bridge", "15.5 cm")),),
    ),
    Chart(
        "Lunges",
        "gluteus maximus activity (EMG)",
        "Bezerra et al. 2021",
        "https://g-se.com/influencia-de-la-posicion-del-tronco-durante-tres-ejercicios-de-"
        "estocadas-sobre-la-activacion-muscular-en-mujeres-entrenadas-2872-sa-F60edc41f6b016",
        f"12 trained young women, a light load. {_NOT_GROWTH}",
        (_pair("", f"{_LUNGES}walking-forward-step-or-static-lunges",
               ("Walking lunges", "58%"), ("Forward-step lunges", "54%"),
               ("Static lunges", "31%")),),
    ),
    Chart(
        "Single-leg squat, squat and stiff-leg deadlift",
        "gluteus maximus activity (EMG)",
        "McCurdy et al. 2018",
        "https://doi.org/10.1519/JSC.0000000000001893",
        f"18 resistance-trained young women, 8RM loads. {_NOT_GROWTH}",
        (_pair("", f"{_LUNGES}single-leg-squat-against-squat-and-stiff-leg-deadlift",
               ("Modified single-leg squat", "65.6%"), ("Squat on both legs", "40.3%"),
               ("Stiff-leg deadlift", "40.5%")),),
    ),
    Chart(
        "Single-leg and conventional deadlifts",
        "gluteus medius activity (EMG)",
        "Diamant et al. 2021",
        "https://readkong.com/page/comparison-of-emg-activity-between-single-leg-deadlift-and-3426864",
        f"15 trained men. {_NOT_GROWTH}",
        (_pair("", f"{_LUNGES}single-leg-deadlifts-for-the-side-glutes",
               ("Single-leg deadlift", "77.6%"), ("Conventional deadlift", "59.3%")),),
    ),
    Chart(
        "Squat depth",
        "share of the gluteus maximus in muscle activity (EMG)",
        "Caterisano 2002",
        "https://pubmed.ncbi.nlm.nih.gov/12173958",
        f"10 experienced lifters with an unchanged load. {_NOT_GROWTH}",
        (_pair("", "squats-and-leg-press-for-glutes#squat-depth-and-glute-activity",
               ("Full squats", "35.4%"), ("Parallel squats", "28.0%"),
               ("Partial squats", "16.9%")),),
    ),
    Chart(
        "Gluteal tendinopathy after one year",
        "people who reported improvement",
        "Mellor et al. 2018",
        "https://doi.org/10.1136/bmj.k1662",
        "Adults aged 35-70 in the LEAP trial, figures from a summary of it.",
        (_pair("", "hip-conditions#gluteal-tendinopathy-after-one-year-in-the-leap-trial",
               ("Education plus exercise", "78 percent"), ("Injection", "57 percent"),
               ("Wait and see", "52 percent")),),
    ),
    Chart(
        "Which leg works in band walks",
        "gluteus medius activity (EMG)",
        "Youdas et al. 2013",
        "https://doi.org/10.3109/09593985.2012.704492",
        f"21 healthy adults. {_NOT_GROWTH}",
        (_pair("", "bands-and-abduction#which-leg-works-harder-in-band-walks",
               ("Standing leg", "52%"), ("Moving leg", "35%")),),
    ),
    Chart(
        "Training one lift carries over to the other",
        "gain in four weeks",
        "Hammond et al. 2019",
        "https://doi.org/10.7717/peerj.7337",
        "Randomised trial with 14 trained men.",
        (
            _pair("Squat", "sprinting-and-jumping#"
                           "carryover-between-squats-and-hip-thrusts-in-four-weeks",
                  ("Trained with squats", "11.8 kg"), ("Trained with hip thrusts", "8.6 kg")),
            _pair("Hip thrust", "sprinting-and-jumping#"
                                "carryover-between-squats-and-hip-thrusts-in-four-weeks",
                  ("Trained with squats", "20.3 kg"), ("Trained with hip thrusts", "27.5 kg")),
        ),
    ),
)  # fmt: skip
"""Each belongs to the answers that cite one of its passages."""

ALSO_2015 = (
    "hip-thrust#the-2015-study-of-hip-thrusts-and-squats",
    f"{_SQUAT}what-the-2015-hip-thrust-study-did-not-prove",
    "anatomy-of-the-glutes#hamstrings-stay-active-in-the-hip-thrust",
    "anatomy-of-the-glutes#outer-quad-activity-in-the-hip-thrust-and-the-back-squat",
    "anatomy-of-the-glutes#the-2015-hip-thrust-study-measured-activity-not-growth",
)
"""Passages that speak of the 2015 comparison without being its source."""


def chart_for(passages: Iterable[str]) -> Chart | None:
    """The chart of the first of these passages that has one."""
    for passage in passages:
        if passage in ALSO_2015:
            return THE_2015_COMPARISON
        for chart in CHARTS:
            if any(group.passage == passage for group in chart.groups):
                return chart
    return None

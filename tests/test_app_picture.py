"""Pictures show what the cited passages say, in words too, and hold nothing that runs."""

from __future__ import annotations

import base64
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer.schema import Answer, Citation, CorpusRef, DocumentRef, Sentence
from app.picture import FORM_POINTS, GLUTES, ROLES, muscles_in, passages_for, pictures
from app.picture_body import MUSCLES
from app.picture_chart import ALSO_2015, CHARTS, THE_2015_COMPARISON, Chart, Group, chart_for
from app.picture_form import FORMS
from app.picture_muscles import muscle_map
from app.picture_svg import PALETTES, Palette, data_uri
from index.chunk import Passage, split_corpus
from index.load import load_corpus
from index.reference import load_references

CORPUS = Path(__file__).parents[1] / "corpus"
WHOLE = load_corpus(CORPUS)
PASSAGES: dict[str, Passage] = {
    p.id: p for p in split_corpus(WHOLE, lambda text: len(text.split()))
}


def text_of(passage_id: str) -> str | None:
    found = PASSAGES.get(passage_id)
    return found.text if found else None


def answer_from(*passage_ids: str, question: str = "?", status: str = "answered") -> Answer:
    """An answer that says the whole of these passages."""
    text, sentences, citations = "", [], []
    for n, passage_id in enumerate(passage_ids, 1):
        passage = PASSAGES[passage_id]
        for span in passage.spans:
            words = passage.text[span.start : span.end]
            start = len(text)
            text += f"{words} [{n}] "
            sentences.append(
                Sentence(text=words, start=start, end=start + len(words), citations=(n,),
                         support="quoted")
            )  # fmt: skip
        citations.append(
            Citation(
                n=n, passage_id=passage_id, section=passage.section, quote=passage.text, start=0,
                end=len(passage.text), sha256="0" * 64,
                document=DocumentRef(id="d", title="D", authors=(), year=None, kind="article"),
            )
        )  # fmt: skip
    return Answer.model_validate(
        {
            "id": "a", "question": question, "standalone_question": question, "status": status,
            "refused": False, "mode": "extractive", "answer": text, "sentences": sentences,
            "citations": citations, "timings_ms": {},
            "corpus": CorpusRef(index_id="i", passages=1, built_at="2026-01-01T00:00:00+00:00"),
        }
    )  # fmt: skip


def kinds(answer: Answer) -> list[str]:
    return [picture.kind for picture in pictures(answer, text_of)]


@pytest.mark.parametrize("passage_id", [*ROLES, *FORM_POINTS, *ALSO_2015])
def test_every_passage_with_a_picture_is_in_the_corpus(passage_id: str) -> None:
    assert passage_id in PASSAGES


@pytest.mark.parametrize("passage_id", list(ROLES))
def test_a_muscle_with_a_role_is_named_by_the_passage_that_gives_it(passage_id: str) -> None:
    named = muscles_in(PASSAGES[passage_id].text)
    if "glutes" in PASSAGES[passage_id].text:
        named = (*named, *GLUTES)
    roles = ROLES[passage_id]
    assert set(roles.prime) | set(roles.helpers) <= set(named)
    assert not set(roles.prime) & set(roles.helpers)


@pytest.mark.parametrize(
    ("chart", "group"), [(c, g) for c in CHARTS for g in c.groups], ids=lambda x: x.title
)
def test_every_figure_of_a_chart_stands_in_its_passage(chart: Chart, group: Group) -> None:
    assert chart.holds(group, PASSAGES[group.passage].text)
    changed = PASSAGES[group.passage].text.replace(group.bars[0].figure, "7777%")
    assert not chart.holds(group, changed)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda c: c.title)
def test_a_chart_names_the_study_that_the_corpus_gives_for_its_figures(chart: Chart) -> None:
    references = load_references(CORPUS / "references.json")
    for group in chart.groups:
        passage = PASSAGES[group.passage]
        keys = {
            key
            for span in passage.spans
            if all(b.figure in passage.text[span.start : span.end] for b in group.bars)
            for key in span.references
        }
        (key,) = keys
        found = references[key]
        document = DocumentRef(id=key, title=found.title, authors=found.authors, year=found.year,
                               kind="evidence", doi=found.doi, url=found.url)  # fmt: skip
        assert (chart.study, chart.link) == (document.short_name, document.link)


def test_the_2015_comparison_shows_eight_figures_in_its_alt_text() -> None:
    for figure in ("69.5%", "29.4%", "86.8%", "45.4%", "40.8%", "14.9%", "99.5%", "110%"):
        assert figure in THE_2015_COMPARISON.alt
    assert chart_for(["hip-thrust#the-2015-study-of-hip-thrusts-and-squats"]) is THE_2015_COMPARISON


def test_a_figure_that_the_passage_no_longer_has_is_not_shown() -> None:
    answer = answer_from("hip-thrust-against-squat#hamstring-activity-in-hip-thrust-and-squat")
    (whole,) = pictures(answer, text_of)
    assert "40.8%" in whole.images[0].alt

    def revised(passage_id: str) -> str | None:
        text = text_of(passage_id)
        return text.replace("40.8%", "41%") if text else None

    (less,) = pictures(answer, revised)
    assert "40.8%" not in less.images[0].alt
    assert "69.5%" in less.images[0].alt
    assert pictures(answer, lambda _: None) == ()


def test_a_small_chart_gives_its_source_to_open() -> None:
    (chart,) = pictures(
        answer_from("squats-and-leg-press-for-glutes#full-or-half-squats-for-glute-growth"), text_of
    )
    assert chart.credit == ("Kubo et al. 2019", "https://doi.org/10.1007/s00421-019-04181-y")


def test_asking_for_muscles_lights_up_movers_and_helpers_apart() -> None:
    answer = answer_from(
        "hip-thrust#muscles-worked-in-a-hip-thrust", question="Which muscles are worked?"
    )
    (picture,) = pictures(answer, text_of)
    assert picture.kind == "muscles"
    assert "Does most: Gluteus maximus, Gluteus medius, Gluteus minimus" in picture.images[0].alt
    assert "Helps: Hamstrings, Adductors, Hip flexors, Quadriceps" in picture.images[0].alt
    assert "Striped: helps." in picture.caption


def test_a_muscle_that_the_answer_leaves_out_stays_dark() -> None:
    whole = answer_from("hip-thrust#muscles-worked-in-a-hip-thrust")
    first = whole.model_copy(update={"sentences": whole.sentences[:1]})
    (picture,) = pictures(first, text_of)
    assert "Quadriceps" not in picture.images[0].alt


def test_form_answers_show_their_form_point_and_no_map() -> None:
    assert kinds(answer_from("hip-thrust#feeling-it-in-the-quads")) == ["form"]
    (feet,) = pictures(answer_from("hip-thrust#feeling-it-in-the-quads"), text_of)
    assert [image.good for image in feet.images] == [False, True, False]
    assert "Do: Shins vertical" in feet.images[1].alt
    back = pictures(answer_from("hip-thrust#avoiding-a-sore-lower-back"), text_of)
    assert [p.title for p in back] == ["Head and chin", "Pelvis and lower back at the top"]


@pytest.mark.parametrize(
    ("passage_id", "question", "shown"),
    [
        ("hip-thrust#warm-up-before-hip-thrusts", "How do I warm up?", []),
        ("hip-thrust#hip-thrusts-for-glute-growth", "Do they grow the glutes?", []),
        ("hip-thrust#hip-thrusts-for-glute-growth", "What muscles grow?", ["muscles"]),
        ("anatomy-of-the-glutes#which-muscles-tilt-the-pelvis-backward", "tilt?", ["muscles"]),
    ],
)
def test_a_map_comes_only_where_muscles_are_the_subject(
    passage_id: str, question: str, shown: list[str]
) -> None:
    assert kinds(answer_from(passage_id, question=question)) == shown


def test_a_study_mentioned_in_passing_brings_no_chart_unless_figures_are_asked_for() -> None:
    cited = (
        "hip-thrust#quadriceps",
        "hip-thrust-against-squat#quad-activity-in-hip-thrust-and-squat",
    )
    assert "chart" not in kinds(answer_from(*cited, question="do quads work?"))
    assert kinds(answer_from(*cited, question="what do studies say on quads?")) == ["chart"]


@pytest.mark.parametrize("status", ["not_covered", "safety", "smalltalk", "rejected"])
def test_only_an_answer_has_pictures(status: str) -> None:
    assert kinds(answer_from("hip-thrust#knees-out", status=status)) == []


def test_the_passages_behind_pictures_are_kept_with_the_answer() -> None:
    answer = answer_from("hip-thrust#the-2015-study-of-hip-thrusts-and-squats")
    kept = passages_for(answer)
    assert kept[0] == "hip-thrust#the-2015-study-of-hip-thrusts-and-squats"
    assert {group.passage for group in THE_2015_COMPARISON.groups} <= set(kept)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The hip thrust works the glutes.", set(GLUTES)),
        ("Squeeze your hammies and quads", {"hamstrings", "quadriceps"}),
        ("gluteus medius, not the rest of the glutes", {"medius"}),
        ("the rear foot of the trunk", set()),
        ("", set()),
    ],
)
def test_gym_words_name_muscles(text: str, found: set[str]) -> None:
    assert set(muscles_in(text)) == found


ALL_SVGS = [
    *(muscle_map([m], [], t) for m in MUSCLES for t in PALETTES),
    *(panel.svg(t) for form in FORMS.values() for panel in form.panels for t in PALETTES),
    *(chart.svg(t) for chart in CHARTS for t in PALETTES),
]


@pytest.mark.parametrize("svg", ALL_SVGS, ids=range(len(ALL_SVGS)))
def test_a_drawing_is_well_formed_small_and_fetches_and_runs_nothing(svg: str) -> None:
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    assert not re.search(r"<script|\son\w+=|href|@import|foreignObject", svg)
    assert len(svg) < 40_000
    assert base64.b64decode(data_uri(svg).partition(",")[2]).decode() == svg


@given(st.sets(st.sampled_from(sorted(MUSCLES))), st.sets(st.sampled_from(sorted(MUSCLES))))
def test_every_lit_muscle_has_its_label_inside_the_drawing_and_none_covers_another(
    prime: set[str], helpers: set[str]
) -> None:
    root = ET.fromstring(muscle_map(sorted(prime), sorted(helpers)))
    texts = root.findall(".//{*}text")
    shown = {" ".join(t.text or "" for t in text.findall("{*}tspan")): text for text in texts}
    for name in prime | helpers:
        label = shown[MUSCLES[name].label.replace("\n", " ")]
        assert label.attrib["font-weight"] == ("700" if name in prime else "400")
        assert 0 < float(label.attrib["y"]) < 432
    for side in ("start", "end"):
        heights = sorted(float(t.attrib["y"]) for t in texts if t.attrib["text-anchor"] == side)
        assert all(b - a >= 15 for a, b in pairwise(heights))


def test_movers_and_helpers_differ_in_more_than_colour() -> None:
    prime, helper = muscle_map(["calves"], []), muscle_map([], ["calves"])
    assert "url(#stripes)" in helper
    assert "stroke-dasharray" in helper
    assert 'fill="url(#stripes)"' not in prime


def test_a_muscle_that_is_not_drawn_is_refused() -> None:
    with pytest.raises(KeyError):
        muscle_map(["biceps"], [])


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_words_and_marks_of_drawings_stand_out(palette: Palette) -> None:
    for colour in (palette.ink, palette.quiet, palette.good, palette.bad):
        assert contrast(colour, palette.paper) >= 4.5
    assert contrast(palette.accent, palette.muscle) >= 3
    assert contrast(palette.accent, palette.paper) >= 3

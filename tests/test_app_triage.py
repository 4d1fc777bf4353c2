from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.answer import GuideChain
from app.answer.triage import Triaged, safety_of, triage, triage_of
from app.answer.triage_rules import SHIPPED, load_safety
from app.answer.triage_words import mender
from eval.dataset import Answerable, FactQuestion, SafetyMessage, Unanswerable, load
from index.embed import find_model
from index.errors import CorpusError
from index.load import load_corpus

ROWS = [row for row in load(SafetyMessage, "tuning") if re.match(r"tune-s(?:\d|-)", row.id)]
"""The messages that the rules were written beside; the later ones are the alarm's to tell."""


def level(message: str) -> str:
    return triage(message, corpus=SHIPPED).level


def is_emergency(message: str) -> bool:
    return level(message) == "emergency"


EMERGENCIES = [
    row.message for row in ROWS if row.level == "emergency" and is_emergency(row.message)
]
"""Those that the rules have words for."""


def share(wanted: str) -> float:
    told = [level(row.message) == wanted for row in ROWS if row.level == wanted]
    return sum(told) / len(told)


# Words alone cannot know every way to voice a complaint: what the rules miss or mistake is left
# to the second look, app/answer/alarm.py; they may miss some and must hardly ever cry wolf.
@pytest.mark.parametrize(
    ("wanted", "least"),
    [("emergency", 0.8), ("see-clinician", 0.65), ("caution", 0.75), ("none", 0.9)],
)
def test_every_level_reaches_its_bound_on_the_tuning_part(wanted: str, least: float) -> None:
    assert share(wanted) >= least


def test_no_message_without_cause_is_called_an_emergency() -> None:
    alarmed = [row.message for row in ROWS if row.level == "none" and is_emergency(row.message)]
    assert len(alarmed) <= 3, alarmed


def test_questions_that_the_corpus_answers_or_refuses_rarely_get_a_warning() -> None:
    questions = [row.question for row in load(Answerable, "tuning")]
    questions += [row.question for row in load(Unanswerable, "tuning")]
    warned = [question for question in questions if level(question) != "none"]
    assert len(warned) <= 0.05 * len(questions), warned


def test_questions_about_studies_are_no_emergency_unless_they_voice_one() -> None:
    questions = [row.question for row in load(FactQuestion, "tuning")]
    alarmed = [question for question in questions if level(question) == "emergency"]
    assert len(alarmed) <= 0.04 * len(questions), alarmed


@pytest.mark.parametrize(
    "message",
    [
        "no numbness, no tingling, just curious which muscles it works",
        "I had a hip replacement ten years ago, all fine. Feet wide or narrow?",
        "which nerve supplies the glute max?",
        "does the hip thrust prevent knee pain?",
        "what is gluteal tendinopathy?",
        "I'm dying to know which band is best",
        "killer workout",
        "my glutes are numb from boredom",
        "What does cauda equina mean?",
        "What are the signs of a stroke?",
        "Should my knees lock at the top?",
        "Do I lift my chest or tuck my chin?",
        "How do I get bigger calves?",
        "it isn't painful, should I still change my stance?",
        "Why do my shoulders burn out before my chest in push-ups?",
        "does kim k do hip thrusts or is it all surgery",
        "My friend says that avocado feeds the glutes. Should I eat more?",
        "water pressure hurts my ears after diving",
        "my neighbour complained about the noise of my weights",
        "Are Converse good for lifting?",
        "Elderly mum can't get up from the floor on her own, which exercises help?",
        "I have not moved house since Easter, which bands fit a small flat?",
    ],
)
def test_a_message_without_cause_for_worry_gets_no_warning(message: str) -> None:
    assert level(message) == "none"


@pytest.mark.parametrize(
    "message",
    [
        "No knee pain at all, but my crotch has gone numb.",
        "My back is fine. Cannot feel it when I wipe, though.",
        "I had a knee operation years ago, all fine. Now I have crushing chest pain.",
        "Is the hip thrust good for athletes? My pee looks like cola.",
        "no warm up today, chest pain at set 3",
    ],
)
def test_an_emergency_is_not_hidden_by_a_harmless_part(message: str) -> None:
    assert level(message) == "emergency"


def test_a_chest_that_eases_with_rest_is_for_the_doctor_and_otherwise_an_emergency() -> None:
    told = triage("I get a tight chest on the stairs that goes away when I rest", corpus=SHIPPED)
    assert (told.level, told.rule) == ("see-clinician", "chest-on-effort")
    for message in (
        "I get a tight chest on the stairs",
        "tight chest even at rest, spreads to my arm",
        "chest tight on effort, eases when I stop, but today it came with sweating",
    ):
        assert level(message) == "emergency", message


@pytest.mark.parametrize(
    "message",
    [
        # Signs told in twos and threes, in either order, in one clause or two.
        "The sponge down there: I don't feel it any more when I wash.",
        "both feet drag since this morning",
        "He was found in the sauna and I get no response.",
        "Type 1 here, sweating and shaking, meter keeps dropping",
        "ten puffs of the blue inhaler and nothing helps",
        "spat out phlegm with blood after the sprints",
        "her calf is hot and red, she is on the pill",
        "bone's sticking out of my shin after leg day",
        "took a whole tub of caffeine powder and now I am vomiting",
        "my belly is rigid as a board and I cannot straighten",
    ],
)
def test_broad_signs_together_are_an_emergency(message: str) -> None:
    assert level(message) == "emergency"


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("my laptop freezes and then blacks out", "none"),
        ("heavy heart today, our dog died", "none"),
        ("crushed my leg day", "none"),
        ("I couldn't breathe for laughing at my form video", "none"),
        ("I used to faint as a teenager. How do I warm up?", "none"),
        ("in a lunge, do my lungs feel it or my legs?", "none"),
        ("almost blacked out on squats", "see-clinician"),
        ("got blue marks, the bar is a pain on my hip", "caution"),
    ],
)
def test_what_only_sounds_like_an_emergency_is_none(message: str, wanted: str) -> None:
    assert level(message) == wanted


def test_a_pattern_may_stand_beside_words() -> None:
    assert level("my baby is 9 weeks old, when do I start?") == "see-clinician"
    assert level("my baby is nine weeks old, when do I start?") == "see-clinician"


def test_what_was_voiced_and_which_rules_fit_is_told_in_one_order() -> None:
    told = triage("pain in my hip for six weeks", corpus=SHIPPED)
    assert {"pain", "pain?", "weeks", "weeks?"} <= set(told.voiced)
    assert list(told.voiced) == sorted(told.voiced)
    assert told.fits == ("long-pain", "ache")
    assert told.rule == "long-pain"


def test_typos_do_not_hide_an_emergency() -> None:
    for message in ("chets pain", "i feinted on the bench", "cant conrtol my bladder"):
        assert level(message) == "emergency", message


@given(st.sampled_from(EMERGENCIES), st.sampled_from([" Feet wide or narrow?", " Thank you."]))
def test_an_unrelated_sentence_never_lowers_an_emergency(message: str, more: str) -> None:
    assert level(f"{message}.{more}") == "emergency"
    assert level(f"{more.strip()} {message}") == "emergency"


@given(st.sampled_from(ROWS))
def test_case_and_punctuation_at_the_end_do_not_change_the_level(row: SafetyMessage) -> None:
    plain = level(row.message)
    assert level(row.message.upper()) == plain
    assert level(f"  {row.message}!!  ") == plain


@given(st.text(max_size=300))
def test_any_text_gets_a_level(text: str) -> None:
    first = triage(text, corpus=SHIPPED)
    assert first == triage(text, corpus=SHIPPED)
    assert (first.level == "none") == (first.message == "")


@pytest.mark.parametrize("unit", ["cant feel ", "no ", "pain ", "my legs feel ", ", ", "a"])
def test_a_long_message_costs_little(unit: str) -> None:
    begin = time.process_time()
    level((unit * 2000)[:2000])
    assert time.process_time() - begin < 1


def test_the_country_chooses_the_number() -> None:
    assert "Emergency numbers: 911." in triage("chest pain", "us", SHIPPED).message
    assert "999 or 112" in triage("chest pain", "GB", SHIPPED).message
    assert "113 or 112" in triage("chest pain", "NO", SHIPPED).message
    everybody = "112 (Europe), 911 (US, Canada), 999 (UK), 000 (Australia)"
    assert everybody in triage("chest pain", corpus=SHIPPED).message
    assert everybody in triage("chest pain", "XX", SHIPPED).message


def test_thoughts_of_self_harm_get_a_crisis_line() -> None:
    told = triage("I want to kill myself", "NZ", SHIPPED)
    assert (told.level, told.rule) == ("emergency", "self-harm")
    assert "1737" in told.message
    assert "crisis line" in triage("I want to kill myself", corpus=SHIPPED).message


def test_lower_levels_say_one_line_without_a_number_to_call() -> None:
    told = triage("my knee hurts when I squat", corpus=SHIPPED)
    assert told.level == "caution"
    assert "Emergency" not in told.message


def test_a_corpus_without_rules_gets_the_shipped_ones(tmp_path: Path) -> None:
    assert triage("chest pain", corpus=tmp_path).level == "emergency"
    assert load_safety(tmp_path).rules == load_safety(SHIPPED).rules


def test_every_passage_that_a_rule_names_says_so() -> None:
    texts = {
        f"{page.source.id}#{section.anchor}": " ".join(block.text for block in section.blocks)
        for page in load_corpus(SHIPPED).pages
        for section in page.sections
    }
    for rule in load_safety(SHIPPED).rules:
        if rule.passage is not None and rule.sentence is not None:
            assert rule.sentence in texts[rule.passage], rule.name


def test_every_source_of_a_rule_with_sources_is_cited(guide: GuideChain) -> None:
    for rule in load_safety(SHIPPED).rules:
        told = Triaged(rule.level, rule.name, rule.message, rule.says, rule.passage, rule.sentence)
        safety = safety_of(told, guide.index)
        assert bool(safety.citations) == (rule.passage is not None), rule.name
        for citation in safety.citations:
            passage = guide.index.passage(citation.passage_id)
            assert passage is not None
            assert passage.text[citation.start : citation.end] == citation.quote
    assert safety_of(Triaged("caution", "x", "y"), None).citations == ()


def test_english_words_are_not_taken_for_typos_of_rule_words() -> None:
    rules = load_safety(SHIPPED)
    mend = mender(rules.phrases.words, rules.spelt_right)
    english = [word for word in find_model("packaged").english if word.isascii()]
    assert [word for word in english if mend(word) != word] == []


def _broken(change: str, to: str, folder: Path) -> None:
    text = (SHIPPED / "safety.yaml").read_text("utf-8")
    assert change in text
    (folder / "safety.yaml").write_text(text.replace(change, to, 1), "utf-8")
    (folder / "references.json").write_text((SHIPPED / "references.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("change", "to", "problem"),
    [
        ("says: [hsend, springwellnd]", "says: [nobody1999]", "reference 'nobody1999' has no"),
        ("when: [diagnosis]", "when: [nothing-such]", "there is no group 'nothing-such'"),
        ("- rule: overdose", "- rule: self-harm", "'self-harm' stands twice"),
        ("level: emergency", "level: urgent", "level is one of"),
        ('"NO": "113', 'NO: "113', 'quote "NO"'),
        ("{numbers}", "numbers", "call must be a line"),
        ("  denial:", "  denials:", "there is no group 'denial'"),
    ],
)
def test_malformed_rules_are_refused_by_place(
    change: str, to: str, problem: str, tmp_path: Path
) -> None:
    _broken(change, to, tmp_path)
    with pytest.raises(CorpusError, match=r"safety\.yaml") as caught:
        triage_of(tmp_path)
    assert problem in str(caught.value)


def test_rules_without_an_emergency_are_refused(tmp_path: Path) -> None:
    raw = yaml.safe_load((SHIPPED / "safety.yaml").read_text("utf-8"))
    raw["rules"] = [rule for rule in raw["rules"] if rule["level"] != "emergency"]
    (tmp_path / "safety.yaml").write_text(yaml.safe_dump(raw), "utf-8")
    (tmp_path / "references.json").write_text((SHIPPED / "references.json").read_text("utf-8"))
    with pytest.raises(CorpusError, match="no rule for an emergency"):
        triage_of(tmp_path)


def test_every_level_has_rules_and_every_rule_a_message_in_plain_text() -> None:
    rules = load_safety(SHIPPED).rules
    assert set(Counter(rule.level for rule in rules)) == {"emergency", "see-clinician", "caution"}
    for rule in rules:
        assert not set(rule.message) & set("*_[]<>`"), rule.name
        assert "safe for you" not in rule.message


def test_triage_needs_neither_index_nor_model() -> None:
    code = (
        "import sys; from pathlib import Path; from app.answer.triage import triage;"
        f"assert triage('chest pain', corpus=Path({str(SHIPPED)!r})).level == 'emergency';"
        "sys.exit(bool({'torch', 'chromadb', 'sentence_transformers'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""The judge: what is quoted is supported at once, and each kind of error is caught."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answer.judge_opposites import alike, columns, opposite, sides, width
from app.answer.judge_pair import lay_side_by_side
from app.answer.judge_points import clauses
from app.answer.judge_signals import signals
from app.answer.judge_terms import read, sentences
from app.answer.judge_trees import Forest, logistic
from app.answer.verify import Verdict, load, quoted, verify

TRIAL = (
    "In a randomised trial of 34 untrained women, squats grew the quadriceps more than hip "
    "thrusts did (3.6 cm against 1.2 cm) over nine weeks. The hip thrust may be associated "
    "with less pain in the lower back. Most lifters did not change their diet."
)
FORM = (
    "At the top, the knees form a right angle and point outwards. Pause for a couple of "
    "seconds, then lower the hips. Do this with an unloaded bar if the lower back hurts."
)

TWINS = [
    # error, passage, a claim that follows, its twin that does not
    (
        "number",
        TRIAL,
        "The randomised trial had 34 untrained women.",
        "The randomised trial had 43 untrained women.",
    ),
    (
        "unit",
        TRIAL,
        "Squats grew the quadriceps more than hip thrusts did over nine weeks.",
        "Squats grew the quadriceps more than hip thrusts did over nine months.",
    ),
    (
        "muscle",
        TRIAL,
        "Squats grew the quadriceps more than hip thrusts did.",
        "Squats grew the hamstrings more than hip thrusts did.",
    ),
    (
        "population",
        TRIAL,
        "In a randomised trial of 34 untrained women, squats grew the quadriceps more.",
        "In a randomised trial of 34 untrained men, squats grew the quadriceps more.",
    ),
    (
        "attribution",
        TRIAL,
        "In a randomised trial, squats grew the quadriceps more than hip thrusts did.",
        "In a meta-analysis, squats grew the quadriceps more than hip thrusts did.",
    ),
    (
        "causal",
        TRIAL,
        "The hip thrust may be associated with less pain in the lower back, it found.",
        "The hip thrust causes less pain in the lower back.",
    ),
    (
        "hedge",
        TRIAL,
        "The hip thrust may be associated with less pain in the lower back, in this trial.",
        "The hip thrust is certainly associated with less pain in the lower back.",
    ),
    (
        "negation",
        TRIAL,
        "Most lifters did not change their diet in this trial.",
        "Most lifters did change their diet.",
    ),
    (
        "quantifier",
        TRIAL,
        "In the trial, most lifters did not change their diet.",
        "All of the lifters changed their diet.",
    ),
    (
        "body part",
        TRIAL,
        "The hip thrust may be associated with less pain in the lower back in women.",
        "The hip thrust may be associated with less pain in the knees.",
    ),
    (
        "direction",
        FORM,
        "The knees form a right angle at the top and point outwards.",
        "The knees form a right angle at the top and point inwards.",
    ),
    (
        "added detail",
        FORM,
        "Pause for a couple of seconds at the top, then lower the hips.",
        "Pause for a couple of seconds with a folded towel, then lower the hips.",
    ),
]


@pytest.mark.parametrize(("error", "passage", "right", "wrong"), TWINS, ids=[t[0] for t in TWINS])
def test_an_error_scores_below_its_correct_twin(
    error: str, passage: str, right: str, wrong: str
) -> None:
    assert verify(right, passage).score > verify(wrong, passage).score


THRUST = (
    "The hip thrust works the glutes hardest at the top. You breathe out on the way up and "
    "breathe in on the way down."
)


@pytest.mark.parametrize(
    "claim",
    [
        "The hip thrust does not work the glutes.",
        "You breathe in on the way up and breathe out on the way down.",
    ],
)
def test_a_plain_denial_and_a_plain_reversal_do_not_pass(claim: str) -> None:
    assert not verify(claim, THRUST).supported


@pytest.mark.parametrize(("error", "passage", "right", "wrong"), TWINS, ids=[t[0] for t in TWINS])
def test_an_error_in_copied_words_is_caught(
    error: str, passage: str, right: str, wrong: str
) -> None:
    verdict = verify(wrong, passage)
    assert not verdict.supported
    assert verdict.reasons


def test_a_changed_number_is_named_in_the_reasons() -> None:
    verdict = verify("The randomised trial had 43 untrained women.", TRIAL)
    assert any(
        reason.startswith('number: "43" is not in the passage') for reason in verdict.reasons
    )


@pytest.mark.parametrize(
    "claim",
    [
        "Most lifters did not change their diet.",
        "most  lifters did not\nchange their DIET.",
        "Most lifters did not change their diet",
        "The hip thrust may be associated with less pain in the lower back. "
        "Most lifters did not change their diet.",
    ],
)
def test_whole_sentences_are_quoted_whatever_their_case_and_spacing(claim: str) -> None:
    assert verify(claim, TRIAL) == Verdict(True, 1.0, ("quoted: word for word",))


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Lift heavy things.", "Do not lift heavy things."),
        ("lift heavy things.", "Do not lift heavy things."),
        ("Lift heavy things", "Lift heavy things only if a coach is there."),
        ("Lift heavy things.", "Lift heavy things, says nobody. Rest."),
        ("It rose by 1", "It rose by 1.6 cm. That is all."),
        ("Squats", "Squats are fine. Squats, not lunges."),
    ],
)
def test_half_a_sentence_is_no_quotation(claim: str, passage: str) -> None:
    assert not quoted(claim, passage)


def test_a_list_item_is_quoted_without_its_marker() -> None:
    passage = "Signs are:\n\n- chest pain\n- a numb leg that gets worse\n2. Sit down."
    assert quoted("chest pain", passage)
    assert quoted("a numb leg that gets worse", passage)
    assert quoted("Sit down.", passage)
    assert not quoted("numb leg that gets worse", passage)


@pytest.mark.parametrize(("claim", "passage"), [("", TRIAL), ("  ", TRIAL), ("Squat.", " \n")])
def test_an_empty_side_supports_nothing(claim: str, passage: str) -> None:
    verdict = verify(claim, passage)
    assert not verdict.supported
    assert verdict.score == 0.0
    assert "holds no words" in verdict.reasons[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("90 degrees", "a right angle"),
        ("5 cm", "50 mm"),
        ("ten", "10"),
        ("two hundred and four people", "204 people"),
        ("half", "50%"),
        ("three quarters", "75 percent"),
        ("a dozen men", "12 men"),
        ("five and a half thousand adults", "5500 adults"),
        ("3 months", "12 weeks"),
        ("twenty-three adults", "23 adults"),
        ("four out of five", "80%"),
        ("one in ten", "10 percent"),
        ("1,088 men", "1088 men"),
    ],
)
def test_a_number_may_be_written_in_another_way(one: str, other: str) -> None:
    found = signals(f"It was {one} then", f"It was {other} then").values
    assert found["number_lost"] == found["unit_clash"] == 0
    assert found["number_exact"] == 1


def test_a_number_with_another_unit_clashes() -> None:
    found = signals("The bar rose 36 mm.", "The bar rose 36 cm.")
    assert found.values["unit_clash"] == 1
    assert found.reasons[0].startswith("unit:")


def test_the_difference_of_two_numbers_can_be_reckoned() -> None:
    found = signals("The groups differed by 12.", "One group had 30, the other 18.").values
    assert (found["number_loose"], found["number_lost"]) == (1, 0)


def test_a_small_count_of_what_the_passage_names_is_no_lost_number() -> None:
    found = signals("The two lifts differ.", "Squats differ from bridges.").values
    assert (found["number_small"], found["number_lost"]) == (1, 0)


def test_slang_means_what_the_textbook_says() -> None:
    found = signals("Your hammies work hard.", "The biceps femoris works hard.").values
    assert found["muscle_conflict"] == found["muscle_new"] == 0


def test_numbers_that_trade_places_are_noticed() -> None:
    passage = "The squat group had 16 people and the bridge group had 18 people."
    swapped = signals("The squat group had 18 people.", passage).values
    straight = signals("The squat group had 16 people.", passage).values
    assert swapped["number_misplaced"] > straight["number_misplaced"]


def test_a_comparison_turned_round_is_noticed() -> None:
    passage = "Squats raise the bar more than bridges do."
    assert signals("Bridges raise the bar more than squats do.", passage).values["compared_clash"]
    assert signals("Bridges raise the bar less than squats do.", passage).values["compared_agree"]


AHEAD = "Squats raise the bar higher than bridges do."


@pytest.mark.parametrize(
    "claim",
    [
        "Bridges do not raise the bar as high as squats do.",
        "Bridges raise the bar lower than squats do.",
        "Squats are ahead of bridges.",
        "Bridges are behind squats.",
    ],
)
def test_a_comparison_may_be_told_from_the_other_side(claim: str) -> None:
    found = signals(claim, AHEAD).values
    assert found["compared_agree"] > 0
    assert found["compared_clash"] == 0


@pytest.mark.parametrize(
    "claim",
    [
        "Squats do not raise the bar as high as bridges do.",
        "Squats raise the bar lower than bridges do.",
        "Bridges are ahead of squats.",
    ],
)
def test_a_comparison_that_puts_the_other_ahead_clashes(claim: str) -> None:
    found = signals(claim, AHEAD).values
    assert found["compared_clash"] > 0
    assert found["compared_agree"] == 0


def test_calling_two_things_level_is_neither_here_nor_there() -> None:
    assert signals("Squats raise the bar as high as bridges do.", AHEAD).values["compared_level"]


def test_a_denial_on_one_side_only_is_odd_and_an_opposite_with_a_denial_is_not() -> None:
    passage = "The heavy bar bends the bench."
    assert signals("The heavy bar does not bend the bench.", passage).values["bare_denial"]
    assert signals("The light bar bends the bench.", passage).values["clause_odd"] > 0
    twice = signals("The bar that bends the bench is not light.", passage).values
    assert twice["clause_odd"] == 0


def test_small_words_that_turn_a_meaning_round_are_points() -> None:
    marks = [p.mark for clause in clauses("Breathe in on the way down.") for p in clause.points]
    assert {"in", "side:down"} <= set(marks)
    assert signals("Breathe in as you go.", "Breathe out as you go.").values["clause_opposed"]


def test_what_comes_first_must_come_first() -> None:
    passage = "Warm up before the heavy sets."
    assert signals("Heavy sets come before the warm up.", passage).values["out_of_turn"] > 0
    assert signals("After the warm up come heavy sets.", passage).values["out_of_turn"] <= 0


def test_more_than_the_passage_says_is_a_step_up() -> None:
    found = signals("All lifters rest.", "Some lifters rest.").values
    assert found["amount_step_up"] > 0
    assert found["amount_step_down"] == 0
    assert signals("Heat is proven to help.", "Heat may help.").values["sure_step_up"] > 0
    assert signals("Some lifters rest.", "All lifters rest.").values["amount_step_up"] == 0


def test_a_source_that_the_passage_does_not_name_is_noticed() -> None:
    passage = "The trainer says that rest helps."
    assert signals("The surgeon says that rest helps.", passage).values["report_fresh"] > 0
    assert signals("The trainer says that rest helps.", passage).values["report_fresh"] == 0


def test_a_numbered_lane_is_a_number_and_a_pronoun_is_none() -> None:
    assert [q.value for q in read("Fins in lane one only.").quantities] == [1]
    assert read("That one is free.").quantities == ()


@pytest.mark.parametrize(
    ("one", "other"), [("heavi", "light"), ("treatabl", "untreatabl"), ("befor", "after")]
)
def test_opposites_are_opposed_both_ways_and_never_alike(one: str, other: str) -> None:
    assert opposite(one, other)
    assert opposite(other, one)
    assert not alike(one, other)
    assert alike(one, one)
    assert not opposite(one, one)


def test_phrases_that_begin_alike_need_not_mean_the_same() -> None:
    assert not alike("on the way up", "on the way down")
    assert alike("strength", "strengthen")


@pytest.mark.parametrize(
    ("claim", "conflict"),
    [
        ("In 12 sprinters the load rose.", 1.0),  # the passage has runners
        ("In 12 toddlers the load rose.", 1.0),
        ("In 12 athletes the load rose.", 0.0),  # runners are athletes
        ("In 12 runners the load rose.", 0.0),
        ("In 12 people the load rose.", 0.0),
    ],
)
def test_another_group_of_people_is_noticed(claim: str, conflict: float) -> None:
    passage = "In 12 runners the load rose by a third."
    assert signals(claim, passage).values["who_conflict"] == conflict


def test_other_people_in_copied_words_are_caught_and_named() -> None:
    verdict = verify(
        "The review covered meta-analyses in toddlers and found the evidence insufficient.",
        "The review covered meta-analyses in women and found the evidence insufficient.",
    )
    assert not verdict.supported
    assert any("toddlers" in reason for reason in verdict.reasons)


@pytest.mark.parametrize(
    ("claim", "over", "back"),
    [
        ("Weak hips were caused by knee pain in runners.", 1.0, 0.0),
        ("Weak hips were linked with knee pain in runners.", 0.0, 0.0),
        ("Weak hips had nothing to do with knee pain in runners.", 0.0, 1.0),
    ],
)
def test_a_link_is_no_cause(claim: str, over: float, back: float) -> None:
    values = signals(claim, "Weak hips were associated with knee pain in runners.").values
    assert (values["relation_over_link"], values["relation_taken_back"]) == (over, back)


def test_people_whom_the_passage_does_not_name_are_caught_in_copied_words() -> None:
    verdict = verify(
        "In 6 experienced violinists, the widest stance raised gluteus maximus activity.",
        "In 6 experienced lifters, the widest stance raised gluteus maximus activity.",
    )
    assert not verdict.supported
    assert any("violinists" in reason for reason in verdict.reasons)


def test_a_reason_that_a_claim_concedes_is_taken_back() -> None:
    passage = "Growth was not measured, because the study was short, so it proves little."
    verdict = verify("Growth was not measured, although the study was short.", passage)
    assert not verdict.supported
    assert any("concedes" in reason for reason in verdict.reasons)
    same = signals("Growth was not measured, since the study was short.", passage).values
    assert same["relation_taken_back"] == 0


@pytest.mark.parametrize(
    ("claim", "clash"),
    [
        ("The medius averaged 75% and the maximus 55%.", 1),
        ("The maximus averaged 75% and the medius 55%.", 0),
        ("The medius averaged 55% and the maximus 75%.", 0),
        ("Activity averaged 55%, and 75% in the maximus.", 0),
    ],
)
def test_figures_that_trade_owners_are_noticed(claim: str, clash: int) -> None:
    passage = "Activity averaged 75% for the gluteus maximus and 55% for the gluteus medius."
    assert signals(claim, passage).values["parity_clash"] == clash
    if clash:
        assert not verify(claim, passage).supported


def test_columns_number_the_sides_first() -> None:
    heavy, light = columns("heavi"), columns("light")
    assert any(column ^ 1 in light for column in heavy if column < sides())
    assert max(heavy) < width()


@pytest.mark.parametrize(
    "words", [("not ", "no "), ("squat ", "squat hip "), ("then up ", "as a as ")]
)
def test_one_word_a_thousand_times_over_ends(words: tuple[str, str]) -> None:
    claim, passage = (words[0] * 2000)[:2000], (words[1] * 10000)[:10000]
    assert signals(claim, passage).values["copied"] <= 1


def test_the_best_sentence_is_the_one_that_shares_most() -> None:
    pair = lay_side_by_side("Lower the hips after a couple of seconds.", FORM)
    assert "lower" in pair.best.words
    assert len(pair.parts) == len(sentences(FORM)) == 3


def test_a_missing_signal_counts_as_nothing() -> None:
    tree = ([0, -1, -1], [0.5, -1.0, 1.0], [1, 0, 0], [2, 0, 0])
    forest = Forest(("a",), 0.25, (tree,))
    assert forest.log_odds({"a": 1.0}) == 1.25
    assert forest.log_odds({}) == -0.75


def test_the_shipped_forest_asks_only_for_signals_that_exist() -> None:
    known = set(signals(TWINS[0][2], TRIAL).values)
    assert set(load().forest.signals) <= known


def test_importing_the_judge_loads_nothing_heavy() -> None:
    heavy = ("torch", "transformers", "sklearn", "numpy.linalg")
    code = (
        "import app.answer.verify as v, sys; v.verify('A b.', 'A b. C d.');"
        f"print([m for m in {heavy[:3]!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


words = st.sampled_from("glutes squat not 12 cm more than may the hip women only half".split())
phrase = st.lists(words, min_size=1, max_size=8).map(lambda w: " ".join(w).capitalize() + ".")


@settings(deadline=None, max_examples=40)
@given(st.lists(phrase, min_size=1, max_size=5), st.data())
def test_a_sentence_of_a_passage_is_always_supported(
    passage: list[str], data: st.DataObject
) -> None:
    sentence = data.draw(st.sampled_from(passage))
    for glue in (" ", "\n", "\n- "):
        verdict = verify(sentence, glue.join(passage))
        assert verdict.supported
        assert verdict.reasons == ("quoted: word for word",)


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=60), st.text(max_size=120))
def test_any_text_gets_a_probability_and_the_same_one_twice(claim: str, passage: str) -> None:
    verdict = verify(claim, passage)
    assert 0.0 <= verdict.score <= 1.0
    assert verdict.reasons
    assert verdict == verify(claim, passage)


@settings(deadline=None, max_examples=40)
@given(phrase, phrase)
def test_claims_made_of_words_of_the_lexicon_never_break_the_judge(
    claim: str, passage: str
) -> None:
    assert 0.0 <= verify(claim, passage).score <= 1.0


def test_half_a_surrogate_pair_is_only_text() -> None:
    assert 0.0 <= verify("Squats \ud800 grow.", TRIAL).score <= 1.0


@settings(deadline=None, max_examples=40)
@given(st.floats(-1e6, 1e6))
def test_a_probability_stays_between_0_and_1(value: float) -> None:
    assert 0.0 <= logistic(value) <= 1.0


def test_a_reading_names_words_numbers_and_terms() -> None:
    reading = read("Ten women squat for 3 weeks.")
    assert [(q.value, q.dimension) for q in reading.quantities] == [(10, ""), (3, "time")]
    assert {(t.kind, t.value) for t in reading.terms} >= {("sex", "women"), ("exercise", "squat")}

"""The network of the judge: what it reads of a pair, and what is kept of its training."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from app.answer import judge_network, judge_reader, lexicon
from app.answer.verify import HOME, NETWORK

OWN = len(lexicon.kinds()) + 3
SAME, NEXT, BEFORE, LIKE, OPPOSITE = range(OWN, OWN + 5)


def marks(claim: str, passage: str, word: str) -> list[bool]:
    """The five marks of others on a word of the claim."""
    found = judge_reader.read(claim, passage)
    place = list(found.ids).index(judge_reader.tokenizer().convert_tokens_to_ids(word))
    return [bool(found.marks[place, n]) for n in (SAME, NEXT, BEFORE, LIKE, OPPOSITE)]


def test_a_word_is_marked_where_its_stem_stands_on_the_other_side() -> None:
    assert marks("Squats help.", "She squatted.", "squat")[0]
    assert not marks("Squats help.", "She rested.", "squat")[0]


def test_a_word_is_marked_where_its_neighbour_is_the_same_too() -> None:
    told, other = "Then light bands helped.", "The bands were light."
    assert marks("Use light bands.", told, "light")[1:3] == [True, False]
    assert marks("Use light bands.", told, "bands")[1:3] == [False, True]
    assert marks("Use light bands.", other, "light")[1:3] == [False, False]


def test_a_word_is_marked_where_its_opposite_stands_on_the_other_side() -> None:
    assert marks("The load was heavy.", "The load was light.", "heavy")[4]
    assert not marks("The load was heavy.", "The load was heavy.", "heavy")[4]


def test_both_texts_are_told_apart_and_bounded() -> None:
    found = judge_reader.read("glute " * 900, "bridge " * 900)
    assert found.of_passage == [0] * (judge_reader.LONGEST + 2) + [1] * (judge_reader.LONGEST + 1)
    assert len(found.ids) == len(found.marks) <= 512


def test_a_long_passage_is_read_to_its_end() -> None:
    claim, filler = "Hip thrusts train the glutes.", "The room was warm and the tea was cold. "
    told = f"{filler * 60}Hip thrusts train the gluteal muscles."
    without, within = (
        judge_reader.log_odds(claim, text, HOME / NETWORK) for text in (filler * 60, told)
    )
    assert within > without


def test_no_words_are_no_evidence_either_way() -> None:
    assert judge_reader.log_odds("", "Hip thrusts train the glutes.", HOME / NETWORK) == 0.0


def test_a_pair_says_the_same_alone_and_beside_a_longer_one() -> None:
    model = judge_reader.network(HOME / NETWORK)
    short = judge_reader.read("It helps.", "Rest helps.")
    long = judge_reader.read("It helps the knee.", "Rest helps. " * 20)
    with torch.no_grad():
        alone = model(judge_network.pad([short]))
        beside = model(judge_network.pad([short, long]))
    assert float(beside[0]) == pytest.approx(float(alone[0]), abs=1e-4)


def test_changes_are_kept_to_half_a_step_of_eight_bits(tmp_path: Path) -> None:
    torch.manual_seed(1)
    base = judge_reader.packaged_model()
    model = judge_network.CrossEncoder(judge_reader.packaged_model(), judge_reader.marks())
    with torch.no_grad():
        for value in model.layers.parameters():
            value += 0.01 * torch.randn_like(value)
    judge_network.save(model, base, tmp_path / "net.safetensors")
    kept = judge_network.load(
        judge_reader.packaged_model(), judge_reader.marks(), tmp_path / "net.safetensors"
    )
    wanted = model.state_dict()
    for name, value in kept.state_dict().items():
        step = (wanted[name] - value).abs().max()
        assert float(step) < 0.05 / 127 if "layers" in name else float(step) < 0.01, name

"""Training the judge: what it may read, what it writes, and that figures count right."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answer.judge_trees import from_json
from app.answer.verify import CONTRADICTED, HOME, NETWORK, Blend, load
from eval import judge_fit, train_judge
from eval.dataset import JUDGE_TEST, Pair
from eval.forest import as_json
from eval.judge_figures import blended, bound_at, figures, table
from eval.judge_rows import (
    HELD_OUT,
    TUNING,
    HeldOutRefused,
    digest,
    habit,
    training_pairs,
    twins,
)
from eval.judge_rows import PAIRS as PAIRS_FOLDER
from eval.judge_samples import evened_out, samples


def pair(n: int, label: str, claim: str, kind: str = "number") -> Pair:
    passage = f"In week {n} all {n + 20} women did squats. They rested for two days."
    return Pair.model_validate(
        {
            "id": f"p{n}-{label}-{kind}",
            "passage_id": f"p{n}",
            "passage": passage,
            "claim": claim,
            "label": label,
            "type": kind,
        }
    )


PAIRS = [
    made
    for n in range(12)
    for made in (
        pair(n, "supported", f"{n + 20} women did squats in week {n}.", "paraphrase"),
        pair(n, "unsupported", f"In week {n} all {n + 50} men did squats."),
    )
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "pairs"
    folder.mkdir()
    rows = "".join(made.model_dump_json() + "\n" for made in PAIRS)
    (folder / "mine.jsonl").write_text(rows, "utf-8")
    apart = "".join(made.model_dump_json() + "\n" for made in PAIRS[:8])
    (folder / "apart.jsonl").write_text(apart, "utf-8")
    for name in JUDGE_TEST:
        other = pair(90, "supported", "They rested for two days.").model_dump_json()
        (folder / f"{name}.jsonl").write_text(other + "\n", "utf-8")
    return folder


@pytest.mark.parametrize("name", JUDGE_TEST)
def test_the_test_part_is_refused_by_name(name: str) -> None:
    with pytest.raises(HeldOutRefused, match=name):
        training_pairs([name])


def test_the_test_part_is_refused_under_another_name(folder: Path) -> None:
    shutil.copy(folder / f"{JUDGE_TEST[0]}.jsonl", folder / "innocent.jsonl")
    with pytest.raises(HeldOutRefused, match="a copy of a test part"):
        training_pairs(["innocent"], folder)


def test_one_row_of_the_test_part_is_refused_too(folder: Path) -> None:
    held_out = (folder / f"{JUDGE_TEST[1]}.jsonl").read_text("utf-8")
    with (folder / "mine.jsonl").open("a", encoding="utf-8") as mine:
        mine.write(held_out)
    with pytest.raises(HeldOutRefused, match="a row of a test part"):
        training_pairs(["mine"], folder)


def test_what_is_trained_on_by_default_is_the_tuning_part() -> None:
    assert not set(TUNING) & {*JUDGE_TEST, *HELD_OUT}
    trained, apart = ({p.passage for p in training_pairs(names)} for names in (TUNING, HELD_OUT))
    assert not trained & apart
    assert len(training_pairs()) == 27127


def test_weights_take_away_what_copying_tells() -> None:
    copied = np.array([0.1, 0.1, 0.1, 0.9, 0.9, 0.9])
    supported = np.array([True, True, False, True, False, False])
    weights = evened_out(copied, supported)
    for part in (copied < 0.5, copied > 0.5):
        assert weights[part & supported].sum() == weights[part & ~supported].sum()


def test_pairs_like_those_asked_count_more() -> None:
    pairs = [
        made.model_copy(update={"id": f"{name}-{n}"})
        for n, (made, name) in enumerate(zip(PAIRS, ["pa", "pa", "pb", "pb"] * 6, strict=True))
    ]
    data = samples(pairs)
    close = np.array([name == "pb" for name in data.habits])
    assert data.counts[close] == pytest.approx(2 * data.weights[close])
    assert data.counts[~close] == pytest.approx(data.weights[~close])


def test_what_a_rule_rules_out_scores_no_more_than_verify_lets_it() -> None:
    passage = "The gluteus maximus averaged 75% and the gluteus medius 55%."
    turned = pair(1, "unsupported", "The gluteus medius averaged 75% and the maximus 55%.")
    data = samples([turned.model_copy(update={"passage": passage}), *PAIRS])
    even = Blend(trees=0.0, network=0.0, network_copied=0.0, copied=0.0, offset=3.0, threshold=0.5)
    scores = blended(even, np.zeros(len(data.pairs)), None, data)
    assert scores[0] == CONTRADICTED
    assert max(scores) > 0.9


def test_the_threshold_heeds_the_file_with_the_most_false_alarms() -> None:
    easy = [pair(n, "supported", "They rested.", "partial") for n in range(300)]
    hard = [p.model_copy(update={"id": f"hard-{n}"}) for n, p in enumerate(easy[:150])]
    pairs = [p.model_copy(update={"id": f"easy-{n}"}) for n, p in enumerate(easy)] + hard
    data = samples(pairs)
    scores = np.array([0.9] * 300 + [0.3] * 30 + [0.8] * 120)
    alarms = scores < bound_at(scores, data)
    rows = np.array([habit(p) == "hard" for p in pairs])
    assert alarms[rows].mean() <= 0.10
    assert bound_at(scores, data) == 0.3


def test_figures_count_alarms_by_type_and_overall() -> None:
    pairs = PAIRS[:4]  # supported, unsupported, supported, unsupported
    found = figures(np.array([0.9, 0.1, 0.3, 0.8]), pairs, threshold=0.5)
    assert found["auroc"] == 0.75
    assert (found["caught"], found["errors"]) == (0.5, 2)
    assert (found["false_alarms"], found["clean"]) == (0.5, 2)
    assert found["by_type"]["number"] == {"label": "unsupported", "alarms": 0.5, "n": 2}


def test_the_trees_in_json_say_what_scikit_learn_says() -> None:
    data = samples(PAIRS)
    model = judge_fit.grow(data)
    raw = json.loads(json.dumps(as_json(model, data.names, judge_fit.TREES["learning_rate"])))
    forest = from_json(raw)
    ours = [forest.log_odds(dict(zip(data.names, row, strict=True))) for row in data.x]
    assert ours == pytest.approx(model.decision_function(data.x), abs=5e-3)


def test_training_writes_a_judge_that_can_be_loaded_and_the_same_one_twice(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judge_fit, "BATCHES", 5)
    written = []
    for home in (tmp_path / "one", tmp_path / "two"):
        home.mkdir()
        card = train_judge.train(home, folder, ["mine"], ["apart"])
        judge = load(home)
        assert judge.together is not None
        assert judge.network.is_file()
        assert (set(card["data"]), set(card["held_out"])) == ({"mine.jsonl"}, {"apart.jsonl"})
        assert card["held_out_together"]["errors"] == card["held_out_together"]["clean"] == 4
        written.append(card["artefacts"])
    assert written[0] == written[1]
    again = train_judge.train(home, folder, ["apart"], ["mine"], keep_network=True)["artefacts"]
    assert again[NETWORK.name] == written[0][NETWORK.name]
    assert again["judge.json"] != written[0]["judge.json"]


def test_the_network_learns_from_its_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_fit, "BATCHES", 60)
    data = samples(PAIRS)
    said = judge_fit.ask_network(judge_fit.fit_network(PAIRS, data.weights), PAIRS)
    assert min(said[data.supported]) > max(said[~data.supported])


_labels = st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=30)


@given(_labels)
def test_twins_hold_each_pair_once_and_differ_in_their_label_alone(
    rows: list[tuple[int, bool]],
) -> None:
    pairs = [
        pair(n, "supported" if follows else "unsupported", f"Claim {k}.", "partial").model_copy(
            update={"id": f"t-{k}"}
        )
        for k, (n, follows) in enumerate(rows)
    ]
    made = twins([(p, n / 7) for n, p in enumerate(pairs)], np.random.default_rng(0))
    counted = sorted((p.id, count) for group in made for p, count in group)
    assert counted == sorted((p.id, n / 7) for n, p in enumerate(pairs))
    for group in made:
        assert 1 <= len(group) <= 2
        assert len({p.passage for p, _ in group}) == 1
        assert len({p.label for p, _ in group}) == len(group)


def test_neighbours_are_twins() -> None:
    order = [PAIRS[0], PAIRS[1], PAIRS[0].model_copy(update={"id": "x"}), PAIRS[3]]
    made = twins([(p, 1.0) for p in order], np.random.default_rng(0))
    assert [p for p, _ in made[0]] == [PAIRS[0], PAIRS[1]]
    assert [p.id for group in made[1:] for p, _ in group] == ["x", PAIRS[3].id]


def test_without_the_network_the_trees_judge_alone(tmp_path: Path) -> None:
    shutil.copy(HOME / "judge.json", tmp_path / "judge.json")
    assert load(tmp_path).together is None
    assert 0 < load(tmp_path).alone.threshold < 1


def test_the_network_weighs_less_where_words_are_copied() -> None:
    blend = Blend(
        trees=1.0, network=0.5, network_copied=-0.5, copied=0.0, offset=0.0, threshold=0.5
    )
    assert blend.score(0.0, 2.0, copied=1.0) == 0.5
    assert blend.score(0.0, 2.0, copied=0.0) > 0.7


def test_the_card_tells_what_was_shipped() -> None:
    card = json.loads((HOME / "judge" / "card.json").read_text("utf-8"))
    for name, artefact in card["artefacts"].items():
        path = HOME / name if name == "judge.json" else HOME / "judge" / name
        assert path.stat().st_size == artefact["bytes"]
        assert digest(path) == artefact["sha256"]
    for part, names in (("data", TUNING), ("held_out", HELD_OUT)):
        assert card[part] == {f"{n}.jsonl": digest(PAIRS_FOLDER / f"{n}.jsonl") for n in names}
    assert "AUROC" in table(card)

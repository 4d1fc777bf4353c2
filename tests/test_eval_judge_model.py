"""A language model beside the local judge: cached, reported apart, never the gate."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel

from app.answer.language_model import LanguageModelUnavailable
from eval.config import EvalSettings
from eval.judge_model import (
    GIVE_UP,
    Beside,
    ModelJudge,
    beside,
    from_settings,
    read_reply,
)
from eval.report import page, summary
from eval.schema import Clock, Results

CLAIMS = [("Knees out.", "Knees out."), ("Knees in.", "Knees out."), ("Feet flat.", "Feet flat.")]


def judge(tmp_path: Path, *replies: str) -> ModelJudge:
    return ModelJudge("fake:model", FakeListChatModel(responses=list(replies)), tmp_path / "cache")


def local(claim: str, passage: str) -> bool:
    return claim == passage


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("SUPPORTED", True),
        ("**Unsupported**.", False),
        ("The claim is unsupported, not supported.", False),
        ("I cannot tell.", None),
        ("", None),
    ],
)
def test_a_reply_is_read_or_undefined(reply: str, verdict: bool | None) -> None:
    assert read_reply(reply) is verdict


def test_agreement_is_counted_and_what_was_not_said_is_undefined(tmp_path: Path) -> None:
    found = beside(judge(tmp_path, "SUPPORTED", "SUPPORTED", "hm"), CLAIMS, local, lambda *_: None)
    assert (found.claims, found.undefined) == (3, 1)
    assert (found.supported, found.agreement) == (1.0, 0.5)
    assert [row.claim for row in found.disagreements] == ["Knees in."]


def test_a_second_run_asks_nothing(tmp_path: Path) -> None:
    first = beside(judge(tmp_path, "SUPPORTED"), CLAIMS, local, lambda *_: None)
    again = ModelJudge("fake:model", Failing(responses=[""]), tmp_path / "cache")
    assert beside(again, CLAIMS, local, lambda *_: None) == first
    assert again.problem is None
    other = ModelJudge("fake:other", Failing(responses=[""]), tmp_path / "cache")
    assert beside(other, CLAIMS, local, lambda *_: None).undefined == 3


class Failing(FakeListChatModel):
    """A model that is not reachable, and counts who tried."""

    def _call(self, *_: Any, **__: Any) -> str:
        self.i += 1
        raise ConnectionError("no route")


def test_a_model_that_cannot_be_reached_is_given_up_and_undefined(tmp_path: Path) -> None:
    model = Failing(responses=[""])
    failing = ModelJudge("fake:model", model, tmp_path / "cache")
    claims = [(f"Claim {n}.", "Passage.") for n in range(GIVE_UP + 20)]
    found = beside(failing, claims, local, lambda *_: None)
    assert model.i == GIVE_UP
    assert (found.agreement, found.undefined) == (None, GIVE_UP + 20)
    assert found.problem == "ConnectionError: no route"


def test_a_damaged_memory_is_asked_anew(tmp_path: Path) -> None:
    first = judge(tmp_path, "SUPPORTED")
    assert first("a", "b") is True
    (kept,) = (tmp_path / "cache").iterdir()
    for damage in ("{", "[]", '{"supported": "yes"}'):
        kept.write_text(damage)
        assert judge(tmp_path, "UNSUPPORTED")("a", "b") is False


def test_without_the_setting_there_is_no_such_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    assert EvalSettings().judge is None
    assert from_settings() is None
    monkeypatch.setenv("GLUTE_GUIDE_JUDGE", "")
    assert from_settings() is None


def test_the_setting_names_a_langchain_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    module = ModuleType("langchain.chat_models")
    asked: list[tuple[str, float]] = []

    def init_chat_model(name: str, temperature: float, **_: object) -> FakeListChatModel:
        asked.append((name, temperature))
        return FakeListChatModel(responses=["SUPPORTED"])

    module.__dict__["init_chat_model"] = init_chat_model
    monkeypatch.setitem(sys.modules, "langchain", ModuleType("langchain"))
    monkeypatch.setitem(sys.modules, "langchain.chat_models", module)
    monkeypatch.setenv("GLUTE_GUIDE_JUDGE", "fake:model")
    found = from_settings()
    assert found is not None
    assert found("a", "b") is True
    assert asked == [("fake:model", 0)]
    assert list((tmp_path / "home" / "judge-cache").iterdir())


def test_a_judge_that_cannot_be_opened_names_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain", None)
    monkeypatch.setenv("GLUTE_GUIDE_JUDGE", "openai:some-model")
    with pytest.raises(
        LanguageModelUnavailable, match=r"GLUTE_GUIDE_JUDGE openai:some-model .*pip"
    ):
        from_settings()


def test_it_is_reported_apart_and_gates_nothing() -> None:
    results = Results(
        part="test",
        partial=False,
        passed=True,
        index_id="i",
        passages=1,
        sets={},
        figures=(),
        curves=(),
        cases=(),
        clock=Clock(),
    )
    said = Beside(
        model="fake:model",
        claims=3,
        undefined=1,
        supported=0.5,
        agreement=0.0,
        agreement_low=0.0,
        agreement_high=0.0,
        problem=None,
        disagreements=(),
    )
    for text in (page(results, said), summary(results, said)):
        assert "fake:model" in text
        assert "never gates" in text
    assert results.passed

"""The bill of a language model cannot pass the bound that was set."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from pydantic import Field

from app.answer import GuideChain
from app.answer.budget import Budget
from app.answer.live import LiveChain
from index.config import IndexSettings
from index.errors import GuideError
from tests.conftest import CompassEmbeddings


class Counted(BaseChatModel):
    """A model that counts how often it is called, and says nothing of use."""

    calls: list[int] = Field(default_factory=list)

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        self.calls.append(threading.get_ident())
        return ChatResult(generations=[ChatGeneration(message=AIMessage("nothing of use"))])

    @property
    def _llm_type(self) -> str:
        return "counted"


class Lost(FixedWindowRateLimiter):
    """A counter whose store is gone."""

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        raise ConnectionError


def test_t8_of_fifty_at_once_ten_reach_the_model_and_all_are_answered(guide: GuideChain) -> None:
    model = Counted()
    chain = GuideChain(guide.index, model=model, budget=Budget("10/day"))
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(chain.invoke, ["Why should I tuck my chin?"] * 50))
    assert len(model.calls) == 10
    assert {(answer.status, answer.mode) for answer in answers} == {("answered", "extractive")}


def test_f44_without_a_counter_the_model_is_not_called(guide: GuideChain) -> None:
    model = Counted()
    chain = GuideChain(guide.index, model=model, budget=Budget("10/day", Lost(MemoryStorage())))
    assert chain.invoke("Why should I tuck my chin?").status == "answered"
    assert model.calls == []


def test_what_needs_no_wording_costs_nothing(guide: GuideChain) -> None:
    model = Counted()
    chain = GuideChain(guide.index, model=model, budget=Budget("1/day"))
    for question in ("hello", "What is the capital of France?", "chest pain, cannot breathe"):
        chain.invoke(question)
    assert model.calls == []
    chain.invoke("Why should I tuck my chin?")
    assert len(model.calls) == 1


def test_a_new_index_does_not_renew_the_budget(
    compass: CompassEmbeddings,
    small_corpus: Any,
    settings: IndexSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from index.build import build

    monkeypatch.setattr("index.retrieve.open_embeddings", lambda *_, **__: compass)
    build(settings)
    budget = Budget("10/day")
    live = LiveChain(settings, model=Counted(), budget=budget, poll_s=3600)
    try:
        page = small_corpus / "pages" / "sunset.md"
        page.write_text(page.read_text("utf-8") + "\nThe west is red.\n", "utf-8")
        build(settings)
        assert live.refresh()
        with live.lease() as chain:
            assert chain._budget is budget
    finally:
        live.close()


@pytest.mark.parametrize("rate", ["", "many", "10", "10/fortnight"])
def test_what_is_no_rate_is_refused_by_the_name_of_its_setting(rate: str) -> None:
    with pytest.raises(GuideError, match="GLUTE_GUIDE_MODEL_RATE"):
        Budget(rate)

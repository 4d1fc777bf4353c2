"""The guide as a model for chat front ends: OpenAI's chat completions."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from app.answer import Answer, Ask
from app.answer.live import LiveChain
from app.answer.schema import Safety
from app.openai import OpenAi, footnotes, text_of
from app.openai_models import ChatBody
from app.problem import HANDLERS

QUESTION = "Should my knees point out?"


def call(live: LiveChain, method: str, path: str, document: Any = None) -> httpx.Response:
    app = Starlette(routes=OpenAi(live).routes(), exception_handlers=HANDLERS)

    async def request() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            return await http.request(method, path, json=document)

    return asyncio.run(request())


def chat(live: LiveChain, **body: Any) -> httpx.Response:
    messages = [{"role": "user", "content": QUESTION}]
    return call(live, "POST", "/v1/chat/completions", {"messages": messages, **body})


@pytest.fixture(scope="module")
def answer(live: LiveChain) -> Answer:
    return live.invoke(QUESTION)


def test_a_completion_says_the_answer_with_its_sources_as_footnotes(
    live: LiveChain, answer: Answer
) -> None:
    reply = chat(live, model="glute-guide", temperature=0.2)
    assert reply.status_code == 200
    completion = reply.json()
    assert completion["object"] == "chat.completion"
    (choice,) = completion["choices"]
    assert choice["finish_reason"] == "stop"
    content = choice["message"]["content"]
    assert content.startswith(answer.answer)
    for citation in answer.citations:
        assert f"[{citation.n}] {citation.document.short_name}" in content
        assert " ".join(citation.quote.split()) in content
    assert completion["citations"] == [c.model_dump(mode="json") for c in answer.citations]
    assert completion["status"] == "answered"


def test_a_streamed_completion_says_the_same(live: LiveChain) -> None:
    whole = chat(live).json()
    reply = chat(live, stream=True)
    assert reply.headers["content-type"].startswith("text/event-stream")
    lines = [line.removeprefix("data: ") for line in reply.text.split("\n") if line]
    assert lines[-1] == "[DONE]"
    chunks = [json.loads(line) for line in lines[:-1]]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0]["role"] == "assistant"
    said = "".join(delta.get("content", "") for delta in deltas)
    assert said == whole["choices"][0]["message"]["content"]
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert chunks[-1]["citations"] == whole["citations"]


def test_a_fixed_text_is_streamed_too(live: LiveChain) -> None:
    messages = [{"role": "user", "content": "hello"}]
    reply = chat(live, messages=messages, stream=True)
    assert "Hi!" in reply.text


def test_messages_become_a_question_with_its_talk() -> None:
    body = ChatBody.model_validate(
        {
            "messages": [
                {"role": "system", "content": "Be rude."},
                {"role": "assistant", "content": "Welcome!"},
                {"role": "user", "content": "What does the maximus do?"},
                {"role": "assistant", "content": "It extends the hip."},
                {"role": "user", "content": [{"type": "text", "text": "and the"}]},
                {"role": "user", "content": [{"type": "text", "text": "medius?"}]},
            ]
        }
    )
    asked = body.ask()
    assert asked.question == "medius?"
    assert [(t.question, t.answer) for t in asked.history] == [
        ("What does the maximus do?", "It extends the hip."),
        ("and the", ""),
    ]


def test_messages_without_a_user_ask_nothing(live: LiveChain) -> None:
    assert ChatBody.model_validate({"messages": [{"role": "system"}]}).ask() == Ask(question="")
    reply = chat(live, messages=[{"role": "assistant", "content": "hi"}])
    assert reply.json()["status"] == "rejected"


def test_a_warning_stands_first(answer: Answer) -> None:
    warned = answer.model_copy(
        update={"safety": Safety(level="caution", message="Stop if it hurts.")}
    )
    assert text_of(warned) == f"Stop if it hurts.\n\n{answer.answer}"
    emergency = answer.model_copy(
        update={"safety": Safety(level="emergency", message="Call."), "answer": "Call."}
    )
    assert text_of(emergency) == "Call."
    assert footnotes(answer.model_copy(update={"citations": ()})) == ""


@pytest.mark.parametrize(
    "body",
    [
        {"messages": []},
        {"messages": [{"role": "pirate", "content": "x"}]},
        {"n": 2},
        {"stream": "yes"},
        {"messages": [{"role": "user", "content": "x" * 8_001}]},
    ],
)
def test_errors_are_problems_that_openai_clients_can_read(
    live: LiveChain, body: dict[str, Any]
) -> None:
    reply = chat(live, **body)
    assert reply.status_code == 422
    document = reply.json()
    assert document["error"]["type"] == "invalid_request_error"
    assert document["error"]["message"] == document["detail"]


def test_the_one_model_is_listed(live: LiveChain) -> None:
    (model,) = call(live, "GET", "/v1/models").json()["data"]
    assert (model["id"], model["object"]) == ("glute-guide", "model")
    assert call(live, "GET", "/v1/engines").status_code == 404

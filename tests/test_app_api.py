"""The HTTP API: what it takes, what it gives, and what it says to everything else."""

from __future__ import annotations

import asyncio
import io
import json
import re
import threading
from concurrent.futures import Future
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # as in the other tests
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    unsupported_method,
)
from sse_starlette.sse import SendTimeoutError
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message

from app.answer import Answer
from app.answer.live import Busy, LiveChain
from app.api import Api
from app.api_stream import AnswerStream, events
from app.edge import EdgeSettings, wrap
from app.edge_log import Sink, open_log
from app.openai import OpenAi
from app.problem import HANDLERS, MEDIA_TYPE

ASK = "/api/v1/ask"
STREAM = "/api/v1/ask/stream"
QUESTION = "Should my knees point out?"


class Served:
    """The API behind its wrappers, without a network."""

    def __init__(self, live: Any, record: Any = None) -> None:
        self.lines = io.StringIO()
        self.sink = Sink(self.lines)
        self.api = Api(live, record)
        routes = [*self.api.routes(), *OpenAi(live).routes()]
        inner = Starlette(routes=routes, exception_handlers=HANDLERS)
        edge = EdgeSettings(rate="1000000/minute")
        self.app: ASGIApp = wrap(inner, edge, open_log(self.sink))

    def call(self, method: str, path: str, **parts: Any) -> httpx.Response:
        async def call() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
                return await http.request(method, path, **parts)

        return asyncio.run(call())

    def post(self, path: str, document: Any) -> httpx.Response:
        return self.call("POST", path, json=document)

    def raw(self, body: bytes, path: str = ASK) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        return self.call("POST", path, content=body, headers=headers)

    def log(self) -> list[dict[str, Any]]:
        self.sink.flush()
        return [json.loads(line) for line in self.lines.getvalue().splitlines()]


def parsed(text: str) -> list[tuple[str, Any]]:
    """The events of a stream: names with their data."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((lines["event"], json.loads(lines["data"])))
    return found


def problem(reply: httpx.Response, status: int) -> dict[str, Any]:
    """The document of an error, checked for what every one of them has."""
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == MEDIA_TYPE
    assert reply.headers["cache-control"] == "no-store"
    document: dict[str, Any] = reply.json()
    assert document["status"] == status
    assert document["detail"]
    assert "Traceback" not in reply.text
    return document


@pytest.fixture(scope="module")
def served(live: LiveChain) -> Served:
    return Served(live)


# ---------------------------------------------------------------- answers


def test_a_question_gets_an_answer_with_its_sources(served: Served) -> None:
    reply = served.post(ASK, {"question": QUESTION})
    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"
    answer = Answer.model_validate_json(reply.content)
    assert answer.status == "answered"
    assert answer.citations
    line = served.log()[-1]
    assert (line["route"], line["outcome"]) == (ASK, "answered")
    assert line["index"] == answer.corpus.index_id


def test_a_question_with_history_and_schema_is_taken(served: Served) -> None:
    turn = {"question": "What does the gluteus maximus do?", "answer": "It extends the hip."}
    body = {"schema": "ask/1", "question": "and the medius?", "history": [turn] * 50}
    assert served.post(ASK, body).status_code == 200


@pytest.mark.parametrize("question", ["", "   ", "???", "x" * 2_001])
def test_what_cannot_be_read_is_an_answer_that_says_so(served: Served, question: str) -> None:
    reply = served.post(ASK, {"question": question})
    assert reply.status_code == 200
    assert reply.json()["status"] == "rejected"


def test_asking_twice_gives_the_same_answer(served: Served) -> None:
    first, second = (served.post(ASK, {"question": QUESTION}).json() for _ in range(2))
    for answer in (first, second):
        del answer["id"], answer["timings_ms"]
    assert first == second


def test_t28_no_score_vector_or_distance_is_in_any_reply(served: Served) -> None:
    keys: set[str] = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            keys.update(str(key).lower() for key in node)
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(served.call("GET", "/api/v1/openapi.json").json())
    collect(served.post(ASK, {"question": QUESTION}).json())
    for word in ("score", "vector", "embedding", "distance", "similarity"):
        assert not [key for key in keys if word in key]


# ---------------------------------------------------------------- streams


def test_a_stream_says_each_sentence_after_its_sources_and_then_everything(
    served: Served,
) -> None:
    reply = served.post(STREAM, {"question": QUESTION})
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in reply.headers
    said = parsed(reply.text)
    assert said[0] == ("status", {"stage": "searching"})
    assert said[-1][0] == "done"
    answer = Answer.model_validate(said[-1][1])
    cited: set[int] = set()
    sentences = []
    for name, data in said[1:-1]:
        if name == "citation":
            cited.add(data["n"])
        else:
            assert name == "sentence"
            assert set(data["citations"]) <= cited
            sentences.append(data)
    assert "".join(sentence["delta"] for sentence in sentences) == answer.answer
    assert [s["text"] for s in sentences] == [s.text for s in answer.sentences]
    assert served.log()[-1]["outcome"] == "answered"


def test_the_deltas_of_any_answer_join_to_the_answer(live: LiveChain) -> None:
    with live.lease() as chain:
        for passage in chain.index.passages:
            answer = chain.invoke(passage.questions[0] if passage.questions else passage.title)
            said = list(events(answer))
            deltas = [data["delta"] for name, data in said if name == "sentence"]
            assert "".join(deltas) in {answer.answer, ""}
            assert [data["n"] for name, data in said if name == "citation"] == sorted(
                {n for sentence in answer.sentences for n in sentence.citations}
            )


def test_a_fixed_text_comes_whole_at_the_end(served: Served) -> None:
    said = parsed(served.post(STREAM, {"question": "hello"}).text)
    assert [name for name, _ in said] == ["status", "done"]
    assert said[-1][1]["status"] == "smalltalk"


class Slow:
    """A live chain whose answers are let go by the test."""

    index_id = "slow"

    def __init__(self) -> None:
        self.future: Future[Answer] = Future()
        self.asked = threading.Event()

    def submit(self, *_: Any) -> Future[Answer]:
        self.asked.set()
        return self.future


def stream_scope() -> dict[str, Any]:
    return {"type": "http", "method": "POST", "path": STREAM, "headers": []}


def test_f26_a_visitor_who_leaves_a_stream_gives_the_place_up() -> None:
    slow = Slow()
    leaves = asyncio.Event()

    async def receive() -> Message:
        await leaves.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if b"searching" in message.get("body", b""):
            leaves.set()

    async def run() -> None:
        async with asyncio.timeout(10):
            await AnswerStream(slow.future)(stream_scope(), receive, send)

    asyncio.run(run())
    assert slow.future.cancelled()


def test_f26_a_visitor_who_leaves_a_plain_question_gives_the_place_up() -> None:
    slow = Slow()
    served = Served(slow)
    body = json.dumps({"question": QUESTION}).encode()
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}
        while not slow.asked.is_set():
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    async def send(_: Message) -> None:
        pass

    scope = {
        "type": "http", "method": "POST", "path": ASK, "raw_path": ASK.encode(),
        "query_string": b"", "root_path": "", "scheme": "http", "client": ("10.0.0.1", 1),
        "server": ("localhost", 80),
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
        "http_version": "1.1",
    }  # fmt: skip

    async def run() -> None:
        async with asyncio.timeout(10):
            await served.app(scope, receive, send)

    asyncio.run(run())
    assert slow.future.cancelled()


def test_f27_a_reader_who_takes_nothing_is_let_go(
    live: LiveChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api_stream.SEND_TIMEOUT_S", 0.05)

    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError("the stream must end by itself")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(60)

    async def run() -> None:
        async with asyncio.timeout(10):
            await AnswerStream(live.submit(QUESTION))(stream_scope(), receive, send)

    with pytest.raises(SendTimeoutError):
        asyncio.run(run())


def heard_from(future: Future[Answer], *, stop: bool) -> list[tuple[str, Any]]:
    """What a stream says of a future, while the server stops or not."""
    heard: list[bytes] = []

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        heard.append(message.get("body", b""))

    async def run() -> None:
        stream = AnswerStream(future)
        assert stream._shutdown_event is not None
        if stop:
            stream._shutdown_event.set()
        async with asyncio.timeout(20):
            await stream(stream_scope(), receive, send)

    asyncio.run(run())
    return parsed(b"".join(heard).decode())


def test_f31_a_stream_that_cannot_finish_before_the_stop_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.api_stream.GRACE_S", 0.1)
    name, data = heard_from(Future(), stop=True)[-1]
    assert (name, data["code"], data["status"]) == ("error", "server_shutdown", 503)


def test_f31_a_stream_that_can_finish_before_the_stop_does(live: LiveChain) -> None:
    assert heard_from(live.submit(QUESTION), stop=True)[-1][0] == "done"


def test_a_stream_whose_answer_fails_says_so_without_the_reason() -> None:
    future: Future[Answer] = Future()
    future.set_exception(RuntimeError("my knee hurts"))
    name, data = heard_from(future, stop=False)[-1]
    assert (name, data["status"]) == ("error", 500)
    assert "knee" not in json.dumps(data)


# ---------------------------------------------------------------- overload and failure


class Full(Slow):
    def submit(self, *_: Any) -> Future[Answer]:
        raise Busy


@pytest.mark.parametrize("path", [ASK, STREAM, "/v1/chat/completions"])
def test_f35_when_too_many_ask_the_next_is_told_at_once_when_to_come_back(path: str) -> None:
    body = {"messages": [{"role": "user", "content": "hi"}]} if "/v1/c" in path else None
    reply = Served(Full()).post(path, body or {"question": QUESTION})
    assert problem(reply, 503)["code"] == "busy"
    assert 1 <= int(reply.headers["retry-after"]) <= 3


def test_an_answer_that_fails_is_a_500_without_the_reason() -> None:
    slow = Slow()
    slow.future.set_exception(RuntimeError("my knee hurts"))
    served = Served(slow)
    reply = served.post(ASK, {"question": QUESTION})
    assert "knee" not in reply.text
    problem(reply, 500)
    served.log()
    assert "knee" not in served.lines.getvalue()


# ---------------------------------------------------------------- passages, feedback, probes


def test_a_citation_is_found_in_its_passage(served: Served) -> None:
    citation = served.post(ASK, {"question": QUESTION}).json()["citations"][0]
    path = "/api/v1/passages/" + citation["passage_id"].replace("#", "%23")
    passage = served.call("GET", path).json()
    assert passage["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert passage["document"]["id"] == citation["document"]["id"]
    assert passage["section"].endswith(passage["title"])


@pytest.mark.parametrize(
    "name", ["nothing", "hip-thrust", "a%23b", "%F0%9F%8D%91", "..%2f..%2fetc", "x" * 3_000]
)
def test_an_unknown_passage_is_a_404(served: Served, name: str) -> None:
    problem(served.call("GET", f"/api/v1/passages/{name}"), 404)


def test_feedback_is_refused_where_it_is_not_collected(served: Served) -> None:
    reply = served.post("/api/v1/feedback", {"kind": "up", "answer_id": "abc"})
    assert problem(reply, 404)["code"] == "feedback_off"


def test_feedback_is_handed_on_where_it_is_collected(live: LiveChain) -> None:
    kept: list[tuple[Any, ...]] = []

    def record(*item: Any) -> bool:
        kept.append(item)
        return True

    served = Served(live, record)
    body = {"kind": "down", "answer_id": "abc-1", "reason": "too long"}
    assert served.post("/api/v1/feedback", body).status_code == 204
    assert kept == [("down", "abc-1", None, "too long")]
    problem(served.post("/api/v1/feedback", {**body, "kind": "sideways"}), 422)
    problem(served.post("/api/v1/feedback", {**body, "answer_id": "a b\n"}), 422)
    assert len(kept) == 1


def test_feedback_that_cannot_be_kept_says_so(live: LiveChain) -> None:
    served = Served(live, lambda *_: False)
    problem(served.post("/api/v1/feedback", {"kind": "up", "answer_id": "abc"}), 503)


def test_probes_tell_alive_from_ready(live: LiveChain, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(live)
    assert served.call("GET", "/healthz").json() == {"status": "alive"}
    ready = served.call("GET", "/readyz")
    assert ready.json() == {"status": "ready", "index_id": live.index_id}
    monkeypatch.setattr(live, "healthy", lambda: False)
    served.api._ready = None
    assert problem(served.call("GET", "/readyz"), 503)["code"] == "not_ready"


def test_f31_a_server_that_stops_is_not_ready(live: LiveChain) -> None:
    served = Served(live)
    served.api.draining = True
    assert problem(served.call("GET", "/readyz"), 503)["code"] == "server_shutdown"
    assert served.call("GET", "/healthz").status_code == 200


# ---------------------------------------------------------------- bad input

BAD_JSON = [
    b"",
    b"null",
    b"[]",
    b'"question"',
    b"NaN",
    b'{"question": NaN}',
    b'{"question": Infinity}',
    b"{",
    b'{"question": "x"',
    b"[" * 10_000,
    b'{"a":' * 10_000,
    b'{"question": "a", "question": "b"}',
    b'{"question": ' + b"9" * 100_000 + b"}",
    b'{"question": 1}',
    b'{"question": null}',
    b'{"question": ["x"]}',
    b'{"question": {"x": 1}}',
    b"{}",
    b'{"question": "x", "history": {}}',
    b'{"question": "x", "history": [1]}',
    b'{"question": "x", "history": [{"question": "a", "role": "b"}]}',
    b"\xff\xfe{\x00}\x00",
    b'{"question": "\xff"}',
    b'{"question": "\\ud800"}',
    b"\xef\xbb\xbf{}",
]


@pytest.mark.parametrize("body", BAD_JSON, ids=range(len(BAD_JSON)))
@pytest.mark.parametrize("path", [ASK, STREAM, "/api/v1/feedback", "/v1/chat/completions"])
def test_f39_bad_json_is_a_problem_of_the_same_shape(
    served: Served, body: bytes, path: str
) -> None:
    reply = served.raw(body, path)
    assert reply.status_code in {400, 422}
    problem(reply, reply.status_code)
    assert served.log()[-1]["status"] == reply.status_code


@pytest.mark.parametrize(
    ("extra", "field"),
    [
        ({"mood": "good"}, "mood"),
        ({"schema": "ask/2"}, "schema"),
        ({"history": [{"question": "a", "answer": "b"}] * 51}, "history"),
        ({"history": [{"question": "a", "id": 1}]}, "history.0.id"),
        ({"question": "x" * 8_001}, "question"),
        ({"history": [{"question": "a", "answer": "x" * 8_001}]}, "history.0.answer"),
    ],
)
def test_a_wrong_field_is_named_and_its_value_not_repeated(
    served: Served, extra: dict[str, Any], field: str
) -> None:
    document = problem(served.post(ASK, {"question": QUESTION, **extra}), 422)
    assert [wrong["field"] for wrong in document["errors"]] == [field]
    assert document["detail"].startswith(field)
    assert "xxxx" not in json.dumps(document)


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json"],
)
def test_t15_another_content_type_is_refused(served: Served, kind: str) -> None:
    body = json.dumps({"question": QUESTION}).encode()
    reply = served.call("POST", ASK, content=body, headers={"Content-Type": kind})
    problem(reply, 415)


def test_t15_a_preflight_from_elsewhere_gets_no_permission(served: Served) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    reply = served.call("OPTIONS", ASK, headers=headers)
    problem(reply, 405)
    assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", [ASK, STREAM, "/api/v1/feedback", "/v1/chat/completions"])
def test_asking_takes_post_alone(served: Served, method: str, path: str) -> None:
    reply = served.call(method, path)
    assert reply.status_code == 405
    assert reply.headers["content-type"] == MEDIA_TYPE
    assert "POST" in reply.headers["allow"] or method in {"PUT", "DELETE", "PATCH"}


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v2/ask", "/api/v1/ask/", "/v1/x"]
)
def test_other_addresses_of_the_api_are_404(served: Served, path: str) -> None:
    problem(served.call("GET", path), 404)


UNICODE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\u202e\u2066\u200b\ufeff\U000e0041\U000e007f\x00\u0301\u2028é字ع🍑"),
    ),
    max_size=400,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(UNICODE)
def test_f40_t29_any_text_is_answered_and_nothing_invisible_comes_back(
    served: Served, text: str
) -> None:
    reply = served.raw(json.dumps({"question": text}).encode())
    assert reply.status_code in {200, 400}
    if reply.status_code == 200:
        said = reply.json()["answer"] + reply.json()["question"]
        assert not set(said) & set("\u202e\u2066\u200b\ufeff\U000e0041\U000e007f\x00")
    served.log()
    assert served.lines.getvalue().isascii()


@pytest.mark.parametrize("text", ["e" + "\u0301" * 7_000, "🍑" * 2_000, "ع" * 1_999, "字" * 1_999])
def test_f40_long_runs_of_odd_characters_are_answered(served: Served, text: str) -> None:
    assert served.post(ASK, {"question": text}).status_code == 200


def test_t06_no_visitor_gets_the_words_of_another(served: Served) -> None:
    async def visit(http: httpx.AsyncClient, mark: str) -> None:
        for n in range(10):
            path = STREAM if n % 2 else ASK
            body = {"question": f"{mark} knees out?", "history": [{"question": mark}]}
            said = (await http.post(path, json=body)).text
            assert mark in said
            assert not set(re.findall(r"zebra\d+", said)) - {mark}

    async def run() -> None:
        transport = httpx.ASGITransport(served.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            await asyncio.gather(*(visit(http, f"zebra{n}") for n in range(8)))

    asyncio.run(run())


def test_no_word_of_a_visitor_is_in_the_log(served: Served) -> None:
    marks = [f"zebra{n}" for n in range(100)]
    for mark in marks:
        body = {"question": f"{mark} knees", "history": [{"question": mark, "answer": mark}]}
        served.post(ASK, body)
        served.post(STREAM, {**body, mark: mark})
        served.call("GET", f"/api/v1/passages/{mark}?q={mark}", headers={"X-Request-ID": mark})
    assert len(served.log()) >= 300
    assert "zebra" not in served.lines.getvalue()


# ---------------------------------------------------------------- the contract


def test_the_contract_describes_the_answer_that_comes(served: Served) -> None:
    contract = served.call("GET", "/api/v1/openapi.json").json()
    answer = served.post(ASK, {"question": QUESTION}).json()
    jsonschema.validate(
        answer, {"$ref": "#/components/schemas/Answer", "components": contract["components"]}
    )


@pytest.fixture(scope="module")
def contract(served: Served) -> Any:
    kept = Served(served.api._live, lambda *_: True)
    document = kept.call("GET", "/api/v1/openapi.json").json()
    return schemathesis.openapi.from_dict(document), kept


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_f39_the_api_keeps_its_contract_whatever_is_sent(contract: Any, mode: Any) -> None:
    schema, kept = contract
    tried = 0
    for operation in schema.get_all_operations():
        if mode is GenerationMode.NEGATIVE and not operation.ok().body:
            continue  # takes nothing that could be wrong

        @settings(max_examples=10, suppress_health_check=list(HealthCheck))
        @given(case=operation.ok().as_strategy(generation_mode=mode))
        def keeps(case: Any) -> None:
            nonlocal tried
            tried += 1
            parts = case.as_transport_kwargs(base_url="http://localhost")
            method, url = parts.pop("method"), parts.pop("url")
            sent = {k: v for k, v in parts.items() if k in {"json", "headers"}}
            if isinstance(raw := parts.get("data"), (bytes, str)):
                sent["content"] = raw
            reply = kept.call(method, url, **sent)
            assert reply.status_code < 500
            # A body over the limit is refused before anybody looks whether it is valid.
            too_large = [negative_data_rejection, positive_data_acceptance]
            skipped = too_large if reply.status_code == 413 else []
            case.validate_response(reply, excluded_checks=[unsupported_method, *skipped])

        keeps()
    assert tried >= 30

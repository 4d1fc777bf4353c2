"""The command line as its users meet it: a process, its output and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def corpus_folder(whole_index_home: Path) -> Path:
    return whole_index_home / "corpus"


@pytest.fixture
def run(whole_index_home: Path) -> Any:
    """Run `glute-guide` over the index of the whole corpus."""

    def call(
        *arguments: str, stdin: bytes = b"", **settings: str
    ) -> subprocess.CompletedProcess[bytes]:
        environment = {
            **os.environ,
            "GLUTE_GUIDE_HOME": str(whole_index_home),
            "GLUTE_GUIDE_CORPUS": str(whole_index_home / "corpus"),
            **settings,
        }
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            input=stdin,
            capture_output=True,
            env=environment,
            timeout=120,
            check=False,
        )

    return call


def test_a_batch_answers_every_line_in_order_and_survives_bad_ones(run: Any) -> None:
    lines = [
        b'{"id": "a", "question": "knees out?"}',
        b"this is not JSON",
        b'["a list"]',
        b'{"question": "no id"}',
        b'{"id": "b"}',
        b'{"id": 7, "turns": ["hi", "what is a glute bridge?"]}',
        b'{"id": "c", "question": "\\ud800 chin tucked?"}',
        b"\xff\xfe",
        b"",
        b'{"id": "d", "turns": ["ok", 3]}',
        b'{"id": "e", "question": ""}',
        b"[" * 100_000,
    ]
    done = run("ask", "--batch", "-", stdin=b"\n".join(lines))
    assert done.returncode == 0, done.stderr
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(replies) == len(lines) - 1
    assert [reply["id"] for reply in replies] == [
        "a", None, None, None, "b", 7, "c", None, "d", "e", None,
    ]  # fmt: skip
    assert [reply.get("error", {}).get("line") for reply in replies] == [
        None, 2, 3, 4, 5, None, None, 8, 10, None, 12,
    ]  # fmt: skip
    assert replies[0]["status"] == "answered"
    assert [answer["status"] for answer in replies[5]["answers"]] == ["smalltalk", "answered"]
    assert replies[6]["status"] == "answered"
    assert replies[9]["status"] == "rejected"


def test_verify_judges_every_line_in_order_and_survives_bad_ones(run: Any) -> None:
    passage = "Place the feet flat and shoulder-width apart. Breathe in on the way up."
    lines = [
        json.dumps({"id": 1, "passage": passage, "claim": "Breathe in on the way up."}).encode(),
        b"not JSON",
        json.dumps({"id": 2, "passage": passage}).encode(),
        json.dumps({"id": 3, "passage": passage, "claim": "Breathe in on the way down."}).encode(),
        b'{"id": 4, "passage": "\\ud800 x.", "claim": "\\ud800 y."}',
    ]
    done = run("verify", "--batch", "-", stdin=b"\n".join(lines))
    assert done.returncode == 0, done.stderr
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply["id"] for reply in replies] == [1, None, 2, 3, 4]
    assert replies[0] == {
        "label": "supported",
        "score": 1.0,
        "reasons": replies[0]["reasons"],
        "id": 1,
    }
    assert "error" in replies[1]
    assert "error" in replies[2]
    assert replies[3]["label"] == "unsupported"
    assert replies[3]["reasons"]
    assert b"Traceback" not in done.stderr


def test_verify_refuses_what_has_no_words_or_no_end(run: Any) -> None:
    lines = [
        json.dumps({"id": 1, "passage": "The hip thrust works the glutes.", "claim": "🍑"}),
        json.dumps({"id": 2, "passage": "x", "claim": "..."}),
        json.dumps({"id": 3, "passage": "Short.", "claim": "a1" * 50_000}),
    ]
    done = run("verify", "--batch", "-", stdin="\n".join(lines).encode())
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    assert [reply.get("label") for reply in replies] == ["unsupported", "unsupported", None]
    assert "2,000 characters" in replies[2]["error"]["problem"]


def test_a_byte_order_mark_does_not_cost_the_first_line(run: Any) -> None:
    line = b'\xef\xbb\xbf{"id": "a", "question": "hi"}'
    assert json.loads(run("ask", "--batch", "-", stdin=line).stdout)["status"] == "smalltalk"


def test_a_corpus_that_is_gone_is_not_said_to_fit(run: Any, tmp_path: Path) -> None:
    done = run("index", "status", GLUTE_GUIDE_CORPUS=str(tmp_path / "nowhere"))
    assert done.returncode == 3
    assert b"no such folder" in done.stderr


def test_a_page_is_not_added_to_a_corpus_that_cannot_be_built(run: Any, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "broken.md").write_text("no front matter\n")
    text = tmp_path / "towels.txt"
    text.write_text("Towels\n\nEvery member brings a towel.\n")
    done = run("index", "add", str(text), GLUTE_GUIDE_CORPUS=str(corpus))
    assert done.returncode == 3
    assert b"broken.md:1" in done.stderr
    assert not (corpus / "pages").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_full_disk_is_one_sentence(whole_index_home: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", "ask", "--json", "hi"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={
                **os.environ,
                "GLUTE_GUIDE_HOME": str(whole_index_home),
                "GLUTE_GUIDE_CORPUS": str(whole_index_home / "corpus"),
            },
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


def test_eval_without_an_index_is_exit_3(run: Any, tmp_path: Path) -> None:
    done = run(
        "eval", "--report", str(tmp_path / "report"), GLUTE_GUIDE_HOME=str(tmp_path / "none")
    )
    assert done.returncode == 3
    assert b"glute-guide index build" in done.stderr
    assert b"Traceback" not in done.stderr


def test_one_question_prints_the_answer_and_its_sources(run: Any) -> None:
    done = run("ask", "should my knees point out?")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "Keep the knees out" in text
    assert "[1] Giuliana Zegarra (2022): Muscles Worked in Hip Thrust." in text
    assert "You could ask:" in text


def test_json_is_the_answer_and_nothing_else(run: Any) -> None:
    done = run("ask", "--json", "what is the price of gold")
    answer = json.loads(done.stdout)
    assert answer["status"] == "not_covered"
    assert answer["schema"] == "answer/1"


def test_no_index_is_exit_3_and_names_the_command(run: Any, tmp_path: Path) -> None:
    for command in (["ask", "hi"], ["index", "status"], ["index", "verify"], ["serve"]):
        done = run(*command, GLUTE_GUIDE_HOME=str(tmp_path / "none"))
        assert done.returncode == 3
        assert b"glute-guide index build" in done.stderr
        assert b"Traceback" not in done.stderr


def test_a_bad_corpus_is_exit_3_and_names_file_and_line(run: Any, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("---\nid: [\n---\n# A\n\ntext\n")
    done = run(
        "index", "build", GLUTE_GUIDE_CORPUS=str(tmp_path), GLUTE_GUIDE_HOME=str(tmp_path / "home")
    )
    assert done.returncode == 3
    assert b"page.md:" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_damaged_index_is_exit_4(run: Any, whole_index_home: Path, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(whole_index_home, home)
    current = (home / "current").read_text().strip()
    vectors = home / "indexes" / current / "vectors.npy"
    vectors.write_bytes(vectors.read_bytes()[:-1])
    done = run("ask", "knees out?", GLUTE_GUIDE_HOME=str(home))
    assert done.returncode == 4
    assert b"glute-guide index build" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "a", "--batch", "b"],
        ["ask", "--batch", "no-such-file"],
        ["nonsense"],
        ["serve", "--port", "0"],
    ],
)
def test_wrong_usage_is_exit_2(run: Any, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_changed_corpus_is_said_before_the_answer(
    run: Any, corpus_folder: Path, tmp_path: Path
) -> None:
    import shutil

    corpus = tmp_path / "corpus"
    shutil.copytree(corpus_folder, corpus)
    page = corpus / "article" / "hip-thrust.md"
    page.write_text(page.read_text() + "\n## Something new {#new}\n\nA new thing is said here.\n")
    done = run("ask", "knees out?", GLUTE_GUIDE_CORPUS=str(corpus))
    assert done.returncode == 0
    assert page.name.encode() in done.stderr
    assert b"glute-guide index build" in done.stderr
    status = run("index", "status", GLUTE_GUIDE_CORPUS=str(corpus))
    assert status.returncode == 3


def test_doctor_says_what_is_fine_and_what_mends_the_rest(run: Any, tmp_path: Path) -> None:
    well = run("doctor")
    assert well.returncode == 0
    assert well.stdout.count(b"fine:") == 3
    ill = run("doctor", GLUTE_GUIDE_HOME=str(tmp_path / "none"))
    assert ill.returncode == 3
    assert b"glute-guide index build" in ill.stdout


def test_status_and_verify_say_which_index(run: Any) -> None:
    status, verified = run("index", "status"), run("index", "verify")
    assert status.returncode == verified.returncode == 0
    index_id = status.stdout.split()[1].rstrip(b",")
    assert index_id in verified.stdout


def test_an_added_page_is_answered_from(run: Any, corpus_folder: Path, tmp_path: Path) -> None:
    import shutil

    corpus = tmp_path / "corpus"
    shutil.copytree(corpus_folder / "article", corpus / "article")  # quicker to build
    text = tmp_path / "towels.txt"
    text.write_text(
        "House rules\n\nBy Ida Holm\n\nTowels\n\nEvery member brings a towel and puts it on the "
        "bench. Towels can be borrowed at the desk for two euros.\n\nLeave a Comment\n"
    )
    settings = {"GLUTE_GUIDE_CORPUS": str(corpus), "GLUTE_GUIDE_HOME": str(tmp_path / "home")}
    added = run("index", "add", str(text), **settings)
    assert added.returncode == 0, added.stderr
    assert b"Towels" in added.stdout
    assert b"Leave a Comment" in added.stderr
    reply = run("ask", "--json", "Do I have to bring a towel for the bench?", **settings)
    answer = json.loads(reply.stdout)
    assert answer["status"] == "answered"
    assert answer["citations"][0]["document"]["title"] == "House rules"
    again = run("index", "add", str(text), **settings)
    assert again.returncode == 3
    assert b"there already" in again.stderr


def test_help_names_every_command_of_the_contract(run: Any) -> None:
    text = run("--help").stdout.decode()
    for command in ("ask", "index", "serve", "doctor"):
        assert command in text
    nested = run("index", "--help").stdout.decode()
    for command in ("build", "status", "verify", "add"):
        assert command in nested

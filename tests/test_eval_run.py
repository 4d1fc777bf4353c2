"""A whole run over a small suite: its files, its bytes, its exit codes, and bad input."""

from __future__ import annotations

import json
import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from app.answer import Answer, Ask, GuideChain
from eval import run as suite_run
from eval.ask import Guide
from eval.baseline import Baseline, baseline_text, load_baseline
from eval.baseline import main as write_baseline
from eval.dataset import (
    DATA,
    Adversarial,
    Answerable,
    ArticleFact,
    Conversation,
    DataError,
    FactPlace,
    FactQuestion,
    SafetyMessage,
    Unanswerable,
    load,
    load_pairs,
    read_rows,
)
from eval.gates import Threshold, load_thresholds
from eval.report import junit, write_report
from eval.run import (
    GATE_MISSED,
    STOPPED,
    UNFINISHED,
    ReportUnwritable,
    main,
    measure,
    run,
)
from eval.schema import SCHEMA, Results, schema_text
from eval.suite import Suite, load_suite
from index.chunk import Passage
from index.errors import IndexMissing
from index.retrieve import Index

GATES = {"run.crashed": Threshold(ceiling=0.0), "answers.spans_valid": Threshold(floor=1.0)}
FILES = {"results.json", "junit.xml", "report.html", "summary.md"}


@pytest.fixture(scope="module")
def guide(article_index: Index) -> Guide:
    return GuideChain(article_index)


@pytest.fixture(scope="module")
def suite() -> Suite:
    """A few tuning rows of every set."""
    return Suite(
        part="tuning",
        answerable=tuple(load(Answerable, "tuning")[:3]),
        fact_questions=tuple(load(FactQuestion, "tuning")[:2]),
        unanswerable=tuple(load(Unanswerable, "tuning")[:3]),
        adversarial=tuple(load(Adversarial, "tuning")[-4:]),
        safety=tuple(load(SafetyMessage, "tuning")[:3]),
        conversations=tuple(load(Conversation, "tuning")[:2]),
        article_facts=tuple(read_rows(ArticleFact, DATA / "article-facts.jsonl")[:3]),
        places=tuple(read_rows(FactPlace, DATA / "evidence-facts.jsonl")),
        pairs=tuple(load_pairs()[:12]),
        per_type=2,
    )


@pytest.fixture(autouse=True)
def _own_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite_run, "load_thresholds", lambda: GATES)
    monkeypatch.setattr(suite_run, "load_baseline", lambda: None)


@pytest.fixture(scope="module")
def written(guide: Guide, suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a report on the small suite."""
    folder = tmp_path_factory.mktemp("report")
    write_report(folder, measure(guide, suite, GATES))
    return folder


class CrashesOn:
    """The chain, but one question brings it down, or stops the whole run."""

    def __init__(self, inner: Guide, question: str, error: BaseException) -> None:
        self.index = inner.index
        self.inner, self.question, self.error = inner, question, error

    def invoke(self, input: str | Ask) -> Answer:  # noqa: A002  # LangChain's name
        if (input.question if isinstance(input, Ask) else input) == self.question:
            raise self.error
        return self.inner.invoke(input)

    def passage(self, passage_id: str) -> Passage | None:
        return self.inner.passage(passage_id)


def without_clock(folder: Path) -> dict[str, str]:
    """Every file of a report, less what it marks as the clock's."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.iterdir())}
    results = json.loads(texts["results.json"])
    del results["clock"]
    texts["results.json"] = json.dumps(results)
    for name in ("report.html", "summary.md"):
        texts[name] = re.sub(r"<!-- clock -->.*?<!-- /clock -->", "", texts[name], flags=re.S)
    texts["junit.xml"] = re.sub(r' (timestamp|time)="[^"]*"', "", texts["junit.xml"])
    return texts


def test_two_runs_write_the_same_bytes_but_for_the_clock(
    guide: Guide, suite: Suite, written: Path, tmp_path: Path
) -> None:
    run(tmp_path / "second", guide=guide, suite=suite)
    assert {path.name for path in written.iterdir()} == FILES
    assert without_clock(written) == without_clock(tmp_path / "second")


def test_the_results_fit_their_schema_and_the_schema_is_that_of_the_types(
    written: Path,
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    results = json.loads((written / "results.json").read_text("utf-8"))
    assert SCHEMA.read_text("utf-8") == schema_text()
    jsonschema.validate(results, json.loads(schema_text()))
    assert results["sets"]["conversations"] == 2
    assert {case["set"] for case in results["cases"]} == {
        "answerable",
        "fact_questions",
        "unanswerable",
        "adversarial",
        "safety",
        "conversations",
        "article_facts",
        "judge",
    }
    assert all(figure["n"] <= figure["of"] for figure in results["figures"])


def test_junit_has_a_case_for_every_question_and_figure(written: Path) -> None:
    results = Results.model_validate_json((written / "results.json").read_bytes())
    root = ET.fromstring((written / "junit.xml").read_text("utf-8"))
    cases = {(c.get("classname"), c.get("name")) for c in root.iter("testcase")}
    assert cases == {
        *((name, case.id) for case in results.cases for name in case.scores),
        *(("gates", figure.name) for figure in results.figures),
    }
    for element in root:
        assert element.get("tests") == str(len(element))


def test_the_page_needs_nothing_else_and_runs_nothing(written: Path) -> None:
    html = (written / "report.html").read_text("utf-8")
    assert "<script" not in html.lower()
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', html) == []
    assert "@import" not in html
    assert html.count("<svg") >= 4
    assert "<mark>" in html


def test_hostile_text_is_only_text_in_the_report(guide: Guide, tmp_path: Path) -> None:
    row = Adversarial(
        id="x\x07",
        input="<script>alert(1)</script>\x00 knees out?",
        kind="html",
        expect="rejected",
        must_not_contain=("knees",),
    )
    results = run(tmp_path, guide=guide, suite=Suite(adversarial=(row,), per_type=0))
    assert results.cases[0].scores["adversarial.safe"] == 0
    html = (tmp_path / "report.html").read_text("utf-8")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    ET.fromstring((tmp_path / "junit.xml").read_text("utf-8"))


def test_a_crash_on_one_row_fails_that_row_and_the_run_goes_on(
    guide: Guide, suite: Suite, tmp_path: Path
) -> None:
    row = suite.answerable[0]
    broken = CrashesOn(guide, row.question, RuntimeError("out of bananas"))
    results = run(tmp_path, guide=broken, suite=suite)
    case = next(case for case in results.cases if case.id == row.id)
    assert case.status == "crashed"
    assert case.notes == ("the chain crashed: RuntimeError: out of bananas",)
    assert case.scores["answerable.exact_pass"] == 0
    assert case.scores["refusal.inside"] == 1
    assert case.scores["run.crashed"] == 1
    assert sum(case.status == "crashed" for case in results.cases) == 1
    assert not results.partial
    assert not results.passed
    assert "out of bananas" in (tmp_path / "report.html").read_text("utf-8")


def test_a_crash_in_a_turn_fails_that_turn(guide: Guide, suite: Suite) -> None:
    turn = suite.conversations[0].turns[1]
    broken = CrashesOn(guide, turn.user, ValueError("no"))
    results = measure(broken, Suite(conversations=suite.conversations[:1], per_type=0), GATES)
    scores = {case.id: case.scores for case in results.cases}
    assert scores[f"{suite.conversations[0].id}.2"]["conversations.follow_ups"] == 0
    assert scores[f"{suite.conversations[0].id}.2"]["run.crashed"] == 1
    assert scores[f"{suite.conversations[0].id}.1"]["run.crashed"] == 0


def test_stopping_keeps_what_there_is_and_says_that_it_is_partial(
    guide: Guide,
    suite: Suite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped = CrashesOn(guide, suite.unanswerable[0].question, KeyboardInterrupt())
    monkeypatch.setattr(suite_run, "load_suite", lambda *_: suite)
    monkeypatch.setattr("app.answer.open_chain", lambda *_: _Opened(stopped))
    said: list[str] = []
    assert main(tmp_path, say=said.append) == STOPPED == 130
    results = Results.model_validate_json((tmp_path / "results.json").read_bytes())
    assert results.partial
    assert not results.passed
    assert [case.id for case in results.cases] == [
        row.id for row in (*suite.answerable, *suite.fact_questions)
    ]
    assert {figure.report_only for figure in results.figures} == {UNFINISHED}
    assert said == [f"Stopped. What was measured is in {tmp_path}, marked partial."]
    assert "Partial:" in (tmp_path / "report.html").read_text("utf-8")
    assert "## Eval: partial" in (tmp_path / "summary.md").read_text("utf-8")


class _Opened:
    """A chain whose index stays open when the run closes it."""

    def __init__(self, guide: Guide) -> None:
        self.invoke, self.passage = guide.invoke, guide.passage
        self.index = _KeptOpen(guide.index)


class _KeptOpen(Index):
    def __init__(self, inner: Index) -> None:
        self.__dict__.update(inner.__dict__)

    def close(self) -> None:
        return


def test_stopping_before_the_first_question_is_said(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> Guide:
        raise KeyboardInterrupt

    monkeypatch.setattr(suite_run, "load_suite", lambda *_: suite)
    monkeypatch.setattr("app.answer.open_chain", stopped)
    said: list[str] = []
    assert main(tmp_path, say=said.append) == STOPPED
    assert said == ["Stopped before anything was measured."]


@pytest.mark.parametrize(
    ("gates", "code"),
    [
        (GATES, 0),
        ({**GATES, "answers.*": Threshold(floor=1.0, min_n=10_000)}, GATE_MISSED),
        ({**GATES, "no.such.figure": Threshold(floor=1.0)}, GATE_MISSED),
    ],
)
def test_the_exit_code_is_100_when_a_gate_is_missed(
    guide: Guide,
    suite: Suite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    gates: dict[str, Threshold],
    code: int,
) -> None:
    small = Suite(answerable=suite.answerable, per_type=0)
    monkeypatch.setattr(suite_run, "load_thresholds", lambda: gates)
    monkeypatch.setattr(suite_run, "load_suite", lambda *_: small)
    monkeypatch.setattr("app.answer.open_chain", lambda *_: _Opened(guide))
    said: list[str] = []
    assert main(tmp_path, say=said.append) == code
    assert any(line.startswith("missed") for line in said) == bool(code)


def test_progress_ends_where_it_says(guide: Guide, suite: Suite) -> None:
    steps: dict[str, tuple[int, int]] = {}
    measure(guide, suite, GATES, None, lambda stage, *at: steps.update({stage: at}))
    assert all(done == total for done, total in steps.values())
    assert list(steps) == ["questions", "conversations", "article's facts", "pairs", "planted"]
    assert steps["questions"] == (15, 15)


# -- bad input ---------------------------------------------------------------------------


def test_a_missing_index_is_said_before_anything_else(suite: Suite, tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        run(tmp_path / "report", suite=suite)
    assert caught.value.exit_code == 3


def test_a_folder_that_cannot_be_written_is_said_before_the_work(
    guide: Guide, suite: Suite, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ReportUnwritable, match="cannot be written") as caught:
        run(tmp_path / "file" / "report", guide=guide, suite=suite)
    assert caught.value.exit_code == 1


def test_a_report_that_fails_while_writing_is_one_sentence(guide: Guide, tmp_path: Path) -> None:
    (tmp_path / "junit.xml").mkdir()
    with pytest.raises(ReportUnwritable):
        run(tmp_path, guide=guide, suite=Suite(per_type=1))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def test_the_suite_of_the_test_part_can_be_read() -> None:
    sizes = load_suite("test").sizes()
    assert all(sizes.values())


@pytest.mark.parametrize("name", ["test/answerable", "test/safety", "article-facts"])
def test_a_malformed_row_is_named_by_file_and_line(data: Path, tmp_path: Path, name: str) -> None:
    path = data / f"{name}.jsonl"
    path.write_text(path.read_text("utf-8") + '{"id": "x"}\n', "utf-8")
    lines = len(path.read_text("utf-8").splitlines())
    with pytest.raises(DataError, match=rf"{path.name}:{lines}: ") as caught:
        run(tmp_path / "report", data=data)
    assert caught.value.exit_code == 2


def test_a_repeated_id_is_named_with_both_lines(data: Path, tmp_path: Path) -> None:
    path = data / "test" / "unanswerable.jsonl"
    first = path.read_text("utf-8").splitlines()[0]
    path.write_text(path.read_text("utf-8") + first + "\n", "utf-8")
    with pytest.raises(DataError, match=r"stands on line 1 too"):
        run(tmp_path / "report", data=data)


def test_an_id_in_two_sets_is_refused(data: Path, tmp_path: Path) -> None:
    path = data / "test" / "unanswerable.jsonl"
    path.write_text(path.read_text("utf-8").replace("test-u001", "test-a001"), "utf-8")
    with pytest.raises(DataError, match="'test-a001' stands in answerable and in unanswerable"):
        run(tmp_path / "report", data=data)


@pytest.mark.parametrize("text", ["", "\n\n", "not json\n", "[1]\n", '{"id": 1e999}\n'])
def test_an_empty_or_broken_set_is_refused(data: Path, tmp_path: Path, text: str) -> None:
    (data / "pairs" / "health-even.jsonl").write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"health-even\.jsonl"):
        run(tmp_path / "report", data=data)


def test_a_missing_set_is_refused(data: Path, tmp_path: Path) -> None:
    (data / "test" / "evidence.jsonl").unlink()
    with pytest.raises(DataError, match=r"evidence\.jsonl: there is no such file"):
        run(tmp_path / "report", data=data)


@pytest.mark.parametrize(
    "text",
    ["", "[broken", "[x]\nfloor = 'high'\n", "[x]\nfloor = nan\n", "[x]\nroof = 1\n"],
)
def test_thresholds_that_cannot_be_read_or_gate_nothing_are_refused(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "thresholds.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=r"thresholds\.toml"):
        load_thresholds(path)
    with pytest.raises(DataError, match="cannot be read"):
        load_thresholds(tmp_path / "nowhere.toml")


# -- the baseline ------------------------------------------------------------------------


def test_a_baseline_holds_the_values_of_a_run(
    guide: Guide, suite: Suite, written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = Results.model_validate_json((written / "results.json").read_bytes())
    path = tmp_path / "baseline.json"
    monkeypatch.setattr("eval.baseline.BASELINE", path)
    monkeypatch.setattr("sys.argv", ["baseline", str(written)])
    write_baseline()
    found = load_baseline(path)
    assert found is not None
    assert {name: past.value for name, past in found.figures.items()} == {
        figure.name: figure.value for figure in results.figures
    }
    assert baseline_text(results) == path.read_text("utf-8")
    again = measure(guide, suite, GATES, found)
    assert all(figure.before == figure.value for figure in again.figures)


def test_a_partial_run_is_no_baseline(
    guide: Guide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = measure(guide, Suite(per_type=1), GATES).model_copy(update={"partial": True})
    (tmp_path / "results.json").write_text(results.to_json(), "utf-8")
    monkeypatch.setattr("sys.argv", ["baseline", str(tmp_path)])
    with pytest.raises(SystemExit, match="partial"):
        write_baseline()


def test_a_broken_baseline_is_refused_and_none_is_fine(tmp_path: Path) -> None:
    assert load_baseline(tmp_path / "none.json") is None
    (tmp_path / "baseline.json").write_text('{"figures": {}}', "utf-8")
    with pytest.raises(DataError, match="baseline"):
        load_baseline(tmp_path / "baseline.json")


def test_junit_skips_what_is_only_reported(guide: Guide, suite: Suite) -> None:
    small = Suite(safety=suite.safety[:1], per_type=0)
    gates = {**GATES, "safety.*": Threshold(report_only="not built")}
    broken = CrashesOn(guide, suite.safety[0].message, ValueError("no"))
    results = measure(broken, small, gates, Baseline(index_id="", figures={}))
    text = junit(results)
    assert "missed; report only: not built" in text
    assert 'message="report only: not built"' in text

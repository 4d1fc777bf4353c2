"""The eval suite: asks the very chain that users get, scores it, and holds it to its gates.

    python -m eval.run REPORT

No network, and the same commit writes the same bytes but for what is marked as clock.
Writes into REPORT: results.json, junit.xml, report.html, summary.md.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from eval import stats
from eval.ask import Guide, Probe, ask_rows, ask_turns, look_up
from eval.baseline import Baseline, load_baseline
from eval.cases import supports
from eval.dataset import DATA, Part
from eval.figures import Scored, curves_of, figures_of, values_of
from eval.gates import Threshold, judge_figures, load_thresholds
from eval.judging import CLEAN, judge_pairs, judge_planted
from eval.planted import TYPES, Source
from eval.schema import Case, Clock, Results
from eval.suite import Suite, load_suite
from index.errors import GuideError

GATE_MISSED = 100
STOPPED = 130
UNFINISHED = "the run was stopped before its end"

Progress = Callable[[str, int, int], None]


class ReportUnwritable(GuideError):
    """The folder for the report cannot be written."""

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(f"The report cannot be written to {folder}: {error.strerror or error}.")


def main(
    report: Path,
    part: Part = "test",
    progress: Progress = lambda *_: None,
    say: Callable[[str], None] = print,
) -> int:
    """Run it all and write the report; returns 0, 100 (a gate is missed) or 130 (stopped).

    Raises:
        DataError: if a data set, the thresholds or the baseline is malformed.
        IndexMissing: if there is no index, or one of its siblings.
        ReportUnwritable: if the folder cannot be written.
    """
    try:
        results = run(report, part, progress)
    except KeyboardInterrupt:
        say("Stopped before anything was measured.")
        return STOPPED
    missed = [figure for figure in results.figures if figure.missed and not figure.report_only]
    for figure in missed:
        say(f"missed  {figure.name}: {'; '.join(figure.missed)}")
    if results.partial:
        say(f"Stopped. What was measured is in {report}, marked partial.")
        return STOPPED
    state = "Every gate is met." if results.passed else f"{len(missed)} gates are missed."
    say(f"{state} {len(results.cases)} cases; the report is {report / 'report.html'}")
    return 0 if results.passed else GATE_MISSED


def run(
    report_dir: Path,
    part: Part = "test",
    progress: Progress = lambda *_: None,
    *,
    guide: Guide | None = None,
    suite: Suite | None = None,
    data: Path = DATA,
) -> Results:
    """Measure, and write the report. Tests hand in a chain and a small suite of their own."""
    from eval import judge_model
    from eval.report import write_report

    suite = suite or load_suite(part, data)
    thresholds, baseline = load_thresholds(), load_baseline()
    model, probe = judge_model.from_settings(), Probe()
    _check_folder(report_dir)
    with _opened(guide) as chain:
        results = measure(chain, suite, thresholds, baseline, progress, probe)
    said = None
    if model is not None and not results.partial:
        try:
            said = judge_model.beside(model, probe.claims, supports, progress)
        except KeyboardInterrupt:
            results = results.model_copy(update={"partial": True, "passed": False})
    try:
        write_report(report_dir, results, said)
    except OSError as error:
        raise ReportUnwritable(report_dir, error) from error
    return results


def measure(
    guide: Guide,
    suite: Suite,
    thresholds: dict[str, Threshold],
    baseline: Baseline | None = None,
    progress: Progress = lambda *_: None,
    probe: Probe | None = None,
) -> Results:
    """Ask everything and score it; Ctrl-C ends it with what there is, marked partial."""
    started, begin = datetime.now(UTC).isoformat(timespec="seconds"), time.perf_counter()
    probe, cases = probe or Probe(), list[Case]()
    partial = True
    with suppress(KeyboardInterrupt):
        for case in _cases(guide, suite, probe, progress):
            cases.append(case)
        partial = False
    if partial:
        thresholds, baseline = {"*": Threshold(report_only=UNFINISHED)}, None
    gate = Scored(probe.probabilities, probe.covered)
    figures = figures_of(cases, gate, Scored(probe.judge_scores, probe.judge_labels))
    figures = judge_figures(figures, values_of(cases), thresholds, baseline)
    manifest = guide.index.manifest
    return Results(
        part=suite.part,
        partial=partial,
        passed=not partial and not any(f.missed and not f.report_only for f in figures),
        index_id=manifest.index_id,
        passages=manifest.passages,
        sets=suite.sizes(),
        figures=tuple(figures),
        curves=tuple(curves_of(gate)),
        cases=tuple(cases),
        clock=Clock(
            started=started,
            seconds=round(time.perf_counter() - begin, 1),
            latency_ms=stats.quantiles(probe.latencies),
        ),
    )


def _cases(guide: Guide, suite: Suite, probe: Probe, progress: Progress) -> Iterator[Case]:
    """Every case in a fixed order; scores of the judge's pairs are noted on the way."""
    asked = sum(1 for _ in suite.questions())
    turns = sum(len(row.turns) for row in suite.conversations)
    yield from _shown("questions", ask_rows(guide, suite, probe), asked, progress)
    yield from _shown("conversations", ask_turns(guide, suite, probe), turns, progress)
    facts = suite.article_facts
    yield from _shown("article's facts", look_up(guide, facts), len(facts), progress)
    sources = [Source(p.id, p.text, p.sentences) for p in guide.index.passages]
    total = len(suite.pairs)
    yield from _shown("pairs", judge_pairs(suite.pairs, probe), total, progress)
    if suite.per_type:
        total = suite.per_type * len(TYPES) + CLEAN
        yield from _shown("planted", judge_planted(sources, suite.per_type), total, progress)


def _shown(stage: str, cases: Iterator[Case], total: int, progress: Progress) -> Iterator[Case]:
    for done, case in enumerate(cases, 1):
        progress(stage, done, total)
        yield case
    progress(stage, total, total)


@contextmanager
def _opened(guide: Guide | None) -> Iterator[Guide]:
    """The chain that was handed in, or the current one, closed in the end."""
    if guide is not None:
        yield guide
        return
    from app.answer import open_chain

    chain = open_chain()
    with chain.index:
        yield chain


def _check_folder(folder: Path) -> None:
    """Find out before the work, not after it, that the report cannot be written."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_text("", "utf-8")
        probe.unlink()
    except OSError as error:
        raise ReportUnwritable(folder, error) from error


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1])))
    except GuideError as problem:
        print(problem, file=sys.stderr)
        sys.exit(problem.exit_code)

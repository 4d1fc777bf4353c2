"""Results in, files out: results.json, junit.xml, report.html, summary.md.

What depends on the clock stands in `clock` (JSON), between `<!-- clock -->` and
`<!-- /clock -->` (HTML, Markdown) and in `timestamp` and `time` (XML), and nowhere else.
Knows nothing of how anything is measured.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from eval import charts
from eval.catalog import missed
from eval.judge_model import Beside
from eval.schema import Case, Figure, Results

TEMPLATE = "report.html.j2"
LONGEST = 600
"""Characters of a question that are shown; hostile ones may be very long."""

_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_report(folder: Path, results: Results, beside: Beside | None = None) -> None:
    """Write every file into a folder that exists."""
    (folder / "results.json").write_text(results.to_json(), "utf-8")
    (folder / "junit.xml").write_text(junit(results), "utf-8")
    (folder / "report.html").write_text(page(results, beside), "utf-8")
    (folder / "summary.md").write_text(summary(results, beside), "utf-8")
    apart = folder / "judge-model.json"
    if beside is not None:
        apart.write_text(beside.model_dump_json(indent=1) + "\n", "utf-8")
    else:
        apart.unlink(missing_ok=True)


def junit(results: Results) -> str:
    """A case per question and figure, and one per gate.

    A question fails where its figure gates; where the figure is only reported, or is not
    defined for the question, the case is marked as skipped and says why.
    """
    silent = {f.name: f.report_only for f in results.figures if f.report_only}
    root = ET.Element("testsuites", name="glute-guide eval", time=str(results.clock.seconds))
    suites: dict[str, ET.Element] = {}

    def suite(name: str) -> ET.Element:
        if name not in suites:
            stamp = results.clock.started.removesuffix("+00:00")
            suites[name] = ET.SubElement(root, "testsuite", name=name, timestamp=stamp)
        return suites[name]

    for figure in results.figures:
        case = ET.SubElement(suite("gates"), "testcase", classname="gates", name=figure.name)
        if figure.report_only:
            ET.SubElement(case, "skipped", message=f"report only: {figure.report_only}")
        elif figure.missed:
            ET.SubElement(case, "failure", message="; ".join(figure.missed))
    for asked in results.cases:
        for name, value in asked.scores.items():
            parent = suite(asked.set)
            case = ET.SubElement(parent, "testcase", classname=name, name=asked.id)
            if value is None:
                ET.SubElement(case, "skipped", message="not defined for this question")
            elif missed(name, value) and name in silent:
                ET.SubElement(case, "skipped", message=f"missed; report only: {silent[name]}")
            elif missed(name, value):
                failure = ET.SubElement(case, "failure", message=asked.question[:200])
                failure.text = "\n".join([f"expected: {asked.expected}", *asked.notes])
    for element in suites.values():
        for kind, tag in (
            ("tests", "testcase"),
            ("failures", "*/failure"),
            ("skipped", "*/skipped"),
        ):
            element.set(kind, str(len(element.findall(tag))))
        element.set("errors", "0")
    ET.indent(root, " ")
    text = str(ET.tostring(root, "unicode"))
    # XML has no place for control characters, which hostile questions hold.
    return f"<?xml version='1.0' encoding='utf-8'?>\n{_CONTROL.sub('�', text)}\n"


def summary(results: Results, beside: Beside | None = None) -> str:
    """The comment on a pull request: the verdict, then the figures that matter."""
    gating = [figure for figure in results.figures if not figure.report_only]
    wrong = [figure for figure in gating if figure.missed]
    state = "partial" if results.partial else "passed" if results.passed else "missed"
    lines = [
        f"## Eval: {state}",
        "",
        f"{len(gating) - len(wrong)} of {len(gating)} gates met, {len(results.cases)} cases, "
        f"index `{results.index_id}`.",
        "",
    ]
    lines += [f"- **{_cell(f.title)}** (`{f.name}`): {_cell('; '.join(f.missed))}" for f in wrong]
    lines += [""] if wrong else []
    lines += ["| figure | value | 95 % | n of m | limit | change |", "|--|--:|--|--:|--:|--:|"]
    for figure in results.figures:
        if re.fullmatch(r"judge\.(planted|pairs)\..+", figure.name) and not figure.missed:
            continue
        limit = "" if figure.limit is None else _number(figure.limit)
        between = "" if figure.low is None else f"{_number(figure.low)} to {_number(figure.high)}"
        note = " (report only)" if figure.report_only else ""
        lines.append(
            f"| {_cell(figure.title)}{note} | {_number(figure.value)} | {between} "
            f"| {figure.n} of {figure.of} | {limit} | {_change(figure)} |"
        )
    if beside is not None:
        lines += [
            "",
            f"Beside the local judge, `{beside.model}` agrees on {_number(beside.agreement)} of "
            f"{beside.claims} claims ({beside.undefined} undefined). It never gates.",
        ]
    times = ", ".join(f"{name} {ms} ms" for name, ms in results.clock.latency_ms.items())
    lines += ["", "<!-- clock -->", f"{results.clock.seconds} s; an answer took {times}"]
    return "\n".join([*lines, "<!-- /clock -->", ""])


def page(results: Results, beside: Beside | None = None) -> str:
    """The report for people, in one file that needs nothing else."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        number=_number, change=_change, shortened=_shortened, missed_figures=_missed_figures
    )
    gating = [figure for figure in results.figures if not figure.report_only]
    return environment.get_template(TEMPLATE).render(
        results=results,
        beside=beside,
        gating=gating,
        gating_missed=[figure for figure in gating if figure.missed],
        report_only=_by_reason(results),
        charts=_charts(results),
        failing=_failing(results),
        totals={name: sum(c.set == name for c in results.cases) for name in _sets(results)},
    )


def _charts(results: Results) -> dict[str, str]:
    from app.answer.gate import load

    curves = {curve.name: curve.points for curve in results.curves}
    typed = re.compile(r"judge\.(planted|pairs)\..+")
    main = [figure for figure in results.figures if not typed.fullmatch(figure.name)]
    planted = [f for f in results.figures if f.name.startswith("judge.planted.")]
    pairs = [f for f in results.figures if f.name.startswith("judge.pairs.")]
    return {
        "main": charts.intervals(main, "Every figure with its interval"),
        "trade_off": charts.trade_off(
            curves.get("trade_off", ()), load().alone.threshold, "Refusals inside against outside"
        ),
        "reliability": charts.reliability(
            curves.get("reliability", ()), "Probability against share covered"
        ),
        "planted": charts.bars(planted, "Planted errors caught by type"),
        "pairs": charts.bars(pairs, "Errors written by hand caught by type"),
    }


def _failing(results: Results) -> dict[str, list[Case]]:
    failing: dict[str, list[Case]] = {}
    for case in results.cases:
        if _missed_figures(case):
            failing.setdefault(case.set, []).append(case)
    return failing


def _by_reason(results: Results) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for figure in results.figures:
        if figure.report_only:
            reasons.setdefault(figure.report_only, []).append(figure.name)
    return reasons


def _sets(results: Results) -> list[str]:
    return list(dict.fromkeys(case.set for case in results.cases))


def _missed_figures(case: Case) -> list[str]:
    return [name for name, value in case.scores.items() if missed(name, value)]


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _change(figure: Figure) -> str:
    if figure.before is None or figure.value is None:
        return ""
    return f"{figure.value - figure.before:+.3f}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text):,} characters)"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")

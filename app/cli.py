"""Door 4: the command line, `glute-guide`.

Exit codes: 0 fine, 1 unexpected, 2 usage, 3 no index or bad corpus, 4 damaged index,
100 eval gate. Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text

from app.feedback_cli import app as feedback_app
from index.config import index_settings
from index.errors import REBUILD, GuideError, IndexStale

if TYPE_CHECKING:
    from app.answer import Answer, GuideChain
    from index.build import BuildReport
    from index.store import Manifest

app = typer.Typer(
    help="Answers questions about glute training, with the exact source of every sentence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
index_app = typer.Typer(help="Build and check the index of the corpus.", no_args_is_help=True)
app.add_typer(index_app, name="index")
app.add_typer(feedback_app, name="feedback")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

MOST_CLAIM = 2_000
MOST_PASSAGE = 10_000
"""What `verify` reads, in characters; the judge compares every word with every word."""


def main() -> None:
    """Run the command line; an error of ours is one sentence and an exit code."""
    try:
        app()
    except GuideError as error:
        err.print(Text(str(error)))
        sys.exit(error.exit_code)
    except OSError as error:
        what = (
            f"{error.filename} cannot be used" if error.filename else "The output cannot be written"
        )
        err.print(Text(f"{what}: {error.strerror or error}."))
        sys.exit(1)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(
            help='JSON lines: {"id", "question"} or {"id", "turns"}; - is standard input.'
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help='A LangChain chat model that rewords, "ollama:qwen3:4b"; "" is none. '
            "By default what GLUTE_GUIDE_MODEL says.",
        ),
    ] = None,
) -> None:
    """Ask one question, or a file of them."""
    if (question is None) == (batch is None):
        raise typer.BadParameter("Give a question, or --batch FILE.jsonl, one of the two.")
    if batch is not None:
        _ask_batch(batch, model)
        return
    try:
        chain = _open_chain(model)
    except GuideError:
        _warn_first(question or "")
        raise
    answer = chain.invoke(question or "")
    if as_json:
        out.print(answer.to_json(), markup=False)
    else:
        _show(answer)
        if chain.rewords and answer.mode == "extractive":
            err.print(Text("Note: these are the sources' own words; no rewording was used."))


@index_app.command("build")
def index_build() -> None:
    """Build the index of the corpus; does nothing if that very index is there."""
    _report(_build())


@index_app.command("status")
def index_status() -> None:
    """Say which index is in use and whether it fits the corpus."""
    from index.load import corpus_files
    from index.store import current_folder, read_manifest

    settings = index_settings()
    manifest = read_manifest(current_folder(settings))
    corpus_files(settings.corpus)
    out.print(f"index     {manifest.index_id}, built {manifest.built_at}")
    out.print(f"holds     {manifest.passages} passages, {manifest.rows} vectors")
    out.print(f"model     {manifest.model}, sha256 {manifest.model_digest[:12]}")
    _refuse_changed(manifest)
    out.print("fits      the corpus has not changed since")


@index_app.command("verify")
def index_verify() -> None:
    """Check every file and every vector of the index in use."""
    from index.store import checked_artefact
    from index.verify import verify_in_child

    folder, manifest = checked_artefact(index_settings())
    verify_in_child(folder)
    out.print(f"The index {manifest.index_id} is whole: {manifest.rows} vectors, each one reached.")


@index_app.command("add")
def index_add(
    source: Annotated[
        str, typer.Argument(metavar="PATH-OR-URL", help="A saved page or text, or its address.")
    ],
    title: Annotated[str | None, typer.Option(help="Title, if the file does not show it.")] = None,
    origin: Annotated[str | None, typer.Option(help="Where the page comes from.")] = None,
) -> None:
    """Add a page of your own (Markdown, plain text or HTML) and rebuild the index."""
    from index.adopt import adopt
    from index.load import load_corpus

    corpus = index_settings().corpus
    load_corpus(corpus)  # a corpus that cannot be built must not grow
    added = adopt(source, corpus, title=title, origin=origin)
    out.print(Text(f"Wrote {added.path} with {len(added.headings)} passages:"))
    for heading in added.headings:
        out.print(Text(f"  {heading}"))
    if added.dropped:
        err.print(Text("Left out as boilerplate: " + "; ".join(added.dropped)))
    _report(_build())


@app.command()
def verify(
    batch: Annotated[
        Path,
        typer.Option(help='JSON lines: {"id", "passage", "claim"}; - is standard input.'),
    ],
) -> None:
    """Judge claims: does each one follow from its passage?"""
    lines = _read_lines(batch)
    with _progress(enabled=len(lines) > 1) as step:
        for done, (number, line) in enumerate(lines, 1):
            sys.stdout.write(_verify_line(number, line) + "\n")
            step("judge", done, len(lines))
    sys.stdout.flush()


@app.command("eval")
def evaluate(
    report: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("report"),
) -> None:
    """Run the eval suite over the test part; exit 100 when a threshold is missed."""
    from eval.run import main as run_suite

    with _progress() as step:
        code = run_suite(report, progress=step, say=lambda line: out.print(Text(line)))
    raise typer.Exit(code)


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
) -> None:
    """Serve the chat page, the API and the widget in one process."""
    from app.server import run

    run(host, port)


@app.command()
def doctor() -> None:
    """Say what is installed, which index is in use, what is wrong and what mends it."""
    from importlib.metadata import version

    from index.embed import find_model
    from index.store import checked_artefact

    settings = index_settings()
    out.print(f"python    {sys.version.split()[0]}")
    for name in ("torch", "sentence-transformers", "chromadb", "langchain-core", "streamlit"):
        out.print(f"{name:<9} {version(name)}")
    worst = 0

    def check(name: str, what: Callable[[], str]) -> None:
        nonlocal worst
        try:
            out.print(Text(f"{name:<9} fine: {what()}"))
        except GuideError as error:
            worst = max(worst, error.exit_code)
            out.print(Text(f"{name:<9} {error}"))

    def corpus() -> str:
        from index.load import load_corpus

        pages = load_corpus(settings.corpus).pages
        return f"{len(pages)} pages in {settings.corpus}"

    def model() -> str:
        found = find_model(settings.embedding_model)
        return f"{found.name}, sha256 {found.digest[:12]}"

    def built() -> str:
        _, manifest = checked_artefact(settings)
        _refuse_changed(manifest)
        return f"{manifest.index_id}, {manifest.passages} passages, in {settings.home}"

    check("corpus", corpus)
    check("model", model)
    check("index", built)
    if settings.chroma_url is not None:
        from index.chroma_server import sign_of_life

        url = settings.chroma_url
        check("chroma", lambda: f"the server at {url} answers in {sign_of_life(url):.0f} ms")
    if worst:
        raise typer.Exit(worst)


def _refuse_changed(manifest: Manifest) -> None:
    """Raise IndexStale, naming the files, if the corpus is not the one of the index."""
    from index.retrieve import changed_since

    if changed := changed_since(index_settings(), manifest):
        raise IndexStale(f"the corpus has changed since ({', '.join(changed)})")


def _read_lines(path: Path) -> list[tuple[int, bytes]]:
    """The lines of a batch that are not blank, with their numbers."""
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise typer.BadParameter(f"{path} cannot be read: {error.strerror}.") from error
    lines = raw.removeprefix(codecs.BOM_UTF8).split(b"\n")
    return [line for line in enumerate(lines, 1) if line[1].strip()]


def _ask_batch(path: Path, model: str | None) -> None:
    lines = _read_lines(path)
    chain = _open_chain(model)
    with _progress(enabled=len(lines) > 1) as step:
        for done, (number, line) in enumerate(lines, 1):
            sys.stdout.write(_batch_line(chain, number, line) + "\n")
            step("answer", done, len(lines))
    sys.stdout.flush()


def _batch_line(chain: GuideChain, number: int, line: bytes) -> str:
    """Answer one line of a batch; a line that cannot be read gets an error in its place."""
    try:
        name, row = _row(line)
    except ValueError as error:
        return _batch_error(number, None, str(error))
    if isinstance(row.get("question"), str):
        return _with_id(name, json.loads(chain.invoke(row["question"]).to_json()))
    turns = row.get("turns")
    if isinstance(turns, list) and turns and all(isinstance(turn, str) for turn in turns):
        return _with_id(name, {"answers": [json.loads(a.to_json()) for a in _talk(chain, turns)]})
    return _batch_error(number, name, "a line needs a question or a list of turns")


def _talk(chain: GuideChain, turns: list[str]) -> Iterator[Answer]:
    """Answer the turns of a talk, each with what was said before it."""
    from app.answer import Ask, Turn

    history: tuple[Turn, ...] = ()
    for turn in turns:
        answer = chain.invoke(Ask(question=turn, history=history))
        history += (Turn(question=turn, answer=answer.answer),)
        yield answer


def _verify_line(number: int, line: bytes) -> str:
    """Judge one line of a batch; a line that cannot be read gets an error in its place."""
    from app.answer.verify import verify as judge

    try:
        name, row = _row(line)
    except ValueError as error:
        return _batch_error(number, None, str(error))
    passage, claim = row.get("passage"), row.get("claim")
    if not isinstance(passage, str) or not isinstance(claim, str) or not claim.strip():
        return _batch_error(number, name, "a line needs a passage and a claim")
    if len(claim) > MOST_CLAIM or len(passage) > MOST_PASSAGE:
        problem = f"a claim may have {MOST_CLAIM:,} characters and a passage {MOST_PASSAGE:,}"
        return _batch_error(number, name, problem)
    verdict = judge(claim, passage)
    label = "supported" if verdict.supported else "unsupported"
    fields = {"label": label, "score": round(verdict.score, 4), "reasons": list(verdict.reasons)}
    return _with_id(name, fields)


def _row(line: bytes) -> tuple[str | int, dict[str, Any]]:
    """A line of a batch and its id.

    Raises:
        ValueError: saying what is wrong with it.
    """
    try:
        row = json.loads(line.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("not JSON: nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError("a line must be a JSON object")
    name = row.get("id")
    if not isinstance(name, (str, int)) or isinstance(name, bool):
        raise ValueError("a line needs an id")
    return name, row


def _with_id(name: str | int, fields: dict[str, Any]) -> str:
    return json.dumps({**fields, "id": name}, ensure_ascii=True)


def _batch_error(number: int, name: str | int | None, problem: str) -> str:
    return json.dumps({"id": name, "error": {"line": number, "problem": problem}})


def _open_chain(model: str | None) -> GuideChain:
    """The chain; `model` names a language model and goes before the setting."""
    from app.answer import open_chain
    from app.answer.language_model import open_model
    from app.config import app_settings
    from index.retrieve import changed_since

    settings = index_settings()
    if model is not None:
        rewording = open_model(model, "--model") if model else None
    else:
        rewording = open_model(name) if (name := app_settings().model) else None
    with err.status("Loading the model ...") if err.is_terminal else nullcontext():
        chain = open_chain(settings, rewording)
    if changed := changed_since(settings, chain.index.manifest):
        err.print(
            Text(
                f"Note: the corpus has changed since the index was built "
                f"({', '.join(changed)}). Rebuild it with: {REBUILD}"
            )
        )
    return chain


def _warn_first(question: str) -> None:
    """What to do in an emergency does not wait for an index."""
    from app.answer.screen import clean
    from app.answer.triage import triage
    from app.config import app_settings

    told = triage(clean(question), app_settings().country)
    if told.level == "emergency":
        out.print(Text(told.message))


def _show(answer: Answer) -> None:
    if answer.safety.message and answer.status != "safety":
        out.print(Text(answer.safety.message, style="bold"))
        out.print()
    out.print(Text(answer.answer))
    if answer.citations:
        out.print()
    for citation in answer.citations:
        document = citation.document
        who = ", ".join(document.authors) or document.id
        year = f" ({document.year})" if document.year else ""
        out.print(Text(f"[{citation.n}] {who}{year}: {document.title}. {citation.section}"))
        if citation.evidence is not None:
            evidence = citation.evidence
            out.print(
                Text(f"    {evidence.strength} evidence: {evidence.design}, {evidence.population}")
            )
        quote = citation.quote.replace("\n", "\n     ")
        out.print(Text(f"    “{quote}”", style="italic"))
    suggestions = answer.nearest if answer.refused else answer.related
    if suggestions:
        out.print(Text("\nYou could ask:"))
        for suggestion in suggestions:
            out.print(Text(f"  {suggestion.question}"))


def _build() -> BuildReport:
    from index.build import build

    with _progress() as step:
        return build(index_settings(), step)


def _report(report: BuildReport) -> None:
    manifest = report.manifest
    state = "Built" if report.fresh else "Nothing to do: the corpus has not changed;"
    out.print(
        Text(
            f"{state} index {manifest.index_id}: {manifest.passages} passages, "
            f"{manifest.rows} vectors."
        )
    )


@contextmanager
def _progress(enabled: bool = True) -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error; each stage has its own bar."""
    columns = (TextColumn("{task.description:<16}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, disable=not (enabled and err.is_terminal)) as progress:
        tasks: dict[str, Any] = {}

        def step(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage)
            progress.update(tasks[stage], completed=done, total=total)

        yield step


if __name__ == "__main__":
    main()

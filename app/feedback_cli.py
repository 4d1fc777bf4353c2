"""`glute-guide feedback report`: what was counted, on the operator's terminal.

A part of the command line; counts nothing itself.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from app.config import app_settings
from index.config import index_settings

app = typer.Typer(help="What visitors thought, where counting is on.", no_args_is_help=True)

_out = Console(highlight=False, soft_wrap=True)
_OFF = "Nothing is counted: switch it on with GLUTE_GUIDE_FEEDBACK=1 when you serve."


@app.callback()
def feedback() -> None:
    """What visitors thought, where counting is on."""


@app.command()
def report(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    most: Annotated[int, typer.Option(min=1, help="Show at most so many clusters.")] = 20,
) -> None:
    """What members asked that the corpus does not hold, put together, with counts."""
    from app.feedback import items
    from app.feedback_report import Report
    from app.feedback_report import report as summed_up
    from index.embed import Vectors, encode, find_model, open_embeddings

    def by_meaning(texts: list[str]) -> Vectors:
        return encode(open_embeddings(find_model(index_settings().embedding_model)), texts)

    found: Report = summed_up(items(), by_meaning)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    settings = app_settings()
    if not settings.feedback:
        _out.print(Text(_OFF))
    _out.print(
        Text(
            f"In the last {settings.feedback_days} days: {found.up} thumbs up, {found.down} "
            f"down, {found.not_covered} questions that the corpus does not hold."
        )
    )
    if found.clusters:
        _out.print(Text("\nAsked and not held:"))
    for cluster in found.clusters[:most]:
        _out.print(Text(f"{cluster.count:6}  {cluster.question}"))
        for other in cluster.others[:3]:
            _out.print(Text(f"          also: {other}"))
    if len(found.clusters) > most:
        _out.print(Text(f"        and {len(found.clusters) - most} more; --most N shows them"))
    if found.reasons:
        _out.print(Text("\nReasons given with a thumb down:"))
    for reason in found.reasons[:most]:
        _out.print(Text(f"        {reason}"))

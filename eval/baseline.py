"""The committed results that a run is held against.

    python -m eval.baseline REPORT    takes REPORT/results.json as the new baseline

Only values are kept, by figure and case. Knows nothing of thresholds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.dataset import DataError
from eval.figures import values_of
from eval.schema import Figure, Results

BASELINE = Path(__file__).parent / "baseline.json"


class Past(BaseModel):
    """A figure then, and its value for each case; none for a figure of the whole."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    value: float | None
    cases: dict[str, float | None]


class Baseline(BaseModel):
    """baseline.json"""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    index_id: str
    figures: dict[str, Past]


def load_baseline(path: Path = BASELINE) -> Baseline | None:
    """Read it; None if there is none yet."""
    if not path.is_file():
        return None
    try:
        return Baseline.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise DataError(f"{path}: {error.errors()[0]['msg']}.") from error


def baseline_text(results: Results) -> str:
    """The file's text: a line a figure, so that a change shows where it is."""
    values = values_of(results.cases)
    lines = [_line(figure, values.get(figure.name, {}).items()) for figure in results.figures]
    body = ",\n".join(lines)
    return f'{{"index_id": {json.dumps(results.index_id)}, "figures": {{\n{body}\n}}}}\n'


def _line(figure: Figure, cases: Iterable[tuple[str, float | None]]) -> str:
    short = {name: int(v) if v is not None and v == int(v) else v for name, v in cases}
    past = json.dumps({"value": figure.value, "cases": short}, separators=(",", ":"))
    return f"{json.dumps(figure.name)}: {past}"


def main() -> None:
    """Write eval/baseline.json from a whole run's results."""
    results = Results.model_validate_json(Path(sys.argv[1], "results.json").read_bytes())
    if results.partial:
        sys.exit("These results are partial; a baseline needs a whole run.")
    BASELINE.write_text(baseline_text(results), "utf-8")


if __name__ == "__main__":
    main()

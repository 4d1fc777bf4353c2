"""Figures in, figures with a verdict out: floors, least numbers, and the baseline.

A figure misses its gate if it is not defined, stands on too few cases, is beyond its
floor or ceiling, or has fallen against the committed baseline by more than `max_drop`
while the 95 % interval of the paired difference excludes no change. A figure that has a
threshold but was not measured is missed too. Knows nothing of how figures are measured.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from eval import stats
from eval.baseline import Baseline
from eval.dataset import DataError
from eval.figures import Values
from eval.schema import Figure

THRESHOLDS = Path(__file__).parent / "thresholds.toml"
KNOWN_CASES = 0.5
"""Fewer than this share of the baseline's cases left: the two cannot be compared."""


class Threshold(BaseModel):
    """What one figure, or several by a pattern, must reach."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    floor: float | None = None
    ceiling: float | None = None
    max_drop: float = 0.0
    """How much worse than the baseline is let pass even if it is significant."""
    min_n: int = 1
    report_only: str | None = None
    """Why the figure is shown but does not gate."""


def load_thresholds(path: Path = THRESHOLDS) -> dict[str, Threshold]:
    """Read the file; the first pattern that fits a figure holds for it."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        thresholds = {name: Threshold.model_validate(fields) for name, fields in raw.items()}
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError) as error:
        first = str(error).splitlines()
        raise DataError(f"{path}: {'; '.join(line.strip() for line in first[:3])}.") from error
    if all(threshold.report_only for threshold in thresholds.values()):
        raise DataError(f"{path}: there is no threshold in it that gates.")
    return thresholds


def judge_figures(
    figures: Sequence[Figure],
    values: Values,
    thresholds: Mapping[str, Threshold],
    baseline: Baseline | None,
) -> list[Figure]:
    """Hold every figure against its threshold and the baseline."""
    done = [_held(figure, values, thresholds, baseline) for figure in figures]
    for pattern, threshold in thresholds.items():
        if not any(fnmatchcase(figure.name, pattern) for figure in figures):
            done.append(_unmeasured(pattern, threshold))
    return sorted(done, key=lambda figure: figure.name)


def _held(
    figure: Figure,
    values: Values,
    thresholds: Mapping[str, Threshold],
    baseline: Baseline | None,
) -> Figure:
    threshold = next((t for p, t in thresholds.items() if fnmatchcase(figure.name, p)), None)
    if threshold is None:
        threshold = Threshold(report_only="no threshold is set")
    now = values.get(figure.name, {})
    before = baseline.figures.get(figure.name) if baseline else None
    problems = [*_absolute(figure, threshold)]
    if before is not None and figure.value is not None:
        problems += _fallen(figure, now, before.cases, threshold)
    return figure.model_copy(
        update={
            "missed": tuple(problems),
            "report_only": threshold.report_only,
            "limit": threshold.floor if threshold.floor is not None else threshold.ceiling,
            "before": before.value if before else None,
        }
    )


def _absolute(figure: Figure, threshold: Threshold) -> list[str]:
    if figure.value is None:
        return [f"is not defined for any of {figure.of} cases"]
    problems = []
    if figure.n < threshold.min_n:
        problems.append(f"stands on {figure.n} cases, {threshold.min_n} are needed")
    if threshold.floor is not None and figure.value < threshold.floor:
        problems.append(f"{figure.value:.3f} is below the floor of {threshold.floor:g}")
    if threshold.ceiling is not None and figure.value > threshold.ceiling:
        problems.append(f"{figure.value:.3f} is above the ceiling of {threshold.ceiling:g}")
    return problems


def _fallen(
    figure: Figure,
    now: Mapping[str, float | None],
    before: Mapping[str, float | None],
    threshold: Threshold,
) -> list[str]:
    if not before:
        return []
    shared = len(set(now) & set(before))
    if shared < KNOWN_CASES * len(before):
        return [
            f"has {shared} of the baseline's {len(before)} cases: they cannot be compared. "
            "Renew the baseline with: python -m eval.baseline REPORT"
        ]
    difference = stats.paired(now, before)
    if difference is None:
        return []
    higher = figure.better == "higher"
    fall = -difference.mean if higher else difference.mean
    surely = difference.high < 0 if higher else difference.low > 0
    if surely and fall > threshold.max_drop:
        return [
            f"is {fall:.3f} worse than the baseline "
            f"[{difference.low:+.3f}, {difference.high:+.3f}], over {difference.n} cases"
        ]
    return []


def _unmeasured(pattern: str, threshold: Threshold) -> Figure:
    return Figure(
        name=pattern,
        title=pattern,
        better="higher",
        value=None,
        low=None,
        high=None,
        n=0,
        of=0,
        report_only=threshold.report_only,
        missed=("was not measured",),
        limit=threshold.floor if threshold.floor is not None else threshold.ceiling,
    )

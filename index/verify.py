"""Prove that a built artefact can be used; run as a process of its own.

    python -m index.verify FOLDER

Chroma's `count()` is no sign of health: it may claim vectors that no query reaches.
So every row must be reached, each row must find itself, and every banked question must
lead to its own passage. In a child process, because damaged files can crash Chroma.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from index.content import NOWHERE
from index.errors import GuideError, IndexDamaged
from index.store import Store

TIMEOUT_S = 600
REFUSED = "index.verify: "
"""How the last line of a child begins that has found something itself."""

SAME = 1e-3
"""Two vectors count as the same direction within this cosine distance."""


def verify(folder: Path) -> None:
    """Check an artefact in this process.

    Raises:
        IndexDamaged: with what was found wrong.
    """
    with Store(folder) as store:
        total = len(store.rows)
        reached = store.nearest(store.vectors[:1], total)[0]
        if sorted(reached) != list(range(total)):
            raise IndexDamaged(f"queries reach {len(set(reached))} of {total} vectors")
        for n, (first, *_) in enumerate(store.nearest(store.vectors, 1)):
            similarity = float(store.vectors[first] @ store.vectors[n])
            if first != n and similarity < 1 - SAME:
                raise IndexDamaged(f"vector {n} does not find itself")
        for n, row in enumerate(store.rows):
            if row.kind != "question":
                continue
            best = int(np.argmax(store.similarities(store.vectors[n : n + 1])))
            if store.rows[best].passage != row.passage:
                passage, other = store.passages[row.passage], store.rows[best].passage
                there = "as unanswered" if other == NOWHERE else f"for {store.passages[other].id}"
                raise GuideError(
                    f"The question '{passage.questions[row.number]}' is banked for "
                    f"{passage.id} and {there}; keep it in one place."
                )


def verify_in_child(folder: Path) -> None:
    """Check an artefact in a child process, so that a crash there is only a failed check."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "index.verify", str(folder)],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise IndexDamaged(f"the check of it took longer than {TIMEOUT_S} seconds") from None
    lines = child.stderr.strip().splitlines() or [f"signal {-child.returncode}"]
    # Python exits with a GuideError's code for any error; only ours has our prefix.
    if child.returncode == GuideError.exit_code and lines[-1].startswith(REFUSED):
        raise GuideError(lines[-1].removeprefix(REFUSED))
    if child.returncode != 0:
        raise IndexDamaged(f"the check of it failed: {lines[-1].removeprefix(REFUSED)}")


if __name__ == "__main__":
    try:
        verify(Path(sys.argv[1]))
    except GuideError as error:
        print(f"{REFUSED}{error}", file=sys.stderr)
        sys.exit(error.exit_code)

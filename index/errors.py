"""What can go wrong below the answer chain. Knows no library's own errors.

GuideError            anything this project raises on purpose; carries an exit code
├── CorpusError       a corpus page is malformed; names file and line
├── IndexMissing      there is no index yet
├── IndexStale        the index was built from another corpus or by other software
├── IndexDamaged      a file of the index is not what its manifest says
├── BuildBusy         another process is building right now
└── ModelUnavailable  the embedding model is not there or not the right one

Every message is one sentence that ends with what to do. A refusal to answer is not
an error; it is an Answer.
"""

from __future__ import annotations

from pathlib import Path

REBUILD = "glute-guide index build"


class GuideError(Exception):
    """Base of everything raised on purpose. `exit_code` is what the command line returns."""

    exit_code = 1


class CorpusError(GuideError):
    """A corpus page, or an address given for one, cannot be used as it is."""

    exit_code = 3

    def __init__(self, path: Path | str, line: int | None, problem: str) -> None:
        self.path = path
        self.line = line
        self.problem = problem
        where = f"{path}:{line}" if line is not None else str(path)
        super().__init__(f"{where}: {problem}")


class IndexMissing(GuideError):
    """No index has been built in this home folder."""

    exit_code = 3

    def __init__(self, home: Path) -> None:
        super().__init__(f"There is no index in {home}. Build it with: {REBUILD}")


class IndexStale(GuideError):
    """The index does not belong to the corpus, the model or the software at hand."""

    exit_code = 3

    def __init__(self, reason: str) -> None:
        super().__init__(f"The index is out of date: {reason}. Rebuild it with: {REBUILD}")


class IndexDamaged(GuideError):
    """The index on disk is not the one that was built."""

    exit_code = 4

    def __init__(self, reason: str) -> None:
        super().__init__(f"The index is damaged: {reason}. Rebuild it with: {REBUILD}")


class BuildBusy(GuideError):
    """Two builds must not run in one home folder."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"Another process is building an index in {home}. Wait for it, then try again."
        )


class ModelUnavailable(GuideError):
    """The embedding model cannot be loaded."""

    exit_code = 3

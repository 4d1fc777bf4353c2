"""The settings of the doors, read in this one place. Knows nothing of the index."""

from __future__ import annotations

from functools import cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.config import Names


class AppSettings(BaseSettings):
    """What an operator may set. Environment variables carry the prefix `GLUTE_GUIDE_`."""

    model_config = SettingsConfigDict(env_prefix="GLUTE_GUIDE_", env_ignore_empty=True, frozen=True)

    allowed_sites: Names = ()
    """Origins that may embed the widget, `https://gym.example`; none: no site may."""
    hosts: Names = ()
    """Host names under which the server is reached; needed beyond this machine."""
    proxies: Names = ()
    """Addresses of reverse proxies whose `X-Forwarded-*` headers are believed."""
    rate: str = "120/minute"
    """What one address may ask of the API; a gym's visitors may share one."""
    country: str = Field(default="", pattern=r"^([A-Za-z]{2})?$")
    """Two letters, `US`: whose emergency number stands first; none: the common ones."""
    feedback: bool = False
    """Count thumbs and questions that the corpus does not hold."""
    feedback_days: int = Field(default=90, ge=1)
    """How long a counted item is kept."""
    model: str | None = None
    """A LangChain chat model that rewords, `ollama:qwen3:4b`; none: extracts only."""
    model_rate: str = "1000/day"
    """How often visitors may make that model work; beyond it answers quote."""


@cache
def app_settings() -> AppSettings:
    """The settings of this process."""
    return AppSettings()

"""The settings of the eval layer, read in this one place."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict


class EvalSettings(BaseSettings):
    """Environment variables carry the prefix `GLUTE_GUIDE_`."""

    model_config = SettingsConfigDict(env_prefix="GLUTE_GUIDE_", frozen=True)

    judge: str | None = None
    """A LangChain model name, `openai:gpt-5` say; judges beside the local judge."""

"""Any chat model that LangChain knows by name: opened, and asked once within a time limit.

    open_model ─ a model, or the command that installs what is missing
    reply_of   ─ one streamed call; its connection is closed when time or patience is up

Knows nothing of prompts and replies, and keeps neither: LangSmith's tracing is off here,
whatever the environment says.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from index.errors import GuideError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

LONGEST_S = 30.0
"""How long a model may take for all of its reply."""

MOST_CHARACTERS = 8_000
"""A reply that runs on beyond this is cut off and not used."""


_PACKAGED = frozenset("anthropic google_genai groq mistralai ollama openai".split())
"""Providers whose package is `langchain-` and their name."""


class LanguageModelUnavailable(GuideError):
    """The language model that was asked for by name cannot be opened."""


def open_model(
    name: str, setting: str = "GLUTE_GUIDE_MODEL", max_retries: int = 0
) -> BaseChatModel:
    """Open a model, at temperature 0.

    Keys come from the environment, where each provider's package looks for its own.

    Args:
        name: `ollama:qwen3:4b`, `openai:gpt-5`.
        setting: What named the model, for the message.
        max_retries: How often the provider's package may call again.

    Raises:
        LanguageModelUnavailable: naming the command that installs what is missing.
    """
    from importlib import import_module

    try:
        init: Callable[..., Any] = import_module("langchain.chat_models").init_chat_model
        model: BaseChatModel = init(name, temperature=0, timeout=LONGEST_S, max_retries=max_retries)
    except ImportError as error:
        raise LanguageModelUnavailable(
            f"{setting} {name} needs a package that is not installed. "
            f"Install it with: pip install {_missing(name, error)}"
        ) from error
    except Exception as error:
        problem = str(error).strip().partition("\n")[0] or type(error).__name__
        raise LanguageModelUnavailable(f"{setting} {name} cannot be opened: {problem}") from error
    return model


def _missing(name: str, error: ImportError) -> str:
    """The packages to install: those LangChain names, or the module that was not found."""
    if named := re.search(r"pip install (?:-U )?([\w-]+)", str(error)):
        return named[1]
    package = (error.name or "langchain").partition(".")[0].replace("_", "-")
    provider = name.partition(":")[0]
    if package == "langchain" and provider in _PACKAGED:
        return f"langchain langchain-{provider.replace('_', '-')}"
    return package


def reply_of(
    model: BaseChatModel, messages: Sequence[BaseMessage], longest_s: float = LONGEST_S
) -> str:
    """The text of the whole reply to one call.

    The call runs in a thread with an event loop of its own: cancelling a stream there
    closes the provider's connection, and one that cannot be cancelled holds up nobody.

    Raises:
        TimeoutError: when time is up.
        Exception: whatever the provider's package raises, and ValueError for a reply
            without an end.
    """
    said: Future[str] = Future()

    async def listen() -> None:
        try:
            async with asyncio.timeout(longest_s):
                said.set_result(await _streamed(model, messages))
        except Exception as error:  # noqa: BLE001  # handed to whoever waits
            said.set_exception(error)

    threading.Thread(
        target=lambda: asyncio.run(listen()), name="language-model", daemon=True
    ).start()
    return said.result(longest_s)


async def _streamed(model: BaseChatModel, messages: Sequence[BaseMessage]) -> str:
    from langsmith import tracing_context

    reply = ""
    with tracing_context(enabled=False):
        async for chunk in model.astream(list(messages)):
            reply += str(chunk.text)
            if len(reply) > MOST_CHARACTERS:
                raise ValueError("the reply does not end")
    return reply

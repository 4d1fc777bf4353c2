"""What OpenAI's chat completions look like, as far as a chat front end needs them.

Fields that steer a language model (`temperature`, `tools` and the like) are taken and have
no effect: answers come from the corpus. Knows nothing of routes.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.answer import Ask, Turn
from app.answer.schema import Citation, Safety, Status
from app.api_models import MOST_CHARACTERS

MODEL = "glute-guide"
MOST_MESSAGES = 200


class Part(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(strict=True)

    type: str = Field(max_length=100)
    text: str = Field(default="", max_length=MOST_CHARACTERS)


class Message(BaseModel):
    """One message of the talk."""

    model_config = ConfigDict(strict=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = Field(default=None, max_length=MOST_CHARACTERS)

    @property
    def text(self) -> str:
        """What is said, as one text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class ChatBody(BaseModel):
    """A request for a completion."""

    model_config = ConfigDict(strict=True)

    messages: list[Message] = Field(min_length=1, max_length=MOST_MESSAGES)
    model: str = Field(default=MODEL, max_length=200)
    stream: bool = False
    n: Literal[1] = 1

    def ask(self) -> Ask:
        """The last question with the talk before it; an empty one if nobody has asked."""
        turns: list[Turn] = []
        for message in self.messages:
            if message.role == "user":
                turns.append(Turn(question=message.text))
            elif message.role == "assistant" and turns:
                turns[-1] = Turn(question=turns[-1].question, answer=message.text)
        if not turns:
            return Ask(question="")
        return Ask(question=turns[-1].question, history=tuple(turns[:-1]))


class Said(BaseModel):
    """The reply: the answer with its sources as footnotes."""

    role: Literal["assistant"] = "assistant"
    content: str


class Choice(BaseModel):
    """The one choice."""

    index: Literal[0] = 0
    message: Said
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class CompletionBody(BaseModel):
    """A completion; `citations`, `status` and `safety` are ours."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    status: Status
    safety: Safety
    citations: list[Citation]


class ModelBody(BaseModel):
    """One model."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int
    owned_by: str = MODEL


class ModelsBody(BaseModel):
    """The list of models."""

    object: Literal["list"] = "list"
    data: list[ModelBody]


def chunk(name: str, created: int, delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One piece of a streamed completion."""
    finish = more.pop("finish_reason", None)
    return {
        "id": name,
        "object": "chat.completion.chunk",
        "created": created,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        **more,
    }

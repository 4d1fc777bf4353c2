"""A question in, an answer with its sources or an honest refusal out.

`from app.answer import Answer, open_chain` is all a door needs. Importing it loads
neither Chroma nor torch nor a user interface.
"""

from app.answer.chain import GuideChain, open_chain
from app.answer.live import LiveChain, current_chain
from app.answer.schema import Answer, Ask, Citation, Sentence, Turn

__all__ = [
    "Answer",
    "Ask",
    "Citation",
    "GuideChain",
    "LiveChain",
    "Sentence",
    "Turn",
    "current_chain",
    "open_chain",
]

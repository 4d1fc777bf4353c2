"""How a message is built: its opening taken off, and what it lacks to stand alone.

"ok thanks, and the medius though?" is the fragment "the medius"; "does it help?" is a
clause with a pronoun; "how do I breathe in a hip thrust?" is whole. Reads only the message:
knows nothing of what was said before and nothing of any corpus.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from app.answer.context_grammar import (
    QUESTION_WORD,
    bare,
    is_clause,
    is_order,
    plain,
    sentences,
)
from app.answer.context_subjects import mentions
from index.words import content_words

Form = Literal["whole", "clause", "pronoun", "asking", "fragment"]
"""whole: says all of its own. clause: says little. pronoun: points back. asking: "why?"."""

WHOLE = 4
"""A clause without a pronoun that has so many words of content stands alone."""

LONG = 5
"""So many words of content stand alone without a verb too."""

AT_HOME = 5
"""In a message of so many words of content, a pronoun after a subject stands for that one."""

_FILLER = (
    r"(?:ok(?:ay)?|k+|alright|all right|right|cool|great|nice|perfect|awesome|super|good|fine"
    r"|lovely|sweet|brilliant|(?:many )?thanks?(?: you)?(?: so much| very much| a lot)?"
    r"(?: for (?:that|this))?|thx|ty|cheers|ta|got it|gotcha|i see|(?:that )?makes sense"
    r"|interesting|(?:that is )?good to know|h+m+|oh+|ah+|aha|ha+|wow|gosh|fair(?: enough)?|pity"
    r"|too bad"
    r"|shame|sorry|apologies|wait|hang on|hold on|actually|well|lol|haha|noted|weird|sure|yes|yeah"
    r"|yep|no|nope|nah|um+|uh+|erm?|understood|damn|please|hey|hi|hello|dear|love|man|mate|bro"
    r"|dude|nvm|never mind|odd|strange|crazy|huh|bet|legend|also|plus|btw|by the way|and|so|but"
    r"|then|now|or|tell me|(?:just )?curious|one more|(?:a |one |another |one more "
    r"|one last )?(?:quick"
    r" |last |next |more |follow-?up )?(?:thing|question|matter|one))"
)
_OPENING = re.compile(rf"{_FILLER}(?:[\s,]+{_FILLER})*\s*[,.:;!?…–—-]+\s*(?=\w)", re.IGNORECASE)
_NOTHING = re.compile(rf"{_FILLER}(?:[\s,.!]+{_FILLER})*", re.IGNORECASE)
_SOFT = re.compile(
    r"(?:and|so|but|then|now|also|plus|or|ok(?:ay)?|kk|cool|great|well|oh|um+|h+m+|cause|yeah|yes"
    r"|nah|nice|thanks|thx|wait|sorry|actually|gosh|wow|lol|haha|bet|(?:what|how) about"
    r"|what of|(?:the )?same (?:question )?(?:for|with))\s+(?=\w)",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,]+(?:then|tho(?:ugh)?|too|as well|also|please|pls|plz|thanks|thx|again|exactly"
    r"|by the way|btw|mate|bro|dude|man|lol|haha+|instead|anyway|now|next|specifically|i mean"
    r"|i meant|huh|may i ask|if i may ask|or what|or something|in particular|(?:is|are|does|do"
    r"|was|would|should)n't (?:it|they|that|I)|right|correct|or nah)$",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"(?:.*[\s,.!-])?(?:(?<!am )i (?:mean|meant)|i(?: am|'m| was) (?:asking|talking) about"
    r"|make that"
    r"|(?<=sorry )meant|(?<=sorry, )meant)(?:\s+(?:about|to ask(?: about)?"
    r"|to say))?[\s:,]+(?P<rest>.+)",
    re.IGNORECASE,
)
_SWITCH = re.compile(
    r"(?:(?:on )?(?:an? )?(?:(?:totally|completely|very) )?(?:different|new|other|another|separate"
    r"|unrelated) (?:question|thing|topic|subject|note)|(?:chang(?:e|ing) (?:of )?(?:the )?"
    r"(?:subject|topic))|something else|moving on)\s*[,.:;!–—-]+\s*(?=\w)",
    re.IGNORECASE,
)
_RETURN = re.compile(
    r"(?:.{0,20}\b)?(?:back to|return(?:ing)? to)\s+(?P<topic>[\w' -]{2,50}?)"
    r"(?:\s+(?:again|for a (?:sec|second|moment|minute)|a sec|then))?"
    r"\s*(?:[,.:;!?–—]+|\s-\s|$)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_SHORT_FORMS = {
    "y": "why", "secs": "seconds", "sec": "second", "mins": "minutes", "wks": "weeks",
    "whats": "what is", "hows": "how is", "wheres": "where is", "whos": "who is",
    "whys": "why is", "abt": "about", "wat": "what", "wut": "what", "hw": "how", "u": "you",
    "diff": "difference", "bc": "because", "rly": "really", "ppl": "people", "w": "with",
    "im": "I am", "ive": "I have",
}  # fmt: skip
_SHORT_FORM = re.compile(rf"\b(?:{'|'.join(_SHORT_FORMS)})\b(?!['’])", re.IGNORECASE)
_EMPTY_IT = r"\bit\b(?=\s+(?:\w+\s+){1,3}?(?:to|that|if|when)\b)"
_NOUN = (
    r"(?:\d+ )?(?:stud(?:y|ies)|trials?|tests?|research|people|persons?|groups?|exercises?"
    r"|lifts?|moves?|muscles?"
    r"|positions?|angles?|points?|ways?|ages?|times?|cases?|parts?|bits?|weights?|injury|problems?"
    r"|things?|tendons?|joints?|kinds?|sorts?|types?|amounts?|numbers?|weeks?|days?|months?"
    r"|years?)\b"
)
"""What "that" and "those" stand before when they are no pronouns, as far as a list can tell."""
PRONOUN = re.compile(
    rf"(?!{_EMPTY_IT})\b(?:(?P<owned>its|theirs?)\b(?=\s+\w)|(?P<other>the other(?: ones?)?)\b|"
    r"(?P<many>they|them|both)\b|(?P<one>it)\b|(?P<person>he|she|him|her|his)\b"
    r"|(?<!really )(?<!true )(?<!sure )(?<!know )(?<!read )(?<!heard )(?<!say )(?<!says )"
    r"(?<!said )(?<!mean )"
    rf"(?P<this>this|that|these|those)\b(?: ones?\b)?(?!\s+{_NOUN}))",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(rf"\b(?:that|this|those|these)\s+{_NOUN}", re.IGNORECASE)
_INDIRECT = re.compile(
    r"(?:(?:does|do|did) (?:that|this|it) mean(?: that)?|is it true(?: that)?|you mean(?: that)?"
    r"|I (?:have )?(?:read|heard)(?: that)?)\s+(?=\w+ \w)",
    re.IGNORECASE,
)
_BARE_QUESTION = re.compile(
    rf"(?:(?:for|by|in|since|until|says|to|from|at) )?(?:{QUESTION_WORD})\b"
    r"(?: (?:come|long|much|many|more|less|often|far|high|heavy|wide|deep|fast|soon|hard|strong"
    r"|big|low"
    r"|close|one|ones|most|best|exactly|so|for|again|apart|bad|is better)\b)*(?P<more>.*)",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(r"[,.;:?!]|\b(?:and|but|or|if|when|so|because|while)\b", re.IGNORECASE)
_ASKS_WITHIN = re.compile(rf"\b{QUESTION_WORD}\b", re.IGNORECASE)
_AGAIN = re.compile(r"(?:really|seriously|are you sure|you sure|is (?:that|it) true)\b", re.I)
_AGE = re.compile(
    r"\b(?:(?:I|she|he) (?:am|is)|I'm|she's|he's|aged?|at|over|for a)\s+(?P<years>[1-9]\d)"
    r"(?=\s*(?:$|[?.,]|years?|yrs?|yo\b|year-old|now|and|is|so|can|should))",
    re.IGNORECASE,
)
_GROWN, _OLD = 18, 55


@dataclass(frozen=True)
class Message:
    """A message without its opening and its tail."""

    core: str
    form: Form
    switches: bool = False
    """It says that it leaves the subject behind."""
    returns_to: str | None = None
    """The subject that it says it goes back to."""
    people: str = ""
    """Whom it is about, as far as it tells an age."""


def says_nothing(text: str) -> bool:
    """Whether it is only thanks and fillers: "cool ta", "ok got it"."""
    return bool(_NOTHING.fullmatch(bare(text)))


def read(text: str) -> Message:
    """Take a message apart; any text gives a message, its core empty only if the text has no word.

    Args:
        text: One line, cleaned.
    """
    rest = plain(_SHORT_FORM.sub(lambda found: _SHORT_FORMS[found[0].lower()], text)).strip()
    if found := _CORRECTION.fullmatch(rest):
        rest = found["rest"]
    rest = _opened(rest)
    switches = False
    if found := _SWITCH.match(rest):
        switches, rest = True, _opened(rest[found.end() :])
    topic = None
    if found := _RETURN.fullmatch(rest):
        topic, rest = found["topic"], _opened(found["rest"]) or found["topic"]
    said = [part for part in sentences(rest) if not says_nothing(part)]
    core = _without_tail(bare(" ".join(said))) or bare(text)
    found_before = _INDIRECT.match(core)
    core = core[found_before.end() :] if found_before else core
    return Message(core, form_of(core), switches, topic, _people(core))


def form_of(core: str) -> Form:
    """What a message without its opening lacks."""
    asking = _BARE_QUESTION.fullmatch(core)
    if _AGAIN.fullmatch(core) or (asking and not asking["more"].strip()):
        return "asking"
    pronoun = PRONOUN.search(core) or _POINTS_BACK.search(core)
    content = len(content_words(core))
    clause = is_clause(core) or is_order(core)
    if not clause and content < (WHOLE if _ASKS_WITHIN.search(core) else LONG):
        return "fragment"
    if pronoun and not (clause and _at_home(core[: pronoun.start()], content)):
        return "pronoun"
    return "whole" if content >= WHOLE else "clause"


def _at_home(before: str, content: int) -> bool:
    """Whether a pronoun stands for what the message itself names before it."""
    named = mentions(before)
    return bool(named) and (content >= AT_HOME or bool(_BOUNDARY.search(before[named[-1].end :])))


def _people(core: str) -> str:
    """ "I'm 70" is about older people, of whom a source speaks; "" if nobody's age is told."""
    found = _AGE.search(core)
    years = int(found["years"]) if found else _GROWN
    return "older people" if years >= _OLD else "teenagers" if years < _GROWN else ""


def _opened(text: str) -> str:
    """Without "ok thanks, and" before it."""
    for _ in range(6):
        found = _OPENING.match(text) or _SOFT.match(text)
        if not found:
            break
        text = text[found.end() :].strip()
    return text


def _without_tail(text: str) -> str:
    """Without "then", "though", "as well" after it."""
    while (shorter := _TAIL.sub("", text)) != text and shorter.strip():
        text = shorter
    return text

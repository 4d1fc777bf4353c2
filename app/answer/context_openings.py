"""How a message opens: "ok thanks, ...", "no, I meant ...", "back to the feet: ...".

Takes the opening off and says what it was for. Knows nothing of subjects.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.answer.context_grammar import bare, is_clause, sentences

_NOISE = (
    r"(?:ok(?:ay)?|k|alright|all right|right|cool|great|nice|perfect|awesome|super|good|fine|lovely"
    r"|(?:many )?thanks?(?: you)?(?: so much| very much| a lot)?(?: for (?:that|this))?|thx|ty"
    r"|cheers"
    r"|ta|got it|gotcha|i see|makes sense|that makes sense|interesting|good to know|h+m+|oh+|ah+"
    r"|aha"
    r"|wow|fair enough|pity|too bad|shame|sorry|wait|hang on|hold on|hold up|actually|well|lol|haha"
    r"|legend|champ|star|brilliant|noted|fair|weird|sure|yes|yeah|yep|no|nope|nah|um+|uh+|erm?"
    r"|one more(?: thing| question)?|last one|just"
    r"|one last (?:thing|question)|(?:a )?(?:quick|follow-?up|last|next) (?:question|one|thing)"
    r"|also|plus|btw|by the way|understood|damn|whatever|please|hey|and|so|but|then|now|or|because"
    r"|(?:now )?tell me|any idea|do you know|remind me|dear|my dear|love|man|mate|bro|dude|legend"
    r"|kk|uh-huh|mhm|phew|nvm|hi|hello|i understand|understood|that (?:is|was) (?:good|helpful)"
    r"|good to hear|very (?:good|nice|interesting)|how (?:odd|strange|interesting)|odd|strange"
    r"|crazy)"
)
_NOISE_STOPPED = re.compile(
    rf"(?:{_NOISE}(?:\s+{_NOISE})*)\s*[,.:;!?…–—-]+\s*(?=\w)", re.IGNORECASE
)
_NOTHING = re.compile(rf"{_NOISE}(?:[\s,.!]+{_NOISE})*", re.IGNORECASE)
_SOFT = re.compile(
    r"(?:and|so|but|then|now|also|plus|ok(?:ay)?|well|oh|um+|h+m+|cause|cuz|coz|yeah"
    r"|thanks)\s+(?=\w)",
    re.IGNORECASE,
)
_SWITCH = re.compile(
    r"(?:(?:(?:a|an|one|on a|on an|to a)\s+)?(?:(?:totally|completely|entirely|quite|very)\s+)?"
    r"(?:different|new|other|another|separate|unrelated|side)\s+(?:question|thing|topic|subject"
    r"|note|matter|one|story)(?:\s+(?:now|then|though|entirely))?"
    r"|chang(?:e|ing)\s+(?:of\s+)?(?:the\s+)?(?:subject|topic|tack)|something else(?: entirely)?"
    r"|(?:let's\s+)?forget\s+(?:about\s+)?(?:the\s+|my\s+)?(?P<forgotten>[\w-]+)(?:\s[\w-]+)?"
    r"|never\s?mind(?:\s[\w-]+){0,3}|leaving that aside|moving on"
    r"|let's move on)\s*[,.:;!–—-]+\s*(?=\w)",
    re.IGNORECASE,
)
_RETURN = re.compile(
    r"(?:(?:let's|can we|could we|i want to|i'd like to)\s+)?(?:(?:(?:go|going|come|coming|get"
    r"|getting"
    r"|circling|jump|jumping)\s+)?back\s+(?:to|on)|return(?:ing)?\s+to|as for|regarding|concerning"
    r"|again,? about|once more on|about|on)\s+"
    r"(?P<topic>(?:(?:the|my|your|those|that|these|this)\s+)?[\w' -]{2,50}?)"
    r"(?:\s+(?:again|for a (?:sec|second|moment|minute)|please|then|question))?"
    r"\s*(?:[,.:;!?–—]|\s-)\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"(?:(?:no|nope|nah|sorry|wait|not (?:that|quite|really|what i meant)|actually|oops|oh|well"
    r"|but)"
    r"[\s,.!-]+)*(?:(?:what\s+)?i\s+(?:mean|meant|was asking|was talking|am talking|am asking"
    r"|was thinking)(?:\s+(?:is|was)(?!\s+(?:it|that|this|the)\b))?(?:\s+(?:about|of|to"
    r" ask(?: about)?|to say))?"
    r"|i'm (?:asking|talking)(?: about)?|make that|correction)(?:[\s:,]+(?P<rest>.+))",
    re.IGNORECASE,
)
_SHORT_FORMS = {
    "y": "why", "secs": "seconds", "sec": "second", "mins": "minutes", "wks": "weeks",
    "whats": "what is", "hows": "how is", "wheres": "where is", "whos": "who is",
    "1st": "first", "2nd": "second", "3rd": "third", "abt": "about", "wat": "what", "wut": "what",
    "hw": "how", "u": "you", "diff": "difference", "bc": "because", "rly": "really",
}  # fmt: skip
_SHORT_FORM = re.compile(rf"\b(?:{'|'.join(_SHORT_FORMS)})\b(?!')", re.IGNORECASE)
_MIDWAY = re.compile(
    r"\S.*?[\s,.–-]+(?:(?:no|oh|oops|sorry|wait|actually|scratch that)[\s,.–-]+)+"
    r"(?:i (?:mean|meant)|make that|rather)\s+(?P<rest>\S.+)",
    re.IGNORECASE,
)
_PLAIN_NO = re.compile(
    r"(?:no|nope|nah|sorry|oops)[\s,.!-]+(?:(?:the|my)\s+)?(?P<rest>.+)", re.IGNORECASE
)
_SAME_FOR = re.compile(
    r"(?:(?:what|how)\s+(?:about|abt)|what of|(?:and\s+)?how (?:is|does) (?:that|it|this) (?:for"
    r"|with|in)"
    r"|(?:(?:is|would|are) (?:it|that|this|they) (?:be )?)?(?:also )?(?:the )?same (?:thing )?"
    r"(?:for|with|in|on|goes for|as)|(?:does|do|would|will) (?:the same(?: thing| rule)?|that"
    r"|this|it|they)"
    r" (?:also )?(?:apply|go|hold|count)(?: (?:to|for|with|in))?"
    r"|is (?:that|it|this) (?:also )?(?:true|different|valid) (?:for|with|in)|or)\s+(?P<rest>.+)",
    re.IGNORECASE,
)
_FILLER_TAIL = re.compile(
    r"[\s,]+(?:tho(?:ugh)?|lol|haha+|lmao|man|mate|bro|dude|dear|my dear|pls|plz|please|thx|thanks"
    r"|ta|weird|specifically|in particular|btw|by the way|i wonder|i mean|innit|eh|huh|anyways?"
    r"|exactly|(?:is|are) (?:what|how)|ok or no(?:t)?|yes or no|i said|if i may ask|for a"
    r" (?:sec|second|moment)|or what|or something|again)$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,]+(?:next|now|i mean|i meant|then|though|too|as well|also|please|pls|thanks|again"
    r"|exactly|by the way|btw|mate|bro"
    r"|even|anyway|instead)\s*(?=[?!.]*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Opened:
    """A message without its opening."""

    rest: str
    switch: bool = False
    topic: str | None = None
    corrects: bool = False
    same_for: bool = False
    stripped: bool = False
    forgotten: str | None = None


def spelled_out(text: str) -> str:
    """Short forms that the repair of typos would take for something else: "y", "secs"."""
    return _SHORT_FORM.sub(lambda found: _SHORT_FORMS[found[0].lower()], text)


def put_right(text: str) -> str:
    """What counts of a message that corrects itself: "half what, sorry, I meant how long"."""
    found = _MIDWAY.fullmatch(text.strip())
    return found["rest"] if found else text


def trimmed(text: str) -> str:
    """Without the fillers at its end and the sentences that say nothing: "why tho lol"."""
    said = [part for part in sentences(text) if not says_nothing(part)]
    shorter = " ".join(said) if said and len(said) < len(sentences(text)) else text
    mark = "?" if shorter.rstrip().endswith("?") else ""
    while (cut := _FILLER_TAIL.sub("", shorter.rstrip(" ?!.,"))) != shorter.rstrip(" ?!.,"):
        shorter = cut + mark
    return shorter if bare(shorter) else text


def opened(text: str) -> Opened:
    """Take off thanks and fillers, then find out what the message wants to do."""
    rest, switch, forgotten = text.strip(), False, None
    if found := _CORRECTION.fullmatch(rest):
        return Opened(found["rest"].strip(), corrects=True, stripped=True)
    for _ in range(6):
        if found := _SWITCH.match(rest):
            forgotten = found["forgotten"]
            switch = forgotten is None
        else:
            found = _NOISE_STOPPED.match(rest) or _SOFT.match(rest)
        if not found:
            break
        rest = rest[found.end() :].strip()
    stripped = rest != text.strip()
    if found := _CORRECTION.fullmatch(rest):
        return Opened(found["rest"].strip(), corrects=True, stripped=True)
    if (no := _PLAIN_NO.fullmatch(text.strip())) and not is_clause(bare(no["rest"])):
        return Opened(no["rest"].strip(), corrects=True, stripped=True)
    if (found := _RETURN.fullmatch(rest)) and _is_return(found):
        return Opened(found["rest"].strip(), topic=found["topic"].strip(), stripped=True)
    if found := _SAME_FOR.fullmatch(rest):
        return Opened(found["rest"].strip(), same_for=True, stripped=True)
    return Opened(rest, switch, stripped=stripped, forgotten=forgotten)


def _is_return(found: re.Match[str]) -> bool:
    """Whether "about the feet, ..." goes back to something rather than begins a sentence."""
    return "back" in found[0][:30].lower() or is_clause(found["rest"])


def says_nothing(text: str) -> bool:
    """Whether it is only thanks and fillers: "cool ta", "ok got it"."""
    return bool(_NOTHING.fullmatch(bare(text)))


def without_tail(text: str) -> str:
    """Without "then", "though", "as well" at its end."""
    while (shorter := _TAIL.sub("", text)) != text:
        text = shorter
    return text

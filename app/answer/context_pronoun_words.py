"""The words by which pronouns and what stands around them are known.

Only tables; the logic is in `context_pronouns`.
"""

from __future__ import annotations

import re

EMPTY_IT = re.compile(
    r"\b(?:is|was|isn't|wasn't|would|be)\s+it\s+(?:(?!is\b)[\w-]+\s+){1,4}?(?:to|that|if|when"
    r"|whether)\b"
    r"|\bit\s+(?:is|was|would be|takes?|took)\s+(?:[\w-]+\s+){1,3}?(?:to|that|if|when|for|before)\b"
    r"|\bworth it\b|\b(?:does|do|will|would|did|can)\s+it\s+(?:take|matter|hurt|help|mean"
    r"|make (?:a|any) difference)"
    r"\s+(?:(?:[\w-]+\s+){0,3})?(?:to|if|when|whether|how|which|where|that|until|till|before)\b"
    r"|\b(?:could|can|might|may)\s+it\s+be\b"
    r"|\b(?:has|was|is)\s+it\s+(?:ever\s+)?(?:been\s+)?(?:ever\s+)?(?:studied|tested|shown|proven"
    r"|known|measured)\s+(?:whether|if|how|that|what|why)\b"
    r"|\bit\s+(?:hurts|matters)\s+(?:if|when|where|how)\b|\bfeel(?:ing)? it\b|\bhow is it going\b",
    re.IGNORECASE,
)
WITH_ITS_VERB = "\0"
"""Marks a stand-in that takes the place of "do that" as a whole."""
DURING = re.compile(r"\b(?:before|during|after|doing|in)\s+$", re.IGNORECASE)
KNOWING = re.compile(r"\bknow(?: if| that)?\s+$", re.IGNORECASE)
BEFALLS = re.compile(r"\b(?:prevent|cause|avoid|fix|stop|happen)s?\s+$", re.IGNORECASE)
BEING = re.compile(r"\b(?:is|was|has)\s+$", re.IGNORECASE)
SAID = re.compile(
    r"\s*(?:proven|proved|shown|tested|measured|studied|known|true|so|been|[?.]|$)", re.IGNORECASE
)
RESEARCHERS = re.compile(
    r"\s+(?:find|found|tests?|tested|measured?|compared?|conclude|studied)\b", re.I
)
OWN_CONTEXT = 7
"""A pronoun after so many words, in a clause of its own, speaks of those words."""
BOUNDARY = re.compile(
    r"[,.;:?!]|\b(?:if|when|because|but|and|or|while|so|since|although|though|once|after|before"
    r"|that"
    r"|until|unless|then)\b",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"\b(?P<poss>its|their)\b(?=\s+(?!own\b)[\w-])"
    r"|(?:(?<=\buse )|(?<=\bneed )|(?<=\bwant )|(?<=\bhave )|(?<=\btake )|(?<=\bget )"
    r"|(?<=\bwithout ))(?P<indefinite>one)\b(?=\s*(?:$|[?.,]|at all|anyway|instead|for|in|or))"
    r"|\b(?:the|that|those|this|these)\s+(?P<other>other)(?:\s+(?:ones?|muscles?|exercises?|two))?"
    r"(?=[\s?.,!]*$|\s+(?:do|does|is|are|works?|better|be)\b)"
    r"|\b(?P<both>both|the two|the pair|either(?: of (?:them|those|these|the two))?)\b"
    r"(?=[\s?.,!]*$|\s+(?:do|are|hit|work|train|the same|connected|related|equally|differ"
    r"|at once|really"
    r"|activate|grow|build|help|need|have|get|use)\b)"
    r"|\b(?:this|that|these|those|the|such)\s+(?P<noun>group|exercise|lift|move|movement|muscle"
    r"|muscles|exercises"
    r"|injury|condition|problem|thing|study|trial)s?\b(?!\s+(?:that|which|who|for|with|of|from"
    r"|in|on|[a-z]+ing|[a-z]+ed)\b)"
    r"|\b(?P<one>(?:this|that|which|of those|of these|of them) ones?|one of (?:those|these|them))\b"
    r"|\b(?P<they>they|them|these|those|theirs)\b"
    r"|\b(?P<it>it|this)\b(?!\s+(?:exercise|lift|muscle|move|way|week|time|year|morning|month|one))"
    r"|\b(?P<that>that)\b"
    r"|\b(?P<person>he|she|him|her|his|hers)\b",
    re.IGNORECASE,
)
AFTER_THAT = re.compile(
    r"\s*(?:$|[?.,!;:])|\s+(?:is|was|does|would|will|can|could|should|means?|matter|helps?|hurts?"
    r"|works?|happens?|good|bad|normal|safe|true|right|too|as well|then|important|enough|ok|okay"
    r"|the same|for|in|on|with|from|at|to|really|actually|makes?|though|proven|proved|shown|tested"
    r"|measured|supervised|known|affect|change|cause|prevent|also|ever|depend|get|go|apply|come"
    r"|take|feel|look|per|a|an|only|all|each|every|still|better|worse|more|less)\b",
    re.IGNORECASE,
)
"""What follows a "that" which is no "that muscle" and no "that which"."""
BEFORE_THAT = re.compile(
    r"(?:^|[,;:.]\s*|\b(?:is|are|was|does|do|did|doing|done|why|how|what|when|where|who|for"
    r"|about|like|of"
    r"|with|after|before|from|in|on|at|than|causes?|prevents?|changes?|avoid|would|could|should"
    r"|can|will"
    r"|if|because|and|but|so|to|fix|stop|help|helps|know|mean|means|say|says|said|use|all|even"
    r"|just|tell"
    r"|on top of|without|besides|during|into|by|get|have|has|had|need|try|feel|treat|train|doesn't"
    r"|isn't|see|against|makes?|check|measure|notice|correct|against|shows?|proves?|really)\s+)$",
    re.IGNORECASE,
)
PREPOSITION_BEFORE = re.compile(
    r"\b(?:in|during|before|after|for|with|without|into|on|from|of|doing|do|to|at)\s+$",
    re.IGNORECASE,
)
ADJECTIVE_AFTER = re.compile(
    r"\s*(?:is\s+|really\s+|so\s+|even\s+|actually\s+|still\s+|also\s+|always\s+|be\s+)*(?:bad"
    r"|good|normal|"
    r"safe|necessary|needed|important|ok|okay|fine|right|wrong|correct|dangerous|harmful|risky"
    r"|enough|"
    r"better|worse|worth it|a (?:good|bad) (?:idea|thing|sign)|a (?:must|problem|risk|mistake)"
    r"|possible|"
    r"recommended|mandatory|optional|useful|helpful|matter|help|hurt|work|make (?:a"
    r"|any) difference|healthy)"
    r"(?:\s+(?:at all|too|then|though|really|anyway|to know|for\b.*))?\s*[?.!]*$",
    re.IGNORECASE,
)
SIZED = {
    "biggest": "maximus", "largest": "maximus", "big": "maximus", "large": "maximus",
    "bigger": "maximus", "strongest": "maximus", "main": "maximus", "middle": "medius",
    "medium": "medius", "mid": "medius", "middle-sized": "medius", "medium-sized": "medius",
    "smallest": "minimus", "small": "minimus", "smaller": "minimus", "little": "minimus",
    "tiny": "minimus", "deepest": "minimus",
}  # fmt: skip
GLUTES = frozenset({"glutes", "maximus", "medius", "minimus"})
SIZE = re.compile(
    rf"\bthe\s+(?P<size>{'|'.join(SIZED)})(?:\s+(?:ones?|muscle|glute|glute muscle|of (?:them"
    rf"|the three)))?"
    r"(?=[\s?.,!]*$|\s+(?:do|does|is|work|sit|come|help)\b)",
    re.IGNORECASE,
)
PLACES = {"first": 0, "former": 0, "second": 1, "latter": -1, "third": 2, "last": -1}
PLACE = re.compile(
    r"\bthe\s+(?P<place>first|former|second|latter|third|last)(?:\s+ones?)?"
    r"(?=[\s?.,!]*$|\s+(?:do|does|is|work|better)\b)",
    re.IGNORECASE,
)
LAST_ONE = re.compile(
    r"\bthe\s+(?:last|third|other|remaining)(?:\s+(?:one|muscle))?(?=[\s?.,!]*$)", re.I
)
ONES = re.compile(r"\b(?P<adjective>[a-z-]+)\s+ones\b", re.IGNORECASE)
HERE = re.compile(r"\b(?P<up>(?:up|down)\s+)?(?:t?here)\b(?=[\s?.,!]*$|,)", re.IGNORECASE)

"""The words by which a fragment of a question is known: opposites, units, qualities.

Only tables; the logic is in `context_fragments`.
"""

from __future__ import annotations

import re

DETERMINER = r"(?:(?:the|my|your|a|an|his|her|their|our|just|only|both|all|those|these|say)\s+)"
LIGHT = re.compile(
    rf"{DETERMINER}|\b(?:and|or|about|what|how|as well|too|also|then|muscles?|bit|part|ones?|side"
    r"|exactly|position|placement|the same|instead|like|maybe|vs|versus|of|in|with)\b|[^\w\s]",
    re.IGNORECASE,
)
PREPOSITION = re.compile(
    r"(?:for|with|without|in|at|on|during|after|before|as|while|when|if|under|over|from|to|by|per"
    r"|apart from|besides|other than|except|only|compared (?:to|with)|versus|vs|against|like|even|"
    r"according to|using|including|because)\b",
    re.IGNORECASE,
)
OPPOSITES = [
    frozenset(group.split())
    for group in (
        "in out",
        "inhale exhale",
        "up down",
        "top bottom",
        "close closer near nearer far farther further",
        "inward outward inwards outwards in out",
        "heavy heavier light lighter",
        "more less fewer",
        "fast faster slow slower quick quickly slowly",
        "narrow narrower wide wider close apart",
        "high higher low lower",
        "upper lower",
        "before after",
        "weak weaker strong stronger",
        "front back rear",
        "internal external internally externally",
        "inner outer",
        "long longer short shorter",
        "bent straight",
        "big bigger small smaller biggest smallest",
        "tight loose",
        "least most",
        "best worst",
        "anterior posterior",
        "medial lateral",
        "abduction adduction",
        "flexion extension",
        "easy easier hard harder",
        "little much",
        "left right",
        "men women",
        "single-leg two-legged",
        "medially laterally",
        "start end",
        "increase decrease",
    )
]
ASKED_NOUN = re.compile(
    r"(?:(?:the|any|an?|its|their|some|what's the|what is the"
    r"|main)\s+)*(?P<noun>(?:main\s+)?(?:results?|"
    r"findings?|outcomes?|conclusions?|examples?|evidence|proof|source|sources|stud(?:y|ies)"
    r"|risks?|"
    r"dangers?|benefits?|advantages?|pros|cons|pros and cons|downsides?|drawbacks?|disadvantages?|"
    r"purpose|point|function|job|role|cause|causes|symptoms?|signs?|treatment|cure|fix|mistakes?|"
    r"common mistakes|alternatives?|variations?|tips|cues|steps|order|difference|differences|"
    r"side effects|location|size|participants|sample size|limits|limitations|names?|catch|goal))",
    re.IGNORECASE,
)
UNIT = {
    "second": "How long", "seconds": "How long", "minute": "How long", "minutes": "How long",
    "week": "How long", "weeks": "How long", "months": "How long", "days": "How long",
    "hours": "How long", "degrees": "At what angle", "kg": "How much weight",
    "kilos": "How much weight", "pounds": "How much weight", "percent": "How many percent",
    "percentage": "How many percent", "cm": "How far", "inches": "How far",
    "centimetres": "How far", "sets": "How many sets", "reps": "How many reps",
}  # fmt: skip
ACTION = re.compile(
    r"(?:holding|keep|keeping|pushing|squeezing|tuck|tucking|bend|bending|lifting|lower|raise"
    r"|raising|breathe|breathing in|tilting|stopping|use|using|add|adding|do|doing|go|going|turn"
    r"|turning"
    r"|point|pointing|look|lean|lock|train|skip|move|wear|try|take|make|put|drive|rotate"
    r"|(?:hold|push|squeeze|lift|brace|tilt|rest|stop|stretch|start|press|arch|round|stand|sit"
    r"|lie|walk"
    r"|run|work)(?= (?:my|the|your|it|a|at|in|on|up|down|with|for|still|out|back|off)\b))\b",
    re.IGNORECASE,
)
ATTRIBUTES = frozenset({"glute", "gluteal", "hamstring", "quad", "thigh", "thighs"})
LISTED = re.compile(r"\b(?:and|or|for|with|in|at|on|of|to|vs|versus|the|my)\b|,|&|\+", re.I)
ANATOMY = re.compile(r"\b(?:nerves?|origin|insertion|attach\w*|fib\w+|located|location)\b", re.I)
GOES_ON = re.compile(r"(?:in|out|up|down)$|(?:more|less|better|worse|[a-z]+er) than\b", re.I)
ASKS_ITSELF = re.compile(r"\b(?:why|where|when|how|how come|which|what|who)\b", re.I)
APPENDED = 6
"""Words of the longest fragment that goes to the end of the question before."""
SKILLS = frozenset({"jumping", "sprinting", "running", "jumps"})
ACTIVITIES = (
    "run lift train squat jump walk cycle swim thrust deadlift exercise sprint stretch".split()
)
WHEN = re.compile(
    r"\b(?:whole|all|every|always|each|only|time|times|set|rep|week|day|days|weeks|daily|contrary"
    r"|opposite|trimester|month|months)\b",
    re.IGNORECASE,
)
"""Words of when and how often: they are no subject."""
CONTRARY = re.compile(
    r"(?:the )?(?:contrary|opposite|reverse|other way(?: round| around)?)", re.IGNORECASE
)
FLIPPED = {
    "near": "far", "close": "far", "far": "close", "wide": "narrow", "narrow": "wide",
    "high": "low",
    "low": "high", "heavy": "light", "light": "heavy", "up": "down", "down": "up", "in": "out",
    "out": "in", "inward": "outward", "outward": "inward", "fast": "slow", "slow": "fast",
    "weak": "strong", "strong": "weak", "before": "after", "after": "before", "more": "less",
    "less": "more", "top": "bottom", "bottom": "top", "deep": "shallow", "short": "long",
}  # fmt: skip
SKILL = re.compile(r"jump(?:ing|s)?|sprint(?:ing|s)?|running|(?:sprint )?speed|kicking", re.I)
ATHLETIC = re.compile(
    r"\b(?:fast(?:er)?|speed|sprint\w*|jump\w*|run\w*|hops?|explosive\w*|power)\b", re.IGNORECASE
)
HEADS = ("ailment", "outcome", "form", "dose")
ADVERB = re.compile(
    r"^(?:(?:specifically|just|only|mainly|mostly|especially|particularly)\s+)+", re.I
)
QUALITY = re.compile(
    r"(?:(?:really|actually|even|still|that|so|very)\s+)*(?:safe|dangerous|bad|ok|okay|good"
    r"|necessary|normal"
    r"|important|worth it|enough|useful|harmful|risky|healthy|effective|mandatory|optional"
    r"|needed|a must"
    r"|recommended|possible|better|worse)(?:\s+(?:or not|at all))?",
    re.IGNORECASE,
)
MOMENT = re.compile(
    r"(?:at|on|in|during)\s+(?:the\s+)?(?:very\s+)?(?:top|bottom|end|start|way (?:up|down)"
    r"|lockout|finish|beginning)\b",
    re.I,
)
FIT: dict[str, tuple[str, ...]] = {
    "ailment": ("ailment", "outcome"),
    "outcome": ("outcome", "ailment"),
    "muscle": ("muscle",),
    "part": ("part", "muscle"),
    "form": ("form",),
}
"""Kinds that may stand in each other's place, the likelier first."""

JOINED = {"people": "for", "tool": "with"}

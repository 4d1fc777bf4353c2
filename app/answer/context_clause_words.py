"""The words by which a short question is known: "why?", "which one?", "says who?".

Only tables; the logic is in `context_clauses`.
"""

from __future__ import annotations

import re

AGAIN = re.compile(
    r"(?:really|seriously|are you sure(?: about (?:that|it|this))?|you sure|sure about that"
    r"|is (?:that|it|this) true"
    r"|is that (?:so|right|really so|really true)|for real|honestly"
    r"|how do you know(?: that)?|come again|what do you mean(?: by that)?|pardon"
    r"|can you (?:repeat|explain) (?:that|it)(?: again)?|say (?:that|it) again|explain(?: that)?"
    r"|tell me more|more(?: detail| details| info)?(?: please)?|go on|meaning|elaborate)",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"(?:and |so )?(?:then(?: what)?|what|what (?:then|next|now)|what(?:'s| is| comes) (?:next"
    r"|after(?: that)?|then)"
    r"|after (?:that|this)|next(?: steps?)?|the next step|and after|afterwards?)",
    re.IGNORECASE,
)
OTHERS = re.compile(
    r"(?:(?:and|so|what|is|are|what's|any|the|which|got)\s+)*(?:runner[- ]?ups?|(?:second|2nd|third"
    r"|next)[- ](?:best|place|one)|number (?:two|2|three)|(?:any(?:thing|body)? )?else|others?"
    r"|other (?:ones|options|choices|moves|exercises)|more options)"
    r"(?:\s+(?:then|one|ones|is there|are there|helps?|works?|do you have|can i do))*",
    re.IGNORECASE,
)
LACKS = re.compile(
    r"(?:(?:but|and|so|i|we)\s+)*(?:no|without|don't have|do not have|have no|got no|haven't got"
    r"|what if (?:i|there is)(?: have)? no)"
    r"\s+(?:(?:a|an|any|the)\s+)?(?P<tool>bench|barbell|bar|band|bands|dumbbells?|weights?|machine"
    r"|gym|pad|box|plates?|equipment)(?:\s+(?:at (?:home|hand)|either|here|though))*",
    re.IGNORECASE,
)
WHAT_IS_THAT = re.compile(
    r"what(?:'s| is| are| does| do)?\s+(?:that|it|this|those|these|they)(?:\s+(?:mean|exactly"
    r"|called|then))*",
    re.IGNORECASE,
)
WHY = re.compile(
    r"(?:why(?:\s+(?:is|are|do|does|should)\s+(?:that|it|this|they|so))?(?:\s+(?:so|though|then"
    r"|exactly|not"
    r"|the case|important|matter|is that|like that))*|how come|(?:(?:the|any|for what|for which"
    r"|what's the"
    r"|what is the)\s+)?reasons?(?:\s+(?:for (?:that|it|this)|why|being|behind (?:that|it)))?"
    r"|what for|because of what"
    r"|cuz|because|why exactly|why (?:so|that)|what(?:'s| is) the (?:logic|idea|point)(?: (?:of"
    r"|behind) (?:that|it))?|(?:(?:the|any) )?(?:point|purpose|idea|logic|use|sense)"
    r" (?:of|behind|in) (?:it|that|this|doing (?:it|that)))",
    re.IGNORECASE,
)
HOW = re.compile(
    r"(?:(?:for|and|by)\s+)?(?P<ask>how (?:long|much|many|often|far|high|heavy|wide|deep|fast"
    r"|soon|hard"
    r"|strong|big|low|close|bad|common|likely|exactly|so)(?:\s+(?:apart|(?:from|off|above"
    r"|behind) (?:the|my) \w+))?|how|since when|until when|when|where|who|for whom"
    r"|which way|in which direction|what direction|at what (?:angle|point|age)|by how"
    r" much|by how many \w+|how many (?:degrees|cm|inches|seconds|percent)|by what"
    r" percent(?:age)?|any (?:numbers|figures)"
    r"|from when)"
    r"(?:\s+(?:then|though|exactly|roughly|about|is (?:that|it)|precisely|approximately|though|ish"
    r"|should (?:that|it) be|would (?:that|it) be))*",
    re.IGNORECASE,
)
OF_LOAD = re.compile(r"how (?:heavy|low|deep|fast|high)", re.IGNORECASE)
CHOICE = re.compile(
    r"(?:so\s+)?(?:(?:you'd|you would|i should|do i|should i)\s+(?:pick|choose|go for|go with"
    r"|recommend|take"
    r"|prefer|do)\s+which(?: one)?|(?:and )?which(?: one)?(?: of (?:the two|them|these"
    r"|those))?(?:\s+(?:is|are|"
    r"would|should|do|does|will|one|you|i|to|s|then|works?|wins|hits?|builds?|gives?|trains?"
    r"|grows?|uses?|feels?"
    r"|has|needs?|activates?|loads?)\b.*)?|what(?:'s| is) (?:better|best|worse|harder|easier"
    r"|safer|the difference)"
    r"|(?:any |the |main )?differences?"
    r"|which(?: one)?(?: (?:of (?:them|these|those|the two))| is| then| should| do)*"
    r"(?: (?:for|to) (?:me|us|choose|pick|use|do))?|(?:and )?which(?: one)? (?:burn|work|hit|train"
    r"|grow|build|target|use|help|hurt|cost|recruit|activat|strain|load|suit|mak|giv|fit|com)"
    r"(?:e?s)?\b.*)",
    re.IGNORECASE,
)
COMPARES = re.compile(
    r"\b(?:better|best|worse|worst|harder|easier|safer|more|most|less|least|bigger|stronger"
    r"|heavier|longer"
    r"|shorter|prefer|pick|choose|recommend|wins?|difference|first|go for|take|superior"
    r"|effective)\b",
    re.IGNORECASE,
)
WHOLE_KINDS = ("exercise", "muscle", "ailment", "study")
WHICH_THING = re.compile(
    r"(?:which|what|whose)\s+(?:kind of |sort of |type of )?[\w-]+(?: [\w-]+)?", re.IGNORECASE
)
TAG = re.compile(
    r",?\s+(?:right|correct|yes|no|eh|huh|true|isn't it|aren't they|doesn't it|don't they"
    r"|is that so"
    r"|bro|mate|please)$",
    re.IGNORECASE,
)
OF_EXERCISE = ("part", "form", "dose", "tool")
SHORT = 9
"""Words of the longest question that may lack its subject."""
FEW = 4
"""Words of the longest question to which a muscle is added."""
VAGUE = frozenset(
    """start begin stop go know add change take part win work happen involved expect progress
    continue avoid train training muscle muscles exercise exercises use need try count start
    started long often tested measured shown proven study best better worse most least first
    next last compared different safe good bad normal right wrong cause causes feel increase
    heavy light fast slow high low wide deep far instead watch look reduce
    down up back again matter important group results result
    average danger dangers dangerous risk risks risky harm harms benefit benefits limit limits rule
    exception exceptions point reason proof evidence enough""".split()
)
"""Words with which a question still does not say what it is about."""
ENOUGH = 3
"""So many words with a meaning, none of them a known subject, make a question of its own."""

"""How strong a relation is said to be: goes with, is caused by, comes in spite of.

A claim that says "caused" where its passage says "linked" makes more of it than is
there, and "in spite of" takes back a "because of". Knows no grammar, and no relation
that is told without such a word.
"""

from __future__ import annotations

import re

from app.answer.judge_pair import Pair, Signals
from app.answer.judge_terms import sentences

_CAUSE = re.compile(
    r"\b(?:caus(?:e|es|ed|ing)|because|due to|lead(?:s|ing)? to|led to|makes?|made|making|"
    r"br(?:ing|ings|ought|inging)|driv(?:e|es|en|ing)|drove|"
    r"trigger(?:s|ed|ing)?|produc(?:e|es|ed|ing)|(?:is|are|was|were) (?:why|what)|that is why|"
    r"the reasons?|thanks to|owing to|result(?:s|ed)? (?:in|from)|responsible for|"
    r"explain(?:s|ed)?|to blame|blame for|down to|comes? from|came from|turn(?:s|ed)? into|"
    r"giv(?:es|ing) (?:you|them|rise)|g[ai]ve (?:you|them)|as a result|the work of)\b",
    re.I,
)
_LINK = re.compile(
    r"\b(?:link(?:s|ed)?|associat(?:ed|ions?)|correlat(?:e|es|ed|ions?)|relat(?:ed|ionships?)|"
    r"tied to|go(?:es)? (?:along |together |hand in hand )?with|went (?:along |together )?with|"
    r"com(?:es?|ing) with|came with|track(?:s|ed) with|predict(?:s|ed|ors?)?|risk factors?|"
    r"accompan(?:y|ies|ied)|coincided?|hand in hand|connection|more (?:often|common) in|"
    r"cross-sectional|cohort|observational|survey|snapshot|at one time point|"
    r"proof|unknown|unclear|reflects?|cause or|tended to|went on to)\b",
    re.I,
)
_AGAINST = re.compile(
    r"\b(?:in spite of|despite|regardless of|irrespective of|for no such reason|"
    r"(?:nothing|not|little) to do with|no effect on|no bearing on|unrelated)\b",
    re.I,
)

_REASON = re.compile(r"\b(?:because|since|due to|owing to|thanks to|therefore|so that)\b", re.I)
_CONCESSION = re.compile(r"\b(?:although|though|even if|despite|in spite of)\b", re.I)


def relation(pair: Pair, out: Signals) -> None:
    """Does the claim make a cause of a link, or take back what brought something about?"""
    split = sentences(pair.passage_text) or (pair.passage_text,)
    claim, whole = pair.claim_text, pair.passage_text
    best = " ".join(split[n] for n in pair.chosen)
    new = bool(_CAUSE.search(claim)) and not _CAUSE.search(best)
    conceded = bool(_CONCESSION.search(claim) and _REASON.search(best)) and not (
        _REASON.search(claim) or _CONCESSION.search(best)
    )
    taken_back = bool(_AGAINST.search(claim)) and not _AGAINST.search(whole)
    weaker = new and not _LINK.search(claim)
    out.values |= {
        "relation_cause_new": float(new),
        "relation_over_link": float(weaker and bool(_LINK.search(best))),
        "relation_over_link_whole": float(weaker and bool(_LINK.search(whole))),
        "relation_taken_back": float(taken_back or conceded),
    }
    if out.values["relation_over_link"]:
        out.reasons.append("causal: the passage tells of a link and not of a cause")
    if taken_back:
        out.reasons.append("causal: the passage does not say that it makes no difference")
    if conceded:
        out.reasons.append("causal: the passage gives as a reason what the claim concedes")

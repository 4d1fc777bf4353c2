"""Who was studied or is spoken of: groups of people in claim and passage.

A claim may speak of athletes where its passage has runners, but not of pensioners or of
swimmers. Knows groups of people by their nouns, and no others.
"""

from __future__ import annotations

from functools import cache

from app.answer.judge_pair import Pair, Signals
from app.answer.judge_terms import Reading

_GROUPS = """
woman women female females girl girls lady ladies lasses mother mothers mum mums pregnant \
menopausal postmenopausal premenopausal postpartum
man men male males boy boys guy guys lad lads bloke blokes gentlemen
toddler toddlers infant infants baby babies newborn newborns preschool preschooler preschoolers
child children kid kids youngster youngsters junior juniors pupils
teenager teenagers teenage teen teens adolescent adolescents
young younger student students college collegiate university undergraduates
old older elderly senior seniors pensioner pensioners retired retirees grandparents grandmothers \
aged eighty-year-olds
middle-aged
trained resistance-trained experienced well-trained strength-trained seasoned advanced veterans
untrained beginner beginners novice novices newcomer newcomers inexperienced newbies starters
sedentary inactive bedridden couch-bound
elite professional professionals pros olympic champions international
recreational recreationally hobby amateur amateurs
patient patients sufferers hospitalised hospitalized
healthy uninjured pain-free symptom-free
runner runners jogger joggers marathon
sprinter sprinters
swimmer swimmers
cyclist cyclists
footballer footballers soccer
rugby
basketball
handball
volleyball
tennis
golf golfer golfers
chess
baseball
hockey
skier skiers
rower rowers
gymnast gymnasts
dancer dancers ballet
climber climbers
boxer boxers wrestlers judo
skater skaters
bodybuilder bodybuilders physique
powerlifter powerlifters
weightlifter weightlifters
soldier soldiers recruits military cadets army
sailor sailors
nurse nurses
teacher teachers
office clerks desk
driver drivers
firefighter firefighters police
musician musicians violinists pianists
farmer farmers
pilots astronauts
spectators
diabetic diabetics
obese overweight
mice mouse rats rat animals rabbits pigs
cadaver cadavers
veterinarians vets
adult adults grown-ups
""".strip().splitlines()
"""Each line: nouns for one group."""

_CLASSES = (
    ("athlete athletes players sportspeople team sporty", "runner sprinter swimmer cyclist "
     "footballer rugby basketball handball volleyball tennis golf baseball hockey skier rower "
     "gymnast climber boxer skater elite bodybuilder powerlifter weightlifter"),
    ("adult adults grown-ups", "woman man young old middle-aged trained untrained patient nurse "
     "teacher office soldier"),
    ("young younger", "toddler child teenager student"),
    ("child children kids", "toddler teenager girl boy"),
    ("lifter lifters", "trained bodybuilder powerlifter weightlifter"),
)  # fmt: skip
"""Words for a wider group, and the groups within it."""


@cache
def _groups() -> dict[str, int]:
    return {word: n for n, line in enumerate(_GROUPS) for word in line.split()}


@cache
def _wider() -> dict[str, frozenset[int]]:
    known = _groups()
    return {
        word: frozenset(known[name] for name in inside.split() if name in known)
        for words, inside in _CLASSES
        for word in words.split()
    }


def people(pair: Pair, out: Signals) -> None:
    """Groups that the claim names and the passage does not, and the other way round."""
    known, wider = _groups(), _wider()
    best, whole = _named(pair.best), _named(pair.whole)
    there = frozenset(known[word] for word in whole if word in known)
    ours = _named(pair.claim)
    new: list[str] = []
    for word in ours:
        within = wider.get(word, frozenset())
        if word in whole or within & there or known.get(word) in there:
            continue
        covering = [w for w in whole if known.get(word) in wider.get(w, frozenset())]
        if word in known and not covering:
            new.append(word)
    groups = frozenset(known[word] for word in ours if word in known)
    lost = [word for word in best if word in known and known[word] not in groups]
    conflict = float(bool(new and lost))
    out.values |= {
        "who_new": min(len(new), 2),
        "who_lost": min(len(lost), 3),
        "who_conflict": conflict,
        "who_conflict_copied": conflict * out.values.get("unit_same", 0.0),
        "who_named": min(len(groups), 3),
    }
    if new:
        out.reasons.append(f"population: the passage does not speak of {' and '.join(new)}")


def _named(reading: Reading) -> tuple[str, ...]:
    known, wider = _groups(), _wider()
    return tuple(dict.fromkeys(w for w in reading.words if w in known or w in wider))

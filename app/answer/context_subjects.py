"""What a talk can be about: muscles, exercises, body parts, ailments, outcomes and the like.

Finds them in a text, each with its kind, its identity and its number. The words come
from the lexicon, with what it lacks added here. Knows no grammar, no corpus and nothing
of what was said before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from app.answer.context_grammar import uncapitalised
from app.answer.lexicon import phrases

_FROM_LEXICON = ("muscle", "exercise", "tool", "part", "people", "sex")

_NOT_SUBJECTS = frozenset(
    "rear peach ham trained old young fit healthy clinical advanced light pull hinge hip-flexor "
    "walking running bar seniors experienced jumps hops leap swimming cycling yoga".split()
)
"""Phrases of the lexicon that in a question are more often something else."""

_MORE: dict[str, str] = {
    "ailment": "gluteal tendinopathy|tendinopathy|overuse injury|bursitis|runner's knee|runners "
    "knee|"
    "shin splints|sciatica|hamstring strain|hamstring strains|knee pain|back pain|lower back pain|"
    "low back pain|hip pain|neck pain|groin pain|herniated disc|slipped disc|scoliosis|arthritis|"
    "osteoarthritis|osteoporosis|diastasis recti|impingement|hip impingement|labral tear|"
    "snapping hip|piriformis syndrome|deep gluteal syndrome|patellofemoral pain|acl tears|"
    "ankle sprains|knee valgus|spondylolisthesis|prolapse|haemorrhoids|hemorrhoids|varicose veins|"
    "diabetes|epilepsy|high blood pressure|cramps|cramp|bruises|soreness|muscle soreness|"
    "sore lower back|lower back soreness|microtears|gluteal amnesia|dead butt syndrome|"
    "tight hip flexors|weak glutes|hip replacement|c-section|hernia",
    "outcome": "balance|posture|speed|sprint speed|sprinting speed|sprint times|jump height|"
    "vertical jump|strength|power|hip drive|muscle growth|growth|muscle mass|muscle size|size|"
    "stability|performance|injury risk|injuries|injury|flexibility|endurance|looks|calories|"
    "fat loss|weight loss|recovery",
    "dose": "sets|reps|repetitions|weight|load|rest|rest between sets|frequency|sessions|"
    "weekly sets|days a week|times a week|volume|failure",
    "form": "pause|hold|breathing|breath|warm-up|warm up|warmup|pelvic tilt|posterior pelvic tilt|"
    "anterior pelvic tilt|tempo|stance|foot position|foot width|foot placement|foot distance|"
    "bench height|range of motion|knee angle|squeeze|bracing|form|technique|set-up|setup|"
    "starting position|lockout|top position",
    "remedy": "foam rolling|foam roller|massage guns|massage gun|massage|heat|ice|epsom salts|"
    "creatine|ibuprofen|painkillers|anti-inflammatories|protein|sauna|caffeine|kinesio tape",
    "study": "study|studies|trial|trials|review|reviews|research|paper|papers|experiment|"
    "meta-analysis",
    "exercise": "barbell hip thrust|barbell hip thrusts|single-leg hip thrust|"
    "single-leg hip thrusts|bodyweight hip thrust|bodyweight hip thrusts|air squats|back squats|"
    "barbell squats|front squats|split squat|split squats|bulgarian split squat|"
    "bulgarian split squats|romanian deadlifts|back extension|back extensions|hip hitch|"
    "hip hitches|hip abduction machine|hip abductor machine|pull-through|pull-throughs|cleans|"
    "snatches|olympic lifts|olympic weightlifting|bulgarians|step-up|hip thrust machine"
    "|stairmaster|"
    "stair climber|incline walking|walking uphill|kickbacks|cable kickbacks|good mornings|"
    "strength training|weight training|resistance training|side plank|single-leg deadlift"
    "|single-leg deadlifts|single-leg romanian deadlifts|frog pumps",
    "muscle": "thigh|thighs|glute muscles|gluteal muscles|gluteal muscle|glute muscle|hip "
    "adductors|"
    "hip adductor|hip flexors",
    "people": "older ladies|older women|older men|older lifters|elderly|ladies|beginner"
    "|beginners|women|men|my client|my clients|my mum|my mom|my dad|my wife|"
    "my husband|my daughter|my son|my friend|my girlfriend|my boyfriend|my grandma|my mother|"
    "my father|my trainee|my partner|teenagers|kids|children|pregnant women|older people|athletes|"
    "runners|powerlifters|weightlifters|bodybuilders|coaches|trainers",
}

THREE_GLUTES = {
    "maximus": "the gluteus maximus",
    "medius": "the gluteus medius",
    "minimus": "the gluteus minimus",
}
NAMES = {
    **THREE_GLUTES,
    "glutes": "the glutes",
    "hamstrings": "the hamstrings",
    "quadriceps": "the quads",
    "adductors": "the adductors",
    "hipflexors": "the hip flexors",
    "abdominals": "the abs",
    "erectors": "the spinal erectors",
}
"""How a muscle is called when a pronoun is replaced by it."""

_ALL_GLUTES = frozenset({"glute muscles", "gluteal muscles", "glute muscle", "gluteal muscle"})
HIP_THRUST = "thrust"

_SINGULAR_IN_S = frozenset(
    "gluteus maximus|gluteus medius|gluteus minimus|maximus|medius|minimus|pelvis|tensor fasciae "
    "latae|gluteal tendinopathy|overuse|bursitis|scoliosis|arthritis|osteoarthritis|osteoporosis|"
    "diabetes|latissimus|soleus|biceps femoris|rectus femoris|piriformis|diastasis recti|soreness|"
    "dead butt syndrome|spondylolisthesis|varus|meta-analysis|coccyx|adductor magnus|adductor "
    "longus|lockout press|yoga|pilates|vastus lateralis|leg press|impingement|thoracic".split("|")
)
_PLURAL_ELSE = frozenset(
    "feet women men abs people quads children vasti erector spinae muscle fibres kids".split()
)


_YEAR = re.compile(r"\b(?:19|20)\d\d\s$")


@dataclass(frozen=True)
class Mention:
    """A subject where a text names it."""

    kind: str
    value: str
    start: int
    end: int
    text: str

    @property
    def plural(self) -> bool:
        """Whether it takes "they": feet, hamstrings, hip thrusts."""
        words = self.text.lower()
        if words in _SINGULAR_IN_S or self.value in THREE_GLUTES:
            return False
        if words in {"glute", "gluteal"}:  # "glute training" is about the glutes
            return True
        return (words.endswith("s") and not words.endswith("ss")) or words in _PLURAL_ELSE

    @property
    def words(self) -> str:
        """Its text as it stands within a sentence, the hip thrust by its full name."""
        words = uncapitalised(self.text)
        return f"hip {words}" if words in {"thrust", "thrusts"} else words

    @property
    def name(self) -> str:
        """What stands for it in a sentence, with its article."""
        if self.value in NAMES and (self.plural or self.value in THREE_GLUTES):
            return NAMES[self.value]
        bare = (
            self.kind in {"ailment", "outcome", "dose", "remedy"}
            or (self.plural and self.kind in {"exercise", "people", "tool", "study"})
            or (self.kind == "exercise" and self.words.split()[0].endswith("ing"))
            or self.words.startswith("my ")
        )
        return self.words if bare else f"the {self.words}"


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Phrase -> kind and value; what is named here wins over the lexicon."""
    table: dict[str, tuple[str, str]] = {}
    for phrase, meanings in phrases().items():
        for kind, value in meanings:
            if kind in _FROM_LEXICON and phrase not in _NOT_SUBJECTS:
                # Women and beginners are people alike: one may stand in the other's place.
                table.setdefault(phrase, ("people" if kind == "sex" else kind, value))
    for kind, listed in _MORE.items():
        for phrase in listed.split("|"):
            known = table.get(phrase, ("", ""))
            if phrase in _ALL_GLUTES:
                known = (kind, "glutes")
            value = known[1] if known[0] == kind else _value(phrase, table, kind)
            table[phrase] = (kind, value)
    return table


def _value(phrase: str, table: dict[str, tuple[str, str]], kind: str) -> str:
    """What a longer name stands for: a "barbell hip thrust" is a hip thrust."""
    if kind in {"exercise", "muscle"}:
        words = phrase.split()
        for start in range(1, len(words)):
            known = table.get(" ".join(words[start:]))
            if known and known[0] == kind and known[1] in {HIP_THRUST, "glutes", "adductors"}:
                return known[1]
    return phrase.rstrip("s")


@cache
def _hyphened() -> dict[str, tuple[str, str]]:
    """The table with blanks for hyphens: "step ups" are step-ups."""
    return {phrase.replace("-", " "): known for phrase, known in _table().items()}


@cache
def _pattern() -> re.Pattern[str]:
    listed = sorted(_table(), key=len, reverse=True)
    written = "|".join(re.escape(phrase).replace(r"\-", "[- ]") for phrase in listed)
    return re.compile(rf"(?<![\w-])(?:{written})(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=256)
def mentions(text: str) -> tuple[Mention, ...]:
    """The subjects that a text names, in order; longer names win over shorter ones."""
    found = []
    for match in _pattern().finditer(text.replace("’", "'")):
        kind, value = _hyphened()[match[0].lower().replace("-", " ")]
        start = match.start()
        if kind == "study" and (year := _YEAR.search(text[:start])):
            start, value = year.start(), f"{year[0]}{value}"
        found.append(Mention(kind, value, start, match.end(), text[start : match.end()]))
    return tuple(found)

"""What words of the gym mean: phrases by kind and value, numbers as words, units.

Two phrases of one kind with different values contradict each other when one stands in
the place of the other: `hamstrings` for `quadriceps`, `raises` for `lowers`. Knows no
grammar and nothing of any passage.
"""

from __future__ import annotations

import re
from functools import cache

_KINDS: dict[str, dict[str, str]] = {
    "muscle": {
        "glutes": "glutes|glute|gluteals|gluteal|booty|butt|bum|bums|backside|backsides|rear end|"
        "rear|behinds|peach|tush|buns|buttock|buttocks|posterior chain|rump|derriere|seat muscles",
        "maximus": "gluteus maximus|glute max|gmax|g max|glute maxes|big glute|maximus|max glute|"
        "biggest glute muscle|largest glute muscle|biggest bum muscle|biggest butt muscle|"
        "biggest buttock muscle|biggest glute|largest glute|main glute|largest buttock muscle|"
        "big bum muscle|big butt muscle|big glute muscle|largest bum muscle",
        "medius": "gluteus medius|glute med|gmed|g med|glute meds|side glute|side glutes|medius|"
        "middle glute|side hips|side of the bum|side bum|side of the butt|side butt|"
        "upper side glute",
        "minimus": "gluteus minimus|glute min|gmin|minimus|smallest glute|small glute",
        "hamstrings": "hamstrings|hamstring|hammies|hammy|hams|ham|biceps femoris|semitendinosus|"
        "semimembranosus|backs of the thighs|backs of your thighs|back of the thigh|back thigh|"
        "back of the thighs|rear thigh|backs of the legs|backs of your legs|back of the leg",
        "quadriceps": "quadriceps|quads|quad|vastus lateralis|vastus medialis|vasti|vastus|"
        "rectus femoris|fronts of the thighs|fronts of your thighs|front of the thigh|front thigh|"
        "front thighs|front of the thighs|outer quad|fronts of the legs",
        "adductors": "adductors|adductor|adductor magnus|adductor longus|inner thigh|inner thighs|"
        "inner-thigh|insides of your legs|insides of the thighs|inside of the thigh|groin muscle",
        "erectors": "erector spinae|spinal erectors|erectors|spinal erector|spinal-erector|"
        "back extensors|lower-back muscles|muscles along the spine|muscles alongside the backbone",
        "abdominals": "abdominals|abdominal|abs|rectus abdominis|obliques|oblique|core|trunk|"
        "midsection|transversus abdominis|six-pack",
        "hipflexors": "hip flexors|hip flexor|hip-flexor|iliopsoas|psoas|psoas major|iliacus|"
        "thigh lifter|thigh lifters|muscles that lift the thigh",
        "tfl": "tfl|tensor fasciae latae|tensor fascia lata",
        "piriformis": "piriformis",
        "calves": "calf|calves|soleus|gastrocnemius|lower leg|lower legs",
        "chest": "chest muscle|pecs|pectorals|pectoralis",
        "biceps": "biceps brachii|elbow flexors|elbow flexor|elbow-flexor|upper arms",
        "lats": "lats|latissimus",
        "rotators": "external rotators|deep rotators|gemelli|obturator|quadratus femoris",
        "pelvicfloor": "pelvic floor",
        "abductors": "hip abductors|hip abductor|abductors|abductor",
        "extensors": "hip extensors|hip extensor",
    },
    "part": {
        "knee": "knee|knees|kneecap|kneecaps|patellofemoral|patellar",
        "ankle": "ankle|ankles|achilles",
        "foot": "foot|feet|heel|heels|shoes|shoe|soles",
        "toe": "toe|toes|forefoot",
        "hip": "hip|hips|femoroacetabular|trochanter|trochanteric",
        "pelvis": "pelvis|pelvic|sacroiliac|sacrum",
        "lowback": "lower back|low back|lower-back|low-back|lumbar|small of the back|backache",
        "upperback": "upper back|mid back|thoracic|upper-back",
        "neck": "neck|cervical",
        "shoulder": "shoulder|shoulders|shoulder blade|shoulder blades|shoulder-blade",
        "chin": "chin|jaw",
        "skull": "skull|head",
        "chest": "chest|breastbone",
        "ribs": "ribs|rib|ribcage",
        "belly": "belly|tummy|stomach|abdomen|waist",
        "wrist": "wrist|wrists|hand|hands",
        "elbow": "elbow|elbows|forearm|forearms|arm|arms",
        "shin": "shin|shins|tibia|tibial",
        "femur": "femur|thigh bone|thighbone|femoral",
        "thigh": "thigh|thighs",
        "groin": "groin",
        "spine": "spine|spinal|backbone|vertebra|vertebrae",
        "tailbone": "tailbone|coccyx",
        "sciatic": "sciatic",
    },
    "side": {
        "front": "front|anterior|forward|forwards|fore",
        "rear": "posterior|backward|backwards|hindmost",
        "in": "inward|inwards|medial|medially|inner|internal|internally|towards the midline",
        "out": "outward|outwards|lateral|laterally|outer|external|externally|away from the midline",
        "upper": "upper|top|superior",
        "lower": "lower part|lowest|bottom|inferior|lower",
        "before": "before|prior to|precede|precedes|preceded|ahead of",
        "after": "after|following|afterwards|followed|later",
        "up": "going up|upward|upwards|ascent|rise up|on the way up|concentric",
        "down": "going down|downward|downwards|descent|on the way down|eccentric",
        "near": "near|nearer|close to you|closer|close",
        "far": "far|farther|further|further away|farther away",
        "narrow": "narrow|narrower",
        "wide": "wide|wider|apart|spread",
        "left": "on the left",
        "flex": "flexion|flexed|flex|flexes|bent|bend|bending",
        "extend": "extension|extended|extend|extends|extending|straight|straighten|straightening|"
        "straightens|hyperextension",
        "abduct": "abduction|abduct|abducts|out to the side|away from the body",
        "adduct": "adduction|adduct|adducts",
        "first": "first|begin with|start with|starts with|initially",
        "last": "last|finally|end with|lastly",
    },
    "change": {
        "more": "more|higher|greater|larger|bigger|stronger|increase|increases|increased|"
        "increasing|raise|raises|raised|rose|rise|rises|improve|improves|improved|improving|gain|"
        "gains|gained|grow|grew|grows|grown|harder|better|beat|beats|exceeds|exceeded|longer|"
        "outperformed|doubled|doubles|faster|heavier|highest|most|greatest|largest|strongest|"
        "superior|ahead|extra|outscored|tougher|thicker|busier|deeper|best|boost|boosts|boosted|"
        "over|above",
        "less": "less|lower|smaller|weaker|decrease|decreases|decreased|decreasing|reduce|reduces|"
        "reduced|reducing|reduction|reductions|fell|falls|fall|drop|dropped|drops|fewer|worse|"
        "worst|shorter|slower|lighter|lowest|least|smallest|weakest|inferior|cut|cuts|declined|"
        "behind|shrank|shrink|lose|lost|loss|easier|milder|halved|under|below|thinner",
        "same": "similar|similarly|same|equal|equally|alike|no different|did not differ|no more|"
        "does not differ|equivalent|comparable|unchanged|as much|much the same|no difference|"
        "no clear winner|neither|no better|no worse",
    },
    "amount": {
        "all": "all|every|each|everyone|everybody|always|entirely|completely|whole|any|anyone|"
        "without exception|invariably|in every case|exclusively|solely|fully",
        "most": "most|mostly|majority|mainly|usually|generally|commonly|chiefly|bulk|largely|"
        "most commonly|typically|often|primarily|tend|tends|tended|predominantly",
        "some": "some|several|certain|sometimes|occasionally|a few|few|minority|partly|many|"
        "at times|in part|a number of|can",
        "only": "only|just|nothing but|merely|alone",
        "none": "none|no|never|nobody|no one|nothing|neither|nor|not one|zero|without",
    },
    "hedge": {
        "may": "may|might|can|could|suggest|suggests|suggested|possibly|perhaps|likely|unlikely|"
        "appears|appear|appeared|seems|seem|probably|potentially|tends to|tend to|argued|argues|"
        "assumed|thought|believed|proposed|hypothesised|speculate|unclear|uncertain|unknown|"
        "apparently|supposedly|estimated|plausible|mixed|limited|insufficient|premature|hints|"
        "hint|look|looks|odds|is linked|suspected|doubtful|unproven|conflicting",
        "sure": "proves|prove|proved|proven|certainly|definitely|certain|sure|undoubtedly|"
        "without doubt|beyond doubt|beyond any doubt|guaranteed|guarantee|guarantees|establishes|"
        "established|settled|settles|conclusively|clearly|must|always|without fail|bound to|"
        "is known|are known|no doubt|conclusive|inevitably|confirmed|confirms|will|cannot|never|"
        "demonstrates|unable|impossible|shown|has been shown|beyond dispute|indisputably",
    },
    "cause": {
        "cause": "cause|causes|caused|because|because of|leads to|led to|lead to|due to|results in|"
        "resulted in|makes|make|made|brought about|brings about|thanks to|produce|produces|"
        "produced|why|the reason|owing to|drives|triggers|triggered|brought on|brings on|give you|"
        "gives you|gave|responsible for|decided|decides|causing|making|leaves",
        "link": "associated|association|linked|link|correlated|correlation|correlate|correlates|"
        "related|tied|went with|go with|goes with|goes hand in hand|hand in hand|predictor|"
        "predicts|predicted|risk factor|accompanied|cross-sectional|connection|relationship|"
        "tracked with|coincided",
    },
    "design": {
        "meta": "meta-analysis|meta-analyses|meta analysis|meta-regression|pooled|pooling",
        "systematic": "systematic review|umbrella review|scoping review|cochrane review|"
        "systematic reviews|reviews|review|cochrane|overview|round-up",
        "narrative": "narrative review|opinion paper|commentary|white paper|expert opinion|opinion",
        "trial": "randomised trial|randomised controlled trial|rct|randomised study|trial|trials|"
        "randomised|randomized|randomised studies|experiment|experiments",
        "emg": "emg study|emg|electromyography|fine-wire emg|surface emg|emg studies",
        "cohort": "cohort|prospective study|prospective|cohort study|followed over",
        "crosssec": "cross-sectional|cross-sectional study|survey|snapshot|questionnaire",
        "guideline": "guideline|guidelines|position stand|consensus|consensus statement|statement|"
        "guidance|panel|recommendation|protocol",
        "reference": "encyclopaedia|anatomy reference|textbook|reference work|handbook|website|"
        "patient page|leaflet|web page|text|poster|abstract|conference abstract|case report|"
        "case series|thesis|preprint",
        "model": "model|biomechanical model|computer model|simulation|cadaver|cadavers",
    },
    "source": {
        "nhs": "nhs|national health service",
        "acsm": "acsm|american college of sports medicine",
        "acog": "acog|american college of obstetricians",
        "who": "who guideline|world health organization|world health organisation",
        "coach": "coach|coaches|trainer|trainers",
        "doctor": "doctor|doctors|surgeon|surgeons|physician|physicians",
        "physio": "physiotherapist|physiotherapists|physio|physios",
        "expert": "expert|experts",
        "scientist": "scientist|scientists|sports scientists",
        "cochrane": "cochrane",
        "us": "us|american|america",
        "uk": "uk|british|britain|english",
        "canada": "canada|canadian",
        "australia": "australia|australian",
        "author": "authors",
    },
    "sex": {
        "women": "women|woman|female|females|girls|girl|ladies|mothers|mums|mother|lasses|pregnant",
        "men": "men|man|male|males|boys|boy|guys|lads|blokes|gentlemen",
    },
    "people": {
        "trained": "trained|resistance-trained|experienced|well-trained|advanced|strength-trained|"
        "seasoned|elite|trained lifters|experienced lifters|bodybuilders|powerlifters",
        "untrained": "untrained|beginner|beginners|novice|novices|newbie|newbies|inexperienced|"
        "sedentary|recreationally active|complete novices|new to lifting|first-time|never trained",
        "old": "older|elderly|old|seniors|pensioners|aged|postmenopausal|past menopause|ageing",
        "young": "young|college|college-aged|college-age|students|student|adolescent|adolescents|"
        "teens|teenagers|children|premenopausal|youngsters|collegiate|university",
        "patients": "patients|patient|people with|sufferers|clinical",
        "healthy": "healthy|pain-free|fit|uninjured|symptom-free",
        "athletes": "athletes|athlete|footballers|players|runners|sprinters|rugby|soccer|swimmers|"
        "dancers|cyclists|sporty|weightlifters|rowers|skiers|gymnasts|marathon",
        "postpartum": "postpartum|after birth|new mothers|new mums",
        "animals": "rats|mice|animals|pigs",
    },
    "condition": {
        "loaded": "loaded|weighted|heavy|heavily|barbell|with a load|added weight|"
        "against resistance",
        "unloaded": "unloaded|bodyweight|light|no load|without load|no weight|no added weight|"
        "without added weight|low load|nothing in your hands|air squats|no-kit",
        "full": "full|complete|deep|full range|all the way",
        "partial": "partial|half|shallow|halfway|parallel",
        "single": "single-leg|one-legged|one leg|unilateral|split|single leg",
        "double": "two-legged|bilateral|both legs|double-leg|both feet",
        "acute": "acute|fresh|recent",
        "chronic": "chronic|long-standing|persistent|lasting",
        "failure": "to failure|failure|all-out",
        "alone": "alone|on its own|by itself|by themselves",
        "combined": "combined|together with|along with|in combination",
        "supervised": "supervised|guided|coached",
        "unsupervised": "unsupervised|self-directed|alone at home|at home",
        "seated": "seated|sitting",
        "standing": "standing|upright",
        "prone": "prone|face down|lying face down",
        "supine": "supine|on the back|on your back|face up",
    },
    "exercise": {
        "thrust": "hip thrust|hip thrusts|thrust|thrusts|thrusting|hts|ht|hip thrusting",
        "squat": "squat|squats|squatting|back squat|back squats|front squat",
        "bridge": "glute bridge|glute bridges|bridge|bridges|bridging",
        "deadlift": "deadlift|deadlifts|romanian deadlift|rdl|rdls|stiff-leg deadlift|hinge|hinges|"
        "hex-bar deadlift|pull",
        "lunge": "lunge|lunges|lunging",
        "stepup": "step-up|step-ups|stepping",
        "clam": "clam|clams|clamshell|clamshells",
        "sidestep": "sidestep|sidesteps|band walk|band walks|lateral band walks|shuffles",
        "legpress": "leg press",
        "legcurl": "leg curl|leg curls|nordic|nordics|nordic hamstring exercise",
        "kickback": "kickback|kickbacks|quadruped|donkey kick|donkey kicks|all-fours",
        "stretch": "stretch|stretches|stretching",
        "running": "run|running|jog|jogging|sprint|sprints|sprinting",
        "jump": "jump|jumps|jumping|hops|leap",
        "walking": "walk|walking",
        "plank": "plank|planks",
        "swing": "kettlebell swing|kettlebell swings|swings",
        "abductionex": "side-lying hip abduction|side-lying abduction|hip abduction",
        "yoga": "yoga",
        "pilates": "pilates",
        "cycling": "cycling|bike",
        "swimming": "swimming",
        "aerobic": "aerobic|cardio",
    },
    "tool": {
        "barbell": "barbell|bar",
        "dumbbell": "dumbbell|dumbbells",
        "band": "band|bands|loop|loops|banded",
        "machine": "machine|machines",
        "kettlebell": "kettlebell|kettlebells",
        "bench": "bench",
        "box": "box",
        "mat": "mat|pad",
    },
    "total": {
        "yes": "every single|each and every|every last|every one|everyone|everybody|everyone's|"
        "whoever you are|whoever|no matter|whatever|wherever|nobody|not one|nothing but|always|"
        "never|without exception|all of the|anybody|anyone|exclusively|entirely|invariably|"
        "every|all|at all|in every case|only|solely|any|alike|each",
    },
    "proof": {
        "yes": "settles|settled|settles it|proves|proved|proven|prove|established|beyond doubt|"
        "no doubt|without doubt|definitely|certainly|certain|sure|guaranteed|guarantee|bound to|"
        "without fail|once and for all|beyond question|undoubtedly|conclusively|proof|clearly|"
        "has been shown|have been shown|must|doubt|confirmed|definitely won't|is known to|known",
    },
    "why": {
        "yes": "because|because of|caused|cause|causes|causing|caused by|brought about|"
        "brings about|"
        "led to|leads to|lead to|thanks to|due to|owing to|makes|made|is why|the reason|results in|"
        "is what|what made|what makes|produced|brought on|since|gives you|decides|why",
    },
    "measure": {
        "size": "size|growth|hypertrophy|muscle mass|thickness|volume|cross-sectional area|girth|"
        "bulk",
        "strength": "strength|1rm|stronger|force|power",
        "activity": "activity|activation|excitation|emg amplitude",
        "pain": "pain|ache|aches|aching|sore|soreness|hurt|hurts|achy",
        "speed": "speed|sprint time|sprint times|velocity",
        "function": "function|disability",
        "risk": "risk|injury|injuries",
        "height": "jump height|height",
        "balance": "balance|stability",
    },
}

NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot cant can't don't doesn't didn't "
    "isn't aren't wasn't weren't won't shouldn't couldn't wouldn't haven't hasn't hadn't unable "
    "fails failed fail lack lacks absence absent hardly barely scarcely rather".split()
)

ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
TENS = {
    word: value
    for value, word in zip(
        range(20, 100, 10),
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),
        strict=True,
    )
}
SET_PHRASES = {
    "right angle": (90.0, "degree"),
    "right angles": (90.0, "degree"),
    "a couple": (2.0, ""),
    "couple": (2.0, ""),
    "pair": (2.0, ""),
    "trio": (3.0, ""),
    "quartet": (4.0, ""),
    "a dozen": (12.0, ""),
    "dozen": (12.0, ""),
    "two dozen": (24.0, ""),
    "a score": (20.0, ""),
    "fortnight": (14.0, "day"),
    "a fortnight": (14.0, "day"),
    "half an hour": (30.0, "minute"),
    "a quarter of an hour": (15.0, "minute"),
    "quarter of an hour": (15.0, "minute"),
    "two thirds of a year": (8.0, "month"),
    "half a year": (6.0, "month"),
    "half": (50.0, "%"),
    "a half": (50.0, "%"),
    "halve": (50.0, "%"),
    "halved": (50.0, "%"),
    "halves": (50.0, "%"),
    "a third": (100 / 3, "%"),
    "one third": (100 / 3, "%"),
    "a quarter": (25.0, "%"),
    "one quarter": (25.0, "%"),
    "a fifth": (20.0, "%"),
    "a tenth": (10.0, "%"),
    "a sixth": (100 / 6, "%"),
    "twice": (2.0, "fold"),
    "double": (2.0, "fold"),
    "doubled": (2.0, "fold"),
    "doubles": (2.0, "fold"),
    "triple": (3.0, "fold"),
    "tripled": (3.0, "fold"),
    "thrice": (3.0, "fold"),
}
PARTS = {
    "halves": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fifths": 5,
    "sixths": 6,
    "sevenths": 7,
    "eighths": 8,
    "ninths": 9,
    "tenth": 10,
    "tenths": 10,
}

UNITS: dict[str, tuple[str, float]] = {}
"""Unit as written -> its dimension and how many of the dimension's smallest unit it is."""
for _names, _dimension, _factor in (
    ("mm millimetre millimetres millimeter millimeters", "length", 1.0),
    ("cm centimetre centimetres centimeter centimeters", "length", 10.0),
    ("m metre metres meter meters", "length", 1000.0),
    ("km kilometre kilometres", "length", 1e6),
    ("inch inches", "length", 25.4),
    ("cm2 cm²", "area", 100.0),
    ("mm2 mm²", "area", 1.0),
    ("kg kilo kilos kilogram kilograms kilogrammes", "mass", 1000.0),
    ("g gram grams", "mass", 1.0),
    ("lb lbs pound pounds", "mass", 453.6),
    ("% percent percentage", "share", 1.0),
    ("degree degrees °", "angle", 1.0),
    ("ms millisecond milliseconds", "time", 0.001),
    ("s sec second seconds", "time", 1.0),
    ("min minute minutes", "time", 60.0),
    ("hour hours", "time", 3600.0),
    ("day days", "time", 86400.0),
    ("week weeks weekly", "time", 604800.0),
    ("month months", "time", 2629800.0),
    ("year years", "time", 31557600.0),
    ("microvolt microvolts µv", "volt", 1.0),
    ("millivolt millivolts mv", "volt", 1000.0),
    ("rm", "rm", 1.0),
    ("fold times", "fold", 1.0),
    ("n newton newtons", "force", 1.0),
):
    for _name in _names.split():
        UNITS[_name] = (_dimension, _factor)


@cache
def phrases() -> dict[str, tuple[tuple[str, str], ...]]:
    """Each phrase of the lexicon with its kinds and values: `hammies` -> muscle, hamstrings."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, values in _KINDS.items():
        for value, listed in values.items():
            for phrase in listed.split("|"):
                found.setdefault(phrase, []).append((kind, value))
    return {phrase: tuple(meanings) for phrase, meanings in found.items()}


@cache
def longest() -> int:
    """How many words the longest phrase has."""
    return max(len(phrase.split()) for phrase in phrases())


def kinds() -> tuple[str, ...]:
    """The kinds of the lexicon, in a fixed order."""
    return tuple(_KINDS)


WORD = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[a-zµ]+[²2]?(?:['’][a-z]+)?(?:-[a-z]+)*|[%°]")

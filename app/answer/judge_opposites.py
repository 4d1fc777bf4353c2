"""Plain English words that mean about the same, and words that mean the opposite.

`lexicon` knows the words of the gym; this knows those around them. A word may be in
several groups. Knows nothing of texts: words are compared by their stems, one by one.
"""

from __future__ import annotations

from functools import cache

from index.words import stems

_OPPOSITES = """
more extra higher greater larger bigger increase increased raise raised rise rose grow grew gain \
gained up upward climb climbs improve improved boost | less fewer lower smaller decrease \
decreased reduce reduced reduction fall fell drop dropped shrink shrank lose lost loss down \
downward decline worse worsen
high highest most maximum top peak | low lowest least minimum bottom
strong stronger strength powerful sturdy sturdier firm | weak weaker weakness feeble flabby
big large great huge considerable substantial wide | small little tiny slight slightly minor \
modest narrow
fast faster quick quicker quickly rapid sooner soon speed early earlier | slow slower slowly \
late later delay delayed
long longer lengthen lengthened lasting | short shorter brief briefly shorten shortened
heavy heavier heaviest loaded weighted | light lighter lightest unloaded empty
hard harder hardest tough tougher difficult | easy easier easiest easily simple gentle
good better best well fine pleasant nicer | bad worse worst poor poorly badly
safe harmless safely | dangerous danger risky harmful harm unsafe hurt
before prior ahead beforehand earlier precede | after afterwards following later behind subsequent
first start begin begins began beginning initially opening opens open | last end ends finish \
finishes finally stop stops close closes shut shuts
in inward inwards inside inner internal internally medial midline | out outward outwards outside \
outer external externally lateral sideways
up upwards above over upper lift lifts rise raise raised | down downwards below under beneath \
lower lowers sink sinks
front forward forwards anterior ahead | back rear backward backwards posterior behind reverse
near close closer nearer toward towards together | far farther further away apart
bend bent flex flexed flexion fold folds | straight straighten extend extended extension unbend
abduct abduction | adduct adduction
push pushes press drive drives shove | pull pulls draw draws tug row
inhale in | exhale out
left | right
open | shut closed
warm hot heat | cold cool ice
wet moist | dry
full fully whole complete completely entire entirely all | part partial partly half empty
both | one neither single
all every each everyone everybody always | none no nobody never nothing
many most often usually common commonly frequent frequently mostly majority typical typically | \
few rare rarely seldom uncommon minority hardly occasionally
always | sometimes never
same similar similarly equal equally alike identical even unchanged | different differ differed \
difference unequal changed
agree agrees agreed fits confirms confirm supports support | disagree disagrees conflict \
conflicts contradict contradicts clash refute
allowed allow permitted let may can | forbidden banned prohibited disallowed mustn't
needed need necessary required must essential compulsory obligatory | unneeded unnecessary \
optional needless voluntary
useful helpful helps help benefit beneficial effective works aids | useless unhelpful pointless \
ineffective harmful harms hinders
known clear certain sure proven proved settled established | unknown unclear uncertain unsure \
unproven unsettled open
present include includes included with listed added has | absent exclude excludes excluded \
without missing lacking lacks lack unlisted
supervised guided watched coached | unsupervised alone unguided home
trained experienced seasoned advanced veteran expert old hands | untrained beginner beginners \
novice novices newcomer newcomers new inexperienced
young younger youth child children kids junior juniors teen teenagers | old older elderly senior \
seniors pensioners adult adults aged
men man male males gents lads guys boys | women woman female females ladies lasses girls
healthy well fit uninjured | ill sick injured patient patients unwell
acute sudden fresh recent new | chronic longstanding persistent old gradual
static still spot stationary | dynamic moving walking
stable steady steadies level | unstable wobble wobbly shaky tilts
win wins won beat beats ahead outperform outscored leads | lose loses lost behind trails lags
like liked prefer preferred enjoy enjoyed favour | dislike disliked hate hated
remember | forget forgot
keep keeps kept stay stays remain | leave leaves left drop change changes quit
tight stiff tense rigid | loose slack relaxed mobile
thick thicker | thin thinner
deep deeper | shallow surface superficial
active busy busier awake firing | inactive quiet quieter idle asleep
pass passes | fail fails failed failure
accept accepts | refuse reject decline
cheap cheaper free | expensive dear costly pay
direct directly | indirect indirectly
relative | absolute
acid | alkaline
permanent | temporary
natural | artificial
adds add added adding | takes take removes remove spares sparing subtracts
catch hold | release drop let
speed accelerate quicken | slow brake
numb | feel
squeeze squeezes compress compresses tighten | stretch stretches loosen loosens
lead | rear trailing
day morning daytime | night evening
weekday weekdays | weekend weekends saturday sunday saturdays sundays
planned | unplanned
likely probable probably | unlikely improbable doubtful
enough sufficient | insufficient short lacking
real true | false fake sham pretend
treatment treat cure | prevention prevent
concentric | eccentric
""".strip().splitlines()
"""Each line: words, a bar, words that mean the opposite of those before the bar."""

_ALIKE = """
show shows showed shown find finds found see saw seen report reports reported conclude concluded \
reveal turned
study trial experiment paper research investigation
people folk folks persons participants subjects individuals somebody someone anyone members
lifters trainees exercisers
exercise exercises move moves movement movements drill drills lift lifts
train trains trained training workout work-out practise practice exercise
session sessions workout visit
plan programme program programmes routine schedule regimen
doctor clinician physician medic gp specialist surgeon
trainer coach instructor coaches trainers
pain painful ache aches aching sore soreness hurt hurts hurting discomfort tender achy
injury injuries injured hurt harm damage
stop stops quit quits cease end ends break finish halt
start starts begin begins kick
rest pause break recovery wait
grow grew growth bigger enlarge hypertrophy size build built builds add gain gained thicker
big biggest large largest main chief chiefly principal
strong strength stronger power powerful force
use uses used using employ apply
need needs needed require requires required necessary must
help helps helped aid aids assist assists benefit improves
avoid avoids avoided avoidable skip dodge prevent
prevent prevents protection protect protects ward wards spare
cause causes caused causing bring brings brought lead leads led trigger make makes made produce \
due because reason explain explains
link linked associated association related connection goes tied correlated accompany
raise raises raised increase increases increased rise rises rose climb climbs grow boost lift \
hoist higher
lower lowers lowered reduce reduces reduced decrease decreased fall fell drop dropped cut cuts \
decline less
weight load loads loaded weighted heavy resistance barbell kilo kilos
bar barbell
hold holds held keep keeps kept maintain stay remain retain
carry carries bear transport
press pressing push pushes pushed shove shoves drive drives
pull pulls pulling tug tugs draw draws haul hauls row
bend bends bent bending flex flexes flexion fold folds
straighten straightens straightening extend extends extension unbend straight
turn turns rotate rotates rotation twist roll rolls spin
tilt tilts lean leans leaning tip tips incline
walk walks walking stroll step steps
run running jog jogger sprint sprints sprinters race
jump jumps jumping leap leaping hop
breathe breathing breath air wind inhale exhale
fast quick quickly rapid speedy sooner soon
slow slowly gradual
begin newcomers beginners novices novice newbies untrained inexperienced
experienced trained seasoned advanced
adult adults grown
children kids youngsters juniors child
women ladies female woman females mums mother
men guys lads gents male man males blokes
pregnant pregnancy expectant expecting mum mums mother
test tests tested measure measured measurement check checked assess assessed examine examined \
looked
compare compared against versus comparison beside
advise advises advice recommend recommends recommended suggest suggests suggested tell tells \
urges asks
say says said state states according claim claims write wrote note noted add describe describes
list listed lists name names named mention mentions mentioned include includes
usually mostly generally mainly often commonly typically tend tends frequently normally largely
sometimes occasionally times
rarely seldom hardly rare unusual
may might could can possibly perhaps probably likely seem seems appear appears
chief main mainly primarily mostly principal major
total altogether overall whole sum
half fifty halve
twice double doubled doubles
week weeks weekly fortnight
month months monthly
day days daily
minute minutes
hour hours
year years annual
once single one
first initial earliest
last final end later
similar similarly equal equally alike same comparable equivalent even much
differ differs differed difference different gap
enough sufficient plenty
few small little handful
many lots numerous plenty several
member members user
desk reception counter
buy pay pays cost costs price fee charge
hire rent rents lend lent
allow allowed allows permit permitted let lets may
forbid forbidden ban banned
close shut shuts closed
open opens opened unlock
bed sleep lying nap dozing shut-eye
tired weary fatigued tire tires
ill sick disease unwell illness sickness trouble condition
heart cardiac pulse beat beats
blood vessel arteries vessels
pressure
belly tummy stomach abdomen abdominal abdominals middle
back spine spinal backbone
buttock bum butt backside glute glutes gluteal gluteus
thigh thighs upper-leg leg legs
shin tibia lower-leg
hip hips pelvis pelvic
shoulder shoulders
elbow arm arms
hand hands palm palms grip
foot feet sole soles heel heels
joint joints
muscle muscles
bone bones skeleton
tendon tendons cord
nerve nerves
fibre fibres strand strands part
front anterior fore forward
rear back posterior behind
outer outside lateral sideways side
inner inside medial
upper top
lower bottom beneath
deep deeper depth
high tall height
long lengthy ages length
short brief
wide broad spread wider
narrow close
stable steady steadies steady balance level
loose slack
warm hot heat warmth
cold cool ice
wet fluid water liquid
dust powder
clean wipe wash
forget forgot remember
like liked prefer preferred enjoy enjoyed fun favour
choose choice pick option decide prefer preference
change changes changed alter alters shift shuffled switch
notice see feel feels felt sense
know knows known understood clear settled
think believe feel judge reckon opinion
guess likely plausible
danger dangerous harmful risk risky hazard
safe harmless safely
emergency ambulance 999 casualty urgent immediately once straight
call phone ring contact dial
clinic hospital casualty
fix cure cures cured treat treats treatment heal heals mend
better improve improved improvement recover
worse worsen
result results outcome finding figure figures numbers
average mean averaged
rate rates frequency often
risk odds chance likelihood
prove proves proof proven evidence confirm
quarter fourth
dizzy faint light-headed
swollen swelling puffy
numb numbness feeling
tear tears torn rip
stiff stiffness tight
click clicking noise sound
catch locks lock
buckle giving collapse caves cave
squeeze squeezes pinch pinched pinches compress compresses squash squashed clench
stretch stretched stretching stretches lengthened
release let
hurry rushing rush soon
cautious careful care
supervise supervised supervision watched eye guided
alone itself themselves single-handed own
together combined jointly both along
without no lacking
only just merely nothing solely sole
also too besides adds
almost nearly about roughly around close approximately
exactly precisely
rack post hooks arms
kit equipment gear
shoe shoes trainers
band bands loop loops rubber
bench seat
box step platform
mat towel
kettlebell bell
lady gentleman
benefit advantage gain good
drawback price disadvantage
reason explain because why
aim goal target purpose after
effort exertion work push
pain-free painless
teach teaching education instruct learn taught
exercise-therapy rehab rehabilitation
injection jab shot steroid
sham pretend fake placebo
scan picture pictures image imaging
review overview
summary
guideline guidance rule rules
handout leaflet flyer page
cadaver cadavers dead bodies body
model simulation simulated computer
volume size mass
activity activation active excitation fire fires firing lit busy work worked
raise elevate
touch contact
fall falls fell tumble
sudden suddenly blue abrupt abruptly
spread spreads creeps radiates
""".strip().splitlines()
"""Each line: words one of which may stand for another."""

_PREFIXES = ("un", "in", "im", "ir", "dis", "non", "mis")


@cache
def _groups() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    """Stem -> sides of opposites (2n and 2n + 1 are opposed); stem -> groups of like words."""
    opposed: dict[str, set[int]] = {}
    like: dict[str, set[int]] = {}
    for n, line in enumerate(_OPPOSITES):
        for side, words in enumerate(line.split("|")):
            for stem in stems(words.split()):
                opposed.setdefault(stem, set()).add(2 * n + side)
    for n, line in enumerate(_ALIKE):
        for stem in stems(line.split()):
            like.setdefault(stem, set()).add(n)
    frozen = [{stem: frozenset(found) for stem, found in kept.items()} for kept in (opposed, like)]
    return frozen[0], frozen[1]


def width() -> int:
    """How many columns `columns` counts."""
    return 2 * len(_OPPOSITES) + len(_ALIKE)


def sides() -> int:
    """How many of the columns are sides of opposites: 2n is the opposite of 2n + 1."""
    return 2 * len(_OPPOSITES)


def columns(stem: str) -> tuple[int, ...]:
    """The sides and then the groups of like words that a stem is in, as numbers of columns."""
    opposed, like = _groups()
    groups = [sides() + n for n in like.get(stem, ())]
    return tuple(sorted([*opposed.get(stem, ()), *groups]))


def opposite(one: str, other: str) -> bool:
    """Whether two stems mean opposite things: `heavi` and `light`, `treatabl` and `untreatabl`."""
    if one == other:
        return False
    known = _groups()[0]
    mine, theirs = known.get(one, frozenset()), known.get(other, frozenset())
    if any(side ^ 1 in theirs for side in mine) and not mine & theirs:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= 4 and any(long == prefix + short for prefix in _PREFIXES)


def alike(one: str, other: str) -> bool:
    """Whether one stem may stand for the other."""
    if one == other:
        return True
    opposed, groups = _groups()
    if groups.get(one, frozenset()) & groups.get(other, frozenset()):
        return not opposite(one, other)
    if opposed.get(one, frozenset()) & opposed.get(other, frozenset()):
        return not opposite(one, other)
    if " " in one or " " in other:  # "on the way up" and "on the way down"
        return False
    return len(one) >= 5 and len(other) >= 5 and one[:5] == other[:5]

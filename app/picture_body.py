"""Outlines of a body from the front and from behind: our own drawing, as SVG paths.

Only one half is drawn, midline at x = 0 and y = 0 at the ribs, down to y = 400 at the
ankles; the other half is its mirror image. Knows nothing of answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

View = Literal["front", "back"]

OUTLINE = (
    "M0,0 L43,0 C44,30 39,58 35,86 C34,104 38,118 44,134 C50,150 53,168 54,186 "
    "C55,218 48,256 41,286 C38,300 39,314 40,328 C41,352 33,376 29,400 L14,400 "
    "C14,380 9,352 10,328 C10,312 13,302 12,288 C9,262 5,232 2.5,205 Q1.5,200 0,200 Z"
)
"""The body around all muscles, the same from both sides."""

LINES: dict[View, tuple[str, ...]] = {
    "front": (
        "M43,138 C36,168 22,210 13,278",
        "M18,292 C18,284 34,284 34,292 C35,302 30,307 26,307 C22,307 17,302 18,292 Z",
        "M24,312 C22,338 21,366 22,392",
    ),
    "back": (
        "M13,10 C26,24 36,36 40,46",
        "M12,70 C22,84 29,104 31,122",
        "M13,296 C20,300 32,300 39,296",
    ),
}
"""Lines that only help to read the body: seams, kneecap, shin."""


@dataclass(frozen=True)
class Muscle:
    """A muscle that the map can light up."""

    label: str
    view: View
    """Where its label stands; the other view may show parts of it too."""
    anchor: tuple[float, float]
    """Where the label's line ends, in the half drawing."""
    front: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    deep: bool = False
    """Lies under another muscle: drawn over it, but only when lit, with a broken line."""


MUSCLES: dict[str, Muscle] = {
    "abdominals": Muscle(
        "Abdominals",
        "front",
        (8, 78),
        front=(
            "M1.5,12 C6,8 11,8 14,10 C15.5,18 15.5,26 15,32 C10,35 5,36 1.5,36 Z",
            "M1.5,40 C6,40 11,39 15,36 C15.6,46 15.4,54 15,60 C10,63 5,64 1.5,64 Z",
            "M1.5,68 C6,68 11,67 15,64 C15.4,74 15.4,82 15,90 C10,92 5,93 1.5,93 Z",
            "M1.5,97 C6,97 11,96 15,94 C15.2,118 11,142 4,160 Q2,163 1.5,160 Z",
            "M19,14 C28,21 36,27 41,30 C41,54 35,76 33,94 C33,108 37,119 42,130 "
            "C34,132 26,138 19,148 C17,122 18,60 19,14 Z",
        ),
    ),
    "hipflexors": Muscle(
        "Hip flexors",
        "front",
        (19, 170),
        front=(
            "M41,135 C32,138 24,145 19,153 C14,165 12,180 12,193 C15,198 19,196 21,190 "
            "C25,172 32,152 41,135 Z",
        ),
    ),
    "tfl": Muscle(
        "TFL\n(outer hip)",
        "front",
        (47, 168),
        front=(
            "M45.5,141 C42,150 40.5,160 40.5,170 C43,184 46,196 49,205 C52.5,190 53,174 51,160 "
            "C50,152 48,146 45.5,141 Z",
        ),
    ),
    "quadriceps": Muscle(
        "Quadriceps",
        "front",
        (33, 236),
        front=(
            "M33,164 C28,186 23,210 22,234 C21.5,254 23,270 25,283 C27,287 30,287 31,283 "
            "C35,264 37.5,240 38,216 C38.4,198 38.5,180 37,166 Q35,160 33,164 Z",
            "M41,180 C44,192 48,203 52,210 C51.5,236 46,262 40,285 C37,289 34,287 34,281 "
            "C38.5,254 41,218 41,180 Z",
            "M19.5,222 C16,238 13.5,256 13.2,272 C13,285 18,292 23,287 C24,284 23,279 22,272 "
            "C20.5,256 19.5,240 19.5,222 Z",
        ),
        back=("M53,216 C52,240 47,264 41.5,284 C41.5,262 47,240 49,222 Q51,218 53,216 Z",),
    ),
    "adductors": Muscle(
        "Adductors",
        "front",
        (9, 222),
        front=(
            "M2.5,204 C5,198 9,195 12,197 C16,200 19.5,203 20,207 C18,226 14,246 11.5,268 "
            "C8,248 5,226 2.5,204 Z",
        ),
        back=("M3,217 C6,219 9,220.5 12,221 C12,238 12,256 11.5,272 C8.5,254 5,234 3,214 Z",),
    ),
    "erectors": Muscle(
        "Erector\nspinae",
        "back",
        (7, 62),
        back=("M1.8,4 L10,4 C12,36 12,74 10.5,106 C9.5,122 6,136 1.8,146 Z",),
    ),
    "medius": Muscle(
        "Gluteus\nmedius",
        "back",
        (40, 139),
        back=(
            "M14,137 C22,127 33,124 42,130 C49,141 52.5,157 53,174 C46,160 34,148 21,143 "
            "Q16,141 14,137 Z",
        ),
        front=("M46.5,139 C50,148 52.6,158 53.4,170 C53,164 51.6,154 46.5,139 Z",),
    ),
    "minimus": Muscle(
        "Gluteus\nminimus",
        "back",
        (46, 154),
        back=("M31,133 C38,131 43,134 46,142 C49,150 51,158 51,166 C46,155 39,147 31,142 Z",),
        deep=True,
    ),
    "maximus": Muscle(
        "Gluteus\nmaximus",
        "back",
        (28, 190),
        back=(
            "M2.5,152 C7,143 13,140 19,145 C33,150 46,162 52.5,177 C55,192 52,207 45,214 "
            "C36,221 20,221 9,217 C4,215 2.5,210 2.2,203 C1.6,186 1.6,168 2.5,152 Z",
        ),
    ),
    "piriformis": Muscle(
        "Piriformis",
        "back",
        (38, 176),
        back=("M5,163 C18,163 34,168 48,178 C48.5,183 46,186 43,185 C30,179 17,176 6,177 Z",),
        deep=True,
    ),
    "rotators": Muscle(
        "Deep\nrotators",
        "back",
        (38, 196),
        back=(
            "M11,184 C23,182 36,184 47,189 C46.5,193 44,195 41,194 C31,191 21,191 12,192 Z",
            "M16,197 C26,194 36,195 46,199 C45.5,203 43,205 40,204 C32,202 25,203 17,205 Z",
        ),
        deep=True,
    ),
    "hamstrings": Muscle(
        "Hamstrings",
        "back",
        (38, 250),
        back=(
            "M33,222.5 C40,221 46,217.5 49,214 C48.5,240 45,266 39,290 C36,297 33,293 32.5,286 "
            "C34,262 34,240 33,222.5 Z",
            "M14.5,221.5 C21,223 27,223.2 30.5,222.8 C31,242 29,264 23,284 C19,296 14.5,297 14,291 "
            "C14.5,268 14,242 14.5,219 Z",
        ),
    ),
    "calves": Muscle(
        "Calves",
        "back",
        (32, 326),
        back=(
            "M13.5,304 C17,300 22,301 24.5,306 C26,324 25,342 21,357 C15,353 11,342 11.5,328 "
            "Q11.5,314 13.5,304 Z",
            "M27.5,306 C30,301 35,300 38,304 C40,318 40,336 36,350 C32,354 28.5,350 28,344 Z",
            "M20.5,361 C25,356 31,355 35,355 C32,370 28.5,384 27,398 L20,398 C19.5,384 19,372 "
            "20.5,361 Z",
        ),
        front=(
            "M37,308 C40,324 39,346 33,368 C35,346 35,326 37,308 Z",
            "M12.5,308 C10.5,326 12,346 17,366 C18,346 16.5,324 12.5,308 Z",
        ),
    ),
}
"""By the names that `app.answer.lexicon` gives to muscles."""

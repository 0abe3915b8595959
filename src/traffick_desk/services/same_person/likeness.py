"""How likely two entries are of one person, and why: points for what agrees and what does not.

The points are, about, the binary logarithm of how much more often something is seen between
two entries of one person than between two persons. They, and the two bounds, were fitted to
corrupted entries among 50,000 others (``benchmarks/same_person.py``, docs/measurements.md). What
comes out is a hint with its reasons, never a statement: an officer says whether it is so.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import ratio

from traffick_desk.domain.person_keys import (
    PersonFacts,
    birth_of,
    paper_number,
    parts,
    phone_number,
    sound,
)
from traffick_desk.domain.text import fold, tone_key
from traffick_desk.domain.values import PartialDate

POSSIBLE = 9
"""From here on it is shown as possible."""
LIKELY = 14
"""From here on it is shown as likely."""
WORTH_ASKING = 12
"""From here on two cases that are there are asked about without anybody typing."""

# Below this share of equal letters two parts of a name are two names.
_ALIKE = 60
_WHOLE_ALIKE = 82

POINTS = {
    "name_same": 9,
    "name_accents": 8,
    "name_spelling": 8,
    "name_order": 7,
    "name_part_missing": 6,
    "name_one_like": 5,
    "name_alike": 4,
    "name_one_differs": 1,
    "name_in_part": 0,
    "name_differs": -9,
    "birth_same": 8,
    "birth_month": 5,
    "birth_year": 3,
    "birth_swapped": 7,
    "birth_other_year": 5,
    "birth_one_off": 4,
    "birth_near": 1,
    "birth_differs": -2,
    "birth_far": -7,
    "sex_same": 0,
    "sex_differs": -5,
    "paper_same": 26,
    "paper_digit": 18,
    "paper_differs": -4,
    "phone_same": 6,
    "home_same": 3,
    "home_line": 5,
    "mother_same": 6,
    "mother_like": 3,
    "mother_differs": -3,
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two entries are.

    Attributes:
        points: the sum; see :data:`POSSIBLE` and :data:`LIKELY`.
        reasons: keys of :data:`POINTS`, the weightiest first.
    """

    points: int
    reasons: tuple[str, ...]

    @property
    def level(self) -> str:
        """``likely``, ``possible``, or "" below both."""
        return "likely" if self.points >= LIKELY else "possible" if self.points >= POSSIBLE else ""


# Names that agree as a whole say the less the more people bear them: (up to so many, points).
_WHOLE_NAMES = frozenset({"name_same", "name_accents", "name_spelling", "name_order"})
_BORNE_BY = ((2, 2), (6, 0), (25, -2))
_BORNE_BY_MANY = -4


def likeness(one: PersonFacts, other: PersonFacts, bearers: int = 0) -> Likeness:
    """Compare two entries; the same whichever comes first.

    Args:
        one: an entry.
        other: another.
        bearers: how many entries have this name, in any spelling; 0 if that is not known.
    """
    reasons = [
        reason
        for reason in (
            _papers(one, other),
            _names(one, other),
            _birth(birth_of(one.birth), birth_of(other.birth)),
            _sex(one.sex, other.sex),
            _phones(one, other),
            _homes(one, other),
            _mothers(one, other),
        )
        if reason
    ]
    points = sum(POINTS[reason] for reason in reasons)
    if bearers and not _WHOLE_NAMES.isdisjoint(reasons):
        points += next((p for most, p in _BORNE_BY if bearers <= most), _BORNE_BY_MANY)
    return Likeness(points, tuple(sorted(reasons, key=lambda r: (-abs(POINTS[r]), r))))


# -- names -----------------------------------------------------------------------------------


def _names(one: PersonFacts, other: PersonFacts) -> str:
    found = [name_likeness(a, b) for a in one.names for b in other.names]
    return max((f for f in found if f), key=lambda f: POINTS[f], default="")


def name_likeness(one: str, other: str) -> str:
    """How two names agree: a key of :data:`POINTS`, "" when one of them says nothing."""
    first, second = parts(one), parts(other)
    if not first or not second:
        return ""
    if first == second:
        same = _plain(one) == _plain(other) or _core(one, first) == _core(other, second)
        return "name_same" if same else "name_accents"
    heard = [sound(p) for p in first], [sound(p) for p in second]
    if heard[0] == heard[1] or "".join(heard[0]) == "".join(heard[1]):
        return "name_spelling"
    if sorted(heard[0]) == sorted(heard[1]):
        return "name_order"
    return _parts_left(*heard)


def _plain(name: str) -> str:
    return " ".join(tone_key(name).split())


def _core(name: str, kept: tuple[str, ...]) -> tuple[str, ...]:
    """The parts that count, with their accents."""
    return tuple(sorted(p for p in tone_key(name).split() if fold(p) in kept))


def _parts_left(one: list[str], other: list[str]) -> str:
    rest_one, rest_other = list(one), list(other)
    for part in one:
        if part in rest_other:
            rest_other.remove(part)
            rest_one.remove(part)
    shared = len(one) - len(rest_one)
    if not rest_one or not rest_other:
        return "name_part_missing" if shared > 1 else "name_in_part"
    if len(rest_one) == len(rest_other) <= 2 and shared:
        worst = _best_worst(rest_one, rest_other)
        if worst >= _ALIKE:
            return "name_one_like" if len(rest_one) == 1 else "name_alike"
        if len(rest_one) == 1 and shared > 1:
            return "name_one_differs"
    if ratio(" ".join(sorted(one)), " ".join(sorted(other))) >= _WHOLE_ALIKE:
        return "name_alike"
    return "name_differs"


def _best_worst(one: list[str], other: list[str]) -> float:
    """The least agreement of two lists of parts, put side by side as well as can be."""
    return max(
        min(ratio(a, b) for a, b in zip(one, order, strict=True)) for order in permutations(other)
    )


# -- dates -----------------------------------------------------------------------------------


def _birth(one: PartialDate | None, other: PartialDate | None) -> str:
    if one is None or other is None:
        return ""
    years = abs(one.year - other.year)
    guessed = one.estimated or other.estimated
    if one.month and one.day and other.month and other.day:
        return _days(one, other, years)
    if years == 0:
        if one.month and other.month and not guessed:
            return "birth_month" if one.month == other.month else "birth_near"
        return "birth_near" if guessed else "birth_year"
    if years <= 2:
        return "birth_near" if years == 1 or guessed else "birth_differs"
    return "birth_far" if years > (5 if guessed else 3) else "birth_differs"


def _days(one: PartialDate, other: PartialDate, years: int) -> str:
    """Two whole dates."""
    day, month = one.day == other.day, one.month == other.month
    if years == 0:
        if day and month:
            return "birth_same"
        if (one.day, one.month) == (other.month, other.day):
            return "birth_swapped"
        return "birth_one_off" if day or month else "birth_differs"
    if day and month and (years <= 2 or _one_digit(one.year, other.year)):
        return "birth_other_year"
    return "birth_far" if years > 3 else "birth_differs"


def _one_digit(one: int, other: int) -> bool:
    return int(Levenshtein.distance(f"{one:04d}", f"{other:04d}")) == 1


def _sex(one: str, other: str) -> str:
    known = {"female", "male"}
    if one not in known or other not in known:
        return ""
    return "sex_same" if one == other else "sex_differs"


# -- papers, telephones, homes, mothers ------------------------------------------------------


def _papers(one: PersonFacts, other: PersonFacts) -> str:
    best = ""
    for kind, number in one.papers:
        for other_kind, other_number in other.papers:
            a, b = paper_number(number), paper_number(other_number)
            if min(len(a), len(b)) < 5:
                continue
            if a == b:
                return "paper_same"
            if len(a) > 6 and _one_slip(a, b):
                best = "paper_digit"
            elif kind == other_kind == "citizen_card" and not best:
                # Nobody has two numbers of this kind.
                best = "paper_differs"
    return best


def _one_slip(one: str, other: str) -> bool:
    """One digit wrong, missing or too many, or two neighbours exchanged."""
    if int(Levenshtein.distance(one, other, score_cutoff=2)) == 1:
        return True
    if len(one) != len(other):
        return False
    wrong = [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and one[wrong[0]] == other[wrong[1]]
        and one[wrong[1]] == other[wrong[0]]
    )


def _phones(one: PersonFacts, other: PersonFacts) -> str:
    known = {phone_number(p) for p in one.phones} & {phone_number(p) for p in other.phones}
    return "phone_same" if known - {""} else ""


def _homes(one: PersonFacts, other: PersonFacts) -> str:
    best = ""
    for unit, old, line in one.homes:
        for other_unit, other_old, other_line in other.homes:
            if (unit and unit == other_unit) or (old and old == other_old):
                written = fold(line).split()
                if written and written == fold(other_line).split():
                    return "home_line"
                best = "home_same"
    return best


def _mothers(one: PersonFacts, other: PersonFacts) -> str:
    found = [name_likeness(a, b) for a in one.mothers for b in other.mothers]
    known = [f for f in found if f]
    if not known:
        return ""
    points = max(POINTS[f] for f in known)
    if points >= POINTS["name_part_missing"]:
        return "mother_same"
    return "mother_like" if points > 0 else "mother_differs"

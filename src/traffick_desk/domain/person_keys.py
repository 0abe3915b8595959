"""What tells persons apart, and what two entries of one person have in common.

A person is entered again years later by somebody else: with the parts of the name in another
order, without accents, without the middle name, with *i* for *y*, with a birth year from
memory. :func:`keys` gives digests of what usually survives that, so that an index finds the
few entries worth comparing among tens of thousands. Comparing is another matter
(``services.same_person``).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from typing import Any, Self

from traffick_desk.domain.text import fold
from traffick_desk.domain.values import PartialDate

# A name of more parts than this is not a name but a sentence.
MOST_PARTS = 6
_SHORTEST_PAPER = 5
_PART = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_NOT_NUMBER = re.compile(r"[\W_]+")

# How one sound is written in several ways: by officers of other provinces, by ear, or in
# the spelling of another language (Mông, Thái, Tày). First letters first.
_FIRST = (
    ("ngh", "ng"), ("ng", "ng"), ("nh", "nh"), ("kh", "kh"), ("gh", "g"), ("ph", "f"),
    ("tr", "ch"), ("gi", "d"), ("qu", "cu"), ("k", "c"), ("q", "c"), ("x", "s"), ("z", "d"),
    ("j", "d"), ("w", "v"), ("n", "l"),
)  # fmt: skip
_HEARD = dict(_FIRST)
# What begins a part and is not all of it.
_BEGINS = re.compile(rf"\A(?:{'|'.join(written for written, _heard in _FIRST)})(?=.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is known of a person that may tell who she is.

    Attributes:
        names: the name and the other names.
        birth: partial date, or "".
        sex: code, or "".
        papers: pairs of kind and number.
        homes: triples of unit, unit before July 2025, and line of the address.
        phones: as written.
        mothers: name of the mother, where a contact says so.
    """

    names: tuple[str, ...] = ()
    birth: str = ""
    sex: str = ""
    papers: tuple[tuple[str, str], ...] = ()
    homes: tuple[tuple[str, str, str], ...] = ()
    phones: tuple[str, ...] = ()
    mothers: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept; what is empty is left out."""
        return {name: value for name in _FACTS if (value := getattr(self, name))}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """The counterpart of :meth:`as_json`."""
        return cls(
            tuple(found.get("names", ())),
            found.get("birth", ""),
            found.get("sex", ""),
            tuple((kind, number) for kind, number in found.get("papers", ())),
            tuple((unit, old, line) for unit, old, line in found.get("homes", ())),
            tuple(found.get("phones", ())),
            tuple(found.get("mothers", ())),
        )

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.names or self.papers or self.phones)


_FACTS = tuple(field.name for field in fields(PersonFacts))


def parts(name: str) -> tuple[str, ...]:
    """The parts of a name that tell something, folded: *Đặng Thị Hoà* is ``dang``, ``hoa``.

    *Thị* and, in the middle, *Văn* are borne by half of all people and are often left out.
    """
    found = [part for part in _PART.findall(fold(name)) if part][: MOST_PARTS + 2]
    if len(found) > 2 and "thi" in found:
        found.remove("thi")
    if len(found) > 2 and "van" in found[1:-1]:
        found.pop(found.index("van", 1))
    return tuple(found[:MOST_PARTS])


def sound(part: str) -> str:
    """A folded part as it sounds: ``ly`` and ``li``, ``xung`` and ``sung`` have one sound."""
    return _BEGINS.sub(lambda found: _HEARD[found[0]], part, count=1).replace("y", "i")


def sounds(name: str) -> tuple[str, ...]:
    """The sounds of the parts of a name, in their order."""
    return tuple(sound(part) for part in parts(name))


def paper_number(text: str) -> str:
    """The number of a paper without what is only between its digits."""
    return _NOT_NUMBER.sub("", fold(text)).upper()


def phone_number(text: str) -> str:
    """The last nine digits of a telephone number; "" for what is none."""
    digits = "".join(c for c in text if c.isascii() and c.isdigit())
    return digits[-9:] if len(digits) >= 8 else ""


def birth_of(text: str) -> PartialDate | None:
    """The date of birth, or ``None`` if it is not known or not a date."""
    try:
        return PartialDate.parse(text) if text else None
    except ValueError:
        return None


def is_mother(relation: str) -> bool:
    """Whether a contact is said to be the person's own mother."""
    words = set(fold(relation).split())
    return bool(words & {"me", "mother"}) and not words & {"chong", "vo", "ke", "nuoi"}


def digest(text: str) -> int:
    """A number of 48 bits for *text*."""
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).digest(), "big"
    )


def docid(person_id: str) -> int:
    """The number under which a person is kept; the same on every desk."""
    raw = hashlib.blake2b(person_id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw, "big") >> 1


def keys(facts: PersonFacts) -> tuple[int, ...]:
    """Digests of what another entry of this person is likely to have, too."""
    return tuple(sorted({digest(text) for text, _weight in _keys(facts)}))


def keys_to_ask(facts: PersonFacts) -> dict[int, int]:
    """Digests to look for, slips of the birth date included, and how much each says."""
    wanted: Counter[int] = Counter()
    for text, weight in (*_keys(facts), *_slips(facts)):
        wanted[digest(text)] = max(wanted[digest(text)], weight)
    return dict(wanted)


def whole_name_keys(facts: PersonFacts) -> tuple[int, ...]:
    """Digests that are the same only where a whole name sounds the same."""
    return tuple(sorted({digest(_joined(sounds(name))) for name in facts.names if sounds(name)}))


def _joined(heard: Sequence[str]) -> str:
    return "j" + "".join(sorted(heard))


def _keys(facts: PersonFacts) -> Iterator[tuple[str, int]]:
    born = birth_of(facts.birth)
    for name in facts.names:
        heard = sounds(name)
        if not heard:
            continue
        yield _joined(heard), 4
        # "A Mai" is also written "Amai".
        yield "w" + "".join(heard), 4
        if len(heard) == 1:
            yield f"o{heard[0]}", 2
        for one, other in combinations(sorted(set(heard)), 2):
            yield f"n{one} {other}", 3
        if born is not None:
            for part in set(heard):
                yield f"y{born.year}{part}", 2
    if born is not None and born.month and born.day:
        yield _day(born.year, born.month, born.day), 5
    for _kind, number in facts.papers:
        yield from _paper_keys(paper_number(number))
    for phone in facts.phones:
        if found := phone_number(phone):
            yield f"t{found}", 8


def _slips(facts: PersonFacts) -> Iterator[tuple[str, int]]:
    born = birth_of(facts.birth)
    if born is None:
        return
    for name in facts.names:
        heard = sounds(name)
        for part in set(heard[1:] or heard):
            for year in (-2, -1, 1, 2):
                yield f"y{born.year + year}{part}", 1
    if born.month and born.day:
        yield _day(born.year, born.day, born.month), 4
        for year in (-2, -1, 1, 2):
            yield _day(born.year + year, born.month, born.day), 3


def _day(year: int, month: int, day: int) -> str:
    return f"d{year:04d}{month:02d}{day:02d}"


def _paper_keys(number: str) -> Iterable[tuple[str, int]]:
    """About two thirds of it, thrice: one wrong or missing digit leaves one of them whole."""
    length = len(number)
    if length < _SHORTEST_PAPER:
        return
    third = 4 if length >= 11 else 3 if length >= 8 else 2
    # Counted from both ends, so that a missing digit moves nothing.
    yield f"pa{number[: 2 * third]}", 9
    yield f"pz{number[-2 * third :]}", 9
    yield f"pm{number[:third]}{number[-third:]}", 9

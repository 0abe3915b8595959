"""Entries of one person as another officer writes them years later: slips by a seed."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from traffick_desk.domain.person_keys import PersonFacts, birth_of
from traffick_desk.domain.text import fold

Slip = Callable[[PersonFacts, random.Random], PersonFacts | None]
"""Makes another entry of the same person; ``None`` where it cannot happen to this one."""

_HEARD = (("x", "s"), ("s", "x"), ("tr", "ch"), ("ch", "tr"), ("gi", "d"), ("d", "gi"), ("l", "n"))
_TONES = "\u0300\u0309\u0303\u0301\u0323"


def _named(facts: PersonFacts, name: str) -> PersonFacts | None:
    return replace(facts, names=(name,)) if name and name != facts.names[0] else None


def _born(facts: PersonFacts, birth: str) -> PersonFacts | None:
    return replace(facts, birth=birth) if birth != facts.birth else None


def as_it_was(facts: PersonFacts, chance: random.Random) -> PersonFacts:  # noqa: ARG001
    """No slip."""
    return facts


def no_accents(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:  # noqa: ARG001
    """Typed on a telephone."""
    return _named(facts, fold(facts.names[0]).title())


def wrong_tone(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:
    """Another tone on the given name."""
    *rest, given = facts.names[0].split()
    plain = "".join(c for c in unicodedata.normalize("NFD", given) if c not in _TONES)
    place = next((n for n, c in enumerate(plain) if fold(c)[:1] in "aeiouy"), -1)
    if place < 0:
        return None
    marked = plain[: place + 1] + chance.choice(_TONES) + plain[place + 1 :]
    return _named(facts, " ".join((*rest, unicodedata.normalize("NFC", marked))))


def given_first(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:  # noqa: ARG001
    """As passports of other countries write it."""
    first, *rest = facts.names[0].split()
    return _named(facts, " ".join((*rest[::-1], first)))


def middle_missing(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:  # noqa: ARG001
    """Family name and given name only."""
    found = facts.names[0].split()
    return _named(facts, f"{found[0]} {found[-1]}") if len(found) > 2 else None


def i_for_y(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:  # noqa: ARG001
    """*Lý* and *Lí*."""
    change = str.maketrans("yýỳỷỹỵiíìỉĩị", "iíìỉĩịyýỳỷỹỵ")
    return _named(facts, facts.names[0].translate(change))


def by_ear(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:
    """Another first letter of the same sound, as names of other peoples are heard."""
    found = facts.names[0].split()
    for place in chance.sample(range(len(found)), len(found)):
        part = found[place].lower()
        for written, heard in chance.sample(_HEARD, len(_HEARD)):
            if part.startswith(written) and len(part) > len(written) + 1:
                found[place] = (heard + part[len(written) :]).capitalize()
                return _named(facts, " ".join(found))
    return None


def slip_of_finger(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:
    """One letter wrong, missing or twice in one part."""
    found = facts.names[0].split()
    place = chance.randrange(len(found))
    part = found[place]
    if len(part) < 3:
        return None
    at = chance.randrange(1, len(part))
    letter = chance.choice("aeghinotu")
    head, tail = part[:at], part[at + 1 :]
    found[place] = chance.choice((head + letter + tail, head + tail, head + part[at - 1 :]))
    return _named(facts, " ".join(found))


def nickname(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:  # noqa: ARG001
    """The other name, if one was written down."""
    return _named(facts, facts.names[1]) if len(facts.names) > 1 else None


def year_only(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:  # noqa: ARG001
    """Day and month not known."""
    return _born(facts, facts.birth[:4])


def age_told(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:
    """An age, a year wrong at times."""
    born = birth_of(facts.birth)
    return _born(facts, f"{born.year + chance.choice((-1, 0, 0, 1))}~") if born else None


def other_year(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:
    """The year one or two off, day and month right."""
    born = birth_of(facts.birth)
    if born is None or not born.day or born.month == 2:
        return None
    return _born(facts, f"{born.year + chance.choice((-2, -1, 1, 2)):04d}{facts.birth[4:]}")


def swapped(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:  # noqa: ARG001
    """Day and month exchanged."""
    born = birth_of(facts.birth)
    if born is None or not born.day or born.day > 12:
        return None
    return _born(facts, f"{born.year:04d}-{born.day:02d}-{born.month:02d}")


def no_birth(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:  # noqa: ARG001
    """Not asked yet: the name alone."""
    return _born(facts, "")


NAME_SLIPS: dict[str, Slip] = {
    "accents dropped": no_accents,
    "another tone": wrong_tone,
    "given name first": given_first,
    "middle name missing": middle_missing,
    "i for y": i_for_y,
    "by ear (x/s, tr/ch, gi/d, l/n)": by_ear,
    "one letter wrong": slip_of_finger,
    "the other name": nickname,
}
BIRTH_SLIPS: dict[str, Slip] = {
    "year of birth only": year_only,
    "age told": age_told,
    "year one or two off": other_year,
    "day and month exchanged": swapped,
    "no date of birth": no_birth,
}


def paper_slip(facts: PersonFacts, chance: random.Random) -> PersonFacts | None:
    """One digit of the paper wrong; the name that of a stranger."""
    if not facts.papers:
        return None
    kind, number = facts.papers[0]
    at = chance.randrange(len(number))
    wrong = number[:at] + str((int(number[at]) + chance.randrange(1, 10)) % 10) + number[at + 1 :]
    return replace(facts, papers=((kind, wrong),))


def without_helps(facts: PersonFacts, chance: random.Random) -> PersonFacts:
    """What is left of an entry at a second reception: no papers; home told by every second."""
    homes = facts.homes if chance.random() < 0.5 else ()
    return replace(facts, papers=(), phones=(), homes=homes, mothers=())

"""Finding an administrative unit while its name is typed."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from traffick_desk.domain import text

_TOKEN = re.compile(r"[^\W_]+")
_GLUED = re.compile(r"\b([pqxh])\s*\.?\s*(\d+)\b")
_DOTTED = re.compile(r"\b(tp|tt|tx|p|q|x|h|t)\.\s*")
_SHORT = {
    "tp": "thanh pho ",
    "tt": "thi tran ",
    "tx": "thi xa ",
    "p": "phuong ",
    "q": "quan ",
    "x": "xa ",
    "h": "huyen ",
    "t": "tinh ",
}
_KIND_WORDS = {
    ("xa",): "xa",
    ("phuong",): "phuong",
    ("tinh",): "tinh",
    ("huyen",): "huyen",
    ("quan",): "quan",
    ("thi", "xa"): "thi-xa",
    ("thi", "tran"): "thi-tran",
    ("thanh", "pho"): "thanh-pho",
    ("dac", "khu"): "dac-khu",
}
_KINDS = re.compile(
    r"\b(?:thành phố|thị xã|thị trấn|đặc khu|xã|phường|tỉnh|huyện|quận)\b", re.IGNORECASE
)
_KIND_LENGTH = {kind: len(words) for words, kind in _KIND_WORDS.items()}
_ENOUGH = 400
"""More candidates than this are cut down before they are ranked."""


@dataclass(frozen=True, slots=True)
class Match:
    """A unit that was found.

    Attributes:
        id: the unit.
        label: its full name, to be shown.
        via: the other spelling or former name that was found, or empty. Former names
            come without accents and spaces.
    """

    id: str
    label: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class _Query:
    words: list[str]
    """Every word, folded."""
    readings: list[list[str]]
    """What may be the name and the units above it: *quan son* is a name, or a kind and one."""
    needed: list[str]
    """The words that are no kind of unit; all words if nothing else was typed."""
    kind: str
    """The kind that was typed first, or empty."""
    accents: list[tuple[str, str]]
    """Letters and tone of the words that were typed with accents."""


def _words(folded: str) -> list[str]:
    return _TOKEN.findall(folded.replace("'", ""))


def _parse(typed: str) -> _Query:
    folded = _GLUED.sub(lambda m: _SHORT[m.group(1)] + m.group(2), text.fold(typed[:200]))
    folded = _DOTTED.sub(lambda m: _SHORT[m.group(1)], folded)
    words = _words(folded)[:12]
    needed, kinds = [], []
    position = 0
    while position < len(words):
        pair = tuple(words[position : position + 2])
        kind = _KIND_WORDS.get(pair) if len(pair) == 2 else None
        step = 2 if kind else 1
        kind = kind or _KIND_WORDS.get(pair[:1])
        if kind:
            kinds.append((position, kind))
        elif words[position] not in {"tp", "tt", "tx"}:
            needed.append(words[position])
        position += step
    plain = text.nfc(typed[:200]).lower().replace("’", "").replace("'", "")
    accented = [word for word in _TOKEN.findall(_KINDS.sub(" ", plain)) if not word.isascii()]
    accents = [text.syllable(word) for word in accented]
    first = kinds[0][1] if kinds and kinds[0][0] == 0 else ""
    readings = [needed or words]
    for reading in (words, words[_KIND_LENGTH[first] :] if first else []):
        if reading and reading not in readings:
            readings.append(reading)
    return _Query(words, readings, needed or words, first if needed else "", accents)


class Index:
    """The words of all names. Built once, in about 60 ms, at the first search.

    Some twenty thousand names stay in memory as long as the program runs, so a word is kept once,
    and what belongs to it is kept as packed numbers.
    """

    def __init__(
        self,
        names: list[str],
        kinds: list[str],
        parents: list[int],
        extra: list[tuple[int, str]],
        former: list[tuple[str, int]],
    ) -> None:
        """Index *names* of units given by position.

        Args:
            names: of every unit.
            kinds: of every unit.
            parents: position of the unit above, -1 for none; always before the unit.
            extra: further names of units.
            former: names without accents and spaces, and the unit that has them now.
        """
        self._kinds = kinds
        self._parents = parents
        self._names = names + [name for _unit, name in extra]
        self._unit = list(range(len(names))) + [unit for unit, _name in extra]
        folded = text.fold("\n".join(self._names)).split("\n")
        self._words: list[tuple[str, ...]] = []
        postings: dict[str, array[int]] = defaultdict(_numbers)
        first: dict[str, array[int]] = defaultdict(_numbers)
        once: dict[str, str] = {}
        for entry, name in enumerate(folded):
            words = name.split()
            if not name.replace(" ", "").isalnum():
                # Ea H'leo is found by "hleo" and by "leo"; dashes are no words.
                words = _words(name)
                for part in _TOKEN.findall(name):
                    _add(postings[part], entry)
            kept = tuple(once.setdefault(word, word) for word in words)
            self._words.append(kept)
            for word in kept:
                _add(postings[word], entry)
            _add(first[kept[0]], entry)
        self._by_name = array("I", sorted(range(len(folded)), key=self._plain_name))
        self._postings = dict(postings)
        self._first = dict(first)
        self._sorted = sorted(postings)
        below: dict[int, array[int]] = defaultdict(_numbers)
        for entry, unit in enumerate(self._unit):
            above = parents[unit]
            while above >= 0:
                below[above].append(entry)
                above = parents[above]
        self._below = dict(below)
        self._former = sorted(former)
        self._syllables = cache(self._read_syllables)

    def _plain_name(self, entry: int) -> str:
        return " ".join(self._words[entry])

    def _named(self, name: str) -> set[int]:
        """Entries whose name is *name*, folded."""
        position = bisect_left(self._by_name, name, key=self._plain_name)
        found = set()
        while position < len(self._by_name) and self._plain_name(self._by_name[position]) == name:
            found.add(self._by_name[position])
            position += 1
        return found

    def _prefixed(self, prefix: str, postings: Mapping[str, array[int]]) -> set[int]:
        position = bisect_left(self._sorted, prefix)
        found: list[array[int]] = []
        while position < len(self._sorted) and self._sorted[position].startswith(prefix):
            entries = postings.get(self._sorted[position])
            if entries:
                found.append(entries)
            position += 1
        return set().union(*found)

    def find(
        self, typed: str, ranges: list[tuple[int, int]], top: int, limit: int
    ) -> list[tuple[int, str]]:
        """Units that fit, the best first, each with the other name that was found or "".

        Args:
            typed: what was typed so far.
            ranges: the positions of the units to look among.
            top: the unit above those to look for, or -1.
            limit: how many to give at most.
        """
        query = _parse(typed)
        if not query.words or limit <= 0:
            return []
        own = {word: self._prefixed(word, self._postings) for word in dict.fromkeys(query.needed)}
        fitting: set[int] | None = None
        for entries in own.values():
            reach = entries
            if len(own) > 1:
                above = {self._unit[entry] for entry in entries}
                reach = entries.union(*(self._below[unit] for unit in above & self._below.keys()))
            fitting = set(reach) if fitting is None else fitting & reach
        candidates = (fitting or set()) & set().union(*own.values())
        candidates = self._among(candidates, ranges, top)
        if len(candidates) > _ENOUGH:
            chosen: set[int] = set()
            for words in query.readings:
                for length in range(1, len(words) + 1):
                    chosen |= self._named(" ".join(words[:length]))
                chosen |= set(sorted(self._prefixed(words[0], self._first) & candidates)[:_ENOUGH])
            candidates = (chosen & candidates) or set(sorted(candidates)[:_ENOUGH])
        best: dict[int, tuple[tuple[object, ...], int]] = {}
        for entry in candidates:
            rank = self._rank(entry, query)
            unit = self._unit[entry]
            if unit not in best or rank < best[unit][0]:
                best[unit] = (rank, entry)
        ordered = sorted(best.items(), key=lambda item: item[1][0])[:limit]
        found = [(u, self._names[e] if e != u else "") for u, (_rank, e) in ordered]
        if len(found) < limit:
            known = {unit for unit, _via in found}
            for unit, via in self._formerly("".join(query.needed), ranges, top):
                if unit not in known and len(found) < limit:
                    known.add(unit)
                    found.append((unit, via))
        return found

    def _among(self, entries: set[int], ranges: list[tuple[int, int]], top: int) -> set[int]:
        if top >= 0:
            entries = entries.intersection(self._below.get(top, ()))
        if len(ranges) == 5:  # every range there is
            return entries
        unit = self._unit
        return {e for e in entries if any(start <= unit[e] < end for start, end in ranges)}

    def _formerly(
        self, squashed: str, ranges: list[tuple[int, int]], top: int
    ) -> list[tuple[int, str]]:
        if len(squashed) < 4:
            return []
        position = bisect_left(self._former, (squashed, -1))
        found = []
        while position < len(self._former) and self._former[position][0].startswith(squashed):
            key, unit = self._former[position]
            if self._among({unit}, ranges, top):
                found.append((unit, key))
            position += 1
        return found

    def _rank(self, entry: int, query: _Query) -> tuple[object, ...]:
        unit = self._unit[entry]
        words = self._words[entry]
        place = min(_place(words, typed) for typed in query.readings)
        return (
            self._missed_accents(unit, entry, query) if query.accents else 0,
            place,
            query.kind != "" and query.kind != self._kinds[unit],
            entry != unit,
            self._depth(unit),
            len(words),
            words,
            unit,
        )

    def _depth(self, unit: int) -> int:
        """0 for a province; old districts and communes alike come after it."""
        return 0 if self._parents[unit] < 0 else 1

    def _read_syllables(self, entry: int) -> list[tuple[str, str]]:
        name = self._names[entry].replace("’", "").replace("'", "")
        return [text.syllable(word) for word in _TOKEN.findall(name)]

    def _missed_accents(self, unit: int, entry: int, query: _Query) -> int:
        have = list(self._syllables(entry))
        above = self._parents[unit]
        while above >= 0:
            have += self._syllables(above)
            above = self._parents[above]
        return sum(
            not any(
                letters.startswith(wanted) and tone in {"", has_tone} for letters, has_tone in have
            )
            for wanted, tone in query.accents
        )


def _numbers() -> array[int]:
    return array("I")


def _add(entries: array[int], entry: int) -> None:
    """Add an entry, which is never smaller than those before, once."""
    if not entries or entries[-1] != entry:
        entries.append(entry)


def _place(words: Sequence[str], typed: Sequence[str]) -> int:
    """How well the typed words begin the name: 0 is the name itself, 3 a later word."""
    run = 0
    for word, part in zip(words, typed, strict=False):
        if word == part:
            run += 1
        elif word.startswith(part):
            return 1 if run + 1 == len(typed) else 2
        else:
            break
    if run == len(words):
        return 0
    if run == len(typed):
        return 1
    return 2 if run else 3

"""Addresses of an old register: which administrative unit they mean, and what it is today."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from traffick_desk.domain.text import clean, tone_key
from traffick_desk.domain.units import COMMUNE, NEW, OLD, Dataset, Unit, Units
from traffick_desk.i18n import _
from traffick_desk.services.register.columns import codes_in
from traffick_desk.services.register.table import plain

REFORM = "2025-07-01"
_P, _D, _C = "province", "district", "commune"
_WORDS = {
    "tinh": _P, "t": _P, "thanh pho": _P + _D + _C, "tp": _P + _D + _C, "huyen": _D, "h": _D,
    "quan": _D, "q": _D, "thi xa": _D, "tx": _D, "xa": _C, "x": _C, "phuong": _C, "p": _C,
    "thi tran": _C, "tt": _C, "dac khu": _C,
}  # fmt: skip
_NAMED = re.compile(
    r"^(tỉnh|thành phố|thị trấn|thị xã|đặc khu|huyện|quận|phường|xã|tinh|thanh pho|thi tran|thi xa"
    r"|huyen|quan|phuong|xa|tp|tt|tx|[thqxp](?=[.\d]))(?:[.:]\s*|\s+|(?=\d))(.+)$",
    re.IGNORECASE,
)
_INSIDE = re.compile(
    r"(?<!thị)(?<!Thị)\s+(?=(?:xã|phường|thị trấn|thị xã|huyện|quận|tỉnh|thành phố"
    r"|TP\.?|TX\.?|TT\.?)\s+[^\W\d_])",
)
_PARTS = re.compile(r"\s*[,;\n]\s*|\s+[-–]\s+")
_NOTHING = frozenset({"", "khong ro", "chua ro", "khong", "khong biet", "khong co", "unknown", "x"})
_HOME = frozenset({"viet nam", "vn", "viet nam vn"})


@dataclass(frozen=True, slots=True)
class Place:
    """What an address means.

    Attributes:
        unit: the unit of today, or "".
        old_unit: the unit before July 2025, or "".
        line: what stands before the units, or the whole text if no unit is known.
        country: code, for an address abroad.
        remark: what the officer should know, or "".
    """

    unit: str = ""
    old_unit: str = ""
    line: str = ""
    country: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """An address in parts as they were written; "" for what is not given."""

    line: str = ""
    commune: str = ""
    district: str = ""
    province: str = ""


class Places:
    """Reads addresses; what was read once is remembered."""

    def __init__(self, units: Units, home: str) -> None:
        """Read for a desk in unit *home*: its province is meant where an address names none."""
        self._units = units
        self._home = units.province_of(home).id
        self._below: dict[str, dict[str, list[str]]] = {}
        self._known: dict[tuple[object, ...], Place] = {}

    # --- names of units

    @cached_property
    def _provinces(self) -> dict[Dataset, dict[str, str]]:
        return {
            dataset: {
                name: unit.id
                for unit in self._units.provinces(dataset)
                for name in self._names(unit)
            }
            for dataset in (OLD, NEW)
        }

    @cached_property
    def _home_provinces(self) -> dict[Dataset, tuple[str, ...]]:
        old = tuple(
            unit.id
            for unit in self._units.provinces(OLD)
            if any(new.id == self._home for new in self._units.new_for_old(unit.id))
        )
        return {OLD: old, NEW: (self._home,)}

    @staticmethod
    def _names(unit: Unit) -> Iterable[str]:
        for name in (unit.name, *unit.aliases):
            words = plain(name)
            yield words
            yield words.replace(" ", "")

    def _in(self, top: str, level: str) -> dict[str, list[str]]:
        """Plain name → ids of the districts or communes below *top*."""
        key = f"{level}:{top}"
        if key not in self._below:
            found: dict[str, list[str]] = defaultdict(list)
            units = self._units.districts(top) if level == _D else self._units.communes(top)
            for unit in units:
                for name in dict.fromkeys(self._names(unit)):
                    found[name].append(unit.id)
            self._below[key] = dict(found)
        return self._below[key]

    # --- reading

    def read(self, text: str, on: str = "") -> Place:
        """The address *text*, written on day *on* (``YYYY-MM-DD``) if that is known."""
        text = clean(text, limit=len(text) * 4 + 1)
        key = (text, on >= REFORM if on else None)
        if key not in self._known:
            self._known[key] = self._read(text, on)
        return self._known[key]

    def _read(self, text: str, on: str) -> Place:
        if not text or plain(text) in _NOTHING:
            return Place()
        pieces = [p.strip(" .") for p in _PARTS.split(_INSIDE.sub(", ", text)) if p.strip(" .")]
        if pieces and plain(pieces[-1]) in _HOME:
            pieces.pop()
        elif pieces and not self._is_unit(pieces[-1]):
            country = codes_in("country", pieces[-1])
            if len(country) == 1:
                return Place(line=", ".join(pieces[:-1]), country=country[0])
        best: Place | None = None
        for dataset in self._order(pieces, on):
            found = self._resolve(pieces, dataset)
            if found is not None and (best is None or _depth(found) > _depth(best)):
                best = found
            # Before the reform there were no units of today, so nothing better is to come.
            if best is not None and (_depth(best) == 3 or "" < on < REFORM):
                break
        if best is not None:
            return best
        return Place(
            line=text[:300],
            remark=_("No commune or province is recognised; the address is kept as it is written."),
        )

    def read_parts(self, parts: Parts, on: str = "") -> Place:
        """An address whose units stand in columns of their own."""

        def named(kind: str, text: str) -> str:
            return text if not text or _NAMED.match(text) else f"{kind} {text}"

        # A town is a province or a district; the column says which.
        pieces = [
            parts.line,
            named("xã", parts.commune),
            named("huyện", re.sub(r"^(?i:thành phố|tp)\.?\s*", "huyện ", parts.district)),
            named("tỉnh", re.sub(r"^(?i:thành phố|tp)\.?\s*", "tỉnh ", parts.province)),
        ]
        return self.read(", ".join(p for p in pieces if p), on)

    def unit(self, text: str, on: str = "") -> Place:
        """A cell that names a unit alone."""
        return self.read(text, on)

    def _is_unit(self, piece: str) -> bool:
        return any(plain(piece) in names for names in self._provinces.values())

    def _order(self, pieces: list[str], on: str) -> tuple[Dataset, ...]:
        kinds = {_kind(piece)[0] for piece in pieces}
        if _D in kinds:
            return (OLD,)
        return (NEW, OLD) if on >= REFORM else (OLD, NEW)

    def _resolve(self, pieces: list[str], dataset: Dataset) -> Place | None:
        rest = list(pieces)
        tops: tuple[str, ...] = ()
        kind, name = _kind(rest[-1]) if rest else ("", "")
        if rest and (not kind or _P in kind) and name in self._provinces[dataset]:
            tops = (self._provinces[dataset][name],)
            rest.pop()
        elif kind == _P:
            return None
        said = bool(tops)
        tops = tops or self._home_provinces[dataset]
        district = ""
        if dataset == OLD and rest:
            kind, name = _kind(rest[-1])
            if not kind or _D in kind:
                # A bare name before another that is a commune of it is a district.
                found = [d for top in tops for d in self._in(top, _D).get(name, ())]
                if len(found) == 1 and (kind or self._communes_end(rest[:-1], found[0])):
                    district = found[0]
                    rest.pop()
        communes: list[str] = []
        if rest:
            kind, name = _kind(rest[-1])
            if not kind or _C in kind:
                inside = (district,) if district else tops
                communes = [c for top in inside for c in self._in(top, _C).get(name, ())]
                if len(communes) > 1 and kind:
                    communes = self._of_kind(communes, rest[-1]) or communes
                if len(communes) > 1:
                    communes = self._same_accents(communes, rest[-1]) or communes
                if not communes and (kind or said or district):
                    communes = self._former(name, inside)
        if communes:
            rest.pop()
        line = ", ".join(rest)
        if len(communes) > 1:
            names = "; ".join(self._units.full_name(c) for c in communes[:4])
            words = _("More than one commune has this name ({names}); please choose it later.")
            return Place(line=", ".join(pieces)[:300], remark=words.format(names=names))
        lowest = communes[0] if communes else district or (tops[0] if said else "")
        if not lowest:
            return None
        return self._today(lowest, line, complete=bool(communes))

    def _communes_end(self, pieces: list[str], district: str) -> bool:
        if not pieces:
            return True
        kind, name = _kind(pieces[-1])
        return bool(kind) or name in self._in(district, _C)

    def _of_kind(self, found: list[str], piece: str) -> list[str]:
        match = _NAMED.match(piece)
        kind = {"x": "xa", "p": "phuong", "tt": "thi-tran"}.get(
            plain(match[1]) if match else "", plain(match[1]).replace(" ", "-") if match else ""
        )
        return [unit for unit in found if self._units.get(unit).kind == kind]

    def _same_accents(self, found: list[str], piece: str) -> list[str]:
        match = _NAMED.match(piece)
        wanted = tone_key(match[2] if match else piece)
        return [unit for unit in found if tone_key(self._units.get(unit).name) == wanted]

    def _former(self, name: str, tops: tuple[str, ...]) -> list[str]:
        """A commune that has another name since: the search knows former names."""
        if len(name) < 4:
            return []
        squeezed = name.replace(" ", "")
        for top in tops:
            hits = self._units.search(name, level=COMMUNE, within=top, limit=3)
            fitting = [h.id for h in hits if h.via and plain(h.via).replace(" ", "") == squeezed]
            if fitting:
                return fitting
        return []

    def _today(self, found: str, line: str, *, complete: bool) -> Place:
        line = line[:300]
        remark = ""
        if not complete:
            text = _("Only {unit} is recognised; please look at the commune.")
            remark = text.format(unit=self._units.full_name(found))
        if found.startswith(NEW):
            return Place(unit=found, line=line, remark=remark)
        new = self._units.new_for_old(found)
        if len(new) == 1:
            return Place(new[0].id, found, line, "", remark)
        if complete:
            names = ", ".join(self._units.title(unit) for unit in new[:5])
            text = _("This commune was divided ({names}); the old one is kept, choose later.")
            remark = text.format(names=names)
        return Place(old_unit=found, line=line, remark=remark)


def _depth(place: Place) -> int:
    """How much of an address is understood: 3 a commune, 1 less, 0 nothing."""
    if not (place.unit or place.old_unit):
        return 0
    return 3 if len((place.unit or place.old_unit)[5:]) == 5 or len(place.old_unit[5:]) == 5 else 1


def _kind(piece: str) -> tuple[str, str]:
    """The levels that *piece* may be by its first word, and its plain name."""
    match = _NAMED.match(piece)
    if match is None:
        return "", plain(piece)
    levels = _WORDS.get(plain(match[1]), "")
    return levels, plain(match[2])

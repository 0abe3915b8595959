"""Administrative units of Viet Nam, dated: before and after the reform of 1 July 2025.

A unit is named by data set and official code: ``2025/08`` is a province and
``2025/00691`` a commune of the two levels in force since 2025-07-01; ``2004/02``,
``2004/024`` and ``2004/00691`` are a province, a district and a commune of the three
levels before. A code keeps its number when the unit changes its name or kind, so one
unit may have several *forms*, each with its days in force.

Sources and licences: ``resources/units/NOTICE.md``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from traffick_desk import i18n, resources
from traffick_desk.domain import practice, text
from traffick_desk.domain.unit_search import Index, Match

if TYPE_CHECKING:
    from pathlib import Path

Dataset = Literal["2025", "2004"]
Level = Literal["province", "district", "commune"]

NEW: Dataset = "2025"
OLD: Dataset = "2004"
PROVINCE: Level = "province"
DISTRICT: Level = "district"
COMMUNE: Level = "commune"

__all__ = ["COMMUNE", "DISTRICT", "NEW", "OLD", "PROVINCE", "Match", "Unit", "UnitDataError"]
__all__ += ["Units", "UnknownUnitError"]

_LAST_DAY_OF_OLD = date(2025, 6, 30)
_NUMBER = re.compile(r"\d+")


class UnknownUnitError(LookupError):
    """No administrative unit has this identifier."""

    code = "unknown-unit"

    def __init__(self, unit_id: str) -> None:
        self.unit_id = unit_id
        texts = {
            "vi": f"Không có đơn vị hành chính mang mã “{unit_id}”. "
            "Dữ liệu không thay đổi. Hãy chọn lại đơn vị từ danh sách.",
            "en": f"No administrative unit has the code “{unit_id}”. "
            "No data was changed. Choose the unit from the list again.",
        }
        super().__init__(texts[i18n.language()])


class UnitDataError(RuntimeError):
    """The packaged list of units is damaged: a fault of the installation."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in one of its forms.

    Attributes:
        id: data set and official code, ``2025/00691``.
        name: without the kind: *Hà Giang 1*.
        kind: a key of :attr:`Units.kinds`: ``tinh``, ``thanh-pho``, ``quan``, ``huyen``,
            ``thi-xa``, ``xa``, ``phuong``, ``thi-tran`` or ``dac-khu``.
        level: province, district (old units only) or commune.
        parent: id of the unit above; empty for a province.
        valid_from: first day in force; ``None`` when the sources do not say.
        valid_to: last day in force; ``None`` while it is in force.
        aliases: other spellings and earlier names.
        lat: degrees north of the centre, or ``None``; old units have no position.
        lon: degrees east.
        decision: number of the resolution that made this form, or empty.
    """

    id: str
    name: str
    kind: str
    level: Level
    parent: str
    valid_from: date | None
    valid_to: date | None
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    decision: str = ""

    @property
    def dataset(self) -> str:
        """``2025`` or ``2004``."""
        return self.id[:4]

    @property
    def code(self) -> str:
        """The official code: 2, 3 or 5 digits."""
        return self.id[5:]


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


class Units:
    """All units, old and new, with what became of what."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Take over the content of ``units.json``; :meth:`load` reads it."""
        self._data = data
        self.as_of: date = date.fromisoformat(data["meta"]["as_of"])
        """The day up to which changes of units are known."""
        self.kinds: dict[str, dict[str, str]] = data["kinds"]
        # Columns rather than objects: 14,000 units are read at every start.
        self._at: dict[str, int] = {}
        self._ids: list[str] = []
        self._rows: list[list[Any]] = []
        self._parents: list[int] = []
        self._levels: dict[tuple[Dataset, Level], tuple[int, int]] = {}
        self._add(NEW, PROVINCE, {"": data["provinces"]})
        self._add(NEW, COMMUNE, data["communes"])
        self._add(OLD, PROVINCE, {"": data["old_provinces"]})
        self._add(OLD, DISTRICT, data["old_districts"])
        self._add(OLD, COMMUNE, data["old_communes"])

    def _add(self, dataset: Dataset, level: Level, groups: dict[str, list[list[Any]]]) -> None:
        start = len(self._rows)
        for code, rows in groups.items():
            parent = self._at[f"{dataset}/{code}"] if code else -1
            self._rows += rows
            self._ids += [f"{dataset}/{row[0]}" for row in rows]
            self._parents += [parent] * len(rows)
        end = len(self._rows)
        self._at.update(zip(self._ids[start:end], range(start, end), strict=True))
        if len(self._at) != end:
            raise UnitDataError(f"two units of {dataset} have one code")
        self._levels[dataset, level] = (start, end)

    @classmethod
    def load(cls, path: Path | None = None, *, practising: bool = False) -> Units:
        """The packaged list, read once a process (about 30 ms); it never changes.

        Args:
            path: the list that came with the program if ``None``.
            practising: with the invented province of practice, which no real desk knows.

        Raises:
            UnitDataError: the file is missing or damaged, or has a code kept for practice.
        """
        if path is None:
            return _packaged(practising)
        try:
            data = json.loads(path.read_bytes())
            if practice.holds_reserved(data):
                raise UnitDataError(f"{path.name}: a code of practice")
            if practising:
                practice.add_units(data)
            return cls(data)
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise UnitDataError(f"{path.name}: {error}") from error

    # --- one unit

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._at

    def __len__(self) -> int:
        return len(self._ids)

    def _index_of(self, unit_id: str) -> int:
        try:
            return self._at[unit_id]
        except (KeyError, TypeError):
            raise UnknownUnitError(str(unit_id)) from None

    def _level(self, index: int) -> Level:
        return next(
            level
            for (_dataset, level), (start, end) in self._levels.items()
            if start <= index < end
        )

    def get(self, unit_id: str, on: date | None = None) -> Unit:
        """The unit in its latest form, or in the form it had *on* that day.

        A day before the first or after the last form gives the nearest one: an old
        address may carry a name of any date. :meth:`in_force` says whether it fits.

        Raises:
            UnknownUnitError: no unit has this id.
        """
        index = self._index_of(unit_id)
        forms = self._forms(index)
        chosen = forms[-1]
        if on is not None:
            for form in reversed(forms):
                chosen = form
                if form[2] is None or form[2] <= on:
                    break
        name, kind, start, end, decision = chosen
        others = [form[0] for form in forms if form[0] != name]
        aliases = dict.fromkeys([*self._data["aliases"].get(unit_id, ()), *others])
        row = self._rows[index]
        new = unit_id.startswith(NEW)
        parent = self._parents[index]
        return Unit(
            unit_id,
            name,
            kind,
            self._level(index),
            self._ids[parent] if parent >= 0 else "",
            start,
            end,
            tuple(aliases),
            row[3] if new else None,
            row[4] if new else None,
            decision,
        )

    def _forms(self, index: int) -> list[tuple[str, str, date | None, date | None, str]]:
        unit_id = self._ids[index]
        known = self._data["forms"].get(unit_id)
        decision = ""
        if unit_id.startswith(NEW) and self._parents[index] >= 0:
            decision = self._data["decisions"][self._ids[self._parents[index]][5:]]
        if known:
            return [(n, k, _day(a), _day(b), d or decision) for n, k, a, b, d in known]
        row = self._rows[index]
        if unit_id.startswith(NEW):
            start = date.fromisoformat(self._data["meta"]["in_force_since"])
            return [(row[1], row[2], start, None, decision)]
        return [(row[1], row[2], None, _LAST_DAY_OF_OLD, "")]

    def history(self, unit_id: str) -> tuple[Unit, ...]:
        """Every known form of the unit, the oldest first."""
        forms = self._forms(self._index_of(unit_id))
        return tuple(self.get(unit_id, on=form[2] or form[3]) for form in forms)

    def in_force(self, unit_id: str, on: date) -> bool:
        """Whether the unit existed *on* that day.

        The sources give no first day for the old units; those count as in force on
        every day up to 30 June 2025.
        """
        forms = self._forms(self._index_of(unit_id))
        first, last = forms[0][2], forms[-1][3]
        return (first is None or first <= on) and (last is None or on <= last)

    def province_of(self, unit_id: str) -> Unit:
        """The province above the unit; a province is its own."""
        index = self._index_of(unit_id)
        while self._parents[index] >= 0:
            index = self._parents[index]
        return self.get(self._ids[index])

    # --- names

    def title(self, unit: Unit, *, inside: bool = False) -> str:
        """Kind and name: *Xã Đồng Văn*, and *xã Đồng Văn* inside a sentence.

        Decree 30/2020/NĐ-CP, annex II: a unit named by a number and Thành phố Hồ
        Chí Minh keep their capital everywhere.
        """
        kind = self.kinds[unit.kind]["vi"]
        special = unit.name == "Hồ Chí Minh" or unit.name[:1].isdigit()
        if not inside or special:
            kind = kind[0].upper() + kind[1:]
        return f"{kind} {unit.name}"

    def full_name(self, unit_id: str, on: date | None = None) -> str:
        """The unit with all above it: *Xã Đồng Văn, tỉnh Tuyên Quang*.

        Always Vietnamese: it is what papers and addresses carry.
        """
        unit = self.get(unit_id, on)
        parts = [self.title(unit)]
        while unit.parent:
            unit = self.get(unit.parent, on)
            parts.append(self.title(unit, inside=True))
        return ", ".join(parts)

    # --- lists

    def _order(self, index: int) -> bytes:
        name = _NUMBER.sub(lambda match: match.group().zfill(4), self._rows[index][1])
        return text.sort_key(name)

    def _sorted(self, indexes: list[int]) -> tuple[Unit, ...]:
        return tuple(self.get(self._ids[index]) for index in sorted(indexes, key=self._order))

    def provinces(self, dataset: Dataset = NEW) -> tuple[Unit, ...]:
        """The 34 provinces and cities in the order of the alphabet, or the 63 old ones."""
        return self._sorted(list(range(*self._levels[dataset, PROVINCE])))

    def districts(self, province_id: str) -> tuple[Unit, ...]:
        """The districts of an old province; nothing for a new one."""
        return self._below(province_id, DISTRICT)

    def communes(self, parent_id: str) -> tuple[Unit, ...]:
        """The communes of a province, or of an old district, in alphabetical order."""
        return self._below(parent_id, COMMUNE)

    def _below(self, unit_id: str, level: Level) -> tuple[Unit, ...]:
        top = self._index_of(unit_id)
        dataset = NEW if unit_id.startswith(NEW) else OLD
        start, end = self._levels.get((dataset, level), (0, 0))
        parents = self._parents
        return self._sorted(
            [i for i in range(start, end) if parents[i] == top or parents[parents[i]] == top]
        )

    # --- what became of what

    @cached_property
    def _links(self) -> dict[str, tuple[str, ...]]:
        """Old id → new ids, the most likely one first."""
        links: dict[str, tuple[str, ...]] = {}
        for index in range(*self._levels[OLD, PROVINCE]):
            links[self._ids[index]] = (f"{NEW}/{self._rows[index][3]}",)
        gathered: dict[int, dict[str, None]] = {}
        for index in range(*self._levels[OLD, COMMUNE]):
            codes = tuple(f"{NEW}/{code}" for code in self._rows[index][3].split())
            links[self._ids[index]] = codes
            gathered.setdefault(self._parents[index], {}).update(dict.fromkeys(codes))
        for index in range(*self._levels[OLD, DISTRICT]):
            own = dict.fromkeys(f"{NEW}/{code}" for code in self._rows[index][3].split())
            links[self._ids[index]] = tuple(own | gathered.get(index, {}))
        return links

    @cached_property
    def _back(self) -> dict[str, list[str]]:
        """New id → old ids of the lowest level: an island district, else communes."""
        undivided = set(range(len(self._ids))) - set(self._parents)
        back: dict[str, list[str]] = {}
        for old, targets in self._links.items():
            index = self._at[old]
            if index in undivided or self._parents[index] < 0:
                for new in targets:
                    back.setdefault(new, []).append(old)
        return back

    def new_for_old(self, unit_id: str) -> tuple[Unit, ...]:
        """The units of today that an old unit became, the most likely first.

        More than one means that the old unit was divided (442 communes were) and a
        person must choose; a district gives all communes it went into. A unit of
        today is its own answer.

        Raises:
            UnknownUnitError: no unit has this id.
        """
        self._index_of(unit_id)
        if unit_id.startswith(NEW):
            return (self.get(unit_id),)
        return tuple(self.get(new) for new in self._links[unit_id])

    def old_for_new(self, unit_id: str) -> tuple[Unit, ...]:
        """The old units, whole or in part, that a unit of today was made of.

        Raises:
            UnknownUnitError: no unit has this id.
        """
        self._index_of(unit_id)
        return tuple(self.get(old) for old in self._back.get(unit_id, ()))

    # --- search

    @cached_property
    def _search(self) -> Index:
        extra: list[tuple[int, str]] = []
        for unit_id, names in self._data["aliases"].items():
            extra += [(self._at[unit_id], name) for name in names]
        for unit_id, forms in self._data["forms"].items():
            index = self._at[unit_id]
            extra += [(index, f[0]) for f in forms if f[0] != self._rows[index][1]]
        former = [(key, self._at[i]) for i, keys in self._data["keys"].items() for key in keys]
        return Index(
            names=[row[1] for row in self._rows],
            kinds=[row[2] for row in self._rows],
            parents=self._parents,
            extra=extra,
            former=former,
        )

    def search(
        self,
        typed: str,
        *,
        dataset: Dataset | None = None,
        level: Level | None = None,
        within: str | None = None,
        limit: int = 20,
    ) -> list[Match]:
        """Units whose name fits what was typed so far, the best first.

        With or without accents, by the beginning of any word, with units above to
        narrow it down (``dong van tuyen quang``); *xã*, *phường*, *tp.* and the like
        only help the order. Accents that were typed count: units that have them come
        first. Former names find the unit that took them over.

        Args:
            typed: any text; nothing is found for one without letters or digits.
            dataset: only old or only new units.
            level: only provinces, districts or communes.
            within: id of the unit they must lie in.
            limit: how many to give at most.

        Raises:
            UnknownUnitError: *within* is no unit.
        """
        top = self._index_of(within) if within else -1
        ranges = [
            span
            for (its_dataset, its_level), span in self._levels.items()
            if dataset in {None, its_dataset} and level in {None, its_level}
        ]
        found = self._search.find(typed, ranges, top, limit)
        return [Match(self._ids[i], self.full_name(self._ids[i]), via) for i, via in found]


@lru_cache(maxsize=2)
def _packaged(practising: bool) -> Units:
    return Units.load(resources.path("units", "units.json"), practising=practising)

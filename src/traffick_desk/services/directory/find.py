"""Finding services: by words, by what they help with, for whom, and how far they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk.domain import geo
from traffick_desk.domain.codes_directory import ACTIVE, FOR_NEED
from traffick_desk.domain.geo import Position
from traffick_desk.domain.text import fold, sort_key
from traffick_desk.domain.units import UnknownUnitError
from traffick_desk.domain.values import PartialDate
from traffick_desk.services import reading
from traffick_desk.services.base import Context, Query
from traffick_desk.services.directory import national
from traffick_desk.services.directory.entries import check_months, months_later
from traffick_desk.services.roles import CASE_READ, DIRECTORY_READ
from traffick_desk.services.views import CaseView
from traffick_desk.store.search import tokens

_MOST_WORDS = 16


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One line of the directory.

    Attributes:
        id: of the service.
        unit: whose entry it is.
        kinds: codes of list ``directory_service``.
        position: where it is; ``None`` if neither coordinates nor a unit with a centre are known.
        exact: the position was entered; otherwise it is the centre of the unit.
        km: how far it is as the crow flies; ``None`` without an origin or a position.
        checked_on: when it was last found right, or "".
        due: it is to be checked again, or somebody found something wrong.
        trouble: what was found: "", ``wrong`` or ``gone``.
        shipped: the program brings it.
    """

    id: str
    unit: str
    name: str
    organization: str
    kinds: tuple[str, ...]
    phone: str
    place_unit: str
    address: str
    position: Position | None
    exact: bool
    km: float | None
    status: str
    listing: str
    checked_on: str
    due: bool
    trouble: str
    agreement: bool = False
    shipped: bool = False

    @property
    def secret(self) -> bool:
        """Whether its place is shown on no map and printed on no paper."""
        return self.listing == "secret"


def unit_position(context: Context, unit: str) -> Position | None:
    """The centre of an administrative unit, of its province where its own is not known."""
    try:
        for known in (context.units.get(unit), context.units.province_of(unit)):
            if known.lat is not None and known.lon is not None:
                return Position(known.lat, known.lon)
    except UnknownUnitError:
        return None
    return None


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """Which services; an empty filter lets every one that works through.

    Attributes:
        text: words of name, organisation, address, telephone or description; accents may be left
            out, and the beginning of a word is enough.
        kinds: helps with at least one of these.
        sex: ``female`` or ``male``: what is for them.
        age: years; what is for that age.
        with_child: what is not known to refuse a parent with a child.
        closed: those too that are closed for a time or for good.
        due: only what is to be checked or was found wrong.
        own: only entries that this unit made.
    """

    text: str = ""
    kinds: tuple[str, ...] = ()
    sex: str = ""
    age: int | None = None
    with_child: bool = False
    closed: bool = False
    due: bool = False
    own: bool = False

    def where(self, context: Context) -> tuple[str, list[Any]]:
        """SQL over ``r_service s``, and its parameters."""
        parts: list[str] = ["s.voided IS NULL"]
        given: list[Any] = []
        if not self.closed:
            parts.append("s.status = ?")
            given.append(ACTIVE)
        if self.kinds:
            parts.append(
                "EXISTS (SELECT 1 FROM json_each(s.kinds) k "
                "WHERE k.value IN (SELECT value FROM json_each(?)))"
            )
            given.append(json.dumps(self.kinds))
        if self.sex in {"female", "male"}:
            parts.append("coalesce(s.for_sex, 'any') IN ('any', ?)")
            given.append(self.sex)
        if self.age is not None:
            parts.append("coalesce(s.age_from, 0) <= ? AND coalesce(s.age_to, 999) >= ?")
            given += [self.age, self.age]
        if self.with_child:
            parts.append("coalesce(s.with_child, '') <> 'no'")
        if self.own:
            parts.append("s.unit = ?")
            given.append(context.info.unit)
        if words := self.words():
            found = " AND ".join("instr(t.folded, ?) > 0" for _word in words)
            parts.append(f"EXISTS (SELECT 1 FROM unit_text t WHERE t.record_id = s.id AND {found})")
            given += [f" {word}" for word in words]
        return " AND ".join(parts), given

    def fits_shipped(self) -> bool:
        """Whether the entry of the program passes."""
        values = national.values()
        if self.due or self.own:
            return False
        if self.kinds and not set(self.kinds) & set(values["kinds"]):
            return False
        searched = ("name", "organization", "about", "phone")
        have = " ".join(("", *tokens(fold(" ".join(str(values[n]) for n in searched)))))
        return all(f" {word}" in have for word in self.words())

    def words(self) -> list[str]:
        """The words typed, folded."""
        return tokens(fold(self.text))[:_MOST_WORDS]


_COLUMNS = (
    "s.id, coalesce(s.unit, ''), coalesce(s.name, ''), coalesce(s.organization, ''), s.kinds, "
    "coalesce(s.phone, ''), coalesce(s.place_unit, ''), coalesce(s.address, ''), s.position, "
    "coalesce(s.status, ''), coalesce(s.listing, ''), coalesce(s.verified_on, ''), "
    "s.agreement_no, s.agreement_until"
)


def rows(
    context: Context, cursor: Any, wanted: ServiceFilter, origin: Position | None
) -> list[ServiceRow]:
    """All services that *wanted* lets through, the nearest first, then by name."""
    months, _own = check_months(context, cursor)
    today = date.fromisoformat(context.today)
    limit = months_later(today, -months).isoformat()
    right, wrong = _findings(cursor)
    where, given = wanted.where(context)
    cursor.execute(f"SELECT {_COLUMNS} FROM r_service s WHERE {where}", given)
    centres: dict[str, Position | None] = {}
    found: list[ServiceRow] = []
    for row in cursor.fetchall():
        (sid, unit, name, organization, kinds, phone, place_unit, address, position, status,
         listing, verified, agreement_no, agreement_until) = row  # fmt: skip
        checked = max(verified, right.get(sid, ""))
        on, trouble = wrong.get(sid, ("", ""))
        trouble = trouble if on and on >= checked else ""
        due = status == ACTIVE and (checked < limit or bool(trouble))
        if wanted.due and not due:
            continue
        place = geo.read(position)
        if place_unit not in centres and place is None and place_unit:
            centres[place_unit] = unit_position(context, place_unit)
        where_is = place or centres.get(place_unit)
        km = geo.distance_km(origin, where_is) if origin and where_is else None
        agreed = bool(agreement_no) and not (agreement_until and agreement_until < context.today)
        found.append(
            ServiceRow(
                sid, unit, name, organization, tuple(json.loads(kinds or "[]")), phone,
                place_unit, address, where_is, place is not None, km, status, listing, checked,
                due, trouble, agreed,
            )
        )  # fmt: skip
    if wanted.fits_shipped():
        v = national.values()
        found.append(
            ServiceRow(
                national.ID, "", v["name"], v["organization"], tuple(v["kinds"]), v["phone"], "",
                "", None, False, None, ACTIVE, "public", "", False, "", shipped=True,
            )
        )  # fmt: skip
    far = float("inf")
    found.sort(key=lambda r: (far if r.km is None else r.km, sort_key(r.name), r.id))
    return found


def _findings(cursor: Any) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """Service → newest day found right; service → newest day and finding of something wrong."""
    cursor.execute(
        "SELECT service, coalesce(found_on, ''), finding FROM r_service_remark "
        "WHERE voided IS NULL AND service IS NOT NULL ORDER BY found_on, substr(id, -36)"
    )
    right: dict[str, str] = {}
    wrong: dict[str, tuple[str, str]] = {}
    for service, on, finding in cursor.fetchall():
        if finding == "right":
            right[service] = on
            # The newest word counts: on one day, what was written last.
            wrong.pop(service, None)
        else:
            wrong[service] = (on, finding or "wrong")
    return right, wrong


@dataclass(frozen=True, slots=True)
class Found:
    """What a search in the directory answers.

    Attributes:
        rows: lines, the nearest first.
        origin: from where distances are measured; ``None`` if it is not known.
        origin_words: what the origin is: a unit, or typed coordinates.
        months: after how many months entries are checked again.
        months_set: the province said so; otherwise it is the program's own choice.
    """

    rows: tuple[ServiceRow, ...]
    origin: Position | None
    origin_words: str
    months: int
    months_set: bool


@dataclass(frozen=True, slots=True)
class ListServices(Query[Found]):
    """Services that fit, the nearest to *near* first.

    Attributes:
        near: coordinates, or the id of a unit; the own unit if it is empty.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    filter: ServiceFilter = ServiceFilter()
    near: str = ""
    limit: int = 100_000

    def run(self, context: Context, cursor: Any) -> Found:
        """See :class:`Query`."""
        origin, words = origin_of(context, self.near or context.info.unit)
        found = rows(context, cursor, self.filter, origin)[: self.limit]
        return Found(tuple(found), origin, words, *check_months(context, cursor))


def origin_of(context: Context, near: str) -> tuple[Position | None, str]:
    """The position that *near* (coordinates or unit) names, and its words."""
    if near in context.units:
        return unit_position(context, near), context.units.full_name(near)
    place = geo.read(near)
    return place, place.text() if place else ""


@dataclass(frozen=True, slots=True)
class Near:
    """The nearest services for somebody of a case.

    Attributes:
        kinds: for which they were looked for, the most urgent need first; empty: for all.
        sex, age: of the person, so far as known; what does not fit is left out.
        found: the services.
        needs: the matters of need that are not yet stable, codes of ``need_domain``.
    """

    kinds: tuple[str, ...]
    sex: str
    age: int | None
    with_child: bool
    found: Found
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NearestForCase(Query[Near]):
    """The nearest services for a person of a case: by the given kinds, else by her needs.

    Distances are measured from the centre of the commune where she lives now or returns to, else
    of the commune of the case. The coordinates of a person's home are never asked for.
    """

    permission: ClassVar[str] = CASE_READ

    case_id: str
    person_id: str = ""
    kinds: tuple[str, ...] = ()
    limit: int = 200

    def run(self, context: Context, cursor: Any) -> Near:
        """See :class:`Query`."""
        case = reading.open_case(context, cursor, self.case_id)
        person = next((p for p in case.persons if p.id == self.person_id), None)
        person = person or (case.persons[0] if case.persons else None)
        person_id = person.id if person else ""
        sex = str(person.get("sex") or "") if person else ""
        age = None
        if person and (birth := person.get("birth")):
            youngest, _oldest = PartialDate.parse(birth).ages_on(context.now().date())
            age = youngest if youngest >= 0 else None
        child = any(p.get("accompanies") == person_id for p in case.persons)
        needs = open_needs(case, person_id)
        kinds = self.kinds or tuple(
            dict.fromkeys(kind for need in needs for kind in FOR_NEED.get(need, ()))
        )
        wanted = ServiceFilter(kinds=kinds, sex=sex, age=age, with_child=child)
        origin, words = origin_of(context, _lives(case, person_id) or case.row.unit)
        found = rows(context, cursor, wanted, origin)[: self.limit]
        return Near(
            kinds, sex, age, child,
            Found(tuple(found), origin, words, *check_months(context, cursor)), needs,
        )  # fmt: skip


def open_needs(case: CaseView, person_id: str) -> tuple[str, ...]:
    """Matters in which the person last stood at *danger*, *hard* or *helped*, the worst first."""
    latest: dict[str, Any] = {}
    for need in sorted(case.of("need", person_id), key=lambda r: (str(r.get("assessed_on")), r.id)):
        latest[str(need.get("domain"))] = need.get("score")
    order = ("danger", "hard", "helped")
    open_now = [(order.index(score), domain) for domain, score in latest.items() if score in order]
    return tuple(domain for _rank, domain in sorted(open_now))


def _lives(case: CaseView, person_id: str) -> str:
    order = {"current": 0, "return_to": 1, "permanent": 2}
    found = [a for a in case.of("address", person_id) if a.get("unit")]
    found.sort(key=lambda a: order.get(str(a.get("kind")), 9))
    return str(found[0].get("unit")) if found else ""


def points(found: Iterable[ServiceRow]) -> list[ServiceRow]:
    """Those that a map may show."""
    return [row for row in found if row.position is not None and not row.secret]

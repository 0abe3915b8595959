"""Papers of the directory: the card of a service for a person, and the list for the wall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from traffick_desk import papers
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.codes_directory import ACTIVE
from traffick_desk.domain.lists import code_list
from traffick_desk.domain.text import sort_key
from traffick_desk.i18n import N_, speaking
from traffick_desk.services import paper_facts
from traffick_desk.services.base import Context, Query
from traffick_desk.services.directory import national, values
from traffick_desk.services.directory.entries import all_entries, read
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.papers import SERVICE_CARD, WALL_LIST, Issued
from traffick_desk.services.printed import Facts
from traffick_desk.services.roles import DIRECTORY_READ
from traffick_desk.services.views import RecordView


class SecretPlace(ServiceError):
    """The place of a service must stand on no paper."""

    text = N_(
        "The address of this service is secret, so no card is printed. Nothing was changed. "
        "Please tell the person how to get there when it is safe, or take her there."
    )


@dataclass(frozen=True, slots=True)
class ServicePaper(Query[Issued]):
    """The card of one service; nothing about any person is on it, so nothing is recorded.

    Raises:
        SecretPlace: its address is secret.
        NotHere: there is no such service.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    id: str
    draft: bool = False

    def run(self, context: Context, cursor: Any) -> Issued:
        """See :class:`Query`."""
        with speaking("vi"):
            record = read(context, cursor, self.id).record
            if record.get("listing") == "secret":
                raise SecretPlace
            facts = paper_facts.office_facts(context, cursor)
            facts["service"] = _service(context, record)
        with speaking("en"):
            known = record.values
            facts["english"] = {
                "kinds": values.kinds(known.get("kinds") or []) or None,
                "hours": _english_hours(known) or None,
                "cost": SMALL_LISTS["service_cost"].label(known["cost"])
                if known.get("cost")
                else None,
            }
        missing = papers.missing_facts(SERVICE_CARD, facts)
        return Issued(papers.render(SERVICE_CARD, facts, draft=self.draft), "", missing)


def _english_hours(known: Any) -> str:
    # A note is in the language in which it was typed.
    return values.hours({name: v for name, v in known.items() if name != "hours_note"})


def _place(context: Context, record: RecordView) -> str:
    unit = str(record.get("place_unit") or "")
    parts = (record.get("address"), context.units.full_name(unit) if unit in context.units else "")
    return ", ".join(str(part) for part in parts if part)


def _phones(record: RecordView) -> list[str]:
    return [str(record.get(n)) for n in ("phone", "phone_other") if record.get(n)]


def _service(context: Context, record: RecordView) -> Facts:
    known = record.values
    languages = code_list("language")
    spoken = ", ".join(languages.label(code) for code in known.get("languages") or ())
    return {
        "name": known.get("name"),
        "organization": known.get("organization")
        if known.get("organization") != known.get("name")
        else None,
        "kinds": values.kinds(known.get("kinds") or []) or None,
        "phone": "  ".join(_phones(record)) or None,
        "place": _place(context, record) or None,
        "transport": known.get("transport"),
        "hours": values.hours(known) or None,
        "cost": values.cost(known) or None,
        "access": " ".join(str(known.get("access") or "").split()) or None,
        "papers": known.get("papers"),
        "languages": "; ".join(p for p in (spoken, known.get("interpreter")) if p) or None,
    }


@dataclass(frozen=True, slots=True)
class WallPaper(Query[Issued]):
    """The list of services that may hang on the wall, by what they help with.

    Attributes:
        kinds: only services that help with one of these; all if empty.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    kinds: tuple[str, ...] = ()
    draft: bool = False

    def run(self, context: Context, cursor: Any) -> Issued:
        """See :class:`Query`."""
        with speaking("vi"):
            facts = paper_facts.office_facts(context, cursor)
            facts["letter"] = {"date": date.fromisoformat(context.today)}
            facts["rows"] = _wall(context, cursor, self.kinds)
            missing = papers.missing_facts(WALL_LIST, facts)
            return Issued(papers.render(WALL_LIST, facts, draft=self.draft), "", missing)


def _wall(context: Context, cursor: Any, kinds: tuple[str, ...]) -> list[Facts]:
    found = [
        record
        for record in (*all_entries(context, cursor), national.record())
        if record.get("listing") == "public" and record.get("status") == ACTIVE
    ]
    found.sort(key=lambda r: sort_key(str(r.get("name") or "")))
    labels = SMALL_LISTS["directory_service"]
    rows: list[Facts] = []
    # A service stands under the first thing it helps with, and says the others.
    for code in labels.codes():
        if kinds and code not in kinds:
            continue
        for record in found:
            helps = [c for c in labels.codes() if c in (record.get("kinds") or ())]
            wanted = [c for c in helps if not kinds or c in kinds]
            if wanted[:1] != [code]:
                continue
            organization = record.get("organization")
            names = [str(record.get("name"))]
            if organization and organization != record.get("name"):
                names.append(str(organization))
            said = (values.hours, values.whom, values.cost)
            place = [_place(context, record), *(say(record.values) for say in said)]
            rows.append(
                {
                    "kind": [labels.label(c) for c in helps],
                    "name": names,
                    "phone": _phones(record) or None,
                    "place": [p for p in place if p] or None,
                }
            )
    return rows

"""Facilities: free places on a day, who waits, giving a place, telling numbers, rooms from JSON."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from traffick_desk.cli.actions.cases import case_id
from traffick_desk.cli.actions.common import opened, out, out_json, table, vault_options
from traffick_desk.i18n import _


class WrongPlaces(ValueError):
    """The file holds no facilities that can be read."""

    def __str__(self) -> str:
        return _("{file} holds no facilities: {problem}. Nothing more was saved.").format(
            file=self.args[0], problem=self.args[1]
        )


def add(commands: Any) -> None:
    """Describe the commands."""
    parser = commands.add_parser(
        "facilities", help=_("facilities: free places, who waits, giving a place")
    )
    actions = parser.add_subparsers(title=_("commands"), metavar=_("COMMAND"), required=True)

    one = _parser(actions, "list", _("rooms and free beds on a day"), list_rooms)
    one.add_argument("--on", default="", metavar="2026-11-21", help=_("day; today by default"))
    one.add_argument("--json", action="store_true", help=_("as JSON"))

    one = _parser(actions, "waiting", _("who waits for a place"), list_waiting)
    one.add_argument("--json", action="store_true", help=_("as JSON"))

    one = _parser(actions, "add", _("enter facilities with their rooms from JSON"), enter)
    one.add_argument("file", type=Path, help=_("file"))

    one = _parser(actions, "give", _("give the main person of a case a bed"), give)
    one.add_argument("case", help=_("file number"))
    one.add_argument("room", help=_("number of the room"))
    one.add_argument("--bed", default="", help=_("bed"))
    one.add_argument("--since", default="", metavar="2026-11-21", help=_("day; today by default"))
    one.add_argument("--until", default="", metavar="2026-12-21", help=_("day, if it is known"))
    one.add_argument("--reason", default="", help=_("why a room that is not meant for her"))

    _parser(actions, "tell", _("province: tell the communes how many beds are free"), tell)


def _parser(actions: Any, name: str, words: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=words)
    vault_options(parser)
    parser.set_defaults(run=run)
    return parser


def list_rooms(options: argparse.Namespace) -> int:
    """List rooms."""
    from traffick_desk.services.places.read import PlacesOn

    with opened(options) as desk:
        found = desk.ask(PlacesOn(options.on))
    rows: list[tuple[str, ...]] = []
    plain: list[dict[str, Any]] = []
    for facility in found.facilities:
        for room in facility.rooms:
            names = str(facility.record.get("name")), str(room.record.get("name"))
            numbers = room.beds, room.taken, room.free
            rows.append((room.record.id, *names, *map(str, numbers)))
            plain.append(
                {
                    "room": room.record.id, "facility": names[0], "name": names[1],
                    "beds": room.beds, "taken": room.taken, "free": room.free,
                    "told": room.told, "purpose": room.record.get("purpose"),
                }
            )  # fmt: skip
    if options.json:
        out_json(plain)
        return 0
    table(
        rows,
        (_("Number"), _("Facility"), _("Room"), _("Beds"), _("Beds in use"), _("Free")),
    )
    return 0


def list_waiting(options: argparse.Namespace) -> int:
    """List who waits."""
    from traffick_desk.domain.codes import SMALL_LISTS
    from traffick_desk.services.places.read import PlacesOn

    with opened(options) as desk:
        found = desk.ask(PlacesOn()).waiting
    if options.json:
        out_json(
            [{"case": w.file_no, "urgency": w.urgency, "since": w.since, "sex": w.sex}
             for w in found]
        )  # fmt: skip
        return 0
    urgency = SMALL_LISTS["wait_urgency"]
    rows: list[tuple[str, ...]] = [(w.file_no, urgency.label(w.urgency), w.since) for w in found]
    table(rows, (_("File number"), _("By when"), _("Waits since")))
    return 0


def enter(options: argparse.Namespace) -> int:
    """Enter facilities: a list of objects, each with a list ``rooms``."""
    from traffick_desk.services.places.write import SavePlace

    try:
        found = json.loads(options.file.read_text("utf-8-sig"))
    except ValueError as error:
        raise WrongPlaces(options.file, str(error)) from error
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise WrongPlaces(options.file, "[{…}]")
    with opened(options) as desk:
        known = desk.context.store.registry
        for item in found:
            rooms = item.pop("rooms", [])
            for described, values in (("facility", item), *(("room", r) for r in rooms)):
                unknown = set(values) - set(known[described].by_name)
                if unknown:
                    raise WrongPlaces(options.file, ", ".join(sorted(unknown)))
            made = desk.do(SavePlace("facility", {"status": "active", **item}))
            out(made)
            for room in rooms:
                out(desk.do(SavePlace("room", {"status": "active", **room, "facility": made})))
    return 0


def give(options: argparse.Namespace) -> int:
    """Give a bed."""
    from traffick_desk.services.places.write import GivePlace
    from traffick_desk.services.queries import RefreshCase

    with opened(options) as desk:
        case = case_id(desk, options.case)
        person = desk.ask(RefreshCase(case)).persons[0].id
        o = options
        desk.do(GivePlace(case, person, o.room, o.since, o.until, o.bed, o.reason))
    out(_("The place is given; the stay is written in the case."))
    return 0


def tell(options: argparse.Namespace) -> int:
    """Tell the communes."""
    from traffick_desk.services.places.write import TellFree

    with opened(options) as desk:
        number = desk.do(TellFree())
    out(_("Rooms told: {n}").format(n=number))
    return 0

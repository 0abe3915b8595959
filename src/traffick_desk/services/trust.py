"""The province's key on three sheets, and a new PC that takes the place of a lost one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.services.base import Command, Context, Desk, Query
from traffick_desk.services.roles import ENROL, OWN
from traffick_desk.store.store import Work
from traffick_desk.sync import carriers, lineage, links, succession
from traffick_desk.sync.certificate import Certificate
from traffick_desk.sync.errors import EnrolmentRefused, SyncError
from traffick_desk.sync.reports import ImportReport
from traffick_desk.sync.succession import Letter
from traffick_desk.vault import shares

LETTER_SUFFIX = ".tdnext"
GO_ON_SUFFIX = ".tdgoon"
CHANGED = frozenset({"links"})
_MADE = "sheets:made"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of three sheets; two of them are enough."""

    number: int
    rows: tuple[str, ...]
    made_at: str


@dataclass(frozen=True, slots=True)
class TrustView:
    """How the province's key is looked after.

    Attributes:
        sheets_at: when the sheets were last made, or "".
        took_over: whether this PC took the place of another one.
    """

    sheets_at: str
    took_over: bool


@dataclass(frozen=True, slots=True)
class TrustState(Query[TrustView]):
    """When the sheets were made, and whether this PC replaced another."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> TrustView:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute("SELECT value FROM meta WHERE key = ?", (_MADE,))
        row = cursor.fetchone()
        return TrustView(row[0] if row else "", bool(succession.letters(cursor)))


@dataclass(frozen=True, slots=True)
class MakeSheets(Command[tuple[Sheet, ...]]):
    """Province: lay the key of this desk on three sheets.

    Sheets made before stay good; sheets of two makings do not fit together.

    Raises:
        OnlyProvince: this is a commune's desk.
    """

    permission: ClassVar[str] = ENROL
    action: ClassVar[str] = "key.sheets"
    changes: ClassVar[frozenset[str]] = CHANGED

    def run(self, context: Context, work: Work) -> tuple[Sheet, ...]:
        """See :class:`Command`."""
        made = shares.split(succession.secret_of(work.cursor, context.info.device))
        work.cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_MADE, context.moment))
        return tuple(Sheet(share.number, share.text(), context.moment) for share in made)

    def target(self, result: tuple[Sheet, ...]) -> str:  # noqa: ARG002
        """The log says that it was done, never what is on them."""
        return ""


def sheet_pdf(desk: Desk, sheet: Sheet) -> bytes:
    """One sheet to be printed, sealed and kept by one person."""
    from traffick_desk import papers
    from traffick_desk.papers.render import practising

    info = desk.info
    facts = {
        "unit": {"name": info.unit_name},
        "officer": {"name": info.officer_name},
        "sheet": {
            "number": str(sheet.number),
            "made_at": datetime.fromisoformat(sheet.made_at),
            "desk": info.device,
            "code": " ".join(sheet.rows),
        },
    }
    with practising() if info.practice else nullcontext():
        return papers.render("noi-bo/to-khoa", facts)


def check_sheet(typed: str) -> int:
    """The number of a typed sheet.

    Raises:
        ShareMistyped, ShareWrongLength: in words.
    """
    return shares.parse(typed).number


def take_over(desk: Desk, typed: Sequence[str]) -> str:
    """Province: let this PC take the place of the one whose sheets these are; the old desk's id.

    Raises:
        ShareMistyped, ShareWrongLength, SharesDiffer: of the sheets, in words.
        NotAllowed, OnlyProvince, EnrolmentConflict, PracticeMixed: nothing was changed.
    """
    desk.require(ENROL)
    secret = shares.combine([shares.parse(text) for text in typed])
    with desk.context.store.work() as work:
        device, moment = desk.info.device, desk.context.moment
        letter = succession.take_over(work.cursor, device, secret, moment)
        work.log(moment, desk.info.officer_id, "key.take_over", letter.predecessor)
    desk.tell(CHANGED)
    return letter.predecessor


def put_files(desk: Desk, place: carriers.Carrier) -> list[Path]:
    """What goes along with bundles after a change of PC: letters, or the request to go on.

    Public files; who reads them learns that there is a new PC and nothing else.
    """
    written = []
    info = desk.info
    with desk.context.store.read() as cursor:
        if info.profile == "province":
            for data in succession.letters(cursor):
                old = Letter.decode(data).predecessor
                written.append((f"td-{old[:8]}{LETTER_SUFFIX}", data))
        elif _waits_for_successor(cursor):
            data = succession.adoption_file(cursor, info.device)
            written.append((f"td-{info.device[:8]}{GO_ON_SUFFIX}", data))
    paths = []
    for name, data in written:
        place.folder.mkdir(parents=True, exist_ok=True)
        path = place.folder / place.name(name)
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_bytes(data)
        temporary.replace(path)
        paths.append(path)
    return paths


def _waits_for_successor(cursor: Any) -> bool:
    """Whether the province's new PC has not answered yet."""
    for device in links.peers(cursor):
        link = links.load(cursor, device)
        is_new = link.peer.profile == "province" and not link.received_number
        if is_new and lineage.predecessors(cursor, device):
            return True
    return False


def follow(desk: Desk, place: carriers.Carrier) -> list[ImportReport]:
    """Follow the letters on a carrier, one after the other; what each did."""
    waiting = _letters(place)
    reports: list[ImportReport] = []
    problems: dict[str, ImportReport] = {}
    moved = True
    while waiting and moved:
        moved = False
        for path in tuple(waiting):
            try:
                report = follow_file(desk, path)
            except SyncError as error:
                refused = ImportReport(path.name, "refused", str(error), code=error.code)
                problems[path.name] = refused
                # One that builds on another is tried again after that.
                continue
            waiting.remove(path)
            problems.pop(path.name, None)
            moved = True
            if report is not None:
                reports.append(report)
    # A letter of somebody else's province on a shared stick is nothing to worry about.
    return reports + [r for r in problems.values() if r.code != "succession-unknown"]


def follow_file(desk: Desk, path: Path) -> ImportReport | None:
    """Follow one letter; ``None`` if that was done before or it is this desk's own.

    Raises:
        EnrolmentRefused, EnrolmentNewer, EnrolmentConflict, PracticeMixed, CarrierError: in
            words; nothing was changed.
    """
    context = desk.context
    report = succession.follow(
        context.store, carriers.read_file(path), name=path.name, at=context.moment,
        on=context.today, officer=desk.info.officer_id,
    )  # fmt: skip
    if report is not None:
        desk.tell(CHANGED)
    return report


def _letters(place: carriers.Carrier) -> list[Path]:
    found: list[Path] = []
    for folder in dict.fromkeys((place.folder, place.place)):
        if folder.is_dir():
            found += [p for p in folder.glob(f"*{LETTER_SUFFIX}") if p.is_file()]
    return sorted(found)


@dataclass(frozen=True, slots=True)
class GoingOn:
    """A desk of the former PC that asks to go on; *words* are those of its enrolment."""

    unit: str
    unit_name: str
    label: str
    device: str
    words: str
    data: bytes


def read_going_on(desk: Desk, path: Path) -> GoingOn:
    """Province: who asks; links nobody yet.

    Raises:
        NotAllowed, EnrolmentRefused, EnrolmentNewer, OnlyProvince, CarrierError: in words.
    """
    desk.require(ENROL)
    data = carriers.read_file(path)
    with desk.context.store.read() as cursor:
        given: tuple[Certificate, ...] = succession.read_adoption(cursor, desk.info.device, data)
    found = given[0].desk
    units = desk.context.units
    name = units.full_name(found.unit) if found.unit in units else found.unit
    return GoingOn(found.unit, name, found.label, found.device, " · ".join(found.words()), data)


def going_on(desk: Desk, place: Path) -> tuple[GoingOn, ...]:
    """Province: all desks on a carrier that ask to go on and are not linked yet.

    Raises:
        NotAllowed, CarrierError: in words.
    """
    from traffick_desk.services import exchange

    found: dict[str, GoingOn] = {}
    with desk.context.store.read() as cursor:
        linked = set(links.peers(cursor))
    for path in exchange.files_at(desk, place, GO_ON_SUFFIX):
        try:
            asked = read_going_on(desk, path)
        except EnrolmentRefused:
            continue  # of another province, or cut off: one file hides no other
        if asked.device not in linked:
            found.setdefault(asked.device, asked)
    return tuple(found.values())


def adopt(desk: Desk, asked: GoingOn) -> None:
    """Province: link a desk that asks to go on.

    Raises:
        NotAllowed, EnrolmentRefused, EnrolmentConflict: in words; nothing was changed.
    """
    desk.require(ENROL)
    with desk.context.store.work() as work:
        moment = desk.context.moment
        succession.adopt(work.cursor, desk.info.device, asked.data, moment)
        work.log(moment, desk.info.officer_id, "enrol.adopt", asked.device)
    desk.tell(CHANGED)

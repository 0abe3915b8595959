"""Between desks: enrolment, export and import of bundles, the state of the links."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.i18n import _, ngettext
from traffick_desk.services import news, rules, trust
from traffick_desk.services.base import Context, Desk, Query
from traffick_desk.services.errors import NoPeer
from traffick_desk.services.roles import ENROL, EXCHANGE, OWN
from traffick_desk.sync import (
    carriers,
    collect,
    documents,
    enrolment,
    export,
    hub_state,
    intake,
    links,
)
from traffick_desk.sync.certificate import Public
from traffick_desk.sync.errors import PracticeMixed
from traffick_desk.sync.reports import ExportReport, ImportReport, LinkView, Progress, quiet
from traffick_desk.sync.sticks import Stick, sticks

__all__ = [
    "Certificate",
    "ExportReport",
    "ImportReport",
    "LinkView",
    "Links",
    "Request",
    "Stick",
    "accept",
    "export_bundles",
    "files_at",
    "import_bundles",
    "install",
    "read_certificate",
    "read_request",
    "sticks",
    "words_of",
    "write_request",
    "write_root",
]

CHANGED = frozenset({"cases", "links", "rules", "documents"})
# All that one export takes; what is more goes with the next one.
ALL_DOCUMENTS = documents.AT_ONCE
REQUEST_SUFFIX = ".tdrequest"
CERTIFICATE_SUFFIX = ".tdcert"
ROOT_SUFFIX = ".tdroot"


@dataclass(frozen=True, slots=True)
class Request:
    """A desk that asks to be linked; *words* are compared over the telephone."""

    unit: str
    unit_name: str
    label: str
    made_at: str
    words: str
    inside: enrolment.Request


@dataclass(frozen=True, slots=True)
class Certificate:
    """The province's answer; *words* are those of the province's desk."""

    label: str
    unit_name: str
    words: str
    inside: enrolment.Answer


@dataclass(frozen=True, slots=True)
class Links(Query[tuple[LinkView, ...]]):
    """The state of the links to other desks."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> tuple[LinkView, ...]:
        """See :class:`Query`."""
        return links.views(cursor, context.info.device)


@dataclass(frozen=True, slots=True)
class OwnWords(Query[str]):
    """The words by which other desks know this one."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> str:
        """See :class:`Query`."""
        return _words(enrolment.own_desk(cursor, context.info.device))


def shown(words: tuple[str, ...]) -> str:
    """Words to be compared, as they are shown."""
    # Each word has two syllables, so a blank alone would not tell where the next begins.
    return " · ".join(words)


def _words(desk: Public) -> str:
    return shown(desk.words())


def _log(desk: Desk, action: str, obj: str) -> None:
    with desk.context.store.work() as work:
        work.log(desk.context.moment, desk.info.officer_id, action, obj)


def _place(desk: Desk, folder: Path) -> carriers.Carrier:
    return carriers.Carrier(folder, tag=desk.info.device[:8], practice=desk.info.practice)


def files_at(desk: Desk, place: Path, suffix: str) -> list[Path]:
    """Enrolment files of a kind on a stick, the newest first; those of the other kind are none."""
    return files_below((_place(desk, place).folder, place), suffix)


def files_below(folders: tuple[Path, ...], suffix: str) -> list[Path]:
    """Files of a kind in *folders*, the newest first."""
    found: list[tuple[float, Path]] = []
    for folder in folders:
        if folder.is_dir():
            found += [(p.stat().st_mtime, p) for p in folder.glob(f"*{suffix}") if p.is_file()]
    return [path for _time, path in sorted(found, reverse=True)]


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a small public file beside the bundles; a file of that name with other bytes stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(data)
    temporary.replace(path)
    return path


def write_request(desk: Desk, folder: Path) -> tuple[Path, str]:
    """Commune: write the request to be linked; answers with its path and the words to read out.

    Raises:
        NotAllowed, SyncError, CarrierError: in words.
    """
    desk.require(ENROL)
    place = _place(desk, folder)
    place.check()
    with desk.context.store.read() as cursor:
        data = enrolment.request_file(cursor, desk.info.device, desk.context.moment)
        words = _words(enrolment.own_desk(cursor, desk.info.device))
    path = put(place.folder, place.name(f"td-{desk.info.device[:8]}{REQUEST_SUFFIX}"), data)
    _log(desk, "enrol.request", desk.info.device)
    return path, words


def read_request(desk: Desk, path: Path) -> Request:
    """Province: read a request and show its words; links nobody yet.

    Raises:
        NotAllowed, EnrolmentRefused, EnrolmentNewer, PracticeMixed, CarrierError: in words.
    """
    desk.require(ENROL)
    found = enrolment.read_request(carriers.read_file(path))
    enrolment.keep_apart(desk.info.unit, found.desk.unit)
    units = desk.context.units
    name = units.full_name(found.desk.unit) if found.desk.unit in units else found.desk.unit
    return Request(
        found.desk.unit, name, found.desk.label, found.made_at, _words(found.desk), found
    )


def accept(desk: Desk, request: Request, folder: Path) -> Path:
    """Province: certify a desk whose words were compared, and write its certificate.

    Raises:
        NotAllowed, EnrolmentConflict, OnlyProvince, CarrierError: in words.
    """
    desk.require(ENROL)
    place = _place(desk, folder)
    place.check()
    with desk.context.store.work() as work:
        data = enrolment.certify(work.cursor, desk.info.device, request.inside, desk.context.moment)
        name = place.name(f"td-{request.inside.desk.device[:8]}{CERTIFICATE_SUFFIX}")
        path = put(place.folder, name, data)
        work.log(
            desk.context.moment, desk.info.officer_id, "enrol.accept", request.inside.desk.device
        )
    desk.tell(CHANGED)
    return path


def write_root(desk: Desk, folder: Path) -> tuple[Path, str]:
    """Province: write its own certificate for the hub that is to trust it, and the words.

    Raises:
        NotAllowed, OnlyProvince, CarrierError: in words.
    """
    desk.require(ENROL)
    place = _place(desk, folder)
    place.check()
    with desk.context.store.read() as cursor:
        data = enrolment.root_file(cursor, desk.info.device)
        words = _words(enrolment.own_desk(cursor, desk.info.device))
    path = put(place.folder, f"td-{desk.info.device[:8]}{ROOT_SUFFIX}", data)
    _log(desk, "enrol.root", desk.info.device)
    return path, words


def read_certificate(desk: Desk, path: Path) -> Certificate:
    """Commune: read the province's answer and show its words; installs nothing yet.

    Raises:
        NotAllowed, EnrolmentRefused, EnrolmentNewer, CarrierError: in words.
    """
    desk.require(ENROL)
    with desk.context.store.read() as cursor:
        own = enrolment.own_desk(cursor, desk.info.device)
    answer = enrolment.read_answer(carriers.read_file(path), own)
    province = answer.province.desk
    units = desk.context.units
    name = units.full_name(province.unit) if province.unit in units else province.unit
    return Certificate(f"{name} ({province.label})", name, _words(province), answer)


def install(desk: Desk, certificate: Certificate) -> None:
    """Commune: link this desk to the province, after the words were compared.

    Raises:
        NotAllowed, EnrolmentConflict: in words.
    """
    desk.require(ENROL)
    with desk.context.store.work() as work:
        enrolment.install(work.cursor, desk.info.device, certificate.inside)
        device = certificate.inside.province.desk.device
        work.log(desk.context.moment, desk.info.officer_id, "enrol.install", device)
    desk.tell(CHANGED)


def export_bundles(
    desk: Desk, folder: Path, progress: Progress = quiet, *, most_documents: int = ALL_DOCUMENTS
) -> tuple[ExportReport, ...]:
    """Write a bundle for every linked desk that is owed something, each read back.

    Args:
        desk: this desk.
        folder: of the stick.
        progress: called as the work goes on.
        most_documents: bytes of documents at most, beyond those that were asked for; 0 for none.

    Raises:
        NoPeer: this desk is not linked yet.
        NotAllowed, SyncError, CarrierError, StoreError: in words; what was written counts,
            and exporting again is always safe.
    """
    desk.require(EXCHANGE)
    store = desk.context.store
    with store.read() as cursor:
        receivers = links.peers(cursor)
    if not receivers:
        raise NoPeer
    place = _place(desk, folder)
    reports: list[ExportReport] = []
    try:
        for receiver in receivers:
            reports += export.export_to(
                store,
                receiver,
                place,
                at=desk.context.moment,
                officer=desk.info.officer_id,
                progress=progress,
                most_documents=most_documents,
            )
        if reports:
            trust.put_files(desk, place)
    finally:
        desk.tell(CHANGED)
    return tuple(reports)


def import_bundles(
    desk: Desk, source: Path, progress: Progress = quiet
) -> tuple[ImportReport, ...]:
    """Take in every bundle for this desk from a stick or folder, or one file.

    Raises:
        NotAllowed, NotSetUp, CarrierError, StoreError: in words. A bundle that is refused is
            reported, not raised; the others go on.
    """
    desk.require(EXCHANGE)
    store, at, officer = desk.context.store, desk.context.moment, desk.info.officer_id
    try:
        if source.is_file():
            if carriers.is_marked(source.name) != desk.info.practice:
                mixed = PracticeMixed()
                return (ImportReport(source.name, "refused", str(mixed), code=mixed.code),)
            data = carriers.read_file(source)
            reports: tuple[ImportReport, ...] = (
                intake.import_bundle(
                    store, data, at=at, officer=officer, file=source.name, progress=progress
                ),
            )
        else:
            place = _place(desk, source)
            reports = (
                *trust.follow(desk, place),
                *collect.import_from(store, place, at=at, officer=officer, progress=progress),
            )
        hub_state.note_owed(store, reports)
        news.note(desk, reports)
        for report in reports:
            if report.outcome == "refused":
                _log(desk, "bundle-refused", f"{report.sender}.{report.number} {report.code}")
        return reports
    finally:
        rules.take_into_use(desk.context)
        desk.tell(CHANGED)


def words_of(report: ImportReport) -> str:
    """One line about what a bundle brought."""
    if report.outcome != "applied":
        return f"{report.sender_label or report.file}: {report.message}"
    parts = [
        ngettext("{n} change", "{n} changes", report.new_changes).format(n=report.new_changes),
        ngettext("{n} new case", "{n} new cases", len(report.new_cases)).format(
            n=len(report.new_cases)
        ),
    ]
    if report.decisions:
        parts.append(
            ngettext("{n} decision", "{n} decisions", report.decisions).format(n=report.decisions)
        )
    if report.rules:
        parts.append(_("new rules of the province"))
    if report.documents:
        parts.append(
            ngettext("{n} document", "{n} documents", report.documents).format(n=report.documents)
        )
    if report.refused_documents:
        parts.append(_("documents that do not fit their entry were left out"))
    if report.conflicts:
        parts.append(
            ngettext("{n} value to choose", "{n} values to choose", report.conflicts).format(
                n=report.conflicts
            )
        )
    if report.handed_back:
        text = ngettext(
            "{n} entry of the province's former PC handed back; please compare with the papers",
            "{n} entries of the province's former PC handed back; please compare with the papers",
            report.handed_back,
        )
        parts.append(text.format(n=report.handed_back))
    if report.receipts:
        parts.append(_("received confirmation of what was sent"))
    text = _("From {sender}, bundle {number}: {what}")
    return text.format(sender=report.sender_label, number=report.number, what=", ".join(parts))

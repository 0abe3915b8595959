"""Updates of the program from a stick: found, told in words, applied; and going back.

Who signs what: the publisher signs each version (its key is pinned in the program), the province
says that its desks are to take it. A linked commune needs both; a province, or a desk that is not
linked yet, the publisher's alone. Before anything changes a copy of the vault is made and proven.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk import __version__, edition, i18n
from traffick_desk.i18n import N_, _
from traffick_desk.services import backup
from traffick_desk.services.base import Context, Desk, Query
from traffick_desk.services.program_home import (
    About,
    NoRoom,
    NothingBefore,
    NotInstalled,
    ProgramHome,
    in_words,
)
from traffick_desk.services.roles import OWN, PROGRAM
from traffick_desk.services.rules import province_of
from traffick_desk.store import schema
from traffick_desk.sync import update_file, update_release
from traffick_desk.sync.carriers import Carrier, NoCarrier
from traffick_desk.sync.disk import Disk
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.reports import Progress, quiet
from traffick_desk.sync.update_file import Manifest, NoPublisher, Update, UpdateError

__all__ = ["Installed", "Offer", "Program", "Standing", "apply", "go_back", "look", "release"]

FOLDER = "TD-UPDATE"
BACKUPS = "truoc-cap-nhat"
"""Beside the vault: copies made before an update where no place for backups is at hand."""
_MARGIN = 50_000_000


class Standing(StrEnum):
    """How an update found on a stick stands to this desk."""

    READY = "ready"
    KEPT = "kept"
    NOT_RELEASED = "not-released"
    SAME = "same"
    OLDER = "older"
    EXPIRED = "expired"
    OTHER_PC = "other-pc"
    OTHER_PRODUCT = "other-product"
    REFUSED = "refused"


class NotForThisDesk(UpdateError):
    """The update is genuine, but not one to take here and now."""

    def __init__(self, offer: Offer) -> None:
        super().__init__(offer.standing)
        self.offer = offer

    def __str__(self) -> str:
        return f"{self.offer.words} " + _(
            "Nothing was changed; the version in use still works and your data is safe."
        )


class OnlyProvinceReleases(UpdateError):
    """Only the province's desk gives updates to communes."""

    text = N_("Only the desk of the province gives an update to the communes. Nothing was changed.")


class VaultMovedOn(UpdateError):
    """The earlier version could not open the vault as it is now."""

    text = N_(
        "The earlier version cannot open the vault as the version in use has changed it, so it was "
        "not gone back to. Nothing was changed. If it must be, the province can open the copy that "
        "was made before the update with the earlier version."
    )


@dataclass(frozen=True)
class Program:
    """The program as it stands on this PC: whose updates it takes, and where it lies.

    Attributes:
        home: ``None`` when it was not started by its launcher (from the source tree, say).
    """

    home: ProgramHome | None = field(default_factory=ProgramHome.here)
    publishers: Sequence[bytes] = field(default_factory=edition.publishers)
    number: int = edition.NUMBER
    version: str = __version__
    platform: str = field(default_factory=edition.platform)
    disk: Disk = field(default_factory=Disk)

    @property
    def highest(self) -> int:
        """No number below this one is taken."""
        return max(self.number, self.home.highest() if self.home else 0)


@dataclass(frozen=True, slots=True)
class Offer:
    """An update on a stick, and what to think of it.

    Attributes:
        words: one or two sentences for the officer.
        notes: what is new, in her language.
        release: of the own province, if there is one that holds.
    """

    path: Path
    standing: Standing
    words: str
    manifest: Manifest | None = None
    update: Update | None = None
    release: update_release.Release | None = None
    notes: str = ""

    @property
    def usable(self) -> bool:
        """Whether it can be applied here."""
        return self.standing in (Standing.READY, Standing.KEPT)


@dataclass(frozen=True, slots=True)
class Installed:
    """The version in use, the one that begins at the next start, and the one to go back to."""

    version: str
    number: int
    next: About | None
    before: About | None
    updatable: bool


@dataclass(frozen=True, slots=True)
class _Standing(Query[tuple[str, str, bool, tuple[update_release.Release, ...]]]):
    """Today, as late as anything here says it is; province; linked?; releases that hold."""

    permission: ClassVar[str] = OWN

    releases: tuple[update_release.Release, ...] = ()

    def run(
        self, context: Context, cursor: Any
    ) -> tuple[str, str, bool, tuple[update_release.Release, ...]]:
        """See :class:`Query`."""
        province = province_of(context)
        cursor.execute("SELECT max(at) FROM audit")
        # A clock that was set back does not make an expired update good again.
        last = (cursor.fetchone()[0] or "")[:10]
        cursor.execute("SELECT 1 FROM link LIMIT 1")
        linked = cursor.fetchone() is not None
        good = tuple(r for r in self.releases if r.is_of(cursor, province, context.info.unit))
        return max(context.today, last), province, linked, good


def installed(program: Program | None = None) -> Installed:
    """What is on this PC."""
    here = program or Program()
    home = here.home
    following = home.about(home.current()) if home is not None else None
    if following is not None and following.number == here.number:
        following = None
    before = home.before() if home is not None else None
    return Installed(
        here.version, here.number, following, before, home is not None and bool(here.publishers)
    )


def folders(place: Path) -> tuple[Path, ...]:
    """Where updates lie on a stick: in their folder, or beside the bundles, or just there."""
    carrier = Carrier(place)
    return tuple(dict.fromkeys((place / FOLDER, carrier.folder, place)))


def look(desk: Desk, place: Path, program: Program | None = None) -> tuple[Offer, ...]:
    """Every update on a stick, the newest first, with what to think of each.

    Raises:
        NotAllowed, NoCarrier, UpdateUnreadable: in words.
    """
    desk.require(OWN)
    here = program or Program()
    if place.is_file():
        found = [place]
    else:
        if not here.disk.is_folder(place):
            raise NoCarrier
        found = update_file.candidates(folders(place), here.disk)
    offers = [judge(desk, path, here) for path in found]
    return tuple(
        sorted(offers, key=lambda o: (not o.usable, -(o.manifest.number if o.manifest else 0)))
    )


def judge(desk: Desk, path: Path, program: Program) -> Offer:
    """What to think of one file; it is read only up to its payload."""
    try:
        update = update_file.read(path, program.publishers, program.disk)
    except UpdateError as error:
        return Offer(path, Standing.REFUSED, str(error))
    manifest = update.manifest
    beside = tuple(
        r for r in update_release.all_beside(path) if r.update == update.digest
    )  # of any issuer; the query keeps those that hold
    today, _province, linked, releases = desk.ask(_Standing(beside))
    release = releases[0] if releases else None
    standing = _standing(desk, manifest, program, today, linked=linked, released=bool(release))
    notes = manifest.notes_vi if i18n.language() == "vi" else manifest.notes_en
    words = _words(standing, manifest, release)
    return Offer(path, standing, words, manifest, update, release, notes)


def _standing(
    desk: Desk, manifest: Manifest, program: Program, today: str, *, linked: bool, released: bool
) -> Standing:
    if manifest.product != edition.PRODUCT:
        return Standing.OTHER_PRODUCT
    if manifest.platform != program.platform:
        return Standing.OTHER_PC
    kept = program.home is not None and program.home.about(manifest.number) is not None
    if manifest.number == program.number:
        return Standing.SAME
    if manifest.number < program.number or (manifest.number < program.highest and not kept):
        return Standing.OLDER
    if manifest.expires < today:
        return Standing.EXPIRED
    if desk.info.profile == "commune" and linked and not released:
        return Standing.NOT_RELEASED
    return Standing.KEPT if kept else Standing.READY


def _words(standing: Standing, manifest: Manifest, release: update_release.Release | None) -> str:
    version = manifest.version
    if standing is Standing.OTHER_PRODUCT:
        return _("This is an update of another program.")
    if standing is Standing.OTHER_PC:
        return _("Version {version} is for another kind of PC.").format(version=version)
    if standing is Standing.SAME:
        return _("Version {version} is the one in use.").format(version=version)
    if standing is Standing.OLDER:
        return _("Version {version} is older than what was in use on this PC.").format(
            version=version
        )
    if standing is Standing.EXPIRED:
        return _("Version {version} was to be used until {day} only. Ask for a newer one.").format(
            version=version, day=_day(manifest.expires)
        )
    if standing is Standing.NOT_RELEASED:
        return _(
            "Version {version}: your province has not given it to its desks yet, or its word was "
            "not copied along."
        ).format(version=version)
    if release is None:
        return _("Version {version}, from the publisher.").format(version=version)
    if release.units:
        return _("Version {version}, for this desk among others, from the province.").format(
            version=version
        )
    return _("Version {version}, for all desks, from the province.").format(version=version)


def _day(iso: str) -> str:
    return "/".join(reversed(iso.split("-")))


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done; the new version begins when the program is started again."""

    version: str
    number: int
    copy: Path


def apply(
    desk: Desk, offer: Offer, progress: Progress = quiet, program: Program | None = None
) -> Applied:
    """Back the vault up, put the new version beside the old one, and take it into use.

    The version in use goes on running until the program is closed. Breaking off at any moment,
    also by a power cut, leaves it in use.

    Raises:
        NotAllowed, UpdateError, BackupNotWritten, StoreError: in words; nothing was changed.
    """
    desk.require(PROGRAM)
    here = program or Program()
    home = here.home
    if not here.publishers:
        raise NoPublisher
    if home is None:
        raise NotInstalled
    # The stick may be another by now: everything is looked at again.
    offer = judge(desk, offer.path, here)
    if offer.update is None or offer.manifest is None:
        update_file.read(offer.path, here.publishers, here.disk)
    if not offer.usable or offer.update is None or offer.manifest is None:
        raise NotForThisDesk(offer)
    manifest = offer.manifest
    home.clear(here.number)
    total = manifest.size + manifest.unpacked
    home.require_writable(total + _MARGIN)
    progress(0, total, _("Making a backup…"))
    copy = backup.backup(desk, _place_for_copy(desk))
    if offer.standing is Standing.READY or home.check(manifest.number):
        _bring(home, offer.update, total, progress, here.disk)
    home.use(manifest.number)
    _log(desk, "program.update", f"{manifest.number} {manifest.version}")
    return Applied(manifest.version, manifest.number, copy)


def _bring(home: ProgramHome, update: Update, total: int, progress: Progress, disk: Disk) -> None:
    manifest = update.manifest
    part = home.download(manifest.number)
    reading, unpacking = _(N_("Reading the new version…")), _(N_("Unpacking the new version…"))
    try:
        # Checked on this PC's disk: what is unpacked is what was checked, whatever the stick does.
        with in_words(), part.open("wb") as target:
            update_file.copy_payload(
                update, target, lambda done: progress(done, total, reading), disk
            )
        home.put(manifest, part, lambda done: progress(manifest.size + done, total, unpacking))
    finally:
        part.unlink(missing_ok=True)


def _place_for_copy(desk: Desk) -> Path:
    chosen = backup.place(desk)
    if chosen is not None and chosen.is_dir():
        return chosen
    beside = desk.info.vault_path.parent / BACKUPS
    with in_words():
        beside.mkdir(parents=True, exist_ok=True)
    return beside


def go_back(desk: Desk, program: Program | None = None) -> About:
    """Take the version before into use again at the next start.

    Raises:
        NotAllowed, NotInstalled, NothingBefore, VaultMovedOn, UpdateError: nothing was changed.
    """
    desk.require(PROGRAM)
    here = program or Program()
    home = here.home
    if home is None:
        raise NotInstalled
    before = home.before()
    if before is None or home.check(before.number):
        raise NothingBefore
    if before.schema < schema.HEAD:
        raise VaultMovedOn
    home.require_writable()
    backup.backup(desk, _place_for_copy(desk))
    home.use(before.number)
    _log(desk, "program.back", f"{before.number} {before.version}")
    return before


def release(
    desk: Desk,
    offer: Offer,
    place: Path,
    progress: Progress = quiet,
    program: Program | None = None,
    units: tuple[str, ...] = (),
) -> Path:
    """Province: say that its desks are to take an update, and put both on a stick.

    The whole file is read and checked first, and read back from *place*.

    Args:
        desk: this desk.
        offer: what was found.
        place: the stick that goes to the communes; may be the one it was found on.
        progress: called as the work goes on.
        program: of this PC.
        units: the communes it is for; none means all.

    Returns:
        The path of the update on *place*.

    Raises:
        NotAllowed, OnlyProvinceReleases, UpdateError, NoCarrier, NoRoom: in words.
    """
    desk.require(PROGRAM)
    here = program or Program()
    if desk.info.profile != "province":
        raise OnlyProvinceReleases
    update = update_file.read(offer.path, here.publishers, here.disk)
    manifest = update.manifest
    today, province, _linked, _good = desk.ask(_Standing())
    if manifest.product != edition.PRODUCT or manifest.expires < today:
        raise NotForThisDesk(judge(desk, offer.path, here))
    if not here.disk.is_folder(place):
        raise NoCarrier
    reading = _(N_("Reading the new version…"))
    size = manifest.size
    update_file.copy_payload(
        update, None, lambda done: progress(done, 2 * size, reading), here.disk
    )
    target = place / FOLDER / update_file.name(manifest)
    with in_words():
        target.parent.mkdir(exist_ok=True)
        if target.resolve() != offer.path.resolve():
            if here.disk.free(target.parent) < size + _MARGIN:
                raise NoRoom
            _copy(offer.path, target)
    written = update_file.read(target, here.publishers, here.disk)
    back = _(N_("Reading back to be sure"))
    update_file.copy_payload(
        written, None, lambda done: progress(size + done, 2 * size, back), here.disk
    )
    with desk.context.store.read() as cursor:
        keys = DeviceKeys.load(cursor, desk.info.device)
    word = update_release.Release.sign(
        keys.signing, desk.info.device, province, manifest.number, written.digest,
        desk.context.moment, units,
    )  # fmt: skip
    with in_words():
        path = update_release.beside(target, desk.info.device)
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_bytes(word.encode())
        temporary.replace(path)
        here.disk.sync_folder(path.parent)
    _log(desk, "program.release", f"{manifest.number} {manifest.version}")
    return target


def _copy(source: Path, target: Path) -> None:
    import os

    temporary = target.with_name(target.name + ".tmp")
    try:
        with source.open("rb") as one, temporary.open("wb") as other:
            shutil.copyfileobj(one, other, 1 << 20)
            other.flush()
            os.fsync(other.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _log(desk: Desk, action: str, obj: str) -> None:
    with desk.context.store.work() as work:
        work.log(desk.context.moment, desk.info.officer_id, action, obj)
    desk.tell(frozenset({"program"}))


def damaged(program: Program | None = None) -> list[str]:
    """Files of the version in use that are missing or changed.

    Raises:
        NotInstalled, NotAnUpdate: there is no list to compare with.
    """
    here = program or Program()
    if here.home is None:
        raise NotInstalled
    return here.home.check(here.number)

"""Updates of the program from a stick: found, told in words, applied; and going back.

Who signs what: the publisher signs each version (its key is pinned in the program), the province
says that its desks are to take it. A linked commune needs both; a province, or a desk that is not
linked yet, the publisher's alone. Before anything changes a copy of the vault is made and proven.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from traffick_desk import edition
from traffick_desk.i18n import N_, _
from traffick_desk.services import backup
from traffick_desk.services.base import Desk
from traffick_desk.services.program_home import (
    EarlierDamaged,
    NoRoom,
    NothingBefore,
    NotInstalled,
    ProgramHome,
    in_words,
)
from traffick_desk.services.program_tree import About
from traffick_desk.services.roles import PROGRAM
from traffick_desk.services.update_offers import (
    FOLDER,
    AskStanding,
    NotForThisDesk,
    Offer,
    Program,
    Standing,
    judge,
    look,
)
from traffick_desk.store import schema
from traffick_desk.sync import update_file, update_release
from traffick_desk.sync.carriers import NoCarrier
from traffick_desk.sync.disk import Disk
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.reports import Progress, quiet
from traffick_desk.sync.update_file import NoPublisher, Update, UpdateError

__all__ = [
    "FOLDER", "Applied", "Installed", "NotForThisDesk", "Offer", "OnlyProvinceReleases", "Program",
    "Standing", "VaultMovedOn", "apply", "damaged", "go_back", "installed", "judge", "look",
    "release",
]  # fmt: skip

BACKUPS = "truoc-cap-nhat"
"""Beside the vault: copies made before an update where no place for backups is at hand."""
_MARGIN = 50_000_000


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


@dataclass(frozen=True, slots=True)
class Installed:
    """The version in use, the one that begins at the next start, and the one to go back to."""

    version: str
    number: int
    next: About | None
    before: About | None
    updatable: bool


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
            update_file.copy_payload(update, target, _percents(progress, 0, total, reading), disk)
        home.put(manifest, part, _percents(progress, manifest.size, total, unpacking))
    finally:
        # A virus scanner may still be reading it; the next update removes what is left.
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _percents(progress: Progress, before: int, total: int, text: str) -> Callable[[int], None]:
    """Tell *progress* once for each per cent: there are thousands of files."""
    last = -1

    def told(done: int) -> None:
        nonlocal last
        now = 100 * (before + done) // max(total, 1)
        if now != last:
            last = now
            progress(before + done, total, text)

    return told


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
        NotAllowed, NotInstalled, NothingBefore, EarlierDamaged, VaultMovedOn, UpdateError: nothing
            was changed.
    """
    desk.require(PROGRAM)
    here = program or Program()
    home = here.home
    if home is None:
        raise NotInstalled
    before = home.before()
    if before is None:
        raise NothingBefore
    if home.check(before.number):
        raise EarlierDamaged
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
    today, province, _linked, _good = desk.ask(AskStanding())
    if manifest.product != edition.PRODUCT or manifest.expires < today:
        raise NotForThisDesk(judge(desk, offer.path, here))
    if not here.disk.is_folder(place):
        raise NoCarrier
    reading = _(N_("Reading the new version…"))
    size = manifest.size
    update_file.copy_payload(update, None, _percents(progress, 0, 2 * size, reading), here.disk)
    target = place / FOLDER / update_file.name(manifest)
    with in_words():
        target.parent.mkdir(exist_ok=True)
        if target.resolve() != offer.path.resolve():
            if here.disk.free(target.parent) < size + _MARGIN:
                raise NoRoom
            _copy(offer.path, target)
    written = update_file.read(target, here.publishers, here.disk)
    back = _(N_("Reading back to be sure"))
    update_file.copy_payload(written, None, _percents(progress, size, 2 * size, back), here.disk)
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

"""Updates on a stick as this desk sees them: found, judged, told in words; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk import __version__, edition, i18n
from traffick_desk.i18n import _
from traffick_desk.services.base import Context, Desk, Query
from traffick_desk.services.program_home import ProgramHome
from traffick_desk.services.roles import OWN
from traffick_desk.services.rules import province_of
from traffick_desk.sync import update_file, update_release
from traffick_desk.sync.carriers import Carrier, NoCarrier
from traffick_desk.sync.disk import Disk
from traffick_desk.sync.update_file import Manifest, Update, UpdateError

FOLDER = "TD-UPDATE"


class Standing(StrEnum):
    """How an update found on a stick stands to this desk."""

    READY = "ready"
    KEPT = "kept"
    NOT_RELEASED = "not-released"
    SAME = "same"
    NEXT = "next"
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


def _pinned() -> tuple[bytes, ...]:
    return edition.publishers()


@dataclass(frozen=True)
class Program:
    """The program as it stands on this PC: whose updates it takes, and where it lies.

    Attributes:
        home: ``None`` when it was not started by its launcher (from the source tree, say).
    """

    home: ProgramHome | None = field(default_factory=ProgramHome.here)
    publishers: Sequence[bytes] = field(default_factory=_pinned)
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
class AskStanding(Query[tuple[str, str, bool, tuple[update_release.Release, ...]]]):
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
    today, _province, linked, releases = desk.ask(AskStanding(beside))
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
    if program.home is not None and kept and program.home.current() == manifest.number:
        return Standing.NEXT
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
    if standing is Standing.NEXT:
        return _("Version {version} begins when the program is started again.").format(
            version=version
        )
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

"""Practice: a commune and a province that are invented, in a folder beside the real vault.

Both are real vaults with real keys, linked through real enrolment; bundles go between them
through the folder ``usb``. The password is made here and lies beside them, because nothing in
them is about anybody: it is filled in without being asked for. The folder can be thrown away
and made anew at any time.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from traffick_desk.domain.practice import COMMUNE, PROVINCE, is_practice
from traffick_desk.i18n import N_, _
from traffick_desk.services import vaults
from traffick_desk.vault.kdf import FLOOR, KdfParams

if TYPE_CHECKING:
    from traffick_desk.services.base import Desk

LOGIN = "luyentap"
# Invented people with names that say so: Tập is practice, Mẫu is sample.
OFFICER, LEAD = "Nguyễn Thị Tập", "Trần Văn Mẫu"
Progress = Callable[[int, int, str], object]


class PracticeNotMade(Exception):
    """The disk did not take the practice vaults."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return _(
            N_(
                "Practice could not be prepared: {reason}. Nothing was left behind, and no real "
                "data was touched. Please make room on this PC, then try again."
            )
        ).format(reason=self.reason)


class PracticeDamaged(Exception):
    """The practice vaults are not whole any more."""

    def __str__(self) -> str:
        return _(
            N_(
                "What was practised here cannot be opened any more: files are missing or damaged. "
                "No real data is touched by this. Practice can be begun anew; only what was "
                "practised is lost."
            )
        )


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of practice.

    Attributes:
        root: beside the real vault, and holding nothing real.
    """

    root: Path

    @property
    def commune(self) -> Path:
        """The vault of the invented commune."""
        return self.root / "xa"

    @property
    def province(self) -> Path:
        """The vault of the invented province."""
        return self.root / "tinh"

    @property
    def stick(self) -> Path:
        """Stands for the USB stick that goes between the two."""
        return self.root / "usb"

    @property
    def key_file(self) -> Path:
        """Holds the password."""
        return self.root / "mat-khau.json"


def beside(vault: Path) -> Place:
    """The folder of practice that belongs to the vault in folder *vault*."""
    parent = vault.absolute().parent
    return Place(parent if parent.name == vaults.PRACTICE else parent / vaults.PRACTICE)


def is_made(place: Place) -> bool:
    """Whether somebody has begun to practise here, whole or damaged."""
    return place.root.exists()


def make(
    place: Place,
    now: Callable[[], datetime] | None = None,
    kdf: KdfParams = FLOOR,
    progress: Progress = lambda _done, _total, _words: None,
) -> None:
    """Make both vaults and link them; after a failure nothing is left behind.

    Raises:
        VaultExists: there is something already; :func:`throw_away` first.
        PracticeNotMade: in words.
    """
    if place.root.exists():
        raise vaults.VaultExists
    making = Place(place.root.with_name(f".{vaults.PRACTICE}.{os.urandom(4).hex()}"))
    try:
        making.stick.mkdir(parents=True, mode=0o700)
        _fill(making, now, kdf, progress)
        making.root.replace(place.root)
    except OSError as error:
        shutil.rmtree(making.root, ignore_errors=True)
        raise PracticeNotMade(error.strerror or str(error)) from error
    except BaseException:
        shutil.rmtree(making.root, ignore_errors=True)
        raise


def _fill(
    place: Place, now: Callable[[], datetime] | None, kdf: KdfParams, progress: Progress
) -> None:
    from traffick_desk.services import exchange

    words = _("Preparing practice…")
    password = secrets.token_urlsafe(24)
    desks: list[Desk] = []
    try:
        for step, (path, profile, unit, name, title) in enumerate(
            (
                (place.province, "province", PROVINCE, LEAD, "Chuyên viên"),
                (place.commune, "commune", COMMUNE, OFFICER, "Công chức xã"),
            )
        ):
            progress(step, 3, words)
            new = vaults.NewVault(
                profile, unit, name, LOGIN, password, _("Practice"), title, kdf=kdf
            )
            desks.append(vaults.create(path, new, now).desk)
        progress(2, 3, words)
        province, commune = desks
        request, _said = exchange.write_request(commune, place.stick)
        found = exchange.read_request(province, request)
        answer = exchange.accept(province, found, place.stick)
        exchange.install(commune, exchange.read_certificate(commune, answer))
    finally:
        for desk in desks:
            desk.close()
    with place.key_file.open("w", encoding="utf-8") as stream:
        json.dump({"password": password}, stream)
        stream.flush()
        os.fsync(stream.fileno())


def open_commune(place: Place, now: Callable[[], datetime] | None = None) -> Desk:
    """Open the desk of the invented commune, without asking for the password.

    Raises:
        PracticeDamaged: it must be begun anew.
        StoreInUse: it is open in another window.
    """
    return _open(place, place.commune, COMMUNE, now)


def open_province(place: Place, now: Callable[[], datetime] | None = None) -> Desk:
    """Open the desk of the invented province; the same.

    Raises:
        PracticeDamaged, StoreInUse: see :func:`open_commune`.
    """
    return _open(place, place.province, PROVINCE, now)


def password(place: Place) -> str:
    """The password of both vaults.

    Raises:
        PracticeDamaged: it is not there.
    """
    try:
        return str(json.loads(place.key_file.read_text("utf-8"))["password"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PracticeDamaged from error


def _open(place: Place, path: Path, unit: str, now: Callable[[], datetime] | None) -> Desk:
    from traffick_desk.store.errors import StoreError, StoreInUse
    from traffick_desk.vault.errors import VaultError

    try:
        # A real vault that somebody moved here is not opened as practice.
        if vaults.peek(path).unit != unit or not is_practice(unit):
            raise PracticeDamaged
        return vaults.unlock(path, LOGIN, password(place), now)
    except StoreInUse:
        raise
    except (VaultError, StoreError, OSError) as error:
        raise PracticeDamaged from error


def throw_away(place: Place) -> None:
    """Throw away all that was practised.

    Raises:
        StoreInUse: a practice vault is open in another window; nothing was thrown away.
        PracticeApart: a real vault lies in the folder; nothing was thrown away.
        PracticeNotMade: the system does not let go of a file.
    """
    for path in (place.commune, place.province):
        _refuse_open_or_real(path)
    if not place.root.exists():
        return
    going = place.root.with_name(f".{vaults.PRACTICE}.{os.urandom(4).hex()}")
    try:
        place.root.replace(going)
    except OSError as error:
        raise PracticeNotMade(error.strerror or str(error)) from error
    # What is left when the system holds a file has another name and is in nobody's way.
    shutil.rmtree(going, ignore_errors=True)


def _refuse_open_or_real(path: Path) -> None:
    from filelock import FileLock, Timeout

    from traffick_desk.store.errors import StoreInUse
    from traffick_desk.vault.errors import VaultError

    if not path.is_dir():
        return
    try:
        unit = vaults.peek(path).unit
    except VaultError:
        # What cannot be read may be anything that was damaged; the data keys are gone with it.
        unit = COMMUNE
    if not is_practice(unit):
        raise vaults.PracticeApart
    try:
        with FileLock(path / vaults.LOCK, timeout=0):
            return
    except Timeout as error:
        raise StoreInUse from error


@dataclass(frozen=True, slots=True)
class Answered:
    """What the invented province did: bundles taken in, requests decided, bundles written."""

    taken_in: int
    decided: int
    written: int


def province_answers(place: Place, now: Callable[[], datetime] | None = None) -> Answered:
    """Play the province's officer: import from the stick, approve what is asked, export back.

    Raises:
        PracticeDamaged, StoreInUse, CarrierError, SyncError: in words.
    """
    from traffick_desk.services import exchange
    from traffick_desk.services.commands import DecideEntitlement
    from traffick_desk.services.queries import OpenCase, Today

    desk = open_province(place, now)
    try:
        reports = exchange.import_bundles(desk, place.stick)
        decided = 0
        for case_id in {i.case_id for i in desk.ask(Today()) if i.group == "request"}:
            case = desk.ask(OpenCase(case_id))
            answered = {d.get("entitlement") for d in case.of("entitlement_decision")}
            for request in case.of("entitlement"):
                if request.id not in answered:
                    desk.do(DecideEntitlement(request.id, "approved"))
                    decided += 1
        written = exchange.export_bundles(desk, place.stick)
        return Answered(sum(r.outcome == "applied" for r in reports), decided, len(written))
    finally:
        desk.close()

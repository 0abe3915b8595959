"""Importing everything on a stick or folder that is meant for this desk, in the right order."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from traffick_desk.i18n import N_, _
from traffick_desk.store.store import Store
from traffick_desk.sync.bundle import peek
from traffick_desk.sync.carriers import Carrier, CarrierError, FileUnreadable, folder_name
from traffick_desk.sync.errors import PracticeMixed, SyncError
from traffick_desk.sync.intake import ALREADY, import_bundle, is_known, known_keys
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.links import load
from traffick_desk.sync.manifest import Manifest
from traffick_desk.sync.reports import ImportReport, Progress, quiet


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    manifest: Manifest


def import_from(
    store: Store, carrier: Carrier, *, at: str, officer: str, progress: Progress = quiet
) -> tuple[ImportReport, ...]:
    """Take in every bundle for this desk, sender by sender, oldest first.

    What was taken in before is known from its first bytes and costs nothing more. One file
    that is refused does not keep the others out.

    Raises:
        NotSetUp, CarrierError, StoreError: in words.
    """
    with store.read() as cursor:
        keys = DeviceKeys.load(cursor, store.device)
        known = known_keys(cursor, store.device)
    paths = carrier.bundles(*keys.recipients)
    if not paths and carrier.holds_other_kind():
        mixed = PracticeMixed()
        name = folder_name(practice=not carrier.practice)
        return (ImportReport(name, "refused", str(mixed), code=mixed.code),)
    reports: list[ImportReport] = []
    found: list[_Found] = []
    for index, path in enumerate(paths):
        progress(index, len(paths), _(N_("Looking through the files")))
        try:
            with store.read() as cursor, carrier.disk.open(path) as stream:
                manifest, digest = peek(stream, keys.identities, known)
                done = is_known(cursor, manifest, digest)
                label = load(cursor, manifest.sender).label if done else ""
        except SyncError as error:
            reports.append(ImportReport(path.name, "refused", str(error), code=error.code))
            continue
        except OSError:
            reports.append(_unreadable(path))
            continue
        if done:
            reports.append(
                ImportReport(
                    path.name, "already", _(ALREADY), manifest.sender, label, manifest.number,
                    manifest.made_at, code="already",
                )
            )  # fmt: skip
        else:
            found.append(_Found(path, manifest))
    for item in sorted(found, key=lambda f: (f.manifest.sender, f.manifest.number)):
        try:
            data = carrier.get(item.path)
        except CarrierError as error:
            report = ImportReport(item.path.name, "refused", str(error), code="unreadable")
        else:
            report = import_bundle(
                store, data, at=at, officer=officer, file=item.path.name, progress=progress
            )
        reports.append(report)
    return tuple(reports)


def _unreadable(path: Path) -> ImportReport:
    return ImportReport(path.name, "refused", str(FileUnreadable()), code="unreadable")

"""Copies of vaults as they lie in a place for backups: finding, describing and thinning them.

A place holds one folder for each vault, ``td-<eight digits>``, and in it one folder for each copy,
named by the moment it was made. Beside the encrypted file and the header lies a note that says what
the copy holds in numbers; nothing in it is secret, and nothing is decided by it that would lose
data. It is what tells copies apart before anybody types a password.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from traffick_desk.domain.practice import file_name, is_practice
from traffick_desk.domain.values import ICT
from traffick_desk.vault import header as vault_header

NOTE = "copy.json"
PLACE = "place.json"
DATABASE = "vault.db"
DAILY, WEEKLY, MONTHLY = 12, 10, 9
"""How many days, weeks and months keep their newest copy."""
NEWEST = 3
"""So many of the newest copies always stay, whatever the clocks said when they were made."""

_NAME = re.compile(r"\d{8}-\d{6}")
_HOME = re.compile(r"td-[0-9a-f]{8}")
_MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Note:
    """What a copy holds, in numbers.

    Attributes:
        log: number of the last line of the log.
        changes: position of the last change of the journal.
        documents: how many documents' bytes are in it.
        size, sha256: of the encrypted file.
        ways: digest of the ways in, so that a new password is a reason for a new copy.
    """

    vault: str
    log: int
    changes: int
    documents: int
    size: int
    sha256: str
    ways: str
    made_at: str
    program: str


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a vault; *note* is missing where it was not written or cannot be read."""

    path: Path
    note: Note | None = None

    @property
    def made_at(self) -> datetime | None:
        """The moment in its name, as the PC's clock said; ``None`` for another name."""
        with contextlib.suppress(ValueError):
            return datetime.strptime(self.path.name, "%Y%m%d-%H%M%S").replace(tzinfo=ICT)
        return None


@dataclass(frozen=True, slots=True)
class Found:
    """A copy that could be restored, with what its header says."""

    copy: Copy
    vault_id: str
    profile: str
    unit: str
    label: str
    logins: tuple[str, ...]
    has_recovery: bool


def home(root: Path, vault_id: str, unit: str) -> Path:
    """The folder of a vault in a place."""
    name = f"td-{vault_id[:8]}"
    return root / (file_name(name) if is_practice(unit) else name)


def in_home(folder: Path) -> list[Copy]:
    """The copies in a vault's folder, the newest first; half-made ones are left out."""
    try:
        found = [p for p in folder.iterdir() if _NAME.fullmatch(p.name)]
    except OSError:
        return []
    copies = [Copy(path, read_note(path)) for path in found]
    return sorted(copies, key=_age, reverse=True)


def _age(copy: Copy) -> tuple[int, str]:
    # A clock that was put back must not make the newest copy look old: the log only grows.
    return (copy.note.log if copy.note else 0, copy.path.name)


def read_note(folder: Path) -> Note | None:
    """The note of a copy, or ``None``."""
    try:
        file = folder / NOTE
        if file.stat().st_size > _MOST:
            return None
        value = json.loads(file.read_text("utf-8"))
        kinds = Note.__annotations__
        good = value.keys() == kinds.keys() and all(
            type(value[name]).__name__ == kind for name, kind in kinds.items()
        )
        return Note(**value) if good else None
    except (OSError, ValueError, AttributeError):
        return None


def write_note(folder: Path, note: Note) -> None:
    """Put the note beside the copy."""
    text = json.dumps(asdict(note), ensure_ascii=False, sort_keys=True, indent=1)
    (folder / NOTE).write_text(text + "\n", "utf-8")


def digest_of(file: Path) -> str:
    """SHA-256 of a file, hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def ways_in(header: vault_header.Header) -> str:
    """A digest of the slots: another one after each change of a password or officer."""
    return hashlib.sha256(repr(header.slots).encode()).hexdigest()[:16]


def marked(folder: Path, vault_id: str) -> bool:
    """Whether a place was named for backups of this vault."""
    try:
        value = json.loads((folder / PLACE).read_text("utf-8"))
        return bool(value["vault"] == vault_id)
    except (OSError, ValueError, TypeError, KeyError):
        return False


def mark(folder: Path, vault_id: str) -> None:
    """Name a place for backups of this vault: it is used by itself whenever it is there.

    Raises:
        OSError: the place cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / PLACE).write_text(json.dumps({"vault": vault_id}) + "\n", "utf-8")


def too_many(copies: Iterable[Copy]) -> list[Copy]:
    """Those of *copies* (the newest first) that no day, week or month needs any more."""
    ordered = list(copies)
    kept = set(ordered[:NEWEST])
    for most, bucket in (
        (DAILY, "%Y-%m-%d"),
        (WEEKLY, "%G-%V"),
        (MONTHLY, "%Y-%m"),
    ):
        seen: dict[str, Copy] = {}
        for copy in ordered:
            if (at := copy.made_at) is not None:
                seen.setdefault(at.strftime(bucket), copy)
        # Days, weeks and months with a copy count, not those of the calendar: a desk that was
        # shut for a year keeps what it had.
        kept.update(list(seen.values())[:most])
    return [copy for copy in ordered if copy not in kept]


def look_for(folders: Iterable[Path], most: int = 50) -> list[Found]:
    """Copies of any real vault in *folders*: places, vaults' folders within them, or copies.

    The newest of each vault come first; what cannot be read is left out.
    """
    found: dict[Path, Found] = {}
    for folder in folders:
        try:
            inside = sorted(p for p in folder.iterdir() if p.is_dir())
        except OSError:
            continue
        homes = [p for p in inside if _HOME.fullmatch(p.name)]
        if _HOME.fullmatch(folder.name):
            homes.append(folder)
        copies = [copy for one in homes for copy in in_home(one)]
        if (folder / DATABASE).is_file():
            copies.append(Copy(folder, read_note(folder)))
        for copy in copies[:most]:
            described = describe(copy)
            if described is not None:
                found[copy.path.absolute()] = described
    return sorted(found.values(), key=lambda f: (*_age(f.copy), str(f.copy.path)), reverse=True)


def describe(copy: Copy) -> Found | None:
    """What the header of a copy says, or ``None`` if it cannot be read."""
    from traffick_desk.vault.errors import VaultError

    try:
        header = vault_header.read_header(copy.path / vault_header.FILE_NAME)
    except (VaultError, OSError):
        return None
    return Found(
        copy,
        header.vault_id,
        header.profile,
        header.unit,
        header.desk_label,
        tuple(slot.login for slot in header.of_kind(vault_header.OFFICER)),
        bool(header.of_kind(vault_header.RECOVERY)),
    )

"""Files of the directory going out and coming in, told apart by their ending."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain import practice
from traffick_desk.domain.belonging import unit_record_id
from traffick_desk.i18n import N_, _, speaking
from traffick_desk.services.base import Command, Context, Desk, Query
from traffick_desk.services.directory import hsds, hsds_check, table
from traffick_desk.services.directory.prepared import CellProblem, Prepared, Preparing
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.register.errors import FileMissing, ListNotWritten
from traffick_desk.services.roles import DIRECTORY_READ
from traffick_desk.services.whole_file import write_whole
from traffick_desk.store.store import Work

MOST_BYTES = 100_000_000
FORMATS = (".xlsx", ".csv", ".json")


class NotHsds(ServiceError):
    """A JSON file that is no HSDS.

    Attributes:
        faults: what is wrong, the first of them; empty when it is no JSON at all.
    """

    def __init__(self, faults: tuple[hsds_check.Fault, ...] = ()) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        head = _(
            "This file does not hold services as Open Referral HSDS 3 describes them. Nothing was "
            "taken in. Please ask who gave it to you for one that does."
        )
        return "\n".join([head, *(f"{f.path}: {f.text}" for f in self.faults[:20])])


class UnknownFormat(ServiceError):
    """The name of the file does not say what it is."""

    text = N_("Please give the file a name that ends with .xlsx, .csv or .json. Nothing was done.")


@dataclass(frozen=True, slots=True)
class HsdsDocument(Query[dict[str, Any]]):
    """The directory in terms of HSDS; *public*: only what may hang on the wall.

    Its words are Vietnamese whatever the desk speaks, so that two exports are the same.
    """

    permission: ClassVar[str] = DIRECTORY_READ

    public: bool = False

    def run(self, context: Context, cursor: Any) -> dict[str, Any]:
        """See :class:`Query`."""
        with speaking("vi"):
            records = table.exported(context, cursor, public=self.public)
            return hsds.document(context.units, records)


@dataclass(frozen=True, slots=True)
class _WriteHsds(Command[Path]):
    permission: ClassVar[str] = DIRECTORY_READ
    action: ClassVar[str] = "directory.export"

    path: Path
    data: bytes = field(repr=False)
    count: int = 0

    def run(self, context: Context, work: Work) -> Path:  # noqa: ARG002
        """See :class:`Command`."""
        path = practice.file_path(self.path) if context.info.practice else self.path
        try:
            write_whole(path, self.data)
        except OSError as error:
            raise ListNotWritten(error.strerror or str(error)) from error
        return path

    def target(self, result: Path) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return f"{self.count}: hsds"


def save(desk: Desk, path: Path, *, public: bool = False) -> int:
    """Write the directory to *path*, by its ending a workbook, a text or HSDS JSON.

    Returns:
        How many entries were written.

    Raises:
        UnknownFormat, ListNotWritten: in words; nothing is left of the file.
    """
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise UnknownFormat
    if ending != ".json":
        return table.save(desk, path, public=public)
    found = desk.ask(HsdsDocument(public))
    desk.do(_WriteHsds(path, hsds.encode(found), len(found["contents"])))
    return len(found["contents"])


@dataclass(frozen=True, slots=True)
class _ReadHsds(Query[Prepared]):
    permission: ClassVar[str] = DIRECTORY_READ

    services: list[Any] = field(repr=False)

    def run(self, context: Context, cursor: Any) -> Prepared:
        """See :class:`Query`."""
        preparing = Preparing(context, cursor)
        with speaking("vi"):
            for number, made in enumerate(self.services, 1):
                unit, tail, values = hsds.values(context.units, made)
                given = preparing.known_id(tail) if tail else ""
                if not given and tail and unit in context.units:
                    given = unit_record_id(unit, tail)
                elif not given and tail and _is_id(tail):
                    given = unit_record_id(context.info.unit, tail)
                wrong: list[CellProblem] = []
                preparing.add(number, given, values, wrong, {}, clears=True)
        return preparing.done()


def _is_id(tail: str) -> bool:
    import uuid

    try:
        return str(uuid.UUID(tail)) == tail
    except ValueError:
        return False


def read(desk: Desk, path: Path) -> Prepared:
    """What taking in a workbook, a text with columns or HSDS JSON would do.

    Raises:
        NotHsds, RegisterError: in words.
    """
    if path.suffix.lower() != ".json":
        return table.read(desk, path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NotHsds
        data = path.read_bytes()
    except OSError as error:
        raise FileMissing from error
    return desk.ask(_ReadHsds(services_in(data)))


def services_in(data: bytes) -> list[Any]:
    """The services in the bytes of a file of HSDS JSON.

    Raises:
        NotHsds: it is none, or not all of it is as HSDS says.
    """
    try:
        services = hsds.services_of(json.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise NotHsds from error
    if faults := hsds_check.check(services):
        raise NotHsds(tuple(faults))
    return services

"""Does this copy of the program work here? Asked of a new version before it is taken into use.

Everything happens in a folder of its own that is removed: a vault is made, written, closed, opened
again and found unreadable from outside; a paper is drawn and counted; the known answers of every
primitive are asked. No data of anybody is touched.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from traffick_desk import edition, i18n, resources
from traffick_desk.i18n import N_, _

_UNIT = "2025/06040"
_HEADER = b"SQLite format 3"


class Misfit(Exception):
    """A part did not do what it must."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part and whether it works; *problem* names a class and nothing personal."""

    name: str
    works: bool
    problem: str = ""


def self_test(more: tuple[tuple[str, Callable[[], None]], ...] = ()) -> tuple[Part, ...]:
    """Try every part; *more* are parts of who calls, e.g. the window."""
    parts: list[Part] = []
    tries: tuple[tuple[str, Callable[[], None]], ...] = (
        (_(N_("Cryptography")), _primitives),
        (_(N_("Data of the program")), _resources),
        (_(N_("Encrypted vault")), _vault),
        (_(N_("Papers")), _paper),
        *more,
    )
    for name, attempt in tries:
        try:
            attempt()
        except Exception as error:  # noqa: BLE001 - whatever it is, the part does not work
            parts.append(Part(name, works=False, problem=type(error).__name__))
        else:
            parts.append(Part(name, works=True))
    return tuple(parts)


def _primitives() -> None:
    from traffick_desk.vault.selftest import run

    run()


def _resources() -> None:
    from traffick_desk import law
    from traffick_desk.domain.units import Units

    law.load_pack()
    if _UNIT not in Units.load():
        raise Misfit
    with i18n.speaking("vi"):
        if _("Cases") == "Cases":
            raise Misfit
    if not resources.path("fonts").is_dir():
        raise Misfit


def _vault() -> None:
    from traffick_desk.services import vaults
    from traffick_desk.services.queries import CountCases
    from traffick_desk.services.verify import verify
    from traffick_desk.vault.kdf import FLOOR

    password = os.urandom(16).hex()
    with tempfile.TemporaryDirectory(prefix="td-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "kho dữ liệu"
        new = vaults.NewVault("commune", _UNIT, "Thử", "thu", password, kdf=FLOOR)
        vaults.create(path, new).desk.close()
        if (path / vaults.DATABASE).read_bytes().startswith(_HEADER):
            raise Misfit
        desk = vaults.unlock(path, "thu", password)
        try:
            if desk.ask(CountCases()) != 0 or not verify(desk).intact:
                raise Misfit
        finally:
            desk.close()


def _paper() -> None:
    from traffick_desk import papers
    from traffick_desk.services.base import clock
    from traffick_desk.services.papers import recovery_sheet

    pdf = recovery_sheet("Xã Thử", "Nguyễn Thị Thử", "0" * 8, clock(), "AAAA-BBBB")
    if not pdf.startswith(b"%PDF-") or papers.page_count(pdf) < 1:
        raise Misfit


def about() -> str:
    """The edition in one line."""
    this = edition.this()
    return f"{edition.PRODUCT} {this.version} ({this.number}, {this.platform})"

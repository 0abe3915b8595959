"""Vaults and files made once a process and copied for each test: making their tables is what costs."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from traffick_desk import i18n
from traffick_desk.domain.records import REGISTRY
from traffick_desk.services import vaults
from traffick_desk.services.base import Desk
from traffick_desk.store.store import Store


@cache
def _kept() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="td-test-")


def raw_key() -> bytearray:
    """A key for stores that need no vault around them."""
    return bytearray(b"x'" + b"5a" * 32 + b"'")


@cache
def empty_store() -> Path:
    """An empty file with all tables, under :func:`raw_key`."""
    path = Path(_kept().name) / "empty.db"
    store = Store(path, raw_key, REGISTRY, "nobody")
    store.open(create=True)
    store.close()
    return path


def vault(path: Path, new: vaults.NewVault, now: Callable[[], datetime]) -> Desk:
    """What ``vaults.create`` would make at *path*, open.

    Vaults of other names are other devices, as they would be; the same name in another test is a
    copy of the same vault.
    """
    what = f"{path.name} {i18n.language()} {new!r}"
    kept = Path(_kept().name) / hashlib.sha256(what.encode()).hexdigest()[:16]
    if not kept.exists():
        vaults.create(kept, new, now=now).desk.close()
    shutil.copytree(kept, path)
    return vaults.unlock(path, new.login, new.password, now)

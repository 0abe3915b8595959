"""A publisher, a program in two versions and a stick: small, but every byte goes the real way."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from traffick_desk.services.program_home import ProgramHome
from traffick_desk.services.updates import FOLDER, Program
from traffick_desk.store import schema
from traffick_desk.sync import update_file
from traffick_desk.sync.disk import Disk
from traffick_desk.vault.signing import SigningKey

PLATFORM = "linux-x64"


def tree(folder: Path, number: int, version: str = "", *, size: int = 300_000, schema_at: str = "",
         product: str = "traffick-desk", platform: str = PLATFORM) -> dict[str, object]:  # fmt: skip
    """A built version: a program that starts and says its version, and something to pack."""
    about = {
        "product": product,
        "number": number,
        "version": version or f"1.{number}",
        "platform": platform,
        "schema": schema_at or schema.HEAD,
    }
    (folder / "thư mục").mkdir(parents=True)
    start = folder / "traffick-desk"
    start.write_text(f'#!/bin/sh\n[ "$1" = self-test ] && exit 0\necho {about["version"]}\n')
    start.chmod(0o755)
    (folder / "thư mục" / "lớn").write_bytes(os.urandom(size))
    (folder / "program.json").write_text(json.dumps(about))
    files = {
        p.relative_to(folder).as_posix(): sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }
    (folder / "files.json").write_text(json.dumps(files))
    return about


@dataclass
class World:
    """Everything around one PC."""

    base: Path
    publisher: SigningKey = field(default_factory=SigningKey.generate)
    disk: Disk = field(default_factory=Disk)

    @property
    def home(self) -> Path:
        return self.base / "chương trình"

    @property
    def stick(self) -> Path:
        return self.base / "thẻ nhớ"

    def install(self, number: int = 5, **more: str) -> None:
        """The version that is in use, as an installer puts it."""
        tree(self.home / "versions" / str(number), number, **more)  # type: ignore[arg-type]
        (self.home / "current").write_text(f"{number}\n")
        (self.stick / FOLDER).mkdir(parents=True, exist_ok=True)

    def program(self, number: int = 5, disk: Disk | None = None, **more: object) -> Program:
        used = disk or self.disk
        return Program(
            home=ProgramHome(self.home, platform=PLATFORM, disk=used, **more),  # type: ignore[arg-type]
            publishers=(self.publisher.verify_key.raw,),
            number=number,
            version=f"1.{number}",
            platform=PLATFORM,
            disk=used,
        )

    def update(self, number: int = 6, *, key: SigningKey | None = None, expires: str = "2027-12-31",
               name: str = "", **more: object) -> Path:  # fmt: skip
        """An update file on the stick."""
        built = self.base / f"built-{number}-{len(list(self.base.iterdir()))}"
        about = tree(built, number, **more)  # type: ignore[arg-type]
        target = self.stick / FOLDER / (name or f"v{number}.tdupdate")
        update_file.made(
            built, target, key or self.publisher, about,
            made_on="2026-11-01", expires=expires, notes=("Có báo cáo tháng.", "Monthly reports."), level=1,
        )  # fmt: skip
        return target

    def names(self) -> set[str]:
        """What stands in the folder of versions."""
        return {p.name for p in (self.home / "versions").iterdir()}

"""The made-up next version of the smoke tests: whole, signed, and nothing of it in the built tree."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

import pytest

import next_version
import parts
from traffick_desk import edition
from traffick_desk.services.program_home import ProgramHome
from traffick_desk.sync import update_file


def test_it_can_be_taken_and_the_built_tree_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795800000")
    tree = tmp_path / "build" / "versions" / str(edition.NUMBER)
    package = tree / "lib" / "traffick_desk"
    (package / "_data" / "resources").mkdir(parents=True)
    (package / "edition.py").write_bytes(Path(edition.__file__).read_bytes())
    (package / "_data" / "resources" / "publishers.json").write_text("[]\n")
    (tree / "traffick-desk").write_text("#!/bin/sh\n")
    (tree / "left-out").write_bytes(os.urandom(100))
    (tree / "big").write_bytes(os.urandom(100_000))
    parts.describe(tree, "linux-x64")

    def digests() -> dict[str, str]:
        return {
            p.relative_to(tree).as_posix(): sha256(p.read_bytes()).hexdigest()
            for p in tree.rglob("*")
            if p.is_file()
        }

    before = digests()
    stick = tmp_path / "Thẻ nhớ"
    made = next_version.make(tree, "linux-x64", stick, ["left-out"])
    assert digests() == before
    keys = [bytes.fromhex(key) for key in json.loads((stick / "publishers.json").read_text())]
    update = update_file.read(made, keys)
    assert update.manifest.number == edition.NUMBER + 1
    home = ProgramHome(tmp_path / "home", platform="linux-x64", try_out=lambda _folder: True)
    (home.path / "versions").mkdir(parents=True)
    part = home.download(update.manifest.number)
    with part.open("wb") as target:
        update_file.copy_payload(update, target, lambda _done: None)
    home.put(update.manifest, part, lambda _done: None)
    new = home.folder(edition.NUMBER + 1)
    assert home.check(edition.NUMBER + 1) == []
    assert not (new / "left-out").exists()
    assert f"\nNUMBER = {edition.NUMBER + 1}\n" in (new / "lib/traffick_desk/edition.py").read_text(
        "utf-8"
    )

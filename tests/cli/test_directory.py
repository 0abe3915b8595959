"""The directory and the facilities by command line, over a real vault."""

from __future__ import annotations

import json

import pytest

from traffick_desk.cli.main import main
from traffick_desk.services import vaults
from traffick_desk.vault.kdf import FLOOR

PASSWORD = "mười hai con mèo ngủ trưa"
COMMUNE = "2025/06040"


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TRAFFICK_DESK_PASSWORD", PASSWORD)
    new = vaults.NewVault("commune", COMMUNE, "Nguyễn Thị Hương", "huong", PASSWORD, kdf=FLOOR)
    vaults.create(tmp_path / "vault", new).desk.close()

    def call(*arguments, code=0):
        given = [*arguments[:2], "--vault", str(tmp_path / "vault"), *arguments[2:]]
        assert main(["--language", "en", *map(str, given)]) == code
        return capsys.readouterr()

    return call


def test_a_directory_is_taken_in_found_checked_and_written_again(run, tmp_path):
    table = tmp_path / "in.csv"
    table.write_text(
        "name;organization;kinds;phone;position\n"
        "Legal aid;Justice;legal_aid;0205 1;22.25, 106.46\n"
        "Wrong;Nobody;flying;0205 2;\n",
        "utf-8",
    )
    seen = run("directory", "import", table, "--dry-run", code=1)
    assert "new: 1, changed: 0, the same: 0, left out: 1" in seen.out
    assert "row 3" in seen.err
    run("directory", "import", table, code=1)
    assert "the same: 1" in run("directory", "import", table, code=1).out
    [hotline, legal] = sorted(
        json.loads(run("directory", "list", "--json").out), key=lambda s: s["name"], reverse=True
    )
    assert hotline["phone"] == "111"
    assert legal["due"]
    near = json.loads(run("directory", "near", "22.25, 106.47", "--json").out)
    assert near[0]["id"] == legal["id"]
    assert near[0]["km"] == pytest.approx(1.03, abs=0.02)
    run("directory", "check", legal["id"], "right")
    assert run("directory", "list", "--due").out.count("Legal aid") == 0
    for name in ("out.json", "out.xlsx"):
        run("directory", "export", tmp_path / name)
        assert "the same: 1, left out: 0" in run("directory", "import", tmp_path / name).out
    assert "Legal aid" in run("directory", "show", legal["id"]).out
    run("directory", "paper", legal["id"], "--output", tmp_path / "card.pdf")
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF")
    assert "no file number" in run("directory", "near", "qqqq zzzz", code=1).err


def test_facilities_are_entered_and_their_free_beds_listed(run, tmp_path):
    file = tmp_path / "houses.json"
    file.write_text(
        json.dumps(
            [{"name": "House", "kind": "social",
              "rooms": [{"name": "P1", "purpose": "general", "beds": 3}]}]
        ),
        "utf-8",
    )  # fmt: skip
    run("facilities", "add", file)
    [room] = json.loads(run("facilities", "list", "--json").out)
    assert (room["facility"], room["beds"], room["free"]) == ("House", 3, 3)
    assert json.loads(run("facilities", "waiting", "--json").out) == []
    file.write_text('[{"colour": "red"}]', "utf-8")
    assert "colour" in run("facilities", "add", file, code=1).err

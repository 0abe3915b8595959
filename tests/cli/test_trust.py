"""Conflicts, sheets and tips handed down, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from cli.test_cli import PASSWORD, Run, _create, run
from traffick_desk.domain.belonging import unit_record_id
from traffick_desk.services import vaults
from traffick_desk.services.base import new_id
from traffick_desk.store.journal import Edit

__all__ = ["run"]


def test_sheets_are_made_and_a_new_pc_takes_over(run: Run, tmp_path: Path) -> None:
    old, new, stick = tmp_path / "cũ", tmp_path / "mới", tmp_path / "usb"
    for vault in (old, new):
        _create(run, vault, "province", "Lang Son")
    code, out, _err = run("trust", "sheets", "--vault", old)
    assert code == 0
    rows = [line.strip() for line in out.splitlines() if line.startswith("    ")]
    assert len(rows) == 18
    for number in (0, 2):
        (tmp_path / f"{number}.txt").write_text("\n".join(rows[number * 6 : number * 6 + 6]))
    typed = ("--sheet", tmp_path / "0.txt", "--sheet", tmp_path / "2.txt")
    code, _out, err = run(
        "trust", "take-over", "--vault", new, *typed[:2], "--sheet", tmp_path / "0.txt"
    )
    assert (code, "hai tờ khác nhau" in err) == (1, True)
    assert run("trust", "take-over", "--vault", old, *typed)[0] == 1
    code, out, _err = run("trust", "take-over", "--vault", new, *typed)
    assert (code, "đã thay máy" in out) == (0, True)
    stick.mkdir()
    code, out, _err = run("trust", "adopt", "--vault", new, stick)
    assert (code, "không có máy nào" in out) == (0, True)
    code, out, _err = run("trust", "sheets", "--vault", new, tmp_path / "giấy")
    assert code == 0
    assert len(list((tmp_path / "giấy").glob("*.pdf"))) == 3


def test_what_waits_for_a_choice_is_listed_and_chosen(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "xã"
    _create(run, vault, "commune", "That Khe Lang Son")
    assert json.loads(run("conflicts", "--vault", vault, "--json")[1]) == []
    assert "Không có giá trị nào" in run("conflicts", "--vault", vault)[1]
    assert run("choose", "--vault", vault, "person/x/phone", "--mine")[0] == 1
    assert run("choose", "--vault", vault, "nonsense", "--mine")[0] == 1
    assert run("choose", "--vault", vault, "person/x/phone")[0] == 2


def test_an_entry_of_the_unit_is_chosen_by_its_name(run: Run, tmp_path: Path) -> None:
    vault = tmp_path / "xã"
    _create(run, vault, "commune", "That Khe Lang Son")
    desk = vaults.unlock(vault, "huong", PASSWORD)
    try:
        record = unit_record_id(desk.info.unit, new_id())
        base = {}
        for phone in ("1", "2", "3"):
            values = {"name": "Nhà tạm lánh", "phone": phone}
            with desk.context.store.work() as work:
                edit = Edit("facility", record, values, {"phone": base.get("phone", ())})
                work.journal.write(edit, desk.info.officer_id, None)
                base = base or work.journal.state("facility", record).heads
    finally:
        desk.close()
    (waits,) = json.loads(run("conflicts", "--vault", vault, "--json")[1])
    assert (waits["about"], waits["may_settle"]) == ("Nhà tạm lánh", True)
    assert waits["choice"] == f"facility/{record}/phone"
    assert "Nhà tạm lánh" in run("conflicts", "--vault", vault)[1]
    assert run("choose", "--vault", vault, waits["choice"], "--value", "4")[0] == 0
    assert json.loads(run("conflicts", "--vault", vault, "--json")[1]) == []


def test_new_keys_of_a_desk_go_with_bundles(run: Run, tmp_path: Path) -> None:
    commune, province, stick = tmp_path / "xã", tmp_path / "tỉnh", tmp_path / "usb"
    _create(run, commune, "commune", "That Khe Lang Son")
    _create(run, province, "province", "Lang Son")
    stick.mkdir()
    # Not linked yet, and the province's own PC: both are told so in words.
    assert run("enrol", "new-keys", "--vault", commune)[0] == 1
    assert run("enrol", "new-keys", "--vault", province)[0] == 1
    assert run("enrol", "request", "--vault", commune, stick)[0] == 0
    (asked,) = stick.rglob("*.tdrequest")
    assert run("enrol", "accept", "--vault", province, asked, stick, "--yes")[0] == 0
    (answer,) = stick.rglob("*.tdcert")
    assert run("enrol", "install", "--vault", commune, answer, "--yes")[0] == 0
    code, out, _err = run("enrol", "new-keys", "--vault", commune)
    assert (code, "Đã tạo khóa mới" in out) == (0, True)
    for sender, receiver in ((commune, province), (province, commune), (commune, province)):
        assert run("export", "--vault", sender, stick)[0] == 0
        assert run("import", "--vault", receiver, stick)[0] == 0
    later = tmp_path / "sau"
    later.mkdir()
    assert run("enrol", "request", "--vault", commune, later)[0] == 0
    (anew,) = later.rglob("*.tdrequest")
    first, second = (json.loads(path.read_bytes()) for path in (asked, anew))
    assert first["device"] == second["device"]
    assert first["verify_key"] != second["verify_key"]
    assert first["recipient"] != second["recipient"]

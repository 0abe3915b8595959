"""The province's PC is lost: two sheets, a new vault, and every link goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.conftest import take_in
from traffick_desk.services import backup, exchange, trust
from traffick_desk.services.queries import ListCases
from traffick_desk.services.trust import MakeSheets, TrustState
from traffick_desk.sync.errors import EnrolmentRefused, OnlyProvince
from traffick_desk.vault.errors import ShareMistyped, SharesDiffer

from .conftest import PASSWORD


@pytest.fixture(autouse=True)
def _english(english):
    """Every test of this file reads English."""


@pytest.fixture
def linked(make, tmp_path):
    commune, province = make(), make("province")
    stick = tmp_path / "usb"
    stick.mkdir()
    exchange.write_request(commune, stick)
    (request,) = exchange.files_at(province, stick, exchange.REQUEST_SUFFIX)
    answer = exchange.accept(province, exchange.read_request(province, request), stick)
    exchange.install(commune, exchange.read_certificate(commune, answer))
    take_in(commune, "LS1")
    carry(stick, commune, province)
    return commune, province, stick


def carry(stick: Path, *desks) -> list:
    """Two rounds by stick; what was taken in or refused."""
    reports = []
    for sender, receiver in (desks, desks[::-1], desks):
        exchange.export_bundles(sender, stick)
        reports += exchange.import_bundles(receiver, stick)
    return reports


def typed(sheets) -> list[str]:
    return ["\n".join(sheet.rows) for sheet in sheets]


def test_a_restored_province_goes_on_with_its_communes(linked, tmp_path, make):
    commune, province, stick = linked
    assert province.ask(TrustState()).sheets_at == ""
    sheets = province.do(MakeSheets())
    assert [sheet.number for sheet in sheets] == [1, 2, 3]
    assert province.ask(TrustState()).sheets_at
    copy = backup.backup(province, _folder(tmp_path / "second"))
    old = province.info.device
    province.close()
    new = backup.restore(copy, tmp_path / "new", "huong", PASSWORD)
    try:
        assert trust.take_over(new, typed(sheets[1:])) == old
        assert new.ask(TrustState()).took_over
        (link,) = new.ask(exchange.Links())
        assert link.device == commune.info.device
        exchange.export_bundles(new, stick)
        reports = exchange.import_bundles(commune, stick)
        assert [r.code for r in reports if r.outcome == "already"][:1] == ["succession"]
        assert "The province has a new PC" in reports[0].message
        assert not [r for r in reports if r.outcome == "refused"]
        links = {link.device: link for link in commune.ask(exchange.Links())}
        assert links[old].revoked
        assert not links[new.info.device].revoked
        take_in(commune, "LS2")
        carry(stick, commune, new)
        assert len(new.ask(ListCases())) == 2
        # The letter on the stick is old news from now on.
        assert [r.code for r in exchange.import_bundles(commune, stick)].count("succession") == 0
    finally:
        new.close()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_province_without_a_backup_is_given_everything_again(linked, make):
    commune, province, stick = linked
    sheets = province.do(MakeSheets())
    new = make("province-new")
    trust.take_over(new, typed(sheets[:2]))
    assert trust.put_files(new, exchange._place(new, stick))
    exchange.import_bundles(commune, stick)
    exchange.export_bundles(commune, stick)
    assert new.ask(ListCases()) == ()
    (asked,) = trust.going_on(new, stick)
    assert (asked.unit, asked.device) == (commune.info.unit, commune.info.device)
    trust.adopt(new, asked)
    assert trust.going_on(new, stick) == ()
    carry(stick, commune, new)
    assert len(new.ask(ListCases())) == 1


def test_wrong_sheets_change_nothing(linked, make):
    commune, province, stick = linked
    one, two = province.do(MakeSheets()), province.do(MakeSheets())
    new = make("province-new")
    with pytest.raises(SharesDiffer):
        trust.take_over(new, [typed(one)[0], typed(two)[1]])
    wrong = typed(one)[0].replace(typed(one)[0][0], "Z" if typed(one)[0][0] != "Z" else "Y", 1)
    with pytest.raises(ShareMistyped):
        trust.take_over(new, [wrong, typed(one)[1]])
    with pytest.raises(OnlyProvince):
        commune.do(MakeSheets())
    assert not new.ask(TrustState()).took_over
    assert trust.put_files(new, exchange._place(new, stick)) == []
    letter = stick / "x.tdnext"
    letter.write_bytes(b"{}")
    with pytest.raises(EnrolmentRefused):
        trust.follow_file(commune, letter)
    reports = exchange.import_bundles(commune, stick)
    assert [r.outcome for r in reports if r.file == "x.tdnext"] == ["refused"]


def test_a_sheet_is_a_paper_with_its_groups(linked):
    _commune, province, _stick = linked
    sheets = province.do(MakeSheets())
    pdf = trust.sheet_pdf(province, sheets[0])
    assert pdf.startswith(b"%PDF")
    assert trust.check_sheet(" ".join(sheets[2].rows)) == 3

"""Password and printed code are lost: the province opens its slot for one request."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from services.conftest import NOW, PASSWORD, Make, take_in
from traffick_desk.services import access, exchange, officers, province_help, vaults
from traffick_desk.services.errors import NoPeer, NotAllowed
from traffick_desk.services.hub import Withdraw
from traffick_desk.services.queries import CountCases
from traffick_desk.store.changes import dump_canonical
from traffick_desk.sync.errors import HelpRefused
from traffick_desk.vault import header as vault_header
from traffick_desk.vault import pending as waiting
from traffick_desk.vault.errors import RecoveryRefused, UnlockRefused

FRESH = "năm chiếc lá rơi xuống sông"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def _link(commune, province, stick: Path) -> None:
    path, _words = exchange.write_request(commune, stick)
    request = exchange.read_request(province, path)
    answer = exchange.accept(province, request, stick)
    exchange.install(commune, exchange.read_certificate(commune, answer))


@pytest.fixture
def linked(make: Make, stick: Path):
    commune, province = make(), make("province")
    _link(commune, province, stick)
    return commune, province


@pytest.fixture
def locked(linked, stick: Path):
    """A commune that let the province help and has lost everything since; the province's desk."""
    commune, province = linked
    take_in(commune, "E5")
    province_help.allow(commune, PASSWORD)
    commune.close()
    return commune.info.vault_path, province


def _log(desk, action: str) -> list[str]:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT object FROM audit WHERE action = ?", (action,))
        return [row[0] for row in cursor.fetchall()]


def _answered(path: Path, province, stick: Path) -> Path:
    made = province_help.ask(path, "huong", FRESH, stick, lambda: NOW)
    request = province_help.read_request(province, made.path)
    assert request.words == made.words
    return province_help.answer(province, request, stick)


def test_everything_lost_the_province_opens_and_both_log_it(locked, stick: Path) -> None:
    path, province = locked
    made = province_help.ask(path, "Huong", FRESH, stick, lambda: NOW)
    assert province_help.asked(path).words == made.words, (
        "the words are shown again after a restart"
    )
    found = province_help.requests_at(province, stick)
    request = province_help.read_request(province, found[0])
    assert (request.words, request.login, request.label) == (made.words, "huong", "Máy 1")
    assert "Thất Khê" in request.unit_name
    province_help.answer(province, request, stick)
    (answer,) = province_help.answers_at(path, stick)
    desk = province_help.finish(path, answer, FRESH, lambda: NOW)
    try:
        assert desk.ask(CountCases()) == 1
        assert desk.info.officer_name == "Nguyễn Thị Hương"
        assert _log(desk, "vault.helped") == [desk.info.vault_id]
        assert _log(province, "vault.help-given") == [desk.info.device]
    finally:
        desk.close()
    with pytest.raises(UnlockRefused):
        vaults.unlock(path, "huong", PASSWORD)
    vaults.unlock(path, "huong", FRESH).close()
    assert province_help.asked(path) is None
    with pytest.raises(province_help.NoHelpPending):
        province_help.finish(path, answer, FRESH)


def test_the_files_hold_no_key_that_a_finder_could_use(locked, stick: Path) -> None:
    path, province = locked
    answer = _answered(path, province, stick)
    header = vault_header.read_header(path / vault_header.FILE_NAME)
    kept = json.loads((path / waiting.FILE_NAME).read_text())
    assert set(kept) >= {"wrapped", "salt"}
    # With PC, request and answer in hand the new password is still needed.
    for wrong in (PASSWORD, "sai mật khẩu rồi nhé", ""):
        with pytest.raises(province_help.HelpPasswordWrong):
            province_help.finish(path, answer, wrong)
    assert vault_header.read_header(path / vault_header.FILE_NAME) == header


def test_an_answer_opens_the_one_request_it_was_made_for(locked, stick: Path) -> None:
    path, province = locked
    first = _answered(path, province, stick)
    kept = first.read_bytes()
    province_help.ask(path, "huong", FRESH, stick, lambda: NOW)
    first.write_bytes(kept)
    with pytest.raises(province_help.AnswerRefused):
        province_help.finish(path, first, FRESH)


def test_a_damaged_answer_changes_nothing(locked, stick: Path) -> None:
    path, province = locked
    answer = _answered(path, province, stick)
    whole = answer.read_bytes()
    before = (path / vault_header.FILE_NAME).read_bytes()
    for byte in (0, 300, -1):
        data = bytearray(whole)
        data[byte] ^= 1
        answer.write_bytes(data)
        with pytest.raises(province_help.AnswerRefused):
            province_help.finish(path, answer, FRESH)
    assert (path / vault_header.FILE_NAME).read_bytes() == before


def test_another_request_has_other_words(locked, stick: Path, tmp_path: Path) -> None:
    path, province = locked
    ours = province_help.ask(path, "huong", FRESH, stick, lambda: NOW)
    stolen = tmp_path / "stolen" / "vault"
    shutil.copytree(path, stolen)
    theirs = province_help.ask(stolen, "huong", "bảy con cá bơi ngược dòng", stick, lambda: NOW)
    assert theirs.words != ours.words
    # Every field is in the words: a request with one changed shows others.
    inside = province_help.read_request(province, theirs.path)
    value = json.loads(theirs.path.read_text())
    for name, other in (
        ("login", "lan"),
        ("label", "Máy 2"),
        ("made_at", "2026-01-01T00:00:00+07:00"),
    ):
        theirs.path.write_bytes(dump_canonical({**value, name: other}))
        assert province_help.read_request(province, theirs.path).words != inside.words


def test_the_province_answers_no_stranger(linked, make: Make, stick: Path, tmp_path: Path) -> None:
    commune, province = linked
    province_help.allow(commune, PASSWORD)
    commune.close()
    path = commune.info.vault_path
    made = province_help.ask(path, "huong", FRESH, stick, lambda: NOW)
    request = province_help.read_request(province, made.path)
    other = make("province-2")
    with pytest.raises(HelpRefused):
        province_help.answer(other, request, stick)
    province.do(Withdraw(commune.info.device))
    with pytest.raises(HelpRefused):
        province_help.answer(province, request, stick)
    assert _log(province, "vault.help-given") == []


def test_a_slot_under_another_name_is_not_opened(locked, stick: Path) -> None:
    path, province = locked
    made = province_help.ask(path, "huong", FRESH, stick, lambda: NOW)
    value = json.loads(made.path.read_text())
    for name, other in (("vault_id", "0" * 32), ("slot_id", "0" * 16), ("epoch", 2)):
        made.path.write_bytes(dump_canonical({**value, name: other}))
        request = province_help.read_request(province, made.path)
        with pytest.raises(HelpRefused):
            province_help.answer(province, request, stick)
    for data in (
        b"",
        b"{}",
        dump_canonical({**value, "more": 1}),
        dump_canonical({**value, "recipient": "age1x"}),
    ):
        made.path.write_bytes(data)
        with pytest.raises(HelpRefused):
            province_help.read_request(province, made.path)


def test_only_who_may_link_desks_at_a_province_answers(linked, stick: Path) -> None:
    commune, _province = linked
    with pytest.raises(NotAllowed):
        province_help.read_request(commune, stick / "x.tdhelp")


def test_without_a_link_or_without_leave_there_is_no_help(make: Make, stick: Path) -> None:
    desk = make()
    assert not desk.ask(province_help.CanBeAllowed())
    with pytest.raises(NoPeer):
        province_help.allow(desk, PASSWORD)
    desk.close()
    with pytest.raises(province_help.NoHelp):
        province_help.ask(desk.info.vault_path, "huong", FRESH, stick)


def test_leave_is_given_and_taken_back_with_the_own_password(linked, stick: Path) -> None:
    commune, province = linked
    assert commune.ask(province_help.HelpAllowed()) == province_help.OFF
    with pytest.raises(access.WrongPassword):
        province_help.allow(commune, "sai mật khẩu rồi nhé")
    province_help.allow(commune, PASSWORD)
    province_help.allow(commune, PASSWORD)
    header = vault_header.read_header(commune.info.vault_path / vault_header.FILE_NAME)
    assert len(header.of_kind(vault_header.PROVINCE)) == 1
    assert commune.ask(province_help.HelpAllowed()) == province_help.ON
    shutil.copyfile(commune.info.vault_path / vault_header.FILE_NAME, stick / "before.json")
    province_help.forbid(commune, PASSWORD)
    assert commune.ask(province_help.HelpAllowed()) == province_help.OFF
    commune.close()
    # The older header is genuine, but the way is closed since.
    path = commune.info.vault_path
    shutil.copyfile(stick / "before.json", path / vault_header.FILE_NAME)
    answer = _answered(path, province, stick)
    with pytest.raises(vault_header.HeaderTampered):
        province_help.finish(path, answer, FRESH)


def test_a_new_key_is_sealed_to_the_province_too(linked, stick: Path) -> None:
    commune, province = linked
    province_help.allow(commune, PASSWORD)
    second = officers.NewOfficer("Lò Văn Tám", "tam", "mười cây tre xanh bên suối", "officer")
    gone = officers.add(commune, PASSWORD, second)
    path = commune.info.vault_path
    commune.close()
    early = _answered(path, province, stick).read_bytes()
    officers.dismiss(path, "huong", PASSWORD, gone)
    (stick / "early.tdhelped").write_bytes(early)
    with pytest.raises(province_help.AnswerRefused):
        province_help.finish(path, stick / "early.tdhelped", FRESH)
    province_help.finish(path, _answered(path, province, stick), FRESH).close()


def test_a_damaged_waiting_request_counts_as_none(locked, stick: Path) -> None:
    path, province = locked
    answer = _answered(path, province, stick)
    kept = (path / waiting.FILE_NAME).read_bytes()
    for data in (b"", kept[:-3], kept.replace(b'"iterations":3', b'"iterations":1')):
        (path / waiting.FILE_NAME).write_bytes(data)
        assert province_help.asked(path) is None
        with pytest.raises(province_help.NoHelpPending):
            province_help.finish(path, answer, FRESH)
    (path / waiting.FILE_NAME).write_bytes(kept.replace(b"huong", b"hUong"))
    with pytest.raises(province_help.HelpPasswordWrong):
        province_help.finish(path, answer, FRESH)


def test_a_printed_code_still_goes_first(locked) -> None:
    path, _province = locked
    with pytest.raises(RecoveryRefused):
        vaults.unlock_with_recovery(path, "0000-0000-0000-0000-0000-0000-0000", "huong", FRESH)

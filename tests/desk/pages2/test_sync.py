"""Carrying data between a commune and its province, through the windows of both."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from desk.pages2 import world
from traffick_desk.desk.pages import sync_words
from traffick_desk.desk.pages.places import PlacePicker, size_words
from traffick_desk.services import exchange
from traffick_desk.services.commands import DecideEntitlement, RequestEntitlement
from traffick_desk.services.errors import ServiceError
from traffick_desk.services.exchange import ImportReport, LinkView, Stick
from traffick_desk.services.queries import OpenCase, Today
from traffick_desk.sync import carriers


@pytest.fixture
def stick(tmp_path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def sync(shown, stick):
    page = shown.go("sync")
    page.choose(stick)
    return page


def press(shown, button) -> None:
    assert button.isEnabled()
    button.click()
    shown.settle()


def outcome(shown) -> str:
    return shown.find("sync_outcome").text()


@pytest.fixture
def linked(show, vault, stick):
    """Both windows, their desks linked."""
    commune, province = world.unlock(vault("worked")), world.unlock(vault("province"))
    world.link(commune, province, stick)
    return show(commune), show(province)


def test_a_commune_is_linked_in_three_steps_by_comparing_words(show, stick):
    commune, province = show("worked"), show("province")
    ours, theirs = sync(commune, stick), sync(province, stick)
    assert ours.link.isVisible()
    assert not ours.carry_buttons.isVisible()

    press(commune, ours.link.write)
    assert outcome(commune) == "The request was written. You may pull out the stick."

    press(province, theirs.link.find)
    assert theirs.link.compare.grid.words == ours.link.own.words
    assert len(set(theirs.link.compare.grid.words)) > 5
    press(province, province.find("request_same"))
    assert "is linked" in outcome(province)

    press(commune, ours.link.read)
    assert ours.link.compare.grid.words == theirs.link.own.words
    press(commune, commune.find("answer_same"))
    assert outcome(commune).startswith("This PC is linked to ")
    assert ours.carry_buttons.isVisible()
    assert not ours.link.isVisible()


def test_if_a_word_differs_nobody_is_linked(show, stick):
    commune, province = show("worked"), show("province")
    ours, theirs = sync(commune, stick), sync(province, stick)
    press(commune, ours.link.write)
    press(province, theirs.link.find)
    press(province, province.find("request_differ"))
    assert outcome(province) == "Not accepted. Nothing was changed."
    assert province.desk.ask(exchange.Links()) == ()


def test_without_an_answer_on_the_stick_the_officer_is_told_what_to_do(show, stick):
    shown = show("worked")
    page = sync(shown, stick)
    press(shown, page.link.read)
    assert outcome(shown) == "There is no answer of the province here."


def test_an_answer_for_another_desk_is_refused_in_words(show, vault, stick):
    world.link(world.unlock(vault("empty")), world.unlock(vault("province")), stick)
    shown = show("worked")
    page = sync(shown, stick)
    press(shown, page.link.read)
    assert shown.messages()
    assert not page.link.compare.isVisible()


def test_exporting_says_that_the_stick_may_be_pulled_out(linked, stick):
    commune, _province = linked
    page = sync(commune, stick)
    press(commune, page.export_button)
    assert outcome(commune) == "Written and read back. You may pull out the stick."
    assert list((stick / carriers.FOLDER).glob("*.age"))
    assert "stick" in commune.find("status_saved").text()


def test_the_answer_of_the_province_changes_today_at_the_commune(linked, stick):
    commune, province = linked
    desk = commune.desk
    asked = 0
    for case in [i.case_id for i in desk.ask(Today()) if i.case_id]:
        person = desk.ask(OpenCase(case)).persons[0].id
        try:
            desk.do(RequestEntitlement(case, person, "L53/a"))
        except ServiceError:
            continue
        asked += 1
    assert asked
    press(commune, sync(commune, stick).export_button)

    page = sync(province, stick)
    press(province, page.import_button)
    assert outcome(province) == "1 file was taken in."
    requests = [i for i in province.go("today").model._rows if getattr(i, "action", "") == "decide"]
    assert len(requests) == asked
    province.desk.do(DecideEntitlement(requests[0].key, "returned", "A paper is missing."))
    province.settle()
    press(province, sync(province, stick).export_button)

    press(commune, sync(commune, stick).import_button)
    assert "1 decision" in words_on(commune.page.report)
    today = commune.go("today")
    answers = [i for i in today.model._rows if getattr(i, "group", "") == "answer"]
    assert [i.detail for i in answers] == ["A paper is missing."]


def words_on(widget) -> str:
    from PySide6.QtWidgets import QLabel

    return " ".join(label.text() for label in widget.findChildren(QLabel))


def test_importing_twice_changes_nothing_and_says_so(linked, stick):
    commune, province = linked
    press(commune, sync(commune, stick).export_button)
    page = sync(province, stick)
    press(province, page.import_button)
    press(province, page.import_button)
    assert outcome(province).startswith("Everything here was taken in before.")


def test_a_damaged_file_is_named_with_what_to_do_and_keeps_no_other_out(linked, stick):
    commune, province = linked
    press(commune, sync(commune, stick).export_button)
    good = next((stick / carriers.FOLDER).glob("*.age"))
    broken = good.with_name(good.name[:12] + "0" * 24 + ".age")
    broken.write_bytes(good.read_bytes()[:-40])
    press(province, sync(province, stick).import_button)
    text = words_on(province.page.report)
    assert "1 file was taken in, 1 was not taken in." in text
    assert "Please ask the sender to export again" in text


def test_an_empty_stick_says_that_there_is_nothing(linked, tmp_path):
    commune, _province = linked
    other = tmp_path / "other"
    other.mkdir()
    press(commune, sync(commune, other).import_button)
    assert outcome(commune).startswith("There is no file for this desk here.")


def test_a_full_stick_is_told_and_the_data_stays(linked, stick, monkeypatch):
    commune, _province = linked

    def full(*_arguments, **_more):
        raise carriers.CarrierFull

    monkeypatch.setattr(exchange, "export_bundles", full)
    page = sync(commune, stick)
    press(commune, page.export_button)
    assert "not enough room" in commune.messages()[0]
    assert page.export_button.isEnabled()
    assert not page.busy.isVisible()


def test_stopping_leaves_nothing_half_done(linked, stick, monkeypatch, qtbot):
    commune, _province = linked
    page = sync(commune, stick)

    pressed = threading.Event()

    def slow(_desk, _folder, progress, **_more):
        progress(1, 100, "Writing")
        pressed.wait(20)
        progress(2, 100, "Writing")

    monkeypatch.setattr(exchange, "export_bundles", slow)
    page.export_button.click()
    qtbot.waitUntil(lambda: page.busy.progress.maximum() == 100, timeout=20_000)
    assert not page.import_button.isEnabled()
    page.busy.stop_button.click()
    pressed.set()
    qtbot.waitUntil(lambda: page._job is None)
    assert outcome(commune) == "Stopped. Nothing was left half done."
    assert page.export_button.isEnabled()


def test_the_province_sees_its_communes_and_when_they_were_heard(linked, stick):
    commune, province = linked
    page = sync(province, stick)
    texts = [page.communes.data(page.communes.index(0, column)) for column in range(6)]
    assert texts[0] == "Xã Thất Khê · PC 1"
    assert texts[1] == "never yet"
    press(commune, sync(commune, stick).export_button)
    press(province, sync(province, stick).import_button)
    assert page.communes.data(page.communes.index(0, 1)) == "21/11/2026 21:00"


# --- sticks -------------------------------------------------------------------------------


def usb(path: Path, *, writable=True) -> Stick:
    return Stick(path, path.name, "vfat", 7_200_000_000, 8_000_000_000, writable)


@pytest.fixture
def picker(show, qtbot):
    shown = show("empty")
    sticks = []
    made = PlacePicker(shown.window.host, lambda: tuple(sticks))
    qtbot.addWidget(made)
    made.sticks = sticks
    made.settle = shown.settle
    return made


def test_a_stick_shows_up_by_itself_and_is_the_one_that_is_meant(picker, tmp_path):
    picker.look()
    picker.settle()
    assert picker.place() is None
    assert picker.hint.text().startswith("Plug a USB stick in")
    picker.sticks.append(usb(tmp_path / "MAI"))
    picker.look()
    picker.settle()
    assert picker.place() == tmp_path / "MAI"
    assert picker.box.currentText() == "MAI (7,2 GB free)"
    picker.sticks.append(usb(tmp_path / "TU"))
    picker.look()
    picker.settle()
    assert picker.place() == tmp_path / "TU"


def test_a_stick_that_was_pulled_out_is_not_offered(picker, tmp_path):
    picker.sticks.append(usb(tmp_path / "MAI"))
    picker.look()
    picker.settle()
    picker.sticks.clear()
    picker.look()
    picker.settle()
    assert picker.place() is None


def test_a_write_protected_stick_says_so(picker, tmp_path):
    picker.sticks.append(usb(tmp_path / "MAI", writable=False))
    picker.look()
    picker.settle()
    assert not picker.can_write()
    assert "write-protected" in picker.box.currentText()
    assert "write-protected" in picker.hint.text()


def test_it_looks_only_while_it_is_on_the_screen(picker):
    picker.show()
    assert picker._timer.isActive()
    picker.hide()
    assert not picker._timer.isActive()


@pytest.mark.parametrize(
    ("size", "text"),
    [(7_200_000_000, "7,2 GB"), (18_000, "18 KB"), (2_500_000, "2,5 MB"), (0, "0 KB")],
)
def test_sizes_are_written_as_people_do(size, text):
    assert size_words(size) == text


def test_files_of_a_kind_come_newest_first(tmp_path):
    import os
    from types import SimpleNamespace

    from traffick_desk.services.exchange import files_at

    desk = SimpleNamespace(info=SimpleNamespace(device="0" * 16, practice=False))
    for number, name in enumerate(("a.tdcert", "b.tdcert")):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (number, number))
    assert [p.name for p in files_at(desk, tmp_path, ".tdcert")] == ["b.tdcert", "a.tdcert"]


# --- words --------------------------------------------------------------------------------


def link(**more) -> LinkView:
    given = {"unsent": 0, "carried": 0, "received_on": "", "last_import_on": "", "waiting": 0}
    return LinkView("d", "PC 1", "2025/20", **{**given, **more})


@pytest.mark.parametrize(
    ("state", "first"),
    [
        ({"unsent": 3}, "3 changes are saved on this PC only."),
        ({"carried": 1}, "1 change was written to a stick; the province has not confirmed it yet."),
        (
            {"received_on": "2026-11-19T14:05+07:00"},
            "The province has received everything (19/11/2026 14:05).",
        ),
        ({}, "There is nothing to send."),
        (
            {"received_on": "2026-11-19T14:05+07:00", "unsent": 1},
            "1 change is saved on this PC only.",
        ),
    ],
)
def test_the_state_of_the_link_is_told_in_plain_words(desk_app, state, first):
    assert sync_words.state(link(**state))[0][2] == first


def test_what_needs_a_look_stands_first(desk_app):
    reports = [ImportReport("1", kind) for kind in ("already", "applied", "waiting", "refused")]
    order = [r.outcome for r in sync_words.in_order(reports)]
    assert order == ["refused", "waiting", "applied", "already"]
    assert sync_words.summary(reports)[0] == "late"
    assert sync_words.summary(reports[:2]) == ("ok", "1 file was taken in.")


def test_documents_go_along_are_left_for_later_and_are_shown_as_still_at_the_commune(linked, stick):
    from services import documents_world as files
    from traffick_desk.services.documents import commands, queries
    from traffick_desk.services.documents.prepare import look_at, prepare
    from traffick_desk.services.queries import ListCases

    commune, province = linked
    ours, theirs = sync(commune, stick), sync(province, stick)
    # Each side learns which bundles the other reads.
    for page, shown in ((ours, commune), (theirs, province)):
        press(shown, page.export_button)
        other, window = (theirs, province) if page is ours else (ours, commune)
        press(window, other.import_button)
    desk, other = commune.window.host.desk, province.window.host.desk
    case = desk.ask(ListCases())[0].case_id
    content = files.jpeg(1_600, 1_200, quality=95)
    record = desk.do(
        commands.AddDocument(case, prepare(look_at(content)), {"kind": "photo", "title": "Ảnh"})
    )
    ours.refresh(frozenset())
    commune.settle()
    assert ours.with_documents.isVisible()
    ours.with_documents.setCurrentIndex(2)
    press(commune, ours.export_button)
    assert "1 document is still to be sent" in " ".join(
        label.text() for label in ours.state.findChildren(QLabel)
    )
    press(province, theirs.import_button)
    (view,) = other.ask(queries.Documents(case))
    assert view.held == queries.ELSEWHERE

    other.do(commands.AskForDocument(case, record))
    press(province, theirs.export_button)
    press(commune, ours.import_button)
    press(commune, ours.export_button)
    press(province, theirs.import_button)
    (view,) = other.ask(queries.Documents(case))
    assert view.held == queries.HERE
    assert other.ask(queries.OpenDocument(case, record)).content
    assert other.ask(queries.DocumentThumb(case, record)).picture
    commune.settle()
    assert not ours.with_documents.isVisible()

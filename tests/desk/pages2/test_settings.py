"""What an officer can set, and that it works."""

from __future__ import annotations

import pytest

from desk.pages2 import world
from traffick_desk.desk.preferences import Preferences
from traffick_desk.services import backup, vaults
from traffick_desk.services.licences import KNOWN
from traffick_desk.services.office import OfficeSettings
from traffick_desk.vault.errors import UnlockRefused

NEW = "bảy cây cầu tre sau làng cũ"


@pytest.fixture
def shown(show):
    made = show("empty")
    made.go("settings")
    return made


def press(shown, name: str) -> None:
    shown.find(name).click()
    shown.settle()


def type_new_password(shown, qtbot, new: str) -> None:
    card = shown.page.password
    card.new.first.input.setText(new)
    card.new.second.input.setText(new)
    qtbot.waitUntil(lambda: card.new._strength is not None)
    shown.settle()


def test_text_size_and_colours_are_kept_and_asked_for_at_once(shown, qtbot):
    kept = shown.window.host.preferences
    with qtbot.waitSignal(shown.window.look_wanted):
        press(shown, "text_size_150")
    with qtbot.waitSignal(shown.window.look_wanted):
        press(shown, "scheme_dark")
    assert (kept.get("text_percent"), kept.get("scheme")) == (150, "dark")


def test_a_choice_cannot_be_taken_away_altogether(shown):
    press(shown, "text_size_100")
    assert shown.find("text_size_100").isChecked()


def test_another_language_is_asked_for(shown, qtbot):
    with qtbot.waitSignal(shown.window.language_wanted) as asked:
        press(shown, "language_vi")
    assert asked.args == ["vi"]


def test_the_desk_locks_after_as_many_minutes_as_were_chosen(shown):
    press(shown, "lock_minutes_2")
    assert shown.window.idle._timer.interval() == 2 * 60_000
    assert shown.window.host.preferences.get("lock_minutes") == 2


def test_the_privacy_view_is_the_same_switch_as_in_the_top_bar(shown):
    press(shown, "privacy_default")
    assert shown.window.mask.isChecked()
    assert shown.window.host.preferences.get("privacy_view") is True


def test_who_signs_is_kept_in_the_vault_and_shown_again(shown):
    page = shown.page
    assert not page.office.save_button.isEnabled()
    page.office.phone.setText("0205 3 870 111")
    page.office.signer.setText("Vi Văn Tú")
    page.office.lines.setPlainText("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH")
    press(shown, "office_save")
    kept = shown.desk.ask(OfficeSettings())
    assert kept["phone"] == "0205 3 870 111"
    assert kept["signer_lines"] == "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"
    assert not page.office.save_button.isEnabled()
    assert shown.messages() == ["Saved. Papers made from now on print it."]


def test_what_is_typed_and_not_saved_is_not_overwritten(shown):
    shown.page.office.phone.setText("0205")
    shown.page.refresh(frozenset({"office"}))
    shown.settle()
    assert shown.page.office.phone.text() == "0205"


def test_a_new_password_opens_and_the_old_one_no_longer(shown, qtbot):
    press(shown, "password_change")
    shown.page.password.old.input.setText(world.PASSWORD)
    type_new_password(shown, qtbot, NEW)
    press(shown, "password_do")
    assert shown.messages()[0].startswith("The password was changed.")
    path = shown.desk.info.vault_path
    shown.window.shut()
    with pytest.raises(UnlockRefused):
        world.unlock(path)
    vaults.unlock(path, world.LOGIN, NEW).close()


def test_a_wrong_present_password_changes_nothing(shown, qtbot):
    press(shown, "password_change")
    shown.page.password.old.input.setText("not this one")
    type_new_password(shown, qtbot, NEW)
    press(shown, "password_do")
    assert "not right, so nothing was changed" in shown.messages()[0]
    path = shown.desk.info.vault_path
    shown.window.shut()
    world.unlock(path).close()


def test_a_weak_password_cannot_be_chosen(shown, qtbot):
    press(shown, "password_change")
    shown.page.password.old.input.setText(world.PASSWORD)
    type_new_password(shown, qtbot, "12345678")
    assert not shown.page.password.do.isEnabled()


def test_passwords_are_forgotten_when_the_fields_are_folded(shown):
    press(shown, "password_change")
    shown.page.password.old.input.setText("secret")
    press(shown, "password_cancel")
    assert shown.page.password.old.text() == ""


def test_a_new_recovery_code_opens_and_the_one_before_no_longer(templates, shown, tmp_path):
    press(shown, "recovery_new")
    shown.page.recovery.password.input.setText(world.PASSWORD)
    shown.page.recovery.do.click()
    shown.settle()
    code = shown.page.recovery.code.text()
    assert code
    press(shown, "recovery_done")
    assert shown.page.recovery.code.text() == ""
    path = shown.desk.info.vault_path
    shown.window.shut()
    vaults.unlock_with_recovery(path, code, world.LOGIN, NEW).close()


def test_a_backup_is_made_where_the_officer_wants_it(show, tmp_path):
    place = tmp_path / "second disk"
    place.mkdir()
    shown = show("empty", place)
    page = shown.go("settings")
    assert not page.backup.now_button.isEnabled()
    press(shown, "backup_choose")
    assert shown.messages()[0].startswith("The backup was made and checked.")
    assert backup.copies(place, shown.desk.info.vault_id)
    assert page.backup.state.text() == "Last backup: 21/11/2026 21:00"
    assert page.backup.now_button.isEnabled()


def test_a_place_that_is_gone_is_told_and_nothing_is_lost(show, tmp_path):
    place = tmp_path / "stick"
    place.mkdir()
    shown = show("empty", place)
    shown.go("settings")
    press(shown, "backup_choose")
    for file in sorted(place.rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()
    place.rmdir()
    press(shown, "backup_now")
    assert "place for backups was not found" in shown.messages()[0]


def test_the_vault_is_checked_and_found_intact(shown):
    press(shown, "about_check")
    assert "every page and index is intact" in shown.page.about.result.text()


def test_licences_are_shown_on_demand_and_none_is_gpl_alone(shown):
    assert not shown.page.about.licences.isVisible()
    press(shown, "about_licences")
    assert "LGPL-3.0" in shown.page.about.licences.toPlainText()
    assert not [text for _name, text in KNOWN if text.startswith("GPL")]


def test_every_control_has_a_name_for_screen_readers(shown):
    from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit

    controls = [
        w
        for kind in (QAbstractButton, QLineEdit, QPlainTextEdit)
        for w in shown.page.findChildren(kind)
        if w.objectName() and not w.objectName().startswith("qt_")
    ]
    assert len(controls) > 20
    assert not [w.objectName() for w in controls if not w.accessibleName()]


def test_taste_outlives_the_program(tmp_path, show):
    path = tmp_path / "desk.json"
    shown = show("empty", preferences=Preferences(path))
    shown.go("settings")
    press(shown, "lock_minutes_10")
    assert Preferences(path).get("lock_minutes") == 10
    assert "Nguyễn" not in path.read_text("utf-8")


def test_one_part_is_shown_at_a_time_and_stays_when_pressed_again(shown):
    assert shown.page.office.isVisible()
    assert not shown.page.backup.isVisible()
    press(shown, "settings_part_backup")
    assert shown.page.backup.isVisible()
    assert not shown.page.office.isVisible()
    press(shown, "settings_part_backup")
    assert shown.page.backup.isVisible()


def test_whoever_sends_an_officer_here_names_the_part(shown):
    shown.go("settings", part="keys")
    assert shown.page.trial.isVisible()
    words = [c.words for c in shown.page.commands()]
    assert "Settings: Backups" in words
    shown.page.commands()[words.index("Settings: Backups")].act()
    assert shown.page.backup.isVisible()
    shown.go("settings")
    assert shown.page.backup.isVisible()

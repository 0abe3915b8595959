"""The first run: five steps, explained, left and taken up again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from desk import walk
from desk.fakes import UNITS, Many
from traffick_desk import i18n
from traffick_desk.desk import theme
from traffick_desk.desk.dialogs import ScriptedDialogs
from traffick_desk.desk.preferences import Preferences
from traffick_desk.desk.wizard import KEPT, Wizard
from traffick_desk.desk.wizard_steps import Answers, proposed_login

CODE = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ01-2345"
PASSWORD = "nam con trau an co non"


class Services:
    def __init__(self) -> None:
        self.created, self.backup, self.printed = [], [], []
        self.refuse: Exception | None = None

    def create(self, answers, password):
        if self.refuse:
            raise self.refuse
        self.created.append((answers.unit, answers.login, password))
        return "desk", CODE

    def set_backup(self, desk, folder):
        self.backup.append((desk, folder))

    def judge(self, password, context):
        good = len(password) > 11 and not any(w and w in password for w in context)
        return SimpleNamespace(score=4 if good else 1, acceptable=good, warning="", advice=())

    def print_guide(self, desk, place, parent):
        self.printed.append(("guide", place))

    def print_code(self, desk, code, parent):
        self.printed.append(code)


@pytest.fixture
def services():
    return Services()


@pytest.fixture
def make(desk_app, qtbot, services, tmp_path):
    made = []

    def build(dialogs=None):
        wizard = Wizard(
            services,
            Preferences(tmp_path / "taste.json"),
            units=lambda profile: Many(UNITS),
            dialogs=dialogs or ScriptedDialogs(),
        )
        walk.activate(qtbot, wizard)
        made.append(wizard)
        return wizard

    yield build
    for wizard in made:
        walk.discard(wizard)


def to_officer(wizard):
    wizard.next()
    wizard.steps[1].unit.setText("lung cu")
    wizard.next()


def fill_officer(wizard, qtbot):
    step = wizard.steps[2]
    step.name.setText("Nguyễn Thị Hương")
    step._propose()
    step.new.first.input.setText(PASSWORD)
    step.new.second.input.setText(PASSWORD)
    qtbot.waitUntil(step.new.ready)


def type_code(wizard):
    step = wizard.steps[3]
    for line, group in zip(step.inputs, step.asked(), strict=True):
        line.setText(f" {CODE.split('-')[group].lower()} ")


def test_five_steps_make_a_vault(make, services, qtbot, tmp_path):
    wizard = make(ScriptedDialogs(Path("/safe/backups")))
    to_officer(wizard)
    fill_officer(wizard, qtbot)
    wizard.next()
    qtbot.waitUntil(lambda: wizard.number == 3)
    assert services.created == [("2025/02", "huong.nt", PASSWORD)]
    wizard.steps[3].print_button.click()
    assert services.printed == [CODE]
    type_code(wizard)
    wizard.next()
    assert wizard.number == 4
    assert "Nguyễn Thị Hương" in wizard.steps[4].summary.text()
    wizard.steps[4].focusProxy().click()
    with qtbot.waitSignal(wizard.finished) as finished:
        wizard.next()
    assert finished.args == ["desk"]
    assert services.backup == [("desk", Path("/safe/backups"))]


def test_no_secret_is_ever_kept(make, qtbot, tmp_path):
    wizard = make()
    to_officer(wizard)
    fill_officer(wizard, qtbot)
    wizard.next()
    qtbot.waitUntil(lambda: wizard.number == 3)
    kept = (tmp_path / "taste.json").read_text("utf-8")
    assert PASSWORD not in kept
    assert "ABCD" not in kept
    assert wizard.steps[2].password() == ""


def test_it_can_be_left_and_taken_up_again(make, qtbot):
    wizard = make()
    to_officer(wizard)
    wizard.steps[2].name.setText("Nguyễn Thị Hương")
    with qtbot.waitSignal(wizard.left):
        wizard.leave()
    again = make()
    assert again.number == 2
    assert again.steps[2].name.text() == "Nguyễn Thị Hương"
    again.back()
    assert again.steps[1].unit.value() == "2025/02"


def test_the_way_on_asks_for_what_is_missing(make, qtbot):
    wizard = make()
    wizard.next()
    wizard.next()
    assert wizard.number == 1
    assert "choose the administrative unit" in wizard.notice.text()
    wizard.steps[1].unit.setText("xa")
    wizard.next()
    assert "not one of the choices" in wizard.notice.text()
    wizard.steps[1].unit.setText("lung cu")
    wizard.next()
    wizard.next()
    assert "full name" in wizard.notice.text()
    wizard.steps[2].name.setText("Hoa")
    wizard.steps[2].login.setText("hoa")
    wizard.steps[2].new.first.input.setText("short")
    wizard.next()
    assert "good password" in wizard.notice.text()


def test_a_mistyped_code_is_not_accepted(make, qtbot):
    wizard = make()
    to_officer(wizard)
    fill_officer(wizard, qtbot)
    wizard.next()
    qtbot.waitUntil(lambda: wizard.number == 3)
    type_code(wizard)
    wizard.steps[3].inputs[1].setText("ZZZZ")
    wizard.next()
    assert wizard.number == 3
    assert f"Part {wizard.steps[3].asked()[1] + 1}" in wizard.notice.text()


def test_a_vault_that_could_not_be_made_leaves_everything_as_typed(make, services, qtbot):
    services.refuse = OSError("The disk is full. Nothing was made.")
    wizard = make()
    to_officer(wizard)
    fill_officer(wizard, qtbot)
    wizard.next()
    qtbot.waitUntil(lambda: "disk is full" in wizard.notice.text())
    assert wizard.number == 2
    assert wizard.steps[2].password() == PASSWORD
    services.refuse = None
    wizard.next()
    qtbot.waitUntil(lambda: wizard.number == 3)


def test_another_language_is_spoken_at_once(make, qtbot):
    wizard = make()
    wizard.steps[0]._choices["vi"].setChecked(True)
    with qtbot.waitSignal(wizard.language_chosen) as chosen:
        wizard.next()
    i18n.set_language(chosen.args[0])
    wizard.retranslate()
    assert wizard.number == 1
    assert wizard.next_button.text() == "&Tiếp tục"


def test_switching_between_commune_and_province_drops_the_unit(make):
    wizard = make()
    wizard.next()
    step = wizard.steps[1]
    step.unit.setText("lung cu")
    step.unit.settle()
    step.profile.buttons()[1].click()
    assert step.unit.value() is None
    step.profile.buttons()[1].click()
    assert step.profile.pressed() == ["province"]


def test_answers_of_another_version_do_no_harm():
    kept = {"step": "x", "language": "fr", "profile": 3, "unit": "2025/01", "new": True}
    answers = Answers.from_json(kept)
    assert answers.unit == "2025/01"
    assert answers.step == 0
    assert answers.profile == "commune"
    assert answers.language in i18n.LANGUAGES


@pytest.mark.parametrize(
    ("name", "login"),
    [("Nguyễn Thị Hương", "huong.nt"), ("Páo", "pao"), ("Đặng Đ’Or", "dor.d"), ("", "")],
)
def test_a_login_is_proposed(name, login):
    assert proposed_login(name) == login


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_step_can_be_used_by_keyboard_and_screen_reader(
    make, desk_app, qtbot, percent, language
):
    i18n.set_language(language)
    theme.apply(desk_app, theme.chosen("light", percent))
    wizard = make()
    for number in range(5):
        if number == 3:
            wizard.steps[3].set_code(CODE)
        wizard.show_step(number)
        desk_app.processEvents()
        assert not walk.unnamed(wizard)
        assert not walk.clipped(wizard)
        assert not walk.sideways(wizard)
        assert not walk.mnemonics(wizard)
        assert not walk.small(wizard, 32 * percent // 100)
        assert walk.tab_trail(wizard)


def test_what_is_kept_is_gone_when_all_is_done(make, qtbot, tmp_path):
    wizard = make()
    to_officer(wizard)
    fill_officer(wizard, qtbot)
    wizard.next()
    qtbot.waitUntil(lambda: wizard.number == 3)
    type_code(wizard)
    wizard.next()
    with qtbot.waitSignal(wizard.finished):
        wizard.next()
    assert Preferences(tmp_path / "taste.json").get(KEPT) == {}

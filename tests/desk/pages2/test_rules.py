"""The rules in a list; the province fills in what is missing, signs, and takes back."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desk import walk
from desk.pages2 import world
from traffick_desk import resources
from traffick_desk.services import exchange
from traffick_desk.services.rules import RulesInForce

MEAL = {
    "since": "2026-10-01",
    "vnd": 70_000,
    "instrument": "C120",
    "article": "5",
    "source": "bản giấy Sở Tài chính gửi ngày 02/10/2026",
}


@pytest.fixture
def province(show):
    made = show("province", True, True)
    made.go("rules")
    return made


@pytest.fixture
def commune(show):
    made = show("empty")
    made.go("rules")
    return made


def press(shown, name: str) -> None:
    shown.find(name).click()
    shown.settle()


def words(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def first_amounts(shown) -> list[str]:
    model = shown.page.model
    return [model.index(row, 2).data() for row in range(min(3, model.rowCount()))]


def prepare_meal(shown):
    """Fill in the amount of meals from the list, as the province's lead does."""
    press(shown, "rules_set")
    made = shown.page.prepare
    form = made.lists["level"].form
    form.suggest(MEAL)
    assert made.lists["level"].submit()
    shown.settle()
    return made


def sign(shown) -> None:
    shown.page.prepare.sign_button.click()
    shown.settle()
    shown.settle()


def test_a_commune_reads_what_the_law_gives_and_cannot_set_it(commune):
    page = commune.page
    assert page.model.rowCount() > 10
    assert "amount not available" in first_amounts(commune)[0]
    assert "Meals" in words(page.findChild(object, "rules_detail"))
    assert "Circular 120/2026" in words(page.findChild(object, "rules_detail"))
    assert page.prepare_button.isHidden()
    assert page._actions.isHidden()
    assert page.open_preparation() is None
    assert page.commands() == []


def test_the_list_shows_one_law_and_what_is_missing_in_it(commune):
    page = commune.page
    everything = page.model.rowCount()
    press(commune, "rules_which_missing")
    assert 0 < page.model.rowCount() < everything
    assert all("not available" in page.model.index(r, 2).data() for r in range(3))
    press(commune, "rules_which_own")
    assert page.model.rowCount() == 0
    press(commune, "rules_law_L66")
    assert page.model.rowCount() > 0
    press(commune, "rules_law_L66")  # one is always chosen
    assert page.law.pressed()
    assert not walk.unnamed(commune.page)


def test_the_province_fills_in_an_amount_sees_what_follows_and_signs(province):
    made = prepare_meal(province)
    assert "70,000 ₫/person per day" in made.lists["level"].model.index(0).data()
    follows = words(made)
    assert "E1 (Sokha" in follows
    assert "Meals" in follows
    QTest.keyClicks(made.note, "Muc an moi")
    sign(province)
    page = province.page
    assert page.stack.currentIndex() == 0
    assert "number 1" in page.about.text()
    assert any("number 1 are signed" in text for text in province.messages())
    press(province, "rules_which_own")
    assert first_amounts(province)[0] == "70,000 ₫/person per day"
    view = province.desk.ask(RulesInForce())
    assert [(t.number, t.note, t.used) for t in view.texts] == [(1, "Muc an moi", True)]


def test_the_commune_goes_by_it_after_the_next_bundle(province, commune, tmp_path):
    world.link(commune.desk, province.desk, tmp_path)
    prepare_meal(province)
    sign(province)
    exchange.export_bundles(province.desk, tmp_path)
    exchange.import_bundles(commune.desk, tmp_path)
    commune.settle()
    commune.go("rules")
    press(commune, "rules_which_own")
    assert first_amounts(commune)[0] == "70,000 ₫/person per day"
    press(commune, "rules_signed_show")
    assert "in force" in words(commune.page.signed)
    assert commune.page.signed._foot.isHidden()


def test_what_does_not_fit_is_said_and_cannot_be_signed(province):
    press(province, "rules_set")
    made = province.page.prepare
    made.lists["level"].form.suggest({**MEAL, "since": "2020-01-01"})
    assert made.lists["level"].submit()
    province.settle()
    assert "not in force on 01/01/2020" in words(made)
    assert not made.sign_button.isEnabled()


def test_a_form_that_is_not_filled_in_stays_open(province):
    press(province, "rules_set")
    made = province.page.prepare
    assert not made.lists["level"].submit()
    assert made.lists["level"].is_open()
    assert made.draft.of("changes") == ()


def test_what_is_prepared_is_kept_and_can_be_thrown_away(province):
    prepare_meal(province)
    assert province.page.back()  # Esc
    province.settle()
    page = province.page
    assert page.prepare_button.text() == "Go on preparing"
    assert "N-a-meal" in province.desk.ask(RulesInForce()).draft
    page.open_preparation()
    province.settle()
    assert page.prepare.lists["level"].model.rowCount() == 1
    page.prepare.drop_button.click()
    province.settle()
    assert province.desk.ask(RulesInForce()).draft == ""
    assert page.stack.currentIndex() == 0


def test_an_entry_is_taken_out_and_put_back(province):
    made = prepare_meal(province)
    made.lists["level"].ask_to_remove()
    province.settle()
    assert made.lists["level"].model.rowCount() == 0
    assert not made.sign_button.isEnabled()
    province.window.host.undo.undo()
    province.settle()
    assert made.lists["level"].model.rowCount() == 1


def test_holidays_are_typed_a_line_a_day_and_a_wrong_line_is_named(province):
    made = province.page.open_preparation()
    province.settle()
    press(province, "rules_part_years")
    years = made.lists["years"]
    years.add()
    year = {"year": "2026", "complete": "yes", "instrument": "C120", "source": "Công báo"}
    years.form.suggest({**year, "holidays": "01/01 Tết Dương lịch\n32/09 Quốc khánh"})
    assert years.submit()
    assert years.is_open()
    assert "32/09" in words(years.form.box("holidays"))
    years.form.suggest({"holidays": "01/01 Tết Dương lịch\n02/09 Quốc khánh"})
    assert years.submit()
    province.settle()
    assert years.model.index(0).data().startswith("Calendar 2026, complete; holidays: 2")
    sign(province)
    assert 2026 in province.desk.context.pack.calendar.complete


def test_a_text_of_its_own_can_be_cited_at_once(province):
    made = province.page.open_preparation()
    province.settle()
    texts = made.lists["instruments"]
    press(province, "rules_part_instruments")
    texts.add({"mark": "T"})
    texts.form.suggest(
        {
            "name": "Nghị quyết 09/2026/NQ-HĐND",
            "title": "Mức hỗ trợ",
            "since": "2026-10-15",
            "source": "Công báo tỉnh",
        }
    )
    assert texts.submit()
    province.settle()
    made.set_amount("N-a-meal")
    form = made.lists["level"].form
    form.suggest({**MEAL, "since": "2026-11-01", "instrument": "P-1"})
    assert "09/2026" in form.editor("instrument").lookup.text()
    assert made.lists["level"].submit()
    province.settle()
    assert "09/2026" in made.lists["level"].model.index(0).data()
    assert made.sign_button.isEnabled()


def test_a_form_is_read_from_a_file_listed_and_taken_out(province, tmp_path):
    shipped = resources.path("forms", "noi-bo-giay-bien-nhan.yaml").read_text("utf-8")
    good, bad = tmp_path / "mẫu.yaml", tmp_path / "sai.yaml"
    good.write_text(shipped.replace("noi-bo/giay-bien-nhan", "tinh/bien-nhan"), "utf-8")
    bad.write_text(shipped, "utf-8")
    made = province.page.open_preparation()
    province.settle()
    press(province, "rules_part_forms")
    province.window.host.dialogs.answers[:] = [bad, tmp_path / "fehlt.yaml", good, good]
    press(province, "rules_forms_add")
    press(province, "rules_forms_add")
    assert len(province.messages()) == 2
    assert made.draft.of("forms") == ()
    press(province, "rules_forms_add")
    press(province, "rules_forms_add")  # the same key takes the place of the one before
    assert [e["key"] for e in made.draft.of("forms")] == ["tinh/bien-nhan"]
    assert "Receipt of money (tinh/bien-nhan)" in words(made.forms)
    assert made.sign_button.isEnabled()
    press(province, "rules_forms_remove_0")
    assert made.draft.of("forms") == ()
    assert not made.sign_button.isEnabled()


def test_signed_rules_are_taken_back_with_a_reason(province):
    prepare_meal(province)
    sign(province)
    press(province, "rules_signed_show")
    card = province.page.signed
    assert not card.withdraw_button.isEnabled()
    QTest.keyClicks(card.reason, "sai muc")
    card.withdraw_button.click()
    province.settle()
    province.settle()
    assert "taken back: sai muc" in words(card)
    assert "not signed any rules" in province.page.about.text()


def test_another_amount_later_begins_with_what_is_in_force(province):
    prepare_meal(province)
    sign(province)
    province.window.host.dialogs.answers[:] = [True]
    province.page.open_preparation()
    made = province.page.prepare
    province.settle()
    assert not made.sign_button.isEnabled()  # nothing is new yet
    made.set_amount("N-c")
    made.lists["level"].form.suggest({**MEAL, "vnd": 200_000})
    assert made.lists["level"].submit()
    province.settle()
    sign(province)
    assert province.desk.ask(RulesInForce()).number == 2
    assert len(made.draft.of("changes")) == 2

"""A new version on the stick, through the windows: told, taken, given to the communes, gone back from."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.pages2 import world
from services.updates_world import World
from traffick_desk.services import updates
from traffick_desk.services.updates import Standing


@pytest.fixture
def stick(tmp_path: Path) -> World:
    found = World(tmp_path)
    found.install()
    return found


def opened(shown, stick: World, number: int = 5):
    page = shown.go("sync")
    card = page.update_card
    card._program = lambda: stick.program(number)
    page.choose(stick.stick)
    shown.settle()
    return card


def press(shown, button) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    button.click()
    shown.settle()


def test_nothing_is_said_where_there_is_no_update_or_the_same(show, stick):
    shown = show("empty")
    assert not opened(shown, stick).isVisible()
    stick.update(5)
    card = shown.page.update_card
    card._looked = None
    card.look()
    shown.settle()
    assert not card.isVisible()


def test_a_commune_takes_it_and_goes_back_in_settings(show, stick):
    shown = show("empty", True, True)
    stick.update()
    card = opened(shown, stick)
    assert card.words.text() == "Version 1.6, from the publisher."
    assert card.notes.text() == "Monthly reports."
    assert not card.release_button.isVisible()
    press(shown, card.apply_button)
    assert "Version 1.6 is ready." in shown.messages()[0]
    assert (stick.home / "current").read_text() == "6\n"
    assert not card.isVisible()

    page = shown.go("settings", part="program")
    page.program._program = lambda: stick.program(5)
    page.program.load()
    shown.settle()
    assert "1.6 begins" in page.program.later.text()
    press(shown, page.program.check_button)
    assert "as it was delivered" in page.program.result.text()

    # After the start the new one runs; the clock goes on, so the next backup has another name.
    page.program._program = lambda: stick.program(6)
    page.program.load()
    shown.settle()
    moved = world.NOW.replace(minute=30)
    shown.desk.context.now = lambda: moved
    press(shown, page.program.back_button)
    assert (stick.home / "current").read_text() == "5\n"


def test_a_refusal_is_said_in_words_and_offers_nothing(show, stick):
    shown = show("empty")
    path = stick.update()
    data = bytearray(path.read_bytes())
    data[60] ^= 1
    path.write_bytes(data)
    card = opened(shown, stick)
    assert card._offer.standing is Standing.REFUSED
    assert "does not come from the publisher" in card.words.text()
    assert not card.apply_button.isVisible()


def test_the_province_signs_it_for_its_communes(show, stick, tmp_path):
    shown = show("province", True)
    stick.update(6, platform="windows-x64")
    card = opened(shown, stick)
    assert not card.apply_button.isVisible(), "for another kind of PC than this one"
    press(shown, card.release_button)
    assert "Signed, written and read back" in shown.messages()[0]
    assert len(list((stick.stick / updates.FOLDER).glob("*.tdrelease"))) == 1

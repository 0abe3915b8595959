"""Two desks of one commune never give the same file number, though they cannot ask each other."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from services.conftest import PASSWORD, Make, take_in
from traffick_desk.services import backup
from traffick_desk.services.base import Desk
from traffick_desk.services.numbering import file_number, mark
from traffick_desk.services.queries import RefreshCase

SIGNS = set("BCDFGHJKLMNPQRSTVWXZ23456789")
DEVICES = st.text("0123456789abcdef", min_size=16, max_size=16)


def numbers(desk: Desk, *people: str) -> list[str]:
    made = take_in(desk, *people).values()
    return [desk.ask(RefreshCase(case)).row.file_no for case, _person in made]


def test_two_desks_of_a_commune_that_never_met_give_other_numbers(make: Make) -> None:
    one, two = make("commune-1"), make("commune-2")
    assert one.info.unit == two.info.unit
    first, second = numbers(one, "E2", "E3", "E5"), numbers(two, "E2", "E3", "E5")
    assert not set(first) & set(second)
    assert [n.split("-")[1] for n in first] == [n.split("-")[1] for n in second]


def test_numbers_of_a_desk_follow_one_another_within_the_year(desk: Desk) -> None:
    own = mark(desk.info.device)
    with desk.context.store.work() as work:
        info = desk.info
        made = [file_number(work.cursor, info.device, info.unit, y) for y in (2026, 2026, 2027)]
    assert made == [f"TD{own}-0001/2026", f"TD{own}-0002/2026", f"TD{own}-0001/2027"]


def test_a_backup_restored_twice_makes_two_desks_with_other_numbers(
    make: Make, tmp_path: Path
) -> None:
    place = tmp_path / "chỗ khác"
    place.mkdir()
    desk = make(backup_folder=place)
    take_in(desk, "E5")
    copy = backup.backup(desk)
    given = numbers(desk, "E2")
    for name in ("máy 1", "máy 2"):
        restored = backup.restore(copy, tmp_path / name, "huong", PASSWORD)
        given += numbers(restored, "E2")
        restored.close()
    assert len(set(given)) == 3


def test_a_number_that_is_taken_is_passed_over(desk: Desk) -> None:
    (first,) = numbers(desk, "E5")
    with desk.context.store.work() as work:
        # As after a restore whose counter is behind what came back from the province.
        work.cursor.execute("DELETE FROM meta WHERE key LIKE 'series:%'")
    (second,) = numbers(desk, "E2")
    assert first != second


@given(DEVICES)
def test_a_mark_can_be_read_over_the_telephone(device) -> None:
    made = mark(device)
    assert len(made) == 3
    assert set(made) <= SIGNS


@given(st.sets(DEVICES, min_size=2, max_size=40))
def test_desks_that_know_of_each_other_have_marks_of_which_none_begins_another(devices) -> None:
    marks = [mark(device, devices) for device in devices]
    assert len(set(marks)) == len(marks)


def test_desks_with_the_same_three_signs_take_a_fourth_once_they_know() -> None:
    first: dict[str, str] = {}
    for number in range(100_000):
        device = f"{number:016x}"
        if (other := first.setdefault(mark(device), device)) != device:
            break
    one, two = mark(device, [other, device]), mark(other, [device])
    assert one != two
    assert one[:3] == two[:3] == mark(device)

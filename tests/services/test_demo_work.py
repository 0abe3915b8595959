"""What an invented province does beside its cases is work that an officer could have typed."""

from __future__ import annotations

from datetime import date

import pytest

from traffick_desk.domain import practice
from traffick_desk.domain.belonging import unit_of
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import check_record
from traffick_desk.services import demo, demo_work, vaults
from traffick_desk.services.directory.find import ListServices, ServiceFilter
from traffick_desk.services.prevention.lists import OutreachFilter, OutreachList
from traffick_desk.vault.kdf import FLOOR

PASSWORD = "mười hai con mèo ngủ trưa"
SPAN = demo_work.Span(date(2023, 11, 1), date(2026, 11, 20))
COMMUNES = ("2025/06184", "2025/06190", "2025/06199")


def made(seed=3):
    return [e for g in demo_work.Work(seed, practice.PROVINCE, COMMUNES, SPAN) for e in g]


def test_the_same_seed_gives_the_same_work_and_another_one_other_work():
    assert made() == made()
    assert made() != made(4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_record_is_one_that_could_be_typed(seed):
    for edit in made(seed):
        assert unit_of(edit.id) == edit.values["unit"]
        values = edit.values
        assert not check_record(REGISTRY[edit.type], values, today=SPAN.until), (edit.type, values)


def test_women_and_men_are_all_persons_or_are_not_told():
    told = [e.values for e in made() if e.type == "activity" and "persons" in e.values]
    assert told
    for values in told:
        parts = [values[n] for n in ("women", "men") if n in values]
        assert sum(parts) in {0, values["persons"]}
    assert any(v.get("at_least") for v in told)


def test_what_is_referred_to_is_there():
    records = {e.id: e for e in made()}
    for edit in records.values():
        for field in REGISTRY[edit.type].fields:
            if field.target and field.name in edit.values:
                assert records[edit.values[field.name]].type == field.target


def test_the_pages_of_an_invented_province_are_filled(tmp_path):
    wanted = demo.Wanted(communes=3, cases=5, years=2, seed=1)
    told = []
    path = demo.make(tmp_path, PASSWORD, wanted, lambda *a: told.append(a), kdf=FLOOR)
    desk = vaults.unlock(path, "mau", PASSWORD)
    try:
        assert desk.ask(OutreachList(OutreachFilter())).total > 10
        assert len(desk.ask(ListServices(ServiceFilter())).rows) > 10
    finally:
        desk.close()

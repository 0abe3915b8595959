"""An invented province: the same seed the same cases, and every cell against plain SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest

from traffick_desk.domain import practice
from traffick_desk.reports.figures import TOTAL
from traffick_desk.services import demo, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.statistics.builtin import TABLES
from traffick_desk.services.statistics.queries import Statistics
from traffick_desk.services.statistics.spec import Period, Scope
from traffick_desk.vault.kdf import FLOOR

PASSWORD = "mười hai con mèo ngủ trưa"
WANTED = demo.Wanted(communes=12, cases=160, years=4, seed=7)
_MAIN = "p.role = 'main' AND p.voided IS NULL"
_NEWEST = (
    "(SELECT s.status FROM r_status s WHERE s.person = p.id AND s.voided IS NULL "
    "ORDER BY coalesce(s.since, '') DESC, s.id DESC LIMIT 1)"
)
_DAY = (
    'substr((SELECT coalesce(min(r.at), c.opened_on) FROM r_reception r WHERE r."case" = c.id '
    "AND r.voided IS NULL), 1, 10)"
)
_PEOPLE = f'r_person p JOIN r_case c ON c.id = p."case" WHERE {_MAIN} AND {_DAY} BETWEEN ? AND ?'
# Table of the built-in set → the same in SQL: row, column, number.
SQL = {
    "status_sex": f"SELECT {_NEWEST}, p.sex, count(*) FROM {_PEOPLE} GROUP BY 1, 2",
    "ethnicity_sex": f"SELECT p.ethnicity, p.sex, count(*) FROM {_PEOPLE} AND {_NEWEST} = "
    "'victim' GROUP BY 1, 2",
    "citizenship_sex": f"SELECT p.citizenship, p.sex, count(*) FROM {_PEOPLE} AND {_NEWEST} = "
    "'victim' GROUP BY 1, 2",
    "stage_status": f"SELECT c.stage, {_NEWEST}, count(*) FROM {_PEOPLE} GROUP BY 1, 2",
    "commune_status": f"SELECT c.unit, {_NEWEST}, count(*) FROM {_PEOPLE} GROUP BY 1, 2",
    "month_status": f"SELECT substr({_DAY}, 1, 7), {_NEWEST}, count(*) FROM {_PEOPLE} "
    "GROUP BY 1, 2",
    "exploitation_sex": "SELECT coalesce(j.value, ''), p.sex, count(*) FROM r_person p JOIN "
    'r_case c ON c.id = p."case" LEFT JOIN r_account a ON a.person = p.id AND a.voided IS NULL '
    f"LEFT JOIN json_each(a.exploitation) j WHERE {_MAIN} AND {_DAY} BETWEEN ? AND ? AND "
    f"{_NEWEST} = 'victim' GROUP BY 1, 2",
    "referrals": "SELECT service, answer, count(*) FROM r_referral WHERE voided IS NULL AND "
    "sent_on BETWEEN ? AND ? GROUP BY 1, 2",
    "funds": "SELECT fund, '', sum(amount) FROM r_payment WHERE voided IS NULL AND paid_on "
    "BETWEEN ? AND ? GROUP BY 1",
    "stays": "SELECT y.kind, p.sex, count(DISTINCT y.person) FROM r_stay y JOIN r_person p ON "
    "p.id = y.person WHERE y.voided IS NULL AND y.since BETWEEN ? AND ? GROUP BY 1, 2",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("demo")
    path = demo.make(folder, PASSWORD, WANTED, kdf=FLOOR)
    made = vaults.unlock(path, "mau", PASSWORD)
    yield made
    made.close()


@pytest.mark.parametrize("period", ["..", "2025"])
def test_every_cell_is_what_plain_sql_says(desk: Desk, period: str) -> None:
    scope = Scope(Period.parse(period))
    days = scope.period.first or "0", scope.period.last or "9"
    tables = desk.ask(Statistics(tuple(TABLES[k] for k in SQL), scope))
    with desk.context.store.read() as cursor:
        for table, statement in zip(tables, SQL.values(), strict=True):
            cursor.execute(statement, days)
            expected = {
                (r or "", c or "" if table.columns else TOTAL): n for r, c, n in cursor.fetchall()
            }
            got = {
                p: f.value
                for p, f in table.cells.items()
                if p[0] != TOTAL and (p[1] != TOTAL or not table.columns)
            }
            assert got == expected, table.key
            assert expected, table.key


def test_ages_are_those_of_a_slow_count(desk: Desk) -> None:
    from datetime import date

    (table,) = desk.ask(Statistics((TABLES["age_sex"],)))
    with desk.context.store.read() as cursor:
        cursor.execute(f"SELECT p.birth, p.sex, {_DAY} FROM r_person p JOIN r_case c ON "
                       f'c.id = p."case" WHERE {_MAIN} AND {_NEWEST} = \'victim\'')  # fmt: skip
        rows = cursor.fetchall()
    expected: Counter[tuple[str, str]] = Counter()
    for birth, sex, day in rows:
        if birth and len(birth) == 10:
            born, on = date.fromisoformat(birth), date.fromisoformat(day)
            age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
            bounds = (0, 6, 11, 16, 18, 25, 35, 45, 60, 200)
            low, high = next((a, b) for a, b in pairwise(bounds) if a <= age < b)
            expected["60+" if low == 60 else f"{low}-{high - 1}", sex] += 1
    inexact = sum(1 for birth, _s, _d in rows if not birth or len(birth) < 10)
    got = {p: f.value for p, f in table.cells.items() if TOTAL not in p}
    for place, number in expected.items():
        assert got[place] >= number
    assert sum(got.values()) == sum(expected.values()) + inexact == len(rows)


def test_the_same_seed_gives_the_same_cases_and_all_are_marked(desk: Desk) -> None:
    assert desk.info.practice
    assert desk.info.unit == practice.PROVINCE
    one, other = (list(demo.Cases(desk.context, WANTED)) for _ in range(2))
    assert one == other
    assert len(one) == WANTED.cases
    different = demo.Wanted(communes=12, cases=160, years=4, seed=8)
    assert list(demo.Cases(desk.context, different)) != one


def test_invented_cases_are_refused_where_real_ones_are(tmp_path) -> None:
    from desk.pages.world import make_desk

    real = make_desk(tmp_path, "province")
    try:
        cases = tuple(demo.Cases(real.context, demo.Wanted(cases=1)))
        with pytest.raises(vaults.PracticeApart):
            real.do(demo.WriteInvented(cases))
    finally:
        real.close()

"""Attacks on what leaves: what is withheld cannot be worked out, from one release or several."""

from __future__ import annotations

import pytest

from reports.attack import intervals, members_of, microdata, recovered, table_of
from traffick_desk.reports.disclosure import Memory, Released, bounds, suppress
from traffick_desk.reports.disclosure.tables import arcs_of, shown
from traffick_desk.reports.figures import TOTAL

ROWS = tuple("ABCDEFG")
COLUMNS = tuple("xyzw")
T = 11


def hidden_of(table, released):
    places = {*table.cells}
    return {p for p in places if released.at(*p).hidden}


def test_a_single_small_figure_is_never_alone():
    members = {("A", TOTAL): frozenset(range(40)), ("B", TOTAL): frozenset(range(40, 43)),
               ("C", TOTAL): frozenset(range(100, 130))}  # fmt: skip
    table = table_of(members, ("A", "B", "C"), ())
    released = suppress(table, T)
    hidden = hidden_of(table, released)
    assert ("B", TOTAL) in hidden
    assert len(hidden) >= 2


def test_without_small_figures_everything_is_shown():
    members = {("A", "x"): frozenset(range(20)), ("B", "y"): frozenset(range(20, 60))}
    table = table_of(members, ("A", "B"), ("x", "y"))
    assert suppress(table, T) is table


def test_a_table_of_three_people_says_nothing():
    table = table_of({("A", "x"): frozenset({1, 2, 3})}, ("A", "B"), ("x", "y"))
    assert all(released.hidden for released in suppress(table, T).cells.values())


@pytest.mark.parametrize("size", [30, 120, 400, 2000])
@pytest.mark.parametrize("two", [True, False])
def test_no_withheld_figure_follows_from_the_totals(size, two):
    columns = COLUMNS if two else ()
    withheld = 0
    for seed in range(6):
        table = table_of(members_of(microdata(seed, size, ROWS, columns)), ROWS, columns)
        released = suppress(table, T)
        hidden = hidden_of(table, released)
        withheld += len(hidden)
        assert all(table.at(*p).value > 0 for p in hidden)
        for place, (low, high) in intervals(released, hidden).items():
            value = table.at(*place).value
            assert high - low >= 1, f"{place} is {value}"
            if value < T:
                assert high >= value + T - 1, f"{place}={value} is known to be at most {high}"
    assert withheld or not two


def test_the_own_audit_says_what_linear_programming_says():
    for seed in range(4):
        table = table_of(members_of(microdata(seed, 150, ROWS, COLUMNS)), ROWS, COLUMNS)
        released = suppress(table, T)
        arcs = arcs_of(table)
        hidden = hidden_of(table, released)
        for place in hidden:
            arcs[place].hidden = True
        assert hidden
        for place, (low, high) in intervals(released, hidden).items():
            mine = bounds(list(arcs.values()), arcs[place])
            assert mine[0] == pytest.approx(low)
            assert (mine[1] is None) == (high == float("inf"))
            if mine[1] is not None:
                assert mine[1] == pytest.approx(high)


def release(memory_of, people, rows, columns):
    """Release a table of *people*; the list of releases grows."""
    members = members_of(people)
    table = table_of(members, rows, columns)
    made = Memory([r for r, _t in memory_of], T).control(table, members)
    memory_of.append((Released(members, frozenset(shown(made))), made))
    return made


def attack(releases):
    """Small groups that follow from all releases together."""
    groups = {r.group(p) for r, _t in releases for p in r.places() if 0 < len(r.group(p)) < T}
    tables = [(t, r.members) for r, t in releases]
    shown_groups = [r.group(p) for r, _t in releases for p in r.shown]
    for one in shown_groups:
        for other in shown_groups:
            if one < other and len(other - one) < T:
                groups.add(other - one)
    return recovered(tables, sorted(groups, key=sorted))


def test_one_more_person_does_not_show_in_the_next_release():
    people = microdata(1, 300, ROWS, COLUMNS)
    releases = []
    release(releases, people, ROWS, COLUMNS)
    more = people | {300: ("A", "x")}
    release(releases, more, ROWS, COLUMNS)
    assert attack(releases) == []
    # Without the memory the difference of the totals would have been the one person.
    naive = table_of(members_of(more), ROWS, COLUMNS)
    assert suppress(naive, T).total.value == 301


def test_a_correction_does_not_show_in_the_next_release():
    people = microdata(2, 400, ROWS, COLUMNS)
    releases = []
    release(releases, people, ROWS, COLUMNS)
    release(releases, people | {0: ("B", "y"), 1: ("A", "z")}, ROWS, COLUMNS)
    assert attack(releases) == []


def test_months_and_then_the_year_give_no_month_away():
    releases = []
    people = microdata(3, 240, ROWS, ())
    month = {p: p % 12 for p in people}
    # In the second month there were five.
    month = {p: (0 if m == 1 and p > 60 else m) for p, m in month.items()}
    for number in range(12):
        release(releases, {p: v for p, v in people.items() if month[p] == number}, ROWS, ())
    release(releases, people, ROWS, ())
    small = frozenset(p for p in people if month[p] == 1)
    assert 0 < len(small) < T
    assert attack(releases) == []


def test_two_ways_to_cut_the_same_people():
    for seed in (5, 6):
        people = microdata(seed, 260, ROWS, COLUMNS)
        other = {p: (c, r) for p, (r, c) in microdata(seed + 50, 260, ROWS, COLUMNS).items()}
        both = {p: (people[p][0], other[p][0]) for p in people}
        releases = []
        release(releases, people, ROWS, COLUMNS)
        release(releases, other, COLUMNS, ROWS)
        release(releases, both, ROWS, COLUMNS)
        assert attack(releases) == []

"""What somebody with the released tables, a pencil and a computer can find out: linear programs."""

from __future__ import annotations

import random

import numpy as np
from scipy.optimize import linprog

from traffick_desk.reports.disclosure.tables import shown
from traffick_desk.reports.figures import TOTAL, Figure, Head, Measure, Table


def table_of(members, rows, columns):
    """A table of counts from (row, column) → people."""
    cells = {}
    for r in (*rows, TOTAL):
        for c in (*columns, TOTAL):
            people = set()
            for (row, column), who in members.items():
                if r in (row, TOTAL) and c in (column, TOTAL):
                    people |= who
            if people:
                cells[r, c] = Figure(len(people))
    heads = lambda codes: tuple(Head(c, c) for c in codes)  # noqa: E731
    return Table("t", "s", "r", heads(rows), cells, "c" if columns else "", heads(columns),
                 Measure.RECORDS)  # fmt: skip


def microdata(seed, size, rows, columns, skew=1.0):
    """Person → (row, column), with some classes that are rare."""
    chance = random.Random(seed)
    weights = lambda codes: [1 / (n + 1) ** (skew + 0.4) for n in range(len(codes))]  # noqa: E731
    r = chance.choices(rows, weights(rows), k=size)
    c = chance.choices(columns, weights(columns), k=size) if columns else [TOTAL] * size
    return dict(enumerate(zip(r, c, strict=True)))


def members_of(people):
    found = {}
    for person, place in people.items():
        found.setdefault(place, set()).add(person)
    return {place: frozenset(who) for place, who in found.items()}


def intervals(released, hidden):
    """Bounds of each hidden cell by linear programming over one released table.

    The attacker knows all sums, that no figure is negative, and that what is not shown is not 0.
    """
    places = [
        (r.code, c.code)
        for r in (*released.rows, Head(TOTAL, ""))
        for c in (*released.columns, Head(TOTAL, ""))
    ]
    at = {p: n for n, p in enumerate(places)}
    known = shown(released)
    rows, rights = [], []
    codes = [r.code for r in released.rows]
    columns = [c.code for c in released.columns]

    def equation(parts, whole):
        row = np.zeros(len(places))
        for p in parts:
            row[at[p]] += 1
        row[at[whole]] -= 1
        rows.append(row)
        rights.append(0)

    for column in (*columns, TOTAL):
        equation([(r, column) for r in codes], (TOTAL, column))
    if columns:
        for row in (*codes, TOTAL):
            equation([(row, c) for c in columns], (row, TOTAL))
    limits = [(known[p], known[p]) if p in known else (1, None) for p in places]
    found = {}
    for place in hidden:
        aim = np.zeros(len(places))
        aim[at[place]] = 1
        ends = []
        for sign in (1, -1):
            answer = linprog(sign * aim, A_eq=np.array(rows), b_eq=rights, bounds=limits)
            assert answer.status in (0, 3), answer.message
            ends.append(np.inf if answer.status == 3 else sign * answer.fun)
        found[place] = tuple(ends)
    return found


def recovered(releases, groups):
    """Which of *groups* follow exactly from several releases, by a linear program over atoms.

    Args:
        releases: pairs of a released table and its members.
        groups: sets of people.
    """
    sums = []
    for table, members in releases:
        for (r, c), value in shown(table).items():
            people = set()
            for (row, column), who in members.items():
                if r in (row, TOTAL) and c in (column, TOTAL):
                    people |= who
            sums.append((frozenset(people), value))
    everybody = sorted({p for people, _v in sums for p in people} | {p for g in groups for p in g})
    marks = {p: [] for p in everybody}
    for n, people in enumerate([*(s for s, _v in sums), *groups]):
        for p in people:
            marks[p].append(n)
    atoms = {}
    for p, mark in marks.items():
        atoms.setdefault(tuple(mark), []).append(p)
    number = {p: n for n, people in enumerate(atoms.values()) for p in people}

    def line(people):
        row = np.zeros(len(atoms))
        row[list({number[p] for p in people})] = 1
        return row

    left = np.array([line(people) for people, _v in sums])
    right = np.array([v for _p, v in sums])
    given = []
    for group in groups:
        aim = line(group)
        ends = []
        for sign in (1, -1):
            answer = linprog(sign * aim, A_eq=left, b_eq=right, bounds=(0, None))
            assert answer.status in (0, 3), answer.message
            ends.append(np.inf if answer.status == 3 else sign * answer.fun)
        if ends[1] - ends[0] < 0.5:
            given.append(group)
    return given

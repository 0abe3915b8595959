"""Long work of the window's thread, a piece at a time."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QObject

from traffick_desk.desk.in_turns import InTurns


def test_one_piece_for_each_turn_in_order(desk_app):
    done, owner = [], QObject()
    turns = InTurns([lambda n=n: done.append(n) for n in range(3)], owner)
    assert done == []
    seen = []
    while not turns.done:
        desk_app.processEvents()
        seen.append(len(done))
    assert done == [0, 1, 2]
    assert all(later - before <= 1 for before, later in zip([0, *seen], seen, strict=False))


def test_who_needs_all_of_it_finishes_it(desk_app):
    done, owner = [], QObject()
    turns = InTurns([lambda n=n: done.append(n) for n in range(3)], owner)
    turns.finish()
    assert done == [0, 1, 2]
    desk_app.processEvents()
    assert done == [0, 1, 2]


def test_a_piece_may_need_the_others(desk_app):
    done, owner = [], QObject()
    turns = InTurns([lambda: (done.append("a"), turns.finish()), lambda: done.append("b")], owner)
    desk_app.processEvents()
    assert done == ["a", "b"]


def test_nothing_is_done_for_an_owner_that_is_gone(desk_app):
    done, owner = [], QObject()
    turns = InTurns([lambda: done.append(1)], owner)
    shiboken6.delete(owner)
    desk_app.processEvents()
    assert done == []
    assert not turns.done

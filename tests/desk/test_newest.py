"""Answers that come late, of questions that were asked again meanwhile, are not heard."""

from __future__ import annotations

from traffick_desk.desk.newest import Newest


def test_only_the_question_that_was_asked_last_is_answered():
    heard, newest = [], Newest()
    first = newest.begin()(heard.append)
    second = newest.begin()(heard.append)
    first("late")
    assert heard == []
    second("now")
    first("later still")
    assert heard == ["now"]


def test_answer_and_refusal_of_one_question_count_alike():
    heard, newest = [], Newest()
    only = newest.begin()
    done, failed = only(lambda a, b: heard.append((a, b))), only(heard.append)
    done(1, 2)
    failed("no")
    newest.begin()
    done(3, 4)
    failed("never")
    assert heard == [(1, 2), "no"]

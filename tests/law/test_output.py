"""The JSON of an answer is the answer: each key has what it is named for, for many persons."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from traffick_desk import i18n
from traffick_desk.law import Facts, clocks, entitlements_json, evaluate, timeline, timeline_json
from traffick_desk.law.costs import costs
from traffick_desk.law.output import costs_json
from traffick_desk.law.words import fact_label

# Beside the worked examples: facts not known, the law of 2011, a child, a decision, a total.
MORE = [
    {"as_of": "2026-11-21"},
    {"as_of": "2026-11-21T08:30", "ref": "HS-1", "status": "victim", "citizenship": "VN"},
    {"as_of": "2023-01-01", "status": "victim", "identified_on": "2022-05-10", "citizenship": "VN",
     "province": "Hà Giang", "poor_household": True, "travel_days": 2,
     "stays": [{"from": "2022-05-10", "to": "2022-06-10"}]},
    {"as_of": "2019-03-01", "status": "victim", "identified_on": "2019-01-05", "citizenship": "VN"},
    {"as_of": "2026-11-21", "status": "victim", "identified_on": "2026-01-01", "citizenship": "VN",
     "birth": "2012", "stays": [{"from": "2026-01-01", "to": "2026-05-10", "extended_until": "2026-05-05"}],
     "events": {"commune_received": "2026-01-01T09:00", "health_notified": "2026-01-01"}},
]  # fmt: skip


def facts(pack: Any) -> list[Facts]:
    return [*(Facts.from_json(obj) for obj in MORE), *(one.facts for one in pack.examples)]


def text(value: Any) -> str | None:
    return None if value is None else str(value)


def day(value: Any) -> str | None:
    return None if value is None else value.isoformat()


def missing(names: Any) -> list[Any]:
    return [{"fact": name, "label": fact_label(name)} for name in names]


def citations(found: Any) -> list[Any]:
    return [
        {
            "instrument": one.instrument.id,
            **{key: getattr(one, key) for key in ("chapter", "article", "clause", "point")},
            "text": str(one),
            "sources": list(one.sources),
            "issued": day(one.instrument.issued),
            "effective": day(one.instrument.valid.start),
            "last_checked": day(one.last_checked),
        }
        for one in found
    ]


def cap(of: Any) -> Any:
    keys = ("days", "months", "times", "extendable")
    return of and {**{key: getattr(of, key) for key in keys}, "note": text(of.note)}


def usage(of: Any) -> Any:
    return of and {
        "start": day(of.start),
        "last_day": day(of.last_day),
        "days_used": of.used,
        "days_over": of.over,
        "days_undecided": of.undecided,
        "extended_until": day(of.extended_until),
    }


def steps(found: Any) -> list[Any]:
    return [
        {"facts": list(one.facts), "rule": one.rule, "text": str(one.words), "citations": citations(one.cite)}
        for one in found
    ]  # fmt: skip


def line(of: Any) -> dict[str, Any]:
    level = of.level
    return {
        "level": level.id,
        "need": level.need,
        "label": str(level.label),
        "outcome": of.result,
        "code": of.code,
        "rate": "AMOUNT_NOT_FOUND" if level.amount.rate_not_found else None,
        "amount": of.amount,
        "at_least": level.amount.at_least,
        "unit": level.unit,
        "unit_text": text(of.unit),
        "quantity": of.quantity,
        "total": of.total,
        "text": of.amount_text,
        "cap": cap(level.cap),
        "reason": text(of.reason),
        "note": text(level.note),
        "province": level.province,
        "valid_from": day(level.valid.start),
        "valid_to": day(level.valid.end),
        "citations": citations(level.cite),
        "mark": level.mark,
        "flags": list(of.flags),
        "questions": list(of.questions),
        "missing": missing(of.missing),
    }


def regime(of: Any, *, trace: bool = True) -> dict[str, Any]:
    found = {
        "regime": of.regime.letter,
        "label": str(of.regime.label),
        "content": text(of.regime.content),
        "outcome": of.result,
        "outcome_text": of.result.label,
        "reason": str(of.reason),
        "lines": [line(one) for one in of.lines],
        "cap": cap(of.cap),
        "usage": usage(of.usage),
        "form": of.regime.form,
        "clock": of.regime.clock,
        "citations": citations(of.cite),
        "mark": of.mark,
        "flags": list(of.flags),
        "questions": list(of.questions),
        "missing": missing(of.missing),
        "notes": [str(note) for note in of.notes],
    }
    return {**found, "trace": steps(of.trace)} if trace else found


def law(of: Any, pack: Any) -> dict[str, Any]:
    return {
        "id": of.law,
        "name": of.law and str(pack.instruments[of.law].name),
        "reason": str(of.reason),
        "citations": citations(of.cite),
    }


def questions(names: Any, pack: Any) -> list[Any]:
    return [{"id": name, "text": str(pack.questions[name].text)} for name in names]


def answer(found: Any, pack: Any) -> dict[str, Any]:
    total = found.known_total
    return {
        "format": 1,
        "language": i18n.language(),
        "ref": found.facts.ref,
        "as_of": day(found.facts.as_of_time or found.facts.as_of),
        "pack": {"id": pack.id, "version": pack.version, "sha256": pack.sha256},
        "law": law(found.law, pack),
        "status": found.status,
        "category": {"rows": [row.id for row in found.rows], "label": str(found.category)},
        "regimes": [regime(one) for one in found.outcomes],
        "reference": [line(one) for one in found.reference],
        "known_total": {
            "amount": total.amount,
            "currency": "VND",
            "at_least": total.at_least,
            "plus": [one.level.id for one in total.plus],
            "text": total.text,
        },
        "notes": [str(note) for note in found.notes],
        "missing": missing(found.missing),
        "questions": questions(found.questions, pack),
        "trace": steps(found.trace),
    }


def running(found: Any) -> list[Any]:
    return [
        {
            "id": one.rule.id,
            "label": str(one.rule.label),
            "state": one.state,
            "state_text": one.state.label,
            "started_at": day(one.started_at),
            "due_at": day(one.due_at),
            "stopped_at": day(one.stopped_at),
            "late": one.late,
            "extended": one.extended,
            "limit": {"unit": one.rule.unit, "value": one.rule.value},
            "starts_next_day": one.rule.starts_next_day,
            "body": str(one.rule.body),
            "todo": str(one.rule.todo),
            "citations": citations(one.rule.cite),
            "mark": one.rule.mark,
            "flags": list(one.flags),
            "incomplete_years": list(one.incomplete_years),
        }
        for one in found
    ]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_answer(pack, language) -> None:
    i18n.set_language(language)
    for obj, known in zip(MORE, facts(pack), strict=False):
        found: Any = entitlements_json(obj, pack)
        assert found == {
            **answer(evaluate(known, pack), pack), "clocks": running(clocks(known, pack)),
        }  # fmt: skip
        assert json.loads(json.dumps(found)) == found


def test_today_stands_in_and_the_shipped_rules_are_the_usual_ones(pack) -> None:
    today = date(2026, 11, 21)
    found: Any = entitlements_json({}, today=today)
    assert found == entitlements_json({"as_of": "2026-11-21"}, pack)


def test_a_time_line(pack) -> None:
    for known in facts(pack):
        found = timeline(known, pack)
        told: Any = timeline_json(found, pack)
        now = found.periods
        assert told["periods"] == [
            {
                "from": day(one.start),
                "to": day(one.end),
                "days": (one.end - one.start).days + 1,
                "changes": [str(words) for words in one.changes],
                "law": law(one.assessment.law, pack),
                "status": one.assessment.status,
                "category": {
                    "rows": [row.id for row in one.assessment.rows],
                    "label": str(one.assessment.category),
                },
                "due": [regime(due, trace=False) for due in one.due],
            }
            for one in now
        ]
        assert told["caps"] == [
            {
                "cap": cap(one.limit.cap),
                "levels": [level.id for level in one.levels],
                "labels": [str(level.label) for level in one.levels],
                "certain_to": day(one.limit.certain),
                "ends": one.limit.ends,
                "usage": usage(one.limit.usage),
                "needs_review": one.needs_review,
                "text": str(one.limit.reason),
                "questions": list(one.limit.questions),
                "missing": missing(one.limit.missing),
            }
            for one in found.counts
        ]
        due = [one for period in now for one in period.due]
        lines = [one for regime_ in due for one in regime_.lines]
        asked = [name for one in [*due, *lines] for name in one.questions]
        asked += [name for one in found.counts for name in one.limit.questions]
        assert {one["id"] for one in told["questions"]} == set(asked)
        assert told["questions"] == questions([one["id"] for one in told["questions"]], pack)
        unknown = {name for one in [*due, *lines] for name in one.missing}
        unknown |= {name for period in now for name in period.assessment.law.missing}
        assert {one["fact"] for one in told["missing"]} == unknown
        assert told["missing"] == missing([one["fact"] for one in told["missing"]])
        for key in ("questions", "missing"):
            assert len({str(one) for one in told[key]}) == len(told[key])
        head = {key: told[key] for key in ("format", "language", "ref", "from", "as_of", "pack")}
        assert head == {
            "format": 1,
            "language": "en",
            "ref": known.ref,
            "from": day(now[0].start),
            "as_of": day(known.as_of),
            "pack": {"id": pack.id, "version": pack.version, "sha256": pack.sha256},
        }


def test_costs(pack) -> None:
    for known in facts(pack):
        found = costs(known, pack, date(2022, 1, 1), date(2026, 12, 31), forecast=True)
        told: Any = costs_json(found)
        assert told == {
            "from": "2022-01-01",
            "to": "2026-12-31",
            "until": day(found.until),
            "forecast": True,
            **{
                key: {"amount": one.amount, "at_least": one.at_least, "text": one.text}
                for key in ("known", "due", "if_approved", "not_applied")
                for one in (getattr(found, key),)
            },
            "items": [
                {
                    "law": one.regime.law,
                    "regime": one.regime.letter,
                    "level": one.line and one.line.level.id,
                    "label": str(one.name),
                    "part": one.part,
                    "kind": one.kind,
                    "kind_text": one.kind.label,
                    "from": day(one.first),
                    "to": day(one.last),
                    "amount": one.amount,
                    "unit": one.line and one.line.level.unit,
                    "quantity": one.quantity,
                    "total": one.total,
                    "at_least": one.at_least,
                    "text": one.line and one.line.amount_text,
                    "reason": text(one.reason),
                    "set_by": one.set_by and str(one.set_by.name),
                }
                for one in found.items
            ],
        }

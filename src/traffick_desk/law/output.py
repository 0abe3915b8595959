"""Assessments and clocks as JSON (``docs/facts-json.md``): integer đồng, dates by ISO 8601."""

from __future__ import annotations

from typing import TYPE_CHECKING

from traffick_desk import i18n
from traffick_desk.law.clocks import clocks
from traffick_desk.law.evaluator import evaluate
from traffick_desk.law.facts import Facts
from traffick_desk.law.loader import load_pack
from traffick_desk.law.words import fact_label, unique

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from traffick_desk.law.assessment import Assessment, Line, Outcome, Step, Total
    from traffick_desk.law.caps import Count
    from traffick_desk.law.clocks import Clock
    from traffick_desk.law.cost_items import Costs, Item
    from traffick_desk.law.facts import Moment
    from traffick_desk.law.pack import Cap, Citation, Pack
    from traffick_desk.law.timeline import Period, Timeline
    from traffick_desk.law.usage import Usage

Json = dict[str, object]
FORMAT = 1


def entitlements_json(obj: object, pack: Pack | None = None, today: date | None = None) -> Json:
    """The answer to the facts in *obj*: law, regimes, amounts and clocks.

    Args:
        obj: the facts as ``json.load`` gives them.
        pack: the rules; by default those that the program ships.
        today: stands in for a missing ``as_of``.

    Raises:
        FactsError: the facts cannot be read.
        PackError: the shipped rules are damaged.
    """
    facts = Facts.from_json(obj, today)
    rules = pack or load_pack()
    answer = to_json(evaluate(facts, rules), rules)
    answer["clocks"] = clocks_json(clocks(facts, rules))
    return answer


def to_json(assessment: Assessment, pack: Pack) -> Json:
    """*assessment* as JSON values, texts in the language in use."""
    total = assessment.known_total
    return {
        "format": FORMAT,
        "language": i18n.language(),
        "ref": assessment.facts.ref,
        "as_of": _moment(assessment.facts.as_of_time or assessment.as_of),
        "pack": {
            "id": assessment.pack_id,
            "version": assessment.pack_version,
            "sha256": assessment.pack_sha256,
        },
        "law": _law(assessment, pack),
        "status": assessment.status,
        "category": {
            "rows": [row.id for row in assessment.rows],
            "label": str(assessment.category),
        },
        "regimes": [_outcome(outcome) for outcome in assessment.outcomes],
        "reference": [_line(line) for line in assessment.reference],
        "known_total": {
            "amount": total.amount,
            "currency": "VND",
            "at_least": total.at_least,
            "plus": [line.level.id for line in total.plus],
            "text": total.text,
        },
        "notes": [str(note) for note in assessment.notes],
        "missing": _missing(assessment.missing),
        "questions": [
            {"id": name, "text": str(pack.questions[name].text)} for name in assessment.questions
        ],
        "trace": [_step(step) for step in assessment.trace],
    }


def clocks_json(found: Iterable[Clock]) -> list[Json]:
    """Clocks as JSON values."""
    return [
        {
            "id": clock.rule.id,
            "label": str(clock.rule.label),
            "state": clock.state,
            "state_text": clock.state.label,
            "started_at": _moment(clock.started_at),
            "due_at": _moment(clock.due_at),
            "stopped_at": _moment(clock.stopped_at),
            "late": clock.late,
            "extended": clock.extended,
            "limit": {"unit": clock.rule.unit, "value": clock.rule.value},
            "starts_next_day": clock.rule.starts_next_day,
            "body": str(clock.rule.body),
            "todo": str(clock.rule.todo),
            "citations": _citations(clock.rule.cite),
            "mark": clock.rule.mark,
            "flags": list(clock.flags),
            "incomplete_years": list(clock.incomplete_years),
        }
        for clock in found
    ]


def timeline_json(found: Timeline, pack: Pack) -> Json:
    """The time line *found* as JSON values, texts in the language in use."""
    due = [outcome for period in found.periods for outcome in period.due]
    missing = unique(
        [
            *(name for period in found.periods for name in period.assessment.law.missing),
            *(name for outcome in due for name in outcome.missing),
            *(name for outcome in due for line in outcome.lines for name in line.missing),
        ]
    )
    questions = unique(
        [
            *(name for outcome in due for name in outcome.questions),
            *(name for outcome in due for line in outcome.lines for name in line.questions),
            *(name for count in found.counts for name in count.limit.questions),
        ]
    )
    now = found.assessment
    return {
        "format": FORMAT,
        "language": i18n.language(),
        "ref": found.facts.ref,
        "from": found.periods[0].start.isoformat(),
        "as_of": found.facts.as_of.isoformat(),
        "pack": {"id": now.pack_id, "version": now.pack_version, "sha256": now.pack_sha256},
        "periods": [_period(period, pack) for period in found.periods],
        "caps": [_count(count) for count in found.counts],
        "missing": _missing(missing),
        "questions": [{"id": name, "text": str(pack.questions[name].text)} for name in questions],
    }


def costs_json(found: Costs) -> Json:
    """The costs of one person as JSON values, texts in the language in use."""
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "until": found.until.isoformat(),
        "forecast": found.forecast,
        "known": total_json(found.known),
        "due": total_json(found.due),
        "if_approved": total_json(found.if_approved),
        "not_applied": total_json(found.not_applied),
        "items": [item_json(item) for item in found.items],
    }


def total_json(total: Total) -> Json:
    """A sum of costs as JSON values."""
    return {"amount": total.amount, "at_least": total.at_least, "text": total.text}


def item_json(item: Item) -> Json:
    """One cost as JSON values."""
    line, set_by = item.line, item.set_by
    return {
        "law": item.regime.law,
        "regime": item.regime.letter,
        "level": line.level.id if line else None,
        "label": str(item.name),
        "part": item.part,
        "kind": item.kind,
        "kind_text": item.kind.label,
        "from": item.first.isoformat(),
        "to": item.last.isoformat(),
        "amount": item.amount,
        "unit": line.level.unit if line else None,
        "quantity": item.quantity,
        "total": item.total,
        "at_least": item.at_least,
        "text": line.amount_text if line else None,
        "reason": str(item.reason) if item.reason else None,
        "set_by": str(set_by.name) if set_by else None,
    }


def _period(period: Period, pack: Pack) -> Json:
    now = period.assessment
    return {
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "days": period.days,
        "changes": [str(words) for words in period.changes],
        "law": _law(now, pack),
        "status": now.status,
        "category": {"rows": [row.id for row in now.rows], "label": str(now.category)},
        "due": [
            {key: value for key, value in _outcome(outcome).items() if key != "trace"}
            for outcome in period.due
        ],
    }


def _count(count: Count) -> Json:
    limit = count.limit
    return {
        "cap": _cap(limit.cap),
        "levels": [level.id for level in count.levels],
        "labels": [str(level.label) for level in count.levels],
        "certain_to": _moment(limit.certain),
        "ends": limit.ends,
        "usage": _usage(limit.usage),
        "needs_review": count.needs_review,
        "text": str(limit.reason),
        "questions": list(limit.questions),
        "missing": _missing(limit.missing),
    }


def _law(assessment: Assessment, pack: Pack) -> Json:
    law = assessment.law
    return {
        "id": law.law,
        "name": str(pack.instruments[law.law].name) if law.law else None,
        "reason": str(law.reason),
        "citations": _citations(law.cite),
    }


def _outcome(outcome: Outcome) -> Json:
    return {
        "regime": outcome.regime.letter,
        "label": str(outcome.regime.label),
        "content": str(outcome.regime.content) if outcome.regime.content else None,
        "outcome": outcome.result,
        "outcome_text": outcome.result.label,
        "reason": str(outcome.reason),
        "lines": [_line(line) for line in outcome.lines],
        "cap": _cap(outcome.cap),
        "usage": _usage(outcome.usage),
        "form": outcome.regime.form,
        "clock": outcome.regime.clock,
        "citations": _citations(outcome.cite),
        "mark": outcome.mark,
        "flags": list(outcome.flags),
        "questions": list(outcome.questions),
        "missing": _missing(outcome.missing),
        "notes": [str(note) for note in outcome.notes],
        "trace": [_step(step) for step in outcome.trace],
    }


def _line(line: Line) -> Json:
    return {
        "level": line.level.id,
        "need": line.level.need,
        "label": str(line.level.label),
        "outcome": line.result,
        "code": line.code,
        "rate": "AMOUNT_NOT_FOUND" if line.level.amount.rate_not_found else None,
        "amount": line.amount,
        "at_least": line.level.amount.at_least,
        "unit": line.level.unit,
        "unit_text": str(line.unit) if line.unit else None,
        "quantity": line.quantity,
        "total": line.total,
        "text": line.amount_text,
        "cap": _cap(line.level.cap),
        "reason": str(line.reason) if line.reason else None,
        "note": str(line.level.note) if line.level.note else None,
        "province": line.level.province,
        "valid_from": _moment(line.level.valid.start),
        "valid_to": _moment(line.level.valid.end),
        "citations": _citations(line.level.cite),
        "mark": line.level.mark,
        "flags": list(line.flags),
        "questions": list(line.questions),
        "missing": _missing(line.missing),
    }


def _cap(cap: Cap | None) -> Json | None:
    if cap is None:
        return None
    return {
        "days": cap.days,
        "months": cap.months,
        "times": cap.times,
        "extendable": cap.extendable,
        "note": str(cap.note) if cap.note else None,
    }


def _usage(used: Usage | None) -> Json | None:
    if used is None:
        return None
    return {
        "start": used.start.isoformat(),
        "last_day": used.last_day.isoformat(),
        "days_used": used.used,
        "days_over": used.over,
        "days_undecided": used.undecided,
        "extended_until": _moment(used.extended_until),
    }


def _step(step: Step) -> Json:
    return {
        "facts": list(step.facts),
        "rule": step.rule,
        "text": str(step.words),
        "citations": _citations(step.cite),
    }


def _missing(names: Iterable[str]) -> list[Json]:
    return [{"fact": name, "label": fact_label(name)} for name in names]


def _citations(cites: Iterable[Citation]) -> list[Json]:
    return [
        {
            "instrument": cite.instrument.id,
            "chapter": cite.chapter,
            "article": cite.article,
            "clause": cite.clause,
            "point": cite.point,
            "text": str(cite),
            "sources": list(cite.sources),
            "issued": _moment(cite.instrument.issued),
            "effective": _moment(cite.instrument.valid.start),
            "last_checked": cite.last_checked.isoformat(),
        }
        for cite in cites
    ]


def _moment(moment: Moment | None) -> str | None:
    return None if moment is None else moment.isoformat()

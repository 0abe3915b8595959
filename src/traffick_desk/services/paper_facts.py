"""The facts a form prints, put together from a case. Papers take plain values only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from traffick_desk import papers
from traffick_desk.domain.values import PartialDate, parse_moment
from traffick_desk.i18n import speaking
from traffick_desk.law import State
from traffick_desk.papers import Answer, spell
from traffick_desk.services import assess, office, paper_record
from traffick_desk.services.base import Context
from traffick_desk.services.printed import Facts, newest, on_paper, shown
from traffick_desk.services.views import CaseView, RecordView

_ESSENTIAL_NEEDS = "CLK-07"


def build(
    context: Context,
    cursor: Any,
    case: CaseView,
    person_id: str,
    extra: Mapping[str, Any],
    *,
    form: str = "",
    record: RecordView | None = None,
) -> Facts:
    """All facts of *case* that forms may print, for one of its persons.

    They are in Vietnamese, as every paper is, whatever language the desk speaks.

    Args:
        context: of the query.
        cursor: of the query.
        case: the case.
        person_id: whom the paper is about; "" for the main person.
        extra: facts the officer typed for this paper (letter number, school …); they win.
        form: key of the form; what only one form prints is put together for that one.
        record: what the paper is made of, see :func:`paper_record.of`; it wins over all else.
    """
    with speaking("vi"):
        return _build(context, cursor, case, person_id, extra, form, record)


def _build(
    context: Context,
    cursor: Any,
    case: CaseView,
    person_id: str,
    extra: Mapping[str, Any],
    form: str,
    record: RecordView | None,
) -> Facts:
    persons = case.persons
    person = next((p for p in persons if p.id == person_id), persons[0] if persons else None)
    facts = office_facts(context, cursor)
    facts["case"] = {"file_no": case.row.file_no}
    if person is not None:
        facts["person"] = person_facts(context, case, person)
        minors = [p for p in persons if p.get("accompanies") == person.id]
        facts["minors"] = [person_facts(context, case, m) for m in minors]
        facts |= _assessment(context, cursor, case, person)
        facts["application"] = _application(context, case, person, facts["person"])
        facts["status"] = _status(context, case, person)
        facts["account"] = _account(context, case, person)
        facts |= _stays(context, case, person)
        journey = _last(context, case, "journey_home", person, "leaves_on")
        facts["journey"] = journey
        facts["escort"] = {n: journey.get(n) for n in ("transport", "destination", "receiver")}
        facts["consent"] = _consent(context, case, person)
        facts["support"] = _support(context, cursor, case, person)
        facts |= _requests(context, case, person)
    facts["case"] |= _case(context, case)
    facts |= _history(context, cursor, case)
    reception = case.of("reception")
    if reception:
        given = [on_paper(context, g, "item", "quantity", "note") for g in case.of("given_item")]
        facts["reception"] = _reception(context, reception[0]) | {"given": given}
    if form == paper_record.CLOSING:
        facts["closing"] = paper_record.closing(context, cursor, case)
    facts = _merged(facts, extra)
    if record is not None:
        facts = _merged(facts, paper_record.facts(context, case, record, form))
    receipt = facts.get("receipt") or {}
    amount = receipt.get("amount")
    if isinstance(amount, int) and amount >= 0:
        # Spelled last, so that the words agree with figures which the officer typed.
        facts["receipt"] = {"amount_words": spell.dong(amount), **receipt}
    return facts


def office_facts(context: Context, cursor: Any) -> Facts:
    """Who hands a paper out, whatever it is about."""
    return {
        "unit": _unit(context, cursor),
        "officer": _officer(context, cursor),
        "letter": {"symbol": "UBND", "date": context.now().date()},
        "signer": _signer(cursor),
    }


def _last(context: Context, case: CaseView, kind: str, person: RecordView, by: str) -> Facts:
    """The record of *kind* of the person with the latest *by*, or nothing."""
    found = newest(case.of(kind, person.id), by)
    return on_paper(context, found) if found else {}


def _merged(facts: Facts, extra: Mapping[str, Any]) -> Facts:
    out = dict(facts)
    for key, value in extra.items():
        known = out.get(key)
        if isinstance(known, dict) and isinstance(value, Mapping):
            out[key] = _merged(known, value)
        else:
            out[key] = value
    return out


def _unit(context: Context, cursor: Any) -> Facts:
    unit = context.units.get(context.info.unit)
    province = context.units.get(unit.parent) if unit.parent else unit
    return {
        "name": f"Ủy ban nhân dân {context.units.title(unit, inside=True)}",
        "short": "UBND",
        "place": unit.name,
        "province": context.units.title(province, inside=True),
        "phone": office.read(cursor).get("phone"),
    }


def _officer(context: Context, cursor: Any) -> Facts:
    cursor.execute(
        "SELECT name, title FROM officer WHERE officer_id = ?", (context.info.officer_id,)
    )
    name, title = cursor.fetchone() or (context.info.officer_name, "")
    return {"name": name or None, "title": title or None}


def _signer(cursor: Any) -> Facts:
    settings = office.read(cursor)
    return {"name": settings.get("signer_name"), "lines": settings.get("signer_lines")}


def person_facts(context: Context, case: CaseView, person: RecordView) -> Facts:
    """Who a person of *case* is, as papers print it."""
    described = context.store.registry["person"]
    out = {f.name: shown(f, person.get(f.name)) for f in described.fields if f.name != "case"}
    born = PartialDate.parse(person.get("birth")) if person.get("birth") else None
    if born is not None:
        youngest, oldest = born.ages_on(context.now().date())
        out["age"] = str(youngest) if youngest == oldest else f"{youngest}–{oldest}"
    papers = context.store.registry["identity_paper"]
    out["papers"] = [
        " ".join(str(v) for n in ("kind", "number") if (v := shown(papers[n], p.get(n))))
        for p in case.of("identity_paper", person.id)
    ]
    for address in case.of("address", person.id):
        if address.get("do_not_print") == "yes":
            continue
        line = address.get("line") or ""
        for key, field in (("address", "unit"), ("old_address", "old_unit")):
            if address.get(field) and not out.get(key):
                parts = (line, context.units.full_name(address.get(field)))
                out[key] = ", ".join(p for p in parts if p)
    out["other_names"] = [n.get("name") for n in case.of("person_name", person.id)]
    out["languages"] = ", ".join(out["languages"]) if out.get("languages") else None
    # The form has a line for the interpreter's name, which is written by hand.
    out["needs_interpreter"], out["interpreter"] = out["interpreter"], None
    return out


def _reception(context: Context, reception: RecordView) -> Facts:
    described = context.store.registry["reception"]
    out = {f.name: shown(f, reception.get(f.name)) for f in described.fields if f.name != "case"}
    out["urgent_needs"] = out.pop("urgent", None)
    out["handed_over_by"] = out.pop("from_body", None)
    out["handover_officer"] = out.pop("from_officer", None)
    out["self_reported"] = reception.get("from_body") == "self"
    return out


def _assessment(context: Context, cursor: Any, case: CaseView, person: RecordView) -> Facts:
    found = assess.assessment(context, cursor, case.row.case_id, person.id, None)
    return {
        "assessment": {
            "date": found.as_of,
            "law": assess.law_label(context, found),
            "status": assess.status_label(found),
        },
        "entitlements": assess.printed_lines(found),
    }


def _application(context: Context, case: CaseView, person: RecordView, printed: Facts) -> Facts:
    statuses = [s for s in case.of("status", person.id) if s.get("status") == "victim"]
    confirmation = None
    if statuses:
        described = context.store.registry["status"]
        last = max(statuses, key=lambda s: s.get("since", ""))
        day = last.get("paper_on") or last.get("since")
        pieces = [last.get("paper_no"), shown(described["body"], last.get("body"))]
        pieces.append(date.fromisoformat(day).strftime("%d/%m/%Y") if day else None)
        confirmation = ", ".join(p for p in pieces if p) or None
    return {
        "applicant": {n: printed.get(n) for n in ("name", "birth", "papers", "address", "phone")},
        "confirmation": confirmation,
        "date": context.now().date(),
        "place": context.units.get(context.info.unit).name,
    }


def _case(context: Context, case: CaseView) -> Facts:
    """The frame of the case; the officer in charge as entered."""
    names = ("opened_on", "stage", "return_form", "officer", "closed_on")
    out = on_paper(context, case.case, *names, "closed_code", "closed_reason")
    pieces = [p for p in (out.pop("closed_code"), out["closed_reason"]) if p]
    out["closed_reason"] = ": ".join(pieces) or None
    return out


def _status(context: Context, case: CaseView, person: RecordView) -> Facts:
    """What the person is in law now, and the paper that says so."""
    out = _last(context, case, "status", person, "since")
    if out:
        out["label"] = out.pop("status")
        day = out["paper_on"]
        pieces = [out["paper_no"], out["body"], day.strftime("%d/%m/%Y") if day else None]
        out["paper"] = ", ".join(p for p in pieces if p) if out["paper_no"] else None
    return out


def _account(context: Context, case: CaseView, person: RecordView) -> Facts:
    """The account that was taken; a refusal is printed as such, *later* leaves the lines open."""
    found = case.of("account", person.id)
    taken = [a for a in found if a.get("state") in {"taken", "from_file"}]
    if taken:
        return on_paper(context, taken[-1])
    if any(a.get("state") == "refused" for a in found):
        return {"story": Answer.REFUSED}
    return {}


def _stays(context: Context, case: CaseView, person: RecordView) -> Facts:
    """All stays, oldest first, and the present one: a stay that is over is no place to be found."""
    stays = sorted(case.of("stay", person.id), key=lambda s: str(s.get("since", "")))
    printed = [on_paper(context, s) for s in stays]
    today = context.now().date()
    now = [s for s in printed if s["until"] is None or s["until"] >= today]
    return {"stays": printed, "stay": now[-1] if now else {}}


def _consent(context: Context, case: CaseView, person: RecordView) -> Facts:
    """The last answer about sharing: what it covers only if it is a yes that was not withdrawn."""
    found = newest(case.of("consent", person.id), "asked_on")
    if found is None:
        return {}
    out = on_paper(context, found)
    agreed = found.get("given") == "yes" and not found.get("withdrawn_on")
    out["scope_words"] = out["scope"] if agreed else None
    # The form ticks codes; it must never tick what the person did not say.
    out["scope"] = found.get("scope") if agreed else None
    return out


def _support(context: Context, cursor: Any, case: CaseView, person: RecordView) -> Facts:
    """Essential needs: since when, until which day they are covered, and what was given."""
    given = [g for g in case.of("given_item") if g.get("person") in (None, person.id)]
    given.sort(key=lambda g: str(g.get("given_on", "")))
    out: Facts = {"given": [on_paper(context, g) for g in given]}
    reception = case.of("reception")
    if reception and reception[0].get("support_from"):
        out["since"] = date.fromisoformat(reception[0].get("support_from"))
    for person_id, clock in assess.case_clocks(context, cursor, case.row.case_id):
        if person_id == person.id and clock.rule.id == _ESSENTIAL_NEEDS and clock.due_at:
            due = clock.due_at
            out["last_day"] = due.date() if isinstance(due, datetime) else due
    return out


def _requests(context: Context, case: CaseView, person: RecordView) -> Facts:
    """Requested support with the answers; the amount of a receipt if just one was approved."""
    decisions = {d.get("entitlement"): d for d in case.of("entitlement_decision")}
    lines: list[Facts] = []
    for request in case.of("entitlement", person.id):
        line: Facts = {
            "regime": assess.regime_label(context, request.get("regime")),
            "requested_on": date.fromisoformat(request.get("requested_on")),
        }
        if answer := decisions.get(request.id):
            line |= on_paper(context, answer, "decision", "decided_on", "amount")
            line["approved"] = answer.get("decision") == "approved"
        lines.append(line)
    paid = [x for x in lines if x.get("approved") and x.get("amount")]
    receipt = {"amount": paid[0]["amount"], "content": paid[0]["regime"]} if len(paid) == 1 else {}
    return {"requests": lines, "receipt": receipt}


def _history(context: Context, cursor: Any, case: CaseView) -> Facts:
    """What was done, which papers were issued, and what is still to be done, oldest first."""
    steps = sorted(case.of("step"), key=lambda s: str(s.get("at", "")))
    issued = sorted(case.of("paper"), key=lambda p: str(p.get("issued_at", "")))
    issued = [p for p in issued if not p.get("copy_of")]
    titles = {form.key: form.title.vi for form in papers.forms()}
    due = assess.next_steps(context, cursor, case.row.case_id)
    return {
        "steps": [on_paper(context, s) for s in steps],
        "papers": [
            {
                "title": titles.get(p.get("form"), p.get("form")),
                "number": p.get("number"),
                "day": parse_moment(p.get("issued_at")).date(),
            }
            for p in issued
        ],
        "tasks": [
            {
                "label": s.label,
                "todo": s.todo,
                "due": s.due.date() if isinstance(s.due, datetime) else s.due,
            }
            for s in due
            if s.state is not State.NOT_STARTED
        ],
    }

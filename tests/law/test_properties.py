"""For any facts: no crash, no number where none is known, unknown never worse than review."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from traffick_desk.law import (
    Facts,
    FactsError,
    Result,
    clocks,
    entitlements_json,
    evaluate,
    load_pack,
)

PACK = load_pack()
# A busy machine is no failure.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(
    min_value=date(2012, 1, 1),
    max_value=date(2030, 12, 31),
).map(lambda d: d.isoformat())
YES_NO = st.sampled_from(["yes", "no", "unknown"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from(["in_process", "victim", "not_victim", "unknown"]),
    "citizenship": st.sampled_from(["VN", "KH", "stateless", "unknown"]),
    "permanent_resident": YES_NO,
    "trafficked_in": st.sampled_from(["VN", "elsewhere", "unknown"]),
    "location": st.sampled_from(["abroad", "in_country", "unknown"]),
    "birth": st.sampled_from(["1990", "2008-05", "2008-01-01", "2007", "unknown"]),
    "stays": st.sampled_from([[], [{"from": "2026-01-05", "to": "2026-02-01"}], None]),
    "poor_household": YES_NO,
    "health_insurance": YES_NO,
    "studying": YES_NO,
    "province": st.sampled_from(["Hà Giang", "2004/52", "2025/08", "Lạng Sơn", "unknown"]),
    "travel_days": st.sampled_from([0, 3, None]),
}
IDENTIFIED = st.sampled_from(["2019-06-01", "2024-11-20", "2025-06-30", "2025-07-01", "2026-03-02"])


@st.composite
def people(draw: st.DrawFn, *, accompanied: bool = True) -> dict[str, Any]:
    obj = {key: draw(value) for key, value in VALUES.items() if draw(st.booleans())}
    if obj.get("status") == "victim" and draw(st.booleans()):
        obj["identified_on"] = draw(IDENTIFIED)
    if accompanied and draw(st.booleans()):
        obj["accompanies"] = draw(people(accompanied=False))
    return obj


FACTS = st.builds(
    lambda obj, day: {"as_of": day, **obj},
    people(),
    st.sampled_from(["2025-06-30", "2025-07-01", "2026-05-20", "2026-11-21"]),
)


def results(obj: dict[str, Any]) -> tuple[str | None, dict[str, Result]]:
    found = evaluate(Facts.from_json(obj), PACK)
    return found.law.law, {o.regime.letter: o.result for o in found.outcomes}


@CALM
@given(FACTS)
def test_every_answer_is_whole_and_can_be_written_down(obj) -> None:
    answer: Any = entitlements_json(obj, PACK)
    json.dumps(answer)
    assert len(answer["regimes"]) == (6 if answer["law"]["id"] == "L66" else 10)
    for regime in answer["regimes"]:
        assert regime["reason"]
        assert regime["citations"]
        assert regime["trace"] or answer["law"]["id"] is None
        for line in regime["lines"]:
            assert line["citations"]
            assert line["text"]


@CALM
@given(FACTS)
def test_what_was_not_found_is_never_a_number_and_makes_the_total_at_least(obj) -> None:
    found = evaluate(Facts.from_json(obj), PACK)
    for outcome in found.outcomes:
        for line in outcome.lines:
            assert line.amount is None or line.amount > 0
            if line.not_found:
                assert line.amount is None
                assert line.total is None
                if line.result in {Result.GRANTED, Result.CASE_DEPENDENT} and line.level.counted:
                    assert found.known_total.at_least
    assert found.known_total.amount == sum(
        line.total or 0
        for outcome in found.outcomes
        for line in outcome.lines
        if line.result in {Result.GRANTED, Result.CASE_DEPENDENT}
    )


@settings(CALM, max_examples=300)
@given(FACTS, st.data())
def test_unknown_is_never_worse_than_review(obj, data) -> None:
    """Forgetting one fact gives the same answer as before, or asks for review; it never refuses."""
    target, prefix = obj, ""
    if "accompanies" in obj and data.draw(st.booleans()):
        target, prefix = obj["accompanies"], "accompanies"
    keys = sorted(set(target) - {"as_of", "accompanies"})
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    forgotten = {k: v for k, v in target.items() if k != key}
    if key == "status":
        # A status that is not known, unlike none at all, is written as one that is still to come.
        forgotten.pop("identified_on", None)
        forgotten["status"] = [{"status": "victim", "from": "2199-01-01"}]
    elif key == "identified_on":
        forgotten["status"] = "victim"
    whole = {**obj, prefix: forgotten} if prefix else forgotten
    law, before = results(obj)
    law_after, after = results(whole)
    _law, own = results({k: v for k, v in obj.items() if k != "accompanies"})
    if law_after is None:
        assert set(after.values()) == {Result.NEEDS_REVIEW}
    elif law_after == law:
        given_either_way = {Result.GRANTED, Result.CASE_DEPENDENT}
        for letter, result in after.items():
            # In two roles at once, one role may go on giving what the other gave fully.
            in_two_roles = "accompanies" in obj and {before[letter], result} <= given_either_way
            # One who accompanies a person whose status is still to come has her own role alone.
            alone = bool(prefix) and key == "status" and result == own.get(letter)
            fits = result in {before[letter], Result.NEEDS_REVIEW} or in_two_roles or alone
            assert fits, (letter, key)


@CALM
@given(FACTS, DAYS)
def test_clocks_never_crash_and_never_call_late_what_cannot_be_known(obj, day) -> None:
    events = {
        name: day
        for rule in PACK.clocks.values()
        for name in (rule.start, rule.stop)
        if hash((name, day)) % 3
    }
    found = clocks(Facts.from_json({**obj, "events": events}), PACK)
    for clock in found:
        if clock.incomplete_years:
            assert not clock.late
            assert clock.state != "overdue"


TEXT = st.text("aeđ0129-T:{}\x00\u202e ", max_size=11)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT | DAYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@CALM
@given(
    st.dictionaries(
        st.sampled_from(
            [
                *VALUES,
                "as_of",
                "identified_on",
                "accompanies",
                "events",
                "ref",
                "essential_needs_start",
            ]
        ),
        JSON | DAYS,
    )
)
def test_any_json_is_read_or_refused_in_words(obj) -> None:
    with contextlib.suppress(FactsError):
        assert evaluate(Facts.from_json(obj), PACK).outcomes

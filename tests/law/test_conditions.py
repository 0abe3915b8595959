"""Each condition that rules may name: when it holds, when not, and what it does not know."""

from __future__ import annotations

from typing import Any

import pytest

from traffick_desk import i18n
from traffick_desk.law import Facts
from traffick_desk.law.conditions import CONDITIONS

IDENTIFIED = {"status": "victim", "identified_on": "2024-11-20"}
FOSTERED = {"stays": [{"from": "2026-01-01", "kind": "foster"}]}
SHELTERED = {"stays": [{"from": "2026-01-01", "kind": "shelter"}]}
# condition, facts, holds, the words, the fact it looks at, what is missing, whether it is silent
TABLE: list[tuple[str, dict[str, Any], bool | None, str, str, list[str], bool]] = [
    ("stay", SHELTERED, True, "The person stays or stayed in a facility.", "stays", [], False),
    ("stay", {"stays": []}, False, "Given only while the person stays in a facility, and there was no stay.", "stays", [], False),
    ("stay", {}, None, "Given only while the person stays in a facility; it is not known whether there was.", "stays", ["stays"], False),
    ("uninsured", {"health_insurance": False}, True, "The person has no health insurance.", "health_insurance", [], False),
    ("uninsured", {"health_insurance": True}, False, "The person already has health insurance.", "health_insurance", [], False),
    ("uninsured", {}, None, "Given to those without health insurance; it is not known whether the person has it.", "health_insurance", ["health_insurance"], False),
    ("poor", {"poor_household": True}, True, "The household is poor.", "poor_household", [], False),
    ("poor", {"poor_household": False}, False, "The 2011 regime gives this to poor households only, and the household is not poor.", "poor_household", [], False),
    ("poor", {}, None, "The 2011 regime gives this to poor households only; it is not known if this one is.", "poor_household", ["poor_household"], False),
    ("studying", {"studying": True}, True, "The person still goes to school.", "studying", [], False),
    ("studying", {"studying": False}, False, "Given to those who go on studying, and the person does not.", "studying", [], False),
    ("studying", {}, None, "Given to those who go on studying; it is not known whether the person does.", "studying", ["studying"], False),
    ("abroad", {"location": "abroad"}, True, "The person is abroad.", "location", [], True),
    ("abroad", {"location": "in_country"}, False, "Given only abroad.", "location", [], True),
    ("abroad", {}, None, "Given only abroad; it is not known where the person is.", "location", ["location"], False),
    ("died", {"events": {"death_concluded": "2026-01-01"}}, True, "The person died.", "events.death_concluded", [], True),
    ("died", {}, False, "Given only on death.", "events.death_concluded", [], True),
    ("fostered", FOSTERED, True, "The person stays in a foster household.", "stays", [], True),
    ("fostered", SHELTERED, False, "Given only in a foster household.", "stays", [], True),
    ("fostered", {}, False, "Given only in a foster household.", "stays", [], True),
    ("under_4", {"birth": "2023"}, True, "Under 4 years old.", "birth", [], True),
    ("under_4", {"birth": "2020"}, False, "4 years old or older.", "birth", [], True),
    ("under_4", {"birth": "2022"}, None, "It depends on the age (4 years), which is not known.", "birth", ["birth"], False),
    ("under_4", {}, None, "It depends on the age (4 years), which is not known.", "birth", ["birth"], False),
    ("from_4", {"birth": "2020"}, True, "4 years old or older.", "birth", [], True),
    ("from_4", {"birth": "2023"}, False, "Under 4 years old.", "birth", [], True),
    ("from_4", {}, None, "It depends on the age (4 years), which is not known.", "birth", ["birth"], False),
    ("under_18", {"birth": "2010"}, True, "The person is under 18.", "birth", [], False),
    ("under_18", {**IDENTIFIED, "birth": "1990"}, False, "Given to persons under 18 only, and the person is an adult.", "birth", [], False),
    ("under_18", {}, None, "Given to persons under 18 only; the age is not known well enough.", "birth", ["birth"], False),
    ("under_18", {**IDENTIFIED, "birth": "2008-01-01"}, None, "The person turned 18 during support; the law does not say what follows.", "birth", [], False),
    ("under_18", {**IDENTIFIED, "birth": {"from": "2006-01-01", "to": "2008-01-01"}}, None, "The person turned 18 during support; the law does not say what follows.", "birth", ["birth"], False),
    ("under_18", {"status": "victim", "birth": "2008-01-01"}, None, "The person turned 18 during support; the law does not say what follows.", "birth", ["identified_on"], False),
    ("applied_in_time", {"status": "victim"}, None, "The time to apply runs from identification, whose date is not known.", "events.old_application_received", ["identified_on"], False),
    ("applied_in_time", {**IDENTIFIED, "as_of": "2025-11-20"}, True, "The application is due by 20/11/2025 at the latest.", "events.old_application_received", [], False),
    ("applied_in_time", IDENTIFIED, None, "The time to apply ended on 20/11/2025; granted only if the application came before.", "events.old_application_received", ["events.old_application_received"], False),
    ("applied_in_time", {**IDENTIFIED, "events": {"old_application_received": "2025-11-20T09:00"}}, True, "The application of 20/11/2025 came in time.", "events.old_application_received", [], False),
    ("applied_in_time", {**IDENTIFIED, "events": {"old_application_received": "2025-11-21"}}, False, "The application of 21/11/2025 is late: it was due by 20/11/2025. Refuse as late, or put it to the province; the new regime does not apply to this person.", "events.old_application_received", [], False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "facts", "holds", "words", "fact", "missing", "silent"), TABLE)
def test_a_condition_says(pack, name, facts, holds, words, fact, missing, silent) -> None:
    found = CONDITIONS[name](Facts.from_json({"as_of": "2026-11-21", **facts}), pack)
    assert (found.holds, str(found.reason)) == (holds, words)
    assert (found.fact, list(found.missing), found.silent) == (fact, missing, silent)
    assert found.flags == (("late", "escalate") if " is late: " in words else ())
    assert (found.question == "Q09") is ("turned 18" in words)
    assert found.question in {None, "Q09"}
    i18n.set_language("vi")
    assert str(found.reason) != words, "without a translation"


def test_every_condition_is_in_the_table() -> None:
    assert {row[0] for row in TABLE} == set(CONDITIONS)

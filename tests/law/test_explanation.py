"""How an answer was reached: the steps that an officer is shown, with facts, rule and citation."""

from __future__ import annotations

from typing import Any

import pytest

from traffick_desk.law import entitlements_json

STANDING = ["status", "citizenship", "permanent_resident", "trafficked_in", "location"]
IN_THE_COUNTRY = "In process, Vietnamese citizen or stateless permanent resident, in the country"
ART_37_3 = "Art. 37(3) Law 53/2024/QH15"


def steps(pack, letter: str | None, **facts: Any) -> list[tuple[list[str], str, str, list[str]]]:
    answer: Any = entitlements_json({"as_of": "2026-11-21", **facts}, pack)
    found = (
        answer["trace"]
        if letter is None
        else next(r["trace"] for r in answer["regimes"] if r["regime"] == letter)
    )
    return [
        (s["facts"], s["rule"], s["text"], [cite["text"] for cite in s["citations"]]) for s in found
    ]


def test_the_law_and_the_row_of_a_person(pack) -> None:
    found = steps(pack, None, status="in_process", citizenship="VN", location="abroad")
    row = "In process, Vietnamese citizen, abroad"
    assert found == [
        ([], "pack", f"Rules {pack.version}.", []),
        (
            ["as_of", "status", "identified_on"],
            "law",
            "No identification as a victim before 01/07/2025: Law 53/2024/QH15 governs.",
            ["Art. 63 Law 53/2024/QH15"],
        ),
        (STANDING, "category", row, [ART_37_3]),
    ]


def test_what_comes_with_arrival(pack) -> None:
    found = steps(pack, "đ", status="in_process", citizenship="VN", location="abroad")
    row = "In process, Vietnamese citizen, abroad"
    assert found == [
        (STANDING, "R4/đ", f"{ART_37_3} does not name this regime for: {row}.", [ART_37_3]),
        ([], "later", "Not yet: this comes when the person is in the country.", [ART_37_3]),
    ]


def test_what_comes_with_identification(pack) -> None:
    found = steps(pack, "k", status="in_process", citizenship="VN", location="in_country")
    assert found[-1] == (
        [],
        "later",
        "Not yet, while being identified: this comes with identification as a victim.",
        ["Art. 37(1) Law 53/2024/QH15"],
    )


def test_a_condition_is_a_step_of_its_own(pack) -> None:
    found = steps(
        pack, "h", status="victim", identified_on="2026-01-20", citizenship="VN", birth="2012",
        studying="yes",
    )  # fmt: skip
    cites = ["Art. 37(1) Law 53/2024/QH15", "Art. 24 Decree 162/2025/NĐ-CP"]
    assert found[0][:2] == (STANDING, "R1/h")
    assert found[0][3] == cites
    assert found[1][:2] == (["birth"], "condition")
    assert [(step[1], step[2]) for step in found[2:]] == [
        ("N-h-fee", "Tuition exemption"),
        ("N-h-books", "Textbooks and learning tools"),
    ]
    assert found[2][3] == ["Art. 24 Decree 162/2025/NĐ-CP"]


def test_facts_that_are_not_known_open_one_step_for_each_possible_row(pack) -> None:
    found = steps(pack, "đ", status="in_process", citizenship="VN")
    assert found == [
        (["location"], "R4/đ", "If “In process, Vietnamese citizen, abroad”: not granted.", []),
        (["location"], "R6/đ", f"If “{IN_THE_COUNTRY}”: granted.", []),
        ([], "N-đ", "It depends on facts that are not known yet.", found[2][3]),
    ]


def test_the_facts_of_an_accompanying_child_are_those_of_the_adult(pack) -> None:
    child = {"birth": "2020", "accompanies": {"status": "in_process", "citizenship": "VN", "location": "abroad"}}  # fmt: skip
    (_pack, _law, category) = steps(pack, None, **child)
    assert category[0] == [f"accompanies.{name}" for name in STANDING]
    assert steps(pack, "a", **child)[0][0] == [f"accompanies.{name}" for name in STANDING]


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({"status": "in_process"}, ["location", "citizenship", "permanent_resident", "trafficked_in"]),
        ({"status": "victim", "citizenship": "VN"}, ["identified_on"]),
        ({"accompanies": {"status": "victim", "citizenship": "VN"}}, ["accompanies.identified_on"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_over_all_regimes(pack, facts, missing) -> None:
    answer: Any = entitlements_json({"as_of": "2026-11-21", **facts}, pack)
    named = [m["fact"] for m in answer["missing"]]
    assert set(missing) <= set(named)
    assert len(named) == len(set(named))


@pytest.mark.parametrize("stays", [[{"from": "2026-03-02", "to": "2026-03-05"}], [], None])
def test_the_cap_of_a_regime_is_that_of_its_levels(pack, stays) -> None:
    facts = {"status": "victim", "identified_on": "2026-03-02", "citizenship": "VN", "stays": stays}
    answer: Any = entitlements_json({"as_of": "2026-11-21", **facts}, pack)
    caps = {regime["regime"]: regime["cap"] for regime in answer["regimes"]}
    assert (caps["a"]["days"], caps["a"]["extendable"]) == (120, True)
    assert caps["b"]["times"] == 1
    assert caps["c"] is None


@pytest.mark.parametrize(
    ("facts", "label"),
    [
        ({"status": "victim", "identified_on": "2026-03-02", "citizenship": "VN"}, "Victim, Vietnamese citizen"),
        ({"status": "not_victim"}, "not a victim"),
        ({"status": "in_process", "citizenship": "stateless", "permanent_resident": "no", "trafficked_in": "elsewhere"}, "a person whom the law does not name"),
        ({"status": "in_process", "citizenship": "VN"}, f"Not certain yet; possible: In process, Vietnamese citizen, abroad, {IN_THE_COUNTRY}"),
        (
            {"status": "in_process", "citizenship": "VN", "location": "in_country", "birth": "2020", "accompanies": {"status": "victim", "identified_on": "2026-03-02", "citizenship": "VN"}},
            f"{IN_THE_COUNTRY}; also: Under-18 accompanying a victim who is a citizen or stateless permanent resident",
        ),
    ],
)  # fmt: skip
def test_the_category_in_words(pack, facts, label) -> None:
    answer: Any = entitlements_json({"as_of": "2026-11-21", **facts}, pack)
    assert answer["category"]["label"] == label


def test_a_note_on_delivery_abroad_is_only_for_a_victim_abroad(pack) -> None:
    victim = {"as_of": "2026-11-21", "status": "victim", "identified_on": "2026-03-02"}
    for more, noted in (
        ({"citizenship": "VN", "location": "abroad"}, True),
        ({"citizenship": "VN", "location": "in_country"}, False),
        ({"citizenship": "KH", "trafficked_in": "VN", "location": "abroad"}, False),
        ({"permanent_resident": True, "location": "abroad", "trafficked_in": "VN"}, False),
    ):
        answer: Any = entitlements_json({**victim, **more}, pack)
        assert any("practical only" in note for note in answer["notes"]) is noted, more


def test_where_the_law_is_not_known_the_transition_is_cited(pack) -> None:
    answer: Any = entitlements_json(
        {"as_of": "2026-11-21", "status": "victim", "citizenship": "VN"}, pack
    )
    for regime in answer["regimes"]:
        assert regime["citations"][0]["text"] == "Art. 63 Law 53/2024/QH15"
        assert regime["lines"] == []


def test_where_the_row_is_not_known_every_possible_one_is_cited(pack) -> None:
    answer: Any = entitlements_json(
        {"as_of": "2026-11-21", "status": "in_process", "citizenship": "VN"}, pack
    )
    regime = next(r for r in answer["regimes"] if r["regime"] == "đ")
    assert regime["citations"][0]["text"] == ART_37_3


@pytest.mark.parametrize(
    ("stays", "letter", "noted"),
    [([], "a", True), ([], "b", False), (None, "a", False), ([{"from": "2026-03-02"}], "a", False)],
)
def test_without_a_stay_only_what_is_given_at_reception(pack, stays, letter, noted) -> None:
    facts = {"status": "victim", "identified_on": "2026-03-02", "citizenship": "VN", "stays": stays}
    answer: Any = entitlements_json({"as_of": "2026-11-21", **facts}, pack)
    notes = next(r["notes"] for r in answer["regimes"] if r["regime"] == letter)
    assert any("given at reception" in note for note in notes) is noted


def test_days_over_the_cap_are_spelled_out(pack) -> None:
    facts = {"status": "victim", "identified_on": "2026-01-01", "citizenship": "VN"}
    stays = [{"from": "2026-01-01", "to": "2026-05-10", "extended_until": "2026-05-05"}]
    answer: Any = entitlements_json({"as_of": "2026-11-21", **facts, "stays": stays}, pack)
    (note,) = answer["regimes"][0]["notes"]
    assert note == (
        "The days to 30/04/2026 are covered. 10 days come after that; 5 of them need an extension "
        "decision."
    )


def test_a_regime_that_is_not_granted_asks_no_question(pack) -> None:
    facts = {"status": "victim", "identified_on": "2026-01-01", "citizenship": "KH", "trafficked_in": "VN"}  # fmt: skip
    answer: Any = entitlements_json({"as_of": "2026-11-21", **facts}, pack)
    asked = {r["regime"]: r["questions"] for r in answer["regimes"]}
    assert (asked["h"], asked["i"], asked["k"]) == ([], [], [])


NEW, OLD = "Law 53/2024/QH15", "Law 66/2011/QH12"


@pytest.mark.parametrize(
    ("facts", "law", "reason", "cite"),
    [
        ({"as_of": "2025-06-30", "status": "in_process"}, "L66", f"On 30/06/2025, {NEW} was not yet in force; {OLD} governs.", f"Art. 32 {OLD}"),
        ({}, None, "The status is not known, so the law is not either.", f"Art. 63 {NEW}"),
        ({"status": "not_victim"}, "L53", f"No identification as a victim before 01/07/2025: {NEW} governs.", f"Art. 63 {NEW}"),
        ({"status": "victim", "identified_on": "2025-06-30"}, "L66", f"Identified as a victim on 30/06/2025, before 01/07/2025: {OLD} governs.", f"Art. 63 {NEW}"),
        ({"status": "victim", "identified_on": "2025-07-01"}, "L53", f"Identified as a victim on 01/07/2025, not before 01/07/2025: {NEW} governs.", f"Art. 63 {NEW}"),
        ({"status": [{"status": "in_process", "from": "2025-07-02"}, {"status": "victim"}]}, "L53", f"The person was still being identified on 02/07/2025, not before 01/07/2025: {NEW} governs.", f"Art. 63 {NEW}"),
        ({"status": "victim"}, None, f"The date of identification is missing; it decides between {OLD} and {NEW}.", f"Art. 63 {NEW}"),
    ],
)  # fmt: skip
def test_why_a_law_governs(pack, facts, law, reason, cite) -> None:
    answer: Any = entitlements_json({"as_of": "2026-11-21", **facts}, pack)
    assert (answer["law"]["id"], answer["law"]["reason"]) == (law, reason)
    assert [c["text"] for c in answer["law"]["citations"]] == [cite]

"""Words, amounts and the JSON answer in both languages."""

from __future__ import annotations

from datetime import datetime

import pytest

from traffick_desk import i18n
from traffick_desk.law import (
    Code,
    Facts,
    Mark,
    Result,
    State,
    entitlements_json,
    evaluate,
    fact_label,
)
from traffick_desk.law.words import FACT_LABELS, money, spell

VICTIM = {
    "as_of": "2026-11-21",
    "status": "victim",
    "identified_on": "2026-03-02",
    "citizenship": "VN",
    "ref": "HS-1",
}


@pytest.fixture
def vietnamese():
    i18n.set_language("vi")


def test_amounts_that_were_not_found_are_printed_in_words(pack, vietnamese) -> None:
    found = evaluate(Facts.from_json(VICTIM), pack)
    texts = {line.level.id: line.amount_text for o in found.outcomes for line in o.lines}
    not_found = "mức chi theo Thông tư 120/2026/TT-BTC – chưa có dữ liệu"
    assert texts["N-k-allow"] == not_found
    assert texts["N-a-items"] == f"bằng hiện vật; {not_found}"
    assert texts["N-đ"] == "miễn phí"
    assert (
        texts["N-k-loan"] == "theo quy định của từng chương trình của Ngân hàng Chính sách xã hội"
    )
    assert found.known_total.text == "chưa có mức chi"
    assert "0 ₫" not in texts.values()


def test_amounts_in_dong(pack, vietnamese) -> None:
    facts = {
        "as_of": "2023-01-01",
        "status": "victim",
        "identified_on": "2022-05-10",
        "citizenship": "VN",
        "province": "Hà Giang",
        "poor_household": True,
        "travel_days": 2,
    }
    found = evaluate(Facts.from_json(facts), pack)
    texts = {line.level.id: line.amount_text for o in found.outcomes for line in o.lines}
    assert texts["O-HG-allow"] == "3.000.000 ₫ (một lần)"
    assert texts["O-HG-road"] == "100.000 ₫/người/ngày đi đường"
    other = evaluate(Facts.from_json({**facts, "province": "Lạng Sơn"}), pack)
    texts = {line.level.id: line.amount_text for o in other.outcomes for line in o.lines}
    assert texts["O-road"] == "ít nhất 70.000 ₫/người/ngày đi đường"


def test_the_answer_is_in_the_language_in_use(pack) -> None:
    english = entitlements_json(VICTIM, pack)
    assert english["language"] == "en"
    assert english["law"]["citations"][0]["text"] == "Art. 63 Law 53/2024/QH15"
    i18n.set_language("vi")
    vietnamese = entitlements_json(VICTIM)
    assert vietnamese["law"]["citations"][0]["text"] == "Điều 63 Luật số 53/2024/QH15"
    assert vietnamese["ref"] == "HS-1"
    assert vietnamese["regimes"][0]["label"] == "Hỗ trợ nhu cầu thiết yếu"
    assert vietnamese["pack"]["sha256"] == pack.sha256


def test_a_reason_is_spelled_when_it_is_read(pack) -> None:
    reason = evaluate(Facts.from_json(VICTIM), pack).law.reason
    assert "02/03/2026, not before 01/07/2025" in str(reason)
    i18n.set_language("vi")
    assert "ngày 02/03/2026, không trước ngày 01/07/2025" in str(reason)


def test_a_formula_without_a_value_for_the_day_is_not_available(pack) -> None:
    from dataclasses import replace

    bare = replace(pack.parameters["sa-standard"], values=())
    found = evaluate(
        Facts.from_json({**VICTIM, "birth": "1990"}),
        replace(pack, parameters={**pack.parameters, "sa-standard": bare}),
    )
    line = next(line for line in found.reference if line.level.id == "SA-fac≥4")
    assert (line.code, line.amount, line.amount_text) == (
        Code.NOT_FOUND,
        None,
        "amount not available",
    )


def test_flags_tell_how_well_a_level_is_known(pack) -> None:
    from dataclasses import replace

    weak = {"N-c": Mark.TEXT_CHECK, "N-g": Mark.INFERRED}
    changed = {
        key: tuple(replace(x, mark=weak.get(x.id, x.mark)) for x in levels)
        for key, levels in pack.by_regime.items()
    }
    found = evaluate(Facts.from_json(VICTIM), replace(pack, by_regime=changed))
    assert "check_wording" in found.outcome("c").lines[0].flags
    assert "confirm" in found.outcome("g").lines[0].flags


def test_every_code_has_its_words() -> None:
    for kind in (Result, Code, Mark, State):
        labels = [member.label for member in kind]
        assert len(set(labels)) == len(labels)
    assert [r.label for r in Result] == [
        "granted",
        "depends on the case",
        "not granted",
        "needs review",
    ]


def test_facts_are_named_in_words() -> None:
    assert {fact_label(name) for name in FACT_LABELS} == set(FACT_LABELS.values())
    assert fact_label("accompanies.birth") == "date of birth of the person accompanied"


def test_spelling() -> None:
    assert spell(datetime.fromisoformat("2026-11-21T08:05")) == "08:05 21/11/2026"
    assert spell((1000, "x")) == "1,000, x"
    i18n.set_language("vi")
    assert money(2_400_000) == "2.400.000 ₫"


def test_an_unknown_regime_is_a_key_error(pack) -> None:
    with pytest.raises(KeyError):
        evaluate(Facts.from_json(VICTIM), pack).outcome("z")


def test_citations_by_chapter_point_and_name(pack) -> None:
    texts = {str(c) for level in pack.levels for c in level.cite}
    assert {
        "Chapter V Law 53/2024/QH15",
        "Art. 25(1)(a) Decree 20/2021/NĐ-CP",
        "Circular 84/2019/TT-BTC",
    } <= texts
    i18n.set_language("vi")
    texts = {str(c) for level in pack.levels for c in level.cite}
    assert "điểm a khoản 1 Điều 25 Nghị định số 20/2021/NĐ-CP" in texts


def test_a_level_for_other_rows_is_not_listed(pack) -> None:
    from dataclasses import replace

    rows = {"N-c": (("R6",), {}), "N-h-fee": (("R1",), {"R2": "Q08"})}
    changed = {
        key: tuple(
            replace(x, rows=rows[x.id][0], review_rows=rows[x.id][1]) if x.id in rows else x
            for x in levels
        )
        for key, levels in pack.by_regime.items()
    }
    stateless = {**VICTIM, "citizenship": "stateless", "permanent_resident": True, "birth": "1990"}
    found = evaluate(Facts.from_json(stateless), replace(pack, by_regime=changed))
    assert found.outcome("c").lines == ()
    fee = found.outcome("h").lines[0]
    assert (fee.result, fee.questions) == (Result.NOT_GRANTED, ("Q08",))

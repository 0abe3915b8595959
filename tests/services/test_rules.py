"""The province says what the law gives; its communes go by it, and by nobody else's word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from law.shapes import watch_amendments
from services.conftest import PASSWORD, Make, take_in
from traffick_desk import papers, resources
from traffick_desk.services import exchange, rules, rules_draft, vaults
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import DecideEntitlement, RequestEntitlement, SaveRecords
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.papers import Forms, IssuePaper, ReprintPaper
from traffick_desk.services.queries import Entitlements, OpenCase
from traffick_desk.services.rules_effect import NewerRules
from traffick_desk.store.journal import Edit
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.rulepack import RulesRefused, SignedRules

pytestmark = pytest.mark.usefixtures("english")

CITE = "cite: [{instrument: C120, article: '5', sources: [bản giấy]}]"


@pytest.fixture(autouse=True)
def _texts_fit_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    watch_amendments(monkeypatch)


def amendments(number: int = 1, vnd: int = 70_000, more: str = "") -> str:
    return f"""
kind: amendments
number: {number}
made_on: 2026-11-21
note: Mức ăn theo Thông tư 120
changes:
  - level: N-a-meal
    from: 2026-10-01
    amount: {{vnd: {vnd}}}
    {CITE}
    mark: T
{more}"""


HOLIDAYS = f"""
years:
  - year: 2026
    complete: true
    holidays:
      - {{day: 2026-11-24, label: {{vi: Nghỉ, en: Off}}, {CITE}}}
"""


def link(province: Desk, commune: Desk, folder: Path) -> None:
    path, _words = exchange.write_request(commune, folder)
    answer = exchange.accept(province, exchange.read_request(province, path), folder)
    exchange.install(commune, exchange.read_certificate(commune, answer))


@pytest.fixture
def pair(make: Make, tmp_path: Path) -> tuple[Desk, Desk, Path]:
    province, commune = make("province"), make("commune")
    folder = tmp_path / "stick"
    folder.mkdir()
    link(province, commune, folder)
    return province, commune, folder


def meal(desk: Desk) -> int | None:
    level = next(
        x
        for x in desk.context.pack.levels
        if x.need == "meal" and x.law == "L53" and date(2026, 12, 1) in x.valid
    )
    return level.amount.vnd


def put_in(desk: Desk, number: int, signed: str) -> None:
    """Write a record as no command would, as a desk with a changed program could."""
    with desk.context.store.work() as work:
        values = {"number": number, "made_on": "2026-11-21", "signed": signed}
        edit = Edit("rule_pack", f"rule-{number}", values)
        work.journal.write(edit, desk.info.officer_id, None)
    rules.take_into_use(desk.context)


def test_what_the_province_signs_holds_in_its_communes_after_the_next_bundle(pair) -> None:
    province, commune, folder = pair
    rules.sign(province, amendments())
    assert meal(province) == 70_000
    assert meal(commune) is None
    exchange.export_bundles(province, folder)
    (report,) = exchange.import_bundles(commune, folder)
    assert (report.rules, report.decisions) == (1, 0)
    assert "new rules of the province" in exchange.words_of(report)
    assert meal(commune) == 70_000
    assert commune.context.pack.sha256 == province.context.pack.sha256
    view = commune.ask(rules.RulesInForce())
    assert (view.number, view.unfit, view.refused, view.may_sign) == (1, (), 0, False)
    assert "70,000 ₫/person per day" in str(view.changes[0])
    assert [text.used for text in view.texts] == [True]


def test_a_person_gets_what_the_province_filled_in(pair) -> None:
    province, commune, folder = pair
    case, person = take_in(commune, "E1")["E1"]
    before = commune.ask(Entitlements(case, person)).known_total
    rules.sign(province, amendments())
    exchange.export_bundles(province, folder)
    exchange.import_bundles(commune, folder)
    after = commune.ask(Entitlements(case, person)).known_total
    assert after.amount > before.amount
    assert (after.amount - before.amount) % 70_000 == 0


def test_what_later_rules_change_is_told_of_requests_that_are_open(pair) -> None:
    province, commune, folder = pair
    case, person = take_in(commune, "E1")["E1"]
    first = commune.do(RequestEntitlement(case, person, "L53/a"))
    unmoved = commune.do(RequestEntitlement(case, person, "L53/d"))
    assert commune.ask(NewerRules(case)) == {}
    rules.sign(province, amendments())
    exchange.export_bundles(province, folder)
    exchange.import_bundles(commune, folder)
    told = commune.ask(NewerRules(case))
    assert set(told) == {first}
    assert told[first].startswith("The rules have changed since: ")
    assert "amount not available" in told[first].split("→")[0]
    assert "70,000 ₫/person per day" in told[first].split("→")[1]
    kept = commune.ask(OpenCase(case)).of("entitlement")
    assert {r.id: r.get("pack") for r in kept}[first] == commune.context.rules.national.version
    later = commune.do(RequestEntitlement(case, person, "L53/a"))
    assert later not in commune.ask(NewerRules(case))
    assert unmoved not in commune.ask(NewerRules(case))
    exchange.export_bundles(commune, folder)
    exchange.import_bundles(province, folder)
    assert set(province.ask(NewerRules(case))) == {first}
    province.do(DecideEntitlement(first, "returned", "bổ sung giấy"))
    assert province.ask(NewerRules(case)) == {}


def test_a_request_under_rules_that_are_gone_says_so(make) -> None:
    commune = make("commune")
    case, person = take_in(commune, "E1")["E1"]
    request = commune.do(RequestEntitlement(case, person, "L53/a"))
    edit = Edit("entitlement", request, {"pack": "1999.1.1+7"})
    commune.do(SaveRecords((edit,)))
    assert "1999.1.1+7, which this program does not have" in commune.ask(NewerRules(case))[request]


FORM = (
    resources.path("forms", "noi-bo-giay-bien-nhan.yaml")
    .read_text("utf-8")
    .replace("key: noi-bo/giay-bien-nhan", "key: tinh/bien-nhan")
    .replace("Giấy biên nhận tiền", "Giấy biên nhận của tỉnh")
)


def with_form(number: int = 1, text: str = FORM, key: str = "tinh/bien-nhan") -> str:
    draft = rules_draft.read(amendments(number))
    return draft.with_entry("forms", None, {"key": key, "text": text}).text


def test_a_form_that_the_province_adds_can_be_printed_in_its_communes(pair) -> None:
    province, commune, folder = pair
    case, person = take_in(commune, "E1")["E1"]
    before = {form.key for form in commune.ask(Forms())}
    rules.sign(province, with_form())
    exchange.export_bundles(province, folder)
    exchange.import_bundles(commune, folder)
    added = [form for form in commune.ask(Forms()) if form.key not in before]
    assert [(f.key, f.title.vi) for f in added] == [("tinh/bien-nhan", "Giấy biên nhận của tỉnh")]
    issued = commune.do(IssuePaper(case, "tinh/bien-nhan", person))
    assert issued.pdf.startswith(b"%PDF")
    again = commune.do(ReprintPaper(case, issued.paper_id))
    assert again.pdf.startswith(b"%PDF")
    with pytest.raises(papers.UnknownForm):  # outside of the desk there is none
        papers.form("tinh/bien-nhan")
    rules.withdraw(province, province.ask(rules.RulesInForce()).texts[0].id, "bỏ")
    exchange.export_bundles(province, folder)
    exchange.import_bundles(commune, folder)
    assert {form.key for form in commune.ask(Forms())} == before


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (FORM, "tinh/khac"),
        (FORM.replace("tinh/bien-nhan", "noi-bo/bien-nhan"), "noi-bo/bien-nhan"),
        (FORM + "\nmore: x\n", "tinh/bien-nhan"),
        ("không phải mẫu", "tinh/bien-nhan"),
    ],
)
def test_a_form_that_cannot_be_used_is_not_signed(make, text, key) -> None:
    province = make("province")
    with pytest.raises(rules.RulesUnfit):
        rules.sign(province, with_form(1, text, key))
    assert province.ask(rules.RulesInForce()).texts == ()


def test_a_form_that_this_program_cannot_use_keeps_no_amount_from_working(make) -> None:
    province = make("province")
    put_in(province, 7, signed_by(province, 7, text=with_form(7, FORM + "\nmore: x\n")).encode())
    assert meal(province) == 70_000
    (problem,) = province.ask(rules.RulesInForce()).unfit
    assert "tinh/bien-nhan" in problem


def test_they_are_still_in_force_after_the_desk_was_closed(make, tmp_path) -> None:
    province = make("province")
    rules.sign(province, amendments())
    province.close()
    again = vaults.unlock(tmp_path / "province", "huong", PASSWORD)
    assert meal(again) == 70_000
    again.close()


def test_the_highest_number_counts_and_one_that_was_used_is_refused(make) -> None:
    province = make("province")
    rules.sign(province, amendments(1, 70_000))
    second = rules.sign(province, amendments(2, 80_000))
    assert meal(province) == 80_000
    for number in (1, 2):
        with pytest.raises(rules.RulesNotNewer):
            rules.sign(province, amendments(number, 90_000))
    rules.withdraw(province, second, "sai mức")
    assert meal(province) == 70_000
    view = province.ask(rules.RulesInForce())
    assert [(t.number, t.withdrawn, t.used) for t in view.texts] == [
        (2, "sai mức", False),
        (1, "", True),
    ]


def test_what_does_not_fit_is_not_signed(make) -> None:
    province = make("province")
    with pytest.raises(rules.RulesUnfit, match="is not in force on 01/01/2020"):
        rules.sign(province, amendments().replace("2026-10-01", "2020-01-01"))
    assert province.ask(rules.RulesInForce()).texts == ()


def test_a_commune_cannot_sign(make) -> None:
    commune = make("commune")
    with pytest.raises(NotAllowed):
        rules.sign(commune, amendments())
    with pytest.raises(NotAllowed):
        commune.do(rules.KeepRulesDraft("x"))


def test_a_draft_is_kept_until_it_is_signed(make) -> None:
    province = make("province")
    province.do(rules.KeepRulesDraft("kind: amendments"))
    assert province.ask(rules.RulesInForce()).draft == "kind: amendments"
    rules.sign(province, amendments())
    assert province.ask(rules.RulesInForce()).draft == ""


def test_a_preview_changes_nothing(make) -> None:
    province = make("province")
    amended, found = rules.preview(province, amendments())
    assert amended.pack.sha256 != province.context.pack.sha256
    assert [str(c) for c in found.changes]
    assert any(text.startswith("E1 ") for text in map(str, found.results))
    assert meal(province) is None


def signed_by(desk: Desk, number: int = 9, unit: str = "", text: str = "") -> SignedRules:
    with desk.context.store.read() as cursor:
        key = DeviceKeys.load(cursor, desk.info.device).signing
    return SignedRules.sign(
        desk.info.device,
        unit or desk.context.units.province_of(desk.info.unit).id,
        number,
        "2026-11-21T21:00+07:00",
        text or amendments(number, 999),
        key,
    )


def test_rules_of_anybody_else_are_not_used(pair, make) -> None:
    province, commune, _folder = pair
    rules.sign(province, amendments(1))
    other = make("province-2", unit="2025/08")
    good = signed_by(province)
    forged = {
        "another province": signed_by(other),
        "a commune": signed_by(commune),
        "for another province": signed_by(province, unit="2025/08"),
        "no signature": SignedRules(
            good.issuer, good.unit, good.number, good.made_at, good.text, bytes(64)
        ),
        "another text": SignedRules(
            good.issuer, good.unit, good.number, good.made_at, amendments(9, 1), good.signature
        ),
        "another number": SignedRules(
            good.issuer, good.unit, 99, good.made_at, good.text, good.signature
        ),
    }
    for number, (name, signed) in enumerate(forged.items(), 10):
        put_in(province, number, signed.encode())
        assert meal(province) == 70_000, name
    for number, text in enumerate(("", "{}", '{"kind":"traffick-desk/rules"}', "\udcff"), 30):
        with pytest.raises(RulesRefused):
            SignedRules.decode(text)
        if text.isascii():
            put_in(province, number, text or "-")
    assert meal(province) == 70_000
    assert province.ask(rules.RulesInForce()).refused == 9
    put_in(province, 40, signed_by(province, 40).encode())
    assert meal(province) == 999


def test_the_signed_text_reads_back_as_it_was_written(make) -> None:
    signed = signed_by(make("province"))
    assert SignedRules.decode(signed.encode()) == signed


def test_holidays_move_the_deadlines_that_count_working_days(pair) -> None:
    province, commune, folder = pair
    take_in(commune)
    before = dues(commune)
    rules.sign(province, amendments(1, more=HOLIDAYS))
    exchange.export_bundles(province, folder)
    exchange.import_bundles(commune, folder)
    after = dues(commune)
    commune.context.store.rebuild()
    assert dues(commune) == after
    assert before.keys() == after.keys()
    moved = {key for key in before if before[key] != after[key]}
    assert moved
    assert {clock for _case, clock in moved} <= {
        c.id for c in commune.context.pack.clocks.values() if c.unit == "wd"
    }


def dues(desk: Desk) -> dict[tuple[str, str], str]:
    with desk.context.store.read() as cursor:
        cursor.execute("SELECT case_id, clock, due FROM deadline")
        return {(case, clock): due for case, clock, due in cursor.fetchall()}

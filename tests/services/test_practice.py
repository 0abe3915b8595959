"""Practice: made, opened, thrown away, marked, and never mixed with a real desk."""

from __future__ import annotations

import csv
import errno
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest

from services.conftest import COMMUNE, NOW, PASSWORD, Make, take_in
from traffick_desk.domain import practice as marks
from traffick_desk.domain.units import UnitDataError, Units
from traffick_desk.services import backup, exchange, hub, lessons, practice, register, vaults
from traffick_desk.services import lesson_progress as progress
from traffick_desk.services.base import Desk
from traffick_desk.services.commands import RequestEntitlement
from traffick_desk.services.errors import NotAllowed
from traffick_desk.services.month import IssueMonthlyList
from traffick_desk.services.papers import IssuePaper, PreviewPaper
from traffick_desk.services.queries import CountCases, ListCases, OpenCase
from traffick_desk.services.verify import verify
from traffick_desk.store.errors import StoreInUse
from traffick_desk.sync import enrolment
from traffick_desk.sync.errors import PracticeMixed
from traffick_desk.vault.kdf import FLOOR

RECORD = "noi-bo/bien-ban-tiep-nhan"


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> practice.Place:
    """Made once for all tests; each gets a copy."""
    place = practice.beside(tmp_path_factory.mktemp("once") / "vault")
    practice.make(place)
    return place


@pytest.fixture
def place(made_once: practice.Place, tmp_path: Path) -> practice.Place:
    mine = practice.beside(tmp_path / "vault")
    shutil.copytree(made_once.root, mine.root)
    return mine


@pytest.fixture
def commune(place: practice.Place) -> Iterator[Desk]:
    desk = practice.open_commune(place, lambda: NOW)
    yield desk
    desk.close()


@pytest.fixture
def province(place: practice.Place) -> Iterator[Desk]:
    desk = practice.open_province(place, lambda: NOW)
    yield desk
    desk.close()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _pages(pdf: bytes) -> list[str]:
    with pdfplumber.open(BytesIO(pdf)) as opened:
        return [page.extract_text() for page in opened.pages]


# --- the invented province ------------------------------------------------------------------


def test_no_unit_of_practice_is_in_the_official_list() -> None:
    units = Units.load()
    for unit in (marks.PROVINCE, marks.COMMUNE, marks.NEIGHBOUR):
        assert unit not in units
        assert marks.is_practice(unit)
    assert not any(marks.is_practice(u.id) for u in units.provinces())
    invented = Units.load(practising=True)
    assert invented.full_name(marks.COMMUNE) == "Xã Suối Mẫu, tỉnh Ví Dụ"
    assert len(invented) == len(units) + 3
    names = {units.full_name(c.id) for p in units.provinces() for c in units.communes(p.id)}
    assert not any("Suối Mẫu" in name or "Ví Dụ" in name for name in names)


def test_a_list_that_holds_a_code_of_practice_is_refused(tmp_path: Path) -> None:
    import json

    from traffick_desk import resources

    data = json.loads(resources.path("units", "units.json").read_text("utf-8"))
    data["communes"]["01"].append(["99007", "Giả", "xa", None, None])
    file = tmp_path / "units.json"
    file.write_text(json.dumps(data), "utf-8")
    with pytest.raises(UnitDataError):
        Units.load(file)


@pytest.mark.parametrize("unit", ["2025/9", "2025/990", "2004/99", "2025/990011", "2025/98", ""])
def test_what_only_looks_like_a_unit_of_practice_is_none(unit: str) -> None:
    assert not marks.is_practice(unit)


# --- making, opening, throwing away ----------------------------------------------------------


def test_both_desks_are_real_vaults_that_are_linked(commune: Desk, province: Desk) -> None:
    assert commune.info.practice
    assert province.info.practice
    assert [link.unit for link in commune.ask(exchange.Links())] == [marks.PROVINCE]
    assert verify(commune).intact
    assert b"Nguy" not in (commune.info.vault_path / vaults.DATABASE).read_bytes()[:4096]


def test_the_province_answers_through_real_bundles(commune: Desk, place: practice.Place) -> None:
    state = commune.do(progress.StartLesson("che-do"))
    case = commune.ask(OpenCase(state.case_id))
    commune.do(RequestEntitlement(state.case_id, case.persons[0].id, "L53/a"))
    assert practice.province_answers(place, lambda: NOW).taken_in == 0
    exchange.export_bundles(commune, place.stick)
    answered = practice.province_answers(place, lambda: NOW)
    assert (answered.taken_in, answered.decided, answered.written) == (1, 1, 1)
    exchange.import_bundles(commune, place.stick)
    assert commune.ask(OpenCase(state.case_id)).of("entitlement_decision")
    assert verify(commune).intact


def test_what_is_made_anew_is_empty_and_the_real_vault_stays(
    make: Make, place: practice.Place
) -> None:
    real = make("vault")
    take_in(real, "E2")
    real.close()
    before = {p: p.read_bytes() for p in real.info.vault_path.iterdir() if p.name != vaults.LOCK}
    desk = practice.open_commune(place)
    desk.do(progress.StartLesson("sang-loc"))
    old = desk.info.vault_id
    with pytest.raises(StoreInUse):
        practice.throw_away(place)
    assert place.commune.exists()
    desk.close()
    practice.throw_away(place)
    assert not practice.is_made(place)
    practice.make(place)
    desk = practice.open_commune(place)
    assert desk.info.vault_id != old
    assert desk.ask(CountCases()) == 0
    desk.close()
    assert {p: p.read_bytes() for p in before} == before
    assert sorted(p.name for p in place.root.parent.iterdir()) == ["luyen-tap", "vault"]


@pytest.mark.parametrize("what", ["key", "header", "database", "folder", "key-content"])
def test_damage_is_said_and_can_be_begun_anew(place: practice.Place, what: str) -> None:
    match what:
        case "key":
            place.key_file.unlink()
        case "key-content":
            place.key_file.write_text('{"password": "another"}', "utf-8")
        case "header":
            (place.commune / "vault.json").write_bytes(b"{}")
        case "database":
            (place.commune / vaults.DATABASE).write_bytes(b"x" * 8192)
        case "folder":
            shutil.rmtree(place.commune)
    with pytest.raises(practice.PracticeDamaged) as problem:
        practice.open_commune(place)
    assert "thật" in str(problem.value) or "real" in str(problem.value)
    practice.throw_away(place)
    practice.make(place)
    practice.open_commune(place).close()


def test_a_real_vault_moved_into_the_folder_is_neither_opened_nor_thrown_away(
    make: Make, place: practice.Place
) -> None:
    real = make("vault")
    real.close()
    shutil.rmtree(place.commune)
    shutil.move(real.info.vault_path, place.commune)
    with pytest.raises(practice.PracticeDamaged):
        practice.open_commune(place)
    with pytest.raises(vaults.PracticeApart):
        practice.throw_away(place)
    assert (place.commune / vaults.DATABASE).exists()


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = practice.beside(tmp_path / "vault")
    real, calls = vaults.create, []

    def full(*arguments: object, **more: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(vaults, "create", full)
    with pytest.raises(practice.PracticeNotMade) as problem:
        practice.make(place)
    assert "No space left" in str(problem.value)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    practice.make(place)
    assert practice.is_made(place)


def test_nothing_asks_the_network(place: practice.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_more: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    practice.throw_away(place)
    practice.make(place)
    desk = practice.open_commune(place)
    desk.do(progress.StartLesson("che-do"))
    exchange.export_bundles(desk, place.stick)
    practice.province_answers(place)
    desk.close()


# --- never mixed -----------------------------------------------------------------------------


def test_vaults_of_the_two_kinds_are_made_in_their_own_places_only(tmp_path: Path) -> None:
    def new(unit: str) -> vaults.NewVault:
        return vaults.NewVault("commune", unit, "Nguyễn Thị Tập", "tap", PASSWORD, kdf=FLOOR)

    for path, unit in (
        (tmp_path / vaults.PRACTICE / "xa", COMMUNE),
        (tmp_path / "vault", marks.COMMUNE),
    ):
        with pytest.raises(vaults.PracticeApart):
            vaults.create(path, new(unit))
        assert not path.exists()


def test_requests_and_certificates_of_the_other_kind_are_refused_on_both_sides(
    make: Make, commune: Desk, province: Desk, tmp_path: Path
) -> None:
    real_commune, real_province = make("commune"), make("province")
    for asking, deciding in ((commune, real_province), (real_commune, province)):
        folder = _folder(tmp_path / f"stick-{asking.info.practice}")
        request, _words = exchange.write_request(asking, folder)
        with pytest.raises(PracticeMixed) as problem:
            exchange.read_request(deciding, request)
        assert "LUYEN-TAP" in str(problem.value)
        # The layer below refuses too, should somebody come by another way.
        inside = enrolment.read_request(request.read_bytes())
        device, at = deciding.info.device, deciding.context.moment
        with deciding.context.store.work() as work, pytest.raises(PracticeMixed):
            enrolment.certify(work.cursor, device, inside, at)
        assert deciding.ask(exchange.Links()) == () or deciding is province
    # Certificates: each commune gets the answer that was made for the other.
    folder = _folder(tmp_path / "answers")
    request, _words = exchange.write_request(real_commune, folder)
    answer = exchange.accept(real_province, exchange.read_request(real_province, request), folder)
    with pytest.raises(PracticeMixed):
        exchange.read_certificate(commune, answer)
    request, _words = exchange.write_request(commune, folder)
    mine = exchange.accept(province, exchange.read_request(province, request), folder)
    with pytest.raises(PracticeMixed):
        exchange.read_certificate(real_commune, mine)
    assert mine.name.startswith("LUYEN-TAP-")
    assert not answer.name.startswith("LUYEN-TAP-")


def test_bundles_of_the_other_kind_are_refused_on_both_sides(
    make: Make, commune: Desk, place: practice.Place, tmp_path: Path
) -> None:
    real, real_province = make("commune"), make("province")
    stick = _folder(tmp_path / "usb")
    request, _words = exchange.write_request(real, stick)
    answer = exchange.accept(real_province, exchange.read_request(real_province, request), stick)
    exchange.install(real, exchange.read_certificate(real, answer))
    take_in(real, "E2")
    commune.do(progress.StartLesson("che-do"))
    (theirs,) = exchange.export_bundles(real, stick)
    (ours,) = exchange.export_bundles(commune, place.stick)
    before = (real.ask(CountCases()), commune.ask(CountCases()))
    for desk, foreign, folder in (
        (real, Path(ours.path), place.stick),
        (real_province, Path(ours.path), place.stick),
        (commune, Path(theirs.path), stick),
    ):
        (report,) = exchange.import_bundles(desk, foreign)
        assert (report.outcome, report.code) == ("refused", "practice")
        (report,) = exchange.import_bundles(desk, folder)
        assert (report.outcome, report.code) == ("refused", "practice")
        # Under a name of the right kind it is refused by its keys.
        plain = foreign.name.removeprefix("LUYEN-TAP-")
        name = f"LUYEN-TAP-{plain}" if desk.info.practice else plain
        disguised = tmp_path / name
        disguised.write_bytes(foreign.read_bytes())
        (report,) = exchange.import_bundles(desk, disguised)
        assert report.outcome == "refused"
        disguised.unlink()
    assert (real.ask(CountCases()), commune.ask(CountCases())) == before
    assert {r.name for r in commune.ask(ListCases())} == {"Giàng Thị Mẫu"}


def test_a_stick_with_both_kinds_gives_each_desk_its_own(
    make: Make, commune: Desk, place: practice.Place, tmp_path: Path
) -> None:
    real, real_province = make("commune"), make("province")
    stick = place.stick
    request, _words = exchange.write_request(real, stick)
    answer = exchange.accept(real_province, exchange.read_request(real_province, request), stick)
    exchange.install(real, exchange.read_certificate(real, answer))
    take_in(real, "E2")
    commune.do(progress.StartLesson("che-do"))
    exchange.export_bundles(real, stick)
    exchange.export_bundles(commune, stick)
    assert [r.outcome for r in exchange.import_bundles(real_province, stick)] == ["applied"]
    assert practice.province_answers(place).taken_in == 1


def test_backups_are_marked_and_restored_only_among_their_own(
    make: Make, commune: Desk, place: practice.Place, tmp_path: Path
) -> None:
    second = _folder(tmp_path / "backups")
    copy = backup.backup(commune, second)
    assert copy.parent.name.startswith("LUYEN-TAP-")
    password = practice.password(place)
    target = tmp_path / "restored"
    with pytest.raises(vaults.PracticeApart):
        backup.restore(copy, target, practice.LOGIN, password)
    assert not target.exists()
    real = make("vault")
    real_copy = backup.backup(real, second)
    assert not real_copy.parent.name.startswith("LUYEN-TAP-")
    with pytest.raises(vaults.PracticeApart):
        backup.restore(real_copy, place.root / "that", "huong", PASSWORD)
    assert not (place.root / "that").exists()
    for path in (copy, real_copy):
        assert path.is_dir()


def test_an_old_register_may_be_practised_with(commune: Desk, tmp_path: Path) -> None:
    file = tmp_path / "sổ.csv"
    file.write_text(
        "Họ và tên;Giới tính;Ngày sinh;Nơi thường trú\n"
        "Nông Thị Tập;Nữ;05/3/1998;Xã Đồi Mẫu, tỉnh Ví Dụ\n",
        "utf-8-sig",
    )
    table = register.read(file)
    mapping = commune.ask(register.ProposeColumns(table))
    preview = register.look(commune, table, mapping)
    register.take_in(commune, table, mapping, preview)
    (row,) = commune.ask(ListCases())
    assert (row.name, row.unit) == ("Nông Thị Tập", marks.COMMUNE)
    (address,) = commune.ask(OpenCase(row.case_id)).of("address")
    assert address.get("unit") == marks.NEIGHBOUR


# --- marked ------------------------------------------------------------------------------------


def test_every_page_of_every_paper_is_marked(commune: Desk, make: Make) -> None:
    case_id = commune.do(progress.StartLesson("che-do")).case_id
    draft = _pages(commune.ask(PreviewPaper(case_id, RECORD)).pdf)
    issued = _pages(commune.do(IssuePaper(case_id, RECORD)).pdf)
    month = _pages(commune.do(IssueMonthlyList(NOW.year, NOW.month)).pdf)
    for page in (*draft, *issued, *month):
        assert marks.SENTENCE in page
    real = make()
    case_id, _person = take_in(real, "E2")["E2"]
    for page in _pages(real.do(IssuePaper(case_id, RECORD)).pdf):
        assert "LUYỆN TẬP" not in page


def test_a_saved_list_is_marked_by_name_and_in_each_line(commune: Desk, tmp_path: Path) -> None:
    commune.do(progress.StartLesson("che-do"))
    commune.do(progress.StartLesson("sang-loc"))
    assert register.save_list(commune, tmp_path / "list.csv") == 2
    (file,) = tmp_path.glob("*.csv")
    assert file.name == "LUYEN-TAP-list.csv"
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert rows[0][0] == marks.MARK
    assert [row[0] for row in rows[1:]] == [marks.SENTENCE] * 2


# --- lessons ------------------------------------------------------------------------------------


def test_lessons_are_for_practice_alone(make: Make) -> None:
    real = make()
    with pytest.raises(NotAllowed):
        real.do(progress.StartLesson("che-do"))
    assert real.ask(CountCases()) == 0


def test_what_was_practised_is_kept_in_the_practice_vault(place: practice.Place) -> None:
    desk = practice.open_commune(place)
    desk.do(progress.StartLesson("sang-loc"))
    desk.do(progress.SkipStep("sang-loc", "open"))
    # Another step than the present one is not passed over.
    desk.do(progress.SkipStep("sang-loc", "status"))
    desk.close()
    desk = practice.open_commune(place)
    found = desk.ask(progress.ReadProgress())
    assert found.present == "sang-loc"
    assert found.states["sang-loc"].skipped == ("open",)
    desk.close()


def test_a_page_of_another_case_ticks_nothing(commune: Desk) -> None:
    state = commune.do(progress.StartLesson("sang-loc"))
    other = commune.do(progress.StartLesson("che-do")).case_id
    shown = progress.Shown("case", "screening", other)
    assert commune.ask(progress.Judge("sang-loc", shown)) is None
    shown = replace(shown, case_id=state.case_id)
    found = commune.ask(progress.Judge("sang-loc", shown))
    assert found is not None
    assert found.done == ("open",)
    # Looking writes nothing.
    assert commune.ask(progress.ReadProgress()).states["sang-loc"].done == ()


def test_what_the_lesson_wrote_itself_ticks_nothing(commune: Desk) -> None:
    for lesson in lessons.lessons():
        commune.do(progress.StartLesson(lesson.id))
        for step in lesson.steps:
            if step.when.page:
                commune.do(progress.SkipStep(lesson.id, step.id))
                continue
            assert commune.ask(progress.Judge(lesson.id)) is None, (lesson.id, step.id)
            commune.do(progress.SkipStep(lesson.id, step.id))


GOOD = """\
id: bai
title: {vi: Bài, en: Lesson}
about: {vi: Bài, en: Lesson}
closing: {vi: Xong, en: Done}
steps:
  - id: one
    do: {vi: Làm, en: Do}
    hint: {vi: Gợi, en: Hint}
    where: {page: case}
    when: {record: visit, has: [at], is: {kind: [home]}}
"""


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("id: bai", "id: Bài", 1),
        ("title: {vi: Bài, en: Lesson}", "title: {vi: Bài}", 2),
        ("about: {vi", "abuot: {vi", 3),
        ("    where: {page: case}", "    where: {page: case, at: here}", 9),
        ("record: visit", "record: vist", 10),
        ("has: [at]", "has: [att]", 10),
        ("kind: [home]", "kind: [hom]", 10),
        ("kind: [home]", "kynd: [home]", 10),
        ("{record: visit, has: [at], is: {kind: [home]}}", "{}", 10),
        ("{record: visit, has: [at], is: {kind: [home]}}", "{page: case, sent: true}", 10),
        ("{record: visit, has: [at], is: {kind: [home]}}", "{page: case, has: [at]}", 10),
        ("{record: visit, has: [at], is: {kind: [home]}}", "{sent: false}", 10),
        ("{record: visit, has: [at], is: {kind: [home]}}", "{any: [{sent: true}], page: x}", 10),
        ("is: {kind: [home]}", "is: {form: [x]}", 10),
        ("record: visit, has: [at], is: {kind: [home]}", "record: paper, is: {form: [x/y]}", 10),
        ("steps:\n", "steps: []\nmore:\n", 7),
    ],
)
def test_a_wrong_lesson_is_refused_with_file_and_line(old: str, new: str, line: int) -> None:
    assert old in GOOD
    lessons.read(GOOD, "bai.yaml")
    with pytest.raises(lessons.LessonError) as problem:
        lessons.read(GOOD.replace(old, new), "bai.yaml")
    assert (problem.value.file, problem.value.line) == ("bai.yaml", line)
    assert f"{line}" in str(problem.value)


def test_two_steps_of_one_name_are_refused() -> None:
    again = GOOD[GOOD.index("  - id: one") :]
    with pytest.raises(lessons.LessonError) as problem:
        lessons.read(GOOD + again, "bai.yaml")
    assert problem.value.line == 11


def test_the_lessons_that_ship_are_right() -> None:
    found = lessons.lessons()
    assert 3 <= len(found) <= 5
    people = {one.person for one in found if one.person}
    text = lessons.people().read_text("utf-8")
    for person in people:
        assert f"id: {person}\n" in text
    for one in found:
        for step in one.steps:
            assert step.do.vi != step.do.en


def test_practice_has_no_hub(commune: Desk) -> None:
    with pytest.raises(hub.NoHubInPractice):
        commune.do(hub.SetHub("https://hub.langson.example"))
    with pytest.raises(hub.NoHubInPractice):
        hub.exchange(commune, address="https://hub.langson.example")
    assert commune.ask(hub.Hub()).address == ""

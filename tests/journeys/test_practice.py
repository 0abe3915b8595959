"""Practice, played with the real windows: every lesson to its end, and the way in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton

from journey import Officer, answer, press, until
from traffick_desk import i18n
from traffick_desk.services import lesson_progress, lessons, practice
from traffick_desk.services.lessons import Step

UNIT = "2025/06184"


class Learner(Officer):
    """An officer who practises."""

    def arrives(self) -> None:
        until(lambda: self.window is not None, "the practice desk")
        self._arrives()

    @property
    def panel(self):
        return self.window.panel

    def opens(self, lesson_id: str) -> None:
        """Begin a lesson from the list of lessons."""
        press(self.panel._start[lesson_id])
        until(lambda: self.panel.lesson and self.panel.lesson.id == lesson_id, "the lesson")
        self.settle()

    def is_at(self, step: Step) -> bool:
        return self.panel.step is not None and self.panel.step.id == step.id

    def does_nothing(self) -> None:
        """Look at the lesson for a while; what is shown is judged again."""
        for _turn in range(3):
            self.panel._judge()
            self.settle()

    @property
    def case_id(self) -> str:
        return self.panel.state.case_id


@pytest.fixture
def learner(qapp, tmp_path: Path) -> Iterator[Learner]:
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program
    from traffick_desk.vault.kdf import FLOOR

    language = i18n.language()
    program = Program(qapp, tmp_path / "vault", Preferences(tmp_path / "p.json"), kdf=FLOOR)
    program.practice.begin()
    one = Learner(program, "")
    one.arrives()
    yield one
    if one.window is not None:
        one.locks()
    program.close()
    program.deleteLater()
    qapp.processEvents()
    qapp.setStyleSheet("")
    i18n.set_language(language)


def _opens_intake(me: Learner, _files: Path) -> None:
    press(me.window.page.new_button)


def _types_a_name(me: Learner, _files: Path) -> None:
    form = me.window.page.section("identity").forms[0][1]
    answer(form.editor("name"), "Giàng Thị Thử")
    answer(form.editor("sex"), "female")


def _says_unknown(me: Learner, _files: Path) -> None:
    form = next(
        f for _p, f, _c in me.window.page.section("identity").forms if "interpreter" in f.names()
    )
    answer(form.editor("interpreter"), "unknown")


def _opens_the_case(me: Learner, _files: Path) -> None:
    page = me.window.page
    me._section(page, "reception", {"reception": {"from_body": "border_guard"}})
    press(page.save_button)
    until(lambda: me.window.page.name == "case", "the case")


def _saves_the_paper(me: Learner, files: Path) -> None:
    me.saves_paper(me.case_id, "noi-bo/bien-ban-tiep-nhan", files)


def _goes(section: str) -> Callable[[Learner, Path], None]:
    return lambda me, _files: me.go("case", case_id=me.case_id, section=section)


def _adds(section: str, record: str, **values: object) -> Callable[[Learner, Path], None]:
    def act(me: Learner, _files: Path) -> None:
        page = me.go("case", case_id=me.case_id)
        me.adds(page, section, record, values)

    return act


def _explains(me: Learner, _files: Path) -> None:
    me.explains(me.case_id, "a")


def _requests(me: Learner, _files: Path) -> None:
    me.window.back()
    me.asks_province(me.case_id, "a")


def _exports(me: Learner, _files: Path) -> None:
    me.carries(practice.beside(me.program.vault).stick, export=True)


def _lets_the_province_answer(me: Learner, _files: Path) -> None:
    assert me.panel.act_button.isVisible()
    press(me.panel.act_button)


def _imports(me: Learner, _files: Path) -> None:
    me.carries(practice.beside(me.program.vault).stick, export=False)


def _plans_the_next_visit(me: Learner, _files: Path) -> None:
    page = me.go("case", case_id=me.case_id)
    part = me._part(page, "follow_up", "visit")
    part.table.selectRow(0) if hasattr(part, "table") else None
    part.change()
    day = me.window.host.context.now().date() + timedelta(days=60)
    me._fill(part.form, {"next_on": day.isoformat()})
    me._submit(part)


def _answers_the_referral(me: Learner, _files: Path) -> None:
    page = me.go("case", case_id=me.case_id)
    part = me._part(page, "referrals", "referral")
    part.change()
    me._fill(part.form, {"answer": "accepted", "answered_on": "2026-11-22"})
    me._submit(part)


def _closes(me: Learner, _files: Path) -> None:
    me.closes(me.case_id, "reintegrated", "Đã có nghề, sống ổn định")


DAY = "2026-11-22"
PLAY: dict[str, dict[str, Callable[[Learner, Path], None]]] = {
    "tiep-nhan": {
        "open": _opens_intake,
        "name": _types_a_name,
        "unknown": _says_unknown,
        "reception": _opens_the_case,
        "print": _saves_the_paper,
    },
    "che-do": {
        "open": _goes("identity"),
        "why": _explains,
        "request": _requests,
        "export": _exports,
        "province": _lets_the_province_answer,
        "import": _imports,
        "read": _goes("support"),
    },
    "sang-loc": {
        "open": _goes("screening"),
        "screening": _adds("screening", "screening", alone="yes", m_papers="yes", p_labour="yes"),
        "inquiry": _adds("evidence", "inquiry", to_body="Công an tỉnh Ví Dụ", sent_on=DAY),
        "evidence": _adds("evidence", "evidence", source="rescuer", what="Lời kể"),
        "status": _adds("status", "status", status="victim", since=DAY, body="province_police"),
    },
    "tham-theo-doi": {
        "open": _goes("follow_up"),
        "visit": _adds(
            "follow_up", "visit", kind="home", safety="able", health="able", family="helped"
        ),
        "next": _plans_the_next_visit,
        "risk": _adds("protection", "risk", assessed_on=DAY, level="low"),
        "today": lambda me, _files: me.go("today"),
    },
    "chuyen-tuyen": {
        "consent": _adds("consent", "consent", given="yes", asked_on=DAY, scope=["services"]),
        "refer": _adds(
            "referrals", "referral", service="training", to_body="Trung tâm Ví Dụ", sent_on=DAY,
            shared=["name"],
        ),
        "answer": _answers_the_referral,
        "close": _closes,
    },
}  # fmt: skip


@pytest.mark.parametrize("lesson", lessons.lessons(), ids=lambda one: one.id)
def test_each_step_ticks_itself_and_none_by_doing_nothing(
    learner: Learner, tmp_path: Path, lesson: lessons.Lesson
) -> None:
    files = tmp_path / "papers"
    files.mkdir()
    learner.opens(lesson.id)
    for step in lesson.steps:
        assert learner.is_at(step), step.id
        learner.does_nothing()
        assert learner.is_at(step), f"{step.id} was ticked by doing nothing"
        learner.window.highlight.hide()
        learner.panel.show_where()
        learner.settle()
        if step.where.widget:
            until(learner.window.highlight.isVisible, f"{step.id}: the frame around what is meant")
        if step.when.page != step.where.page or step.when.shows:
            learner.does_nothing()
            assert learner.is_at(step), f"{step.id} was ticked by being shown where"
        if learner.is_at(step):
            PLAY[lesson.id][step.id](learner, files)
        until(lambda s=step: not learner.is_at(s), f"the step {step.id} to be ticked")
        learner.settle()
        assert step.id in learner.panel.state.done
    assert learner.panel.step is None
    assert learner.panel.do.text()
    found = learner.desk.ask(lesson_progress.ReadProgress())
    assert found.finished(lesson)
    for path in files.iterdir():
        assert path.name.startswith("LUYEN-TAP-")


def test_a_lesson_begun_anew_leaves_only_its_own_case_behind(learner: Learner) -> None:
    learner.opens("sang-loc")
    first = learner.case_id
    press(learner.panel.list_button)
    until(lambda: learner.panel.lesson is None, "the list")
    learner.opens("che-do")
    other = learner.case_id
    press(learner.panel.list_button)
    until(lambda: learner.panel.lesson is None, "the list")
    press(learner.panel._start["sang-loc"])
    until(lambda: learner.panel.lesson is not None, "the lesson")
    assert learner.case_id == first, "going back to a lesson begins nothing anew"
    press(learner.panel.skip_button)
    until(lambda: learner.panel.state.skipped == ("open",), "the step to be skipped")
    press(learner.panel.anew_button)
    until(lambda: learner.case_id != first, "the new case")
    assert learner.panel.state.skipped == ()
    from traffick_desk.services.queries import OpenCase

    assert learner.desk.ask(OpenCase(first)).row.stage == "closed"
    assert learner.desk.ask(OpenCase(other)).row.stage == "support"


def test_everything_is_marked(learner: Learner) -> None:
    window = learner.window
    assert window.windowTitle().startswith("LUYỆN TẬP – không phải dữ liệu thật")
    assert window.band.isVisible()
    assert window.band.words.text() == "LUYỆN TẬP – không phải dữ liệu thật"
    learner.go("settings")
    assert window.page.password.isHidden()


def test_after_a_lock_the_password_is_filled_in(learner: Learner) -> None:
    learner.window.lock()
    until(lambda: learner.program.unlock_window is not None, "the unlock window")
    unlock = learner.program.unlock_window
    assert unlock.band.isVisible()
    press(unlock.open_button)
    learner.arrives()
    assert learner.desk.info.practice


def test_practice_begun_anew_is_empty_after_one_question(learner: Learner) -> None:
    learner.opens("che-do")
    before = learner.desk.info.vault_id
    learner.window.ask_anew()
    until(lambda: learner.window is not None and learner.desk.info.vault_id != before, "anew")
    learner.arrives()
    assert learner.desk.ask(lesson_progress.ReadProgress()).states == {}


def test_the_way_to_the_real_desk_and_back(learner: Learner) -> None:
    learner.window.real_wanted.emit()
    until(lambda: learner.program.wizard is not None, "the first run")
    assert learner.window is None
    learner.program.wizard.practise_wanted.emit()
    learner.arrives()
    assert learner.desk.info.practice
    learner.window.real_wanted.emit()
    until(lambda: learner.program.wizard is not None, "the first run")
    learner.password = "ruộng bậc thang mùa lúa chín"
    learner.begins(profile="commune", unit=UNIT, name="Nguyễn Thị Hương")
    assert not learner.desk.info.practice
    learner.window.practice_wanted.emit()
    until(lambda: learner.window is not None and learner.desk.info.practice, "practice again")
    learner.arrives()
    assert learner.program.unlock_window is None
    # And from the unlock window of the real desk, which stays locked.
    learner.window.real_wanted.emit()
    until(lambda: learner.program.unlock_window is not None, "the real unlock window")
    assert not learner.program.practice.on
    press(learner.program.unlock_window.findChild(QAbstractButton, "practise"))
    learner.arrives()
    assert learner.desk.info.practice


def test_damaged_practice_is_begun_anew_after_a_question(learner: Learner) -> None:
    place = practice.beside(learner.program.vault)
    learner.window.lock()
    until(lambda: learner.program.unlock_window is not None, "the unlock window")
    (place.commune / "vault.db").write_bytes(b"nothing of the kind" * 500)
    learner.program.practice.begin()
    start = learner.program.practice.start
    until(start.anew_button.isVisible, "the question")
    assert not start.again_button.isVisible()
    press(start.anew_button)
    learner.arrives()
    assert learner.desk.info.practice


def test_a_vault_of_practice_named_by_hand_is_opened_as_practice(
    learner: Learner, qapp, tmp_path: Path
) -> None:
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program

    place = practice.beside(learner.program.vault)
    learner.window.lock()
    until(lambda: learner.program.unlock_window is not None, "the lock")
    other = Program(qapp, place.commune, Preferences(tmp_path / "q.json"))
    assert other.practice.on
    assert other.vault == learner.program.vault
    other.start()
    until(lambda: other.window is not None, "practice")
    assert other.window.band.isVisible()
    other.close()
    until(lambda: other.window is None, "the lock")
    other.deleteLater()


def test_the_sheet_with_a_recovery_code_is_marked_too(learner: Learner) -> None:
    import pdfplumber

    from traffick_desk.desk.recovery_sheet import sheet

    with pdfplumber.open(BytesIO(sheet(learner.desk, "AAAA – BBBB"))) as pdf:
        assert all("LUYỆN TẬP" in page.extract_text() for page in pdf.pages)


def test_another_language_keeps_practice_and_its_marks(learner: Learner) -> None:
    learner.opens("che-do")
    before = learner.window
    before.language_wanted.emit("en")
    until(lambda: learner.window is not before, "the window anew")
    learner.settle()
    assert learner.window.windowTitle().startswith("PRACTICE – not real data")
    until(lambda: learner.panel.lesson is not None, "the lesson")
    assert learner.panel.lesson.id == "che-do"
    assert "name" in learner.panel.do.text()


def test_a_full_disk_is_said_and_tried_again(
    qapp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from traffick_desk.desk.preferences import Preferences
    from traffick_desk.desk.program import Program
    from traffick_desk.vault.kdf import FLOOR

    def full(*_arguments: object, **_more: object) -> None:
        raise practice.PracticeNotMade("No space left on device")

    program = Program(qapp, tmp_path / "vault", Preferences(tmp_path / "p.json"), kdf=FLOOR)
    with monkeypatch.context() as patched:
        patched.setattr(practice, "make", full)
        program.practice.begin()
        start = program.practice.start
        until(start.again_button.isVisible, "the words")
        assert "No space left on device" in start.text.text()
        assert not start.anew_button.isVisible()
    press(start.again_button)
    one = Learner(program, "")
    one.arrives()
    assert one.desk.info.practice
    one.locks()
    program.deleteLater()
    qapp.processEvents()
    qapp.setStyleSheet("")


def test_practice_waits_while_a_real_vault_is_being_opened(learner: Learner) -> None:
    learner.window.real_wanted.emit()
    until(lambda: learner.program.wizard is not None, "the first run")
    wizard, asked = learner.program.wizard, []
    wizard.practise_wanted.disconnect()
    wizard.practise_wanted.connect(lambda: asked.append(1))
    wizard.next_button.setEnabled(False)
    press(wizard.practise_button)
    assert asked == []
    wizard.next_button.setEnabled(True)
    press(wizard.practise_button)
    assert asked == [1]

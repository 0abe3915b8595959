"""The journey as officers live it, played with the real windows.

An :class:`Officer` sits before one vault and does what a person does: types,
clicks, waits until the desk answers. The run without a screen and the journey
tests use the same officer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE = 30.0
# Fields of a person whom the intake does not ask; the case page does.
_LATER = ("poor_household",)
# What follows a reception: section of the case, type of its records.
_CARE = (
    ("screening", "screening"),
    ("evidence", "evidence"),
    ("protection", "risk"),
    ("protection", "contact"),
    ("needs", "need"),
    ("needs", "plan_item"),
    ("referrals", "referral"),
    ("follow_up", "visit"),
    ("follow_up", "enrolment"),
)
_FRAME = ("stage", "closed_on", "closed_reason")


class Answering:
    """Answers the questions of the desk as the officer would."""

    def __init__(self) -> None:
        self.place = Path()
        self.questions: list[str] = []

    def confirm(
        self, title: str, _text: str, _verb: str, then: Callable[[], object], **_more: object
    ) -> None:
        """Say yes."""
        self.questions.append(title)
        then()

    def folder(self, _title: str, then: Callable[[Path], object]) -> None:
        """Choose :attr:`place`."""
        then(self.place)

    def open_file(self, _title: str, _kinds: str, then: Callable[[Path], object]) -> None:
        """Choose :attr:`place`."""
        then(self.place)

    def save_file(
        self, _title: str, name: str, _kinds: str, then: Callable[[Path], object]
    ) -> None:
        """Save into :attr:`place`."""
        then(self.place / name)


def until(ready: Callable[[], object], what: str) -> None:
    """Let the program run until *ready*.

    Raises:
        TimeoutError: it never became so.
    """
    end = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(what)
        # Not QTest.qWait: it keeps the interpreter locked while it waits, and threads need it.
        loop = QEventLoop()
        QTimer.singleShot(2, loop.quit)
        loop.exec()


def type_into(widget: QWidget, text: str) -> None:
    """Type *text* over what is there, as a Vietnamese input method does: whole words come in."""
    widget.setFocus()
    if hasattr(widget, "selectAll"):
        widget.selectAll()
        QTest.keyClick(widget, Qt.Key.Key_Delete)
    commit(widget, text)


def commit(widget: QWidget, text: str) -> None:
    """Let *text* come in as a Vietnamese input method gives it."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def press(button: Any) -> None:
    """Click a button that can be clicked."""
    if not button.isEnabled():
        raise AssertionError(f"{button.objectName()} cannot be pressed")
    button.click()


def day(value: str) -> str:
    """A stored date as officers type it."""
    return "/".join(reversed(value.split("-")))


def answer(editor: Any, value: Any) -> None:
    """Give *value* (as it is stored) to an editor by keyboard or click."""
    kind = str(editor.field.kind)
    if kind in ("code", "answer"):
        _choose(editor, value)
    elif kind == "codes":
        # What is proposed already is taken away by a second click.
        for code in sorted({*value} ^ {*(editor.value() or ())}):
            _choose(editor, code)
    elif kind == "unit":
        _look_up(editor.lookup if hasattr(editor, "lookup") else editor.focusProxy(), value)
    elif kind == "moment":
        on, at = value[:16].split("T")
        type_into(editor.day, day(on))
        type_into(editor.clock, at)
    elif kind == "partial_date":
        text = day(value.removesuffix("~"))
        type_into(editor.focusProxy(), f"khoảng {text}" if value.endswith("~") else text)
    elif kind == "date":
        type_into(editor.focusProxy(), day(value))
    elif kind == "ref":
        editor.set_value(value)
        editor.edited.emit()
    else:
        type_into(editor.focusProxy(), str(value))
    editor.tidy()
    if editor.value() != (sorted(value) if kind == "codes" else value):
        raise AssertionError(f"{editor.field.name}: {editor.value()!r}, not {value!r}")


def _choose(editor: Any, code: str) -> None:
    row = getattr(editor, "row", None)
    if row is not None:
        made = next(b for b in row.buttons() if b.objectName() == f"{editor.field.name}_{code}")
        press(made)
    elif getattr(editor, "combo", None) is not None:
        combo = editor.combo
        combo.setCurrentIndex(combo.findData(code))
        combo.activated.emit(combo.currentIndex())
    else:
        _look_up(editor.lookup, code)


def _look_up(lookup: Any, value: str) -> None:
    type_into(lookup, lookup._source.label(value))  # noqa: SLF001 - reads the label it shows
    lookup.settle()
    lookup._completer.popup().hide()  # noqa: SLF001


class Officer:
    """One person before one desk.

    Args:
        program: ``desk.program.Program`` of this desk.
        password: hers.
        look: called with a name whenever there is something to see.
    """

    def __init__(
        self,
        program: Any,
        password: str,
        look: Callable[[QWidget, str], object] = lambda _window, _name: None,
    ) -> None:
        self.program, self.password, self._look = program, password, look
        self.answers = Answering()

    # -- the desk ------------------------------------------------------------------------------

    @property
    def window(self) -> Any:
        """The window of the unlocked desk."""
        return self.program.window

    @property
    def desk(self) -> Any:
        """The services behind the window."""
        return self.window.host.desk

    def settle(self) -> None:
        """Wait until no work is left and everything is drawn."""
        jobs = self.window.host.jobs
        for _turn in range(4):
            QApplication.processEvents()
            until(lambda: jobs.running == 0, "the work to end")

    def sees(self, name: str) -> None:
        """Look at the screen."""
        self.settle()
        self._look(self.window, name)

    def go(self, page: str, **arguments: Any) -> Any:
        """Go to a page of the desk."""
        self.window.go(page, **arguments)
        self.settle()
        return self.window.page

    def begins(self, *, profile: str, unit: str, name: str, backup: Path | None = None) -> None:
        """Go through the first run."""
        self.program.start()
        wizard = self.program.wizard
        until(wizard.isVisible, "the first run")
        self._look(wizard, "first-run-language")
        press(wizard.next_button)
        step = wizard.steps[1]
        press(next(b for b in step.profile.buttons() if b.objectName().endswith(profile)))
        _look_up(step.unit, unit)
        self._look(wizard, "first-run-unit")
        press(wizard.next_button)
        step = wizard.steps[2]
        type_into(step.name, name)
        step.name.editingFinished.emit()
        for line in (step.new.first, step.new.second):
            type_into(line.input, self.password)
        until(step.new.ready, "a good password")
        self._look(wizard, "first-run-officer")
        press(wizard.next_button)
        until(lambda: wizard.number == 3, "the vault")
        step = wizard.steps[3]
        groups = step.shown.text().split(" – ")
        self._look(wizard, "first-run-recovery-code")
        for line, number in zip(step.inputs, step.asked(), strict=True):
            type_into(line, groups[number].lower())
        press(wizard.next_button)
        until(lambda: wizard.number == 4, "the last step")
        if backup is not None:
            self.answers.place = backup
            wizard.steps[4]._dialogs = self.answers  # noqa: SLF001
            wizard.steps[4]._choose()  # noqa: SLF001
        self._look(wizard, "first-run-backup")
        press(wizard.next_button)
        self._arrives()

    def unlocks(self) -> None:
        """Open the vault with the password."""
        self.program.start()
        window = self.program.unlock_window
        type_into(window.password.input, self.password)
        self._look(window, "unlock")
        press(window.open_button)
        self._arrives()

    def _arrives(self) -> None:
        until(lambda: self.window is not None, "the desk")
        self.window.showNormal()
        self.window.resize(1366, 768)
        self.window.host.dialogs = self.answers
        self.settle()

    def locks(self) -> None:
        """Leave the desk."""
        self.program.close()
        until(lambda: self.window is None, "the lock")

    # -- a case --------------------------------------------------------------------------------

    def receives(
        self, entry: Mapping[str, Any], look: str = "", *, with_case: str = "", relation: str = ""
    ) -> str:
        """Take in one person of the demonstration file through the intake; the case id.

        *with_case* is that of somebody received together, *relation* what the person is to her.
        """
        page = self.go("intake", with_case=with_case)
        self.settle()
        if relation:
            answer(page.group.form.editor("relation"), relation)
        person, later = _split(entry["person"], _LATER)
        self._section(page, "identity", {"person": person})
        if "address" in entry:
            self._rows(page, "papers", "address", _many(entry["address"]))
        self._rows(page, "minors", "minor", entry.get("minors", ()))
        if look:
            page.list.choose("identity")
            self.sees(f"{look}-identity")
        case = {
            n: v for n, v in entry.get("case", {}).items() if n in ("return_form", "group_name")
        }
        self._section(page, "reception", {"case": case, "reception": entry.get("reception", {})})
        self._rows(page, "reception", "given_item", entry.get("given", ()))
        if look:
            self.sees(f"{look}-reception")
        self._section(page, "consent", {"consent": entry.get("consent", {})})
        statuses = list(entry.get("status", ()))
        self._section(page, "status", {"status": statuses[0] if statuses else {}})
        if look:
            self.sees(f"{look}-status")
        self.settle()
        press(page.save_button)
        until(lambda: self.window.page.name == "case", "the case")
        self.settle()
        case_id = self.window.page.case.row.case_id
        self._complete(case_id, entry, later, statuses[1:])
        return case_id

    def _complete(
        self, case_id: str, entry: Mapping[str, Any], later: Mapping[str, Any], statuses: Any
    ) -> None:
        page = self.go("case", case_id=case_id)
        if later:
            self._changes(page, "identity", "person", later)
        frame = {n: v for n, v in entry.get("case", {}).items() if n in _FRAME}
        for section, record, rows in (
            ("status", "status", statuses),
            ("status", "whereabouts", entry.get("whereabouts", ())),
            ("stays", "stay", entry.get("stay", ())),
            ("stays", "journey_home", _many(entry.get("journey", ()))),
            ("steps", "step", entry.get("steps", ())),
            *((section, record, entry.get(record, ())) for section, record in _CARE),
        ):
            for row in rows:
                self.adds(page, section, record, row)
        if frame.get("stage") == "closed":
            reason, on = frame.get("closed_reason", "Đã xong"), _plain(frame.get("closed_on", ""))
            self.closes(case_id, "other", reason, on)
        elif frame.get("stage"):
            self.moves(case_id, frame["stage"], "Theo hồ sơ cũ")

    def moves(self, case_id: str, stage: str, reason: str = "") -> None:
        """Put the case into another stage, with the reason where one is asked for."""
        page = self.go("case", case_id=case_id)
        if page.case.row.stage == stage:
            return
        press(page.findChild(QWidget, f"stage_{stage}"))
        self.settle()
        part = page.stack.section("frame")
        if not part.form.box("stage_reason").isHidden():
            answer(part.form.editor("stage_reason"), reason)
        self._stage(part)

    def closes(self, case_id: str, code: str, words: str, on: str = "") -> None:
        """Close the case, with the kind of closing and words."""
        page = self.go("case", case_id=case_id)
        press(page.findChild(QWidget, "stage_closed"))
        self.settle()
        part = page.stack.section("frame")
        self._fill(part.form, {"closed_code": code, "closed_reason": words})
        if on:
            answer(part.form.editor("closed_on"), on)
        self._stage(part)

    def _stage(self, part: Any) -> None:
        press(part.do_button)
        until(lambda: part.form is None, "the stage")
        self.settle()

    def _changes(self, page: Any, section: str, record: str, values: Mapping[str, Any]) -> None:
        part = self._part(page, section, record)
        part.change()
        self._fill(part.form, values)
        self._submit(part)

    def adds(self, page: Any, section: str, record: str, values: Mapping[str, Any]) -> None:
        """Add one record on the case page."""
        part = self._part(page, section, record)
        part.add()
        self._fill(part.form, values)
        self._submit(part)

    def _part(self, page: Any, section: str, record: str) -> Any:
        page.list.choose(section)
        self.settle()
        return page.stack.section(section).parts[record][1]

    def _submit(self, part: Any) -> None:
        part.submit()
        until(lambda: not part.is_open(), "the save")
        self.settle()

    def _section(self, page: Any, name: str, records: Mapping[str, Mapping[str, Any]]) -> None:
        page.list.choose(name)
        QApplication.processEvents()
        for record, values in records.items():
            left = dict(values)
            for plan, form, _conditions in page.sections[name].forms:
                if plan.record == record:
                    mine = {n: left.pop(n) for n in list(left) if n in form.names()}
                    self._fill(form, mine)
            if left:
                raise AssertionError(f"the intake does not ask: {record} {sorted(left)}")

    def _fill(self, form: Any, values: Mapping[str, Any]) -> None:
        # Choices first: they make other fields appear.
        order = sorted(values, key=lambda n: (form.names().index(n),))
        for name in order:
            value = _plain(values[name])
            if form.editor(name).value() != value and value not in (None, [], ""):
                answer(form.editor(name), value)

    def _rows(self, page: Any, section: str, name: str, rows: Iterable[Any]) -> None:
        page.list.choose(section)
        QApplication.processEvents()
        part = next(
            p for plan, p in page.sections[section].lists if (plan.name or plan.record) == name
        )
        for row in rows:
            part.add()
            self._fill(part.form, row)
            part.submit()
            if part.is_open():
                raise AssertionError(f"{name} was not taken: {part.form.problems()}")

    # -- what the law gives, papers, province ----------------------------------------------------

    def asks_province(self, case_id: str, letter: str) -> None:
        """Request a support regime for the main person."""
        page = self.go("case", case_id=case_id)
        self._choose_regime(page, letter)
        press(page.regimes.request)
        self.settle()

    def explains(self, case_id: str, letter: str) -> None:
        """Open *Why?* of a regime."""
        page = self.go("case", case_id=case_id)
        self._choose_regime(page, letter)
        press(page.regimes.why)
        self.settle()

    def _choose_regime(self, page: Any, letter: str) -> None:
        view = page.regimes.list
        until(lambda: view.model().rowCount() > 0, "the regimes")
        for row in range(view.model().rowCount()):
            index = view.model().index(row, 0)
            if str(index.data()).startswith(f"{letter})"):
                view.setCurrentIndex(index)
        QApplication.processEvents()

    def saves_paper(self, case_id: str, form: str, folder: Path) -> Path:
        """Save a paper as a file, after the warning; its path."""
        page = self.go("paper", case_id=case_id, form=form)
        self.answers.place = folder
        before = set(folder.iterdir())
        until(page.save_button.isEnabled, "the preview")
        press(page.save_button)
        until(lambda: set(folder.iterdir()) - before, "the file")
        self.settle()
        return (set(folder.iterdir()) - before).pop()

    def carries(self, stick: Path, *, export: bool) -> None:
        """Export to a stick, or import from it, on the page Sync."""
        page = self.go("sync")
        page.picker.select(stick)
        self.settle()
        press(page.export_button if export else page.import_button)
        until(lambda: page._job is None, "the stick")  # noqa: SLF001
        self.settle()

    def decides(self, case_id: str, entitlement: str, *, reason: str = "") -> None:
        """Province: approve a request, or return it with a reason."""
        page = self.go("case", case_id=case_id, entitlement=entitlement)
        panel = page.findChild(QWidget, "decide")
        until(lambda: panel is not None and panel.isVisible(), "the request")
        if reason:
            type_into(panel.form.editor("reason").focusProxy(), reason)
            press(panel.return_button)
        else:
            press(panel.approve_button)
        self.settle()


def link(commune: Officer, province: Officer, stick: Path) -> None:
    """Enrol the commune's desk; both officers compare the words over the telephone."""
    page = commune.go("sync")
    page.picker.select(stick)
    commune.settle()
    press(page.link.write)
    commune.settle()
    commune.sees("link-words")
    page = province.go("sync")
    page.picker.select(stick)
    province.settle()
    press(page.link.find)
    province.settle()
    province.sees("link-compare")
    page.link.compare.same.emit()
    province.settle()
    page = commune.go("sync")
    press(page.link.read)
    commune.settle()
    page.link.compare.same.emit()
    commune.settle()


def entry_of(arrival: Any) -> dict[str, Any]:
    """The people of a fixture as an officer enters them: field values by section."""
    hidden = ("case", "person", "role", "accompanies")
    entry: dict[str, Any] = {"minors": []}
    names = {"given_item": "given", "step": "steps", "journey_home": "journey"}
    for edit in arrival.edits:
        values = {n: v for n, v in edit.values.items() if n not in hidden}
        if edit.type == "person":
            if edit.values.get("role") == "main":
                entry["person"] = values
            else:
                entry["minors"].append(values)
        elif edit.type in ("case", "reception", "consent"):
            entry[edit.type] = values
        else:
            entry.setdefault(names.get(edit.type, edit.type), []).append(values)
    return entry


def _split(
    values: Mapping[str, Any], names: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    later = {n: v for n, v in values.items() if n in names}
    return {n: v for n, v in values.items() if n not in later}, later


def _many(value: Any) -> list[Any]:
    return [value] if isinstance(value, Mapping) else list(value)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value

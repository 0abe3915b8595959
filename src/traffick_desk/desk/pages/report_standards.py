"""Files of standards from the window: HTCDS out, checked and in, research file, draft of IC-TIP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.report_scope import ScopeBar
from traffick_desk.desk.pages.reports import ReportsPage
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.practice import file_path
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.reports.standards.files import FORMATS, Sheet
from traffick_desk.reports.standards.validate import Problem, valid
from traffick_desk.services.ictip import ExportIctip
from traffick_desk.services.roles import CASE_READ, CASE_WRITE, RULES, may
from traffick_desk.services.standards import (
    DE_IDENTIFIED,
    IDENTIFYING,
    RESEARCH,
    Check,
    Exported,
    ExportStandard,
    TakenIn,
    left_out_words,
    read,
    take_in,
)
from traffick_desk.services.statistics.release import LEAST, MOST, SetThreshold, Threshold
from traffick_desk.services.whole_file import write_whole

ICTIP = "ictip"
# What can be written: key, words, what it is.
KINDS = (
    (DE_IDENTIFIED, N_("HTCDS 2.0 without names"),
     N_("For statistics and research. Only who agreed to it; nobody stands out among the others.")),
    (IDENTIFYING, N_("HTCDS 2.0 with names"),
     N_("For one named receiver. Only who agreed to that use. The log keeps for whom it was.")),
    (RESEARCH, N_("Research file in the shape of CTDC"),
     N_("Only who agreed to research; k-anonymous, with the least number of this province.")),
    (ICTIP, N_("Counts by a draft of IC-TIP"),
     N_("A draft: it holds no official codes and conforms to nothing. Small figures are "
        "withheld, and what leaves is remembered.")),
)  # fmt: skip
_ENDINGS = "HTCDS (*.csv *.xlsx *.json)"
_MOST = 40


class StandardsPage(Page):
    """What leaves in the form of a standard, and what comes in so."""

    permission = CASE_READ
    name = "report_standards"
    label = N_("Files of standards (HTCDS, IC-TIP, CTDC)")
    icon = "export"
    in_navigation = False
    belongs_to = ReportsPage.name

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        role = host.desk.info.role
        self._sheet: Sheet | None = None
        self.may_take_in = may(role, CASE_WRITE)
        self._build_out()
        self._build_in()
        self._build_threshold()
        self.limit_card.setVisible(may(role, RULES))
        cards = kit.vbox(
            kit.label(self.title(), "title", name="standards_title"),
            self.out_card, self.in_card, self.limit_card, None, gap=16,
        )  # fmt: skip
        inner = kit.panel(cards)
        inner.setMaximumWidth(theme.current().px(960))
        self.set_body(kit.vbox(inner))
        self._kind_chosen()

    # -- building --------------------------------------------------------------------------

    def _build_out(self) -> None:
        self.kind = QuietCombo()
        self.kind.setObjectName("standard_kind")
        self.kind.setAccessibleName(_("Which file"))
        for key, words, _about in KINDS:
            self.kind.addItem(_(words), key)
        self.kind.activated.connect(lambda _row: self._kind_chosen())
        self.about = kit.label("", "muted", name="standard_about")
        self.scope = ScopeBar(self.host)
        # Within a card it would be cut: its own hint knows nothing of the style's padding.
        self.scope.setMinimumHeight(theme.current().control_height + theme.current().px(8))
        self.receiver = QLineEdit()
        self.receiver.setObjectName("standard_receiver")
        self.receiver.setMaxLength(200)
        self.receiver.textChanged.connect(lambda _text: self._enable())
        self.use = QuietCombo()
        self.use.setObjectName("standard_use")
        listed = SMALL_LISTS["consent_scope"]
        for code in listed.codes():
            self.use.addItem(listed.label(code), code)
        self.use.setCurrentIndex(max(self.use.findData("services"), 0))
        self._named = kit.panel(
            kit.vbox(
                self._labelled(_("Who receives it"), self.receiver), self.receiver,
                self._labelled(_("For which use; who did not agree to it is left out"), self.use),
                self.use,
            )
        )  # fmt: skip
        self.write_button = kit.button(
            _("&Write the file…"), "standard_write", self.ask_to_write, role="primary",
            icon="export",
        )  # fmt: skip
        self.written = kit.label("", name="standard_written")
        self.out_card = kit.card(
            kit.label(_("Write a file"), "heading"),
            self._labelled(_("Which file"), self.kind), self.kind, self.about,
            self._labelled(_("Received in, and where"), self.scope), self.scope, self._named,
            kit.vbox(kit.hbox(self.write_button, None), margins=(0, 8, 0, 0)), self.written,
            name="standard_out",
        )  # fmt: skip

    def _build_in(self) -> None:
        self.check_button = kit.button(
            _("&Check a file…"), "standard_check", self.choose, icon="check"
        )
        self.take_button = kit.button(
            _("Open a case for &each row"), "standard_take", self.ask_to_take, icon="import"
        )
        self.verdict = kit.label("", "label", name="standard_verdict")
        self.found = kit.label("", name="standard_found")
        note = _(
            "A file of another body in HTCDS 2.0 (.csv, .xlsx, .json) is checked first. Nothing "
            "is taken in before you say so, and nothing of a file that is not valid. Who is here "
            "already is left out."
        )
        self.in_card = kit.card(
            kit.label(_("Check a file, or take it in"), "heading"), kit.label(note, "muted"),
            kit.hbox(self.check_button, self.take_button, None), self.verdict, self.found,
            name="standard_in",
        )  # fmt: skip
        self.take_button.setVisible(self.may_take_in)
        self._show_problems(())

    def _build_threshold(self) -> None:
        self.limit = QLineEdit()
        self.limit.setObjectName("standard_limit")
        self.limit.setValidator(QIntValidator(LEAST, MOST, self.limit))
        self.limit.setFixedWidth(theme.current().px(72))
        self.limit_button = kit.button(
            _("&Set for the province"), "standard_limit_set", self.ask_to_limit
        )
        note = _(
            "Figures of persons from 1 to below this number are withheld from whatever leaves for "
            "people who may not see cases. The communes follow with the next bundle."
        )
        self.limit_card = kit.card(
            kit.label(_("Least number that is shown"), "heading"), kit.label(note, "muted"),
            self._labelled(_("Least number that is shown"), self.limit),
            kit.hbox(self.limit, self.limit_button, None), name="standard_limits",
        )  # fmt: skip

    @staticmethod
    def _labelled(text: str, widget: Any) -> Any:
        made = kit.label(text, "label")
        made.setBuddy(widget)
        widget.setAccessibleName(text)
        return made

    # -- coming ----------------------------------------------------------------------------

    def opened(self, **_more: Any) -> None:
        """Read the threshold."""
        self.written.setText("")
        self.written.hide()
        self.host.ask(Threshold(), lambda n: self.limit.setText(str(n)), owner=self)

    def _kind_chosen(self) -> None:
        key = self.kind.currentData()
        self.about.setText(next(_(about) for k, _words, about in KINDS if k == key))
        self._named.setVisible(key == IDENTIFYING)
        self._enable()

    def _enable(self) -> None:
        named = self.kind.currentData() == IDENTIFYING
        self.write_button.setEnabled(not named or bool(self.receiver.text().strip()))

    # -- out -------------------------------------------------------------------------------

    def ask_to_write(self) -> None:
        """Say what leaves, then ask where to."""
        named = self.kind.currentData() == IDENTIFYING
        text = (
            _(
                "The file holds names and everything that is told of each person, unlocked. "
                "Whoever has it can read it, and this program cannot take it back. The log keeps "
                "for whom it was."
            )
            if named
            else _(
                "The file holds no names. It stays outside the encrypted vault, and this program "
                "cannot take it back."
            )
        )
        self.host.dialogs.confirm(
            _("Save outside the encrypted vault?"), text, _("Save as a file"), self._where,
            danger=named,
        )  # fmt: skip

    def _where(self) -> None:
        key = self.kind.currentData()
        kinds = "CSV (*.csv)" if key == ICTIP else _ENDINGS
        self.host.dialogs.save_file(_("Save as a file"), f"{key}.csv", kinds, self.write)

    def write(self, path: Path) -> None:
        """Write the chosen file in a thread."""
        key, scope = self.kind.currentData(), self.scope.scope()
        ending = path.suffix.lower()
        allowed = {".csv"} if key == ICTIP else set(FORMATS)
        if ending not in allowed:
            path, ending = path.with_name(f"{path.name}.csv"), ".csv"
        target = file_path(path) if self.host.desk.info.practice else path
        desk, receiver, use = self.host.desk, self.receiver.text().strip(), self.use.currentData()
        named = key == IDENTIFYING

        def work() -> Exported | None:
            if key == ICTIP:
                write_whole(target, desk.do(ExportIctip(scope)))
                return None
            command = ExportStandard(
                key, ending, scope, receiver if named else "", use if named else "research"
            )
            made = desk.do(command)
            write_whole(target, made.content)
            return made

        self._run(work, lambda made: self._written(target, made), _("Writing the file…"))

    def _written(self, target: Path, made: Exported | None) -> None:
        lines = [_("Saved as {file}, outside the vault.").format(file=target.name)]
        if made is not None:
            text = ngettext("{n} person is in it.", "{n} persons are in it.", made.rows)
            lines.append(text.format(n=made.rows))
            for reason, count in made.left_out.items():
                text = ngettext("{n} person left out: {why}", "{n} persons left out: {why}", count)
                lines.append(text.format(n=count, why=left_out_words(reason)))
        self.written.setText("\n".join(lines))
        self.written.show()

    # -- in --------------------------------------------------------------------------------

    def choose(self) -> None:
        """Choose a file and check it."""
        self.host.dialogs.open_file(_("Which file?"), _ENDINGS, self.check)

    def check(self, path: Path) -> None:
        """Say what is not right with a file; nothing is taken in."""
        desk = self.host.desk
        self._sheet = None
        self._show_problems(())

        def work() -> tuple[Sheet, tuple[Problem, ...]]:
            sheet = read(path)
            return sheet, desk.ask(Check(sheet))

        self._run(work, self._checked, _("Checking the file…"), write=False)

    def _checked(self, both: tuple[Sheet, tuple[Problem, ...]]) -> None:
        sheet, problems = both
        good = valid(problems)
        self._sheet = sheet if good else None
        rows = ngettext("{n} row", "{n} rows", len(sheet.rows)).format(n=len(sheet.rows))
        verdict = _("Valid HTCDS 2.0") if good else _("Not valid HTCDS 2.0")
        self.verdict.setText(f"{verdict}: {rows}")
        kit.retone(self.verdict, "ok" if good else "late")
        self._show_problems(problems)

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        words = {"error": _("wrong"), "warning": _("doubtful")}
        lines = []
        for p in problems[:_MOST]:
            where = _("row {n}").format(n=p.row) if p.row else _("file")
            lines.append(f"{words[p.level]} · {where} · {p.text}")
        if len(problems) > _MOST:
            lines.append(_("… and {n} more").format(n=len(problems) - _MOST))
        self.found.setText("\n".join(lines))
        self.found.setVisible(bool(lines))
        self.take_button.setEnabled(self._sheet is not None)
        if self._sheet is None and not problems:
            self.verdict.setText("")

    def ask_to_take(self) -> None:
        """Ask before cases are opened."""
        sheet = self._sheet
        if sheet is None:
            return
        text = ngettext(
            "Up to {n} case is opened.", "Up to {n} cases are opened.", len(sheet.rows)
        ).format(n=len(sheet.rows))
        self.host.dialogs.confirm(
            _("Open a case for each row?"), text, _("Open the cases"), self.take
        )

    def take(self) -> None:
        """Open the cases, a few at a time, in a thread."""
        sheet, desk = self._sheet, self.host.desk
        if sheet is not None:
            self._run(lambda: take_in(desk, sheet), self._taken, _("Opening cases…"))

    def _taken(self, found: TakenIn) -> None:
        self._sheet = None
        opened = ngettext("{n} case opened", "{n} cases opened", len(found.opened))
        lines = [opened.format(n=len(found.opened))]
        if found.here:
            lines.append(_("Here already, left out: {n}").format(n=found.here))
        if found.nameless:
            lines.append(_("Without a name, left out: {n}").format(n=found.nameless))
        self._show_problems(())
        self.verdict.setText("\n".join(lines))
        kit.retone(self.verdict, "ok")

    # -- threshold -------------------------------------------------------------------------

    def ask_to_limit(self) -> None:
        """Ask before it holds for the province."""
        if not self.limit.hasAcceptableInput():
            words = _("Please give a number from {least} to {most}. Nothing was changed.")
            self.host.messages.warn(words.format(least=LEAST, most=MOST))
            self.limit.setFocus()
            return
        self.host.dialogs.confirm(
            _("Set the least number that is shown?"),
            _("It holds here at once and in the communes with the next bundle."),
            _("Set it"),
            lambda: self.host.do(SetThreshold(int(self.limit.text())), self._limited, owner=self),
        )

    def _limited(self, _record: str) -> None:
        self.host.messages.tell(_("The least number that is shown is set."))

    # -- work ------------------------------------------------------------------------------

    def _run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None],
        words: str,
        *,
        write: bool = True,
    ) -> None:
        def failed(problem: Exception) -> None:
            if isinstance(problem, OSError):
                text = _("The file could not be read or written: {reason}.")
                self.host.messages.fail(
                    text.format(reason=problem.strerror or problem),
                    _("Nothing is lost; please choose another place and try again."),
                )
            else:
                self.host.fail(problem)

        self.host.jobs.run(work, done=done, failed=failed, owner=self, words=words, write=write)

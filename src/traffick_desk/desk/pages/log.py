"""The log: who looked, changed, printed, exported, sent, unlocked; for who watches over it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from traffick_desk.desk import kit, parsing, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.editors.dates import DateEditor
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages.case_model import PagedModel
from traffick_desk.desk.tables import Column, ListTable
from traffick_desk.domain.practice import file_path
from traffick_desk.domain.spine import Field, Kind
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.log import (
    KINDS,
    ExportLog,
    LogFilter,
    LogLine,
    MayReadLog,
    ReadLog,
)
from traffick_desk.services.roles import CASE_WRITE, LOG_READ, may

PAUSE_MS = 300
_ICONS = {
    "looked": ("eye", "muted"),
    "changed": ("edit", "muted"),
    "printed": ("print", "muted"),
    "exported": ("export", "due"),
    "sent": ("sync", "muted"),
    "unlocked": ("lock", "muted"),
    "failed": ("warning", "late"),
}


class LogPageView(Page):
    """Lines of the log, filtered by officer, kind of act, case and days; and a file of it."""

    name = "log"
    label = N_("Log")
    icon = "eye"
    in_navigation = False
    navigation_roles = frozenset({"auditor"})
    belongs_to = "settings"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.filter = LogFilter()
        self._total = 0
        self._known: tuple[tuple[str, str], ...] = ()
        self.model = PagedModel(
            [
                Column("at", _("When"), self._when, "", 17),
                Column("officer", _("Officer"), lambda r: r.officer or "–", "", 22),
                Column("words", _("What was done"), lambda r: r.words, "", 42),
                Column("case", _("Case"), lambda r: ", ".join(r.cases[:3]), "", 18),
                Column("about", _("Concerning"), lambda r: r.about, "", 20),
            ],
            self._fetch,
            lambda: self._total,
            host.jobs,
            self,
            marks={"words": lambda r: _ICONS.get(r.kind)},
        )
        self.model.trouble.connect(host.fail)
        self.model.loaded.connect(self._came)
        empty = kit.empty_state(
            _("Nothing in the log fits."),
            _("Every act at this desk has a line here. Take a filter away, or widen the days."),
            "",
            icon="eye",
        )
        self.table = ListTable(self.model, "log", _("Log of this desk"), empty=empty)
        self.officer = _combo("log_officer", _("Officer"))
        self.officer.addItem(_("All officers"), "")
        self.kind = _combo("log_kind", _("Kind of act"))
        self.kind.addItem(_("All acts"), "")
        for code, words in KINDS.items():
            self.kind.addItem(_(words), code)
        self.case = QLineEdit()
        self.case.setObjectName("log_case")
        self.case.setAccessibleName(_("Case number"))
        self.case.setPlaceholderText(_("Case number"))
        self.case.setClearButtonEnabled(True)
        self.case.setMaxLength(40)
        self.since = self._day("log_since", N_("From day"))
        self.until = self._day("log_until", N_("To day"))
        self._wait = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._wait.timeout.connect(self.read)
        for combo in (self.officer, self.kind):
            combo.currentIndexChanged.connect(lambda _index: self.read())
        for day in (self.since, self.until):
            day.input.textChanged.connect(lambda _text: self._wait.start())
        self.case.textChanged.connect(lambda _text: self._wait.start())
        self.count = kit.label("", "muted", name="log_count", wrap=False)
        self.save_button = kit.button(
            _("Save as a file…"), "log_export", self.ask_where, icon="export"
        )
        head = kit.hbox(
            kit.label(self.title(), "title", wrap=False), self.count, None, self.save_button
        )
        fields = kit.panel(
            kit.buttons(
                _labelled(_("Officer"), self.officer),
                _labelled(_("Kind of act"), self.kind),
                _labelled(_("Case number"), self.case),
                _labelled(_("From day"), self.since),
                _labelled(_("To day"), self.until),
            )
        )
        hint = kit.label(
            _(
                "The log holds who did what and when, and numbers of cases; nothing of what is in "
                "them. Nobody can change it without being found out."
            ),
            "muted",
        )
        body = kit.vbox(head, hint, fields, self.table)
        body.setStretch(3, 1)
        self.set_body(body, scrolls=False)
        self.setFocusProxy(self.table)

    def _day(self, name: str, words: str) -> DateEditor:
        day = DateEditor(Field(name, Kind.DATE, words), self.host.context)
        day.input.setObjectName(name)
        return day

    @classmethod
    def open_to(cls, role: str) -> bool:
        """For who may read it; whoever writes cases does where nobody else has that task."""
        return may(role, LOG_READ) or may(role, CASE_WRITE)

    # -- reading -----------------------------------------------------------------------------

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Read again from the top."""
        self.read()

    def read(self) -> None:
        """Read with the filter that is set now."""
        self._wait.stop()
        self.filter = LogFilter(
            str(self.officer.currentData() or ""),
            str(self.kind.currentData() or ""),
            self.case.text().strip(),
            self.since.value() or "",
            self.until.value() or "",
        )
        self.model.set_source(self._fetch, lambda: self._total)

    def _fetch(self, _order: str, offset: int, limit: int) -> tuple[LogLine, ...]:
        # Runs in a thread; the total comes with the lines.
        page = self.host.desk.ask(ReadLog(self.filter, offset, limit))
        self._total = page.total
        self._known = page.officers
        return page.lines

    def _came(self, total: int) -> None:
        self.count.setText(ngettext("{n} line", "{n} lines", total).format(n=total))
        self.save_button.setEnabled(total > 0)
        known = self._known
        if self.officer.count() != len(known) + 1:
            chosen = self.officer.currentData()
            self.officer.blockSignals(True)
            self.officer.clear()
            self.officer.addItem(_("All officers"), "")
            for officer_id, name in known:
                self.officer.addItem(name, officer_id)
            self.officer.setCurrentIndex(max(0, self.officer.findData(chosen)))
            self.officer.blockSignals(False)

    @staticmethod
    def _when(row: LogLine) -> str:
        return parsing.show_moment(row.at)

    # -- a file --------------------------------------------------------------------------------

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        return [PageCommand(_("Save the log as a file"), self.ask_where, "export")]

    def ask_where(self) -> None:
        """Ask where the lines that are shown are to be saved."""
        self.host.dialogs.confirm(
            _("Save outside the encrypted vault?"),
            _(
                "The file tells who did what and when, and numbers of cases. It is not encrypted. "
                "That it was saved is written into the log."
            ),
            _("Save as a file"),
            lambda: self.host.dialogs.save_file(
                _("Save the log as a file"),
                self._marked(
                    Path(f"nhat-ky-{self.host.context.now().date().isoformat()}.csv")
                ).name,
                _("Spreadsheets (*.xlsx *.csv)"),
                self.save,
            ),
            danger=True,
        )

    def _marked(self, path: Path) -> Path:
        return file_path(path) if self.host.desk.info.practice else path

    def save(self, path: Path) -> None:
        """Write the lines that the filter lets through."""
        if path.suffix.lower() not in {".xlsx", ".csv"}:
            path = path.with_name(f"{path.name}.csv")
        path = self._marked(path)

        def done(count: int) -> None:
            text = ngettext(
                "{n} line was saved to {file}, outside the vault.",
                "{n} lines were saved to {file}, outside the vault.",
                count,
            )
            self.host.messages.tell(text.format(n=count, file=path.name))

        self.host.do(ExportLog(path, self.filter), done, owner=self)


class LogCard(QFrame):
    """In Settings: the way to the log, for who may read it."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("settings_log")
        self.setProperty("role", "card")
        self._host = host
        self.button = kit.button(
            _("&Read the log"), "settings_log_open", lambda: host.go("log"), icon="eye"
        )
        self.setLayout(
            kit.vbox(
                kit.label(_("Log"), "heading"),
                kit.label(
                    _("Who looked, changed, printed, sent and unlocked at this desk."), "muted"
                ),
                kit.hbox(self.button, None),
                margins=16,
                gap=12,
            )
        )
        self.hide()

    def load(self) -> None:
        """Show the way to who may go it."""
        self._host.ask(MayReadLog(), self.setVisible, owner=self)


def _combo(name: str, words: str) -> QuietCombo:
    combo = QuietCombo()
    combo.setObjectName(name)
    combo.setAccessibleName(words)
    combo.setMinimumWidth(theme.current().px(200))
    return combo


def _labelled(words: str, editor: QWidget) -> QWidget:
    label = kit.label(words, "label", wrap=False)
    label.setBuddy(editor)
    return kit.panel(kit.vbox(label, editor, gap=4))

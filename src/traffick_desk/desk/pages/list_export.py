"""*Save this list as a file*: which columns, a plain warning, then a table for a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QCheckBox

from traffick_desk.desk import icons, kit, parsing
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.domain.practice import file_path
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.queries import CountCases
from traffick_desk.services.register import DEFAULT, list_columns, save_list
from traffick_desk.services.roles import CASE_READ

KINDS = "Excel (*.xlsx);;CSV (*.csv)"


class ListExportPage(Page):
    """The cases that the list showed, with the columns that are chosen here."""

    name = "list_export"
    label = N_("Save the list as a file")
    icon = "export"
    permission = CASE_READ
    in_navigation = False
    belongs_to = "cases"

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._filter, self._order = CaseFilter(), "file_no"
        self._columns = list_columns(host.desk.context)
        self.boxes: dict[str, QCheckBox] = {}
        self.count = kit.label("", "muted", name="list_export_count")
        self.warning = kit.label("", name="list_export_warning")
        self.save_button = kit.button(
            _("&Save as a file…"), "list_export_save", self.ask, role="primary", icon="export"
        )
        usual = kit.button(_("&Usual columns"), "list_export_usual", self.usual, role="quiet")
        groups: dict[str, list[str]] = {}
        for key, column in self._columns.items():
            groups.setdefault(column.shown_group(), []).append(key)
        parts: list[Any] = []
        for title, keys in groups.items():
            parts += [kit.label(title, "group"), kit.panel(self._boxes(keys))]
        chosen = kit.vbox(*parts, None, margins=(0, 0, 12, 0), gap=8)
        scroll = kit.scroll(kit.panel(chosen), "list_export_scroll")
        body = kit.vbox(
            kit.hbox(kit.label(self.title(), "title", wrap=False), None, self.count),
            kit.label(
                _(
                    "Choose the columns. Those with a lock tell who somebody is; leave them out "
                    "unless who gets the file may know it."
                ),
                "muted",
            ),
            scroll,
            self.warning,
            kit.hbox(usual, None, self.save_button),
            gap=12,
        )
        body.setStretch(2, 1)
        self.set_body(body, scrolls=False)
        self.usual()

    def _boxes(self, keys: list[str]) -> kit.FlowLayout:
        flow = kit.FlowLayout(12)
        for key in keys:
            column = self._columns[key]
            text = column.shown_label().replace("&", "&&")
            box = QCheckBox(text)
            box.setObjectName(f"list_export_{key}")
            if column.identifying:
                box.setIcon(icons.icon("lock", "due", 16))
                box.setAccessibleName(_("{column} (tells who somebody is)").format(column=text))
            box.toggled.connect(lambda _on: self._judge())
            self.boxes[key] = box
            flow.addWidget(box)
        return flow

    # -- what is chosen --------------------------------------------------------------------

    def opened(self, wanted: Any = None, order: str = "", **_more: Any) -> None:
        """Show how many cases the list holds."""
        self._filter = wanted if isinstance(wanted, CaseFilter) else CaseFilter()
        self._order = order or "file_no"
        self.usual()
        self.host.ask(CountCases(self._filter), self._counted, owner=self)

    def _counted(self, count: int) -> None:
        text = ngettext("{n} case", "{n} cases", count)
        self.count.setText(text.format(n=parsing.show_integer(count)))

    def usual(self) -> None:
        """Only the columns that say nothing about who it is."""
        for key, box in self.boxes.items():
            box.setChecked(key in DEFAULT)
        self._judge()

    def keys(self) -> tuple[str, ...]:
        """The chosen columns in order."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())

    def _telling(self) -> list[str]:
        chosen = (self._columns[key] for key in self.keys())
        return [column.shown_label() for column in chosen if column.identifying]

    def _judge(self) -> None:
        telling = self._telling()
        text = _("The file is not encrypted: whoever has it can read it.")
        if telling:
            names = ", ".join(telling)
            text += " " + _("It will tell who somebody is: {names}.").format(names=names)
        self.warning.setText(text)
        kit.retone(self.warning, "late" if telling else "due")
        self.save_button.setEnabled(bool(self.keys()))

    # -- saving ----------------------------------------------------------------------------

    def ask(self) -> None:
        """Say plainly what leaves the vault, then ask where to."""
        keys, telling = self.keys(), self._telling()
        if not keys:
            return
        text = _(
            "Whoever can use this PC or the stick can read the file, and this program cannot take "
            "it back. That it was saved is written into the log."
        )
        if telling:
            names = ", ".join(telling)
            text += "\n\n" + _("It will tell who somebody is: {names}.").format(names=names)
        self.host.dialogs.confirm(
            _("Save outside the encrypted vault?"),
            text,
            _("Save with names") if telling else _("Save as a file"),
            lambda: self._where(keys),
            danger=True,
        )

    def _where(self, keys: tuple[str, ...]) -> None:
        day = self.host.context.now().date().isoformat()
        self.host.dialogs.save_file(
            _("Save the list as a file"),
            self._marked(Path(f"danh-sach-{day}.xlsx")).name,
            KINDS,
            lambda path: self.save(path, keys),
        )

    def _marked(self, path: Path) -> Path:
        return file_path(path) if self.host.desk.info.practice else path

    def save(self, path: Path, keys: tuple[str, ...]) -> None:
        """Write the file in a thread."""
        target = path
        if path.suffix.lower() not in {".xlsx", ".csv"}:
            target = path.with_name(f"{path.name}.xlsx")
        target = self._marked(target)
        desk, wanted, order = self.host.desk, self._filter, self._order

        def done(count: int) -> None:
            text = ngettext(
                "{n} case was saved to {file}, outside the vault.",
                "{n} cases were saved to {file}, outside the vault.",
                count,
            )
            self.host.messages.tell(
                text.format(n=parsing.show_integer(count), file=target.name),
                _("Delete the file when it is no longer needed."),
            )

        self.host.jobs.run(
            lambda job: save_list(desk, target, keys, wanted, order, job.report),
            done=done,
            failed=self.host.fail,
            owner=self,
            words=_("Saving…"),
            write=True,
            with_job=True,
        )

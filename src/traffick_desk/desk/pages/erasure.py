"""*Erasing data*: a demand is written down, looked through, ordered by another, and certified."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page
from traffick_desk.desk.pages.case_finder import CaseFinder
from traffick_desk.desk.pages.erasure_words import erased_line, preview_words, waiting_line
from traffick_desk.desk.pages.list_of_words import fit, words_list
from traffick_desk.desk.pages.printing import (
    NoPrinter,
    choose_printer,
    pages_as_images,
    print_images,
)
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _
from traffick_desk.services import erasing
from traffick_desk.services.closing import CLOSED
from traffick_desk.services.demands import GoesOn
from traffick_desk.services.erasure import (
    Erased,
    ErasureRequests,
    Erasures,
    PreviewErasure,
    RequestErasure,
    Waiting,
)
from traffick_desk.services.erasure_preview import Preview
from traffick_desk.services.paper_record import DEMAND
from traffick_desk.services.roles import CASE_READ, ERASE, may


class ErasurePage(Page):
    """Demands that wait, what they would take, and what was erased."""

    permission = CASE_READ
    name = "erasure"
    label = N_("Erasing data")
    icon = "document"
    in_navigation = False
    belongs_to = "settings"
    interests = frozenset({"erasures", "cases"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._waiting: tuple[Waiting, ...] = ()
        self._done: tuple[Erased, ...] = ()
        self._seen: Preview | None = None
        self._case = ""
        self._kept = ""
        self.choose_printer = choose_printer
        column = kit.vbox(
            kit.label(self.title(), "title"),
            kit.label(
                _(
                    "On lawful demand all that tells of a person is destroyed, at every desk that "
                    "has the case. It takes two people: one writes the demand down, the "
                    "province's lead orders it. It cannot be undone."
                ),
                "muted",
            ),
            kit.hbox(
                kit.button(
                    _("How long cases are kept, and holds…"),
                    "erasure_keeping",
                    lambda: self.host.go("keeping"),
                    role="quiet",
                ),
                None,
            ),
            self._demands(),
            self._new_demand(),
            self._erasures(),
            None,
            gap=16,
        )
        inner = kit.panel(column)
        inner.setMaximumWidth(theme.current().px(860))
        row = kit.hbox(inner, None)
        row.setStretch(0, 10)
        self.set_body(row)

    # -- the parts ---------------------------------------------------------------------------

    def _demands(self) -> QWidget:
        self.model, self.view = words_list(self, "erasure_waiting", _("Demands that wait"))
        self.view.selectionModel().currentChanged.connect(self._chosen)
        self.none = kit.label(_("No demand waits."), "muted", name="erasure_none")
        self.preview = kit.label("", name="erasure_preview")
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.against = kit.label("", tone="late", name="erasure_against")
        self.open_reason = QLineEdit()
        self.open_reason.setObjectName("erasure_open_reason")
        self.open_reason.setMaxLength(500)
        self.open_label = kit.label(
            _("The case is not closed. Why is it erased all the same?"), "label"
        )
        self.open_label.setBuddy(self.open_reason)
        self.open_reason.setAccessibleName(self.open_label.text())
        self.open_reason.textChanged.connect(self._enable)
        self.order_button = kit.button(
            _("Erase the data…"), "erasure_order", self.ask_order, role="danger"
        )
        self.paper_button = kit.button(
            _("Print the demand…"), "erasure_demand", self._print_demand, icon="print"
        )
        self.by_paper = kit.label("", "muted", name="erasure_by_paper")
        self.look_button = kit.button(
            _("Look at the case"), "erasure_open", self._open_case, role="quiet"
        )
        self.chosen = kit.panel(
            kit.vbox(
                self.preview,
                self.against,
                kit.vbox(self.open_label, self.open_reason, gap=4),
                self.by_paper,
                kit.buttons(self.order_button, self.paper_button, self.look_button),
                gap=12,
            )
        )
        return kit.card(
            kit.label(_("Demands that wait"), "heading"), self.none, self.view, self.chosen,
            name="erasure_demands", gap=12,
        )  # fmt: skip

    def _new_demand(self) -> QWidget:
        self.finder = CaseFinder(self.host, "erasure")
        self._form_place = kit.vbox()
        self.form = self._empty_form()
        self.ask_button = kit.button(
            _("Write the demand down"), "erasure_ask", self.ask_erasure, role="primary"
        )
        return kit.card(
            kit.label(_("A new demand"), "heading"),
            kit.label(_("Which case? Nothing is erased yet."), "muted"),
            self.finder,
            self._form_place,
            kit.hbox(self.ask_button, None),
            name="erasure_new",
            gap=12,
        )

    def _empty_form(self) -> RecordForm:
        kit.clear(self._form_place)
        form = RecordForm(
            REGISTRY["erasure_request"],
            {},
            context=self.host.context,
            fields=("ground", "paper_no", "reason"),
            required=("ground", "reason"),
            name="erasure_form",
            keys=False,
        )
        self._form_place.addWidget(form)
        return form

    def _erasures(self) -> QWidget:
        self.done_model, self.done_view = words_list(self, "erasure_done", _("What was erased"))
        self.done_none = kit.label(_("Nothing was erased."), "muted")
        self.done_view.selectionModel().currentChanged.connect(self._enable)
        self.print_button = kit.button(
            _("Print the certificate"), "erasure_print", self.print_certificate, icon="print"
        )
        return kit.card(
            kit.label(_("What was erased"), "heading"),
            self.done_none,
            self.done_view,
            kit.hbox(self.print_button, None),
            name="erasure_orders",
            gap=12,
        )

    # -- reading -----------------------------------------------------------------------------

    def opened(self, case_id: str = "", request: str = "", **arguments: Any) -> None:
        """Show what waits, *request* first; with a case, begin its demand."""
        self._kept = request
        self.view.setCurrentIndex(QModelIndex())
        super().opened(**arguments)
        if case_id:
            self._case = case_id
            self.host.ask(PreviewErasure(case_id), self._of_case, owner=self)

    def _of_case(self, seen: Preview) -> None:
        self.finder.search.setText(seen.file_no)
        self.form.editor("ground").setFocus()

    def refresh(self, changed: frozenset[str]) -> None:  # noqa: ARG002
        """Ask for demands and orders."""
        self.host.ask(ErasureRequests(), self._show_waiting, owner=self)
        self.host.ask(GoesOn(), self._show_way, owner=self)
        self.host.ask(Erasures(), self._show_done, owner=self)

    def _show_waiting(self, found: tuple[Waiting, ...]) -> None:
        row = self.view.currentIndex().row()
        self._kept = self._waiting[row].id if 0 <= row < len(self._waiting) else self._kept
        self._waiting = found
        self._seen = None
        self.model.setStringList([waiting_line(self.host, one) for one in found])
        fit(self.view, len(found))
        self.none.setVisible(not found)
        self.chosen.setVisible(bool(found))
        if found:
            kept = next((n for n, one in enumerate(found) if one.id == self._kept), 0)
            self.view.setCurrentIndex(self.model.index(kept))
        self._enable()

    def _show_way(self, words: str) -> None:
        self.by_paper.setText(words)
        self.by_paper.setVisible(bool(words))

    def _show_done(self, found: tuple[Erased, ...]) -> None:
        self._done = found
        self.done_model.setStringList([erased_line(self.host, one) for one in found])
        fit(self.done_view, len(found))
        self.done_none.setVisible(not found)
        if found:
            self.done_view.setCurrentIndex(self.done_model.index(0))
        self._enable()

    def _chosen(self, *_indexes: object) -> None:
        self._seen = None
        self.preview.setText(_("Looking what would be erased…"))
        self.against.hide()
        self._enable()
        if one := self._one():
            self.host.ask(PreviewErasure(one.case_id), self._previewed, owner=self)

    def _one(self) -> Waiting | None:
        row = self.view.currentIndex().row()
        return self._waiting[row] if 0 <= row < len(self._waiting) else None

    def _previewed(self, seen: Preview) -> None:
        one = self._one()
        if one is None or one.case_id != seen.case_id:
            return
        self._seen = seen
        self.preview.setText(preview_words(one, seen))
        held = "; ".join(h.body for h in seen.holds)
        self.against.setText(_("Held for {body}: it cannot be erased now.").format(body=held))
        self.against.setVisible(bool(held))
        self._enable()

    def _enable(self, *_args: object) -> None:
        seen = self._seen
        is_open = seen is not None and seen.stage != CLOSED and not seen.stage.startswith("tip")
        lead = may(self.host.desk.info.role, ERASE) and self.host.desk.info.profile == "province"
        self.open_label.setVisible(is_open and lead)
        self.open_reason.setVisible(is_open and lead)
        self.order_button.setVisible(lead)
        reasoned = not is_open or bool(self.open_reason.text().strip())
        self.order_button.setEnabled(bool(seen and not seen.holds and reasoned))
        self.print_button.setEnabled(self.done_view.currentIndex().isValid())

    def _open_case(self) -> None:
        if one := self._one():
            self.host.go("case", case_id=one.case_id)

    def _print_demand(self) -> None:
        if one := self._one():
            self.host.go("paper", case_id=one.case_id, form=DEMAND, record_id=one.id)

    # -- doing -------------------------------------------------------------------------------

    def ask_erasure(self) -> None:
        """Write the demand down."""
        case = self.finder.chosen()
        if not case or not self.form.check():
            return
        values = self.form.values()
        command = RequestErasure(
            case,
            str(values.get("ground") or ""),
            str(values.get("reason") or ""),
            str(values.get("paper_no") or ""),
        )

        def done(request: str) -> None:
            self._kept = request
            self.finder.clear()
            self.form = self._empty_form()
            self.host.messages.tell(
                _("The demand is written down; nothing is erased yet."),
                self.by_paper.text() or _("The province's lead orders it."),
            )

        self.host.do(command, done, owner=self)

    def ask_order(self) -> None:
        """Ask once more, then erase."""
        one, seen = self._one(), self._seen
        if one is None or seen is None:
            return
        self.host.dialogs.confirm(
            _("Erase the data of {file_no} for good?").format(file_no=seen.file_no),
            _(
                "Entries, documents, drafts and search are destroyed here at once, and at every "
                "other desk with its next bundle. Older backups in reach are replaced. Nobody "
                "can bring the data back."
            ),
            _("Erase for good"),
            lambda: self._order(one),
            danger=True,
        )

    def _order(self, one: Waiting) -> None:
        desk, reason = self.host.desk, self.open_reason.text()
        self.order_button.setEnabled(False)

        def done(proof: erasing.Proof) -> None:
            self.open_reason.clear()
            self.refresh(frozenset())
            self.host.messages.tell(_("The data was erased."), erasing.words_for(proof))

        def failed(problem: Exception) -> None:
            self._enable()
            self.host.fail(problem)

        self.host.jobs.run(
            lambda: erasing.erase(desk, one.id, reason), done=done, failed=failed, owner=self,
            write=True, words=_("Erasing, renewing backups, and searching what is left…"),
        )  # fmt: skip

    def print_certificate(self) -> None:
        """Print the certificate of the chosen order; it is drawn in memory."""
        row = self.done_view.currentIndex().row()
        if not 0 <= row < len(self._done):
            return
        query = erasing.ErasureCertificate(self._done[row].id)

        def drawn(pdf: bytes) -> None:
            try:
                self.choose_printer(
                    self.window(), lambda printer: print_images(printer, pages_as_images(pdf))
                )
            except NoPrinter as problem:
                self.host.fail(problem)

        self.host.ask(query, drawn, owner=self, words=_("Drawing the paper…"))

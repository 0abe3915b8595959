"""*Sync*: what was sent and received, exporting to a stick, importing from it, linking desks."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal

from traffick_desk.desk import kit, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.host import Host
from traffick_desk.desk.jobs import Job
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import sync_words as words
from traffick_desk.desk.pages.busy import BusyPanel
from traffick_desk.desk.pages.places import PlacePicker
from traffick_desk.desk.pages.scrolling import bring_into_view
from traffick_desk.desk.pages.sync_help import HelpCard
from traffick_desk.desk.pages.sync_hub import HubCard
from traffick_desk.desk.pages.sync_keys import KeysLine
from traffick_desk.desk.pages.sync_link import AcceptCard, LinkCard
from traffick_desk.desk.pages.sync_officers import RosterCard
from traffick_desk.desk.pages.sync_opened import OpenedCard
from traffick_desk.desk.pages.sync_reports import ReportCard
from traffick_desk.desk.pages.sync_trust import TrustCard
from traffick_desk.desk.pages.update_card import UpdateCard
from traffick_desk.desk.tables import Column, ListModel, ListTable
from traffick_desk.i18n import N_, _
from traffick_desk.services import exchange
from traffick_desk.services.opened import Opened
from traffick_desk.services.roles import ENROL, EXCHANGE, may

REPORT_EVERY_S = 0.05


def gently(job: Job) -> Callable[[int, int, str], None]:
    """Report progress at most twenty times a second: more would drown the window."""
    last = 0.0

    def report(done: int, total: int, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if job.cancelled or now - last >= REPORT_EVERY_S:
            last = now
            job.report(done, total, text)

    return report


class SyncPage(Page):
    """Carrying data between desks.

    Signals:
        carried: bundles were written and read back; Emits: when.
    """

    carried = Signal(object)

    name = "sync"
    label = N_("Sync")
    icon = "sync"
    permission = EXCHANGE
    interests = frozenset({"cases", "links", "officers"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._province = host.desk.info.profile == "province"
        self._links: tuple[exchange.LinkView, ...] | None = None
        self._job: Job | None = None
        self._linking = False
        self.picker = PlacePicker(host)
        self.report = ReportCard(self._open_cases, self._name_of)
        self.export_button = kit.button(
            _("Export answers") if self._province else _("Export to the stick"),
            "sync_export", self.export, role="primary", icon="export",
        )  # fmt: skip
        self.import_button = kit.button(
            _("Import from the stick"), "sync_import", self.import_, icon="import"
        )
        self.busy = BusyPanel("sync", self.stop)
        self.with_documents = QuietCombo()
        self.with_documents.setObjectName("sync_documents")
        self.with_documents.setAccessibleName(_("Documents"))
        for text, most in (
            (_("Send documents too"), exchange.ALL_DOCUMENTS),
            (_("At most 5 MB of documents this time"), 5_000_000),
            (_("No documents but those that were asked for"), 0),
        ):
            self.with_documents.addItem(text, most)
        self.with_documents.hide()
        self.carry_head = kit.label(_("Carry with a USB stick or folder"), "heading")
        self.carry_buttons = kit.panel(kit.hbox(self.export_button, self.import_button, None))
        self.carry = kit.card(
            self.carry_head,
            self.picker,
            self.with_documents,
            self.carry_buttons,
            self.busy,
            gap=12,
        )
        self.state = kit.card(name="sync_state", gap=8)
        self.hub = HubCard(host)
        self.hub.setVisible(not host.desk.info.practice)
        self.update_card = UpdateCard(host, self.picker)
        say = self.report.say
        link = AcceptCard(host, self.picker, say) if self._province else None
        self.link = link or LinkCard(host, self.picker, say)
        self.link.finished.connect(self._link_done)
        self.link_again = kit.button(
            _("Link a commune's PC…") if self._province else _("Link anew…"),
            "link_again", self._show_link, role="quiet",
        )  # fmt: skip
        self.opened_bundle = OpenedCard(self._import_opened)
        parts: list[Any] = [kit.label(self.title(), "title"), self.opened_bundle, self.report]
        if self._province:
            self.officers = RosterCard(host)
            parts += [self.hub, self.carry, self.update_card, self._communes(), self.officers]
        else:
            parts += [self.state, self.hub, self.carry, self.update_card]
        parts += [self.link, kit.hbox(self.link_again, None)]
        self.keys = None if self._province else KeysLine(host)
        if self.keys is not None:
            self.keys.hide()
            parts.append(self.keys)
        self.trust = TrustCard(host, self.picker, say) if self._province else None
        if self.trust is not None:
            self.trust.finished.connect(lambda: self.refresh(frozenset()))
            self.trust.setVisible(may(host.desk.info.role, ENROL))
            parts.append(self.trust)
        if self._province and not host.desk.info.practice:
            self.help = HelpCard(host, self.picker, say)
            parts.append(self.help)
        self.set_body(kit.vbox(*parts, None, gap=16))
        self.picker.changed.connect(self._enable)
        self._enable()

    def _communes(self) -> ListTable:
        self.communes = ListModel(
            [
                Column("unit", _("Commune"), self._commune, "", 34),
                Column("heard", _("Last heard"), words.heard, "", 18),
                Column("unsent", _("Not sent"), lambda r: str(r.unsent), "", 10, right=True),
                Column("carried", _("On the way"), lambda r: str(r.carried), "", 10, right=True),
                Column(
                    "waiting", _("Waiting"), lambda r: str(r.waiting), "", 9, right=True,
                    tone=lambda r: "due" if r.waiting else "",
                ),
                Column("confirmed", _("Last confirmed"), words.confirmed, "", 18),
            ],
            lambda _order, offset, limit: (self._links or ())[offset : offset + limit],
        )  # fmt: skip
        table = ListTable(
            self.communes,
            "communes",
            _("Linked communes"),
            empty=kit.empty_state(
                _("No commune is linked yet."),
                _("Let a commune bring its request on a stick, then accept it below."),
                icon="sync",
            ),
            preferences=self.host.preferences,
        )
        # Nothing to sort by: the query gives them by name.
        table.view.setSortingEnabled(False)
        self.table = table
        self._fit_table()
        return table

    def _fit_table(self) -> None:
        """As high as its rows, within bounds: the page scrolls, and so does a long list."""
        rows = min(10, len(self._links or ()))
        look = theme.current()
        self.table.setFixedHeight(look.px(52 + 40 * rows) if rows else look.px(260))

    def _commune(self, link: exchange.LinkView) -> str:
        text = self._place_of(link)
        return _("{desk} (withdrawn)").format(desk=text) if link.revoked else text

    def _place_of(self, link: exchange.LinkView) -> str:
        units = getattr(getattr(self.host.desk, "context", None), "units", None)
        known = units is not None and link.unit in units
        name = units.title(units.get(link.unit)) if known else link.unit
        return f"{name} · {link.label}" if link.label else name

    def _name_of(self, device: str, label: str) -> str:
        link = next((found for found in self._links or () if found.device == device), None)
        return self._place_of(link) if link is not None else label or device

    # -- reading ---------------------------------------------------------------------------

    def opened(self, bundle: Opened | None = None, **_arguments: Any) -> None:
        """Read everything; show the bundle that was double-clicked, if one was."""
        super().opened()
        if bundle is not None:
            self.opened_bundle.offer(bundle)
            bring_into_view(self.opened_bundle)

    def refresh(self, changed: frozenset[str]) -> None:
        """Ask how the links stand."""
        self.host.ask(exchange.Links(), self._show, owner=self)
        self.hub.load()
        if self._province:
            self.officers.load()
        if not changed:
            self.link.load()
            if self.trust is not None:
                self.trust.load()

    def _show(self, links: Sequence[exchange.LinkView]) -> None:
        self._links = tuple(links)
        self.with_documents.setVisible(any(link.documents for link in links))
        if self._province:
            self.communes.reload()
            self._fit_table()
            self._fold_link(bool(links))
        else:
            self._show_state()
        if self.keys is not None:
            self.keys.load(linked=bool(links))
        self._enable()

    def _show_state(self) -> None:
        links = self._links or ()
        kit.clear(self.state.layout())
        self.state.setVisible(bool(links))
        self.carry_head.setText(
            _("Carry with a USB stick or folder") if links else _("Which USB stick?")
        )
        self.carry_buttons.setVisible(bool(links))
        self.hub.setVisible(bool(links))
        self._fold_link(bool(links))
        for link in links:
            self.state.layout().addWidget(kit.label(self._place_of(link), "subheading"))
            for icon, tone, text in words.state(link):
                mark = kit.IconLabel(icon, tone, 20)
                row = kit.hbox(mark, kit.label(text), gap=12)
                row.setStretch(1, 1)
                row.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
                self.state.layout().addWidget(kit.panel(row))

    def _fold_link(self, linked: bool) -> None:
        # Someone who is in the middle of linking is not interrupted.
        wanted = not linked or self._linking
        self.link.setVisible(wanted)
        self.link_again.setVisible(not wanted)

    def _show_link(self) -> None:
        self._linking = True
        self.link.show()
        self.link_again.hide()

    def _link_done(self) -> None:
        self._linking = self._province
        self.refresh(frozenset())

    def _enable(self) -> None:
        linked = bool(self._links)
        free = self._job is None
        self.export_button.setEnabled(linked and free and self.picker.can_write())
        self.import_button.setEnabled(linked and free and self.picker.place() is not None)
        self.opened_bundle.enable(linked=linked, free=free)
        tip = "" if linked else _("This PC is not linked yet.")
        self.export_button.setToolTip(tip)
        self.import_button.setToolTip(tip)

    # -- carrying --------------------------------------------------------------------------

    def export(self) -> None:
        """Write a bundle for every desk that is owed something."""
        folder, desk = self.picker.place(), self.host.desk
        if folder is None or self._job is not None:
            return
        most = self.with_documents.currentData()
        self._begin(
            lambda job: exchange.export_bundles(desk, folder, gently(job), most_documents=most),
            self._exported,
            _("Writing to the stick…"),
        )

    def import_(self) -> None:
        """Take in everything that is meant for this desk."""
        folder, desk = self.picker.place(), self.host.desk
        if folder is None or self._job is not None:
            return
        self._begin(
            lambda job: exchange.import_bundles(desk, folder, gently(job)),
            self.report.show_import,
            _("Reading from the stick…"),
        )

    def _import_opened(self, bundle: Opened) -> None:
        if self._job is not None:
            return
        desk = self.host.desk

        def taken(reports: Any) -> None:
            self.opened_bundle.clear()
            self.report.show_import(reports)

        self._begin(
            lambda job: exchange.import_bundles(desk, bundle.path, gently(job)),
            taken,
            _("Reading the bundle…"),
        )

    def stop(self) -> None:
        """Stop at the next safe place; what was done whole stays."""
        if self._job is not None:
            self._job.cancel()
            self.busy.stopping()

    def _begin(self, work: Any, done: Any, text: str) -> None:
        self.report.clear()
        self.host.messages.clear()
        self.busy.begin(text)
        job = self.host.jobs.run(
            work, done=done, failed=self._failed, owner=self, words=text, write=True, with_job=True
        )
        job.progressed.connect(self._progressed, Qt.ConnectionType.QueuedConnection)
        job.ended.connect(lambda: self._over(job))
        self._job = job
        self._enable()

    def _progressed(self, done: int, total: int, text: str) -> None:
        if self._job is None or self._job.cancelled:
            return
        self.busy.tell(done, total, text)

    def _over(self, job: Job) -> None:
        if self._job is not job:
            return
        self._job = None
        self.busy.hide()
        if job.cancelled:
            self.report.say(
                "due",
                _("Stopped. Nothing was left half done."),
                _("What was written or taken in whole before stays; the rest can be done again."),
            )
        self._enable()
        self.host.ask(exchange.Links(), self._show, owner=self)

    def _exported(self, reports: Sequence[exchange.ExportReport]) -> None:
        self.report.show_export(reports)
        if reports:
            self.carried.emit(self.host.context.now())
            # What has left the desk cannot be taken back by a click.
            self.host.undo.drop()

    def _failed(self, problem: Exception) -> None:
        self.report.clear()
        self.host.fail(problem)

    def _open_cases(self, cases: Sequence[str]) -> None:
        self.host.go("case", case_id=cases[0])

    def choose(self, folder: Path) -> None:
        """Choose a folder (for the palette and for tests)."""
        self.picker.select(folder)

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        found = []
        if self.export_button.isEnabled():
            found.append(PageCommand(self.export_button.text(), self.export, "export"))
        if self.import_button.isEnabled():
            found.append(PageCommand(self.import_button.text(), self.import_, "import"))
        return found

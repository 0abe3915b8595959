"""One service of the directory, entered or changed; what is typed is kept as a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traffick_desk.desk import kit, theme
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import PageCommand
from traffick_desk.desk.pages.case_writer import base_of
from traffick_desk.desk.pages.draft_page import DraftPage
from traffick_desk.desk.pages.drafts import SERVICE_DRAFT
from traffick_desk.desk.pages.unit_conflicts import ConflictsCard
from traffick_desk.desk.shortcuts import Keys, bind
from traffick_desk.domain.records import REGISTRY
from traffick_desk.i18n import N_, _
from traffick_desk.services.directory import values as typed
from traffick_desk.services.directory.entries import (
    DropService,
    Entry,
    OpenService,
    SaveService,
)
from traffick_desk.services.errors import InvalidValues
from traffick_desk.services.roles import CASE_WRITE, DIRECTORY_READ, may

GROUPS = {
    "name": N_("Who and what"),
    "phone": N_("How to reach them"),
    "place_unit": N_("Where"),
    "always": N_("When"),
    "languages": N_("Languages"),
    "for_sex": N_("For whom"),
    "cost": N_("Cost and way in"),
    "agreement_no": N_("Agreement with them"),
    "listing": N_("About this entry"),
}
_HIDDEN = ("unit", "verified_on", "verified_by")


class ServicePage(DraftPage):
    """The form of one service."""

    permission = DIRECTORY_READ
    name = "service"
    label = N_("Service of the directory")
    icon = "directory"
    belongs_to = "directory"
    prefix = SERVICE_DRAFT
    names = "service_form"
    kept_words = N_("The service you had begun is kept as a draft, on the page Today.")
    lost_words = N_("Everything typed about this service is thrown away.")

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.entry: Entry | None = None
        self.form: RecordForm | None = None
        self._kind = ""
        self._keeps = may(host.desk.info.role, CASE_WRITE)
        self._title = kit.label("", "heading", name="service_form_title", wrap=False)
        self._place = kit.vbox()
        self.save_button = kit.button(
            _("&Save the service"), "service_save", self.save, role="primary", icon="check",
            tooltip=_("Save the service (Ctrl+Enter)"),
        )  # fmt: skip
        self.void_button = kit.button(
            _("Entered by mistake…"), "service_void", self.ask_to_void, role="quiet", icon="void"
        )
        foot = kit.hbox(self.drop_button, self.void_button, self._state, self.save_button,
                        gap=12)  # fmt: skip
        self.conflicts = ConflictsCard(host)
        self.conflicts.settled.connect(self._settled)
        inner = kit.panel(kit.vbox(self.conflicts, self._place, None), name="service_form_body")
        inner.setMaximumWidth(theme.current().px(920))
        self.area = kit.scroll(inner, "service_form_scroll")
        body = kit.vbox(self._title, self.area, foot, gap=12)
        body.setStretch(1, 1)
        self.set_body(body, scrolls=False)
        bind(self, Keys.SAVE.keys, self.save)

    # -- coming and going --------------------------------------------------------------------

    def opened(self, draft: str = "", service: str = "", kind: str = "", **_more: Any) -> None:
        """Enter a new service, change one, or go on with a draft."""
        self._kind = kind
        tail = draft.removeprefix(SERVICE_DRAFT)
        service = service or (tail if "/" in tail else "")
        if not service:
            self.entry = None
            super().opened(draft=draft)
            return
        self.save_drafts()
        self.host.ask(
            OpenService(service), lambda entry: self._answer(entry, draft=draft), owner=self
        )

    def _answer(self, entry: Entry, *, draft: str) -> None:
        self.entry = entry
        key = f"{SERVICE_DRAFT}{entry.id}"
        self.start(key)
        if draft:
            self.keeper = None
            super().opened(draft=draft)

    def _settled(self) -> None:
        """A value was chosen: the form is asked for anew."""
        if self.entry is not None:
            self.opened(service=self.entry.id)

    def lay_out(self) -> None:
        """Show the form, empty or with what is known."""
        kit.clear(self._place)
        entry = self.entry
        self.conflicts.show_record(entry.record if entry is not None else None)
        self.form = RecordForm(
            REGISTRY["service"],
            entry.record.values if entry else {},
            context=self.host.context,
            hide=_HIDDEN,
            groups={first: _(text) for first, text in GROUPS.items()},
            name="service_record",
        )
        if entry is None:
            kinds = [self._kind] if self._kind else None
            start = {"status": "active", "listing": "public", "kinds": kinds,
                     "place_unit": self.host.desk.info.unit, "for_sex": "any"}  # fmt: skip
            self.form.suggest({name: value for name, value in start.items() if value})
        self._blank = self.form.draft()
        self.form.edited.connect(self._edited)
        self.form.save_requested.connect(self.save)
        kit.measures(self.form.layout(), (4, 0, 16, 8), 12)
        self._place.addWidget(self.form)
        self._title.setText(_("Change the service") if entry else _("New service of the directory"))
        self.void_button.setVisible(entry is not None)
        self._conditions()
        self.setFocusProxy(self.form.editor("name"))
        self.form.editor("name").setFocus()

    def commands(self) -> list[PageCommand]:
        """What the palette offers here."""
        return [PageCommand(_("Save the service"), self.save, "check", "Ctrl+Enter")]

    # -- typing ------------------------------------------------------------------------------

    def _edited(self, name: str) -> None:
        if name in {"always", "status"}:
            self._conditions()
        if self._keeps:
            self.touched()

    def _conditions(self) -> None:
        if self.form is None:
            return
        found = self.form.values()
        self.form.show_fields(("days", "opens", "closes"), shown=found.get("always") != "yes")
        self.form.show_fields(("status_reason",), shown=found.get("status") not in {None, "active"})

    def typed(self) -> Mapping[str, Any] | None:
        """What was typed; what is only proposed is not worth keeping."""
        if self.form is None or not self._keeps:
            return None
        found = self.form.draft()
        return None if found == self._blank else found

    def draft_title(self) -> str:
        """The service has no secret name."""
        name = str((self.form.values() if self.form else {}).get("name") or "")
        return _("Service: {name}").format(name=name) if name else _("New service")

    def restore(self, payload: Mapping[str, Any]) -> None:
        """Put back what was typed."""
        if self.form is not None:
            self.form.restore(payload)
            self._conditions()

    # -- saving ------------------------------------------------------------------------------

    def save(self) -> None:
        """Save the service, or go to what is missing."""
        if self._saving or self.form is None or not self.form.check():
            return
        found = typed.problems({**typed.tidy(self.form.values())})
        if found:
            self._say(found)
            return
        changes = self.form.changes()
        base: Mapping[str, tuple[str, ...]] = {}
        if self.entry is not None:
            base = base_of(self.entry.record, changes)
        else:
            changes = {n: v for n, v in changes.items() if v is not None}
        self.begin_saving()
        self.host.do(
            SaveService(changes, self.entry.id if self.entry else "", base),
            self._saved,
            owner=self,
            failed=self.refused,
        )

    def _saved(self, service: str) -> None:
        new = self.entry is None
        if self.keeper is not None and self.keeper.exists:
            self.keeper.drop()
        self.entry = None
        self.afresh()
        self.host.go("directory", service=service)
        if new:
            back = DropService(service, _("Taken back at once"))
            self.host.undo.offer(_("The service is saved."), lambda: self.host.do(back))
        else:
            self.host.messages.tell(_("The service is saved."))

    def point_out(self, refused: InvalidValues) -> None:
        """Say each problem beside its field and go to the first."""
        self._say({name: text for _type, name, text in refused.problems})

    def _say(self, problems: Mapping[str, str]) -> None:
        if self.form is None:
            return
        known = [name for name in self.form.names() if name in problems]
        for name in known:
            box = self.form.box(name)
            box.show()
            box.say(problems[name], "late")
            box.editor.mark(problem=True)
        if known:
            self.form.editor(known[0]).setFocus()

    def _dropped(self) -> None:
        self.keeper.drop()
        self.entry = None
        self.afresh()
        self.host.go("directory")

    def ask_to_void(self) -> None:
        """Take the entry out of the directory, after a question."""
        if self.entry is None:
            return
        entry = self.entry
        self.host.dialogs.confirm(
            _("Take this entry out of the directory?"),
            _(
                "It is for an entry that should never have been there. A service that has closed "
                "stays, with the state “Does not exist any more”. Nothing is lost: the entry stays "
                "readable in the history, and this can be undone."
            ),
            _("Take it out"),
            lambda: self._void(entry),
            danger=True,
        )

    def _void(self, entry: Entry) -> None:
        def done(_none: object) -> None:
            self.entry = None
            self.afresh()
            self.host.go("directory")
            back = DropService(entry.id, "")
            self.host.undo.offer(
                _("The entry is taken out of the directory."), lambda: self.host.do(back)
            )

        self.host.do(DropService(entry.id, _("Entered by mistake")), done, owner=self)

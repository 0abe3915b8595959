"""At the province: the officers of the desks, and the word that they count."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.pages.case_lists import SmallTable
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.officers import shown_role
from traffick_desk.services.roles import LEFT, OFFICERS, may
from traffick_desk.services.roster import ConfirmOfficers, Member, Rosters


class RosterCard(QFrame):
    """Who works at which desk, those who wait first; confirming, or not, with one button each."""

    def __init__(self, host: Host) -> None:
        super().__init__()
        self.setObjectName("sync_officers")
        self.setProperty("role", "card")
        self._host = host
        self._found: tuple[Member, ...] = ()
        self.table = SmallTable(
            "rosters",
            _("Officers of the desks"),
            (_("Full name"), _("Commune"), _("Role"), _("State")),
            shares=(4, 4, 4, 5),
        )
        self.table.selectionModel().currentChanged.connect(lambda *_which: self._enable())
        self.empty = kit.label(_("No desk has said yet who works there."), "muted")
        self.confirm = kit.button(
            _("&Confirm this desk's officers"), "roster_confirm", self.say_yes, icon="check"
        )
        self.refuse = kit.button(_("Do &not confirm this officer…"), "roster_refuse", self.ask_no)
        self.setLayout(
            kit.vbox(
                kit.label(_("Officers of the desks"), "heading"),
                kit.label(
                    _(
                        "What an officer writes counts here once you have confirmed her and her "
                        "role. Until then it is kept and waits; nothing of it is lost. Ask the "
                        "commune by telephone before you confirm somebody new."
                    ),
                    "muted",
                ),
                self.empty,
                self.table,
                kit.buttons(self.confirm, self.refuse),
                margins=16,
                gap=12,
            )
        )
        self._enable()

    def load(self) -> None:
        """Show who is known."""
        self._host.ask(Rosters(), self._show, owner=self)

    def _show(self, found: tuple[Member, ...]) -> None:
        own = self._host.desk.info.device
        self._found = tuple(m for m in found if m.device != own)
        self.empty.setVisible(not self._found)
        self.table.show_rows([self._row(member) for member in self._found])
        if self._found and self.table.chosen() is None:
            self.table.selectRow(0)
        self._enable()

    def _row(self, member: Member) -> tuple[tuple[str, ...], tuple[str, str], Member]:
        units = self._host.desk.context.units
        known = units.full_name(member.unit) if member.unit in units else member.unit
        cells = (
            member.name,
            f"{known} · {member.label}",
            shown_role(member.role),
            state_words(member),
        )
        if member.waits:
            return cells, ("clock", "due"), member
        return cells, ("void", "muted") if member.refused else ("ok", "ok"), member

    def _enable(self) -> None:
        chosen: Member | None = self.table.chosen()
        allowed = may(self._host.desk.info.role, OFFICERS)
        waiting = chosen is not None and any(
            m.waits for m in self._found if m.device == chosen.device
        )
        again = chosen is not None and chosen.refused
        self.confirm.setEnabled(allowed and (waiting or again))
        self.refuse.setEnabled(
            allowed and chosen is not None and not chosen.refused and chosen.role != LEFT
        )

    def say_yes(self) -> None:
        """Confirm all that the chosen officer's desk says."""
        chosen: Member | None = self.table.chosen()
        if chosen is not None:
            refused = frozenset(
                m.officer_id
                for m in self._found
                if m.device == chosen.device and m.refused and m is not chosen
            )
            self._do(ConfirmOfficers(chosen.device, refused))

    def ask_no(self) -> None:
        """Say what not confirming means, then do it."""
        chosen: Member | None = self.table.chosen()
        if chosen is None:
            return
        text = _(
            "What {name} wrote and was confirmed stays. Nothing that she writes from now on counts "
            "at the province or elsewhere; it is kept, and her own desk tells her so."
        ).format(name=chosen.name)
        act = ConfirmOfficers(chosen.device, frozenset({chosen.officer_id}), others=False)
        self._host.dialogs.confirm(
            _("Do not confirm {name}?").format(name=chosen.name),
            text,
            _("Do not confirm"),
            lambda: self._do(act),
            danger=True,
        )

    def _do(self, act: ConfirmOfficers) -> None:
        def done(number: int) -> None:
            text = ngettext(
                "{n} officer is settled. The desk learns it with the next bundle.",
                "{n} officers are settled. The desk learns it with the next bundle.",
                number,
            )
            self._host.messages.tell(text.format(n=number))
            self.load()

        self._host.do(act, done, owner=self)


def state_words(member: Member) -> str:
    """How far the province is with an officer."""
    if member.refused:
        return _("not confirmed")
    if not member.waits:
        return _("confirmed")
    if member.held:
        return ngettext(
            "waits to be confirmed, {n} entry is kept",
            "waits to be confirmed, {n} entries are kept",
            member.held,
        ).format(n=member.held)
    return _("waits to be confirmed")

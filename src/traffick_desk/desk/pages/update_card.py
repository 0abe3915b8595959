"""A new version on the stick: told in words on the page *Sync*, taken with one button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from traffick_desk.desk import kit
from traffick_desk.desk.host import Host
from traffick_desk.desk.jobs import Job
from traffick_desk.desk.pages.busy import BusyPanel
from traffick_desk.desk.pages.places import PlacePicker
from traffick_desk.i18n import _
from traffick_desk.services import updates
from traffick_desk.services.roles import PROGRAM, may
from traffick_desk.services.updates import Offer, Program, Standing

# What an officer need not be told: it is simply not for this PC.
_QUIET = (Standing.SAME, Standing.OLDER, Standing.OTHER_PC)


class UpdateCard(QFrame):
    """Hidden until an update lies at the chosen place."""

    def __init__(
        self, host: Host, picker: PlacePicker, program: Callable[[], Program] = Program
    ) -> None:
        """Watch the place that *picker* chooses; *program* tells what is installed."""
        super().__init__()
        self.setObjectName("update_card")
        self.setProperty("role", "card")
        self._host, self._picker, self._program = host, picker, program
        self._offer: Offer | None = None
        self._looked: Path | None = None
        self._job: Job | None = None
        info = host.desk.info
        self._province = info.profile == "province"
        self._allowed = may(info.role, PROGRAM) and not info.practice
        self.icon = kit.IconLabel("info", "accent", 24)
        self.words = kit.label("", "subheading", name="update_words")
        self.notes = kit.label("", name="update_notes")
        self.explain = kit.label(
            _(
                "A copy of the vault is made and checked first. The new version begins when the "
                "program is started again; the one in use is kept, and you can go back to it in "
                "Settings."
            ),
            "muted",
        )
        self.apply_button = kit.button(
            _("Take the new version"), "update_apply", self.apply, role="primary", icon="import"
        )
        self.release_button = kit.button(
            _("Give it to the communes…"), "update_release", self.release, icon="export"
        )
        self.busy = BusyPanel("update", self.stop)
        column = kit.vbox(self.words, self.notes, self.explain, gap=8)
        head = kit.hbox(self.icon, column, gap=12)
        head.setStretch(1, 1)
        head.setAlignment(self.icon, Qt.AlignmentFlag.AlignTop)
        self.setLayout(
            kit.vbox(
                kit.label(_("New version of the program"), "heading"),
                kit.panel(head),
                kit.buttons(self.apply_button, self.release_button),
                self.busy,
                margins=16,
                gap=12,
            )
        )
        self.hide()
        picker.changed.connect(self.look)

    def look(self) -> None:
        """Look at the chosen place, once for each choice."""
        place, desk = self._picker.place(), self._host.desk
        if place is None or desk.info.practice:
            self._looked = None
            self._show(())
            return
        if place == self._looked or self._job is not None:
            return
        self._looked = place
        program = self._program
        self._host.jobs.run(
            lambda: updates.look(desk, place, program()),
            done=self._show,
            failed=lambda _problem: self._show(()),
            owner=self,
        )

    def _show(self, offers: Sequence[Offer]) -> None:
        told = [o for o in offers if o.standing not in _QUIET]
        if self._province:
            # The province carries versions for PCs that are not like its own.
            told = [
                o for o in offers if o.manifest is not None and o.standing is not Standing.OLDER
            ]
            told = told or [o for o in offers if o.standing is Standing.REFUSED]
        self._offer = offer = told[0] if told else None
        self.setVisible(offer is not None)
        if offer is None:
            return
        tone = "accent" if offer.usable else "due"
        self.icon.set_icon(kit.TONE_ICONS[tone], tone)
        self.words.setText(offer.words)
        self.notes.setText(offer.notes)
        self.notes.setVisible(bool(offer.notes))
        self.explain.setVisible(offer.usable)
        self.apply_button.setVisible(self._allowed and offer.usable)
        self.release_button.setVisible(
            self._allowed and self._province and offer.manifest is not None
            and offer.standing is not Standing.EXPIRED
        )  # fmt: skip

    def apply(self) -> None:
        """Take it, after one question."""
        offer, desk, program = self._offer, self._host.desk, self._program
        if offer is None or offer.manifest is None or self._job is not None:
            return
        version = offer.manifest.version
        self._host.dialogs.confirm(
            _("Take version {version}?").format(version=version),
            _(
                "A copy of the vault is made first. You can go on working meanwhile; leave the "
                "stick in until it is done."
            ),
            _("Take the new version"),
            lambda: self._begin(
                lambda job: updates.apply(desk, offer, job.report, program()), self._applied
            ),
        )

    def release(self) -> None:
        """Sign it for the communes and put both on the stick."""
        offer, desk, program = self._offer, self._host.desk, self._program
        place = self._picker.place()
        if offer is None or offer.manifest is None or place is None or self._job is not None:
            return
        self._host.dialogs.confirm(
            _("Give version {version} to the communes?").format(version=offer.manifest.version),
            _(
                "The desk of the province signs that all its communes are to take this version. "
                "Use it here for some days first."
            ),
            _("Sign and write to the stick"),
            lambda: self._begin(
                lambda job: updates.release(desk, offer, place, job.report, program()),
                self._released,
            ),
        )

    def _begin(self, work: Callable[[Job], object], done: Callable[..., None]) -> None:
        self.busy.begin(_("Reading the new version…"))
        self._enable(free=False)
        job = self._host.jobs.run(
            work, done=done, failed=self._host.fail, owner=self, write=True, with_job=True,
            words=_("Taking the new version…"),
        )  # fmt: skip
        job.progressed.connect(self.busy.tell, Qt.ConnectionType.QueuedConnection)
        job.ended.connect(lambda: self._over(job))
        self._job = job

    def stop(self) -> None:
        """Break off; the version in use stays."""
        if self._job is not None:
            self._job.cancel()
            self.busy.stopping()

    def _enable(self, *, free: bool) -> None:
        self.apply_button.setEnabled(free)
        self.release_button.setEnabled(free)

    def _over(self, job: Job) -> None:
        if self._job is not job:
            return
        self._job = None
        self.busy.hide()
        self._enable(free=True)
        self._looked = None

    def _applied(self, done: updates.Applied) -> None:
        self.hide()
        self._host.messages.tell(
            _("Version {version} is ready.").format(version=done.version),
            _(
                "It begins when you close the program and start it again. The copy of the vault "
                "is at {path}."
            ).format(path=done.copy),
        )

    def _released(self, path: Path) -> None:
        self._host.messages.tell(
            _("Signed, written and read back. You may pull out the stick."),
            _("It is at {path}.").format(path=path),
        )
        self.look()

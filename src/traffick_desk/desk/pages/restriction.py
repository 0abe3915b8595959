"""Who may look into a case: restricting it to named officers, and opening one all the same."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QPlainTextEdit, QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.desk.host import Host
from traffick_desk.i18n import _
from traffick_desk.services.need_to_know import (
    LEAST_WORDS,
    AccessOf,
    BreakGlass,
    CaseAccess,
    LiftRestriction,
    RestrictCase,
)


class _Dialog(QDialog):
    """A dialog with a heading, over the window."""

    def __init__(self, parent: QWidget, name: str, title: str) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.current().px(480))


def _reason(name: str, words: str) -> tuple[QWidget, QPlainTextEdit]:
    box = QPlainTextEdit()
    box.setObjectName(name)
    box.setAccessibleName(words)
    box.setTabChangesFocus(True)
    box.setFixedHeight(theme.current().px(84))
    label = kit.label(words, "label", wrap=False)
    label.setBuddy(box)
    return kit.panel(kit.vbox(label, box, gap=4)), box


class GlassDialog(_Dialog):
    """A restricted case: who may look into it, and the reason for doing so all the same."""

    def __init__(
        self, parent: QWidget, host: Host, case_id: str, opened: Callable[[], object]
    ) -> None:
        """Ask for the reason; *opened* is called once the case may be looked into."""
        title = _("This case is restricted")
        super().__init__(parent, "glass", title)
        self._host, self._case_id, self._opened = host, case_id, opened
        self.words = kit.label("", name="glass_words")
        field, self.reason = _reason("glass_reason", _("Why do you need to open it now?"))
        self.reason.textChanged.connect(self._enable)
        self.do = kit.button(_("&Open with this reason"), "glass_do", self.open_it, role="primary")
        leave = kit.button(_("Leave it closed"), "glass_leave", self.reject)
        self.setLayout(
            kit.vbox(
                kit.label(title, "heading"),
                self.words,
                field,
                kit.label(
                    _(
                        "It opens until this desk is locked. Your name, the time and the reason "
                        "are written down in the case, and the chair is shown them."
                    ),
                    "muted",
                ),
                kit.hbox(None, leave, self.do),
                margins=24,
                gap=12,
            )
        )
        self._enable()
        host.ask(AccessOf(case_id), self._answer, owner=self)

    def _answer(self, access: CaseAccess) -> None:
        text = _("Only these officers may look into it: {names}. Ask them first, if you can.")
        self.words.setText(text.format(names=", ".join(access.names)))

    def _enable(self) -> None:
        self.do.setEnabled(len(self.reason.toPlainText().split()) >= LEAST_WORDS)

    def open_it(self) -> None:
        """Write the reason down, and open the case."""
        self.do.setEnabled(False)
        opened = self._opened

        def done(_nothing: None) -> None:
            self.accept()
            opened()

        act = BreakGlass(self._case_id, self.reason.toPlainText())
        self._host.do(act, done, owner=self, failed=self._failed)

    def _failed(self, problem: Exception) -> None:
        self._enable()
        self._host.fail(problem)


class RestrictDialog(_Dialog):
    """Which officers of the desk may look into a case; one tick each."""

    def __init__(self, parent: QWidget, host: Host, case_id: str) -> None:
        title = _("Who may look into this case")
        super().__init__(parent, "restrict", title)
        self._host, self._case_id = host, case_id
        self.ticks: dict[str, QCheckBox] = {}
        self.words = kit.label(
            _(
                "All others see that the case exists, with its number, and nothing else of it. The "
                "chair sees every case. Whoever needs it all the same can open it with a reason, "
                "which the chair is shown."
            ),
            "muted",
            name="restrict_words",
        )
        self._list = kit.vbox(gap=4)
        field, self.reason = _reason("restrict_reason", _("Why it is restricted (may stay empty)"))
        self.do = kit.button(_("&Restrict"), "restrict_do", self.restrict, role="primary")
        self.lift = kit.button(_("&Lift the restriction"), "restrict_lift", self.lift_it)
        leave = kit.button(_("Cancel"), "restrict_cancel", self.reject)
        self.setLayout(
            kit.vbox(
                kit.label(title, "heading"),
                self.words,
                kit.panel(self._list),
                field,
                kit.hbox(self.lift, None, leave, self.do),
                margins=24,
                gap=12,
            )
        )
        self.lift.hide()
        self.do.setEnabled(False)
        host.ask(AccessOf(case_id), self._answer, owner=self)

    def _answer(self, access: CaseAccess) -> None:
        for one in access.colleagues:
            words = _("{name} (you)").format(name=one.name) if one.own else one.name
            if one.oversees:
                words = _("{name}: sees every case").format(name=words)
            tick = QCheckBox(words)
            tick.setObjectName(f"restrict_{one.officer_id}")
            tick.setAccessibleName(words)
            tick.setChecked(one.own or one.oversees or one.officer_id in access.officers)
            # Who restricts a case keeps it in sight, and who oversees sees it anyway.
            tick.setEnabled(access.may_change and not one.own and not one.oversees)
            self.ticks[one.officer_id] = tick
            self._list.addWidget(tick)
        self.reason.setPlainText(access.reason)
        self.reason.setReadOnly(not access.may_change)
        self.do.setEnabled(access.may_change)
        self.lift.setVisible(access.restricted and access.may_change)
        if access.restricted:
            self.do.setText(_("&Save"))
        if not access.may_change:
            self.words.setText(
                _(
                    "This case is restricted to: {names}. Only they and the chair can change that."
                ).format(names=", ".join(access.names))
            )

    def restrict(self) -> None:
        """Restrict the case to who is ticked."""
        named = tuple(o for o, tick in self.ticks.items() if tick.isChecked() and tick.isEnabled())
        own = self._host.desk.info.officer_id
        act = RestrictCase(self._case_id, (*named, own), self.reason.toPlainText())
        self._do(act, _("The case is restricted now."))

    def lift_it(self) -> None:
        """Let every officer look into it again."""
        self._do(LiftRestriction(self._case_id), _("Every officer may look into the case again."))

    def _do(self, act: RestrictCase | LiftRestriction, words: str) -> None:
        messages = self._host.messages
        self._host.do(act, lambda _nothing: messages.tell(words), owner=self.parentWidget())
        self.accept()

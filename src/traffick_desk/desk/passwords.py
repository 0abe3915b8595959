"""Fields for passwords: shown on demand, with warnings about the keyboard, and a strength meter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QWidget

from traffick_desk.desk import kit
from traffick_desk.desk.jobs import Jobs
from traffick_desk.i18n import _

JUDGE_AFTER_MS = 250


class Strength(Protocol):
    """What is thought of a password (``vault.passwords.Strength``)."""

    score: int
    acceptable: bool
    warning: str
    advice: tuple[str, ...]


Judge = Callable[[str, tuple[str, ...]], Strength]


class PasswordField(QWidget):
    """A password with a label above and a button that shows what was typed.

    Attributes:
        new: the password is being chosen, so letters with marks are no mistake.

    Signals:
        edited: the text changed.
        entered: Enter was pressed.
    """

    edited = Signal()
    entered = Signal()

    def __init__(self, words: str, name: str) -> None:
        super().__init__()
        self.input = QLineEdit()
        self.input.setObjectName(name)
        self.input.setAccessibleName(words)
        self.input.setEchoMode(QLineEdit.EchoMode.Password)
        self.input.setMaxLength(1024)
        self.input.textChanged.connect(self._changed)
        self.input.returnPressed.connect(self.entered)
        self.input.installEventFilter(self)
        self.eye = kit.IconButton("eye", _("Show the password"), f"{name}_show")
        self.eye.setCheckable(True)
        self.eye.toggled.connect(self._show)
        self._label = label = kit.label(words, "label")
        label.setBuddy(self.input)
        self._warning = kit.label("", tone="due", name=f"{name}_warning")
        self._warning.hide()
        row = kit.hbox(self.input, self.eye, gap=4)
        row.setStretch(0, 1)
        self.setLayout(kit.vbox(label, row, self._warning, gap=4))
        self.setFocusProxy(self.input)
        self._caps = False
        self.new = False

    def name(self, words: str) -> None:
        """Say anew whose password is wanted."""
        self._label.setText(words)
        self.input.setAccessibleName(words)

    def text(self) -> str:
        """The password as typed."""
        return self.input.text()

    def clear(self) -> None:
        """Forget the password and hide it again."""
        self.input.clear()
        self.eye.setChecked(False)

    def warning(self) -> str:
        """What may be wrong with the keyboard, or ""."""
        if self._caps:
            return _("Capital letters are on (Caps Lock).")
        if not self.input.text().isascii() and self.new:
            return _("Letters with marks: the input method must be on each time you unlock.")
        if not self.input.text().isascii():
            return _("There are letters with marks here. Is the Vietnamese input method on?")
        return ""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """A capital without Shift, or a small letter with it, tells of Caps Lock."""
        if event.type() == QEvent.Type.KeyPress and len(event.text()) == 1:
            letter = event.text()
            if letter.isalpha():
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._caps = letter.isupper() != shift
        elif event.type() == QEvent.Type.KeyRelease and event.key() == Qt.Key.Key_CapsLock:
            self._caps = False
            self._warn()
        return False

    def _changed(self) -> None:
        if not self.input.text():
            self._caps = False
        self._warn()
        self.edited.emit()

    def _warn(self) -> None:
        self._warning.setText(self.warning())
        self._warning.setVisible(bool(self.warning()))

    def _show(self, on: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password
        self.input.setEchoMode(mode)
        self.eye.set_icon(
            "eye-off" if on else "eye", _("Hide the password") if on else _("Show the password")
        )


class NewPassword(QWidget):
    """A new password, judged while typing, and typed a second time.

    Signals:
        changed: what :meth:`ready` says may have changed.
        entered: Enter was pressed in the second field.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, jobs: Jobs, judge: Judge, name: str = "password") -> None:
        super().__init__()
        self._jobs, self._judge = jobs, judge
        self._context: tuple[str, ...] = ()
        self._strength: Strength | None = None
        self.first = PasswordField(_("New password"), name)
        self.second = PasswordField(_("New password once more"), f"{name}_again")
        self.first.new = self.second.new = True
        self.meter = QProgressBar()
        self.meter.setObjectName(f"{name}_meter")
        self.meter.setAccessibleName(_("Strength of the password"))
        self.meter.setRange(0, 4)
        self.meter.setTextVisible(False)
        self.advice = kit.label(
            _("Five or more words that do not belong together are good, and easy to keep in mind."),
            "muted",
            name=f"{name}_advice",
        )
        self.mismatch = kit.label("", tone="late", name=f"{name}_mismatch")
        self.mismatch.hide()
        self._wait = QTimer(self, singleShot=True, interval=JUDGE_AFTER_MS)
        self._wait.timeout.connect(self._ask)
        self.first.edited.connect(self._typed)
        self.second.edited.connect(self._compare)
        self.first.entered.connect(self.second.setFocus)
        self.second.entered.connect(self.entered)
        self.setLayout(
            kit.vbox(self.first, self.meter, self.advice, self.second, self.mismatch, gap=8)
        )
        self.setFocusProxy(self.first)

    def set_context(self, *words: str) -> None:
        """Names that must not make up the password."""
        self._context = tuple(w for w in words if w)

    def password(self) -> str:
        """The new password."""
        return self.first.text()

    def ready(self) -> bool:
        """Strong enough, and twice the same."""
        good = self._strength is not None and self._strength.acceptable
        return good and self.first.text() == self.second.text()

    def clear(self) -> None:
        """Forget both."""
        self.first.clear()
        self.second.clear()

    def _typed(self) -> None:
        self._strength = None
        self._wait.start()
        self._compare()

    def _ask(self) -> None:
        typed, context = self.first.text(), self._context

        def tell(strength: Strength) -> None:
            if self.first.text() == typed:
                self._strength = strength
                self._draw(strength)
                self.changed.emit()

        if typed:
            self._jobs.run(lambda: self._judge(typed, context), done=tell, owner=self)
        else:
            self.meter.setValue(0)

    def _draw(self, strength: Strength) -> None:
        self.meter.setValue(max(1, strength.score))
        tone = "ok" if strength.acceptable else ("due" if strength.score >= 2 else "late")
        kit.retone(self.meter, tone)
        verdict = _("Good password.") if strength.acceptable else _("Too easy to guess.")
        more = () if strength.acceptable else (strength.warning, *strength.advice)
        self.advice.setText(" ".join([verdict, *(text for text in more if text)]))

    def _compare(self) -> None:
        second = self.second.text()
        wrong = bool(second) and not self.first.text().startswith(second)
        self.mismatch.setText(_("The two passwords differ.") if wrong else "")
        self.mismatch.setVisible(wrong)
        self.changed.emit()

"""The steps of the first run: language, place, officer, recovery code, backup."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QRadioButton, QWidget

from traffick_desk import i18n
from traffick_desk.desk import kit
from traffick_desk.desk.dialogs import Dialogs
from traffick_desk.desk.editors.base import Choice, Source
from traffick_desk.desk.editors.choice import ToggleRow
from traffick_desk.desk.editors.lookup import Lookup
from traffick_desk.desk.jobs import Jobs
from traffick_desk.desk.parsing import clean_line, folded
from traffick_desk.desk.passwords import Judge, NewPassword
from traffick_desk.i18n import _

GROUPS_ASKED = 2


@dataclass
class Answers:
    """What was answered so far; no secret is among it.

    Attributes:
        step: where to go on.
        language: a key of ``i18n.LANGUAGES``.
        profile: ``commune`` or ``province``.
        unit: id of the commune or province.
        label: what the desk is called, for lists and sticks.
        name: the officer's full name.
        login: her short name for unlocking.
        backup_folder: second place for backups, or "".
    """

    step: int = 0
    language: str = "vi"
    profile: str = "commune"
    unit: str = ""
    label: str = ""
    name: str = ""
    login: str = ""
    backup_folder: str = ""

    def to_json(self) -> dict[str, Any]:
        """For the preferences."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Answers:
        """What :meth:`to_json` gave; anything that does not fit is left out."""
        answers = cls(language=i18n.language())
        for field in fields(cls):
            value = kept.get(field.name)
            if type(value) is type(getattr(answers, field.name)):
                setattr(answers, field.name, value)
        if answers.language not in i18n.LANGUAGES:
            answers.language = i18n.language()
        return answers


class Step(QWidget):
    """One step: a question, why it is asked, and the fields.

    Signals:
        next_wanted: Enter was pressed in the last field.
    """

    next_wanted = Signal()

    def __init__(self, answers: Answers, name: str, title: str, why: str) -> None:
        super().__init__()
        self.answers = answers
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.column = kit.vbox(kit.label(title, "title"), kit.label(why, "muted"), gap=12)
        self.setLayout(self.column)

    def add(self, *items: Any) -> None:
        """Put fields below the explanation."""
        for item in items:
            if isinstance(item, QWidget):
                self.column.addWidget(item)
            elif item is None:
                self.column.addStretch(1)
            else:
                self.column.addLayout(item)

    def field(self, words: str, name: str, hint: str = "") -> QLineEdit:
        """A line with its label above."""
        line = QLineEdit()
        line.setObjectName(name)
        line.setAccessibleName(words)
        line.setMaxLength(200)
        label = kit.label(words, "label")
        label.setBuddy(line)
        rows = [label, line, *([kit.label(hint, "muted")] if hint else [])]
        self.column.addLayout(kit.vbox(*rows, gap=4))
        return line

    def entered(self) -> None:
        """The step is shown."""

    def problem(self) -> str:
        """What is missing, in words; "" when the officer can go on."""
        return ""

    def take(self) -> None:
        """Write what is filled in into the answers."""

    def forget(self) -> None:
        """Drop secrets."""


class LanguageStep(Step):
    """The language; written in both languages, as nobody has chosen yet."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(
            answers,
            "step_language",
            "Chào mừng · Welcome",
            "Chương trình nói ngôn ngữ nào? · Which language shall the program speak?",
        )
        self._choices: dict[str, QRadioButton] = {}
        for code, words in i18n.LANGUAGES.items():
            choice = QRadioButton(words)
            choice.setObjectName(f"language_{code}")
            choice.setAccessibleName(words)
            choice.setChecked(code == answers.language)
            self._choices[code] = choice
            self.add(choice)
        self.add(
            kit.label(
                _(
                    "The next steps take about five minutes: where this computer is, who works "
                    "at it, a password, a recovery code to print, and a place for backups. "
                    "Nothing leaves this computer."
                ),
            ),
            None,
        )
        self.setFocusProxy(self._choices[answers.language])

    def take(self) -> None:
        """Keep the chosen language."""
        self.answers.language = next(c for c, b in self._choices.items() if b.isChecked())


class UnitStep(Step):
    """Which desk this is: a commune's or the province's, and where."""

    def __init__(self, answers: Answers, units: Callable[[str], Source] | None) -> None:
        super().__init__(
            answers,
            "step_unit",
            _("Where is this desk?"),
            _("It stands on every paper, and decides to which province bundles are sent."),
        )
        self._units = units or own_units_of
        self.profile = ToggleRow(
            [
                Choice("commune", _("A commune, ward or special zone")),
                Choice("province", _("The province's desk")),
            ],
            "profile",
            _("Kind of desk"),
        )
        self.profile.press([answers.profile])
        self.profile.toggled.connect(self._switched)
        self.unit = Lookup(self._units(answers.profile))
        self.unit.setObjectName("unit")
        self.unit.setAccessibleName(_("Administrative unit"))
        self.unit.set_value(answers.unit or None)
        self.unit.returnPressed.connect(self.unit.settle)
        label = kit.label(_("Administrative unit"), "label", wrap=False)
        label.setBuddy(self.unit)
        hint = kit.label(
            _(
                "Type the name, with or without accents, also a name from before July 2025. "
                "Example: dong van tuyen quang"
            ),
            "muted",
        )
        self.add(self.profile, kit.vbox(label, self.unit, hint, gap=4))
        self.label = self.field(
            _("Name of this desk (may stay empty)"),
            "label",
            _("If there are several computers: for example “Reception” or “Room 2”."),
        )
        self.label.setText(answers.label)
        self.label.returnPressed.connect(self.next_wanted)
        self.add(None)
        self.setFocusProxy(self.unit)

    def problem(self) -> str:
        """A unit must be chosen."""
        self.unit.settle()
        if self.unit.problem():
            return self.unit.problem()
        if not self.unit.value():
            return _("Please choose the administrative unit.")
        return ""

    def take(self) -> None:
        """Keep profile, unit and label."""
        self.answers.profile = self._profile()
        self.answers.unit = self.unit.value() or ""
        self.answers.label = clean_line(self.label.text())

    def _profile(self) -> str:
        return (self.profile.pressed() or ["commune"])[0]

    def _switched(self) -> None:
        if not self.profile.pressed():
            self.profile.press([self.answers.profile])
        if self._profile() != self.answers.profile:
            self.answers.profile = self._profile()
            self.unit.set_source(self._units(self._profile()))


def own_units_of(profile: str) -> Source:
    """The units of the program: communes for a commune's desk, provinces for a province's."""
    from traffick_desk.desk.editors.sources import UnitSource

    return UnitSource(level=profile)


class OfficerStep(Step):
    """Who works here, and her password."""

    def __init__(self, answers: Answers, jobs: Jobs, judge: Judge) -> None:
        super().__init__(
            answers,
            "step_officer",
            _("Who works here?"),
            _(
                "Your name stands on papers you issue. The password opens the vault; nobody can "
                "read the data without it, not even who repairs the computer."
            ),
        )
        self.name = self.field(_("Full name"), "officer_name")
        self.name.setText(answers.name)
        self.login = self.field(
            _("Officer name for unlocking"), "officer_login", _("Short, without accents: huong.nt")
        )
        self.login.setText(answers.login)
        self._own_login = bool(answers.login)
        self.name.editingFinished.connect(self._propose)
        self.login.textEdited.connect(self._typed_login)
        self.new = NewPassword(jobs, judge, "new_password")
        self.new.entered.connect(self.next_wanted)
        self.name.returnPressed.connect(self.login.setFocus)
        self.login.returnPressed.connect(self.new.setFocus)
        self.add(self.new, None)
        self.setFocusProxy(self.name)

    def password(self) -> str:
        """The password."""
        return self.new.password()

    def problem(self) -> str:
        """Name, login and a good password are needed."""
        if not clean_line(self.name.text()):
            return _("Please type your full name.")
        if not clean_line(self.login.text()):
            return _("Please type a short officer name for unlocking.")
        if not self.new.password():
            return _("Please choose a password.")
        if not self.new.ready():
            return _("Please type a good password, twice the same.")
        return ""

    def take(self) -> None:
        """Keep name and login, never the password."""
        self.answers.name = clean_line(self.name.text())
        self.answers.login = clean_line(self.login.text())
        self.new.set_context(self.answers.name, self.answers.login)

    def forget(self) -> None:
        """Drop the password."""
        self.new.clear()

    def _typed_login(self) -> None:
        self._own_login = True

    def _propose(self) -> None:
        self.new.set_context(self.name.text(), self.login.text())
        if not self._own_login:
            self.login.setText(proposed_login(self.name.text()))


def proposed_login(full_name: str) -> str:
    """Given name and initials as officers write them: *Nguyễn Thị Hương* is ``huong.nt``."""
    parts = ["".join(c for c in word if c.isalnum()) for word in folded(full_name).split()]
    parts = [p for p in parts if p]
    if len(parts) < 2:
        return "".join(parts)
    return parts[-1] + "." + "".join(p[0] for p in parts[:-1])


class CodeStep(Step):
    """The recovery code: printed or written down, and two of its groups typed back."""

    def __init__(self, answers: Answers, print_code: Callable[[str], None]) -> None:
        super().__init__(
            answers,
            "step_code",
            _("The recovery code"),
            _(
                "If the password is lost, only this code opens the vault. It is shown this once. "
                "Print it or write it down, put it into a sealed envelope, and lock it away. Do "
                "not keep it on this computer."
            ),
        )
        self._code = ""
        self._asked: tuple[int, ...] = ()
        self.shown = kit.label("", "code", name="recovery_code")
        self.shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.shown.setAccessibleName(_("Recovery code"))
        self.print_button = kit.button(
            _("&Print the code"), "print_code", lambda: print_code(self._code), icon="print"
        )
        self.add(self.shown, kit.hbox(self.print_button, None))
        self.add(kit.label(_("To be sure that it is readable, type two parts of it:"), "label"))
        self.inputs = [
            self.field(_("Part of the code"), f"code_group_{n}") for n in range(GROUPS_ASKED)
        ]
        for line, after in zip(self.inputs, [*self.inputs[1:], None], strict=True):
            line.setMaxLength(20)
            line.setMaximumWidth(self.fontMetrics().averageCharWidth() * 20)
            line.returnPressed.connect(after.setFocus if after else self.next_wanted)
        self.add(None)
        self.setFocusProxy(self.print_button)

    def set_code(self, code: str) -> None:
        """Show *code* and choose the groups to ask for."""
        self._code = code
        groups = code.split("-")
        self.shown.setText(" – ".join(groups))
        chosen = secrets.SystemRandom().sample(range(len(groups)), GROUPS_ASKED)
        self._asked = tuple(sorted(chosen))
        for line, group in zip(self.inputs, self._asked, strict=True):
            words = _("Part {number} of {total}").format(number=group + 1, total=len(groups))
            line.setAccessibleName(words)
            label = next(x for x in self.findChildren(QWidget) if _buddy(x) is line)
            label.setText(words)
            line.clear()

    def asked(self) -> tuple[int, ...]:
        """The groups to type, counted from 0."""
        return self._asked

    def problem(self) -> str:
        """Both groups must be right."""
        groups = self._code.split("-")
        for line, group in zip(self.inputs, self._asked, strict=True):
            typed = folded(line.text()).translate(str.maketrans("oil", "011", " -"))
            if typed != groups[group].lower():
                self.setFocusProxy(line)
                return _(
                    "Part {number} is not the same. Please look at what is printed or written."
                ).format(number=group + 1)
        return ""

    def forget(self) -> None:
        """Drop the code."""
        self._code = ""
        self.shown.setText("")


def _buddy(widget: QWidget) -> QWidget | None:
    buddy = getattr(widget, "buddy", None)
    return buddy() if callable(buddy) else None


class BackupStep(Step):
    """Where backups go, and what was chosen."""

    def __init__(
        self, answers: Answers, dialogs: Dialogs, print_guide: Callable[[], object] | None = None
    ) -> None:
        super().__init__(
            answers,
            "step_backup",
            _("A place for backups"),
            _(
                "Backups are encrypted like the vault. A second place, such as a stick that stays "
                "in the office safe, saves the work if this computer breaks."
            ),
        )
        self._dialogs = dialogs
        self.folder = kit.label("", name="backup_folder")
        choose = kit.button(_("&Choose a folder"), "choose_backup", self._choose, icon="backup")
        self.none = kit.button(_("Not now"), "no_backup", self._drop, role="quiet")
        self.summary = kit.label("", name="wizard_summary")
        self.guide = kit.button(_("Print how to restore"), "print_guide", print_guide, icon="print")
        self.guide.setVisible(print_guide is not None)
        self.add(
            self.folder,
            kit.hbox(choose, self.none, None),
            kit.label(
                _("Print this page now and keep it with the stick: it leads back on a new PC."),
                "muted",
            ),
            kit.hbox(self.guide, None),
            kit.line(),
            kit.label(_("What was chosen"), "subheading"),
            self.summary,
            None,
        )
        self.setFocusProxy(choose)

    def entered(self) -> None:
        """Write the summary."""
        answers = self.answers
        rows = (
            (_("Language"), i18n.LANGUAGES[answers.language]),
            (_("Administrative unit"), own_units_of(answers.profile).label(answers.unit)),
            (_("Name of this desk"), answers.label),
            (_("Full name"), answers.name),
            (_("Officer name for unlocking"), answers.login),
        )
        self.summary.setText("\n".join(f"{what}: {value}" for what, value in rows if value))
        self._write()

    def _choose(self) -> None:
        self._dialogs.folder(_("A place for backups"), self._chosen)

    def _chosen(self, folder: Any) -> None:
        self.answers.backup_folder = str(folder)
        self._write()

    def _drop(self) -> None:
        self.answers.backup_folder = ""
        self._write()

    def _write(self) -> None:
        folder = self.answers.backup_folder
        self.folder.setText(
            folder or _("No second place yet. You are reminded of it after seven days.")
        )
        self.none.setVisible(bool(folder))

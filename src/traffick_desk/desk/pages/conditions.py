"""Which fields depend on other answers, and what to say about doubtful values.

A field that does not apply is not shown and not saved; what was typed in it
stays, should it apply again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.pages.showing import may_be_child
from traffick_desk.i18n import _

Values = Mapping[str, Any]
# Law 72/2025/QH15: two levels of government from this day; before it, provinces of old decided.
TWO_LEVELS_FROM = "2025-07-01"
TOLD = frozenset({"taken", "from_file"})
BROUGHT = ("from_officer", "paper_no")


def _person(values: Values) -> set[str]:
    hidden = set()
    if values.get("citizenship") != "stateless":
        hidden.add("permanent_resident")
    if values.get("role") != "accompanying":
        hidden.add("accompanies")
    return hidden


def _account(values: Values) -> set[str]:
    if values.get("state") in TOLD:
        return set()
    return {"exploitation", "acts", "means", "countries", "began", "ended", "story"}


def _consent(values: Values) -> set[str]:
    if values.get("given") == "yes":
        return set()
    hidden = {"giver", "scope", "withdrawn_on"}
    return hidden if values.get("given") in {"no", "refused"} else {*hidden, "asked_on"}


def _status(values: Values) -> set[str]:
    hidden = set()
    if values.get("status") not in {"victim", "not_victim"}:
        hidden |= {"body", "paper_no", "paper_on"}
    since = values.get("since")
    if values.get("status") != "victim" or not since or since >= TWO_LEVELS_FROM:
        hidden.add("old_province")
    return hidden


def _reception(values: Values) -> set[str]:
    return set(BROUGHT) if values.get("from_body") in {"self", "family"} else set()


def _whereabouts(values: Values) -> set[str]:
    return set() if values.get("place") == "abroad" else {"country"}


def _stay(values: Values) -> set[str]:
    return set() if values.get("extended_until") or values.get("until") else {"decision_no"}


def _tip(values: Values) -> set[str]:
    hidden = set()
    if values.get("anonymous") == "yes":
        # After a yes nobody asks; what was typed before is not saved either.
        hidden |= {"teller", "teller_phone", "tell_back"}
    if values.get("anonymous") == "yes" or values.get("tell_back") != "yes":
        hidden.add("told_on")
    return hidden


_RULES: Mapping[str, Callable[[Values], set[str]]] = {
    "person": _person,
    "account": _account,
    "consent": _consent,
    "status": _status,
    "reception": _reception,
    "whereabouts": _whereabouts,
    "stay": _stay,
    "tip": _tip,
}


def hidden_fields(record: str, values: Values) -> set[str]:
    """Fields of record type *record* that do not apply with these values."""
    rule = _RULES.get(record)
    return rule(values) if rule else set()


class Conditions:
    """Shows and hides the fields of one form as its answers change.

    Attributes:
        hidden: names of the fields that do not apply now.
    """

    def __init__(
        self,
        form: RecordForm,
        fixed: Values | None = None,
        more: Callable[[Values], set[str]] = lambda _values: set(),
    ) -> None:
        """Watch *form*.

        Args:
            form: whose fields are shown and hidden.
            fixed: values that the page knows and the form does not show.
            more: names further fields that do not apply, because of the rest of the case.
        """
        self._form, self._more = form, more
        self._fixed = dict(fixed or {})
        self.hidden: set[str] = set()
        form.edited.connect(lambda _name: self.apply())
        self.apply()

    def apply(self) -> None:
        """Show what applies."""
        values = {**self._fixed, **self._form.values()}
        unfit = hidden_fields(self._form.record_type.name, values) | self._more(values)
        hidden = unfit & set(self._form.names())
        if hidden == self.hidden:
            return
        shown, newly = self.hidden - hidden, hidden - self.hidden
        self.hidden = hidden
        if newly:
            self._form.show_fields(newly, shown=False)
        if shown:
            self._form.show_fields(shown)

    def values(self) -> dict[str, Any]:
        """The values of the fields that apply."""
        return {n: v for n, v in self._form.values().items() if n not in self.hidden}

    def changes(self) -> dict[str, Any]:
        """The changes of the fields that apply."""
        return {n: v for n, v in self._form.changes().items() if n not in self.hidden}

    def problems(self, *, saving: bool = False) -> dict[str, str]:
        """The problems of the fields that apply."""
        return {n: p for n, p in self._form.problems(saving=saving).items() if n not in self.hidden}


def remark_on_age(form: RecordForm, today: date) -> None:
    """Say below the birth that a child is treated as one."""
    if "birth" not in form.names() or form.editor("birth").problem():
        return
    birth = form.editor("birth").value()
    if birth and may_be_child(birth, today):
        understood = form.editor("birth").understood()
        line = _("Under 18, or perhaps: treated as a child, other support applies.")
        form.box("birth").say(f"{understood}\n{line}" if understood else line, "accent")

"""Referrals: consent checked while they are written, what is shared seen first, answers noted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt

from traffick_desk.desk import kit
from traffick_desk.desk.editors import for_field
from traffick_desk.desk.newest import Newest
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.checking import Checker, checker_of
from traffick_desk.desk.pages.directory_lookup import ServiceLookup
from traffick_desk.desk.pages.record_list import RecordList
from traffick_desk.desk.shortcuts import bind
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.domain.records import REGISTRY
from traffick_desk.domain.validation import Problem
from traffick_desk.i18n import _
from traffick_desk.services.commands import SaveRecords
from traffick_desk.services.consent import Covering, child_note, covering, held
from traffick_desk.services.directory.choose import ChooseService, Chosen
from traffick_desk.services.paper_record import SLIP
from traffick_desk.services.referrals import FIRST_SHARED, AnswerReferral, SharedFacts, SharedLine
from traffick_desk.services.views import CaseView, RecordView
from traffick_desk.store.journal import Edit

_SENDING = frozenset({"sent_on", "channel"})
_ANSWER = ("answer", "answered_on", "result")
ANSWER_KEY = "R"


class ReferralSection(CaseSection):
    """Referrals with what they say about the person."""

    def more(self) -> None:
        """Below the list: what the receiver reads, the slip, and the answer."""
        self.case: CaseView | None = None
        self._newest = Newest()
        self.list: RecordList = self.parts["referral"][1]
        self.list.unfit = self._unfit
        self.list.opened.connect(self._opened)
        self.list.view.selectionModel().currentChanged.connect(lambda *_: self._show())
        self._icon = kit.IconLabel("info", "accent", 18)
        self.consent = kit.label("", "label", name="referral_consent")
        said = kit.hbox(self._icon, self.consent, gap=8)
        said.setStretch(1, 1)
        said.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self._head = kit.label("", "subheading", name="referral_shared_title")
        self._lines = kit.vbox(gap=4)
        self._place_words = kit.label("", "muted", name="referral_entry")
        self.slip = kit.button(
            _("Print the sl&ip"), "referral_slip", self._print, role="primary", icon="print"
        )
        self.answer = for_field(REGISTRY["referral"]["answer"], self.context)
        self.answer.edited.connect(self._answered)
        self._answer_words = kit.label("", "label", name="referral_answer_words")
        self._answer_place = kit.panel(kit.vbox(self._answer_words, self.answer, gap=4))
        self._buttons = kit.panel(kit.hbox(self.slip, None))
        self.card = kit.card(
            self._head,
            said,
            self._lines,
            self._place_words,
            self._buttons,
            self._answer_place,
            name="referral_card",
        )
        self.card.hide()
        self.column.insertWidget(self.column.count(), self.card)
        bind(self.list.view, ANSWER_KEY, self._to_answer, children=False)
        self._entry: dict[str, Any] = {}
        self.lookup = ServiceLookup(self.host)
        self.lookup.picked.connect(self._take)
        self.lookup.map_wanted.connect(self.show_map)
        self.lookup.hide()
        column = self.list.layout()
        column.insertWidget(column.indexOf(self.list.card), self.lookup)

    # -- the directory ---------------------------------------------------------------------

    def refer(self, service: str, person: str = "") -> None:
        """Open the form for a referral to this service of the directory."""
        if self.list.form is None or self.list.editing:
            self.list.add({"person": person} if person and self.several else None)
        self._take(service)

    def show_map(self) -> None:
        """Show the nearest services for the person of the form; the directory comes back here."""
        if self.case is None:
            return
        values = self._values() or {}
        self.host.go(
            "directory",
            case_id=self.case.row.case_id,
            person=str(values.get("person") or self.main_id),
            kind=str(values.get("service") or ""),
        )

    def _take(self, service: str) -> None:
        form = self.list.form
        wanted = str(form.editor("service").value() or "") if form is not None else ""
        self.host.ask(ChooseService(service, wanted), self._took, owner=self)

    def _took(self, chosen: Chosen) -> None:
        form = self.list.form
        if form is None:
            return
        self._entry = dict(chosen.values)
        shown = {n: v for n, v in chosen.values.items() if n in form.names()}
        form.suggest({"to_unit": None, **shown})
        self._typed("service")
        self.list.edited.emit()
        self._show()

    def _with_entry(self, record: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
        """*changes* with what the directory said, unless another receiver was typed since."""
        if self._entry and changes.get("to_body", self._entry["to_body"]) == self._entry["to_body"]:
            kept = {n: self._entry.get(n) for n in ("entry", "entry_words")}
            return {**changes, **{n: v for n, v in kept.items() if v or record}}
        known = next((r for r in self.case.of("referral") if r.id == record), None)
        if known is not None and "to_body" in changes and known.get("entry_words"):
            return {**changes, "entry": None, "entry_words": None}
        return changes

    def _watch(self, record: str, part: Any) -> None:
        part.submitted.connect(
            lambda record_id, changes: self.writer.save(
                part, record, record_id, self._with_entry(record_id, changes)
            )
        )
        part.edited.connect(self.edited)
        part.opened.connect(lambda _open: self.edited.emit())

    # -- the form --------------------------------------------------------------------------

    def show_case(self, case: CaseView) -> None:
        """Show the referrals; the form is checked against the consent in *case*."""
        self.case = case
        super().show_case(case)
        self.list.check = self._check(case)
        self._say()
        self._show()

    def _suggested(self, record: str) -> Mapping[str, Any]:
        found = {n: v for n, v in super()._suggested(record).items() if n not in _SENDING}
        return {**found, "shared": sorted(FIRST_SHARED)}

    def _check(self, case: CaseView) -> Checker:
        plain = checker_of(case, "referral", self.list.edited_id, self.host.context.now)

        def check(values: Mapping[str, Any]) -> list[Problem]:
            covers = self._covers(values)
            found = plain(values)
            if covers is not None and not covers.covered:
                field = "shared" if not values.get("urgent_reason") else "urgent_reason"
                found.append(Problem(field, "consent", self._words(covers, values), False))
            return found

        return check

    def _covers(self, values: Mapping[str, Any]) -> Covering | None:
        if self.case is None or not values.get("service"):
            return None
        person = str(values.get("person") or self.main_id)
        return covering(self.case, person, str(values.get("service")))

    @staticmethod
    def _words(covers: Covering, values: Mapping[str, Any]) -> str:
        if values.get("urgent_reason"):
            return _("Sent before consent, for the reason given here.")
        return covers.text

    def _unfit(self, values: Mapping[str, Any]) -> set[str]:
        covers = self._covers(values)
        # An answer comes later: a new referral does not ask for it.
        hidden = set() if self.list.editing else set(_ANSWER)
        if covers is None or covers.covered:
            return hidden | {"urgent_reason"}
        waits = not values.get("urgent_reason") and not values.get("sent_on")
        return hidden | (_SENDING if waits else set())

    def _opened(self, is_open: bool) -> None:
        self.lookup.setVisible(is_open)
        self._entry = {}
        if is_open:
            self.list.form.edited.connect(self._typed)
            self.lookup.clear()
            if self.case is not None:
                person = str((self._values() or {}).get("person") or self.main_id)
                self.lookup.load(self.case.row.case_id, person)
        self._show()

    def _typed(self, name: str) -> None:
        if name in {"service", "person", "urgent_reason"}:
            self._propose_day()
            self._say()
        if name in {"service", "person", "shared", "urgent_reason"}:
            self._show()

    def _propose_day(self) -> None:
        form, conditions = self.list.form, self.list.conditions
        if form is None or self.list.editing or not form.editor("service").value():
            return
        if "sent_on" not in conditions.hidden and not form.editor("sent_on").value():
            form.suggest({"sent_on": self.host.context.now().date().isoformat()})
        conditions.apply()

    def _say(self) -> None:
        form = self.list.form
        if form is None:
            return
        for name in ("shared", "urgent_reason"):
            form.box(name).check()
        self.list.look()

    # -- what is shared --------------------------------------------------------------------

    def _chosen(self) -> RecordView | None:
        line = self.list.chosen()
        if self.case is None or line is None or line.voided:
            return None
        return next((r for r in self.case.of("referral") if r.id == line.id), None)

    def _values(self) -> Mapping[str, Any] | None:
        if self.list.form is not None:
            return {"person": self.main_id, **self.list.form.values()}
        chosen = self._chosen()
        return chosen.values if chosen is not None else None

    def _show(self) -> None:
        values = self._values()
        covers = self._covers(values) if values else None
        self.card.setVisible(covers is not None)
        if values is None or covers is None or self.case is None:
            return
        chosen = self._chosen() if self.list.form is None else None
        urgent = bool(values.get("urgent_reason"))
        waits = not covers.covered and not urgent
        tone = "ok" if covers.covered else "due"
        self._icon.set_icon("ok" if covers.covered else "warning", tone)
        text = _("Sent before consent, for a reason of safety.") if urgent else covers.text
        if waits and values.get("sent_on"):
            text = _("It was sent; now nothing more may be shared. {reason}").format(reason=text)
        if covers.covered:
            person = str(values.get("person") or self.main_id)
            note = child_note(self.case, person, self.host.context.now().date())
            text = f"{covers.text} {note}".strip()
        self.consent.setText(text)
        kit.retone(self.consent, "" if covers.covered else "due")
        self._head.setText(
            _("This would be shared") if waits else _("This is shared, and nothing else")
        )
        said = str(values.get("entry_words") or "") if self.list.form is None else ""
        said = str(self._entry.get("entry_words") or said)
        self._place_words.setText(
            _("From the directory:\n{words}").format(words=said) if said else ""
        )
        self._place_words.setVisible(bool(said))
        self._buttons.setVisible(chosen is not None)
        self.slip.setEnabled(chosen is not None and not waits)
        self.slip.setToolTip(_("Not before the person has agreed.") if waits else "")
        self._answer_place.setVisible(chosen is not None and not waits)
        if chosen is not None:
            self._show_answer(chosen)
        person = str(values.get("person") or self.main_id)
        only = self._newest.begin()
        query = SharedFacts(self.case.row.case_id, person, tuple(values.get("shared") or ()))
        self.host.ask(query, only(self._answer_lines), owner=self)

    def _answer_lines(self, found: tuple[SharedLine, ...]) -> None:
        kit.clear(self._lines)
        for line in found:
            value = line.value or _("not known, is left out")
            text = _("{what}: {value}").format(what=line.label, value=value)
            tone = "" if line.value else "muted"
            self._lines.addWidget(kit.label(text, tone, name=f"shared_{line.code}"))
        if not found:
            words = _("Nothing about the person is chosen yet.")
            self._lines.addWidget(kit.label(words, "muted", name="shared_nothing"))

    # -- acting ----------------------------------------------------------------------------

    def _print(self) -> None:
        chosen = self._chosen()
        if chosen is not None and not held(self.case, chosen):
            self.paper_wanted.emit(SLIP, str(chosen.get("person") or ""), chosen.id)

    def _show_answer(self, chosen: RecordView) -> None:
        self.answer.set_value(chosen.get("answer"))
        text = _("Answer of {body} (press {key}, then 1–{count})")
        count = len(SMALL_LISTS["referral_answer"].codes())
        words = text.format(body=chosen.get("to_body") or "", key=ANSWER_KEY, count=count)
        self._answer_words.setText(words)

    def _to_answer(self) -> None:
        if not self.card.isHidden() and not self._answer_place.isHidden():
            self.answer.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _answered(self) -> None:
        chosen, answer = self._chosen(), self.answer.value()
        if chosen is None or not answer or answer == chosen.get("answer"):
            return
        label = SMALL_LISTS["referral_answer"].label(answer)

        def done(before: Mapping[str, Any]) -> None:
            back = SaveRecords((Edit("referral", chosen.id, dict(before)),))
            text = _("Answer written down: {answer}").format(answer=label)
            self.host.undo.offer(text, lambda: self.host.do(back))
            self.list.view.setFocus()

        self.host.do(AnswerReferral(chosen.id, answer), done, owner=self)

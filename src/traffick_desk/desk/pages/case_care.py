"""Sections of a case that say what follows from their records: screening, needs, follow-up."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt

from traffick_desk.desk import kit
from traffick_desk.desk.pages.case_section import CaseSection
from traffick_desk.desk.pages.score_chart import ScoreChart
from traffick_desk.desk.pages.showing import ADULT, ages
from traffick_desk.desk.parsing import show_date
from traffick_desk.domain.screening import Finding, weigh
from traffick_desk.i18n import _, ngettext
from traffick_desk.law import Assessment
from traffick_desk.services.gaps import gaps
from traffick_desk.services.views import CaseView, RecordView

_TONES = {
    Finding.FITS: ("warning", "due"),
    Finding.FITS_IF_CHILD: ("warning", "due"),
    Finding.SIGNS: ("warning", "due"),
    Finding.NOTHING: ("info", "accent"),
    Finding.OPEN: ("info", "accent"),
}


class ScreeningSection(CaseSection):
    """The screenings, and what the newest one advises."""

    def more(self) -> None:
        """The advice stands between the heading and the list."""
        self.advice = kit.label("", "label", name="screening_advice")
        self.reasons = kit.label("", name="screening_reasons")
        self.open = kit.label("", "muted", name="screening_open")
        self._icon = kit.IconLabel("info", "accent", 24)
        words = kit.vbox(self.advice, self.reasons, self.open, gap=4)
        row = kit.hbox(self._icon, words, gap=12)
        row.setStretch(1, 1)
        row.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self.card = kit.card(row, name="screening_card")
        self.column.insertWidget(1, self.card)

    def show_case(self, case: CaseView) -> None:
        """Show the records, and weigh the newest screening."""
        super().show_case(case)
        found = [r for r in case.of("screening") if r.get("at")]
        self.card.setVisible(bool(found))
        if not found:
            return
        newest = max(found, key=lambda r: r.get("at"))
        advice = weigh(newest.values, child=_is_child(case, newest))
        icon, tone = _TONES[advice.finding]
        self._icon.set_icon(icon, tone)
        statuses = case.of("status", str(newest.get("person")))
        last = max(statuses, key=lambda r: r.get("since") or "", default=None)
        self.advice.setText(advice.words(str(last.get("status")) if last is not None else None))
        self.reasons.setText("\n".join(f"• {text}" for text in advice.reasons))
        self.reasons.setVisible(bool(advice.reasons))
        count = len(advice.unasked)
        text = ngettext("{n} question was not asked.", "{n} questions were not asked.", count)
        self.open.setText(text.format(n=count))
        self.open.setVisible(bool(count))


def _is_child(case: CaseView, screening: RecordView) -> bool | None:
    """Whether the person is under 18 on the day of the screening; ``None`` if it cannot be told."""
    person = next((p for p in case.persons if p.id == screening.get("person")), None)
    if person is None:
        return None
    found = ages(person.get("birth"), date.fromisoformat(screening.get("at")[:10]))
    if found is None or found[0] < ADULT <= found[1]:
        return None
    return found[1] < ADULT


class NeedsSection(CaseSection):
    """Needs and plan; above them what the law gives and nobody has acted on."""

    def more(self) -> None:
        """The gaps stand between the heading and the lists."""
        self.gaps = kit.vbox(gap=4)
        self.card = kit.card(
            kit.label(_("The law gives it, and nobody has acted yet"), "subheading"),
            self.gaps,
            kit.label(
                _("Request it beside, or plan it below. What is planned or paid goes from here."),
                "muted",
            ),
            name="needs_gaps",
        )
        self.card.hide()
        self.column.insertWidget(1, self.card)

    def show_gaps(self, found: Assessment, case: CaseView, person_id: str) -> None:
        """Show what is open for one person."""
        kit.clear(self.gaps)
        listed = gaps(found, case, person_id)
        for gap in listed:
            text = f"{gap.letter}) {gap.label}"
            if gap.since is not None:
                text = _("{regime}, since {day}").format(regime=text, day=show_date(gap.since))
            row = kit.hbox(kit.IconLabel("warning", "due", 18), kit.label(text), gap=8)
            row.setStretch(1, 1)
            self.gaps.addWidget(kit.panel(row))
        self.card.setVisible(bool(listed))


class FollowUpSection(CaseSection):
    """The visits, how the scores went, and other programmes."""

    def more(self) -> None:
        """The line stands between the visits and the programmes."""
        self.chart = ScoreChart()
        self.column.insertWidget(2, self.chart)

    def show_case(self, case: CaseView) -> None:
        """Show the records and the line of the main person."""
        super().show_case(case)
        self.chart.show_visits(case.of("visit", self.main_id))

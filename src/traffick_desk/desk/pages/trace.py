"""“Why?”: the facts, the rule, the article, what would change the answer, and what is open."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from traffick_desk.desk import kit, theme
from traffick_desk.i18n import _
from traffick_desk.law import Assessment, Outcome, Result, fact_label
from traffick_desk.law.pack import Pack


def _group(title: str, lines: Iterable[str]) -> list[QWidget]:
    texts = [text for text in dict.fromkeys(lines) if text]
    if not texts:
        return []
    head = kit.label(title, "group")
    head.setContentsMargins(0, theme.current().px(8), 0, 0)
    widgets: list[QWidget] = [head]
    for text in texts:
        label = kit.label(text[:1].upper() + text[1:], name="trace_line")
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        label.setAccessibleName(f"{title}: {text}")
        widgets.append(label)
    return widgets


def question_text(pack: Pack | None, question: str) -> str:
    """An open question of the law in words; its number if the pack does not say."""
    known = getattr(pack, "questions", {}).get(question) if pack is not None else None
    text = getattr(known, "text", None) or getattr(known, "label", None)
    return f"{question}: {text}" if text else question


def _fact(name: str) -> str:
    try:
        return fact_label(name)
    except KeyError:
        return name


def outcome_widgets(outcome: Outcome, pack: Pack | None = None) -> list[QWidget]:
    """Everything that explains one regime."""
    cited = "; ".join(dict.fromkeys(str(c) for c in outcome.cite))
    amounts = [f"{line.level.label}: {line.amount_text}" for line in outcome.lines]
    widgets = _group(_("Why"), [str(outcome.reason)])
    widgets += _group(_("Article"), [cited, outcome.mark.label])
    if outcome.result is not Result.NOT_GRANTED:
        widgets += _group(_("What it holds"), amounts)
    if outcome.regime.content is not None:
        widgets += _group(_("In the words of the rules"), [str(outcome.regime.content)])
    facts = {name for step in outcome.trace for name in step.facts}
    widgets += _group(_("Facts that count"), sorted(_fact(name) for name in facts))
    widgets += _group(_("Would change it"), (_fact(name) for name in outcome.missing))
    widgets += _group(_("Good to know"), (str(note) for note in outcome.notes))
    widgets += _group(_("Open questions"), (question_text(pack, q) for q in outcome.questions))
    steps = []
    for step in outcome.trace:
        where = "; ".join(str(c) for c in step.cite)
        steps.append(f"{step.words} ({where})" if where else str(step.words))
    widgets += _group(_("Step by step"), steps)
    return widgets


def law_widgets(found: Assessment, pack: Pack | None = None) -> list[QWidget]:
    """Why this law governs the person, and which row of it."""
    widgets = _group(_("Why this law"), [str(found.law.reason)])
    widgets += _group(_("Article"), (str(c) for c in found.law.cite))
    widgets += _group(_("Person"), [str(found.category)])
    widgets += _group(
        _("Would change it"), (_fact(n) for n in (*found.law.missing, *found.missing))
    )
    widgets += _group(_("Good to know"), (str(note) for note in found.notes))
    widgets += _group(_("Open questions"), (question_text(pack, q) for q in found.questions))
    version = _("Rule pack {id}, version {version}").format(
        id=found.pack_id, version=found.pack_version
    )
    return [*widgets, kit.label(version, "muted")]

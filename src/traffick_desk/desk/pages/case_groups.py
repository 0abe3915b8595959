"""The list of cases in groups that fold: a line for each group, and its cases below it.

All places are known from one question (``GroupedCases``), so folding and scrolling read only
the lines that are looked at, however many cases there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from traffick_desk.desk import icons, theme
from traffick_desk.desk.pages.case_model import PagedModel
from traffick_desk.desk.pages.case_name import NameDelegate, RowDelegate
from traffick_desk.desk.parsing import show_integer
from traffick_desk.i18n import _, ngettext
from traffick_desk.services.case_filter import CaseFilter
from traffick_desk.services.case_lists import Group, GroupedCases, Lines

# Of more cases than this the groups come folded: an overview first.
FOLD_FROM = 100
Ask = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The line of a group."""

    key: str
    name: str
    count: int
    folded: bool

    @property
    def words(self) -> str:
        """Its name and how many cases it has."""
        text = ngettext("{n} case", "{n} cases", self.count)
        return f"{self.name}: {text.format(n=show_integer(self.count))}"


@dataclass(frozen=True)
class GroupedSource:
    """Rows of a grouped list.

    Attributes:
        folded: keys of the folded groups; ``None`` until somebody chose.
        name_of: key of a group → what it is called.
        known: the groups in the order last asked for; shared by sources that only fold.
    """

    ask: Ask
    filter: CaseFilter
    by: str
    name_of: Callable[[str], str]
    folded: frozenset[str] | None = None
    known: dict[str, tuple[Group, ...]] = field(default_factory=dict)

    def groups(self, order: str) -> tuple[Group, ...]:
        """All groups, each in *order*."""
        found = self.known.get(order)
        if found is None:
            found = self.ask(GroupedCases(self.by, self.filter, order))
            self.known.clear()
            self.known[order] = found
        return found

    def folds(self, groups: Sequence[Group]) -> frozenset[str]:
        """Which groups are folded."""
        if self.folded is not None:
            return self.folded
        many = sum(g.count for g in groups) > FOLD_FROM
        return frozenset(g.key for g in groups) if many and len(groups) > 1 else frozenset()

    def fetch(self, order: str, offset: int, limit: int) -> Sequence[Any]:
        """One page of lines of groups and of cases."""
        groups = self.groups(order)
        folded = self.folds(groups)
        starts, total = [], 0
        for group in groups:
            starts.append(total)
            total += 1 + (0 if group.key in folded else group.count)
        rows: list[Any] = []
        wanted: list[int] = []
        for number in range(offset, min(offset + limit, total)):
            at = bisect_right(starts, number) - 1
            group, place = groups[at], number - starts[at] - 1
            if place < 0:
                name = self.name_of(group.key)
                rows.append(GroupRow(group.key, name, group.count, group.key in folded))
            else:
                wanted.append(len(rows))
                rows.append(group.lines[place])
        lines = self.ask(Lines(tuple(rows[n] for n in wanted))) if wanted else ()
        for n, line in zip(wanted, lines, strict=True):
            rows[n] = line
        return rows

    def _groups_now(self) -> tuple[Group, ...]:
        return next(iter(self.known.values()), None) or self.groups("name")

    def count(self) -> int:
        """How many lines there are, those of groups and those not folded away."""
        groups = self._groups_now()
        folded = self.folds(groups)
        return len(groups) + sum(g.count for g in groups if g.key not in folded)

    def cases(self) -> int:
        """How many cases there are, folded ones too."""
        return sum(g.count for g in next(iter(self.known.values()), ()))

    def row_of(self, key: str) -> int:
        """The line of a group, or -1."""
        groups = next(iter(self.known.values()), ())
        folded = self.folds(groups)
        row = 0
        for group in groups:
            if group.key == key:
                return row
            row += 1 + (0 if group.key in folded else group.count)
        return -1

    def group_at(self, row: int) -> str | None:
        """The key of the group in which a line stands."""
        groups = next(iter(self.known.values()), ())
        folded = self.folds(groups)
        start, found = 0, None
        for group in groups:
            if start > row:
                break
            found = group.key
            start += 1 + (0 if group.key in folded else group.count)
        return found

    def fold(self, key: str, on: bool) -> GroupedSource:
        """The same with one group folded or opened."""
        folded = self.folds(self._groups_now())
        return replace(self, folded=folded | {key} if on else folded - {key})

    def fold_all(self, on: bool) -> GroupedSource:
        """The same with all groups folded or opened."""
        keys = frozenset(g.key for g in self._groups_now())
        return replace(self, folded=keys if on else frozenset())

    def anew(self) -> GroupedSource:
        """The same question, asked again."""
        return replace(self, known={})


class CaseModel(PagedModel):
    """A list whose lines may be of groups."""

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As usual; of a group its words, whichever the column."""
        row = self.row(index) if index.isValid() else None
        if not isinstance(row, GroupRow):
            return super().data(index, role)
        roles = Qt.ItemDataRole
        if role == roles.AccessibleTextRole:
            return f"{row.words}, {_('folded') if row.folded else _('open')}"
        return row.words if role in (roles.DisplayRole, roles.ToolTipRole) else None


class _Banded:
    """Draws the line of a group across all columns; mixed into delegates."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw a cell, or the part of the band that lies in it."""
        row = index.model().row(index)
        if not isinstance(row, GroupRow):
            super().paint(painter, option, index)  # type: ignore[misc]
            return
        look = theme.current()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        ground = look.colours.accent_soft if chosen else look.colours.sunken
        painter.save()
        painter.setClipRect(option.rect)
        painter.fillRect(option.rect, QColor(ground))
        # Each cell draws its part of one text, wherever its column stands.
        left = look.px(12)
        band = QRect(left, option.rect.top(), 10_000, option.rect.height())
        name = "chevron-right" if row.folded else "chevron-down"
        icon = icons.pixmap(name, "accent" if chosen else "muted", 16)
        top = option.rect.center().y() - look.px(8)
        painter.drawPixmap(left, top, icon)
        font = look.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(look.colours.text))
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(band.adjusted(look.px(24), 0, 0, 0), align, row.words)
        painter.restore()


class GroupDelegate(_Banded, RowDelegate):
    """Of all columns but the name."""


class GroupNameDelegate(_Banded, NameDelegate):
    """Of the name."""

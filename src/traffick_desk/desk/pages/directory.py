"""*Directory*: who helps with what and how far it is, as a list with a map beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

from traffick_desk.desk import kit, parsing, theme
from traffick_desk.desk.editors.choice import QuietCombo
from traffick_desk.desk.fitting_row import FittingRow
from traffick_desk.desk.host import Host
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.desk.pages import directory_words as words
from traffick_desk.desk.pages.directory_card import ServiceCard
from traffick_desk.desk.pages.directory_names import UnitNames
from traffick_desk.desk.pages.map_model import Point
from traffick_desk.desk.pages.service_map import ServiceMap
from traffick_desk.desk.search_field import SearchField
from traffick_desk.desk.shortcuts import Keys, bind
from traffick_desk.desk.tables import Column, ListModel, ListTable
from traffick_desk.domain.codes import SMALL_LISTS
from traffick_desk.i18n import N_, _, ngettext
from traffick_desk.services.directory import values
from traffick_desk.services.directory.find import (
    Found,
    ListServices,
    Near,
    NearestForCase,
    ServiceFilter,
    ServiceRow,
    points,
)
from traffick_desk.services.roles import DIRECTORY_READ, DIRECTORY_WRITE, may

SEARCH_AFTER_MS = 150
# Below this width (px at 100 %) the map steps back behind its button.
ROOM_FOR_MAP = 900
LEAST_LIST, LEAST_SIDE = 160, 320


class DirectoryPage(Page):
    """The list of services, the map, and the chosen service."""

    permission = DIRECTORY_READ
    name = "directory"
    label = N_("Directory")
    icon = "directory"
    interests = frozenset({"directory"})

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._found: Found | None = None
        self._near: Near | None = None
        self._case: dict[str, str] = {}
        self._wanted, self._from_top = "", False
        self._turn = 0
        self._rows: tuple[ServiceRow, ...] = ()
        self._units = host.desk.context.units
        self.may_write = may(host.desk.info.role, DIRECTORY_WRITE)
        self._wait = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._wait.timeout.connect(self.read)
        self._make_filters()
        self._make_list()
        self.map = ServiceMap(UnitNames(self._units))
        self.map.chosen.connect(self._choose)
        self.map.opened.connect(self._open)
        self.card = ServiceCard(host)
        self.card.changed.connect(self.read)
        self.card.refer.connect(self._refer)
        self._place()
        bind(self, Keys.FIND.keys, self._find)

    # -- building ----------------------------------------------------------------------------

    def _make_filters(self) -> None:
        self.search = SearchField(
            "directory_search", _("Name, place, telephone… with or without accents")
        )
        self.search.textChanged.connect(lambda _text: self._wait.start())
        self.kind = QuietCombo()
        self.kind.setObjectName("directory_kind")
        self.kind.setAccessibleName(_("What it helps with"))
        self.kind.addItem(_("All services"), "")
        labels = SMALL_LISTS["directory_service"]
        for code in labels.codes():
            self.kind.addItem(labels.label(code), code)
        self.kind.activated.connect(lambda _index: self._kind_chosen())
        self.due = self._chip(_("To be checked"), "directory_due")
        self.closed = self._chip(_("Closed ones too"), "directory_closed")
        self.map_button = self._chip(_("Map"), "directory_map")
        self.map_button.setChecked(True)
        self.map_button.toggled.disconnect()
        self.map_button.toggled.connect(lambda _on: self._fold())

    def _chip(self, text: str, name: str) -> kit.Button:
        chip = kit.button(text, name, role="choice")
        chip.setCheckable(True)
        chip.toggled.connect(lambda _on: self.read())
        return chip

    def _make_list(self) -> None:
        columns = [
            Column("name", _("Service"), lambda r: r.name, "", 34),
            Column("far", _("Distance"), words.far, "", 9, right=True),
            Column("phone", _("Telephone"), lambda r: r.phone, "", 15),
            Column("kinds", _("Helps with"), lambda r: values.kinds(r.kinds), "", 22),
            Column("state", _("State"), words.state, "", 24, tone=words.state_tone),
        ]
        self.model = ListModel(columns, self._fetch, None, self)
        new = kit.button(_("New service"), "directory_empty_new", self.new)
        new.setEnabled(self.may_write)
        self.table = ListTable(
            self.model,
            "services",
            _("List of services"),
            empty=kit.empty_state(
                _("No service fits."),
                _(
                    "Hospitals, legal aid, police, shelters, schools, job centres: whom a person "
                    "can be sent to. Enter them here, or take in a table that you have."
                ),
                _("Example: “tro giup phap ly” finds Trợ giúp pháp lý."),
                new,
                icon="directory",
            ),
            preferences=self.host.preferences,
        )
        self.search.returnPressed.connect(self.table.setFocus)
        self.table.picked.connect(self._picked)
        self.table.opened.connect(lambda row: self._open(row.id))

    def _place(self) -> None:
        self._title = kit.label(self.title(), "title", name="directory_title", wrap=False)
        self.count = kit.label("", "muted", name="directory_count", wrap=False)
        self.new_button = kit.button(
            _("New service"), "directory_new", self.new, role="primary", icon="plus"
        )
        facilities = kit.button(
            _("Facilities and places"), "directory_facilities",
            lambda: self.host.go("facilities"), icon="bed",
        )  # fmt: skip
        acts = FittingRow("directory_acts", facilities, keep=(self.new_button,), right=True)
        head = kit.hbox(self._title, self.count, None, acts)
        tools = FittingRow("directory_tools", self.map_button, self.due, self.closed, right=True)
        find = kit.hbox(self.search, self.kind, tools)
        find.setStretch(0, 3)
        self.near_words = kit.label("", "label", name="directory_near")
        self.near_close = kit.button(
            _("Back to all services"), "directory_all", self.show_all, role="quiet"
        )
        self.near_bar = kit.panel(kit.hbox(self.near_words, self.near_close), name="near_bar")
        self.near_bar.layout().setStretch(0, 1)
        self.near_bar.hide()
        self.said = kit.label("", "muted", name="directory_said")
        self.side = QSplitter(Qt.Orientation.Vertical)
        self.side.setObjectName("directory_side")
        self.side.addWidget(self.map)
        # Within what scrolls: with large text the words need many lines.
        beside = kit.panel(kit.vbox(self.card, self.said, None, gap=4))
        self.side.addWidget(kit.scroll(beside, "directory_card_scroll"))
        self.side.setStretchFactor(0, 1)
        self.side.setStretchFactor(1, 1)
        self.side.setChildrenCollapsible(False)
        self.both = QSplitter(Qt.Orientation.Horizontal)
        self.both.setObjectName("directory_both")
        self.both.addWidget(self.table)
        self.both.addWidget(self.side)
        self.both.setStretchFactor(0, 3)
        self.both.setStretchFactor(1, 2)
        self.both.setChildrenCollapsible(False)
        foot = FittingRow(
            "directory_foot",
            self._foot(_("Take in a table…"), "directory_import", self.take_in, "import"),
            self._foot(_("Save as a file…"), "directory_export", self.save, "export"),
            self._foot(_("List for the wall…"), "directory_wall",
                       lambda: self.host.go("directory_paper"), "print"),
        )  # fmt: skip
        body = kit.vbox(head, find, self.near_bar, self.both, foot)
        body.setStretch(3, 1)
        kit.measures(body, 24, 12)
        # With large text on a small screen the whole page scrolls, and list and map keep room.
        self.set_body(kit.vbox(kit.scroll(kit.panel(body), "directory_scroll")), scrolls=False)
        kit.measures(self.layout(), 0, 0)
        self.setFocusProxy(self.table)
        self.new_button.setEnabled(self.may_write)

    def _foot(self, text: str, name: str, act: Callable[[], object], icon: str) -> kit.Button:
        made = kit.button(text, name, act, role="quiet", icon=icon)
        if name == "directory_import":
            made.setEnabled(self.may_write)
        return made

    # -- coming and going --------------------------------------------------------------------

    def opened(
        self,
        service: str = "",
        kind: str = "",
        *,
        due: bool = False,
        case_id: str = "",
        person: str = "",
        text: str = "",
        **_more: Any,
    ) -> None:
        """Show the directory.

        Args:
            service: id of a service to choose.
            kind: what it shall help with.
            due: only what is to be checked.
            case_id: the case for which the nearest is looked for.
            person: of that case.
            text: to search for.
        """
        if case_id:
            self._case = {"case_id": case_id, "person": person, "kind": kind}
            self.kind.setCurrentIndex(0)
            self._from_top = True
        if service or due or text:
            self._case = {}
            self.search.setText(text)
        if kind or service or text:
            self.kind.setCurrentIndex(max(self.kind.findData(kind), 0))
        if due:
            self.due.setChecked(True)
        self._wanted = service
        self.read()

    def refresh(self, changed: frozenset[str]) -> None:
        """Read again, at the same place."""
        _ = changed
        self.read()

    def back(self) -> bool:
        """Esc leaves the search for a case first."""
        if self._case:
            case = self._case["case_id"]
            self._case = {}
            self.host.go("case", case_id=case, section="referrals")
            return True
        return False

    def commands(self) -> list[PageCommand]:
        """What the palette offers."""
        found = [
            PageCommand(_("Facilities and places"), lambda: self.host.go("facilities"), "bed"),
            PageCommand(_("Save the directory as a file…"), self.save, "export"),
            PageCommand(_("List of services for the wall"),
                        lambda: self.host.go("directory_paper"), "print"),
        ]  # fmt: skip
        if self.may_write:
            found[:0] = [
                PageCommand(_("New service"), self.new, "plus"),
                PageCommand(_("Take in a table of services…"), self.take_in, "import"),
            ]
        return found

    # -- reading -----------------------------------------------------------------------------

    def filter(self) -> ServiceFilter:
        """What is asked for."""
        kind = str(self.kind.currentData() or "")
        return ServiceFilter(
            text=self.search.text().strip(),
            kinds=(kind,) if kind else (),
            due=self.due.isChecked(),
            closed=self.closed.isChecked(),
        )

    def read(self) -> None:
        """Ask with the filter that is set now."""
        self._wait.stop()
        self._turn += 1
        turn = self._turn
        query: Any = ListServices(self.filter())
        if self._case:
            kind = str(self.kind.currentData() or "")
            query = NearestForCase(
                self._case["case_id"], self._case["person"], (kind,) if kind else ()
            )
        self.host.ask(query, lambda found: self._came(turn, found), owner=self)

    def _came(self, turn: int, answer: Any) -> None:
        if turn != self._turn:
            return
        self._near = answer if isinstance(answer, Near) else None
        self._found = answer.found if isinstance(answer, Near) else answer
        wanted = self._wanted or ("" if self._from_top else self._current_id())
        self._wanted, self._from_top = "", False
        self._rows = self._found.rows
        self.model.reload()
        row = self.model.find(lambda r: r.id == wanted)
        if self._rows:
            self.table.view.setCurrentIndex(self.model.index(max(row, 0), 0))
        shown = [
            Point(
                r.id, r.position, f"{r.name} · {words.far(r)}" if words.far(r) else r.name, r.exact
            )
            for r in points(self._rows)
            if r.position is not None
        ]
        self.map.show_points(shown, self._found.origin, self._found.origin_words)
        self.map.choose(self._current_id())
        self._say()

    def _fetch(self, _order: str, offset: int, limit: int) -> Sequence[ServiceRow]:
        return self._rows[offset : offset + limit]

    def _say(self) -> None:
        found, n = self._found, len(self._rows)
        if found is None:
            return
        self.count.setText(
            ngettext("{n} service", "{n} services", n).format(n=parsing.show_integer(n))
        )
        months = ngettext("every {n} month", "every {n} months", found.months).format(
            n=found.months
        )
        rule = (
            _("Entries are checked {months}, as the province says.")
            if found.months_set
            else _("Entries are checked {months}: the program's proposal, not a rule of the law.")
        )
        self.said.setText(
            " ".join(
                (
                    _("Distances as the crow flies from {place}; ~ means to the commune's centre.")
                    .format(place=found.origin_words or "?"),
                    rule.format(months=months),
                )
            )
        )  # fmt: skip
        self._say_near()

    def _say_near(self) -> None:
        near = self._near
        self.near_bar.setVisible(near is not None)
        for box in (self.search, self.due, self.closed):
            box.setVisible(near is None)
        self.card.set_case(self._case.get("case_id", "") if near is not None else "")
        if near is None:
            return
        kinds = values.kinds(near.kinds)
        person = [SMALL_LISTS["sex"].label(near.sex)] if near.sex in {"female", "male"} else []
        if near.age is not None:
            person.append(_("aged {age}").format(age=near.age))
        if near.with_child:
            person.append(_("with a child"))
        who = ", ".join(person)
        if kinds:
            text = _("Nearest for this case: {kinds} ({who}).")
        elif near.needs:
            text = _("Nearest for this case ({who}).")
        else:
            text = _("Nearest for this case ({who}). No need is written down yet: all services.")
        self.near_words.setText(text.format(kinds=kinds, who=who or _("nothing known")))

    # -- choosing ----------------------------------------------------------------------------

    def _current_id(self) -> str:
        row = self.table.current()
        return row.id if row is not None else ""

    def _picked(self, row: ServiceRow | None) -> None:
        self.card.show_service(row.id if row is not None else "")
        if row is not None:
            self.map.choose(row.id)

    def _choose(self, key: object) -> None:
        row = self.model.find(lambda r: r.id == key)
        if row < 0 and any(r.id == key for r in self._rows):
            while row < 0 and self.model.canFetchMore(self.model.index(-1, -1)):
                self.model.fetchMore(self.model.index(-1, -1))
                row = self.model.find(lambda r: r.id == key)
        if row >= 0:
            self.table.view.setCurrentIndex(self.model.index(row, 0))

    def _open(self, key: object) -> None:
        self._choose(key)
        if self._case:
            self._refer(str(key))
        else:
            self.host.go("service", service=str(key))

    def _kind_chosen(self) -> None:
        self.read()

    def _find(self) -> None:
        if self._case:
            self.show_all()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def show_all(self) -> None:
        """Leave the search for a case."""
        self._case = {}
        self.kind.setCurrentIndex(0)
        self.read()

    def _refer(self, service: str) -> None:
        if self._case:
            case, self._case = self._case, {}
            self.host.go(
                "case", case_id=case["case_id"], section="referrals", refer=service,
                person=case["person"],
            )  # fmt: skip

    def new(self) -> None:
        """Enter a new service."""
        self.host.go("service", service="", kind=str(self.kind.currentData() or ""))

    def take_in(self) -> None:
        """Take in a table."""
        self.host.go("directory_import")

    def save(self) -> None:
        """Save the directory as a file."""
        from traffick_desk.desk.pages.directory_files import save

        save(self.host, self)

    # -- layout ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The map steps back where there is no room."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        look = theme.current()
        wide = self.width() >= look.px(ROOM_FOR_MAP)
        self.both.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self.map.setVisible(self.map_button.isChecked())
        self.table.setMinimumHeight(look.px(LEAST_LIST))
        self.side.setMinimumHeight(
            look.px(LEAST_SIDE if self.map_button.isChecked() else LEAST_LIST)
        )

"""A desk without a vault, and two small pages, to try the window's own parts."""

from __future__ import annotations

import threading
from types import SimpleNamespace

from traffick_desk.desk import kit
from traffick_desk.desk.editors import Choice, Context
from traffick_desk.desk.editors.base import FixedSource, default_context
from traffick_desk.desk.form import RecordForm
from traffick_desk.desk.page import Page, PageCommand
from traffick_desk.domain.records import REGISTRY

UNITS = [
    Choice("2025/01", "Xã Đồng Văn, tỉnh Tuyên Quang"),
    Choice("2025/02", "Xã Lũng Cú, tỉnh Tuyên Quang"),
    Choice("2025/03", "Phường Hòa Bình, tỉnh Phú Thọ"),
]


class Many(FixedSource):
    """Choices too many to show."""

    def all(self):
        return None


def fake_context() -> Context:
    own = default_context().source
    many = Many(UNITS)

    def source(field):
        if field.kind.value == "unit" or field.codes in {"country", "language", "ethnicity"}:
            return many
        return own(field)

    return Context(source)


class FakeDesk:
    """Answers with functions; remembers commands and the threads they ran in."""

    def __init__(self, profile: str = "commune") -> None:
        self.info = SimpleNamespace(
            practice=False,
            profile=profile,
            role="officer",
            unit="2025/01",
            unit_name="Xã Đồng Văn",
            label="Bàn tiếp nhận",
        )
        self.listeners = []
        self.commands = []
        self.threads = set()
        self.closed = False
        self.refuse: Exception | None = None

    def do(self, command):
        self.threads.add(threading.current_thread())
        if self.refuse is not None:
            raise self.refuse
        self.commands.append(command)
        for listener in tuple(self.listeners):
            listener(frozenset({"cases"}))
        return command

    def ask(self, query):
        self.threads.add(threading.current_thread())
        if isinstance(query, Exception):
            raise query
        return query() if callable(query) else query

    def close(self):
        self.closed = True


class TodayPage(Page):
    name, label, icon = "today", "Today", "today"

    def __init__(self, host):
        super().__init__(host)
        self.seen = []
        self.drafts_saved = 0
        rows = [
            kit.hbox(
                kit.badge("quá hạn", "late"),
                kit.label("TD-0007/2026  Báo Sở Y tế tiếp nhận", wrap=False),
                None,
                kit.button("Soạn công văn", "letter"),
            ),
            kit.line(),
            kit.hbox(
                kit.badge("còn 1 ngày", "due"),
                kit.label("TD-0006/2026  Sở Y tế xác minh ban đầu", wrap=False),
                None,
                kit.button("Ghi kết quả", "result"),
            ),
        ]
        self.set_body(
            kit.vbox(kit.label("Hôm nay, thứ Bảy 21/11/2026", "title"), kit.card(*rows), None)
        )

    def refresh(self, changed):
        self.seen.append(changed)

    def save_drafts(self):
        self.drafts_saved += 1

    def commands(self):
        return [PageCommand("Bắt đầu tiếp nhận", lambda: self.host.go("case"), "plus", "Ctrl+N")]


class EmptyPage(Page):
    name, label, icon = "cases", "Cases", "cases"

    def __init__(self, host):
        super().__init__(host)
        self.set_body(
            kit.empty_state(
                "Chưa có hồ sơ nào",
                "Người được tiếp nhận sẽ đứng ở đây. Bắt đầu bằng một lần tiếp nhận mới.",
                "Ví dụ: một phụ nữ được Bộ đội Biên phòng bàn giao lúc 20:40.",
                kit.button("Tiếp nhận mới", "new", role="primary", icon="plus"),
                icon="cases",
            ),
            scrolls=False,
        )


class CasePage(Page):
    name, label, icon, in_navigation = "case", "Case", "cases", False
    belongs_to = "cases"

    def __init__(self, host):
        super().__init__(host)
        self.form = RecordForm(REGISTRY["person"], context=fake_context())
        self.set_body(kit.vbox(kit.label("TD-0007/2026", "title"), kit.card(self.form), None))


class ProvincePage(Page):
    name, label, profiles = "province", "Province", frozenset({"province"})


PAGES = (TodayPage, EmptyPage, ProvincePage, CasePage)

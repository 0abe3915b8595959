"""What an invented province does beside its cases: prevention, teams, plans, services, places.

Names, numbers and telephone numbers are invented; which distributions they come from stands in
``docs/demo-province.md``. The same seed gives the same work.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from traffick_desk.domain.belonging import unit_record_id
from traffick_desk.store.journal import Edit

CAMPAIGN_DAY = (7, 30)
_TALKS = (
    ("talk", "Nói chuyện về phương thức, thủ đoạn mua bán người", ("tricks", "hotline"), 40, 160),
    ("school", "Tuyên truyền phòng, chống mua bán người trong trường học",
     ("tricks", "online_risks"), 90, 420),
    ("discussion", "Sinh hoạt thôn, bản về việc đi làm ăn xa an toàn",
     ("migration", "law"), 20, 70),
    ("broadcast", "Phát thanh về phòng, chống mua bán người", ("tricks", "hotline"), 0, 0),
)  # fmt: skip
_GROUPS = ("women", "students", "minorities", "border", "parents", "everybody")
_MATERIALS = (
    ("leaflet", "Tờ rơi Tổng đài 111", 200, 1500),
    ("panel", "Pa nô phòng, chống mua bán người", 1, 6),
    ("handbook", "Sổ tay tiếp nhận nạn nhân", 10, 60),
)
_SERVICES: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("Bệnh viện đa khoa Ví Dụ", "medical", "health", {"always": "yes", "cost": "insured"}),
    ("Phòng tư vấn tâm lý Ví Dụ", "psychological", "health", {"cost": "free"}),
    ("Trung tâm trợ giúp pháp lý Ví Dụ", "legal_aid", "justice", {"cost": "free"}),
    ("Đồn Biên phòng Ví Dụ", "police", "border", {"always": "yes"}),
    ("Trung tâm dịch vụ việc làm Ví Dụ", "job", "job_centre", {"cost": "free", "age_from": 15}),
    ("Trường trung cấp nghề Ví Dụ", "training", "school", {"cost": "part", "age_from": 15}),
    ("Ngân hàng cho vay hộ nghèo Ví Dụ", "loan", "bank", {"age_from": 18}),
    ("Hội Liên hiệp Phụ nữ Ví Dụ", "community", "women", {"cost": "free", "for_sex": "female"}),
    ("Nhà tạm lánh Ví Dụ", "shelter", "facility", {"listing": "secret", "always": "yes"}),
    ("Công chứng và hộ tịch Ví Dụ", "papers", "authority", {"cost": "free"}),
)
_WEEK = sorted(("mon", "tue", "wed", "thu", "fri"))
_NAMES = [
    "Hương",
    "Lan",
    "Mai",
    "Nga",
    "Thảo",
    "Vân",
    "Xuân",
    "Bình",
    "Cường",
    "Dũng",
    "Hải",
    "Hùng",
    "Nam",
    "Sơn",
    "Thắng",
    "Tuấn",
]
_SURNAMES = ("Nguyễn", "Hoàng", "Nông", "Lý", "Vi", "Trần", "Lê", "Triệu")


@dataclass(frozen=True, slots=True)
class Span:
    """The years that are filled, the first and the last day within them."""

    since: date
    until: date

    @property
    def years(self) -> range:
        """The calendar years."""
        return range(self.since.year, self.until.year + 1)


class Work:
    """Makes the records one group after the other.

    Args:
        seed: of everything.
        province: the unit of the desk.
        communes: the units whose work is made.
        span: the time.
    """

    def __init__(self, seed: int, province: str, communes: Sequence[str], span: Span) -> None:
        self.chance = random.Random(f"{seed}/work")  # noqa: S311 - invented data, no secret
        self.province, self.communes, self.span = province, communes, span
        self._ids = 0

    def __iter__(self) -> Iterator[tuple[Edit, ...]]:
        yield tuple(self._directory())
        yield tuple(self._facilities())
        classes: list[str] = []
        for year in self.span.years:
            yield tuple(self._plan(year))
            yield tuple(self._class(year, classes))
        for commune in self.communes:
            yield tuple(self._team(commune, classes))
            yield tuple(self._activities(commune))

    def _new(self, record_type: str, unit: str, **values: Any) -> Edit:
        self._ids += 1
        millis = 1_690_000_000_000 + self._ids
        rest = (1 << 63) | self.chance.getrandbits(62)
        text = f"{millis:012x}7{self.chance.getrandbits(12):03x}{rest:016x}"
        made = f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
        given = {n: v for n, v in values.items() if v is not None}
        return Edit(record_type, unit_record_id(unit, made), {"unit": unit, **given})

    def _day(self, year: int) -> date:
        """A day of *year* within the span, on no Sunday."""
        first = max(self.span.since, date(year, 1, 2))
        last = min(self.span.until, date(year, 12, 20))
        days = max((last - first).days, 0)
        found = first + timedelta(days=self.chance.randint(0, days))
        return found - timedelta(days=1) if found.weekday() == 6 and found > first else found

    def _state(self, day: date) -> str:
        if day > self.span.until:
            return "planned"
        return "not_done" if self.chance.random() < 0.04 else "done"

    # -- communication ---------------------------------------------------------------------

    def _activities(self, commune: str) -> Iterator[Edit]:
        for year in self.span.years:
            days = [self._day(year) for _n in range(self.chance.randint(3, 7))]
            july = date(year, *CAMPAIGN_DAY)
            if self.span.since <= july and self.chance.random() < 0.8:
                days.append(july)
            for day in sorted(days):
                yield self._activity(commune, day, july=day == july)
            if self.chance.random() < 0.7:
                kind, title, least, most = self.chance.choice(_MATERIALS)
                made = self.chance.randint(least, most)
                yield self._new(
                    "material", commune, kind=kind, title=title, since=str(year), state="done",
                    received=made, handed_out=round(made * self.chance.uniform(0.5, 1)),
                )  # fmt: skip

    def _activity(self, commune: str, day: date, *, july: bool) -> Edit:
        kind, title, topics, least, most = self.chance.choice(_TALKS)
        state = self._state(day)
        values: dict[str, Any] = {
            "kind": kind, "title": title, "since": day.isoformat(), "state": state,
            "line": "communication", "campaign": "july" if july else "year",
            "topics": sorted(topics), "levels": ["hamlet" if kind == "discussion" else "commune"],
            "risk_groups": sorted(self.chance.sample(_GROUPS, 2)), "place_unit": commune,
        }  # fmt: skip
        if state == "not_done":
            values["not_done_reason"] = "Mưa lũ, chuyển sang quý sau"
        elif most and state == "done":
            persons = self.chance.randint(least, most)
            # Four lists in five are counted by sex; one figure in five is told as *more than*.
            if self.chance.random() < 0.8:
                women = round(persons * self.chance.uniform(0.4, 0.75))
                values |= {"women": women, "men": persons - women}
            if self.chance.random() < 0.2:
                values["at_least"] = ["persons"]
            values |= {"persons": persons, "cost": self.chance.randint(5, 60) * 100_000,
                       "fund": self.chance.choice(("state", "province", "project"))}  # fmt: skip
        return self._new("activity", commune, **values)

    # -- training, teams ---------------------------------------------------------------------

    def _class(self, year: int, classes: list[str]) -> Iterator[Edit]:
        day, persons = self._day(year), self.chance.randint(30, 90)
        women = round(persons * 0.6)
        made = self._new(
            "activity", self.province, kind="class", line="training", since=day.isoformat(),
            title="Tập huấn tiếp nhận, xác minh, hỗ trợ nạn nhân", state="done", campaign="year",
            topics=sorted(("identification", "procedure", "trauma")), levels=["commune"],
            risk_groups=["officials"], persons=persons, women=women, men=persons - women,
            represented=len(self.communes), cost=persons * 450_000, fund="state",
        )  # fmt: skip
        classes.append(made.id)
        yield made

    def _team(self, commune: str, classes: Sequence[str]) -> Iterator[Edit]:
        if self.chance.random() < 0.15:
            return
        team = self._new(
            "volunteer_team", commune, name="Đội công tác xã hội tình nguyện",
            founded_on=str(self.chance.choice(self.span.years)),
        )  # fmt: skip
        yield team
        for number in range(self.chance.randint(3, 6)):
            woman = self.chance.random() < 0.6
            name = (
                f"{self.chance.choice(_SURNAMES)} {'Thị' if woman else 'Văn'} "
                f"{self.chance.choice(_NAMES)}"
            )
            member = self._new(
                "staff", commune, name=name, sex="female" if woman else "male", team=team.id,
                role="leader" if number == 0 else "volunteer",
            )  # fmt: skip
            yield member
            if classes and self.chance.random() < 0.5:
                yield self._new(
                    "attendance", commune, activity=self.chance.choice(classes), staff=member.id
                )

    # -- plans, money ------------------------------------------------------------------------

    def _plan(self, year: int) -> Iterator[Edit]:
        first, last = date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()
        plan = self._new(
            "plan", self.province, title=f"Kế hoạch phòng, chống mua bán người năm {year}",
            since=first, until=last, issuer="Ủy ban nhân dân tỉnh Ví Dụ",
        )  # fmt: skip
        yield plan
        communes = len(self.communes)
        tasks = (
            ("communication", "Mỗi xã tổ chức truyền thông", "activities", communes * 4, "number"),
            ("communication", "Hưởng ứng ngày 30 tháng 7", "july", communes, "number"),
            ("capacity", "Tập huấn cán bộ cấp xã", "classes", 1, "number"),
            ("integration", "Nạn nhân được hỗ trợ", "reached", 100, "percent"),
            ("integration", "Đội tình nguyện ở các xã", "teams", communes, "number"),
        )
        for number, (line, what, measure, target, unit) in enumerate(tasks, 1):
            yield self._new(
                "plan_task", self.province, plan=plan.id, number=str(number), line=line, what=what,
                measure=measure, target=target, target_unit=unit, due=last,
                who="Sở Y tế; Ủy ban nhân dân các xã",
            )  # fmt: skip
        for purpose, share in (("communication", 3), ("training", 2), ("teams", 1)):
            planned = communes * share * 1_000_000
            yield self._new(
                "budget", self.province, year=year, purpose=purpose, fund="state",
                planned=planned, approved=round(planned * 0.9 / 100_000) * 100_000,
            )  # fmt: skip

    # -- services and places -----------------------------------------------------------------

    def _directory(self) -> Iterator[Edit]:
        for number, (name, kind, provider, more) in enumerate(_SERVICES, 1):
            place = self.communes[(number - 1) % len(self.communes)]
            checked = self.span.until - timedelta(days=self.chance.randint(10, 300))
            yield self._new(
                "service", self.province, name=name, organization=name, kinds=[kind],
                provider=provider, phone=f"0200 000 {number:03d}", place_unit=place,
                status="active", verified_on=checked.isoformat(),
                **{"days": _WEEK, "opens": "07:30", "closes": "16:30"}
                if more.get("always") != "yes" else {},
                **more,
            )  # fmt: skip

    def _facilities(self) -> Iterator[Edit]:
        for name, kind, rooms in (
            ("Trung tâm công tác xã hội Ví Dụ", "social",
             (("Phòng nữ", "general", 6, "female"), ("Phòng nam", "general", 4, "male"),
              ("Phòng mẹ và con", "mother_child", 4, "female"))),
            ("Nhà tạm lánh Ví Dụ", "shelter", (("Phòng nữ", "general", 8, "female"),)),
        ):  # fmt: skip
            facility = self._new(
                "facility", self.province, name=name, kind=kind, status="active",
                place_unit=self.communes[0],
            )  # fmt: skip
            yield facility
            for room, purpose, beds, sex in rooms:
                yield self._new(
                    "room", self.province, facility=facility.id, name=room, purpose=purpose,
                    beds=beds, for_sex=sex, status="active",
                )  # fmt: skip

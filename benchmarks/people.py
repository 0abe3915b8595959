"""Invented cases by a seed: names, records and distributions like those of the work.

Names follow what is known of Vietnamese names: fourteen surnames cover about nine
people in ten, most women carry the middle name *Thị*; in the border provinces Tày,
Nùng, Thái, Mông and Dao surnames are frequent, and about one person in twelve
received is not Vietnamese. Records of a case (expected number): case 1, person 1.08,
other name 0.25, identity paper 0.6, address 1.3, status 1.3, whereabouts 1, consent 0.9,
reception 1, given item 1.6, account 0.7, stay 0.3, journey home 0.35, step 2.4,
requested support 0.9, note 0.4: about 15, and about one later change for each three.
One person in seven is a man, one in five under 18 (the share among those received
in the northern border provinces in published figures is of this order). Ages,
dates and texts are invented; nobody here is a real person.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from traffick_desk.domain.units import Units
from traffick_desk.domain.values import ICT, moment
from traffick_desk.store.journal import Edit

SURNAMES = {
    "Nguyễn": 24, "Trần": 9, "Lê": 8, "Phạm": 5, "Hoàng": 8, "Phan": 3, "Vũ": 3, "Võ": 2,
    "Đặng": 3, "Bùi": 3, "Đỗ": 2, "Hồ": 2, "Ngô": 2, "Dương": 2, "Lý": 3, "Nông": 4, "Vi": 2,
    "Lương": 2, "Hà": 2, "Triệu": 2, "Bàn": 1, "Vàng": 2, "Giàng": 2, "Sùng": 2, "Thào": 1,
    "Lò": 3, "Quàng": 1, "Cà": 1, "Chảo": 1, "Tẩn": 1, "Đinh": 1, "Mã": 1, "Lâm": 1,
}  # fmt: skip
MIDDLE_WOMEN = {"Thị": 62, "Thị Thu": 5, "Thị Hồng": 4, "Ngọc": 6, "Thu": 5, "Thanh": 4, "Minh": 3,
                "Thị Kim": 3, "Mỹ": 2, "Bích": 2, "Seo": 2, "Mùi": 2}  # fmt: skip
MIDDLE_MEN = {"Văn": 55, "Đức": 7, "Hữu": 6, "Quang": 6, "Minh": 6, "Seo": 4, "A": 8, "Xuân": 4,
              "Công": 4}  # fmt: skip
GIVEN_WOMEN = tuple(
    """
    Hương Hoa Hoà Hằng Hà Hạnh Hiền Huệ Hồng Huyền Lan Liên Linh Loan Lụa Lý Mai Mơ My Nga Ngân
    Ngọc Nhung Nguyệt Oanh Phượng Phương Quyên Quỳnh Sinh Tâm Thảo Thắm Thu Thuỷ Thúy Thơm Trang
    Tuyết Uyên Vân Xuân Yến Dung Duyên Đào Bích Chi Cúc Diệp Mỷ Dở Chư Pà Say Máy Dợ
    """.split()  # noqa: SIM905 - a list of words, not of quotes
)
GIVEN_MEN = tuple(
    """
    Anh Bình Cường Dũng Đạt Hải Hiếu Hoàng Hùng Huy Khánh Kiên Long Mạnh Minh Nam Phong Phúc Quân
    Sơn Thắng Thành Tuấn Tùng Vinh Sính Páo Chứ Dình Thào Lử Vừ
    """.split()  # noqa: SIM905 - a list of words, not of quotes
)
FOREIGN = (
    ("KH", "khm", ("Sok Chenda", "Chea Sophea", "Kim Srey Mom", "Prak Bopha", "សុខ ចិន្តា")),
    ("LA", "lao", ("Bounmy Keo", "Somchai Vong", "Noy Phommachanh", "ບຸນມີ ແກ້ວ")),
    ("CN", "zho", ("Li Xiaomei", "Wang Fang", "李小梅")),
    ("MM", "mya", ("Aye Aye Win", "Thida Moe")),
    ("PH", "eng", ("Maria Santos Reyes", "Jose dela Cruz")),
)
HAMLETS = (
    "Thôn {n}", "Bản {w}", "Khu {n}", "Xóm {w}", "Tổ {n}", "Số {n} đường {w}", "Thôn {w}",
    "Khối {n}",
)  # fmt: skip
PLACE_WORDS = (
    "Nà Pàn", "Khuổi Lái", "Pò Mã", "Bản Quầy", "Cốc Nam", "Tân Lập", "Hợp Thành", "Nà Sầm",
    "Lũng Pô", "Sín Chải", "Tả Gia Khâu", "Phai Lừa", "Trần Phú", "Lê Lợi", "Đồng Tâm",
)  # fmt: skip
PLACES = (
    "Cửa khẩu quốc tế Hữu Nghị", "Cửa khẩu Tân Thanh", "Đồn Biên phòng Ba Sơn",
    "Cửa khẩu Chi Ma", "Ủy ban nhân dân xã", "Cửa khẩu quốc tế Lào Cai", "Cửa khẩu Cầu Treo",
    "Đồn Biên phòng cửa khẩu Lao Bảo", "Trạm Y tế xã", "Cửa khẩu Mộc Bài", "Công an xã",
)  # fmt: skip
CONDITIONS = (
    "Mệt, không có thương tích.", "Hoảng sợ, mất ngủ nhiều ngày; có vết bầm ở hai tay.",
    "Sức khỏe bình thường, lo lắng về gia đình.", "Sốt nhẹ, ho; đã đưa đến trạm y tế khám.",
    "Đang mang thai khoảng 5 tháng, mệt mỏi, cần khám thai.", "Suy kiệt, thiếu ăn nhiều ngày.",
)  # fmt: skip
STORIES = tuple(
    " ".join(story.split())
    for story in """
    Được người quen rủ sang bên kia biên giới làm việc với lương cao. Sang đến nơi bị giữ giấy
    tờ, điện thoại và bị ép làm việc mười bốn giờ mỗi ngày, không được trả lương.
    |
    Quen qua mạng xã hội, hẹn gặp ở thị trấn rồi bị đưa lên xe sang biên giới, bán làm vợ cho
    một người đàn ông không quen biết. Trốn được khi người nhà đi vắng.
    |
    Được giới thiệu việc nhẹ lương cao ở casino. Bị ép lừa đảo trên mạng, không đạt chỉ tiêu thì
    bị đánh, chích điện; muốn về phải nộp tiền chuộc.
    """.split("|")  # noqa: SIM905 - the same
)
NOTES = (
    "Đã gọi điện cho gia đình, gia đình xin đón về trong tuần này.",
    "Hẹn gặp lại cùng người phiên dịch tiếng Mông vào sáng thứ Hai.",
    "Cán bộ y tế đã khám và cấp thuốc; theo dõi thêm ba ngày.",
)
FIRST_DAY, LAST_DAY = date(2016, 1, 4), date(2026, 11, 20)


@dataclass(frozen=True)
class Made:
    """One case: what is entered at reception, what is entered later, and its number."""

    id: str
    person: str
    intake: tuple[Edit, ...]
    later: tuple[Edit, ...]
    decided: tuple[Edit, ...]


def _pick(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(tuple(weights), tuple(weights.values()))[0]


class People:
    """Makes cases; the same seed gives the same cases.

    Args:
        seed: of everything.
        units: administrative units, for real ids.
        unit: commune of the cases; spread over all communes if empty.
        cases: how many will be asked for; they are spread evenly over the years.
    """

    def __init__(self, seed: int, units: Units, unit: str = "", cases: int = 1_000) -> None:
        self._chance = random.Random(seed)
        self._unit = unit
        self._communes = [
            c.id for province in units.provinces() for c in units.communes(province.id)
        ]
        self._cases = cases
        self._ids = 0

    def __iter__(self) -> Iterator[Made]:
        for index in range(self._cases):
            yield self.case(index)

    def new_id(self) -> str:
        """An id of the form of a UUIDv7, ascending, from the seed."""
        self._ids += 1
        millis = 1_767_225_600_000 + self._ids
        rest = self._chance.getrandbits(62)
        text = f"{millis:012x}7{self._chance.getrandbits(12):03x}{(1 << 63) | rest:016x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def name(self, sex: str) -> str:
        """A Vietnamese name of three or four parts; a few have two."""
        chance = self._chance
        surname = _pick(chance, SURNAMES)
        women = sex == "female"
        middle = _pick(chance, MIDDLE_WOMEN if women else MIDDLE_MEN)
        given = chance.choice(GIVEN_WOMEN if women else GIVEN_MEN)
        return f"{surname} {given}" if chance.random() < 0.03 else f"{surname} {middle} {given}"

    def case(self, index: int) -> Made:
        """The case with this index."""
        return _Case(self, index).made()

    @property
    def chance(self) -> random.Random:
        """The one source of chance."""
        return self._chance

    def commune(self) -> str:
        """The commune of the desk, or any."""
        return self._unit or self._chance.choice(self._communes)

    def any_commune(self) -> str:
        """Any commune of the country."""
        return self._chance.choice(self._communes)

    def day(self, index: int) -> date:
        """Cases come evenly over the years."""
        span = (LAST_DAY - FIRST_DAY).days
        return FIRST_DAY + timedelta(days=span * index // max(self._cases - 1, 1))


class _Case:
    def __init__(self, people: People, index: int) -> None:
        self.people, self.chance, self.index = people, people.chance, index
        self.case, self.main = people.new_id(), people.new_id()
        self.day = people.day(index)
        self.old = self.day < date(2026, 6, 1)
        self.edits: list[Edit] = []
        self.extra: list[Edit] = []
        self.decisions: list[Edit] = []

    def add(self, type_name: str, /, later: bool = False, **values: Any) -> str:
        """One record of the case; ``None`` values are left out."""
        record = self.people.new_id()
        given = {n: v for n, v in values.items() if v is not None}
        target = self.extra if later else self.edits
        target.append(Edit(type_name, record, {"case": self.case, **given}))
        return record

    def after(self, days: float) -> date:
        """A day at most *days* after the case was opened, never in the future."""
        return min(self.day + timedelta(days=self.chance.uniform(0, days)), LAST_DAY)

    def at(self, day: date) -> str:
        """A moment in working hours, mostly."""
        hour = min(max(round(self.chance.gauss(12, 4)), 0), 23)
        minute = self.chance.randrange(0, 60, 5)
        return moment(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ICT))

    def some(self, codes: str, most: int) -> list[str]:
        """Up to *most* codes, sorted."""
        names = codes.split()
        return sorted(self.chance.sample(names, self.chance.randint(1, min(most, len(names)))))

    def made(self) -> Made:
        chance = self.chance
        stage = "closed" if self.old and chance.random() < 0.97 else chance.choice(
            ("reception", "verification", "support", "support", "reintegration")
        )  # fmt: skip
        closed = self.after(200) if stage == "closed" else None
        frame = {
            "file_no": f"TD-{self.index + 1:05d}/{self.day.year}",
            "unit": self.people.commune(),
            "opened_on": self.day.isoformat(),
            "stage": "reception",
            "return_form": chance.choice(
                ("handed_over", "handed_over", "rescued", "returned_alone", "reported")
            ),
            "officer": "Nguyễn Văn Cường",
        }
        self.edits.append(Edit("case", self.case, frame))
        self.person()
        self.reception()
        self.procedure(closed)
        if stage != "reception":
            last = {"stage": stage}
            if closed is not None:
                last |= {
                    "closed_on": closed.isoformat(),
                    "closed_reason": "Đã về sống ổn định với gia đình.",
                }
            self.extra.append(Edit("case", self.case, last))
        return Made(
            self.case, self.main, tuple(self.edits), tuple(self.extra), tuple(self.decisions)
        )

    def person(self) -> None:
        chance = self.chance
        sex = "male" if chance.random() < 0.14 else "female"
        age = chance.choice((12, 14, 15, 16, 17)) if chance.random() < 0.2 else int(
            18 + chance.expovariate(1 / 9)
        )  # fmt: skip
        year = self.day.year - min(age, 70)
        birth = chance.choice(
            (f"{year}", f"{year}~", f"{year}-{chance.randint(1, 12):02d}",
             *[f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"] * 4)
        )  # fmt: skip
        foreign = chance.choice(FOREIGN) if chance.random() < 0.08 else None
        also = {chance.choice(("hmn", "tyz", "nut", "blt"))} if chance.random() < 0.4 else set()
        languages = [foreign[1]] if foreign else sorted({"vie", *also})
        self.edits.append(
            Edit(
                "person",
                self.main,
                {
                    "case": self.case,
                    "role": "main",
                    "name": chance.choice(foreign[2]) if foreign else self.people.name(sex),
                    "sex": sex,
                    "birth": birth,
                    "citizenship": foreign[0] if foreign else "VN",
                    "ethnicity": f"{chance.choice((1, 2, 3, 5, 7, 8, 9)):02d}",
                    "languages": languages,
                    "interpreter": "yes" if foreign else chance.choice(("no", "no", "yes")),
                    "literacy": chance.choice(("reads", "reads", "some", "none")),
                    "insured": chance.choice(("yes", "no", "unknown")),
                    **(
                        {"phone": f"0{chance.randint(320000000, 989999999)}"}
                        if chance.random() < 0.5
                        else {}
                    ),
                },
            )
        )
        if chance.random() < 0.08:
            self.add(
                "person",
                role="accompanying",
                accompanies=self.main,
                name=self.people.name("male"),
                sex="male",
                birth=str(self.day.year - chance.randint(0, 6)),
            )
        if chance.random() < 0.25:
            self.add(
                "person_name",
                person=self.main,
                kind=chance.choice(("alias", "foreign", "previous")),
                name=chance.choice(("A Mai", "Lin Lin", "Xiao Hua", self.people.name(sex))),
            )
        if chance.random() < 0.6:
            number = f"{chance.randint(1, 96):03d}{chance.randint(100000000, 999999999)}"
            self.add(
                "identity_paper",
                person=self.main,
                kind=chance.choice(("citizen_card", "citizen_card", "passport")),
                number=number,
                state=chance.choice(("seen", "stated", "taken", "lost")),
            )
        for kind in ("permanent", "current") if chance.random() < 0.3 else ("permanent",):
            line = chance.choice(HAMLETS).format(
                n=chance.randint(1, 40), w=chance.choice(PLACE_WORDS)
            )
            self.add(
                "address", person=self.main, kind=kind, unit=self.people.any_commune(), line=line
            )

    def reception(self) -> None:
        chance = self.chance
        self.add(
            "reception",
            at=self.at(self.day),
            place=chance.choice(PLACES),
            from_body=chance.choice(("border_guard", "police", "foreign", "self", "family")),
            from_officer=f"{self.people.name('male')}, Đội trưởng",
            paper_no=f"{chance.randint(1, 200)}/BB-BGTN",
            from_country=chance.choice(("CN", "CN", "KH", "LA", "MM")),
            condition=chance.choice(CONDITIONS),
            urgent=self.some("medical safety food shelter clothes hygiene psychological", 3),
            support_from=self.day.isoformat(),
        )
        for item in self.some("meal water clothes hygiene bed medicine", 3)[: chance.randint(0, 3)]:
            self.add(
                "given_item",
                person=self.main,
                item=item,
                quantity=chance.randint(1, 4),
                given_on=self.day.isoformat(),
            )
        self.add("whereabouts", person=self.main, place="in_country", since=self.day.isoformat())
        if chance.random() < 0.9:
            self.add(
                "consent",
                person=self.main,
                given=chance.choice(("yes", "yes", "yes", "no", "refused")),
                asked_on=self.day.isoformat(),
                giver="self",
                scope=self.some("health police services family statistics", 3),
            )
        if chance.random() < 0.7:
            self.add(
                "account",
                later=True,
                person=self.main,
                state="taken",
                exploitation=self.some("sexual labour marriage crime", 2),
                acts=self.some("recruiting transporting harbouring transferring", 3),
                means=self.some("force threat deceit", 2),
                countries=["CN"],
                began=str(self.day.year - 1),
                story=chance.choice(STORIES),
            )
        if chance.random() < 0.4:
            self.add("note", later=True, at=self.at(self.after(30)), text=chance.choice(NOTES))

    def procedure(self, closed: date | None) -> None:
        chance = self.chance
        self.add("status", person=self.main, status="in_process", since=self.day.isoformat())
        self.add("step", kind="health_notified", at=self.at(self.after(1)), channel="phone")
        if closed is not None or chance.random() < 0.6:
            self.add("step", later=True, kind="health_received", at=self.at(self.after(3)))
        if closed is None and chance.random() < 0.6:
            return
        self.add("step", later=True, kind="initially_verified", at=self.at(self.after(4)))
        found = self.after(30)
        if found > self.day:
            self.add(
                "status",
                later=True,
                person=self.main,
                status="victim" if chance.random() < 0.85 else "not_victim",
                since=found.isoformat(),
                trafficked_in="abroad",
                body=chance.choice(("province_police", "border_guard")),
            )
        if chance.random() < 0.3:
            until = self.after(100)
            self.add(
                "stay",
                later=True,
                person=self.main,
                kind="social",
                facility="Cơ sở trợ giúp xã hội tổng hợp tỉnh",
                since=self.day.isoformat(),
                until=until.isoformat(),
            )
        if chance.random() < 0.35:
            self.add(
                "journey_home",
                later=True,
                person=self.main,
                leaves_on=self.after(20).isoformat(),
                days=chance.randint(1, 4),
                fare=chance.randint(100, 900) * 1000,
            )
        for letter in chance.sample("abcdeg", chance.choice((0, 1, 1, 2))):
            self.support(letter)

    def support(self, letter: str) -> None:
        chance = self.chance
        asked = self.after(60)
        request = self.add(
            "entitlement",
            later=True,
            person=self.main,
            regime=f"L53/{letter}",
            requested_on=asked.isoformat(),
            outcome="granted",
            pack="bench",
        )
        if self.old or chance.random() < 0.5:
            self.decisions.append(
                Edit(
                    "entitlement_decision",
                    self.people.new_id(),
                    {
                        "case": self.case,
                        "entitlement": request,
                        "decision": "approved" if chance.random() < 0.9 else "returned",
                        "decided_on": min(asked + timedelta(days=7), LAST_DAY).isoformat(),
                        "decided_by": "Trần Thị Bình",
                        "reason": "Đủ hồ sơ theo quy định.",
                    },
                )
            )

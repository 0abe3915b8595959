"""An invented province to show, to test with and to measure: the same seed gives the same cases.

The vault is one of practice (``domain.practice``): every paper and file of it says so, and it lies
in a folder of practice. Its cases name communes of a real province so that lists look as they
will; every name, day and text is invented. What is drawn from which distribution stands in
``docs/demo-province.md`` and nowhere else than here.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from traffick_desk.domain import practice
from traffick_desk.domain.codes_care import SCORE_VALUES
from traffick_desk.domain.records.care import SCORED
from traffick_desk.domain.values import ICT, moment
from traffick_desk.i18n import _
from traffick_desk.services import demo_work, vaults
from traffick_desk.services.base import Command, Context
from traffick_desk.services.roles import CASE_WRITE
from traffick_desk.store.journal import Edit
from traffick_desk.store.store import Work

LANG_SON = "2025/20"
BATCH = 500
Progress = Callable[[int, int, str], object]
Weights = Mapping[str, float]

_SURNAMES: Weights = {"Nguyễn": 24, "Hoàng": 12, "Nông": 9, "Lý": 8, "Vi": 6, "Trần": 6, "Lê": 5,
                      "Triệu": 5, "Lương": 5, "Phạm": 4, "Bùi": 4, "Giàng": 4, "Vàng": 4,
                      "Đặng": 4}  # fmt: skip
_WOMEN = "Hương Hoa Hằng Hà Hạnh Hiền Huệ Lan Liên Mai My Nga Ngọc Thảo Thu Trang Vân Xuân Yến Dung"
_MEN = "Anh Bình Cường Dũng Đạt Hải Hùng Huy Kiên Long Nam Phong Sơn Thắng Tuấn Tùng Vinh Páo Sính"
_ETHNICITY: Weights = {"01": 22, "02": 24, "07": 20, "08": 14, "09": 8, "05": 5, "06": 4, "": 3}
_RETURN: Weights = {"handed_over": 38, "rescued": 24, "returned_alone": 20, "reported": 10,
                    "mission": 4, "other": 2, "": 2}  # fmt: skip
_FORMS: Weights = {"marriage": 30, "sexual": 26, "labour": 22, "crime": 16, "begging": 2,
                   "adoption": 2, "organs": 1, "surrogacy": 1, "none_yet": 5, "unknown": 4,
                   "other": 1}  # fmt: skip
_COUNTRIES: Weights = {"CN": 66, "KH": 18, "MM": 8, "LA": 5, "TH": 3}
_EDUCATION: Weights = {"none": 12, "primary": 30, "lower_secondary": 30, "upper_secondary": 14,
                       "vocational": 3, "higher": 1, "unknown": 6, "": 4}  # fmt: skip
_CONSENT: Weights = {"yes": 72, "no": 9, "refused": 5, "not_asked": 8, "unknown": 1, "": 5}
_BODY: Weights = {"province_police": 62, "border_guard": 22, "investigator": 10, "foreign": 4,
                  "mission": 2}  # fmt: skip
_FROM: Weights = {"border_guard": 44, "police": 30, "foreign": 10, "self": 10, "family": 4,
                  "organisation": 2}  # fmt: skip
_ANSWERS: Weights = {"done": 40, "accepted": 22, "received": 12, "refused": 5, "not_come": 6,
                     "": 15}  # fmt: skip
_SERVICES: Weights = {"medical": 24, "psychological": 16, "legal_aid": 14, "training": 14,
                      "job": 10, "social": 10, "schooling": 6, "papers": 6}  # fmt: skip
_FUNDS: Weights = {"state": 58, "province": 22, "project": 14, "donation": 6}
_REGIMES = "abcdđeghik"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What province is made.

    Attributes:
        communes, cases, years: how many; the years end with *until*.
        seed: of everything.
        province: whose communes the cases name.
        until: the last day.
    """

    communes: int = 100
    cases: int = 50_000
    years: int = 5
    seed: int = 1
    province: str = LANG_SON
    until: date = date(2026, 11, 20)


class Cases:
    """Makes cases one after the other, the oldest first.

    Args:
        context: units and nothing else are read.
        wanted: what is made.
    """

    def __init__(self, context: Context, wanted: Wanted) -> None:
        self.chance = random.Random(wanted.seed)  # noqa: S311 - invented data, no secret
        self.wanted = wanted
        self.first = date(wanted.until.year - wanted.years, wanted.until.month, 1)
        units = context.units
        province = units.province_of(wanted.province)
        own = [u.id for u in units.communes(province.id)]
        others = [
            u.id for p in units.provinces() if p.id != province.id for u in units.communes(p.id)
        ]
        # A province of a hundred communes is larger than some real ones: neighbours stand in.
        self.communes = (own + others)[: wanted.communes]
        # Border communes receive most: the n-th has a share of 1/n.
        self.shares = [1 / (n + 1) ** 0.7 for n in range(len(self.communes))]
        self._ids = 0

    def __iter__(self) -> Iterator[tuple[Edit, ...]]:
        span = (self.wanted.until - self.first).days
        for index in range(self.wanted.cases):
            day = self.first + timedelta(days=span * index // max(self.wanted.cases - 1, 1))
            yield tuple(_Maker(self, index, day).edits())

    def new_id(self) -> str:
        """An id of the form of a UUIDv7, ascending, from the seed."""
        self._ids += 1
        millis = 1_700_000_000_000 + self._ids
        rest = (1 << 63) | self.chance.getrandbits(62)
        text = f"{millis:012x}7{self.chance.getrandbits(12):03x}{rest:016x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def pick(self, weights: Weights) -> str:
        """One of them by weight."""
        return self.chance.choices(tuple(weights), tuple(weights.values()))[0]


@dataclass
class _Maker:
    """The records of one case."""

    cases: Cases
    index: int
    day: date
    made: list[Edit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance, self.pick = self.cases.chance, self.cases.pick
        self.until = self.cases.wanted.until
        self.case, self.person = self.cases.new_id(), self.cases.new_id()
        self.age_days = (self.until - self.day).days

    def add(self, record_type: str, /, **values: Any) -> str:
        record = self.cases.new_id()
        given = {n: v for n, v in values.items() if v is not None and v != ""}
        self.made.append(Edit(record_type, record, {"case": self.case, **given}))
        return record

    def after(self, low: float, high: float) -> date | None:
        """A day so many days later, ``None`` if it is still ahead."""
        found = self.day + timedelta(days=round(self.chance.uniform(low, high)))
        return found if found <= self.until else None

    def at(self, day: date) -> str:
        hour, minute = self.chance.randint(7, 17), self.chance.randrange(0, 60, 5)
        return moment(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ICT))

    def edits(self) -> list[Edit]:
        chance = self.chance
        stage = self._stage()
        frame: dict[str, Any] = {
            "file_no": f"VD-{self.index + 1:06d}/{self.day.year}",
            "unit": chance.choices(self.cases.communes, self.cases.shares)[0],
            "opened_on": self.day.isoformat(),
            "stage": stage,
            "officer": "Trần Văn Mẫu",
        }
        if form := self.pick(_RETURN):
            frame["return_form"] = form
        if stage == "closed":
            closed = self.after(200, 700) or self.until
            frame |= {"closed_on": closed.isoformat(), "closed_code": "reintegrated",
                      "closed_reason": "Đã ổn định cuộc sống."}  # fmt: skip
        self.made.append(Edit("case", self.case, frame))
        self._who()
        self._arrival()
        victim = self._law()
        if victim:
            self._account()
            self._support()
            self._follow_up()
        return self.made

    def _stage(self) -> str:
        if self.age_days > 700 and self.chance.random() < 0.85:
            return "closed"
        if self.age_days > 150:
            return self.chance.choice(("support", "reintegration", "reintegration"))
        return self.chance.choice(("reception", "verification", "support"))

    def _who(self) -> None:
        chance = self.chance
        sex = chance.choices(("female", "male", "unknown"), (80, 19, 1))[0]
        child = chance.random() < 0.24
        age = chance.choice((9, 12, 13, 14, 15, 15, 16, 16, 17, 17)) if child else int(
            min(18 + chance.expovariate(1 / 9), 70))  # fmt: skip
        year = self.day.year - age
        exact = f"{year}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        birth = chance.choices((exact, str(year), f"{year}~", ""), (74, 18, 6, 2))[0]
        women = sex != "male"
        middle = "Thị" if women else "Văn"
        given = chance.choice((_WOMEN if women else _MEN).split())
        values = {
            "case": self.case, "role": "main", "name": f"{self.pick(_SURNAMES)} {middle} {given}",
            "sex": sex, "birth": birth, "ethnicity": self.pick(_ETHNICITY),
            "citizenship": chance.choices(("VN", "KH", "LA", "stateless", ""), (94, 2, 2, 1, 1))[0],
            "education": self.pick(_EDUCATION),
            "interpreter": chance.choices(("no", "yes", "not_asked"), (80, 12, 8))[0],
        }  # fmt: skip
        self.made.append(Edit("person", self.person, {n: v for n, v in values.items() if v}))
        if chance.random() < 0.07:
            self.add("person", role="accompanying", accompanies=self.person, sex="female",
                     name=f"{self.pick(_SURNAMES)} Thị Bé",
                     birth=str(self.day.year - chance.randint(0, 8)))  # fmt: skip
        self.add("address", person=self.person, kind="permanent", unit=self.made[0].values["unit"])

    def _arrival(self) -> None:
        chance = self.chance
        if chance.random() < 0.98:
            self.add("reception", at=self.at(self.day), from_body=self.pick(_FROM),
                     support_from=self.day.isoformat())  # fmt: skip
        if answer := self.pick(_CONSENT):
            scope = ["health", "services", "statistics"]
            self.add("consent", person=self.person, given=answer, giver="self",
                     asked_on=self.day.isoformat(),
                     scope=sorted([*scope, "research"] if chance.random() < 0.6 else scope)
                     if answer == "yes" else None)  # fmt: skip
        for kind, low, high, share in (("health_notified", 0, 2, 0.95),
                                       ("health_received", 0, 4, 0.9),
                                       ("initially_verified", 1, 6, 0.85)):  # fmt: skip
            day = self.after(low, high)
            if day and chance.random() < share:
                self.add("step", kind=kind, at=self.at(day))

    def _law(self) -> bool:
        self.add("status", person=self.person, status="in_process", since=self.day.isoformat())
        found = self.after(5, 60)
        if found is None or self.chance.random() < 0.08:
            return False
        victim = self.chance.random() < 0.86
        self.add("status", person=self.person, status="victim" if victim else "not_victim",
                 since=found.isoformat(), body=self.pick(_BODY),
                 trafficked_in="abroad")  # fmt: skip
        return victim

    def _account(self) -> None:
        chance = self.chance
        if chance.random() < 0.1:
            self.add("account", person=self.person, state="refused")
            return
        forms = {self.pick(_FORMS)}
        if chance.random() < 0.12:
            forms.add(self.pick(_FORMS))
        means = chance.sample(("deceit", "threat", "force"), chance.randint(1, 2))
        self.add("account", person=self.person, state="taken", exploitation=sorted(forms),
                 acts=sorted(chance.sample(("recruiting", "transporting", "receiving"), 2)),
                 means=sorted(means), countries=[self.pick(_COUNTRIES)],
                 began=str(self.day.year - chance.randint(0, 4)))  # fmt: skip

    def _support(self) -> None:
        chance = self.chance
        count = chance.choices((0, 1, 2, 3, 4), (14, 26, 30, 20, 10))[0]
        for letter in chance.sample(_REGIMES, count):
            asked = self.after(3, 90)
            if asked is None:
                continue
            request = self.add("entitlement", person=self.person, regime=f"L53/{letter}",
                               requested_on=asked.isoformat(), outcome="granted",
                               pack="demo")  # fmt: skip
            decided = asked + timedelta(days=chance.randint(2, 25))
            if decided > self.until or chance.random() < 0.12:
                continue
            approved = chance.random() < 0.92
            amount = chance.randrange(2, 60) * 100_000 if chance.random() < 0.8 else None
            self.add("entitlement_decision", entitlement=request, decided_on=decided.isoformat(),
                     decision="approved" if approved else "returned", decided_by="Trần Văn Mẫu",
                     amount=amount if approved else None)  # fmt: skip
            paid = decided + timedelta(days=chance.randint(3, 40))
            if approved and amount and paid <= self.until and chance.random() < 0.85:
                self.add("payment", person=self.person, regime=letter, amount=amount,
                         paid_on=paid.isoformat(), fund=self.pick(_FUNDS),
                         entitlement=request)  # fmt: skip
        if chance.random() < 0.55 and (sent := self.after(5, 120)):
            answer = self.pick(_ANSWERS)
            answered = self.after(130, 160) if answer else None
            self.add("referral", person=self.person, service=self.pick(_SERVICES),
                     to_body="Đơn vị dịch vụ", sent_on=sent.isoformat(), answer=answer,
                     answered_on=answered.isoformat() if answered else None)  # fmt: skip
        if chance.random() < 0.2:
            self.add("stay", person=self.person, since=self.day.isoformat(),
                     kind=chance.choice(("social", "victim", "shelter")))  # fmt: skip

    def _follow_up(self) -> None:
        scores = tuple(SCORE_VALUES)
        for months, share in ((6, 0.75), (12, 0.6), (24, 0.4)):
            day = self.after(months * 30.4 - 40, months * 30.4 + 40)
            if day is None or self.chance.random() > share:
                continue
            level = self.chance.choices(range(5), (2, 8, 30, 35, 25))[0]
            given = {n: scores[min(level + self.chance.randint(0, 1), 4)] for n in SCORED[:5]}
            self.add("visit", person=self.person, at=self.at(day), kind="home", **given)


@dataclass(frozen=True, slots=True)
class WriteInvented(Command[int]):
    """Write invented cases, or groups of records of units; only in a vault of practice."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "demo.write"
    changes: ClassVar[frozenset[str]] = frozenset({"cases"})

    cases: tuple[tuple[Edit, ...], ...] = field(repr=False)

    def run(self, context: Context, work: Work) -> int:
        """See :class:`Command`."""
        if not context.info.practice:
            raise vaults.PracticeApart
        for edits in self.cases:
            case = edits[0].id
            for edit in edits:
                work.journal.write(edit, context.info.officer_id, case)
        return sum(edits[0].type == "case" for edits in self.cases)

    def target(self, result: int) -> str:
        """See :class:`Command`."""
        return str(result)


def place(folder: Path) -> Path:
    """Where the vault of a demonstration lies within *folder*."""
    return folder / vaults.PRACTICE / "tinh-minh-hoa"


def make(
    folder: Path,
    password: str,
    wanted: Wanted = Wanted(),
    progress: Progress = lambda _done, _total, _words: None,
    **more: Any,
) -> Path:
    """Make a vault full of invented cases; the login is ``mau``.

    Raises:
        VaultExists: there is one already.
        WeakPassword: the password is too easy to guess.
    """
    path = place(folder)
    new = vaults.NewVault(
        "province", practice.PROVINCE, "Trần Văn Mẫu", "mau", password, role="lead", **more
    )
    desk = vaults.create(path, new).desk
    try:
        batch: list[tuple[Edit, ...]] = []
        done = 0
        cases = Cases(desk.context, wanted)
        span = demo_work.Span(cases.first, wanted.until)
        others = demo_work.Work(wanted.seed, practice.PROVINCE, cases.communes, span)
        desk.do(WriteInvented(tuple(group for group in others if group)))
        for edits in cases:
            batch.append(edits)
            if len(batch) == BATCH:
                done += desk.do(WriteInvented(tuple(batch)))
                batch = []
                progress(done, wanted.cases, _("Writing invented cases…"))
        if batch:
            desk.do(WriteInvented(tuple(batch)))
    finally:
        desk.close()
    return path

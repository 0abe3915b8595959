"""The rules in force at a desk: the national ones, and upon them what its province signed.

The amendments of a province are records that travel in bundles like any others. They are used when
a desk of the own province signed them, the highest number first; what cannot be used is counted and
told, and the rules before stay in force.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from traffick_desk import law
from traffick_desk.i18n import N_, _
from traffick_desk.services.base import Command, Context, Desk, Query, new_id
from traffick_desk.services.errors import NotHere, ServiceError
from traffick_desk.services.roles import OWN, RULES, may
from traffick_desk.store.changes import VOID
from traffick_desk.store.journal import Edit
from traffick_desk.sync.keys import DeviceKeys
from traffick_desk.sync.rulepack import RulesRefused, SignedRules

if TYPE_CHECKING:
    from traffick_desk import papers
    from traffick_desk.law import Amended, Comparison, Pack
    from traffick_desk.store.store import Work

CHANGED = frozenset({"rules", "cases"})
_DRAFT = "rules:draft"
_DATED = "rules:dated"


class RulesUnfit(ServiceError):
    """Amendments that do not fit the national rules cannot be signed."""

    def __init__(self, unfit: tuple[str, ...]) -> None:
        super().__init__(unfit)
        self.unfit = unfit

    def __str__(self) -> str:
        text = _("The rules were not signed, nothing was changed. Please correct this first: {why}")
        return text.format(why="; ".join(self.unfit))


class RulesNotNewer(ServiceError):
    """Rules with that number, or a higher one, were signed before."""

    text = N_(
        "Rules with this number were signed before. Nothing was changed. Please give them the next "
        "number."
    )


class Rules:
    """The rules in force at a desk; see the module.

    Attributes:
        national: those of the program.
        amended: with what the province says, if it says anything.
        signed: the signed text they come from.
        refused: how many signed texts there are that are newer and cannot be used.
        forms: those that the province adds, by key.
        unfit: what of the province's words was left out, and why.
    """

    def __init__(self, national: Pack) -> None:
        self.national = national
        self.amended: Amended | None = None
        self.signed: SignedRules | None = None
        self.refused = 0
        self.forms: Mapping[str, papers.Form] = {}
        self.unfit: tuple[str, ...] = ()

    def forms_in_use(self) -> AbstractContextManager[None]:
        """Papers can be made from the forms of the province meanwhile."""
        if not self.forms:
            return nullcontext()
        from traffick_desk import papers

        return papers.using(self.forms)

    @property
    def pack(self) -> Pack:
        """The rules to go by."""
        return self.national if self.amended is None else self.amended.pack

    def look(self, cursor: Any, province: str) -> None:
        """Take what is in the vault."""
        self.amended = self.signed = None
        self.refused = 0
        self.forms, self.unfit = {}, ()
        cursor.execute(
            "SELECT signed FROM r_rule_pack WHERE voided IS NULL ORDER BY number DESC, id DESC"
        )
        for (text,) in cursor.fetchall():
            try:
                signed = SignedRules.decode(text or "")
                signed.verify(cursor, province)
                self.amended = law.amend(self.national, signed.text)
            except (RulesRefused, law.PackError):
                self.refused += 1
            else:
                self.signed = signed
                self.forms, wrong = read_forms(self.amended.amendments.forms)
                self.unfit = (*map(str, self.amended.unfit), *wrong)
                return

    def at(self, cursor: Any, version: str, province: str) -> Pack | None:
        """The rules of *version*, or ``None`` where this desk does not have them any more."""
        if version == self.pack.version:
            return self.pack
        national, _plus, number = version.partition("+")
        if national != self.national.version:
            return None
        if not number:
            return self.national
        cursor.execute("SELECT signed FROM r_rule_pack WHERE number = ? ORDER BY id", (number,))
        for (text,) in cursor.fetchall():
            try:
                signed = SignedRules.decode(text or "")
                signed.verify(cursor, province)
                return law.amend(self.national, signed.text).pack
            except (RulesRefused, law.PackError):
                continue
        return None


def read_forms(texts: Mapping[str, str]) -> tuple[dict[str, papers.Form], tuple[str, ...]]:
    """The forms in *texts* (key → definition), and what is wrong with the others, in words."""
    if not texts:
        return {}, ()
    from traffick_desk import papers

    found: dict[str, papers.Form] = {}
    wrong: list[str] = []
    for key, text in texts.items():
        try:
            found[key] = papers.read_own(key, text)
        except papers.FormError as error:
            wrong.append(str(error))
    return found, tuple(wrong)


def take_into_use(context: Context) -> None:
    """Go by the newest rules in the vault; deadlines follow when time limits changed."""
    rules = context.rules
    with context.store.read() as cursor:
        rules.look(cursor, province_of(context))
        cursor.execute("SELECT value FROM meta WHERE key = ?", (_DATED,))
        row = cursor.fetchone()
    basis = _dating(rules.pack)
    if row is not None and row[0] == basis:
        return
    with context.store.work() as work:
        if row is not None:
            work.redate()
        work.cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (_DATED, basis))


def province_of(context: Context) -> str:
    """The province whose word counts at this desk."""
    return context.units.province_of(context.info.unit).id


def _dating(pack: Pack) -> str:
    """Changes when a deadline could come out differently."""
    clocks = [
        (
            c.id, c.start, c.stop, c.unless, c.only_if, c.extended_by, c.unit, c.value,
            c.starts_next_day, c.law, str(c.valid),
        )
        for c in sorted(pack.clocks.values(), key=lambda c: c.id)
    ]  # fmt: skip
    days = pack.calendar
    parts = (days.weekend, days.holidays, days.working, days.complete)
    text = json.dumps([clocks, [sorted(map(str, part)) for part in parts]])
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedView:
    """One signed text of the province: its number, day and words; *used* if it is in force."""

    id: str
    number: int
    made_on: str
    note: str
    withdrawn: str
    used: bool


@dataclass(frozen=True, slots=True)
class RulesView:
    """The rules in force and where they come from.

    Attributes:
        unfit: entries of the province that do not fit the national rules of this program.
        refused: newer signed texts that cannot be used here.
        changes: what the province changes in the national rules, in words.
        texts: all that the province signed, the newest first.
        draft: what is being prepared at this desk.
    """

    pack: Pack
    national: Pack
    number: int
    signed_at: str
    unfit: tuple[str, ...]
    refused: int
    changes: tuple[law.Change, ...]
    texts: tuple[SignedView, ...]
    text: str
    draft: str
    may_sign: bool


@dataclass(frozen=True, slots=True)
class RulesInForce(Query[RulesView]):
    """The rules that this desk goes by."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> RulesView:
        """See :class:`Query`."""
        rules = context.rules
        signed, amended = rules.signed, rules.amended
        cursor.execute(
            "SELECT id, number, made_on, note, voided, signed FROM r_rule_pack "
            "ORDER BY number DESC, id DESC"
        )
        own = signed.encode() if signed else None
        texts = tuple(
            SignedView(record, number, made_on, note or "", voided or "", text == own)
            for record, number, made_on, note, voided, text in cursor.fetchall()
        )
        cursor.execute("SELECT value FROM meta WHERE key = ?", (_DRAFT,))
        draft = cursor.fetchone()
        return RulesView(
            pack=rules.pack,
            national=rules.national,
            number=signed.number if signed else 0,
            signed_at=signed.made_at if signed else "",
            unfit=rules.unfit,
            refused=rules.refused,
            changes=law.amended_changes(amended) if amended else (),
            texts=texts,
            text=signed.text if signed else "",
            draft=draft[0] if draft else "",
            may_sign=may(context.info.role, RULES),
        )


def preview(desk: Desk, text: str) -> tuple[Amended, Comparison]:
    """What amendments would change in the rules in force, and for which worked examples.

    Raises:
        PackError: the text cannot be read; the words say where and why.
    """
    rules = desk.context.rules
    amended = law.amend(rules.national, text)
    return amended, law.compare_amended(rules.pack, amended)


@dataclass(frozen=True, slots=True)
class KeepRulesDraft(Command[None]):
    """Keep what the province prepares; an empty text drops it."""

    permission: ClassVar[str] = RULES
    action: ClassVar[str] = ""
    changes: ClassVar[frozenset[str]] = frozenset({"rules"})

    text: str

    def run(self, context: Context, work: Work) -> None:  # noqa: ARG002
        """See :class:`Command`."""
        work.cursor.execute("DELETE FROM meta WHERE key = ?", (_DRAFT,))
        if self.text:
            work.cursor.execute("INSERT INTO meta VALUES (?, ?)", (_DRAFT, self.text))


@dataclass(frozen=True, slots=True)
class _Sign(Command[str]):
    permission: ClassVar[str] = RULES
    action: ClassVar[str] = "rules.sign"
    changes: ClassVar[frozenset[str]] = frozenset()

    text: str

    def run(self, context: Context, work: Work) -> str:
        """See :class:`Command`."""
        amended = law.amend(context.rules.national, self.text)
        found = amended.amendments
        _forms, wrong = read_forms(found.forms)
        if amended.unfit or wrong:
            raise RulesUnfit((*map(str, amended.unfit), *wrong))
        work.cursor.execute("SELECT coalesce(max(number), 0) FROM r_rule_pack")
        if found.number <= work.cursor.fetchone()[0]:
            raise RulesNotNewer
        keys = DeviceKeys.load(work.cursor, context.info.device)
        signed = SignedRules.sign(
            context.info.device,
            province_of(context),
            found.number,
            context.moment,
            self.text,
            keys.signing,
        )
        values = {
            "number": found.number,
            "made_on": context.today,
            "note": found.note or None,
            "signed": signed.encode(),
        }
        record = new_id()
        given = {name: value for name, value in values.items() if value is not None}
        work.journal.write(Edit("rule_pack", record, given), context.info.officer_id, None)
        work.cursor.execute("DELETE FROM meta WHERE key = ?", (_DRAFT,))
        return record

    def target(self, result: str) -> str:
        """See :class:`Command`."""
        return result


@dataclass(frozen=True, slots=True)
class _Withdraw(Command[None]):
    permission: ClassVar[str] = RULES
    action: ClassVar[str] = "rules.withdraw"
    changes: ClassVar[frozenset[str]] = frozenset()

    id: str
    reason: str

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if work.journal.state("rule_pack", self.id).empty:
            raise NotHere
        edit = Edit("rule_pack", self.id, {VOID: self.reason})
        work.journal.write(edit, context.info.officer_id, None)


def sign(desk: Desk, text: str) -> str:
    """Province: sign amendments; they are in force here at once and go out with the next bundles.

    Returns:
        The id of the record.

    Raises:
        NotAllowed, PackError, RulesUnfit, RulesNotNewer: in words; nothing was changed.
    """
    record = desk.do(_Sign(text))
    take_into_use(desk.context)
    desk.tell(CHANGED)
    return record


def withdraw(desk: Desk, record: str, reason: str) -> None:
    """Province: take signed rules back; those before are in force again.

    Raises:
        NotAllowed, NotHere: in words; nothing was changed.
    """
    desk.do(_Withdraw(record, reason))
    take_into_use(desk.context)
    desk.tell(CHANGED)

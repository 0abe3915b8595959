"""Where an officer stands in the lessons of practice: kept in the practice vault alone.

A step is ticked off because of what is in the vault or what the window shows, never because
something was clicked. Records count only when they were written since the lesson began, so
nothing is done by doing nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from traffick_desk.services import fixtures, lessons, reading
from traffick_desk.services.base import Command, Context, Query
from traffick_desk.services.closing import CLOSED, CloseCase
from traffick_desk.services.commands import NewCase
from traffick_desk.services.errors import NotAllowed, NotHere
from traffick_desk.services.lessons import Lesson, Step, When
from traffick_desk.services.practice import beside
from traffick_desk.services.roles import CASE_WRITE, OWN
from traffick_desk.services.views import RecordView
from traffick_desk.store.changes import Change
from traffick_desk.store.store import Work

_KEY = "practice:lesson:"
_PRESENT = "practice:present"
CHANGED = frozenset({"practice"})
# Why the case of a lesson was closed that is begun anew; data, so in the language of papers.
_ANEW = "Làm lại bài luyện tập từ đầu"


@dataclass(frozen=True, slots=True)
class State:
    """How far one lesson is.

    Attributes:
        case_id: its case, "" while the officer has opened none.
        since: position in the journal after which entries count.
        drafts: digests of drafts that were there before.
        file_no: file number of the case of the lesson, if the lesson made it.
        done: ids of steps that were ticked off; *skipped* those that were passed over.
    """

    lesson: str
    case_id: str = ""
    file_no: str = ""
    since: int = 0
    drafts: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    def present(self, of: Lesson) -> Step | None:
        """The step to be done now; ``None`` at the end."""
        over = {*self.done, *self.skipped}
        return next((step for step in of.steps if step.id not in over), None)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the window shows."""

    page: str = ""
    section: str = ""
    case_id: str = ""
    shows: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """All lessons that were begun, by id, and the one that is open."""

    states: dict[str, State]
    present: str = ""

    def finished(self, of: Lesson) -> bool:
        """Whether a lesson was gone through to its end."""
        state = self.states.get(of.id)
        return state is not None and state.present(of) is None


@dataclass(frozen=True, slots=True)
class ReadProgress(Query[Progress]):
    """How far the lessons are."""

    permission: ClassVar[str] = OWN

    def run(self, context: Context, cursor: Any) -> Progress:  # noqa: ARG002
        """See :class:`Query`."""
        cursor.execute("SELECT key, value FROM meta WHERE key LIKE 'practice:%'")
        found = dict(cursor.fetchall())
        present = found.pop(_PRESENT, "")
        states = [_decode(value) for key, value in found.items() if key.startswith(_KEY)]
        return Progress({state.lesson: state for state in states}, present)


@dataclass(frozen=True, slots=True)
class StartLesson(Command[State]):
    """Begin a lesson, or begin it anew: only its own case is left behind, closed.

    Raises:
        NotAllowed: this is no practice desk.
        NotHere: there is no such lesson.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = "practice.start"
    changes: ClassVar[frozenset[str]] = CHANGED | {"cases"}

    lesson_id: str

    def run(self, context: Context, work: Work) -> State:
        """See :class:`Command`."""
        made = _lesson(context, self.lesson_id)
        before = _load(work.cursor, made.id)
        if before is not None:
            case_id = _case_of(work.cursor, before)
            _leave_behind(context, work, case_id)
        case_id = _receive(context, work, made.person) if made.person else ""
        # What the lesson wrote itself counts for nothing that is done in it.
        work.journal.flush()
        file_no = str(work.journal.state("case", case_id).values["file_no"]) if case_id else ""
        state = State(made.id, case_id, file_no, _position(work.cursor), _drafts(work.cursor))
        _save(work.cursor, state)
        _keep(work.cursor, _PRESENT, made.id)
        return state

    def target(self, result: State) -> str:  # noqa: ARG002
        """See :class:`Command`."""
        return self.lesson_id


@dataclass(frozen=True, slots=True)
class ChooseLesson(Command[None]):
    """Show another lesson that was begun before, or none: then the list of lessons is shown."""

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = ""
    changes: ClassVar[frozenset[str]] = CHANGED

    lesson_id: str = ""

    def run(self, context: Context, work: Work) -> None:
        """See :class:`Command`."""
        if self.lesson_id:
            _lesson(context, self.lesson_id)
        _keep(work.cursor, _PRESENT, self.lesson_id)


@dataclass(frozen=True, slots=True)
class SkipStep(Command[State]):
    """Pass over the present step, if it is still *step_id*.

    Raises:
        NotHere: the lesson was not begun.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = ""
    changes: ClassVar[frozenset[str]] = CHANGED

    lesson_id: str
    step_id: str

    def run(self, context: Context, work: Work) -> State:
        """See :class:`Command`."""
        made = _lesson(context, self.lesson_id)
        state = _load(work.cursor, made.id)
        if state is None:
            raise NotHere
        present = state.present(made)
        if present is not None and present.id == self.step_id:
            state = replace(state, skipped=(*state.skipped, present.id))
            _save(work.cursor, state)
        return state


@dataclass(frozen=True, slots=True)
class Judge(Query[State | None]):
    """What the state of a lesson would be now; ``None`` if nothing new was done."""

    permission: ClassVar[str] = OWN

    lesson_id: str
    shown: Shown = Shown()

    def run(self, context: Context, cursor: Any) -> State | None:
        """See :class:`Query`."""
        state = _load(cursor, self.lesson_id)
        if state is None:
            return None
        new = _judged(context, cursor, _lesson(context, self.lesson_id), state, self.shown)
        return new if new != state else None


@dataclass(frozen=True, slots=True)
class TickOff(Command[State]):
    """Tick off what was done; it is looked at once more.

    Raises:
        NotHere: the lesson was not begun.
    """

    permission: ClassVar[str] = CASE_WRITE
    action: ClassVar[str] = ""
    changes: ClassVar[frozenset[str]] = CHANGED

    lesson_id: str
    shown: Shown = Shown()

    def run(self, context: Context, work: Work) -> State:
        """See :class:`Command`."""
        state = _load(work.cursor, self.lesson_id)
        if state is None:
            raise NotHere
        made = _lesson(context, self.lesson_id)
        state = _judged(context, work.cursor, made, state, self.shown)
        _save(work.cursor, state)
        return state


# --- judging -------------------------------------------------------------------------------


def _judged(context: Context, cursor: Any, made: Lesson, state: State, shown: Shown) -> State:
    state = replace(state, case_id=_case_of(cursor, state))
    while (step := state.present(made)) is not None:
        if not _holds(context, cursor, state, step.when, shown):
            break
        state = replace(state, done=(*state.done, step.id))
    return state


def _holds(context: Context, cursor: Any, state: State, when: When, shown: Shown) -> bool:
    if when.any_of:
        return any(_holds(context, cursor, state, inner, shown) for inner in when.any_of)
    if when.page:
        return _is_shown(state, when, shown)
    if when.draft:
        return _has_draft(cursor, state, when)
    if when.record:
        return _has_record(context, cursor, state, when)
    if when.sent:
        case = _row(cursor, state.case_id)
        return case is not None and case.sync != "here"
    return when.answer and _answer_waits(context, cursor)


def _is_shown(state: State, when: When, shown: Shown) -> bool:
    if shown.page != when.page or when.shows not in ("", shown.shows):
        return False
    if when.section not in ("", shown.section):
        return False
    return when.page != "case" or (bool(state.case_id) and shown.case_id == state.case_id)


def _has_draft(cursor: Any, state: State, when: When) -> bool:
    cursor.execute("SELECT key, payload FROM draft")
    for key, payload in cursor.fetchall():
        if key.startswith(when.draft) and _digest(key, payload) not in state.drafts:
            value = json.dumps(when.draft_value, ensure_ascii=False)
            if not when.draft_value or value in payload:
                return True
    return False


def _has_record(context: Context, cursor: Any, state: State, when: When) -> bool:
    if not state.case_id:
        return False
    cursor.execute(
        "SELECT body FROM journal WHERE case_id = ? AND pos > ?", (state.case_id, state.since)
    )
    changes = (Change.decode(bytes(body)) for (body,) in cursor.fetchall())
    written = {change.id for change in changes if change.type == when.record}
    record_type = context.store.registry[when.record]
    return any(
        record.id in written and record.voided is None and _fits(record, when)
        for record in reading.records_of(cursor, record_type, state.case_id)
    )


def _fits(record: RecordView, when: When) -> bool:
    if any(record.get(name) in (None, "", []) for name in when.has):
        return False
    for name, wanted in (when.values or {}).items():
        value = record.get(name)
        if not set(wanted) & set(value if isinstance(value, list | tuple) else [value]):
            return False
    return True


def _answer_waits(context: Context, cursor: Any) -> bool:
    from traffick_desk.sync.bundle import peek
    from traffick_desk.sync.carriers import Carrier, CarrierError
    from traffick_desk.sync.errors import SyncError
    from traffick_desk.sync.intake import is_known, known_keys
    from traffick_desk.sync.keys import DeviceKeys

    keys = DeviceKeys.load(cursor, context.info.device)
    known = known_keys(cursor, context.info.device)
    carrier = Carrier(beside(context.info.vault_path).stick, practice=True)
    try:
        for path in carrier.bundles(*keys.recipients):
            with carrier.disk.open(path) as stream:
                manifest, digest = peek(stream, keys.identities, known)
            if not is_known(cursor, manifest, digest):
                return True
    except (CarrierError, SyncError, OSError):
        # Somebody tidied the folder up; then no answer lies there.
        return False
    return False


# --- the case of a lesson ------------------------------------------------------------------


def _case_of(cursor: Any, state: State) -> str:
    """The case that the lesson is about; of a lesson without one the newest opened since."""
    if state.case_id:
        return state.case_id
    cursor.execute(
        "SELECT case_id FROM journal j WHERE pos > ? AND via IS NULL AND case_id IN "
        f"(SELECT case_id FROM case_row WHERE {reading.cases_only()}) AND NOT EXISTS "
        "(SELECT 1 FROM journal b WHERE b.case_id = j.case_id AND b.pos <= ?) "
        "AND case_id NOT IN (SELECT json_extract(value, '$.case_id') FROM meta "
        "WHERE key LIKE 'practice:lesson:%') ORDER BY pos LIMIT 1",
        (state.since, state.since),
    )
    row = cursor.fetchone()
    return str(row[0]) if row else ""


def _receive(context: Context, work: Work, person: str) -> str:
    today = context.now().date()
    groups = fixtures.read(lessons.people(), context.store.registry, context.units, today)
    arrival = next((a for group in groups.values() for a in group if a.id == person), None)
    if arrival is None:
        raise NotHere
    return NewCase(arrival.edits).run(context, work)


def _leave_behind(context: Context, work: Work, case_id: str) -> None:
    row = _row(work.cursor, case_id)
    if row is not None and row.stage != CLOSED:
        CloseCase(case_id, "other", _ANEW).run(context, work)


def _row(cursor: Any, case_id: str) -> Any:
    rows = reading.case_rows(cursor, "WHERE case_id = ?", (case_id,)) if case_id else ()
    return rows[0] if rows else None


# --- keeping -------------------------------------------------------------------------------


def _lesson(context: Context, lesson_id: str) -> Lesson:
    if not context.info.practice:
        raise NotAllowed
    try:
        return lessons.lesson(lesson_id)
    except KeyError as error:
        raise NotHere from error


def _position(cursor: Any) -> int:
    cursor.execute("SELECT coalesce(max(pos), 0) FROM journal")
    return int(cursor.fetchone()[0])


def _drafts(cursor: Any) -> tuple[str, ...]:
    cursor.execute("SELECT key, payload FROM draft ORDER BY key")
    return tuple(_digest(key, payload) for key, payload in cursor.fetchall())


def _digest(key: str, payload: str) -> str:
    return hashlib.sha256(f"{key}\n{payload}".encode()).hexdigest()[:16]


def _load(cursor: Any, lesson_id: str) -> State | None:
    cursor.execute("SELECT value FROM meta WHERE key = ?", (f"{_KEY}{lesson_id}",))
    row = cursor.fetchone()
    return _decode(row[0]) if row else None


def _decode(text: str) -> State:
    known = json.loads(text)
    lists = {name: tuple(known[name]) for name in ("drafts", "done", "skipped")}
    return State(**{**known, **lists})


def _save(cursor: Any, state: State) -> None:
    _keep(cursor, f"{_KEY}{state.lesson}", json.dumps(asdict(state)))


def _keep(cursor: Any, key: str, value: str) -> None:
    cursor.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

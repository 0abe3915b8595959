"""What is different between two packs, in words, and whose result it changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from traffick_desk.i18n import N_, _
from traffick_desk.law.evaluator import OF_CODE, evaluate
from traffick_desk.law.loader import build
from traffick_desk.law.pack import Citation, Code
from traffick_desk.law.reader import Reader, decode, parse
from traffick_desk.law.words import Text, money, say, spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from traffick_desk.law.assessment import Assessment
    from traffick_desk.law.pack import Pack

Table = dict[str, Any]
Key = tuple[str, str, str]  # law or "", kind of entry, id

_KINDS = {
    "instruments": N_("instrument"),
    "questions": N_("open question"),
    "provinces": N_("province"),
    "years": N_("year of the calendar"),
    "parameters": N_("reference amount"),
    "values": N_("value of a reference amount"),
    "clocks": N_("clock"),
    "regimes": N_("regime"),
    "footnotes": N_("footnote"),
    "rows": N_("row of the table of persons"),
    "levels": N_("level"),
    "targets": N_("target"),
    "days": N_("day of the year"),
    "examples": N_("worked example"),
    "head": N_("head of the file"),
}
_FIELDS = {
    "amount": N_("amount"),
    "cite": N_("citation"),
    "label": N_("label"),
    "limit": N_("time limit"),
    "mark": N_("confidence mark"),
    "title": N_("title"),
    "unit": N_("unit"),
    "valid": N_("in force"),
    "vnd": N_("amount"),
}
_LIMITS = {
    "instant": N_("at once"),
    "d": N_("{value} days"),
    "wd": N_("{value} working days"),
    "h": N_("{value} hours"),
    "months": N_("{value} months"),
    "years": N_("{value} years"),
    "NF": N_("not found"),
}
_ID = ("id", "letter", "year")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``str()`` says it in words with the day it holds from and its citation."""

    words: str
    since: date | None
    cite: tuple[Citation, ...]

    def __str__(self) -> str:
        more = [_("from {day}").format(day=spell(self.since))] if self.since else []
        more += [str(cite) for cite in self.cite]
        return f"{self.words} ({'; '.join(more)})" if more else self.words


@dataclass(frozen=True, slots=True)
class Moved:
    """A worked example whose result differs: who (perhaps on which day), and what of it."""

    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.who}: {self.text}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of the rules, and of the results of the worked examples."""

    changes: tuple[Change, ...]
    results: tuple[Moved, ...]


def compare(old: Path, new: Path) -> Comparison:
    """Compare the packs in two folders, in the language in use.

    The worked examples are those of *new*, or of *old* where it has none.

    Raises:
        PackError: one of them is wrong.
        OSError: a file cannot be read.
    """
    before, was = _read(old)
    after, now = _read(new)
    changes: list[Change] = []
    for key in [*before, *(key for key in after if key not in before)]:
        changes += _entry(key, before.get(key), after.get(key), was, now)
    results = [
        Moved(f"{example.id} ({example.label})", text)
        for example in now.examples or was.examples
        for text in differences(evaluate(example.facts, was), evaluate(example.facts, now))
    ]
    return Comparison(tuple(changes), tuple(results))


def _read(folder: Path) -> tuple[dict[Key, Table], Pack]:
    files = sorted(entry for entry in folder.iterdir() if entry.suffix == ".yaml")
    roots = {path.name: parse(decode(path.read_bytes(), path.name), path.name) for path in files}
    pack = build(roots)
    found: dict[Key, Table] = {}
    for name, root in roots.items():
        found.update(_entries(Reader(root.node, name).plain()))
    return found, pack


def _entries(root: Any) -> Iterator[tuple[Key, Table]]:
    """The entries of one file, each under a key that stays the same from pack to pack."""
    law, kind = root.get("law", ""), root["kind"]
    head = {name: value for name, value in root.items() if name not in _KINDS}
    yield (law, "head", kind), head
    listed = ((name, entry) for name in root if name in _KINDS for entry in root[name])
    for name, entry in listed:
        own = next(str(entry[key]) for key in _ID if key in entry)
        cells = entry.get("cells", {})
        rest = {
            **{key: part for key, part in entry.items() if key not in {"cells", "values"}},
            **{f"cells.{letter}": cell for letter, cell in cells.items()},
        }
        yield (law, name, own), rest
        for part in entry.get("values", ()):
            since = part["valid"].get("from", "…")
            yield (law, "values", f"{own} {since}"), {**part, "label": entry["label"]}


def _entry(
    key: Key, old: Table | None, new: Table | None, was: Pack, now: Pack
) -> Iterator[Change]:
    """The changes of one entry."""
    entry, pack = (new, now) if new is not None else (old or {}, was)
    law, kind, name = key
    label = _label(entry)
    what = f"{_(_KINDS[kind])} {law}/{name}" if law else f"{_(_KINDS[kind])} {name}"
    what = f"{what} “{label}”" if label else what
    start = entry.get("valid", {}).get("from")
    since = date.fromisoformat(start) if start else None
    cite = tuple(_citation(part, pack) for part in entry.get("cite", ()))
    if old is None or new is None:
        words = N_("Added: {what}") if old is None else N_("Removed: {what}")
        shown = [
            f"{_field(field)}: {_value(field, entry[field], entry, pack)}"
            for field in ("amount", "vnd", "limit")
            if field in entry
        ]
        yield Change("; ".join([str(say(words, what=what)), *shown]), since, cite)
        return
    for field in [*old, *(name for name in new if name not in old)]:
        if old.get(field) != new.get(field):
            words = N_("{what}: {field}: {before} → {after}")
            yield Change(
                str(
                    say(
                        words,
                        what=what,
                        field=_field(field),
                        before=_value(field, old.get(field), old, was),
                        after=_value(field, new.get(field), new, now),
                    )
                ),
                since,
                cite,
            )


def _label(entry: Table) -> str:
    for source in (entry.get("label"), entry.get("name"), entry):
        if source is not None and "vi" in source and "en" in source:
            return str(Text(source["vi"], source["en"]))
    return ""


def _field(name: str) -> str:
    """A field in words where it has some; else its key in the file."""
    if name.startswith("cells."):
        return str(say(N_("regime {letter}"), letter=name[6:]))
    return _(_FIELDS[name]) if name in _FIELDS else f"“{name}”"


def _value(field: str, value: Any, entry: Table, pack: Pack) -> str:
    """One value as a reader expects it."""
    if value is None:
        return _("nothing")
    if field == "vnd":
        return money(int(value))
    if field == "amount" and "vnd" in value:
        return f"{money(int(value['vnd']))}/{pack.units[entry['unit']]}"
    if field == "cite":
        return "; ".join(str(_citation(part, pack)) for part in value)
    if field == "amount" and "code" in value:
        code = Code.NOT_FOUND if value["code"] == "NF" else Code(value["code"])
        return " ".join([code.label, *_rest(value, "code")])
    if field == "limit":
        return str(say(_LIMITS[value["unit"]], value=value.get("value")))
    if field.startswith("cells."):
        table = {"cell": value} if isinstance(value, str) else value
        result = OF_CODE[table["cell"]]
        return " ".join([result.label, *_rest(table, "cell")])
    return _plain(value)


def _rest(table: Table, but: str) -> list[str]:
    """What else a table says, in brackets."""
    rest = {key: part for key, part in table.items() if key != but}
    return [f"[{_plain(rest)}]"] if rest else []


def _plain(value: Any) -> str:
    """A value as the file has it; a text in both languages."""
    if isinstance(value, dict):
        if set(value) == {"vi", "en"}:
            return f"“{value['vi']}” / “{value['en']}”"
        return "; ".join(f"{key}: {_plain(part)}" for key, part in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _citation(part: Table, pack: Pack) -> Citation:
    return Citation(
        instrument=pack.instruments[part["instrument"]],
        chapter=part.get("chapter"),
        article=part.get("article"),
        clause=part.get("clause"),
        point=part.get("point"),
        sources=tuple(part["sources"]),
        last_checked=pack.last_checked,
    )


def differences(old: Assessment, new: Assessment) -> Iterator[str]:
    """What is different between two results, one line each."""
    before, after = _summary(old), _summary(new)
    for what in [*before, *(name for name in after if name not in before)]:
        one, two = (side.get(what) or _("nothing") for side in (before, after))
        if one != two:
            yield str(say(N_("{what}: {before} → {after}"), what=what, before=one, after=two))


def _summary(assessment: Assessment) -> Mapping[str, str]:
    """Everything about a result that a change of the rules can change, in words."""
    found = {
        _("law"): str(assessment.law.reason),
        _("category"): str(assessment.category),
        _("known total"): assessment.known_total.text,
    }
    for outcome in assessment.outcomes:
        found[f"{outcome.regime.letter} {outcome.regime.label}"] = outcome.result.label
        for line in outcome.lines:
            name = str(line.level.label)
            if name in found:
                name = f"{name} [{line.level.id.partition('@')[0]}]"
            found[name] = f"{line.result.label}, {line.amount_text}"
    return found

"""Amendments while a province prepares them: as entries of forms, and as the text that is signed.

An entry is what the file has, with every value a text. What no form can show (an amount by formula,
say) stays as it is and is only told in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import yaml

from traffick_desk import law
from traffick_desk.law.amend_read import FILE, OWN_IDS
from traffick_desk.law.reader import parse

Entry = dict[str, Any]
Values = Mapping[str, Any]
KINDS = ("instruments", "changes", "years", "forms")
# What an entry of “changes” may be.
CHANGES = ("level", "end", "add", "parameter")


class _Plain(yaml.SafeDumper):
    """Writes everything out: the reader takes no references."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


@dataclass(frozen=True, slots=True)
class RulesDraft:
    """What is being prepared.

    Attributes:
        number: of the next signed text.
        entries: kind (of :data:`KINDS`) → its entries in their order.
    """

    number: int
    made_on: str
    note: str = ""
    entries: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    def of(self, kind: str) -> tuple[Entry, ...]:
        """The entries of one kind."""
        return self.entries.get(kind, ())

    def with_entry(self, kind: str, place: int | None, entry: Entry | None) -> RulesDraft:
        """The same with *entry* in place of that at *place*.

        Without a place it is added at the end; without an entry that at *place* is dropped.
        """
        listed = list(self.of(kind))
        at = len(listed) if place is None else place
        listed[at : at + 1] = [] if entry is None else [entry]
        entries = {**self.entries, kind: tuple(listed)}
        return replace(self, entries={name: found for name, found in entries.items() if found})

    @property
    def text(self) -> str:
        """The file."""
        content: dict[str, Any] = {
            "kind": "amendments",
            "number": self.number,
            "made_on": date.fromisoformat(self.made_on),
        }
        if self.note:
            content["note"] = self.note
        content |= {kind: list(self.of(kind)) for kind in KINDS if self.of(kind)}
        return str(
            yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
        )


def read(text: str) -> RulesDraft:
    """The draft that *text* holds.

    Raises:
        PackError: it is no file of amendments.
    """
    root = parse(text, FILE)
    root.get("kind").choice("amendments")
    number, made_on = root.get("number").whole(1), root.get("made_on").day()
    plain = root.plain()
    content: dict[str, Any] = plain if isinstance(plain, dict) else {}
    return RulesDraft(
        number=number,
        made_on=made_on.isoformat(),
        note=str(content.get("note", "")),
        entries={kind: tuple(content[kind]) for kind in KINDS if content.get(kind)},
    )


def start(in_force: str, highest: int, today: str) -> RulesDraft:
    """A draft that begins with what is in force (a signed text or ""), under the next number."""
    before = read(in_force) if in_force else RulesDraft(1, today)
    return replace(before, number=highest + 1, made_on=today, note="")


# What forms show, and back


def kind_of(change: Entry) -> str:
    """Which of :data:`CHANGES` an entry of “changes” is; "" for none."""
    return next((kind for kind in CHANGES if kind in change), "")


def place_of(kind: str) -> str:
    """Under which key of the file the entries of a kind stand."""
    return "changes" if kind in CHANGES else kind


def _citation(values: Values) -> list[Entry]:
    cite: Entry = {"instrument": values["instrument"]}
    cite |= {key: values[key] for key in ("article", "clause", "point") if values.get(key)}
    return [{**cite, "sources": [values["source"]]}]


def _cited(entry: Entry) -> Entry | None:
    """The values of the one citation of an entry; ``None`` if it has more than a form can show."""
    listed = entry.get("cite", [])
    if len(listed) != 1 or len(listed[0].get("sources", [])) != 1:
        return None
    cite = dict(listed[0])
    (source,) = cite.pop("sources")
    if set(cite) - {"instrument", "article", "clause", "point"}:
        return None
    return {**cite, "source": source}


def _amount(values: Values) -> Entry:
    at_least = {"at_least": "true"} if values.get("at_least") == "yes" else {}
    return {"vnd": values["vnd"], **at_least}


def _amount_shown(amount: Entry) -> Entry | None:
    if set(amount) - {"vnd", "at_least"} or "vnd" not in amount:
        return None
    at_least = {"at_least": "yes"} if amount.get("at_least") == "true" else {}
    return {"vnd": int(amount["vnd"]), **at_least}


def level_entry(values: Values) -> Entry:
    """An amount of a national level from a day on."""
    entry: Entry = {"level": values["level"], "from": values["since"], "amount": _amount(values)}
    if values.get("unit"):
        entry["unit"] = values["unit"]
    return {**entry, "cite": _citation(values), "mark": values.get("mark", "T")}


def end_entry(values: Values) -> Entry:
    """The end of a level."""
    return {"end": values["level"], "from": values["since"], "cite": _citation(values)}


def add_entry(values: Values, place: int) -> Entry:
    """A level of the province's own; *place* makes its id."""
    regime_law, _slash, regime = values["regime"].partition("/")
    valid = {"from": values["since"]}
    if values.get("until"):
        valid["to"] = values["until"]
    name = values.get("id") or f"{OWN_IDS}{regime_law}-{values['since']}-{place + 1}"
    level: Entry = {
        "id": name,
        "law": regime_law,
        "regime": regime,
        "need": name,
        "label": {"vi": values["label"], "en": values["label"]},
        "amount": _amount(values),
        "unit": values["unit"],
        "valid": valid,
        "cite": _citation(values),
        "mark": values.get("mark", "T"),
    }
    if values.get("days"):
        level["cap"] = {"days": values["days"]}
    return {"add": level}


def parameter_entry(values: Values) -> Entry:
    """A reference amount from a day on."""
    value = {
        **_amount(values),
        "valid": {"from": values["since"]},
        "cite": _citation(values),
        "mark": values.get("mark", "T"),
    }
    return {"parameter": values["parameter"], "value": value}


def instrument_entry(values: Values, place: int) -> Entry:
    """A resolution, circular or other text that the entries cite."""
    entry: Entry = {
        "id": values.get("id") or f"{OWN_IDS}{place + 1}",
        "name": {"vi": values["name"], "en": values["name"]},
        "title": {"vi": values["title"], "en": values["title"]},
    }
    if values.get("issued"):
        entry["issued"] = values["issued"]
    return {
        **entry,
        "valid": {"from": values["since"]},
        "status": "current",
        "mark": values.get("mark", "T"),
        "sources": [values["source"]],
    }


def shown(kind: str, entry: Entry) -> Entry | None:
    """The values of a form for an entry; ``None`` when no form can show all of it."""
    found = _SHOWN[kind](entry)
    if found is None:
        return None
    # What a form would lose must not be edited by it.
    again = _ENTRIES[kind](found)
    return found if _texts(again) == _texts(entry) else None


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(part) for part in value]
    return str(value)


def _level_shown(entry: Entry) -> Entry | None:
    amount, cite = _amount_shown(entry.get("amount", {})), _cited(entry)
    if amount is None or cite is None:
        return None
    rest = {"level": entry["level"], "since": entry["from"], "mark": entry.get("mark", "T")}
    unit = {"unit": entry["unit"]} if "unit" in entry else {}
    return {**rest, **amount, **unit, **cite}


def _end_shown(entry: Entry) -> Entry | None:
    cite = _cited(entry)
    return None if cite is None else {"level": entry["end"], "since": entry["from"], **cite}


def _add_shown(entry: Entry) -> Entry | None:
    level = entry["add"]
    amount, cite = _amount_shown(level.get("amount", {})), _cited(level)
    if amount is None or cite is None:
        return None
    found = {
        "id": level["id"],
        "regime": f"{level['law']}/{level['regime']}",
        "label": level["label"]["vi"],
        "unit": level.get("unit", ""),
        "since": level["valid"].get("from"),
        "mark": level.get("mark", "T"),
        **amount,
        **cite,
    }
    if level["valid"].get("to"):
        found["until"] = level["valid"]["to"]
    if "cap" in level and set(level["cap"]) == {"days"}:
        found["days"] = int(level["cap"]["days"])
    return found


def _parameter_shown(entry: Entry) -> Entry | None:
    value = entry["value"]
    amount = _amount_shown({k: v for k, v in value.items() if k in {"vnd", "at_least"}})
    cite = _cited(value)
    if amount is None or cite is None:
        return None
    since, mark = value["valid"].get("from"), value.get("mark", "T")
    return {"parameter": entry["parameter"], "since": since, "mark": mark, **amount, **cite}


def _instrument_shown(entry: Entry) -> Entry | None:
    if len(entry.get("sources", [])) != 1:
        return None
    found = {
        "id": entry["id"],
        "name": entry["name"]["vi"],
        "title": entry["title"]["vi"],
        "since": entry["valid"].get("from"),
        "source": entry["sources"][0],
        "mark": entry.get("mark", "T"),
    }
    return {**found, "issued": entry["issued"]} if "issued" in entry else found


# Holidays: a line a day, as an officer copies them from the decision


class DayUnread(ValueError):
    """A line that is not “day/month words”; *line* is the line."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


_DAY = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?\s*[:,–-]?\s*(.*)")


def days_of(text: str, year: int, cite: list[Entry]) -> list[Entry]:
    """The days that *text* lists, one a line: ``02/09 Quốc khánh``.

    Raises:
        DayUnread: a line is no day of *year*.
    """
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        match = _DAY.fullmatch(line)
        try:
            if match is None or match[3] not in {None, str(year)}:
                raise ValueError(line)
            day = date(year, int(match[2]), int(match[1]))
        except ValueError as error:
            raise DayUnread(line.strip()) from error
        words = match[4].strip()
        label = {"label": {"vi": words, "en": words}} if words else {}
        found.append({"day": day.isoformat(), **label, "cite": cite})
    return found


def year_entry(values: Values) -> Entry:
    """The holidays and swapped working days of a year.

    Raises:
        DayUnread: a line is no day of that year.
    """
    year, cite = int(values["year"]), _citation(values)
    entry: Entry = {
        "year": year,
        "complete": "true" if values.get("complete") == "yes" else "false",
    }
    for key in ("holidays", "working_days"):
        days = days_of(values.get(key) or "", year, cite)
        if days:
            entry[key] = days
    return entry


def _year_shown(entry: Entry) -> Entry | None:
    found: Entry = {
        "year": str(entry["year"]),
        "complete": "yes" if entry.get("complete") == "true" else "no",
    }
    cites = []
    for key in ("holidays", "working_days"):
        lines = []
        for item in entry.get(key, []):
            day = date.fromisoformat(item["day"])
            cites.append(_cited(item))
            lines.append(f"{day:%d/%m} {item.get('label', {}).get('vi', '')}".rstrip())
        if lines:
            found[key] = "\n".join(lines)
    if not cites or None in cites or any(cite != cites[0] for cite in cites):
        return None
    return {**found, **(cites[0] or {})}


_SHOWN = {
    "level": _level_shown,
    "end": _end_shown,
    "add": _add_shown,
    "parameter": _parameter_shown,
    "instruments": _instrument_shown,
    "years": _year_shown,
}
_ENTRIES: Mapping[str, Any] = {
    "level": level_entry,
    "end": end_entry,
    "add": lambda values: add_entry(values, 0),
    "parameter": parameter_entry,
    "instruments": lambda values: instrument_entry(values, 0),
    "years": year_entry,
}


def entry_of(kind: str, values: Values, place: int) -> Entry:
    """The entry that a form of *kind* describes; *place* numbers what needs an id.

    Raises:
        DayUnread: a line of holidays is no day of its year.
    """
    if kind == "add":
        return add_entry(values, place)
    if kind == "instruments":
        return instrument_entry(values, place)
    entry: Entry = _ENTRIES[kind](values)
    return entry


def words_of(kind: str, entry: Entry, draft: RulesDraft, national: law.Pack) -> str:
    """One entry in words, as the comparison says it; its problem where it does not fit."""
    alone = RulesDraft(1, draft.made_on, entries={"instruments": draft.of("instruments")})
    if kind != "instruments":
        alone = alone.with_entry(place_of(kind), None, entry)
    else:
        alone = RulesDraft(1, draft.made_on, entries={"instruments": (entry,)})
    amended = law.amend(national, alone.text)
    if amended.unfit:
        return "; ".join(unfit.problem for unfit in amended.unfit)
    changes = law.amended_changes(amended)
    return str(changes[-1]) if changes else ""

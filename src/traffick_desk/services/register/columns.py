"""What the columns of a register can be, read from ``resources/register/columns.yaml``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from traffick_desk import i18n, resources
from traffick_desk.domain.lists import code_list
from traffick_desk.services.register.table import plain

IGNORE = ""
"""The column is not taken in."""
NOTE = "note"
NAME = "person.name"


class RegisterDataError(RuntimeError):
    """The packaged list of columns is damaged: a fault of the installation."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing a column can be.

    Attributes:
        key: stable, kept with mappings.
        group: a key of :attr:`Columns.groups`.
        names: label by language.
        words: headings, plain.
        reads: how it is read when it is not one field: ``address``, ``line``, ``commune``,
            ``district``, ``province``, ``support``, ``note``.
        of: which address.
    """

    key: str
    group: str
    names: Mapping[str, str]
    words: tuple[str, ...]
    reads: str = ""
    of: str = ""

    @property
    def record(self) -> str:
        """Name of the record type."""
        return self.key.partition(".")[0]

    @property
    def field(self) -> str:
        """What follows the record type."""
        return self.key.partition(".")[2]

    def label(self) -> str:
        """In the language of the desk."""
        return self.names[i18n.language()]


@dataclass(frozen=True, slots=True)
class Columns:
    """All targets and the ways in which codes are written."""

    groups: Mapping[str, Mapping[str, str]]
    targets: Mapping[str, Target]
    ignored: frozenset[str]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]

    def group_label(self, group: str) -> str:
        """In the language of the desk."""
        return self.groups[group][i18n.language()]


@lru_cache(maxsize=1)
def columns() -> Columns:
    """The packaged data.

    Raises:
        RegisterDataError: it is missing or damaged.
    """
    path = resources.path("register", "columns.yaml")
    try:
        data: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        targets = {
            t["key"]: Target(
                t["key"],
                t["group"],
                {language: t[language] for language in i18n.LANGUAGES},
                tuple(plain(str(word)) for word in t["words"]),
                t.get("reads", ""),
                t.get("of", ""),
            )
            for t in data["targets"]
        }
        values = {
            name: {str(c): tuple(plain(str(w)) for w in words) for c, words in codes.items()}
            for name, codes in data["values"].items()
        }
        ignored = frozenset(plain(str(word)) for word in data["ignored"])
        return Columns(data["groups"], targets, ignored, values)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise RegisterDataError(f"{path.name}: {error}") from error


@lru_cache(maxsize=4)
def _headings(_language: str) -> tuple[tuple[str, str, Counter[str]], ...]:
    return tuple(
        (target.key, word, Counter(word.split()))
        for target in columns().targets.values()
        for word in (*target.words, *(plain(name) for name in target.names.values()))
    )


@lru_cache(maxsize=2048)
def matches(heading: str) -> tuple[tuple[float, str], ...]:
    """Targets that *heading* may mean, the likeliest first, each with a score up to 1."""
    best: dict[str, float] = {}
    for text in dict.fromkeys((plain(heading), plain(heading.partition("(")[0]))):
        have = Counter(text.split())
        count = have.total()
        if not count or text in columns().ignored:
            continue
        for key, word, wanted in _headings(""):
            if word == text:
                score = 1.0
            else:
                common = (have & wanted).total()
                if common == wanted.total() and common * 3 >= count and len(word) > 2:
                    score = 0.5 + 0.4 * common / count
                elif common and 2 * common / (count + wanted.total()) >= 0.8:
                    score = 0.55 * 2 * common / (count + wanted.total())
                else:
                    continue
            best[key] = max(best.get(key, 0.0), score)
    return tuple(sorted(((score, key) for key, score in best.items()), key=lambda m: -m[0]))


def heading_score(heading: str) -> float:
    """How sure *heading* is one: 1 if it is a known word, 0 if it means nothing."""
    if plain(heading) in columns().ignored:
        return 0.5
    found = matches(heading) if len(heading) <= 120 else ()
    return found[0][0] if found else 0.0


# --- codes --------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _ways(name: str, _language: str) -> tuple[tuple[str, str], ...]:
    """Every way to write a code of a list: plain words and the code, the longest first."""
    found: dict[str, str] = {}
    codes = code_list(name)
    for code, words in columns().values.get(name, {}).items():
        for word in words:
            found.setdefault(word, code)
    for code in codes.codes():
        for language in i18n.LANGUAGES:
            with i18n.speaking(language):
                found.setdefault(plain(codes.label(code)), code)
        for alias in _aliases(codes, code):
            found.setdefault(plain(alias), code)
    return tuple(sorted(((w, c) for w, c in found.items() if w), key=lambda i: -len(i[0])))


def _aliases(codes: Any, code: str) -> tuple[str, ...]:
    entries = getattr(codes, "entries", None)
    entry = entries.get(code) if isinstance(entries, dict) else None
    return entry.aliases if entry is not None else ()


_SHORT = 5


def codes_in(name: str, text: str) -> list[str]:
    """The codes of list *name* that *text* names, the longest words first.

    Short words count only when they are the whole cell: *không* means no, but
    *không xác định được* does not.
    """
    words = plain(text)
    if not words:
        return []
    ways = _ways(name, i18n.language())
    whole = [code for way, code in ways if way == words]
    if whole:
        return whole[:1]
    rest = f" {words} "
    found: list[str] = []
    for way, code in ways:
        if (len(way) > _SHORT or " " in way) and f" {way} " in rest:
            # What a longer way has used up is not read a second time.
            rest = rest.replace(f" {way} ", " | ")
            if code not in found:
                found.append(code)
    return found

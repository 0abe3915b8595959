"""The long code lists kept as data: countries, languages, peoples of Viet Nam.

Each carries its own Vietnamese and English names, in ``resources/codes/*.json``;
``scripts/build_codes.py`` makes them and names their sources.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from traffick_desk import i18n, resources
from traffick_desk.domain import text

if TYPE_CHECKING:
    from pathlib import Path


class CodeListDataError(RuntimeError):
    """A packaged code list is missing or damaged: a fault of the installation."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a list.

    Attributes:
        code: what is stored.
        names: by language, ``{"vi": …, "en": …}``.
        aliases: other names people type.
        first: listed in the order of the file, before those in the order of the alphabet.
        iso639_2: for a language the nearest code of ISO 639-2, which coarser
            standards ask for; empty elsewhere.
    """

    code: str
    names: dict[str, str]
    aliases: tuple[str, ...] = ()
    first: bool = False
    iso639_2: str = ""


class CodeList:
    """A code list read from its file at first use."""

    def __init__(self, name: str, path: Path | None = None) -> None:
        self.name = name
        self._path = path or resources.path("codes", f"{name}.json")
        self._orders: dict[str, tuple[str, ...]] = {}

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every entry by code, in the order of the file.

        Raises:
            CodeListDataError: the file is missing or damaged.
        """
        try:
            data = json.loads(self._path.read_bytes())
            return {
                item["code"]: Entry(
                    item["code"],
                    {language: item[language] for language in i18n.LANGUAGES},
                    tuple(item.get("aliases", ())),
                    item.get("first", False),
                    item.get("iso639_2", ""),
                )
                for item in data["entries"]
            }
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CodeListDataError(f"{self._path.name}: {error}") from error

    def __contains__(self, code: object) -> bool:
        return code in self.entries

    def codes(self) -> tuple[str, ...]:
        """All codes as they are listed: the likely ones, then by name in this language."""
        language = i18n.language()
        if language not in self._orders:
            position = {code: place for place, code in enumerate(self.entries)}
            ordered = sorted(
                self.entries.values(),
                key=lambda entry: (
                    not entry.first,
                    position[entry.code] if entry.first else 0,
                    text.sort_key(entry.names[language]),
                ),
            )
            self._orders[language] = tuple(entry.code for entry in ordered)
        return self._orders[language]

    def label(self, code: str, language: str | None = None) -> str:
        """The name in the program's language, or in *language*; an unknown code is shown as is."""
        entry = self.entries.get(code)
        return entry.names[language or i18n.language()] if entry else code

    @cached_property
    def _words(self) -> list[tuple[str, list[tuple[int, list[str]]]]]:
        """Per entry what can be typed, as folded words: 0 a name, 1 another name, 2 the code."""
        return [
            (
                entry.code,
                [
                    *((0, _split(name)) for name in entry.names.values()),
                    *((1, _split(name)) for name in entry.aliases),
                    (2, [entry.code.lower()]),
                ],
            )
            for entry in self.entries.values()
        ]

    def search(self, typed: str, limit: int = 20) -> list[str]:
        """Codes whose name, other name or code fits what was typed, the best first.

        Each typed word must begin a word of one name; accents may be left out, but
        where they were typed, names that have them come first. Nothing typed gives
        the head of the list.
        """
        words = _split(typed)
        order = self.codes()
        if not words:
            return list(order[:limit])
        accents = text.tone_key(typed.strip())
        place = {code: position for position, code in enumerate(order)}
        ranked = []
        for code, names in self._words:
            fits = [
                (rank, sort) for sort, name in names if (rank := _rank(name, words)) is not None
            ]
            if fits:
                entry = self.entries[code]
                exact = typed.isascii() or any(
                    accents in text.tone_key(name)
                    for name in (*entry.names.values(), *entry.aliases)
                )
                ranked.append((not exact, min(fits), place[code], code))
        return [code for *_rest, code in sorted(ranked)[:limit]]


def _split(name: str) -> list[str]:
    folded = text.fold(name).replace("'", "")
    return "".join(c if c.isalnum() or ord(c) > 0x2FF else " " for c in folded).split()


def _rank(name: list[str], words: list[str]) -> int | None:
    """0: the name itself, 1: its beginning, 2: the beginning of later words; None: no fit."""
    # "Tiếng" stands before every language and nobody begins with it.
    if name[0] == "tieng" and words[0] != "tieng":
        name = name[1:]
    if name == words:
        return 0
    # "ede" is typed for "Ê Đê".
    if "".join(name).startswith("".join(words)):
        return 1
    if all(any(word.startswith(part) for word in name) for part in words):
        return 2
    return None


@lru_cache(maxsize=1)
def countries() -> CodeList:
    """ISO 3166-1 alpha-2."""
    return CodeList("countries")


@lru_cache(maxsize=1)
def languages() -> CodeList:
    """ISO 639-3: the languages of Viet Nam's peoples, of its neighbours and of the world."""
    return CodeList("languages")


@lru_cache(maxsize=1)
def ethnicities() -> CodeList:
    """The 54 peoples of Viet Nam (Decision 121-TCTK/PPCĐ of 1979) and foreigners."""
    return CodeList("ethnicities")

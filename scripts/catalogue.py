"""Keep the gettext catalogues: ``update``, ``check`` or ``compile``.

One small catalogue per package (``translations/vi/LC_MESSAGES/<package>.po``)
keeps reviews readable; ``compile`` merges them into the one that the program
loads. Line numbers are left out so that a moved line changes no catalogue.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "traffick_desk"
LANGUAGES = ("vi",)
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None, "_": None}


_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def areas() -> list[str]:
    return [*sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists()), "program"]


def extract(area: str) -> Catalog:
    catalogue = Catalog(project="traffick-desk", charset="utf-8", fuzzy=False)
    folder = PACKAGE if area == "program" else PACKAGE / area
    found = extract_from_dir(
        str(folder),
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=(lambda _path: False) if area == "program" else None,
    )
    for filename, _line, message, comments, context in found:
        catalogue.add(
            message, locations=[(filename, None)], auto_comments=comments, context=context
        )
    return catalogue


def path_of(language: str, area: str) -> Path:
    return ROOT / "translations" / language / "LC_MESSAGES" / f"{area}.po"


def load(language: str, area: str) -> Catalog:
    path = path_of(language, area)
    if not path.exists():
        return Catalog(locale=language, project="traffick-desk", charset="utf-8", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def dump(catalogue: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(
        buffer,
        catalogue,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        width=100,
    )
    header = (
        'msgid ""\nmsgstr ""\n"Language: vi\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def updated(language: str, area: str) -> Catalog:
    catalogue = load(language, area)
    catalogue.update(extract(area), no_fuzzy_matching=True)
    return catalogue


def missing(catalogue: Catalog) -> list[str]:
    def empty(message: object) -> bool:
        return not all(message) if isinstance(message, (tuple, list)) else not message

    return [str(m.id) for m in catalogue if m.id and (empty(m.string) or m.fuzzy)]


def update() -> int:
    for language in LANGUAGES:
        for area in areas():
            catalogue = updated(language, area)
            path = path_of(language, area)
            if not any(m.id for m in catalogue):
                path.unlink(missing_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(dump(catalogue))
            for message in missing(catalogue):
                print(f"{area}: no {language} translation: {message!r}")
    return 0


def check() -> int:
    bad = 0
    for language in LANGUAGES:
        for area in areas():
            catalogue = updated(language, area)
            path = path_of(language, area)
            written = path.read_bytes() if path.exists() else b""
            stale = any(m.id for m in catalogue) and dump(catalogue) != written
            for message in missing(catalogue):
                print(f"{path.name}: not translated: {message!r}")
                bad += 1
            if stale:
                print(f"{path.name}: stale; run `make catalogue`")
                bad += 1
            for entry in catalogue:
                for error in entry.check(catalogue) if entry.id else ():
                    print(f"{path.name}: {entry.id!r}: {error}")
                    bad += 1
    return 1 if bad else 0


def compile_all() -> int:
    clashes = 0
    for language in LANGUAGES:
        # Babel would write the minute of the build, and no two builds would be the same.
        whole = Catalog(
            locale=language, project="traffick-desk", charset="utf-8", fuzzy=False,
            creation_date=_NO_DAY, revision_date=_NO_DAY,
        )  # fmt: skip
        for area in areas():
            for message in load(language, area):
                if not message.id or not message.string:
                    continue
                known = whole.get(message.id, message.context)
                if known is not None and known.string != message.string:
                    print(
                        f"{area}: {message.id!r} is translated in two ways: "
                        f"{known.string!r} and {message.string!r}"
                    )
                    clashes += 1
                    continue
                whole.add(message.id, message.string, context=message.context)
        target = ROOT / "translations" / language / "LC_MESSAGES" / "traffick_desk.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            write_mo(stream, whole)
    return 1 if clashes else 0


if __name__ == "__main__":
    actions = {"update": update, "check": check, "compile": compile_all}
    sys.exit(actions[sys.argv[1]]())

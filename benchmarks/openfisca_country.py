"""The peer of the law: the same table of persons (Law 53/2024/QH15, Art. 37) in OpenFisca-Core.

Runs in an environment of its own and imports nothing of the program; the table was written by
hand from the law, not from our rules. It reads JSON from standard input and prints JSON.

What it encodes: which of the ten regimes a person gets, for the rows R1-R13, the under-18 limits
(schooling at identification and now, accompanying persons), and the two defaults of Art. 17 Decree
162/2025 and Art. 41(1). What it does not: unknown facts, the law of 2011, levels, caps, clocks,
reasons, citations. Every fact must be known.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

LETTERS = ("a", "b", "c", "d", "dd", "e", "g", "h", "i", "k")  # dd is đ
# 0 not named, 1 the text does not name this person, 2 depends on the case, 3 named
CODES = {"-": 0, "?": 1, "C": 2, "Y": 3}
TABLE = """
R1  YYYYYYYYYY
R2  YYYYYYYYYY
R3  YYYYYYYY--
R4  YYYY------
R5  YYYY------
R6  YYYYYYY---
R7  YYYYYYY---
R8  CCCCC-C---
R9  CCCCC-C---
R10 Y??Y?-?---
R11 ????------
R12 ?????-?---
R13 ?---------
NONE ??????????
NO  ----------
"""
ROWS: dict[str, str] = dict(line.split() for line in TABLE.strip().splitlines())

Person = build_entity("person", "persons", "A person who was received", is_person=True)


class Status(Enum):
    """What the person is."""

    victim = "victim"
    in_process = "being identified"
    not_victim = "found not to be a victim"


class Citizenship(Enum):
    """As the table tells them apart."""

    VN = "Viet Nam"
    stateless = "stateless"
    foreign = "another country"


class Place(Enum):
    """Where the person was trafficked."""

    VN = "in Viet Nam"
    elsewhere = "elsewhere"


Row = Enum("Row", {name: name for name in ROWS})  # type: ignore[misc]


def _input(name: str, kind: Any, default: Any = None, values: Any = None) -> type[Variable]:
    given: dict[str, Any] = {
        "value_type": kind,
        "entity": Person,
        "definition_period": DateUnit.ETERNITY,
        "label": name.replace("_", " "),
    }
    if values is not None:
        given |= {"possible_values": values, "default_value": default}
    return type(name, (Variable,), given)


INPUTS = (
    # For an accompanying person these are the facts of the person accompanied.
    _input("status", Enum, Status.not_victim, Status),
    _input("citizenship", Enum, Citizenship.foreign, Citizenship),
    _input("permanent_resident", bool),
    _input("trafficked_in", Enum, Place.elsewhere, Place),
    _input("abroad", bool),
    _input("accompanying", bool),
    # ages in whole years, as OpenFisca countries keep them
    _input("age", int),
    _input("age_at_start", int),  # at identification, or when support of the other began
)


class row(Variable):  # noqa: N801 - OpenFisca names a variable by its class
    """Which row of the table the person is in."""

    value_type = Enum
    possible_values = Row
    default_value = Row.NONE
    entity = Person
    definition_period = DateUnit.DAY
    label = "Row of Art. 37"

    def formula(person, period):  # noqa: N805 - OpenFisca's way
        """By status, citizenship and place."""
        status = person("status", period)
        citizen = person("citizenship", period) == Citizenship.VN
        stateless = person("citizenship", period) == Citizenship.stateless
        foreign = ~citizen & ~stateless
        resident = stateless & person("permanent_resident", period)
        in_vn = person("trafficked_in", period) == Place.VN
        abroad = person("abroad", period)
        victim, process = status == Status.victim, status == Status.in_process
        with_another = person("accompanying", period)
        alone = ~with_another
        named = (victim | process) & foreign & in_vn
        return np.select(
            [
                status == Status.not_victim,
                alone & victim & citizen,
                alone & victim & resident,
                with_another & victim & (citizen | resident),
                alone & process & citizen & abroad,
                with_another & process & citizen & abroad,
                alone & process & (citizen | resident) & ~abroad,
                with_another & process & (citizen | resident) & ~abroad,
                alone & victim & named,
                alone & process & named,
                with_another & named,
                alone & process & resident & abroad,
                alone & stateless & ~resident & in_vn,
                alone & foreign & ~in_vn,
            ],
            [
                Row.NO,
                Row.R1, Row.R2, Row.R3, Row.R4, Row.R5, Row.R6, Row.R7,
                Row.R8, Row.R9, Row.R10, Row.R11, Row.R12, Row.R13,
            ],
            Row.NONE,
        )  # fmt: skip


def _regime(letter: str) -> type[Variable]:
    def formula(person: Any, period: Any, parameters: Any) -> Any:
        rows = person("row", period)
        # Indexing the node with the rows themselves works person by person and is 17 times slower.
        table = parameters(period).table
        code = np.array([table[name][letter] for name in ROWS])[rows.view(np.ndarray)]
        minor_now, minor_then = person("age", period) < 18, person("age_at_start", period) < 18
        with_another = person("accompanying", period) & (rows != Row.NO)
        schooled = ((rows == Row.R1) | (rows == Row.R2)) & (letter == "h")
        limited = (with_another | schooled) & (code > 0)
        # Under 18 then and 18 now is not settled by the texts.
        aged = np.where(minor_now, code, np.where(minor_then, 1, 0))
        return np.where(limited, aged, code)

    return type(
        f"regime_{letter}",
        (Variable,),
        {
            "value_type": int,
            "entity": Person,
            "definition_period": DateUnit.DAY,
            "label": f"Regime {letter}",
            "formula": formula,
        },
    )


def system() -> TaxBenefitSystem:
    """The country: one entity, nine inputs, the row, ten regimes, the table as parameters."""
    made = TaxBenefitSystem([Person])
    for variable in (*INPUTS, row, *(_regime(letter) for letter in LETTERS)):
        made.add_variable(variable)
    table = {
        name: {
            letter: {"values": {"2025-07-01": {"value": CODES[code]}}}
            for letter, code in zip(LETTERS, codes, strict=True)
        }
        for name, codes in ROWS.items()
    }
    made.parameters = ParameterNode("", data={"table": table})
    return made


def arrays(persons: list[dict[str, Any]]) -> dict[str, Any]:
    """Columns of the inputs, as one who has a table of persons would hand them over."""
    return {name: np.array([p[name] for p in persons]) for name in persons[0]}


def answer(country: TaxBenefitSystem, day: str, columns: dict[str, Any], count: int) -> Any:
    """A simulation of *count* persons, and its ten regimes."""
    simulation = SimulationBuilder().build_default_simulation(country, count)
    for name, values in columns.items():
        simulation.set_input(name, "ETERNITY", values)
    return [simulation.calculate(f"regime_{letter}", day) for letter in LETTERS]


def main() -> None:
    given = json.load(sys.stdin)
    country, day, persons = system(), given["day"], given["persons"]
    columns = arrays(persons)
    found = answer(country, day, columns, len(persons))
    all_times, with_arrays, one = [], [], []
    for _turn in range(given["repeats"]):
        start = time.perf_counter()
        answer(country, day, columns, len(persons))
        all_times.append(time.perf_counter() - start)
        start = time.perf_counter()
        answer(country, day, arrays(persons), len(persons))
        with_arrays.append(time.perf_counter() - start)
    for person in persons[: given["singles"]]:
        single = arrays([person])
        start = time.perf_counter()
        answer(country, day, single, 1)
        one.append(time.perf_counter() - start)
    print(
        json.dumps(
            {
                "regimes": np.stack(found, axis=1).tolist(),
                "arrays": all_times,
                "records": with_arrays,
                "one": one,
            }
        )
    )


if __name__ == "__main__":
    main()

"""A pack's tables as variables of OpenFisca, whose values are the places of labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.peers.translated import Labels, Row, Table

_MONTH = "2026-03"


def simulated(tables: tuple[Table, ...], labels: Labels) -> Callable[[Mapping[str, str]], dict[str, Any]]:
    """What decides a case by a simulation of one person."""
    person = build_entity("case", "cases", "A case", is_person=True)
    system = TaxBenefitSystem([person])
    places = {name: {label: place for place, label in enumerate(some)} for name, some in labels.items()}
    asked = [name for table in tables for name in _variables(table)]
    reads = {name for table in tables for name in table.reads} - set(asked)
    for name in reads:
        system.add_variable(_variable(name, person, None))
    for table in tables:
        for name, formula in _formulas(table, places).items():
            system.add_variable(_variable(name, person, formula))

    def decide(case: Mapping[str, str]) -> dict[str, Any]:
        simulation = SimulationBuilder().build_default_simulation(system, 1)
        for name in reads:
            simulation.set_input(name, _MONTH, np.array([places[name][case[name]]]))
        found = {name: int(simulation.calculate(name, _MONTH)[0]) for name in asked}
        return _read(tables, labels, found)

    return decide


def _variables(table: Table) -> list[str]:
    return [f"{table.name}_{i}" for i in range(len(table.rows))] if table.collects else list(table.outputs)


def _variable(variable: str, person: Any, formula: Any) -> type[Variable]:
    made = {"value_type": int, "entity": person, "definition_period": MONTH, "label": variable}
    return type(variable, (Variable,), made | ({"formula": formula} if formula else {}))


def _formulas(table: Table, places: Mapping[str, Mapping[str, int]]) -> dict[str, Any]:
    if table.collects:
        return {f"{table.name}_{i}": _fits(row, places) for i, row in enumerate(table.rows)}
    return {name: _first(table, name, places) for name in table.outputs}


def _fits(row: Row, places: Mapping[str, Mapping[str, int]]) -> Any:
    accepted = {name: [places[name][label] for label in some] for name, some in row.box.items()}

    def formula(case: Any, period: Any) -> Any:
        fits = np.ones(case.count, dtype=bool)
        for name, some in accepted.items():
            fits &= np.isin(case(name, period), some)
        return fits.astype(int)

    return formula


def _first(table: Table, output: str, places: Mapping[str, Mapping[str, int]]) -> Any:
    fits = [_fits(row, places) for row in table.rows]
    values = [places[output][row.then[output]] for row in table.rows]

    def formula(case: Any, period: Any) -> Any:
        return np.select([fit(case, period).astype(bool) for fit in fits], values)

    return formula


def _read(tables: tuple[Table, ...], labels: Labels, found: Mapping[str, int]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for table in tables:
        if table.collects:
            seen[table.name] = [row.then for i, row in enumerate(table.rows) if found[f"{table.name}_{i}"]]
        else:
            seen |= {name: labels[name][found[name]] for name in table.outputs}
    return seen

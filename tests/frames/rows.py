"""Rows of facts, sound and unsound, and what `advise` makes of each: that is what frames must say, too."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from math import isnan
from random import Random
from typing import Any

import polars as pl

import dispute_rules as dr
from dispute_rules.errors import InputError
from dispute_rules.facts import Fact, Kind
from dispute_rules.frames.answers import PROBLEMS
from dispute_rules.pack.edition import edition_on

TODAY = dt.date(2026, 11, 20)
Row = dict[str, Any]


def expected(advisor: dr.Advisor, row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of advice for a row."""
    try:
        advice = advisor.advise({"today": TODAY, **{name: value for name, value in row.items() if value is not None}})
    except InputError as error:
        faults = dict.fromkeys(f"{problem.place}: {problem.code}" for problem in error.problems)
        return dict.fromkeys(COLUMNS) | {PROBLEMS: "; ".join(faults)}
    decided = {reason.decision: reason.rule for reason in reversed(advice.reasons)}
    last = [name for name in ("claim", "extent", "verdict") if name in _outputs(advisor)]
    rule = decided.get(_outputs(advisor)[last[-1]]) if last else None
    return {
        "claim": advice.claim,
        "extent": advice.extent,
        "verdict": advice.verdict,
        "return_paid_by": advice.return_paid_by,
        "refund_cap": advice.refund.cap,
        "refund_recommended": advice.refund.recommended,
        "prospects": advice.prospects,
        "action": advice.action,
        "window": advice.window.status,
        "window_opens_on": advice.window.opens_on,
        "window_closes_on": advice.window.closes_on,
        "settled": advice.settled,
        "rule": rule,
        PROBLEMS: None,
    }


COLUMNS = (
    "claim extent verdict return_paid_by refund_cap refund_recommended prospects action window window_opens_on "
    "window_closes_on settled rule problems"
).split()


def _outputs(advisor: dr.Advisor) -> dict[str, str]:
    edition = edition_on(advisor.pack, advisor.pack.starts[-1])
    return {output: decision.name for decision in edition.decisions for output in decision.outputs}


def assert_same(advisor: dr.Advisor, rows: Iterable[Mapping[str, Any]], told: Iterable[Mapping[str, Any]]) -> None:
    """Row for row what `advise` says."""
    for row, said in zip(rows, told, strict=True):
        assert {name: said[name] for name in COLUMNS} == expected(advisor, row), row


_ODD = [
    True,
    5,
    -1,
    "x",
    "",
    2.5,
    dt.datetime.fromisoformat("2026-11-01T12:30"),
    [],
    "24.90 EUR",
    " yes ",
    "1e2",
    0.1 + 0.2,
]


def random_rows(advisor: dr.Advisor, dice: Random, count: int, *, odd: int = 0) -> list[Row]:
    """Rows of facts, of which more or fewer are known; `odd` of a hundred values are wrong, or strangely written."""
    facts = advisor.pack.facts
    kinds = sorted(edition_on(advisor.pack, TODAY).evidence)
    known = {name: dice.randrange(100) for name in facts if name not in ("events", "today")} | {"ground": 100}
    rows = [
        {
            name: dice.choice(_ODD) if dice.randrange(100) < odd else _value(facts[name], dice, kinds)
            for name, share in known.items()
            if dice.randrange(100) < share
        }
        for _ in range(count)
    ]
    for row in rows:  # mostly one after another
        days = {name: day for name in _IN_ORDER if type(day := row.get(name)) is dt.date}
        row.update(zip(days, sorted(days.values()), strict=True) if dice.random() < 0.9 else ())
    return rows


_IN_ORDER = (
    "ordered_on shipped_on received_on confirmed_on opened_on replied_on escalated_on decided_on returned_on".split()
)


def _value(fact: Fact, dice: Random, kinds: list[str]) -> Any:
    name = fact.name
    if name == "evidence":
        return dice.sample(kinds, dice.randrange(min(4, len(kinds) + 1)))
    if name == "currency":
        return dice.choice(["EUR", "USD", "JPY", "KWD"])
    match fact.kind:
        case Kind.LABEL:
            return dice.choice(fact.labels)
        case Kind.YES_NO:
            return dice.random() < 0.5
        case Kind.DATE:
            return TODAY - dt.timedelta(
                days=dice.choice([dice.randrange(150), dice.randrange(20), -dice.randrange(30)])
            )
        case Kind.AMOUNT:
            return Decimal(dice.choice([0, 1000, dice.randrange(6000)])) / 100
        case Kind.NUMBER:
            return Decimal(dice.randrange(-30, 400)) / 10
        case _:
            return dice.randrange(1, 4)


def framed(rows: Sequence[Row], names: Iterable[str]) -> pl.DataFrame:
    """Columns by the types of their values; mixed ones as text."""
    return pl.DataFrame([_column(name, [row.get(name) for row in rows]) for name in names])


def _column(name: str, values: list[Any]) -> pl.Series:
    types = {type(value) for value in values if value is not None}
    if len(types) <= 1 and types <= {bool, dt.date, Decimal, int}:
        return pl.Series(name, values, dtype=pl.Decimal(12, 3) if types == {Decimal} else None)
    if types == {list}:
        return pl.Series(name, values, dtype=pl.List(pl.String))
    return pl.Series(name, [None if value is None else _text(value) for value in values], dtype=pl.String)


def _text(value: object) -> str:
    return ";".join(value) or "none" if isinstance(value, list) else str(value)


def facts_of(frame: pl.DataFrame) -> list[Row]:
    """The rows of a frame as `advise` takes them."""
    return [facts_of_row(row) for row in frame.to_dicts()]


def facts_of_row(row: Row) -> Row:
    """As docs/frames.md says: no number is unknown, midnight is a day, text may be a list."""
    return {name: _fact(name, value) for name, value in row.items()}


def _fact(name: str, value: Any) -> Any:
    if isinstance(value, float) and isnan(value):
        return None
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    if name == "evidence" and isinstance(value, str):
        kinds = [kind.strip() for kind in value.replace(";", ",").split(",") if kind.strip()]
        return [] if kinds == ["none"] else kinds or None
    if name == "events" and isinstance(value, str):
        with suppress(ValueError):
            return json.loads(value)
    if name == "events" and isinstance(value, list):  # a null in a struct is something that the event does not tell
        return [{n: v for n, v in each.items() if v is not None} if isinstance(each, dict) else each for each in value]
    return value

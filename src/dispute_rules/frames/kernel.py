"""From a table of facts to the columns of advice: whole columns where that is possible, else row by row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

import polars as pl

from dispute_rules.advice import Advice
from dispute_rules.case import Case
from dispute_rules.errors import CaseError, InputError
from dispute_rules.facts import Kind
from dispute_rules.frames.answers import AMOUNTS, DATES, PROBLEMS, Answers, deciding, schema_of
from dispute_rules.frames.cells import rows_of
from dispute_rules.frames.reading import ODD, THOUSANDTHS, as_meant, in_one_currency, typed
from dispute_rules.frames.rules import told_short
from dispute_rules.frames.sums import TooLargeError
from dispute_rules.money import EXACT
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.written import Pack

_ROW = " row"
_THOUSANDTH = Decimal("0.001")
_DTYPES: Mapping[Kind, Any] = {
    Kind.LABEL: pl.String(),
    Kind.YES_NO: pl.Boolean(),
    Kind.DATE: pl.Date(),
    Kind.AMOUNT: THOUSANDTHS,
    Kind.NUMBER: THOUSANDTHS,
    Kind.COUNT: pl.Int64(),
}
_OTHERS: Mapping[str, Any] = {"currency": pl.String(), "evidence": pl.List(pl.String)}


class Kernel:
    """Advises on tables by one pack, in one process."""

    CHUNK = 250_000  # rows at a time

    def __init__(
        self,
        pack: Pack,
        check: Callable[[Mapping[str, Any]], Case],
        advise: Callable[[Case], Advice],
    ) -> None:
        """What a single row is and gets is told by `check` and `advise`, where columns cannot tell."""
        self.pack = pack
        self._check = check
        self._advise = advise
        self.facts = pack.facts
        self._answers = lru_cache(maxsize=None)(self._answers_from)  # one for each edition, and these are few
        latest = edition_on(pack, pack.starts[-1])
        self._deciding = deciding(latest)
        self.schema = schema_of(pack, latest)

    def _answers_from(self, start: dt.date) -> Answers:
        return Answers(self.pack, edition_on(self.pack, start))

    def answers(self, frame: pl.DataFrame, today: dt.date) -> pl.DataFrame:
        """A row of advice for each row of facts, in their order. `today` is the day of rows without one."""
        slices = frame.iter_slices(self.CHUNK)
        parts = [self._chunk(as_meant(part).with_row_index(_ROW), today) for part in slices]
        return pl.concat([pl.DataFrame(schema=self.schema), *parts])

    def _chunk(self, frame: pl.DataFrame, today: dt.date) -> pl.DataFrame:
        answered = self._by_column(frame, today)
        left = _without(frame, answered)
        named = in_one_currency(left, [name for name, fact in self.facts.items() if fact.kind is Kind.AMOUNT])
        if not named.is_empty():
            answered = pl.concat([answered, self._by_column(named, today)])
            left = _without(frame, answered)
        if not left.is_empty():
            cases, refused = self._checked(left, today)
            found = self._by_column(cases, today)
            answered = pl.concat([answered, refused, found, self._by_row(_without(cases, found))])
        return answered.sort(_ROW).drop(_ROW)

    def _by_column(self, frame: pl.DataFrame, today: dt.date) -> pl.DataFrame:
        """The advice for the rows that can be told by whole columns, with their numbers."""
        evidence = sorted({kind for d in self.pack.decisions for kind in d.file.outputs.get("evidence", ())})
        rows = typed(frame, self.facts, evidence)
        default = pl.lit((today - dt.date(1970, 1, 1)).days, pl.Int32)
        rows = rows.with_columns(
            pl.col("today").fill_null(default) if "today" in rows.columns else default.alias("today")
        )
        found = [self._of_edition(start, part) for start, part in self._by_edition(rows)]
        return pl.concat([pl.DataFrame(schema={_ROW: frame.schema[_ROW], **self.schema}), *found])

    def _by_edition(self, rows: pl.DataFrame) -> Iterator[tuple[dt.date, pl.DataFrame]]:
        starts = self.pack.starts
        edition = pl.sum_horizontal((pl.col("today").cast(pl.Date) >= start).cast(pl.Int32) for start in starts)
        rows = rows.filter(~pl.col(ODD)).drop(ODD).with_columns(edition.alias(" edition"))
        for number in rows[" edition"].unique().to_list():
            if number:
                yield starts[number - 1], rows.filter(pl.col(" edition") == number).drop(" edition")

    def _of_edition(self, start: dt.date, rows: pl.DataFrame) -> pl.DataFrame:
        try:
            answers, odd = self._answers(start).answer(rows.drop(_ROW))
        except TooLargeError:
            return pl.DataFrame(schema={_ROW: rows.schema[_ROW], **self.schema})
        return rows.select(_ROW).hstack(answers).filter(~odd)

    def _checked(self, frame: pl.DataFrame, today: dt.date) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows that are sound cases, typed; and the others with what is wrong."""
        cases, refused = [], []
        for facts in rows_of(frame):
            number = facts.pop(_ROW)
            try:
                case = self._check({"today": today} | facts)
                known = {name: _plain(value) for name, value in case.__dict__.items() if value is not None}
                known.pop("events", None)  # told by now
                cases.append({_ROW: number, **known})
            except CaseError as error:
                refused.append({_ROW: number, PROBLEMS: told_short(error)})
        dtypes = {
            name: _OTHERS.get(name) or _DTYPES[fact.kind] for name, fact in self.facts.items() if name != "events"
        }
        row = {_ROW: frame.schema[_ROW]}
        return pl.DataFrame(cases, row | dtypes), pl.DataFrame(refused, row | self.schema)

    def _by_row(self, frame: pl.DataFrame) -> pl.DataFrame:
        found = [{_ROW: row.pop(_ROW), **self._single(row)} for row in frame.iter_rows(named=True)]
        return pl.DataFrame(found, {_ROW: frame.schema[_ROW], **self.schema})

    def _single(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        try:
            advice = self._advise(self._check({name: value for name, value in facts.items() if value is not None}))
        except InputError as error:
            return {PROBLEMS: told_short(error)}
        values = {name: getattr(advice, name, None) for name in self.schema}
        values |= dict(zip(AMOUNTS, (advice.refund.cap, advice.refund.recommended), strict=True))
        values |= dict(zip(DATES, (advice.window.opens_on, advice.window.closes_on), strict=True))
        rules = [each.rule for each in advice.reasons if self._deciding and each.decision == self._deciding.name]
        return values | {"window": advice.window.status, "rule": next(iter(rules), None)}


def _without(frame: pl.DataFrame, answered: pl.DataFrame) -> pl.DataFrame:
    """The rows that have no answer yet."""
    return (
        frame if answered.is_empty() else frame.join(answered.select(_ROW), on=_ROW, how="anti", maintain_order="left")
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):  # nothing may be written as 0E-400, which Polars cannot hold
        return value.quantize(_THOUSANDTH, context=EXACT)
    return sorted(value) if isinstance(value, frozenset) else str(value) if isinstance(value, StrEnum) else value

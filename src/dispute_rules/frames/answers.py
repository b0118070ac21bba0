"""From typed rows to columns of advice, by the rules of one edition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import reduce
from operator import or_

import polars as pl

from dispute_rules.advice import DECIDED, Action, Marks, Window
from dispute_rules.answer import final_outputs
from dispute_rules.ending import FOR_THE_PROBLEM, is_over, past, unexplained
from dispute_rules.engine.decide import Outcome
from dispute_rules.frames.coding import UNKNOWN
from dispute_rules.frames.decided import Decided
from dispute_rules.frames.endings import Endings
from dispute_rules.frames.reading import ODD, THOUSANDTHS, worked_out
from dispute_rules.frames.rules import FULL, GIVEN, Rules
from dispute_rules.frames.settling import OPEN, Settling
from dispute_rules.frames.sums import THOUSAND
from dispute_rules.frames.told import Told
from dispute_rules.frames.walks import Column, Columns, looked_up
from dispute_rules.pack.model import PROOF, Decision, Edition
from dispute_rules.pack.written import Pack
from dispute_rules.process.amounts import CAP, RECOMMENDED
from dispute_rules.process.tellers import Tellers
from dispute_rules.reasoning.track import leading_to

DATES = ("window_opens_on", "window_closes_on")
AMOUNTS = ("refund_cap", "refund_recommended")
SAID = ("claim", "extent", "verdict", "return_paid_by", "prospects", "action", "window")
PROBLEMS = "problems"
COLUMNS = frozenset({*SAID, *AMOUNTS, *DATES, "settled", "rule", PROBLEMS})
_THOUSANDTH = pl.lit("0.001").cast(THOUSANDTHS)
_AMOUNT, _REQUIRED = " amount", " required"
_OVER, _PAST, _UNEXPLAINED = " over", " past ", " unexplained"
_COLUMN_OF = {**{name: name for name in SAID}, "amount": "refund_recommended"}  # each output
_PASSING = [output for output in _COLUMN_OF if output in FOR_THE_PROBLEM]  # those that may no longer apply


def schema_of(pack: Pack, edition: Edition) -> dict[str, pl.DataType]:
    """The columns of advice: the same for all editions of a pack."""
    types: dict[str, pl.DataType] = {name: pl.Enum([str(each) for each in DECIDED[name] or ()]) for name in SAID}
    decision = deciding(edition)
    rules = [
        f"{pack.name}/{each.name}/{rule.name}"
        for each in pack.decisions
        if decision and each.name == decision.name
        for rule in each.rules
    ]
    return {
        **{name: types[name] for name in ("claim", "extent", "verdict", "return_paid_by")},
        **dict.fromkeys(AMOUNTS, THOUSANDTHS),
        **{name: types[name] for name in ("prospects", "action", "window")},
        **dict.fromkeys(DATES, pl.Date()),
        "settled": pl.Boolean(),
        "rule": pl.Enum(rules),
        PROBLEMS: pl.String(),
    }


def deciding(edition: Edition) -> Decision | None:
    """The decision whose rule is told: that of the verdict, or else the last one that bears on the outcome."""
    found = [decision for name in final_outputs(edition) if (decision := edition.decision_with(name))]
    return found[-1] if found else None


class Answers:
    """Answers rows of one edition."""

    def __init__(self, pack: Pack, edition: Edition) -> None:
        """Set up the rules."""
        self.schema = schema_of(pack, edition)
        self._edition = edition
        self._rules = Rules(edition)
        self._codes = self._rules.codes
        self._endings = Endings(self._codes)
        self._settling = Settling(edition, self._codes, final_outputs(edition))
        self._tellers = Tellers(edition)
        self._reads = {
            name: [read for d in leading_to(edition, [output]) for read in d.reads if read in edition.facts]
            for name, output in edition.late.items()
        }
        several = {name for name in edition.facts if len(self._tellers.facts(name)) > 1}
        bearing = {
            *self._settling.space.order,
            *(n for name in self._settling.space.order for n in self._reads.get(name, ())),
        }
        self._may_be_open = [n for n in edition.facts if n in bearing and (n in several or n in edition.scales)]
        self._kinds_of_evidence = sorted(edition.evidence)

    def answer(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
        """The columns of advice for typed rows, and which of the rows have facts that contradict one another.

        Raises:
            TooLargeError: the pack's numbers may not fit.
        """
        told = Told(self._edition, self._codes, [name for name, dtype in rows.schema.items() if dtype != pl.Null])
        early = worked_out(rows, [*self._early(told), told.contradictions().alias(ODD)])
        decided = self._rules.decide(_columns(early.drop(ODD)), len(rows))
        rows = rows.with_columns(self._resting_on(decided))
        told.sums.recommend(self._amounts())
        late = _columns(worked_out(rows, self._late(told)))
        decided = self._rules.decide_again(decided, late | self._late_open(decided, late))
        rows = rows.with_columns(self._said(decided))
        return worked_out(rows, self._advice(told, decided.fault)), early[ODD]

    def _early(self, told: Told) -> list[pl.Expr]:
        """What is told before any decision: labels, which facts are given, and which labels may yet change."""
        labels = told.labels()
        given = {GIVEN + name: pl.col(name).is_not_null() for name in self._rules.givens if name in told.given}
        found = labels | given | self._open(told, labels)
        return [each.cast(pl.UInt32).alias(name) for name, each in found.items()]

    def _late(self, told: Told) -> list[pl.Expr]:
        """What is told only after the first decisions."""
        labels = told.late()
        if PROOF.name in self._edition.facts:
            labels[PROOF.name] = self._proof(evidence="evidence" in told.given)
        found = labels | self._open(told, labels)
        return [each.cast(pl.UInt32).alias(name) for name, each in found.items()]

    def _open(self, told: Told, labels: Collection[str]) -> dict[str, pl.Expr]:
        names = [name for name in self._may_be_open if name in labels]
        return {OPEN + name: is_open for name, is_open in told.open_ones(self._tellers, names).items()}

    def _resting_on(self, decided: Decided) -> Iterator[pl.Series]:
        """What the labels that are told late rest on: the amount to ask for, and the evidence that is required."""
        yield decided.series(FULL + "amount").alias(_AMOUNT)
        if decision := self._edition.decision_with("evidence"):
            at, outcomes = self._rules.outcomes(decided, decision)
            yield looked_up(at, list(map(self._required, outcomes)), pl.UInt64(), decided.rows).alias(_REQUIRED)
        else:
            yield pl.repeat(0, decided.rows, dtype=pl.UInt64, eager=True).alias(_REQUIRED)

    def _required(self, outcome: Outcome) -> int:
        kinds = {item["evidence"] for item in outcome.items if item.get("required") == "true"}
        return sum(1 << at for at, kind in enumerate(self._kinds_of_evidence) if kind in kinds)

    def _amounts(self) -> dict[str, pl.Expr]:
        labels = self._codes.labels.get("amount", ())
        return {label: pl.col(_AMOUNT) == self._codes.of("amount", label) for label in labels}

    def _proof(self, *, evidence: bool) -> pl.Expr:
        """How much of the required evidence is at hand, if that is known."""
        none, some, everything = (self._codes.of(PROOF.name, label) for label in PROOF.labels)
        have = pl.col("evidence") if evidence else pl.lit(None, pl.UInt64)
        required, found = pl.col(_REQUIRED), pl.col(_REQUIRED) & have.fill_null(0)
        proof = pl.when(found == required).then(everything).when(have.is_null()).then(0)
        return proof.when(found == 0).then(none).otherwise(some)

    def _late_open(self, decided: Decided, late: Columns) -> dict[str, Column]:
        """A label that is told late may change with those that the decisions before it read, too."""
        known = {**decided.columns, **late}
        bearing = [name for name in late if name in self._reads and name in self._settling.space.order]
        return {OPEN + name: _any_open(known, name, self._reads[name]) for name in bearing}

    def _said(self, decided: Decided) -> Iterator[pl.Series]:
        """What there is to say of each row."""
        for name in SAID:
            yield self._output(decided, name)
        yield self._settling.settled(decided).alias("settled")
        yield from self._ended(decided)
        if decision := deciding(self._edition):
            at, outcomes = decided.outcomes[decision.name]
            names = [outcome.rules[0].name if outcome.rules else None for outcome in outcomes]
            yield looked_up(at, names, self.schema["rule"], decided.rows).alias("rule")
        if decision := self._edition.decision_with("date"):
            at, outcomes = self._rules.outcomes(decided, decision)
            dated = [{_marks(item) for item in outcome.items} for outcome in outcomes]
            for date, marks in self._marked():
                told = [(date, marks) in items for items in dated]
                yield looked_up(at, told, pl.Boolean(), decided.rows).alias(f" {marks} {date}")

    def _ended(self, decided: Decided) -> Iterator[pl.Series]:
        """What no longer applies."""
        at, endings = self._endings.of(decided)
        decision = deciding(self._edition)
        found = {_PAST + output: [output in past(each) for each in endings] for output in _PASSING}
        found[_OVER] = [is_over(each) for each in endings]
        found[_UNEXPLAINED] = [
            decision is not None and not unexplained(each).isdisjoint(decision.outputs) for each in endings
        ]
        return (looked_up(at, holds, pl.Boolean(), decided.rows).alias(name) for name, holds in found.items())

    def _output(self, decided: Decided, name: str) -> pl.Series:
        """An output as it stands in advice."""
        kind = DECIDED[name]
        labels = [label if kind and label in {*kind} else None for label in self._codes.labels.get(name, ())]
        at = decided.columns.get(FULL + name, UNKNOWN)
        return looked_up(at, [None, *labels], self.schema[name], decided.rows).alias(name)

    def _marked(self) -> set[tuple[str, Marks]]:
        """The dates that may begin or end the time for a dispute."""
        decision = self._edition.decision_with("date")
        found = {_marks(rule.then) for rule in decision.rules} if decision else set()
        return {(date, marks) for date, marks in found if marks in (Marks.OPENS, Marks.CLOSES)}

    def _advice(self, told: Told, fault: pl.Series | None) -> Iterator[pl.Expr]:
        """The columns of advice, null where there is none."""
        opens, closes = self._window(told)
        found = {name: pl.col(name) for name in (*SAID, "settled")} | {
            "action": pl.col("action").fill_null(str(Action.NONE)),
            "refund_cap": _money(told, CAP),
            "refund_recommended": _money(told, RECOMMENDED),
            "window_opens_on": opens,
            "window_closes_on": closes,
            "rule": pl.when(~pl.col(_UNEXPLAINED)).then("rule") if deciding(self._edition) else pl.lit(None),
            "settled": pl.col("settled") | pl.col(_OVER),
        }
        for output in _PASSING:
            name = _COLUMN_OF[output]
            found[name] = pl.when(~pl.col(_PAST + output)).then(found[name])
        for name, column in found.items():
            found[name] = column if fault is None else pl.when(fault.is_null()).then(column)
        found[PROBLEMS] = pl.lit(fault)
        return (found[name].cast(dtype).alias(name) for name, dtype in self.schema.items())

    def _window(self, told: Told) -> tuple[pl.Expr, pl.Expr]:
        """The safe days, as `draft.py` says."""
        opens, ahead, passed = [], [], []
        for date, marks in self._marked():
            if date in told.days:
                earliest, latest = told.days[date]
                holds, today = pl.col(f" {marks} {date}"), pl.col("today")
                if marks is Marks.OPENS:
                    opens.append(pl.when(holds).then(latest))
                else:
                    is_open = pl.col("window").is_null() | (pl.col("window") != str(Window.CLOSED))
                    ahead.append(pl.when(holds & is_open & (earliest >= today)).then(earliest))
                    passed.append(pl.when(holds & (earliest < today)).then(earliest))
        closes = pl.coalesce(pl.min_horizontal(ahead), pl.max_horizontal(passed)) if ahead else pl.lit(None)
        return pl.max_horizontal(opens) if opens else pl.lit(None), closes


def _money(told: Told, name: str) -> pl.Expr:
    number = told.sums.get(name)
    return number.at(THOUSAND).column.cast(pl.Decimal(38, 0)) * _THOUSANDTH if number else pl.lit(None)


def _marks(item: Mapping[str, str]) -> tuple[str, Marks]:
    return item["date"], Marks(item.get("marks") or Marks.STEP)


def _columns(frame: pl.DataFrame) -> dict[str, Column]:
    return dict(zip(frame.columns, frame.iter_columns(), strict=True))


def _any_open(columns: Columns, name: str, reads: Iterable[str]) -> Column:
    """Whether a label, or one that it rests on, may change or is not known."""
    changing = [columns.get(OPEN + each, 0) for each in (name, *reads)]
    unknown = [columns.get(read, UNKNOWN) for read in reads]
    found = any(code == UNKNOWN for code in unknown if isinstance(code, int))
    rows = [code == UNKNOWN for code in unknown if isinstance(code, pl.Series)]
    rows += [code == 1 for code in changing if isinstance(code, pl.Series)]
    return 1 if found else reduce(or_, rows).cast(pl.UInt32) if rows else 0

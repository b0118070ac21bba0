"""From typed rows to columns of advice, by the rules of one edition."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import polars as pl

from dispute_rules.advice import DECIDED, Action, Marks, Window
from dispute_rules.answer import final_outputs
from dispute_rules.engine.decide import Outcome
from dispute_rules.frames.coding import UNKNOWN, Packing, any_of
from dispute_rules.frames.reading import THOUSANDTHS
from dispute_rules.frames.settling import Settling
from dispute_rules.frames.situations import FAULT, FULL, GIVEN, OPEN, OUTCOME, Decided, Rules
from dispute_rules.frames.sums import THOUSAND
from dispute_rules.frames.told import Told
from dispute_rules.pack.model import PROOF, Decision, Edition
from dispute_rules.pack.written import Pack
from dispute_rules.process.amounts import CAP, RECOMMENDED
from dispute_rules.process.tellers import Tellers
from dispute_rules.reasoning.track import leading_to

DATES = ("window_opens_on", "window_closes_on")
AMOUNTS = ("refund_cap", "refund_recommended")
SAID = ("claim", "extent", "verdict", "return_paid_by", "prospects", "action", "window")
PROBLEMS = "problems"
_FIRST = " first"


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
        self.kinds_of_evidence = sorted(edition.evidence)

    def answer(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
        """The columns of advice for typed rows, and which of the rows have facts that contradict one another.

        Raises:
            TooLargeError: the pack's numbers may not fit.
        """
        told = Told(self._edition, self._codes, [name for name, dtype in rows.schema.items() if dtype != pl.Null])
        keys, odd, distinct = self._first(rows, told)
        early = self._rules.decide(distinct)
        rows = rows.hstack(_gathered(self._resting_on(early), keys))
        told.sums.recommend(self._amounts())
        keys, distinct = self._second(rows, told, keys, distinct.hstack(early.situations.select(FAULT)))
        rows = rows.hstack(_gathered(self._said(distinct), keys))
        return rows.select(self._columns(told)), odd

    def _first(self, rows: pl.DataFrame, told: Told) -> tuple[pl.Series, pl.Series, pl.DataFrame]:
        """Of each row the number of its situation, and whether it is odd; and the different situations."""
        labels = told.labels()
        given = {GIVEN + name: pl.col(name).is_not_null() for name in self._rules.givens if name in told.given}
        flags = given | self._open_flags(told, labels)
        packing = Packing({name: self._size(name) for name in labels} | dict.fromkeys(flags, 2))
        keyed = rows.select(*packing.packed(labels | flags), told.contradictions().alias(" odd"))
        keys, distinct = _numbered(keyed.drop(" odd"), packing, flags)
        absent = [pl.lit(0, pl.UInt16).alias(name) for name in self._edition.facts if name not in labels]
        absent += [pl.lit(0, pl.UInt16).alias(GIVEN + name) for name in self._rules.givens if GIVEN + name not in given]
        return keys, keyed[" odd"], distinct.with_columns(absent)

    def _open_flags(self, told: Told, labels: Collection[str]) -> dict[str, pl.Expr]:
        names = [name for name in self._may_be_open if name in labels]
        return {OPEN + name: is_open for name, is_open in told.open_ones(self._tellers, names).items()}

    def _size(self, name: str) -> int:
        return len(self._codes.labels[name]) + 1

    def _resting_on(self, early: Decided) -> pl.DataFrame:
        """What the labels that are told late rest on: the amount to ask for, and the evidence that is required."""
        found = early.situations
        amount = required = pl.repeat(0, len(found), dtype=pl.UInt64, eager=True)
        if self._edition.decision_with("amount"):
            amount = found[FULL + "amount"]
        if decision := self._edition.decision_with("evidence"):
            masks = [self._required(outcome) for outcome in early.outcomes[decision.name]]
            required = _looked_up(found[OUTCOME + decision.name], masks, pl.UInt64())
        return pl.DataFrame({" amount": amount.fill_null(0), " required": required.fill_null(0)})

    def _required(self, outcome: Outcome) -> int:
        kinds = {item["evidence"] for item in outcome.items if item.get("required") == "true"}
        return sum(1 << at for at, kind in enumerate(self.kinds_of_evidence) if kind in kinds)

    def _amounts(self) -> dict[str, pl.Expr]:
        labels = self._codes.labels.get("amount", ())
        return {label: pl.col(" amount") == self._codes.of("amount", label) for label in labels}

    def _second(
        self, rows: pl.DataFrame, told: Told, keys: pl.Series, early: pl.DataFrame
    ) -> tuple[pl.Series, pl.DataFrame]:
        """The situations once more, with the labels that are told only after the first decisions."""
        late = told.late()
        if PROOF.name in self._edition.facts:
            late[PROOF.name] = self._proof(evidence="evidence" in told.given)
        flags = self._open_flags(told, late)
        sizes = {_FIRST: len(early) + 1} | {name: self._size(name) for name in late} | dict.fromkeys(flags, 2)
        packing = Packing(sizes)
        keyed = rows.hstack([keys.alias(_FIRST)]).select(packing.packed({_FIRST: pl.col(_FIRST), **late, **flags}))
        keys, distinct = _numbered(keyed, packing, flags)
        kept = _gathered(early.drop("situation", *late), distinct[_FIRST])
        distinct = distinct.drop(_FIRST).hstack(kept)
        return keys, distinct.with_columns(self._late_open(distinct, late))

    def _proof(self, *, evidence: bool) -> pl.Expr:
        """How much of the required evidence is at hand, if that is known."""
        none, some, everything = (self._codes.of(PROOF.name, label) for label in PROOF.labels)
        have = pl.col("evidence") if evidence else pl.lit(None, pl.UInt64)
        required, found = pl.col(" required"), pl.col(" required") & have.fill_null(0)
        proof = pl.when(found == required).then(everything).when(have.is_null()).then(0)
        return proof.when(found == 0).then(none).otherwise(some)

    def _late_open(self, distinct: pl.DataFrame, late: Collection[str]) -> Iterator[pl.Expr]:
        """A label that is told late may change with those that the decisions before it read, too."""
        for name in late:
            if name in self._settling.space.order:
                unknown = [pl.col(read) == UNKNOWN for read in self._reads[name]]
                changing = [pl.col(OPEN + n) for n in (name, *self._reads[name]) if OPEN + n in distinct.columns]
                yield any_of([*unknown, *changing]).alias(OPEN + name)

    def _said(self, distinct: pl.DataFrame) -> pl.DataFrame:
        """What there is to say of each situation."""
        decided = self._rules.decide(distinct.drop(FAULT))
        found = decided.situations
        faults = found.select(pl.coalesce(distinct[FAULT], FAULT).alias(FAULT))
        said = [self._output(found, name) for name in SAID]
        if decision := deciding(self._edition):
            names = [outcome.rules[0].name for outcome in decided.outcomes[decision.name]]
            said.append(_looked_up(found[OUTCOME + decision.name], names, pl.String()).alias("rule"))
        if decision := self._edition.decision_with("date"):
            dated = [{_marks(item) for item in outcome.items} for outcome in decided.outcomes[decision.name]]
            for date, marks in self._marked():
                told = [(date, marks) in items for items in dated]
                said.append(_looked_up(found[OUTCOME + decision.name], told, pl.Boolean()).alias(f" {marks} {date}"))
        return faults.hstack([*said, self._settling.settled(distinct)])

    def _output(self, found: pl.DataFrame, name: str) -> pl.Series:
        """An output as it stands in advice."""
        kind = DECIDED[name]
        if FULL + name not in found.columns:
            return pl.Series(name, [None] * len(found), dtype=self.schema[name])
        labels = [label if kind and label in {*kind} else None for label in self._codes.labels[name]]
        return _looked_up(found[FULL + name] - 1, labels, self.schema[name]).alias(name)

    def _marked(self) -> set[tuple[str, Marks]]:
        """The dates that may begin or end the time for a dispute."""
        decision = self._edition.decision_with("date")
        found = {_marks(rule.then) for rule in decision.rules} if decision else set()
        return {(date, marks) for date, marks in found if marks in (Marks.OPENS, Marks.CLOSES)}

    def _columns(self, told: Told) -> list[pl.Expr]:
        """The advice, null where there is none."""
        answered = pl.col(FAULT).is_null()
        opens, closes = self._window(told)
        columns = {name: pl.col(name) for name in (*SAID, "settled")} | {
            "rule": pl.col("rule").cast(self.schema["rule"]) if deciding(self._edition) else pl.lit(None)
        }
        columns["action"] = columns["action"].fill_null(str(Action.NONE))
        columns |= {"refund_cap": _money(told, CAP), "refund_recommended": _money(told, RECOMMENDED)}
        columns |= {"window_opens_on": opens, "window_closes_on": closes}
        found = {name: pl.when(answered).then(column) for name, column in columns.items()} | {PROBLEMS: pl.col(FAULT)}
        return [found[name].cast(dtype).alias(name) for name, dtype in self.schema.items()]

    def _window(self, told: Told) -> tuple[pl.Expr, pl.Expr]:
        """The safe days, as `desk.py` says."""
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
    return number.at(THOUSAND).column.cast(THOUSANDTHS) / THOUSAND if number else pl.lit(None)


def _marks(item: Mapping[str, str]) -> tuple[str, Marks]:
    return item["date"], Marks(item.get("marks") or Marks.STEP)


def _numbered(keyed: pl.DataFrame, packing: Packing, flags: Collection[str]) -> tuple[pl.Series, pl.DataFrame]:
    """Of each row the number of its key; and the different keys, read again, in the order of their numbers."""
    different = keyed.unique(maintain_order=True).with_row_index("situation")
    keys = keyed.join(different, on=packing.names, how="left", maintain_order="left")["situation"]
    columns = different.select("situation", *packing.unpacked())
    return keys, columns.with_columns(pl.col(name).cast(pl.Boolean) for name in flags if name.startswith(OPEN))


def _gathered(table: pl.DataFrame, keys: pl.Series) -> pl.DataFrame:
    return table.select(pl.all().gather(keys))


def _looked_up(places: pl.Series, values: Sequence[object], dtype: pl.DataType) -> pl.Series:
    return pl.Series(values, dtype=dtype).gather(places)

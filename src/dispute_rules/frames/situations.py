"""Situations by the column: what is assumed in each, and what the decisions come to.

The meaning is that of `situation.complete` and of `engine.decide`. Columns named after facts hold the codes of known
labels; with `=` before the name, they hold what is known or assumed, and the outputs of decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from dispute_rules.engine.boxes import Boxes, indexes
from dispute_rules.engine.decide import Outcome, agree, applying
from dispute_rules.errors import CaseError, InputError
from dispute_rules.frames.coding import UNKNOWN, Codes
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Box, Decision, Edition
from dispute_rules.situation import complete

FULL, GIVEN, OPEN, OUTCOME = "=", "given ", "open ", "outcome "
"""Before a name: with what is assumed; whether a fact is given at all; whether a label may yet change; an outcome."""
FAULT = " fault"
_GIVEN = ("true",)  # the one label of whether a fact is given
_WORD = 32  # boxes whose bits are looked up together

Row = tuple[int | str | None, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """Situations with all outcomes, and the outcomes of each decision by the number in its column."""

    situations: pl.DataFrame
    outcomes: Mapping[str, list[Outcome]]


class _Fitting:
    """Which of some boxes fit, as in `engine.reference`: each label keeps the bits of the boxes that accept it."""

    def __init__(self, boxes: Sequence[Box], codes: Codes, prefix: str) -> None:
        parts = [Boxes(boxes[at : at + _WORD]) for at in range(0, len(boxes), _WORD)]
        self.count = len(boxes)
        self._words = [
            (part.all, [(_column(name, prefix), _kept(part, name, codes)) for name in part.facts]) for part in parts
        ]

    def words(self, frame: pl.DataFrame) -> list[pl.Series]:
        """The bits of the boxes that fit, in words."""
        return [self._word(frame, *word) for word in self._words]

    def _word(self, frame: pl.DataFrame, every: int, tables: Iterable[tuple[str, pl.Series]]) -> pl.Series:
        alive = pl.repeat(every, len(frame), dtype=pl.UInt64, eager=True)
        for column, kept in tables:
            alive &= kept.gather(frame[column])
        return alive

    def any(self, frame: pl.DataFrame) -> pl.Series:
        """Whether any box fits."""
        found = pl.repeat(value=False, n=len(frame), dtype=pl.Boolean, eager=True)
        for word in self.words(frame):
            found |= word != 0
        return found


def _column(name: str, prefix: str) -> str:
    return name if name.startswith(GIVEN) else prefix + name


def _kept(boxes: Boxes, name: str, codes: Codes) -> pl.Series:
    """The bits that stay, by the code of the label; none that looks at a fact stays where it is unknown."""
    labels = _GIVEN if name.startswith(GIVEN) else codes.labels[name]
    return pl.Series([boxes.surviving(name, label) for label in ("", *labels)], dtype=pl.UInt64)


class Rules:
    """The rules of an edition, for many situations at once."""

    def __init__(self, edition: Edition) -> None:
        """Number the labels, and look up which of them are accepted where."""
        self.edition = edition
        decided = [decision for decision in edition.decisions if decision.policy is Policy.ANY]
        outputs = {name: tuple(labels) for decision in decided for name, labels in decision.outputs.items()}
        self.codes = Codes({name: fact.labels for name, fact in edition.facts.items()} | outputs)
        named = {*(entry.given for entry in edition.assumed), *(entry.given for entry in edition.barred)}
        self.givens = [name for name in edition.kinds if name in named]
        bars = [_with_given(entry.box, entry.given) for entry in edition.barred]
        self._known_bars, self._full_bars = _Fitting(bars, self.codes, ""), _Fitting(bars, self.codes, FULL)
        self._assuming = {name: self._assumptions(name) for name in dict.fromkeys(e.fact for e in edition.assumed)}
        self._rules = {d.name: _Fitting([rule.box for rule in d.rules], self.codes, FULL) for d in edition.decisions}

    def _assumptions(self, name: str) -> _Fitting:
        boxes = [_with_given(entry.box, entry.given) for entry in self.edition.assumed_of(name)]
        return _Fitting(boxes, self.codes, FULL)

    def decide(self, situations: pl.DataFrame) -> Decided:
        """What the decisions come to. Where there is no answer, `FAULT` says why and outcomes are null."""
        good, bad = _parted(self._completed(situations))
        faulty = [bad]
        outcomes: dict[str, list[Outcome]] = {}
        for decision in self.edition.decisions:
            good, outcomes[decision.name] = self._decided(good, decision)
            good, bad = _parted(good)
            faulty.append(bad)
        return Decided(pl.concat([good, *faulty], how="diagonal").sort("situation"), outcomes)

    def _completed(self, situations: pl.DataFrame) -> pl.DataFrame:
        """What is unknown filled by assumptions; where that takes a search, one by one."""
        frame = self._with_faults(situations)
        frame = frame.hstack([frame[name].alias(FULL + name) for name in self.edition.facts])
        for name, assuming in self._assuming.items():
            if name in self.edition.facts:
                frame.replace_column(frame.get_column_index(FULL + name), self._assumed(frame, name, assuming))
        searching = frame[FAULT].is_null() & self._full_bars.any(frame)
        if not searching.any():
            return frame
        return pl.concat([frame.filter(~searching), self._one_by_one(frame.filter(searching))])

    def _assumed(self, frame: pl.DataFrame, name: str, assuming: _Fitting) -> pl.Series:
        """The label that is known, or else that of the first assumption that applies."""
        codes = [self.codes.of(name, entry.label) for entry in self.edition.assumed_of(name)]
        known = frame[name]
        found = known.set(known == UNKNOWN, None)
        for at, word in enumerate(assuming.words(frame)):
            labels = pl.Series([*codes[at * _WORD : (at + 1) * _WORD], UNKNOWN], dtype=pl.UInt16)
            first = word.bitwise_trailing_zeros().clip(upper_bound=len(labels) - 1)
            found = found.zip_with(found.is_not_null() | (word == 0), labels.gather(first))
        return found.fill_null(UNKNOWN).alias(FULL + name)

    def _with_faults(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What is wrong with what is known: combinations that are impossible, or else facts that are missing."""
        required = [name for name in self.edition.facts if not self.edition.assumed_of(name)]
        missing = [frame[name] == UNKNOWN for name in required]

        def told(barred: Sequence[int], lacking: Sequence[bool]) -> Row:
            boxes = [self.edition.barred[at] for at in barred]
            places = [", ".join([*entry.box, *([entry.given] if entry.given else [])]) for entry in boxes]
            lacks = [name for name, lack in zip(required, lacking, strict=True) if lack]
            return (
                listed(f"{place}: contradiction" for place in places)
                or listed(f"{name}: missing-fact" for name in lacks)
                or None,
            )

        return _by_bits(frame, self._known_bars.words(frame), told, {FAULT: pl.String()}, missing)

    def _one_by_one(self, frame: pl.DataFrame) -> pl.DataFrame:
        found = [self._complete(row) for row in frame.iter_rows(named=True)]
        columns = [FAULT, *(FULL + name for name in self.edition.facts)]
        filled = pl.DataFrame(found, {name: frame.schema[name] for name in columns}, orient="row")
        return frame.with_columns(filled.get_columns())

    def _complete(self, row: Mapping[str, int]) -> list[str | int | None]:
        known = {name: self.codes.labels[name][row[name] - 1] for name in self.edition.facts if row[name] != UNKNOWN}
        given = frozenset(name for name in self.givens if row[GIVEN + name])
        try:
            labels = complete(self.edition, known, given).labels
        except CaseError as error:
            return [told_short(error), *(UNKNOWN for _ in self.edition.facts)]
        return [None, *(self.codes.of(name, labels[name]) for name in self.edition.facts)]

    def _decided(self, frame: pl.DataFrame, decision: Decision) -> tuple[pl.DataFrame, list[Outcome]]:
        """What comes of each set of rules that match together."""
        outcomes: list[Outcome] = []

        def told(matching: Sequence[int], _: Sequence[bool]) -> Row:
            rules = tuple(decision.rules[at] for at in applying(decision, matching))
            if decision.policy is Policy.ANY and not agree(rules):
                return f"{decision.name}: {'conflict' if rules else 'gap'}", *(None for _ in range(len(schema) - 1))
            outcomes.append(Outcome(rules))
            said = outcomes[-1].values if decision.policy is Policy.ANY else {}
            return None, len(outcomes) - 1, *(self.codes.of(name, said[name]) for name in outputs)

        outputs = decision.outputs if decision.policy is Policy.ANY else ()
        codes = {FULL + name: pl.UInt16() for name in outputs}
        schema = {FAULT: pl.String(), OUTCOME + decision.name: pl.UInt32(), **codes}
        return _by_bits(frame.drop(FAULT), self._rules[decision.name].words(frame), told, schema), outcomes


def _with_given(box: Box, given: str | None) -> Box:
    return {**box, GIVEN + given: frozenset(_GIVEN)} if given else box


def _by_bits(
    frame: pl.DataFrame,
    words: Sequence[pl.Series],
    told: Callable[[Sequence[int], Sequence[bool]], Row],
    schema: Mapping[str, pl.DataType],
    flags: Sequence[pl.Series] = (),
) -> pl.DataFrame:
    """The frame with columns that are told once for each set of bits, and flags, that come together."""
    constant = pl.repeat(0, len(frame), dtype=pl.UInt64, eager=True)
    keys = pl.DataFrame([each.alias(f" {at}") for at, each in enumerate([constant, *words, *flags])])
    different = keys.unique()
    rows = [_told(row[1:], len(words), told) for row in different.iter_rows()]
    table = different.hstack(pl.DataFrame(rows, schema, orient="row"))
    return frame.hstack(keys.join(table, on=keys.columns, how="left", maintain_order="left").select(schema.keys()))


def _told(row: Sequence[int], words: int, told: Callable[[Sequence[int], Sequence[bool]], Row]) -> Row:
    bits = sum(word << at * _WORD for at, word in enumerate(row[:words]))
    return told(list(indexes(bits)), [bool(flag) for flag in row[words:]])


def _parted(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Those without a fault, and those with one."""
    sound = frame[FAULT].is_null()
    return (frame, frame.clear()) if sound.all() else (frame.filter(sound), frame.filter(~sound))


def listed(faults: Iterable[str]) -> str:
    """Faults in one text, each once."""
    return "; ".join(dict.fromkeys(faults))


def told_short(error: InputError) -> str:
    """The codes of all problems, each with its place."""
    return listed(f"{problem.place}: {problem.code}" for problem in error.problems)

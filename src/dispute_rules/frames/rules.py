"""The rules of an edition over many rows at once: what is assumed, what cannot be, and what the decisions come to.

The meaning is that of `situation.complete` and of `engine.decide`. Columns named after facts hold the codes of known
labels; with `=` before the name, they hold what is known or assumed, and the outputs of decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial

import polars as pl

from dispute_rules.engine.boxes import Boxes, indexes
from dispute_rules.engine.decide import Outcome, agree, applying
from dispute_rules.errors import CaseError, InputError
from dispute_rules.frames.coding import UNKNOWN, Codes
from dispute_rules.frames.decided import Decided
from dispute_rules.frames.walks import Column, Columns, Step, Walk, Ways, looked_up
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Box, Decision, Edition
from dispute_rules.situation import complete

FULL, GIVEN = "=", "given "
"""Before the name of a fact: with what is assumed; whether it is given at all."""
_GIVEN = ("true",)  # the one label of whether a fact is given
_REMEMBERED = 16_384  # rows that took a search; sets of rules that match together


class Rules:
    """The rules of an edition."""

    def __init__(self, edition: Edition) -> None:
        """Number the labels, and look up which of them are accepted where."""
        self.edition = edition
        self._decisions = [decision for decision in edition.decisions if decision.policy is Policy.ANY]
        outputs = {name: tuple(labels) for decision in self._decisions for name, labels in decision.outputs.items()}
        self.codes = Codes({name: fact.labels for name, fact in edition.facts.items()} | outputs)
        named = {*(entry.given for entry in edition.assumed), *(entry.given for entry in edition.barred)}
        self.givens = [name for name in edition.kinds if name in named]
        self._required = [name for name in edition.facts if not edition.assumed_of(name)]
        bars = [_with_given(entry.box, entry.given) for entry in edition.barred]
        lacking = [{name: frozenset({""})} for name in self._required]
        self._known_bars, self._full_bars = self._matching([*bars, *lacking], ""), self._matching(bars, FULL)
        assumed = [name for name in dict.fromkeys(entry.fact for entry in edition.assumed) if name in edition.facts]
        self._assuming = {name: self._assumptions(name) for name in assumed}
        self._rules = {d.name: self._matching([rule.box for rule in d.rules], FULL) for d in edition.decisions}
        self._completed = lru_cache(maxsize=_REMEMBERED)(self._complete)
        self._outcome = lru_cache(maxsize=_REMEMBERED)(_outcome)

    def _matching(self, boxes: Sequence[Box], prefix: str) -> Walk[int]:
        """To the boxes that fit, as bits; see `engine.reference`."""
        bits = Boxes(boxes)
        return Walk(bits.all, [self._narrowing(bits, name, prefix) for name in bits.facts])

    def _narrowing(self, boxes: Boxes, name: str, prefix: str) -> Step[int]:
        """A label leaves the boxes that accept it; one that looks at a fact is not left where that is unknown."""
        is_given = name.startswith(GIVEN)
        labels = _GIVEN if is_given else self.codes.labels[name]
        kept = [boxes.surviving(name, label) for label in ("", *labels)]
        return name if is_given else prefix + name, len(kept), lambda bits, code: bits & kept[code]

    def _assumptions(self, name: str) -> Walk[int]:
        """To the assumptions that apply, as bits; or, below zero, to the code of a label that is known."""
        boxes = Boxes([_with_given(entry.box, entry.given) for entry in self.edition.assumed_of(name)])
        steps = [self._narrowing(boxes, other, FULL) for other in boxes.facts]
        known: Step[int] = (name, self.codes.size(name), lambda bits, code: -code or bits)
        return Walk(boxes.all, [known, *((column, size, partial(_unless_known, ways)) for column, size, ways in steps)])

    def decide(self, known: Columns, rows: int) -> Decided:
        """Whatever follows from what is known."""
        found = Decided(rows, dict(known))
        self._go_on(found, {*self.edition.facts, *(GIVEN + name for name in self.givens)})
        return found

    def decide_again(self, before: Decided, late: Columns) -> Decided:
        """The same once more is known. What was wrong before still is."""
        if before.searched:  # what was found instead of an assumption need not be right any more
            known = {name: column for name, column in before.columns.items() if not name.startswith(FULL)}
            found = self.decide({**known, **late}, before.rows)
            return replace(found, faults=before.faults + found.faults)
        columns, outcomes = {**before.columns, **late}, dict(before.outcomes)
        found = Decided(before.rows, columns, outcomes, [*before.faults])
        self._go_on(found, {*late})
        return found

    def _go_on(self, found: Decided, changed: set[str]) -> None:
        """Fill in what is assumed and decide, as far as it rests on what has changed."""
        if _rests_on(self._known_bars, changed):
            found.tell(*self._known_bars.ends(found.columns), self._against)
        for name in changed & self.edition.facts.keys():
            found.columns[FULL + name] = found.columns.get(name, UNKNOWN)
            changed.add(FULL + name)
        for name, walk in self._assuming.items():
            if _rests_on(walk, changed):
                found.look_up(FULL + name, *walk.ends(found.columns), partial(self._assumed, name))
                changed.add(FULL + name)
        if _rests_on(self._full_bars, changed):
            self._search(found)
        for decision in self._decisions:
            if found.searched or _rests_on(self._rules[decision.name], changed):
                self._decide(found, decision)
                changed.update(FULL + name for name in decision.outputs)

    def _against(self, bits: int) -> str | None:
        """What is wrong with what is known: combinations that are impossible, or else facts that are missing."""
        barred, found = self.edition.barred, [*indexes(bits)]
        impossible = [barred[at] for at in found if at < len(barred)]
        places = [", ".join([*entry.box, *([entry.given] if entry.given else [])]) for entry in impossible]
        lacks = [self._required[at - len(barred)] for at in found if at >= len(barred)]
        contradictions = listed(f"{place}: contradiction" for place in places)
        return contradictions or listed(f"{name}: missing-fact" for name in lacks) or None

    def _assumed(self, name: str, state: int) -> int:
        """The label that is known, or else that of the first assumption that applies; one always does."""
        return -state if state < 0 else self.codes.of(name, self.edition.assumed_of(name)[next(indexes(state))].label)

    def _search(self, found: Decided) -> None:
        """Where the first assumptions make a row impossible, others are looked for, row by row."""
        at, states = self._full_bars.ends(found.columns)
        if not any(states):
            return
        barred, fault = looked_up(at, list(map(bool, states)), pl.Boolean(), found.rows), found.fault
        places = (barred if fault is None else barred & fault.is_null()).arg_true()
        if not places.is_empty():
            names = [*self.edition.facts, *(GIVEN + name for name in self.givens)]
            known = pl.DataFrame([found.series(name)[places].alias(name) for name in names])
            self._fill(found, places, [self._completed(row) for row in known.iter_rows()])

    def _fill(self, found: Decided, places: pl.Series, completed: Sequence[tuple[Sequence[int], str | None]]) -> None:
        found.searched = True
        for at, name in enumerate(self.edition.facts):
            codes = pl.Series([codes[at] for codes, _ in completed], dtype=pl.UInt32)
            found.columns[FULL + name] = found.series(FULL + name).clone().scatter(places, codes)
        if any(fault for _, fault in completed):
            faults = pl.repeat(None, found.rows, dtype=pl.String, eager=True)
            found.faults.append(faults.scatter(places, pl.Series([fault for _, fault in completed], dtype=pl.String)))

    def _complete(self, row: tuple[int, ...]) -> tuple[Sequence[int], str | None]:
        """The codes of all facts, or what is wrong."""
        facts = self.edition.facts
        known = {name: self.codes.labels[name][code - 1] for name, code in zip(facts, row, strict=False) if code}
        given = frozenset(name for name, is_given in zip(self.givens, row[len(facts) :], strict=True) if is_given)
        try:
            labels = complete(self.edition, known, given).labels
        except CaseError as error:
            return [UNKNOWN] * len(facts), told_short(error)
        return [self.codes.of(name, labels[name]) for name in facts], None

    def _decide(self, found: Decided, decision: Decision) -> None:
        at, outcomes = found.outcomes[decision.name] = self.outcomes(found, decision)
        found.tell(at, outcomes, partial(_fault, decision))
        for name in decision.outputs:
            found.look_up(FULL + name, at, outcomes, partial(self._said, name))

    def outcomes(self, found: Decided, decision: Decision) -> tuple[Column, Sequence[Outcome]]:
        """What a decision comes to in each row, by numbers."""
        at, states = self._rules[decision.name].ends(found.columns)
        return at, [self._outcome(decision, bits) for bits in states]

    def _said(self, name: str, outcome: Outcome) -> int:
        """The code of an output; of rules that do not answer it is unknown."""
        return self.codes.of(name, outcome.values[name]) if agree(outcome.rules) else UNKNOWN


def _outcome(decision: Decision, bits: int) -> Outcome:
    return Outcome(tuple(decision.rules[at] for at in applying(decision, indexes(bits))))


def _fault(decision: Decision, outcome: Outcome) -> str | None:
    if agree(outcome.rules):
        return None
    return f"{decision.name}: {'conflict' if outcome.rules else 'gap'}"


def _with_given(box: Box, given: str | None) -> Box:
    return {**box, GIVEN + given: frozenset(_GIVEN)} if given else box


def _unless_known(ways: Ways[int], state: int, label: int) -> int:
    return state if state < 0 else ways(state, label)


def _rests_on(walk: Walk[int], changed: set[str]) -> bool:
    return not walk.reads or not changed.isdisjoint(walk.reads)


def listed(faults: Iterable[str]) -> str:
    """Faults in one text, each once."""
    return "; ".join(dict.fromkeys(faults))


def told_short(error: InputError) -> str:
    """The codes of all problems, each with its place."""
    return listed(f"{problem.place}: {problem.code}" for problem in error.problems)

"""What a person can change: the nearest changes of a case that lead to a better outcome.

Only facts that the pack marks in `changes` are varied, and only those that the case tells: what is unknown is a
question. Every candidate is decided by the rules; none is listed where the pack would then take something else for
granted, as that would be a change of what happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, combinations, islice
from typing import Any, Protocol

from dispute_rules.advice import Advice, Marks
from dispute_rules.answer import Settled
from dispute_rules.case import Case
from dispute_rules.ending import ending, is_solved
from dispute_rules.errors import InputError
from dispute_rules.explanation import Value
from dispute_rules.facts import Kind
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.wording import Wording
from dispute_rules.pack.written import Pack
from dispute_rules.process.amounts import RECOMMENDED, Amounts
from dispute_rules.process.dates import Days, add_days
from dispute_rules.situation import label_of
from dispute_rules.values import LAST_DAY
from dispute_rules.whatif import Change, Result, labels_of, words_of

_MOST_TRIES = 1_000  # cases that are looked at; those with one change come first
_TURNS = (Kind.LABEL, Kind.YES_NO, Kind.DATE, Kind.AMOUNT, Kind.OTHER)
"""In this order two changes are made: what days matter, and what evidence is required, may rest on the other change."""


class Adviser(Protocol):
    """Who says what follows from a case."""

    @property
    def pack(self) -> Pack: ...  # noqa: D102
    def case(self, case: Case, /, **facts: Any) -> Case: ...  # noqa: D102
    def settle(self, case: Case, /) -> Settled: ...  # noqa: D102
    def outline(self, case: Case, /) -> Advice: ...  # noqa: D102


def nearest_changes(adviser: Adviser, case: Case) -> tuple[Change, ...]:
    """One change, or two where no single one leads as far; the fewest first, then the best.

    Raises:
        CaseError: with every problem of the case.
        PackError: the pack's rules do not answer the case.
    """
    return tuple(_Search(adviser, case).changes())


@dataclass(frozen=True, slots=True)
class _Tried:
    """The case with some facts changed, and what the rules then decide."""

    facts: Mapping[str, Value]
    case: Case
    settled: Settled


class _Better:
    """Which outcomes are better, as the pack orders them."""

    def __init__(self, pack: Pack) -> None:
        orders = [order for decision in pack.decisions for order in decision.file.better.items()]
        self.orders = {
            output: {label: index for index, level in enumerate(levels) for label in level} for output, levels in orders
        }

    def levels(self, settled: Settled) -> tuple[int, ...]:
        """How good each output is, the best being 0; what is not compared comes last."""
        return tuple(levels.get(settled.labels[output], len(levels)) for output, levels in self.orders.items())

    def same(self, one: Settled, other: Settled) -> bool:
        """Whether nothing differs that is compared."""
        return all(one.labels[output] == other.labels[output] for output in self.orders)

    def gains(self, before: Settled, after: Settled) -> tuple[str, ...]:
        """The outputs that are better; none if any is worse, or is another that is not compared."""
        found: list[str] = []
        for output, levels in self.orders.items():
            old, new = before.labels[output], after.labels[output]
            if old != new and (old not in levels or new not in levels or levels[new] >= levels[old]):
                return ()
            found += [output] if old != new else []
        return tuple(found)


class _Search:
    """Over the changes of one case."""

    def __init__(self, adviser: Adviser, case: Case) -> None:
        self._adviser = adviser
        self._marked = adviser.pack.file.changes
        self._better = _Better(adviser.pack)
        self._values = _Values(adviser)
        self._left = _MOST_TRIES
        self._start = _Tried({}, case, adviser.settle(case))

    def changes(self) -> Iterator[Change]:
        facts = self._open_to_change()
        tried = {fact: list(self._vary(self._start, fact)) for fact in facts}
        singles = list(filter(self._is_better, chain.from_iterable(tried.values())))
        pairs = [
            pair
            for first, second in combinations(facts, 2)
            for single in tried[first]
            for pair in filter(self._is_better, self._vary(single, second))
            if not any(self._leads_as_far(one, pair) for one in singles)
        ]
        before = self._result(self._start)
        for found in (*self._nearest(singles), *self._nearest(pairs)):
            yield Change(
                facts=found.facts,
                how=tuple(self._marked[name].how for name in found.facts),
                before=before,
                after=self._result(found),
                better_in=self._better.gains(self._start.settled, found.settled),
            )

    def _open_to_change(self) -> list[str]:
        """The facts, in the order in which two are changed; none once the dispute has ended."""
        labels = self._start.settled.labels
        if not self._better.orders or ending(labels) or is_solved(labels):
            return []
        return sorted(filter(self._is_told, self._marked), key=self._values.turn)

    def _result(self, tried: _Tried) -> Result:
        advice = self._adviser.outline(tried.case)
        wording = Wording(edition_on(self._adviser.pack, advice.pack.edition))
        return Result(labels=labels_of(advice), words=words_of(wording, advice), refund=advice.refund)

    def _is_told(self, fact: str) -> bool:
        """What is unknown is a question. The day always is known."""
        return fact == "today" or getattr(self._start.case, fact) is not None

    def _vary(self, tried: _Tried, fact: str) -> Iterator[_Tried]:
        """The case with each other value of a fact that makes a case and has an answer."""
        for value in islice(self._values.of(fact, tried), self._left):
            self._left -= 1
            try:
                case = self._adviser.case(tried.case, **{fact: value})
                yield _Tried({**tried.facts, fact: value}, case, self._adviser.settle(case))
            except InputError:
                continue

    def _is_better(self, tried: _Tried) -> bool:
        """Whether it is better, and nothing is taken for granted that was otherwise before."""
        before = self._start.settled
        same = all(before.labels.get(entry.fact, "") == entry.label for entry in tried.settled.assumed)
        return same and bool(self._better.gains(before, tried.settled))

    def _leads_as_far(self, one: _Tried, other: _Tried) -> bool:
        return self._better.same(one.settled, other.settled) or bool(self._better.gains(other.settled, one.settled))

    def _nearest(self, found: Sequence[_Tried]) -> list[_Tried]:
        """Those that contain no smaller change with the same outcome, the best first."""
        nearest = [each for each in found if not any(self._is_nearer(other, each) for other in found)]
        return sorted(nearest, key=lambda tried: self._better.levels(tried.settled))

    def _is_nearer(self, one: _Tried, other: _Tried) -> bool:
        if one is other or one.facts.keys() != other.facts.keys() or not self._better.same(one.settled, other.settled):
            return False
        start = self._start.case
        return all(self._values.passes(name, start, other.facts[name], value) for name, value in one.facts.items())


class _Values:
    """The other values that facts can be given."""

    def __init__(self, adviser: Adviser) -> None:
        self._adviser = adviser
        self._pack = adviser.pack
        self._facts = adviser.pack.facts
        rules = [rule.file for decision in adviser.pack.decisions for rule in decision.rules]
        self._closes = any(rule.then.get("marks") == Marks.CLOSES for rule in rules)

    def turn(self, fact: str) -> int:
        """When a fact is changed, if another one is changed, too."""
        return _TURNS.index(self._facts[fact].kind)

    def of(self, fact: str, tried: _Tried) -> Iterator[Value]:
        """The other values of a fact, where some may have been changed already."""
        kind = self._facts[fact].kind
        if kind is Kind.OTHER:
            return self._evidence(tried)
        if kind is Kind.DATE:
            return self._days(tried)
        return self._amounts(tried, fact) if kind is Kind.AMOUNT else self._labels(tried, fact)

    def passes(self, fact: str, case: Case, value: Any, other: Any) -> bool:
        """Whether the way to a value passes another one: more evidence, a later day, an amount further away."""
        kind = self._facts[fact].kind
        if kind is Kind.OTHER:
            return set(other) <= set(value)
        if kind is Kind.AMOUNT:
            now = getattr(case, fact)
            return bool(min(now, Decimal(value)) <= Decimal(other) <= max(now, Decimal(value)))
        return bool(other <= value if kind is Kind.DATE else other == value)

    def _labels(self, tried: _Tried, fact: str) -> Iterator[Value]:
        now = label_of(getattr(tried.case, fact))
        for label in self._facts[fact].labels:
            if label != now:
                yield label == "true" if self._facts[fact].kind is Kind.YES_NO else label

    def _days(self, tried: _Tried) -> Iterator[Value]:
        """The days on which one of the case's dates begins or has passed, or other rules come into force."""
        today = _today(tried.case)
        edition = edition_on(self._pack, today)
        days = set(self._pack.starts)
        for name, (_, latest) in Days(edition, tried.case, today).items():
            days.add(latest if edition.dates[name].first_day else add_days(latest, 1, "days"))
        last = self._last_safe_day(tried)
        return (day.isoformat() for day in sorted(days) if today < day <= last)

    def _last_safe_day(self, tried: _Tried) -> date:
        """The last day to wait for; today where a dispute has to be opened in time and the last day is unknown."""
        last = self._adviser.outline(tried.case).window.closes_on
        return last or (_today(tried.case) if self._closes else LAST_DAY)

    def _amounts(self, tried: _Tried, fact: str) -> Iterator[Value]:
        """The amounts that the pack works out, and the others of the case."""
        edition = edition_on(self._pack, _today(tried.case))
        amounts = Amounts(edition, tried.case)
        amounts.recommend(tried.settled.amount)
        worked_out = [amounts.get(name) for name in (*edition.amounts, RECOMMENDED)]
        given = [getattr(tried.case, name) for name, other in self._facts.items() if other.kind is Kind.AMOUNT]
        found = {amount for amount in (*worked_out, *given) if amount is not None}
        return (f"{amount:f}" for amount in sorted(found - {getattr(tried.case, fact)}))

    def _evidence(self, tried: _Tried) -> Iterator[Value]:
        """What is at hand and one more kind that is required, or all of them: rules see none, some or all."""
        have = tried.case.evidence or frozenset()
        kinds = [kind for d in self._pack.decisions for kind in d.file.outputs.get("evidence", ())]
        missing = [kind for kind in kinds if kind in tried.settled.required - have]
        if len(missing) > 1:
            yield tuple(sorted({*have, missing[0]}))
        if missing:
            yield tuple(sorted({*have, *missing}))


def _today(case: Case) -> date:
    return case.today or date.today()

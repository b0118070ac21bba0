"""One edition at work: from a case to its advice, with what was worked out before remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dispute_rules.advice import Advice, EvidenceItem, Marks, Milestone, Refund, Window, WindowAdvice
from dispute_rules.answer import Answer, Answerer, Settled, Wanted, assumption, marks_of
from dispute_rules.case import Case
from dispute_rules.engine import EngineName
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.facts import STANDARD
from dispute_rules.pack.model import PROOF, Assumed, Edition
from dispute_rules.process.amounts import CAP, RECOMMENDED, Amounts
from dispute_rules.process.dates import Range, certain_labels, comparison_labels, date_labels, dates_of
from dispute_rules.situation import barred, known_labels, numbers_of

_REMEMBERED = 2048  # situations of one edition; with all that goes with it the answer to one takes some 50 kB

Key = tuple[tuple[str | None, ...], frozenset[str], frozenset[str]]
"""The known labels, the names of those among them that are not certain, and the facts that are given at all."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """The arithmetic of one case."""

    dates: Mapping[str, Range]
    amounts: Amounts
    assumed: tuple[Assumed, ...]


class Desk:
    """Advises by one edition."""

    def __init__(self, edition: Edition, engine: EngineName) -> None:
        """Set up the decisions."""
        self._edition = edition
        self._answerer = Answerer(edition, engine)
        compared = [name for name in edition.comparisons if name in edition.facts]
        compared = [name for name in compared if edition.comparisons[name].compare not in edition.dates]
        self._early = [name for name in compared if name not in edition.late]
        self._late = [name for name in compared if name in edition.late]
        givens = [entry.given for entry in edition.assumed] + [entry.given for entry in edition.barred]
        compared_facts = [part for spec in edition.comparisons.values() for part in (spec.compare, spec.with_)]
        self._givens = frozenset(filter(None, [*givens, *(name for name in compared_facts if name in STANDARD)]))
        self._parts = {name: _parts_of(edition, name) for name in [*compared, *edition.scales]}
        self._settled = lru_cache(maxsize=_REMEMBERED)(self._settle)
        self._answer = lru_cache(maxsize=_REMEMBERED)(lambda *key: self._answerer.answer(self._settled(*key)))

    def problems(self, case: Case) -> Iterator[Problem]:
        """What this edition finds wrong with the facts of a case that are known."""
        yield from unknown_evidence(self._edition, case)
        yield from barred(self._edition, known_labels(self._edition, case), self._given(case))

    def told(self, case: Case, today: dt.date) -> Mapping[str, str]:
        """The labels that the facts of a case tell by themselves, before any decision."""
        return self._told(case, today, self._work_out(case, today))

    def settle(self, case: Case, today: dt.date) -> Settled:
        """The situation of a case and its outcomes.

        Raises:
            CaseError: the facts do not fit together.
        """
        return self._settled(*self._look(case, today)[0])

    def advise(self, case: Case, today: dt.date, *, outlined: bool = False) -> Advice:
        """The advice for a case; if `outlined`, without what the unknown facts still allow.

        Raises:
            CaseError: the facts do not fit together.
        """
        key, sums = self._look(case, today)
        answer: Answer = self._answerer.answer(self._settled(*key), outlined=True) if outlined else self._answer(*key)
        counted = sums.assumed if sums.amounts.get(CAP) is not None or key[1] else ()
        return Advice.model_construct(
            **{**answer.parts, "assumptions": (*answer.parts["assumptions"], *map(assumption, counted))},
            refund=Refund.model_construct(
                cap=sums.amounts.get(CAP), recommended=sums.amounts.get(RECOMMENDED), currency=case.currency
            ),
            window=_window(answer, sums.dates, today),
            evidence=tuple(_evidence(answer.evidence, case)),
            timeline=tuple(_timeline(answer.dates, sums.dates)),
        )

    def _look(self, case: Case, today: dt.date) -> tuple[Key, _Sums]:
        """What is known of the situation; some of it only once the first decisions are made."""
        if any(unknown_evidence(self._edition, case)):
            raise CaseError(self.problems(case))
        sums = self._work_out(case, today)
        known = self._told(case, today, sums)
        given = self._given(case)
        first = self._settled(*self._key(known, frozenset(), given))
        sums.amounts.recommend(first.amount)
        known |= sums.amounts.labels(self._late) | _proof(first.required, case)
        uncertain = self._resting_on({entry.fact for entry in sums.assumed}) | self._edition.late.keys()
        return self._key(known, frozenset(uncertain & known.keys()), given), sums

    def _work_out(self, case: Case, today: dt.date) -> _Sums:
        numbers, assumed = numbers_of(self._edition, case)
        amounts = Amounts(self._edition, numbers, case.currency)
        return _Sums(dates_of(self._edition, case, today), amounts, assumed)

    def _told(self, case: Case, today: dt.date, sums: _Sums) -> dict[str, str]:
        known = known_labels(self._edition, case) | certain_labels(self._edition, case, today)
        known |= date_labels(self._edition, sums.dates, today)
        return known | sums.amounts.labels(self._early) | comparison_labels(self._edition, sums.dates)

    def _resting_on(self, numbers: set[str]) -> frozenset[str]:
        """The facts that are known only because some numbers are assumed."""
        return frozenset(name for name, parts in self._parts.items() if parts & numbers) if numbers else frozenset()

    def _given(self, case: Case) -> frozenset[str]:
        return frozenset(name for name in self._givens if getattr(case, name) is not None)

    def _key(self, known: Mapping[str, str], uncertain: frozenset[str], given: frozenset[str]) -> Key:
        return tuple(map(known.get, self._edition.facts)), uncertain, given

    def _settle(self, labels: tuple[str | None, ...], uncertain: frozenset[str], given: frozenset[str]) -> Settled:
        known = {name: label for name, label in zip(self._edition.facts, labels, strict=True) if label is not None}
        return self._answerer.settle(known, uncertain, given)


def _parts_of(edition: Edition, name: str) -> frozenset[str]:
    """The numbers that a comparison, or a number that rules look at, is made of in the end."""
    spec = edition.comparisons.get(name)
    left, found = [spec.compare, spec.with_] if spec else [name], set()
    while left:
        part = left.pop()
        if part not in found:
            found.add(part)
            left.extend(edition.amounts[part].inputs if part in edition.amounts else ())
    return frozenset(found)


def unknown_evidence(edition: Edition, case: Case) -> Iterator[Problem]:
    """Kinds of evidence that no rule of the pack ever asks for."""
    for kind in sorted((case.evidence or frozenset()) - edition.evidence):
        help = did_you_mean(kind, sorted(edition.evidence))
        yield Problem("evidence", "unknown-evidence", f"there is no kind of evidence {quote(kind)}", help)


def _proof(required: frozenset[str], case: Case) -> dict[str, str]:
    """How much of the required evidence is at hand, if that is known."""
    if case.evidence is None and required:
        return {}
    have = len(required & (case.evidence or frozenset()))
    return {PROOF.name: "all" if have == len(required) else "some" if have else "none"}


def _evidence(wanted: Iterable[Wanted], case: Case) -> Iterator[EvidenceItem]:
    for item in wanted:
        have = None if case.evidence is None else item.name in case.evidence
        yield EvidenceItem(kind=item.name, title=item.title, required=item.detail == "true", have=have)


def _timeline(wanted: Iterable[Wanted], dates: Mapping[str, Range]) -> list[Milestone]:
    found = [
        Milestone(
            what=item.name,
            title=item.title,
            marks=marks_of(item),
            earliest=dates[item.name][0],
            latest=dates[item.name][1],
        )
        for item in wanted
        if item.name in dates
    ]
    return sorted(found, key=lambda milestone: (milestone.earliest, milestone.latest))


def _window(answer: Answer, dates: Mapping[str, Range], today: dt.date) -> WindowAdvice:
    """The safe days: the last on which a dispute may open, and the first to come on which the window may close."""
    opens = [dates[item.name][1] for item in answer.dates if marks_of(item) is Marks.OPENS and item.name in dates]
    closes = [dates[item.name][0] for item in answer.dates if marks_of(item) is Marks.CLOSES and item.name in dates]
    ahead = [day for day in closes if day >= today and answer.window is not Window.CLOSED]
    passed = [day for day in closes if day < today]
    return WindowAdvice(
        status=answer.window,
        opens_on=max(opens, default=None),
        closes_on=min(ahead, default=None) or max(passed, default=None),
    )

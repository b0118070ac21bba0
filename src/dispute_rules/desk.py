"""One edition at work: from a case to its advice, with what was worked out before remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dispute_rules.advice import Advice, EvidenceItem, Milestone, Question, Refund, Window, WindowAdvice
from dispute_rules.answer import Answer, Answerer, Settled, Wanted, assumption, marks_of, source_info
from dispute_rules.asking.which import Known
from dispute_rules.case import Case
from dispute_rules.engine import EngineName
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.pack.model import PROOF, Assumed, Edition
from dispute_rules.process.amounts import CAP, RECOMMENDED, Amounts
from dispute_rules.process.dates import Days, Range
from dispute_rules.process.tellers import Tellers
from dispute_rules.reasoning.track import leading_to
from dispute_rules.situation import barred, known_labels, missing, numbers_of

_REMEMBERED = 2048  # situations of one edition; with all that goes with it the answer to one takes some 50 kB
_SETS = 4096  # sets of facts that are given

Key = tuple[tuple[str | None, ...], frozenset[str], frozenset[str]]
"""The known labels, the names of those among them that are not certain, and the facts that are given at all."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """The arithmetic of one case."""

    dates: Days
    told: Mapping[str, str]  # the labels of dates
    ahead: Mapping[str, str]  # the labels of dates that are ahead whatever day is told
    amounts: Amounts
    assumed: tuple[Assumed, ...]


class Desk:
    """Advises by one edition."""

    def __init__(self, edition: Edition, engine: EngineName) -> None:
        """Set up the decisions."""
        self._edition = edition
        self._tellers = Tellers(edition)
        self._answerer = Answerer(edition, engine, self._tellers)
        compared = [name for name in edition.comparisons if name in edition.facts]
        compared = [name for name in compared if edition.comparisons[name].compare not in edition.dates]
        self._early = [name for name in compared if name not in edition.late]
        self._late = [name for name in compared if name in edition.late]
        self._several = {name: facts for name in edition.facts if len(facts := self._tellers.facts(name)) > 1}
        assumed = (entry.given for entry in edition.assumed)
        givens = set(filter(None, (*assumed, *(entry.given for entry in edition.barred))))
        bearing = (self._several.get(name, ()) for name in self._answerer.outlook.space.order)
        self._givens = edition.kinds.keys() & givens.union(*bearing)
        before = {name: leading_to(edition, [output]) for name, output in edition.late.items()}
        self._reads = {
            name: {read for decision in decisions for read in decision.reads if read in edition.facts}
            for name, decisions in before.items()
        }
        self._settled = lru_cache(maxsize=_REMEMBERED)(self._settle)
        self._answer = lru_cache(maxsize=_REMEMBERED)(lambda *key: self._answerer.answer(self._settled(*key)))
        self._uncertain = lru_cache(maxsize=_SETS)(self._find_uncertain)
        self._asked = lru_cache(maxsize=_REMEMBERED)(self._ask)

    def problems(self, case: Case) -> Iterator[Problem]:
        """What this edition finds wrong with the facts of a case that are known."""
        yield from unknown_evidence(self._edition, case)
        yield from barred(self._edition, known_labels(self._edition, case), self._given(_facts_known(case)))

    def told(self, case: Case, today: dt.date) -> Mapping[str, str]:
        """The labels that the facts of a case tell by themselves, before any decision."""
        return self._told(case, self._work_out(case, today))

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
        counted = sums.assumed if sums.amounts.get(CAP) is not None or self._rest_on(key[1], sums.assumed) else ()
        own = {
            "assumptions": (*answer.parts["assumptions"], *map(assumption, counted)),
            "refund": Refund.of(
                cap=sums.amounts.get(CAP), recommended=sums.amounts.get(RECOMMENDED), currency=case.currency
            ),
            "window": _window(answer, sums.dates, today),
            "evidence": tuple(_evidence(answer.evidence, case)),
            "timeline": tuple(_timeline(answer.dates, sums.dates)),
        }
        return Advice.of(**{**answer.parts, **own})

    def questions(self, case: Case, today: dt.date, declined: frozenset[str]) -> tuple[Question, ...]:
        """The facts to ask for that can still matter, without those that the person does not know.

        Raises:
            CaseError: the facts do not fit together.
        """
        told = self._told(case, sums := self._work_out(case, today))
        lacking = tuple(self._lacking(case, told))
        if not lacking:
            key = self._look(case, today)[0]
            return self._asked(*key, (), declined) if declined else self._answer(*key).parts["questions"]
        if problems := list(self.problems(case)):
            raise CaseError(problems)
        facts = _facts_known(case)
        return self._asked(
            *self._key(told, self._uncertain(tuple(told), tuple(sums.ahead), facts), self._given(facts)),
            lacking,
            declined,
        )

    def _lacking(self, case: Case, told: Mapping[str, str]) -> Iterator[str]:
        """The facts that must be given and are not."""
        if case.__dict__["ground"] is None:  # of the sound part of a case
            yield "ground"
        yield from (problem.place for problem in missing(self._edition, told) if problem.place != "ground")

    def _look(self, case: Case, today: dt.date) -> tuple[Key, _Sums]:
        """What is known of the situation; some of it only once the first decisions are made."""
        if any(unknown_evidence(self._edition, case)):
            raise CaseError(self.problems(case))
        sums = self._work_out(case, today)
        told, facts = self._told(case, sums), _facts_known(case)
        given = self._given(facts)
        first = self._settled(*self._key(told, frozenset(), given))
        sums.amounts.recommend(first.amount)
        told |= sums.amounts.labels(self._late) | _proof(first.required, case)
        return self._key(told, self._uncertain(tuple(told), tuple(sums.ahead), facts), given), sums

    def _work_out(self, case: Case, today: dt.date) -> _Sums:
        numbers, assumed = numbers_of(self._edition, case)
        amounts = Amounts(self._edition, numbers, case.currency)
        dates = Days(self._edition, case, today)
        told = dates.labels()
        return _Sums(dates, told, dates.ahead(told), amounts, assumed)

    def _told(self, case: Case, sums: _Sums) -> dict[str, str]:
        told = {**known_labels(self._edition, case), **sums.told, **sums.ahead}
        return told | sums.amounts.labels(self._early)

    def _find_uncertain(self, told: tuple[str, ...], ahead: tuple[str, ...], facts: frozenset[str]) -> frozenset[str]:
        """Of the labels told those that a fact which is not known may yet change."""
        open_ones = {
            name
            for name in (*self._several, *self._edition.scales)
            if name in told and name not in ahead and self._tellers.may_change(name, facts)
        }
        late = (name for name, reads in self._reads.items() if name in told and not reads <= {*told} - open_ones)
        return frozenset(open_ones.union(late))

    def _rest_on(self, labels: Iterable[str], numbers: Iterable[Assumed]) -> bool:
        """Whether some labels come of numbers that are assumed."""
        return any(entry.fact in self._several.get(name, (name,)) for name in labels for entry in numbers)

    def _given(self, facts: frozenset[str]) -> frozenset[str]:
        return facts & self._givens

    def _key(self, known: Mapping[str, str], uncertain: frozenset[str], given: frozenset[str]) -> Key:
        return tuple(map(known.get, self._edition.facts)), uncertain, given

    def _ask(
        self,
        labels: tuple[str | None, ...],
        uncertain: frozenset[str],
        given: frozenset[str],
        lacking: tuple[str, ...],
        declined: frozenset[str],
    ) -> tuple[Question, ...]:
        if lacking:
            return self._answerer.asker.questions(Known(self._labels(labels), uncertain, given, lacking), declined)
        return self._answerer.asker.questions(self._settled(labels, uncertain, given).known, declined)

    def _labels(self, labels: tuple[str | None, ...]) -> dict[str, str]:
        return {name: label for name, label in zip(self._edition.facts, labels, strict=True) if label is not None}

    def _settle(self, labels: tuple[str | None, ...], uncertain: frozenset[str], given: frozenset[str]) -> Settled:
        return self._answerer.settle(self._labels(labels), uncertain, given)


def _facts_known(case: Case) -> frozenset[str]:
    """The facts that are given; of one unit ordered, it is known how many are affected."""
    facts = {name for name, value in case.__dict__.items() if value is not None}
    return frozenset(facts | {"quantity_affected"} if case.quantity_ordered == 1 else facts)


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
        yield EvidenceItem.of(kind=item.name, title=item.title, required=item.detail == "true", have=have)


def _timeline(wanted: Iterable[Wanted], dates: Days) -> list[Milestone]:
    known = sorted((dates[item.name], at, item) for at, item in enumerate(wanted) if item.name in dates)
    return [
        Milestone.of(
            what=item.name,
            title=item.title,
            marks=marks_of(item),
            earliest=earliest,
            latest=latest,
            counted_from=dates.counted_from(item.name),
            rule=item.rule.name,
            because=item.rule.because,
            sources=tuple(map(source_info, item.rule.cites)),
        )
        for (earliest, latest), _, item in known
    ]


def _window(answer: Answer, dates: Mapping[str, Range], today: dt.date) -> WindowAdvice:
    """The safe days: the last on which a dispute may open, and the first to come on which the window may close."""
    opens = [dates[name][1] for name in answer.opens if name in dates]
    closes = [dates[name][0] for name in answer.closes if name in dates]
    ahead = [day for day in closes if day >= today and answer.window is not Window.CLOSED]
    passed = [day for day in closes if day < today]
    return WindowAdvice.of(
        status=answer.window,
        opens_on=max(opens, default=None),
        closes_on=min(ahead, default=None) or max(passed, default=None),
    )

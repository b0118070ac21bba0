"""The way of a case: facts to labels, labels to outcomes, outcomes to advice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from dispute_rules.advice import Advice, EvidenceItem, Marks, Milestone, Refund, Window, WindowAdvice
from dispute_rules.answer import Answer, Answerer, Wanted, assumption, marks_of
from dispute_rules.case import Case, contradictions
from dispute_rules.engine import EngineName, default_engine
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.model import NOTHING, PROOF, Edition
from dispute_rules.pack.written import Pack
from dispute_rules.process.amounts import CAP, RECOMMENDED, Amounts
from dispute_rules.process.dates import Range, date_labels, dates_of
from dispute_rules.situation import barred, known_labels, numbers_of

_REMEMBERED = 4096  # answers of one edition; each takes some ten kilobytes
_MOST_FACTS = 200


class Advisor:
    """Advises on cases by the rules of one pack. Safe to share between threads."""

    def __init__(self, pack: str | Pack = "aliexpress", *, engine: EngineName | None = None) -> None:
        """Take a shipped pack by its name, or one that `load_pack` made.

        Raises:
            PackError: there is no such pack, or its files have problems.
            ValueError: there is no such engine, or it is not installed.
        """
        self.pack = pack if isinstance(pack, Pack) else load_pack(pack)
        self.Case = self.pack.Case
        """The type of this pack's cases: `Case`, with the pack's own facts if it has any."""
        self._engine: EngineName = engine or default_engine()
        self._desk = lru_cache(maxsize=None)(self._open_desk)  # one for each edition, and these are few
        self._desk(edition_on(self.pack, self.pack.starts[-1]))

    def advise(self, case: Case | Mapping[str, Any] | None = None, /, **facts: Any) -> Advice:
        """The recommendation for one case, given as a `Case`, as a mapping, or as keyword arguments.

        Raises:
            CaseError: with every problem of the case.
            PackError: the pack's rules do not answer the case.
        """
        checked = self.case(case, **facts)
        today = checked.today or dt.date.today()
        if checked.today is None and (problems := list(contradictions(checked, today))):
            raise CaseError(problems)
        return self._desk(edition_on(self.pack, today)).advise(checked, today)

    def case(self, case: Case | Mapping[str, Any] | None = None, /, **facts: Any) -> Case:
        """The case that the facts make; keyword arguments go before what `case` says.

        Raises:
            CaseError: with every problem of the case.
        """
        if isinstance(case, self.Case) and not facts:
            return case
        given = _facts_of(case) | {name: value for name, value in facts.items() if value is not None}
        try:
            return self.Case(**given)
        except CaseError as error:
            raise CaseError([*error.problems, *self._further_problems(given)]) from None

    def _further_problems(self, facts: Mapping[str, Any]) -> list[Problem]:
        """What this pack finds wrong with the facts that are sound by themselves."""
        sound = self.Case.sound(facts)
        try:
            edition = edition_on(self.pack, sound.today or dt.date.today())
        except CaseError as error:
            return list(error.problems)
        return [*unknown_evidence(edition, sound), *barred(edition, known_labels(edition, sound))]

    def _open_desk(self, edition: Edition) -> _Desk:
        return _Desk(edition, self._engine)


class _Desk:
    """Advises by one edition, and remembers its answers."""

    def __init__(self, edition: Edition, engine: EngineName) -> None:
        self._edition = edition
        self._answerer = Answerer(edition, engine)
        self._direct = [name for name in edition.comparisons if name in edition.facts and name not in edition.late]
        self._late = [name for name in edition.comparisons if name in edition.facts and name in edition.late]
        self._givens = frozenset(entry.given for entry in edition.assumed if entry.given)
        self._answer = lru_cache(maxsize=_REMEMBERED)(self._find_answer)

    def advise(self, case: Case, today: dt.date) -> Advice:
        if problems := list(unknown_evidence(self._edition, case)):
            raise CaseError(problems)
        dates = dates_of(self._edition, case, today)
        numbers, taken = numbers_of(self._edition, case)
        amounts = Amounts(self._edition, numbers, case.currency)
        known = known_labels(self._edition, case) | date_labels(self._edition, dates, today)
        known |= amounts.labels(self._direct)
        given = frozenset(name for name in self._givens if getattr(case, name) is not None)
        answer = self._look_up(known, given)
        amounts.recommend(answer.amount)
        if self._edition.late:
            answer = self._look_up(known | amounts.labels(self._late) | _proof(answer, case), given)
        counted = taken if amounts.get(CAP) is not None else ()
        return Advice.model_construct(
            **{**answer.parts, "assumptions": (*answer.parts["assumptions"], *map(assumption, counted))},
            refund=Refund.model_construct(
                cap=amounts.get(CAP), recommended=amounts.get(RECOMMENDED), currency=case.currency
            ),
            window=_window(answer, dates, today),
            evidence=tuple(_evidence(answer.evidence, case)),
            timeline=tuple(_timeline(answer.dates, dates)),
        )

    def _look_up(self, known: Mapping[str, str], given: frozenset[str]) -> Answer:
        return self._answer(tuple(map(known.get, self._edition.facts)), given)

    def _find_answer(self, labels: tuple[str | None, ...], given: frozenset[str]) -> Answer:
        known = {name: label for name, label in zip(self._edition.facts, labels, strict=True) if label is not None}
        return self._answerer.answer(known, given)


def _facts_of(case: object) -> dict[str, Any]:
    """The facts that are given at all; one that is None is unknown."""
    if isinstance(case, Case):
        case = case.__dict__
    if case is None:
        return {}
    if not isinstance(case, Mapping):
        help = "give a Case, a mapping or keyword arguments"
        raise CaseError([Problem("case", "not-a-case", f"{quote(case)} is not a case", help)])
    if len(case) > _MOST_FACTS:
        help = "give one case, by the names of its facts"
        raise CaseError([Problem("case", "too-large", f"{len(case)} facts in one case", help)])
    return {name if isinstance(name, str) else quote(name): value for name, value in case.items() if value is not None}


def unknown_evidence(edition: Edition, case: Case) -> Iterator[Problem]:
    """Kinds of evidence that no rule of the pack ever asks for."""
    for kind in sorted((case.evidence or frozenset()) - edition.evidence):
        help = did_you_mean(kind, sorted(edition.evidence))
        yield Problem("evidence", "unknown-evidence", f"there is no kind of evidence {quote(kind)}", help)


def _proof(answer: Answer, case: Case) -> dict[str, str]:
    """How much of the required evidence is at hand, if that is known."""
    if case.evidence is None and answer.required:
        return {}
    have = len(answer.required & (case.evidence or frozenset()))
    return {PROOF.name: "all" if have == len(answer.required) else "some" if have else "none"}


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
    ahead = [day for day in closes if day >= today]
    status = answer.values.get("window", NOTHING)
    return WindowAdvice(
        status=None if status == NOTHING else Window(status),
        opens_on=max(opens, default=None),
        closes_on=min(ahead) if ahead else max(closes, default=None),
    )


def advise(case: Case | Mapping[str, Any] | None = None, /, *, pack: str | Pack = "aliexpress", **facts: Any) -> Advice:
    """The recommendation for one case, by a shipped pack's name or a loaded pack.

    >>> advise(ground="buyer_mistake", free_return=False).verdict.value
    'full_refund_return_buyer_pays'

    Raises:
        CaseError: with every problem of the case.
        PackError: there is no such pack, or its rules do not answer the case.
    """
    return _advisor(pack).advise(case, **facts)


@lru_cache(maxsize=16)
def _advisor(pack: str | Pack) -> Advisor:
    return Advisor(pack)

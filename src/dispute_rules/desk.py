"""One edition at work: from a case to its advice, with what was worked out before remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dispute_rules.advice import Advice, Assumption, Marks, Milestone, Question, Refund, Window, WindowAdvice
from dispute_rules.answer import Answer, Answerer, Settled, Undated, assumption
from dispute_rules.asking.which import Known
from dispute_rules.case import Case
from dispute_rules.engine import EngineName
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.look import Key, Look, Looker
from dispute_rules.pack.model import PROOF, Edition
from dispute_rules.process.amounts import CAP, RECOMMENDED, Amounts, granted_by
from dispute_rules.process.dates import Days, day_of
from dispute_rules.process.tellers import Tellers
from dispute_rules.situation import barred, known_labels, missing
from dispute_rules.vocabulary import Result

_REMEMBERED = 2048  # situations of one edition; with all that goes with it the answer to one takes some 50 kB


_Known = tuple[tuple[int, int], int, Undated]
"""The days of a milestone as numbers, its place, and the rest of it."""

_MILESTONES = 16_384  # with their days: of orders of four months some 2,000 come up on one day


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What a case comes to."""

    key: Key
    counted: tuple[Assumption, ...]  # the assumed numbers that count


class Desk:
    """Advises by one edition."""

    def __init__(self, edition: Edition, engine: EngineName) -> None:
        """Set up the decisions."""
        self._edition = edition
        tellers = Tellers(edition)
        self._answerer = Answerer(edition, engine, tellers)
        self._looker = Looker(edition, tellers, self._answerer.outlook.space.order)
        self._begun = lru_cache(maxsize=_REMEMBERED)(self._begin)
        self._found = lru_cache(maxsize=_REMEMBERED)(self._find)
        self._settled = lru_cache(maxsize=_REMEMBERED)(self._settle)
        self._answer = lru_cache(maxsize=_REMEMBERED)(lambda *key: self._answerer.answer(self._settled(*key)))
        self._asked = lru_cache(maxsize=_REMEMBERED)(self._ask)

    def problems(self, case: Case) -> Iterator[Problem]:
        """What this edition finds wrong with the facts of a case that are known."""
        yield from unknown_evidence(self._edition, case)
        yield from barred(self._edition, known_labels(self._edition, case), self._looker.given(case))

    def told(self, case: Case, today: dt.date) -> Mapping[str, str]:
        """The labels that the facts of a case tell by themselves, before any decision."""
        return self._looker.told(self._looker.look(case, today))

    def settle(self, case: Case, today: dt.date) -> Settled:
        """The situation of a case and its outcomes.

        Raises:
            CaseError: the facts do not fit together.
        """
        return self._settled(*self._look(case, today)[0].key)

    def advise(self, case: Case, today: dt.date, *, outlined: bool = False) -> Advice:
        """The advice for a case; if `outlined`, without what the unknown facts still allow.

        Raises:
            CaseError: the facts do not fit together.
        """
        found, look = self._look(case, today)
        key = found.key
        answer: Answer = self._answerer.answer(self._settled(*key), outlined=True) if outlined else self._answer(*key)
        amounts, given, known = look.amounts, case.evidence, _known(answer.milestones, look.dates)
        own = {
            "assumptions": answer.parts["assumptions"] + found.counted,
            "refund": _refund(answer.parts["result"], amounts, case),
            "window": _window(answer.window, known, today.toordinal()),
            "evidence": tuple([at_hand[None if given is None else kind in given] for kind, at_hand in answer.evidence]),
            "timeline": tuple([_milestone(each, days, look.dates.counted_from(each.what)) for days, _, each in known]),
        }
        return Advice.of({**answer.parts, **own})

    def questions(self, case: Case, today: dt.date, declined: frozenset[str]) -> tuple[Question, ...]:
        """The facts to ask for that can still matter, without those that the person does not know.

        Raises:
            CaseError: the facts do not fit together.
        """
        look = self._looker.look(case, today)
        told = self._looker.told(look)
        lacking = tuple(self._lacking(case, told))
        if not lacking:
            key = self._look(case, today)[0].key
            return self._asked(*key, (), declined) if declined else self._answer(*key).parts["questions"]
        if problems := list(self.problems(case)):
            raise CaseError(problems)
        key = self._looker.key(told, self._looker.uncertain(told, look), case)
        return self._asked(*key, lacking, declined)

    def _lacking(self, case: Case, told: Mapping[str, str]) -> Iterator[str]:
        """The facts that must be given and are not."""
        if case.__dict__["ground"] is None:  # of the sound part of a case
            yield "ground"
        yield from (problem.place for problem in missing(self._edition, told) if problem.place != "ground")

    def _look(self, case: Case, today: dt.date) -> tuple[_Found, Look]:
        """What is known of the situation; some of it only once the first decisions are made."""
        if case.evidence and not case.evidence <= self._edition.evidence:
            raise CaseError(self.problems(case))
        look = self._looker.look(case, today)
        first = self._begun(look)
        look.amounts.recommend(first.amount)
        return self._found(look, (*look.amounts.labels(self._looker.late).items(), *_proof(first.required, case))), look

    def _begin(self, look: Look) -> Settled:
        """The decisions as far as they can be made, for those that what is known late rests on."""
        return self._settled(*self._looker.key(self._looker.told(look), frozenset(), look.case))

    def _find(self, look: Look, late: tuple[tuple[str, str], ...]) -> _Found:
        told = self._looker.told(look) | dict(late)
        uncertain = self._looker.uncertain(told, look)
        counts = look.amounts.get(CAP) is not None or self._looker.rest_on(uncertain, look.assumed)
        return _Found(
            self._looker.key(told, uncertain, look.case), tuple(map(assumption, look.assumed if counts else ()))
        )

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
        return self._answerer.questions(self._settled(labels, uncertain, given), declined)

    def _labels(self, labels: tuple[str | None, ...]) -> dict[str, str]:
        return {name: label for name, label in zip(self._edition.facts, labels, strict=True) if label is not None}

    def _settle(self, labels: tuple[str | None, ...], uncertain: frozenset[str], given: frozenset[str]) -> Settled:
        return self._answerer.settle(self._labels(labels), uncertain, given)


def unknown_evidence(edition: Edition, case: Case) -> Iterator[Problem]:
    """Kinds of evidence that no rule of the pack ever asks for."""
    for kind in sorted((case.evidence or frozenset()) - edition.evidence):
        help = did_you_mean(kind, sorted(edition.evidence))
        yield Problem("evidence", "unknown-evidence", f"there is no kind of evidence {quote(kind)}", help)


def _refund(result: Result | None, amounts: Amounts, case: Case) -> Refund:
    """What to ask for, or what was granted once there is a result."""
    cap, recommended = amounts.get(CAP), None if result else amounts.get(RECOMMENDED)
    granted = granted_by(result, case, cap) if result else None
    return Refund.of({"cap": cap, "recommended": recommended, "granted": granted, "currency": case.currency})


def _proof(required: frozenset[str], case: Case) -> tuple[tuple[str, str], ...]:
    """How much of the required evidence is at hand, if that is known."""
    if case.evidence is None and required:
        return ()
    have = len(required & (case.evidence or frozenset()))
    return ((PROOF.name, "all" if have == len(required) else "some" if have else "none"),)


def _known(milestones: Iterable[Undated], dates: Days) -> list[_Known]:
    """The milestones whose days are known, in the order of these."""
    return sorted([(days, at, each) for at, each in enumerate(milestones) if (days := dates.numbers(each.what))])


@lru_cache(maxsize=_MILESTONES)
def _milestone(undated: Undated, days: tuple[int, int], counted_from: str) -> Milestone:
    earliest, latest = map(day_of, days)
    return Milestone.of({**undated.fields, "earliest": earliest, "latest": latest, "counted_from": counted_from})


def _window(status: Window | None, known: Iterable[_Known], today: int) -> WindowAdvice:
    """The safe days: the last on which a dispute may open, and the first to come on which the window may close."""
    opens, closes = 0, []
    for (earliest, latest), _, each in known:
        if each.marks is Marks.OPENS:
            opens = max(opens, latest)
        elif each.marks is Marks.CLOSES:
            closes.append(earliest)
    ahead = [day for day in closes if day >= today] if status is not Window.CLOSED else []
    passed = [day for day in closes if day < today]
    return _window_of(status, opens, min(ahead) if ahead else max(passed, default=0))


@lru_cache(maxsize=_MILESTONES)
def _window_of(status: Window | None, opens: int, closes: int) -> WindowAdvice:
    days = {"opens_on": day_of(opens) if opens else None, "closes_on": day_of(closes) if closes else None}
    return WindowAdvice.of({"status": status, **days})

"""One edition at work: from a case to its advice, with what was worked out before remembered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from dispute_rules.advice import Advice, Assumption, Question
from dispute_rules.answer import Answerer, Settled, assumption
from dispute_rules.asking.which import Known
from dispute_rules.case import Case
from dispute_rules.draft import Draft, draft_of
from dispute_rules.engine import EngineName
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.look import Key, Look, Looker
from dispute_rules.memory import Memory
from dispute_rules.pack.model import PROOF, Edition
from dispute_rules.process.amounts import CAP
from dispute_rules.process.tellers import Tellers
from dispute_rules.situation import barred, known_labels, missing

_REMEMBERED = 2048  # situations of one edition; with all that goes with it the answer to one takes some 50 kB


@dataclass(frozen=True, slots=True, eq=False)
class _Begun:
    """What the first decisions about a case say of its amounts and evidence."""

    amount: str | None
    required: frozenset[str]


@dataclass(slots=True, eq=False)
class _Found:
    """What a case comes to."""

    key: Key
    counted: tuple[Assumption, ...]  # the assumed numbers that count
    draft: Draft | None = None  # once the whole advice was asked for


class Desk:
    """Advises by one edition."""

    def __init__(self, edition: Edition, engine: EngineName) -> None:
        """Set up the decisions."""
        self._edition = edition
        tellers = Tellers(edition)
        self._answerer = Answerer(edition, engine, tellers)
        self._looker = Looker(edition, tellers, self._answerer.outlook.space.order)
        self._begun: Memory[tuple[object, ...], _Begun] = Memory(_REMEMBERED)
        self._found: Memory[tuple[object, ...], _Found] = Memory(_REMEMBERED)
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
        if outlined:
            answer = self._answerer.answer(self._settled(*found.key), outlined=True)
            return draft_of(answer, found.counted, look.dates).finished(look, today)
        if found.draft is None:
            found.draft = draft_of(self._answer(*found.key), found.counted, look.dates)
        return found.draft.finished(look, today)

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
        begun = self._begun.get(look.signs) or self._begin(look)
        look.amounts.recommend(begun.amount)
        proof = _proof(begun.required, case.evidence)
        late = begun, proof, *look.amounts.late_signs()
        return self._found.get(late) or self._find(late, look, proof), look

    def _begin(self, look: Look) -> _Begun:
        """The decisions as far as they can be made, for those that what is known late rests on."""
        settled = self._settled(*self._looker.key(self._looker.told(look), frozenset(), look.case))
        return self._begun.keep(look.signs, _Begun(settled.amount, settled.required))

    def _find(self, late: tuple[object, ...], look: Look, proof: str | None) -> _Found:
        told = self._looker.told(look) | ({PROOF.name: proof} if proof else {})
        uncertain = self._looker.uncertain(told, look)
        assumed, cap = look.amounts.assumed, look.amounts.get(CAP)
        counts = cap is not None or self._looker.rest_on(uncertain, assumed)
        key = self._looker.key(told, uncertain, look.case)
        return self._found.keep(late, _Found(key, tuple(map(assumption, assumed if counts else ()))))

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


def _proof(required: frozenset[str], evidence: frozenset[str] | None) -> str | None:
    """How much of the required evidence is at hand, if that is known."""
    if not required:
        return "all"
    if evidence is None:
        return None
    have = len(required & evidence)
    return "all" if have == len(required) else "some" if have else "none"

"""What a caller gives becomes a case of a pack, checked, on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dispute_rules.case import Case, facts_of
from dispute_rules.contradictions import contradictions
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import Edition
from dispute_rules.pack.written import Pack

Given = Case | Mapping[str, Any] | None
_NO_GROUND = ("ground", "missing-fact")


class Intake:
    """Takes cases in for one pack."""

    def __init__(self, pack: Pack, problems: Callable[[Edition, Case], Iterable[Problem]]) -> None:
        """Say what finds further `problems` of the facts that are known, by the rules of an edition."""
        self._pack = pack
        self._Case = pack.Case
        self._problems = problems

    def case(self, case: Given, facts: Mapping[str, Any]) -> Case:
        """The case that the facts make; keyword arguments go before what `case` says.

        Raises:
            CaseError: with every problem of the case.
        """
        if type(case) is self._Case and not facts:
            return case
        given = self.given(case, facts)
        try:
            return self._Case(**given)
        except CaseError as error:
            if any(problem.place == "case" for problem in error.problems):  # not to be looked at more closely
                raise
            raise CaseError([*error.problems, *self._further_problems(given)]) from None

    def given(self, case: Given, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts that are given at all, as they were given.

        Raises:
            CaseError: `case` is none.
        """
        return ({} if case is None else facts_of(case, self._Case)) | facts_of(facts, self._Case)

    def begun(self, case: Given, facts: Mapping[str, Any]) -> Case:
        """The checked case; its ground may lack.

        Raises:
            CaseError: with every other problem of the case.
        """
        try:
            return self.case(case, facts)
        except CaseError as error:
            problems = [problem for problem in error.problems if (problem.place, problem.code) != _NO_GROUND]
            if problems or not error.problems:
                raise CaseError(problems) from None
            return self._Case.sound(self.given(case, facts))

    def on_its_day(self, case: Case) -> tuple[Edition, Case, dt.date]:
        """The edition for a case, the case with what its events tell, and its day, which may be implied.

        Raises:
            CaseError: something is still to come on that day, or the events cannot have been.
        """
        today = case.today or dt.date.today()
        if not case.events and case.today is None and (problems := list(contradictions(case, today))):
            raise CaseError(problems)
        edition = edition_on(self._pack, today)
        if case.events:
            from dispute_rules.process.events import with_events  # most cases have none

            case = with_events(edition, self._pack.file.events, case, today)
        return edition, case, today

    def named(self, names: object) -> list[str]:
        """Names of facts, checked, each once.

        Raises:
            CaseError: it is no list, or one of them is no fact.
        """
        if not isinstance(names, list | tuple | set | frozenset):
            raise CaseError([Problem("case", "wrong-type", f"{quote(names)} is no list of facts", "give their names")])
        known = self._Case.model_fields
        if strange := [name for name in names if not isinstance(name, str) or name not in known]:
            raise CaseError(
                Problem("case", "unknown-fact", f"there is no fact {quote(name)}", did_you_mean(name, known))
                for name in strange
            )
        return list(dict.fromkeys(names))

    def _further_problems(self, facts: Mapping[str, Any]) -> list[Problem]:
        """What this pack finds wrong with the facts that are sound by themselves."""
        from dispute_rules.process.events import problems_of_events

        sound = self._Case.sound(facts)
        today = sound.today or dt.date.today()
        try:
            edition = edition_on(self._pack, today)
        except CaseError as error:
            return list(error.problems)
        events = problems_of_events(edition, self._pack.file.events, sound, today)
        return [*events, *self._problems(edition, sound)]

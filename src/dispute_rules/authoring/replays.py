"""Cases that show on both sides what a difference says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.versions import Version
from dispute_rules.authoring.witness import Finder
from dispute_rules.errors import CaseError, PackError
from dispute_rules.reasoning.difference import Change, Group
from dispute_rules.reasoning.joint import COLLECTED, IMPOSSIBLE, NO_ANSWER, POSSIBLE
from dispute_rules.reasoning.meeting import Answer
from dispute_rules.reasoning.sweep import Witness

_MOST_WAYS = 2  # of a group, for which a case is looked for

Facts = Mapping[str, Any]
Cases = tuple[Facts, Facts]
"""A case for the old version and one for the new; they are the same but for `today` unless days matter."""


class Replays:
    """Looks for cases and tries them on both versions."""

    def __init__(self, old: Version, new: Version) -> None:
        """Open both."""
        self._days = (old.day, new.day)
        self._advisors = (Advisor(old.pack, engine="reference"), Advisor(new.pack, engine="reference"))
        self._finders = tuple(Finder(*each) for each in zip(self._advisors, self._days, strict=True))

    def cases(self, change: Change, group: Group) -> Cases | None:
        """Two cases in one situation, one for each version, that show the group's answers; None if none were found.

        A situation that rests on days, amounts or evidence may be one that no case gets into.
        """
        for way in group.ways[:_MOST_WAYS]:
            old, new = ({name: w[name] for name in way.labels if name in w} for w in way.witnesses)
            for witnesses in ((old, new), way.witnesses):  # what is assumed for the other facts often does
                for cases in self._candidates(witnesses, group):
                    if self.show(change, group, cases):
                        return self._fewer(change, group, cases)
        return None

    def show(self, change: Change, group: Group, cases: Cases) -> bool:
        """Whether the cases come out as the group says."""
        sides = zip(self._advisors, cases, group.answers, strict=True)
        return all(_comes_to(advisor, facts, change, answer) for advisor, facts, answer in sides)

    def _candidates(self, witnesses: tuple[Witness, Witness], group: Group) -> Iterator[Cases]:
        """Cases in a situation; one that is impossible in a version is one of the other version."""
        found = []
        for side in (1, 0):
            if group.answers[side] != (IMPOSSIBLE,):
                facts = self._finders[side].case(witnesses[side])
                if facts is None:
                    return
                found.append(facts)
                yield self._dated(facts, facts)
        new, old = found[0], found[-1]
        yield self._dated({**old, **new}, {**old, **new})
        yield self._dated(old, new)

    def _dated(self, old: Facts, new: Facts) -> Cases:
        days = (day.isoformat() for day in self._days)
        return {**old, "today": next(days)}, {**new, "today": next(days)}

    def _fewer(self, change: Change, group: Group, cases: Cases) -> Cases:
        """Without the facts that make no difference to what is shown."""
        for name in dict.fromkeys((*cases[0], *cases[1])):
            if name != "today":
                old, new = ({n: value for n, value in facts.items() if n != name} for facts in cases)
                cases = (old, new) if self.show(change, group, (old, new)) else cases
        return cases


def _comes_to(advisor: Advisor, facts: Facts, change: Change, answer: Answer) -> bool:
    decision, item = change.question.decision, change.question.item
    try:
        outcomes = advisor.settle(facts).outcomes
    except CaseError as error:
        return answer == (IMPOSSIBLE,) and all(problem.code == "contradiction" for problem in error.problems)
    except PackError as error:
        unanswered = any(problem.place == decision for problem in error.problems)
        return answer == ((POSSIBLE,) if decision is None else (NO_ANSWER,)) and (decision is None or unanswered)
    if decision is None:
        return answer == (POSSIBLE,)
    if item is not None:
        return (dict(item) in outcomes[decision].items) == (answer == (COLLECTED,))
    return tuple(outcomes[decision].values[name] for name in change.outputs) == answer

"""An interview: one question at a time, until nothing is left that can change the outcome or could be said."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Protocol

from dispute_rules.advice import Advice, Question
from dispute_rules.case import Case
from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.pack.written import Pack

_SAY = "answer the question, or say that you do not know"


class Adviser(Protocol):
    """Who asks, and says what follows from a case."""

    @property
    def pack(self) -> Pack: ...  # noqa: D102
    def case(self, case: Mapping[str, Any], /) -> Case: ...  # noqa: D102
    def advise(self, case: Mapping[str, Any], /) -> Advice: ...  # noqa: D102
    def questions(self, case: Mapping[str, Any], not_known: Collection[str], /) -> tuple[Question, ...]: ...  # noqa: D102


class Interview:
    """A case that is told answer by answer. Made by `Advisor.interview`.

    `facts` and `asked` are all there is to it, and both are JSON: `advisor.interview(facts, asked)` goes on from there.
    """

    def __init__(self, adviser: Adviser, facts: Mapping[str, Any], asked: Collection[str] = ()) -> None:
        """Begin with facts that are known; those of the facts `asked` for that have no value are not known.

        Raises:
            CaseError: with every problem of the facts.
            PackError: the pack's rules do not answer the case.
        """
        self._adviser = adviser
        self._take(facts, asked)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts that are known, as JSON has them."""
        return dict(self._facts)

    @property
    def asked(self) -> list[str]:
        """The facts that were asked for, in that order."""
        return list(self._asked)

    @property
    def question(self) -> Question | None:
        """What to ask next; None when the interview is over."""
        return self._question

    @property
    def case(self) -> Case | None:
        """The case as far as it is known; None while its ground is not."""
        return self._adviser.case(self._facts) if "ground" in self._facts else None

    @property
    def advice(self) -> Advice | None:
        """The best advice on what is known so far; None while a fact is missing that cannot be assumed."""
        try:
            return self._adviser.advise(self._facts)
        except CaseError as error:
            if all(problem.code == "missing-fact" for problem in error.problems):
                return None
            raise

    @property
    def settled(self) -> bool:
        """Whether nothing unknown can change claim, extent or verdict."""
        return (advice := self.advice) is not None and advice.settled

    def answer(self, value: object) -> None:
        """Answer the question with a value of its fact, as a case takes it.

        Raises:
            CaseError: nothing is asked, the value does not fit, or it contradicts what is known. Nothing changes then.
        """
        question = self._asking()
        if value is None:
            raise CaseError([Problem(question.fact, "wrong-type", "no answer is given", _SAY)])
        try:
            self._take({**self._facts, question.fact: value}, [*self._asked, question.fact])
        except CaseError as error:
            raise CaseError(_with_options(problem, question) for problem in error.problems) from None

    def dont_know(self) -> None:
        """Leave the question open; it is not asked again.

        Raises:
            CaseError: nothing is asked.
        """
        self._take(self._facts, [*self._asked, self._asking().fact])

    def back(self) -> None:
        """Take back the last answer, or that there was none, and ask once more.

        Raises:
            CaseError: nothing was asked before.
        """
        if not self._asked:
            raise CaseError([Problem("answer", "usage", "nothing was asked before this", _SAY)])
        *before, last = self._asked
        self._take({name: value for name, value in self._facts.items() if name != last}, before)

    def _asking(self) -> Question:
        if self._question is None:
            raise CaseError([Problem("answer", "usage", "there is no question to answer", "look at `advice`")])
        return self._question

    def _take(self, facts: Mapping[str, Any], asked: Collection[str]) -> None:
        questions = self._adviser.questions(facts, [name for name in asked if name not in facts])
        known = self._adviser.pack.Case.sound(facts).model_dump(mode="json", exclude_none=True, warnings=False)
        if "evidence" in known:
            known["evidence"].sort()
        self._facts: dict[str, Any] = known
        self._asked = list(asked)
        self._question = next(iter(questions), None)


def _with_options(problem: Problem, question: Question) -> Problem:
    """What is wrong with an answer, told with the answers that there are."""
    if problem.place != question.fact or not question.options or problem.code == "contradiction":
        return problem
    options = ", ".join(quote(option.value) for option in question.options)
    return replace(problem, help=f"one of {options}" if question.kind != "evidence" else f"a list of any of {options}")

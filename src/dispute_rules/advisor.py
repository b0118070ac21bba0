"""The way of a case: facts to labels, labels to outcomes, outcomes to advice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dispute_rules.advice import Advice, Question
from dispute_rules.answer import Settled
from dispute_rules.case import Case
from dispute_rules.desk import Desk
from dispute_rules.engine import EngineName, default_engine
from dispute_rules.intake import Given, Intake
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.model import Edition
from dispute_rules.pack.wording import Wording
from dispute_rules.pack.written import Pack

# What only some methods need is imported by these: a process that only asks for advice starts in half the time.
if TYPE_CHECKING:
    from dispute_rules.explanation import Explanation
    from dispute_rules.form import Form
    from dispute_rules.frames.kernel import Kernel
    from dispute_rules.interview import Interview
    from dispute_rules.order import Order, OrderAdvice
    from dispute_rules.timeline import Timeline
    from dispute_rules.whatif import Change, Comparison

F = TypeVar("F")


class Advisor:
    """Advises on cases by the rules of one pack. Safe to share between threads."""

    def __init__(self, pack: str | Path | Pack = "aliexpress", *, engine: EngineName | None = None) -> None:
        """Take a shipped pack by its name, or one that `load_pack` made.

        Raises:
            PackError: there is no such pack, or its files have problems.
            ValueError: there is no such engine, or it is not installed.
        """
        self.pack = pack if isinstance(pack, Pack) else load_pack(pack)
        self.Case = self.pack.Case
        """The type of this pack's cases: `Case`, with the pack's own facts if it has any."""
        self._engine: EngineName = default_engine() if engine is None else engine
        self._desk = lru_cache(maxsize=None)(self._open_desk)  # one for each edition, and these are few
        self._desk(edition_on(self.pack, self.pack.starts[-1]))
        self._intake = Intake(self.pack, lambda edition, case: self._desk(edition).problems(case))

    def advise(self, case: Given = None, /, **facts: Any) -> Advice:
        """The recommendation for one case, given as a `Case`, as a mapping, or as keyword arguments.

        Raises:
            CaseError: with every problem of the case.
            PackError: the pack's rules do not answer the case.
        """
        desk, checked, today = self._at(case, facts)
        return desk.advise(checked, today)

    def advise_frame(self, frame: F, *, keep: Collection[str] = ()) -> F:
        """The recommendations for a data frame with a case in each row, as columns that are added to it.

        Takes Polars, also lazy, pandas, PyArrow, DuckDB and PySpark, and gives back the same kind. Columns are named
        after facts; others are named in `keep` to be carried along. Rows that cannot be advised on have their fault
        codes in the column `problems`. Needs the extra `frames`.

        Raises:
            CaseError: it is no data frame, or its columns do not fit.
            ModuleNotFoundError: Polars or narwhals is not installed.
        """
        from dispute_rules.frames.doors import advise_frame  # an extra: the core stays light

        advised: F = advise_frame(frame, self.kernel, KernelMaker(self._engine), keep)
        return advised

    @cached_property
    def kernel(self) -> Kernel:
        """What advises on tables, for tools that read them in parts. Needs the extra `frames`."""
        from dispute_rules.frames.kernel import Kernel

        return Kernel(self.pack, lambda facts: self._at(facts, {})[1], self.advise)

    def explain(self, case: Given = None, /, **facts: Any) -> Explanation:
        """Why the advice for a case comes out as it does, and why nothing else does.

        Raises:
            CaseError: with every problem of the case.
            PackError: the pack's rules do not answer the case.
        """
        from dispute_rules.explainer import explain

        desk, checked, today = self._at(case, facts)
        return explain(self.pack, checked, today, lambda case: desk.settle(case, today))

    def timeline(self, case: Given = None, /, **facts: Any) -> Timeline:
        """The next step of a case and its days, in words, each with the rule and the sources behind it.

        Raises:
            CaseError: with every problem of the case.
            PackError: the pack's rules do not answer the case.
        """
        from dispute_rules.process.obstacles import can_happen
        from dispute_rules.timeline import timeline_of

        desk, checked, today = self._at(case, facts)
        edition, events = edition_on(self.pack, today), self.pack.file.events
        advice = desk.advise(checked, today, outlined=True)
        next_step = Wording(edition).answer("action", advice.action)
        possible = {what: events[what] for what in can_happen(edition, events, checked, advice.stage, today)}
        return timeline_of(advice, checked, today, next_step, possible, phrases=self.pack.phrases)

    def form(self, case: Given = None, /, **facts: Any) -> Form:
        """The dispute form for a case, filled in from the facts that are given; without fields where none can be sent.

        Raises:
            CaseError: with every problem of the case.
            PackError: the pack's rules do not answer the case.
        """
        from dispute_rules.form import filled_form

        desk, checked, today = self._at(case, facts)
        stage = desk.settle(checked, today).labels.get("stage", "")
        return filled_form(self.pack, checked, desk.advise(checked, today), stage, desk.problems)

    def outline(self, case: Case | Mapping[str, Any]) -> Advice:
        """The advice without `alternatives`, `questions` and `settled`, for tools that try many cases.

        Raises:
            CaseError: with every problem of the case.
            PackError: the pack's rules do not answer the case.
        """
        desk, checked, today = self._at(case, {})
        return desk.advise(checked, today, outlined=True)

    def questions(self, case: Given = None, not_known: Collection[str] = (), /, **facts: Any) -> tuple[Question, ...]:
        """The unknown facts that can still change the outcome, the most decisive first.

        Without a ground, or another fact that the pack cannot assume, that one is the only question. Facts that are
        `not_known` are not asked for; what else would tell the same is asked for in their place.

        Raises:
            CaseError: with every problem of the facts that are given.
            PackError: the pack's rules do not answer the case.
        """
        desk, begun, today = self._on_its_day(self._intake.begun(case, facts))
        return desk.questions(begun, today, frozenset(self._intake.named(not_known)))

    def interview(self, case: Given = None, asked: Collection[str] = (), /, **facts: Any) -> Interview:
        """Questions about a case, one at a time; of some facts `asked` for before, no value is known.

        Raises:
            CaseError: with every problem of the facts that are given.
            PackError: the pack's rules do not answer the case.
        """
        from dispute_rules.interview import Interview

        return Interview(self, self._intake.given(case, facts), self._intake.named(asked))

    def settle(self, case: Given = None, /, **facts: Any) -> Settled:
        """The labels and outcomes behind the advice, for tools that look into rules.

        Raises:
            CaseError: with every problem of the case.
            PackError: the pack's rules do not answer the case.
        """
        desk, checked, today = self._at(case, facts)
        return desk.settle(checked, today)

    def told(self, case: Case | Mapping[str, Any]) -> Mapping[str, str]:
        """The labels that the facts of a case tell by themselves, before any decision, for tools that look for cases.

        Raises:
            CaseError: with every problem of the case.
        """
        desk, checked, today = self._at(case, {})
        return desk.told(checked, today)

    def changes(self, case: Given = None, /, **facts: Any) -> tuple[Change, ...]:
        """The nearest changes that lead to a better outcome, of facts that a person can honestly change.

        The fewest facts first, and never more than two. A fact that the case does not tell is not changed.

        Raises:
            CaseError: with every problem of the case.
            PackError: the pack's rules do not answer the case.
        """
        from dispute_rules.changes import nearest_changes

        return nearest_changes(self, self.case(case, **facts))

    def compare(self, case: Given = None, /, *, grounds: Collection[str] = (), **facts: Any) -> Comparison:
        """The outcomes of several grounds side by side: the one of the case, if it has one, and `grounds`.

        Name only grounds that are true: the library never says which are, and proposes none.

        Raises:
            CaseError: with every problem of the grounds, and of the case with each of them.
            PackError: the pack's rules do not answer the case.
        """
        from dispute_rules.comparison import compare_grounds

        return compare_grounds(self.pack, self.advise, self._intake.given(case, facts), grounds)

    def cases(self, order: Order | Mapping[str, Any]) -> tuple[Case | None, ...]:
        """The case of each product of an order, None where nothing is said to be wrong with it or was paid for it.

        Shipping of the order, and what was paid if that is less than the prices, are shared out by the prices.

        Raises:
            CaseError: with every problem of the order and its products, each with its place: `items[2].price`.
            PackError: the pack's rules do not answer a case.
        """
        from dispute_rules.order import order_of
        from dispute_rules.orders import cases_of

        facts, begun = self.pack.facts, lambda facts: self._intake.begun(facts, {})
        return cases_of(order_of(order), self.Case, facts, begun, self.settle)

    def advise_order(self, order: Order | Mapping[str, Any]) -> OrderAdvice:
        """The recommendation for each product of an order, and what can be asked for in all.

        Raises:
            CaseError: with every problem of the order and its products, each with its place: `items[2].price`.
            PackError: the pack's rules do not answer a case.
        """
        from dispute_rules.order import order_of
        from dispute_rules.orders import advised_order

        checked = order_of(order)
        return advised_order(checked, self.cases(checked), self.advise, self.pack)

    def case(self, case: Given = None, /, **facts: Any) -> Case:
        """The case that the facts make; keyword arguments go before what `case` says.

        Raises:
            CaseError: with every problem of the case.
        """
        return self._intake.case(case, facts)

    def _at(self, case: Given, facts: Mapping[str, Any]) -> tuple[Desk, Case, dt.date]:
        """The checked case, and the desk for its day."""
        return self._on_its_day(self._intake.case(case, facts))

    def _on_its_day(self, given: Case) -> tuple[Desk, Case, dt.date]:
        edition, case, today = self._intake.on_its_day(given)
        return self._desk(edition), case, today

    def _open_desk(self, edition: Edition) -> Desk:
        return Desk(edition, self._engine)


@dataclass(frozen=True, slots=True)
class KernelMaker:
    """Makes the kernel of a pack in another process. Makers for the same engine are equal, so it is made there once."""

    engine: EngineName

    def __call__(self, pack: Pack) -> Kernel:
        """The kernel of such an advisor."""
        return Advisor(pack, engine=self.engine).kernel

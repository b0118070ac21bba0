"""The history of a dispute: what its events, one after another, make of the facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from dispute_rules.case import Case, Event
from dispute_rules.contradictions import contradictions
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.facts import Kind
from dispute_rules.money import currencies_of, mixed
from dispute_rules.pack.model import Edition
from dispute_rules.process.history import History, Told
from dispute_rules.process.obstacles import Specs, obstacles
from dispute_rules.situation import barred, given_in, known_labels, unfillable


def with_events(edition: Edition, specs: Specs, case: Case, today: dt.date) -> Case:
    """The case with the facts that its events tell; `specs` are the events of the pack.

    Raises:
        CaseError: with every event that cannot be, and every fact that says otherwise than the events.
    """
    events = _Events(edition, specs, case, today)
    told = events.history.case()
    problems = events.problems or [*events.history.named(contradictions(told, today))]
    if problems := problems or [*events.history.named(unfillable(edition, told))]:
        raise CaseError(problems)
    return type(case).sound({**events.history.facts(), "events": case.events})


def problems_of_events(edition: Edition, specs: Specs, case: Case, today: dt.date) -> list[Problem]:
    """What is wrong with the events of a case."""
    return _Events(edition, specs, case, today).problems if case.events else []


class _Events:
    """The events of a case, told from the first to the last."""

    def __init__(self, edition: Edition, specs: Specs, case: Case, today: dt.date) -> None:
        self._edition = edition
        self._specs = specs
        self._kind = type(case)
        self._today = today
        self._before: Event | None = None
        self._given = {name: value for name, value in case.__dict__.items() if value is not None}
        self._amounts = [name for name, kind in edition.kinds.items() if kind is Kind.AMOUNT]
        self._currency = self._currency_of_case()
        told = [(f"events[{number}]", event) for number, event in enumerate(case.events or ())]
        changed = {
            fact for at, event in told if (spec := specs.get(event.what)) for fact in Told(at, event, spec).changes
        }
        fixed = {name: value for name, value in self._given.items() if name not in {"events", *changed}}
        self.history = History(self._kind, fixed)
        self.problems = [problem for at, event in told for problem in self._tell(at, event)]
        self.problems += [] if self.problems else self._contradicted()

    def _tell(self, place: str, event: Event) -> Iterator[Problem]:
        """Tell one event. What is wrong with it leaves the later ones as they are."""
        yield from self._misplaced(place, event)
        spec = self._specs.get(event.what)
        if spec is None:
            help = did_you_mean(event.what, self._specs) or "this pack knows no events"
            yield Problem(f"{place}.what", "unknown-label", f"there is no event {quote(event.what)}", help)
            return
        told = Told(place, event, spec)
        in_the_way = list(obstacles(told, self.history, self._edition, self._specs))
        faults = list(self._faults(told))
        yield from (*in_the_way, *_strange(told), *self._mixed(told), *faults)
        self.history.tell(told, {} if faults else told.facts)
        yield from () if in_the_way else self._barred(told)

    def _misplaced(self, place: str, event: Event) -> Iterator[Problem]:
        before, self._before = self._before, event
        if before and event.on < before.on:
            message = f"`{event.what}` on {event.on} stands after `{before.what}` on {before.on}"
            yield Problem(f"{place}.on", "contradiction", message, "give the events in their order, the oldest first")
        if event.on > self._today:
            help = "check the day, or give `today` as the day at the buyer's place"
            message = f"`{event.what}` on {event.on} is after today, {self._today}"
            yield Problem(f"{place}.on", "contradiction", message, help)

    def _mixed(self, told: Told) -> Iterator[Problem]:
        """Amounts in another currency than those before, or that of the case."""
        named = {f"{told.place}.{fact}": code for fact, code in currencies_of(told.facts, self._amounts).items()}
        yield from mixed({**self._currency, **named})
        if named and not self._currency:
            self._currency = dict([next(iter(named.items()))])
            self.history.told["currency"] = next(iter(named.values()))

    def _currency_of_case(self) -> dict[str, str]:
        """The currency of the case, by an amount that is in it if there is one."""
        place = next((name for name in self._amounts if name in self._given), "currency")
        return {place: self._given["currency"]} if "currency" in self._given else {}

    def _faults(self, told: Told) -> Iterator[Problem]:
        """What is wrong with the facts that an event tells, by themselves and with those before."""
        after = History(self._kind, self.history.fixed)
        after.told, after.tellers = self.history.told, {**self.history.tellers}
        after.tell(told, told.facts)
        own = {*told.facts, *([told.spec.day] if told.spec.day else [])}
        days_of_others = {each.spec.day for each in after.tellers.values()} - {told.spec.day}  # told by their order
        facts = {name: value for name, value in after.facts().items() if name not in days_of_others}
        try:
            self._kind(**facts)
        except CaseError as error:
            found = [problem for problem in error.problems if problem.place in own]
            yield from after.named(problem for problem in found if problem.code != "mixed-currencies")

    def _barred(self, told: Told) -> Iterator[Problem]:
        """What the pack calls impossible, and this event has brought about; each reason once."""
        case = self.history.case()
        found = barred(self._edition, known_labels(self._edition, case), given_in(case))
        own = [problem for problem in found if not told.changes.isdisjoint(problem.place.split(", "))]
        yield from self.history.named({problem.message: problem for problem in reversed(own)}.values())

    def _contradicted(self) -> Iterator[Problem]:
        """Facts of the case that are not as the events have left them."""
        told, given = self.history.told, self._given
        case = self._kind.sound({**given, **told})
        for name in sorted(self.history.tellers.keys() & given.keys()):
            now = getattr(case, name) if name in told else None
            if now != given[name]:
                left = f"it is {quote(now)}" if name in told else "it is no longer so"
                message = f"`{name}` is {quote(given[name])}, but by {self.history.tellers[name]} {left}"
                yield Problem(name, "contradiction", message, f"leave `{name}` out, or correct `events`")


def _strange(told: Told) -> Iterator[Problem]:
    """Facts that the event does not tell, or must."""
    what, given = told.event.what, told.event.__pydantic_extra__ or {}
    known = [*told.spec.needs, *told.spec.tells]
    for name in given:
        if name not in known:
            message = f"`{what}` tells no {quote(name)}"
            help = did_you_mean(name, known) or "leave it out, or give it as a fact of the case"
            yield Problem(f"{told.place}.{quote(name)[1:-1]}", "unknown-fact", message, help)
    for name in told.spec.needs:
        if given.get(name) is None:
            yield Problem(f"{told.place}.{name}", "missing-fact", f"`{what}` needs `{name}`", f"give `{name}`")

"""The history of a dispute: what its events, one after another, make of the facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dispute_rules.case import Case, Event, contradictions
from dispute_rules.errors import CaseError, Problem, did_you_mean, quote
from dispute_rules.pack.files import EventFile
from dispute_rules.pack.written import Pack
from dispute_rules.vocabulary import Stage


def with_events(pack: Pack, case: Case, today: dt.date) -> Case:
    """The case with the facts that its events tell.

    Raises:
        CaseError: with every event that cannot be, and every fact that says otherwise than the events.
    """
    history = _History(pack, case, today)
    told = pack.Case.sound({**_facts_of(case), **history.told})
    if problems := history.problems or list(contradictions(told, today)):
        raise CaseError(problems)
    return told


def problems_of_events(pack: Pack, case: Case, today: dt.date) -> list[Problem]:
    """What is wrong with the events of a case."""
    return _History(pack, case, today).problems if case.events else []


class _History:
    """The events of a case, told from the first to the last."""

    def __init__(self, pack: Pack, case: Case, today: dt.date) -> None:
        self._pack = pack
        self._given = {name: value for name, value in _facts_of(case).items() if name != "events"}
        self._changed: set[str] = set()
        self._before: Event | None = None
        self._today = today
        self.told: dict[str, Any] = {"stage": Stage.NOT_OPENED.value}
        self.problems: list[Problem] = []
        for number, event in enumerate(case.events or ()):
            self.problems += self._tell(f"events[{number}]", event)
        self.problems += [] if self.problems else self._contradicted()

    def _tell(self, place: str, event: Event) -> Iterator[Problem]:
        """Tell one event. What is wrong with it leaves the later ones as they are."""
        spec = self._pack.file.events.get(event.what)
        yield from self._misplaced(place, event)
        if spec is None:
            help = did_you_mean(event.what, self._pack.file.events) or "this pack knows no events"
            yield Problem(f"{place}.what", "unknown-label", f"there is no event {quote(event.what)}", help)
            return
        stage = self.told["stage"]
        if stage not in spec.stages:
            message = f"`{event.what}` cannot happen where the dispute is `{stage}`"
            yield Problem(place, "contradiction", message, _possible(spec, self._pack.file.events, stage))
        told = event.__pydantic_extra__ or {}
        yield from _strange(place, event.what, spec, told)
        facts = {name: value for name, value in told.items() if name in (*spec.needs, *spec.tells)}
        faults = list(self._faults(place, event, spec, facts))
        yield from faults
        self._apply(event, spec, {} if faults else facts)

    def _misplaced(self, place: str, event: Event) -> Iterator[Problem]:
        before, self._before = self._before, event
        if before and event.on < before.on:
            message = f"`{event.what}` on {event.on} stands after `{before.what}` on {before.on}"
            yield Problem(f"{place}.on", "contradiction", message, "give the events in their order, the oldest first")
        if event.on > self._today:
            help = "check the day, or give `today` as the day at the buyer's place"
            message = f"`{event.what}` on {event.on} is after today, {self._today}"
            yield Problem(f"{place}.on", "contradiction", message, help)

    def _apply(self, event: Event, spec: EventFile, facts: Mapping[str, Any]) -> None:
        day = {spec.day: event.on} if spec.day else {}
        self.told = {name: value for name, value in self.told.items() if name not in spec.forgets}
        self.told |= {**spec.sets, **day, **facts}
        self._changed |= {*spec.sets, *day, *facts, *spec.forgets}

    def _faults(self, place: str, event: Event, spec: EventFile, facts: Mapping[str, Any]) -> Iterator[Problem]:
        """What is wrong with the facts that an event tells, by themselves and with those of the case."""
        day = {spec.day: event.on} if spec.day else {}
        others = {name: value for name, value in self._given.items() if name not in {*self._changed, *self.told}}
        try:
            self._pack.Case(**{**others, **self.told, **spec.sets, **day, **facts})
        except CaseError as error:
            for problem in error.problems:
                if problem.place in facts or problem.place in day:
                    yield Problem(f"{place}.{problem.place}", problem.code, problem.message, problem.help)

    def _contradicted(self) -> Iterator[Problem]:
        """Facts of the case that are not as the events have left them."""
        case = self._pack.Case.sound({**self._given, **self.told})
        for name in sorted(self._changed & self._given.keys()):
            now = getattr(case, name) if name in self.told else None
            if now != self._given[name]:
                left = f"the events lead to {quote(now)}" if name in self.told else "by the events it is no longer so"
                message = f"`{name}` is {quote(self._given[name])}, but {left}"
                yield Problem(name, "contradiction", message, f"leave `{name}` out, or correct `events`")


def _facts_of(case: Case) -> dict[str, Any]:
    return {name: value for name, value in case.__dict__.items() if value is not None}


def _strange(place: str, what: str, spec: EventFile, told: Mapping[str, Any]) -> Iterator[Problem]:
    """Facts that the event does not tell, or must."""
    known = [*spec.needs, *spec.tells]
    for name in told:
        if name not in known:
            message = f"`{what}` tells no {quote(name)}"
            help = did_you_mean(name, known) or "leave it out, or give it as a fact of the case"
            yield Problem(f"{place}.{quote(name)[1:-1]}", "unknown-fact", message, help)
    for name in spec.needs:
        if told.get(name) is None:
            yield Problem(f"{place}.{name}", "missing-fact", f"`{what}` needs `{name}`", f"give `{name}`")


def _possible(spec: EventFile, events: Mapping[str, EventFile], stage: str) -> str:
    here = _listed(name for name, event in events.items() if stage in event.stages)
    now = (
        f"where it is `{stage}`, this can happen: {here}" if here else f"where it is `{stage}`, nothing more can happen"
    )
    return f"it can where the dispute is {_listed(spec.stages)}; {now}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(quote, names))

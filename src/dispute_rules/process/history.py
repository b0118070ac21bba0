"""What the events of a dispute have told so far, and by which of them each fact was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dispute_rules.case import Case, Event
from dispute_rules.errors import Mention, Problem
from dispute_rules.pack.files import EventFile
from dispute_rules.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a case with its place, `events[2]`."""

    place: str
    event: Event
    spec: EventFile

    def __str__(self) -> str:
        """The event as a message names it."""
        return f"`{self.event.what}` on {self.event.on}"

    @property
    def changes(self) -> set[str]:
        """The facts that the event tells or ends."""
        day = [self.spec.day] if self.spec.day else []
        return {*self.spec.sets, *day, *self.facts, *self.spec.forgets}

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts that the event tells in the caller's own words, as far as the pack knows of them."""
        known = (*self.spec.needs, *self.spec.tells)
        return {name: value for name, value in (self.event.__pydantic_extra__ or {}).items() if name in known}

    def place_of(self, fact: str) -> str:
        """Where the caller wrote what a fact comes of."""
        if fact in self.facts:
            return f"{self.place}.{fact}"
        return f"{self.place}.on" if fact == self.spec.day else self.place


class History:
    """The facts that events have told so far, beside those that they never change."""

    def __init__(self, kind: type[Case], fixed: Mapping[str, Any]) -> None:
        """`kind` is the type of the pack's cases, `fixed` are the facts that no event of the case changes."""
        self._kind = kind
        self.fixed = fixed
        self.told: dict[str, Any] = {"stage": Stage.NOT_OPENED.value}
        self.tellers: dict[str, Told] = {}
        """The last event that told a fact, or ended it."""
        self._case: Case | None = None  # made when it is asked for, and again after the next event

    @classmethod
    def of(cls, case: Case, stage: Stage | None) -> History:
        """A history that has come to the facts of a case; the stage may be assumed."""
        history = cls(type(case), {})
        history.told = {name: value for name, value in case.__dict__.items() if value is not None and name != "events"}
        history.told["stage"] = stage
        return history

    def tell(self, told: Told, facts: Mapping[str, Any]) -> None:
        """Take what an event makes of the facts; `facts` are those among its own that can be."""
        spec, day = told.spec, {told.spec.day: told.event.on} if told.spec.day else {}
        self.told = {name: value for name, value in self.told.items() if name not in spec.forgets}
        self.told |= {**spec.sets, **day, **facts}
        self.tellers |= dict.fromkeys(told.changes, told)
        self._case = None

    def facts(self) -> dict[str, Any]:
        """All facts as they are now."""
        return {**self.fixed, **self.told}

    def case(self) -> Case:
        """The facts as they are now, as far as they are sound; the ground may lack."""
        self._case = self._case or self._kind.sound(self.facts())
        return self._case

    def named(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Problems of the facts, told of the events that they come of, each once."""
        yield from dict.fromkeys(map(self._named, problems))

    def _named(self, problem: Problem) -> Problem:
        facts = problem.place.split(", ")
        tellers = {fact: told for fact in facts if (told := self.tellers.get(fact))}
        places = dict.fromkeys(tellers[fact].place_of(fact) if fact in tellers else fact for fact in facts)
        as_written = len(facts) == 1 or all(fact in told.facts for fact, told in tellers.items())
        help = problem.help if as_written else f"check {' and '.join(dict.fromkeys(self._written(facts)))}"
        return replace(problem.in_words(self._words), place=", ".join(places), help=help)

    def _words(self, mention: Mention) -> str:
        """The days that events have are called by the events."""
        told = self.tellers.get(mention.facts[0])
        return str(told) if told and mention.facts == (told.spec.day,) else mention.words

    def _written(self, facts: Iterable[str]) -> Iterator[str]:
        """What the caller wrote where facts come of events."""
        for fact in facts:
            told = self.tellers.get(fact)
            yield f"`{fact}`" if told is None else str(told) + (f" with its `{fact}`" if fact in told.facts else "")

"""Whether an event can happen after those before it: what the pack says of each, and what is in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from dispute_rules.case import Case, Event
from dispute_rules.errors import Problem, listed, quote
from dispute_rules.pack.files import EventFile
from dispute_rules.pack.model import Edition
from dispute_rules.process.dates import Days
from dispute_rules.process.history import History, Told
from dispute_rules.situation import label_of, unfillable
from dispute_rules.vocabulary import Stage

Specs = Mapping[str, EventFile]
"""The events of a pack by their names."""


def can_happen(edition: Edition, specs: Specs, case: Case, stage: Stage | None, today: dt.date) -> Iterator[str]:
    """The events that can happen next on a day, by what is known; the stage may be assumed."""
    for what, spec in specs.items():
        in_the_way = (*_unmet(spec, case), *_lacking(spec, case), *_early(spec, case))
        if stage in spec.stages and not in_the_way and not _too_soon(spec, Days(edition, case, today), today):
            after = History.of(case, stage)
            after.tell(Told("", Event(on=today, what=what), spec), {})
            if not any(unfillable(edition, after.case())):
                yield what


def obstacles(told: Told, history: History, edition: Edition, specs: Specs) -> Iterator[Problem]:
    """Why an event cannot have happened where a history has come to: the first reason, its stage before all."""
    stage = history.told["stage"]
    if stage not in told.spec.stages:
        message = f"`{told.event.what}` cannot happen where the dispute is `{stage}`"
        yield _refused(told, message, _possible(told.spec, specs, stage))
        return
    case = history.case()
    found = [*_against_labels(told, history, case), *_against_facts(told, history, case, specs)]
    yield from found[:1] or _against_the_day(told, history, case, edition)


def _unmet(spec: EventFile, case: Case) -> list[str]:
    """The facts with labels that an event does not allow."""
    known = {fact: value for fact in spec.when if (value := getattr(case, fact)) is not None}
    return [fact for fact, value in known.items() if not spec.when[fact].holds(label_of(value))]


def _lacking(spec: EventFile, case: Case) -> list[str]:
    return [fact for fact in spec.after if getattr(case, fact) is None]


def _early(spec: EventFile, case: Case) -> list[str]:
    """The facts that an event must come before, and does not."""
    return [fact for fact in spec.before if getattr(case, fact) is not None]


def _against_labels(told: Told, history: History, case: Case) -> Iterator[Problem]:
    for fact in _unmet(told.spec, case):
        message = f"`{told.event.what}` cannot happen where `{fact}` is {quote(label_of(getattr(case, fact)))}"
        teller = history.tellers.get(fact)
        yield _refused(told, f"{message}, by {teller}" if teller else message, _correct(told, teller, fact))


def _against_facts(told: Told, history: History, case: Case, specs: Specs) -> Iterator[Problem]:
    what = told.event.what
    for fact in _lacking(told.spec, case):
        ended = history.tellers.get(fact)
        message = f"`{what}` cannot happen: {f'since {ended} ' if ended else ''}no event tells `{fact}`"
        tellers = (name for name, spec in specs.items() if fact in (*spec.needs, *spec.tells, *spec.sets, spec.day))
        yield _refused(told, message, f"give what happened before it: {listed(tellers)}")
    for fact in _early(told.spec, case):
        teller = history.tellers.get(fact)
        message = f"`{what}` cannot happen {f'after {teller}' if teller else f'where there is `{fact}`'}"
        yield _refused(told, message, _correct(told, teller, fact))


def _against_the_day(told: Told, history: History, case: Case, edition: Edition) -> Iterator[Problem]:
    name, on = told.spec.not_before, told.event.on
    days = Days(edition, case, on)
    if name and _too_soon(told.spec, days, on) and (counted := days.counted(name)):
        soonest, _ = days[name]
        start = history.tellers.get(counted.start, f"`{counted.start}`")
        message = f"{told} comes too early: it can happen from {soonest} on, by `{name}`, counted from {start}"
        yield Problem(f"{told.place}.on", "contradiction", message, "check both days")


def _too_soon(spec: EventFile, days: Days, on: dt.date) -> bool:
    """Whether an event could happen only later, by a day that is known."""
    name = spec.not_before
    counted = days.counted(name) if name else None
    return name is not None and counted is not None and counted.start != "today" and on < days[name][0]


def _correct(told: Told, teller: Told | None, fact: str) -> str:
    return f"correct {teller or f'`{fact}`'}, or leave `{told.event.what}` out"


def _refused(told: Told, message: str, help: str) -> Problem:
    return Problem(told.place, "contradiction", message, help)


def _possible(spec: EventFile, specs: Specs, stage: str) -> str:
    here = listed(name for name, event in specs.items() if stage in event.stages)
    now = (
        f"where it is `{stage}`, this can happen: {here}" if here else f"where it is `{stage}`, nothing more can happen"
    )
    return f"it can where the dispute is {listed(spec.stages)}; {now}"

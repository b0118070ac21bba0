"""Whether the section `events` fits together: facts that there are, and stages that can be reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dispute_rules.errors import did_you_mean, quote
from dispute_rules.facts import Fact, Kind
from dispute_rules.pack.files import EventFile, PackFile
from dispute_rules.pack.scope import case_facts
from dispute_rules.pack.sentence_checks import check_condition
from dispute_rules.pack.yaml import Document, Path
from dispute_rules.vocabulary import Stage

_OF_EVENTS = ("on", "what")  # what an event of a case says beside facts
_NEVER_TOLD = ("ground", "today", "events")


def check_events(document: Document, file: PackFile) -> None:
    """Note what is wrong with the section `events`."""
    facts = {name: fact for name, fact in case_facts(file).items() if name not in _NEVER_TOLD}
    labelled = {name: fact for name, fact in facts.items() if fact.labels}
    days = [name for name, fact in facts.items() if fact.kind is Kind.DATE]
    for name, event in file.events.items():
        here: Path = ("events", name)
        _check_labels(document, (*here, "stages"), "stage", event.stages, labelled)
        if event.day is not None:
            _check_facts(document, (*here, "day"), (event.day,), days)
        for fact, label in event.sets.items():
            _check_facts(document, (*here, "sets", fact), (fact,), labelled, key=True)
            _check_labels(document, (*here, "sets", fact), fact, (label,), labelled)
        told = [fact for fact in facts if fact not in _OF_EVENTS]
        _check_facts(document, (*here, "needs"), event.needs, told)
        _check_facts(document, (*here, "tells"), event.tells, told)
        _check_facts(document, (*here, "forgets"), event.forgets, facts)
        _check_once(document, here, event)
        _check_what_must_be_so(document, here, event, file, labelled)
    _check_reached(document, file.events)


def _check_facts(
    document: Document, path: Path, wanted: Collection[str], known: Collection[str], *, key: bool = False
) -> None:
    for name in wanted:
        if name not in known:
            message = f"{quote(name)} is no fact that can stand here"
            document.problem(path, "unknown-fact", message, did_you_mean(name, known), key=key)


def _check_labels(
    document: Document, path: Path, name: str, labels: Collection[str], known: Mapping[str, Fact]
) -> None:
    for label in labels if name in known else ():
        if label not in known[name].labels:
            help = did_you_mean(label, known[name].labels)
            document.problem(path, "unknown-label", f"{quote(label)} is not a label of {quote(name)}", help)


def _check_what_must_be_so(
    document: Document, path: Path, event: EventFile, file: PackFile, labelled: Mapping[str, Fact]
) -> None:
    """When the event can happen: by labels, by what other events tell, and by a day."""
    for fact, condition in event.when.items():
        check_condition(document, (*path, "when", fact), condition, labelled)
    told = [fact for each in file.events.values() for fact in _told_by(each)]
    _check_facts(document, (*path, "after"), event.after, told)
    _check_facts(document, (*path, "before"), event.before, told)
    if event.not_before is not None and event.not_before not in file.dates:
        message = f"there is no entry {quote(event.not_before)} of `dates`"
        document.problem((*path, "not_before"), "unknown-date", message, did_you_mean(event.not_before, file.dates))


def _told_by(event: EventFile) -> tuple[str, ...]:
    return (*event.sets, *event.needs, *event.tells, *([event.day] if event.day else []))


def _check_once(document: Document, path: Path, event: EventFile) -> None:
    """What an event does to a fact must be one thing; what it may tell may be forgotten where it is not told."""
    forgotten = [name for name in event.forgets if event.forgets.count(name) > 1 or name not in event.tells]
    named = [*_told_by(event), *forgotten]
    for name in sorted({name for name in named if named.count(name) > 1}):
        document.problem(path, "duplicate-key", f"the fact {quote(name)} stands twice in one event", "keep one")


def _check_reached(document: Document, events: Mapping[str, EventFile]) -> None:
    named = {stage for event in events.values() for stage in (*event.stages, *_leads_to(event))}
    reached = reachable(events) if named <= {*Stage} else named  # a slip of the pen is told for itself
    for name, event in events.items():
        if not reached.intersection(event.stages):
            message = f"no events lead to a stage in which {quote(name)} can happen"
            help = f"events lead to {', '.join(map(quote, sorted(reached)))}"
            document.problem(("events", name), "never-applies", message, help, key=True)


def reachable(events: Mapping[str, EventFile]) -> set[str]:
    """The stages to which events lead, from a dispute that was not opened."""
    reached: set[str] = {Stage.NOT_OPENED}
    more = True
    while more:
        found = {stage for event in events.values() if reached & {*event.stages} for stage in _leads_to(event)}
        more, reached = not found <= reached, reached | found
    return reached


def _leads_to(event: EventFile) -> list[str]:
    return [event.sets["stage"]] if "stage" in event.sets else []

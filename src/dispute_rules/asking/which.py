"""Which fact of a case to ask for, so that a label is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dispute_rules.contradictions import IMPLIED
from dispute_rules.pack.model import Box, Edition
from dispute_rules.process.tellers import Tellers
from dispute_rules.reasoning.track import leading_to
from dispute_rules.reasoning.unknowns import Unknowns


class Known(NamedTuple):
    """What is known of a case, as far as questions go by it."""

    told: Mapping[str, str]  # the labels
    uncertain: frozenset[str]  # those of them that may yet change
    given: frozenset[str]  # facts
    lacking: tuple[str, ...] = ()  # facts that must be given and are not
    evidence: frozenset[str] = frozenset()  # the kinds that must be attached


class Ways:
    """The ways from facts to labels, in one edition."""

    def __init__(self, edition: Edition, tellers: Tellers) -> None:
        """Look up what rules facts out, and what must be decided before some labels are known."""
        self.edition = edition
        self.tellers = tellers
        implied = [({fact: frozenset({"false"})}, day) for day, fact in IMPLIED.items() if fact in edition.facts]
        barred = [(entry.box, entry.given) for entry in edition.barred if entry.given]
        self.ruled_out: dict[str, list[Box]] = {}
        for box, fact in [*implied, *barred]:
            self.ruled_out.setdefault(fact, []).append(box)
        self.before = {name: leading_to(edition, [output]) for name, output in edition.late.items()}


class Search:
    """The search for facts to ask for in one situation; none that was `declined`."""

    def __init__(self, ways: Ways, known: Known, unknowns: Unknowns, declined: frozenset[str]) -> None:
        """Nothing is found yet."""
        self._ways = ways
        self._known = known
        self._unknowns = unknowns
        self._declined = declined
        self._certain = known.told.keys() - known.uncertain

    def fact_for(self, name: str) -> tuple[str, str] | None:
        """The fact to ask for so that a label is told, and the label that it tells: what comes before it, at first."""
        earlier = (self.fact_for(other) for other in self._resting_on(name) if other not in self._certain)
        if found := next(filter(None, earlier), None):
            return found
        fact = self._ways.tellers.to_ask(name, self._known.given, self._to_ask)
        return (fact, name) if fact else None

    def _resting_on(self, name: str) -> Iterator[str]:
        """The facts by which the decision goes before which a label is not known."""
        for decision in self._ways.before.get(name, ()):
            yield from (read for read in decision.reads if read in self._ways.edition.facts)

    def _to_ask(self, fact: str) -> str | None:
        """The fact itself, or first the one that says whether there is such a thing; None if it is no use."""
        told = self._known.told
        for box in self._ways.ruled_out.get(fact, ()):
            if all(told[name] in labels for name, labels in box.items() if name in told):
                unsaid = [name for name in box if name not in told]
                first = next((name for name in unsaid if self._may_be(name, box[name])), None)
                if first or not unsaid:
                    return first if first not in self._declined else None
        return fact if fact not in self._declined else None

    def _may_be(self, name: str, labels: frozenset[str]) -> bool:
        """Whether a fact of a case may still have one of these labels."""
        return name in self._ways.edition.kinds and any(
            ending.label in labels for ending in self._unknowns.endings(name)
        )

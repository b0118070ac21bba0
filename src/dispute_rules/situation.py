"""From facts to labels: what is known, and what is taken for granted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from dispute_rules.case import Case
from dispute_rules.contradictions import IMPLIED
from dispute_rules.errors import CaseError, Problem
from dispute_rules.pack.model import Assumed, Barred, Box, Edition

_MOST_TRIES = 5_000
_REMEMBERED = 4_096  # labels by which something is assumed; an assumption goes by two or three facts


class Situation(NamedTuple):
    """One label for every fact that the rules look at; the assumptions are among them."""

    labels: Mapping[str, str]
    assumed: tuple[Assumed, ...]


def label_of(value: object) -> str:
    """The label of a value that is one: an enumeration's member, a label of the pack's own, a truth value."""
    return str(value) if not isinstance(value, bool) else "true" if value else "false"


def known_labels(edition: Edition, case: Case) -> dict[str, str]:
    """The labels of the facts that the case gives directly."""
    facts = case.__dict__
    told = {name: value for name in edition.facts if (value := facts.get(name)) is not None}
    implied = {fact: True for day, fact in IMPLIED.items() if facts[day] is not None and fact in edition.facts}
    return {
        name: edition.scales[name].label(value) if name in edition.scales else label_of(value)
        for name, value in (implied | told).items()
    }


def given_in(case: Case) -> frozenset[str]:
    """The facts that a case gives."""
    return frozenset([name for name, value in case.__dict__.items() if value is not None])


def fits(box: Box, labels: Mapping[str, str]) -> bool:
    """Whether the labels are all known and accepted."""
    for name, accepted in box.items():  # noqa: SIM110 - met for every assumption of every case
        if labels.get(name) not in accepted:
            return False
    return True


def is_barred(entry: Barred, labels: Mapping[str, str], given: frozenset[str]) -> bool:
    """Whether a combination is met for certain."""
    return (entry.given is None or entry.given in given) and fits(entry.box, labels)


def barred(edition: Edition, labels: Mapping[str, str], given: frozenset[str]) -> Iterator[Problem]:
    """The impossible combinations that are certain from these labels."""
    for entry in edition.barred:
        if is_barred(entry, labels, given):
            facts = [*entry.box, *([entry.given] if entry.given else [])]
            yield Problem(", ".join(facts), "contradiction", entry.because, entry.help)


def complete(edition: Edition, known: Mapping[str, str], given: frozenset[str]) -> Situation:
    """Fill what is unknown by the pack's assumptions.

    Raises:
        CaseError: a fact without assumptions is missing, or the facts contradict one another.
    """
    if problems := list(barred(edition, known, given)) or list(missing(edition, known)):
        raise CaseError(problems)
    found = Assumptions(edition, edition.facts, known).fill({}, given)
    if found is None:
        raise CaseError([_conflict(edition, known, given)])
    labels, taken = found
    return Situation({name: labels[name] for name in edition.facts}, taken)


class Completion:
    """Fills what is unknown in situations of one edition; each assumption is remembered by the labels it goes by."""

    def __init__(self, edition: Edition) -> None:
        """Look at the edition's assumptions."""
        self._edition = edition
        self._first = {name: _first_assumption(edition, name) for name in _assumed(edition, edition.facts)}
        self._needed = edition.facts.keys() - self._first.keys()

    def complete(self, known: Mapping[str, str], given: frozenset[str]) -> Situation:
        """Fill what is unknown by the first assumptions that apply, or search where these make the case impossible.

        Raises:
            CaseError: a fact without assumptions is missing, or the facts contradict one another.
        """
        labels, taken = dict(known), []
        for name, first in self._first.items():
            if name not in labels:
                taken.append(entry := first(labels, given))
                labels[name] = entry.label
        if not self._needed <= known.keys() or any(is_barred(entry, labels, given) for entry in self._edition.barred):
            return complete(self._edition, known, given)
        return Situation({name: labels[name] for name in self._edition.facts}, tuple(taken))


def _first_assumption(edition: Edition, name: str) -> Callable[[Mapping[str, str], frozenset[str]], Assumed]:
    """What is taken for a fact, by the labels known so far and the facts given."""
    entries = [(entry, entry.box) for entry in edition.assumed_of(name)]
    reads = tuple(dict.fromkeys(read for _, box in entries for read in box))
    givens = frozenset(entry.given for entry, _ in entries if entry.given)

    @lru_cache(maxsize=_REMEMBERED)
    def first(read: tuple[str | None, ...], given: frozenset[str]) -> Assumed:
        labels = {other: label for other, label in zip(reads, read, strict=True) if label is not None}
        filling = _Filling({name: entries}, {name: edition.facts[name].labels}, [], given)
        return next(filling.candidates(name, labels))

    return lambda labels, given: first(tuple(map(labels.get, reads)), givens & given)


def _assumed(edition: Edition, names: Collection[str]) -> list[str]:
    """Of some facts those for which something is assumed, in the pack's order."""
    facts = dict.fromkeys(entry.fact for entry in edition.assumed)
    return [name for name in facts if name in names and name in edition.facts]


class Assumptions:
    """What is taken for unknown facts where some labels are certain: the first assumption that applies to each.

    One that would make the case impossible is passed over; where none is left, whatever label is possible is taken.
    """

    def __init__(self, edition: Edition, names: Collection[str], certain: Mapping[str, str]) -> None:
        """Take something for these facts only; those that their assumptions look at must be among them."""
        self._certain = certain
        self._open = {
            name: [(entry, box) for entry in edition.assumed_of(name) if (box := _rest(entry.box, certain)) is not None]
            for name in _assumed(edition, names)
            if name not in certain
        }
        self._labels = {name: edition.facts[name].labels for name in self._open}
        self._bars = [(entry, box) for entry in edition.barred if (box := _rest(entry.box, certain)) is not None]

    def fill(self, told: Mapping[str, str], given: frozenset[str]) -> tuple[dict[str, str], tuple[Assumed, ...]] | None:
        """All labels where these are told, too, and what was assumed for them; None if nothing is possible."""
        bars = [(entry, box) for entry, box in self._bars if entry.given is None or entry.given in given]
        labels = {**self._certain, **told}
        if any(fits(box, labels) for _, box in bars):
            return None
        unknown = [name for name in self._open if name not in told]
        filling = _Filling(self._open, self._labels, bars, given)
        taken = filling.first(labels, unknown)
        if taken is None:  # then a search is needed
            labels = {**self._certain, **told}
            taken = filling.fill(labels, unknown)
        return None if taken is None else (labels, taken)


def _rest(box: Box, certain: Mapping[str, str]) -> Box | None:
    """What a box asks of the facts that are not certain; None if it does not accept a certain one."""
    if any(certain[name] not in accepted for name, accepted in box.items() if name in certain):
        return None
    return {name: accepted for name, accepted in box.items() if name not in certain}


class _Filling:
    """A search for labels of the unknown facts, the assumed ones first; it turns back from what is impossible."""

    def __init__(
        self,
        assumed: Mapping[str, Sequence[tuple[Assumed, Box]]],
        labels: Mapping[str, Sequence[str]],
        bars: Sequence[tuple[Barred, Box]],
        given: frozenset[str],
    ) -> None:
        self._assumed = assumed
        self._labels = labels
        self._bars = bars
        self._given = given
        self._tries = _MOST_TRIES
        self._obstacle = ""

    def first(self, labels: dict[str, str], unknown: Sequence[str]) -> tuple[Assumed, ...] | None:
        """Add what is assumed first for each of the unknown facts; None if that is not possible."""
        taken: list[Assumed] = []
        for name in unknown:
            taken.append(next(self.candidates(name, labels)))
            labels[name] = taken[-1].label
        return None if any(fits(box, labels) for _, box in self._bars) else tuple(taken)

    def fill(self, labels: dict[str, str], unknown: Sequence[str], at: int = 0) -> tuple[Assumed, ...] | None:
        """Add labels of the unknown facts; returns what was taken for them."""
        if at == len(unknown):
            return ()
        self._tries -= 1
        name = unknown[at]
        for entry in self.candidates(name, labels):
            labels[name] = entry.label
            if self._tries > 0 and not self._is_barred(name, labels):
                taken = self.fill(labels, unknown, at + 1)
                if taken is not None:
                    return (entry, *taken)
            del labels[name]
        return None

    def candidates(self, name: str, labels: Mapping[str, str]) -> Iterator[Assumed]:
        """What may be taken for a fact, the assumptions that apply first."""
        met: set[str] = set()
        for entry, box in self._assumed[name]:
            applies = fits(box, labels) and (entry.given is None or entry.given in self._given)
            if applies and entry.label not in met:
                met.add(entry.label)
                yield entry
        for label in self._labels[name]:
            if label not in met:
                yield Assumed(name, label, None, {}, None, self._obstacle)

    def _is_barred(self, name: str, labels: Mapping[str, str]) -> bool:
        """Whether the label just taken makes the labels impossible. Why it does is why another one is taken."""
        for entry, box in self._bars:
            if name in box and fits(box, labels):
                self._obstacle = entry.because
                return True
        return False


def unfillable(edition: Edition, case: Case) -> Iterator[Problem]:
    """Why nothing can be taken for what a case leaves unknown, if so; what must be given counts as known."""
    known, given = known_labels(edition, case), given_in(case)
    if Assumptions(edition, edition.facts, known).fill({}, given) is None:
        yield _conflict(edition, known, given)


def _conflict(edition: Edition, known: Mapping[str, str], given: frozenset[str]) -> Problem:
    """What rules out every completion: as few impossible combinations as do, and the known facts in them."""
    for entry in edition.barred:
        fewer = replace(edition, barred=tuple(other for other in edition.barred if other is not entry))
        if Assumptions(fewer, fewer.facts, known).fill({}, given) is None:
            edition = fewer
    facts = dict.fromkeys(name for entry in edition.barred for name in (*entry.box, entry.given) if name)
    place = ", ".join(name for name in facts if name in known or name in given)
    because, help = (" ".join(getattr(entry, text) for entry in edition.barred) for text in ("because", "help"))
    return Problem(place, "contradiction", because, help)


def missing(edition: Edition, known: Mapping[str, str]) -> Iterator[Problem]:
    """The facts that a caller has to give, as nothing is assumed for them."""
    for name, fact in edition.facts.items():
        if name not in known and not edition.assumed_of(name):
            options = ", ".join(f"`{label}`" for label in fact.labels)
            help = f"give `{name}` as a number" if name in edition.scales else f"give `{name}`: {options}"
            yield Problem(name, "missing-fact", f"the fact `{name}` is missing", help)

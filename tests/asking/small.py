"""Small editions by chance, the same for the same seed, and their meaning by brute force: all situations looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import combinations, product
from math import log
from random import Random

from dispute_rules.facts import Kind
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Assumed, Barred, Box, Decision, Edition, Rule, Words
from tests.authoring.test_exactness import edition_of, holds, outcome

Labels = Mapping[str, str]
End = tuple[str, ...]


@dataclass(frozen=True)
class Size:
    """How large an edition is: from the first number to the second."""

    facts: tuple[int, int] = (3, 5)
    labels: tuple[int, int] = (2, 3)
    decisions: tuple[int, int] = (1, 3)
    rules: tuple[int, int] = (2, 5)
    barred: tuple[int, int] = (0, 2)


@cache
def small_edition(seed: int, size: Size = Size()) -> Edition:
    """An edition that answers every situation, in which something is assumed of every fact."""
    return _Maker(Random(seed), size).edition()


class _Maker:
    def __init__(self, random: Random, size: Size) -> None:
        self._random = random
        self._size = size

    def edition(self) -> Edition:
        facts = {f"f{i}": self._labels("abc") for i in range(self._random.randint(*self._size.facts))}
        labels, decisions = dict(facts), list[Decision]()
        for i in range(self._random.randint(*self._size.decisions)):
            decisions.append(self._decision(f"d{i}", labels))
            labels |= {output: tuple(words) for output, words in decisions[-1].outputs.items()}
        barred = [self._box(facts, 2) for _ in range(self._random.randint(*self._size.barred))]
        edition = edition_of(facts, decisions, [Barred(box, None, "never", "") for box in barred])
        return self._with_assumptions(edition)

    def _labels(self, labels: str) -> tuple[str, ...]:
        return tuple(labels[: self._random.randint(*self._size.labels)])

    def _box(self, labels: Mapping[str, Sequence[str]], most: int) -> Box:
        names = self._random.sample(sorted(labels), min(len(labels), self._random.randint(1, most)))
        return {
            name: frozenset(self._random.sample(labels[name], self._random.randint(1, len(labels[name]) - 1)))
            for name in names
        }

    def _decision(self, name: str, labels: Mapping[str, Sequence[str]]) -> Decision:
        """Rules of which the first that matches decides, or else the last, which always does."""
        values = self._labels("xyz")
        boxes = [*(self._box(labels, 3) for _ in range(self._random.randint(*self._size.rules))), {}]
        rules = tuple(
            Rule(f"{name}/{i}", box, {name: self._random.choice(values)}, tuple(range(i)), "", "", "stated", (), ())
            for i, box in enumerate(boxes)
        )
        reads = tuple(dict.fromkeys(fact for box in boxes for fact in box))
        return Decision(name, f"{name}?", Policy.ANY, {name: {value: value for value in values}}, rules, reads)

    def _with_assumptions(self, edition: Edition) -> Edition:
        names = self._random.sample(list(edition.facts), len(edition.facts))
        assumed: list[Assumed] = []
        for at, name in enumerate(names):
            above = {other: edition.facts[other].labels for other in names[:at]}
            boxes = [self._box(above, 2) for _ in range(self._random.randint(0, 2))] if above else []
            assumed += [
                Assumed(name, self._random.choice(edition.facts[name].labels), None, box, None, "")
                for box in (*boxes, {})
            ]
        by_fact = {name: tuple(entry for entry in assumed if entry.fact == name) for name in edition.facts}
        words = {name: Words(f"{name}?", {}) for name in self._random.sample(names, len(names))}
        kinds = dict.fromkeys(edition.facts, Kind.LABEL)
        return replace(edition, assumed=tuple(assumed), assumed_by_fact=by_fact, words=words, kinds=kinds)


@dataclass(frozen=True)
class Truth:
    """What is true where some labels are known; `ends` is the end of each completion of the others that is possible."""

    edition: Edition
    outputs: tuple[str, ...]
    known: Labels
    ends: Mapping[tuple[str, ...], End]

    @cached_property
    def names(self) -> list[str]:
        return [name for name in self.edition.facts if name not in self.known]

    def knowing(self, name: str, label: str) -> Truth:
        at = self.names.index(name)
        ends = {labels[:at] + labels[at + 1 :]: end for labels, end in self.ends.items() if labels[at] == label}
        return Truth(self.edition, self.outputs, {**self.known, name: label}, ends)

    def with_(self, facts: Labels) -> Truth:
        truth = self
        for name, label in facts.items():
            truth = truth.knowing(name, label)
        return truth

    def assumed_end(self) -> End | None:
        """The end where each fact in turn gets the first label that is assumed, or any, as long as that is possible."""
        if not self.ends:
            return None
        name = next((entry.fact for entry in self.edition.assumed if entry.fact not in self.known), None)
        if name is None:
            return self.ends[()]
        entries = [e for e in self.edition.assumed_by_fact[name] if holds(e.box, self.known)]
        tries = [*(entry.label for entry in entries), *self.edition.facts[name].labels]
        return next((end for label in tries if (end := self.knowing(name, label).assumed_end()) is not None), None)

    def mattering(self) -> set[str]:
        """Facts in which alone two possible completions differ that have different ends."""
        return {name for at, name in enumerate(self.names) if self._differs_by(at, self.ends)}

    def telling(self) -> set[str]:
        """Facts that tell what comes out, or what is impossible."""
        every = product(*(self.edition.facts[name].labels for name in self.names))
        ends = {labels: self.ends.get(labels, ()) for labels in every}
        return {name for at, name in enumerate(self.names) if self._differs_by(at, ends)}

    def _differs_by(self, at: int, ends: Mapping[tuple[str, ...], End]) -> bool:
        rest: dict[tuple[str, ...], set[End]] = {}
        for labels, end in ends.items():
            rest.setdefault(labels[:at] + labels[at + 1 :], set()).add(end)
        return any(len(found) > 1 for found in rest.values())

    def left_after(self, name: str) -> float:
        """How many facts matter once one is known, as a logarithm: the mean over all possible completions."""
        views = [self.knowing(name, label) for label in self.edition.facts[name].labels]
        return sum(len(view.ends) * log(1 + len(view.mattering())) for view in views) / len(self.ends)

    def sets(self, names: Sequence[str], sizes: Sequence[int]) -> Iterator[Labels]:
        """All labels of some of these facts, for each of the sizes."""
        for chosen in (chosen for size in sizes for chosen in combinations(names, size)):
            for labels in product(*(self.edition.facts[name].labels for name in chosen)):
                yield dict(zip(chosen, labels, strict=True))


def truth_of(edition: Edition) -> Truth:
    """All that is true where nothing is known, of the outputs of the last decision."""
    outputs = tuple(edition.decisions[-1].outputs)
    ends: dict[tuple[str, ...], End] = {}
    for labels in product(*(fact.labels for fact in edition.facts.values())):
        said: dict[str, str] = dict(zip(edition.facts, labels, strict=True))
        if not any(holds(entry.box, said) for entry in edition.barred):
            for decision in edition.decisions:
                said |= outcome(decision, said) or {}
            ends[labels] = tuple(said[output] for output in outputs)
    return Truth(edition, outputs, {}, ends)


@cache
def truths(count: int, size: Size = Size()) -> tuple[Truth, ...]:
    """Editions of which some labels are known that are possible: none, one or two."""
    found: list[Truth] = []
    for seed in range(count):
        random = Random(seed)
        truth = truth_of(small_edition(seed, size))
        for name in random.sample(truth.names, random.randint(0, 2)):
            truth = truth.knowing(name, random.choice(truth.edition.facts[name].labels))
        found += [truth] if truth.ends else []
    return tuple(found)

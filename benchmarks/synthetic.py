"""Packs of any size that are complete, without conflicts, and in which `check` finds nothing to mend.

A decision looks at some facts and at outcomes of earlier decisions. Most of its rules divide all situations among
them; exceptions go before these and before one another by `unless`. Every fourth decision collects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from random import Random

from benchmarks.universe import Box, Example, MadeRule, Universe
from benchmarks.written import decision_yaml, pack_yaml, rule_yaml
from dispute_rules.vocabulary import Ground

_LABELS = (("false", "true"), ("low", "medium", "high"), ("north", "east", "south", "west"))
_ANSWERS = ("agree", "refuse", "share", "wait", "repair")


@dataclass(frozen=True)
class Shape:
    """What a pack is to be like. `situations` limits those that bear on one decision."""

    rules: int
    facts: int = 14
    seed: int = 0
    rules_in_decision: int = 30
    situations: int = 20_000


@dataclass
class MadeDecision:
    """A made-up decision, and the facts that bear on it, by itself or through earlier decisions."""

    name: str
    output: str
    collects: bool
    facts: frozenset[str]
    reads: tuple[str, ...]
    earlier: tuple[MadeDecision, ...]  # those whose outputs it looks at
    rules: list[MadeRule] = field(default_factory=list)
    examples: dict[str, list[Example]] = field(default_factory=dict)


def write_pack(folder: Path, shape: Shape) -> Path:
    """Write a pack of this shape; the same shape gives the same pack."""
    for path, text in _Maker(shape).files():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


class _Maker:
    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._random = Random(shape.seed)
        names = [f"fact_{i:02}" for i in range(1, shape.facts)]
        self._facts = {"ground": tuple(Ground)} | {name: self._random.choice(_LABELS) for name in names}
        pairs = [names[i : i + 2] for i in range(0, min(len(names), 6) - 1, 2)]
        self._barred: list[Box] = [{name: frozenset(self._facts[name][-1:]) for name in pair} for pair in pairs]
        self._decisions: list[MadeDecision] = []

    def files(self) -> Iterator[tuple[str, str]]:
        """The files of the pack."""
        left = self._shape.rules
        while left:
            decision = self._decide(min(left, self._shape.rules_in_decision))
            left -= len(decision.rules)
        used = {name for d in self._decisions for rule in d.rules for name in rule.box if name in self._facts}
        facts = {name: labels for name, labels in self._facts.items() if name in used}
        barred = [box for box in self._barred if box.keys() <= used]
        yield "pack.yaml", pack_yaml(facts, barred, [decision.name for decision in self._decisions])
        for decision in self._decisions:
            answers = list(dict.fromkeys(rule.then for rule in decision.rules))
            yield f"{decision.name}/decision.yaml", decision_yaml(decision.output, answers, collects=decision.collects)
            for rule in decision.rules:
                examples = decision.examples[rule.name]
                yield f"{decision.name}/{rule.name}.yaml", rule_yaml(rule, decision.output, examples, facts)

    def _decide(self, most: int) -> MadeDecision:
        decision = self._looking()
        universe = Universe({n: self._facts[n] for n in self._facts if n in decision.facts}, self._barred)
        for earlier in self._leading_to(decision):
            universe.learn(earlier.output, earlier.rules)
        make = self._collecting if decision.collects else self._dividing
        decision.rules = make(universe, decision.reads, most)
        applying = universe.applying(decision.rules)
        for rule in decision.rules:
            decision.examples[rule.name] = universe.examples(rule.box, applying[rule.name], self._random)
        self._decisions.append(decision)
        return decision

    def _looking(self) -> MadeDecision:
        """A decision that looks at one or two earlier ones and at facts that few have looked at before."""
        number = len(self._decisions) + 1
        decided = [decision for decision in self._decisions if not decision.collects]
        facts: set[str] = set()
        earlier: list[MadeDecision] = []
        for decision in self._random.sample(decided, min(len(decided), 8)):
            if len(earlier) < 2 and self._size(facts | decision.facts) * 8 <= self._shape.situations:
                earlier.append(decision)
                facts |= decision.facts
        looked_at = [name for decision in self._decisions for name in decision.reads]
        reads: list[str] = []
        for name in sorted(self._facts, key=lambda name: (looked_at.count(name), self._random.random())):
            if self._size({*facts, name}) <= self._shape.situations:
                facts.add(name)
                reads.append(name)
        reads += [decision.output for decision in earlier]
        self._random.shuffle(reads)
        name = f"step_{number:03}"
        return MadeDecision(
            name, f"answer_{number:03}", number % 4 == 0, frozenset(facts), tuple(reads), tuple(earlier)
        )

    def _size(self, facts: set[str]) -> int:
        return prod(len(self._facts[name]) for name in facts)

    def _leading_to(self, decision: MadeDecision) -> list[MadeDecision]:
        found: dict[str, MadeDecision] = {}
        for earlier in decision.earlier:
            found |= {each.name: each for each in (*self._leading_to(earlier), earlier)}
        return sorted(found.values(), key=lambda each: each.name)

    def _dividing(self, universe: Universe, reads: Sequence[str], most: int) -> list[MadeRule]:
        """Exceptions, and rules that have all situations among them; those that never decide are left out."""
        rules: list[MadeRule] = []
        for number in range(1, most // 5 + 1):
            box = universe.needed(self._box(universe, reads, 2))
            self._add(universe, rules, MadeRule(f"exception-{number}", box, self._random.choice(_ANSWERS), ()))
        exceptions = list(rules)
        for number, part in enumerate(self._parts(universe, reads, most - len(rules)), start=1):
            rule = MadeRule(f"rule-{number}", universe.needed(part), self._random.choice(_ANSWERS), ())
            self._add(universe, rules, rule, exceptions)
        return rules

    def _add(
        self, universe: Universe, rules: list[MadeRule], rule: MadeRule, others: Sequence[MadeRule] | None = None
    ) -> None:
        """Add a rule that gives way to those others that disagree, unless they leave nothing to it."""
        here = universe.within(rule.box)
        disagreeing = [o for o in (rules if others is None else others) if o.then != rule.then]
        unless = tuple(other.name for other in disagreeing if universe.within(other.box) & here)
        made = MadeRule(rule.name, rule.box, rule.then, unless)
        if universe.applying([*rules, made])[made.name]:
            rules.append(made)

    def _parts(self, universe: Universe, reads: Sequence[str], count: int) -> list[Box]:
        """All situations in so many boxes, or in as many as there can be."""
        whole: list[tuple[int, Box]] = [(universe.possible, {})]
        single: list[Box] = []
        while whole and len(whole) + len(single) < count:
            whole.sort(key=lambda part: part[0].bit_count())
            situations, box = whole.pop()
            names = [name for name in reads if len(universe.met(name, situations)) > 1]
            if not names:
                single.append(box)
                continue
            name = self._random.choice(names)
            for labels in self._halves(universe.met(name, situations)):
                half = {**box, name: labels}
                whole.append((universe.within(half), half))
        return [*single, *(box for _, box in whole)]

    def _halves(self, labels: Sequence[str]) -> tuple[frozenset[str], frozenset[str]]:
        shuffled = self._random.sample(labels, len(labels))
        cut = self._random.randrange(1, len(labels))
        return frozenset(shuffled[:cut]), frozenset(shuffled[cut:])

    def _collecting(self, universe: Universe, reads: Sequence[str], most: int) -> list[MadeRule]:
        boxes = (universe.needed(self._box(universe, reads, 3)) for _ in range(most))
        return [MadeRule(f"rule-{i}", box, f"note_{i}", ()) for i, box in enumerate(boxes, start=1)]

    def _box(self, universe: Universe, reads: Sequence[str], most: int) -> Mapping[str, frozenset[str]]:
        """Conditions on a few facts that hold in some situation."""
        box: dict[str, frozenset[str]] = {}
        for name in self._random.sample(reads, min(len(reads), self._random.randint(1, most))):
            met = universe.met(name, universe.within(box))
            box[name] = frozenset(self._random.sample(met, self._random.randint(1, max(1, len(met) // 2))))
        return box

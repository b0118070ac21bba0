"""Two editions as one, so that a single walk through the situations meets both.

Facts are shared: a situation is the same for both. Decisions and outputs are not: each is marked with its edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest

from dispute_rules.facts import Fact
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Box, Decision, Edition, Rule, Scale
from dispute_rules.reasoning.track import Track, leading_to

# what no label and no output is called
NO_ANSWER = "(no answer)"
COLLECTED, NOT_COLLECTED = "(collected)", "(not collected)"
POSSIBLE, IMPOSSIBLE = "(possible)", "(impossible)"
_WHETHER = "(whether)"
_OLD, _NEW = "old:", "new:"

Item = tuple[tuple[str, str], ...]
"""Something that rules collect: the label of each output."""
Moves = Mapping[str, Collection[tuple[str, str]] | None]
"""Outputs whose labels change, from what to what; None where that is not known."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is compared: the answers of a decision, whether it collects an item, or without either what is possible."""

    decision: str | None = None
    item: Item | None = None

    @property
    def otherwise(self) -> str:
        """The label of each output where no rule speaks, or not with one voice."""
        if self.decision is None:
            return POSSIBLE
        return NO_ANSWER if self.item is None else NOT_COLLECTED


@dataclass(frozen=True, slots=True)
class Joint:
    """A question put to two editions at once."""

    question: Question
    outputs: tuple[str, ...]
    track: Track
    facts: Mapping[str, Fact]  # what the decisions look at; the track has those of impossible combinations after them
    asked: Mapping[str, str]  # the decisions that answer, with the mark of their outputs; the old one is met first
    decisions: int  # these and those on which they rest
    barred: tuple[int, int]  # for each edition the bits of what cannot be


class Editions:
    """Two editions of which one is to be compared with the other."""

    def __init__(self, old: Edition, new: Edition) -> None:
        """Bring the labels of numbers, which depend on the thresholds in rules, to a common scale."""
        scales = {**old.scales, **new.scales}
        for name in old.scales.keys() & new.scales.keys():
            scales[name] = Scale(tuple(sorted({*old.scales[name].cuts, *new.scales[name].cuts})))
        facts = {**old.facts, **new.facts}
        self._facts = {n: f._replace(labels=scales[n].labels) if n in scales else f for n, f in facts.items()}
        self._halves = (_Half(_OLD, old, scales), _Half(_NEW, new, scales))

    def questions(self) -> Iterator[Question]:
        """What can be compared, in order: the decisions that both have, item by item where these are collected."""
        old, new = (half.decisions for half in self._halves)
        yield Question()
        for name, decision in new.items():
            if name in old and decision.policy is Policy.ANY:
                yield Question(name)
            elif name in old:
                rules = (*old[name].rules, *decision.rules)
                for item in dict.fromkeys(tuple(sorted(rule.then.items())) for rule in rules):
                    yield Question(name, item)

    def unknown_moves(self) -> dict[str, None]:
        """The outputs of decisions that only one edition has, of which nothing can be said."""
        old, new = (half.decisions for half in self._halves)
        return {n: None for one, other in ((old, new), (new, old)) for d in one.keys() - other for n in one[d].outputs}

    def untouched(self, question: Question, moves: Moves) -> bool:
        """Whether no answer can change, if earlier decisions change only like this."""
        old, new = (half.bearing(question) for half in self._halves)
        boxes = [box for box, *_ in old]
        return old == new and not any(_tells(box[name], moves[name]) for box in boxes for name in box if name in moves)

    def ask(self, question: Question) -> Joint:
        """Put a question to both."""
        chains = [half.chain(question) for half in self._halves]
        pairs = [*zip_longest(*map(reversed, chains))]
        decisions = [decision for pair in reversed(pairs) for decision in pair if decision]
        # one that decides nothing comes last, and what only impossible combinations look at just before it
        last = Decision("", "", Policy.ANY, {}, (), ())
        edition = replace(self._halves[0].edition, facts=self._facts, barred=())
        old, new = ([entry.box for entry in half.barred] if question.decision else [] for half in self._halves)
        track = Track(edition, [*decisions, last], [*old, *new])
        shift = track.extra_shift
        read = {name for decision in decisions for name in decision.reads}
        outputs = tuple(name.removeprefix(_NEW) for name in chains[1][-1].outputs)
        return Joint(
            question,
            outputs,
            track,
            {name: fact for name, fact in self._facts.items() if name in read},
            {chain[-1].name: mark for chain, mark in zip(chains, (_OLD, _NEW), strict=True)},
            len(decisions),
            (_bits(len(old)) << shift, _bits(len(new)) << (shift + len(old))),
        )


class _Half:
    """One of the editions, on the common scale."""

    def __init__(self, mark: str, edition: Edition, scales: Mapping[str, Scale]) -> None:
        self._mark = mark
        finer = _Finer(edition.scales, scales)
        decisions = [replace(d, rules=tuple(map(finer.rule, d.rules))) for d in edition.decisions]
        self.edition = replace(edition, decisions=tuple(decisions))
        self.decisions = {decision.name: decision for decision in decisions}
        # what cannot be only where another fact is known leaves the situation possible
        self.barred = [b._replace(box=finer.box(b.box)) for b in edition.barred if b.given is None]
        self._outputs = {name for d in decisions if d.policy is Policy.ANY for name in d.outputs}

    def bearing(self, question: Question) -> list[tuple[Box, Mapping[str, str], tuple[int, ...]]]:
        """All that bears on the answers, beside earlier decisions."""
        return [(rule.box, rule.then, rule.unless) for rule in self._asked(question).rules]

    def chain(self, question: Question) -> list[Decision]:
        """The decision that answers, and before it those on which it rests."""
        asked = self._asked(question)
        earlier = [d for d in leading_to(self.edition, asked.reads) if d.name != asked.name]
        return [self._marked(decision) for decision in (*earlier, asked)]

    def _asked(self, question: Question) -> Decision:
        if question.decision is None:
            return _decision(_WHETHER, [_rule(entry.box, {_WHETHER: IMPOSSIBLE}) for entry in self.barred])
        decision = self.decisions[question.decision]
        return decision if question.item is None else _collecting(decision, question.item)

    def _marked(self, decision: Decision) -> Decision:
        rules = [
            replace(
                rule,
                box={self._name(name): labels for name, labels in rule.box.items()},
                then={self._mark + name: label for name, label in rule.then.items()},
            )
            for rule in decision.rules
        ]
        outputs = {self._mark + name: labels for name, labels in decision.outputs.items()}
        reads = tuple(map(self._name, decision.reads))
        return replace(decision, name=self._mark + decision.name, outputs=outputs, rules=tuple(rules), reads=reads)

    def _name(self, read: str) -> str:
        return self._mark + read if read in self._outputs else read


class _Finer:
    """From the labels of one edition to those of the common scale."""

    def __init__(self, own: Mapping[str, Scale], common: Mapping[str, Scale]) -> None:
        self._own = own
        self._common = common

    def rule(self, rule: Rule) -> Rule:
        return replace(rule, box=self.box(rule.box))

    def box(self, box: Box) -> Box:
        return {name: self._labels(name, labels) if name in self._own else labels for name, labels in box.items()}

    def _labels(self, name: str, labels: frozenset[str]) -> frozenset[str]:
        return frozenset(label for label in self._common[name].labels if coarse(self._own[name], label) in labels)


def coarse(scale: Scale, finer: str) -> str:
    """The label of a scale for the numbers of a label of a finer scale."""
    low = finer.partition("..")[0]
    return scale.label(Decimal(low)) if low else scale.labels[0]


def _collecting(decision: Decision, item: Item) -> Decision:
    """Whether the item is collected: its rules say so, those that override them or one another are silent."""
    speaking = [index for index, rule in enumerate(decision.rules) if rule.then == dict(item)]
    kept: set[int] = set()
    left = [*speaking]
    while left:
        if (index := left.pop()) not in kept:
            kept.add(index)
            left.extend(decision.rules[index].unless)
    place = {index: i for i, index in enumerate(sorted(kept))}
    rules = [
        replace(
            decision.rules[index],
            then={_WHETHER: COLLECTED} if index in speaking else {},
            unless=tuple(place[other] for other in decision.rules[index].unless),
        )
        for index in place
    ]
    return _decision(decision.name, rules)


def _decision(name: str, rules: Sequence[Rule]) -> Decision:
    reads = tuple(dict.fromkeys(fact for rule in rules for fact in rule.box))
    labels = dict.fromkeys((IMPOSSIBLE, POSSIBLE, COLLECTED, NOT_COLLECTED), "")
    return Decision(name, "", Policy.ANY, {_WHETHER: labels}, tuple(rules), reads)


def _rule(box: Box, then: Mapping[str, str]) -> Rule:
    return Rule("", box, then, (), "", "", "", (), ())


def _tells(accepted: frozenset[str], moves: Collection[tuple[str, str]] | None) -> bool:
    """Whether a condition on an output may tell a label before from one after."""
    return moves is None or any((before in accepted) != (after in accepted) for before, after in moves)


def _bits(number: int) -> int:
    return (1 << number) - 1

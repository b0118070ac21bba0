"""Two editions as one, so that a single walk through the situations meets both.

Facts are shared: a situation is the same for both. Decisions and outputs are not: each is marked with the edition that
it is of. A decision that has no answer, since no rule applies or those that do disagree, has the answer `NO_ANSWER`
here, and so have the decisions that rest on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest

from dispute_rules.facts import Fact
from dispute_rules.pack.files import Policy
from dispute_rules.pack.model import Box, Decision, Edition, Rule, Scale
from dispute_rules.reasoning.track import Track, leading_to

OLD, NEW = MARKS = ("old:", "new:")  # names within a pack have no colon

# what labels cannot be called
NO_ANSWER = "(no answer)"
COLLECTED, NOT_COLLECTED = "(collected)", "(not collected)"
POSSIBLE, IMPOSSIBLE = "(possible)", "(impossible)"

Item = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is compared: the answers of a decision, whether it collects an item, or what is possible at all."""

    decision: str | None = None
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Joint:
    """A question put to two editions at once."""

    track: Track
    facts: Mapping[str, Fact]  # what the decisions look at; the track has those of impossible combinations beside it
    asked: Mapping[str, tuple[str, ...]]  # by the last decision of each edition, the outputs that answer
    otherwise: Mapping[str, Mapping[str, str]]  # by decision, its outcome where no rule speaks, or not with one voice
    barred: tuple[int, int]  # for each edition the bits of what cannot be
    same: bool  # the editions differ in nothing that bears on the question


class Editions:
    """Two editions of which one is to be compared with the other."""

    def __init__(self, old: Edition, new: Edition) -> None:
        """Bring the labels of numbers, which depend on the thresholds in rules, to a common scale."""
        self._scales = {**old.scales, **new.scales} | {
            name: Scale(tuple(sorted({*old.scales[name].cuts, *new.scales[name].cuts})))
            for name in old.scales.keys() & new.scales.keys()
        }
        self.facts = {
            name: replace(fact, labels=self._scales[name].labels) if name in self._scales else fact
            for name, fact in {**old.facts, **new.facts}.items()
        }
        self._halves = (_Half(OLD, old, self._scales), _Half(NEW, new, self._scales))
        self._edition = replace(old, facts=self.facts, decisions=(), barred=())

    def questions(self) -> Iterator[Question]:
        """What can be compared: the decisions that both have, by their items where these are collected."""
        old, new = ({d.name: d for d in half.edition.decisions} for half in self._halves)
        yield Question()
        for name, decision in new.items():
            if name in old and decision.policy is Policy.ANY:
                yield Question(name)
            elif name in old:
                rules = (*old[name].rules, *decision.rules)
                for item in dict.fromkeys(tuple(sorted(rule.then.items())) for rule in rules):
                    yield Question(name, item)

    def ask(self, question: Question) -> Joint:
        """Put a question to both."""
        chains = [half.chain(question) for half in self._halves]
        barred = [half.barred() if question.decision else [] for half in self._halves]
        pairs = zip_longest(*(reversed(chain) for chain in chains))
        decisions = [link for pair in [*pairs][::-1] for link in pair if link]
        # a last one that decides nothing, so that what only impossible combinations look at is met after all else
        last = Decision("", "", Policy.ANY, {}, (), ())
        track = Track(self._edition, [*(link.decision for link in decisions), last], [*barred[0], *barred[1]])
        seen = {name for link in decisions for name in link.decision.reads}
        sizes = [(1 << len(boxes)) - 1 for boxes in barred]
        return Joint(
            track,
            {name: fact for name, fact in self.facts.items() if name in seen},
            {chain[-1].decision.name: tuple(sorted(chain[-1].otherwise)) for chain in chains},
            {link.decision.name: link.otherwise for link in decisions},
            (sizes[0] << track.extra_shift, sizes[1] << track.extra_shift + len(barred[0])),
            _unmarked(chains[0], barred[0]) == _unmarked(chains[1], barred[1]),
        )

    def of(self, edition: Edition, labels: Mapping[str, str]) -> dict[str, str]:
        """Labels of a situation as one of the editions has them; it may not look at all of the facts."""
        return {
            name: _coarse(edition.scales[name], label) if name in edition.scales else label
            for name, label in labels.items()
            if name in edition.facts
        }


@dataclass(frozen=True, slots=True)
class _Link:
    """A decision on the way to the one that is asked about."""

    decision: Decision
    otherwise: Mapping[str, str]


class _Half:
    """One of the editions, with its decisions and outputs marked as its own."""

    def __init__(self, mark: str, edition: Edition, scales: Mapping[str, Scale]) -> None:
        self.edition = edition
        self._mark = mark
        self._scales = scales
        self._outputs = {n: tuple(d.outputs[n]) for d in edition.decisions if d.policy is Policy.ANY for n in d.outputs}

    def chain(self, question: Question) -> list[_Link]:
        """The decision that is asked about, and before it those on which it rests."""
        if question.decision is None:
            return [self._possible()]
        decision = next(d for d in self.edition.decisions if d.name == question.decision)
        decision = decision if question.item is None else _bearing_on(decision, question.item)
        earlier = [self._link(d) for d in leading_to(self.edition, decision.reads) if d.name != decision.name]
        return [*earlier, self._link(decision) if question.item is None else self._collecting(decision, question.item)]

    def barred(self) -> list[Box]:
        """What cannot be, whatever else is known of a case."""
        return [self._box(entry.box) for entry in self.edition.barred if entry.given is None]

    def _possible(self) -> _Link:
        name = f"{self._mark}possible"
        rules = [_rule(box, {name: IMPOSSIBLE}) for box in self.barred()]
        return _Link(_decision(name, rules, {name: (POSSIBLE, IMPOSSIBLE)}), {name: POSSIBLE})

    def _link(self, decision: Decision) -> _Link:
        rules = [_rule(self._guarded(decision, r), self._marked(r.then), r.unless) for r in decision.rules]
        outputs = {self._mark + name: (*labels, NO_ANSWER) for name, labels in decision.outputs.items()}
        return _Link(_decision(self._mark + decision.name, rules, outputs), dict.fromkeys(outputs, NO_ANSWER))

    def _collecting(self, decision: Decision, item: Item) -> _Link:
        """Only the rules with this item speak; those that override them are silent."""
        name = f"{self._mark}{decision.name}"
        rules = [
            _rule(self._guarded(decision, r), {name: COLLECTED} if _has(r, item) else {}, r.unless)
            for r in decision.rules
        ]
        rules += [_rule({self._mark + n: frozenset({NO_ANSWER})}, {name: NO_ANSWER}) for n in self._read(decision)]
        outputs = {name: (COLLECTED, NOT_COLLECTED, NO_ANSWER)}
        return _Link(_decision(name, rules, outputs), {name: NOT_COLLECTED})

    def _read(self, decision: Decision) -> list[str]:
        return [name for name in decision.reads if name in self._outputs]

    def _guarded(self, decision: Decision, rule: Rule) -> Box:
        """The rule's box, which no rule of the decision fits where an earlier decision has no answer."""
        guard = {self._mark + name: frozenset(self._outputs[name]) for name in self._read(decision)}
        return guard | self._box(rule.box)

    def _box(self, box: Box) -> Box:
        return {self._mark + n if n in self._outputs else n: self._finer(n, labels) for n, labels in box.items()}

    def _finer(self, name: str, labels: frozenset[str]) -> frozenset[str]:
        if name not in self.edition.scales:
            return labels
        own = self.edition.scales[name]
        return frozenset(label for label in self._scales[name].labels if _coarse(own, label) in labels)

    def _marked(self, outcome: Mapping[str, str]) -> Mapping[str, str]:
        return {self._mark + name: label for name, label in outcome.items()}


def _coarse(scale: Scale, finer: str) -> str:
    """The label of a scale that covers a label of a finer one."""
    low = finer.partition("..")[0]
    return scale.label(Decimal(low)) if low else scale.labels[0]


def _has(rule: Rule, item: Item) -> bool:
    return rule.then == dict(item)


def _bearing_on(decision: Decision, item: Item) -> Decision:
    """The decision with only the rules that have the item, and those that override them, and so on."""
    kept: set[int] = set()
    left = [index for index, rule in enumerate(decision.rules) if _has(rule, item)]
    while left:
        index = left.pop()
        if index not in kept:
            kept.add(index)
            left.extend(decision.rules[index].unless)
    place = {index: i for i, index in enumerate(sorted(kept))}
    rules = [decision.rules[index] for index in place]
    rules = [replace(rule, unless=tuple(place[index] for index in rule.unless)) for rule in rules]
    return replace(decision, rules=tuple(rules), reads=tuple(dict.fromkeys(n for rule in rules for n in rule.box)))


def _decision(name: str, rules: Sequence[Rule], outputs: Mapping[str, Iterable[str]]) -> Decision:
    reads = tuple(dict.fromkeys(n for rule in rules for n in rule.box))
    return Decision(name, "", Policy.ANY, {n: dict.fromkeys(v, "") for n, v in outputs.items()}, tuple(rules), reads)


def _rule(box: Box, then: Mapping[str, str], unless: tuple[int, ...] = ()) -> Rule:
    return Rule("", box, then, unless, "", "", "", (), ())


def _unmarked(chain: Sequence[_Link], barred: Sequence[Box]) -> object:
    """All that bears on the answers of one edition, without the marks."""
    links = [(d.name, [(r.box, r.then, r.unless) for r in d.rules]) for d in (link.decision for link in chain)]
    bare = [(_bare(name), [(_bare(box), _bare(then), unless) for box, then, unless in rules]) for name, rules in links]
    return bare, list(map(_bare, barred))


def _bare(named: object) -> object:
    if isinstance(named, Mapping):
        return {_bare(name): value for name, value in named.items()}
    return str(named).removeprefix(OLD).removeprefix(NEW)

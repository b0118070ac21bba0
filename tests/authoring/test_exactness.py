"""The analysis of rules is exact: what it finds is what brute force finds, and on larger packs what z3 finds."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispute_rules.engine import EngineName
from dispute_rules.engine.decide import Decider
from dispute_rules.errors import PackError
from dispute_rules.facts import Fact, Kind
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Barred, Box, Decision, Edition, Rule
from dispute_rules.reasoning.budget import Budget, UndecidedError
from dispute_rules.reasoning.faults import Fault, fitting, idle_labels, never_collected, unanswered, unshown_conditions
from dispute_rules.reasoning.space import Space
from dispute_rules.reasoning.sweep import sweep

ENGINES: tuple[EngineName, ...] = ("reference", "durable") if sys.version_info < (3, 13) else ("reference",)
Labels = Mapping[str, str]
ENOUGH = 10_000_000


# --- small editions


def edition_of(
    facts: Mapping[str, tuple[str, ...]], decisions: Sequence[Decision], barred: Sequence[Barred]
) -> Edition:
    return Edition(
        pack="own",
        title="Own",
        language=None,
        content_hash="",
        since=dt.date(2020, 1, 1),
        kinds=dict.fromkeys(facts, Kind.LABEL),
        days=(),
        numbers=(),
        facts={name: Fact(name, Kind.LABEL, labels) for name, labels in facts.items()},
        late={},
        scales={},
        decisions=tuple(decisions),
        assumed=(),
        assumed_numbers=(),
        assumed_by_fact={},
        barred=tuple(barred),
        words={},
        parameters={},
        dates={},
        amounts={},
        comparisons={},
        evidence=frozenset(),
    )


def boxes_over(labels: Mapping[str, Sequence[str]], most: int = 3) -> st.SearchStrategy[Box]:
    """Conditions on some of the facts; each accepts at least one label."""
    names = st.lists(st.sampled_from(sorted(labels)), max_size=most, unique=True)
    accepted = {name: st.frozensets(st.sampled_from(list(labels[name])), min_size=1) for name in labels}
    return names.flatmap(lambda chosen: st.fixed_dictionaries({name: accepted[name] for name in chosen}))


@dataclass(frozen=True)
class Size:
    """How large an edition is drawn."""

    facts: tuple[int, int] = (2, 5)
    labels: tuple[int, int] = (1, 3)
    rules: tuple[int, int] = (0, 5)
    barred: int = 3


@st.composite
def decisions(draw: st.DrawFn, name: str, labels: Mapping[str, Sequence[str]], size: Size, policy: Policy) -> Decision:
    """A decision with any rules at all: gaps, conflicts and dead rules are likely."""
    outputs = {f"{name}{i}": tuple(f"{name}{i}v{k}" for k in range(3)) for i in range(draw(st.integers(1, 2)))}
    rules: list[Rule] = []
    for index in range(draw(st.integers(*size.rules))):
        box = draw(boxes_over(labels))
        then = {output: draw(st.sampled_from(values)) for output, values in outputs.items()}
        unless = draw(st.frozensets(st.integers(0, index - 1), max_size=3)) if index else ()
        path = f"own/{name}/r{index}"
        rules.append(Rule(path, box, then, tuple(sorted(unless)), path, "", "inferred", (), ()))
    reads = tuple(dict.fromkeys(fact for rule in rules for fact in rule.box))
    words = {output: {value: value for value in values} for output, values in outputs.items()}
    return Decision(name, "?", policy, words, tuple(rules), reads)


@st.composite
def editions(draw: st.DrawFn, size: Size = Size(), last: Policy = Policy.ANY) -> Edition:
    """Chained decisions over some facts, with impossible combinations."""
    facts = {
        f"f{i}": tuple(f"f{i}v{k}" for k in range(draw(st.integers(*size.labels))))
        for i in range(draw(st.integers(*size.facts)))
    }
    labels: dict[str, Sequence[str]] = dict(facts)
    chain: list[Decision] = []
    count = draw(st.integers(2, 3))
    for i in range(count):
        policy = last if i == count - 1 else Policy.ANY
        made = draw(decisions("abc"[i], labels, size, policy))
        chain.append(made)
        labels |= {output: tuple(words) for output, words in made.outputs.items()}
    givens = st.sampled_from([None, None, "today"])
    barred = draw(st.lists(st.tuples(boxes_over(facts).filter(bool), givens), max_size=size.barred))
    return edition_of(facts, chain, [Barred(box, given, "", "") for box, given in barred])


exactly = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


# --- brute force: the meaning of rules said once more, for one situation after another


def holds(box: Box, labels: Labels) -> bool:
    return all(labels[name] in accepted for name, accepted in box.items())


def applied(decision: Decision, labels: Labels) -> list[int]:
    """The rules that match and that no rule which applies overrides."""
    found: list[int] = []
    for index, rule in enumerate(decision.rules):
        if holds(rule.box, labels) and not set(rule.unless) & set(found):
            found.append(index)
    return found


def outcome(decision: Decision, labels: Labels) -> Labels | None:
    """What the decision says, if it says one thing."""
    said = [decision.rules[index].then for index in applied(decision, labels)]
    return said[0] if said and all(then == said[0] for then in said) else None


def upstream(edition: Edition, wanted: set[str]) -> list[Decision]:
    """The decisions that have the wanted outputs, and all that they rest on."""
    wanted = set(wanted)
    for decision in reversed(edition.decisions):
        if wanted & decision.outputs.keys():
            wanted |= set(decision.reads)
    return [decision for decision in edition.decisions if wanted & decision.outputs.keys()]


def situations(
    edition: Edition, before: Sequence[Decision], given: frozenset[str] = frozenset()
) -> Iterator[dict[str, str]]:
    """All possible combinations of labels for which these decisions have an answer, with their outputs."""
    names = list(edition.facts)
    for combination in product(*(edition.facts[name].labels for name in names)):
        labels = dict(zip(names, combination, strict=True))
        if any(holds(entry.box, labels) and entry.given in (None, *given) for entry in edition.barred):
            continue
        for decision in before:
            said = outcome(decision, labels)
            if said is None:
                break
            labels |= said
        else:
            yield labels


def completed(edition: Edition, witness: Labels) -> list[dict[str, str]]:
    """The possible situations that a witness is a part of."""
    return [labels for labels in situations(edition, ()) if witness.items() <= labels.items()]


def with_outputs(labels: Labels, before: Sequence[Decision]) -> dict[str, str]:
    known = dict(labels)
    for decision in before:
        said = outcome(decision, known)
        assert said is not None, f"`{decision.name}` has no answer in a witness"
        known |= said
    return known


def assert_witness(edition: Edition, before: Sequence[Decision], witness: Labels) -> Iterator[dict[str, str]]:
    """All situations that the witness stands for, of which there is one at least."""
    found = completed(edition, witness)
    assert found, "no possible situation is like the witness"
    return (with_outputs(labels, before) for labels in found)


@exactly
@given(edition=editions())
def test_a_sweep_meets_exactly_the_rules_that_match_together(edition: Edition) -> None:
    for decision in edition.decisions:
        before = upstream(edition, set(decision.reads))
        expected = {
            tuple(i for i, rule in enumerate(decision.rules) if holds(rule.box, labels))
            for labels in situations(edition, before)
        }
        meetings = list(sweep(edition, decision, Budget(ENOUGH)))
        assert {meeting.matching for meeting in meetings} == expected
        for meeting in meetings:
            for labels in assert_witness(edition, before, meeting.witness):
                assert tuple(i for i, r in enumerate(decision.rules) if holds(r.box, labels)) == meeting.matching


@dataclass(frozen=True)
class Truth:
    """What is wrong with a decision."""

    gap: bool
    conflicts: frozenset[tuple[str, ...]]
    dead: frozenset[str]


def truth(edition: Edition, decision: Decision) -> Truth:
    gap = False
    conflicts: set[tuple[str, ...]] = set()
    deciding: set[str] = set()
    for labels in situations(edition, upstream(edition, set(decision.reads))):
        found = [decision.rules[index] for index in applied(decision, labels)]
        gap = gap or not found
        deciding.update(rule.name for rule in found)
        conflicts |= {tuple(sorted((a.name, b.name))) for a, b in combinations(found, 2) if a.then != b.then}
    return Truth(gap, frozenset(conflicts), frozenset({rule.name for rule in decision.rules} - deciding))


def told(faults: Sequence[Fault]) -> Truth:
    return Truth(
        any(fault.code == "gap" for fault in faults),
        frozenset(fault.rules for fault in faults if fault.code == "conflict"),
        frozenset(fault.rules[0] for fault in faults if fault.code == "dead-rule"),
    )


def matches_somewhere(edition: Edition, decision: Decision, name: str) -> bool:
    (rule,) = (rule for rule in decision.rules if rule.name == name)
    return any(holds(rule.box, labels) for labels in situations(edition, upstream(edition, set(decision.reads))))


@exactly
@given(edition=editions())
def test_gaps_conflicts_and_dead_rules_are_exactly_those_there_are(edition: Edition) -> None:
    for decision in edition.decisions:
        before = upstream(edition, set(decision.reads))
        faults = list(unanswered(edition, decision, Budget(ENOUGH)))
        assert told(faults) == truth(edition, decision)
        for fault in faults:
            if fault.code == "dead-rule":
                assert ("overrides" in fault.message) == matches_somewhere(edition, decision, fault.rules[0])
            for labels in assert_witness(edition, before, fault.witness) if fault.witness is not None else ():
                assert outcome(decision, labels) is None
                assert set(fault.rules) <= {decision.rules[index].name for index in applied(decision, labels)}


@exactly
@given(edition=editions(last=Policy.COLLECT))
def test_the_dead_rules_of_a_decision_that_collects_are_exactly_those_there_are(edition: Edition) -> None:
    decision = edition.decisions[-1]
    faults = list(never_collected(edition, decision, (), Budget(ENOUGH)))
    assert told(faults).dead == truth(edition, decision).dead


@exactly
@given(data=st.data(), edition=editions())
def test_boxes_fit_exactly_where_some_situation_is_in_them(data: st.DataObject, edition: Edition) -> None:
    labels = {name: fact.labels for name, fact in edition.facts.items()}
    for decision in edition.decisions[:-1]:
        labels |= {output: tuple(words) for output, words in decision.outputs.items()}
    boxes = data.draw(st.lists(boxes_over(labels), max_size=6))  # as many as are followed in one go
    last = edition.decisions[-1]
    before = upstream(edition, {name for box in boxes for name in box})
    found = fitting(edition, last, boxes, Budget(ENOUGH))
    met = list(situations(edition, before))
    assert set(found) == {i for i, box in enumerate(boxes) if any(holds(box, labels) for labels in met)}
    for index, witness in found.items():
        assert all(holds(boxes[index], labels) for labels in assert_witness(edition, before, witness))


def repaired(edition: Edition) -> Edition:
    """The same with earlier decisions that always have one answer: of the first rule that matches, or of a last one."""

    def answering(decision: Decision) -> Decision:
        then = {output: next(iter(words)) for output, words in decision.outputs.items()}
        last = Rule(f"own/{decision.name}/rest", {}, then, (), "", "", "inferred", (), ())
        rules = [replace(rule, unless=tuple(range(i))) for i, rule in enumerate([*decision.rules, last])]
        return replace(decision, rules=tuple(rules))

    earlier = [answering(decision) for decision in edition.decisions[:-1]]
    return replace(edition, decisions=(*earlier, edition.decisions[-1]))


def labels_in(edition: Edition) -> dict[str, set[str]]:
    outputs = {output: set(words) for decision in edition.decisions for output, words in decision.outputs.items()}
    return outputs | {name: set(fact.labels) for name, fact in edition.facts.items()}


@exactly
@given(edition=editions().map(repaired))
def test_conditions_are_redundant_exactly_where_the_others_imply_them(edition: Edition) -> None:
    labels = labels_in(edition)
    for position, decision in enumerate(edition.decisions):
        met = list(situations(edition, edition.decisions[:position]))
        expected = {
            (rule.name, fact): any(
                holds({**rule.box, fact: frozenset(labels[fact] - accepted)}, situation) for situation in met
            )
            for rule in decision.rules
            for fact, accepted in rule.box.items()
        }
        faults = list(unshown_conditions(edition, decision, (), Budget(ENOUGH)))
        named = {(f.rules[0], f.message.split("`")[1]): f.code == "missing-near" for f in faults}
        assert named == expected
        shown = [key for key, possible in expected.items() if possible]
        left = list(unshown_conditions(edition, decision, shown, Budget(ENOUGH)))
        assert [f.code for f in left] == ["redundant-condition"] * (len(expected) - len(shown))


@exactly
@given(edition=editions().map(repaired))
def test_labels_are_impossible_exactly_where_they_cannot_occur(edition: Edition) -> None:
    for position, decision in enumerate(edition.decisions):
        met = list(situations(edition, edition.decisions[:position]))
        listed = {rule.name: {fact: sorted(box) for fact, box in rule.box.items()} for rule in decision.rules}
        expected = [
            (rule.name, fact, label)
            for rule in decision.rules
            for fact, accepted in rule.box.items()
            for label in sorted(accepted)
            if not any(holds({**rule.box, fact: frozenset({label})}, situation) for situation in met)
        ]
        faults = list(idle_labels(edition, decision, listed, Budget(ENOUGH)))
        assert [(f.rules[0], *f.message.split("`")[1:4:2]) for f in faults] == expected


def peaceful(edition: Edition) -> Edition:
    """The same without conflicts: of two rules that disagree, the first overrides the second."""

    def calmed(decision: Decision) -> Decision:
        rules = [
            replace(
                rule,
                unless=tuple(sorted({*rule.unless, *(j for j in range(i) if decision.rules[j].then != rule.then)})),
            )
            for i, rule in enumerate(decision.rules)
        ]
        return replace(decision, rules=tuple(rules))

    return replace(edition, decisions=tuple(calmed(decision) for decision in edition.decisions))


@exactly
@given(data=st.data(), edition=editions().map(peaceful))
def test_the_space_allows_exactly_the_outcomes_that_are_possible(data: st.DataObject, edition: Edition) -> None:
    all_outputs = [output for decision in edition.decisions for output in decision.outputs]
    outputs = tuple(data.draw(st.lists(st.sampled_from(all_outputs), min_size=1, unique=True)))
    names = data.draw(st.lists(st.sampled_from(list(edition.facts)), unique=True))
    known = {name: data.draw(st.sampled_from(edition.facts[name].labels)) for name in names}
    given_facts = data.draw(st.sampled_from([frozenset[str](), frozenset({"today"})]))
    allowed = [
        labels
        for labels in situations(edition, upstream(edition, set(outputs)), given_facts)
        if known.items() <= labels.items()
    ]
    asked = [output for decision in edition.decisions for output in outputs if output in decision.outputs]

    def asked_of(labels: Labels) -> tuple[str, ...]:
        return tuple(labels[output] for output in asked)

    diagram = Space(edition, outputs).possible(known, given_facts)
    assert diagram.ends == {asked_of(labels) for labels in allowed}
    for labels in allowed:
        assert diagram.end(labels) == asked_of(labels)


@exactly
@given(edition=editions(), steps=st.integers(0, 60))
def test_a_budget_is_enough_or_nothing_is_said(edition: Edition, steps: int) -> None:
    decision = edition.decisions[-1]
    whole = list(sweep(edition, decision, Budget(ENOUGH)))
    try:
        some = list(sweep(edition, decision, Budget(steps)))
    except UndecidedError:
        return
    assert some == whole


# --- the engines


def assert_that_the_engines_agree(edition: Edition, cases: Sequence[Labels]) -> None:
    deciders = [Decider(edition, engine) for engine in ENGINES]
    for labels in cases:
        results = {str(result(decider, labels)) for decider in deciders}
        assert results == {str(expected(edition, labels))}


def result(decider: Decider, labels: Labels) -> list[tuple[str, list[str]]] | None:
    try:
        return [(name, [rule.name for rule in found.rules]) for name, found in decider.decide(labels).items()]
    except PackError:
        return None


def expected(edition: Edition, labels: Labels) -> list[tuple[str, list[str]]] | None:
    seen = dict(labels)
    found: list[tuple[str, list[str]]] = []
    for decision in edition.decisions:
        said = outcome(decision, seen)
        if said is None:
            return None
        found.append((decision.name, [decision.rules[index].name for index in applied(decision, seen)]))
        seen |= said
    return found


@settings(exactly, max_examples=40)
@given(edition=editions())
def test_the_engines_agree_with_brute_force(edition: Edition) -> None:
    assert_that_the_engines_agree(edition, list(situations(edition, ())))


# --- larger editions: z3 says the same without a walk


class Solver:
    """The situations in which a decision is made, as formulas over one variable for each label."""

    def __init__(self, edition: Edition, decision: Decision) -> None:
        self._decision = decision
        self._is = {
            name: {label: z3.Bool(f"{name}={label}") for label in labels} for name, labels in labels_in(edition).items()
        }
        self._solver = z3.Solver()
        before = upstream(edition, set(decision.reads))
        for name in [*edition.facts, *(output for made in before for output in made.outputs)]:
            self._solver.add(z3.PbEq([(variable, 1) for variable in self._is[name].values()], 1))
        for entry in edition.barred:
            if entry.given is None:
                self._solver.add(z3.Not(self.holds(entry.box)))
        for made in before:
            applies = self.applies(made)
            self._solver.add(z3.Or(applies))
            for rule, applying in zip(made.rules, applies, strict=True):
                said = z3.And([self._is[name][label] for name, label in rule.then.items()])
                self._solver.add(z3.Implies(applying, said))

    def holds(self, box: Box) -> z3.BoolRef:
        return z3.And([z3.Or([self._is[name][label] for label in accepted]) for name, accepted in box.items()])

    def applies(self, decision: Decision) -> list[z3.BoolRef]:
        found: list[z3.BoolRef] = []
        for rule in decision.rules:
            found.append(z3.And(self.holds(rule.box), *(z3.Not(found[index]) for index in rule.unless)))
        return found

    def possible(self, *formulas: z3.BoolRef) -> bool:
        answer = self._solver.check(*formulas)
        assert answer != z3.unknown
        return bool(answer == z3.sat)

    def truth(self) -> Truth:
        rules, applies = self._decision.rules, self.applies(self._decision)
        conflicts = {
            tuple(sorted((rules[i].name, rules[j].name)))
            for i, j in combinations(range(len(rules)), 2)
            if rules[i].then != rules[j].then and self.possible(applies[i], applies[j])
        }
        dead = {rule.name for rule, applying in zip(rules, applies, strict=True) if not self.possible(applying)}
        return Truth(self.possible(z3.Not(z3.Or(applies))), frozenset(conflicts), frozenset(dead))


LARGE = Size(facts=(8, 12), labels=(2, 4), rules=(8, 20), barred=6)
largely = settings(exactly, max_examples=25)


@largely
@given(edition=editions(LARGE))
def test_gaps_conflicts_and_dead_rules_of_larger_editions_are_those_that_z3_finds(edition: Edition) -> None:
    for decision in edition.decisions:
        assert told(list(unanswered(edition, decision, Budget(ENOUGH)))) == Solver(edition, decision).truth()


@largely
@given(edition=editions(LARGE).map(repaired))
def test_repaired_larger_editions_are_without_gap_and_conflict_but_for_the_last_decision(edition: Edition) -> None:
    for decision in edition.decisions:
        found = told(list(unanswered(edition, decision, Budget(ENOUGH))))
        assert found == Solver(edition, decision).truth()
        if decision is not edition.decisions[-1]:
            assert (found.gap, found.conflicts) == (False, frozenset())


@largely
@given(edition=editions(LARGE).map(repaired))
def test_redundant_conditions_of_larger_editions_are_those_that_z3_finds(edition: Edition) -> None:
    labels = labels_in(edition)
    decision = edition.decisions[-1]
    solver = Solver(edition, decision)
    found = {
        (fault.rules[0], fault.message.split("`")[1]): fault.code == "missing-near"
        for fault in unshown_conditions(edition, decision, (), Budget(ENOUGH))
    }
    assert found == {
        (rule.name, fact): solver.possible(solver.holds({**rule.box, fact: frozenset(labels[fact] - accepted)}))
        for rule in decision.rules
        for fact, accepted in rule.box.items()
    }


@settings(exactly, max_examples=10)
@given(data=st.data(), edition=editions(LARGE))
def test_the_engines_agree_on_larger_editions(data: st.DataObject, edition: Edition) -> None:
    situation = st.fixed_dictionaries({name: st.sampled_from(fact.labels) for name, fact in edition.facts.items()})
    assert_that_the_engines_agree(edition, data.draw(st.lists(situation, min_size=5, max_size=15)))


# --- that the tests above are not empty


@pytest.mark.parametrize("kind", ["gap", "conflicts", "dead"])
def test_the_editions_drawn_have_faults_and_are_free_of_them(kind: str) -> None:
    seen: set[bool] = set()

    @settings(exactly, max_examples=100)
    @given(edition=editions())
    def look(edition: Edition) -> None:
        seen.add(bool(getattr(truth(edition, edition.decisions[-1]), kind)))

    look()
    assert seen == {True, False}

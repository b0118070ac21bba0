"""What is wrong with the rules of an edition, over all situations: nothing is sampled, nothing is guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dispute_rules.engine.decide import agree, applying
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Box, Decision, Edition, Rule
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.reach import Reach
from dispute_rules.reasoning.sweep import Witness, sweep, track_to

_TOGETHER = 6  # boxes that share a track: more share its making, but each adds facts that the others need not meet


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of some rules, and a situation that shows it if there is one."""

    code: str
    decision: str
    rules: tuple[str, ...]
    message: str
    help: str
    witness: Witness | None = None


def unanswered(edition: Edition, decision: Decision, budget: Budget) -> Iterator[Fault]:
    """Gaps, conflicts and rules that never decide, of a decision with the policy `any`.

    Raises:
        UndecidedError: the budget was used up.
    """
    deciding: set[int] = set()
    matched: set[int] = set()
    quarrels: dict[tuple[str, ...], Witness] = {}
    gap: Witness | None = None
    for meeting in sweep(edition, decision, budget):
        applied = applying(decision, meeting.matching)
        deciding.update(applied)
        matched.update(meeting.matching)
        if not applied and gap is None:
            gap = meeting.witness
        elif applied and not agree(decision.rules[index] for index in applied):
            for quarrel in _disagreeing([decision.rules[index] for index in applied]):
                quarrels.setdefault(quarrel, meeting.witness)
    if gap is not None:
        yield Fault("gap", decision.name, (), f"no rule of `{decision.name}` answers", "add a rule for it", gap)
    for pair, witness in quarrels.items():
        message = "these rules apply together and disagree: " + " and ".join(f"`{name}`" for name in pair)
        yield Fault(
            "conflict", decision.name, pair, message, "let the general one name the exception in `unless`", witness
        )
    for index, rule in enumerate(decision.rules):
        if index not in deciding:
            yield _dead(decision, rule, matches=index in matched)


def _disagreeing(rules: Sequence[Rule]) -> Iterator[tuple[str, str]]:
    for i, one in enumerate(rules):
        for other in rules[i + 1 :]:
            if one.then != other.then:
                first, second = sorted((one.name, other.name))
                yield first, second


def _dead(decision: Decision, rule: Rule, *, matches: bool) -> Fault:
    why = "wherever it matches, another rule overrides it" if matches else "its conditions never hold together"
    return Fault("dead-rule", decision.name, (rule.name,), f"this rule never decides: {why}", "mend or remove it")


def fitting(edition: Edition, decision: Decision, boxes: Sequence[Box], budget: Budget) -> dict[int, Witness]:
    """Which of the boxes are met in a situation in which the decision is made, with one situation each.

    Raises:
        UndecidedError: the budget was used up.
    """
    found: dict[int, Witness] = {}
    for start in range(0, len(boxes), _TOGETHER):
        some = boxes[start : start + _TOGETHER]
        reads = tuple(dict.fromkeys(name for box in some for name in box))
        reach = Reach(track_to(edition, replace(decision, rules=(), reads=reads)), budget)
        witnesses = ((start + index, reach.into(box)) for index, box in enumerate(some))
        found |= {index: witness for index, witness in witnesses if witness is not None}
    return found


def never_collected(edition: Edition, decision: Decision, seen: Collection[str], budget: Budget) -> Iterator[Fault]:
    """Rules of a decision with the policy `collect` that never decide; those `seen` to decide are not looked at.

    Raises:
        UndecidedError: the budget was used up.
    """
    unseen = [rule for rule in decision.rules if rule.name not in seen]
    deciding: set[int] = set()
    for meeting in sweep(edition, decision, budget) if unseen else ():
        deciding.update(applying(decision, meeting.matching))
    for rule in unseen:
        if decision.rules.index(rule) not in deciding:
            yield _dead(decision, rule, matches=bool(fitting(edition, decision, [rule.box], budget)))


def unshown_conditions(
    edition: Edition, decision: Decision, shown: Collection[tuple[str, str]], budget: Budget
) -> Iterator[Fault]:
    """Conditions, by rule and fact, that nothing has shown to matter: those that the others imply, and the rest.

    Raises:
        UndecidedError: the budget was used up.
    """
    labels = labels_of(edition)
    wanted = [(rule, fact) for rule in decision.rules for fact in rule.box if (rule.name, fact) not in shown]
    boxes = [{**rule.box, fact: frozenset(labels[fact]) - rule.box[fact]} for rule, fact in wanted]
    found = fitting(edition, decision, boxes, budget)
    for index, (rule, fact) in enumerate(wanted):
        if index not in found:
            message = f"the condition on `{fact}` changes nothing: the others imply it"
            yield Fault("redundant-condition", decision.name, (rule.name,), message, "leave it out")
        else:
            message = f"no example misses the condition on `{fact}` alone"
            help = "add a `near` in which only this condition fails"
            yield Fault("missing-near", decision.name, (rule.name,), message, help, found[index])


def labels_of(edition: Edition) -> Mapping[str, tuple[str, ...]]:
    """The labels of everything that rules may look at."""
    labels = {name: fact.labels for name, fact in edition.facts.items()}
    for decision in edition.decisions:
        if decision.policy is Policy.ANY:
            labels |= {name: tuple(words) for name, words in decision.outputs.items()}
    return labels


def idle_labels(
    edition: Edition, decision: Decision, rules: Mapping[str, Mapping[str, Sequence[str]]], budget: Budget
) -> Iterator[Fault]:
    """Labels that a rule lists although they cannot occur where its other conditions hold.

    `rules` has the labels listed, by rule and fact.

    Raises:
        UndecidedError: the budget was used up.
    """
    wanted = [
        (rule, fact, label)
        for rule in decision.rules
        for fact, listed in rules.get(rule.name, {}).items()
        for label in listed
    ]
    found = fitting(edition, decision, [{**rule.box, fact: frozenset({label})} for rule, fact, label in wanted], budget)
    for index, (rule, fact, label) in enumerate(wanted):
        if index not in found:
            message = f"`{fact}` is never `{label}` where the rest of this rule holds"
            yield Fault("impossible-label", decision.name, (rule.name,), message, "leave the label out")

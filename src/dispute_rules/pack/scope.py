"""What a rule may look at: the facts of a case, the pack's own, dates, comparisons and the proof at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from dispute_rules.advice import COLLECTED, DECIDED
from dispute_rules.case import Case
from dispute_rules.facts import STANDARD, YES_NO, Fact, Kind
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import AHEAD, NOTHING, PASSED, PROOF

if TYPE_CHECKING:
    from dispute_rules.pack.files import DecisionFile, FactWords, PackFile

NUMERIC = (Kind.NUMBER, Kind.COUNT, Kind.AMOUNT)
RECOMMENDED = "recommended"
OPEN = "open"  # the label of `amount` for a sum that no source gives


def own_facts(file: PackFile) -> dict[str, Fact]:
    """The facts that the pack adds to a case."""
    return {
        name: Fact(name, Kind(words.kind), _labels_of(words))
        for name, words in file.facts.items()
        if words.kind and name not in STANDARD and not hasattr(Case, name)
    }


def _labels_of(words: FactWords) -> tuple[str, ...]:
    if words.kind == "label":
        return tuple(words.labels) or YES_NO  # none is a fault; taken for yes or no, it is told only once
    return YES_NO if words.kind == "yes_no" else ()


def case_facts(file: PackFile) -> dict[str, Fact]:
    """All facts of a case for this pack."""
    return {**STANDARD, **own_facts(file)}


def base_facts(file: PackFile) -> dict[str, Fact]:
    """All that rules may look at before any decision is made, in the order in which it is reported."""
    facts = {name: fact for name, fact in case_facts(file).items() if fact.labels or fact.kind in NUMERIC}
    facts |= {name: Fact(name, Kind.LABEL, (AHEAD, PASSED)) for name in file.dates}
    facts |= {name: Fact(name, Kind.LABEL, tuple(spec.labels.values())) for name, spec in file.comparisons.items()}
    return facts | {PROOF.name: PROOF}


def inputs_of(file: PackFile, *names: str) -> set[str]:
    """What dates, amounts and comparisons are made of in the end, themselves included."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left.extend(_parts_of(file, name))
    return found


def _parts_of(file: PackFile, name: str) -> Iterable[str]:
    if name in file.dates:
        return file.dates[name].span.after
    if name in file.amounts:
        return file.amounts[name].inputs
    if name in file.comparisons:
        return file.comparisons[name].compare, file.comparisons[name].with_
    return ("cap",) if name == RECOMMENDED and "cap" in file.amounts else ()


def facts_behind(file: PackFile, name: str) -> set[str]:
    """The facts that a person can be asked for so that something is known."""
    return {part for part in inputs_of(file, name) if part not in ("today", RECOMMENDED) and not _parts_of(file, part)}


def late_facts(file: PackFile) -> Mapping[str, str]:
    """The facts known only after a decision, with the output that they rest on."""
    resting = {
        name: "amount"
        for name, spec in file.comparisons.items()
        if RECOMMENDED in inputs_of(file, spec.compare, spec.with_)
    }
    return {PROOF.name: "evidence", **resting}


def open_facts(file: PackFile, decisions: Sequence[DecisionFile], at: int) -> dict[str, Fact]:
    """All that may be looked at once the decisions before index `at` are made."""
    yet_to_come = {output for decision in decisions[at:] for output in decision.outputs}
    late = late_facts(file)
    facts = {name: fact for name, fact in base_facts(file).items() if late.get(name) not in yet_to_come}
    decided = [decision.outputs for decision in decisions[:at] if decision.policy is Policy.ANY]
    return facts | {
        output: Fact(output, Kind.LABEL, tuple(labels)) for outputs in decided for output, labels in outputs.items()
    }


def output_labels(file: PackFile, output: str) -> tuple[str, ...] | None:
    """The labels that an output may have because of its place in `Advice`; None where that is the pack's own matter."""
    named = {"amount": (*file.amounts, OPEN), "date": tuple(file.dates), "required": YES_NO}
    values = named.get(output) or {**DECIDED, **COLLECTED}.get(output)
    if values is None:
        return () if output in named else None
    nothing = [NOTHING] if output in DECIDED else []
    return tuple(dict.fromkeys([*map(str, values), *nothing]))

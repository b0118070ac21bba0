"""What facts, labels and conditions are called, for people who read rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispute_rules.facts import YES_NO
from dispute_rules.pack.conditions import Condition
from dispute_rules.pack.files import FactWords
from dispute_rules.pack.model import Words
from dispute_rules.pack.scope import base_facts
from dispute_rules.pack.written import Pack
from dispute_rules.phrases import ENGLISH


def glossary(pack: Pack) -> dict[str, Words]:
    """The question and the labels, with their words, of each fact and then of each output."""
    facts = {**pack.facts, **base_facts(pack.file)}
    found = {name: _of_fact(pack.file.facts.get(name, FactWords()), fact.labels) for name, fact in facts.items()}
    for decision in pack.decisions:
        found |= {name: Words(decision.file.question, labels) for name, labels in decision.file.outputs.items()}
    return found


def _of_fact(words: FactWords, labels: Iterable[str]) -> Words:
    return Words(words.question or "", {label: words.labels.get(label) or _own(label) for label in labels})


def _own(label: str) -> str:
    return ENGLISH.say(f"label.{label}") if label in YES_NO else label


def in_words(condition: Condition, labels: Mapping[str, str]) -> str:
    """What a condition asks for, by the words of its labels."""
    if condition.is_range:
        return ENGLISH.between(
            *(f"{end:f}" if end is not None else "" for end in (condition.at_least, condition.below))
        )
    return ENGLISH.any_of((labels.get(label, label) for label in condition.labels), negated=condition.negated)


def in_short(condition: Condition) -> str:
    """The same by the labels themselves, as DMN writes it: `a, b`, `not(a, b)`, `< 3`, `[3..10)`."""
    low, high = condition.at_least, condition.below
    if low is not None and high is not None:
        return f"[{low:f}..{high:f})"
    if condition.is_range:
        return f">= {low:f}" if low is not None else f"< {high:f}"
    labels = ", ".join(condition.labels)
    return f"not({labels})" if condition.negated else labels

"""The same answers from durable-rules 2.0.28, kept inside the corner in which it is right.

It is only shown codes made here (`f0`, `v3`), never a name or a text from outside. Every fact carries every field
that a rule names; conditions are equalities of short strings under `$and` and `$or`, never empty; one rule always
matches; every evaluation has the state to itself and deletes it afterwards; rule sets are small enough for each of
its limits. The C functions are called directly: `durable.engine.Host` would add threads, and warnings on Python 3.12.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

import durable_rules_engine as native

from dispute_rules.pack.model import Rule

# Measured: 64 rules matching one fact, 256 with one ending, 512 conditions under one parent, 14 facts with two labels
# each in one rule, 252 fields in one fact.
_MOST_RULES = 48
_MOST_CONDITIONS = 240
_MOST_FACTS = 8
_MOST_FIELDS = 200

_SID = "s"
_names = count()

Condition = dict[str, Any]


class DurableEngine:
    """The rules of one decision as one or more of durable-rules' rule sets."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Compile the rules."""
        facts = sorted({fact for rule in rules for fact in rule.box})
        self._fields = {fact: f"f{i}" for i, fact in enumerate(facts)}
        self._codes: dict[str, str] = {}
        parts = [(index, part) for index, rule in enumerate(rules) for part in self._parts(rule)]
        self._needed = Counter(index for index, _ in {(index, part.group) for index, part in parts})
        self._sets = [_RuleSet(chunk) for chunk in _chunks(parts)]

    def matching(self, labels: Mapping[str, str]) -> frozenset[int]:
        """The indexes of the rules that match."""
        # a label that no rule names is like any other such label
        fact = {field: self._codes.get(labels[name], "v") for name, field in self._fields.items()}
        hit = Counter(index for index, _ in {pair for rules in self._sets for pair in rules.matching(fact)})
        return frozenset(index for index, groups in hit.items() if groups == self._needed[index])

    def _parts(self, rule: Rule) -> Iterator[_Part]:
        """A rule as one condition; one that is too large for that, fact by fact and in slices."""
        equalities = [
            [{self._fields[fact]: self._code(label)} for label in sorted(accepted)]
            for fact, accepted in rule.box.items()
        ]
        if all(equalities) and len(equalities) <= _MOST_FACTS and sum(map(len, equalities)) < _MOST_CONDITIONS:
            yield _Part(0, [{"kind": "case"}, *map(_either, equalities)])
            return
        for group, wanted in enumerate(equalities):
            for start in range(0, max(len(wanted), 1), _MOST_CONDITIONS - 1):
                some = wanted[start : start + _MOST_CONDITIONS - 1]
                yield _Part(group, [{"kind": "case"}, _either(some) if some else {"kind": "never"}])

    def _code(self, label: str) -> str:
        return self._codes.setdefault(label, f"v{len(self._codes)}")


class _Part(NamedTuple):
    """One condition of a rule; the rule matches when each of its groups has a part that does."""

    group: int
    conditions: list[Condition]


def _either(equalities: list[Condition]) -> Condition:
    return equalities[0] if len(equalities) == 1 else {"$or": equalities}


def _fields_of(part: _Part) -> set[str]:
    return {name for condition in part.conditions for each in condition.get("$or", (condition,)) for name in each}


def _chunks(parts: Sequence[tuple[int, _Part]]) -> Iterator[list[tuple[int, _Part]]]:
    chunk: list[tuple[int, _Part]] = []
    fields: set[str] = set()
    size = 0
    for index, part in parts:
        weight = sum(len(condition.get("$or", (condition,))) for condition in part.conditions)
        more = fields | _fields_of(part)
        if chunk and (len(chunk) >= _MOST_RULES or size + weight > _MOST_CONDITIONS or len(more) > _MOST_FIELDS):
            yield chunk
            chunk, more, size = [], _fields_of(part), 0
        chunk.append((index, part))
        fields = more
        size += weight
    if chunk:
        yield chunk


class _RuleSet:
    """One of durable-rules' rule sets; its memory is given back when it is no longer needed."""

    def __init__(self, parts: Sequence[tuple[int, _Part]]) -> None:
        self._hits = {f"r{i}": (index, part.group) for i, (index, part) in enumerate(parts)}
        self._fields = set().union(*(_fields_of(part) for _, part in parts)) - {"kind"}
        conditions = zip(self._hits, (part.conditions for _, part in parts), strict=True)
        wanted: dict[str, Condition] = {name: {"$and": all_of} for name, all_of in conditions}
        wanted["always"] = {"kind": "case"}
        rules = {name: {"all": [{"m": condition}]} for name, condition in wanted.items()}
        self._handle = native.create_ruleset(f"dispute-rules-{next(_names)}", json.dumps(rules))
        self._lock = threading.Lock()
        weakref.finalize(self, native.delete_ruleset, self._handle)

    def matching(self, fact: Mapping[str, str]) -> set[tuple[int, int]]:
        message = json.dumps({"kind": "case", "sid": _SID} | {field: fact[field] for field in self._fields})
        with self._lock:
            try:
                fired = list(self._fire(native.assert_fact(self._handle, message)[1]))
            finally:
                native.delete_state(self._handle, _SID)
        return {self._hits[name] for name in fired if name != "always"}

    def _fire(self, state: Any) -> Iterator[str]:
        """The names of the rules that fire, some of them more than once, in no particular order."""
        started = native.start_action_for_state(self._handle, state)
        action = started and started[1]
        while action:
            yield from json.loads(action)
            action = native.complete_and_start_action(self._handle, state)

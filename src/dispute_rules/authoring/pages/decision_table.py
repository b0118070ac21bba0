"""A decision as a table to read, as DMN knows it: a row for each rule, a column for each fact and each output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import Literal

from dispute_rules.authoring.pages.words import glossary, in_short
from dispute_rules.authoring.versions import Version
from dispute_rules.errors import PackError, Problem, did_you_mean, quote
from dispute_rules.pack.conditions import Condition, When
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Edition, Words
from dispute_rules.pack.written import Pack, WrittenDecision

ANY = "-"
HIT_POLICIES = {
    Policy.ANY: "any (A): all rules that apply must agree",
    Policy.COLLECT: "collect (C): every rule that applies counts",
}
HOW_TO_READ = (
    "A rule applies where all of its conditions hold and no rule that overrides it applies. "
    f"{ANY} stands for anything, several labels for any of them."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A rule, by its name within the decision; `unless` are those in force that override it."""

    name: str
    when: When
    then: Mapping[str, str]
    unless: tuple[str, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Column:
    """A fact or an output by its name; several facts in one; or what else there is to say of a rule."""

    kind: Literal["fact", "facts", "output", "unless", "basis", "rule"]
    header: str
    names: tuple[str, ...] = ()

    def cell(self, row: Row) -> tuple[str, ...]:
        """The lines of a rule's cell."""
        if self.kind == "fact":
            return tuple(in_short(row.when[name]) if name in row.when else ANY for name in self.names)
        if self.kind == "facts":
            return tuple(f"{name}: {in_short(row.when[name])}" for name in self.names if name in row.when) or (ANY,)
        if self.kind == "output":
            return tuple(row.then[name] for name in self.names)
        return {"unless": row.unless, "basis": (row.basis,), "rule": (row.name,)}[self.kind]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision in force from `since` to `until`. The facts most looked at come first, and overriders above others."""

    pack: Pack
    decision: WrittenDecision
    since: date
    until: date | None
    facts: tuple[str, ...]
    rows: tuple[Row, ...]
    words: Mapping[str, Words]

    def columns(self, apart: int | None = None) -> tuple[Column, ...]:
        """All columns; or only so many facts apart, and the rest of them together."""
        single, rest = self.facts[:apart], self.facts[len(self.facts[:apart]) :]
        columns = [Column("fact", name, (name,)) for name in single]
        columns += [Column("facts", "further conditions" if single else "conditions", rest)] if rest else []
        columns += [Column("output", f"then {name}", (name,)) for name in self.decision.file.outputs]
        columns += [Column("unless", "overridden by")] if any(row.unless for row in self.rows) else []
        return (*columns, Column("basis", "basis"), Column("rule", "rule"))

    def fitting(self, width: int) -> tuple[Column, ...] | None:
        """The columns with as many facts apart as fit so many characters; None if even the fewest do not."""
        most = min(len(self.facts), width // 4)
        tried = (self.columns(apart) for apart in range(most, -1, -1))
        return next((columns for columns in tried if self._narrowest(columns) <= width), None)

    def _narrowest(self, columns: Sequence[Column]) -> int:
        """The fewest characters in which no word has to be broken."""
        cells = ([column.header, *(line for row in self.rows for line in column.cell(row))] for column in columns)
        return 1 + sum(3 + max(len(word) for text in cell for word in text.split()) for cell in cells)

    @property
    def in_force(self) -> str:
        """The days for which it holds."""
        return f"from {self.since}" + (f" to {self.until}" if self.until else "")

    def about(self) -> dict[str, str]:
        """What stands above the table."""
        return {
            "Decision": f"{self.pack.name}/{self.decision.name}",
            "Pack": self.pack.title,
            "Edition": f"in force {self.in_force}, {len(self.rows)} rule{'' if len(self.rows) == 1 else 's'}",
            "Hit policy": HIT_POLICIES[self.decision.file.policy],
        }


def table_of(version: Version, name: str) -> Table:
    """A decision of a pack as it is in force on a day.

    Raises:
        PackError: there is no such decision, or the pack has no rules for that day.
    """
    pack, edition = version.pack, version.edition
    decision = next((decision for decision in pack.decisions if decision.name == name), None)
    if decision is None:
        help = did_you_mean(name, [decision.name for decision in pack.decisions])
        raise PackError([Problem(pack.place, "unknown-decision", f"there is no decision {quote(name)}", help)])
    words = glossary(pack)
    rows = _rows(decision, edition)
    facts = _most_looked_at(rows, words)
    later = [day for day in pack.starts if day > edition.since]
    until = later[0] - timedelta(days=1) if later else None
    return Table(pack, decision, edition.since, until, facts, tuple(_in_order(rows, facts, words)), words)


def _rows(decision: WrittenDecision, edition: Edition) -> list[Row]:
    (found,) = (entry for entry in edition.decisions if entry.name == decision.name)
    in_force = {rule.name.rpartition("/")[2] for rule in found.rules}
    files = {rule.name: rule.file for rule in decision.rules if rule.name in in_force}
    return [
        Row(name, file.when, file.then, tuple(n for n in file.unless if n in in_force), str(file.basis))
        for name, file in files.items()
    ]


def _most_looked_at(rows: Sequence[Row], words: Mapping[str, Words]) -> tuple[str, ...]:
    times = Counter(name for row in rows for name in row.when)
    order = list(words)
    return tuple(sorted(times, key=lambda name: (-times[name], order.index(name))))


def _in_order(rows: Sequence[Row], facts: Sequence[str], words: Mapping[str, Words]) -> Iterator[Row]:
    """Each below those that override it; as far as that allows, alike conditions stand together."""
    left = {row.name: row for row in rows}
    ranks = {row.name: [_rank(row.when.get(fact), words[fact]) for fact in facts] for row in rows}
    sorter = TopologicalSorter({row.name: row.unless for row in rows})
    sorter.prepare()
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=lambda name: (ranks[name], name))
        first = ready.pop(0)
        sorter.done(first)
        yield left[first]


def _rank(condition: Condition | None, words: Words) -> tuple[int, Decimal]:
    """Anything comes first, then labels in the order of the pack or numbers in theirs, then what is left out."""
    if condition is None:
        return 0, Decimal(0)
    if condition.is_range:
        return 1, Decimal("-Infinity") if condition.at_least is None else condition.at_least
    order = list(words.labels)
    return 2 if condition.negated else 1, Decimal(min(order.index(label) for label in condition.labels))

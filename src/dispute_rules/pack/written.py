"""A pack as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dispute_rules.case import Case
from dispute_rules.facts import Fact
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.phrases import ENGLISH, Phrases

if TYPE_CHECKING:
    from dispute_rules.pack.model import Edition


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule: its name within the decision, what its file says, and where that is."""

    name: str
    file: RuleFile
    place: str


@dataclass(frozen=True, slots=True)
class WrittenDecision:
    """A decision and its rules."""

    name: str
    file: DecisionFile
    rules: tuple[WrittenRule, ...]


@dataclass(frozen=True, eq=False)
class Pack:
    """The rules of one system, with sources, parameters and decisions. Made by `load_pack`."""

    name: str
    file: PackFile
    decisions: tuple[WrittenDecision, ...]
    own_facts: Mapping[str, Fact]
    Case: type[Case]
    content_hash: str
    place: str  # its folder, as it is called in messages
    folder: Path
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)  # its files, as they were read
    phrases: Phrases = ENGLISH  # the texts between its own
    editions: dict[date, Edition] = field(default_factory=dict, repr=False)  # filled as they are asked for

    @property
    def title(self) -> str:
        """The system's name for a person."""
        return self.file.title

    @cached_property
    def starts(self) -> tuple[date, ...]:
        """The first day of each edition, oldest first."""
        days = {value.from_ for parameter in self.file.parameters.values() for value in parameter.values}
        for rule in (rule.file for decision in self.decisions for rule in decision.rules):
            days |= {rule.from_} if rule.from_ else set()
            days |= {rule.until + timedelta(days=1)} if rule.until else set()
        return tuple(sorted({self.file.from_, *(day for day in days if day > self.file.from_)}))

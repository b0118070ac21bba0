"""A pack as it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dispute_rules.case import Case
from dispute_rules.facts import Fact, case_type
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.scope import own_facts
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


Forms = tuple[PackFile, Mapping[str, tuple[DecisionFile, Mapping[str, RuleFile]]]]
"""What `pack.yaml` says, and by the name of each decision what its files say."""


def pack_of(folder: Path, place: str, contents: Mapping[str, bytes], forms: Forms) -> Pack:
    """The pack in a folder, as its files have been read."""
    file, decisions = forms
    own = own_facts(file)
    written = tuple(_written(name, *decisions[name], place) for name in file.decisions if name in decisions)
    name = folder.resolve().name
    return Pack(name, file, written, own, case_type(own), content_hash(contents), place, folder, contents)


def _written(name: str, file: DecisionFile, rules: Mapping[str, RuleFile], place: str) -> WrittenDecision:
    return WrittenDecision(
        name, file, tuple(WrittenRule(rule, said, f"{place}/{name}/{rule}.yaml") for rule, said in rules.items())
    )


def content_hash(contents: Mapping[str, bytes]) -> str:
    """Of the files of a pack, by their path within it."""
    digest = hashlib.sha256()
    for path, text in sorted(contents.items()):
        digest.update(f"{path}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()

"""A pack as it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dispute_rules.case import Case
from dispute_rules.facts import STANDARD, Fact, case_type
from dispute_rules.pack.scope import own_facts
from dispute_rules.phrases import ENGLISH, Phrases

if TYPE_CHECKING:
    from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
    from dispute_rules.pack.model import Edition


class WrittenRule(NamedTuple):
    """A rule: its name within the decision, what its file says, and where that is."""

    name: str
    file: RuleFile
    place: str


class WrittenDecision(NamedTuple):
    """A decision and its rules."""

    name: str
    file: DecisionFile
    rules: tuple[WrittenRule, ...]


class Written(NamedTuple):
    """What the files of a pack say."""

    file: PackFile
    decisions: tuple[WrittenDecision, ...]


@dataclass(frozen=True, eq=False)
class Pack:
    """The rules of one system, with sources, parameters and decisions. Made by `load_pack`."""

    name: str
    written: Callable[[], Written] = field(repr=False)  # always the same; an advice can do without
    starts: tuple[date, ...]  # the first day of each edition, oldest first
    own_facts: Mapping[str, Fact]
    Case: type[Case]
    content_hash: str
    place: str  # its folder, as it is called in messages
    folder: Path
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)  # its files, as they were read
    phrases: Phrases = ENGLISH  # the texts between its own
    editions: dict[date, Edition] = field(default_factory=dict, repr=False)  # filled as they are asked for

    @property
    def file(self) -> PackFile:
        """What `pack.yaml` says."""
        return self.written().file

    @property
    def decisions(self) -> tuple[WrittenDecision, ...]:
        """The decisions with their rules, in the order in which they are made."""
        return self.written().decisions

    @property
    def facts(self) -> Mapping[str, Fact]:
        """All facts of a case."""
        return {**STANDARD, **self.own_facts}

    @property
    def title(self) -> str:
        """The system's name for a person."""
        return self.file.title

    def saying(self, file: PackFile, decisions: tuple[WrittenDecision, ...], phrases: Phrases | None = None) -> Pack:
        """The same pack in other words."""
        said = Written(file, decisions)
        return replace(self, written=lambda: said, phrases=phrases or self.phrases, editions={})


def pack_of(
    folder: Path,
    place: str,
    contents: Mapping[str, bytes],
    file: PackFile,
    decisions: Mapping[str, tuple[DecisionFile, Mapping[str, RuleFile]]],
) -> Pack:
    """The pack in a folder, as its files have been read."""
    listed = tuple(_written(name, *decisions[name], place) for name in file.decisions if name in decisions)
    written, own = Written(file, listed), own_facts(file)
    name, digest = folder.resolve().name, content_hash(contents)
    return Pack(name, lambda: written, starts_of(written), own, case_type(own), digest, place, folder, contents)


def starts_of(written: Written) -> tuple[date, ...]:
    """The first day of each edition, oldest first."""
    file = written.file
    days = {value.from_ for parameter in file.parameters.values() for value in parameter.values}
    for rule in (rule.file for decision in written.decisions for rule in decision.rules):
        days |= {rule.from_} if rule.from_ else set()
        days |= {rule.until + timedelta(days=1)} if rule.until else set()
    return tuple(sorted({file.from_, *(day for day in days if day > file.from_)}))


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

"""A rule as a file to fill in: what it says and, beside each key, as comments, what it could say."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import yaml

from dispute_rules.authoring.editor import first_line
from dispute_rules.facts import YES_NO, Fact
from dispute_rules.pack.conditions import Condition
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.yaml import read

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_#., -]*")  # what may stand without quotes, if it then reads as text
_ALWAYS_TOLD = ("unless", "source")  # of the keys that may be left out
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Desk:
    """What is at hand where a rule is written: its decision, the facts it may look at, and those that others do."""

    pack: PackFile
    name: str
    decision: DecisionFile
    facts: Mapping[str, Fact]
    usual: Collection[str]


def rule_text(rule: RuleFile, desk: Desk) -> str:
    """The file of a rule."""
    lines = [first_line(f"{desk.name}/new.yaml")]
    for name, field in RuleFile.model_fields.items():
        key, about, value = field.alias or name, field.description or "", getattr(rule, name)
        if value or name == "when":
            lines += [*comment(about), *_choices(key, desk), *_entry(key, value)]
        elif name in _ALWAYS_TOLD:
            lines += [*comment(f"{key}: {about}"), *_choices(key, desk)]
    return "\n".join(lines) + "\n"


def flow(value: object) -> str:
    """A value as YAML on one line, which reads as the same value."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(name)}: {flow(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return _text(value) if isinstance(value, str) else str(value)


def _choices(key: str, desk: Desk) -> Iterator[str]:
    if key == "when":
        usual = [fact for name, fact in desk.facts.items() if name in desk.usual]
        for fact in usual:
            yield from listed(fact.name, fact.labels or ("a number",))
        yield from listed("more facts" if usual else "facts", [name for name in desk.facts if name not in desk.usual])
    elif key == "then":
        for name, labels in desk.decision.outputs.items():
            yield from listed(name, labels)
    elif key == "source":
        yield from listed("sources in pack.yaml", desk.pack.sources)


def listed(name: str, words: Collection[str]) -> list[str]:
    """A comment that lists what there is."""
    text = f"{name}: {', '.join(words) or 'none'}"
    return textwrap.wrap(text, _WIDTH, initial_indent="#   ", subsequent_indent="#     ", break_on_hyphens=False)


def comment(text: str) -> list[str]:
    """A text as lines of a comment."""
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _entry(key: str, value: object) -> list[str]:
    if key == "examples" and isinstance(value, tuple):
        named = [example.model_dump(exclude_none=True) for example in value]
        return ["examples:", *(f"  - {name}: {flow(facts)}" for each in named for name, facts in each.items())]
    if not isinstance(value, Mapping) or not value:
        return [f"{key}: {flow(value)}"]
    entries = {name: part if isinstance(part, Condition) else Condition((part,)) for name, part in value.items()}
    return [f"{key}:", *(f"  {name}: {_condition(part)}" for name, part in entries.items())]


def _condition(condition: Condition) -> str:
    if condition.is_range:
        bounds = {"at_least": condition.at_least, "below": condition.below}
        return flow({name: bound for name, bound in bounds.items() if bound is not None})
    labels = [label == "true" if label in YES_NO else label for label in condition.labels]
    either = labels if len(labels) > 1 else labels[0]
    return flow({"not": either}) if condition.negated else flow(either)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and read(f"[{text}]".encode(), "").data == [text]:
        return text
    quoted: str = yaml.safe_dump(text, default_style='"', width=10**6, allow_unicode=True)
    return quoted.strip()

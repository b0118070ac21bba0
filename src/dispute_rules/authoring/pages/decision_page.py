"""The page of a decision: what it may answer, its rules as a table, and each rule with all that it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dispute_rules.authoring.pages.decision_table import HIT_POLICIES, HOW_TO_READ, Table, table_of
from dispute_rules.authoring.pages.links import INDEX, Links, bullets
from dispute_rules.authoring.pages.markup import code, link, markdown
from dispute_rules.authoring.pages.table_pages import markdown_table, pipes
from dispute_rules.authoring.versions import Version
from dispute_rules.pack.files import DecisionFile, RuleFile
from dispute_rules.pack.written import Pack, WrittenDecision, WrittenRule
from dispute_rules.phrases import ENGLISH


def decision_page(pack: Pack, decision: WrittenDecision, links: Links) -> Iterator[str]:
    """The paragraphs of the page."""
    file = decision.file
    yield f"# {markdown(pack.name)} - {decision.name}"
    yield f"**{markdown(file.question)}**"
    yield f"A decision of {link(markdown(pack.title), INDEX)}. Hit policy: {HIT_POLICIES[file.policy]}."
    yield "## Outputs - what the answer may be"
    answers = [(output, label, words) for output, labels in file.outputs.items() for label, words in labels.items()]
    yield pipes(("output", "label", "in words"), (map(markdown, answer) for answer in answers))
    yield from _better(file)
    tables = _tables(pack, decision.name)
    for table in tables:
        yield f"## Table - the rules in force {table.in_force}"
        yield markdown(HOW_TO_READ)
        yield markdown_table(table, lambda kind, name: links.target(name) if kind == "fact" else f"#{name}")
    yield "## Rules - one by one"
    rules = {rule.name: rule for rule in decision.rules}
    for name in dict.fromkeys([*(row.name for table in tables for row in table.rows), *rules]):
        yield from _rule(decision, rules[name], links)


def _better(file: DecisionFile) -> Iterator[str]:
    for output, levels in file.better.items():
        yield f"What this pack judges to be better for the person, the best first. No other `{output}` is compared."
        words = file.outputs[output]
        yield bullets(" or ".join(f"{markdown(words[label])} (`{label}`)" for label in level) for level in levels)


def _tables(pack: Pack, decision: str) -> list[Table]:
    """The newest first; editions in which the same rules are in force share one."""
    tables: list[Table] = []
    for day in reversed(pack.starts):
        table = table_of(Version(pack, day), decision)
        if tables and tables[-1].rows == table.rows:
            table = replace(table, until=tables.pop().until)
        tables.append(table)
    return tables


def _rule(decision: WrittenDecision, rule: WrittenRule, links: Links) -> Iterator[str]:
    file = rule.file
    yield f"### {rule.name}"
    yield f"**{markdown(file.title)}**"
    yield markdown(file.because)
    yield "When all of this holds:" if file.when else "Always."
    yield bullets(links.conditions(file.when))
    yield "Then:"
    outputs = decision.file.outputs
    yield bullets(f"{markdown(outputs[name][label])} (`{name}`: `{label}`)" for name, label in file.then.items())
    yield "About this rule:"
    yield bullets(_about(decision, file, links))
    yield from _examples(file)


def _about(decision: WrittenDecision, file: RuleFile, links: Links) -> Iterator[str]:
    if file.unless:
        yield "Overridden by " + ", ".join(links.rule(decision.name, name) for name in file.unless)
    yield f"Basis: {file.basis}, {ENGLISH.say(f'basis.{file.basis}')}"
    if file.source:
        yield f"Sources: {links.sources(file.source)}"
    if file.contradicts:
        yield f"Sources that say otherwise: {links.sources(file.contradicts)}"
    if file.from_ or file.until:
        ends = (("from", file.from_), ("until", file.until))
        yield "In force " + " ".join(f"{word} {day}" for word, day in ends if day)


def _examples(file: RuleFile) -> Iterator[str]:
    kinds = {
        "It decides these cases:": [example.case for example in file.examples if example.case is not None],
        "It does not decide these, one step away:": [e.near for e in file.examples if e.near is not None],
    }
    for heading, cases in kinds.items():
        if cases:
            yield heading
            yield bullets(code(_case(facts)) for facts in cases)


def _case(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_value(value)}" for name, value in facts.items()) or "{}"


def _value(value: object) -> str:
    """As the files of a pack write it."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)

"""The page of a pack: what it is about, what is open in it, and all that its rules share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from dispute_rules.authoring.pages.decision_table import HIT_POLICIES
from dispute_rules.authoring.pages.links import Links, bullets, page_of
from dispute_rules.authoring.pages.markup import code, link, markdown
from dispute_rules.authoring.pages.shared_sections import sections
from dispute_rules.authoring.pages.table_pages import pipes
from dispute_rules.pack.kinds import Basis
from dispute_rules.pack.written import Pack, WrittenRule
from dispute_rules.phrases import ENGLISH


def index_page(pack: Pack, links: Links) -> Iterator[str]:
    """The paragraphs of the page."""
    yield f"# {markdown(pack.title)} - the rules and what they rest on"
    yield markdown(pack.file.about)
    parts: dict[str, Iterable[str]] = {
        "Decisions": _decisions(pack),
        "Open points": _open_points(pack, links),
        "Editions": _editions(pack, links),
    }
    parts |= sections(pack, links)
    yield "On this page: " + ", ".join(link(title, f"#{title.lower().replace(' ', '-')}") for title in parts)
    for title, paragraphs in parts.items():
        yield f"## {title}"
        yield from paragraphs


def _decisions(pack: Pack) -> Iterator[str]:
    yield "In the order in which they are made:"
    rows = (
        (link(code(d.name), page_of(d.name)), markdown(d.file.question), HIT_POLICIES[d.file.policy], f"{len(d.rules)}")
        for d in pack.decisions
    )
    yield pipes(("decision", "question", "hit policy", "rules"), rows)


def _open_points(pack: Pack, links: Links) -> Iterator[str]:
    rules = [(decision.name, rule) for decision in pack.decisions for rule in decision.rules]
    inferred = [(name, rule) for name, rule in rules if rule.file.basis is Basis.INFERRED]
    contradicted = [(name, rule) for name, rule in rules if rule.file.contradicts]
    yield f"Rules of basis `inferred` ({ENGLISH.say('basis.inferred')}): {len(inferred)} of {len(rules)}."
    if inferred:
        yield pipes(("decision", "rule", "what it says"), ((d, *_told(d, rule, links)) for d, rule in inferred))
    yield f"Rules that some sources contradict: {len(contradicted)} of {len(rules)}."
    if contradicted:
        rows = ((d, *_told(d, rule, links), links.sources(rule.file.contradicts)) for d, rule in contradicted)
        yield pipes(("decision", "rule", "what it says", "sources that say otherwise"), rows)


def _told(decision: str, rule: WrittenRule, links: Links) -> tuple[str, str]:
    return links.rule(decision, rule.name), f"{markdown(rule.file.title)}: {markdown(rule.file.because)}"


def _editions(pack: Pack, links: Links) -> Iterator[str]:
    for day in pack.starts:
        yield f"From {day}:"
        yield bullets([*_changes(pack, links, day)] or ["the rules of the pack begin"])


def _changes(pack: Pack, links: Links, day: date) -> Iterator[str]:
    """What is otherwise from a day on."""
    for name, parameter in pack.file.parameters.items():
        values = [value for value in parameter.values if value.from_ <= day]
        if len(values) > 1 and values[-1].from_ == day:
            unit = parameter.unit.replace("_", " ")
            yield f"{links.parameter(name)}: {values[-2].value} → {values[-1].value} {unit}"
    for decision in pack.decisions:
        for rule in decision.rules:
            if rule.file.from_ == day:
                yield f"{links.rule(decision.name, rule.name)} of `{decision.name}` comes into force"
            if rule.file.until and rule.file.until + timedelta(days=1) == day:
                yield f"{links.rule(decision.name, rule.name)} of `{decision.name}` is no longer in force"

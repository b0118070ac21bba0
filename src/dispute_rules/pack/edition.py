"""From a pack as written to the edition in force on a day: what rules accept becomes sets of labels."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

from dispute_rules.errors import CaseError, Problem
from dispute_rules.facts import Fact, Kind
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Assumed, Barred, Box, Cite, Decision, Edition, Parameter, Rule, Scale, Words
from dispute_rules.pack.scope import NUMERIC, base_facts, case_facts, late_facts
from dispute_rules.pack.written import Pack, WrittenDecision, WrittenRule

if TYPE_CHECKING:
    from dispute_rules.pack.conditions import Condition, When
    from dispute_rules.pack.files import Assumption, ParameterValue, RuleFile, Source


def edition_on(pack: Pack, day: date) -> Edition:
    """The edition in force on a day; each is made once.

    Raises:
        CaseError: the pack has no rules for that day.
    """
    starts = pack.starts
    index = bisect_right(starts, day) - 1
    if index < 0:
        message = f"the pack `{pack.name}` has no rules for {day}"
        raise CaseError([Problem("today", "before-first-edition", message, f"give a day from {starts[0]} on")])
    since = starts[index]
    if since not in pack.editions:
        pack.editions[since] = _in_force(pack, since)
    return pack.editions[since]


def parameter_on(pack: Pack, name: str, day: date) -> Parameter:
    """A parameter as it is in force on a day."""
    written = pack.file.parameters[name]
    now = _value_on(written.values, day)
    cited = tuple(_cites(pack, now.source))
    return Parameter(name, written.title, now.value, written.unit, now.from_, cited)


def finely_cut(pack: Pack, since: date) -> Edition:
    """The edition that begins on a day, with numbers cut at the thresholds of all editions, and one unit around each.

    So the labels are the same in all of them, and finer than any rule needs.
    """
    return _in_force(pack, since, finely=True)


def _in_force(pack: Pack, since: date, *, finely: bool = False) -> Edition:
    file = pack.file
    rules = {d.name: [r for r in d.rules if _holds(r.file, since)] for d in pack.decisions}
    whens = [rule.file.when for written in rules.values() for rule in written]
    whens += [entry.when for entry in file.assume] + [entry.when for entry in file.impossible]
    scales = _scales(whens)
    if finely:
        ever = _scales([*whens, *(rule.file.when for decision in pack.decisions for rule in decision.rules)])
        scales = {name: _finer(ever[name], base_facts(file)[name].kind) for name in scales}
    facts = {
        name: fact._replace(labels=scales[name].labels) if name in scales else fact
        for name, fact in base_facts(file).items()
        if any(name in when for when in whens)
    }
    compiler = _Compiler(pack, facts, scales)
    kinds = {name: fact.kind for name, fact in case_facts(file).items()}
    late = late_facts(file)
    assumed = tuple(compiler.assumed(entry) for entry in file.assume)
    return Edition(
        pack=pack.name,
        title=pack.title,
        language=pack.file.language,
        content_hash=pack.content_hash,
        since=since,
        kinds=kinds,
        days=tuple(name for name, kind in kinds.items() if kind is Kind.DATE),
        numbers=tuple(name for name, kind in kinds.items() if kind in NUMERIC),
        facts=facts,
        late={name: late[name] for name in facts if name in late},
        scales=scales,
        decisions=tuple(compiler.decision(d, rules[d.name]) for d in pack.decisions),
        assumed=assumed,
        assumed_numbers=tuple(entry for entry in assumed if entry.number is not None),
        assumed_by_fact={fact: tuple(entry for entry in assumed if entry.fact == fact) for fact in facts},
        barred=tuple(
            Barred(compiler.box(entry.when), entry.given, entry.because, entry.help) for entry in file.impossible
        ),
        words={name: Words(words.question or "", words.labels) for name, words in file.facts.items()},
        parameters={name: (_value_on(p.values, since).value, p.unit) for name, p in file.parameters.items()},
        dates=file.dates,
        amounts=file.amounts,
        comparisons=file.comparisons,
        evidence=frozenset(label for d in pack.decisions for label in d.file.outputs.get("evidence", ())),
        phrases=pack.phrases,
    )


def _holds(rule: RuleFile, day: date) -> bool:
    return (rule.from_ is None or rule.from_ <= day) and (rule.until is None or day <= rule.until)


def _value_on(values: Iterable[ParameterValue], day: date) -> ParameterValue:
    return [value for value in values if value.from_ <= day][-1]


def _scales(whens: Iterable[When]) -> dict[str, Scale]:
    cuts: dict[str, set[Decimal]] = {}
    for name, condition in ((name, c) for when in whens for name, c in when.items() if c.is_range):
        cuts.setdefault(name, set()).update(b for b in (condition.at_least, condition.below) if b is not None)
    return {name: Scale(tuple(sorted(bounds))) for name, bounds in cuts.items()}


def _finer(scale: Scale, kind: Kind) -> Scale:
    """A unit is one in the last place of a threshold as it is written. No count is below 1, no amount below 0."""
    lowest = {Kind.COUNT: Decimal(1), Kind.AMOUNT: Decimal(0)}.get(kind)
    units = [(cut, Decimal(1).scaleb(min(0, int(cut.as_tuple().exponent)))) for cut in scale.cuts]
    between = {number for cut, unit in units for number in (cut - unit, cut + unit)}
    return Scale(tuple(sorted({*scale.cuts, *(cut for cut in between if lowest is None or cut > lowest)})))


class _Compiler:
    """Conditions to boxes; outputs of decisions become facts as the decisions are compiled in their order."""

    def __init__(self, pack: Pack, facts: Mapping[str, Fact], scales: Mapping[str, Scale]) -> None:
        self._pack = pack
        self._labels = {name: fact.labels for name, fact in facts.items()}
        self._scales = scales

    def box(self, when: When) -> Box:
        return {name: self._accepted(name, condition) for name, condition in when.items()}

    def _accepted(self, name: str, condition: Condition) -> frozenset[str]:
        if condition.is_range:
            return self._scales[name].between(condition.at_least, condition.below)
        named = frozenset(condition.labels)
        return frozenset(self._labels[name]) - named if condition.negated else named

    def assumed(self, entry: Assumption) -> Assumed:
        number = None if isinstance(entry.value, str) else Decimal(entry.value)
        scale = self._scales.get(entry.fact)
        label = str(entry.value) if number is None else scale.label(number) if scale else ""
        return Assumed(entry.fact, label, number, self.box(entry.when), entry.given, entry.because)

    def decision(self, written: WrittenDecision, rules: list[WrittenRule]) -> Decision:
        ordered = _overriders_first(rules)
        index = {rule.name: i for i, rule in enumerate(ordered)}
        compiled = tuple(self._rule(written.name, rule, index) for rule in ordered)
        if written.file.policy is Policy.ANY:
            self._labels |= {name: tuple(labels) for name, labels in written.file.outputs.items()}
        reads = tuple(dict.fromkeys(name for rule in compiled for name in rule.box))
        return Decision(written.name, written.file.question, written.file.policy, written.file.outputs, compiled, reads)

    def _rule(self, decision: str, rule: WrittenRule, index: Mapping[str, int]) -> Rule:
        file = rule.file
        return Rule(
            name=f"{self._pack.name}/{decision}/{rule.name}",
            box=self.box(file.when),
            then=file.then,
            unless=tuple(sorted(index[name] for name in file.unless if name in index)),
            title=file.title,
            because=file.because,
            basis=str(file.basis),
            cites=tuple(_cites(self._pack, file.source)),
            contradicts=tuple(_cites(self._pack, file.contradicts)),
        )


def _cites(pack: Pack, citations: Iterable[str]) -> Iterator[Cite]:
    for citation in citations:
        name, _, anchor = citation.partition("#")
        source: Source = pack.file.sources[name]
        url = f"{source.url}#{anchor}" if anchor else source.url
        yield Cite(citation, source.title, url, source.dated, source.confidence)


def _overriders_first(rules: Iterable[WrittenRule]) -> list[WrittenRule]:
    by_name = {rule.name: rule for rule in sorted(rules, key=lambda rule: rule.name)}
    order = TopologicalSorter({name: [n for n in rule.file.unless if n in by_name] for name, rule in by_name.items()})
    return [by_name[name] for name in order.static_order()]

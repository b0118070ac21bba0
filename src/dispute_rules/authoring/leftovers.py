"""What stands in a pack and nothing uses, and what is still to be written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from dispute_rules.authoring.finding import Finding
from dispute_rules.pack.files import PackFile, RuleFile
from dispute_rules.pack.model import PROOF
from dispute_rules.pack.scope import RECOMMENDED, inputs_of, own_facts
from dispute_rules.pack.written import Pack

TODO = "TODO"
"""What stands where a text is to be written."""


def leftovers(pack: Pack) -> Iterator[Finding]:
    """Sources, parameters, facts, dates, amounts, comparisons, assumptions, changes and labels without use."""
    file = pack.file
    rules = [rule.file for decision in pack.decisions for rule in decision.rules]
    looked_at = _looked_at(file, rules)
    used = {
        "sources": _cited(file, rules),
        "parameters": {name for spec in file.dates.values() for name in spec.span.days or ()},
        "dates": looked_at
        | _summed(file)
        | _said(pack, "date")
        | {name for spec in file.dates.values() for name in spec.span.after}
        | {event.not_before for event in file.events.values() if event.not_before},
        "amounts": {"cap", *_said(pack, "amount"), *_summed(file)},
        "comparisons": looked_at,
        "changes": _bearing_on_what_is_better(pack),
    }
    for section, names in used.items():
        for name in getattr(file, section):
            if name not in names:
                yield _unused(pack, section, name)
    needed = (
        looked_at | _summed(file) | _said(pack, "date") | {n for spec in file.dates.values() for n in spec.span.after}
    )
    for name in own_facts(file):
        if name not in needed:
            yield _unused(pack, "facts", name)
    for entry in file.assume:
        if entry.fact not in needed:
            yield _unused(pack, "assume", entry.fact)
    yield from _ordered_in_vain(pack)
    yield from _unsaid(pack)
    yield from _unwritten(pack)


def _unused(pack: Pack, section: str, name: str) -> Finding:
    message = f"nothing uses `{name}` of `{section}`"
    return Finding("unused", (f"{pack.place}/pack.yaml",), message, "use it or take it out")


def _cited(file: PackFile, rules: list[RuleFile]) -> set[str]:
    citations = [citation for rule in rules for citation in (*rule.source, *rule.contradicts)]
    citations += [c for parameter in file.parameters.values() for value in parameter.values for c in value.source]
    citations += [citation for spec in file.amounts.values() for citation in spec.source]
    citations += [citation for change in file.changes.values() for citation in change.source]
    return {citation.partition("#")[0] for citation in citations}


def _looked_at(file: PackFile, rules: list[RuleFile]) -> set[str]:
    whens = [rule.when for rule in rules] + [entry.when for entry in file.assume] + [e.when for e in file.impossible]
    given = [entry.given for entry in file.assume] + [entry.given for entry in file.impossible]
    return {name for when in whens for name in when} | {name for name in given if name}


def _summed(file: PackFile) -> set[str]:
    """What comparisons and amounts are made of."""
    names = [name for spec in file.comparisons.values() for name in (spec.compare, spec.with_)]
    return inputs_of(file, *names) | {part for spec in file.amounts.values() for part in spec.inputs}


def _bearing_on_what_is_better(pack: Pack) -> set[str]:
    """All that the outputs rest on whose labels are ordered."""
    file = pack.file
    reads = {o: {n for rule in d.rules for n in rule.file.when} for d in pack.decisions for o in d.file.outputs}
    left = [output for decision in pack.decisions for output in decision.file.better]
    found: set[str] = set()
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += reads.get(name, ())
            left += ["evidence"] if name == PROOF.name else []  # the fact, and the output of the same name
            left += ["amount", *file.amounts] if name == RECOMMENDED else []
            left += file.amounts[name].inputs if name in file.amounts else ()
            left += [*file.dates[name].span.after, "today"] if name in file.dates else []
            left += [file.comparisons[name].compare, file.comparisons[name].with_] if name in file.comparisons else []
    return found


def _said(pack: Pack, output: str) -> set[str]:
    return {rule.file.then[output] for d in pack.decisions for rule in d.rules if output in rule.file.then}


def _ordered_in_vain(pack: Pack) -> Iterator[Finding]:
    for decision in pack.decisions if not pack.file.changes else ():
        for output in decision.file.better:
            message = f"nothing uses `{output}` of `better`"
            help = "say in `changes` of pack.yaml what a person can change, or take it out"
            yield Finding("unused", (f"{pack.place}/{decision.name}/decision.yaml",), message, help)


def _unsaid(pack: Pack) -> Iterator[Finding]:
    for decision in pack.decisions:
        for output, words in decision.file.outputs.items():
            said = _said(pack, output)
            for label in words:
                if label not in said:
                    message = f"no rule ever says `{output}: {label}`"
                    place = f"{pack.place}/{decision.name}/decision.yaml"
                    yield Finding("unused", (place,), message, "take the label out, or write the rule")


def _unwritten(pack: Pack) -> Iterator[Finding]:
    """Texts that a new rule begins with."""
    files: list[tuple[str, BaseModel]] = [(f"{pack.place}/pack.yaml", pack.file)]
    for decision in pack.decisions:
        files.append((f"{pack.place}/{decision.name}/decision.yaml", decision.file))
        files += [(rule.place, rule.file) for rule in decision.rules]
    for place, file in files:
        for key in _keys_to_do(file, ""):
            yield Finding("to-do", (place,), f"`{key}` still reads `{TODO}`", "write it")


def _keys_to_do(value: object, key: str) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(TODO):
        yield key
    elif isinstance(value, BaseModel | Mapping):
        for name, part in value.items() if isinstance(value, Mapping) else value:
            yield from _keys_to_do(part, str(name))
    elif isinstance(value, tuple):
        for part in value:
            yield from _keys_to_do(part, key)

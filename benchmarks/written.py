"""Made-up packs as YAML, worded at about the length of real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from benchmarks.universe import Box, Example, Labels, MadeRule

_BECAUSE = "The guide says of such orders that what was agreed on counts, unless the buyer caused the problem"


def pack_yaml(facts: Labels, barred: Iterable[Box], decisions: Sequence[str]) -> str:
    """`pack.yaml`."""
    own = {name: labels for name, labels in facts.items() if name != "ground"}
    lines = [
        "title: Made up",
        "about: Rules made up for measuring.",
        "from: 2020-01-01",
        "sources:",
        "  guide: {title: A guide, by: Nobody, url: https://example.org/guide, confidence: low}",
        "facts:",
        *(["  ground: {question: What is wrong?}"] if "ground" in facts else []),
        *(f"  {name}: {_fact(name, labels)}" for name, labels in own.items()),
        *(["assume:"] if own else []),
        *(f"  - {{{name}: {labels[0]}, because: Most orders are like that.}}" for name, labels in own.items()),
        *_impossible(barred),
        f"decisions: [{', '.join(decisions)}]",
    ]
    return "\n".join(lines).replace("facts:\nassume", "assume").replace("facts:\ndecisions", "decisions") + "\n"


def _fact(name: str, labels: Sequence[str]) -> str:
    question = f"question: What is to be said of {name}?"
    if "true" in labels:
        return f"{{kind: yes_no, {question}}}"
    return f"{{kind: label, {question}, labels: {{{', '.join(f'{label}: It is {label}' for label in labels)}}}}}"


def _impossible(barred: Iterable[Box]) -> list[str]:
    lines = [
        f"  - {{when: {_when(box)}, because: These two exclude each other., help: Leave one of them out.}}"
        for box in barred
    ]
    return ["impossible:", *lines] if lines else []


def decision_yaml(output: str, answers: Iterable[str], *, collects: bool) -> str:
    """`decision.yaml`."""
    words = "\n".join(f"    {label}: In this case the answer is to {label}" for label in answers)
    policy = "collect" if collects else "any"
    return f"question: What follows for {output}?\npolicy: {policy}\noutputs:\n  {output}:\n{words}\n"


def rule_yaml(rule: MadeRule, output: str, examples: Iterable[Example], facts: Labels) -> str:
    """A rule, with its examples."""
    lines = [
        f"title: The {rule.name.replace('-', ' ')} of {output}",
        f"when: {_when(rule.box)}",
        f"then: {{{output}: {rule.then}}}",
        *([f"unless: [{', '.join(rule.unless)}]"] if rule.unless else []),
        "because: >-",
        f"  {_BECAUSE};",
        f"  that is what {rule.name} is about.",
        f"source: guide#{rule.name}",
        "basis: stated",
        "examples:",
        *(f"  - {'case' if e.decided else 'near'}: {_case(e.labels, facts)}" for e in examples),
    ]
    return "\n".join(lines) + "\n"


def _when(box: Box) -> str:
    return "{" + ", ".join(f"{name}: {_one_or_more(sorted(accepted))}" for name, accepted in box.items()) + "}"


def _one_or_more(labels: Sequence[str]) -> str:
    return labels[0] if len(labels) == 1 else f"[{', '.join(labels)}]"


def _case(labels: Mapping[str, str], facts: Labels) -> str:
    """Without what is assumed in any case."""
    given = {"ground": "damaged"} | {
        n: v for n, v in labels.items() if n == "ground" or (n in facts and v != facts[n][0])
    }
    return "{" + ", ".join(f"{name}: {label}" for name, label in given.items()) + "}"

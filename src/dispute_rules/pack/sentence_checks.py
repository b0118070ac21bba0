"""Whether the sentences of the dispute form rest on facts of a case, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dispute_rules.errors import Problem, did_you_mean, quote
from dispute_rules.facts import Fact, Kind
from dispute_rules.pack.conditions import Condition
from dispute_rules.pack.files import PackFile
from dispute_rules.pack.scope import case_facts
from dispute_rules.pack.yaml import Document, Path
from dispute_rules.phrases import placeholders

_WRITTEN = (Kind.DATE, Kind.AMOUNT, Kind.COUNT, Kind.NUMBER)


def check_sentences(document: Document, file: PackFile) -> None:
    """Note what is wrong with the section `form`."""
    facts = case_facts(file)
    labelled = {name: fact for name, fact in facts.items() if fact.labels}
    written = [name for name, fact in facts.items() if fact.kind in _WRITTEN]
    for name, sentence in file.form.items():
        here: Path = ("form", name)
        for fact, condition in sentence.when.items():
            check_condition(document, (*here, "when", fact), condition, labelled)
        for word in placeholders(sentence.say):
            if word not in written:
                help = did_you_mean(word, written)
                message = f"{quote(word)} in braces is no day, amount or number of a case"
                document.problem((*here, "say"), "bad-placeholder", message, help)
        if not sentence.when and not placeholders(sentence.say):
            help = "give `when`, or a day, an amount or a number in braces"
            document.problem(here, "bad-placeholder", "the sentence rests on no fact", help)


def check_condition(document: Document, path: Path, condition: Condition, facts: Mapping[str, Fact]) -> None:
    """Note what is wrong with a condition on one of these facts, which have labels."""
    name = str(path[-1])
    if name not in facts:
        message = f"{quote(name)} is no fact of a case that has labels"
        document.problem(path, "unknown-fact", message, did_you_mean(name, facts), key=True)
    elif condition.is_range:
        message = f"{quote(name)} is not compared in this way"
        document.problem(path, "bad-condition", message, "give one of its labels")
    else:
        _check_labels(document, path, condition, facts[name])


def _check_labels(document: Document, path: Path, condition: Condition, fact: Fact) -> None:
    for label in condition.labels:
        if label not in fact.labels:
            message = f"{quote(label)} is not a label of {quote(fact.name)}"
            document.problem(path, "unknown-label", message, did_you_mean(label, fact.labels))
    if condition.negated and {*condition.labels} >= {*fact.labels}:
        document.problem(path, "bad-condition", f"no label of {quote(fact.name)} is left", "leave one out of `not`")


def translated_otherwise(place: str, said: str, text: str) -> Iterator[Problem]:
    """Whether a translation does not have the placeholders of the text."""
    if sorted(placeholders(said)) != sorted(placeholders(text)):
        wanted = ", ".join(f"`{{{word}}}`" for word in placeholders(text)) or "none"
        message = f"{quote(said)} has other placeholders than the text"
        yield Problem(place, "bad-placeholder", message, f"in braces: {wanted}")

"""Every text of a pack that a person reads, by a key that stays: the file, and the way to the text within it.

`facts.received.question` stands in `pack.yaml`, `verdict/fake-but-usable.because` in the file of a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel

from dispute_rules.errors import quote
from dispute_rules.pack.files import Assumption, DecisionFile, FactWords, Impossible, PackFile
from dispute_rules.pack.scope import base_facts
from dispute_rules.pack.written import Pack, WrittenDecision
from dispute_rules.pack.yaml import Document
from dispute_rules.phrases import Phrases

Say = Callable[[str, str], str]
"""Given the key of a text and the text, what to say in its place."""
_Model = TypeVar("_Model", bound=BaseModel)
_TEXTS = ("title", "about", "by", "dated", "question", "because", "help", "how", "say")


def check_names(document: Document, file: PackFile) -> None:
    """Note the entries of lists that have the same key as another one."""
    lists: Mapping[str, Iterable[Assumption | Impossible]] = {"assume": file.assume, "impossible": file.impossible}
    met: set[str] = set()
    for section, entries in lists.items():
        for index, entry in enumerate(entries):
            if entry.key in met:
                message = f"the texts of an entry above have the same key, {quote(entry.key)}"
                help = "give one of the two a `name`, a word or two on what is special about it"
                document.problem((section, index), "missing-name", message, help)
            met.add(entry.key)


def texts(pack: Pack) -> dict[str, str]:
    """All texts by their keys. A label for which the pack has no words is itself what a buyer reads."""
    found: dict[str, str] = {}
    reworded(pack, found.setdefault)
    return found


def reworded(pack: Pack, say: Say) -> Pack:
    """The pack with other texts, and the same in all else."""
    file = _shared(pack.file, say)
    decisions = tuple(_decision(decision, say) for decision in pack.decisions)
    phrases = Phrases({key: say(f"phrases.{key}", text) for key, text in pack.phrases.texts.items()})
    return pack.saying(file, decisions, phrases)


def _shared(file: PackFile, say: Say) -> PackFile:
    said = _said(file, "", say)
    labels = {name: fact.labels for name, fact in base_facts(file).items()}
    sections = {
        "sources": {name: _said(part, f"sources.{name}.", say) for name, part in file.sources.items()},
        "parameters": {name: _said(part, f"parameters.{name}.", say) for name, part in file.parameters.items()},
        "facts": {name: _fact(part, f"facts.{name}.", labels.get(name, ()), say) for name, part in file.facts.items()},
        "assume": tuple(_said(entry, f"{entry.key}.", say) for entry in file.assume),
        "impossible": tuple(_said(entry, f"{entry.key}.", say) for entry in file.impossible),
        "events": {name: _said(part, f"events.{name}.", say) for name, part in file.events.items()},
        "form": {name: _said(part, f"form.{name}.", say) for name, part in file.form.items()},
        "changes": {name: _said(part, f"changes.{name}.", say) for name, part in file.changes.items()},
    }
    return said.model_copy(update=sections)


def _fact(words: FactWords, key: str, labels: Iterable[str], say: Say) -> FactWords:
    """Words for a label that has none so far may be said, too."""
    said = _said(words, key, say)
    every = _labels({label: words.labels.get(label, label) for label in labels}, f"{key}labels.", say)
    given = {label: text for label, text in every.items() if label in words.labels or text != label}
    return said.model_copy(update={"labels": given})


def _decision(decision: WrittenDecision, say: Say) -> WrittenDecision:
    key = f"{decision.name}/decision."
    said: DecisionFile = _said(decision.file, key, say)
    outputs = {name: _labels(words, f"{key}outputs.{name}.", say) for name, words in said.outputs.items()}
    rules = [rule._replace(file=_said(rule.file, f"{decision.name}/{rule.name}.", say)) for rule in decision.rules]
    return decision._replace(file=said.model_copy(update={"outputs": outputs}), rules=tuple(rules))


def _said(part: _Model, key: str, say: Say) -> _Model:
    given = {name: text for name, text in part if name in _TEXTS and type(text) is str}  # `by` may be a label
    if _is_a_day(given.get("dated")):
        del given["dated"]
    return part.model_copy(update={name: say(f"{key}{name}", text) for name, text in given.items()})


def _is_a_day(dated: str | None) -> bool:
    """As a number it is the same in every language."""
    return dated is not None and not any(map(str.isalpha, dated))


def _labels(words: Mapping[str, str], key: str, say: Say) -> dict[str, str]:
    return {label: say(f"{key}{label}", text) for label, text in words.items()}

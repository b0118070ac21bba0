"""What facts, outputs and their labels are called for a person, in the pack's own words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dispute_rules.facts import YES_NO
from dispute_rules.pack.model import Edition


class Wording:
    """The words of an edition."""

    def __init__(self, edition: Edition) -> None:
        """Look up the outputs; they are asked by the question of their decision."""
        self.phrases = edition.phrases
        self._edition = edition
        self._decision = {name: decision for decision in edition.decisions for name in decision.outputs}

    def question(self, name: str) -> str:
        """How a fact or an output is asked for; its name, if the pack does not say."""
        if name in self._decision:
            return self._decision[name].question
        words = self._edition.words.get(name)
        return words.question if words and words.question else name

    def answer(self, name: str, label: str) -> str:
        """What a label means."""
        if name in self._decision:
            return self._decision[name].outputs[name].get(label, label)
        if ".." in label:
            low, _, high = label.partition("..")
            return self.phrases.between(low, high)
        said = self._edition.words[name].labels.get(label, label) if name in self._edition.words else label
        return self.phrases.say(f"label.{said}") if said in YES_NO else said

    def labels(self, name: str) -> tuple[str, ...]:
        """The labels that a fact or an output may have, in the pack's order."""
        return tuple(self._decision[name].outputs[name]) if name in self._decision else self._edition.facts[name].labels

    def any_of(self, name: str, accepted: Collection[str]) -> str:
        """What several labels mean, any of which will do."""
        labels = self.labels(name)
        if name in self._edition.scales:
            return self.phrases.either(self.phrases.between(*ends) for ends in _ranges(labels, accepted))
        others = [label for label in labels if label not in accepted]
        negated = 0 < len(others) < len(accepted)
        named = others if negated else [label for label in labels if label in accepted]
        return self.phrases.any_of((self.answer(name, label) for label in named), negated=negated)


def _ranges(labels: Collection[str], accepted: Collection[str]) -> Iterator[tuple[str, str]]:
    """The ends of the ranges that labels make which follow one another."""
    start: str | None = None
    end = ""
    for label in labels:
        low, _, high = label.partition("..")
        if label in accepted:
            start, end = low if start is None else start, high
        elif start is not None:
            yield start, end
            start = None
    if start is not None:
        yield start, end

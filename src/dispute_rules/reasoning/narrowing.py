"""What follows of unknown facts from combinations that are impossible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dispute_rules.pack.model import Box, Edition

Labels = Mapping[str, frozenset[str]]


def narrowed(edition: Edition, certain: Mapping[str, str], given: frozenset[str]) -> tuple[Labels, list[Box]]:
    """The labels that each fact can still have, as far as single combinations tell, and the combinations left to mind.

    `given` are the facts of the case by which some combinations go.
    """
    labels = {
        name: frozenset([certain[name]] if name in certain else fact.labels) for name, fact in edition.facts.items()
    }
    boxes = [entry.box for entry in edition.barred if entry.given is None or entry.given in given]
    left: list[Box] = []
    while boxes != left:
        left, boxes = boxes, [box for box in _reduced(boxes, labels) if not _cut(labels, box)]
    return labels, boxes


def _reduced(boxes: Iterable[Box], labels: Labels) -> Iterable[Box]:
    """What is left of those that can still be met."""
    for box in boxes:
        if all(labels[name] & accepted for name, accepted in box.items()):
            yield {name: accepted for name, accepted in box.items() if not labels[name] <= accepted}


def _cut(labels: dict[str, frozenset[str]], box: Box) -> bool:
    """Whether a combination is about one fact alone, which then cannot have its labels."""
    if len(box) == 1:
        ((name, accepted),) = box.items()
        labels[name] -= accepted
    return len(box) == 1

"""From a decision diagram to the boxes of labels that lead through it: few, and as wide as may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from dispute_rules.pack.model import Box
from dispute_rules.reasoning.diagram import End, Fork, Place

_MOST_PATHS = 2000  # looked at; there may be as many as there are situations


def ways_to(end: End, place: Place, labels: Mapping[str, tuple[str, ...]]) -> list[Box]:
    """Boxes that lead from a place to an end, the widest first. No situation is in two of them.

    `labels` are those of each fact; one that a box does not name may have any. They are all boxes there are, unless
    there are very many.
    """
    every = {name: frozenset(all_labels) for name, all_labels in labels.items()}
    boxes = _merged(islice(_paths(end, place), _MOST_PATHS), every)
    return sorted(boxes, key=lambda box: (len(box), _share(box, labels)))


def _paths(end: End, place: Place) -> Iterator[Box]:
    if place == end:
        yield {}
    elif isinstance(place, Fork):
        for onward, together in _branches(place):
            for path in _paths(end, onward):
                yield {place.fact: together, **path}


def _branches(fork: Fork) -> Iterator[tuple[Place, frozenset[str]]]:
    """Where a fork leads, each with all labels that lead there."""
    found: dict[object, tuple[Place, list[str]]] = {}
    for label, place in fork.ways.items():
        found.setdefault(place if isinstance(place, tuple) else id(place), (place, []))[1].append(label)
    return ((place, frozenset(labels)) for place, labels in found.values())


def _merged(paths: Iterable[Box], every: Box) -> list[Box]:
    """Join boxes that differ in the labels of one fact only, as long as there are any."""
    boxes = {frozenset(path.items()) for path in paths}
    merging = True
    while merging:
        before = len(boxes)
        for name in every:
            boxes = _merged_by(name, boxes, every[name])
        merging = len(boxes) < before
    return [dict(box) for box in boxes]


def _merged_by(
    name: str, boxes: Iterable[frozenset[tuple[str, frozenset[str]]]], every: frozenset[str]
) -> set[frozenset[tuple[str, frozenset[str]]]]:
    labels: dict[frozenset[tuple[str, frozenset[str]]], frozenset[str]] = {}
    for box in boxes:
        rest = frozenset(side for side in box if side[0] != name)
        labels[rest] = labels.get(rest, frozenset()) | dict(box).get(name, every)
    return {rest if found == every else rest | {(name, found)} for rest, found in labels.items()}


def _share(box: Box, labels: Mapping[str, tuple[str, ...]]) -> tuple[object, ...]:
    """To put boxes in an order that is the same each time."""
    return tuple((name, [label in box[name] for label in labels[name]]) for name in labels if name in box)

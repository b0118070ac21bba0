"""The meaning of a rule, in plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispute_rules.engine.boxes import Boxes, indexes
from dispute_rules.pack.model import Rule


class ReferenceEngine:
    """A rule matches when every fact that it looks at has one of the labels that it accepts."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        """Take the rules of one decision."""
        self._boxes = Boxes([rule.box for rule in rules])

    def matching(self, labels: Mapping[str, str]) -> frozenset[int]:
        """The indexes of the rules that match."""
        alive = self._boxes.all
        for fact in self._boxes.facts:
            alive &= self._boxes.surviving(fact, labels[fact])
        return frozenset(indexes(alive))

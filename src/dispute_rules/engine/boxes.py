"""Boxes as bits: a fact that is met with some label clears the bits of the boxes that do not accept it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dispute_rules.pack.model import Box


class Boxes:
    """Some boxes, each of them a bit."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        """The first is the lowest bit."""
        self.all = (1 << len(boxes)) - 1
        self._looking: dict[str, int] = {}
        self._accepting: dict[tuple[str, str], int] = {}
        for index, box in enumerate(boxes):
            for name, accepted in box.items():
                self._looking[name] = self._looking.get(name, 0) | 1 << index
                for label in accepted:
                    self._accepting[name, label] = self._accepting.get((name, label), 0) | 1 << index
        self.facts = tuple(self._looking)
        """What any of them looks at."""

    def surviving(self, name: str, label: str) -> int:
        """The bits that stay when a fact has a label."""
        return self.all & ~(self._looking.get(name, 0) & ~self._accepting.get((name, label), 0))


def indexes(bits: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest

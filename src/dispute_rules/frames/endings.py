"""How the disputes of many rows ended, as `ending.py` says of one."""

from __future__ import annotations

from collections.abc import Mapping

from dispute_rules.ending import READS
from dispute_rules.frames.coding import UNKNOWN, Codes
from dispute_rules.frames.decided import Decided
from dispute_rules.frames.rules import FULL
from dispute_rules.frames.walks import Column, Walk


class Endings:
    """Tells what labels rows have of the facts that tell how a dispute ended."""

    def __init__(self, codes: Codes) -> None:
        """Rules need not look at all of these facts."""
        self._codes = codes
        self._names = [name for name in READS if name in codes.labels]
        self._walk: Walk[tuple[int, ...]] = Walk(
            (), [(FULL + name, codes.size(name), lambda met, code: (*met, code)) for name in self._names]
        )

    def of(self, decided: Decided) -> tuple[Column, list[Mapping[str, str]]]:
        """Of each row a number, and the labels by these numbers."""
        at, met = self._walk.ends(decided.columns)
        return at, [self._labels(codes) for codes in met]

    def _labels(self, met: tuple[int, ...]) -> Mapping[str, str]:
        known = zip(self._names, met, strict=True)
        return {name: self._codes.labels[name][code - 1] for name, code in known if code != UNKNOWN}

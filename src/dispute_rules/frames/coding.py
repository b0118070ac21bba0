"""Labels as small numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

import polars as pl

UNKNOWN = 0  # the code of what is not known; the first label has the code 1


class Codes:
    """The codes of labels: of each name its place among the labels of that name."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        """Number the labels of each name."""
        self.labels = {name: tuple(each) for name, each in labels.items()}
        self._code = {name: {label: at for at, label in enumerate(each, 1)} for name, each in self.labels.items()}

    def of(self, name: str, label: str) -> int:
        """The code of a label."""
        return self._code[name][label]

    def size(self, name: str) -> int:
        """What all codes of a name are below."""
        return len(self.labels[name]) + 1


def any_of(conditions: Iterable[pl.Expr]) -> pl.Expr:
    """Whether any of some conditions holds; not if there are none."""
    return reduce(or_, conditions, pl.lit(value=False))

"""Labels as small numbers, and several of them packed into a few integers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_

import polars as pl

UNKNOWN = 0  # the code of what is not known; the first label has the code 1
_MOST = 2**62


class Codes:
    """The codes of labels: of each name its place among the labels of that name."""

    def __init__(self, labels: Mapping[str, Iterable[str]]) -> None:
        """Number the labels of each name."""
        self.labels = {name: tuple(each) for name, each in labels.items()}
        self._code = {name: {label: at for at, label in enumerate(each, 1)} for name, each in self.labels.items()}

    def of(self, name: str, label: str) -> int:
        """The code of a label."""
        return self._code[name][label]


def any_of(conditions: Iterable[pl.Expr]) -> pl.Expr:
    """Whether any of some conditions holds; not if there are none."""
    return reduce(or_, conditions, pl.lit(value=False))


def all_of(conditions: Iterable[pl.Expr]) -> pl.Expr:
    """Whether all of some conditions hold."""
    return reduce(and_, conditions, pl.lit(value=True))


class Packing:
    """Some small numbers as few integers, from which they can be read again."""

    def __init__(self, sizes: Mapping[str, int]) -> None:
        """Each number is at least 0 and below its size."""
        self._words: list[dict[str, int]] = [{}]
        product = 1
        for name, size in sizes.items():
            if product * size > _MOST:
                self._words.append({})
                product = 1
            self._words[-1][name] = size
            product *= size
        self.names = [f"word {at}" for at in range(len(self._words))]

    def packed(self, expressions: Mapping[str, pl.Expr]) -> list[pl.Expr]:
        """The integers that stand for the numbers."""
        return [_packed(word, expressions).alias(name) for name, word in zip(self.names, self._words, strict=True)]

    def unpacked(self) -> list[pl.Expr]:
        """The numbers, by their names, from the integers."""
        return [e for name, word in zip(self.names, self._words, strict=True) for e in _unpacked(name, word)]


def _packed(word: Mapping[str, int], expressions: Mapping[str, pl.Expr]) -> pl.Expr:
    total = pl.lit(0, pl.UInt64)
    for name, size in word.items():
        total = total * size + expressions[name].cast(pl.UInt64)
    return total


def _unpacked(column: str, word: Mapping[str, int]) -> Sequence[pl.Expr]:
    found, rest = [], pl.col(column)
    for name, size in reversed(list(word.items())):
        found.append((rest % size).cast(pl.UInt16 if size < 2**16 else pl.UInt32).alias(name))
        rest = rest // size
    return found

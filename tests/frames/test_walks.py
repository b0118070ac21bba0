"""A walk over many rows comes to what the steps come to one after another, whatever is kept and whichever are alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispute_rules.frames import walks
from dispute_rules.frames.walks import Column, Step, Walk

SIZES = {"a": 3, "b": 2, "c": 5, "d": 4}
Rows = list[tuple[int, ...]]


def _ways(name: str, state: str, label: int) -> str:
    """Some labels make no difference, and some states meet again."""
    return state if label == 0 else f"{state}{name}{label % 2}"[-6:]


STEPS: list[Step[str]] = [(name, size, partial(_ways, name)) for name, size in SIZES.items()]


def _expected(row: tuple[int, ...]) -> str:
    state = "begin"
    for (name, _, _), label in zip(STEPS, row, strict=True):
        state = _ways(name, state, label)
    return state


def _columns(rows: Rows, known: dict[str, int]) -> dict[str, Column]:
    columns = {name: pl.Series([row[at] for row in rows], dtype=pl.UInt32) for at, name in enumerate(SIZES)}
    return {**columns, **known}


ROWS = st.lists(st.tuples(*(st.integers(0, size - 1) for size in SIZES.values())), min_size=1, max_size=30)
KNOWN = st.dictionaries(st.sampled_from(sorted(SIZES)), st.just(1))


@pytest.mark.parametrize("most", [10**6, 0], ids=["kept", "forgotten each time"])
@settings(max_examples=60, derandomize=True, deadline=None)
@given(parts=st.lists(st.tuples(ROWS, KNOWN), min_size=1, max_size=4))
def test_rows_end_where_their_labels_lead(most: int, parts: list[tuple[Rows, dict[str, int]]]) -> None:
    walk = Walk("begin", STEPS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walks, "_MOST_PLACES", most)
        for rows, known in parts:
            full = [tuple(known.get(name, label) for name, label in zip(SIZES, row, strict=True)) for row in rows]
            at, ends = walk.ends(_columns(rows, known))
            numbers = [at] * len(rows) if isinstance(at, int) else at.to_list()
            assert [ends[number] for number in numbers] == list(map(_expected, full))


def _counted(met: list[str]) -> Callable[[str, int], str]:
    def ways(state: str, label: int) -> str:
        met.append(f"{state} {label}")
        return f"{state}{label}"

    return ways


def test_each_label_is_met_once_in_each_state() -> None:
    """That is what makes rows cheap; what is not there is unknown in all of them."""
    met: list[str] = []
    walk = Walk("", [("a", 3, _counted(met)), ("none", 9, _counted(met)), ("b", 2, _counted(met))])
    for _ in range(3):
        walk.ends({name: pl.Series([0, 1, 2, 1] * 50, dtype=pl.UInt32) % SIZES[name] for name in ("a", "b")})
    assert sorted(met) == sorted(set(met))
    assert len(met) == 3 + 3 + 3


def test_no_rows() -> None:
    at, _ = Walk("begin", STEPS).ends(_columns([], {}))
    assert isinstance(at, pl.Series)
    assert at.is_empty()

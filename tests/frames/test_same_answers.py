"""A frame says row for row what `advise` says, whatever the rows are and however their columns are typed."""

from __future__ import annotations

import datetime as dt
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from examples.many_orders import orders
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.facts import Kind
from dispute_rules.pack.edition import edition_on
from tests.conftest import GOOD_PACK, MakePack
from tests.frames.rows import TODAY, assert_same, facts_of, framed, random_rows

ROOT = Path(__file__).parents[2]
ALIEXPRESS = dr.Advisor()
PHONE_SHOP = dr.Advisor(ROOT / "examples/phone-shop/phone_shop")
_FEW = settings(max_examples=4, derandomize=True, deadline=None)
_SEEDS = st.integers(0, 2**32)


def _frame(advisor: dr.Advisor, seed: int, *, odd: int = 0) -> pl.DataFrame:
    rows = random_rows(advisor, Random(seed), 150, odd=odd)
    return framed(rows, advisor.Case.model_fields.keys() - {"events", "today"}).with_columns(today=TODAY)


@pytest.mark.parametrize("advisor", [ALIEXPRESS, PHONE_SHOP], ids=["aliexpress", "phone_shop"])
@pytest.mark.parametrize("odd", [0, 2, 20])
@_FEW
@given(seed=_SEEDS)
def test_any_rows(advisor: dr.Advisor, odd: int, seed: int) -> None:
    frame = _frame(advisor, seed, odd=odd)
    assert_same(advisor, facts_of(frame), advisor.advise_frame(frame).to_dicts())


def test_plausible_orders() -> None:
    frame = orders(700, seed=3)
    told = ALIEXPRESS.advise_frame(frame, keep=["order"])
    assert told["problems"].null_count() > 600
    assert told["order"].to_list() == frame["order"].to_list()
    assert_same(ALIEXPRESS, facts_of(frame.drop("order")), told.to_dicts())


@pytest.mark.parametrize("seed", range(4))
def test_editions_and_own_facts(make_pack: MakePack, seed: int) -> None:
    """The rows of each day by the rules in force on it, also before there are any."""
    advisor = dr.Advisor(make_pack())
    frame = _frame(advisor, seed).with_columns(
        today=pl.Series(
            [Random(seed + at).choice([dt.date(2019, 1, 1), dt.date(2021, 3, 1), TODAY]) for at in range(150)]
        ),
    )
    late = [name for name in frame.columns if name.endswith(("_on", "_by"))]
    frame = frame.with_columns(pl.col(name).dt.offset_by("-7y") for name in late if frame[name].dtype == pl.Date)
    assert_same(advisor, facts_of(frame), advisor.advise_frame(frame).to_dicts())


HARD_TO_FILL = """impossible:
  - when: {gift: true, colour: red, usability: unusable}
    because: Nobody buys that.
    help: Change one of them.
  - when: {gift: false, colour: [red, green], usability: unusable, proof: all}
    because: Nobody shows that.
    help: Change one of them.
  - when: {gift: false, colour: [red, green], proof: [none, some]}
    given: deposit
    because: Deposits on them come with papers.
    help: Change one of them.
"""
VALUES: dict[str, list[Any]] = {
    "ground": ["damaged", "fake"],
    "received": [None, False],
    "usability": [None, "usable", "unusable"],
    "gift": [None, True, False],
    "colour": [None, "red", "green", "blue"],
    "deposit": [None, 1],
    "evidence": [None, [], ["receipt"], ["photo"]],
    "age_months": [1],
}


def _every_row() -> pl.DataFrame:
    rows = [dict(zip(VALUES, values, strict=True)) for values in product(*VALUES.values())]
    return framed(rows, VALUES).with_columns(today=TODAY, handed_over_on=TODAY)


def test_what_is_assumed_may_be_impossible(make_pack: MakePack) -> None:
    """Then other labels are looked for; and once more when it is known how much of the evidence is at hand."""
    proof = "  - {proof: all, because: We take it that you show what is needed.}\n"
    pack = GOOD_PACK["pack.yaml"].replace("impossible:\n", HARD_TO_FILL).replace(proof, "")
    advisor = dr.Advisor(make_pack({"pack.yaml": pack.replace("assume:\n", f"assume:\n{proof}")}))
    for frame in _every_row().partition_by("usability", "deposit"):
        assert_same(advisor, facts_of(frame), advisor.advise_frame(frame).to_dicts())


def test_too_much_to_look_at_whole(make_pack: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no diagram of all situations, rows are looked at by their labels."""
    monkeypatch.setattr("dispute_rules.reasoning.space._MOST_PLACES", 25)
    advisor = dr.Advisor(make_pack())
    frame = _every_row()
    told = advisor.advise_frame(frame)
    assert_same(advisor, facts_of(frame), told.to_dicts())
    assert told["settled"].drop_nulls().n_unique() == 2


def test_labels_that_another_day_may_yet_change() -> None:
    """All is known but some days: the advice is settled only where none of these can make a difference."""
    edition = edition_on(ALIEXPRESS.pack, TODAY)
    labels = ALIEXPRESS.settle(ground="damaged", usability="unusable", received=True, confirmed=True).labels
    known: dict[str, Any] = {
        n: labels[n] for n, kind in edition.kinds.items() if n in labels and kind in (Kind.LABEL, Kind.YES_NO)
    }
    known |= dict.fromkeys(("quantity_ordered", "quantity_affected"), 1) | dict.fromkeys(("price", "shipping"), 20)
    days = {"ordered_on": 70, "shipped_on": 60, "promised_by": 30, "received_on": 12, "confirmed_on": 10}
    days |= {"protection_ends_on": -20}
    given = [dict(zip(days, some, strict=True)) for some in product((True, False), repeat=len(days))]
    rows = [
        known | {name: TODAY - dt.timedelta(ago) for name, ago in days.items() if some[name]} | {"today": TODAY}
        for some in given
    ]
    frame = framed(rows, [*known, *days, "today"])
    told = ALIEXPRESS.advise_frame(frame)
    assert_same(ALIEXPRESS, facts_of(frame), told.to_dicts())
    assert set(told["settled"]) == {True, False}


def test_however_a_dispute_ended() -> None:
    """Each stage with each result and each reason for a cancellation; most cannot be, and are refused alike."""
    kinds = {"stage": dr.Stage, "result": dr.Result, "cancel_reason": dr.CancelReason}
    labels = product(["damaged", "not_arrived"], *([None, *map(str, kind)] for kind in kinds.values()))
    frame = pl.DataFrame(list(labels), schema=["ground", *kinds], orient="row").with_columns(
        price=pl.lit("20"), today=pl.lit(str(TODAY))
    )
    told = ALIEXPRESS.advise_frame(frame).to_dicts()
    assert_same(ALIEXPRESS, facts_of(frame), told)
    solved = [
        row for row in told if (row["stage"], row["cancel_reason"], row["problems"]) == ("cancelled", "solved", None)
    ]
    assert [(row["rule"], row["settled"]) for row in solved] == [(None, True)] * len(solved)
    assert solved

"""Plausible orders that went wrong, made up: the same for the same seed. For the docs, tests and benchmarks.

python examples/many_orders.py 100000 orders.parquet [--seed 1]        also .csv and .jsonl
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

TODAY = dt.date(2026, 11, 20)
_UNKNOWN = 20  # of a hundred values
_GROUNDS = {
    "not_arrived": 34,
    "damaged": 14,
    "not_as_described": 14,
    "poor_quality": 12,
    "wrong_quantity": 7,
    "component_problem": 6,
    "fake": 5,
    "no_longer_needed": 3,
    "buyer_mistake": 2,
    "found_cheaper": 1,
    "wrong_delivery_method": 2,
}
_RESPONSES = {"none": 50, "silent": 10, "agrees": 8, "refuses": 14, "counter_offer": 14, "private_message": 4}
_ON_ITS_WAY = {"in_transit": 70, "none": 12, "held_by_customs": 6, "delivered_elsewhere": 6, "returned": 6}
_EVIDENCE = {"none": 3, "photos_of_goods": 5, "photos_of_goods;photos_of_package": 6, "listing_screenshot": 2}


class _Dice:
    """Numbers that look random, by the row, the seed and how many were drawn before."""

    def __init__(self, seed: int) -> None:
        self._drawn = seed * 1_000

    def below(self, limit: int | pl.Expr) -> pl.Expr:
        """A whole number from 0 on."""
        self._drawn += 1
        number = pl.col("order").cast(pl.UInt64) + self._drawn * 0x9E3779B97F4A7C15 % 2**64
        for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):  # splitmix64
            number = (number ^ (number // 2**30)) * pl.lit(factor, pl.UInt64)
        return ((number ^ (number // 2**31)) // 2**33 % limit).cast(pl.Int64)

    def often(self, percent: int) -> pl.Expr:
        return self.below(100) < percent

    def one_of(self, weights: Mapping[str, int]) -> pl.Expr:
        labels: Sequence[str] = [label for label, weight in weights.items() for _ in range(weight)]
        return self.below(len(labels)).replace_strict(range(len(labels)), labels, return_dtype=pl.String)

    def known(self, value: pl.Expr) -> pl.Expr:
        return pl.when(~self.often(_UNKNOWN)).then(value)


def _money(cents: pl.Expr) -> pl.Expr:
    return cents.cast(pl.Decimal(12, 2)) / 100


def orders(count: int, *, seed: int = 1, first: int = 0) -> pl.DataFrame:
    """So many orders, a fifth of what could be known of each unknown; `first` is the number of the first one."""
    dice = _Dice(seed)
    rows = pl.DataFrame({"order": pl.int_range(first, first + count, eager=True)})
    rows = rows.with_columns(
        dice.one_of(_GROUNDS).alias("ground"),
        (pl.lit(TODAY) - pl.duration(days=20 + dice.below(100))).cast(pl.Date).alias("shipped_on"),
        (500 + dice.below(500) * dice.below(20) * 2).alias(" price"),
        dice.one_of(_RESPONSES).alias("seller_response"),
    )
    arrived = pl.col("ground") != "not_arrived"
    goods = ~pl.col("ground").is_in(["not_arrived", "no_longer_needed", "buyer_mistake", "found_cheaper"])
    on_its_way = dice.one_of(_ON_ITS_WAY)
    received_on = pl.min_horizontal(pl.col("shipped_on") + pl.duration(days=7 + dice.below(40)), pl.lit(TODAY))
    opened_on = pl.max_horizontal(received_on, pl.lit(TODAY) - pl.duration(days=dice.below(12)))
    price, unusual = pl.col(" price"), dice.below(1000)
    too_soon = (pl.col("seller_response") == "silent") & (opened_on > pl.lit(TODAY) - pl.duration(days=7))
    answer = pl.when(too_soon).then(pl.lit("none")).otherwise("seller_response")
    return rows.select(
        "order",
        pl.when(unusual == 1).then(pl.lit("damagd")).otherwise(pl.col("ground")).alias("ground"),
        dice.known(arrived).alias("received"),
        dice.known(pl.when(goods).then(dice.one_of({"usable": 30, "impaired": 45, "unusable": 25}))).alias("usability"),
        pl.when(dice.often(25)).then(dice.one_of({"seller": 70, "carrier": 30})).alias("fault"),
        dice.known(pl.when(arrived).then(pl.lit("delivered")).otherwise(on_its_way)).alias("tracking"),
        dice.known(answer).alias("seller_response"),
        dice.known(pl.col("shipped_on")).alias("shipped_on"),
        dice.known((pl.col("shipped_on") + pl.duration(days=30 + dice.below(30))).cast(pl.Date)).alias("promised_by"),
        dice.known(pl.when(arrived).then(received_on.cast(pl.Date))).alias("received_on"),
        pl.when(pl.col("seller_response") != "none").then(opened_on.cast(pl.Date)).alias("opened_on"),
        dice.known(_money(pl.when(unusual == 2).then(-price).otherwise(price))).alias("price"),
        dice.known(_money(dice.below(3) * dice.below(300))).alias("shipping"),
        pl.when(dice.often(50)).then(_money(price // (1 + dice.below(3)))).alias("requested"),
        pl.when(pl.col("seller_response") == "counter_offer")
        .then(_money(price // (2 + dice.below(3))))
        .alias("offered"),
        pl.when(dice.often(60)).then(dice.one_of({"EUR": 6, "USD": 4})).alias("currency"),
        pl.when(dice.often(20)).then(dice.one_of(_EVIDENCE)).alias("evidence"),
        pl.lit(TODAY).alias("today"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Make up orders that went wrong.")
    parser.add_argument("count", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    frame = orders(options.count, seed=options.seed)
    if options.file.suffix == ".parquet":
        frame.write_parquet(options.file)
    elif options.file.suffix == ".jsonl":
        frame.write_ndjson(options.file)
    else:
        frame.write_csv(options.file)


if __name__ == "__main__":
    main()

"""A million cases as the columns of a table, and zen-engine beside them, case by case.

The cases are drawn evenly, so hardly two are alike: of labels, days and amounts a fifth is unknown, and days and
amounts are each case's own. Cases that are refused are left out. Processor time counts, of all threads together.
"""

from __future__ import annotations

from datetime import date
from statistics import median
from time import process_time

import numpy as np
import polars as pl

import dispute_rules as dr
from benchmarks.peers.engines import zen
from benchmarks.peers.single import Work, expected
from benchmarks.peers.translated import labels_of, tables
from dispute_rules.pack.edition import edition_on

_ROUNDS = 3
_ZEN_CASES = 3_000
_TODAY = date(2026, 3, 1)
_LABELS = {
    "ground": dr.Ground,
    "usability": dr.Usability,
    "fault": dr.Fault,
    "tracking": dr.Tracking,
    "seller_response": dr.SellerResponse,
}
_COMPARED = ("claim", "extent", "verdict", "return_paid_by", "prospects", "action")


def columns(count: int) -> dict[str, float]:
    """Seconds for one case, as the median of all rounds."""
    advisor = dr.Advisor("aliexpress")
    typed = _cases(advisor, count)
    enums = typed.with_columns(pl.col(name).cast(pl.Enum(list(map(str, kind)))) for name, kind in _LABELS.items())
    frames = {
        "all columns as text": typed.select(pl.all().cast(pl.String)),
        "labels as text": typed,
        "labels as Enum": enums,
    }
    works: dict[str, tuple[Work, object, int]] = {
        name: (advisor.advise_frame, frame, count) for name, frame in frames.items()
    }
    works["bound: reading text columns"] = _read, frames["all columns as text"], count
    works["zen-engine"] = _zen(advisor, typed.head(_ZEN_CASES)), None, min(count, _ZEN_CASES)
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(_ROUNDS):
        for name, (work, given, size) in works.items():
            begin = process_time()
            work(given)
            times[name].append((process_time() - begin) / size)
    return {name: median(rounds) for name, rounds in times.items()}


def _read(frame: object) -> None:
    """No more than that: labels, days and amounts of text, as Polars reads them where none can be wrong."""
    assert isinstance(frame, pl.DataFrame)
    labels = [pl.col(name).cast(pl.Enum(list(map(str, kind)))) for name, kind in _LABELS.items()]
    days = pl.col("today", "shipped_on", "promised_by", "received_on").str.to_date("%Y-%m-%d")
    amounts = pl.col("price", "shipping", "requested", "offered").cast(pl.Decimal(12, 2))
    frame.lazy().select(*labels, pl.col("received") == "true", days, amounts).collect()


def _zen(advisor: dr.Advisor, frame: pl.DataFrame) -> Work:
    """What evaluates the same cases, from labels that are ready, once it is seen that all answer alike."""
    edition = edition_on(advisor.pack, _TODAY)
    decide, read = zen(tables(edition), labels_of(edition))
    cases = [{n: v for n, v in row.items() if v is not None} for row in frame.iter_rows(named=True)]
    labels = [
        {name: found[name] for name in edition.facts} for case in cases for found in [advisor.settle(case).labels]
    ]
    told = advisor.advise_frame(frame).select(_COMPARED).to_dicts()
    for case, given, row in zip(cases, labels, told, strict=True):
        advice = advisor.advise(case)
        if read(decide(given)) != expected(advisor, advisor.case(case)):
            raise SystemExit(f"zen answers differently: {case}")
        if row != {name: getattr(advice, name) for name in _COMPARED}:
            raise SystemExit(f"the frame answers differently: {case}")

    def work(_: object) -> None:
        for given in labels:
            decide(given)

    return work


def _cases(advisor: dr.Advisor, count: int) -> pl.DataFrame:
    """So many cases that are not refused."""
    parts: list[pl.DataFrame] = []
    while sum(map(len, parts)) < count:
        drawn = _drawn(min(count, 250_000), seed=len(parts))
        parts.append(drawn.filter(advisor.advise_frame(drawn)["problems"].is_null()))
    return pl.concat(parts).head(count)


def _drawn(count: int, seed: int) -> pl.DataFrame:
    dice = np.random.default_rng(seed)

    def number(least: int, most: int) -> pl.Series:
        return pl.Series(dice.integers(least, most, count))

    def known(name: str) -> pl.Expr:
        return pl.when(pl.Series(dice.random(count) >= 0.2)).then(pl.col(name)).alias(name)

    labels = {name: pl.Series(dice.choice([str(each) for each in kind], count)) for name, kind in _LABELS.items()}
    frame = pl.DataFrame(labels | {"received": number(0, 2) == 1, "today": _TODAY})
    shipped = pl.col("today") - pl.duration(days=pl.lit(number(20, 120)))
    received = shipped + pl.duration(days=pl.lit(number(5, 60)))
    frame = frame.with_columns(
        shipped_on=shipped.cast(pl.Date),
        promised_by=(shipped + pl.duration(days=pl.lit(number(10, 60)))).cast(pl.Date),
        received_on=pl.when("received").then(pl.min_horizontal(received.cast(pl.Date), "today")),
        price=_money(number(100, 20_000)),
        shipping=_money(number(0, 2_000)),
        requested=_money(number(100, 20_000)),
    )
    frame = frame.with_columns(offered=(pl.col("price") * number(1, 101) // 100))
    return frame.with_columns(known(name) for name in frame.columns if name not in ("ground", "today"))


def _money(cents: pl.Series) -> pl.Series:
    return cents.cast(pl.Decimal(12, 2)) / 100

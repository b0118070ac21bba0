"""Files of cases, written, advised on by `batch` and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl

from dispute_rules.cli.main import main

ENDINGS = ["csv", "jsonl", "parquet"]


def run(*words: object) -> int:
    """`dispute-rules batch`."""
    return main(["batch", *map(str, words)])


def write(frame: pl.DataFrame, path: Path) -> Path:
    """By the ending."""
    {".csv": frame.write_csv, ".jsonl": frame.write_ndjson, ".parquet": frame.write_parquet}[path.suffix](path)  # type: ignore[operator]
    return path


def values_in(path: Path) -> list[dict[str, Any]]:
    """The rows; of CSV all values are text."""
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return (pl.read_csv(path, infer_schema=False) if path.suffix == ".csv" else pl.read_parquet(path)).to_dicts()


def texts_in(path: Path) -> list[dict[str, str | None]]:
    """The rows, all of text, the same from each format."""
    return [
        {name: None if value is None else str(value).lower() for name, value in row.items()} for row in values_in(path)
    ]


def problems_in(path: Path) -> list[str | None]:
    """What is wrong with each row."""
    return [row["problems"] for row in values_in(path)]

"""A row of a file of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Row(NamedTuple):
    """Its values by their columns, what is wrong with it, and its object in JSON without the last brace."""

    values: Mapping[str, str | None]
    fault: str | None = None
    head: str | None = None

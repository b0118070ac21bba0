"""A bar for long work, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TypeVar

_Item = TypeVar("_Item")


def tracked(items: Sequence[_Item], what: str) -> Iterable[_Item]:
    """The items, with a bar on standard error if that is a terminal and rich is installed."""
    if not sys.stderr.isatty():
        return items
    try:
        from rich.console import Console  # rich is an extra: the core stays light
        from rich.progress import track
    except ImportError:
        return items
    return track(items, what, console=Console(stderr=True), transient=True)

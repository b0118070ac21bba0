"""A bar for long work, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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


@contextmanager
def counted(what: str, total: Callable[[], int | None]) -> Iterator[Callable[[int], None]]:
    """To be told how many more are done, for a bar on standard error if that is a terminal and rich is installed."""
    if sys.stderr.isatty():
        try:
            from rich.console import Console  # rich is an extra: the core stays light
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
        except ImportError:
            pass
        else:
            columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task(what, total=total())
                yield lambda done: bar.update(task, advance=done)
            return
    yield lambda _: None

"""What would change for a file of cases, in words, and as a page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dispute_rules.frames.batch import Changes

_WIDTH = 360  # of the longest bar
_HEAD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
  body {{ font: 16px/1.4 sans-serif; margin: 2em; max-width: 60em; }}
  table {{ border-collapse: collapse; }}
  td, th {{ padding: .2em .8em .2em 0; text-align: left; }}
  td.count {{ text-align: right; font-variant-numeric: tabular-nums; }}
  rect {{ fill: #4477aa; }}
</style>
<h1>{title}</h1>
<p>{summary}</p>
"""


class Told(NamedTuple):
    """A change in words: how many rows from what to what, and which is the first of them."""

    rows: int
    old: str
    new: str
    first: int


def summary(changes: Changes) -> str:
    """How many change, how many do not, and how many cannot be told: these are all."""
    old, new = changes.changed_aside_by_old, changes.changed_aside_by_new
    kept = changes.rows - changes.changed - changes.stay_aside
    counts = f"{changes.changed:,} of {changes.rows:,} cases change, {kept:,} keep their advice"
    aside = f"; of those that change, the old pack sets aside {old:,}, the new {new:,}" if old or new else ""
    return f"{counts}, {changes.stay_aside:,} stay set aside{aside}"


def told(changes: Changes) -> dict[str, list[Told]]:
    """The changes of each column that has some, the most frequent first."""
    found = {
        name: [Told(move.count, _words(old), _words(new), move.first) for (old, new), move in moves.items()]
        for name, moves in changes.moves.items()
    }
    return {name: sorted(moves, key=lambda each: (-each.rows, each)) for name, moves in found.items() if moves}


def _words(value: str | None) -> str:
    """Null is no label: `none` is one."""
    return "nothing" if value is None else value


def page(changes: Changes, old: str, new: str) -> str:
    """The page: for each column of the advice a table with a bar for each change."""
    head = _HEAD.format(title=escape(f"From {old} to {new}"), summary=escape(summary(changes)))
    columns = told(changes)
    most = max((move.rows for moves in columns.values() for move in moves), default=1)
    return head + "".join(_section(name, moves, most) for name, moves in columns.items()) + "</html>\n"


def _section(name: str, moves: Sequence[Told], most: int) -> str:
    rows = "\n".join(_row(move, most) for move in moves)
    head = "<tr><th>from</th><th>to</th><th>cases</th><th>first row</th><th></th></tr>"
    return f"<h2>{escape(name)}</h2>\n<table>\n{head}\n{rows}\n</table>\n"


def _row(move: Told, most: int) -> str:
    width = max(1, round(_WIDTH * move.rows / most))
    bar = f'<svg width="{_WIDTH}" height="14" role="img"><rect width="{width}" height="14"/></svg>'
    numbers = "".join(f'<td class="count">{number:,}</td>' for number in (move.rows, move.first))
    return f"<tr><td>{escape(move.old)}</td><td>{escape(move.new)}</td>{numbers}<td>{bar}</td></tr>"

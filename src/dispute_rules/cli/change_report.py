"""What would change for a file of cases, as a page that needs nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

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
<p>{changed:,} of {rows:,} cases change, {set_aside:,} are set aside.</p>
"""


def page(changes: Changes, old: str, new: str) -> str:
    """The page: for each column of the advice a table with a bar for each change, the most frequent first."""
    title = escape(f"From {old} to {new}")
    head = _HEAD.format(title=title, changed=changes.changed, rows=changes.rows, set_aside=changes.set_aside)
    most = max((count for moves in changes.moves.values() for count in moves.values()), default=1)
    return head + "".join(_section(name, moves, most) for name, moves in changes.moves.items() if moves) + "</html>\n"


def _section(name: str, moves: Counter[tuple[str, str]], most: int) -> str:
    rows = "\n".join(_rows(moves, most))
    head = "<tr><th>from</th><th>to</th><th>cases</th><th></th></tr>"
    return f"<h2>{escape(name)}</h2>\n<table>\n{head}\n{rows}\n</table>\n"


def _rows(moves: Counter[tuple[str, str]], most: int) -> Iterator[str]:
    for (old, new), count in sorted(moves.items(), key=lambda move: (-move[1], move[0])):
        width = max(1, round(_WIDTH * count / most))
        bar = f'<svg width="{_WIDTH}" height="14" role="img"><rect width="{width}" height="14"/></svg>'
        yield f'<tr><td>{escape(old)}</td><td>{escape(new)}</td><td class="count">{count:,}</td><td>{bar}</td></tr>'

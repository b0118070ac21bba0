"""A decision's table laid out for a terminal with rich."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill

from rich.box import SQUARE
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from dispute_rules.authoring.pages.decision_table import ANY, HOW_TO_READ, Column, Row, Table
from dispute_rules.authoring.pages.markup import one_line
from dispute_rules.authoring.pages.words import in_short

_STYLES = {"output": "bold", "basis": "dim", "rule": "cyan"}
_FRAME = 3  # characters that a column needs beside its own


def show_table(table: Table) -> None:
    """Print the table as wide as the terminal is, and what stands above it."""
    console = Console(highlight=False, emoji=False, markup=False)
    console.print(Text(one_line(table.decision.file.question), style="bold"))
    for key, value in table.about().items():
        console.print(Text(f"{key}: {one_line(value)}"))
    console.print(Text(f"{HOW_TO_READ}\n", style="dim"))
    columns = table.fitting(console.width)
    console.print(_wide(table, columns, console.width) if columns else _narrow(table, console.width))


def _wide(table: Table, columns: Sequence[Column], width: int) -> Grid:
    """A column for each fact, or for as many as there is room."""
    rows = [["\n".join(column.cell(row)) for column in columns] for row in table.rows]
    texts = [[column.header, *(row[i] for row in rows)] for i, column in enumerate(columns)]
    grid = _grid((column.header for column in columns), _widths(texts, width))
    for row in rows:
        grid.add_row(*(Text(text, style=_STYLES.get(c.kind, "")) for c, text in zip(columns, row, strict=True)))
    return grid


def _widths(texts: Sequence[Sequence[str]], width: int) -> list[int]:
    """As much for each column as its longest word needs; what is left goes to where lines are broken most."""
    least = [max(len(word) for text in column for word in text.split()) for column in texts]
    wanted = [max(len(line) for text in column for line in text.splitlines()) for column in texts]
    for _ in range(width - 1 - sum(given + _FRAME for given in least)):
        neediest = max(range(len(least)), key=lambda i: wanted[i] - least[i])
        least[neediest] += least[neediest] < wanted[neediest]
    return least


def _narrow(table: Table, width: int) -> Grid:
    """Three columns only, with the name of the fact or the output before its label."""
    inside = max(width - 1 - 3 * _FRAME, 4)
    name = inside // 4
    grid = _grid(("rule", "when", "then"), (name, (inside - name) // 2, (inside - name + 1) // 2))
    for row in table.rows:
        rule = Text.assemble((fill(row.name, name), _STYLES["rule"]), "\n", (row.basis, _STYLES["basis"]))
        then = "\n".join(f"{output}: {label}" for output, label in row.then.items())
        grid.add_row(rule, Text("\n".join(_conditions(row))), Text(then, style=_STYLES["output"]))
    return grid


def _conditions(row: Row) -> Iterator[str]:
    yield from (f"{fact}: {in_short(condition)}" for fact, condition in row.when.items())
    if row.unless:
        yield f"overridden by {', '.join(row.unless)}"
    elif not row.when:
        yield ANY


def _grid(headers: Iterable[str], widths: Iterable[int]) -> Grid:
    grid = Grid(box=SQUARE, show_lines=True)
    for header, width in zip(headers, widths, strict=True):
        grid.add_column(Text(header), width=width, overflow="fold")
    return grid

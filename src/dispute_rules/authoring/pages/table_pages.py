"""A decision's table in Markdown, and as a page of HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from dispute_rules.authoring.pages.decision_table import ANY, HOW_TO_READ, Column, Row, Table
from dispute_rules.authoring.pages.markup import html, link, markdown

_WIDE = 180  # characters for which a page of GitHub has room, as it breaks the names of rules at their hyphens
Target = Callable[[Literal["fact", "rule"], str], str | None]
"""Where a fact or a rule is told of, if anywhere."""


def markdown_page(table: Table) -> str:
    """The table, what stands above it, and what its labels mean."""
    about = [f"- {key}: {markdown(value)}" for key, value in table.about().items()]
    parts = [f"# {markdown(table.decision.file.question)}", "\n".join(about), markdown(HOW_TO_READ)]
    parts += [markdown_table(table), "## In words", "\n".join(_meanings(table))]
    return "\n\n".join(parts) + "\n"


def markdown_table(table: Table, target: Target = lambda _kind, _name: None) -> str:
    """The table alone, with links to what tells more."""
    columns = table.fitting(_WIDE) or table.columns(0)
    heads = [_linked(c.header, target("fact", c.header) if c.kind == "fact" else None) for c in columns]
    rows = [[_cell(column, row, target) for column in columns] for row in table.rows]
    return pipes(heads, rows)


def pipes(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown; the cells are Markdown already."""
    heads = list(heads)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows))


def _cell(column: Column, row: Row, target: Target) -> str:
    named = column.kind in ("rule", "unless")
    lines = (_linked(line, target("rule", line) if named else None) for line in column.cell(row))
    return "<br>".join(lines)


def _linked(text: str, target: str | None) -> str:
    words = text if text == ANY else markdown(text)
    return link(words, target) if target else words


def _meanings(table: Table) -> Iterator[str]:
    """Each fact and each output with its question, and each label with its words."""
    for name in (*table.facts, *table.decision.file.outputs):
        words = table.words[name]
        yield f"- {name}: {markdown(words.question)}"
        yield from (f"    - {label}: {markdown(text)}" for label, text in words.labels.items())


_STYLE = """\
:root { color-scheme: light dark }
body { background: Canvas; color: CanvasText; font: 1rem/1.5 system-ui, sans-serif; margin: 1.5rem }
dt { font-weight: 600 }
.table { max-height: 90vh; overflow: auto }
table { border-collapse: separate; border-spacing: 0; font-size: .875rem }
th, td { border-bottom: 1px solid GrayText; padding: .3rem .6rem; text-align: left; vertical-align: top }
thead th { background: Canvas; position: sticky; top: 0; vertical-align: bottom; border-bottom-width: 2px; z-index: 1 }
tbody th { font-weight: 600 }
.output, .unless { border-left: 2px solid GrayText }
@media print { .table { max-height: none; overflow: visible } }
"""


def html_page(table: Table) -> str:
    """One page that needs nothing else: no script, no font, no picture. All of it is ASCII, whatever it is saved as."""
    question = html(table.decision.file.question)
    page = f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{question}</title>
<style>
{_STYLE}</style>
</head>
<body>
<main>
<h1>{question}</h1>
<dl>
{_described(table.about().items())}
</dl>
<p id="how">{html(HOW_TO_READ)}</p>
<div class="table" role="region" aria-label="Table" tabindex="0">
<table aria-describedby="how">
{_html_table(table)}
</table>
</div>
<h2>In words</h2>
{_words(table)}
</main>
</body>
</html>
"""
    return page.encode("ascii", "xmlcharrefreplace").decode()


def _described(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"<dt>{html(term)}</dt><dd>{html(text)}</dd>" for term, text in pairs)


def _html_table(table: Table) -> str:
    columns = table.columns()
    heads = (f'<th scope="col" class="{column.kind}">{_breakable(column.header)}</th>' for column in columns)
    rows = ("<tr>" + "".join(_html_cell(column, row) for column in columns) + "</tr>" for row in table.rows)
    return "\n".join(["<thead>", f"<tr>{''.join(heads)}</tr>", "</thead>", "<tbody>", *rows, "</tbody>"])


def _html_cell(column: Column, row: Row) -> str:
    text = "<br>".join(map(_breakable, column.cell(row)))
    if column.kind == "rule":
        return f'<th scope="row">{text}</th>'
    return f'<td class="{column.kind}">{text}</td>'


def _breakable(text: str) -> str:
    """Long names may be broken at their parts."""
    return html(text).replace("_", "_<wbr>")


def _words(table: Table) -> str:
    parts = []
    for name in (*table.facts, *table.decision.file.outputs):
        words = table.words[name]
        parts += [f"<h3>{html(name)}</h3>", f"<p>{html(words.question)}</p>"]
        parts += [f"<dl>\n{_described(words.labels.items())}\n</dl>"] if words.labels else []
    return "\n".join(parts)

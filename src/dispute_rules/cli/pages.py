"""`dispute-rules table` and `reference`: a pack for readers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dispute_rules.authoring.pages.decision_table import Table, table_of
from dispute_rules.authoring.pages.reference import SUPERFLUOUS, differences, write_reference
from dispute_rules.authoring.pages.table_pages import html_page, markdown_page
from dispute_rules.cli.authors import FINDINGS, FINE, add_pack
from dispute_rules.cli.difference import version_on
from dispute_rules.errors import printable
from dispute_rules.pack.load import load_pack

_TABLE = """\
A row for each rule, a column for each fact that the decision looks at. As many facts as the terminal is wide for have
a column; the further ones share one. HTML has a column for each.

exit status: 0 printed, 2 the pack cannot be read, or it has no such decision

examples:
  dispute-rules table aliexpress claim
  dispute-rules table aliexpress claim --on 2022-12-31               as it was in force on a day
  dispute-rules table aliexpress claim --format html > claim.html    a page for a browser
"""
_REFERENCE = """\
Markdown pages for GitHub: index.md with what the rules share and with the open points, and one page for each decision.
Pages that the pack no longer has are removed. Other files in the folder are left alone.

exit status: 0 written or in step, 1 out of step (with --check), 2 the pack cannot be read or the folder cannot be used

examples:
  dispute-rules reference aliexpress                           into docs/rules/aliexpress
  dispute-rules reference path/to/my-pack --to my-pack-docs
  dispute-rules reference aliexpress --check                   writes nothing, names what is out of step
"""


def add_table(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`table`."""
    parser.epilog = _TABLE
    parser.add_argument("pack", metavar="PACK", help="a shipped pack by its name or the folder of your own")
    parser.add_argument("decision", metavar="DECISION", help="one of the pack's decisions by its name")
    parser.add_argument("--on", metavar="DAY", help="as it is in force on this day; default: the newest edition")
    help = "how it is printed; default: text"
    parser.add_argument("--format", choices=["text", "markdown", "html"], default="text", help=help)
    parser.set_defaults(run=_table, known=["on", "format", "help"])


def add_reference(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`reference`."""
    parser.epilog = _REFERENCE
    add_pack(parser)
    parser.add_argument("--to", metavar="FOLDER", help="where the pages are; default: docs/rules/ and the pack's name")
    parser.add_argument("--check", action="store_true", help="write nothing, and name the pages that are out of step")
    parser.set_defaults(run=_reference, known=["to", "check", "help"])


def _table(options: argparse.Namespace) -> int:
    table = table_of(version_on(options.pack, options.on, "--on"), options.decision)
    if options.format == "text":
        _show(table)
    else:
        print({"markdown": markdown_page, "html": html_page}[options.format](table), end="")
    return FINE


def _show(table: Table) -> None:
    try:
        from dispute_rules.cli.table_text import show_table  # rich is an extra: the core stays light
    except ImportError:
        print(
            "note: pip install 'dispute-rules[cli]' fits this to the terminal; here it is as Markdown", file=sys.stderr
        )
        print(markdown_page(table), end="")
    else:
        show_table(table)


def _reference(options: argparse.Namespace) -> int:
    pack = load_pack(options.pack)
    folder = Path("docs/rules") / pack.name if options.to is None else Path(options.to)
    found = differences(pack, folder) if options.check else write_reference(pack, folder)
    for entry in found:
        done = "removed" if entry.how == SUPERFLUOUS else "written"
        print(f"{printable(str(entry.page))}: {entry.how if options.check else done}")
    if not found:
        print(f"{printable(str(folder))}: in step")
    elif options.check:
        print("`dispute-rules reference` makes them again", file=sys.stderr)
    return FINDINGS if found and options.check else FINE

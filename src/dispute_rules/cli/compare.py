"""`dispute-rules compare`: the outcomes of several grounds that are all true, side by side."""

from __future__ import annotations

import argparse
import sys

from dispute_rules.cli.given_case import GivenCase

_COMPARE = """\
Name only grounds that are true of your order. Which of them are, you alone know: none is proposed. If the file names
a ground, it is compared with those that you name.

examples:
  dispute-rules compare case.json --ground fake --ground not_as_described
  dispute-rules compare --ground fake --ground not_as_described --received yes --usability usable --json
"""


def add_compare(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`compare`."""
    given = GivenCase(parser, arguments, several=("ground",))
    parser.epilog = _COMPARE
    parser.add_argument("--json", action="store_true", help="print the comparison as JSON and nothing else")
    parser.set_defaults(run=lambda options: _compare(options, given))


def _compare(options: argparse.Namespace, given: GivenCase) -> int:
    advisor = given.advisor
    facts = given.facts(options)
    comparison = advisor.compare(facts, grounds=options.ground or ())
    if options.json:
        print(comparison.model_dump_json(indent=2))
        return 0
    try:
        from dispute_rules.cli.side_by_side import show_comparison  # rich is an extra: the core stays light
    except ImportError:
        print("note: pip install 'dispute-rules[cli]' lays this out for reading; here it is as JSON", file=sys.stderr)
        print(comparison.model_dump_json(indent=2))
    else:
        show_comparison(comparison, advisor.pack)
    return 0

"""`dispute-rules diff`: which situations change between two versions of a pack, and what is written otherwise."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from dispute_rules.authoring.check import STEPS
from dispute_rules.authoring.replays import Replays
from dispute_rules.authoring.versions import Comparison, Version, compare
from dispute_rules.cli.authors import FINDINGS, FINE, UNDECIDED, as_options
from dispute_rules.errors import PackError, Problem, quote
from dispute_rules.pack.load import load_pack
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.difference import Change, Group, Way

_DIFF = """\
exit status: 0 no difference, 1 differences, 2 a pack cannot be read or the two cannot be compared,
3 not decided within the budget

examples:
  dispute-rules diff before/aliexpress after/aliexpress      two versions of a pack
  dispute-rules diff aliexpress aliexpress --old-on 2022-12-31 --new-on 2023-01-01     two editions of one
  dispute-rules diff before/aliexpress aliexpress --json
"""
_MOST_WAYS = 5  # printed of a group; with --json there are more


def add_diff(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`diff`."""
    parser.epilog = _DIFF
    parser.add_argument("old", metavar="OLD", help="a shipped pack by its name, or the folder of one")
    parser.add_argument("new", metavar="NEW", help="likewise")
    for side in ("old", "new"):
        help = f"the day whose edition of {side.upper()} is meant; default: its newest edition"
        parser.add_argument(f"--{side}-on", metavar="DAY", help=help)
    parser.add_argument("--json", action="store_true", help="print the difference as JSON and nothing else")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"the budget; default: {STEPS:,}")
    parser.set_defaults(run=_diff, known=["old-on", "new-on", "json", "steps", "help"])


def _diff(options: argparse.Namespace) -> int:
    old, new = _versions(options)
    found = compare(old, new, Budget(options.steps))
    report = _Report(options, Replays(old, new))
    if options.json:
        print(json.dumps(report.as_json(found, old, new), indent=2))
    else:
        print(*report.lines(found), sep="\n")
    return UNDECIDED if found.difference.undecided else FINDINGS if found else FINE

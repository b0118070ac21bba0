"""An advice printed for reading, with rich if it is there."""

from __future__ import annotations

import sys

from dispute_rules.advice import Advice
from dispute_rules.advisor import Advisor
from dispute_rules.case import Case


def part_of_order(name: str) -> str:
    """The line above what is printed of one product of an order."""
    return f"{'-' * 20} {name}"


def show_advice(advice: Advice, case: Case, advisor: Advisor) -> None:
    """Print it."""
    try:
        from dispute_rules.cli.render import show  # rich is an extra: the core stays light
    except ImportError:
        print("note: pip install 'dispute-rules[cli]' lays this out for reading; here it is as JSON", file=sys.stderr)
        print(advice.model_dump_json(indent=2))
    else:
        show(advice, case, advisor)

"""How command lines are read, and what they are called where they are wrong."""

from __future__ import annotations

import argparse
from typing import NoReturn

from dispute_rules.errors import CaseError, Problem

COMMAND_LINE = "command line"  # the place of what is wrong with it
EXAMPLES = """\
examples:
  dispute-rules advise --ground damaged --received yes --usability unusable --price 24.90 --shipping 3.10
  dispute-rules advise case.json                     a case as a JSON object; facts as options go before it
  dispute-rules advise order.json                    several products of one order: {"items": [...], "shipping": 5}
  dispute-rules advise order.json --item lamp        only one of them
  dispute-rules advise - --json < case.json          from standard input, and JSON for programs
  dispute-rules advise --ground fake --usability usable --evidence photos_of_goods,listing_screenshot
"""


class Parser(argparse.ArgumentParser):
    """Told in our own way what is wrong with a command line."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line."""
        raise CaseError([Problem(COMMAND_LINE, "usage", message, f"see `{self.prog} --help`")])

"""How command lines are read, and what they are called where they are wrong."""

from __future__ import annotations

import argparse
from typing import NoReturn

from dispute_rules.errors import CaseError, Problem

COMMAND_LINE = "command line"  # the place of what is wrong with it


class Parser(argparse.ArgumentParser):
    """Told in our own way what is wrong with a command line."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line."""
        raise CaseError([Problem(COMMAND_LINE, "usage", message, f"see `{self.prog} --help`")])

"""`dispute-rules lock`: write down what a pack says, so that the next release can tell what changed."""

from __future__ import annotations

import argparse

from dispute_rules.authoring.lock import write_lock
from dispute_rules.cli.authors import FINE, add_pack
from dispute_rules.pack.folder import LOCK
from dispute_rules.pack.load import load_pack

_EPILOG = f"""\
`{LOCK}` stands beside `pack.yaml`. As long as it does, `check` names each rule that is new, gone, or changed in its
logic or its text since.

exit status: 0 written, 2 the pack cannot be read or the file cannot be written
"""


def add_lock(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`lock`."""
    parser.epilog = _EPILOG
    add_pack(parser)
    parser.set_defaults(run=_lock, known=["help"])


def _lock(options: argparse.Namespace) -> int:
    pack = load_pack(options.pack)
    write_lock(pack)
    print(f"{pack.place}/{LOCK}: {sum(len(decision.rules) for decision in pack.decisions)} rules")
    return FINE

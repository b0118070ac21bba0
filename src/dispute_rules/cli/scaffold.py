"""`dispute-rules new` and `dispute-rules editor`: a rule to begin with, and what an editor needs to help with it."""

from __future__ import annotations

import argparse
import shlex

from dispute_rules.authoring.editor import FOLDER, write_first_lines, write_schemas
from dispute_rules.authoring.scaffold import new_rule
from dispute_rules.cli.authors import FINE, add_pack
from dispute_rules.errors import PackError, Problem, quote
from dispute_rules.pack.load import load_pack

_NEW = """\
The rule works at once: it is a copy of another one of its decision, with comments that say what may stand where. What
is left to write reads TODO, and `check` lists it. A decision or a pack that is not there yet is made.

exit status: 0 written, 2 it cannot be written

examples:
  dispute-rules new aliexpress/verdict/broken-screen     a rule of a shipped pack
  dispute-rules new path/to/my-pack/verdict/too-late     a rule of your own pack, or a new pack
"""
_EDITOR = f"""\
Writes JSON Schemas into the pack's folder `{FOLDER}`, and gives each file the first line by which editors find them.
They hold the pack's names and labels: run this again after a change of pack.yaml or of a decision.yaml.

exit status: 0 written, 2 the pack cannot be read or written
"""


def add_new(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`new`."""
    parser.epilog = _NEW
    help = "a shipped pack by its name or the folder of your own, the decision, and a name for the rule"
    parser.add_argument("target", metavar="PACK/DECISION/NAME", help=help)
    parser.set_defaults(run=_new, known=["help"])


def add_editor(parser: argparse.ArgumentParser, _: list[str]) -> None:
    """`editor`."""
    parser.epilog = _EDITOR
    add_pack(parser)
    parser.set_defaults(run=_editor, known=["help"])


def _new(options: argparse.Namespace) -> int:
    pack, decision, rule = _parts(options.target)
    made = new_rule(pack, decision, rule)
    print(*made.files, sep="\n")
    if made.note:
        print(f"  {made.note}")
    print("Fill in what reads TODO, then:")
    print(f"  dispute-rules check {shlex.quote(pack)}")
    print(f"  dispute-rules test {shlex.quote(pack)} -k {decision}/{rule}")
    return FINE


def _parts(target: str) -> tuple[str, str, str]:
    pack, _, rule = target.rpartition("/")
    pack, _, decision = pack.rpartition("/")
    if not pack or not decision or not rule:
        help = "PACK/DECISION/NAME, as in `aliexpress/verdict/broken-screen`"
        raise PackError([Problem("command line", "usage", f"{quote(target)} names no rule", help)])
    return pack, decision, rule


def _editor(options: argparse.Namespace) -> int:
    pack = load_pack(options.pack)
    print(f"{pack.place}/{FOLDER}: {write_schemas(pack)} schemas")
    print(f"{pack.place}: {write_first_lines(pack)} files with a new first line")
    return FINE

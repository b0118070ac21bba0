"""Whether what a pack says about changes fits together: who may change what, and what is better."""

from __future__ import annotations

from collections.abc import Collection

from dispute_rules.case import CHOSEN
from dispute_rules.errors import did_you_mean, listed, quote
from dispute_rules.facts import STANDARD, Kind
from dispute_rules.pack.files import DecisionFile, PackFile
from dispute_rules.pack.kinds import BestFirst, Policy
from dispute_rules.pack.scope import case_facts, own_facts
from dispute_rules.pack.shared_checks import check_support
from dispute_rules.pack.yaml import Document, Path

VARIED = (Kind.LABEL, Kind.YES_NO, Kind.AMOUNT)
"""The kinds of own facts of which other values can be tried."""


def check_changes(document: Document, file: PackFile) -> None:
    """Note what is wrong with the section `changes`."""
    facts = case_facts(file)
    for name, change in file.changes.items():
        here: Path = ("changes", name)
        if name not in facts:
            help = did_you_mean(name, [*CHOSEN, *own_facts(file)])
            document.problem(here, "unknown-fact", f"there is no fact {quote(name)}", help, key=True)
        elif name in STANDARD and name not in CHOSEN:
            message = f"{quote(name)} tells what happened, which nobody can honestly change"
            help = f"mark one of {listed(CHOSEN)}, or a fact of your own that is the person's to decide"
            document.problem(here, "unchangeable", message, help, key=True)
        elif name not in STANDARD and facts[name].kind not in VARIED:
            message = f"no other values can be tried for {quote(name)}, of the kind `{facts[name].kind}`"
            document.problem(here, "unchangeable", message, f"mark facts of the kinds {listed(VARIED)}", key=True)
        check_support(document, here, change.basis, change.source, file)


def check_better(document: Document, file: DecisionFile) -> None:
    """Note what is wrong with the key `better` of a decision."""
    if file.better and file.policy is not Policy.ANY:
        help = "leave it out: what is collected is not compared"
        document.problem(("better",), "wrong-policy", "`better` is for decisions with the policy `any`", help, key=True)
    for output, levels in file.better.items():
        here: Path = ("better", output)
        if output in file.outputs:
            _check_order(document, here, levels, file.outputs[output])
        else:
            help = did_you_mean(output, file.outputs)
            document.problem(here, "unknown-output", f"there is no output {quote(output)} here", help, key=True)


def _check_order(document: Document, path: Path, levels: BestFirst, labels: Collection[str]) -> None:
    met: set[str] = set()
    for index, level in enumerate(levels):
        for position, label in enumerate(level):
            here: Path = (*path, index, position)  # the label itself where it stands alone
            if label not in labels:
                message = f"{quote(label)} is not a value of {quote(path[-1])}"
                document.problem(here, "unknown-label", message, did_you_mean(label, labels))
            elif label in met:
                document.problem(here, "duplicate-key", f"{quote(label)} stands twice in one order", "keep one")
            met.add(label)

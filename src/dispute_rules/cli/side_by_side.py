"""Grounds side by side, laid out for a terminal with rich: a column for each, a row for each thing that may differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from rich.box import SQUARE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dispute_rules.advice import Refund
from dispute_rules.english import BASIS
from dispute_rules.pack.files import Policy
from dispute_rules.pack.model import NOTHING
from dispute_rules.pack.written import Pack, WrittenDecision
from dispute_rules.whatif import Compared, Comparison, labels_of

_WIDEST = 120
_HAVE = {True: "have", False: "missing", None: "not said"}


def show_comparison(comparison: Comparison, pack: Pack) -> None:
    """Print the comparison."""
    console = Console(highlight=False, emoji=False, markup=False)
    console.width = min(console.width, _WIDEST)
    table = Table(box=SQUARE, show_lines=True, expand=True)
    table.add_column(Text(pack.title), ratio=2, overflow="fold")
    for each in comparison.grounds:
        table.add_column(Text(each.title), ratio=3, overflow="fold")
    for heading, cell in _rows(pack):
        cells = ["\n".join(cell(each)) for each in comparison.grounds]
        if any(cells):
            table.add_row(Text(heading, style="bold"), *map(Text, cells))
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _rows(pack: Pack) -> Iterator[tuple[str, Callable[[Compared], Iterator[str]]]]:
    decided = [decision for decision in pack.decisions if decision.file.policy is Policy.ANY]
    for decision in decided:
        yield decision.file.question, partial(_answer, decision)
    yield "What you have to prove", _proofs
    yield "Mind", lambda each: (notice.text for notice in each.advice.warnings)
    yield "Can what you did not tell change this?", _certainty
    expected = next((decision for decision in decided if "verdict" in decision.file.outputs), decided[-1])
    yield "What the expectation rests on", partial(_basis, expected.name)


def _answer(decision: WrittenDecision, each: Compared) -> Iterator[str]:
    """Without what stands for nothing, unless there is nothing else."""
    labels = {output: label for output, label in labels_of(each.advice).items() if output in decision.file.outputs}
    said = [output for output, label in labels.items() if label != NOTHING] or labels
    yield from (each.words[output] for output in said)
    if "amount" in labels:
        yield from _money(each.advice.refund)


def _money(refund: Refund) -> Iterator[str]:
    amount, most = (refund.cap, "at most ") if refund.recommended is None else (refund.recommended, "")
    if amount is not None:
        yield f"{most}{amount:f} {refund.currency or ''}".rstrip()


def _proofs(each: Compared) -> Iterator[str]:
    required = [item for item in each.advice.evidence if item.required]
    yield from (f"- {item.title} ({_HAVE[item.have]})" for item in required)
    if not required:
        yield "Nothing is required"


def _certainty(each: Compared) -> Iterator[str]:
    yield "No" if each.advice.settled else "Yes"


def _basis(decision: str, each: Compared) -> Iterator[str]:
    for reason in each.advice.reasons:
        if reason.decision == decision:
            yield f"{reason.because} ({BASIS[reason.basis]})"

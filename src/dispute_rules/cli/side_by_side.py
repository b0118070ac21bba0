"""Grounds side by side, laid out for a terminal with rich: a column for each, a row for each thing that may differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from rich.box import SQUARE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dispute_rules.advice import Refund
from dispute_rules.money import written
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import NOTHING
from dispute_rules.pack.written import Pack, WrittenDecision
from dispute_rules.phrases import Phrases
from dispute_rules.whatif import Compared, Comparison, labels_of

_WIDEST = 120
_HAVE = {True: "compare.have", False: "compare.missing", None: "compare.unsaid"}


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
    say = pack.phrases.say
    decided = [decision for decision in pack.decisions if decision.file.policy is Policy.ANY]
    for decision in decided:
        yield decision.file.question, partial(_answer, decision, pack.phrases)
    yield say("compare.proof"), partial(_proofs, pack.phrases)
    yield say("advice.mind"), lambda each: (notice.text for notice in each.advice.warnings)
    yield say("compare.open"), lambda each: iter([say("label.false" if each.advice.settled else "label.true")])
    expected = next((decision for decision in decided if "verdict" in decision.file.outputs), decided[-1])
    yield say("compare.basis"), partial(_basis, expected.name, pack.phrases)


def _answer(decision: WrittenDecision, phrases: Phrases, each: Compared) -> Iterator[str]:
    """Without what stands for nothing, unless there is nothing else."""
    labels = {output: label for output, label in labels_of(each.advice).items() if output in decision.file.outputs}
    said = [output for output, label in labels.items() if label != NOTHING] or labels
    yield from (each.words[output] for output in said)
    if "amount" in labels:
        yield from _money(each.advice.refund, phrases)


def _money(refund: Refund, phrases: Phrases) -> Iterator[str]:
    amount = refund.cap if refund.recommended is None else refund.recommended
    if amount is not None:
        told = written(amount, refund.currency)
        yield phrases.say("advice.at_most", amount=told) if refund.recommended is None else told


def _proofs(phrases: Phrases, each: Compared) -> Iterator[str]:
    required = [item for item in each.advice.evidence if item.required]
    yield from (f"- {phrases.say(_HAVE[item.have], title=item.title)}" for item in required)
    if not required:
        yield phrases.say("compare.no_proof")


def _basis(decision: str, phrases: Phrases, each: Compared) -> Iterator[str]:
    for reason in each.advice.reasons:
        if reason.decision == decision:
            yield f"{reason.because} ({phrases.say(f'basis.{reason.basis}')})"

"""`dispute-rules improve`: what a person can change about a case, and what would come of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal

from dispute_rules.advisor import Advisor
from dispute_rules.case import Case
from dispute_rules.cli.explain import print_text
from dispute_rules.cli.given_case import GivenCase
from dispute_rules.explanation import Value
from dispute_rules.facts import Kind
from dispute_rules.money import written
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.model import PROOF
from dispute_rules.pack.wording import Wording
from dispute_rules.whatif import Change

_IMPROVE = """\
Only what a person can honestly change is looked at, never what happened; the pack marks these facts. What you
do not tell is not changed.

The fewest steps come first, and of as many those that lead to the better outcome.

examples:
  dispute-rules improve case.json
  dispute-rules improve --ground damaged --usability unusable --evidence photos_of_goods
"""


def add_improve(parser: argparse.ArgumentParser, arguments: list[str]) -> None:
    """`improve`."""
    given = GivenCase(parser, arguments)
    parser.epilog = _IMPROVE
    parser.add_argument("--json", action="store_true", help="print the changes as JSON and nothing else")
    parser.set_defaults(run=lambda options: _improve(options, given))


def _improve(options: argparse.Namespace, given: GivenCase) -> int:
    advisor = given.advisor
    case = advisor.case(given.facts(options))
    changes = advisor.changes(case)
    if options.json:
        print(json.dumps([change.model_dump(mode="json") for change in changes], indent=2))
    else:
        print_text("\n".join(_Text(advisor, case).of(changes)))
    return 0


class _Text:
    """Changes of one case in the pack's words."""

    def __init__(self, advisor: Advisor, case: Case) -> None:
        self._pack = advisor.pack
        self._case = case
        self._advice = advisor.advise(case)
        self._wording = Wording(edition_on(advisor.pack, self._advice.pack.edition))
        self._say = advisor.pack.phrases.say

    def of(self, changes: Sequence[Change]) -> Iterator[str]:
        yield self._say("improve.heading", pack=self._pack.title)
        if not changes:
            yield f"  {self._say('improve.nothing')}"
        if len(changes) > 1:
            yield f"  {self._say('improve.order')}"
        for number, change in enumerate(changes, start=1):
            yield from self._change(number, change)
        if untold := list(self._untold()):
            yield from ("", self._say("improve.untold"), *untold)

    def _change(self, number: int, change: Change) -> Iterator[str]:
        for index, (name, value) in enumerate(change.facts.items()):
            yield f"  {f'{number}. {change.how[0]}' if index == 0 else self._say('improve.and', how=change.how[index])}"
            yield from (f"     - {told}" for told in self._value(name, value))
        for output in change.better_in:
            after, before = change.after.words[output], change.before.words[output]
            better = {"question": self._wording.question(output), "after": after, "before": before}
            yield f"     {self._say('improve.better', **better)}"
        amount = change.after.refund.recommended
        if amount is not None and amount != change.before.refund.recommended:
            yield f"     {self._say('improve.amount', amount=self._money(amount))}"

    def _value(self, name: str, value: Value) -> Iterator[str]:
        kind = self._pack.facts[name].kind
        if isinstance(value, tuple):
            added = set(value) - (self._case.evidence or frozenset())
            yield from (self._wording.answer(name, each) for each in value if each in added)
        elif kind in (Kind.LABEL, Kind.YES_NO):
            label = str(value).lower() if kind is Kind.YES_NO else str(value)
            yield f"{self._wording.question(name)} {self._wording.answer(name, label)}"
        else:
            yield self._money(Decimal(str(value))) if kind is Kind.AMOUNT else str(value)

    def _money(self, amount: Decimal) -> str:
        return written(amount, self._case.currency)

    def _untold(self) -> Iterator[str]:
        """The facts that could be changed if they were known, and what evidence this outcome needs."""
        required = [item.title for item in self._advice.evidence if item.required]
        asked = {question.fact: question.text for question in self._advice.questions}
        if required and self._case.evidence is None:
            asked["evidence"] = self._wording.question(PROOF.name)
        for name in self._pack.file.changes:
            if name in asked:
                yield f"  {asked[name]} (--{name.replace('_', '-')})"
                yield from (f"     - {title}" for title in (required if name == "evidence" else ()))

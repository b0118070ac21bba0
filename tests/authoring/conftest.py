"""Tables of whole cases for the good pack of `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dispute_rules.authoring.whole_cases import CaseTrial
from dispute_rules.testing import whole_cases
from tests.conftest import MakePack, edited

Write = Callable[..., Path]
"""`table(text, name)`: a file with that text."""
Try = Callable[..., CaseTrial]
"""`of("case: ...", "expect: ...")`: the one case of a table, on 2022-06-01."""

SHOP = {
    "extras/decision.yaml": """\
question: What else is there?
policy: collect
outputs:
  extra: {card: A card, sweets: Sweets}
""",
    "extras/card.yaml": """\
title: Card
when: {gift: true}
then: {extra: card}
because: A gift comes with a card.
source: handbook
basis: stated
""",
    **edited("pack.yaml", "verdict, hints]", "verdict, hints, extras]"),
}


@pytest.fixture
def shop(make_pack: MakePack) -> Path:
    return make_pack(SHOP)


@pytest.fixture
def table(tmp_path: Path) -> Write:
    def write(text: str, name: str = "table.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return write


@pytest.fixture
def of(shop: Path, table: Write) -> Try:
    return lambda *lines: whole_cases(table(told(entry(*lines))), shop)[0]


def entry(*lines: str, name: str = "it") -> str:
    return "\n".join([f"  - name: {name}", *(f"    {line}" for line in lines)])


def told(*entries: str, given: str = "{today: 2022-06-01}") -> str:
    return "\n".join(["about: This.", f"given: {given}", "cases:", *entries])

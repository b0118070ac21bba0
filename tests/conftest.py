"""A small pack of our own that has one of everything, and ways to write it with faults in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import settings

from dispute_rules.advisor import Advisor
from dispute_rules.cli import batch, given_case
from dispute_rules.errors import PackError
from dispute_rules.pack.load import load_pack

settings.register_profile("steady", derandomize=True, deadline=None)  # the same examples in every run
settings.load_profile("steady")

MakePack = Callable[..., Path]
"""`make_pack({"verdict/new.yaml": "...", "window/open.yaml": None}, name="own")`: the good pack with other files."""

GOOD_PACK: Mapping[str, str] = MappingProxyType(
    {
        "pack.yaml": """\
title: Our shop
about: Complaints about what our shop sells.
from: 2020-01-01
sources:
  handbook: {title: The handbook, by: Our shop, url: https://example.org/handbook, confidence: high}
  notice: {title: A notice, by: Our shop, url: https://example.org/notice, dated: about 2021, confidence: low}
parameters:
  complaint_days:
    title: Days to complain
    values:
      - {from: 2020-01-01, value: 14, source: handbook}
      - {from: 2022-01-01, value: 30, source: handbook#days}
facts:
  ground: {question: What is wrong?}
  received: {question: Has it reached you?}
  usability: {question: Can it be used?, labels: {usable: Yes, impaired: In part, unusable: No}}
  age_months: {kind: number, question: How many months old is it?}
  gift: {kind: yes_no, question: Was it a gift?}
  colour: {kind: label, question: Which colour is it?, labels: {red: Red, green: Green, blue: Blue}}
  handed_over_on: {kind: date}
  deposit: {kind: amount, question: What deposit did you pay?}
  price: {question: What did it cost?}
  requested: {question: How much do you want?}
  last_complaint: {question: On which day was it handed over?}
  asked: {question: How much do you ask for?}
  proof: {question: What can you show?}
dates:
  last_complaint: {last_day: {after: handed_over_on, days: complaint_days}}
amounts:
  cap: {sum: [price, deposit], source: handbook}
comparisons:
  asked: {compare: requested, with: cap, labels: {at_most: within, above: above}}
assume:
  - {received: true, because: Most complaints are about what has come.}
  - {usability: unusable, when: {ground: damaged}, because: Damaged goods are mostly of no use.}
  - {usability: usable, because: Most goods can be used.}
  - {age_months: 0, because: Most goods are new.}
  - {gift: false, because: Most goods are bought for oneself.}
  - {colour: red, because: Most goods are red.}
  - {deposit: 0, because: Deposits are rare.}
  - {last_complaint: ahead, because: Most people complain in time.}
  - {asked: within, because: Most people ask for what they paid.}
  - {proof: all, because: We take it that you show what is needed.}
impossible:
  - when: {ground: damaged, received: false}
    because: Nobody can judge what has not come.
    help: Set `received` to true.
decisions: [window, papers, verdict, hints]
""",
        "window/decision.yaml": """\
question: Can a complaint be made?
policy: any
outputs:
  window: {open: It can, closed: It is too late}
""",
        "window/open.yaml": """\
title: Open
when: {}
then: {window: open}
unless: [too-late]
because: The last day has not passed.
source: handbook#days
basis: stated
examples:
  - case: {ground: damaged}
  - near: {ground: damaged, handed_over_on: 2020-03-01, today: 2020-03-16}
""",
        "window/too-late.yaml": """\
title: Too late
when: {last_complaint: passed}
then: {window: closed}
because: The last day has passed.
source: handbook#days
basis: stated
examples:
  - case: {ground: damaged, handed_over_on: 2020-03-01, today: 2020-03-16}
  - near: {ground: damaged, handed_over_on: 2020-03-01, today: 2020-03-15}
""",
        "papers/decision.yaml": """\
question: What is needed to show?
policy: collect
outputs:
  evidence: {receipt: The receipt, photo: A photo}
  required: {true: Needed, false: Helpful}
""",
        "papers/receipt.yaml": """\
title: Receipt
when: {gift: false}
then: {evidence: receipt, required: true}
because: A buyer has a receipt.
source: [handbook, notice]
contradicts: notice#gifts
basis: stated
""",
        "verdict/decision.yaml": """\
question: What will be paid back?
policy: any
outputs:
  verdict:
    full_refund: All of it
    partial_refund: A part of it
    no_refund: Nothing
    none: No complaint, so no verdict
""",
        "verdict/new-goods.yaml": """\
title: New goods
when:
  age_months: {below: 3}
  colour: [red, green]
then: {verdict: full_refund}
unless: [too-late]
because: New goods are taken back.
source: handbook#new
basis: stated
examples:
  - case: {ground: damaged, age_months: 2}
  - near: {ground: damaged, age_months: 3}
""",
        "verdict/new-goods-in-blue.yaml": """\
title: New goods in blue
when:
  age_months: {below: 3}
  colour: {not: [red, green]}
then: {verdict: partial_refund}
unless: [too-late]
because: Blue goods are sold cheaper.
basis: inferred
""",
        "verdict/used-goods.yaml": """\
title: Used goods
when: {age_months: {at_least: 3, below: 24.5}, usability: [unusable, impaired]}
then: {verdict: partial_refund}
unless: [too-late]
because: Used goods have lost some of their worth.
source: handbook
basis: derived
""",
        "verdict/used-goods-of-use.yaml": """\
title: Used goods of use
when: {age_months: {at_least: 3, below: 24.5}, usability: usable}
then: {verdict: no_refund}
unless: [too-late]
because: What still serves is kept.
source: handbook
basis: derived
""",
        "verdict/old-goods.yaml": """\
title: Old goods
when: {age_months: {at_least: 24.5}}
then: {verdict: no_refund}
unless: [too-late]
because: Old goods have no worth left.
source: handbook
basis: reported
""",
        "verdict/too-late.yaml": """\
title: Too late
when: {window: closed}
then: {verdict: none}
because: No complaint can be made any more.
source: handbook#days
basis: stated
""",
        "hints/decision.yaml": """\
question: What else is there to know?
policy: collect
outputs:
  warning: {too_much: You ask for too much, show_more: Show more}
""",
        "hints/too-much.yaml": """\
title: Too much
when: {asked: above}
then: {warning: too_much}
because: More than was paid is never paid back.
source: handbook
basis: stated
""",
        "hints/show-more.yaml": """\
title: Show more
when: {proof: [none, some]}
then: {warning: show_more}
because: Without proof there is little hope.
source: handbook
basis: stated
""",
    }
)


def write_pack(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
    """Write the files into the folder."""
    for name, text in files.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def edited(file: str, old: str, new: str) -> dict[str, str]:
    """A file of the good pack with `new` in place of `old`, which stands in it once."""
    assert GOOD_PACK[file].count(old) == 1, f"{old!r} does not stand exactly once in {file}"
    return {file: GOOD_PACK[file].replace(old, new)}


def found_in(pack: Path) -> set[tuple[str, str]]:
    """The place within the pack, and the code, of each problem that loading finds."""
    with pytest.raises(PackError) as caught:
        load_pack(pack)
    return {(problem.place.removeprefix(f"{pack}/"), problem.code) for problem in caught.value.problems}


@pytest.fixture
def make_pack(tmp_path: Path) -> MakePack:
    """Writes the good pack, with the files given in place of its own; None leaves a file out."""

    def make(files: Mapping[str, str | bytes | None] | None = None, name: str = "own") -> Path:
        return write_pack(tmp_path / name, {**GOOD_PACK, **(files or {})})

    return make


@pytest.fixture(scope="module")
def pack_loaded_once() -> Iterator[None]:
    """The shell loads its pack for each command; here it is the same one each time."""
    with pytest.MonkeyPatch.context() as patch:
        for command in (batch, given_case):
            patch.setattr(command, "load_pack", cache(load_pack))
        patch.setattr(batch, "Advisor", cache(Advisor))
        yield

"""A pack's files are checked as a whole; every fault is told with its code, its exact place and a help."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import permutations
from pathlib import Path
from typing import IO, NamedTuple

import pytest

from dispute_rules.advisor import Advisor
from dispute_rules.errors import PackError, Problem
from dispute_rules.pack import folder
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.load import load_pack, shipped_packs
from tests.conftest import GOOD_PACK, MakePack, edited, found_in


class Fault(NamedTuple):
    """A fault in one file of the good pack: `new` stands for `old`; `▸` in it marks where the problem is found."""

    name: str
    code: str
    file: str
    old: str
    new: str
    help: str = ""  # words that the help has

    @property
    def place(self) -> str:
        before = self._marked.partition("▸")[0]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return f"{self.file}:{line}:{column}"

    @property
    def content(self) -> dict[str, str]:
        return {self.file: self._marked.replace("▸", "")}

    @property
    def _marked(self) -> str:
        return edited(self.file, self.old, self.new)[self.file]


PACK, NEW, OLD, LATE = "pack.yaml", "verdict/new-goods.yaml", "verdict/old-goods.yaml", "verdict/too-late.yaml"
VERDICT, HINTS, OPEN = "verdict/decision.yaml", "hints/decision.yaml", "window/open.yaml"
AGE = "age_months: {at_least: 24.5}"
EXAMPLE = "{ground: damaged, age_months: 2}"

FORM_FAULTS = (
    Fault("a list for a rule", "wrong-type", LATE, GOOD_PACK[LATE], "▸[]\n"),
    Fault("a text for a pack", "wrong-type", PACK, GOOD_PACK[PACK], "▸pack\n"),
    Fault("a text for a condition list", "wrong-type", NEW, "[too-late]", "▸too-late"),
    Fault("a missing key", "missing-key", LATE, GOOD_PACK[LATE],
          "▸" + GOOD_PACK[LATE].replace("title: Too late\n", "")),
    Fault("a missing key further in", "missing-key", PACK, "{title: The handbook, by: Our shop,",
          "▸{title: The handbook,", "`by`"),
    Fault("an unknown key", "unknown-key", LATE, "because:", "▸becaus: x\nbecause:", "did you mean `because`?"),
    Fault("an unknown key further in", "unknown-key", PACK, "confidence: high", "▸titel: x, confidence: high",
          "`title`"),
    Fault("an unknown key of a list's item", "unknown-key", PACK, "value: 14,", "▸vlaue: 1, value: 14,", "`value`"),
    Fault("a key of Python's", "unknown-key", LATE, "because:", "▸from_: 2020-01-01\nbecause:", "`from`"),
    Fault("an empty text", "out-of-range", LATE, "title: Too late", "title: ▸''", "at least one character"),
    Fault("a text too long", "out-of-range", LATE, "Too late", "▸" + "x" * 1001, "at most 1000 characters"),
    Fault("a source with a bad link", "out-of-range", PACK, "https://example.org/handbook", "▸ftp://x", "http"),
    Fault("a citation that is a sentence", "out-of-range", LATE, "handbook#days", "▸See the handbook!",
          "source#anchor"),
    Fault("a rule named with a line", "out-of-range", NEW, "[too-late]", "[▸too_late]", "-"),
    Fault("an output with a capital", "out-of-range", LATE, "{verdict: none}", "{Verdict: ▸none}", "small letters"),
    Fault("an unknown basis", "unknown-label", LATE, "basis: stated", "basis: ▸statd", "did you mean `stated`?"),
    Fault("an unknown policy", "unknown-label", VERDICT, "policy: any", "policy: ▸first", "`any`, `collect`"),
    Fault("an unknown confidence", "unknown-label", PACK, "confidence: high", "confidence: ▸hihg",
          "did you mean `high`?"),
    Fault("an unknown unit", "unknown-label", PACK, "title: Days to complain", "title: Days\n    unit: ▸weeks",
          "`days`"),
    Fault("an unknown kind", "unknown-label", PACK, "kind: amount", "kind: ▸money", "`amount`"),
    Fault("a day that is none", "bad-date", PACK, "from: 2022-01-01", "from: ▸2022-02-30"),
    Fault("a number for a day", "bad-date", PACK, "from: 2022-01-01", "from: ▸2022.01"),
    Fault("a day too far away", "out-of-range", LATE, "basis: stated", "basis: stated\nfrom: ▸2999-01-01"),
    Fault("a value that is text", "wrong-type", PACK, "value: 14", "value: ▸'14'"),
    Fault("a value below nothing", "out-of-range", PACK, "value: 14", "value: ▸-1", "at least 0"),
    Fault("a parameter without values", "out-of-range", PACK, "value: 14, source: handbook", "value: 14, source: ▸[]"),
    Fault("no outputs", "out-of-range", HINTS,
          "outputs:\n  warning: {too_much: You ask for too much, show_more: Show more}", "outputs: ▸{}"),
    Fault("an empty `then`", "out-of-range", LATE, "{verdict: none}", "▸{}"),
    Fault("both `case` and `near`", "bad-example", NEW, f"- case: {EXAMPLE}",
          f"- ▸case: {EXAMPLE}\n    near: {EXAMPLE}"),
    Fault("neither `case` nor `near`", "bad-example", NEW, f"case: {EXAMPLE}", "▸{}"),
    Fault("a date of both kinds", "bad-date-entry", PACK, "{last_day: {after: handed_over_on, days: complaint_days}}",
          "▸{last_day: {after: today}, first_day: {after: today}}"),
    Fault("a date of no kind", "bad-date-entry", PACK, "{last_day: {after: handed_over_on, days: complaint_days}}",
          "▸{}"),
    Fault("an amount of two kinds", "bad-amount-entry", PACK, "{sum: [price, deposit]", "▸{sum: price, first: price"),
    Fault("an amount of no kind", "bad-amount-entry", PACK, "{sum: [price, deposit], source", "▸{source"),
    Fault("a comparison with a gap", "bad-comparison", PACK,
          "{compare: requested, with: cap, labels: {at_most: within,",
          "▸{compare: requested, with: cap, labels: {below: within,"),
    Fault("a comparison with one label", "bad-comparison", PACK,
          "{compare: requested, with: cap, labels: {at_most: within,",
          "▸{compare: requested, with: cap, labels: {at_most: above,"),
    Fault("a comparison of one side", "out-of-range", PACK, "{at_most: within, above: above}", "▸{at_most: within}"),
    Fault("an assumption of two facts", "bad-assumption", PACK, "- {gift: false,", "- ▸{gift: false, colour: red,"),
    Fault("an assumption of nothing", "bad-assumption", PACK, "- {gift: false, because", "- ▸{because"),
    Fault("an assumption that is text", "wrong-type", PACK,
          "- {gift: false, because: Most goods are bought for oneself.}", "- ▸gift"),
    Fault("an impossible nothing", "out-of-range", PACK, "when: {ground: damaged, received: false}", "when: ▸{}"),
)  # fmt: skip

CONDITION_FAULTS = (
    Fault("no labels", "bad-condition", NEW, "colour: [red, green]", "colour: ▸[]", "a label"),
    Fault("not no labels", "bad-condition", NEW, "colour: [red, green]", "colour: ▸{not: []}", "a label"),
    Fault("null", "bad-condition", NEW, "colour: [red, green]", "colour: ▸~", "a label"),
    Fault("a number as a label", "bad-condition", NEW, "colour: [red, green]", "colour: ▸[red, 3]", "a label"),
    Fault("not not", "bad-condition", NEW, "colour: [red, green]", "colour: ▸{not: {not: red}}", "a label"),
    Fault("an unknown comparison", "bad-condition", NEW, "{below: 3}", "▸{above: 3}", "at_least"),
    Fault("not and a range", "bad-condition", NEW, "{below: 3}", "▸{not: x, below: 3}", "at_least"),
    Fault("a label twice", "bad-condition", NEW, "colour: [red, green]", "colour: ▸[red, red]", "keep one"),
    Fault("a text as a threshold", "bad-condition", NEW, "{below: 3}", "▸{below: three}", "at_least"),
    Fault("a truth value as a threshold", "bad-condition", NEW, "{below: 3}", "▸{below: true}", "at_least"),
    Fault("no end as a threshold", "bad-condition", NEW, "{below: 3}", "▸{below: .inf}", "at_least"),
    Fault("not a number as a threshold", "bad-condition", NEW, "{below: 3}", "▸{at_least: .nan, below: 3}", "at_least"),
    Fault("an empty range", "bad-condition", NEW, "{below: 3}", "▸{at_least: 3, below: 3.0}", "less than"),
    Fault("a label for a number", "bad-condition", NEW, "{below: 3}", "▸young", "range"),
    Fault("a range for a label", "bad-condition", NEW, "colour: [red, green]", "colour: ▸{below: 3}", "labels"),
    Fault("no label left", "bad-condition", NEW, "colour: [red, green]", "colour: ▸{not: [red, green, blue]}",
          "leave one"),
    Fault("an unknown label", "unknown-label", NEW, "colour: [red, green]", "colour: ▸[red, gren]",
          "did you mean `green`?"),
    Fault("an unknown negated label", "unknown-label", NEW, "colour: [red, green]", "colour: ▸{not: gren}",
          "did you mean `green`?"),
    Fault("an unknown label of a standard fact", "unknown-label", LATE, "{window: closed}", "{usability: ▸unuseable}",
          "did you mean `unusable`?"),
    Fault("a label in capitals", "unknown-label", NEW, "colour: [red, green]", "colour: ▸Red", "did you mean `red`?"),
    Fault("an unknown fact", "unknown-fact", NEW, "colour: [", "▸color: [", "did you mean `colour`?"),
    Fault("a date of a case", "unknown-fact", LATE, "{window: closed}", "{▸opened_on: passed}", "`dates`"),
    Fault("a date of the pack's own", "unknown-fact", LATE, "{window: closed}", "{▸handed_over_on: passed}", "`dates`"),
    Fault("a currency", "unknown-fact", LATE, "{window: closed}", "{▸currency: eur}", "`dates`"),
    Fault("a collected output", "unknown-fact", LATE, "{window: closed}", "{▸warning: too_much}",
          "facts that lead to it"),
    Fault("an output of this decision", "circle", NEW, "colour: [red, green]", "▸verdict: none", "other facts"),
    Fault("an output of a later decision", "circle", "window/too-late.yaml", "last_complaint: passed",
          "last_complaint: passed, ▸verdict: none", "no order"),
    Fault("proof before the evidence", "not-known-yet", "window/too-late.yaml", "last_complaint: passed",
          "last_complaint: passed, ▸proof: all", "put `papers` before `window`"),
    Fault("an output in an assumption", "not-known-yet", PACK, "when: {ground: damaged},", "when: {▸window: open},"),
    Fault("an output in what is impossible", "not-known-yet", PACK, "{ground: damaged, received: false}",
          "{▸window: open}"),
    Fault("an unknown fact in an assumption", "unknown-fact", PACK, "when: {ground: damaged},",
          "when: {▸grounds: damaged},", "did you mean `ground`?"),
    Fault("an unknown label in what is impossible", "unknown-label", PACK, "{ground: damaged, received: false}",
          "{ground: ▸damagd, received: false}", "did you mean `damaged`?"),
)  # fmt: skip

RULE_FAULTS = (
    Fault("an unknown output", "unknown-output", LATE, "{verdict: none}", "{verdict: none, ▸verdikt: none}",
          "did you mean `verdict`?"),
    Fault("an unknown value", "unknown-label", LATE, "{verdict: none}", "{verdict: ▸nothing}", "`no_refund`"),
    Fault("an output without a value", "missing-output", "papers/receipt.yaml", "{evidence: receipt, required: true}",
          "▸{evidence: receipt}", "add `required`"),
    Fault("no source", "missing-source", LATE, "source: handbook#days\nbasis: stated", "basis: ▸stated", "inferred"),
    Fault("an unknown source", "unknown-source", LATE, "source: handbook#days", "source: ▸handbok#days",
          "did you mean `handbook`?"),
    Fault("an unknown contradicting source", "unknown-source", "papers/receipt.yaml", "notice#gifts", "▸notices#gifts",
          "did you mean `notice`?"),
    Fault("an end before its beginning", "gap-in-time", LATE, "basis: stated",
          "basis: stated\nfrom: 2021-01-02\nuntil: ▸2021-01-01"),
    Fault("`unless` of a rule that is not there", "unknown-rule", NEW, "[too-late]", "[too-late, ▸to-late]",
          "did you mean `too-late`?"),
    Fault("`unless` of another decision's rule", "unknown-rule", NEW, "[too-late]", "[▸show-more]", "`too-late`"),
    Fault("`unless` of itself", "circle", LATE, "because:", "unless: ▸[too-late]\nbecause:", "exception"),
    Fault("an example with an unknown fact", "unknown-fact", NEW, EXAMPLE, "{ground: damaged, color: ▸red}",
          "did you mean `colour`?"),
    Fault("an example with an unknown label", "unknown-label", NEW, EXAMPLE, "{ground: ▸damagd, age_months: 2}",
          "did you mean `damaged`?"),
    Fault("an example with an unknown label of our own", "unknown-label", NEW, EXAMPLE,
          "{ground: damaged, colour: ▸bleu}", "did you mean `blue`?"),
    Fault("an example without a ground", "missing-fact", NEW, EXAMPLE, "▸{age_months: 2}", "`ground`"),
    Fault("an example with a text for a number", "wrong-type", NEW, EXAMPLE, "{ground: damaged, age_months: ▸two}"),
    Fault("an example with a bad day", "bad-date", NEW, EXAMPLE, "{ground: damaged, handed_over_on: ▸2020-02-30}"),
    Fault("an example that contradicts itself", "contradiction", NEW, EXAMPLE,
          "{ground: damaged, ordered_on: 2020-02-02, shipped_on: ▸2020-02-01}"),
)  # fmt: skip

DECISION_FAULTS = (
    Fault("an output named like a standard fact", "taken-name", HINTS, "warning: {too_much",
          "▸usability: {usable: x}\n  warning: {too_much"),
    Fault("an output named like an own fact", "taken-name", HINTS, "warning: {too_much",
          "▸colour: {red: x}\n  warning: {too_much"),
    Fault("an output named like a date", "taken-name", HINTS, "warning: {too_much",
          "▸last_complaint: {ahead: x}\n  warning: {too_much"),
    Fault("an output that must be decided", "wrong-policy", HINTS, "warning: {too_much",
          "▸extent: {full: x}\n  warning: {too_much", "policy: any"),
    Fault("an output that must be collected", "wrong-policy", VERDICT, "outputs:\n",
          "outputs:\n  ▸date: {last_complaint: x}\n", "policy: collect"),
    Fault("a value that the public enumeration does not have", "unknown-label", VERDICT, "partial_refund: A part of it",
          "partial_refund: A part of it\n    ▸partly: A part", "`partial_refund`"),
    Fault("an amount that is not there", "unknown-label", VERDICT, "outputs:\n",
          "outputs:\n  amount: {▸caps: x, open: y}\n", "did you mean `cap`?"),
    Fault("a date that is not there", "unknown-label", HINTS, "warning: {too_much",
          "date: {▸last_complaints: x}\n  warning: {too_much", "did you mean `last_complaint`?"),
    Fault("marks that are not there", "unknown-label", HINTS, "warning: {too_much",
          "marks: {▸opened: x}\n  warning: {too_much", "did you mean `opens`?"),
    Fault("required neither yes nor no", "unknown-label", "papers/decision.yaml", "false: Helpful",
          "false: Helpful, ▸maybe: Perhaps", "`true`, `false`"),
    Fault("a decision that is not there", "unknown-decision", PACK, "verdict, hints]", "verdict, hints, ▸hint]",
          "did you mean `hints`?"),
    Fault("a decision listed twice", "duplicate-key", PACK, "verdict, hints]", "verdict, hints, ▸window]", "keep one"),
)  # fmt: skip

SHARED_FAULTS = (
    Fault("a standard fact with a kind", "taken-name", PACK, "received: {question",
          "received: ▸{kind: yes_no, question"),
    Fault("a fact without labels", "missing-key", PACK, "gift: {kind: yes_no", "gift: ▸{kind: label", "labels"),
    Fault("words for a fact that is not there", "unknown-fact", PACK, "gift: {kind: yes_no",
          "trakcing: ▸{question: What?}\n  gift: {kind: yes_no", "did you mean `tracking`?"),
    Fault("words for a label that is not there", "unknown-label", PACK, "impaired: In part", "impared: ▸In part",
          "did you mean `impaired`?"),
    Fault("no value on the first day", "gap-in-time", PACK,
          "- {from: 2020-01-01, value: 14, source: handbook}\n      - {from: 2022", "▸- {from: 2022", "2020-01-01"),
    Fault("values in no order", "gap-in-time", PACK,
          "- {from: 2020-01-01, value: 14, source: handbook}\n      - {from: 2022-01-01",
          "▸- {from: 2020-01-01, value: 14, source: handbook}\n      - {from: 2019-01-01", "oldest first"),
    Fault("two values from one day", "gap-in-time", PACK,
          "- {from: 2020-01-01, value: 14, source: handbook}\n      - {from: 2022-01-01",
          "▸- {from: 2020-01-01, value: 14, source: handbook}\n      - {from: 2020-01-01", "oldest first"),
    Fault("an unknown source of a value", "unknown-source", PACK, "value: 14, source: handbook",
          "value: 14, source: ▸handbok", "did you mean `handbook`?"),
    Fault("an unknown source of an amount", "unknown-source", PACK, "[price, deposit], source: handbook",
          "[price, deposit], source: ▸handbok", "did you mean `handbook`?"),
    Fault("a date counted from nothing", "unknown-date", PACK, "after: handed_over_on", "after: ▸handed_over",
          "did you mean `handed_over_on`?"),
    Fault("a date counted from itself", "unknown-date", PACK, "after: handed_over_on", "after: ▸last_complaint"),
    Fault("a date counted from an amount", "unknown-date", PACK, "after: handed_over_on", "after: ▸price"),
    Fault("a date with unknown days", "unknown-parameter", PACK, "days: complaint_days", "days: ▸complain_days",
          "did you mean `complaint_days`?"),
    Fault("a date with three spans", "out-of-range", PACK, "days: complaint_days",
          "days: ▸[complaint_days, complaint_days, complaint_days]", "at most 2"),
    Fault("an amount of something unknown", "unknown-amount", PACK, "cap: {sum: [price, deposit]",
          "cap: ▸{sum: [prize, deposit]", "did you mean `price`?"),
    Fault("an amount of itself", "unknown-amount", PACK, "cap: {sum: [price, deposit]", "cap: ▸{sum: [price, cap]"),
    Fault("an amount of a later one", "unknown-amount", PACK, "cap: {sum: [price, deposit], source: handbook}",
          "cap: ▸{sum: [price, all]}\n  all: {sum: [price, deposit]}"),
    Fault("a share of something unknown", "unknown-amount", PACK, "cap: {sum: [price, deposit]",
          "cap: ▸{part: {of: price, times: deposit, per: quantity}", "did you mean"),
    Fault("a comparison of something unknown", "unknown-amount", PACK, "compare: requested", "compare: ▸request",
          "did you mean `requested`?"),
    Fault("a comparison with something unknown", "unknown-amount", PACK, "with: cap", "with: ▸caps",
          "did you mean `cap`?"),
    Fault("a date named like a fact", "taken-name", PACK, "dates:\n",
          "dates:\n  ▸received_on: {last_day: {after: today}}\n"),
    Fault("an amount named like a fact", "taken-name", PACK, "amounts:\n", "amounts:\n  ▸price: {sum: [deposit]}\n"),
    Fault("an amount named like the recommended one", "taken-name", PACK, "amounts:\n",
          "amounts:\n  ▸recommended: {sum: price}\n"),
    Fault("an assumption of something unknown", "unknown-fact", PACK, "{gift: false,", "{▸gifts: false,",
          "did you mean `gift`?"),
    Fault("an assumption of a day", "unknown-fact", PACK, "{gift: false,", "{▸handed_over_on: 2020-01-01,"),
    Fault("an assumption of an output", "unknown-fact", PACK, "{gift: false,", "{▸verdict: none,"),
    Fault("an assumed label that is not there", "unknown-label", PACK, "{colour: red,", "{colour: ▸rde,",
          "did you mean `red`?"),
    Fault("an assumed list", "unknown-label", PACK, "{colour: red,", "{colour: ▸[red],"),
    Fault("an assumed text for a number", "wrong-type", PACK, "{age_months: 0,", "{age_months: ▸new,", "a number"),
    Fault("an assumed number in quotes", "wrong-type", PACK, "{age_months: 0,", "{age_months: ▸'0',", "a number"),
    Fault("an assumed amount below nothing", "wrong-type", PACK, "{deposit: 0,", "{deposit: ▸-1,"),
    Fault("an assumed number with a condition", "bad-assumption", PACK, "{age_months: 0,",
          "{▸age_months: 1, given: price, because: x}\n  - {age_months: 0,"),
    Fault("an assumption after the last one", "never-applies", PACK, "- {age_months: 0,",
          "- {▸usability: impaired, because: x}\n  - {age_months: 0,", "last"),
    Fault("an assumption on a fact not yet assumed", "not-known-yet", PACK, "when: {ground: damaged},",
          "when: {▸gift: true},", "above"),
    Fault("an assumption given nothing known", "unknown-fact", PACK, "{gift: false,",
          "{gift: true, given: ▸opened, because: x}\n  - {gift: false,", "did you mean `opened_on`?"),
    Fault("no question", "missing-question", PACK, "facts:\n  ground: {question: What is wrong?}\n  received",
          "facts:\n  ▸received"),
)  # fmt: skip
FAULTS = (*FORM_FAULTS, *CONDITION_FAULTS, *RULE_FAULTS, *DECISION_FAULTS, *SHARED_FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.name))
def test_a_fault_is_told_with_its_code_its_exact_place_and_a_help(make_pack: MakePack, fault: Fault) -> None:
    pack = make_pack(fault.content)
    (problem,) = [problem for problem in _problems(pack) if problem.place.startswith(f"{pack}/{fault.file}")]
    assert (problem.place, problem.code) == (f"{pack}/{fault.place}", fault.code)
    assert problem.message
    assert problem.help
    assert fault.help in problem.help


def test_the_good_pack_loads(make_pack: MakePack) -> None:
    pack = load_pack(make_pack())
    assert (pack.name, pack.title) == ("own", "Our shop")
    assert [decision.name for decision in pack.decisions] == ["window", "papers", "verdict", "hints"]


def test_a_pack_is_found_by_path_by_text_and_with_a_slash_at_the_end(make_pack: MakePack) -> None:
    folder = make_pack()
    assert {load_pack(way).name for way in (folder, str(folder), f"{folder}/")} == {"own"}


def test_a_pack_is_found_from_within_its_folder(make_pack: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_pack())
    assert load_pack(".").name == "own"


# --- many faults at once


def test_faults_of_several_files_are_told_together(make_pack: MakePack) -> None:
    faults = [next(f for f in FAULTS if f.code == code and f.file == file) for code, file in MANY]
    pack = make_pack({name: text for fault in faults for name, text in fault.content.items()})
    assert found_in(pack) == {(fault.place, fault.code) for fault in faults}


MANY = (
    ("unknown-key", LATE),
    ("unknown-label", NEW),
    ("unknown-label", "papers/decision.yaml"),
    ("missing-question", PACK),
    ("missing-output", "papers/receipt.yaml"),
    ("not-known-yet", "window/too-late.yaml"),
)


def test_an_unknown_key_does_not_hide_what_else_is_wrong_with_the_file(make_pack: MakePack) -> None:
    text = GOOD_PACK[NEW].replace("because:", "becaus: x\nbecause:").replace("[too-late]", "[to-late]")
    found = found_in(make_pack({NEW: text.replace("colour: [red, green]", "color: [red, green]")}))
    assert found == {
        (f"{NEW}:7:1", "unknown-key"),
        (f"{NEW}:4:3", "unknown-fact"),
        (f"{NEW}:6:10", "unknown-rule"),
    }


def test_several_unknown_keys_of_the_pack_do_not_hide_what_else_is_wrong(make_pack: MakePack) -> None:
    text = GOOD_PACK[PACK].replace("about:", "abuot: x\nabout:").replace("with: cap,", "with: caps, wiht: x,")
    assert found_in(make_pack({PACK: text})) == {
        ("pack.yaml:2:1", "unknown-key"),
        ("pack.yaml:33:43", "unknown-key"),
        ("pack.yaml:33:37", "unknown-amount"),
    }


def test_a_file_that_is_not_yaml_does_not_hide_what_is_wrong_with_others(make_pack: MakePack) -> None:
    pack = make_pack({OLD: "title: [", **edited(LATE, "verdict: none", "verdict: nothing")})
    assert found_in(pack) == {(f"{OLD}:2:1", "not-yaml"), (f"{LATE}:3:17", "unknown-label")}


def test_a_rule_that_is_ill_formed_can_still_be_named_in_unless(make_pack: MakePack) -> None:
    assert found_in(make_pack({LATE: "title: [\n"})) == {(f"{LATE}:2:1", "not-yaml")}


def test_a_missing_pack_file_does_not_hide_ill_formed_rules(make_pack: MakePack) -> None:
    pack = make_pack({PACK: None, **edited(LATE, "basis: stated", "basis: statd")})
    assert found_in(pack) == {(PACK, "missing-file"), (f"{LATE}:6:8", "unknown-label")}


def test_the_text_of_the_error_names_every_place(make_pack: MakePack) -> None:
    pack = make_pack({OLD: "", LATE: ""})
    with pytest.raises(PackError) as caught:
        load_pack(pack)
    assert all(f"{pack}/{file}:1:1" in str(caught.value) for file in (OLD, LATE))


# --- decisions and rules that do not fit together


def test_a_decision_that_is_never_made_is_told(make_pack: MakePack) -> None:
    pack = make_pack(edited(PACK, "verdict, hints]", "verdict]"))
    assert found_in(pack) == {("hints/decision.yaml:1:1", "unlisted-decision")}


def test_a_folder_without_a_decision_is_told(make_pack: MakePack) -> None:
    assert found_in(make_pack({VERDICT: None})) == {(VERDICT, "missing-file")}


def test_two_decisions_with_the_same_output_are_told(make_pack: MakePack) -> None:
    pack = make_pack(
        edited(HINTS, "warning: {too_much", "verdict_text: {a: A}\n  warning: {too_much")
        | edited(VERDICT, "outputs:\n", "outputs:\n  verdict_text: {b: B}\n")
    )
    assert (f"{VERDICT}:4:3", "taken-name") in found_in(pack)


def test_a_comparison_named_like_an_amount_is_told_at_both(make_pack: MakePack) -> None:
    spec = "{compare: price, with: deposit, labels: {at_most: a, above: b}}"
    pack = make_pack(edited(PACK, "comparisons:\n", f"comparisons:\n  cap: {spec}\n"))
    assert found_in(pack) == {("pack.yaml:32:3", "taken-name"), ("pack.yaml:30:3", "taken-name")}


def test_a_circle_of_exceptions_is_told_once(make_pack: MakePack) -> None:
    pack = make_pack(edited(LATE, "because:", "unless: [new-goods]\nbecause:"))
    problem = _only_problem(pack)
    assert problem.code == "circle"
    assert "`too-late`" in problem.message
    assert "`new-goods`" in problem.message


@pytest.mark.parametrize("order", list(permutations(["window", "papers", "verdict"])), ids="-".join)
def test_decisions_in_a_circle_are_told_in_any_order(make_pack: MakePack, order: tuple[str, ...]) -> None:
    """`verdict` looks at `window`, this at `proof`, which is known after `papers`, and these look at `verdict`."""
    pack = make_pack(
        edited(PACK, "[window, papers, verdict, hints]", f"[{', '.join(order)}, hints]")
        | edited("window/too-late.yaml", "{last_complaint: passed}", "{proof: none}")
        | edited("papers/receipt.yaml", "{gift: false}", "{verdict: none}")
    )
    told = {problem.message for problem in _problems(pack) if problem.code == "circle"}
    assert told
    assert told <= {
        "`verdict` waits for `window` to know `window`, and `window` waits for `verdict`",
        "`window` waits for `papers` to know `proof`, and `papers` waits for `window`",
        "`papers` waits for `verdict` to know `verdict`, and `verdict` waits for `papers`",
    }
    assert not [problem for problem in _problems(pack) if "before" in problem.help]


@pytest.mark.parametrize("order", ["window, verdict", "verdict, window"])
def test_two_decisions_in_a_circle_are_told_in_any_order(make_pack: MakePack, order: str) -> None:
    pack = make_pack(
        edited(PACK, "[window, papers, verdict, hints]", f"[papers, {order}, hints]")
        | edited("window/too-late.yaml", "{last_complaint: passed}", "{verdict: none}")
    )
    problem = _only_problem(pack)
    assert problem.code == "circle"
    assert "waits for `window`" in problem.message
    assert "waits for `verdict`" in problem.message


def test_an_order_that_can_be_mended_is_no_circle(make_pack: MakePack) -> None:
    pack = make_pack(edited(PACK, "[window, papers, verdict, hints]", "[verdict, window, papers, hints]"))
    assert found_in(pack) == {(f"{LATE}:2:8", "not-known-yet")}
    assert all("put `window` before `verdict`" in problem.help for problem in _problems(pack))


def test_an_assumption_that_leaves_a_fact_open_is_told(make_pack: MakePack) -> None:
    pack = make_pack(edited(PACK, "{gift: false,", "{gift: false, given: price,"))
    problem = _only_problem(pack)
    assert (problem.code, problem.place) == ("open-assumption", f"{pack}/pack.yaml:34:3")
    assert "`gift`" in problem.message


def test_what_no_caller_can_give_must_be_assumed(make_pack: MakePack) -> None:
    line = "  - {last_complaint: ahead, because: Most people complain in time.}\n"
    assert found_in(make_pack(edited(PACK, line, ""))) == {("pack.yaml:34:3", "open-assumption")}


def test_what_only_an_assumption_looks_at_must_be_assumed_too(make_pack: MakePack) -> None:
    late = "  shipped_late: {last_day: {after: shipped_on, days: complaint_days}}\n"
    text = GOOD_PACK[PACK].replace("dates:\n", "dates:\n" + late)
    text = text.replace("when: {ground: damaged},", "when: {shipped_late: passed},")
    text = text.replace(
        "  last_complaint: {question", "  shipped_late: {question: When was it shipped?}\n  last_complaint: {question"
    )
    assert {code for _, code in found_in(make_pack({PACK: text}))} == {"open-assumption"}


# --- names and definitions that would break the library


@pytest.mark.parametrize("name", ["proof", "recommended"])
def test_an_own_fact_cannot_have_a_name_that_the_library_uses(make_pack: MakePack, name: str) -> None:
    text = GOOD_PACK[PACK].replace("  proof: {question: What can you show?}\n", "")
    question = "" if name == "proof" else "  proof: {question: What can you show?}\n"
    text = text.replace("facts:\n", f"facts:\n  {name}: {{kind: amount, question: What?}}\n{question}")
    assert ("pack.yaml:14", "taken-name") in {(_line(place), code) for place, code in found_in(make_pack({PACK: text}))}


@pytest.mark.parametrize(
    "name", ["sound", "json", "copy", "model_config", "model_fields", "model_dump", "model_x", "dict"]
)
def test_an_own_fact_with_the_name_of_a_method_is_refused_or_works(make_pack: MakePack, name: str) -> None:
    fact = f"facts:\n  {name}: {{kind: yes_no, question: What?}}\n"
    assert _refused_or_advised(make_pack(edited(PACK, "facts:\n", fact)), {name: True})


@pytest.mark.parametrize("kind", ["date", "number", "amount", "yes_no"])
def test_labels_of_a_fact_that_has_none_of_its_own_are_refused(make_pack: MakePack, kind: str) -> None:
    fact = f"facts:\n  extra: {{kind: {kind}, question: What?, labels: {{early: Early}}}}\n"
    found = found_in(make_pack(edited(PACK, "facts:\n", fact)))
    assert {_line(place) for place, _ in found} == {"pack.yaml:14"}


def test_amounts_in_a_circle_are_told(make_pack: MakePack) -> None:
    pack = make_pack(
        edited(PACK, "cap: {sum: [price, deposit], source: handbook}", "cap: {sum: all}\n  all: {sum: cap}")
    )
    assert found_in(pack) == {("pack.yaml:30:8", "unknown-amount")}


def test_amounts_that_double_and_double_are_loaded(make_pack: MakePack) -> None:
    lines = ["  a0: {sum: [price, price]}", *(f"  a{i}: {{sum: [a{i - 1}, a{i - 1}]}}" for i in range(1, 40))]
    text = "amounts:\n" + "\n".join(lines) + "\n"
    pack = make_pack(_both(edited(PACK, "amounts:\n", text)[PACK], "with: cap", "with: a39"))
    assert _refused_or_advised(pack, {"price": 1, "requested": 2})


def test_a_date_that_marks_nothing_is_refused_or_works(make_pack: MakePack) -> None:
    decision = edited(HINTS, "outputs:\n", "outputs:\n  date: {last_complaint: x}\n  marks: {none: x}\n")
    then = "date: last_complaint, marks: none, warning:"
    rules = edited("hints/too-much.yaml", "when: {asked: above}", "when: {}")
    rules = {name: text.replace("warning:", then) for name, text in rules.items()}
    rules["hints/show-more.yaml"] = GOOD_PACK["hints/show-more.yaml"].replace("warning:", then)
    assert _refused_or_advised(make_pack(decision | rules), {"handed_over_on": "2020-01-01"})


def test_dates_far_beyond_the_calendar_are_refused_or_work(make_pack: MakePack) -> None:
    chain = "".join(f"  d{i}: {{last_day: {{after: d{i - 1}, days: complaint_days}}}}\n" for i in range(1, 40))
    text = _both(GOOD_PACK[PACK], "value: 14", "value: 100000")[PACK].replace("value: 30", "value: 100000")
    pack = make_pack(_both(text, "dates:\n", "dates:\n  d0: {last_day: {after: today}}\n" + chain))
    assert _refused_or_advised(pack, {"today": "2021-01-01"})


def test_shares_of_shares_are_refused_or_work(make_pack: MakePack) -> None:
    share = "{{part: {{of: {}, times: age_months, per: deposit}}}}"
    chain = "  s0: " + share.format("price") + "\n"
    chain += "".join(f"  s{i}: {share.format(f's{i - 1}')}\n" for i in range(1, 5))
    text = _both(GOOD_PACK[PACK], "amounts:\n", "amounts:\n" + chain)[PACK]
    pack = make_pack(_both(text, "with: cap", "with: s4"))
    assert _refused_or_advised(
        pack, {"price": "999999999", "age_months": "999999999", "deposit": "0.01", "requested": 1}
    )


# --- which files there may be


def test_a_pack_that_is_not_there_is_told_with_the_ones_that_are(tmp_path: Path) -> None:
    problem = _only_problem(tmp_path / "nowhere")
    assert problem.code == "unknown-pack"
    assert all(name in problem.help for name in shipped_packs())


def test_a_pack_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("title: x")
    problem = _only_problem(tmp_path / "own")
    assert problem.code == "unknown-pack"
    assert "is a file" in problem.message


@pytest.mark.parametrize("name", ["", "no\0such", "x" * 100_000, "\udc80"], ids=["empty", "NUL", "long", "surrogate"])
def test_a_name_that_no_folder_can_have_is_told(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PackError):
        load_pack(name)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert found_in(tmp_path) == {("pack.yaml", "missing-file")}


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "pack.yml",
        "window.yaml",
        "verdict/new-goods.yml",
        "verdict/New-goods.yaml",
        "verdict/new_goods.yaml",
        "verdict/new goods.yaml",
        "verdict/new-goods.yaml~",
        "verdict/notes.txt",
        "verdict/deeper/rule.yaml",
        "pack.yaml.orig",
        "verdict/\u202eevil.yaml",
    ],
)
def test_a_stray_file_is_told(make_pack: MakePack, name: str) -> None:
    pack = make_pack({name: GOOD_PACK[OLD]})
    problem = _only_problem(pack)
    assert problem.code == "stray-file"
    assert problem.help


@pytest.mark.parametrize("name", ["Window", "return-cost", "1st", "w\u00edndow"])
def test_a_folder_whose_name_no_decision_can_have_is_told(make_pack: MakePack, name: str) -> None:
    pack = make_pack({f"{name}/decision.yaml": GOOD_PACK[VERDICT]})
    assert "stray-file" in {code for _, code in found_in(pack)}


def test_the_place_of_a_stray_file_is_told_in_full(make_pack: MakePack) -> None:
    pack = make_pack({"verdict/notes.txt": "x"}, name="an-own-pack-in-a-folder-with-a-name-that-is-long-but-not-absurd")
    assert found_in(pack) == {("verdict/notes.txt", "stray-file")}


def test_the_place_of_a_pack_that_is_not_there_is_told_in_full(tmp_path: Path) -> None:
    nowhere = tmp_path / "an-own-pack-in-a-folder-with-a-name-that-is-long-but-not-absurd"
    assert _only_problem(nowhere).place == str(nowhere)


@pytest.mark.parametrize(
    "name", ["README.md", ".git/config", ".hidden", "verdict/README.md", "verdict/.new-goods.yaml.swp"]
)
def test_a_readme_and_hidden_files_are_nobodys_business(make_pack: MakePack, name: str) -> None:
    assert load_pack(make_pack({name: "x"})).content_hash == load_pack(make_pack(name="same")).content_hash


@pytest.mark.parametrize("target", ["/etc/passwd", "loop.yaml", "new-goods.yaml", "/nowhere"])
def test_a_link_is_refused_wherever_it_leads(make_pack: MakePack, target: str) -> None:
    pack = make_pack()
    (pack / "verdict/loop.yaml").symlink_to(target)
    assert found_in(pack) == {("verdict/loop.yaml", "stray-file")}


@pytest.mark.parametrize("target", ["/", ".", "window", "/nowhere"])
def test_a_linked_folder_is_refused_wherever_it_leads(make_pack: MakePack, target: str) -> None:
    pack = make_pack()
    (pack / "linked").symlink_to(target)
    assert found_in(pack) == {("linked", "stray-file")}


@pytest.mark.parametrize("file", ["pipe.yaml", "verdict/pipe.yaml"])
def test_a_pipe_is_refused_and_never_read(make_pack: MakePack, file: str) -> None:
    pack = make_pack()
    os.mkfifo(pack / file)
    assert found_in(pack) == {(file, "stray-file")}


def test_a_folder_named_like_a_rule_is_refused(make_pack: MakePack) -> None:
    pack = make_pack()
    (pack / "verdict/rule.yaml").mkdir()
    assert found_in(pack) == {("verdict/rule.yaml", "stray-file")}


@pytest.mark.parametrize("file", [OLD, PACK, VERDICT])
def test_a_file_of_two_megabytes_is_refused_and_nothing_else_is_told(make_pack: MakePack, file: str) -> None:
    pack = make_pack({file: GOOD_PACK[file] + "#" * 2_000_000})
    assert found_in(pack) == {(file, "too-large")}


@pytest.mark.parametrize("file", [OLD, PACK, VERDICT])
def test_a_file_that_cannot_be_read_is_told_and_nothing_else(
    make_pack: MakePack, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    pack = make_pack()

    def opened(path: os.PathLike[str], mode: str) -> IO[bytes]:
        if Path(path) == pack / file:
            raise PermissionError(13, "Permission denied")
        assert mode == "rb"
        return Path(path).open("rb")

    monkeypatch.setattr(folder, "open", opened, raising=False)
    assert found_in(pack) == {(file, "unreadable")}


def test_a_folder_that_cannot_be_read_is_told(make_pack: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = make_pack()
    really = os.scandir

    def scandir(path: str | os.PathLike[str] = ".") -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
        if Path(path) == pack / "verdict":
            raise PermissionError(13, "Permission denied")
        return really(os.fspath(path))

    monkeypatch.setattr(os, "scandir", scandir)
    assert "unreadable" in {code for _, code in found_in(pack)}


def test_too_many_files_are_refused(make_pack: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispute_rules.pack.folder._MOST_FILES", 10)
    assert {code for _, code in found_in(make_pack())} == {"too-large"}


def test_small_files_that_are_too_much_together_are_refused(make_pack: MakePack) -> None:
    rules = {f"verdict/old-goods-{i}.yaml": GOOD_PACK[OLD] + "#" * 990_000 for i in range(21)}
    pack = make_pack(rules)
    assert found_in(pack) == {(str(pack), "too-large")}


# --- what a pack is does not depend on how it came to be


def test_the_order_in_which_files_are_found_does_not_matter(
    make_pack: MakePack, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_pack()
    forwards, really = load_pack(folder), Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: iter(sorted(really(path), reverse=True)))
    backwards = load_pack(folder)
    assert forwards.content_hash == backwards.content_hash
    assert forwards.decisions == backwards.decisions


def test_the_same_files_in_another_folder_are_the_same_pack(make_pack: MakePack) -> None:
    one, other = load_pack(make_pack(name="one")), load_pack(make_pack(name="other"))
    assert (one.content_hash, one.decisions[0].file) == (other.content_hash, other.decisions[0].file)


@pytest.mark.parametrize("file", list(GOOD_PACK))
def test_any_change_of_a_text_changes_the_hash(make_pack: MakePack, file: str) -> None:
    texts = (GOOD_PACK[file], GOOD_PACK[file] + "# one\n", GOOD_PACK[file] + "# two\n")
    hashes = {load_pack(make_pack({file: text}, name=f"pack{i}")).content_hash for i, text in enumerate(texts)}
    assert len(hashes) == 3


def test_a_new_name_of_a_rule_changes_the_hash(make_pack: MakePack) -> None:
    renamed = load_pack(make_pack({OLD: None, "verdict/ancient-goods.yaml": GOOD_PACK[OLD]}, name="renamed"))
    assert renamed.content_hash != load_pack(make_pack(name="good")).content_hash


# --- from conditions to labels


@pytest.mark.parametrize(
    ("months", "verdict"),
    [
        ("-1", "full_refund"),
        ("0", "full_refund"),
        ("2.999", "full_refund"),
        ("3", "partial_refund"),
        ("24.499", "partial_refund"),
        ("24.5", "no_refund"),
        ("999", "no_refund"),
    ],
)
def test_a_range_holds_from_its_lower_end_to_just_before_its_upper_end(
    make_pack: MakePack, months: str, verdict: str
) -> None:
    assert Advisor(load_pack(make_pack())).advise(ground="damaged", age_months=months).verdict == verdict


def test_the_labels_of_a_number_lie_between_the_thresholds_of_all_rules(make_pack: MakePack) -> None:
    pack = load_pack(make_pack(edited("hints/too-much.yaml", "{asked: above}", "{age_months: {at_least: 1e2}}")))
    edition = edition_on(pack, pack.starts[0])
    assert edition.facts["age_months"].labels == ("..3", "3..24.5", "24.5..100", "100..")


def test_a_range_without_an_end_accepts_all_labels_beyond(make_pack: MakePack) -> None:
    assert _accepted(make_pack(), "own/verdict/old-goods", "age_months") == {"24.5.."}
    assert _accepted(make_pack(), "own/verdict/used-goods", "age_months") == {"3..24.5"}


def test_not_accepts_all_other_labels(make_pack: MakePack) -> None:
    assert _accepted(make_pack(), "own/verdict/new-goods-in-blue", "colour") == {"blue"}


def test_not_of_one_label_accepts_all_others(make_pack: MakePack) -> None:
    pack = make_pack(edited(LATE, "{window: closed}", "{colour: {not: red}}"))
    assert _accepted(pack, "own/verdict/too-late", "colour") == {"green", "blue"}


def test_a_truth_value_is_a_label(make_pack: MakePack) -> None:
    assert _accepted(make_pack(), "own/papers/receipt", "gift") == {"false"}


def test_an_empty_when_always_holds(make_pack: MakePack) -> None:
    pack = load_pack(make_pack())
    rules = {rule.name: rule for rule in edition_on(pack, pack.starts[0]).decisions[0].rules}
    assert rules["own/window/open"].box == {}


def test_own_facts_are_typed(make_pack: MakePack) -> None:
    case = load_pack(make_pack()).Case(
        ground="damaged", age_months="3.5", gift=True, colour="red", handed_over_on="2020-03-01", deposit="1.50"
    )
    dumped = case.model_dump(mode="json", exclude_none=True)
    assert dumped == {
        "ground": "damaged",
        "age_months": "3.5",
        "gift": True,
        "colour": "red",
        "handed_over_on": "2020-03-01",
        "deposit": "1.50",
    }


def _problems(pack: Path) -> tuple[Problem, ...]:
    with pytest.raises(PackError) as caught:
        load_pack(pack)
    return caught.value.problems


def _only_problem(pack: Path) -> Problem:
    (problem,) = _problems(pack)
    return problem


def _refused_or_advised(folder: Path, facts: dict[str, object]) -> bool:
    try:
        pack = load_pack(folder)
    except PackError:
        return True
    return bool(Advisor(pack).advise(ground="damaged", **facts).pack)


def _both(text: str, old: str, new: str) -> dict[str, str]:
    assert old in text
    return {PACK: text.replace(old, new, 1)}


def _line(place: str) -> str:
    return ":".join(place.split(":")[:2])


def _accepted(folder: Path, rule: str, fact: str) -> frozenset[str]:
    pack = load_pack(folder)
    edition = edition_on(pack, pack.starts[0])
    boxes = {r.name: r.box for decision in edition.decisions for r in decision.rules}
    return boxes[rule][fact]

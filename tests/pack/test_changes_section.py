"""What may be said of changes, `changes` in pack.yaml and `better` in decision.yaml; no fact about what happened."""

from __future__ import annotations

import pytest

from dispute_rules.case import CHOSEN
from dispute_rules.facts import STANDARD
from dispute_rules.pack.files import Basis
from dispute_rules.pack.load import load_pack
from tests.conftest import MakePack, edited, found_in

HAPPENED = sorted(set(STANDARD) - set(CHOSEN))


def marked(*lines: str) -> dict[str, str]:
    """The good pack with a section `changes`, whose first entry is in line 47 of pack.yaml."""
    return edited("pack.yaml", "decisions: [window", "\n  ".join(["changes:", *lines]) + "\ndecisions: [window")


def ordered(order: str, decision: str = "verdict") -> dict[str, str]:
    text = "none: No complaint, so no verdict\n" if decision == "verdict" else "show_more: Show more}\n"
    return edited(f"{decision}/decision.yaml", text, f"{text}better:\n  {order}\n")


def test_facts_that_are_the_persons_own_can_be_marked(make_pack: MakePack) -> None:
    pack = load_pack(
        make_pack(
            marked(
                *(f"{name}: {{how: Do it.}}" for name in (*CHOSEN, "gift", "colour")),
                "deposit: {how: Pay less., source: [handbook, notice#x], basis: stated}",
            )
        )
    )
    assert list(pack.file.changes) == [*CHOSEN, "gift", "colour", "deposit"]
    assert {change.basis for name, change in pack.file.changes.items() if name != "deposit"} == {Basis.INFERRED}
    assert pack.file.changes["deposit"].source == ("handbook", "notice#x")


@pytest.mark.parametrize("name", HAPPENED)
def test_a_fact_about_what_happened_cannot_be_marked(name: str, make_pack: MakePack) -> None:
    assert found_in(make_pack(marked(f"{name}: {{how: Say otherwise.}}"))) == {("pack.yaml:47:3", "unchangeable")}


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        ("age_months: {how: Wait.}", "47:3", "unchangeable"),  # a number
        ("handed_over_on: {how: Wait.}", "47:3", "unchangeable"),  # a day
        ("last_complaint: {how: Wait.}", "47:3", "unknown-fact"),  # a date of the pack
        ("cap: {how: Ask for less.}", "47:3", "unknown-fact"),
        ("verdict: {how: Get another one.}", "47:3", "unknown-fact"),
        ("gifts: {how: Take it.}", "47:3", "unknown-fact"),
        ("gift: {}", "47:9", "missing-key"),
        ("gift: Take it.", "47:9", "wrong-type"),
        ("gift: {how: ''}", "47:15", "out-of-range"),
        ("gift: {how: Take it., because: Why not.}", "47:25", "unknown-key"),
        ("gift: {how: Take it., basis: stated}", "47:32", "missing-source"),
        ("gift: {how: Take it., basis: sure}", "47:32", "unknown-label"),
        ("gift: {how: Take it., source: handbok}", "47:33", "unknown-source"),
    ],
)
def test_a_fault_is_told_where_it_stands(line: str, place: str, code: str, make_pack: MakePack) -> None:
    assert found_in(make_pack(marked(line))) == {(f"pack.yaml:{place}", code)}


def test_the_near_name_is_offered(make_pack: MakePack) -> None:
    assert "did you mean `gift`?" in help_of(make_pack, marked("gifts: {how: Take it.}"))
    assert "did you mean `evidence`?" in help_of(make_pack, marked("evidense: {how: Get it.}"))
    assert "`wants_to_keep`, `requested`, `evidence`, `today`" in help_of(make_pack, marked("price: {how: Pay less.}"))


def help_of(make_pack: MakePack, files: dict[str, str]) -> str:
    with pytest.raises(Exception, match="help: ") as caught:
        load_pack(make_pack(files, name="helped"))
    return str(caught.value)


def test_an_order_has_levels_of_one_label_or_more(make_pack: MakePack) -> None:
    pack = load_pack(make_pack(ordered("verdict: [full_refund, [partial_refund, none], no_refund]")))
    (decision,) = (decision for decision in pack.decisions if decision.name == "verdict")
    assert decision.file.better == {"verdict": (("full_refund",), ("partial_refund", "none"), ("no_refund",))}


def test_labels_that_are_truth_values_can_be_ordered(make_pack: MakePack) -> None:
    file = "question: Is it?\npolicy: any\noutputs: {it: {true: It is, false: Not}}\nbetter: {it: [true, [false]]}\n"
    rule = "title: It\nwhen: {}\nthen: {it: true}\nbecause: Why not.\nbasis: inferred\n"
    listed = edited("pack.yaml", "decisions: [window", "decisions: [it, window")
    pack = load_pack(make_pack({**listed, "it/decision.yaml": file, "it/it.yaml": rule}))
    assert pack.decisions[0].file.better == {"it": (("true",), ("false",))}


@pytest.mark.parametrize(
    ("order", "place", "code"),
    [
        ("verdicts: [full_refund, no_refund]", "10:3", "unknown-output"),
        ("window: [open, closed]", "10:3", "unknown-output"),  # of another decision
        ("verdict: [full_refund, no_refnd]", "10:26", "unknown-label"),
        ("verdict: [full_refund, [no_refund, full]]", "10:38", "unknown-label"),
        ("verdict: [full_refund, no_refund, full_refund]", "10:37", "duplicate-key"),
        ("verdict: [full_refund, [no_refund, no_refund]]", "10:38", "duplicate-key"),
        ("verdict: [full_refund]", "10:12", "out-of-range"),
        ("verdict: [full_refund, []]", "10:26", "out-of-range"),
        ("verdict: full_refund", "10:12", "wrong-type"),
        ("verdict: [full_refund, {not: no_refund}]", "10:26", "wrong-type"),
    ],
)
def test_a_fault_of_an_order_is_told_where_it_stands(order: str, place: str, code: str, make_pack: MakePack) -> None:
    assert found_in(make_pack(ordered(order))) == {(f"verdict/decision.yaml:{place}", code)}


def test_what_is_collected_has_no_order(make_pack: MakePack) -> None:
    found = found_in(make_pack(ordered("warning: [too_much, show_more]", "hints")))
    assert found == {("hints/decision.yaml:5:1", "wrong-policy")}

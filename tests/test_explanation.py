"""An explanation as data and as text, and how it is asked why not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import dispute_rules as dr
from dispute_rules.explanation import Step
from tests.conftest import GOOD_PACK, MakePack, edited

TODAY = "2026-03-01"


@pytest.fixture(scope="module")
def aliexpress() -> dr.Advisor:
    return dr.Advisor()


@pytest.fixture(scope="module")
def explanation(aliexpress: dr.Advisor) -> dr.Explanation:
    return aliexpress.explain(ground="fake", usability="usable", wants_to_keep=False, price="9.90", today=TODAY)


def own(folder: Path) -> dr.Advisor:
    return dr.Advisor(dr.load_pack(folder))


def step(explanation: dr.Explanation, decision: str) -> Step:
    (found,) = (step for step in explanation.steps if step.decision == decision)
    return found


# --- the ways to ask for one


def test_a_case_a_mapping_and_keywords_are_explained_alike(aliexpress: dr.Advisor) -> None:
    facts = {"ground": "fake", "usability": "usable", "today": TODAY}
    explanation = aliexpress.explain(facts)
    assert aliexpress.explain(dr.Case(**facts)) == explanation
    assert aliexpress.explain(**facts) == explanation
    assert aliexpress.explain({"ground": "damaged", **facts}, ground="fake") == explanation


def test_without_a_day_it_is_explained_for_today(aliexpress: dr.Advisor) -> None:
    assert aliexpress.explain(ground="fake").today == date.today()


def test_the_facts_that_are_enough_are_so_on_the_day_that_was_given(aliexpress: dr.Advisor) -> None:
    """On other days the window would be open, and these facts would not be enough."""
    explanation = aliexpress.explain(ground="damaged", confirmed_on="2025-01-10", price=3, today="2025-03-01")
    assert (explanation.outcome["verdict"], explanation.today) == ("none", date(2025, 3, 1))
    assert [(fact.fact, fact.value) for fact in explanation.facts] == [
        ("ground", "damaged"),
        ("confirmed_on", "2025-01-10"),
    ]


def test_a_case_that_is_refused_is_not_explained(aliexpress: dr.Advisor) -> None:
    with pytest.raises(dr.CaseError) as caught:
        aliexpress.explain(ground="damagd", price=-1)
    assert {problem.code for problem in caught.value.problems} == {"unknown-label", "out-of-range"}


def test_a_pack_without_an_answer_does_not_explain(make_pack: MakePack) -> None:
    advisor = own(make_pack({"window/open.yaml": None}))
    with pytest.raises(dr.PackError) as caught:
        advisor.explain(ground="damaged")
    assert [problem.code for problem in caught.value.problems] == ["gap"]


def test_a_fact_without_which_the_pack_has_no_answer_is_not_left_out(make_pack: MakePack) -> None:
    advisor = own(make_pack(edited("verdict/new-goods.yaml", "  age_months: {below: 3}", "  age_months: {below: 1}")))
    found = advisor.explain(ground="damaged", age_months=30, today="2022-06-01")
    assert [fact.fact for fact in found.facts] == ["ground", "age_months"]


# --- what is in it


def test_an_explanation_is_frozen(explanation: dr.Explanation) -> None:
    with pytest.raises(ValidationError):
        explanation.steps = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        explanation.outcome["verdict"] = "none"  # type: ignore[index]


def test_the_facts_that_are_enough_are_told_in_words(make_pack: MakePack) -> None:
    facts: dict[str, Any] = {"ground": "damaged", "age_months": 5, "usability": "usable", "gift": False}
    advisor = own(make_pack(PROOF_COUNTS))
    found = advisor.explain(**facts, handed_over_on="2022-05-30", evidence=["photo"], today="2022-06-01")
    told = [(fact.fact, fact.value, fact.question, fact.words) for fact in found.facts]
    assert told == [
        ("ground", "damaged", "What is wrong?", "damaged"),
        ("evidence", ("photo",), "What can you show?", "A photo"),
    ]


PROOF_COUNTS = {
    **edited(
        "pack.yaml", "  - {proof: all,", "  - {proof: some, when: {gift: true}, because: So it is.}\n  - {proof: all,"
    ),
    "verdict/too-late.yaml": GOOD_PACK["verdict/too-late.yaml"].replace("{window: closed}", "{proof: none}"),
}


def test_evidence_that_bears_on_the_outcome_is_a_step(make_pack: MakePack) -> None:
    """The proof at hand is known only once it is decided what is needed."""
    found = own(make_pack(PROOF_COUNTS)).explain(ground="damaged", evidence=[], today="2022-06-01")
    assert [step.decision for step in found.steps] == ["papers", "verdict"]
    (proof,) = step(found, "verdict").facts
    assert (proof.label, proof.origin, proof.decision, proof.rests_on) == ("none", "given", "papers", ("evidence",))
    assert [(fact.fact, fact.value, fact.words) for fact in found.facts][1:] == [("evidence", (), "None")]


def test_proof_of_which_nothing_is_needed_is_decided(make_pack: MakePack) -> None:
    found = own(make_pack(PROOF_COUNTS)).explain(ground="damaged", gift=True, age_months=30, today="2022-06-01")
    (proof,) = (fact for fact in step(found, "verdict").facts if fact.fact == "proof")
    assert (proof.label, proof.origin, proof.decision, proof.rests_on) == ("all", "decided", "papers", ())


@pytest.mark.parametrize(
    ("today", "value", "since", "source"),
    [("2021-06-01", 14, "2020-01-01", "handbook"), ("2022-06-01", 30, "2022-01-01", "handbook#days")],
)
def test_a_parameter_is_the_one_of_the_day(
    today: str, value: int, since: str, source: str, make_pack: MakePack
) -> None:
    found = own(make_pack()).explain(ground="damaged", handed_over_on=f"{today[:4]}-05-30", today=today)
    (used,) = step(found, "window").parameters
    assert (used.name, used.title, used.value, used.unit) == ("complaint_days", "Days to complain", value, "days")
    assert (used.since, [cited.source for cited in used.sources]) == (date.fromisoformat(since), [source])
    assert step(found, "verdict").parameters == ()


def test_a_day_that_is_taken_for_granted_was_not_counted(make_pack: MakePack) -> None:
    found = own(make_pack()).explain(ground="damaged", today="2022-06-01")
    assert step(found, "window").parameters == ()


def test_an_amount_that_is_assumed_makes_what_rests_on_it_assumed(make_pack: MakePack) -> None:
    pack = {"verdict/too-late.yaml": GOOD_PACK["verdict/too-late.yaml"].replace("{window: closed}", "{asked: above}")}
    facts = {"ground": "damaged", "price": 5, "requested": 9, "today": "2022-06-01"}
    advisor = own(make_pack(pack))
    (asked,) = step(advisor.explain(facts), "verdict").facts
    assert (asked.origin, asked.because, asked.rests_on) == ("assumed", "Deposits are rare.", ("requested", "price"))
    (asked,) = step(advisor.explain(facts, deposit=1), "verdict").facts
    assert (asked.origin, asked.because, asked.rests_on) == ("given", None, ("requested", "price", "deposit"))


def test_a_pack_that_decides_nothing_is_explained_without_steps(make_pack: MakePack) -> None:
    decisions = {name: None for name in GOOD_PACK if name.split("/")[0] in ("window", "verdict")}
    pack = edited("pack.yaml", "decisions: [window, papers, verdict, hints]", "decisions: [papers, hints]")
    found = own(make_pack({**decisions, **pack})).explain(ground="damaged", today="2022-06-01")
    assert (found.outcome, found.steps, [fact.fact for fact in found.facts]) == ({}, (), ["ground"])
    assert found.text().splitlines()[0] == "Our shop"
    assert found.why_not("receipt").came_out


def test_of_rules_equally_near_those_without_another_ground_come_first(explanation: dr.Explanation) -> None:
    asked = [[fact.fact for fact in near.failed] for near in explanation.why_not("full_refund").nearest]
    assert asked == [["usability"], ["ground"], ["ground"]]


@pytest.mark.parametrize(("ground", "order"), [("damaged", ["gift", "received"]), ("fake", ["received", "gift"])])
def test_of_rules_equally_near_those_that_cannot_be_come_last(
    ground: str, order: list[str], make_pack: MakePack
) -> None:
    """Damaged goods that have not come are impossible."""
    pack = {
        **edited("verdict/old-goods.yaml", "{age_months: {at_least: 24.5}}", "{received: false}"),
        **edited(
            "verdict/used-goods-of-use.yaml",
            "{age_months: {at_least: 3, below: 24.5}, usability: usable}",
            "{gift: true}",
        ),
    }
    found = own(make_pack(pack)).explain(ground=ground, today="2022-06-01").why_not("no_refund")
    assert [[fact.fact for fact in near.failed] for near in found.nearest] == [[name] for name in order]


# --- why not


def refused(explanation: dr.Explanation, *label: Any, **output: Any) -> tuple[str, str, str]:
    with pytest.raises(dr.CaseError) as caught:
        explanation.why_not(*label, **output)
    (problem,) = caught.value.problems
    assert problem.place == "why_not"
    return problem.code, problem.message, problem.help


def test_why_not_by_label_by_output_and_by_both_in_one(explanation: dr.Explanation) -> None:
    found = explanation.why_not("no_refund")
    assert (found.output, found.label, found.came_out) == ("verdict", "no_refund", False)
    assert explanation.why_not(verdict="no_refund") == found
    assert explanation.why_not("verdict=no_refund") == found
    assert explanation.why_not(dr.Verdict.NO_REFUND) == found
    assert explanation.why_not(verdict=dr.Verdict.NO_REFUND) == found


def test_what_came_out_is_told_as_that(explanation: dr.Explanation) -> None:
    found = explanation.why_not("full_refund_return_seller_pays")
    assert (found.came_out, found.nearest) == (True, ())
    assert [rule.rule for rule in found.decided_by] == ["aliexpress/verdict/fake-but-usable"]
    assert found.text().splitlines()[0].endswith(" does come out.")


def test_what_is_collected_is_asked_for_likewise(explanation: dr.Explanation) -> None:
    assert explanation.why_not("photos_of_goods").came_out
    found = explanation.why_not("video_of_defect")
    assert (found.decision, found.output, found.came_out, found.instead) == ("evidence", "evidence", False, {})
    assert found.nearest


def test_a_label_that_several_outputs_have_is_refused(explanation: dr.Explanation) -> None:
    outputs = ["window", "claim", "extent", "verdict", "return_paid_by", "amount", "prospects", "action"]
    help = "say which: " + ", ".join(f"`{output}=none`" for output in outputs)
    assert refused(explanation, "none") == ("ambiguous-label", "several outputs have the label `none`", help)
    for output in outputs:
        assert explanation.why_not(f"{output}=none").output == output


def test_a_label_that_no_output_has_is_refused(explanation: dr.Explanation) -> None:
    code, message, help = refused(explanation, "full_refnd")
    assert (code, message) == ("unknown-label", "`full_refnd` is not a label of any output")
    assert help == "did you mean `full_refund`?"
    code, message, help = refused(explanation, verdict="strong")
    assert (code, message) == ("unknown-label", "`strong` is not a label of `verdict`")
    assert help.startswith("one of `full_refund`, ")


def test_where_nothing_is_like_it_the_labels_of_the_outcome_are_named(explanation: dr.Explanation) -> None:
    labels = {entry.label for entry in explanation.others if entry.output in explanation.outcome}
    others = {entry.output for entry in explanation.others if entry.output not in explanation.outcome}
    for word in ("xyz", "non", "fals"):
        named, _, rest = refused(explanation, word)[2].partition("; or `OUTPUT=LABEL`, ")
        assert (set(re.findall("`([a-z_]+)`", named)), set(re.findall("`([a-z_]+)`", rest))) == (labels, others)
    assert refused(explanation, verdict="nonsense")[2].startswith("one of `full_refund`, ")


@pytest.mark.parametrize("asked", ["damaged", dr.Ground.FAKE, "ground=damaged", "ground=nonsense"])
def test_why_not_another_ground_is_no_question(asked: str, explanation: dr.Explanation) -> None:
    code, message, help = refused(explanation, asked)
    assert (code, message.split(" ", 1)[1]) == ("unknown-label", "is a ground and no outcome")
    assert help.startswith("what happened, happened")


def test_the_name_of_an_output_leads_to_its_labels(explanation: dr.Explanation) -> None:
    help = refused(explanation, "extent")[2]
    assert help == "one of `extent=full`, `extent=partial`, `extent=none`"


def test_an_output_that_there_is_not_is_refused(explanation: dr.Explanation) -> None:
    expected = ("unknown-output", "there is no output `verdit`", "did you mean `verdict`?")
    assert refused(explanation, verdit="none") == expected
    assert refused(explanation, "verdit=none") == expected


def test_several_labels_at_once_are_refused(explanation: dr.Explanation) -> None:
    expected = ("ambiguous-label", "2 labels at once", "ask for one of them")
    assert refused(explanation, claim="none", verdict="none") == expected
    assert refused(explanation, "none", verdict="none") == expected
    assert refused(explanation, claim="nonsense", verdict="nonsense") == expected


@pytest.mark.parametrize("label", ["", "=", "=none", "verdict=", None, 5, ["none"], {}, "x" * 10_000, "\x1b[31m"])
def test_whatever_is_asked_for_is_refused_with_a_problem(label: Any, explanation: dr.Explanation) -> None:
    assert refused(explanation, label)[0] in ("unknown-label", "unknown-output")
    assert refused(explanation, verdict=label)[0] == "unknown-label"


# --- as text


def test_the_text_of_an_explanation(make_pack: MakePack) -> None:
    facts = {"ground": "damaged", "handed_over_on": "2022-05-30", "gift": True, "today": "2022-06-01"}
    assert own(make_pack()).explain(facts).text() == TEXT


TEXT = """\
Our shop: All of it
  Of what you said, this is enough for it:
    What is wrong? damaged

Can a complaint be made? It can
  Because: The last day has not passed. [1]
  Rule own/window/open: a source says it
  This rests on:
    On which day was it handed over? ahead (you said)
    Days to complain: 30 days since 2022-01-01 [1]

What will be paid back? All of it
  Because: New goods are taken back. [2]
  Rule own/verdict/new-goods: a source says it
  This rests on:
    How many months old is it? below 3 (taken for granted: Most goods are new)
    Which colour is it? Red (taken for granted: Most goods are red)
    Can a complaint be made? It can (as decided above)

Sources
  [1] The handbook (confidence high)
    https://example.org/handbook#days
  [2] The handbook (confidence high)
    https://example.org/handbook#new"""


def test_sources_that_say_otherwise_are_named(make_pack: MakePack) -> None:
    found = own(make_pack(PROOF_COUNTS)).explain(ground="damaged", evidence=[], today="2022-06-01")
    assert "  Other sources say otherwise: [3]\n" in found.text()
    assert "  [3] A notice (about 2021, confidence low)\n    https://example.org/notice#gifts\n" in found.text()


def test_the_text_of_why_not(make_pack: MakePack) -> None:
    found = own(make_pack()).explain(ground="damaged", age_months=5, colour="blue", today="2022-06-01")
    assert found.why_not("no_refund").text() == WHY_NOT


WHY_NOT = """\
Why not “Nothing” (verdict no_refund)?
  What will be paid back? A part of it
  It would be so by “Old goods”: Old goods have no worth left.
    How many months old is it? at least 3 and below 24.5 (you said). It would have to be: at least 24.5
  It would be so by “Used goods of use”: What still serves is kept.
    Can it be used? No (taken for granted: Damaged goods are mostly of no use). It would have to be: “Yes”
  What happened, happened: this says how the rules go, and nothing to say that is not so."""


ONLY_TRUE = "  What happened, happened: this says how the rules go, and nothing to say that is not so."


@pytest.mark.parametrize("ground", dr.Ground)
def test_why_not_never_asks_for_other_facts_than_those_that_are_so(ground: dr.Ground) -> None:
    explained = dr.Advisor().explain(ground=ground, today="2026-03-01")
    for entry in explained.others:
        told = entry.text().splitlines()
        assert (told[-1] == ONLY_TRUE) == any("It would have to be" in line for line in told)


def test_a_rule_that_another_overrides_is_told_with_that(make_pack: MakePack) -> None:
    advisor = own(make_pack())
    found = advisor.explain(ground="damaged", handed_over_on="2022-01-01", today="2022-06-01").why_not("full_refund")
    assert found.nearest[0].failed == ()
    assert found.text().splitlines()[2:] == [
        "  It would be so by “New goods”: New goods are taken back.",
        "    All that it asks for is so.",
        "    But “Too late” goes before it: No complaint can be made any more.",
    ]


def test_a_label_that_no_rule_says_is_told_as_that(make_pack: MakePack) -> None:
    found = own(make_pack()).explain(ground="damaged", today="2022-06-01").why_not("photo")
    assert found.text() == "Why not “A photo” (evidence photo)?\n  What is needed to show?\n  No rule leads there."


def test_what_follows_from_the_day_alone_is_not_called_said(make_pack: MakePack) -> None:
    advisor = own(make_pack(edited("pack.yaml", "after: handed_over_on", "after: [handed_over_on, today]")))
    for handed_over_on, origin in ((None, "(by today's date)"), ("2022-05-30", "(you said)")):
        found = advisor.explain(ground="damaged", handed_over_on=handed_over_on, today="2022-06-01")
        assert f"    On which day was it handed over? ahead {origin}\n" in found.text()


def test_facts_for_which_the_pack_has_no_question_are_told_by_their_meaning(make_pack: MakePack) -> None:
    advisor = own(make_pack(edited("pack.yaml", "after: handed_over_on", "after: ordered_on")))
    explanation = advisor.explain(ground="damaged", ordered_on="2022-01-30", today="2022-06-01")
    told = {fact.fact: (fact.question, fact.words) for fact in explanation.facts}
    assert told["ordered_on"] == ("Day of the order and its payment.", "2022-01-30")


def test_yes_and_no_and_labels_are_told_in_words(aliexpress: dr.Advisor) -> None:
    explanation = aliexpress.explain(ground="buyer_mistake", shipped=False, today=TODAY)
    assert [fact.words for fact in explanation.facts] == ["I ordered it by mistake", "No"]

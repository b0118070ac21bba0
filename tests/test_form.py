"""The dispute form: what a case says, and not a word more."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.case import CHOSEN
from dispute_rules.cli.main import main
from dispute_rules.form import sentences
from dispute_rules.money import written
from dispute_rules.phrases import placeholders

TODAY = "2026-03-01"
DAYS = ("2025-12-01", "2026-02-10", "2026-02-25")
FACTS: Mapping[str, tuple[Any, ...]] = {
    **dict.fromkeys(
        ("received", "wants_to_keep", "free_return", "returnable", "confirmed", "as_described"), (True, False)
    ),
    **dict.fromkeys(("price", "shipping", "requested", "return_cost", "shipping_difference"), ("0", "3.33", "24.90")),
    **dict.fromkeys(("ordered_on", "shipped_on", "received_on", "promised_by", "opened_on"), DAYS),
    **{
        kind: tuple(values)
        for kind, values in (("usability", dr.Usability), ("fault", dr.Fault), ("tracking", dr.Tracking))
    },
    "stage": tuple(dr.Stage),
    "seller_response": tuple(dr.SellerResponse),
    "quantity_ordered": (1, 10),
    "quantity_affected": (1, 3),
    "currency": ("EUR", "JPY"),
    "evidence": ((), ("photos_of_goods",)),
}
CASES = st.fixed_dictionaries(
    {"ground": st.sampled_from(dr.Ground), "today": st.just(TODAY)},
    optional={name: st.sampled_from(values) for name, values in FACTS.items()},
)


@cache
def advisor() -> dr.Advisor:
    return dr.Advisor()


def filled(facts: Mapping[str, Any]) -> dr.Form | None:
    try:
        return advisor().form(facts)
    except dr.CaseError:
        return None


def fields(**facts: Any) -> dr.FormFields:
    form = advisor().form({"today": TODAY} | facts)
    assert form.fields
    return form.fields


def as_written(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def is_backed(sentence: str, facts: Mapping[str, Any]) -> bool:
    """Whether some template of the pack, with facts that are given and with no others, reads so."""
    told = {name: as_written(value) for name, value in facts.items()}
    told |= {"received": "true"} if "received_on" in facts else {}
    for entry in advisor().pack.file.form.values():
        names = re.findall(r"{(.*?)}", entry.say)
        holds = all(
            name in told and (told[name] in condition.labels) != condition.negated
            for name, condition in entry.when.items()
        )
        if holds and told.keys() >= {*names}:
            sums = [n for n in names if isinstance(facts[n], str) and not n.endswith(("_on", "_by"))]
            amounts = {name: written(Decimal(facts[name]), facts.get("currency")) for name in sums}
            if entry.say.format(**{**told, **amounts}) == sentence:
                return True
    return False


@settings(max_examples=300, derandomize=True, deadline=None)
@given(facts=CASES)
def test_every_sentence_is_one_of_the_packs_backed_by_facts_that_are_given(facts: dict[str, Any]) -> None:
    form = filled(facts)
    if form and form.fields:
        found = list(sentences(advisor().pack, advisor().case(facts)))
        assert " ".join(found) == form.fields.description
        assert [sentence for sentence in found if not is_backed(sentence, facts)] == []


@settings(max_examples=200, derandomize=True, deadline=None)
@given(facts=CASES, data=st.data())
def test_what_is_not_said_adds_nothing(facts: dict[str, Any], data: st.DataObject) -> None:
    """A fact that is left out takes its sentences with it, and brings no other."""
    dropped = data.draw(st.sampled_from(sorted(facts.keys() - {"ground", "today"} or {"ground"})))
    less = {name: value for name, value in facts.items() if name != dropped or name == "ground"}
    money = {name: value for name, value in less.items() if name != "currency"}
    if filled(facts) and filled(less) and dropped != "currency":
        pack = advisor().pack
        assert {*sentences(pack, advisor().case(less))} <= {*sentences(pack, advisor().case(facts))}
        assert len(list(sentences(pack, advisor().case(money)))) == len(list(sentences(pack, advisor().case(less))))


@settings(max_examples=100, derandomize=True, deadline=None)
@given(facts=CASES)
def test_what_the_pack_takes_for_granted_changes_no_word(facts: dict[str, Any]) -> None:
    pack = advisor().pack
    try:
        case = advisor().case(facts)
    except dr.CaseError:
        return
    without = pack.saying(pack.file.model_copy(update={"assume": ()}), pack.decisions)
    assert list(sentences(without, case)) == list(sentences(pack, case))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(facts=CASES)
def test_there_is_a_form_exactly_where_the_advice_is_to_open_a_dispute(facts: dict[str, Any]) -> None:
    if form := filled(facts):
        advice = advisor().advise(facts)
        opens = advice.action in ("open_dispute", "add_evidence") and advice.claim is not None
        under_way = facts.get("stage") in ("open", "mediation", "decided") or (
            "stage" not in facts
            and any(entry.fact == "stage" and entry.value == "open" for entry in advice.assumptions)
        )
        assert (form.fields is not None) == (opens and not under_way)
        assert dr.Form.model_validate_json(form.model_dump_json()) == form
        assert form.next_step in form.text()
        if form.fields and form.fields.amount is not None and advice.refund.cap is not None:
            assert 0 <= form.fields.amount <= advice.refund.cap


@pytest.mark.parametrize("ground", dr.Ground)
def test_each_ground_has_a_sentence_of_its_own(ground: dr.Ground) -> None:
    pack = advisor().pack
    own = list(sentences(pack, advisor().case(ground=ground)))
    assert len(own) == 1
    others = [list(sentences(pack, advisor().case(ground=other))) for other in dr.Ground if other is not ground]
    assert own not in others


def test_the_receipt_is_what_is_said_or_what_alone_goes_with_it() -> None:
    assert fields(ground="damaged", received=True).received is True
    assert fields(ground="buyer_mistake", received_on="2026-02-20").received is True
    assert fields(ground="not_arrived").received is False  # nobody can complain about that and have it
    assert fields(ground="damaged").received is True
    for said in ({"received": True}, {"received": False}, {"received_on": "2026-02-20"}, {}):
        assert fields(ground="wrong_delivery_method", **said).received_follows is False
    for ground, words in (("damaged", "Yes"), ("not_arrived", "No")):
        assert fields(ground=ground).received_follows is True
        marked = f"  {words} (you did not say it, but it follows from what you said)\n"
        assert marked in advisor().form(ground=ground, today=TODAY).text()
        assert fields(ground=ground, received=words == "Yes").received_follows is False
    assert fields(ground="wrong_delivery_method").received is None
    assert "(not said)" in advisor().form(ground="wrong_delivery_method", today=TODAY).text()


def test_the_amount_is_what_is_asked_for_up_to_the_cap() -> None:
    paid = {"ground": "damaged", "usability": "unusable", "price": "24.90", "shipping": "3.10", "currency": "EUR"}
    assert fields(**paid).amount == Decimal("28.00")
    assert fields(**paid, requested="12").amount == Decimal(12)
    capped = fields(**paid, requested="99")
    assert capped.amount == Decimal("28.00")
    assert [line for line in capped.check if "99.00 EUR" in line]
    open_one = fields(**paid | {"usability": "impaired"})
    assert open_one.amount is None
    assert [line for line in open_one.check if "28.00 EUR" in line]


@pytest.mark.parametrize(("requested", "told"), [("2.00", True), ("99", True), ("5.00", False), (None, False)])
def test_another_amount_than_the_rules_lead_to_is_told(requested: str | None, told: bool) -> None:
    facts = {"quantity_ordered": 3, "quantity_affected": 1, "price": "15.00 EUR", "shipping": "0"}
    check = fields(ground="wrong_quantity", requested=requested, **facts).check
    line = "You ask for another amount than the rules lead to, which is 5.00 EUR."
    assert (line in check) is told
    assert not [
        each for each in fields(ground="damaged", usability="impaired", requested="2").check if "lead to" in each
    ]


def test_the_description_tells_what_happened_and_never_what_is_wanted() -> None:
    """What is wanted is the solution; a sentence on it could speak against the claim."""
    read = {name for entry in advisor().pack.file.form.values() for name in (*entry.when, *placeholders(entry.say))}
    assert read.isdisjoint(CHOSEN)
    assert {"ground", "received", "price", "usability"} <= read


def test_an_assumed_amount_is_told_among_what_to_check() -> None:
    assert [line for line in fields(ground="fake", price="5").check if "shipping" in line]
    assert not [line for line in fields(ground="fake", price="5", shipping="0").check if "shipping" in line]


def test_what_can_still_change_the_outcome_is_told_among_what_to_check() -> None:
    advice = advisor().advise(ground="fake", today=TODAY)
    told = "\n".join(fields(ground="fake").check)
    assert [question.text for question in advice.questions if question.text not in told] == []
    untold = fields(ground="buyer_mistake")
    assert "Has the parcel reached you?" in {
        question.text for question in advisor().advise(ground="buyer_mistake", today=TODAY).questions
    }
    assert [line for line in untold.check if "received the goods" in line or "reached you" in line] == [
        "Say whether you have received the goods."
    ]


def test_proofs_are_had_missing_or_not_said() -> None:
    assert {proof.have for proof in fields(ground="damaged").proofs} == {None}
    some = fields(ground="damaged", evidence=["photos_of_goods"]).proofs
    assert {proof.kind for proof in some if proof.have} == {"photos_of_goods"}
    assert {proof.have for proof in some} == {True, False}
    assert "- missing: not among those that you named" in advisor().form(ground="damaged", today=TODAY).text()


@pytest.mark.parametrize(
    ("facts", "action"),
    [
        ({"ground": "not_arrived", "shipped_on": "2026-02-27"}, "wait"),
        ({"ground": "damaged", "confirmed_on": "2025-12-01"}, "use_another_route"),
        ({"ground": "no_longer_needed", "shipped": False}, "cancel_order"),
        ({"ground": "damaged", "fault": "buyer"}, "none"),
        ({"ground": "damaged", "opened_on": "2026-02-27"}, "keep_dispute_open"),
        ({"ground": "damaged", "stage": "open", "evidence": []}, "add_evidence"),
    ],
)
def test_without_a_form_it_is_said_what_to_do_instead(facts: dict[str, Any], action: str) -> None:
    form = advisor().form(facts, today=TODAY)
    assert (form.fields, form.action) == (None, action)
    assert form.next_step in form.text()
    assert form.because
    assert (form.opens_on is not None) == (action == "wait")


def test_a_pack_without_sentences_or_claims_has_no_form() -> None:
    small = dr.Advisor(Path(__file__).parents[1] / "examples" / "phone-shop" / "phone_shop")
    form = small.form({"ground": "damaged", "today": TODAY})
    assert form.fields is None
    assert "no dispute form" in form.text()


# --- the pack's sentences


def pack_with(tmp_path: Path, form: str, **texts: str) -> dr.PackError:
    (tmp_path / "pack.yaml").write_text(
        f"title: Shop\nabout: A shop.\nfrom: 2020-01-01\n{form}\nassume: [{{received: true, because: So.}}]\n"
        "decisions: [verdict]\n"
    )
    (tmp_path / "verdict").mkdir()
    (tmp_path / "verdict" / "decision.yaml").write_text(
        "question: What?\npolicy: any\noutputs: {verdict: {full_refund: Full, none: None}}\n"
    )
    (tmp_path / "verdict" / "all.yaml").write_text(
        "title: All\nwhen: {}\nthen: {verdict: full_refund}\nbecause: So.\nbasis: inferred\n"
    )
    for language, text in texts.items():
        (tmp_path / f"texts.{language}.yaml").write_text(text)
    with pytest.raises(dr.PackError) as caught:
        dr.load_pack(tmp_path, language=next(iter(texts), None))
    return caught.value


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ('{say: "Paid {prise}."}', "bad-placeholder"),
        ('{say: "Paid {price."}', "bad-placeholder"),
        ('{say: "Paid {}."}', "bad-placeholder"),
        ('{say: "It is {usability}."}', "bad-placeholder"),
        ("{say: I want my money.}", "bad-placeholder"),
        ("{when: {recieved: true}, say: It came.}", "unknown-fact"),
        ("{when: {verdict: full_refund}, say: It came.}", "unknown-fact"),
        ("{when: {price: {below: 3}}, say: It was cheap.}", "unknown-fact"),
        ("{when: {received: {below: 3}}, say: It came.}", "bad-condition"),
        ("{when: {received: [true, maybe]}, say: It came.}", "unknown-label"),
        ("{when: {received: {not: [true, false]}}, say: It came.}", "bad-condition"),
        ("{when: {received: true}}", "missing-key"),
    ],
)
def test_a_sentence_that_rests_on_anything_but_facts_is_refused(tmp_path: Path, sentence: str, code: str) -> None:
    found = pack_with(tmp_path, f"form: {{one: {sentence}}}")
    assert [problem.code for problem in found.problems] == [code]
    assert "pack.yaml:4:" in found.problems[0].place


@pytest.mark.parametrize("text", ["Bezahlt.", "{shipping} bezahlt.", "{price} {price} bezahlt.", "{price bezahlt."])
def test_a_translation_keeps_the_placeholders(tmp_path: Path, text: str) -> None:
    found = pack_with(tmp_path, 'form: {paid: {say: "Paid {price}."}}', de=f'form.paid.say: "{text}"\n')
    assert [problem.code for problem in found.problems] == ["bad-placeholder"]


def test_the_description_is_translated_like_all_texts(tmp_path: Path) -> None:
    folder = shutil.copytree(advisor().pack.folder, tmp_path / "aliexpress")
    german = 'form.damaged.say: Die Ware kam beschädigt an.\nform.paid.say: "Bezahlt: {price}."\n'
    (folder / "texts.de.yaml").write_text(german, encoding="utf-8")
    form = dr.Advisor(dr.load_pack(folder, language="de")).form(ground="damaged", price="5 EUR", today=TODAY)
    assert form.fields
    assert form.fields.description == "Die Ware kam beschädigt an. Bezahlt: 5.00 EUR."


# --- the shell


def test_the_shell_prints_it_to_copy_and_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    case = ["--ground", "damaged", "--usability", "unusable", "--price", "24.90 EUR", "--today", TODAY]
    assert main(["form", *case]) == 0
    told = capsys.readouterr().out
    assert told.strip() == advisor().form(ground="damaged", usability="unusable", price="24.90 EUR", today=TODAY).text()
    assert "  The goods arrived damaged. The goods cannot be used. I paid 24.90 EUR for the goods.\n" in told
    assert main(["form", *case, "--json"]) == 0
    assert dr.Form.model_validate_json(capsys.readouterr().out).text() == told.strip()


def test_the_shell_refuses_a_bad_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["form", "--ground", "damagd", "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["problems"][0]["code"] == "unknown-label"

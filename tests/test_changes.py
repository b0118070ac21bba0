"""What would change it: each change gives what it promises, is better and honest, and none is nearer.

The oracle says once more, by trying far more than the search does, which changes there are to be found.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from itertools import combinations, permutations, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import dispute_rules as dr
from dispute_rules import changes as changes_module
from dispute_rules.advisor import Advisor
from dispute_rules.answer import Settled
from tests.conftest import GOOD_PACK, MakePack, edited, write_pack
from tests.test_advice import FACTS, TODAY, partial_cases

PHONE_SHOP = Path(__file__).parents[1] / "examples" / "phone-shop" / "phone_shop"
KINDS = ("receipt", "photo", "letter")
HORIZON = 20  # days; no day of a case is further away


# --- the oracle


@dataclass(frozen=True)
class Case:
    """A case, changed or not, and what the rules make of it."""

    advisor: dr.Advisor
    facts: Mapping[str, Any]
    changed: tuple[str, ...] = ()

    @cached_property
    def advice(self) -> dr.Advice | None:
        try:
            return self.advisor.advise(self.facts)
        except (dr.CaseError, dr.PackError):
            return None

    @cached_property
    def outputs(self) -> dict[str, str]:
        assert self.advice is not None
        decided = [outcome for outcome in self.advice.outcomes.values() if isinstance(outcome, Mapping)]
        return {output: label for outcome in decided for output, label in outcome.items()}

    @property
    def outcome(self) -> tuple[str, ...]:
        return tuple(self.outputs[output] for output in orders(self.advisor))

    @cached_property
    def labels(self) -> Mapping[str, str]:
        return self.advisor.settle(self.facts).labels

    def changed_to(self, fact: str, value: Any) -> Case:
        return Case(self.advisor, {**self.facts, fact: value}, (*self.changed, fact))

    def __hash__(self) -> int:
        return id(self)


def orders(advisor: dr.Advisor) -> dict[str, list[set[str]]]:
    found = [order for decision in advisor.pack.decisions for order in decision.file.better.items()]
    return {output: [set(level) for level in levels] for output, levels in found}


def level(order: Sequence[set[str]], label: str) -> int | None:
    return next((index for index, labels in enumerate(order) if label in labels), None)


def is_better(advisor: dr.Advisor, before: Sequence[str], after: Sequence[str]) -> bool:
    """Some output is better, and all others are the same or better."""
    if before == after:
        return False
    for order, old, new in zip(orders(advisor).values(), before, after, strict=True):
        levels = level(order, old), level(order, new)
        if old != new and (None in levels or levels[1] >= levels[0]):  # type: ignore[operator]
            return False
    return True


def is_honest(before: Case, after: Case) -> bool:
    """Nothing that is taken for granted in the end was otherwise at first."""
    assert after.advice is not None
    taken = {entry.fact: entry.value for entry in after.advice.assumptions}
    return all(before.labels[fact] == after.labels[fact] for fact in taken if fact in after.labels)


def values(case: Case, fact: str) -> Iterator[Any]:
    """Every other value: every day, every set of evidence, and all amounts that there are."""
    assert case.advice is not None
    now: Any = case.facts.get(fact)
    if fact == "today":
        day, last = date.fromisoformat(case.facts["today"]), case.advice.window.closes_on
        limit = HORIZON if last or not closes(case.advisor) else 0
        days = (day + timedelta(days=count) for count in range(1, limit + 1))
        yield from (str(each) for each in days if last is None or each <= last)
    elif fact == "evidence":
        more = sorted({item.kind for item in case.advice.evidence if item.required} - {*now})
        yield from ((*now, *added) for count in range(1, len(more) + 1) for added in combinations(more, count))
    elif fact in ("requested", "deposit"):
        refund = case.advice.refund
        given = [case.facts.get(name) for name in ("price", "shipping", "requested", "offered", "deposit")]
        amounts = {Decimal(amount) for amount in (refund.cap, refund.recommended, *given) if amount is not None}
        yield from (str(amount) for amount in amounts - {Decimal(now)})
    else:
        labels = case.advisor.pack.own_facts[fact].labels if fact in case.advisor.pack.own_facts else ("true", "false")
        options = [label == "true" for label in labels] if isinstance(now, bool) else labels
        yield from (option for option in options if option != now)


def closes(advisor: dr.Advisor) -> bool:
    return any(rule.file.then.get("marks") == "closes" for d in advisor.pack.decisions for rule in d.rules)


def varied(case: Case, fact: str) -> list[Case]:
    return [each for value in values(case, fact) if (each := case.changed_to(fact, value)).advice is not None]


def passes(start: Case, way: Case, stop: Case) -> bool:
    """Whether who changes the case one way comes by another change first."""
    for fact in stop.changed:
        now: Any = start.facts.get(fact)
        far, near = way.facts[fact], stop.facts[fact]
        if fact == "evidence":
            passed = {*near} <= {*far}
        elif fact == "today":
            passed = near <= far
        elif fact in ("requested", "deposit"):
            first, last = sorted((Decimal(now), Decimal(far)))
            passed = first <= Decimal(near) <= last
        else:
            passed = near == far
        if not passed:
            return False
    return True


class Oracle:
    """The nearest changes of a case, by trying everything."""

    def __init__(self, advisor: dr.Advisor, facts: Mapping[str, Any]) -> None:
        self.start = Case(advisor, facts)
        marked = [name for name in advisor.pack.file.changes if facts.get(name) is not None]
        self.singles = self.good(each for fact in marked for each in varied(self.start, fact))
        pairs = self.good(
            pair
            for one, other in permutations(marked, 2)
            for single in varied(self.start, one)
            for pair in varied(single, other)
        )
        self.pairs = [each for each in pairs if not any(self.as_good(single, each) for single in self.singles)]

    def good(self, found: Iterator[Case]) -> list[Case]:
        before = self.start.outcome
        better = (each for each in found if is_better(self.start.advisor, before, each.outcome))
        return [each for each in better if is_honest(self.start, each)]

    def as_good(self, one: Case, other: Case) -> bool:
        return one.outcome == other.outcome or is_better(self.start.advisor, other.outcome, one.outcome)

    def nearest(self) -> set[tuple[Any, ...]]:
        return {
            self.told(each) for found in (self.singles, self.pairs) for each in found if self.is_nearest(each, found)
        }

    def is_nearest(self, case: Case, found: Sequence[Case]) -> bool:
        """No other one with the same outcome is on the way; of sets of evidence none is smaller."""
        return not any(
            {*other.changed} == {*case.changed}
            and other.outcome == case.outcome
            and passes(self.start, case, other)
            and not passes(self.start, other, case)
            for other in found
        )

    def told(self, case: Case) -> tuple[Any, ...]:
        """Any kinds of evidence will do where only their number counts."""
        return self.key({fact: case.facts[fact] for fact in case.changed}), case.outcome

    @staticmethod
    def key(facts: Mapping[str, Any]) -> tuple[Any, ...]:
        def plain(fact: str, value: Any) -> Any:
            return (
                len({*value}) if fact == "evidence" else Decimal(value) if fact in ("requested", "deposit") else value
            )

        return tuple(sorted((fact, plain(fact, value)) for fact, value in facts.items()))


def found_by(advisor: dr.Advisor, facts: Mapping[str, Any]) -> set[tuple[Any, ...]]:
    return {
        (Oracle.key(change.facts), tuple(change.after.labels[output] for output in orders(advisor)))
        for change in advisor.changes(facts)
    }


# --- small packs

HEAD = """\
title: Small
about: A small pack.
from: 2020-01-01
parameters:
  days: {title: Days, values: [{from: 2020-01-01, value: 10, source: book}]}
sources:
  book: {title: Book, by: Us, url: https://example.org/book, confidence: high}
facts:
  ground: {question: What is wrong?}
  colour: {kind: label, question: Which?, labels: {red: Red, green: Green, blue: Blue}}
  gift: {kind: yes_no, question: A gift?}
  deposit: {kind: amount, question: A deposit?}
  price: {question: The price?}
  requested: {question: The wish?}
  broken: {kind: yes_no, question: Broken?}
  begins: {question: When?}
  ends: {question: When?}
  asked: {question: How much?}
  wish: {question: How much?}
  proof: {question: What can you show?}
dates:
  begins: {first_day: {after: promised_by, days: days}}
  ends: {last_day: {after: received_on, days: days}}
amounts:
  cap: {sum: [price, deposit]}
  rest: {sum: price}
comparisons:
  wish: {compare: requested, with: recommended, labels: {at_most: modest, above: greedy}}
  asked: {compare: requested, with: cap, labels: {at_most: within, above: above}}
assume:
  - {deposit: 0, because: None.}
  - {colour: red, because: Red.}
  - {gift: false, because: No.}
  - {asked: within, because: Mostly.}
  - {wish: modest, because: Mostly.}
  - {begins: passed, because: Long ago.}
  - {ends: ahead, because: Not yet.}
  - {proof: all, because: All.}
"""
BROKEN = (
    "  - {broken: false, because: No.}\n",
    "  - {broken: true, when: {colour: red}, because: Red ones are.}\n  - {broken: false, name: b, because: No.}\n",
)
LABELS = {
    "colour": ("red", "green", "blue"),
    "gift": ("true", "false"),
    "broken": ("true", "false"),
    "begins": ("ahead", "passed"),
    "ends": ("ahead", "passed"),
    "asked": ("within", "above"),
    "wish": ("modest", "greedy"),
    "proof": ("none", "some", "all"),
}
EARLY, LATE = ("colour", "gift", "broken", "begins", "ends", "asked"), ("wish", "proof")
OUTPUTS = {"first": ("a", "b", "c", "none"), "second": ("p", "q", "r")}
LABELS["first"] = OUTPUTS["first"]
MARKS = ("colour", "gift", "deposit", "requested", "evidence", "today")


def rule(when: Mapping[str, str], then: Mapping[str, str]) -> str:
    boxes, outcome = (", ".join(f"{name}: {label}" for name, label in part.items()) for part in (when, then))
    return f"title: T\nwhen: {{{boxes}}}\nthen: {{{outcome}}}\nbecause: B.\nbasis: inferred\n"


@st.composite
def tables(draw: st.DrawFn, output: str, read: Sequence[str], *, ordered: bool) -> dict[str, str]:
    """A decision that answers each combination of some facts somehow."""
    labels = OUTPUTS[output]
    words = ", ".join(f"{label}: Label {label}" for label in labels)
    head = f"question: Q?\npolicy: any\noutputs: {{{output}: {{{words}}}}}\n"
    if ordered:
        order = draw(st.lists(st.sampled_from(labels), min_size=3, unique=True))
        together = draw(st.integers(1, 2))
        levels = [order[:together], *([label] for label in order[together:])]
        head += f"better: {{{output}: {levels}}}\n".replace("'", "")
    files = {f"{output}/decision.yaml": head}
    for index, row in enumerate(product(*(LABELS[fact] for fact in read))):
        then = {output: draw(st.sampled_from(labels))}
        files[f"{output}/r{index}.yaml"] = rule(dict(zip(read, row, strict=True)), then)
    return files


@st.composite
def small_packs(draw: st.DrawFn) -> dict[str, str]:
    marks = draw(st.lists(st.sampled_from(MARKS), min_size=2, max_size=4, unique=True))
    section = "changes:\n" + "".join(f"  {name}: {{how: Do {name}.}}\n" for name in marks)
    files = {
        "papers/decision.yaml": "question: Q?\npolicy: collect\noutputs:\n"
        "  evidence: {receipt: R, photo: P, letter: L}\n  required: {true: Y, false: N}\n",
        "days/decision.yaml": "question: Q?\npolicy: collect\noutputs:\n  date: {begins: B, ends: E}\n"
        "  marks: {opens: O, closes: C, step: S}\n",
    }
    for kind in KINDS:
        fact = draw(st.sampled_from(["colour", "gift", "asked"]))
        when = {fact: draw(st.sampled_from(LABELS[fact]))}
        files[f"papers/{kind}.yaml"] = rule(
            when, {"evidence": kind, "required": draw(st.sampled_from(["true", "false"]))}
        )
    if draw(st.booleans()):
        files["days/ends.yaml"] = rule(
            {"gift": draw(st.sampled_from(LABELS["gift"]))}, {"date": "ends", "marks": "closes"}
        )
    files["sum/decision.yaml"] = "question: Q?\npolicy: any\noutputs: {amount: {cap: C, rest: R}}\n"
    for label in LABELS["colour"]:
        files[f"sum/{label}.yaml"] = rule({"colour": label}, {"amount": draw(st.sampled_from(["cap", "rest"]))})
    early = draw(st.lists(st.sampled_from(EARLY), min_size=2, max_size=3, unique=True))
    late = [draw(st.sampled_from(LATE)), draw(st.sampled_from([*EARLY, "first"]))]
    both = draw(st.booleans())
    files |= draw(tables("first", early, ordered=both or draw(st.booleans())))
    files |= draw(tables("second", late, ordered=both or "better" not in files["first/decision.yaml"]))
    decisions = "decisions: [sum, papers, first, second, days]\n"
    files["pack.yaml"] = HEAD + draw(st.sampled_from(BROKEN)) + section + decisions
    return files


OWN_FACTS: Mapping[str, st.SearchStrategy[Any]] = {
    "colour": st.sampled_from(LABELS["colour"]),
    "gift": st.booleans(),
    "broken": st.booleans(),
    "deposit": st.sampled_from(["0", "5"]),
    "price": st.sampled_from(["10", "20"]),
    "requested": st.sampled_from(["10", "12", "30"]),
    "offered": st.sampled_from(["8", "11"]),
    "evidence": st.lists(st.sampled_from(KINDS), unique=True),
    "promised_by": st.sampled_from(["2026-02-17", "2026-02-25", "2026-03-01"]),
    "received_on": st.sampled_from(["2026-02-22", "2026-02-26"]),
}


@st.composite
def own_cases(draw: st.DrawFn) -> dict[str, Any]:
    """Most facts are known, so that there is much to change."""
    unknown = draw(st.sets(st.sampled_from(sorted(OWN_FACTS)), max_size=3))
    known = {name: draw(each) for name, each in OWN_FACTS.items() if name not in unknown}
    return {"ground": "damaged", "today": TODAY, **known}


slowly = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def loaded(files: Mapping[str, str]) -> dr.Advisor:
    folder = Path(tempfile.mkdtemp())
    try:
        return dr.Advisor(dr.load_pack(write_pack(folder / "small", files)))
    finally:
        shutil.rmtree(folder)


@settings(slowly, max_examples=100)
@given(files=small_packs(), data=st.data())
def test_the_nearest_changes_are_those_that_trying_everything_finds(files: dict[str, str], data: st.DataObject) -> None:
    advisor = loaded(files)
    for _ in range(3):
        facts = data.draw(own_cases())
        if Case(advisor, facts).advice is not None:
            assert found_by(advisor, facts) == Oracle(advisor, facts).nearest()
            assert_keeps_its_promises(advisor, facts)


def test_evidence_is_what_the_other_change_requires() -> None:
    """A gift is shown by a photo, all else by the receipt."""
    order = "question: Q?\npolicy: any\noutputs: {%s: {%s: Y, %s: N}}\nbetter: {%s: [%s, %s]}\n"
    files = {
        "pack.yaml": HEAD + BROKEN[0] + "changes: {evidence: {how: E.}, gift: {how: G.}}\n"
        "decisions: [papers, first, second]\n",
        "papers/decision.yaml": "question: Q?\npolicy: collect\noutputs:\n"
        "  evidence: {receipt: R, photo: P}\n  required: {true: Y, false: N}\n",
        "papers/receipt.yaml": rule({"gift": "false"}, {"evidence": "receipt", "required": "true"}),
        "papers/photo.yaml": rule({"gift": "true"}, {"evidence": "photo", "required": "true"}),
        "first/decision.yaml": order % ("first", "a", "b", "first", "a", "b"),
        "first/gift.yaml": rule({"gift": "true"}, {"first": "a"}),
        "first/own.yaml": rule({"gift": "false"}, {"first": "b"}),
        "second/decision.yaml": order % ("second", "p", "q", "second", "p", "q"),
        "second/shown.yaml": rule({"proof": "all"}, {"second": "p"}),
        "second/not.yaml": rule({"proof": "none"}, {"second": "q"}),
        "second/partly.yaml": rule({"proof": "some"}, {"second": "q"}),
    }
    found = loaded(files).changes(ground="damaged", gift=False, evidence=[])
    assert [dict(change.facts) for change in found] == [
        {"gift": True},
        {"evidence": ("receipt",)},
        {"gift": True, "evidence": ("photo",)},
    ]


# --- promises of each change


def assert_keeps_its_promises(advisor: dr.Advisor, facts: Mapping[str, Any]) -> None:
    before = Case(advisor, facts)
    assert before.advice is not None
    found = advisor.changes(facts)
    assert [len(change.facts) for change in found] == sorted(len(change.facts) for change in found)
    for change in found:
        after = Case(advisor, {**facts, **change.facts}, tuple(change.facts))
        assert after.advice is not None
        for told, case in ((change.before, before), (change.after, after)):
            assert dict(told.labels) == case.outputs
            assert told.refund == case.advice.refund  # type: ignore[union-attr]
            words = {o: w for d in advisor.pack.decisions for o, w in d.file.outputs.items()}
            assert dict(told.words) == {output: words[output][label] for output, label in case.outputs.items()}
        better = {o for o, x, y in zip(orders(advisor), before.outcome, after.outcome, strict=True) if x != y}
        assert set(change.better_in) == better
        assert is_better(advisor, before.outcome, after.outcome)
        assert is_honest(before, after)
        assert_touches_what_is_marked(before, change)


def assert_touches_what_is_marked(before: Case, change: dr.Change) -> None:
    marked = before.advisor.pack.file.changes
    assert 1 <= len(change.facts) <= 2
    assert change.how == tuple(marked[name].how for name in change.facts)
    for name, value in change.facts.items():
        now: Any = before.facts.get(name)
        assert now is not None
        assert now != value
        if name == "evidence":
            assert {*now} < {*value}  # type: ignore[misc]
        if name == "today":
            assert value > now


@cache
def aliexpress() -> dr.Advisor:
    return dr.Advisor()


goods = {
    "ground": st.sampled_from(["not_as_described", "poor_quality", "damaged", "fake", "wrong_quantity"]),
    "received": st.just(True),
    "usability": st.sampled_from(["usable", "impaired", "unusable"]),
}
missing = {"ground": st.sampled_from(["not_arrived", "wrong_delivery_method"]), "received": st.just(False)}
kinds = ["photos_of_goods", "photos_of_package", "listing_screenshot", "tracking_screenshot"]
told = {
    "today": st.just(TODAY),
    "wants_to_keep": st.booleans(),
    "evidence": st.lists(st.sampled_from(kinds), unique=True),
}
untold = {
    name: st.sampled_from(FACTS[name])
    for name in "price requested offered promised_by shipped_on received_on tracking fault stage".split()
}
likely_cases = st.one_of([st.fixed_dictionaries({**first, **told}, optional=untold) for first in (goods, missing)])


@settings(slowly, max_examples=200)
@given(facts=likely_cases | partial_cases(FACTS))
def test_changes_by_the_shipped_pack_keep_their_promises(facts: dict[str, Any]) -> None:
    if Case(aliexpress(), facts).advice is not None:
        assert_keeps_its_promises(aliexpress(), facts)


@settings(slowly, max_examples=40)
@given(facts=likely_cases)
def test_no_single_change_is_missed_by_the_shipped_pack(facts: dict[str, Any]) -> None:
    start = Case(aliexpress(), facts)
    if start.advice is None:
        return
    every = [each for fact in ("wants_to_keep", "evidence", "today") for each in varied(start, fact)]
    good = [each for each in every if is_better(aliexpress(), start.outcome, each.outcome) and is_honest(start, each)]
    found = aliexpress().changes(facts)
    assert {each.outcome for each in good} <= {
        tuple(change.after.labels[output] for output in orders(aliexpress())) for change in found
    }


# --- what a buyer reads


def example(**facts: Any) -> tuple[dr.Change, ...]:
    return aliexpress().changes({"today": TODAY, **facts})


def test_evidence_that_is_missing_makes_prospects_better() -> None:
    some, all_of_it = sorted(
        example(ground="damaged", received=True, usability="unusable", evidence=[]),
        key=lambda c: len(c.facts["evidence"]),  # type: ignore[arg-type]
    )
    assert dict(some.facts) == {"evidence": ("photos_of_goods",)}
    assert dict(all_of_it.facts) == {"evidence": ("photos_of_goods", "photos_of_package")}
    assert all_of_it.how == ("Get this evidence and attach it. It can be added until the dispute is closed.",)
    assert all_of_it.better_in == ("prospects",)
    assert (all_of_it.before.labels["prospects"], all_of_it.after.labels["prospects"]) == ("weak", "strong")
    assert all_of_it.after.words["prospects"] == "Strong, if what you say can be seen from the evidence"
    assert some.after.labels["prospects"] == "fair"


def test_nothing_is_changed_once_the_dispute_is_decided() -> None:
    facts = {"ground": "damaged", "usability": "unusable", "evidence": []}
    assert aliexpress().changes(facts, stage="open")
    assert aliexpress().changes(facts, stage="decided") == ()


def test_evidence_that_is_there_is_kept() -> None:
    (change,) = example(ground="damaged", usability="unusable", evidence=["video_of_defect", "photos_of_goods"])
    assert change.facts["evidence"] == ("photos_of_goods", "photos_of_package", "video_of_defect")


def test_what_is_unknown_is_a_question_and_no_change() -> None:
    assert example(ground="damaged", received=True, usability="unusable") == ()
    assert {tuple(c.facts) for c in example(ground="not_as_described", usability="usable", wants_to_keep=True)} == {
        ("wants_to_keep",)
    }


def test_sending_the_goods_back_is_a_decision_only_where_their_usability_is_known() -> None:
    """Who wants to keep the goods is taken to be able to use them: a change of mind does not make them useless."""
    (change,) = example(ground="not_as_described", usability="usable", wants_to_keep=True)
    assert dict(change.facts) == {"wants_to_keep": False}
    assert change.after.labels["verdict"] == "full_refund_return_seller_pays"
    assert example(ground="not_as_described", wants_to_keep=True) == ()


def test_what_leads_nowhere_better_is_not_told() -> None:
    assert example(ground="not_as_described", usability="usable", wants_to_keep=False) == ()
    assert example(ground="damaged", usability="unusable", evidence=["photos_of_goods", "photos_of_package"]) == ()


def test_two_changes_go_together_only_where_they_lead_further() -> None:
    found = example(ground="not_as_described", usability="usable", wants_to_keep=True, evidence=["photos_of_goods"])
    kinds = ("listing_screenshot", "photos_of_goods")
    assert [dict(change.facts) for change in found] == [
        {"wants_to_keep": False},
        {"evidence": kinds},
        {"wants_to_keep": False, "evidence": kinds},
    ]
    assert found[2].better_in == ("verdict", "prospects")


def test_waiting_is_told_until_the_first_day_on_which_it_helps() -> None:
    (change,) = example(ground="not_arrived", shipped_on="2026-02-25", promised_by="2026-03-20")
    assert dict(change.facts) == {"today": "2026-03-21"}
    assert (change.before.labels["window"], change.after.labels["window"]) == ("too_early", "open")


def test_waiting_is_never_told_past_the_last_safe_day() -> None:
    facts = {"ground": "not_arrived", "shipped_on": "2026-02-25", "protection_ends_on": "2026-02-20"}
    advice = aliexpress().advise(facts, today=TODAY)
    assert advice.window.closes_on == date(2026, 3, 7)
    assert advice.window.status is dr.Window.TOO_EARLY
    assert example(**facts) == ()  # the waiting time is over on 2026-03-08
    assert example(**{**facts, "protection_ends_on": "2026-02-21"}) != ()


def test_the_day_is_todays_if_none_is_given() -> None:
    shipped = date.today() - timedelta(days=2)
    (change,) = aliexpress().changes(ground="not_arrived", shipped_on=shipped)
    assert dict(change.facts) == {"today": str(shipped + timedelta(days=11))}


def test_the_desk_of_the_phone_shop_asks_for_the_box() -> None:
    (change,) = dr.Advisor(PHONE_SHOP).changes(ground="no_longer_needed", complete=False)
    assert dict(change.facts) == {"complete": True}
    assert change.how == ("Look for the box and all that was in it, and bring everything along.",)
    assert change.better_in == ("remedy", "verdict")
    assert change.after.words["remedy"] == "Give the money back"


# --- shape, faults, bounds


def test_a_change_goes_through_json_and_back() -> None:
    found = example(ground="not_as_described", usability="usable", wants_to_keep=True, evidence=[], price="20")
    assert len(found) > 3
    for change in found:
        assert dr.Change.model_validate_json(change.model_dump_json()) == change


def test_a_change_is_frozen() -> None:
    (change,) = example(ground="not_as_described", usability="usable", wants_to_keep=True)
    with pytest.raises(ValidationError):
        change.how = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        change.facts["received"] = True  # type: ignore[index]


def test_what_is_wrong_with_a_case_is_told_at_once() -> None:
    with pytest.raises(dr.CaseError) as caught:
        aliexpress().changes(ground="damagd", price=-1, evidence=["selfie"])
    assert {problem.place for problem in caught.value.problems} == {"ground", "price", "evidence"}


def test_a_pack_without_changes_or_without_an_order_has_none(make_pack: MakePack) -> None:
    marked = edited("pack.yaml", "decisions: [window", "changes: {colour: {how: Swap it.}}\ndecisions: [window")
    blue = {"ground": "damaged", "colour": "blue"}
    assert dr.Advisor(make_pack(name="neither")).changes(blue) == ()
    assert dr.Advisor(make_pack(marked, name="marked")).changes(blue) == ()
    text = GOOD_PACK["verdict/decision.yaml"] + "better: {verdict: [full_refund, partial_refund, no_refund]}\n"
    ordered = {"verdict/decision.yaml": text}
    assert dr.Advisor(make_pack(ordered, name="ordered")).changes(blue) == ()
    both = dr.Advisor(make_pack({**marked, **ordered}, name="both")).changes(blue)
    assert [dict(change.facts) for change in both] == [{"colour": "red"}, {"colour": "green"}]


def test_a_new_edition_is_worth_waiting_for(make_pack: MakePack) -> None:
    """Blue goods count for less until the end of 2022."""
    pack = {
        **edited("pack.yaml", "decisions: [window", "changes: {today: {how: Wait.}}\ndecisions: [window"),
        "verdict/decision.yaml": GOOD_PACK["verdict/decision.yaml"]
        + "better: {verdict: [full_refund, partial_refund]}\n",
        "verdict/new-goods-in-blue.yaml": GOOD_PACK["verdict/new-goods-in-blue.yaml"] + "until: 2022-12-31\n",
        "verdict/blue-at-last.yaml": GOOD_PACK["verdict/new-goods-in-blue.yaml"].replace("partial", "full")
        + "from: 2023-01-01\n",
    }
    (change,) = dr.Advisor(make_pack(pack)).changes(ground="damaged", colour="blue", today="2022-12-20")
    assert dict(change.facts) == {"today": "2023-01-01"}


def test_only_so_many_cases_are_tried(make_pack: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack may mark hundreds of facts with hundreds of labels; those nearest to hand are tried all the same."""
    names = [f"own{index}" for index in range(40)]
    labels = ", ".join(f"l{index}: L" for index in range(20))
    facts = "".join(f"  {name}: {{kind: label, question: Q?, labels: {{{labels}}}}}\n" for name in names)
    section = "changes:\n" + "".join(f"  {name}: {{how: H.}}\n" for name in names)
    text = GOOD_PACK["pack.yaml"].replace("facts:\n", f"facts:\n{facts}").replace("decisions:", f"{section}decisions:")
    better = GOOD_PACK["verdict/decision.yaml"] + "better: {verdict: [full_refund, partial_refund]}\n"
    advisor = dr.Advisor(make_pack({"pack.yaml": text, "verdict/decision.yaml": better}))
    settled: list[dr.Case] = []

    def settle(case: dr.Case) -> Settled:
        settled.append(case)
        return Advisor.settle(advisor, case)

    monkeypatch.setattr(advisor, "settle", settle)
    assert advisor.changes({"ground": "damaged", **dict.fromkeys(names, "l0")}) == ()
    assert len(settled) == changes_module._MOST_TRIES + 1

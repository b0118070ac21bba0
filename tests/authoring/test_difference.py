"""A difference says exactly what changes: checked situation by situation, and by cases that are advised on again."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dispute_rules.advisor import Advisor
from dispute_rules.authoring.replays import Replays
from dispute_rules.authoring.versions import Comparison, Version, compare
from dispute_rules.cli.main import main
from dispute_rules.engine.decide import agree, applying
from dispute_rules.errors import CaseError, PackError
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.model import Edition
from dispute_rules.reasoning.budget import Budget
from dispute_rules.reasoning.difference import Change, Difference, difference
from dispute_rules.reasoning.joint import (
    COLLECTED,
    IMPOSSIBLE,
    NO_ANSWER,
    NOT_COLLECTED,
    POSSIBLE,
    Question,
    coarse,
)
from dispute_rules.reasoning.meeting import Answer, Answers
from dispute_rules.situation import fits
from tests.conftest import GOOD_PACK, MakePack, edited, write_pack

ENOUGH = 1_000_000
Files = dict[str, str]
Streams = pytest.CaptureFixture[str]

# --- small packs, generated

HEAD = """\
title: Small
about: A small pack.
from: 2020-01-01
facts:
  colour: {kind: label, question: Which?, labels: {red: Red, green: Green, blue: Blue}}
  gift: {kind: yes_no, question: A gift?}
  broken: {kind: yes_no, question: Broken?}
  age: {kind: number, question: How old?}
assume:
  - {colour: red, because: So it is.}
  - {gift: false, because: So it is.}
  - {broken: false, because: So it is.}
  - {age: 0, because: So it is.}
decisions: [one, two, notes]
"""
DECISIONS = {
    "one": "question: One?\npolicy: any\noutputs: {first: {a: A, b: B, c: C}}\n",
    "two": "question: Two?\npolicy: any\noutputs: {second: {p: P, q: Q}, third: {x: X, y: Y}}\n",
    "notes": "question: Which?\npolicy: collect\noutputs: {note: {n: N, m: M}}\n",
}
THEN = {
    "one": ["{first: a}", "{first: b}", "{first: c}"],
    "two": ["{second: p, third: x}", "{second: q, third: x}", "{second: q, third: y}"],
    "notes": ["{note: n}", "{note: m}"],
}
BOXES = {
    "colour": ["red", "[red, green]", "{not: green}"],
    "gift": ["true", "false"],
    "broken": ["true", "false"],
    "age": ["{below: 3}", "{at_least: 3}", "{at_least: 5}", "{below: 2}"],
}
OUTPUTS = {"first": ["a", "{not: a}", "[b, c]"], "second": ["p", "q"], "third": ["x"]}
READS = {
    "one": BOXES,
    "two": BOXES | {"first": OUTPUTS["first"]},
    "notes": BOXES | OUTPUTS,
}
KNOWN = {
    "colour": st.sampled_from(["red", "green", "blue"]),
    "gift": st.booleans(),
    "broken": st.booleans(),
    "age": st.sampled_from(["0", "2", "4", "6"]),
}
REST = "because: So it is.\nbasis: inferred\n"


@st.composite
def whens(draw: st.DrawFn, reads: Mapping[str, list[str]], least: int = 0) -> str:
    names = draw(st.lists(st.sampled_from(sorted(reads)), unique=True, min_size=least, max_size=2))
    return "{" + ", ".join(f"{name}: {draw(st.sampled_from(reads[name]))}" for name in names) + "}"


@st.composite
def rules(draw: st.DrawFn, decision: str) -> list[tuple[str, str, list[str]]]:
    """When, then and unless of some rules; often the last one answers what the others leave open."""
    found: list[tuple[str, str, list[str]]] = []
    for number in range(draw(st.integers(1, 3))):
        earlier = [f"r{other}" for other in range(number)]
        over = [name for name in earlier if draw(st.booleans())]
        found.append((draw(whens(READS[decision])), draw(st.sampled_from(THEN[decision])), over))
    if decision != "notes" and draw(st.booleans()):
        found.append(("{}", THEN[decision][0], [f"r{other}" for other in range(len(found))]))
    return found


@st.composite
def packs(draw: st.DrawFn) -> Files:
    """The files of a pack with some rules, in which there may be gaps, conflicts and dead rules."""
    barred = draw(st.lists(whens(BOXES, 1), max_size=2))
    words = "because: So it is., help: Change it."
    impossible = "".join(f"  - {{name: at-{at}, when: {when}, {words}}}\n" for at, when in enumerate(barred))
    files = {"pack.yaml": HEAD + (f"impossible:\n{impossible}" if barred else "")}
    for decision, head in DECISIONS.items():
        files[f"{decision}/decision.yaml"] = head
        for number, (when, then, over) in enumerate(draw(rules(decision))):
            unless = f"unless: [{', '.join(over)}]\n" if over else ""
            files[f"{decision}/r{number}.yaml"] = f"title: R\nwhen: {when}\nthen: {then}\n{unless}{REST}"
    return files


@st.composite
def versions(draw: st.DrawFn) -> tuple[Files, Files]:
    """Two packs, mostly with much in common."""
    old, other = draw(packs()), draw(packs())
    if draw(st.booleans()):
        return old, other
    names = draw(st.sets(st.sampled_from([n for n in other if n in old])))
    return old, {**old, **{name: other[name] for name in names if "unless" not in other[name]}}


@contextmanager
def on_disk(*packs: Files) -> Iterator[list[Path]]:
    folder = Path(tempfile.mkdtemp())
    try:
        yield [write_pack(folder / f"pack{i}", files) for i, files in enumerate(packs)]
    finally:
        shutil.rmtree(folder)


def both(old: Path, new: Path) -> tuple[Version, Version]:
    packs = load_pack(old), load_pack(new)
    return Version(packs[0], packs[0].starts[-1]), Version(packs[1], packs[1].starts[-1])


def editions(old: Path, new: Path) -> tuple[Edition, Edition]:
    one, other = both(old, new)
    return one.edition, other.edition


# --- brute force: every situation, one by one


def every_label(old: Edition, new: Edition) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for name in {**old.facts, **new.facts}:
        sides = [edition for edition in (old, new) if name in edition.facts]
        cuts = sorted({cut for edition in sides if name in edition.scales for cut in edition.scales[name].cuts})
        edges = ["", *(f"{cut:f}" for cut in cuts), ""]
        numbers = [f"{low}..{high}" for low, high in pairwise(edges)]
        labels[name] = numbers if name in sides[0].scales else list(sides[0].facts[name].labels)
    return labels


class Plain:
    """One edition's answers, as the documents say they come about."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    def seen(self, situation: Mapping[str, str]) -> dict[str, str]:
        scales = self.edition.scales
        return {
            name: coarse(scales[name], label) if name in scales else label
            for name, label in situation.items()
            if name in self.edition.facts
        }

    def possible(self, situation: Mapping[str, str]) -> bool:
        seen = self.seen(situation)
        return not any(fits(entry.box, seen) for entry in self.edition.barred)

    def outcome(self, name: str, situation: Mapping[str, str]) -> tuple[list[Mapping[str, str]], bool] | None:
        """What a decision says and whether that is an answer; None where a decision that it rests on has none."""
        seen = self.seen(situation)
        for decision in self.edition.decisions:
            matching = [i for i, rule in enumerate(decision.rules) if fits(rule.box, seen)]
            rules = [decision.rules[i] for i in applying(decision, matching)]
            if decision.name == name:
                return [rule.then for rule in rules], agree(rules)
            if decision.policy is Policy.ANY and agree(rules):
                seen |= rules[0].then
            elif decision.name in self.before(name):
                return None
        raise AssertionError(name)

    def before(self, name: str, item: Mapping[str, str] | None = None) -> set[str]:
        """The decisions that a decision rests on."""
        read = self.read(name, item)
        direct = {d.name for d in self.edition.decisions if d.policy is Policy.ANY and read & d.outputs.keys()}
        return direct.union(*(self.before(other) for other in direct))

    def read(self, name: str, item: Mapping[str, str] | None = None) -> set[str]:
        decision = next(d for d in self.edition.decisions if d.name == name)
        wanted = {i for i, rule in enumerate(decision.rules) if item is None or rule.then == item}
        while more := {o for i in wanted for o in decision.rules[i].unless} - wanted:
            wanted |= more
        return {fact for i in wanted for fact in decision.rules[i].box}

    def facts(self, name: str, item: Mapping[str, str] | None) -> set[str]:
        names = [(name, item), *((other, None) for other in self.before(name, item))]
        return {fact for each in names for fact in self.read(*each)} & self.edition.facts.keys()


def answer(plain: Plain, question: Question, outputs: list[str], alike: list[dict[str, str]]) -> Answer | None:
    """The answer in a situation of a question, given as all situations of the pack that are no more than it."""
    possible, situation = any(map(plain.possible, alike)), alike[0]
    if question.decision is None:
        return (POSSIBLE,) if possible else (IMPOSSIBLE,)
    item = dict(question.item) if question.item else None
    earlier = [plain.outcome(name, situation) for name in plain.before(question.decision, item)]
    if not possible or any(found is None or not found[1] for found in earlier):
        return None
    found = plain.outcome(question.decision, situation)
    if item is not None:
        # what a decision collects may rest on more than this item does; then the rules are looked at by themselves
        said = found[0] if found is not None else _collected(plain, question.decision, situation)
        return (COLLECTED,) if item in said else (NOT_COLLECTED,)
    assert found is not None
    return tuple(found[0][0][name] for name in outputs) if found[1] else (NO_ANSWER,)


def _collected(plain: Plain, name: str, situation: Mapping[str, str]) -> list[Mapping[str, str]]:
    seen = plain.seen(situation)
    for decision in plain.edition.decisions:
        matching = [i for i, rule in enumerate(decision.rules) if fits(rule.box, seen)]
        rules = [decision.rules[i] for i in applying(decision, matching)]
        if decision.name == name:
            return [rule.then for rule in rules]
        seen |= rules[0].then if decision.policy is Policy.ANY and agree(rules) else {}
    raise AssertionError(name)


def by_hand(old: Edition, new: Edition) -> dict[tuple[str | None, Any], Counter[Answers]]:
    """By decision and item, from what to what, in how many situations."""
    sides = Plain(old), Plain(new)
    labels = every_label(old, new)
    everything = [dict(zip(labels, each, strict=True)) for each in product(*labels.values())]
    found: dict[tuple[str | None, Any], Counter[Answers]] = defaultdict(Counter)
    questions = [Question()]
    for decision in new.decisions:
        rules = [rule for e in (old, new) for d in e.decisions if d.name == decision.name for rule in d.rules]
        items = {tuple(rule.then.items()) for rule in rules} if decision.policy is Policy.COLLECT else {None}
        questions += [Question(decision.name, item) for item in items]
    for question in questions:
        outputs = [n for d in new.decisions if d.name == question.decision for n in d.outputs]
        facts = facts_of(question, sides)
        grouped: dict[tuple[str, ...], list[dict[str, str]]] = defaultdict(list)
        for situation in everything:
            grouped[tuple(situation[name] for name in sorted(facts))].append(situation)
        for alike in grouped.values():
            one, other = (answer(side, question, outputs, alike) for side in sides)
            if one is not None and other is not None and one != other:
                found[question.decision, question.item][one, other] += 1
    return dict(found)


def facts_of(question: Question, sides: tuple[Plain, Plain]) -> set[str]:
    if question.decision is None:
        return {name for side in sides for entry in side.edition.barred for name in entry.box}
    item = dict(question.item) if question.item else None
    return {name for side in sides for name in side.facts(question.decision, item)}


def as_counted(found: Difference) -> dict[tuple[str | None, Any], dict[Answers, int]]:
    return {
        (change.question.decision, change.question.item): {group.answers: group.situations for group in change.groups}
        for change in found.changes
    }


# --- exact

generated = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@generated
@given(versions())
def test_the_difference_is_that_of_all_situations_one_by_one(pair: tuple[Files, Files]) -> None:
    with on_disk(*pair) as (old, new):
        before, after = editions(old, new)
        found = difference(before, after, Budget(ENOUGH))
        assert as_counted(found) == by_hand(before, after)


@generated
@given(versions())
def test_old_and_new_swapped_swaps_from_and_to(pair: tuple[Files, Files]) -> None:
    with on_disk(*pair) as (old, new):
        before, after = editions(old, new)
        there = as_counted(difference(before, after, Budget(ENOUGH)))
        back = as_counted(difference(after, before, Budget(ENOUGH)))
    swapped = {key: {(new, old): count for (old, new), count in counts.items()} for key, counts in back.items()}
    assert there == swapped


GAP_BEHIND_A_FACT = {  # whether it is broken tells the end, and how old it is only whether there is one
    "pack.yaml": HEAD,
    **{f"{decision}/decision.yaml": head for decision, head in DECISIONS.items()},
    "one/r0.yaml": f"title: R\nwhen: {{}}\nthen: {{first: a}}\n{REST}",
    "two/r0.yaml": f"title: R\nwhen: {{broken: true}}\nthen: {{second: p, third: x}}\n{REST}",
    "two/r1.yaml": f"title: R\nwhen: {{age: {{below: 3}}}}\nthen: {{second: q, third: x}}\n{REST}",
    "notes/r0.yaml": f"title: R\nwhen: {{}}\nthen: {{note: n}}\n{REST}",
}


@settings(generated, max_examples=150)
@example(GAP_BEHIND_A_FACT, {})
@given(packs(), st.fixed_dictionaries({}, optional=KNOWN))
def test_a_pack_with_faults_answers_or_says_so(files: Files, facts: dict[str, Any]) -> None:
    with on_disk(files) as (pack,):
        advisor = Advisor(load_pack(pack), engine="reference")
        try:
            answered = bool(advisor.advise(facts, ground="fake").outcomes)
        except (CaseError, PackError) as error:
            answered = bool(error.problems)
    assert answered


@generated
@given(packs())
def test_a_pack_does_not_differ_from_itself(files: Files) -> None:
    with on_disk(files, files) as (old, new):
        assert not compare(*both(old, new), Budget(ENOUGH))


@generated
@given(versions())
def test_the_ways_of_a_group_are_its_situations(pair: tuple[Files, Files]) -> None:
    with on_disk(*pair) as (old, new):
        found = difference(*editions(old, new), Budget(ENOUGH))
    for change in found.changes:
        for group in change.groups:
            assert group.unlisted == 0
            assert sum(way.situations for way in group.ways) == group.situations
            for way in group.ways:
                for name, labels in way.labels.items():
                    assert all(witness[name] in labels for witness in way.witnesses)
            for i, way in enumerate(group.ways):
                for other in group.ways[i + 1 :]:
                    assert any(not {*labels} & {*other.labels.get(n, labels)} for n, labels in way.labels.items())


@generated
@given(versions())
def test_a_witness_shows_both_sides(pair: tuple[Files, Files]) -> None:
    with on_disk(*pair) as (old, new):
        sides = both(old, new)
        replays = Replays(*sides)
        for change in compare(*sides, Budget(ENOUGH)).difference.changes:
            for group in change.groups:
                cases = replays.cases(change, group)
                # advice comes of all decisions; where another one has no answer there is no case to be shown
                assert cases is not None or not all(map(answers_everything, sides))
                for version, facts, said in zip(sides, cases or (), group.answers, strict=bool(cases)):
                    assert advised(version, facts, change) == said


def answers_everything(version: Version) -> bool:
    plain = Plain(version.edition)
    labels = every_label(version.edition, version.edition)
    situations = (dict(zip(labels, each, strict=True)) for each in product(*labels.values()))
    return all(
        (found := plain.outcome(name, situation)) is not None and found[1]
        for situation in situations
        if plain.possible(situation)
        for name in ("one", "two")
    )


def advised(version: Version, facts: Mapping[str, Any], change: Change) -> Answer:
    """What `advise` answers to the question of a change."""
    name = change.question.decision
    try:
        outcomes = Advisor(version.pack).advise(facts).outcomes
    except CaseError:
        return (IMPOSSIBLE,)
    except PackError:
        return (POSSIBLE if name is None else NO_ANSWER,)
    if name is None:
        return (POSSIBLE,)
    outcome = outcomes[name]
    if isinstance(outcome, Mapping):
        return tuple(outcome[output] for output in change.outputs)
    return (COLLECTED if dict(change.question.item or ()) in outcome else NOT_COLLECTED,)


def test_the_budget_is_kept(make_pack: MakePack) -> None:
    old, new = make_pack(), make_pack(edited("verdict/too-late.yaml", "window: closed", "colour: blue"), name="new")
    assert difference(*editions(old, new), Budget(3)).undecided[0] == "verdict"


# --- packs of an author


GENEROUS = edited("verdict/used-goods.yaml", "verdict: partial_refund", "verdict: full_refund")


def compared(old: Path, new: Path) -> Comparison:
    return compare(*both(old, new), Budget(ENOUGH))


def test_a_rule_that_says_something_else(make_pack: MakePack) -> None:
    found = compared(make_pack(), make_pack(GENEROUS, name="new"))
    (change,) = found.difference.changes
    (group,) = change.groups
    assert (change.question, change.outputs) == (Question("verdict"), ("verdict",))
    assert set(change.facts) == {"last_complaint", "age_months", "colour", "usability"}
    assert group.answers == (("partial_refund",), ("full_refund",))
    assert group.situations == 2 * 3  # two of the three labels of `usability`, and any colour
    (way,) = group.ways
    assert way.labels == {
        "last_complaint": ("ahead",),
        "age_months": ("3..24.5",),
        "usability": ("impaired", "unusable") if way.labels["usability"][0] == "impaired" else ("unusable", "impaired"),
    }
    assert [(entry.name, entry.how) for entry in found.written] == [("verdict/used-goods", "logic")]


def test_a_threshold_that_moves_changes_the_numbers_between(make_pack: MakePack) -> None:
    files: Files = {}
    for name in ("new-goods", "new-goods-in-blue"):
        files |= edited(f"verdict/{name}.yaml", "below: 3", "below: 6")
    for name in ("used-goods", "used-goods-of-use"):
        files |= edited(f"verdict/{name}.yaml", "at_least: 3", "at_least: 6")
    (change,) = compared(make_pack(), make_pack(files, name="new")).difference.changes
    assert {way.labels["age_months"] for group in change.groups for way in group.ways} == {("3..6",)}
    assert sum(group.situations for group in change.groups) == 3 * 3 - 2  # blue is a part before and after, twice


def test_an_impossible_combination_is_told_once(make_pack: MakePack) -> None:
    files = edited("pack.yaml", "when: {ground: damaged, received: false}", "when: {ground: damaged, colour: blue}")
    found = compared(make_pack(), make_pack(files, name="new"))
    (change,) = found.difference.changes
    assert change.question == Question()
    assert {group.answers: group.situations for group in change.groups} == {
        ((POSSIBLE,), (IMPOSSIBLE,)): 1,
        ((IMPOSSIBLE,), (POSSIBLE,)): 2,
    }


def test_a_gap_is_told_where_it_is(make_pack: MakePack) -> None:
    found = compared(make_pack(), make_pack({"window/open.yaml": None}, name="new"))
    (change,) = found.difference.changes
    assert change.question == Question("window")
    assert [group.answers for group in change.groups] == [(("open",), (NO_ANSWER,))]


def test_an_item_appears(make_pack: MakePack) -> None:
    photo = (
        GOOD_PACK["papers/receipt.yaml"]
        .replace("evidence: receipt", "evidence: photo")
        .replace("{gift: false}", "{colour: red}")
    )
    (change,) = compared(make_pack(), make_pack({"papers/photo.yaml": photo}, name="new")).difference.changes
    assert change.question.item == (("evidence", "photo"), ("required", "true"))
    assert [(group.answers, group.situations) for group in change.groups] == [(((NOT_COLLECTED,), (COLLECTED,)), 1)]


def test_text_alone_changes_no_situation(make_pack: MakePack) -> None:
    files = edited("verdict/used-goods.yaml", "Used goods have lost some of their worth.", "They are worth less.")
    found = compared(make_pack(), make_pack(files, name="new"))
    assert not found.difference.changes
    assert [(entry.kind, entry.name, entry.how) for entry in found.written] == [("rules", "verdict/used-goods", "text")]


def test_rules_sources_and_values_are_listed(make_pack: MakePack) -> None:
    files = edited("pack.yaml", "value: 30, source: handbook#days", "value: 60, source: leaflet")
    text = files["pack.yaml"].replace(
        "  notice:", "  leaflet: {title: L, by: B, url: https://example.org/l, confidence: low}\n  notice:"
    )
    gone = {"hints/too-much.yaml": None, "hints/more.yaml": GOOD_PACK["hints/too-much.yaml"]}
    found = compared(make_pack(), make_pack({"pack.yaml": text, **gone}, name="new"))
    assert [(value.parameter, value.before, value.after) for value in found.values] == [
        ("complaint_days", "30 days", "60 days")
    ]
    assert {(entry.kind, entry.name): entry.how for entry in found.written} == {
        ("parameters", "complaint_days"): "logic and text",
        ("sources", "leaflet"): "new",
        ("rules", "hints/too-much"): "gone",
        ("rules", "hints/more"): "new",
    }
    assert not found.difference.changes  # the same rule by another name


def test_two_editions_of_one_pack(make_pack: MakePack) -> None:
    rule = "verdict/used-goods.yaml"
    later = GENEROUS[rule] + "from: 2021-05-01\n"
    pack = load_pack(make_pack({rule: GOOD_PACK[rule] + "until: 2021-04-30\n", "verdict/used-goods-today.yaml": later}))
    old, new = Version(pack, date(2021, 4, 30)), Version(pack, date(2022, 1, 1))
    found = compare(old, new, Budget(ENOUGH))
    (change,) = found.difference.changes
    (group,) = change.groups
    assert group.answers == (("partial_refund",), ("full_refund",))
    assert [(value.before, value.after) for value in found.values] == [("14 days", "30 days")]
    assert [(entry.name, entry.how) for entry in found.written] == [
        ("verdict/used-goods", "gone"),
        ("verdict/used-goods-today", "new"),
    ]
    cases = Replays(old, new).cases(change, group)
    assert cases is not None
    assert [facts["today"] for facts in cases] == ["2021-04-30", "2022-01-01"]
    assert [Advisor(pack).advise(facts).verdict for facts in cases] == ["partial_refund", "full_refund"]


def test_an_edition_does_not_differ_from_itself(make_pack: MakePack) -> None:
    pack = load_pack(make_pack())
    assert not compare(Version(pack, date(2020, 1, 1)), Version(pack, date(2021, 12, 31)), Budget(ENOUGH))


# --- what cannot be compared


def refused(old: Path, new: Path) -> dict[str, str]:
    with pytest.raises(PackError) as caught:
        compared(old, new)
    return {problem.code: problem.message for problem in caught.value.problems}


def test_different_facts(make_pack: MakePack) -> None:
    new = make_pack(
        {
            "pack.yaml": GOOD_PACK["pack.yaml"].replace("gift", "present"),
            "papers/receipt.yaml": GOOD_PACK["papers/receipt.yaml"].replace("gift", "present"),
        },
        name="new",
    )
    with pytest.raises(PackError) as caught:
        compared(make_pack(), new)
    assert {(problem.code, problem.message) for problem in caught.value.problems} == {
        ("different-facts", "only the old version has the fact `gift`"),
        ("different-facts", "only the new version has the fact `present`"),
    }


def test_different_kinds_of_fact(make_pack: MakePack) -> None:
    text = GOOD_PACK["pack.yaml"].replace(
        "gift: {kind: yes_no, question: Was it a gift?}",
        "gift: {kind: label, question: Gift?, labels: {true: Yes, false: No}}",
    )
    assert "`gift`" in refused(make_pack(), make_pack({"pack.yaml": text}, name="new"))["different-facts"]


def test_different_labels(make_pack: MakePack) -> None:
    new = make_pack(edited("pack.yaml", "blue: Blue", "blue: Blue, pink: Pink"), name="new")
    assert "`pink`" in refused(make_pack(), new)["different-labels"]


def test_different_outputs(make_pack: MakePack) -> None:
    files = edited("hints/decision.yaml", "outputs:\n", "outputs:\n  weight: {heavy: Heavy, light: Light}\n")
    for name in ("too-much", "show-more"):
        old = GOOD_PACK[f"hints/{name}.yaml"]
        files[f"hints/{name}.yaml"] = old.replace("then: {", "then: {weight: heavy, ")
    assert "`weight`" in refused(make_pack(), make_pack(files, name="new"))["different-outputs"]


def test_a_day_before_the_first_edition(make_pack: MakePack) -> None:
    pack = load_pack(make_pack())
    with pytest.raises(PackError) as caught:
        compare(Version(pack, date(2019, 1, 1)), Version(pack, date(2020, 1, 1)), Budget(ENOUGH))
    assert caught.value.problems[0].code == "before-first-edition"


# --- the command


def test_the_command_tells_a_person(make_pack: MakePack, capsys: Streams) -> None:
    old, new = make_pack(), make_pack(GENEROUS, name="new")
    assert main(["diff", str(old), str(new)]) == 1
    told = capsys.readouterr().out
    assert "6 situations: " in told
    assert "usability not usable + " in told
    assert ": partial_refund → full_refund" in told
    assert "rule verdict/used-goods: changed in logic" in told
    commands = [line.split("dispute-rules ")[1].split() for line in told.splitlines() if "dispute-rules advise" in line]
    verdicts = []
    for command in commands:
        assert main([*command, "--json"]) == 0
        verdicts.append(json.loads(capsys.readouterr().out)["verdict"])
    assert verdicts == ["partial_refund", "full_refund"]


def test_the_command_tells_a_machine(make_pack: MakePack, capsys: Streams) -> None:
    old, new = make_pack(), make_pack(GENEROUS, name="new")
    assert main(["diff", str(old), str(new), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    (change,) = told["changes"]
    (group,) = change["groups"]
    assert (change["decision"], change["item"]) == ("verdict", None)
    assert (group["from"], group["to"]) == ({"verdict": "partial_refund"}, {"verdict": "full_refund"})
    assert group["situations"] == sum(way["situations"] for way in group["ways"]) == 6
    assert len(group["witness"]["cases"]) == 2
    assert told["old"]["content_hash"] != told["new"]["content_hash"]


def test_no_difference(make_pack: MakePack, capsys: Streams) -> None:
    pack = str(make_pack())
    assert main(["diff", pack, pack]) == 0
    assert capsys.readouterr().out == "no difference\n"


def test_editions_by_command(make_pack: MakePack, capsys: Streams) -> None:
    pack = str(make_pack())
    assert main(["diff", pack, pack, "--old-on", "2020-06-01", "--new-on", "2022-06-01"]) == 1
    assert capsys.readouterr().out == "parameter complaint_days: 14 days → 30 days\n"


@pytest.mark.parametrize("day", ["2019-12-31", "yesterday", "2020-13-01"])
def test_a_day_that_cannot_be_used(day: str, make_pack: MakePack, capsys: Streams) -> None:
    pack = str(make_pack())
    assert main(["diff", pack, pack, "--old-on", day]) == 2
    assert day in capsys.readouterr().err


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("broken", ["nothing", "file", "faulty"])
def test_a_pack_that_cannot_be_read(
    broken: str, side: int, make_pack: MakePack, tmp_path: Path, capsys: Streams
) -> None:
    (tmp_path / "file").write_text("a file")
    make_pack({"verdict/too-late.yaml": "title: [\n"}, name="faulty")
    packs = [str(make_pack()), str(make_pack())]
    packs[side] = str(tmp_path / broken)
    assert main(["diff", *packs]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert broken in told.err


def test_too_small_a_budget(make_pack: MakePack, capsys: Streams) -> None:
    old, new = make_pack(), make_pack(GENEROUS, name="new")
    assert main(["diff", str(old), str(new), "--steps", "2"]) == 3
    assert "not decided" in capsys.readouterr().err

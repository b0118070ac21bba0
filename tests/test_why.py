"""An explanation: what it says decided did, what it says is enough is, and what stood in the way did."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.engine.decide import applying
from dispute_rules.explanation import NearRule, SeenFact, Step
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.kinds import Policy
from dispute_rules.pack.model import Decision, Edition, Rule
from dispute_rules.phrases import ENGLISH
from tests.conftest import GOOD_PACK, write_pack
from tests.test_advice import FACTS, LABELS, partial_cases

FINAL = {"claim", "extent", "verdict"}
PHONE_SHOP = Path(__file__).parents[1] / "examples" / "phone-shop" / "phone_shop"
MOST_COMPLETIONS = 200

# --- packs and cases, shipped and generated

SMALL = """\
title: Small
about: A small pack.
from: 2020-01-01
facts:
  ground: {question: What is wrong?}
  colour: {kind: label, question: Which?, labels: {red: Red, green: Green, blue: Blue}}
  gift: {kind: yes_no, question: A gift?}
  broken: {kind: yes_no, question: Broken?}
  age: {kind: number, question: How old?}
decisions: [one, two, three, notes]
"""
ASSUMABLE = {"colour": ("red", "blue"), "gift": ("true", "false"), "broken": ("true", "false"), "age": ("0", "4")}
BOXES = {
    "colour": ("red", "[red, green]", "{not: green}"),
    "gift": ("true", "false"),
    "broken": ("true", "false"),
    "age": ("{below: 3}", "{at_least: 3}", "{at_least: 5}", "{at_least: 2, below: 5}"),
}
OUTPUTS = {"one": {"first": "abc"}, "two": {"second": "pq", "third": "xy"}, "three": {"fourth": "uvw"}}
OWN: Mapping[str, tuple[Any, ...]] = {
    "colour": ("red", "green", "blue"),
    "gift": (True, False),
    "broken": (True, False),
    "age": ("1", "2", "4", "7"),
}


@st.composite
def whens(draw: st.DrawFn, boxes: Mapping[str, tuple[str, ...]], most: int = 3) -> str:
    names = draw(st.lists(st.sampled_from(sorted(boxes)), unique=True, max_size=most))
    return "{" + ", ".join(f"{name}: {draw(st.sampled_from(boxes[name]))}" for name in names) + "}"


@st.composite
def thens(draw: st.DrawFn, outputs: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {draw(st.sampled_from(labels))}" for name, labels in outputs.items()) + "}"


@st.composite
def decided(draw: st.DrawFn, outputs: Mapping[str, str], boxes: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The rules of a decision that always has an answer: each gives way to earlier ones that say something else."""
    found: list[tuple[str, str]] = []
    texts: list[str] = []
    for number in range(draw(st.integers(1, 5))):
        when, then = draw(whens(boxes)) if number else "{}", draw(thens(outputs))
        found.append((when, then))
    found.append(found.pop(0))  # the one that always holds comes last
    for number, (when, then) in enumerate(found):
        over = [f"r{other}" for other in range(number) if found[other][1] != then or draw(st.booleans())]
        unless = f"unless: [{', '.join(over)}]\n" if over else ""
        texts.append(f"title: R\nwhen: {when}\nthen: {then}\n{unless}because: So it is.\nbasis: inferred\n")
    return texts


@st.composite
def small_packs(draw: st.DrawFn) -> dict[str, str]:
    entries = []
    for name, values in ASSUMABLE.items():
        mostly, sometimes = draw(st.permutations(values))
        if name != "age" and draw(st.booleans()):
            other = draw(st.sampled_from([each for each in ("colour", "gift") if each < name] or ["ground"]))
            box = "fake" if other == "ground" else draw(st.sampled_from(BOXES[other]))
            entries.append(f"  - {{{name}: {sometimes}, when: {{{other}: {box}}}, because: So it may be.}}\n")
        entries.append(f"  - {{{name}: {mostly}, because: So it is.}}\n")
    files = {"pack.yaml": f"{SMALL}assume:\n{''.join(entries)}"}
    boxes: dict[str, tuple[str, ...]] = dict(BOXES)
    for decision, outputs in OUTPUTS.items():
        words = ", ".join(f"{name}: {{{', '.join(f'{v}: {v.upper()}' for v in vs)}}}" for name, vs in outputs.items())
        files[f"{decision}/decision.yaml"] = f"question: {decision}?\npolicy: any\noutputs: {{{words}}}\n"
        rules = draw(decided(outputs, boxes))
        files |= {f"{decision}/r{number}.yaml": text for number, text in enumerate(rules)}
        boxes |= {name: (vs[0], f"{{not: {vs[0]}}}") for name, vs in outputs.items()}
    files["notes/decision.yaml"] = "question: Notes?\npolicy: collect\noutputs: {note: {n: N, m: M, o: O}}\n"
    for number in range(draw(st.integers(1, 3))):
        when, then = draw(whens(boxes)), draw(thens({"note": "nm"}))
        over = f"unless: [r{number - 1}]\n" if number and draw(st.booleans()) else ""
        text = f"title: N\nwhen: {when}\nthen: {then}\n{over}because: So it is.\nbasis: inferred\n"
        files[f"notes/r{number}.yaml"] = text
    return files


@dataclass(frozen=True)
class Explained:
    """A case, its explanation, and what that is about."""

    advisor: dr.Advisor
    facts: Mapping[str, Any]
    explanation: dr.Explanation

    @cached_property
    def edition(self) -> Edition:
        return edition_on(self.advisor.pack, self.explanation.today)

    @cached_property
    def case(self) -> dr.Case:
        return self.advisor.case(self.facts)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        return self.advisor.settle(self.case).labels

    @cached_property
    def told(self) -> Mapping[str, str]:
        return self.advisor.told(self.case)

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        return {decision.name: decision for decision in self.edition.decisions}

    def applied(self, decision: Decision) -> list[Rule]:
        return meant(decision, self.labels)


def meant(decision: Decision, labels: Mapping[str, str]) -> list[Rule]:
    """The rules that apply, as the rule format says."""
    matching = [i for i, rule in enumerate(decision.rules) if not lacking(rule, labels)]
    return [decision.rules[i] for i in applying(decision, matching)]


def lacking(rule: Rule, labels: Mapping[str, str]) -> set[str]:
    return {name for name, accepted in rule.box.items() if labels[name] not in accepted}


def explained(advisor: dr.Advisor, facts: Mapping[str, Any]) -> Iterator[Explained]:
    """The explanation, unless the case is refused."""
    try:
        yield Explained(advisor, facts, advisor.explain(facts))
    except dr.CaseError:
        return


@cache
def shipped(pack: str | Path) -> dr.Advisor:
    return dr.Advisor(dr.load_pack(pack))


@cache
def good() -> dr.Advisor:
    folder = Path(tempfile.mkdtemp())
    try:
        return dr.Advisor(dr.load_pack(write_pack(folder / "good", GOOD_PACK)))
    finally:
        shutil.rmtree(folder)


PHONE_FACTS = {name: values for name, values in FACTS.items() if name in ("received", "usability", "received_on")}
GOOD_FACTS: Mapping[str, tuple[Any, ...]] = {
    "received": (True, False),
    "usability": ("usable", "unusable"),
    "age_months": ("1", "3", "30"),
    "colour": ("red", "blue"),
    "gift": (True, False),
    "price": ("10",),
    "requested": ("5", "50"),
    "deposit": ("2",),
    "handed_over_on": ("2026-01-01", "2026-02-20"),
    "evidence": ((), ("receipt",), ("receipt", "photo")),
}


def outcome_of(advisor: dr.Advisor, facts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str] | None:
    try:
        labels = advisor.settle(facts).labels
    except dr.CaseError:
        return None
    return {name: labels[name] for name in names}


# --- why


def check_the_outcome(each: Explained) -> None:
    """The outcome is claim, extent and verdict, or that of the last decision with an answer of its own."""
    outputs = [set(d.outputs) for d in each.edition.decisions if d.policy is Policy.ANY]
    expected = {name for names in outputs for name in names & FINAL} or outputs[-1]
    assert each.explanation.outcome == {name: each.labels[name] for name in expected}
    assert each.explanation.pack == each.advisor.advise(each.facts).pack
    for name, label in each.explanation.outcome.items():
        (words,) = {d.outputs[name][label] for d in each.edition.decisions if name in d.outputs}
        assert each.explanation.words[name] == words


def check_the_facts_that_are_enough(each: Explained) -> None:
    """With these facts alone the outcome is the same, and with fewer of them it is not."""
    explanation = each.explanation
    kept = {fact.fact: fact.value for fact in explanation.facts}
    given_values = {name: set(value) if isinstance(value, tuple) else value for name, value in each.facts.items()}
    assert kept.keys() <= given_values.keys() - {"today"}
    assert all(getattr(each.advisor.case(kept), name) == getattr(each.case, name) for name in kept)
    for some in chain.from_iterable(combinations(kept, size) for size in range(len(kept) + 1)):
        facts = {name: kept[name] for name in some}
        outcome = outcome_of(each.advisor, {**facts, "today": explanation.today}, explanation.outcome)
        assert (outcome == explanation.outcome) == (len(some) == len(kept)), some


def check_the_steps(each: Explained) -> None:
    """The steps are the rules that decided what the outcome rests on, in the order in which that was decided."""
    wanted = set(each.explanation.outcome)
    expected: list[tuple[str, str]] = []
    for decision in reversed(each.edition.decisions):
        if wanted & decision.outputs.keys():
            wanted |= {each.edition.late.get(name, name) for name in decision.reads}
            expected = [(decision.name, rule.name) for rule in each.applied(decision)] + expected
    assert [(step.decision, step.rule) for step in each.explanation.steps] == expected
    reasons = {reason.rule: reason for reason in each.advisor.advise(each.facts).reasons}
    for step in each.explanation.steps:
        reason, decision = reasons[step.rule], each.decisions[step.decision]
        for name in ("decision", "title", "because", "basis", "sources", "contradicted_by", "outcome"):
            assert getattr(step, name) == getattr(reason, name)
        assert step.question == decision.question
        assert step.words == {name: decision.outputs[name][label] for name, label in step.outcome.items()}
        assert reason.facts.items() <= {fact.fact: fact.label for fact in step.facts}.items()


def completions(decision: Decision, edition: Edition, fixed: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Labels of all that a decision reads, with some as they are: all that there are, or some of very many."""
    outputs = {name: tuple(words) for d in edition.decisions for name, words in d.outputs.items()}
    free = {name: outputs.get(name) or edition.facts[name].labels for name in decision.reads if name not in fixed}
    every = 1
    for labels in free.values():
        every *= len(labels)
    if every <= MOST_COMPLETIONS:
        yield from ({**fixed, **dict(zip(free, labels, strict=True))} for labels in product(*free.values()))
        return
    rng = random.Random(every)
    for _ in range(MOST_COMPLETIONS):
        yield {**fixed, **{name: rng.choice(labels) for name, labels in free.items()}}


def check_what_a_step_rests_on(each: Explained) -> None:
    """Wherever the facts of a step are so, its rule applies; and none keeps off a rule that it does not."""
    for step in each.explanation.steps:
        decision = each.decisions[step.decision]
        rules = {rule.name: rule for rule in decision.rules}
        facts = {fact.fact: fact.label for fact in step.facts}
        assert facts.items() <= each.labels.items()
        for labels in completions(decision, each.edition, facts):
            assert step.rule in [rule.name for rule in meant(decision, labels)]
        assert_keeping_off(step, rules[step.rule], [decision.rules[i] for i in rules[step.rule].unless], each)


def assert_keeping_off(step: Step, rule: Rule, overriding: list[Rule], each: Explained) -> None:
    keeping = {other.name: [fact.fact for fact in step.facts if other.name in fact.keeps_off] for other in overriding}
    for other in overriding:
        failing = lacking(other, each.labels)
        if failing:
            assert len(keeping[other.name]) == 1
            assert keeping[other.name][0] in failing
    assert {name for fact in step.facts for name in fact.keeps_off} <= keeping.keys()
    assert all(fact.keeps_off or fact.fact in rule.box for fact in step.facts)


def check_where_facts_come_from(each: Explained) -> None:
    """What is given is told by those facts alone, what is assumed the pack assumes, what is decided is an output."""
    decided_in = {name: d.name for d in each.edition.decisions for name in d.outputs}
    for fact in all_facts(each.explanation):
        assert fact.label == each.labels[fact.fact]
        if fact.fact in decided_in:
            assert (fact.origin, fact.decision, fact.because) == ("decided", decided_in[fact.fact], None)
        elif fact.origin == "assumed":
            assert_assumed(each, fact)
        elif fact.fact in each.edition.late:
            assert fact.decision in (None, decided_in[each.edition.late[fact.fact]])
        else:
            assert_given(each, fact)


def assert_assumed(each: Explained, fact: SeenFact) -> None:
    reasons = [entry.because for entry in each.edition.assumed if getattr(each.case, entry.fact, None) is None]
    assert fact.because
    if fact.fact in {**each.told, **each.edition.late}:  # by numbers of which some are assumed
        assert any(reason in fact.because for reason in reasons)
    else:
        assert fact.because in reasons
        assert fact.rests_on == ()


def assert_given(each: Explained, fact: SeenFact) -> None:
    assert (fact.origin, fact.because, fact.decision) == ("given", None, None)
    told = {name: getattr(each.case, name) for name in fact.rests_on if name != "today"}
    assert None not in told.values()
    bare = {"ground": each.case.ground, "today": each.explanation.today}
    assert each.advisor.told({**bare, **told})[fact.fact] == fact.label
    without = {name: value for name, value in each.facts.items() if name not in told}
    if told and "ground" not in told:
        assert each.advisor.told(without).get(fact.fact) != fact.label or needed_no_more(each, fact)


def needed_no_more(each: Explained, fact: SeenFact) -> bool:
    """Whether something else that is given tells the same: another day, or a day that cannot have been earlier."""
    return fact.fact in {*each.edition.dates, *each.edition.comparisons} or fact.fact in ("received", "shipped")


def all_facts(explanation: dr.Explanation) -> list[SeenFact]:
    """Every fact that is named, each once: wherever it is named, the same is said of it."""
    named: dict[str, set[SeenFact]] = {}
    near = [near for entry in explanation.others for near in entry.nearest]
    for fact in chain(*(step.facts for step in explanation.steps), *(each.failed for each in near)):
        seen = SeenFact(**{name: getattr(fact, name) for name in SeenFact.model_fields})
        named.setdefault(fact.fact, set()).add(seen)
    assert all(len(said) == 1 for said in named.values())
    return [fact for said in named.values() for fact in said]


# --- why not


def check_that_every_label_is_there_once(each: Explained) -> None:
    """Every label of every output is there, and came out exactly where a rule that applied says so."""
    expected = [
        (decision.name, output, label, words, any(rule.then[output] == label for rule in each.applied(decision)))
        for decision in each.edition.decisions
        for output, labels in decision.outputs.items()
        for label, words in labels.items()
    ]
    others = each.explanation.others
    assert [(e.decision, e.output, e.label, e.words, e.came_out) for e in others] == expected
    for entry in others:
        decision = each.decisions[entry.decision]
        said = [rule.name for rule in each.applied(decision) if rule.then[entry.output] == entry.label]
        assert [rule.rule for rule in entry.decided_by] == said
        values = {name: each.labels[name] for name in decision.outputs} if decision.policy is Policy.ANY else {}
        assert entry.instead == values
        assert each.explanation.why_not(**{entry.output: entry.label}) == entry
        assert each.explanation.why_not(f"{entry.output}={entry.label}") == entry
        assert not (entry.came_out and entry.nearest)


def check_what_stood_in_the_way(each: Explained) -> None:
    """The nearest rules that say so, each with exactly the conditions that failed and the rules that override it."""
    for entry in each.explanation.others:
        if entry.came_out:
            continue
        decision = each.decisions[entry.decision]
        saying_so = [rule for rule in decision.rules if rule.then[entry.output] == entry.label]
        distances = {rule.name: len(lacking(rule, each.labels)) for rule in saying_so}
        told = [distances[near.rule] for near in entry.nearest]
        assert told == sorted(distances.values())[:3]
        assert len({near.rule for near in entry.nearest}) == len(told)
        for near in entry.nearest:
            assert_near(near, decision, each)


def assert_near(near: NearRule, decision: Decision, each: Explained) -> None:
    (rule,) = (rule for rule in decision.rules if rule.name == near.rule)
    assert (near.title, near.because) == (rule.title, rule.because)
    failed = {fact.fact: fact for fact in near.failed}
    for fact in near.failed:
        assert fact.label not in fact.needed
        assert set(fact.needed) == rule.box[fact.fact]
        assert fact.needed_words
    for needed in product(*(fact.needed for fact in near.failed)):
        change = dict(zip(failed, needed, strict=True))
        assert not lacking(rule, {**each.labels, **change})
        for name in failed:
            assert lacking(rule, {**each.labels, **change, name: each.labels[name]}) == {name}
    overriding = [decision.rules[i].name for i in rule.unless]
    others = [other for other in each.applied(decision) if other.name in overriding]
    if not near.failed:
        assert others
    expected = [other for other in others if all(other.box[n] & rule.box[n] for n in other.box.keys() & rule.box)]
    assert [other.rule for other in near.overridden_by] == [other.name for other in expected]


# --- as data and as text


def check_that_it_goes_through_json_and_back(each: Explained) -> None:
    """What is read back from JSON is the same, and can be asked the same."""
    text = each.explanation.model_dump_json()
    again = dr.Explanation.model_validate_json(text)
    assert again == each.explanation
    assert again.model_dump_json() == text
    assert again.text() == each.explanation.text()
    assert [again.why_not(**{e.output: e.label}) for e in again.others] == list(each.explanation.others)
    entry = each.explanation.others[0]
    assert dr.WhyNot.model_validate_json(entry.model_dump_json()) == entry


def check_the_text(each: Explained) -> None:
    """The text tells each step's reason, basis and sources, and of each fact where it comes from."""
    text = each.explanation.text()
    lines = text.splitlines()
    assert lines[0] == f"{each.explanation.pack.title}: {'; '.join(each.explanation.words.values())}"
    paragraphs = text.split("\n\n")
    for fact in each.explanation.facts:
        assert f"    {fact.question} {fact.words}" in paragraphs[0].splitlines()
    for step, paragraph in zip(each.explanation.steps, paragraphs[1:], strict=False):
        assert_paragraph(step, paragraph, lines)
    assert all(line == line.rstrip() for line in lines)


def assert_paragraph(step: Step, paragraph: str, lines: list[str]) -> None:
    heading, *body = paragraph.splitlines()
    assert heading == f"{step.question} {'; '.join(step.words.values())}"
    (because,) = (line for line in body if line.startswith(f"  Because: {step.because}"))
    assert_cited(step.sources, because, lines)
    assert f"  Rule {step.rule}: {ENGLISH.say(f'basis.{step.basis}')}" in body
    against = [line for line in body if line.startswith("  Other sources say otherwise: ")]
    assert len(against) == bool(step.contradicted_by)
    assert_cited(step.contradicted_by, "".join(against), lines)
    for fact in step.facts:
        (line,) = (line for line in body if line.startswith(f"    {fact.question} {fact.words} ("))
        words = {"given": ("(you said)", "(by today's date)"), "decided": ("(as decided above)",)}
        taken = (f"(taken for granted: {(fact.because or '').rstrip('.')})",)
        assert line.endswith(words.get(fact.origin, taken))
    for used in step.parameters:
        (line,) = (line for line in body if line.startswith(f"    {used.title}: {used.value} "))
        assert_cited(used.sources, line, lines)


def assert_cited(sources: Any, line: str, lines: list[str]) -> None:
    """The line names the numbers under which the sources stand at the end."""
    for source in sources:
        at = [number for number, other in enumerate(lines) if other == f"    {source.url}"]
        listed = [lines[number - 1].split() for number in at if source.title in lines[number - 1]]
        assert any(words[0] in line.split() for words in listed)


def check_the_text_of_why_not(each: Explained) -> None:
    """The text tells what came out instead, and each failed condition with what it would have to be."""
    for entry in each.explanation.others:
        heading, *body = entry.text().splitlines()
        assert entry.words in heading
        assert heading.startswith("Why not") != entry.came_out
        for rule in entry.decided_by:
            assert f"  By “{rule.title}”: {rule.because}" in body
        if entry.instead and not entry.came_out:
            assert body[0] == f"  {entry.question} {'; '.join(entry.instead_words.values())}"
        assert ("  No rule leads there." in body) == (not entry.came_out and not entry.nearest)
        for near in entry.nearest:
            assert f"  It would be so by “{near.title}”: {near.because}" in body
            for fact in near.failed:
                ending = f". It would have to be: {fact.needed_words}"
                assert [line for line in body if line.startswith(f"    {fact.question}") and line.endswith(ending)]
            for other in near.overridden_by:
                assert f"    But “{other.title}” goes before it: {other.because}" in body


# --- all of this, of every explanation

CHECKS = [
    check_the_outcome,
    check_the_facts_that_are_enough,
    check_the_steps,
    check_what_a_step_rests_on,
    check_where_facts_come_from,
    check_that_every_label_is_there_once,
    check_what_stood_in_the_way,
    check_that_it_goes_through_json_and_back,
    check_the_text,
    check_the_text_of_why_not,
]


def check(explained: Iterable[Explained]) -> None:
    for each in explained:
        for holds in CHECKS:
            holds(each)


@settings(max_examples=80, derandomize=True, deadline=None)
@given(facts=st.one_of(partial_cases(LABELS), partial_cases(FACTS)))
def test_what_is_said_of_the_shipped_pack_holds(facts: dict[str, Any]) -> None:
    check(explained(shipped("aliexpress"), facts))


@settings(max_examples=80, derandomize=True, deadline=None)
@given(facts=partial_cases(GOOD_FACTS))
def test_what_is_said_of_a_pack_with_one_of_everything_holds(facts: dict[str, Any]) -> None:
    check(explained(good(), facts))


@settings(max_examples=80, derandomize=True, deadline=None)
@given(facts=partial_cases(PHONE_FACTS))
def test_what_is_said_of_the_example_pack_holds(facts: dict[str, Any]) -> None:
    check(explained(shipped(PHONE_SHOP), facts))


@settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=small_packs(), cases=st.lists(partial_cases(OWN), min_size=1, max_size=5))
def test_what_is_said_of_generated_packs_holds(files: dict[str, str], cases: list[dict[str, Any]]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        advisor = dr.Advisor(dr.load_pack(write_pack(folder / "small", files)))
    finally:
        shutil.rmtree(folder)
    check(chain.from_iterable(explained(advisor, facts) for facts in cases))

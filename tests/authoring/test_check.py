"""A fault planted in a small good pack is always found, and every witness shows what it claims."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.authoring.check import check
from dispute_rules.authoring.finding import Finding
from dispute_rules.cli.main import main
from dispute_rules.errors import PackError
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.load import load_pack, shipped_packs
from dispute_rules.pack.model import Rule
from dispute_rules.pack.written import Pack
from tests.conftest import MakePack, write_pack

Files = Mapping[str, str]
Streams = pytest.CaptureFixture[str]

SHOP: Files = {
    "pack.yaml": """\
title: A small shop
about: Complaints about what a small shop sells.
from: 2020-01-01
sources:
  handbook: {title: The handbook, by: The shop, url: https://example.org/handbook, confidence: high}
parameters:
  complaint_days:
    title: Days to complain
    values: [{from: 2020-01-01, value: 14, source: handbook}]
facts:
  ground: {question: What is wrong?}
  months: {kind: number, question: How many months old is it?}
  gift: {kind: yes_no, question: Was it a gift?}
  handed_over_on: {kind: date, question: When was it handed over?}
  last_complaint: {question: Was it handed over a few days ago?}
  asked: {question: How much do you ask for?}
  price: {question: What did it cost?}
  requested: {question: How much do you want?}
dates:
  last_complaint: {last_day: {after: handed_over_on, days: complaint_days}}
amounts:
  cap: {sum: [price], source: handbook}
comparisons:
  asked: {compare: requested, with: cap, labels: {at_most: within, above: above}}
assume:
  - {months: 0, because: Most goods are new.}
  - {gift: false, because: Most goods are no gifts.}
  - {last_complaint: ahead, because: Most people complain in time.}
  - {asked: within, because: Most people ask for what they paid.}
impossible:
  - {when: {ground: buyer_mistake, gift: true}, because: Who gives a gift makes the mistake., help: Ask the giver.}
decisions: [window, verdict, hints]
""",
    "window/decision.yaml": """\
question: Can a complaint be made?
policy: any
outputs:
  window: {open: It can, closed: It is too late}
""",
    "window/in-time.yaml": """\
title: In time
when: {last_complaint: ahead}
then: {window: open}
because: The last day has not passed.
source: handbook
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
source: handbook
basis: stated
examples:
  - case: {ground: damaged, handed_over_on: 2020-03-01, today: 2020-03-16}
  - near: {ground: damaged, handed_over_on: 2020-03-01, today: 2020-03-15}
""",
    "verdict/decision.yaml": """\
question: What will be paid back?
policy: any
outputs:
  verdict: {full_refund: All of it, partial_refund: A part of it, no_refund: Nothing, none: No complaint}
""",
    "verdict/closed.yaml": """\
title: Closed
when: {window: closed}
then: {verdict: none}
because: No complaint can be made any more.
source: handbook
basis: stated
examples:
  - case: {ground: damaged, handed_over_on: 2020-03-01, today: 2020-03-16}
  - near: {ground: damaged, handed_over_on: 2020-03-01, today: 2020-03-15}
""",
    "verdict/young.yaml": """\
title: Young goods
when: {months: {below: 24}}
then: {verdict: full_refund}
unless: [closed]
because: Young goods are taken back.
source: handbook
basis: stated
examples:
  - case: {ground: damaged, months: 12}
  - near: {ground: damaged, months: 40}
""",
    "verdict/old.yaml": """\
title: Old goods
when: {months: {at_least: 24}}
then: {verdict: no_refund}
unless: [closed, old-but-fake]
because: Old goods have no worth left.
source: handbook
basis: stated
examples:
  - case: {ground: damaged, months: 40}
  - near: {ground: damaged, months: 12}
""",
    "verdict/old-but-fake.yaml": """\
title: Old fakes
when: {ground: [fake, not_as_described], months: {at_least: 24}}
then: {verdict: partial_refund}
unless: [closed]
because: A fake stays a fake.
source: handbook
basis: stated
examples:
  - case: {ground: fake, months: 40}
  - near: {ground: fake, months: 12}
  - near: {ground: damaged, months: 40}
""",
    "hints/decision.yaml": """\
question: What else is there to know?
policy: collect
outputs:
  warning: {show_receipt: Show the receipt, too_much: You ask for too much}
""",
    "hints/show-receipt.yaml": """\
title: Show the receipt
when: {gift: false}
then: {warning: show_receipt}
because: A buyer has a receipt.
source: handbook
basis: stated
examples:
  - case: {ground: damaged}
  - near: {ground: damaged, gift: true}
""",
    "hints/too-much.yaml": """\
title: Too much
when: {asked: above}
then: {warning: too_much}
because: More than was paid is never paid back.
source: handbook
basis: stated
examples:
  - case: {ground: damaged, price: 10, requested: 11}
  - near: {ground: damaged, price: 10, requested: 10}
""",
}
RULES = sorted(name for name in SHOP if "/" in name and "decision" not in name)
EXAMPLES = [(name, line) for name in RULES for line in SHOP[name].splitlines() if line.startswith("  - ")]


def edit(file: str, *changes: tuple[str, str]) -> dict[str, str]:
    """A file of the shop with the second of each pair in place of the first, which stands in it once."""
    text = SHOP[file]
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} does not stand exactly once in {file}"
        text = text.replace(old, new)
    return {file: text}


def add(section: str, line: str) -> dict[str, str]:
    """One more line in a section of `pack.yaml`."""
    return edit("pack.yaml", (f"\n{section}:\n", f"\n{section}:\n  {line}\n"))


def hint(when: str, *examples: str, unless: str = "", then: str = "{warning: show_receipt}") -> str:
    """One more rule, with examples."""
    lines = ["title: A rule", f"when: {when}", f"then: {then}", *([f"unless: {unless}"] if unless else [])]
    lines += ["because: A reason.", "source: handbook", "basis: stated", "examples:"]
    return "\n".join([*lines, *(f"  - {example}" for example in examples)]) + "\n"


FAKES = hint(
    "{ground: fake, months: {below: 24}}",
    "near: {ground: fake, months: 40}",
    "near: {ground: damaged}",
    unless="[closed, young]",
    then="{verdict: full_refund}",
)
MISTAKEN_GIFT = hint(
    "{ground: buyer_mistake, gift: true}", "near: {ground: fake, gift: true}", "near: {ground: buyer_mistake}"
)
ANOTHER_RECEIPT = hint(
    "{ground: fake, gift: false}",
    "near: {ground: fake, gift: true}",
    "near: {ground: damaged}",
    unless="[show-receipt]",
)
MISTAKES = hint("{ground: buyer_mistake, gift: false}", "case: {ground: buyer_mistake}", "near: {ground: fake}")
GIFTS = hint(
    "{ground: [buyer_mistake, fake], gift: true}",
    "case: {ground: fake, gift: true}",
    "near: {ground: fake}",
    "near: {ground: damaged, gift: true}",
)
GROUNDLESS = edit("pack.yaml", ("ground: buyer_mistake, gift: true", "asked: above, gift: true")) | edit(
    "verdict/old-but-fake.yaml", ("ground: [fake, not_as_described]", "asked: above")
)
"""Nothing looks at the ground."""
YOUNG = "verdict/young.yaml"
OLD = "verdict/old.yaml"
FAKE = "verdict/old-but-fake.yaml"
HINT = "hints/another.yaml"
PACK = "pack.yaml"

Found = set[tuple[str, tuple[str, ...]]]
"""The codes of findings, with their places within the pack."""

GAP = edit(OLD, ("{at_least: 24}", "{at_least: 36}"))
CONFLICT = edit(OLD, ("[closed, old-but-fake]", "[closed]"))
DEAD: Mapping[str, tuple[Files, str]] = {
    "by impossible conditions": ({HINT: MISTAKEN_GIFT}, HINT),
    "by overriding": ({"verdict/fakes.yaml": FAKES}, "verdict/fakes.yaml"),
    "by overriding, collected": ({HINT: ANOTHER_RECEIPT}, HINT),
}
FAULTS: Mapping[str, tuple[Files, Found]] = {
    "a gap": (GAP, {("gap", ("verdict/decision.yaml",))}),
    "a conflict": (CONFLICT, {("conflict", (OLD, FAKE))}),
    **{
        f"a dead rule {how}": (files, {("dead-rule", (place,)), ("missing-example", (place,))})
        for how, (files, place) in DEAD.items()
    },
    "a condition that another implies": (
        edit("verdict/closed.yaml", ("{window: closed}", "{window: closed, last_complaint: passed}")),
        {("redundant-condition", ("verdict/closed.yaml",))},
    ),
    "a condition that an impossible combination implies": ({HINT: MISTAKES}, {("redundant-condition", (HINT,))}),
    "a condition that accepts every label": (
        edit("window/in-time.yaml", ("ahead}", "ahead, asked: [within, above]}")),
        {("redundant-condition", ("window/in-time.yaml",))},
    ),
    "a label that cannot be": ({HINT: GIFTS}, {("impossible-label", (HINT,))}),
    "an unused source": (
        add("sources", "leaflet: {title: L, by: B, url: https://example.org/leaflet, confidence: low}"),
        {("unused", (PACK,))},
    ),
    "an unused parameter": (
        add("parameters", "grace: {title: G, values: [{from: 2020-01-01, value: 3, source: handbook}]}"),
        {("unused", (PACK,))},
    ),
    "an unused date": (add("dates", "last_call: {first_day: {after: handed_over_on}}"), {("unused", (PACK,))}),
    "an unused amount": (add("amounts", "wanted: {least: [requested, price]}"), {("unused", (PACK,))}),
    "an unused comparison": (
        add("comparisons", "dear: {compare: return_cost, with: cap, labels: {below: no_matter, at_least: dear}}"),
        {("unused", (PACK,))},
    ),
    "an unused fact of its own": (add("facts", "colour: {kind: label, labels: {red: Red}}"), {("unused", (PACK,))}),
    "an unused assumption": (add("assume", "- {received: true, because: Mostly.}"), {("unused", (PACK,))}),
    "an unused label of an output": (
        edit("window/decision.yaml", ("open: It can,", "open: It can, too_early: Not yet,")),
        {("unused", ("window/decision.yaml",))},
    ),
    "a case that its rule does not decide": (
        edit(YOUNG, ("examples:\n", "examples:\n  - case: {ground: damaged, months: 24}\n")),
        {("failing-example", (YOUNG,))},
    ),
    "a near that its rule decides": (
        edit(YOUNG, ("examples:\n", "examples:\n  - near: {ground: damaged, months: 23.9}\n")),
        {("failing-example", (YOUNG,))},
    ),
    "an example that is impossible": (
        edit(YOUNG, ("examples:\n", "examples:\n  - near: {ground: buyer_mistake, gift: true}\n")),
        {("failing-example", (YOUNG,))},
    ),
    "two faults": (
        CONFLICT | edit(YOUNG, ("{below: 24}", "{below: 13}")),
        {("conflict", (OLD, FAKE)), ("gap", ("verdict/decision.yaml",))},
    ),
}


@pytest.fixture
def shop(tmp_path: Path) -> Callable[[Files], Pack]:
    """Loads the shop with some files in place of its own."""
    return lambda files: load_pack(write_pack(tmp_path / "own", {**SHOP, **files}))


def found_in(pack: Pack) -> Found:
    return {
        (finding.code, tuple(place.removeprefix(f"{pack.place}/") for place in finding.places))
        for finding in check(pack).findings
    }


def the_only(findings: list[Finding], code: str) -> Finding:
    (finding,) = [finding for finding in findings if finding.code == code]
    return finding


Shop = Callable[[Files], Pack]


# --- what is found


def test_the_good_pack_has_no_findings(shop: Shop) -> None:
    report = check(shop({}))
    assert (report.findings, report.undecided) == ([], [])
    assert (report.rules, report.examples) == (len(RULES), len(EXAMPLES))


@pytest.mark.parametrize("name", shipped_packs())
def test_a_shipped_pack_has_no_findings(name: str) -> None:
    report = check(load_pack(name))
    assert (report.findings, report.undecided) == ([], [])


@pytest.mark.parametrize(("files", "found"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found_and_nothing_else(shop: Shop, files: Files, found: Found) -> None:
    assert found_in(shop(files)) == found


@pytest.mark.parametrize(("file", "example"), EXAMPLES, ids=[f"{file}: {line.strip()}" for file, line in EXAMPLES])
def test_an_example_taken_away_is_missed(shop: Shop, file: str, example: str) -> None:
    code = "missing-example" if "case:" in example else "missing-near"
    assert found_in(shop(edit(file, (f"{example}\n", "")))) == {(code, (file,))}


@pytest.mark.parametrize(
    ("how", "reason"), [("by impossible conditions", "never hold together"), ("by overriding", "overrides it")]
)
def test_a_dead_rule_is_told_why(shop: Shop, how: str, reason: str) -> None:
    assert reason in the_only(check(shop(DEAD[how][0])).findings, "dead-rule").message


def test_a_redundant_condition_is_named(shop: Shop) -> None:
    assert "`gift`" in the_only(check(shop({HINT: MISTAKES})).findings, "redundant-condition").message


def test_an_impossible_label_is_named(shop: Shop) -> None:
    assert "`buyer_mistake`" in the_only(check(shop({HINT: GIFTS})).findings, "impossible-label").message


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("source", "leaflet"),
        ("parameter", "grace"),
        ("date", "last_call"),
        ("amount", "wanted"),
        ("comparison", "dear"),
        ("fact of its own", "colour"),
        ("assumption", "received"),
        ("label of an output", "window: too_early"),
    ],
)
def test_what_is_unused_is_named(shop: Shop, fault: str, name: str) -> None:
    assert f"`{name}`" in the_only(check(shop(FAULTS[f"an unused {fault}"][0])).findings, "unused").message


def test_a_collected_rule_overridden_by_one_that_is_overridden_itself_is_not_dead(shop: Shop) -> None:
    rules = {
        "hints/first.yaml": hint("{ground: fake}", "case: {ground: fake}", "near: {ground: damaged}"),
        "hints/second.yaml": hint("{ground: fake}", "near: {ground: damaged}", unless="[first]"),
        "hints/third.yaml": hint("{ground: fake}", "near: {ground: damaged}", unless="[second]"),
    }
    dead = {place for code, (place, *_) in found_in(shop(rules)) if code == "dead-rule"}
    assert dead == {"hints/second.yaml"}


def test_a_near_is_missed_although_nothing_looks_at_the_ground(shop: Shop) -> None:
    pack = shop(GROUNDLESS | edit("hints/show-receipt.yaml", ("  - near: {ground: damaged, gift: true}\n", "")))
    assert ("missing-near", ("hints/show-receipt.yaml",)) in found_in(pack)


def test_a_near_is_missed_although_the_first_situation_found_is_that_of_no_case(shop: Shop) -> None:
    # nothing has to be shown for gifts, so that proof is never lacking there
    words, assumed = "proof: {question: What can you show?}", "- {proof: all, because: Most people show it.}"
    sections = [("facts:\n", f"facts:\n  {words}\n"), ("assume:\n", f"assume:\n  {assumed}\n")]
    card = "{evidence: card, required: true}"
    missing = "near: {ground: damaged, evidence: [], months: 40}"
    files = {
        **edit(PACK, *sections, ("[window, verdict", "[window, papers, verdict")),
        "papers/decision.yaml": "question: What is needed?\npolicy: collect\n"
        "outputs: {evidence: {card: The card}, required: {true: Needed}}\n",
        "papers/card.yaml": hint(
            "{gift: false}", "case: {ground: damaged}", "near: {ground: damaged, gift: true}", then=card
        ),
        HINT: hint(
            "{proof: [none, some], months: {below: 24}}",
            "case: {ground: damaged, evidence: []}",
            "near: {ground: damaged, evidence: [card]}",
            missing,
        ),
    }
    assert found_in(shop(files)) == set()
    assert found_in(shop({**files, HINT: files[HINT].replace(f"  - {missing}\n", "")})) == {("missing-near", (HINT,))}


# --- the budget


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_budget_too_small_leaves_the_decisions_undecided(shop: Shop, steps: int) -> None:
    report = check(shop({}), steps=steps)
    assert (report.findings, report.undecided) == ([], ["window", "verdict"])


def test_more_budget_never_changes_what_was_decided(shop: Shop) -> None:
    pack = shop(CONFLICT)
    whole = check(pack)
    for steps in (0, 5, 20, 50, 100, 1000):
        report = check(pack, steps=steps)
        assert report.undecided or report == whole
    assert not whole.undecided


# --- editions


@pytest.mark.parametrize("days", ["from: 2021-01-01\n", "until: 2020-12-31\n", "from: 2020-06-01\nuntil: 2020-12-31\n"])
def test_a_gap_in_any_edition_is_found(shop: Shop, days: str) -> None:
    assert "gap" in {code for code, _ in found_in(shop({OLD: SHOP[OLD] + days}))}


@pytest.mark.parametrize("days", ["from: 2021-01-01\n", "until: 2020-12-31\n"])
def test_a_conflict_in_any_edition_is_found(shop: Shop, days: str) -> None:
    found = found_in(shop({**CONFLICT, FAKE: SHOP[FAKE] + days}))
    assert found == {("conflict", (OLD, FAKE))}


def test_a_rule_that_gives_way_to_its_successor_is_no_fault(shop: Shop) -> None:
    later = SHOP[YOUNG].replace("full_refund", "partial_refund") + "from: 2021-01-01\n"
    assert found_in(shop({YOUNG: SHOP[YOUNG] + "until: 2020-12-31\n", "verdict/young-since.yaml": later})) == set()


def test_a_threshold_of_a_later_edition_takes_no_near_miss_from_an_earlier_one(shop: Shop) -> None:
    later = hint("{months: {below: 60}}", "case: {ground: damaged, months: 59}", "near: {ground: damaged, months: 60}")
    assert found_in(shop({HINT: later + "from: 2021-01-01\n"})) == set()


def test_a_fault_in_every_edition_is_told_once(shop: Shop) -> None:
    pack = shop({**CONFLICT, HINT: MISTAKEN_GIFT + "from: 2021-01-01\n"})
    assert [finding.code for finding in check(pack).findings].count("conflict") == 1


# --- witnesses


def told_when_replayed(advisor: dr.Advisor, case: Mapping[str, object] | None) -> list[str]:
    """The codes with which a case is refused for a fault of the pack, by `advise` and by `settle`."""
    assert case is not None
    with pytest.raises(PackError) as advised:
        advisor.advise(case)
    with pytest.raises(PackError) as settled:
        advisor.settle(case)
    codes = [[problem.code for problem in caught.value.problems] for caught in (advised, settled)]
    assert codes[0] == codes[1]
    return codes[0]


IN_TIME = "window/in-time.yaml"
CLOSED = "verdict/closed.yaml"
WITNESSED: Mapping[str, Files] = {
    "gap": GAP,
    "gap that days lead to": edit(CLOSED, ("{window: closed}", "{window: closed, months: {below: 24}}"))
    | edit(OLD, ("{at_least: 24}", "{at_least: 24}, window: open")),
    "gap that amounts lead to": edit(IN_TIME, ("ahead}", "ahead, asked: within}")),
    "gap where nothing looks at the ground": GROUNDLESS | GAP,
    "gap in the first edition": {OLD: SHOP[OLD] + "from: 2021-01-01\n"},
    "gap in the last edition": {OLD: SHOP[OLD] + "until: 2020-12-31\n"},
    "conflict": CONFLICT,
    "conflict in the first edition": {**CONFLICT, FAKE: SHOP[FAKE] + "until: 2020-12-31\n"},
    "conflict in the last edition": {**CONFLICT, FAKE: SHOP[FAKE] + "from: 2021-01-01\n"},
    # with the day assumed, a fake meets the gap; the conflict is among the late ones
    "conflict beside a gap that comes first": edit(IN_TIME, ("ahead}", "ahead, ground: {not: fake}}"))
    | edit(FAKE, ("[fake, not_as_described]", "fake, window: closed"), ("unless: [closed]\n", "")),
}


@pytest.mark.parametrize(("claim", "files"), WITNESSED.items(), ids=WITNESSED)
def test_the_witness_of_a_gap_or_a_conflict_shows_it(shop: Shop, claim: str, files: Files) -> None:
    pack = shop(files)
    advisor = dr.Advisor(pack)
    shown = {f.code: f for f in check(pack).findings if f.code in ("gap", "conflict")}
    assert claim.split(maxsplit=1)[0] in shown
    for code, finding in shown.items():
        assert told_when_replayed(advisor, finding.case) == [code], finding.case


def missed_by(rule: Rule, labels: Mapping[str, str]) -> set[str]:
    return {fact for fact, accepted in rule.box.items() if labels[fact] not in accepted}


def assert_that_it_is_missing(advisor: dr.Advisor, finding: Finding) -> None:
    """In the case of a missing near, the rule does not decide, and only the condition that is named fails."""
    assert finding.case is not None
    settled = advisor.settle(finding.case)
    day = date.fromisoformat(finding.case["today"]) if "today" in finding.case else advisor.pack.starts[-1]
    decision, name = finding.places[0].removesuffix(".yaml").split("/")[-2:]
    path = f"{advisor.pack.name}/{decision}/{name}"
    edition = edition_on(advisor.pack, day)
    (rule,) = [rule for d in edition.decisions for rule in d.rules if rule.name == path]
    assert rule.name not in [applied.name for applied in settled.outcomes[decision].rules]
    assert [f"`{fact}`" for fact in missed_by(rule, settled.labels)] == re.findall("`.*?`", finding.message)


@pytest.mark.parametrize("file", RULES)
def test_the_witness_of_a_missing_near_is_one(shop: Shop, file: str) -> None:
    bare = "".join(line for line in SHOP[file].splitlines(keepends=True) if not line.startswith("  - near"))
    pack = shop({file: bare})
    findings = [finding for finding in check(pack).findings if finding.code == "missing-near"]
    assert len(findings) == sum(file == name and "near:" in line for name, line in EXAMPLES)
    for finding in findings:
        assert_that_it_is_missing(dr.Advisor(pack), finding)


def test_the_witnesses_of_missing_nears_are_some_in_a_pack_with_one_of_everything(make_pack: MakePack) -> None:
    pack = load_pack(make_pack())
    findings = [finding for finding in check(pack).findings if finding.code == "missing-near"]
    missing = {fact for finding in findings for fact in re.findall("`(.*?)`", finding.message)}
    assert missing == {"gift", "age_months", "colour", "usability", "window", "asked", "proof"}
    for finding in findings:
        assert_that_it_is_missing(dr.Advisor(pack), finding)


def test_the_examples_that_fail_are_shown_as_cases(shop: Shop) -> None:
    pack = shop(FAULTS["a case that its rule does not decide"][0])
    case = the_only(check(pack).findings, "failing-example").case
    assert dr.Advisor(pack).advise(case).verdict == "no_refund"


# --- the shell: check


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Files], str]:
    """The folder of the shop with some files in place of its own."""
    return lambda files: str(write_pack(tmp_path / "own", {**SHOP, **files}))


Folder = Callable[[Files], str]


@dataclass(frozen=True)
class Run:
    status: int
    out: str
    err: str


def shell(streams: Streams, *arguments: str) -> Run:
    streams.readouterr()
    status = main(arguments)
    told = streams.readouterr()
    return Run(status, told.out, told.err)


def test_check_ends_with_0_where_nothing_is_found(folder: Folder, capsys: Streams) -> None:
    run = shell(capsys, "check", folder({}))
    assert (run.status, run.out) == (0, "")
    assert f"{len(RULES)} rules, {len(EXAMPLES)} examples: 0 findings" in run.err


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_check_ends_with_1_where_something_is_found(folder: Folder, capsys: Streams, form: str) -> None:
    assert shell(capsys, "check", folder(CONFLICT), "--format", form).status == 1


@pytest.mark.parametrize("form", ["text", "json", "github"])
def test_check_ends_with_2_for_a_pack_that_cannot_be_read(folder: Folder, capsys: Streams, form: str) -> None:
    run = shell(capsys, "check", folder({YOUNG: "title: ["}), "--format", form)
    assert (run.status, run.out) == (2, "")
    assert YOUNG in run.err


def test_check_ends_with_2_where_there_is_no_pack(tmp_path: Path, capsys: Streams) -> None:
    assert shell(capsys, "check", str(tmp_path / "nowhere")).status == 2


@pytest.mark.parametrize("form", ["text", "json", "github"])
@pytest.mark.parametrize("files", [{}, CONFLICT], ids=["good", "with a fault"])
def test_check_ends_with_3_where_the_budget_is_too_small(
    folder: Folder, capsys: Streams, files: Files, form: str
) -> None:
    run = shell(capsys, "check", folder(files), "--steps", "2", "--format", form)
    assert run.status == 3
    assert "verdict" in run.out


def test_check_names_both_rules_the_places_and_a_case_to_paste(folder: Folder, capsys: Streams) -> None:
    pack = folder(CONFLICT)
    run = shell(capsys, "check", pack)
    for told in (f"{pack}/{FAKE}", f"{pack}/{OLD}", "`own/verdict/old`", "[conflict]", "help:"):
        assert told in run.out
    (command,) = re.findall(r"for example: dispute-rules (advise .*)", run.out)
    assert shell(capsys, *command.split()).status == 2
    assert "[conflict]" in shell(capsys, *command.split()).err


@pytest.mark.parametrize(("files", "found"), FAULTS.values(), ids=FAULTS)
def test_check_as_json_has_every_finding(folder: Folder, capsys: Streams, files: Files, found: Found) -> None:
    pack = folder(files)
    told = json.loads(shell(capsys, "check", pack, "--format", "json").out)
    assert {(f["code"], tuple(p.removeprefix(f"{pack}/") for p in f["places"])) for f in told["findings"]} == found
    assert all(set(f) == {"code", "places", "message", "help", "case", "labels"} for f in told["findings"])
    assert told["undecided"] == []


def test_check_as_json_says_what_is_undecided(folder: Folder, capsys: Streams) -> None:
    told = json.loads(shell(capsys, "check", folder({}), "--steps", "2", "--format", "json").out)
    assert told["undecided"] == ["window", "verdict"]


@pytest.mark.parametrize("files", [files for files, _ in FAULTS.values()], ids=FAULTS)
def test_check_for_github_is_a_line_for_each_finding_at_a_file(folder: Folder, capsys: Streams, files: Files) -> None:
    pack = folder(files)
    lines = shell(capsys, "check", pack, "--format", "github").out.splitlines()
    assert len(lines) == len(check(load_pack(pack)).findings)
    for line in lines:
        found = re.fullmatch(r"::error file=([^,:]+),title=([a-z-]+)::.+", line)
        assert found, line
        assert Path(found[1]).is_file(), line


def test_check_for_github_says_what_is_undecided_as_an_error(folder: Folder, capsys: Streams) -> None:
    lines = shell(capsys, "check", folder({}), "--steps", "2", "--format", "github").out.splitlines()
    assert [line[:7] for line in lines] == ["::error"] * 2


# --- the shell: test


def test_test_ends_with_0_where_all_examples_pass(folder: Folder, capsys: Streams) -> None:
    run = shell(capsys, "test", folder({}))
    assert (run.status, run.out.splitlines()) == (0, [f"{len(EXAMPLES)} passed, 0 failed"])


@pytest.mark.parametrize("fault", ["a case that its rule does not decide", "a near that its rule decides"])
def test_test_ends_with_1_where_an_example_fails(folder: Folder, capsys: Streams, fault: str) -> None:
    pack = folder(FAULTS[fault][0])
    run = shell(capsys, "test", pack)
    assert run.status == 1
    assert f"{pack}/{YOUNG}" in run.out
    assert run.out.splitlines()[-1] == f"{len(EXAMPLES)} passed, 1 failed"


def test_test_tells_a_refused_example_as_failed(folder: Folder, capsys: Streams) -> None:
    run = shell(capsys, "test", folder(FAULTS["an example that is impossible"][0]))
    assert run.status == 1
    assert "Who gives a gift makes the mistake." in run.out


def test_test_tries_only_the_examples_named(folder: Folder, capsys: Streams) -> None:
    pack = folder(FAULTS["a case that its rule does not decide"][0])
    hints = sum(file.startswith("hints/") for file, _ in EXAMPLES)
    run = shell(capsys, "test", pack, "-k", "hints")
    assert (run.status, run.out.splitlines()) == (0, [f"{hints} passed, 0 failed"])
    assert shell(capsys, "test", pack, "-k", "verdict/young").status == 1


def test_test_ends_with_2_where_nothing_is_selected(folder: Folder, capsys: Streams) -> None:
    run = shell(capsys, "test", folder({}), "-k", "nothing-like-it")
    assert (run.status, run.out) == (2, "")
    assert "nothing-to-try" in run.err


def test_test_ends_with_2_for_a_pack_that_cannot_be_read(folder: Folder, capsys: Streams) -> None:
    run = shell(capsys, "test", folder({YOUNG: "title: ["}))
    assert (run.status, run.out) == (2, "")

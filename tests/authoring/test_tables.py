"""What is wrong with a table is told where it stands, all at once, and no case of it is tried."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.pack.written import Pack
from dispute_rules.testing import trial_id, whole_cases
from tests.authoring.conftest import Write, entry, told
from tests.conftest import MakePack, edited


def faults(path: Path, shop: Path | Pack) -> list[tuple[str, str]]:
    """The position and the code of each problem of a table."""
    with pytest.raises(dr.PackError) as caught:
        whole_cases(path, shop)
    return [(problem.place.removeprefix(f"{path}")[1:], problem.code) for problem in caught.value.problems]


FAULTS = {
    "a field that there is not": ("expect: {verdit: full_refund}", "5:14", "unknown-key"),
    "the name that rules have for it": ("expect: {window: open}", "5:14", "unknown-key"),
    "a field of another pack": ("expect: {claim: refund_only}", "5:14", "unknown-key"),
    "a label that there is not": ("expect: {verdict: full_refnd}", "5:23", "unknown-label"),
    "a label in a list": ("expect: {verdict: [full_refund, 3]}", "5:37", "unknown-label"),
    "no label": ("expect: {verdict: }", "5:23", "unknown-label"),
    "no labels": ("expect: {evidence: []}", "5:24", "out-of-range"),
    "a kind of evidence that there is not": ("expect: {evidence: foto}", "5:24", "unknown-label"),
    "not nothing": ("expect: {evidence.not: none}", "5:28", "unknown-label"),
    "a warning that there is not": ("expect: {warnings.not: [too_mach]}", "5:29", "unknown-label"),
    "no amount": ("expect: {refund.cap: 3 EUR}", "5:26", "wrong-type"),
    "a negative amount": ("expect: {refund.cap: -3}", "5:26", "out-of-range"),
    "neither true nor false": ("expect: {settled: yes}", "5:23", "unknown-label"),
    "an assumption that is never made": ("expect: {assumptions.fault: buyer}", "5:14", "unknown-key"),
    "a label of an assumption": ("expect: {assumptions.colour: pink}", "5:34", "unknown-label"),
    "a basis that there is not": ("expect: {reasons.verdict.basis: certain}", "5:37", "unknown-label"),
    "nothing expected": ("expect: {}", "5:13", "bad-example"),
    "refused and yet advised": ("expect: {refused: contradiction, verdict: none}", "5:13", "bad-example"),
    "a code that is none": ("expect: {refused: Kaputt!}", "5:23", "out-of-range"),
    "a list of expectations": ("expect: [verdict]", "5:13", "wrong-type"),
    "no expectation": ("because: So it is.", "4:5", "missing-key"),
    "a key that there is not": ("expects: {verdict: none}", "5:5", "unknown-key"),
    "a source that there is not": ("source: hanbook#new", "5:13", "unknown-source"),
    "other values that are no list": ("whatever: {colour: red}", "5:24", "wrong-type"),
    "no other values": ("whatever: {colour: []}", "5:24", "out-of-range"),
    "any amount": ("whatever: {price: any}", "5:23", "wrong-type"),
    "another value that there is not": ("whatever: {colour: [green, pink]}", "5:32", "unknown-label"),
    "another value of a fact of the case": ("whatever: {ground: [fake, damagd]}", "5:31", "unknown-label"),
    "another fact that there is not": ("whatever: {color: [green]}", "5:16", "unknown-key"),
    "an anchor": ("because: &so So it is.", "5:14", "alias"),
    "the same key twice": ("name: again", "5:5", "duplicate-key"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_where_it_stands(shop: Path, table: Write, fault: str) -> None:
    line, place, code = FAULTS[fault]
    rest = [] if line.startswith("expect:") or fault == "no expectation" else ["expect: {verdict: full_refund}"]
    path = table(told(entry(line, "case: {ground: damaged}", *rest)))
    assert (place, code) in faults(path, shop)


FACTS = {
    "a fact that there is not": ("case: {ground: damaged, color: red}", "5:29", "unknown-fact"),
    "a label that there is not": ("case: {ground: damagd}", "5:20", "unknown-label"),
    "no ground": ("case: {colour: red}", "5:11", "missing-fact"),
    "what cannot be": ("case: {ground: damaged, quantity_ordered: 1, quantity_affected: 2}", "5:69", "contradiction"),
    "facts as a list": ("case: [ground, damaged]", "5:11", "wrong-type"),
}


@pytest.mark.parametrize("fault", FACTS)
def test_a_fault_in_the_facts_is_told_where_it_stands(shop: Path, table: Write, fault: str) -> None:
    line, place, code = FACTS[fault]
    assert faults(table(told(entry(line, "expect: {verdict: none}"))), shop) == [(place, code)]


def test_cases_without_names_are_told_as_that(shop: Path, table: Write) -> None:
    nameless = "  - {case: {ground: damaged}, expect: {verdict: none}}"
    assert faults(table(told(nameless, nameless)), shop) == [("4:5", "missing-key"), ("5:5", "missing-key")]


def test_a_list_whose_entries_are_all_wrong_is_not_told_to_be_empty(shop: Path, table: Write) -> None:
    assert faults(table(told("  - 3")), shop) == [("4:5", "wrong-type")]


def test_the_day_is_always_given(shop: Path, table: Write) -> None:
    for expect in ("verdict: none", "refused: contradiction"):
        path = table(told(entry("case: {ground: damaged}", f"expect: {{{expect}}}"), given="{}"))
        assert faults(path, shop) == [("5:11", "missing-fact")]


def test_a_misspelt_field_gets_a_suggestion(shop: Path, table: Write) -> None:
    path = table(told(entry("case: {ground: damaged}", "expect: {window: open, warning: too_much, evidense: photo}")))
    with pytest.raises(dr.PackError) as caught:
        whole_cases(path, shop)
    helps = [problem.help for problem in caught.value.problems]
    assert helps == [f"did you mean `{name}`?" for name in ("window.status", "warnings", "evidence")]


def test_all_faults_of_all_tables_are_told_at_once(shop: Path, table: Write) -> None:
    one = entry("case: {ground: damagd}", "expect: {verdit: none, verdict: nome}")
    two = entry("source: nowhere", "case: {color: red}", "expect: {refund.cap: many}")
    table(told(one, two), "cases/one.yaml")
    path = table("cases: []", "cases/two.yaml").parent
    assert sorted(faults(path, shop)) == [
        ("one.yaml:10:26", "wrong-type"),
        ("one.yaml:5:20", "unknown-label"),
        ("one.yaml:6:14", "unknown-key"),
        ("one.yaml:6:37", "unknown-label"),
        ("one.yaml:7:11", "duplicate-key"),
        ("one.yaml:8:13", "unknown-source"),
        ("one.yaml:9:11", "missing-fact"),
        ("one.yaml:9:12", "unknown-fact"),
        ("two.yaml:1:1", "missing-key"),
        ("two.yaml:1:8", "out-of-range"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("about: [", "not-yaml"),
        ("3", "wrong-type"),
        ("- name: it", "wrong-type"),
        ("cases: 3", "wrong-type"),
        ("cases: [[]]", "wrong-type"),
        ("given: [today]", "wrong-type"),
        ("a: 1\n---\nb: 2", "two-documents"),
        ("#" * 1_000_001, "too-large"),
    ],
)
def test_what_is_no_table_is_told(shop: Path, table: Write, text: str, code: str) -> None:
    assert code in [code for _, code in faults(table(text), shop)]


@pytest.mark.parametrize("path", ["nowhere.yaml", "a\0b", "x" * 5000, ""])
def test_a_table_that_is_not_there_is_told(shop: Path, path: str) -> None:
    with pytest.raises(dr.PackError) as caught:
        whole_cases(path, shop)
    assert [problem.code for problem in caught.value.problems] == ["missing-file"]


def test_a_table_that_may_not_be_read_is_told(shop: Path, table: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path, pack = table(""), dr.load_pack(shop)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert faults(path, pack) == [("1:1", "unreadable")]


def test_the_tables_of_a_folder_are_its_yaml_files(shop: Path, table: Write) -> None:
    good = told(entry("case: {ground: damaged}", "expect: {verdict: full_refund}"))
    for name in ("b.yaml", "a.yml", ".hidden.yaml", "README.md", "c.yaml~"):
        path = table(good, f"cases/{name}").parent
    assert [trial_id(trial) for trial in whole_cases(path, shop)] == ["a/it", "b/it"]


def test_a_folder_without_tables_is_told(shop: Path, table: Write) -> None:
    assert [code for _, code in faults(table("", "cases/README.md").parent, shop)] == ["nothing-to-try"]


def test_the_outputs_of_a_pack_may_be_called_anything(make_pack: MakePack, table: Write) -> None:
    """Also what Python or pydantic have a meaning for, or what a table has."""
    names = ["copy", "model_config", "model_fields", "json", "schema", "settled", "refused", "warnings", "not", "class"]
    pack = make_pack(
        {
            "odd/decision.yaml": "question: Odd?\npolicy: any\noutputs:\n"
            + "".join(f"  {name}: {{yes: It is, no: It is not}}\n" for name in names),
            "odd/odd.yaml": "title: Odd\nwhen: {}\nbecause: So it is.\nbasis: inferred\nthen:\n"
            + "".join(f"  {name}: yes\n" for name in names),
            **edited("pack.yaml", "verdict, hints]", "verdict, hints, odd]"),
        }
    )
    free = [name for name in names if name not in ("settled", "refused", "warnings")]
    expect = {**dict.fromkeys(free, "yes"), "settled": "false", "warnings": "none"}
    path = table(told(entry("case: {ground: damaged}", f"expect: {json.dumps(expect)}")))
    (trial,) = whole_cases(path, pack)
    trial.check()
    assert [expected.name for expected in trial.expected] == [*expect]
    path = table(told(entry("case: {ground: damaged, received: false}", "expect: {refused: contradiction}")))
    whole_cases(path, pack)[0].check()

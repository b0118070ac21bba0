"""The reference of a pack says all that the pack says, and its links lead there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dispute_rules.authoring.pages.links import INDEX, page_of
from dispute_rules.authoring.pages.markup import one_line
from dispute_rules.authoring.pages.reference import pages_of
from dispute_rules.authoring.pages.words import glossary
from dispute_rules.pack.conditions import Condition
from dispute_rules.pack.kinds import Basis
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.written import Pack, WrittenRule
from tests.conftest import GOOD_PACK, MakePack, write_pack
from tests.reading import Element, Section, check_links, sections

ROOT = Path(__file__).parents[2]
PACKS: Mapping[str, Pack] = {
    pack.name: pack for pack in map(load_pack, ("aliexpress", str(ROOT / "examples/phone-shop/phone_shop")))
}
RULES: Mapping[str, tuple[Pack, str, WrittenRule]] = {
    f"{pack.name}/{decision.name}/{rule.name}": (pack, decision.name, rule)
    for pack in PACKS.values()
    for decision in pack.decisions
    for rule in decision.rules
}
each_pack = pytest.mark.parametrize("name", PACKS)


@cache
def reference(name: str) -> Mapping[str, list[Section]]:
    return {page: sections(text) for page, text in pages_of(PACKS[name]).items()}


def section(name: str, page: str, heading: str) -> str:
    """The text of a section."""
    (found,) = (part for part in reference(name)[page] if part.heading == heading)
    return found.body.text


def links_of(page: list[Section]) -> list[str]:
    return [str(element.attributes["href"]) for part in page for element in part.body.all("a")]


# --- nothing is left out


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_told_with_all_that_it_says(name: str) -> None:
    pack, decision, rule = RULES[name]
    words = glossary(pack)
    file = rule.file
    told = section(pack.name, page_of(decision), rule.name)
    expected = [file.title, file.because, f"Basis: {file.basis}", *file.unless]
    for fact, condition in file.when.items():
        expected += [words[fact].question, fact, *_said(condition, words[fact].labels)]
    for output, label in file.then.items():
        expected += [words[output].labels[label], f"{output}: {label}"]
    expected += [pack.file.sources[c.partition("#")[0]].title for c in (*file.source, *file.contradicts)]
    expected += [f"{word} {day}" for word, day in (("from", file.from_), ("until", file.until)) if day]
    expected += [f"{fact}: " for example in file.examples for fact in example.facts]
    assert [text for text in expected if one_line(text) not in told.replace("\n", " ")] == []


def _said(condition: Condition, labels: Mapping[str, str]) -> list[str]:
    ends = (("at least", condition.at_least), ("below", condition.below))
    said = [f"{word} {end}" for word, end in ends if end is not None]
    return [*said, *(labels[label] for label in condition.labels), *(["anything but"] if condition.negated else [])]


@pytest.mark.parametrize("name", RULES)
def test_the_examples_of_a_rule_are_told_with_every_value(name: str) -> None:
    pack, decision, rule = RULES[name]
    (found,) = (part for part in reference(pack.name)[page_of(decision)] if part.heading == rule.name)
    below = {
        heading.text: [item.text for item in listing.all("li")]
        for heading, listing in pairwise(part for part in found.body.parts if isinstance(part, Element))
    }
    hits = [_case(example.case) for example in rule.file.examples if example.case is not None]
    misses = [_case(example.near) for example in rule.file.examples if example.near is not None]
    assert below.get("It decides these cases:", []) == hits
    assert below.get("It does not decide these, one step away:", []) == misses


def _case(facts: Mapping[str, Any]) -> str:
    values = {True: "true", False: "false"}
    return ", ".join(
        f"{fact}: [{', '.join(value)}]"
        if isinstance(value, list)
        else f"{fact}: {values[value] if isinstance(value, bool) else value}"
        for fact, value in facts.items()
    )


@pytest.mark.parametrize("name", RULES)
def test_the_sources_of_a_rule_are_linked_down_to_the_place(name: str) -> None:
    pack, decision, rule = RULES[name]
    (found,) = (part for part in reference(pack.name)[page_of(decision)] if part.heading == rule.name)
    linked = {element.attributes["href"] for element in found.body.all("a")}
    for citation in (*rule.file.source, *rule.file.contradicts):
        source, _, anchor = citation.partition("#")
        url = pack.file.sources[source].url
        assert {f"{url}#{anchor}" if anchor else url, f"{INDEX}#source-{source}"} <= linked
    assert {f"{page_of(decision)}#{other}" for other in rule.file.unless} <= linked


@each_pack
def test_a_decision_is_told_with_its_answers_and_its_table(name: str) -> None:
    pack = PACKS[name]
    for decision in pack.decisions:
        page = "\n".join(f"{part.heading}\n{part.body.text}" for part in reference(name)[page_of(decision.name)])
        assert decision.file.question in page
        answers = [cells for part in reference(name)[page_of(decision.name)] for cells in _rows(part, "Outputs")]
        assert answers == [
            [o, label, text] for o, labels in decision.file.outputs.items() for label, text in labels.items()
        ]
        rows = [cells[-1] for part in reference(name)[page_of(decision.name)] for cells in _rows(part, "Table")]
        assert set(rows) == {rule.name for rule in decision.rules}


def _rows(part: Section, heading: str) -> list[list[str]]:
    return [row for table in part.body.all("table") for row in table.rows()] if part.heading.startswith(heading) else []


def test_a_decision_has_a_table_for_each_set_of_rules_that_was_in_force() -> None:
    tables = [part for part in reference("phone_shop")["remedy.md"] if part.heading.startswith("Table")]
    assert [part.heading.rpartition("in force ")[2] for part in tables] == [
        "from 2024-01-01",
        "from 2022-01-01 to 2023-12-31",
    ]
    rows = [{cells[-1] for cells in _rows(part, "Table")} for part in tables]
    assert rows[0] - rows[1] == {"another-accessory"}
    assert len([part for part in reference("phone_shop")["verdict.md"] if part.heading.startswith("Table")]) == 1


@each_pack
def test_the_open_points_are_all_inferred_and_all_contradicted_rules(name: str) -> None:
    (part,) = (part for part in reference(name)[INDEX] if part.heading == "Open points")
    tables = {tuple(head.text for head in table.all("th")): table.rows() for table in part.body.all("table")}
    rules = [(d.name, rule) for d in PACKS[name].decisions for rule in d.rules]
    inferred = [(d, rule.name) for d, rule in rules if rule.file.basis is Basis.INFERRED]
    assert [(row[0], row[1]) for row in tables["decision", "rule", "what it says"]] == inferred
    contradicted = [(d, rule.name) for d, rule in rules if rule.file.contradicts]
    others = [rows for heads, rows in tables.items() if len(heads) == 4]
    assert [(row[0], row[1]) for rows in others for row in rows] == contradicted


@each_pack
def test_what_rules_share_is_told(name: str) -> None:
    pack, file = PACKS[name], PACKS[name].file
    index = {part.heading: part.body.text for part in reference(name)[INDEX]}
    assert file.about in next(iter(index.values()))
    for fact, words in file.facts.items():
        told = [words.question or "", *words.labels, *words.labels.values()]
        assert [text for text in told if text not in index[f"Fact: {fact}"]] == []
    for parameter, entry in file.parameters.items():
        told = [
            entry.title,
            *(str(part) for value in entry.values for part in (value.from_, value.value, *value.source)),
        ]
        assert [text for text in told if text.partition("#")[0] not in index[f"Parameter: {parameter}"]] == []
    for source, cited in file.sources.items():
        told = [cited.title, cited.by, cited.dated or "", f"Confidence {cited.confidence}"]
        assert [text for text in told if text not in index[f"Source: {source}"]] == []
    assert [entry.because for entry in file.assume if entry.because not in index["Assumptions"]] == []
    barred = [text for entry in file.impossible for text in (entry.because, entry.help)]
    assert [text for text in barred if text not in index.get("Impossible combinations", "")] == []
    for heading, names in (("Dates", file.dates), ("Amounts", file.amounts), ("Comparisons", file.comparisons)):
        assert [entry for entry in names if entry not in index.get(heading, "")] == []
    assert [str(day) for day in pack.starts if f"From {day}" not in index["Editions"]] == []


@each_pack
def test_assumptions_stand_in_their_order_with_value_and_conditions(name: str) -> None:
    pack = PACKS[name]
    (part,) = (part for part in reference(name)[INDEX] if part.heading == "Assumptions")
    rows = [row for table in part.body.all("table") for row in table.rows()]
    assert [(row[0], row[1]) for row in rows] == [(f"{n}", e.fact) for n, e in enumerate(pack.file.assume, start=1)]
    for row, entry in zip(rows, pack.file.assume, strict=True):
        assert str(entry.value) in row[2]
        assert all(f"({fact})" in row[3] for fact in entry.when)
        assert len([line for line in row[3].splitlines() if line]) == len(entry.when) + (entry.given is not None)


def test_what_a_new_edition_brings_is_told() -> None:
    assert "protection_days: 75 → 90 days" in section("aliexpress", INDEX, "Editions")
    assert "another-accessory of remedy comes into force" in section("phone_shop", INDEX, "Editions")


def test_the_end_of_a_rule_is_told(make_pack: MakePack) -> None:
    text = GOOD_PACK["verdict/old-goods.yaml"]
    pack = load_pack(make_pack({"verdict/old-goods.yaml": f"{text}until: 2021-06-30\n"}))
    pages = {page: sections(text) for page, text in pages_of(pack).items()}
    (part,) = (part for part in pages[INDEX] if part.heading == "Editions")
    assert "old-goods of verdict is no longer in force" in part.body.text.partition("From 2021-07-01")[2]
    (rule,) = (part for part in pages["verdict.md"] if part.heading == "old-goods")
    assert "In force until 2021-06-30" in rule.body.text


def test_a_rule_that_was_never_in_force_is_told_all_the_same(make_pack: MakePack) -> None:
    text = GOOD_PACK["verdict/old-goods.yaml"]
    pack = load_pack(make_pack({"verdict/old-goods.yaml": f"{text}until: 2019-12-31\n"}))
    assert "old-goods" in [part.heading for part in sections(pages_of(pack)["verdict.md"])]


# --- links


def test_every_link_within_leads_to_what_it_names(make_pack: MakePack) -> None:
    for pack in (*PACKS.values(), load_pack(make_pack())):
        check_links(pages_of(pack))


def test_a_decision_may_be_called_like_the_page_of_the_pack(make_pack: MakePack) -> None:
    files = {name.replace("window/", "index/"): text for name, text in GOOD_PACK.items()}
    files["pack.yaml"] = files["pack.yaml"].replace("decisions: [window", "decisions: [index")
    folder = write_pack(make_pack().parent / "other", files)
    pack = load_pack(folder)
    pages = pages_of(pack)
    assert len(pages) == len(pack.decisions) + 1
    assert page_of("index") in pages
    check_links(pages)


# --- the same every time


def test_pages_do_not_depend_on_the_run() -> None:
    program = (
        "from dispute_rules.authoring.pages.reference import pages_of; from dispute_rules.pack.load import load_pack;"
        "print(ascii([*pages_of(load_pack('aliexpress')).items()]))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1")
    }
    assert len(runs) == 1


def test_pages_are_tidy() -> None:
    for pack in PACKS.values():
        for text in pages_of(pack).values():
            assert text.endswith("\n")
            assert not text.endswith("\n\n")
            assert "\n\n\n" not in text
            assert not any(line != line.rstrip() for line in text.splitlines())

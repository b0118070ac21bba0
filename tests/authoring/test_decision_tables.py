"""A decision's table says what its rules say, no more and no less, in every format and however wide."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from dispute_rules.authoring.pages.decision_table import Table, table_of
from dispute_rules.authoring.pages.table_pages import html_page, markdown_page
from dispute_rules.authoring.pages.words import in_short
from dispute_rules.authoring.versions import Version
from dispute_rules.cli.table_text import show_table
from dispute_rules.errors import PackError
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.model import Box, Decision, Edition
from tests.conftest import MakePack, edited
from tests.reading import Element, read_html, read_markdown

ROOT = Path(__file__).parents[2]
PACKS = {name: load_pack(name) for name in ("aliexpress", str(ROOT / "examples/phone-shop/phone_shop"))}
TABLES: Mapping[str, tuple[Edition, Decision, Table]] = {
    f"{pack.name} of {day}: {decision.name}": (
        edition_on(pack, day),
        decision,
        table_of(Version(pack, day), decision.name),
    )
    for pack in PACKS.values()
    for day in pack.starts
    for decision in edition_on(pack, day).decisions
}


@dataclass(frozen=True)
class Said:
    """A rule, as a row of the table or the edition says it."""

    name: str
    box: Box
    then: Mapping[str, str]
    unless: frozenset[str]
    basis: str


def in_force(decision: Decision) -> list[Said]:
    short = [rule.name.rpartition("/")[2] for rule in decision.rules]
    return [
        Said(name, dict(rule.box), dict(rule.then), frozenset(short[i] for i in rule.unless), rule.basis)
        for name, rule in zip(short, decision.rules, strict=True)
    ]


def read_back(headers: Sequence[str], rows: Sequence[Sequence[str]], edition: Edition) -> list[Said]:
    """The rules that rows with these headers say; the lines of a cell are apart."""
    return [_row(dict(zip(headers, row, strict=True)), edition) for row in rows]


def _row(cells: Mapping[str, str], edition: Edition) -> Said:
    others = ("overridden by", "basis", "rule", "conditions", "further conditions")
    conditions = {name: text for name, text in cells.items() if name not in others and not name.startswith("then ")}
    for line in (cells.get("conditions") or cells.get("further conditions") or "-").splitlines():
        conditions |= dict([line.split(": ", 1)]) if line != "-" else {}
    return Said(
        cells["rule"],
        {name: accepted(text, labels_of(name, edition)) for name, text in conditions.items() if text != "-"},
        {name.removeprefix("then "): text for name, text in cells.items() if name.startswith("then ")},
        frozenset(cells.get("overridden by", "").split()),
        cells["basis"],
    )


def labels_of(name: str, edition: Edition) -> Sequence[str]:
    decision = edition.decision_with(name)
    return edition.facts[name].labels if decision is None else tuple(decision.outputs[name])


def accepted(text: str, labels: Sequence[str]) -> frozenset[str]:
    """The labels that a cell accepts."""
    if found := re.fullmatch(r"\[(.+)\.\.(.+)\)|>= (.+)|< (.+)", text):
        low, high = found[1] or found[3], found[2] or found[4]
        return frozenset(label for label in labels if within(label, low, high))
    if text.startswith("not("):
        return frozenset(labels) - frozenset(text[len("not(") : -1].split(", "))
    return frozenset(text.split(", "))


def within(label: str, low: str | None, high: str | None) -> bool:
    start, stop = (Decimal(end) if end else None for end in label.split(".."))
    above = low is None or (start is not None and start >= Decimal(low))
    return above and (high is None or (stop is not None and stop <= Decimal(high)))


def by_name(rules: Sequence[Said]) -> list[Said]:
    return sorted(rules, key=lambda rule: rule.name)


def cells_of(grid: Element) -> tuple[list[str], list[list[str]]]:
    (head,) = grid.all("thead")
    return [cell.text for cell in head.all("th")], grid.rows()


# --- the round trip


@pytest.mark.parametrize("name", TABLES)
def test_markdown_says_the_rules(name: str) -> None:
    edition, decision, table = TABLES[name]
    (grid,) = read_markdown(markdown_page(table)).all("table")
    assert by_name(read_back(*cells_of(grid), edition)) == by_name(in_force(decision))


@pytest.mark.parametrize("name", TABLES)
def test_html_says_the_rules_with_a_column_for_each_fact(name: str) -> None:
    edition, decision, table = TABLES[name]
    (grid,) = read_html(html_page(table)).all("table")
    headers, rows = cells_of(grid)
    assert by_name(read_back(headers, rows, edition)) == by_name(in_force(decision))
    assert set(decision.reads) <= set(headers)
    assert all(sum(cells) > 0 for cells in zip(*[[cell != "-" for cell in row] for row in rows], strict=True))


@pytest.mark.parametrize("name", TABLES)
def test_rows_say_the_rules_however_many_facts_have_a_column(name: str) -> None:
    edition, decision, table = TABLES[name]
    for apart in range(len(table.facts) + 1):
        columns = table.columns(apart)
        rows = [["\n".join(column.cell(row)) for column in columns] for row in table.rows]
        assert by_name(read_back([c.header for c in columns], rows, edition)) == by_name(in_force(decision))


@pytest.mark.parametrize("name", TABLES)
def test_a_wide_terminal_shows_the_rules(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    edition, decision, table = TABLES[name]
    headers, rows = shown(table, 1000, monkeypatch)
    assert by_name(read_back(headers, rows, edition)) == by_name(in_force(decision))


@pytest.mark.parametrize("width", [20, 40, 80, 100, 120, 160, 240])
@pytest.mark.parametrize("name", TABLES)
def test_a_table_fits_its_terminal_and_leaves_nothing_out(
    name: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = TABLES[name][2]
    _, rows = shown(table, width, monkeypatch)
    assert len(rows) == len(table.rows)
    for row, cells in zip(table.rows, rows, strict=True):
        told = ["".join(cell.split()) for cell in cells]
        expected = [row.name, row.basis, *row.then.values(), *row.unless, *map(in_short, row.when.values())]
        missing = [text for text in expected if not any("".join(text.split()) in cell for cell in told)]
        assert missing == []


def test_ranges_of_numbers_are_said_as_they_are(make_pack: MakePack) -> None:
    pack = load_pack(make_pack())
    edition, table = edition_on(pack, pack.starts[-1]), table_of(Version(pack, pack.starts[-1]), "verdict")
    (grid,) = read_html(html_page(table)).all("table")
    headers, rows = cells_of(grid)
    assert {row[headers.index("age_months")] for row in rows} == {"-", "< 3", "[3..24.5)", ">= 24.5"}
    (decision,) = (found for found in edition.decisions if found.name == "verdict")
    assert by_name(read_back(headers, rows, edition)) == by_name(in_force(decision))


def shown(table: Table, width: int, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[list[str]]]:
    """The header and the rows in a terminal, the lines of a cell apart."""
    monkeypatch.setenv("COLUMNS", str(width))
    with redirect_stdout(io.StringIO()) as out:
        show_table(table)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    groups: list[list[list[str]]] = [[]]
    for line in lines[next(i for i, line in enumerate(lines) if line.startswith("┌")) + 1 : -1]:
        if line.startswith("├"):
            groups.append([])
        else:
            groups[-1].append([cell.strip() for cell in line.strip("│").split("│")])
    texts = [["\n".join(filter(None, lines)) for lines in zip(*group, strict=True)] for group in groups if group]
    return [" ".join(text.split()) for text in texts[0]], texts[1:]


def test_a_terminal_of_eighty_columns_breaks_no_name_of_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    *_, table = max(TABLES.values(), key=lambda each: len(each[1].reads))
    _, rows = shown(table, 80, monkeypatch)
    words = {word for row in rows for cell in row for word in cell.split()}
    assert {f"{fact}:" for fact in table.facts} <= words


def test_no_column_is_there_for_nothing() -> None:
    for _, decision, table in TABLES.values():
        headers = [column.header for column in table.columns()]
        assert ("overridden by" in headers) == any(rule.unless for rule in decision.rules)
        assert all(any(fact in row.when for row in table.rows) for fact in table.facts)


# --- the order


def test_a_rule_stands_below_those_that_override_it() -> None:
    for _, _, table in TABLES.values():
        above: set[str] = set()
        for row in table.rows:
            assert set(row.unless) <= above
            above.add(row.name)


def test_alike_conditions_stand_together_by_the_fact_most_looked_at(make_pack: MakePack) -> None:
    pack = load_pack(make_pack())
    table = table_of(Version(pack, pack.starts[-1]), "verdict")
    assert table.facts == ("age_months", "usability", "colour", "window")
    assert [row.name for row in table.rows] == [
        "too-late",
        "new-goods",
        "new-goods-in-blue",
        "used-goods-of-use",
        "used-goods",
        "old-goods",
    ]


# --- what stands around it


@pytest.mark.parametrize("name", TABLES)
def test_question_hit_policy_pack_and_edition_stand_above(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    edition, decision, table = TABLES[name]
    monkeypatch.setenv("COLUMNS", "200")
    with redirect_stdout(io.StringIO()) as out:
        show_table(table)
    expected = [decision.question, "Hit policy", f"{decision.policy} (", edition.title, f"{edition.since}"]
    pages = (out.getvalue(), read_markdown(markdown_page(table)).text, read_html(html_page(table)).text)
    for page in pages:
        assert [text for text in expected if text not in page] == []


def test_an_edition_that_is_over_says_until_when() -> None:
    pack = PACKS["aliexpress"]
    old, new = (table_of(Version(pack, day), "window").about()["Edition"] for day in pack.starts)
    before, since = (len(edition_on(pack, day).decision_with("window").rules) for day in pack.starts)  # type: ignore[union-attr]
    assert old == f"in force from 2018-08-01 to 2022-12-31, {before} rules"
    assert new == f"in force from 2023-01-01, {since} rules"


def test_words_of_facts_and_labels_stand_below() -> None:
    for _, _, table in TABLES.values():
        texts = [read_markdown(markdown_page(table)).text, read_html(html_page(table)).text]
        for name in (*table.facts, *table.decision.file.outputs):
            words = table.words[name]
            assert all(text in page for text in (words.question, *words.labels.values()) for page in texts)


def test_a_decision_that_is_not_there(make_pack: MakePack) -> None:
    with pytest.raises(PackError) as caught:
        table_of(Version(load_pack(make_pack()), date(2022, 1, 1)), "verdikt")
    (problem,) = caught.value.problems
    assert (problem.code, problem.help) == ("unknown-decision", "did you mean `verdict`?")


def test_a_day_before_the_pack(make_pack: MakePack) -> None:
    with pytest.raises(PackError):
        table_of(Version(load_pack(make_pack()), date(2019, 12, 31)), "verdict")


def test_a_decision_without_a_rule_in_force(make_pack: MakePack, monkeypatch: pytest.MonkeyPatch) -> None:
    later = edited("hints/too-much.yaml", "basis: stated", "basis: stated\nfrom: 2030-01-01")
    pack = load_pack(make_pack({**later, "hints/show-more.yaml": None}))
    table = table_of(Version(pack, date(2022, 1, 1)), "hints")
    assert table.about()["Edition"].endswith(", 0 rules")
    assert shown(table, 80, monkeypatch)[1] == []
    for page in (read_html(html_page(table)), read_markdown(markdown_page(table))):
        assert [[cell.text for cell in row.all("th")] for row in page.all("tr")] == [["then warning", "basis", "rule"]]


# --- the page of HTML


def page_of(name: str) -> Element:
    return read_html(html_page(TABLES[name][2]))


@pytest.mark.parametrize("name", TABLES)
def test_a_page_stands_alone(name: str) -> None:
    page = page_of(name)
    assert not page.tags() & set("script link img iframe object".split())
    loaded = {"src", "href", "onclick", "onload"}
    assert not [e for e in page.all(*page.tags()) if loaded & e.attributes.keys()]
    assert "url(" not in html_page(TABLES[name][2])
    assert html_page(TABLES[name][2]).isascii()


@pytest.mark.parametrize("name", TABLES)
def test_a_page_can_be_read_by_everyone(name: str) -> None:
    page = page_of(name)
    (document,) = page.all("html")
    (table,) = page.all("table")
    assert document.attributes["lang"] == "en"
    assert [title.text for title in page.all("title", "h1")] == [TABLES[name][1].question] * 2
    assert {head.attributes["scope"] for group in table.all("thead") for head in group.all("th")} == {"col"}
    for body in table.all("tbody"):
        heads = [[*row.all("th")] for row in body.all("tr")]
        assert [[head.attributes["scope"] for head in row] for row in heads] == [["row"]] * len(heads)
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_a_page_has_a_sticky_header_and_follows_light_and_dark() -> None:
    (style,) = page_of(next(iter(TABLES))).all("style")
    assert "color-scheme: light dark" in style.text
    assert re.search(r"thead th \{[^}]*position: sticky; top: 0", style.text)

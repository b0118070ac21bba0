"""What tools for authors make of `changes` and `better`: findings, the lock, differences, the reference, schemas."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispute_rules.authoring.check import check
from dispute_rules.authoring.lock import changed, entries
from dispute_rules.authoring.pages.reference import pages_of
from dispute_rules.cli.main import main
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.written import Pack
from tests.authoring.test_schemas import Schemas, offers
from tests.conftest import GOOD_PACK, MakePack
from tests.reading import sections

Streams = pytest.CaptureFixture[str]
PACK, VERDICT, WINDOW = "pack.yaml", "verdict/decision.yaml", "window/decision.yaml"
CHANGES = """\
  gift: {how: Return it as your own., source: notice#gifts, basis: reported}
  evidence: {how: Look for the receipt.}
"""
VERDICTS = "[full_refund, [partial_refund, none], no_refund]"


def files(changes: str = CHANGES, verdicts: str = VERDICTS) -> dict[str, str]:
    """The good pack with changes and an order of its verdicts; either may be left out."""
    order = f"better:\n  verdict: {verdicts}\n" if verdicts else ""
    section = f"changes:\n{changes}" if changes else ""
    return {PACK: GOOD_PACK[PACK] + section, VERDICT: GOOD_PACK[VERDICT] + order}


def found_by_check(folder: Path) -> list[tuple[str, str]]:
    unused = [finding for finding in check(load_pack(folder)).findings if finding.code == "unused"]
    return [(finding.places[0].removeprefix(f"{folder}/"), finding.message) for finding in unused]


# --- what is of no use


KNOWN = [  # of the good pack itself
    ("papers/decision.yaml", "no rule ever says `evidence: photo`"),
    ("papers/decision.yaml", "no rule ever says `required: false`"),
]


def found_beside_known(folder: Path) -> list[tuple[str, str]]:
    return [found for found in found_by_check(folder) if found not in KNOWN]


def test_a_change_that_bears_on_what_is_better_is_of_use(make_pack: MakePack) -> None:
    """The verdict rests on the colour itself, and on the day by the window and a date."""
    used = "  colour: {how: Choose another one.}\n  today: {how: Wait.}\n"
    assert found_beside_known(make_pack(files(used))) == []


@pytest.mark.parametrize("name", ["gift", "evidence", "requested", "wants_to_keep", "deposit"])
def test_a_change_that_cannot_bear_on_what_is_better_is_unused(name: str, make_pack: MakePack) -> None:
    found = found_beside_known(make_pack(files(f"  {name}: {{how: Do it.}}\n")))
    assert found == [(PACK, f"nothing uses `{name}` of `changes`")]


@pytest.mark.parametrize(
    ("when", "name"),
    [
        ("proof: [none, some]", "evidence"),
        ("proof: [none, some]", "gift"),  # it decides what evidence is required
        ("asked: above", "requested"),
        ("asked: above", "deposit"),  # a part of the cap, with which the comparison is made
    ],
)
def test_a_change_may_bear_on_it_by_evidence_or_by_amounts(when: str, name: str, make_pack: MakePack) -> None:
    more = {
        **files(f"  {name}: {{how: Do it.}}\n", ""),
        "chance/decision.yaml": "question: Q?\npolicy: any\noutputs: {chance: {good: G, bad: B}}\n"
        "better: {chance: [good, bad]}\n",
        "chance/bad.yaml": f"title: Bad\nwhen: {{{when}}}\nthen: {{chance: bad}}\nbecause: B.\nbasis: inferred\n",
        "chance/good.yaml": "title: Good\nwhen: {}\nunless: [bad]\nthen: {chance: good}\n"
        "because: G.\nbasis: inferred\n",
    }
    more[PACK] = more[PACK].replace("verdict, hints]", "verdict, hints, chance]")
    assert found_beside_known(make_pack(more)) == []


def test_changes_without_any_order_are_unused(make_pack: MakePack) -> None:
    assert found_beside_known(make_pack(files("  colour: {how: Choose another one.}\n", ""))) == [
        (PACK, "nothing uses `colour` of `changes`")
    ]


def test_an_order_without_any_changes_is_unused(make_pack: MakePack) -> None:
    assert found_beside_known(make_pack(files(""))) == [(VERDICT, "nothing uses `verdict` of `better`")]


def test_a_source_of_a_change_is_used(make_pack: MakePack) -> None:
    leaflet = "  leaflet: {title: L, by: L, url: https://example.org/l, confidence: low}\n"
    changes = files("  colour: {how: Choose another one., source: leaflet#x, basis: stated}\n")
    changes[PACK] = changes[PACK].replace("sources:\n", f"sources:\n{leaflet}")
    assert found_beside_known(make_pack(changes)) == []


def test_a_change_that_is_still_to_be_written_is_told(make_pack: MakePack) -> None:
    findings = check(load_pack(make_pack(files("  colour: {how: TODO}\n")))).findings
    assert [finding.message for finding in findings if finding.code == "to-do"] == ["`how` still reads `TODO`"]


# --- the lock, and differences


def how_changed(make_pack: MakePack, new: dict[str, str]) -> dict[str, str]:
    before, after = load_pack(make_pack(files(), name="before")), load_pack(make_pack(new, name="after"))
    return {f"{entry.kind} {entry.name}": entry.how for entry in changed(entries(before), entries(after))}


@pytest.mark.parametrize(
    ("new", "how"),
    [
        (files(CHANGES.replace("Look for", "Find")), {"pack changes": "text"}),
        (files(CHANGES.replace("reported", "stated")), {"pack changes": "text"}),
        (files(CHANGES.replace("notice#gifts", "notice")), {"pack changes": "text"}),
        (files(CHANGES.replace("  gift: ", "  colour: ")), {"pack changes": "logic and text"}),
        (files("  gift: {how: Return it as your own., source: notice#gifts, basis: reported}\n"),
         {"pack changes": "logic and text"}),
        (files(verdicts="[full_refund, [none, partial_refund], no_refund]"), {}),
        (files(verdicts="[full_refund, partial_refund, none, no_refund]"), {"decisions verdict": "logic"}),
        (files(verdicts="[[partial_refund, none], full_refund, no_refund]"), {"decisions verdict": "logic"}),
        (files(verdicts=""), {"decisions verdict": "logic"}),
    ],
)  # fmt: skip
def test_which_facts_and_which_order_is_logic_and_how_is_text(
    new: dict[str, str], how: dict[str, str], make_pack: MakePack
) -> None:
    assert how_changed(make_pack, new) == how


def test_a_difference_is_listed_beside_the_situations(make_pack: MakePack, capsys: Streams) -> None:
    old, new = make_pack(files(), name="old"), make_pack(files("", "[full_refund, no_refund]"), name="new")
    assert main(["diff", str(old), str(new)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert "pack.yaml changes: changed in logic and text" in told
    assert "decision verdict: changed in logic" in told


# --- the reference


def test_the_reference_tells_what_can_be_changed_and_what_is_better(make_pack: MakePack) -> None:
    pages = {page: sections(text) for page, text in pages_of(load_pack(make_pack(files()))).items()}
    (part,) = (part for part in pages["index.md"] if part.heading == "What a person can change")
    (table,) = part.body.all("table")
    assert table.rows() == [
        ["gift", "Return it as your own.", "reported", "A notice (notice)"],
        ["evidence", "Look for the receipt.", "inferred", ""],
    ]
    (outputs,) = (part for part in pages["verdict.md"] if part.heading.startswith("Outputs"))
    assert [item.text for item in outputs.body.all("li")] == [
        "All of it (full_refund)",
        "A part of it (partial_refund) or No complaint, so no verdict (none)",
        "Nothing (no_refund)",
    ]


def test_the_reference_of_a_pack_without_them_has_no_such_section(make_pack: MakePack) -> None:
    index = sections(pages_of(load_pack(make_pack()))["index.md"])
    assert "What a person can change" not in [part.heading for part in index]


# --- schemas


@pytest.fixture
def pack(make_pack: MakePack) -> Pack:
    return load_pack(make_pack(files()))


def test_what_loads_conforms(pack: Pack) -> None:
    schemas = Schemas(pack)
    assert [file for file, text in files().items() if schemas.refuse(file, text)] == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (PACK, files("  gift: Return it.\n")[PACK]),
        (PACK, files("  gift: {source: notice}\n")[PACK]),
        (PACK, files("  gift: {how: Return it., basis: sure}\n")[PACK]),
        (VERDICT, files(verdicts="[full_refund]")[VERDICT]),
        (VERDICT, files(verdicts="[full_refund, no_refnd]")[VERDICT]),
        (VERDICT, files(verdicts="full_refund")[VERDICT]),
    ],
)
def test_what_is_wrong_is_refused(file: str, text: str, pack: Pack) -> None:
    assert Schemas(pack).refuse(file, text)


def test_facts_that_can_be_marked_are_offered(pack: Pack) -> None:
    schemas = Schemas(pack)
    marked = schemas.of["pack.json"]["properties"]["changes"]["properties"].keys()
    assert marked == {"wants_to_keep", "requested", "evidence", "today", "gift", "colour", "deposit"}
    assert {"handbook", "notice"} <= offers(schemas, "pack.json", "definitions", "ChangeFile", "properties", "source")


def test_labels_to_put_in_order_are_offered(pack: Pack) -> None:
    offered = offers(Schemas(pack), "decision.json", "properties", "better", "properties", "window")
    assert offered == {"too_early", "open", "closed", "none"}

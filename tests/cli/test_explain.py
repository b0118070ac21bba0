"""`dispute-rules explain`: the case as `advise` takes it, text for reading, JSON for programs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import dispute_rules as dr
from dispute_rules.cli.main import main
from tests.conftest import GOOD_PACK, MakePack, edited

pytestmark = pytest.mark.usefixtures("pack_loaded_once")

TODAY = "2026-03-01"
CASE = {"ground": "fake", "usability": "usable", "price": "24.90", "today": TODAY}
OPTIONS = [f"--{name}={value}" for name, value in CASE.items()]
Streams = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def explanation() -> dr.Explanation:
    return dr.Advisor().explain(CASE)


def told(streams: Streams, *arguments: str) -> str:
    """What is printed; there is nothing beside it."""
    assert main(["explain", *arguments]) == 0
    found = streams.readouterr()
    assert found.err == ""
    return found.out


def as_read(text: str) -> str:
    """A text, however its lines are wrapped."""
    return "".join(text.split())


def test_the_text_of_an_explanation_is_printed(explanation: dr.Explanation, capsys: Streams) -> None:
    out = told(capsys, *OPTIONS)
    assert as_read(out) == as_read(explanation.text())
    assert "  Because: " in out


def test_a_case_from_a_file_with_options_before_it(
    tmp_path: Path, explanation: dr.Explanation, capsys: Streams
) -> None:
    file = tmp_path / "case.json"
    file.write_text(json.dumps({**CASE, "ground": "damaged"}))
    assert as_read(told(capsys, str(file), "--ground=fake")) == as_read(explanation.text())


@pytest.mark.parametrize("label", ["full_refund", "verdict=full_refund", "claim=none", "photos_of_goods"])
def test_the_text_of_why_not_is_printed(label: str, explanation: dr.Explanation, capsys: Streams) -> None:
    assert as_read(told(capsys, *OPTIONS, "--why-not", label)) == as_read(explanation.why_not(label).text())


def test_json_is_the_explanation_or_what_was_asked_for(explanation: dr.Explanation, capsys: Streams) -> None:
    assert dr.Explanation.model_validate_json(told(capsys, *OPTIONS, "--json")) == explanation
    out = told(capsys, *OPTIONS, "--json", "--why-not", "full_refund")
    assert dr.WhyNot.model_validate_json(out) == explanation.why_not("full_refund")


@pytest.mark.parametrize(
    ("label", "code", "help"),
    [
        ("full_refnd", "unknown-label", "did you mean `full_refund`?"),
        ("verdict=strong", "unknown-label", "one of `full_refund`"),
        ("verdit=none", "unknown-output", "did you mean `verdict`?"),
        ("none", "ambiguous-label", "say which: `window=none`, `claim=none`, "),
        ("", "unknown-label", "one of `refund_only`"),
    ],
)
def test_a_label_that_cannot_be_asked_for_is_a_fault_of_the_command_line(
    label: str, code: str, help: str, capsys: Streams
) -> None:
    assert main(["explain", "--json", *OPTIONS, f"--why-not={label}"]) == 2
    streams = capsys.readouterr()
    (problem,) = json.loads(streams.err)["problems"]
    assert (problem["place"], problem["code"], streams.out) == ("command line", code, "")
    assert problem["help"].startswith(help)


def test_what_is_wrong_with_the_case_is_told_as_by_advise(capsys: Streams) -> None:
    errors = []
    for command in ("advise", "explain"):
        assert main([command, "--json", "--ground=damagd", "--recieved=yes"]) == 2
        errors.append(capsys.readouterr().err)
    assert errors[0] == errors[1]
    assert {problem["code"] for problem in json.loads(errors[0])["problems"]} == {"unknown-label", "unknown-fact"}


@pytest.mark.parametrize("width", [20, 40, 80, 250])
def test_no_line_is_wider_than_the_terminal(width: int, capsys: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = told(capsys, *OPTIONS).splitlines()
    assert max(map(len, lines)) <= min(width, 100)


def test_a_line_that_is_wrapped_stays_as_far_in_as_it_begins(
    explanation: dr.Explanation, capsys: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    printed = iter(told(capsys, *OPTIONS).splitlines())
    for line in explanation.text().splitlines():
        words, indent = "", len(line) - len(line.lstrip())
        while len(words) < len(line.replace(" ", "")):
            wrapped = next(printed)
            assert len(wrapped) - len(wrapped.lstrip()) == indent
            words += wrapped.replace(" ", "")
        if not line:
            assert next(printed) == ""


def test_without_rich_the_text_is_printed_as_it_is(
    explanation: dr.Explanation, capsys: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dispute_rules.cli.paragraphs", None)
    assert told(capsys, *OPTIONS) == f"{explanation.text()}\n"


def test_brackets_and_colons_of_a_pack_are_printed_as_they_are(make_pack: MakePack, capsys: Streams) -> None:
    texts = edited("verdict/new-goods.yaml", "New goods are taken back.", '"[bold]New[/] :smile: goods."')
    out = told(capsys, f"--pack={make_pack(texts)}", "--ground=damaged", "--today=2022-06-01")
    assert "  Because: [bold]New[/] :smile: goods. [2]" in out.splitlines()


def test_a_pack_whose_own_fact_is_called_why_not_can_be_asked(make_pack: MakePack, capsys: Streams) -> None:
    pack = GOOD_PACK["pack.yaml"].replace(
        "  gift: {kind", "  why_not: {kind: yes_no, question: Why not?}\n  gift: {kind"
    )
    pack = pack.replace("  - {gift: false,", "  - {why_not: false, because: So it is.}\n  - {gift: false,")
    rule = GOOD_PACK["hints/too-much.yaml"].replace("{asked: above}", "{why_not: true}")
    folder = make_pack({"pack.yaml": pack, "hints/why.yaml": rule})
    options = [f"--pack={folder}", "--ground=damaged", "--today=2022-06-01", "--why-not=too_much"]
    assert told(capsys, *options).startswith("Why not “You ask for too much”")
    assert "does come out" in told(capsys, *options, "--fact-why-not=yes")

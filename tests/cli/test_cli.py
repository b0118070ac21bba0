"""The shell command: what it takes, what it prints, and that it never breaks."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dispute_rules as dr
from dispute_rules.cli.main import main

pytestmark = pytest.mark.usefixtures("pack_loaded_once")

TODAY = "2026-03-01"
CASE: dict[str, Any] = {
    "ground": "damaged",
    "usability": "unusable",
    "price": "24.90",
    "shipping": "3.10",
    "today": TODAY,
}
OPTIONS = [f"--{name}={value}" for name, value in CASE.items()]
Streams = pytest.CaptureFixture[str]


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    file = tmp_path / "case.json"
    file.write_text(json.dumps(CASE), encoding="utf-8")
    return file


def from_stdin(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))


def shell(*arguments: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dispute_rules", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, "COLUMNS": "80", **environment},
    )


def refusal(streams: Streams, *arguments: str) -> dict[tuple[str, str], str]:
    """Help by place and code of each problem, told as JSON, with nothing on standard output."""
    assert main(["advise", "--json", *arguments]) == 2
    told = streams.readouterr()
    assert told.out == ""
    problems = json.loads(told.err)["problems"]
    assert all(set(problem) == {"place", "code", "message", "help"} for problem in problems)
    return {(problem["place"], problem["code"]): problem["help"] for problem in problems}


# --- the ways to give a case


def advice_in(streams: Streams) -> dr.Advice:
    """The advice that was printed; there is nothing beside it."""
    told = streams.readouterr()
    assert told.err == ""
    return dr.Advice.model_validate_json(told.out)


def test_a_case_as_options(capsys: Streams) -> None:
    assert main(["advise", "--json", *OPTIONS]) == 0
    assert advice_in(capsys) == dr.advise(CASE)


def test_an_options_value_may_stand_by_itself(capsys: Streams) -> None:
    assert main(["advise", "--ground", "fake", "--received", "yes", "--today", TODAY, "--json"]) == 0
    assert advice_in(capsys) == dr.advise(ground="fake", received=True, today=TODAY)


def test_a_case_from_a_file(case_file: Path, capsys: Streams) -> None:
    assert main(["advise", str(case_file), "--json"]) == 0
    assert advice_in(capsys) == dr.advise(CASE)


def test_a_case_from_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: Streams) -> None:
    from_stdin(monkeypatch, json.dumps(CASE).encode())
    assert main(["advise", "-", "--json"]) == 0
    assert advice_in(capsys) == dr.advise(CASE)


def test_options_go_before_what_the_file_says(case_file: Path, capsys: Streams) -> None:
    assert main(["advise", str(case_file), "--usability", "impaired", "--json"]) == 0
    assert advice_in(capsys) == dr.advise({**CASE, "usability": "impaired"})


def test_every_fact_is_an_option(capsys: Streams) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["advise", "--help"])
    assert ended.value.code == 0
    listed = set(re.findall(r"--([a-z-]+)", capsys.readouterr().out))
    assert {name.replace("_", "-") for name in dr.Case.model_fields} <= listed


@pytest.mark.parametrize(
    ("text", "kinds"), [("photos_of_goods", 1), ("photos_of_goods, photos_of_package", 2), ("", 0)]
)
def test_evidence_is_named_with_commas(text: str, kinds: int, capsys: Streams) -> None:
    assert main(["advise", "--json", *OPTIONS, f"--evidence={text}"]) == 0
    assert [item.have for item in advice_in(capsys).evidence].count(True) == kinds


def test_a_pack_of_ones_own_by_its_folder(capsys: Streams) -> None:
    folder = Path(__file__).parents[2] / "rules" / "aliexpress"
    assert main(["advise", "--pack", str(folder), "--json", *OPTIONS]) == 0
    assert advice_in(capsys) == dr.advise(CASE)


def test_a_shipped_pack_by_its_name(capsys: Streams) -> None:
    assert main(["advise", "--pack=aliexpress", "--json", *OPTIONS]) == 0
    assert advice_in(capsys) == dr.advise(CASE)


# --- bad input


def test_all_problems_of_a_case_are_told_together(capsys: Streams) -> None:
    told = refusal(capsys, "--ground=damagd", "--price=-1", "--today=2026-02-30", "--received=perhaps")
    assert told[("ground", "unknown-label")] == "did you mean `damaged`?"
    assert set(told) == {
        ("ground", "unknown-label"),
        ("price", "out-of-range"),
        ("today", "bad-date"),
        ("received", "wrong-type"),
    }


def test_problems_are_told_on_standard_error_for_reading(capsys: Streams) -> None:
    assert main(["advise", "--ground=damagd", "--price=-1"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "did you mean `damaged`?" in told.err
    assert "[out-of-range]" in told.err
    assert "Traceback" not in told.err


def test_a_case_that_the_pack_refuses_is_told_likewise(capsys: Streams) -> None:
    assert ("ground, received", "contradiction") in refusal(capsys, "--ground=damaged", "--received=no")


def test_a_case_without_its_ground(capsys: Streams) -> None:
    assert set(refusal(capsys)) == {("ground", "missing-fact")}


def test_an_unknown_option_gets_a_suggestion(capsys: Streams) -> None:
    told = refusal(capsys, "--ground=fake", "--recieved=yes")
    assert told == {("recieved", "unknown-fact"): "did you mean `received`?"}


@pytest.mark.parametrize("others", [["--ground", "fake"], []])
def test_the_value_of_an_unknown_option_is_not_taken_for_a_file(others: list[str], capsys: Streams) -> None:
    told = refusal(capsys, "--recieved", "yes", *others)
    assert told[("recieved", "unknown-fact")] == "did you mean `received`?"
    assert {code for _, code in told} <= {"unknown-fact", "missing-fact"}


def test_a_file_after_an_unknown_option_is_read(case_file: Path, capsys: Streams) -> None:
    assert set(refusal(capsys, "--nonsense", str(case_file))) == {("nonsense", "unknown-fact")}


def test_what_is_wrong_with_the_command_line_is_told_as_that(capsys: Streams) -> None:
    assert main(["check", "--verbose"]) == 2
    assert capsys.readouterr().err.startswith("the command line cannot be used:\ncommand line: ")


def test_an_unknown_option_is_told_beside_the_problems_of_the_case(capsys: Streams) -> None:
    told = refusal(capsys, "--ground=damagd", "--recieved=yes")
    assert {code for _, code in told} == {"unknown-fact", "unknown-label"}


def test_an_option_cut_short_is_not_guessed(capsys: Streams) -> None:
    assert {code for _, code in refusal(capsys, "--ground=fake", "--rec=yes")} == {"unknown-fact"}


def test_a_fact_given_twice_is_refused(capsys: Streams) -> None:
    assert main(["advise", "--ground=fake", "--ground=damaged"]) == 2


@pytest.mark.parametrize(
    "file", ["nowhere.json", "", ".", "/", "a\0b", "x" * 5000, "/proc/self/mem"], ids=lambda file: repr(file)[:20]
)
def test_a_file_that_cannot_be_read_is_told(file: str, capsys: Streams) -> None:
    told = refusal(capsys, "--ground=fake", "--", file) if file.startswith("-") else refusal(capsys, file)
    assert set(told) in ({("command line", "unreadable")}, {("ground", "missing-fact")})


def test_an_empty_file_name_is_not_taken_for_none(capsys: Streams) -> None:
    assert set(refusal(capsys, "", "--ground=fake")) == {("command line", "unreadable")}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-json"),
        (b"{", "not-json"),
        (b"[]", "not-a-case"),
        (b'{"ground": "fak\xe9"}', "not-utf-8"),
        (b"\xff\xfe{\x00}\x00", "not-utf-8"),
        (b'{"ground": "fake", "ground": "fake"}', "duplicate-fact"),
        (b"[" * 200_000, "not-json"),
        (b" " * 2_000_000, "too-large"),
        (b'{"ground": "fake", "price": NaN}', "not-json"),
    ],
    ids="empty cut list latin-1 utf-16 doubled deep large nan".split(),
)
def test_what_is_no_case_is_refused_from_a_file_and_from_standard_input(
    content: bytes, code: str, tmp_path: Path, capsys: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "case.json"
    file.write_bytes(content)
    assert {found for _, found in refusal(capsys, str(file))} == {code}
    from_stdin(monkeypatch, content)
    assert {found for _, found in refusal(capsys, "-")} == {code}


def test_an_endless_file_is_not_read_to_its_end(capsys: Streams) -> None:
    assert {code for _, code in refusal(capsys, "/dev/zero")} == {"too-large"}


@pytest.mark.parametrize(
    "pack", ["alibaba", "", "/nowhere", "pyproject.toml", "x" * 5000, "a\0b"], ids=lambda p: repr(p)[:20]
)
def test_an_unknown_pack_is_refused(pack: str, capsys: Streams) -> None:
    assert main(["advise", f"--pack={pack}", "--json", *OPTIONS]) == 2
    (problem,) = json.loads(capsys.readouterr().err)["problems"]
    assert problem["code"] == "unknown-pack"
    assert "aliexpress" in problem["help"]


def test_a_broken_pack_is_told_with_its_places(tmp_path: Path, capsys: Streams) -> None:
    tmp_path.joinpath("pack.yaml").write_text("title: [", encoding="utf-8")
    assert main(["advise", f"--pack={tmp_path}", *OPTIONS]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "the pack cannot be used" in told.err
    assert re.search(r"pack\.yaml:\d+:\d+: ", told.err)


@pytest.mark.parametrize(
    "arguments",
    [[], ["advice"], ["advise", "--ground"], ["advise", "a.json", "b.json"], ["--nonsense"], ["schema", "x"]],
)
def test_a_command_line_that_makes_no_sense_ends_with_two(arguments: list[str], capsys: Streams) -> None:
    try:
        status: object = main(arguments)
    except SystemExit as ended:
        status = ended.code
    told = capsys.readouterr()
    assert status == 2
    assert told.out == ""
    assert told.err


@pytest.mark.parametrize(
    "arguments", [["advise", "--json", "--ground"], ["advise", "--json", "a", "b"], ["advise", "--pack", "--json"]]
)
def test_with_json_every_refusal_is_json(arguments: list[str], capsys: Streams) -> None:
    try:
        status: object = main(arguments)
    except SystemExit as ended:
        status = ended.code
    assert status == 2
    assert json.loads(capsys.readouterr().err)["problems"]


@pytest.mark.parametrize("none", ["none", "", " none "])
def test_no_evidence_at_all_can_be_said(none: str, capsys: Streams) -> None:
    assert main(["advise", "--json", "--ground=damaged", "--evidence", none]) == 0
    said = json.loads(capsys.readouterr().out)["evidence"]
    assert {item["have"] for item in said} == {False}
    assert main(["advise", "--json", "--ground=damaged"]) == 0
    assert {item["have"] for item in json.loads(capsys.readouterr().out)["evidence"]} == {None}


def test_help_says_how_values_are_written(capsys: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    with pytest.raises(SystemExit):
        main(["advise", "--help"])
    told = capsys.readouterr().out
    for words in ("A day, such as 2026-03-31", "An amount, such as 24.90 or '24.90 EUR'", "none, or with commas"):
        assert words in told


# --- schemas and versions


def test_the_schema_of_an_advice_describes_what_is_printed(capsys: Streams) -> None:
    assert main(["schema", "advice"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert main(["advise", "--json", *OPTIONS]) == 0
    assert _misfits(schema, schema, json.loads(capsys.readouterr().out)) == []


def test_the_schema_of_a_case_fits_an_example_and_not_a_spelling_mistake() -> None:
    schema = dr.Case.model_json_schema()
    assert _misfits(schema, schema, CASE) == []
    assert _misfits(schema, schema, {"ground": "damaged", "recieved": True}) != []
    assert _misfits(schema, schema, {"ground": "damagd"}) != []
    assert _misfits(schema, schema, {}) != []


_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
    "integer": int,
}


def _misfits(root: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What of the value does not fit the schema: the keywords that pydantic writes."""
    if "$ref" in schema:
        return _misfits(root, root["$defs"][schema["$ref"].rpartition("/")[2]], value)
    if "anyOf" in schema:
        each = [_misfits(root, option, value) for option in schema["anyOf"]]
        return [] if [] in each else [misfit for option in each for misfit in option]
    if "type" in schema and not isinstance(value, _TYPES[schema["type"]]):
        return [f"{value!r} is no {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{value!r} is not in {schema['enum']}"]
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        return [f"{value!r} does not match"]
    if isinstance(value, dict):
        return _misfits_within(root, schema, value)
    if isinstance(value, list):
        return [misfit for item in value for misfit in _misfits(root, schema.get("items", {}), item)]
    return []


def _misfits_within(root: dict[str, Any], schema: dict[str, Any], value: dict[str, Any]) -> list[str]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, item in value.items():
        if name in known:
            found += _misfits(root, known[name], item)
        elif others is False:
            found.append(f"{name} is unknown")
        elif isinstance(others, dict):
            found += _misfits(root, others, item)
    return found


def test_the_version_is_told(capsys: Streams) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert re.fullmatch(r"dispute-rules \d+\.\d+\.\d+\n", capsys.readouterr().out)


# --- reading in a terminal

RICH_CASE = [
    "--ground=fake",
    "--usability=usable",
    "--price=24.90",
    "--shipping=3.10",
    "--currency=EUR",
    "--requested=50",
    "--received-on=2026-02-27",
    "--ordered-on=2026-01-01",
    "--evidence=photos_of_goods",
    f"--today={TODAY}",
]
SECTIONS = ["AliExpress", "What to expect", "Evidence", "Dates", "Mind", "Taken for granted", "What would change it"]
SECTIONS += ["Worth finding out", "Why", "Sources"]


def test_the_sections_stand_in_order(capsys: Streams) -> None:
    assert main(["advise", *RICH_CASE]) == 0
    headings = [line for line in capsys.readouterr().out.splitlines() if re.match(r"\S", line)]
    assert len(headings) == len(SECTIONS)
    assert [heading[: len(section)] for heading, section in zip(headings, SECTIONS, strict=True)] == SECTIONS


def test_the_recommendation_comes_first_with_its_amount(capsys: Streams) -> None:
    assert main(["advise", *RICH_CASE]) == 0
    first = capsys.readouterr().out.split("\n\n")[0]
    assert "28.00 EUR" in first
    assert "Open the dispute" in first


def test_what_is_at_hand_and_what_is_missing_is_marked(capsys: Streams) -> None:
    assert main(["advise", *RICH_CASE]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if re.match(r"\s+✓\s+required.*\(photos_of_goods\)", line)]
    assert [line for line in lines if re.match(r"\s+✗\s+helps.*\(listing_screenshot\)", line)]


_OF_A_CLAIM = ("Claim:", "What to expect", "Evidence (", "Prospects", "What would change it", "Worth finding out")


@pytest.mark.parametrize("result", [[], *([f"--result={each}"] for each in dr.Result)], ids=str)
def test_once_it_is_decided_nothing_is_left_to_claim_or_to_prove(result: list[str], capsys: Streams) -> None:
    main(["advise", "--ground=damaged", "--received=yes", "--stage=decided", "--price=20", *result])
    out = capsys.readouterr().out
    assert not [heading for heading in _OF_A_CLAIM if heading in out]
    assert "To be expected was: A refund of a part of the money, with nothing to send back\n" in out


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (["--result=as_offered", "--offered=12"], "I accepted what the seller offered: 12.00 EUR"),
        (["--result=as_claimed", "--requested=15"], "I was granted what I claimed: 15.00 EUR"),
        (["--result=as_claimed"], "I was granted what I claimed"),
        (["--result=nothing"], "Nothing was granted"),
        (["--result=otherwise", "--offered=12"], "Something else was granted or agreed"),
    ],
)
def test_how_it_ended_is_told_with_what_comes(facts: list[str], line: str, capsys: Streams) -> None:
    main(["advise", "--ground=damaged", "--price=20 EUR", *facts])
    assert f"\n  How did the dispute end? {line}\n" in capsys.readouterr().out


def test_every_rule_that_decided_is_named_with_a_source(capsys: Streams) -> None:
    assert main(["advise", *RICH_CASE]) == 0
    out = capsys.readouterr().out
    assert "aliexpress/verdict/fake-but-usable" in out
    assert "https://alitools.io" in out.replace("\n", "")


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 250])
@pytest.mark.parametrize("ground", ["fake", "not_arrived", "damaged", "no_longer_needed"])
def test_no_line_is_wider_than_the_terminal(
    width: int, ground: str, capsys: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["advise", f"--ground={ground}", "--price=5", f"--today={TODAY}"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= min(width, 100)


def test_every_ground_can_be_read(capsys: Streams) -> None:
    for ground in dr.Ground:
        assert main(["advise", f"--ground={ground.value}", f"--today={TODAY}"]) == 0
        out = capsys.readouterr().out
        assert not re.search(r"(: |, )None\b", out)
        assert "full_refund" not in out.split("Why")[0]


def test_without_rich_the_advice_is_printed_as_json(monkeypatch: pytest.MonkeyPatch, capsys: Streams) -> None:
    monkeypatch.setitem(sys.modules, "dispute_rules.cli.render", None)
    assert main(["advise", *OPTIONS]) == 0
    told = capsys.readouterr()
    assert dr.Advice.model_validate_json(told.out) == dr.advise(CASE)
    assert "dispute-rules[cli]" in told.err


# --- processes


def test_output_that_is_piped_has_no_colours() -> None:
    assert b"\x1b" not in shell("advise", *OPTIONS).stdout


@pytest.mark.parametrize(
    "arguments", [RICH_CASE, [*RICH_CASE, "--json"], ["--ground=d\N{LATIN SMALL LETTER A WITH DIAERESIS}maged"]]
)
def test_a_terminal_without_our_signs_still_shows_the_text(arguments: list[str]) -> None:
    done = shell("advise", *arguments, PYTHONIOENCODING="ascii")
    assert b"Traceback" not in done.stderr
    assert (done.stdout + done.stderr).isascii()
    assert done.returncode == (0 if "--ground=fake" in arguments else 2)


@pytest.mark.parametrize(
    "arguments", [["advise", *RICH_CASE], ["advise", "--json", *RICH_CASE], ["schema"], ["advise", "--help"]]
)
def test_a_pipe_that_is_closed_early_is_no_error(arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "dispute_rules", *arguments]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 0


def test_standard_input_that_is_closed_is_told() -> None:
    command = f"exec {sys.executable} -m dispute_rules advise - <&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 2


def test_options_that_are_no_utf_8_are_refused() -> None:
    command = [os.fsencode(sys.executable), b"-m", b"dispute_rules", b"advise", b"--ground=fak\xe9", b"--fo\xe9=1"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 2


def test_the_module_and_the_command_are_the_same() -> None:
    program = Path(sys.executable).with_name("dispute-rules")
    done = subprocess.run([program, "advise", "--json", *OPTIONS], capture_output=True, check=True)
    assert done.stdout == shell("advise", "--json", *OPTIONS).stdout

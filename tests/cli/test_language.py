"""`--language`: what a buyer reads in the shell is all translated, and nothing else changes."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import copytree

import pytest

import dispute_rules as dr
from dispute_rules.cli import given_case
from dispute_rules.cli.main import main
from dispute_rules.cli.texts import yaml_of
from dispute_rules.pack.texts import texts
from dispute_rules.phrases import ENGLISH
from dispute_rules.vocabulary import Party

ROOT = Path(__file__).parents[2]
MARKED = "en-XA"  # the language that translators test with
Streams = pytest.CaptureFixture[str]
CASE = "--ground=fake --usability=usable --price=24.90 --requested=20 --today=2026-03-01".split()
DATED = [*CASE, "--shipped-on=2026-02-01", "--opened-on=2026-02-25", "--evidence=photos_of_goods"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The AliExpress pack with a translation in which every text is in brackets."""
    pack = Path(copytree(ROOT / "rules" / "aliexpress", tmp_path_factory.mktemp("packs") / "aliexpress"))
    marked = {key: f"⟦{text}⟧" for key, text in texts(dr.load_pack(pack)).items()}
    (pack / f"texts.{MARKED}.yaml").write_text(yaml_of(marked), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(given_case, "load_pack", cache(dr.load_pack))
        yield pack


def run(folder: Path, command: list[str], capsys: Streams, *, language: bool) -> str:
    extra = ["--language", MARKED] if language else []
    assert main([*command, "--pack", str(folder), *extra]) == 0
    return capsys.readouterr().out


def outside(text: str) -> str:
    """What stands in no brackets."""
    while (left := re.sub("⟦[^⟦⟧]*⟧", "", text)) != text:
        text = left
    return text


@cache
def names() -> set[str]:
    """Words that are the same in every language: of facts, labels, rules, evidence, sources and commands."""
    pack = dr.load_pack("aliexpress")
    known = {name for key in texts(pack) if not key.startswith("phrases.") for name in re.split(r"[./+-]", key)}
    known |= {word for name in dr.Case.model_fields for word in (*name.split("_"), name)}
    known |= {label for fact in dr.Case.model_fields.values() for label in re.findall(r"\w+", str(fact.annotation))}
    return known | set("aliexpress true false dispute rules pack language en XA".split())


@cache
def links() -> str:
    """The addresses of all sources, which are broken where a line ends."""
    pack = dr.load_pack("aliexpress")
    anchors = [str(rule.file.source) for decision in pack.decisions for rule in decision.rules]
    return " ".join([*(source.url for source in pack.file.sources.values()), *anchors])


COMMANDS = {
    "advise": ["advise", *CASE],
    "advise, a dispute": ["advise", *DATED],
    "explain": ["explain", *DATED],
    "why not": ["explain", *DATED, "--why-not", "full_refund"],
    "improve": ["improve", *DATED],
    "form": ["form", *CASE],
    "timeline": ["timeline", *DATED],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_all_that_is_read_is_translated(name: str, folder: Path, capsys: Streams) -> None:
    told = run(folder, COMMANDS[name], capsys, language=True)
    assert "⟦" in told
    left = {word for word in re.findall(r"[A-Za-z]\w+", outside(told)) if not any(map(str.isdigit, word))}
    assert {word for word in left - names() if word not in links()} == set()


def test_an_interview_is_translated(folder: Path, capsys: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("damaged\nopen\n?\n"))
    told = run(folder, ["ask", "--today=2026-03-01"], capsys, language=True)
    asked = told.partition("⟦AliExpress⟧")[0]
    assert set(re.findall(r"[a-z]\w+", outside(asked))) == {"damaged", "open"}  # what was typed
    assert f"--language={MARKED}" in told


def test_without_a_language_nothing_changes(folder: Path, capsys: Streams) -> None:
    for command in COMMANDS.values():
        assert "⟦" not in run(folder, command, capsys, language=False)


def test_json_has_the_names_and_the_texts_of_the_pack(folder: Path, capsys: Streams) -> None:
    own, said = (run(folder, ["advise", *DATED, "--json"], capsys, language=each) for each in (False, True))
    assert said.replace("⟦", "").replace("⟧", "").replace(f'"language": "{MARKED}"', '"language": "en"') == own


def test_a_language_that_is_not_there_is_told(capsys: Streams) -> None:
    assert main(["advise", *CASE, "--language", "de"]) == 2
    told = capsys.readouterr().err
    assert (
        "there is no translation into `de` [unknown-language]\n  help: the pack has none, so leave the language out"
        in told
    )


# keys put together from names
BUILT = ("label.", "basis.", "confidence.", "days.", "business_days.", "ask.", *(f"timeline.{each}" for each in Party))


def test_every_text_between_is_used_somewhere() -> None:
    files = {file: file.read_text(encoding="utf-8") for file in (ROOT / "src").rglob("*.py")}
    own = ROOT / "src" / "dispute_rules" / "phrases.py"
    files[own] = files[own].partition("class Phrases")[2]
    said = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)?)["']""", "\n".join(files.values())))
    assert {key for key in ENGLISH.texts if not key.startswith(BUILT)} <= said

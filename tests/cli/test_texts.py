"""`dispute-rules texts`: all texts, or those that a translation lacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dispute_rules.cli.main import main
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.texts import texts
from dispute_rules.pack.yaml import read
from tests.conftest import MakePack

Streams = pytest.CaptureFixture[str]


@pytest.fixture
def folder(make_pack: MakePack) -> Path:
    return make_pack({"texts.de.yaml": "title: Unser Laden\nabout: Alles\n"})


def test_all_texts_are_printed_as_a_file_of_texts(folder: Path, capsys: Streams) -> None:
    assert main(["texts", str(folder)]) == 0
    printed, told = capsys.readouterr()
    assert read(printed.encode(), "").data == texts(load_pack(folder))
    assert told == ""
    (folder / "texts.fr.yaml").write_text(printed, encoding="utf-8")
    assert texts(load_pack(folder, language="fr")) == texts(load_pack(folder))


def test_all_texts_are_printed_as_json(folder: Path, capsys: Streams) -> None:
    assert main(["texts", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == texts(load_pack(folder))


def test_texts_stand_in_the_order_of_the_pack(folder: Path, capsys: Streams) -> None:
    main(["texts", str(folder)])
    keys = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    wanted = ["title", "facts.usability.question", "facts.usability.labels.usable", "assume.gift.false.because"]
    wanted += ["window/decision.question", "window/open.title", "verdict/decision.question"]
    assert [key for key in keys if key in wanted] == wanted


def test_what_a_translation_lacks_is_printed_as_texts(folder: Path, capsys: Streams) -> None:
    assert main(["texts", str(folder), "--language", "de"]) == 1
    printed, told = capsys.readouterr()
    every = texts(load_pack(folder))
    assert read(printed.encode(), "").data == {key: every[key] for key in every if key not in ("title", "about")}
    assert told == f"{len(every) - 2} texts missing, 0 left over\n"


def test_what_is_printed_completes_a_translation(folder: Path, capsys: Streams) -> None:
    main(["texts", str(folder), "--language", "de"])
    with (folder / "texts.de.yaml").open("a", encoding="utf-8") as file:
        file.write(capsys.readouterr().out)
    assert main(["texts", str(folder), "--language", "de"]) == 0
    assert capsys.readouterr() == ("", "0 texts missing, 0 left over\n")


def test_what_is_left_over_is_named_with_its_place(folder: Path, capsys: Streams) -> None:
    (folder / "texts.de.yaml").write_text("title: A\nverdict/old-good.title: B\n")
    assert main(["texts", str(folder), "--language", "de"]) == 1
    assert capsys.readouterr().err.splitlines()[:-1] == [
        f"{folder}/texts.de.yaml:2:1: the pack has no text `verdict/old-good.title` [unknown-text]",
        "  help: did you mean `verdict/old-goods.title`?",
    ]
    assert main(["texts", str(folder), "--language", "de", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [problem["code"] for problem in told["left_over"]] == ["unknown-text"]
    assert told["missing"]["about"] == "Complaints about what our shop sells."


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [("title: 3\ntitel: A\n", "de", "wrong-type"), ("title: A\n", "fr", "unknown-language")],
)
def test_what_cannot_be_used_is_refused(text: str, language: str, code: str, folder: Path, capsys: Streams) -> None:
    (folder / "texts.de.yaml").write_text(text)
    assert main(["texts", str(folder), "--language", language]) == 2
    printed, told = capsys.readouterr()
    assert printed == ""
    assert f"[{code}]" in told

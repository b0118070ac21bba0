"""`new` and `editor`: what they print, and that the page for beginners shows what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispute_rules.cli.main import main
from dispute_rules.pack.files import RuleFile
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.yaml import read
from tests.conftest import GOOD_PACK, MakePack
from tests.test_examples import blocks_of, matches, shown

PAGE = Path(__file__).parents[2] / "docs" / "starting-a-pack.md"
Streams = pytest.CaptureFixture[str]


def test_a_new_rule_is_told_with_what_to_do_next(make_pack: MakePack, capsys: Streams) -> None:
    folder = make_pack(name="our shop")
    assert main(["new", f"{folder}/verdict/brand-new"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.splitlines() == [
        f"{folder}/verdict/brand-new.yaml",
        "  it is a copy of `old-goods`: say in it what is different",
        "Fill in what reads TODO, then:",
        f"  dispute-rules check '{folder}'",
        f"  dispute-rules test '{folder}' -k verdict/brand-new",
    ]


def test_what_to_do_next_works(make_pack: MakePack, capsys: Streams) -> None:
    folder = str(make_pack())
    assert main(["new", f"{folder}/window/brand-new"]) == 0
    assert main(["check", folder]) == 1
    assert "`title` still reads `TODO` [to-do]" in capsys.readouterr().out
    assert main(["test", folder, "-k", "window/brand-new"]) == 0
    assert "2 passed, 0 failed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "target", ["", "/", "verdict", "verdict/new", "/verdict/new", "aliexpress//new", "aliexpress/verdict/"]
)
def test_a_target_that_names_no_rule(target: str, capsys: Streams) -> None:
    assert main(["new", target]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert f"`{target}` names no rule [usage]" in told.err
    assert "PACK/DECISION/NAME" in told.err


def test_what_cannot_be_made_is_told(make_pack: MakePack, capsys: Streams) -> None:
    folder = make_pack()
    assert main(["new", f"{folder}/verdict/new-goods"]) == 2
    assert "verdict/new-goods.yaml: there is a rule `new-goods` already [taken-name]" in capsys.readouterr().err


def test_editor_says_what_it_wrote(make_pack: MakePack, capsys: Streams) -> None:
    folder = make_pack()
    for changed in (len(GOOD_PACK), 0):
        assert main(["editor", str(folder)]) == 0
        assert capsys.readouterr().out.splitlines() == [
            f"{folder}/.schema: 7 schemas",
            f"{folder}: {changed} files with a new first line",
        ]
    load_pack(folder)


def test_editor_refuses_a_pack_that_cannot_be_read(tmp_path: Path) -> None:
    assert main(["editor", str(tmp_path / "nothing")]) == 2


def test_the_page_for_beginners_shows_what_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Streams
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = []
    for block in blocks_of(PAGE):
        for command, output in shown(block) if "$ dispute-rules" in block.code else ():
            status = main(command[1:])
            told = capsys.readouterr().out
            assert matches(output, told), told
            ran.append((command[1], status))
    assert ran == [("new", 0), ("test", 0), ("advise", 0), ("check", 1), ("new", 0), ("new", 0)]


def test_the_rule_on_the_page_for_beginners_is_the_one_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (page,) = (block.code for block in blocks_of(PAGE) if block.language == "yaml")
    assert main(["new", "my-shop/verdict/damaged-goods"]) == 0
    (rule, _) = load_pack("my-shop").decisions[0].rules
    assert RuleFile.model_validate(read(page.encode(), "").data) == rule.file
    written = Path("my-shop/verdict/damaged-goods.yaml").read_text().splitlines(keepends=True)
    assert "".join(line for line in written if not line.startswith("#")) == page

"""`table` prints a decision; `reference` writes the pages of a pack, and says what is out of step."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dispute_rules.cli.main import main
from tests.conftest import GOOD_PACK, MakePack, write_pack
from tests.reading import read_html, read_markdown

Streams = pytest.CaptureFixture[str]
PAGES = ["hints.md", "index.md", "papers.md", "verdict.md", "window.md"]


# --- table


def test_a_table_in_each_format(make_pack: MakePack, capsys: Streams) -> None:
    command = ["table", str(make_pack()), "verdict"]
    assert main(command) == 0
    assert "│ [3..24.5)" in capsys.readouterr().out
    assert main([*command, "--format", "markdown"]) == 0
    (table,) = read_markdown(capsys.readouterr().out).all("table")
    assert len(table.rows()) == 6
    assert main([*command, "--format", "html"]) == 0
    (table,) = read_html(capsys.readouterr().out).all("table")
    assert len(table.rows()) == 6


@pytest.mark.parametrize(
    ("day", "edition"), [([], "from 2022-01-01"), (["--on", "2021-12-31"], "from 2020-01-01 to 2021-12-31")]
)
def test_a_table_of_the_newest_edition_or_of_a_day(
    day: list[str], edition: str, make_pack: MakePack, capsys: Streams
) -> None:
    assert main(["table", str(make_pack()), "verdict", *day]) == 0
    assert f"Edition: in force {edition}, 6 rules" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["verdikt"], "there is no decision `verdikt` [unknown-decision]\n  help: did you mean `verdict`?"),
        (["verdict", "--on", "soon"], "`soon` is not a day [bad-date]"),
        (["verdict", "--on", "1999-01-01"], "has no rules for 1999-01-01 [before-first-edition]"),
        (["verdict", "--format", "pdf"], "invalid choice: 'pdf'"),
        ([], "the following arguments are required: DECISION"),
    ],
)
def test_what_cannot_be_shown_is_told(words: list[str], told: str, make_pack: MakePack, capsys: Streams) -> None:
    assert main(["table", str(make_pack()), *words]) == 2
    streams = capsys.readouterr()
    assert told in streams.err
    assert streams.out == ""


def test_without_rich_a_table_is_markdown(
    make_pack: MakePack, monkeypatch: pytest.MonkeyPatch, capsys: Streams
) -> None:
    monkeypatch.delitem(sys.modules, "dispute_rules.cli.table_text", raising=False)
    monkeypatch.setitem(sys.modules, "rich.table", None)
    assert main(["table", str(make_pack()), "verdict"]) == 0
    streams = capsys.readouterr()
    (table,) = read_markdown(streams.out).all("table")
    assert len(table.rows()) == 6
    assert "pip install" in streams.err


# --- reference


@pytest.fixture
def written(make_pack: MakePack, tmp_path: Path, capsys: Streams) -> tuple[str, Path]:
    """The good pack, and the folder with its reference."""
    pack, folder = str(make_pack()), tmp_path / "pages"
    assert main(["reference", pack, "--to", str(folder)]) == 0
    capsys.readouterr()
    return pack, folder


def test_pages_are_written_where_it_is_said(written: tuple[str, Path]) -> None:
    assert sorted(path.name for path in written[1].iterdir()) == PAGES


def test_pages_are_written_beside_those_of_other_packs(
    make_pack: MakePack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_pack()
    monkeypatch.chdir(tmp_path)
    assert main(["reference", "own"]) == 0
    assert sorted(path.name for path in Path("docs/rules/own").iterdir()) == PAGES


def test_what_is_in_step_is_left_alone(written: tuple[str, Path], capsys: Streams) -> None:
    pack, folder = written
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    for check in ([], ["--check"]):
        assert main(["reference", pack, "--to", str(folder), *check]) == 0
        assert capsys.readouterr().out == f"{folder}: in step\n"
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def spoil(pack: str, folder: Path) -> None:
    """A page that is missing, one whose rule changed, and one whose decision is gone."""
    (folder / "papers.md").unlink()
    rule = "verdict/old-goods.yaml"
    write_pack(Path(pack), {rule: GOOD_PACK[rule].replace("Old goods have no worth", "Old things have no worth")})
    (folder / "gone.md").write_text((folder / "window.md").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "notes.md").write_text("My own notes", encoding="utf-8")


def test_check_names_what_is_out_of_step_and_writes_nothing(written: tuple[str, Path], capsys: Streams) -> None:
    pack, folder = written
    spoil(pack, folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert main(["reference", pack, "--to", str(folder), "--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{folder}/papers.md: missing",
        f"{folder}/verdict.md: changed",
        f"{folder}/gone.md: superfluous",
    ]
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_is_out_of_step_is_made_again_and_what_is_superfluous_removed(
    written: tuple[str, Path], capsys: Streams
) -> None:
    pack, folder = written
    spoil(pack, folder)
    assert main(["reference", pack, "--to", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{folder}/papers.md: written",
        f"{folder}/verdict.md: written",
        f"{folder}/gone.md: removed",
    ]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*PAGES, "notes.md"])
    assert (folder / "notes.md").read_text(encoding="utf-8") == "My own notes"
    assert main(["reference", pack, "--to", str(folder), "--check"]) == 0


def test_windows_line_endings_are_in_step(written: tuple[str, Path]) -> None:
    pack, folder = written
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["reference", pack, "--to", str(folder), "--check"]) == 0


@pytest.mark.parametrize("content", [b"My own page", b"\xff\xfe", b""])
def test_a_file_that_was_not_made_from_the_pack_is_not_written_over(
    content: bytes, make_pack: MakePack, tmp_path: Path, capsys: Streams
) -> None:
    (tmp_path / "index.md").write_bytes(content)
    assert main(["reference", str(make_pack()), "--to", str(tmp_path)]) == 2
    assert f"{tmp_path}/index.md: this file was not made from the pack `own` [not-generated]" in capsys.readouterr().err
    assert [path.name for path in tmp_path.glob("*.md")] == ["index.md"]
    assert (tmp_path / "index.md").read_bytes() == content


def test_pages_of_another_pack_are_neither_written_over_nor_removed(
    written: tuple[str, Path], make_pack: MakePack, capsys: Streams
) -> None:
    _, folder = written
    (folder / "gone.md").write_text((folder / "window.md").read_text(encoding="utf-8"), encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert main(["reference", str(make_pack(name="other")), "--to", str(folder)]) == 2
    assert capsys.readouterr().err.count("[not-generated]") == len(PAGES)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_cannot_be_one(make_pack: MakePack, tmp_path: Path, capsys: Streams) -> None:
    (tmp_path / "file").touch()
    for check in ([], ["--check"]):
        assert main(["reference", str(make_pack()), "--to", str(tmp_path / "file"), *check]) == 2
        assert "[unreadable]" in capsys.readouterr().err


def test_a_folder_in_which_nothing_can_be_written(make_pack: MakePack, tmp_path: Path, capsys: Streams) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere" / "further")
    assert main(["reference", str(make_pack()), "--to", str(tmp_path / "link")]) == 2
    assert "[unwritable]" in capsys.readouterr().err

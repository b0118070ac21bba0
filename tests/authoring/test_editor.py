"""The folder `.schema` and the first lines are written, mended, and nothing else of a file changes."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dispute_rules.authoring.editor import FOLDER, first_line, schema_texts, write_first_lines, write_schemas
from dispute_rules.errors import PackError
from dispute_rules.pack.load import load_pack
from tests.conftest import GOOD_PACK, MakePack

DECISIONS = ("window", "papers", "verdict", "hints")
RULE = "verdict/new-goods.yaml"


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """Files cannot become larger than so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_schema_for_each_kind_of_file_and_the_rules_of_each_decision(make_pack: MakePack) -> None:
    folder = make_pack()
    assert write_schemas(load_pack(folder)) == 7
    written = {path.name: json.loads(path.read_bytes()) for path in (folder / FOLDER).iterdir()}
    assert written.keys() == {"pack.json", "decision.json", "facts.json", *(f"{name}-rule.json" for name in DECISIONS)}


def test_schemas_are_written_over_and_those_of_decisions_that_are_gone_are_taken_out(make_pack: MakePack) -> None:
    folder = make_pack()
    (folder / FOLDER).mkdir()
    for name in ("pack.json", "gone-rule.json", "notes.txt"):
        (folder / FOLDER / name).write_text("old")
    write_schemas(load_pack(folder))
    there = {path.name: path.read_text(encoding="utf-8") for path in (folder / FOLDER).iterdir()}
    assert there == {**schema_texts(load_pack(folder)), "notes.txt": "old"}


def test_decisions_called_like_the_other_schemas_have_schemas_of_their_own(make_pack: MakePack) -> None:
    files: dict[str, str | None] = {
        "pack.yaml": GOOD_PACK["pack.yaml"].replace("hints]", "hints, pack, decision, facts]")
    }
    for name in ("pack", "decision", "facts"):
        files[f"{name}/decision.yaml"] = f"question: Q?\npolicy: collect\noutputs: {{of_{name}: {{some: S}}}}\n"
        files[f"{name}/one.yaml"] = f"title: T\nwhen: {{}}\nthen: {{of_{name}: some}}\nbecause: B\nbasis: inferred\n"
    texts = schema_texts(load_pack(make_pack(files)))
    assert len(texts) == 10
    for name in ("pack", "decision", "facts"):
        schema = first_line(f"{name}/one.yaml").rpartition("/")[2]
        assert f'"of_{name}"' in texts[schema]


def test_schemas_are_the_same_each_time(make_pack: MakePack) -> None:
    assert schema_texts(load_pack(make_pack())) == schema_texts(load_pack(make_pack(name="elsewhere")))


def test_each_file_gets_its_line_once(make_pack: MakePack) -> None:
    folder = make_pack()
    assert write_first_lines(load_pack(folder)) == len(GOOD_PACK)
    assert {name: (folder / name).read_text() for name in GOOD_PACK} == {
        name: f"{first_line(name)}\n{text}" for name, text in GOOD_PACK.items()
    }
    assert write_first_lines(load_pack(folder)) == 0


@pytest.mark.parametrize("name", ["pack.yaml", "verdict/decision.yaml", RULE])
def test_the_line_leads_to_a_schema(name: str, make_pack: MakePack) -> None:
    folder = make_pack()
    write_schemas(load_pack(folder))
    start, _, path = first_line(name).partition("=")
    assert start == "# yaml-language-server: $schema"
    assert ((folder / name).parent / path).resolve().is_relative_to(folder.resolve())
    assert ((folder / name).parent / path).is_file()


TEXT = GOOD_PACK[RULE].encode()
LINE = first_line(RULE).encode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"# yaml-language-server: $schema=old.json\n" + TEXT, LINE + b"\n" + TEXT),
        (b"# A comment\n" + TEXT, LINE + b"\n# A comment\n" + TEXT),
        (b"\n" + TEXT, LINE + b"\n\n" + TEXT),
        (TEXT.replace(b"\n", b"\r\n"), LINE + b"\r\n" + TEXT.replace(b"\n", b"\r\n")),
        (
            b"# yaml-language-server: $schema=x\r\n" + TEXT.replace(b"\n", b"\r\n"),
            LINE + b"\r\n" + TEXT.replace(b"\n", b"\r\n"),
        ),
        (b"\xef\xbb\xbf" + TEXT, b"\xef\xbb\xbf" + LINE + b"\n" + TEXT),
        (b"%YAML 1.2\n---\n" + TEXT, LINE + b"\n%YAML 1.2\n---\n" + TEXT),
        (LINE + b"\n" + TEXT, LINE + b"\n" + TEXT),
    ],
)
def test_nothing_but_the_first_line_changes(before: bytes, after: bytes, make_pack: MakePack) -> None:
    folder = make_pack({RULE: before})
    pack = load_pack(folder)
    write_first_lines(pack)
    assert (folder / RULE).read_bytes() == after
    assert load_pack(folder).decisions == pack.decisions


def test_a_folder_that_cannot_be_written_is_told(make_pack: MakePack) -> None:
    folder = make_pack()
    (folder / FOLDER).write_text("in the way")
    with pytest.raises(PackError) as caught:
        write_schemas(load_pack(folder))
    (problem,) = caught.value.problems
    assert (problem.place, problem.code) == (f"{folder}/{FOLDER}", "unwritable")


def test_a_file_that_cannot_be_written_stays_as_it_was(make_pack: MakePack) -> None:
    folder = make_pack()
    pack = load_pack(folder)
    with full_disk(room=100), pytest.raises(PackError) as caught:
        write_first_lines(pack)
    assert [problem.code for problem in caught.value.problems] == ["unwritable"]
    assert {path.relative_to(folder).as_posix(): path.read_text() for path in files_in(folder)} == GOOD_PACK


def files_in(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())

"""Rule authors write YAML 1.2's core values and nothing clever; every fault is told with its exact place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from dispute_rules.pack.load import load_pack
from dispute_rules.pack.yaml import read
from tests.conftest import MakePack, edited, found_in


class Fault(NamedTuple):
    """A file that cannot be read; `▸` marks where the problem is found."""

    name: str
    code: str
    text: str

    @property
    def place(self) -> str:
        before = self.text.partition("▸")[0]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return f"f.yaml:{line}:{column}"

    @property
    def content(self) -> bytes:
        return self.text.replace("▸", "").encode()


FAULTS = (
    Fault("empty", "empty-file", "▸"),
    Fault("only a comment", "empty-file", "▸# nothing\n"),
    Fault("null", "empty-file", "▸~\n"),
    Fault("duplicate key", "duplicate-key", "a: 1\nb:\n  c: 1\n  ▸c: 2\n"),
    Fault("duplicate key in flow style", "duplicate-key", "a: {b: 1, ▸b: 1}\n"),
    Fault("duplicate truth value as a key", "duplicate-key", "true: a\n▸'true': b\n"),
    Fault("anchor", "alias", "a: ▸&here 1\n"),
    Fault("anchor of a key", "alias", "▸&here a: 1\n"),
    Fault("anchor of the whole file", "alias", "▸&here\na: 1\n"),
    Fault("alias to nothing", "alias", "a: [1, ▸*here]\n"),
    Fault("merge of an alias", "alias", "a: 1\n<<: ▸*here\n"),
    Fault("tag", "tag", "a: ▸!!str 1\n"),
    Fault("tag of a key", "tag", "▸!!str a: 1\n"),
    Fault("tag of Python", "tag", "a: ▸!!python/object/apply:os.system [true]\n"),
    Fault("tag of a list", "tag", "a: ▸!!set {b}\n"),
    Fault("tag without a name", "tag", "a: ▸! 1\n"),
    Fault("second document", "two-documents", "a: 1\n▸---\nb: 2\n"),
    Fault("second document after an empty one", "two-documents", "---\n▸---\nb: 2\n"),
    Fault("list nested too deeply", "too-deep", "a: " + "[" * 20 + "▸" + "[" * 80 + "]" * 100 + "\n"),
    Fault("mapping nested too deeply", "too-deep", "{a: " * 21 + "▸{a: " + "1" + "}" * 22),
    Fault("key that is a list", "bad-name", "a: 1\n? ▸[b, c]\n: 2\n"),
    Fault("key that is a number", "bad-name", "a: 1\n▸2022.10: 2\n"),
    Fault("key that is null", "bad-name", "a: {▸~: 2}\n"),
    Fault("tab", "not-yaml", "a:\n▸\tb: 1\n"),
    Fault("bracket left open", "not-yaml", "a: [1, 2\nb▸: 3\n"),
    Fault("colon in plain text", "not-yaml", "a: one▸: two\n"),
    Fault("unknown version", "not-yaml", "▸%YAML 2.0\n---\na: 1\n"),
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.name))
def test_a_fault_is_told_with_its_code_its_exact_place_and_a_help(fault: Fault) -> None:
    (problem,) = read(fault.content, "f.yaml").problems
    assert (problem.code, problem.place) == (fault.code, fault.place)
    assert problem.help


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        (b"a: 1\nb: caf\xe9\n", "not-utf-8", "f.yaml:2:7"),
        (b"\xff\xfea\x00:\x00 \x001\x00\n\x00", "not-utf-8", "f.yaml:1:1"),
        (b"a: 1\nb: c\x00d\n", "not-yaml", "f.yaml:2:5"),
        (b"a: 1\nb: c\x07d\n", "not-yaml", "f.yaml:2:5"),
    ],
    ids=["Latin-1", "UTF-16", "NUL", "a control character"],
)
def test_bytes_that_are_not_text_are_told_with_their_exact_place(text: bytes, code: str, place: str) -> None:
    (problem,) = read(text, "f.yaml").problems
    assert (problem.code, problem.place) == (code, place)
    assert problem.help


def test_all_duplicate_keys_of_a_file_are_told() -> None:
    problems = read(b"a: 1\na: 2\nb: 3\nb: 4\n", "f.yaml").problems
    assert [problem.place for problem in problems] == ["f.yaml:2:1", "f.yaml:4:1"]
    assert ["line 1" in problems[0].help, "line 3" in problems[1].help] == [True, True]


def test_columns_count_characters_and_not_bytes() -> None:
    (problem,) = read("é: {ü: 1, ü: 2}\n".encode(), "f.yaml").problems
    assert problem.place == "f.yaml:1:11"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # what YAML 1.1 takes for truth values, numbers and dates is text
        *((text, text) for text in "no No NO yes Yes on off y n tRue nULL 1_000 0b1 12:30:00 2022-10-24 = <<".split()),
        *((text, text) for text in ("1.2.3", "1e", "0o8", "0xg", "+", "-.", ".", "..3", "NaN", "inf")),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("2022.10", Decimal("2022.10")),
        (".5", Decimal("0.5")),
        ("5.", Decimal(5)),
        ("1e3", Decimal(1000)),
        ("123456789012345678901234567890", Decimal(123456789012345678901234567890)),
        (".inf", Decimal("inf")),
        ("-.INF", Decimal("-inf")),
        ("'no'", "no"),
        ('"1"', "1"),
        ("'null'", "null"),
        ('""', ""),
        ("|\n    1\n", "1\n"),
        (">-\n    true\n", "true"),
    ],
)
def test_a_plain_scalar_means_what_yaml_1_2_says(written: str, meant: Any) -> None:
    data = read(f"a: {written}\n".encode(), "f.yaml").data
    assert data == {"a": meant}
    assert type(data["a"]) is type(meant)


def test_not_a_number_is_read_as_one() -> None:
    assert read(b"a: .nan\n", "f.yaml").data["a"].is_nan()


def test_a_truth_value_as_a_key_is_the_label_of_a_yes_no_fact() -> None:
    assert read(b"true: Yes\nFalse: No\n", "f.yaml").data == {"true": "Yes", "false": "No"}


def test_a_byte_order_mark_and_windows_line_ends_are_fine() -> None:
    document = read(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "f.yaml")
    assert (document.data, document.problems) == ({"a": 1, "b": 2}, [])


def test_the_end_of_a_document_may_be_marked() -> None:
    document = read(b"---\na: 1\n...\n", "f.yaml")
    assert (document.data, document.problems) == ({"a": 1}, [])


def test_every_value_and_every_key_has_its_place() -> None:
    document = read(b"a: 1\nb:\n  - c: 2\n", "f.yaml")
    assert document.at(("b", 0, "c")) == "f.yaml:3:8"
    assert document.at(("b", 0, "c"), key=True) == "f.yaml:3:5"


def test_what_is_not_there_has_the_place_of_what_should_hold_it() -> None:
    document = read(b"a: 1\nb:\n  - c: 2\n", "f.yaml")
    assert document.at(("b", 0, "d")) == "f.yaml:3:5"
    assert document.at(("x", "y"), key=True) == "f.yaml:1:1"


@pytest.mark.parametrize(
    "text",
    [b"[" * 900_000, b"{a: " * 200_000, b"- " * 400_000, b"? " * 400_000, b"a:\n " * 200_000, b"&a " * 300_000],
    ids=["brackets", "braces", "dashes", "question marks", "keys", "anchors"],
)
def test_a_large_file_of_nonsense_is_refused(text: bytes) -> None:
    assert read(text, "f.yaml").problems


def test_aliases_that_would_grow_without_end_are_refused_at_the_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 50)]
    (problem,) = read("\n".join(lines).encode(), "f.yaml").problems
    assert (problem.code, problem.place) == ("alias", "f.yaml:1:5")


@pytest.mark.parametrize("value", ["2022.10", "3", "true", "null", "~", "0x1F"])
def test_a_title_that_yaml_reads_as_something_else_is_refused(make_pack: MakePack, value: str) -> None:
    pack = make_pack(edited("window/open.yaml", "title: Open", f"title: {value}"))
    assert found_in(pack) == {("window/open.yaml:1:8", "wrong-type")}


@pytest.mark.parametrize("value", ["2022.10", "3", "null", "~", "[open, 3]"])
def test_a_label_that_yaml_reads_as_something_else_is_refused(make_pack: MakePack, value: str) -> None:
    pack = make_pack(edited("verdict/too-late.yaml", "window: closed", f"window: {value}"))
    assert found_in(pack) == {("verdict/too-late.yaml:2:16", "bad-condition")}


def test_no_is_a_label_like_any_other(make_pack: MakePack) -> None:
    facts = edited("pack.yaml", "blue: Blue", "no: None at all")
    pack = make_pack(facts | edited("verdict/new-goods.yaml", "[red, green]", "[green, no]"))
    assert load_pack(pack).own_facts["colour"].labels == ("red", "green", "no")

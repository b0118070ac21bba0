"""What is kept of a shipped pack says what its files say, and is not used once anything has changed."""

from __future__ import annotations

import json
import pickle
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, fields
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pydantic
import pytest

from dispute_rules.advisor import Advisor
from dispute_rules.errors import PackError
from dispute_rules.pack import kept, load, read
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.load import load_pack, shipped_packs
from dispute_rules.pack.model import Edition
from dispute_rules.pack.read import read_pack
from dispute_rules.pack.written import Pack
from dispute_rules.phrases import ENGLISH

EXAMPLE = Path(__file__).parents[2] / "examples" / "phone-shop" / "phone_shop"


@pytest.fixture(autouse=True)
def bytecode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where bytecode goes; here it is written."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "bytecode"))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "bytecode"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a pack which is shipped here."""
    folder = tmp_path / "rules" / "shop"
    shutil.copytree(EXAMPLE, folder)
    monkeypatch.setattr(load, "_shipped", lambda: folder.parent)
    return folder


def said(pack: Pack) -> dict[str, Any]:
    """All of it; the type of its cases is made anew for each pack that has facts of its own."""
    told = {field.name: getattr(pack, field.name) for field in fields(pack) if field.name not in MADE_ANEW}
    editions = [linked(edition_on(pack, day)) for day in pack.starts]
    return told | {"written": pack.written(), "Case": repr(pack.Case.model_fields), "editions": editions}


MADE_ANEW = ("written", "Case", "editions")


def linked(edition: Edition) -> str:
    """What an edition consists of, in its order, down to how finely numbers are written."""
    assert edition.phrases is ENGLISH
    return json.dumps(asdict(edition), default=lambda part: sorted(part) if isinstance(part, frozenset) else str(part))


def loaded_without_reading() -> Pack:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "read_pack", None)
        return load_pack("shop")


def is_read_again() -> bool:
    try:
        loaded_without_reading()
    except TypeError:
        return True
    return False


@pytest.mark.parametrize("name", shipped_packs())
def test_every_shipped_pack_is_kept_and_is_the_same(name: str) -> None:
    first = load_pack(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read, "read_pack", None)
        again = load_pack(name)
    assert said(first) == said(again) == said(read_pack(first.folder, first.place))


def test_what_is_kept_is_used(shop: Path) -> None:
    read_before = load_pack("shop")
    assert said(loaded_without_reading()) == said(read_before)


def test_every_file_counts(shop: Path) -> None:
    load_pack("shop")
    for file in shop.rglob("*.yaml"):
        text = file.read_bytes()
        file.write_bytes(text + b"# more\n")
        assert is_read_again(), file
        file.write_bytes(text)
        assert not is_read_again(), file


BESIDE: dict[str, Callable[[Path], object]] = {
    "a rule is gone": lambda shop: next(shop.glob("verdict/[!d]*.yaml")).unlink(),
    "a rule is called otherwise": lambda shop: next(shop.glob("verdict/[!d]*.yaml")).rename(shop / "verdict/z.yaml"),
    "a translation is added": lambda shop: (shop / "texts.de.yaml").write_text("title: Telefonladen\n"),
    "a file that does not belong there": lambda shop: (shop / "notes.txt").write_text("?"),
}


@pytest.mark.parametrize("change", BESIDE.values(), ids=BESIDE)
def test_so_do_the_files_that_there_are(shop: Path, change: Callable[[Path], object]) -> None:
    load_pack("shop")
    change(shop)
    assert is_read_again()


def test_so_do_the_modules_of_the_library(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "library"
    shutil.copytree(Path(str(kept.__file__)).parents[1], library)
    monkeypatch.setattr(kept, "_LIBRARY", library)
    for module in (library / "case.py", library / "pack" / "rule_checks.py"):
        load_pack("shop")
        assert not is_read_again()
        module.write_bytes(module.read_bytes() + b"# more\n")
        assert is_read_again()


def test_faults_are_told_every_time_and_never_kept(shop: Path, bytecode: Path) -> None:
    load_pack("shop")
    before = {file: file.read_bytes() for file in bytecode.rglob("*.pickle")}
    rule = next(shop.glob("verdict/[!d]*.yaml"))
    rule.write_text(rule.read_text() + "colour: red\n")
    for _ in range(2):
        with pytest.raises(PackError, match="colour"):
            load_pack("shop")
    assert {file: file.read_bytes() for file in bytecode.rglob("*.pickle")} == before != {}


BREAK: dict[str, Callable[[bytes], bytes]] = {
    "nothing": lambda _: b"",
    "another kind of file": lambda _: b'{"of": 1}',
    "its end is missing": lambda kept: kept[:-1],
    "its beginning is missing": lambda kept: kept[1:],
    "something follows": lambda kept: kept + b".",
    "one bit": lambda kept: kept[:99] + bytes([kept[99] ^ 1]) + kept[100:],
    "another pickle": lambda kept: kept[:32] + pickle.dumps(("shop", (), {}, None, b"")),
}


@pytest.mark.parametrize("change", BREAK.values(), ids=BREAK)
def test_what_is_broken_is_never_unpickled_and_mended(
    shop: Path, bytecode: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[bytes], bytes]
) -> None:
    load_pack("shop")
    (file,) = bytecode.rglob("*.pickle")
    good = file.read_bytes()
    file.write_bytes(change(good))
    with monkeypatch.context() as patch:
        patch.setattr(pickle, "loads", None)
        load_pack("shop")
    assert [*file.parent.iterdir()] == [file]
    assert not is_read_again()


def test_another_pydantic_reads_it_again(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its models are pickled as is its own affair."""
    load_pack("shop")
    monkeypatch.setattr(pydantic, "VERSION", "3.0")
    assert is_read_again()


def test_what_the_files_say_is_looked_at_only_when_it_is_asked_for(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_pack("shop")
    pack = loaded_without_reading()
    loads = Mock(side_effect=pickle.loads)
    monkeypatch.setattr(pickle, "loads", loads)
    Advisor(pack).advise(ground="component_problem", device="phone", months=2, today="2024-06-03")
    loads.assert_not_called()
    assert pack.file is pack.file
    assert pack.decisions is pack.decisions
    loads.assert_called_once()


def test_nothing_is_kept_where_no_bytecode_is_written(
    shop: Path, bytecode: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    load_pack("shop")
    assert not bytecode.exists()
    assert is_read_again()


def test_where_nothing_can_be_written_the_pack_loads_all_the_same(shop: Path, bytecode: Path) -> None:
    bytecode.write_text("a file, not a folder")
    assert said(load_pack("shop")) == said(load_pack("shop"))


def test_decimals_are_kept_as_they_are_written(shop: Path) -> None:
    file = shop / "remedy" / "repair.yaml"
    for number in ("6", "6.50", "6.", "65e-1", "0.0600e+2"):
        file.write_text(re.sub("at_least: [^}]*", f"at_least: {number}", file.read_text()))
        load_pack("shop")
        remedies = next(decision for decision in loaded_without_reading().decisions if decision.name == "remedy")
        repair = next(rule for rule in remedies.rules if rule.name == "repair")
        assert str(repair.file.when["months"].at_least) == str(Decimal(number))


def test_a_pack_of_ones_own_is_always_read(bytecode: Path) -> None:
    """Its folder may come from elsewhere, and what is kept would go before what can be read in it."""
    load_pack(EXAMPLE)
    assert not bytecode.exists()

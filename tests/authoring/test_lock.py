"""The lock file says what changed since it was made: rules, decisions and pack.yaml, logic and text apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispute_rules.authoring.check import check
from dispute_rules.authoring.lock import Changed, Entries, Hashes, changed, entries, out_of_step, write_lock
from dispute_rules.cli.main import main
from dispute_rules.errors import PackError
from dispute_rules.pack.load import load_pack
from tests.conftest import GOOD_PACK, MakePack, edited, found_in, write_pack

Streams = pytest.CaptureFixture[str]
USED = "verdict/used-goods.yaml"


def since_locked(folder: Path, files: dict[str, str | None]) -> dict[str, str]:
    """What `check` says when files change after the lock: message by place."""
    write_lock(load_pack(folder))
    write_pack(folder, files)
    for name, text in files.items():
        if text is None:
            (folder / name).unlink()
    findings = [f for f in check(load_pack(folder)).findings if f.code == "lock-out-of-step"]
    return {finding.places[0].removeprefix(f"{folder}/"): finding.message for finding in findings}


def test_a_pack_without_a_lock_is_not_out_of_step(make_pack: MakePack) -> None:
    assert not [*out_of_step(load_pack(make_pack()))]


def test_a_pack_just_locked_is_in_step(make_pack: MakePack) -> None:
    assert since_locked(make_pack(), {}) == {}


def test_a_lock_is_no_part_of_the_content(make_pack: MakePack) -> None:
    folder = make_pack()
    before = load_pack(folder).content_hash
    write_lock(load_pack(folder))
    assert load_pack(folder).content_hash == before


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ("usability: [unusable, impaired]", "usability: unusable", "changed in logic"),
        ("verdict: partial_refund", "verdict: full_refund", "changed in logic"),
        ("unless: [too-late]\n", "", "changed in logic"),
        ("basis: derived", "basis: derived\nfrom: 2021-01-01", "changed in logic"),
        ("Used goods have lost", "Used things have lost", "changed in text"),
        ("title: Used goods", "title: Used things", "changed in text"),
        ("source: handbook", "source: handbook#used", "changed in text"),
        ("basis: derived", "basis: stated", "changed in text"),
    ],
)
def test_a_rule_changed(old: str, new: str, how: str, make_pack: MakePack) -> None:
    said = since_locked(make_pack(), edited(USED, old, new))  # type: ignore[arg-type]
    assert said == {USED: f"the rule `verdict/used-goods` {how} since `pack.lock` was made"}


def test_a_rule_changed_in_logic_and_in_text(make_pack: MakePack) -> None:
    text = GOOD_PACK[USED].replace("verdict: partial_refund", "verdict: full_refund").replace("lost some", "kept much")
    assert "in logic and text" in since_locked(make_pack(), {USED: text})[USED]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("usability: [unusable, impaired]", "usability: [impaired, unusable]"),
        ("title: Used goods", "# looked at again\ntitle: 'Used goods'"),
        ("at_least: 3, below: 24.5", "below: 24.50, at_least: 3.0"),
        (
            "basis: derived",
            "basis: derived\nexamples:\n  - case: {ground: damaged, age_months: 5, usability: unusable}",
        ),
    ],
)
def test_layout_order_and_examples_are_no_change(old: str, new: str, make_pack: MakePack) -> None:
    assert since_locked(make_pack(), edited(USED, old, new)) == {}  # type: ignore[arg-type]


def test_a_rule_that_is_new_and_one_that_is_gone(make_pack: MakePack) -> None:
    said = since_locked(make_pack(), {"hints/more.yaml": GOOD_PACK["hints/too-much.yaml"], "hints/too-much.yaml": None})
    assert said == {
        "hints/more.yaml": "the rule `hints/more` is new since `pack.lock` was made",
        "pack.lock": "the rule `hints/too-much` is gone since `pack.lock` was made",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("pack.yaml", "Our shop\nabout", "The shop\nabout", "the section `about` changed in text"),
        ("pack.yaml", "value: 30", "value: 31", "the parameter `complaint_days` changed in logic"),
        ("pack.yaml", "title: Days to complain", "title: Days", "the parameter `complaint_days` changed in text"),
        (
            "pack.yaml",
            "dated: about 2021",
            "dated: in 2021",
            "the source `notice` changed in text",
        ),
        ("pack.yaml", "{gift: false, because", "{gift: true, because", "the section `assume` changed in logic"),
        ("pack.yaml", "Most goods are red.", "Red is usual.", "the section `assume` changed in text"),
        ("pack.yaml", "What is wrong?", "What is it?", "the section `facts` changed in text"),
        ("pack.yaml", "Set `received` to true.", "Say that it came.", "the section `impossible` changed in text"),
        ("window/decision.yaml", "It is too late}", "Too late}", "the decision `window` changed in text"),
        (
            "hints/decision.yaml",
            "show_more: Show more",
            "show_more: Show more, other: O",
            "the decision `hints` changed in logic and text",
        ),
    ],
)
def test_a_decision_or_the_pack_changed(file: str, old: str, new: str, said: str, make_pack: MakePack) -> None:
    found = since_locked(make_pack(), edited(file, old, new))  # type: ignore[arg-type]
    assert found == {file: f"{said} since `pack.lock` was made"}


def test_one_line_for_each_rule_sorted(make_pack: MakePack) -> None:
    path = write_lock(load_pack(make_pack()))
    text = path.read_text()
    data = json.loads(text)
    rules = {name.removesuffix(".yaml") for name in GOOD_PACK if "/" in name and not name.endswith("decision.yaml")}
    assert data["rules"].keys() == rules
    assert list(data["rules"]) == sorted(rules)
    assert all(hashes.keys() == {"logic", "text"} for hashes in data["rules"].values())
    assert all(sum(f'"{name}"' in line for line in text.splitlines()) == 1 for name in rules)


def test_a_lock_is_the_same_each_time(make_pack: MakePack) -> None:
    pack = load_pack(make_pack())
    assert write_lock(pack).read_bytes() == write_lock(load_pack(make_pack(name="again"))).read_bytes()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"pack": 1, "parameters": 1, "sources": 1, "decisions": 1, "rules": 1}',
    ],
)
def test_a_lock_that_cannot_be_read_is_a_finding(text: bytes, make_pack: MakePack) -> None:
    folder = make_pack()
    (folder / "pack.lock").write_bytes(text)
    (finding,) = out_of_step(load_pack(folder))
    assert (finding.code, finding.places) == ("lock-out-of-step", (f"{folder}/pack.lock",))


def test_a_lock_that_is_a_link_or_a_folder_is_refused(make_pack: MakePack) -> None:
    linked, folder = make_pack(name="linked"), make_pack(name="folder")
    (linked / "pack.lock").symlink_to("/etc/hostname")
    (folder / "pack.lock").mkdir()
    assert ("pack.lock", "stray-file") in found_in(linked)
    assert ("pack.lock", "stray-file") in found_in(folder)


def test_a_lock_that_cannot_be_written(make_pack: MakePack) -> None:
    folder = make_pack()
    pack = load_pack(folder)
    (folder / "pack.lock").mkdir()
    with pytest.raises(PackError) as caught:
        write_lock(pack)
    assert caught.value.problems[0].code == "unwritable"


def test_the_command_locks_and_check_fails_when_it_is_out_of_step(make_pack: MakePack, capsys: Streams) -> None:
    folder = make_pack()
    assert main(["lock", str(folder)]) == 0
    assert (folder / "pack.lock").is_file()
    write_pack(folder, edited(USED, "Used goods have lost", "Used things have lost"))
    assert main(["check", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "[lock-out-of-step]" in told
    assert f"dispute-rules lock {folder}" in told


def test_the_command_refuses_a_pack_that_cannot_be_read(tmp_path: Path) -> None:
    assert main(["lock", str(tmp_path / "nothing")]) == 2


names = st.tuples(st.sampled_from(["pack", "parameters", "sources", "decisions", "rules"]), st.sampled_from("abc"))
locks = st.dictionaries(names, st.builds(Hashes, st.sampled_from("12"), st.sampled_from("12")))


@given(locks, locks)
def test_changes_are_exactly_what_differs(old: Entries, new: Entries) -> None:
    expected = set()
    for key in {*old, *new}:
        if key not in old or key not in new:
            expected.add(Changed(*key, "gone" if key in old else "new"))
        elif old[key] != new[key]:
            parts = [part for part in ("logic", "text") if getattr(old[key], part) != getattr(new[key], part)]
            expected.add(Changed(*key, " and ".join(parts)))
    assert set(changed(old, new)) == expected


def test_every_rule_of_a_shipped_pack_has_an_entry() -> None:
    pack = load_pack("aliexpress")
    rules = {name for kind, name in entries(pack) if kind == "rules"}
    assert rules == {f"{decision.name}/{rule.name}" for decision in pack.decisions for rule in decision.rules}

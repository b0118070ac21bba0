"""A new rule works at once, wherever it is made; what cannot be made is told and leaves nothing behind."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispute_rules.authoring.check import check
from dispute_rules.authoring.editor import FOLDER, first_line, schema_texts
from dispute_rules.authoring.rule_text import Desk, flow, rule_text
from dispute_rules.authoring.scaffold import Made, new_rule
from dispute_rules.authoring.trials import try_examples
from dispute_rules.authoring.versions import Version, compare
from dispute_rules.errors import PackError
from dispute_rules.pack.files import RuleFile
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.scope import open_facts
from dispute_rules.pack.written import Pack
from dispute_rules.pack.yaml import read
from dispute_rules.reasoning.budget import Budget
from tests.authoring.test_editor import files_in, full_disk
from tests.authoring.test_schemas import Schemas
from tests.conftest import GOOD_PACK, MakePack

ROOT = Path(__file__).parents[2]
PACKS = {"aliexpress": ROOT / "rules" / "aliexpress", "phone_shop": ROOT / "examples" / "phone-shop" / "phone_shop"}
DECISIONS = [(name, decision.name) for name, folder in PACKS.items() for decision in load_pack(folder).decisions]
each_decision = pytest.mark.parametrize(("name", "decision"), DECISIONS)
CopyPack = Callable[[str], Path]


@pytest.fixture
def copy_pack(tmp_path: Path) -> CopyPack:
    return lambda name: Path(shutil.copytree(PACKS[name], tmp_path / name))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files_in(folder)}


def codes(pack: Pack) -> set[str]:
    report = check(pack)
    assert not report.undecided
    return {finding.code for finding in report.findings} - {"lock-out-of-step"}  # a new rule is new since the last lock


def refusals(pack: str | Path, decision: str, rule: str) -> set[tuple[str, str]]:
    """The place and the code of each problem."""
    with pytest.raises(PackError) as caught:
        new_rule(str(pack), decision, rule)
    assert all(problem.help for problem in caught.value.problems)
    return {(problem.place, problem.code) for problem in caught.value.problems}


def assert_all_fits(made: Made, before: Pack | None = None) -> None:
    """It loads, its examples pass, it conforms to its schemas, and all there is to do is to write texts."""
    pack = made.pack
    assert all(trial.passed for trial in try_examples(pack))
    assert codes(pack) == {"to-do"} | (codes(before) if before else set())
    schemas = Schemas(pack)
    for file in made.files:
        name = file.removeprefix(f"{pack.place}/")
        text = (pack.folder / name).read_text(encoding="utf-8")
        assert text.startswith(f"{first_line(name)}\n")
        assert not schemas.refuse(name, text)
    there = {path.name: path.read_text(encoding="utf-8") for path in (pack.folder / FOLDER).iterdir()}
    assert there == schema_texts(pack)


# --- in a decision that is there


@each_decision
def test_a_new_rule_of_any_decision_works_and_changes_no_answer(name: str, decision: str, copy_pack: CopyPack) -> None:
    folder = copy_pack(name)
    before = load_pack(folder)
    made = new_rule(str(folder), decision, "brand-new")
    assert made.files == (f"{folder}/{decision}/brand-new.yaml",)
    assert "it is a copy of" in made.note
    changes = compare(Version(before, before.starts[-1]), Version(made.pack, before.starts[-1]), Budget(10**7))
    assert [change.question.decision for change in changes.difference.changes] == []
    assert changes.difference.undecided == ()


@pytest.mark.parametrize("name", PACKS)
def test_all_that_is_to_do_in_new_rules_is_to_write_their_texts(name: str, copy_pack: CopyPack) -> None:
    folder = copy_pack(name)
    for decision in load_pack(folder).decisions:
        made = new_rule(str(folder), decision.name, "brand-new")
    assert_all_fits(made)


def test_a_new_rule_says_what_it_could_say(copy_pack: CopyPack) -> None:
    folder = copy_pack("phone_shop")
    made = new_rule(str(folder), "remedy", "brand-new")
    text = (folder / "remedy" / "brand-new.yaml").read_text()
    assert "#   device: phone, refurbished, accessory\n" in text  # a fact that others look at
    assert "#   months: a number\n" in text
    assert "#   entitlement: " in text  # an outcome of an earlier decision
    assert "verdict" not in text  # and of a later one
    assert "mishandled" in text.split("more facts: ")[1].split("when:")[0]  # a fact that no other one looks at
    assert "#   remedy: money, replacement, repair, discount, none\n" in text
    assert "#   sources in pack.yaml: terms, warranty, notice-2024\n" in text
    for basis in ("stated", "derived", "reported", "inferred"):
        assert f"`{basis}`: " in text
    rule = next(rule.file for d in made.pack.decisions for rule in d.rules if rule.name == "brand-new")
    assert {next(iter(example.model_dump(exclude_none=True))) for example in rule.examples} == {"case", "near"}
    assert (rule.title, rule.because, rule.source, str(rule.basis)) == ("TODO", "TODO", (), "inferred")


def test_the_copied_rule_has_the_exceptions_that_most_have(make_pack: MakePack) -> None:
    verdicts = {name: text for name, text in GOOD_PACK.items() if name.startswith("verdict/")}
    renamed = {
        name.replace("too-late", "a-limit"): text.replace("too-late", "a-limit") for name, text in verdicts.items()
    }
    made = new_rule(str(make_pack(dict.fromkeys(verdicts) | renamed)), "verdict", "brand-new")
    rule = next(rule.file for d in made.pack.decisions for rule in d.rules if rule.name == "brand-new")
    assert rule.unless == ("a-limit",)


def test_a_decision_without_rules_gets_its_first(make_pack: MakePack) -> None:
    pack_file = GOOD_PACK["pack.yaml"].replace("verdict, hints]", "verdict, hints, any_one, collected]")
    head = "question: Q?\npolicy: {}\noutputs: {{{}: {{yes_it_is: Y, maybe: M}}, {}: {{true: Y, false: N}}}}\n"
    files = {
        "pack.yaml": pack_file,
        "any_one/decision.yaml": head.format("any", "a", "b"),
        "collected/decision.yaml": head.format("collect", "c", "d"),
    }
    folder = make_pack(files)
    assert new_rule(str(folder), "collected", "one").files == (f"{folder}/collected/one.yaml",)
    made = new_rule(str(folder), "any_one", "otherwise")
    assert made.files == tuple(f"{folder}/any_one/{rule}.yaml" for rule in ("otherwise", "in-all-other-cases"))
    (first, rest) = (decision.file for decision in made.pack.decisions[4].rules)
    assert all(
        trial.passed for trial in try_examples(made.pack) if "any_one" in trial.rule or "collected" in trial.rule
    )
    assert not {"gap", "conflict", "failing-example"} & codes(made.pack)
    assert first.then != rest.then


# --- a decision, or a pack, that is not there


NEW_NAMES = [
    "advice",
    "action",
    "extent",
    "amount",
    "evidence",
    "warning",
    "fault",
    "price",
    "colour",
    "asked",
    "verdict2",
]


@pytest.mark.parametrize("decision", NEW_NAMES)
def test_a_new_decision_of_a_pack(decision: str, make_pack: MakePack) -> None:
    folder = make_pack()
    before = load_pack(folder)
    made = new_rule(str(folder), decision, "one")
    assert made.files == tuple(f"{folder}/{decision}/{file}.yaml" for file in ("one", "otherwise", "decision"))
    assert f"`{decision}` now stands last" in made.note
    assert [each.name for each in made.pack.decisions] == [*before.file.decisions, decision]
    assert (folder / "pack.yaml").read_text() == GOOD_PACK["pack.yaml"].replace("hints]", f"hints, {decision}]")
    assert_all_fits(made, before)


@pytest.mark.parametrize("name", PACKS)
def test_a_new_decision_of_a_real_pack(name: str, copy_pack: CopyPack) -> None:
    assert_all_fits(new_rule(str(copy_pack(name)), "advice", "one"))


def test_a_new_decision_of_a_pack_whose_rules_do_not_look_at_the_ground(make_pack: MakePack) -> None:
    text = "title: T\nabout: A\nfrom: 2020-01-01\ndecisions: one"
    files: dict[str, str | None] = dict.fromkeys(GOOD_PACK)
    files |= {
        "pack.yaml": text,
        "one/decision.yaml": "question: Q?\npolicy: any\noutputs: {one: {some: S}}\n",
        "one/all.yaml": "title: T\nwhen: {}\nthen: {one: some}\nbecause: B\nbasis: inferred\n"
        "examples: [{case: {ground: fake}}]\n",
    }
    folder = make_pack(files)
    made = new_rule(str(folder), "two", "first")
    assert (folder / "pack.yaml").read_text() == text.replace("one", "[one, two]")
    assert [len(decision.rules) for decision in made.pack.decisions] == [1, 1]
    assert_all_fits(made)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("decisions: [window, papers, verdict, hints]\n", "decisions: [window, papers, verdict, hints, more]\n"),
        (
            "decisions: [window, papers, 'verdict', \"hints\"] # A\n",
            "decisions: [window, papers, 'verdict', \"hints\", more] # A\n",
        ),
        (
            "decisions: [window, papers,\n  verdict, # A\n  hints, # B\n]\n",
            "decisions: [window, papers,\n  verdict, # A\n  hints, more, # B\n]\n",
        ),
        (
            "decisions:\n  - window\n  - papers\n  - verdict\n  - hints # A\n# B\n",
            "decisions:\n  - window\n  - papers\n  - verdict\n  - hints # A\n  - more\n# B\n",
        ),
        (
            "decisions:\n- window\n- papers\n- verdict\n- hints",
            "decisions:\n- window\n- papers\n- verdict\n- hints\n- more\n",
        ),
        (
            "decisions:\r\n- window\r\n- papers\r\n- verdict\r\n- hints\r\n",
            "decisions:\r\n- window\r\n- papers\r\n- verdict\r\n- hints\r\n- more\r\n",
        ),
    ],
)
def test_a_new_decision_is_listed_and_nothing_else_changes(before: str, after: str, make_pack: MakePack) -> None:
    old = "decisions: [window, papers, verdict, hints]\n"
    folder = make_pack({"pack.yaml": GOOD_PACK["pack.yaml"].replace(old, before).encode()})
    new_rule(str(folder), "more", "one")
    assert (folder / "pack.yaml").read_bytes() == GOOD_PACK["pack.yaml"].replace(old, after).encode()


def test_decisions_written_in_an_unheard_of_way_are_left_alone(make_pack: MakePack) -> None:
    listed = GOOD_PACK["pack.yaml"].replace(
        "[window, papers, verdict, hints]", "[window, papers, verdict, 'hin\\\n  ts']"
    )
    folder = make_pack({"pack.yaml": listed.replace("'hin\\\n  ts'", '"hin\\\n  ts"')})
    before = contents(folder)
    ((place, code),) = refusals(folder, "more", "one")
    assert (place.removeprefix(f"{folder}/").split(":")[0], code) == ("pack.yaml", "unlisted-decision")
    assert contents(folder) == before


@pytest.mark.parametrize("decision", ["verdict", "returns", "window", "warning", "pack", "decision", "ground"])
@pytest.mark.parametrize("there", [False, True])
def test_a_new_pack(decision: str, there: bool, tmp_path: Path) -> None:
    folder = tmp_path / "my-little_shop"
    if there:
        folder.mkdir()
        (folder / "README.md").write_text("Mine")
        (folder / ".git").mkdir()
    made = new_rule(f"{folder}/", decision, "damaged-goods")
    names = [f"{decision}/{file}.yaml" for file in ("damaged-goods", "otherwise", "decision")]
    assert made.files == tuple(f"{folder}/{file}" for file in (*names, "pack.yaml"))
    assert made.pack.title == "My little shop"
    assert made.note == ""
    assert_all_fits(made)


def test_more_rules_of_a_new_pack(tmp_path: Path) -> None:
    for decision, rule in (
        ("verdict", "one"),
        ("verdict", "two"),
        ("verdict", "three"),
        ("action", "one"),
        ("action", "2"),
    ):
        made = new_rule(str(tmp_path / "shop"), decision, rule)
    assert_all_fits(made)


def test_a_new_pack_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    assert new_rule(".", "verdict", "one").pack.title == "Shop"


@pytest.mark.parametrize(
    "name", ["TODO", "---", "a: b", 'x\' "y" #z', "\n", "été", "\U0001f4e6", "[", "no", "1e3", "\udcff"]
)
def test_a_new_pack_in_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    assert_all_fits(new_rule(str(tmp_path / name), "verdict", "one"))


# --- what cannot be made


@pytest.mark.parametrize(
    ("decision", "rule", "said"),
    [
        ("verdict", "new-goods", {("verdict/new-goods.yaml", "taken-name")}),
        ("verdict", "decision", {("verdict/decision", "bad-name")}),
        ("verdict", "New", {("verdict/New", "bad-name")}),
        ("verdict", "new.yaml", {("verdict/new.yaml", "bad-name")}),
        ("verdict", "..", {("verdict/..", "bad-name")}),
        ("verdict", "", {("verdict/", "bad-name")}),
        ("verdict", "a--b", {("verdict/a--b", "bad-name")}),
        ("verdict", "a\n", {("verdict/a\\n", "bad-name")}),
        ("verdict", "a" * 65, {(f"verdict/{'a' * 65}", "bad-name")}),
        ("..", "new", {("../new", "bad-name")}),
        (".schema", "new", {(".schema/new", "bad-name")}),
        ("Verdict", "NEW", {("Verdict/NEW", "bad-name")}),
        ("d" * 65, "new", {(f"{'d' * 65}/new", "bad-name")}),
        ("a-b", "new", {("a-b/new", "bad-name")}),
    ],
)
def test_a_name_that_cannot_be(decision: str, rule: str, said: set[tuple[str, str]], make_pack: MakePack) -> None:
    folder = make_pack()
    before = contents(folder)
    assert {(place.removeprefix(f"{folder}/"), code) for place, code in refusals(folder, decision, rule)} == said
    assert contents(folder) == before


def test_each_bad_name_is_told(make_pack: MakePack) -> None:
    with pytest.raises(PackError) as caught:
        new_rule(str(make_pack()), "Verdict", "NEW")
    assert len(caught.value.problems) == 2


def test_names_of_the_longest_kind(make_pack: MakePack) -> None:
    assert new_rule(str(make_pack()), "d" * 64, "r" * 64).pack.decisions[-1].name == "d" * 64


def test_a_pack_with_faults_gets_no_rule(make_pack: MakePack) -> None:
    folder = make_pack({"verdict/old-goods.yaml": "title: Old\n"})
    before = contents(folder)
    assert {code for _, code in refusals(folder, "verdict", "new")} == {"missing-key"}
    assert contents(folder) == before


def test_no_pack_is_made_where_one_may_be_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "main.py").write_text("")
    assert refusals("aliexpres", "verdict", "one") == {("aliexpres", "unknown-pack")}
    assert refusals("no/such", "verdict", "one") == {("no/such", "unknown-pack")}
    assert refusals("file", "verdict", "one") == {("file", "unknown-pack")}
    assert refusals("project", "verdict", "one") == {("project", "missing-file")}
    assert refusals("", "verdict", "one") == {("", "unknown-pack")}
    assert refusals("a\0b", "verdict", "one") == {("a\\x00b", "unknown-pack")}
    assert refusals("a" * 5000, "verdict", "one") == {("a" * 5000, "unknown-pack")}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "project"]
    assert new_rule("./aliexpres", "verdict", "one").pack.name == "aliexpres"


@pytest.mark.parametrize(("decision", "room"), [("verdict", 100), ("more", 100), ("more", 2500)])
def test_where_not_all_can_be_written_nothing_is(decision: str, room: int, make_pack: MakePack) -> None:
    """The larger room is enough for the new files, and not for `pack.yaml`."""
    long = GOOD_PACK["pack.yaml"] + "# A comment.\n" * 300
    folder = make_pack({"pack.yaml": long})
    before = contents(folder)
    with full_disk(room):
        assert {code for _, code in refusals(folder, decision, "one")} == {"unwritable"}
    assert contents(folder) == before
    assert not (folder / "more").exists()


def test_a_new_pack_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with full_disk(100):
        assert {code for _, code in refusals(tmp_path / "shop", "verdict", "one")} == {"unwritable"}
    assert list(tmp_path.iterdir()) == []


# --- rules as text


def desks(pack: Pack) -> Iterator[tuple[RuleFile, Desk]]:
    files = [decision.file for decision in pack.decisions]
    for at, decision in enumerate(pack.decisions):
        for rule in decision.rules:
            yield (
                rule.file,
                Desk(pack.file, decision.name, decision.file, open_facts(pack.file, files, at), rule.file.when),
            )


@pytest.mark.parametrize("name", PACKS)
def test_a_rule_written_reads_as_it_was(name: str) -> None:
    for rule, desk in desks(load_pack(PACKS[name])):
        document = read(rule_text(rule, desk).encode(), "")
        assert not document.problems
        assert RuleFile.model_validate(document.data) == rule


scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**17), 10**17), st.text(max_size=12), st.decimals(-9999, 9999, places=3)
)
words = st.sampled_from(
    [
        "no",
        "true",
        "Null",
        "~",
        "1e3",
        "0x1",
        "2026-01-01",
        "a b",
        "a, b",
        "a: b",
        "a #b",
        "#",
        "-",
        "é",
        "x'",
        '"',
        "\u2028",
    ]
)


@settings(max_examples=500, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    st.recursive(
        scalars | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_", min_size=1), inner, max_size=3),
        max_leaves=8,
    )
)
def test_a_value_on_a_line_reads_as_it_was(value: object) -> None:
    document = read(f"- {flow(value)}\n".encode(), "")
    assert not document.problems
    assert document.data == [value]

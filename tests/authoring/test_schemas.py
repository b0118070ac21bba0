"""The schemas of a pack's files: what loads conforms, what an author gets wrong does not, and they are up to date."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from pydantic import BaseModel
from referencing import Registry
from referencing.jsonschema import DRAFT7

from dispute_rules.authoring.editor import FOLDER, first_line, schema_texts
from dispute_rules.authoring.lock import entries
from dispute_rules.errors import CaseError, PackError
from dispute_rules.pack.files import DecisionFile, PackFile, RuleFile
from dispute_rules.pack.load import load_pack, shipped_packs
from dispute_rules.pack.written import Pack
from dispute_rules.pack.yaml import read
from tests.conftest import GOOD_PACK, MakePack, edited, write_pack
from tests.pack.test_fuzz import dumped, paths_in, scalars, trees

EXAMPLE_PACK = str(Path(__file__).parents[2] / "examples" / "phone-shop" / "phone_shop")
COMMITTED = [*shipped_packs(), EXAMPLE_PACK]
each_committed = pytest.mark.parametrize("name", COMMITTED, ids=lambda name: Path(name).name)
loaded = cache(load_pack)
fuzzing = settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def in_json(data: Any) -> Any:
    """The data as an editor has it, where all numbers are floats."""
    if isinstance(data, Decimal):
        return int(data) if data.is_finite() and data == data.to_integral_value() else float(data)
    if isinstance(data, dict):
        return {name: in_json(part) for name, part in data.items()}
    return [in_json(part) for part in data] if isinstance(data, list) else data


class Schemas:
    """The schemas of a pack, found by a file's first line as an editor finds them."""

    def __init__(self, pack: Pack) -> None:
        self.of = {name: json.loads(text) for name, text in schema_texts(pack).items()}
        known = Registry().with_resources((name, DRAFT7.create_resource(schema)) for name, schema in self.of.items())
        self._validators = {
            name: Draft7Validator(schema, registry=known, format_checker=FormatChecker())
            for name, schema in self.of.items()
        }

    def faults(self, file: str, data: Any) -> list[str]:
        """What the schema of a file has against its data."""
        name = first_line(file).rpartition("/")[2]
        return [f"{error.json_path}: {error.message}" for error in self._validators[name].iter_errors(in_json(data))]

    def refuse(self, file: str, text: str) -> bool:
        """Whether the schema refuses a file."""
        return bool(self.faults(file, read(text.encode(), file).data))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_pack(write_pack(tmp_path_factory.mktemp("good") / "own", GOOD_PACK))


@pytest.fixture(scope="module")
def schemas(good: Pack) -> Schemas:
    return Schemas(good)


def files_of(pack: Pack) -> Iterator[str]:
    yield "pack.yaml"
    for decision in pack.decisions:
        yield f"{decision.name}/decision.yaml"
        yield from (f"{decision.name}/{rule.name}.yaml" for rule in decision.rules)


def loads(files: Mapping[str, str], folder: Path) -> bool:
    try:
        load_pack(write_pack(folder, files))
    except PackError:
        return False
    return True


# --- what is committed


@each_committed
def test_the_committed_schemas_are_up_to_date(name: str) -> None:
    pack = loaded(name)
    there = {path.name: path.read_text(encoding="utf-8") for path in (pack.folder / FOLDER).iterdir()}
    assert there == schema_texts(pack), f"make them anew: .venv/bin/dispute-rules editor {name}"


@each_committed
def test_every_committed_file_begins_with_the_line_for_editors(name: str) -> None:
    pack = loaded(name)
    for file in files_of(pack):
        assert (pack.folder / file).read_text(encoding="utf-8").startswith(f"{first_line(file)}\n"), (
            f"{file}: .venv/bin/dispute-rules editor {name}"
        )


@each_committed
def test_every_committed_file_conforms(name: str) -> None:
    pack = loaded(name)
    schemas = Schemas(pack)
    faults = {file: schemas.faults(file, read((pack.folder / file).read_bytes(), file).data) for file in files_of(pack)}
    assert {file: found for file, found in faults.items() if found} == {}
    assert len(faults) > 25


@each_committed
def test_the_schemas_are_schemas(name: str) -> None:
    for schema in Schemas(loaded(name)).of.values():
        Draft7Validator.check_schema(schema)


def test_a_pack_that_has_little_has_schemas_too(tmp_path: Path) -> None:
    """Editors refuse a schema in which something is one of nothing."""
    files = {
        "pack.yaml": "title: T\nabout: A\nfrom: 2020-01-01\ndecisions: one\n",
        "one/decision.yaml": "question: Q?\npolicy: collect\noutputs: {one: {some: S}}\n",
    }
    for schema in Schemas(load_pack(write_pack(tmp_path, files))).of.values():
        Draft7Validator.check_schema(schema)
        assert '"enum": []' not in json.dumps(schema)


# --- what an author gets wrong

RULE = "verdict/new-goods.yaml"
WRONG = [
    (RULE, "colour: [red, green]", "colour: [red, gren]"),
    (RULE, "colour: [red, green]", "colour: {not: gren}"),
    (RULE, "colour: [red, green]", "colour: []"),
    (RULE, "colour: [red, green]", "colour: {at_least: 3}"),
    (RULE, "colour: [red, green]", "color: [red, green]"),
    (RULE, "colour: [red, green]", "verdict: full_refund"),  # its own output
    (RULE, "colour: [red, green]", "warning: too_much"),  # collected
    (RULE, "colour: [red, green]", "price: {below: many}"),
    (RULE, "colour: [red, green]", "gift: maybe"),
    (RULE, "colour: [red, green]", "received_on: ahead"),
    (RULE, "{below: 3}", "{below: 3, above: 1}"),
    (RULE, "{below: 3}", "young"),
    (RULE, "verdict: full_refund", "verdict: full"),
    (RULE, "verdict: full_refund", "verdicts: full_refund"),
    (RULE, "then: {verdict: full_refund}", "then: {}"),
    (RULE, "unless: [too-late]", "unless: too-late"),
    (RULE, "unless: [too-late]", "unless: [Too Late]"),
    (RULE, "source: handbook#new", "source: handbok#new"),
    (RULE, "source: handbook#new", "source: [handbook, handbok]"),
    (RULE, "source: handbook#new\n", ""),
    (RULE, "basis: stated", "basis: sure"),
    (RULE, "title: New goods", "titel: New goods"),
    (RULE, "title: New goods", "title: 5"),
    (RULE, "basis: stated", "basis: stated\nfrom: yesterday"),
    (RULE, "- case: {ground: damaged", "- cases: {ground: damaged"),
    (RULE, "- case: {ground: damaged", "- case: {ground: damagd"),
    (RULE, "- case: {ground: damaged, age", "- case: {age"),
    (RULE, "- case: {ground: damaged", "- case: {ground: damaged, recieved: true"),
    (RULE, "- case: {ground: damaged", "- case: {ground: damaged, received: perhaps"),
    (RULE, "- case: {ground: damaged", "- case: {ground: damaged, price: -1"),
    (RULE, "- case: {ground: damaged", "- case: {ground: damaged, today: tomorrow"),
    (RULE, "- case: {ground: damaged", "- case: {ground: damaged, evidence: photo"),
    (RULE, "- case: {ground: damaged", "- case: {ground: damaged, colour: pink"),
    ("hints/show-more.yaml", "{proof: [none, some]}", "{proof: [none, most]}"),
    ("papers/receipt.yaml", "{gift: false}", "{proof: all}"),  # known only after this decision
    ("papers/receipt.yaml", "required: true", "required: yes"),
    ("window/decision.yaml", "policy: any", "policy: all"),
    ("window/decision.yaml", "window: {open: It can", "window: {opened: It can"),
    ("window/decision.yaml", "question: Can a complaint be made?\n", ""),
    ("hints/decision.yaml", "too_much: You ask for too much", "too_much: {text: You ask for too much}"),
    ("verdict/decision.yaml", "full_refund: All of it", "everything: All of it"),
    ("pack.yaml", "title: Our shop", "name: Our shop"),
    ("pack.yaml", "dated: about 2021, confidence: low", "dated: about 2021, confidence: poor"),
    ("pack.yaml", "url: https://example.org/notice", "url: example.org/notice"),
    ("pack.yaml", "value: 14", "value: fourteen"),
    ("pack.yaml", "title: Days to complain", "title: Days to complain\n    unit: weeks"),
    ("pack.yaml", "{kind: yes_no, question: Was it a gift?}", "{kind: maybe, question: Was it a gift?}"),
    ("pack.yaml", "usable: Yes, impaired", "useable: Yes, impaired"),
    ("pack.yaml", "labels: {at_most: within, above: above}", "labels: {until: within, above: above}"),
    ("pack.yaml", "{received: true, because: Most", "{received: perhaps, because: Most"),
    ("pack.yaml", "{received: true, because: Most complaints are about what has come.}", "{received: true}"),
    ("pack.yaml", "when: {ground: damaged, received: false}", "when: {ground: damagd, received: false}"),
    ("pack.yaml", "help: Set `received` to true.", ""),
]


def test_the_good_pack_conforms(schemas: Schemas) -> None:
    for file, text in GOOD_PACK.items():
        assert not schemas.refuse(file, text), file


@pytest.mark.parametrize(("file", "old", "new"), WRONG)
def test_what_is_wrong_is_refused_by_schema_and_loader(
    file: str, old: str, new: str, schemas: Schemas, make_pack: MakePack
) -> None:
    text = edited(file, old, new)
    assert schemas.refuse(file, text[file])
    with pytest.raises(PackError):
        load_pack(make_pack(text))


# --- what loads


RIGHT = [
    (RULE, "colour: [red, green]", "colour: red"),
    (RULE, "colour: [red, green]", 'colour: ["red"]'),
    (RULE, "colour: [red, green]", "colour: {not: blue}"),
    (RULE, "colour: [red, green]", "colour: {not: [blue]}"),
    (RULE, "colour: [red, green]", "gift: true"),
    (RULE, "colour: [red, green]", "gift: True"),
    (RULE, "colour: [red, green]", 'gift: "true"'),
    (RULE, "colour: [red, green]", "gift: {not: [FALSE]}"),
    (RULE, "colour: [red, green]", 'gift: ["false", true]'),
    (RULE, "{below: 3}", "{at_least: 0x10, below: 1e3}"),
    (RULE, "colour: [red, green]", "window: open"),
    (RULE, "{below: 3}", "{below: 3.000}"),
    (RULE, "{below: 3}", "{below: -.5}"),
    (RULE, "unless: [too-late]", "unless: []"),
    (RULE, "source: handbook#new", "source: [handbook#new]"),
    (RULE, "source: handbook#new", "source: [handbook, handbook]"),
    (RULE, "source: handbook#new\n", "contradicts: notice#a.b:c_d-e\nsource: notice\n"),
    (RULE, "source: handbook#new\nbasis: stated", "basis: inferred"),
    (RULE, "source: handbook#new\nbasis: stated", "source: []\nbasis: inferred"),
    (RULE, "basis: stated", "basis: stated\nfrom: 2021-01-01\nuntil: '2021-12-31'"),
    (RULE, "basis: stated", "basis: stated\nfrom: null\nuntil: ~"),
    (RULE, "because: New", "because: >-\n  New"),
    (RULE, "age_months: 2}", 'age_months: "2"}'),
    (RULE, "age_months: 2}", "age_months: -2.5}"),
    (RULE, "age_months: 2}", "age_months: null}"),
    (RULE, "age_months: 2}", "received: yes, gift: Off, usability: ~}"),
    (RULE, "age_months: 2}", "received: 1, gift: 0.0}"),
    (RULE, "age_months: 2}", 'price: "24.90", shipping: 3.10, quantity_ordered: "3", quantity_affected: 2.0}'),
    (RULE, "age_months: 2}", "currency: EUR, evidence: [receipt, receipt, other], today: 2026-01-31}"),
    (RULE, "age_months: 2}", "handed_over_on: '2020-03-01', deposit: 0}"),
    (RULE, "- case: {ground: damaged, age_months: 2}", "- {case: {ground: damaged}, near: null}"),
    ("papers/receipt.yaml", "required: true", 'required: "true"'),
    ("window/decision.yaml", "{open: It can, closed: It is too late}", "{open: It can, closed: No, none: '-'}"),
    ("papers/decision.yaml", "{true: Needed, false: Helpful}", '{"true": Needed, False: Helpful}'),
    ("hints/decision.yaml", "show_more: Show more", "show_more: Show more, something_else: Else"),
    ("pack.yaml", "value: 14", "value: 0xE"),
    ("pack.yaml", "value: 14, source: handbook", "value: 14, source: [handbook]"),
    ("pack.yaml", "title: Days to complain", "title: Days to complain\n    unit: business_days"),
    ("pack.yaml", "days: complaint_days", "days: [complaint_days, complaint_days]"),
    ("pack.yaml", "days: complaint_days", "days: null"),
    ("pack.yaml", "after: handed_over_on", "after: [handed_over_on, today]"),
    ("pack.yaml", "sum: [price, deposit]", "sum: price"),
    ("pack.yaml", "sum: [price, deposit], source: handbook", "least: [price, deposit], part: null"),
    ("pack.yaml", "{gift: false, because", '{gift: "false", because'),
    ("pack.yaml", "{age_months: 0, because", "{age_months: 1.5, because"),
    ("pack.yaml", "{received: true, because", "{received: true, when: {}, given: null, because"),
    (
        "pack.yaml",
        "{usability: usable, because",
        "{usability: impaired, given: ground, because: A}\n  - {usability: usable, because",
    ),
    ("pack.yaml", "received: false}", "received: {not: [true]}}"),
    (
        "pack.yaml",
        "received: {question: Has it reached you?}",
        "received: {kind: null, question: Has it?, labels: {true: Y}}",
    ),
    ("pack.yaml", "handed_over_on: {kind: date}", "handed_over_on: {kind: date, question: null, labels: {}}"),
    ("pack.yaml", "facts:\n", "facts:\n  new_fact: {kind: yes_no}\n"),
    (
        "pack.yaml",
        "sources:\n",
        "sources:\n  new: {title: N, by: N, url: http://n, confidence: low, dated: 2026-01-01}\n",
    ),
    ("pack.yaml", "source: handbook#days", "source: [handbook, notice#x]"),
]


@pytest.mark.parametrize(("file", "old", "new"), RIGHT)
def test_what_loads_conforms_however_it_is_written(
    file: str, old: str, new: str, schemas: Schemas, make_pack: MakePack
) -> None:
    text = edited(file, old, new)
    load_pack(make_pack(text))
    assert not schemas.refuse(file, text[file])


def test_a_pack_with_new_names_that_it_uses_itself_conforms(schemas: Schemas, make_pack: MakePack) -> None:
    """An editor sees `pack.yaml` while it changes: what is new in it may be named in it at once."""
    text = GOOD_PACK["pack.yaml"]
    for old, new in [
        ("sources:\n", "sources:\n  leaflet: {title: L, by: L, url: https://example.org/l, confidence: low}\n"),
        ("parameters:\n", "parameters:\n  days: {title: D, values: [{from: 2020-01-01, value: 3, source: leaflet}]}\n"),
        (
            "facts:\n",
            "facts:\n  size: {kind: label, question: Q?, labels: {big: B, small: S}}\n  gap: {question: Q?}\n",
        ),
        (
            "amounts:\n",
            "  gap: {first_day: {after: [last_complaint, today], days: days}}\namounts:\n  all: {sum: price}\n",
        ),
        ("comparisons:\n", "  more: {sum: [all, all], source: leaflet}\ncomparisons:\n"),
        ("impossible:\n", "  - {size: big, when: {colour: red}, because: A}\nimpossible:\n"),
        ("impossible:\n", "  - {size: small, because: A}\n  - {gap: ahead, because: A}\nimpossible:\n"),
        ("impossible:\n", "impossible:\n  - {when: {size: big, gap: passed, colour: pink}, because: A, help: B}\n"),
        ("labels: {red: Red", "labels: {pink: Pink, red: Red"),
        ("{colour: red, because", "{colour: pink, because"),
    ]:
        assert text.count(old) == 1
        text = text.replace(old, new)
    load_pack(make_pack({"pack.yaml": text}))
    assert not schemas.refuse("pack.yaml", text)


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, str]:
    """A file of the good pack with a value, or a key, swapped for another one of the pack or for anything."""
    file = draw(st.sampled_from(sorted(GOOD_PACK)))
    tree = read(GOOD_PACK[file].encode(), file).data
    *parents, last = draw(st.sampled_from(paths_in(tree)))
    holder = tree
    for step in parents:
        holder = holder[step]
    donor = read(GOOD_PACK[draw(st.sampled_from(sorted(GOOD_PACK)))].encode(), "").data
    path = draw(st.sampled_from(paths_in(donor)))
    for step in path:
        donor = donor[step]
    match draw(st.sampled_from(["donor", "anything", "list", "not", "text", "null", "key", "gone"])):
        case "donor":
            holder[last] = donor
        case "anything":
            holder[last] = draw(st.one_of(trees, scalars))
        case "list":
            value = holder[last]
            holder[last] = value[0] if isinstance(value, list) and value else [value]
        case "not":
            holder[last] = {"not": holder[last]}
        case "text":
            holder[last] = str(holder[last])
        case "null":
            holder[last] = None
        case "key" if isinstance(holder, dict) and isinstance(path[-1], str):
            holder[path[-1]] = holder.pop(last)
        case _:
            del holder[last]
    return file, dumped(tree)


@settings(fuzzing, max_examples=400)
@given(changed())
def test_what_a_schema_refuses_the_loader_refuses(
    schemas: Schemas, tmp_path_factory: pytest.TempPathFactory, change: tuple[str, str]
) -> None:
    file, text = change
    document = read(text.encode(), file)
    if not document.problems and schemas.faults(file, document.data):
        assert not loads({**GOOD_PACK, file: text}, tmp_path_factory.mktemp("changed") / "own")


NUMBERS = [0, 1, -1, Decimal("1.0"), Decimal("2.5"), "3", " 3 ", "3.0", "1e2", "-1"]
WORDS = ["damaged", "unusable", "red", "true", "YES", "oN", "t", "2026-01-31", "20260131", "EUR", "eur", "receipt", ""]
values = st.sampled_from([*NUMBERS, *WORDS, None, True, False, [], ["receipt"], ["receipt", "x"]])


@settings(fuzzing, max_examples=1000)
@given(data=st.data())
def test_the_facts_of_a_case_conform(good: Pack, schemas: Schemas, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(good.Case.model_fields))
    facts = {"ground": "damaged"} | data.draw(st.dictionaries(names, values, max_size=2))
    try:
        good.Case(**facts)
    except CaseError:
        return
    rule = read(GOOD_PACK[RULE].encode(), "").data | {"examples": [{"case": facts}]}
    assert not schemas.faults(RULE, rule)


# --- what an editor offers


def offers(schemas: Schemas, file: str, *path: str) -> set[object]:
    """The names and labels that an editor offers at a place of a schema."""
    found: set[object] = set()
    schema = schemas.of[file]
    left = [(schema, part_at(schema, path))]
    while left:
        root, node = left.pop()
        if isinstance(node, list):
            left.extend((root, part) for part in node)
        elif isinstance(node, dict) and "$ref" in node:
            other, _, at = node["$ref"].partition("#/")
            target = schemas.of[other] if other else root
            left.append((target, part_at(target, at.split("/"))))
        elif isinstance(node, dict):
            found |= {*node.get("enum", ()), *node.get("properties", ())}
            left.extend((root, part) for name, part in node.items() if name not in ("enum", "properties"))
    return found


def part_at(schema: Any, path: Sequence[str]) -> Any:
    for step in path:
        schema = schema[step]
    return schema


VERDICTS = {"new-goods", "new-goods-in-blue", "used-goods", "used-goods-of-use", "old-goods", "too-late"}
SOURCES = {"handbook", "notice"}
RULES = "verdict-rule.json"


@pytest.mark.parametrize(
    ("file", "path", "names"),
    [
        (RULES, "properties unless", VERDICTS),
        (RULES, "properties source", SOURCES),
        (RULES, "properties contradicts", SOURCES),
        (RULES, "properties then", {"verdict"}),
        (RULES, "properties then properties verdict", {"full_refund", "partial_refund", "no_refund", "none"}),
        (RULES, "properties when properties colour", {"red", "green", "blue", "not"}),
        (RULES, "properties when properties window", {"open", "closed", "not"}),
        (RULES, "properties when properties last_complaint", {"ahead", "passed", "not"}),
        (RULES, "properties when properties gift", {True, False, "not"}),
        (RULES, "properties when properties age_months", {"at_least", "below"}),
        (RULES, "properties basis", {"stated", "derived", "reported", "inferred"}),
        ("facts.json", "case properties evidence", {"receipt", "photo"}),
        ("facts.json", "case properties colour", {"red", "green", "blue"}),
        ("papers-rule.json", "properties then properties evidence", {"receipt", "photo"}),
        ("decision.json", "properties outputs properties window", {"too_early", "open", "closed", "none"}),
        ("decision.json", "properties outputs properties amount", {"cap", "open", "none"}),
        ("decision.json", "properties outputs properties date", {"last_complaint"}),
        ("pack.json", "properties decisions", {"window", "papers", "verdict", "hints"}),
        ("pack.json", "definitions Span properties days", {"complaint_days"}),
        ("pack.json", "definitions ParameterValue properties source", SOURCES),
        ("pack.json", "properties facts properties usability properties labels", {"usable", "impaired", "unusable"}),
        ("pack.json", "definitions Assumption properties usability", {"usable", "impaired", "unusable"}),
    ],
)
def test_names_and_labels_of_the_pack_are_offered(file: str, path: str, names: set[object], schemas: Schemas) -> None:
    assert offers(schemas, file, *path.split()) == names


@pytest.mark.parametrize(
    ("file", "path", "names"),
    [
        (RULES, "properties when", {"ground", "gift", "colour", "last_complaint", "asked", "proof", "window"}),
        ("facts.json", "case", {"ground", "received_on", "currency", "evidence", "handed_over_on", "deposit"}),
        (
            "pack.json",
            "definitions Span properties after",
            {"today", "received_on", "handed_over_on", "last_complaint"},
        ),
        ("pack.json", "definitions AmountSpec properties sum", {"price", "deposit", "cap", "recommended"}),
        ("pack.json", "definitions ComparisonSpec properties with", {"price", "cap", "quantity_ordered"}),
        ("pack.json", "definitions Impossible properties given", {"ground", "handed_over_on"}),
        ("pack.json", "definitions When", {"ground", "colour", "last_complaint", "asked"}),
        ("pack.json", "definitions Assumption", {"ground", "colour", "last_complaint", "asked", "given"}),
        ("pack.json", "properties facts", {"ground", "price", "received_on"}),
    ],
)
def test_the_facts_of_the_pack_are_offered(file: str, path: str, names: set[object], schemas: Schemas) -> None:
    assert names <= offers(schemas, file, *path.split())


@pytest.mark.parametrize("model", [PackFile, DecisionFile, RuleFile])
def test_every_key_is_explained(model: type[BaseModel]) -> None:
    schema = model.model_json_schema()
    for holder in (schema, *schema.get("$defs", {}).values()):
        told = {key: node.get("description") for key, node in holder.get("properties", {}).items()}
        assert {key for key, text in told.items() if not text} <= {"fact", "value"}  # an assumption is `fact: value`


def test_every_fact_that_is_asked_for_is_explained(schemas: Schemas) -> None:
    conditions = schemas.of["facts.json"]["conditions"]
    assert conditions["colour"]["description"] == "Which colour is it?"
    assert conditions["window"]["description"] == "Can a complaint be made?"
    assert conditions["price"]["description"] == "What did it cost?"
    assert conditions["shipping"]["description"] == "Shipping paid for it."


# --- what they are no part of


def test_schemas_and_first_lines_change_neither_rules_nor_lock(make_pack: MakePack) -> None:
    folder = make_pack()
    before = load_pack(folder)
    schema = folder / FOLDER / "facts.json"
    schema.parent.mkdir()
    schema.write_text("no schema at all")
    assert load_pack(folder).content_hash == before.content_hash
    write_pack(folder, {name: f"{first_line(name)}\n{text}" for name, text in GOOD_PACK.items()})
    assert entries(load_pack(folder)) == entries(before)

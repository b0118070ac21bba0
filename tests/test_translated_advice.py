"""Whatever a buyer reads comes from the pack: a pack in which every text is marked gives advice in which every one is.

All else is the same, in every case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.cli.texts import yaml_of
from dispute_rules.facts import Kind
from dispute_rules.pack.texts import texts
from dispute_rules.pack.written import Pack
from tests.conftest import GOOD_PACK, write_pack

ROOT = Path(__file__).parents[1]
MARKED = "en-XA"  # the language that translators test with
NO_TEXTS = frozenset(
    "name language edition content_hash claim extent verdict return_paid_by cap recommended granted result currency "
    "prospects status opens_on closes_on action kind code what marks earliest latest source url confidence decision "
    "rule basis facts outcome outcomes fact value label instead output origin needed rests_on keeps_off "
    "today unit since stage counted_from".split()
)
"""The fields of an advice or an explanation that are for programs: names, labels, amounts, days, links."""
EVERYWHERE = frozenset(
    ".pack.title .evidence.title .warnings.text .warnings.because .timeline.title .timeline.because .reasons.title "
    ".reasons.because .timeline.sources.title .timeline.sources.dated "
    ".reasons.sources.title .reasons.sources.dated .reasons.contradicted_by.title .reasons.contradicted_by.dated "
    ".assumptions.because .questions.text .questions.because .questions.options.text .questions.leads_to.text".split()
)
"""Where texts stand in an advice."""
BY_NAME = ("words", "instead_words")  # texts by the names of outputs

DAY = re.compile(r"[0-9-]+")  # the date of a source is text only where it is words


def marked(text: str) -> str:
    return f"⟦{text}⟧"


def strings(value: object, field: str = "", path: str = "") -> Iterator[tuple[str, str]]:
    """The texts in the JSON of an advice, with where they stand."""
    if field in NO_TEXTS or (field == "dated" and DAY.fullmatch(str(value))):
        return
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from strings(part, field if field in BY_NAME else name, f"{path}.{name}")
    elif isinstance(value, list):
        for part in value:
            yield from strings(part, field, path)


def outside(text: str) -> str:
    """What is not marked."""
    while (left := re.sub("⟦[^⟦⟧]*⟧", "", text)) != text:
        text = left
    return text


def unmarked(value: str) -> str:
    return value.replace("⟦", "").replace("⟧", "")


Twins = tuple[dr.Advisor, dr.Advisor]
"""A pack as it is, and with every text marked."""


def twins_of(folder: Path) -> Twins:
    own = dr.load_pack(folder)
    translation = {key: marked(text) for key, text in texts(own).items()}
    (folder / f"texts.{MARKED}.yaml").write_text(yaml_of(translation), encoding="utf-8")
    return dr.Advisor(own), dr.Advisor(dr.load_pack(folder, language=MARKED))


@pytest.fixture(scope="module", params=["aliexpress", "phone_shop", "own"])
def twins(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    folder: Path = tmp_path_factory.mktemp("packs") / request.param
    if request.param == "own":
        return twins_of(write_pack(folder, GOOD_PACK))
    places = {"aliexpress": ROOT / "rules", "phone_shop": ROOT / "examples" / "phone-shop"}
    return twins_of(Path(copytree(places[request.param] / request.param, folder)))


def told(advisor: dr.Advisor, facts: Mapping[str, Any]) -> dict[str, Any] | tuple[Any, ...]:
    """The advice as JSON, or what is wrong with the case."""
    try:
        advice: dict[str, Any] = json.loads(advisor.advise(facts).model_dump_json())
    except dr.CaseError as error:
        return error.problems
    return advice


def check_twins(twins: Twins, facts: Mapping[str, Any]) -> None:
    own, said = (told(advisor, facts) for advisor in twins)
    if isinstance(own, dict) and isinstance(said, dict):
        for path, text in strings(said):
            assert text == marked(unmarked(text)), f"{path}: not from the pack"
        assert said["pack"].pop("language") == MARKED
        own["pack"].pop("language")
        assert json.loads(unmarked(json.dumps(said, ensure_ascii=False))) == own
    else:
        assert isinstance(own, tuple)
        assert isinstance(said, tuple)
        texts = [text for entry in twins[0].pack.file.impossible for text in (entry.because, entry.help)]
        any_text = "|".join(map(re.escape, sorted(texts, key=len, reverse=True)))
        for problem, other in zip(own, said, strict=True):
            words = (problem.message, problem.help)
            assert (other.message, other.help) == tuple(
                re.sub(any_text, lambda m: marked(m[0]), word) for word in words
            )
            assert (other.place, other.code) == (problem.place, problem.code)


# --- cases


def values(kind: Kind, labels: tuple[str, ...], evidence: list[str]) -> st.SearchStrategy[Any]:
    days = st.integers(-200, 20).map(lambda days: date(2026, 6, 1) + timedelta(days))
    every: Mapping[Kind, st.SearchStrategy[Any]] = {
        Kind.LABEL: st.sampled_from(labels or ("none",)),
        Kind.YES_NO: st.booleans(),
        Kind.NUMBER: st.integers(0, 40),
        Kind.COUNT: st.integers(1, 3),
        Kind.AMOUNT: st.integers(0, 60),
        Kind.DATE: days,
        Kind.OTHER: st.lists(st.sampled_from(evidence), unique=True) if evidence else st.just([]),
    }
    return every[kind]


def cases(pack: Pack) -> st.SearchStrategy[dict[str, Any]]:
    """Any facts, a few at a time: with many most cases cannot be."""
    kinds = [kind for decision in pack.decisions for kind in decision.file.outputs.get("evidence", ())]
    facts = {name: fact for name, fact in pack.facts.items() if name not in ("ground", "today", "currency")}
    some = st.lists(st.sampled_from([*facts]), unique=True, max_size=9)
    grounds = st.sampled_from([*dr.Ground])
    given_facts = some.flatmap(
        lambda names: st.fixed_dictionaries(
            {name: values(facts[name].kind, facts[name].labels, kinds) for name in names}
        )
    )
    return st.tuples(grounds, given_facts).map(lambda both: {"ground": both[0], "today": "2026-06-01", **both[1]})


@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_every_text_is_from_the_pack_and_all_else_is_the_same(data: st.DataObject, twins: Twins) -> None:
    check_twins(twins, data.draw(cases(twins[0].pack)))


def test_so_it_is_in_the_cases_of_every_rule(twins: Twins) -> None:
    own, said = twins
    places: set[str] = set()
    for decision in own.pack.decisions:
        for rule in decision.rules:
            for case in [example.case for example in rule.file.examples if example.case is not None][:1]:
                facts = {"today": rule.file.until or date(2026, 6, 1), **case}
                check_twins(twins, facts)
                found = [*strings(told(said, facts))]
                assert (".reasons.because", marked(rule.file.because)) in found
                places |= {path for path, _ in found}
    if own.pack.name == "aliexpress":
        assert places == EVERYWHERE


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_words_of_an_explanation_are_from_the_pack_and_the_texts_between(data: st.DataObject, twins: Twins) -> None:
    facts = data.draw(cases(twins[0].pack))
    with suppress(dr.CaseError):
        for path, text in strings(json.loads(twins[1].explain(facts).model_dump_json())):
            assert outside(text) == "", f"{path}: {text}"


def test_what_cannot_be_is_told_in_the_words_of_the_pack(twins: Twins) -> None:
    own, said = twins
    facts = {"ground": "not_arrived", "received": True} if own.pack.name == "aliexpress" else {"ground": "not_arrived"}
    facts = {"ground": "damaged", "received": False} if own.pack.name == "own" else facts
    check_twins(twins, facts)
    with pytest.raises(dr.CaseError, match=r"⟦.*⟧ \[contradiction\]\n  help: ⟦.*⟧"):
        said.advise(facts)


def test_why_nothing_else_can_be_taken_is_told_by_the_pack(tmp_path: Path) -> None:
    """Of the colours only red is ever assumed, and no gift is red."""
    barred = "  - {when: {gift: true, colour: red}, because: No gift is red., help: Say the colour.}\n"
    shared = GOOD_PACK["pack.yaml"].replace("decisions: [", f"{barred}decisions: [")
    own, said = twins_of(write_pack(tmp_path / "own", {**GOOD_PACK, "pack.yaml": shared}))
    advice = own.advise(ground="damaged", gift=True)
    assert [(a.value, a.because) for a in advice.assumptions if a.fact == "colour"] == [("green", "No gift is red.")]
    check_twins((own, said), {"ground": "damaged", "gift": True})

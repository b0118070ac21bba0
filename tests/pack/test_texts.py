"""Every text of a pack has a key of its own, which does not change when other things come, go or move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from dispute_rules.pack.files import PackFile
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.texts import check_names, texts
from dispute_rules.pack.written import Pack, pack_of
from dispute_rules.pack.yaml import Document
from dispute_rules.phrases import ENGLISH
from tests.conftest import GOOD_PACK, MakePack, edited, found_in

EXAMPLE = Path(__file__).parents[2] / "examples" / "phone-shop" / "phone_shop"
PACKS = {"aliexpress": load_pack("aliexpress"), "phone_shop": load_pack(EXAMPLE)}
each_pack = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
searching = settings(max_examples=60, deadline=None, derandomize=True)


def written(value: object) -> Iterator[str]:
    """All that stands in a part of a pack, but for examples."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name, part in value:
            yield from written(part) if name != "examples" else ()
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from written(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from written(part)


@each_pack
def test_whatever_is_more_than_a_word_is_a_text(pack: Pack) -> None:
    parts: list[object] = [pack.file]
    for decision in pack.decisions:
        parts += [decision.file, *(rule.file for rule in decision.rules)]
    found = {text for text in written(tuple(parts)) if " " in text}
    assert len(found) > 50
    assert found - set(texts(pack).values()) == set()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("title", "Our shop"),
        ("about", "Complaints about what our shop sells."),
        ("sources.notice.title", "A notice"),
        ("sources.notice.by", "Our shop"),
        ("sources.notice.dated", "about 2021"),
        ("parameters.complaint_days.title", "Days to complain"),
        ("facts.colour.question", "Which colour is it?"),
        ("facts.colour.labels.red", "Red"),
        ("facts.gift.labels.true", "true"),
        ("facts.last_complaint.labels.ahead", "ahead"),
        ("facts.asked.labels.above", "above"),
        ("assume.usability.unusable.because", "Damaged goods are mostly of no use."),
        ("assume.age_months.0.because", "Most goods are new."),
        ("impossible.ground+received.because", "Nobody can judge what has not come."),
        ("impossible.ground+received.help", "Set `received` to true."),
        ("window/decision.question", "Can a complaint be made?"),
        ("window/decision.outputs.window.open", "It can"),
        ("papers/decision.outputs.required.true", "Needed"),
        ("verdict/used-goods.title", "Used goods"),
        ("verdict/used-goods.because", "Used goods have lost some of their worth."),
    ],
)
def test_a_text_and_its_key(key: str, text: str, make_pack: MakePack) -> None:
    assert texts(load_pack(make_pack()))[key] == text


def test_a_date_that_is_no_words_is_no_text(make_pack: MakePack) -> None:
    pack = load_pack(make_pack(edited("pack.yaml", "dated: about 2021", "dated: 2021-05-01")))
    assert "sources.notice.dated" not in texts(pack)


def test_a_name_stands_for_what_an_entry_is_about(make_pack: MakePack) -> None:
    shared = GOOD_PACK["pack.yaml"].replace("{gift: false,", "{gift: false, name: bought,")
    shared = shared.replace("  - when: {ground: damaged,", "  - name: unseen\n    when: {ground: damaged,")
    found = texts(load_pack(make_pack({"pack.yaml": shared})))
    assert found["assume.gift.bought.because"] == "Most goods are bought for oneself."
    assert found["impossible.unseen.help"] == "Set `received` to true."
    assert "assume.gift.false.because" not in found


def test_two_entries_about_the_same_need_a_name(make_pack: MakePack) -> None:
    shared = GOOD_PACK["pack.yaml"]
    shared = shared.replace("  - {gift: false,", "  - {gift: false, given: today, because: A.}\n  - {gift: false,")
    shared = shared.replace(
        "decisions:", "  - {when: {received: true, ground: fake}, because: A., help: B.}\ndecisions:"
    )
    second = [
        number for number, line in enumerate(shared.splitlines(), 1) if "gift: false, bec" in line or "fake" in line
    ]
    assert found_in(make_pack({"pack.yaml": shared})) == {(f"pack.yaml:{line}:5", "missing-name") for line in second}


# --- keys stay


@st.composite
def parts_of_packs(draw: st.DrawFn) -> tuple[Pack, Pack]:
    """A pack, and one with a part of what it says, in another order."""
    pack, chance = draw(st.sampled_from([*PACKS.values()])), draw(st.randoms(use_true_random=False))

    def some(parts: Iterable[Any]) -> tuple[Any, ...]:
        every = [*parts]
        return tuple(chance.sample(every, chance.randint(0, len(every))))

    sections = {name: dict(some(getattr(pack.file, name).items())) for name in ("sources", "parameters", "facts")}
    lists = {name: some(getattr(pack.file, name)) for name in ("assume", "impossible")}
    decisions = [decision._replace(rules=some(decision.rules)) for decision in some(pack.decisions)]
    file = pack.file.model_copy(update=sections | lists)
    return pack, pack.saying(file, tuple(decisions))


@searching
@given(packs=parts_of_packs())
def test_no_key_depends_on_what_else_there_is_or_in_which_order(packs: tuple[Pack, Pack]) -> None:
    whole, part = packs
    assert texts(part).items() <= texts(whole).items()


FACTS = ("ground", "received", "stage", "shipped")
NAMES = st.sampled_from([None, None, "one", "two", "received", "false"])


def named(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in entry.items() if part is not None}


@st.composite
def entries(draw: st.DrawFn) -> dict[str, Any]:
    """The lists of a pack with entries that are alike, and unlike."""
    assumed = st.builds(
        lambda fact, value, name: {fact: value, "name": name, "because": "So it is."},
        st.sampled_from(FACTS),
        st.sampled_from(["false", "true", 1]),
        NAMES,
    )
    barred = st.builds(
        lambda when, given, name: {
            "when": when,
            "given": given,
            "name": name,
            "because": "So it is.",
            "help": "Do it.",
        },
        st.dictionaries(st.sampled_from(FACTS), st.just("x"), min_size=1),
        st.sampled_from([None, "opened_on", "ground"]),
        NAMES,
    )
    return {
        "assume": draw(st.lists(assumed.map(named), max_size=5)),
        "impossible": draw(st.lists(barred.map(named), max_size=5)),
    }


@settings(searching, max_examples=150)
@given(lists=entries())
def test_keys_are_unique_unless_a_name_is_missing(lists: dict[str, Any]) -> None:
    file = PackFile.model_validate({"title": "A", "about": "B", "from": "2020-01-01", "decisions": ["one"], **lists})
    document = Document("pack.yaml")
    check_names(document, file)
    pack = pack_of(Path(), "own", {}, file, {})
    every = len(ENGLISH.texts) + 2 + len(file.assume) + 2 * len(file.impossible)
    assert (len(texts(pack)) == every) == (not document.problems)
    assert {problem.code for problem in document.problems} <= {"missing-name"}


@each_pack
def test_the_packs_that_we_write_have_words_for_all_that_can_be(pack: Pack) -> None:
    """What the phone shop is never asked about has none."""
    bare = {key for key, text in texts(pack).items() if key.startswith("facts.") and text == key.rsplit(".", 1)[1]}
    never = {f"facts.ground.labels.{ground}" for ground in ("not_arrived", "wrong_delivery_method")}
    assert bare <= (never if pack.name == "phone_shop" else set())

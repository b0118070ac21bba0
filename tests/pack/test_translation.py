"""A file of texts beside a pack: read in place of the pack's own, and refused with a place where it is wrong."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.authoring.check import check
from dispute_rules.authoring.lock import entries, out_of_step, write_lock
from dispute_rules.cli.texts import yaml_of
from dispute_rules.errors import PackError
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.texts import texts
from dispute_rules.pack.translation import languages_of, translated
from dispute_rules.pack.written import Pack
from dispute_rules.phrases import ENGLISH, placeholders
from tests.conftest import GOOD_PACK, MakePack, edited, write_pack

GERMAN = "title: Unser Laden\nverdict/new-goods.because: Neue Ware nehmen wir zurück.\n"
IN_ENGLISH = edited("pack.yaml", "title: Our shop\n", "title: Our shop\nlanguage: en\n")


def refused(folder: Path, language: Any) -> set[tuple[str, str]]:
    """The places and codes of what is wrong."""
    with pytest.raises(PackError) as caught:
        load_pack(folder, language=language)
    assert all(problem.help for problem in caught.value.problems)
    return {(problem.place.removeprefix(f"{folder}/"), problem.code) for problem in caught.value.problems}


def test_texts_are_those_of_the_file_and_all_others_stay(make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": GERMAN})
    said = {"title": "Unser Laden", "verdict/new-goods.because": "Neue Ware nehmen wir zurück."}
    assert texts(load_pack(folder, language="de")) == texts(load_pack(folder)) | said


def test_advice_is_in_the_language_and_says_so(make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": GERMAN})
    advice = dr.advise(ground="damaged", pack=dr.load_pack(folder, language="de"))
    assert (advice.pack.title, advice.pack.language) == ("Unser Laden", "de")
    assert "Neue Ware nehmen wir zurück." in {reason.because for reason in advice.reasons}
    assert "The last day has not passed." in {reason.because for reason in advice.reasons}
    assert dr.advise(ground="damaged", pack=dr.load_pack(folder)).pack.language is None


def test_a_label_without_words_may_be_given_some(make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": "facts.gift.labels.true: Ja\n"})
    assert load_pack(folder, language="de").file.facts["gift"].labels == {"true": "Ja"}


def test_a_pack_in_its_own_language_is_itself(make_pack: MakePack) -> None:
    folder = make_pack({**IN_ENGLISH, "texts.de.yaml": GERMAN})
    assert texts(load_pack(folder, language="en")) == texts(load_pack(folder))
    assert dr.advise(ground="damaged", pack=load_pack(folder)).pack.language == "en"


@pytest.mark.parametrize("language", ["fr", "DE", "de-AT", "en", "", "../texts.de", "texts.de.yaml", 3, ["de"], "\0"])
def test_a_language_that_is_not_there_is_told_with_those_that_are(language: Any, make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": GERMAN, "texts.pt-BR.yaml": "title: Nossa loja\n"})
    assert refused(folder, language) == {(f"{folder}", "unknown-language")}
    with pytest.raises(PackError, match="`de`"):
        load_pack(folder, language=language)


def test_a_pack_without_translations_says_so(make_pack: MakePack) -> None:
    with pytest.raises(PackError, match=r"leave the language out; .* `texts\.de\.yaml`"):
        load_pack(make_pack(), language="de")


@pytest.mark.parametrize("tag", ["de", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419", "ca-valencia", "de-1996", "yue"])
def test_a_language_is_named_by_its_tag(tag: str, make_pack: MakePack) -> None:
    folder = make_pack({f"texts.{tag}.yaml": "title: So\n"})
    assert languages_of(load_pack(folder)) == (tag,)
    assert load_pack(folder, language=tag).title == "So"


@pytest.mark.parametrize(
    "name", ["DE", "pt_BR", "pt-br", "deutsch", "d", "de-", "de.old", "", "de-AT-", "de\n", "dé", "x-own", "zh-hant"]
)
def test_a_file_with_another_name_is_refused(name: str, make_pack: MakePack) -> None:
    folder = make_pack({f"texts.{name}.yaml": "title: So\n"})
    with pytest.raises(PackError, match="translations named like"):
        load_pack(folder)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("titel: A\n", {("1:1", "unknown-text")}),
        ("title: A\nfacts.x.question: B\n", {("2:1", "unknown-text")}),
        ("title: A\n\ntitle: B\n", {("3:1", "duplicate-key")}),
        ("title: 3\n", {("1:8", "wrong-type")}),
        ("title: true\nabout: 2.5\n", {("1:8", "wrong-type"), ("2:8", "wrong-type")}),
        ("title:\n", {("1:7", "wrong-type")}),
        ("title: ''\n", {("1:8", "out-of-range")}),
        (f"title: {'a' * 1001}\n", {("1:8", "out-of-range")}),
        ("title: [A]\n", {("1:8", "wrong-type")}),
        ("facts: {received: {question: A}}\n", {("1:1", "unknown-text"), ("1:8", "wrong-type")}),
        ("- title\n", {("1:1", "wrong-type")}),
        ("title\n", {("1:1", "wrong-type")}),
        ("", {("1:1", "empty-file")}),
        ("# nothing so far\n", {("1:1", "empty-file")}),
        ("title: A\n---\nabout: B\n", {("2:1", "two-documents")}),
        ("title: &a A\n", {("1:8", "alias")}),
        ("title: 'A\n", {("2:1", "not-yaml")}),
        ("12: A\n", {("1:1", "bad-name"), ("1:1", "unknown-text")}),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(
    text: str, problems: set[tuple[str, str]], make_pack: MakePack
) -> None:
    folder = make_pack({"texts.de.yaml": text})
    expected = {(f"texts.de.yaml:{place}", code) for place, code in problems}
    assert refused(folder, "de") == expected
    told = {(f.places[0].removeprefix(f"{folder}/"), f.code) for f in check(load_pack(folder)).findings}
    assert told >= expected


def test_a_key_that_is_nearly_one_is_told_with_it(make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": "verdict/new_goods.becuase: A\n"})
    with pytest.raises(
        PackError, match=r"the pack has no text `verdict/new_goods.becuase` .*\n.*mean `verdict/new-goods.because`"
    ):
        load_pack(folder, language="de")


def test_a_file_that_is_not_utf_8_or_too_large_is_refused(make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": "title: Größe\n".encode("latin-1"), "texts.fr.yaml": b"#" * 1_000_001})
    assert refused(folder, "de") == {("texts.de.yaml:1:10", "not-utf-8")}
    assert refused(folder, "fr") == {("texts.fr.yaml", "too-large")}


def test_a_link_is_no_translation(make_pack: MakePack, tmp_path: Path) -> None:
    (tmp_path / "de.yaml").write_text(GERMAN)
    folder = make_pack()
    (folder / "texts.de.yaml").symlink_to(tmp_path / "de.yaml")
    assert refused(folder, "de") == {("texts.de.yaml", "stray-file")}


def test_a_pack_has_no_translation_into_its_own_language(make_pack: MakePack) -> None:
    folder = make_pack({**IN_ENGLISH, "texts.en.yaml": "title: Their shop\n"})
    assert refused(folder, None) == {("texts.en.yaml", "stray-file")}


@pytest.mark.parametrize("tag", ["english", "EN", "''", "3", "[en]"])
def test_a_pack_says_its_language_as_a_tag(tag: str, make_pack: MakePack) -> None:
    folder = make_pack(edited("pack.yaml", "title: Our shop\n", f"title: Our shop\nlanguage: {tag}\n"))
    ((place, code),) = refused(folder, None)
    assert (place, code in ("out-of-range", "wrong-type")) == ("pack.yaml:2:11", True)


def test_a_file_with_faults_keeps_nobody_from_other_languages(make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": GERMAN, "texts.fr.yaml": "titel: A\n"})
    assert load_pack(folder).title == "Our shop"
    assert load_pack(folder, language="de").title == "Unser Laden"


def test_a_text_still_to_be_written_is_found_by_check(make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": "about: So\ntitle: TODO\n"})
    findings = [f for f in check(load_pack(folder)).findings if "texts." in f.places[0]]
    assert [(f.code, f.places) for f in findings] == [("to-do", (f"{folder}/texts.de.yaml:2:1",))]


def test_an_unfinished_translation_is_no_fault(make_pack: MakePack) -> None:
    folder = make_pack()
    before = [(f.code, f.places) for f in check(load_pack(folder)).findings]
    write_pack(folder, {"texts.de.yaml": GERMAN})
    assert [(f.code, f.places) for f in check(load_pack(folder)).findings] == before


# --- a translation is another text, never another logic


def test_the_content_hash_is_the_same_in_every_language(make_pack: MakePack) -> None:
    folder = make_pack()
    before = load_pack(folder).content_hash
    write_pack(folder, {"texts.de.yaml": GERMAN})
    assert load_pack(folder).content_hash == before
    assert load_pack(folder, language="de").content_hash == before


def test_a_translation_is_neither_logic_nor_text_of_the_lock(make_pack: MakePack) -> None:
    folder = make_pack()
    write_lock(load_pack(folder))
    write_pack(folder, {"texts.de.yaml": GERMAN})
    assert not [*out_of_step(load_pack(folder))]


@pytest.mark.parametrize(
    ("old", "new", "section"),
    [
        ("title: Our shop\n", "title: Our shop\nlanguage: en\n", "about"),
        ("{gift: false,", "{gift: false, name: bought,", "assume"),
        ("  - when: {ground: damaged, received", "  - name: one\n    when: {ground: damaged, received", "impossible"),
    ],
)
def test_language_and_names_are_text_to_the_lock(old: str, new: str, section: str, make_pack: MakePack) -> None:
    before = entries(load_pack(make_pack()))
    after = entries(load_pack(make_pack(edited("pack.yaml", old, new))))
    assert {key for key in before if before[key] != after[key]} == {("pack", section)}
    assert before["pack", section].logic == after["pack", section].logic


def test_editions_of_one_language_are_not_those_of_another(make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": GERMAN})
    own = load_pack(folder)
    advices = [dr.advise(ground="damaged", pack=pack) for pack in (own, translated(own, "de"), own)]
    assert [advice.pack.title for advice in advices] == ["Our shop", "Unser Laden", "Our shop"]


# --- any text


searching = settings(max_examples=100, deadline=None, derandomize=True)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return load_pack(write_pack(tmp_path_factory.mktemp("packs") / "own", GOOD_PACK))


@searching
@given(data=st.data())
def test_any_texts_are_written_read_and_said(data: st.DataObject, own: Pack) -> None:
    keys = [key for key in texts(own) if not key.startswith("phrases.")]
    said = data.draw(st.dictionaries(st.sampled_from(keys), TEXTS, min_size=1))
    write_pack(own.folder, {"texts.de.yaml": yaml_of(said)})
    assert texts(translated(own, "de")) == texts(own) | said


@searching
@given(data=st.data())
def test_any_text_between_is_filled_in_or_refused(data: st.DataObject, own: Pack) -> None:
    key, text = data.draw(st.sampled_from([*ENGLISH.texts.items()]))
    said = data.draw(
        st.lists(st.sampled_from([*"{}:!.ab0[] ", *(f"{{{blank}}}" for blank in placeholders(text) or ())]), min_size=1)
    )
    write_pack(own.folder, {"texts.de.yaml": yaml_of({f"phrases.{key}": "".join(said)})})
    values = dict.fromkeys(placeholders(text) or (), "⟦⟧")
    with suppress(PackError):
        assert translated(own, "de").phrases.say(key, **values).count("⟦⟧") >= len(values)


@pytest.mark.parametrize(
    "text",
    ["So", "{reason", "{reason} {more}", "{reason.__class__}", "{reason!r}", "{reason:>9999999999}", "{}", "{0}"],
)
def test_a_text_between_that_cannot_be_filled_in_is_refused(text: str, make_pack: MakePack) -> None:
    folder = make_pack({"texts.de.yaml": yaml_of({"phrases.why.because": text})})
    assert refused(folder, "de") == {("texts.de.yaml:1:22", "bad-placeholder")}


def test_texts_between_are_said_in_the_language(make_pack: MakePack) -> None:
    said = {"phrases.why.because": "Weil: {reason}", "phrases.basis.derived": "daraus folgt"}
    pack = load_pack(make_pack({"texts.de.yaml": yaml_of(said)}), language="de")
    text = dr.Advisor(pack).explain(ground="damaged", age_months=3).text(pack.phrases)
    assert "  Weil: " in text
    assert ": daraus folgt" in text
    assert "This rests on:" in text  # not translated


@searching
@given(text=st.binary(max_size=60) | st.text("title: about\n'\"{}[]-#&*!|>%@?,0", max_size=30).map(str.encode))
def test_any_file_is_read_or_refused(text: bytes, own: Pack) -> None:
    write_pack(own.folder, {"texts.de.yaml": text})
    with suppress(PackError):
        assert translated(own, "de").file.language == "de"

"""Whatever a folder holds, loading it ends with a pack or a `PackError`, and a pack that loads can be advised on."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispute_rules.advisor import Advisor
from dispute_rules.errors import CaseError, PackError
from dispute_rules.pack.load import load_pack
from dispute_rules.pack.yaml import read
from tests.conftest import GOOD_PACK, write_pack

FILES = sorted(GOOD_PACK)
LINES = sorted({line for text in GOOD_PACK.values() for line in text.splitlines()})
WORDS = sorted({word.strip("{}[],:") for line in LINES for word in line.split()} - {""})
NAMES = [*WORDS, "proof", "recommended", "today", "marks", "date", "amount", "price", "quantity_ordered", "evidence"]
CASES: tuple[dict[str, Any], ...] = (
    {"ground": "damaged"},
    {"ground": "fake", "today": "2021-06-01", "handed_over_on": "2020-01-01", "gift": True, "colour": "blue"},
    {"ground": "damaged", "price": "10", "requested": "11", "age_months": "3", "evidence": [], "usability": "impaired"},
)

fuzzing = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(NAMES),
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(NAMES), scalars), inner, max_size=4)
    ),
    max_leaves=12,
)


def all_answered(files: Mapping[str, str | bytes]) -> bool:
    """Whether loading, and then advising, each end with an answer or with problems; any other error comes through."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            advisor = Advisor(load_pack(write_pack(Path(folder) / "own", files)), engine="reference")
        except PackError as error:
            return bool(error.problems)
    return all(answered(advisor, case) for case in CASES)


def answered(advisor: Advisor, case: Mapping[str, Any]) -> bool:
    try:
        return bool(advisor.advise(case).model_dump_json())
    except (CaseError, PackError) as error:
        return bool(error.problems)


@st.composite
def mutated_texts(draw: st.DrawFn) -> dict[str, str]:
    """The good pack with one to three lines or words changed."""
    files = dict(GOOD_PACK)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(FILES))
        lines = files[name].splitlines() or [""]
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["delete", "double", "replace", "word", "indent", "insert"])):
            case "delete":
                del lines[at]
            case "double":
                lines.insert(at, lines[at])
            case "replace":
                lines[at] = draw(st.sampled_from(LINES))
            case "insert":
                lines.insert(at, draw(st.sampled_from(LINES)))
            case "indent":
                lines[at] = "  " + lines[at]
            case _:
                words = lines[at].split(" ")
                word = draw(st.integers(0, len(words) - 1))
                ending = words[word][len(words[word].rstrip("{}[],:")) :]
                words[word] = draw(st.sampled_from(NAMES)) + ending
                lines[at] = " ".join(words)
        files[name] = "\n".join(lines) + "\n"
    return files


def paths_in(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values below the root."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [found for key, value in items for found in ((*path, key), *paths_in(value, (*path, key)))]


@st.composite
def mutated_trees(draw: st.DrawFn) -> dict[str, str]:
    """The good pack with one value swapped for another one of the pack, or for anything."""
    name = draw(st.sampled_from(FILES))
    tree = read(GOOD_PACK[name].encode(), name).data
    *parents, last = draw(st.sampled_from(paths_in(tree)))
    holder = tree
    for step in parents:
        holder = holder[step]
    donor = read(GOOD_PACK[draw(st.sampled_from(FILES))].encode(), "").data
    swapped = draw(st.sampled_from(paths_in(donor)))
    for step in swapped:
        donor = donor[step]
    holder[last] = draw(st.one_of(st.just(donor), trees, scalars))
    return {**GOOD_PACK, name: dumped(tree)}


def dumped(tree: Any) -> str:
    """The tree as YAML without anchors; exact numbers as they are written."""
    return yaml.dump(tree, Dumper=_Dumper, allow_unicode=True, sort_keys=False)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_multi_representer(
    object, lambda dumper, number: dumper.represent_scalar("tag:yaml.org,2002:float", str(number))
)


def test_the_good_pack_survives_a_round_trip() -> None:
    files = {name: dumped(read(text.encode(), name).data) for name, text in GOOD_PACK.items()}
    with tempfile.TemporaryDirectory() as folder:
        pack = load_pack(write_pack(Path(folder) / "own", files))
    assert Advisor(pack).advise(ground="damaged").verdict == "full_refund"


@fuzzing
@given(text=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    document = read(text, "f.yaml")
    assert document.problems or document.data is not None


@fuzzing
@given(text=st.text(alphabet=" \n\t-:?[]{}&*!|>'\"%@`#,~<=ab01.", max_size=60))
def test_any_signs_are_read_or_refused(text: str) -> None:
    document = read(text.encode(), "f.yaml")
    assert document.problems or document.data is not None


@fuzzing
@given(name=st.sampled_from(FILES), text=st.binary(max_size=100))
def test_any_bytes_for_a_file_are_loaded_or_refused(name: str, text: bytes) -> None:
    assert all_answered({**GOOD_PACK, name: text})


@fuzzing
@given(name=st.sampled_from(FILES), start=st.integers(0, 2000), length=st.integers(0, 60), text=st.binary(max_size=6))
def test_any_bytes_within_a_file_are_loaded_or_refused(name: str, start: int, length: int, text: bytes) -> None:
    good = GOOD_PACK[name].encode()
    assert all_answered({**GOOD_PACK, name: good[:start] + text + good[start + length :]})


@settings(fuzzing, max_examples=150)
@given(files=mutated_texts())
def test_a_pack_with_changed_lines_and_words_is_loaded_or_refused(files: dict[str, str]) -> None:
    assert all_answered(files)


@settings(fuzzing, max_examples=150)
@given(files=mutated_trees())
def test_a_pack_with_changed_values_is_loaded_or_refused(files: dict[str, str]) -> None:
    assert all_answered(files)


@fuzzing
@given(name=st.sampled_from(FILES), tree=trees)
def test_any_tree_for_a_file_is_loaded_or_refused(name: str, tree: Any) -> None:
    assert all_answered({**GOOD_PACK, name: dumped(tree)})


@fuzzing
@given(facts=st.dictionaries(st.sampled_from(NAMES), scalars, max_size=5))
def test_any_example_is_loaded_or_refused(facts: dict[str, Any]) -> None:
    rule = read(GOOD_PACK["verdict/old-goods.yaml"].encode(), "").data
    assert all_answered({**GOOD_PACK, "verdict/old-goods.yaml": dumped(rule | {"examples": [{"case": facts}]})})

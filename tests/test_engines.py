"""Both engines give the same answers, the meaning is the reference engine's, and durable-rules can be done without."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dispute_rules as dr
from dispute_rules.engine import EngineName, default_engine, make_engine
from dispute_rules.pack.model import Rule

NEEDS_DURABLE = sys.version_info < (3, 13)
ENGINES: tuple[EngineName, ...] = ("reference", "durable") if NEEDS_DURABLE else ("reference",)


def rule(box: Mapping[str, Any], name: str = "r") -> Rule:
    """A rule with these accepted labels."""
    accepted = {fact: frozenset(labels) for fact, labels in box.items()}
    then = MappingProxyType({"out": name})
    return Rule(name, accepted, then, (), "", "", "inferred", (), ())


def meaning(rules: Sequence[Rule], labels: Mapping[str, str]) -> frozenset[int]:
    """Which rules match, said once more and differently."""
    missed = {i for i, r in enumerate(rules) for fact in r.box if not {labels[fact]} & r.box[fact]}
    return frozenset(range(len(rules))) - missed


def check(rules: Sequence[Rule], situations: Sequence[Mapping[str, str]]) -> None:
    """Every engine gives what the rules mean."""
    for name in ENGINES:
        engine = make_engine(name, rules)
        for labels in situations:
            assert engine.matching(labels) == meaning(rules, labels), name


FACTS = [f"fact{i}" for i in range(6)]
WORDS = ["true", "false", "none", "", "a", "v0", "v1", "f0", "kind", "case", "id", "sid", "ä", "\x00", '"', "5", "$and"]


@st.composite
def rules_and_situations(draw: st.DrawFn) -> tuple[list[Rule], list[dict[str, str]]]:
    names = draw(st.lists(st.sampled_from(FACTS) | st.sampled_from(WORDS), min_size=1, max_size=5, unique=True))
    labels = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6, unique=True))
    boxes = st.dictionaries(st.sampled_from(names), st.frozensets(st.sampled_from(labels)), max_size=4)
    rules = [rule(box) for box in draw(st.lists(boxes, max_size=12))]
    others = st.sampled_from([*labels, "a label that no rule names"])
    situation = st.fixed_dictionaries(dict.fromkeys(names, others))
    return rules, draw(st.lists(situation, min_size=1, max_size=6))


@settings(max_examples=150, derandomize=True, deadline=None)
@given(drawn=rules_and_situations())
def test_the_engines_agree_on_random_rules(drawn: tuple[list[Rule], list[dict[str, str]]]) -> None:
    check(*drawn)


@settings(max_examples=6, derandomize=True, deadline=None)
@given(random=st.randoms(use_true_random=False), count=st.integers(50, 400), facts=st.integers(1, 20))
def test_the_engines_agree_on_many_rules(random: Any, count: int, facts: int) -> None:
    names = [f"f{i}" for i in range(facts)]
    labels = [f"l{i}" for i in range(random.randint(1, 8))]
    rules = [
        rule({n: random.sample(labels, random.randint(0, len(labels))) for n in random.sample(names, min(facts, 3))})
        for _ in range(count)
    ]
    check(rules, [{name: random.choice(labels) for name in names} for _ in range(10)])


@pytest.mark.parametrize("count", [47, 48, 49, 63, 64, 65, 255, 256, 257, 511, 512, 513, 1100])
def test_the_engines_agree_when_all_of_many_rules_match(count: int) -> None:
    check([rule({"a": ["x"]}) for _ in range(count)], [{"a": "x"}, {"a": "y"}])


@pytest.mark.parametrize("count", [47, 48, 49, 239, 240, 241, 511, 512, 513, 1100])
def test_the_engines_agree_on_many_different_conditions(count: int) -> None:
    rules = [rule({"a": [f"x{i}"]}) for i in range(count)]
    check(rules, [{"a": f"x{i}"} for i in (0, count // 2, count - 1)] + [{"a": "other"}])


@pytest.mark.parametrize("count", [1, 238, 239, 240, 241, 500, 512, 2000])
def test_the_engines_agree_on_a_rule_that_accepts_many_labels(count: int) -> None:
    labels = [f"x{i}" for i in range(count)]
    rules = [rule({"a": labels}), rule({"a": labels, "b": labels}), rule({"a": labels[:1], "b": labels[1:]})]
    ends = [labels[0], labels[-1], "other"]
    check(rules, [{"a": a, "b": b} for a, b in product(ends, ends)])


@pytest.mark.parametrize("count", [1, 47, 100, 250, 300])
def test_the_engines_agree_on_a_rule_that_looks_at_many_facts(count: int) -> None:
    facts = {f"f{i}": "x" for i in range(count)}
    rules = [rule({name: ["x", "y"] for name in facts}), rule({name: ["x"] for name in facts})]
    check(rules, [facts, {**facts, "f0": "y"}, {**facts, f"f{count - 1}": "z"}])


def test_a_rule_without_conditions_always_matches() -> None:
    check([rule({})], [{}, {"a": "x"}])


def test_a_rule_that_accepts_nothing_never_matches() -> None:
    check(
        [rule({"a": []}), rule({"a": [], "b": ["x"]}), rule({"b": ["x"]})], [{"a": "x", "b": "x"}, {"a": "", "b": ""}]
    )


def test_no_rules_never_match() -> None:
    check([], [{}, {"a": "x"}])


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_answers_the_same_each_time(name: EngineName) -> None:
    rules = [rule({"a": ["x"]}), rule({"a": ["y"]})]
    engine = make_engine(name, rules)
    for _ in range(300):
        assert engine.matching({"a": "x"}) == {0}
        assert engine.matching({"a": "y"}) == {1}
        assert engine.matching({"a": "z"}) == set()


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_answers_eight_threads_as_it_answers_one(name: EngineName) -> None:
    rules = [rule({"a": [f"x{i}"], "b": [f"x{i % 5}", f"x{i % 3}"]}) for i in range(60)]
    engine = make_engine(name, rules)
    situations = [{"a": f"x{i % 60}", "b": f"x{i % 5}"} for i in range(4000)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(engine.matching, situations))
    assert answers == [meaning(rules, labels) for labels in situations]


# --- durable-rules keeps to its corner


@pytest.fixture
def native(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Any]]]:
    """What the engine asks of the C functions, in order."""
    from dispute_rules.engine import durable

    calls: list[tuple[str, Any]] = []

    class Watched:
        def __getattr__(self, name: str) -> Any:
            function = getattr(original, name)

            def call(*arguments: Any) -> Any:
                result = function(*arguments)
                calls.append((name, (arguments, result)))
                return result

            return call

    original = durable.__dict__["native"]
    monkeypatch.setattr(durable, "native", Watched())
    yield calls
    gc.collect()


if NEEDS_DURABLE:

    def test_every_rule_set_is_deleted_once_its_engine_is_gone(native: list[tuple[str, Any]]) -> None:
        engine = make_engine("durable", [rule({"a": [f"x{i}"]}) for i in range(300)])
        engine.matching({"a": "x0"})
        created = [result for name, (_, result) in native if name == "create_ruleset"]
        del engine
        gc.collect()
        deleted = [arguments[0] for name, (arguments, _) in native if name == "delete_ruleset"]
        assert created
        assert sorted(deleted) == sorted(created)

    def test_every_evaluation_deletes_its_state(native: list[tuple[str, Any]]) -> None:
        engine = make_engine("durable", [rule({"a": ["x"]})])
        for _ in range(5):
            engine.matching({"a": "x"})
            engine.matching({"a": "y"})
        names = [name for name, _ in native]
        assert names.count("delete_state") == names.count("assert_fact") == 10

    def test_nothing_of_a_caller_reaches_durable_rules(native: list[tuple[str, Any]]) -> None:
        words = ["héllo", "x" * 100_000, '"}', "damaged"]
        engine = make_engine("durable", [rule({"ground": words[:1], "id": words[3:]})])
        for word in words:
            engine.matching({"ground": word, "id": word})
        shown = repr([arguments for name, (arguments, _) in native if name in ("create_ruleset", "assert_fact")])
        assert [word for word in [*words[:2], "damaged", "ground", "id'", '"id"'] if word in shown] == []

    def test_rule_sets_that_are_made_and_dropped_give_their_memory_back() -> None:
        program = """
import gc, resource
from dispute_rules.engine import make_engine
from dispute_rules.pack.model import Rule

rules = [Rule("r", {"a": frozenset({f"x{i}"})}, {}, (), "", "", "", (), ()) for i in range(40)]

def make(times):
    for _ in range(times):
        make_engine("durable", rules).matching({"a": "x1"})
    gc.collect()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

make(30)
before = make(1)
print(make(120) - before)
"""
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert int(done.stdout) < 20_000  # kilobytes; a rule set that is kept takes about a megabyte, so these 120,000

    def test_durable_is_the_default_where_it_is_installed() -> None:
        assert default_engine() == "durable"


# --- without durable-rules

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("durable", "durable_rules_engine"):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Blocker())
"""


def _without_durable(program: str) -> str:
    arguments = [sys.executable, "-W", "error", "-c", BLOCKED + program]
    return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.strip()


def test_the_package_advises_where_durable_rules_cannot_be_imported() -> None:
    program = "import dispute_rules as dr; print(dr.advise(ground='buyer_mistake', free_return=False).verdict)"
    assert _without_durable(program) == "full_refund_return_buyer_pays"


def test_without_durable_rules_asking_for_it_is_a_clear_error() -> None:
    program = """
import dispute_rules as dr
try:
    dr.Advisor(engine="durable")
except ValueError as error:
    print(error)
"""
    told = _without_durable(program)
    assert "durable-rules is not installed" in told
    assert "help:" in told


def test_the_shell_works_where_durable_rules_cannot_be_imported() -> None:
    program = "from dispute_rules.cli.main import main; raise SystemExit(main(['advise', '--ground', 'fake']))"
    assert "AliExpress" in _without_durable(program)


@pytest.mark.parametrize("name", ["steam", "", "Durable", "reference "])
def test_an_unknown_engine_is_a_clear_error(name: Any) -> None:
    with pytest.raises(ValueError, match="`durable` or `reference`") as refused:
        dr.Advisor(engine=name)
    assert f"`{name}`" in str(refused.value)


@pytest.mark.parametrize("ground", dr.Ground)
def test_advice_is_the_same_by_either_engine(ground: dr.Ground) -> None:
    advice = [dr.Advisor(engine=name).advise(ground=ground, today="2026-03-01") for name in ENGINES]
    assert all(other == advice[0] for other in advice)

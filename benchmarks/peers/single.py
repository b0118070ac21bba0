"""One case after another, by each engine, in turns."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from statistics import mean
from time import perf_counter
from typing import Any

import dispute_rules as dr
from benchmarks.peers.drawn import drawn
from benchmarks.peers.engines import PEERS
from benchmarks.peers.translated import Answers, labels_of, tables
from dispute_rules.pack.edition import edition_on

CASES = 200
ROUNDS = 21
SLOW = {"OpenFisca"}  # these take only some of the cases

Work = Callable[[Any], object]


def single() -> dict[str, float]:
    """Seconds for one case."""
    advisor = dr.Advisor("aliexpress")
    written = drawn(advisor, CASES)
    cases = [advisor.case(facts) for facts in written]
    texts = [json.dumps(facts) for facts in written]
    works: dict[str, tuple[Work, Sequence[Any]]] = {
        "advise(case)": (advisor.advise, cases),
        "advise(dict)": (advisor.advise, written),
        "JSON in, JSON out": (lambda text: advisor.advise(json.loads(text)).model_dump_json(), texts),
        "bound: validating the case": (lambda facts: advisor.Case(**facts), written),
        "bound: reading JSON": (json.loads, texts),
    }
    works |= _peers(advisor, cases)
    return in_turns(works)


def _peers(advisor: dr.Advisor, cases: Sequence[dr.Case]) -> dict[str, tuple[Work, Sequence[Any]]]:
    """The peers, once it is seen that all answer alike; they are given labels that are ready."""
    edition = edition_on(advisor.pack, advisor.pack.starts[-1])
    settled = [advisor.settle(case) for case in cases]
    labels = [{name: each.labels[name] for name in edition.facts} for each in settled]
    answers_of = [expected(advisor, case) for case in cases]
    works: dict[str, tuple[Work, Sequence[Any]]] = {}
    for name, make in PEERS.items():
        decide, read = make(tables(edition), labels_of(edition))
        some = labels[:20] if name in SLOW else labels
        for given, answers in zip(some, answers_of, strict=False):
            if (found := read(decide(given))) != answers:
                raise SystemExit(f"{name} answers differently: {set(found.items()) ^ set(answers.items())}")
        works[name] = decide, some
    return works


def expected(advisor: dr.Advisor, case: dr.Case) -> Answers:
    """What the advice itself says, output by output."""
    found: dict[str, object] = {}
    for name, outcome in advisor.advise(case).outcomes.items():
        if isinstance(outcome, tuple):
            found[name] = frozenset(tuple(sorted(item.items())) for item in outcome)
        else:
            found |= outcome
    return found


def in_turns(works: Mapping[str, tuple[Work, Sequence[Any]]]) -> dict[str, float]:
    """Seconds for one input: of each the least of all rounds, to which other programs only add; then the mean."""
    least: dict[str, list[float]] = {name: [1e9] * len(inputs) for name, (_, inputs) in works.items()}
    for _ in range(ROUNDS):
        for name, (work, inputs) in works.items():
            for at, each in enumerate(inputs):
                begin = perf_counter()
                work(each)
                least[name][at] = min(least[name][at], perf_counter() - begin)
    return {name: mean(each) for name, each in least.items()}

"""A single case as the rules grow from 10 to 10,000: a table of two facts, with a rule for each pair of labels."""

from __future__ import annotations

import tempfile
from math import isqrt
from pathlib import Path
from random import Random

import dispute_rules as dr
from benchmarks.peers.engines import if_elif, zen
from benchmarks.peers.single import Work, in_turns
from benchmarks.peers.translated import labels_of, tables
from dispute_rules.pack.edition import edition_on

SIZES = (10, 100, 1_000, 10_000)
CASES = 50
_PACK = """\
title: Made up
about: Rules made up for measuring.
from: 2020-01-01
sources:
  guide: {{title: A guide, by: Nobody, url: https://example.org/guide, confidence: low}}
facts:
  ground: {{question: What is wrong?}}
  first: {{kind: label, question: Which one?, labels: {{{first}}}}}
  second: {{kind: label, question: And which other?, labels: {{{second}}}}}
assume:
  - {{first: a0, because: Most are like that.}}
  - {{second: b0, because: Most are like that.}}
decisions: [verdict]
"""
_DECISION = """\
question: What follows?
policy: any
outputs:
  verdict: {full_refund: All of it, partial_refund: A part of it, no_refund: Nothing}
"""
_RULE = """\
title: The pair {a} and {b}
when: {{first: a{a}, second: b{b}}}
then: {{verdict: {verdict}}}
because: That is what was agreed on.
basis: inferred
"""
_VERDICTS = ("full_refund", "partial_refund", "no_refund")


def growth() -> dict[str, dict[int, float]]:
    """Seconds for one case by the number of rules, for each engine."""
    found: dict[str, dict[int, float]] = {}
    for size in SIZES:
        for name, seconds in in_turns(_works(size)).items():
            found.setdefault(name, {})[size] = seconds
    return found


def _works(size: int) -> dict[str, tuple[Work, list[object]]]:
    with tempfile.TemporaryDirectory() as folder:
        advisor = dr.Advisor(dr.load_pack(_written(Path(folder) / "made", size)), engine="reference")
    edition = edition_on(advisor.pack, advisor.pack.starts[-1])
    random = Random(size)
    firsts, seconds = (edition.facts[name].labels for name in ("first", "second"))
    pairs = [(random.choice(firsts), random.choice(seconds)) for _ in range(CASES)]
    labels: list[object] = [{"first": first, "second": second} for first, second in pairs]
    cases: list[object] = [advisor.case(ground="fake", first=first, second=second) for first, second in pairs]
    works: dict[str, tuple[Work, list[object]]] = {"this library, advise(case)": (advisor.advise, cases)}
    for name, make in {"zen-engine": zen, "if/elif": if_elif}.items():
        decide, read = make(tables(edition), labels_of(edition))
        for given, case in zip(labels, cases, strict=True):
            verdict = advisor.advise(case).verdict  # type: ignore[arg-type]
            if (said := read(decide(given))["verdict"]) != verdict:  # type: ignore[arg-type]
                raise SystemExit(f"{name} answers {said} and not {verdict}")
        works[name] = decide, labels
    return works


def _written(folder: Path, size: int) -> Path:
    width = isqrt(size) if isqrt(size) ** 2 == size else 10
    (folder / "verdict").mkdir(parents=True)
    first, second = (
        ", ".join(f"{name}{i}: It is {i}" for i in range(count)) for name, count in (("a", width), ("b", size // width))
    )
    (folder / "pack.yaml").write_text(_PACK.format(first=first, second=second))
    (folder / "verdict" / "decision.yaml").write_text(_DECISION)
    for place in range(size):
        a, b = place % width, place // width
        rule = _RULE.format(a=a, b=b, verdict=_VERDICTS[(a * 7 + b * 3) % 3])
        (folder / "verdict" / f"pair-{a}-{b}.yaml").write_text(rule)
    return folder

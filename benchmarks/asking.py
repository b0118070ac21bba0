"""How long the next question of an interview takes, and what questions add to advice: python -m benchmarks.asking

CPU time in one run, over interviews with truthful buyers by chance on the AliExpress pack. What is remembered of one
situation is used by the next, as in any program that runs for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from random import Random
from statistics import median
from typing import Any

from tests.asking.people import buyer

from dispute_rules.advisor import Advisor
from dispute_rules.case import Case

PEOPLE = 150


def main() -> None:
    """Measure, and print a table in Markdown."""
    print("| | median | slowest of 100 but one |\n|---|---|---|")
    for name, times in _measured():
        print(f"| {name} | {_shown(median(times))} | {_shown(sorted(times)[int(len(times) * 0.99)])} |")


def _measured() -> Iterator[tuple[str, Sequence[float]]]:
    begin = time.process_time()
    advisor = Advisor()
    yield "loading the pack", [time.process_time() - begin]
    begun = list(_begun(Advisor()))
    yield "next question, the first time", _times(advisor.questions, begun)
    yield "next question, met before", _times(advisor.questions, begun)
    fresh, whole = Advisor(), [advisor.case(facts) for facts in begun]
    fresh.advise(whole[0])
    yield "advice without any of this (`outline`), the first time", _times(fresh.outline, whole)
    yield "advice, the first time", _times(Advisor().advise, whole)
    yield "advice, met before", _times(fresh.advise, whole * 2)[len(whole) :]


def _begun(advisor: Advisor) -> Iterator[dict[str, Any]]:
    """The facts that are known at questions of interviews, each situation once."""
    met = set()
    for seed in range(PEOPLE):
        person = buyer(Random(seed))
        talk = advisor.interview(today=person["today"], ground=person["ground"])
        while talk.question:
            known = advisor.settle(talk.facts).known
            if (key := (*sorted(known.told.items()), *known.given, *known.uncertain)) not in met:
                yield talk.facts
            met.add(key)
            talk.answer(person[talk.question.fact])


def _times(work: Callable[[Any], object], cases: Sequence[dict[str, Any] | Case]) -> list[float]:
    found = []
    for case in cases:
        begin = time.process_time()
        work(case)
        found.append(time.process_time() - begin)
    return found


def _shown(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"


if __name__ == "__main__":
    main()

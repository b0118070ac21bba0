"""How many questions an interview takes: python -m benchmarks.interviews [--people 1000]

On small made-up packs against the best that any interview could do, found by looking at all of them; on the AliExpress
pack, with truthful buyers by chance, against asking in a fixed order. The same figures in each run.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from statistics import mean
from typing import Any

from tests.asking.people import Person, buyer
from tests.asking.small import Size, Truth, truths

from dispute_rules.advisor import Advisor
from dispute_rules.pack.edition import edition_on
from dispute_rules.process.tellers import Tellers
from dispute_rules.reasoning.unknowns import Outlook

Cost = tuple[float, int]
"""Questions until nothing can change the outcome: the mean over all that is possible, and the most."""
Pick = Callable[[Truth], str]
"""Which fact to ask for next."""
SMALL = {
    "3 to 5 facts": truths(300),
    "5 to 6 facts": truths(60, Size(facts=(5, 6), decisions=(2, 3), rules=(4, 7))),
}


def main() -> None:
    """Measure, and print two tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000, help="how many buyers are asked")
    options = parser.parse_args()
    for title, packs in SMALL.items():
        _table(f"packs of {title}", _on_small([truth for truth in packs if not _is_settled(truth)]))
    _table(f"AliExpress, {options.people} buyers", _on_aliexpress(options.people))


def _table(title: str, rows: Iterator[tuple[str, Sequence[float]]]) -> None:
    print(f"\n| {title} | mean | most |\n|---|---|---|")
    for name, counts in rows:
        print(f"| {name} | {mean(counts):.2f} | {max(counts):.2f} |")


# --- small packs, all interviews looked at


def _on_small(packs: Sequence[Truth]) -> Iterator[tuple[str, Sequence[float]]]:
    best = [_Best().cost(truth) for truth in packs]
    ways: Mapping[str, Pick] = {
        "this interview": lambda truth: _looked_at(truth)[0],
        "a fixed order, without what cannot matter": lambda truth: next(
            n for n in truth.names if n in _looked_at(truth)
        ),
        "a fixed order": lambda truth: truth.names[0],
    }
    yield f"best possible, {len(packs)} packs", [cost for cost, _ in best]
    for name, pick in ways.items():
        yield name, [_cost(truth, pick)[0] for truth in packs]
    for name, pick in ways.items():
        more = [_cost(truth, pick)[0] / cost for truth, (cost, _) in zip(packs, best, strict=True)]
        yield f"{name}, times the best", more


def _looked_at(truth: Truth) -> Sequence[str]:
    return Outlook(truth.edition, truth.outputs).unknowns(truth.known, (), frozenset()).facts


def _is_settled(truth: Truth) -> bool:
    return len(set(truth.ends.values())) == 1


def _answers(truth: Truth, name: str) -> list[Truth]:
    return [view for label in truth.edition.facts[name].labels if (view := truth.knowing(name, label)).ends]


def _sum(truth: Truth, answers: Sequence[Truth], costs: Sequence[Cost]) -> Cost:
    every = sum(len(view.ends) * cost for view, (cost, _) in zip(answers, costs, strict=True))
    return 1 + every / len(truth.ends), 1 + max(most for _, most in costs)


def _cost(truth: Truth, pick: Pick) -> Cost:
    if _is_settled(truth):
        return 0, 0
    answers = _answers(truth, pick(truth))
    return _sum(truth, answers, [_cost(view, pick) for view in answers])


class _Best:
    """The best interview, found by trying each question at each point."""

    def __init__(self) -> None:
        self._met: dict[frozenset[tuple[str, str]], Cost] = {}

    def cost(self, truth: Truth) -> Cost:
        if _is_settled(truth):
            return 0, 0
        key = frozenset(truth.known.items())
        if key not in self._met:
            tries = [answers for name in truth.names if len(answers := _answers(truth, name)) > 1]
            self._met[key] = min(_sum(truth, answers, list(map(self.cost, answers))) for answers in tries)
        return self._met[key]


# --- AliExpress


def _on_aliexpress(count: int) -> Iterator[tuple[str, Sequence[float]]]:
    advisor = Advisor()
    order = _fixed_order(advisor)
    people = [buyer(Random(seed)) for seed in range(count)]
    yield "this interview", [_interviewed(advisor, person) for person in people]
    yield "a fixed order, without what cannot matter", [_in_order(advisor, person, order) for person in people]
    yield "a fixed order, until it is settled", [_all_in_order(advisor, person, order) for person in people]
    yield "a form with all facts", [len(person.keys() & set(order)) for person in people]


def _fixed_order(advisor: Advisor) -> list[str]:
    """The facts that questions are about, in the order in which the pack words them."""
    tellers = Tellers(edition_on(advisor.pack, advisor.pack.starts[-1]))
    outlook = Outlook(edition_on(advisor.pack, advisor.pack.starts[-1]), ("claim", "extent", "verdict"))
    told = (fact for name in advisor.pack.file.facts if name in outlook.space.order for fact in tellers.facts(name))
    return list(dict.fromkeys(told))


def _interviewed(advisor: Advisor, person: Person) -> int:
    talk = advisor.interview(today=person["today"])
    while talk.question:
        talk.answer(person[talk.question.fact])
    return len(talk.asked)


def _in_order(advisor: Advisor, person: Person, order: Sequence[str]) -> int:
    facts: dict[str, Any] = {"today": person["today"]}
    while asked := {question.fact for question in advisor.questions(facts)}:
        first = next(name for name in (*order, *asked) if name in asked)
        facts[first] = person[first]
    return len(facts) - 1


def _all_in_order(advisor: Advisor, person: Person, order: Sequence[str]) -> int:
    facts: dict[str, Any] = {"today": person["today"]}
    for name in (name for name in order if name in person):
        if "ground" in facts and advisor.advise(facts).settled:
            break
        facts[name] = person[name]
    return len(facts) - 1


if __name__ == "__main__":
    main()

"""A problem that fits several grounds: what follows from each. The grounds are those that a person names as true."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dispute_rules.advice import Advice
from dispute_rules.errors import CaseError, Problem, quote
from dispute_rules.pack.edition import edition_on
from dispute_rules.pack.wording import Wording
from dispute_rules.pack.written import Pack
from dispute_rules.vocabulary import Ground
from dispute_rules.whatif import Compared, Comparison, words_of

_NAME_THEM = "name two grounds or more, and only such as are true"


def compare_grounds(
    pack: Pack, advise: Callable[[Mapping[str, Any]], Advice], facts: Mapping[str, Any], grounds: Collection[str]
) -> Comparison:
    """The advice on the ground that the facts name, if they do, and on each of the others.

    Raises:
        CaseError: with every problem of the grounds, and of the case with each of them.
        PackError: the pack's rules do not answer the case.
    """
    named = _named(grounds)
    own = [facts["ground"]] if "ground" in facts else []
    chosen = {quote(ground): ground for ground in (*own, *named)}
    advices: list[tuple[Any, Advice]] = []
    refused: dict[str, tuple[Problem, ...]] = {}
    for name, ground in chosen.items():
        try:
            advices.append((ground, advise({**facts, "ground": ground})))
        except CaseError as error:
            refused[name] = error.problems
    if problems := [*_of_the_choice(named, len(chosen)), *_of_the_cases(refused, len(chosen))]:
        raise CaseError(problems)
    return Comparison(grounds=tuple(_compared(pack, str(ground), advice) for ground, advice in advices))


def _named(grounds: object) -> list[object]:
    if not isinstance(grounds, list | tuple | set | frozenset):
        raise CaseError([Problem("ground", "wrong-type", f"{quote(grounds)} is no list of grounds", _NAME_THEM)])
    if len(grounds) > len(Ground):
        raise CaseError([Problem("ground", "too-large", f"{len(grounds)} grounds", f"there are {len(Ground)}")])
    return list(grounds)


def _of_the_choice(named: list[object], chosen: int) -> Iterator[Problem]:
    names = list(map(quote, named))
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Problem("ground", "duplicate-fact", f"the ground {name} is named twice", "keep one")
    if chosen < 2:
        message = "there is one ground, and nothing to compare it with" if chosen else "there is no ground to compare"
        yield Problem("ground", "missing-fact", message, _NAME_THEM)


def _of_the_cases(refused: Mapping[str, tuple[Problem, ...]], chosen: int) -> Iterator[Problem]:
    """What is wrong whatever the ground is told once, all else with the ground that it is wrong with."""
    told = [problem for problems in refused.values() for problem in problems]
    for name, problems in refused.items():
        for problem in problems:
            whatever = told.count(problem) == chosen > 1
            yield problem if whatever else replace(problem, message=f"with the ground {name}: {problem.message}")


def _compared(pack: Pack, ground: str, advice: Advice) -> Compared:
    wording = Wording(edition_on(pack, advice.pack.edition))
    return Compared(
        ground=ground, title=wording.answer("ground", ground), words=words_of(wording, advice), advice=advice
    )

"""How a dispute ended, by the labels of its case, and which outputs an advice then no longer has."""

from __future__ import annotations

from collections.abc import Mapping

from dispute_rules.vocabulary import CancelReason, Result, Stage

READS = ("stage", "result", "cancel_reason")
"""The facts that tell."""
_FOR_A_DECISION = frozenset({"prospects", "amount", "evidence"})  # empty once a dispute is decided
_FOR_A_CLAIM = frozenset({"claim", "extent"})  # empty once it is told how it ended
FOR_THE_PROBLEM = _FOR_A_DECISION | _FOR_A_CLAIM | {"verdict", "return_paid_by"}
"""Those that are empty once a dispute was cancelled because the problem is solved."""


def ending(labels: Mapping[str, str]) -> Result | None:
    """How the dispute ended, if it has; as expected where that is not told."""
    return Result(labels.get("result", Result.AS_EXPECTED)) if labels.get("stage") == Stage.DECIDED else None


def is_told(result: Result | None) -> bool:
    """Whether it is known how the dispute ended."""
    return result not in (None, Result.AS_EXPECTED)


def is_solved(labels: Mapping[str, str]) -> bool:
    """Whether the dispute was cancelled because the problem is solved."""
    return labels.get("stage") == Stage.CANCELLED and labels.get("cancel_reason") == CancelReason.SOLVED


def is_over(labels: Mapping[str, str]) -> bool:
    """Whether nothing is left to claim."""
    return is_told(ending(labels)) or is_solved(labels)


def past(labels: Mapping[str, str]) -> frozenset[str]:
    """The outputs that no longer apply."""
    if is_solved(labels):
        return FOR_THE_PROBLEM
    result = ending(labels)
    return _FOR_A_DECISION | _FOR_A_CLAIM if is_told(result) else _FOR_A_DECISION if result else frozenset()


def unexplained(labels: Mapping[str, str]) -> frozenset[str]:
    """The outputs that no reasons are told for any more: what was to be expected of a solved problem helps nobody."""
    return FOR_THE_PROBLEM if is_solved(labels) else frozenset()

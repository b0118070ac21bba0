"""What would be advised on another case: where a person changes something, or names another ground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from dispute_rules.advice import Advice, Frozen, Labels, Refund
from dispute_rules.explanation import Value
from dispute_rules.pack.wording import Wording


class Result(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """What an advice comes to."""

    labels: Labels = Field(description="Each output that is decided: `claim`, `verdict`, and those of the pack's own.")
    words: Labels = Field(description="The same in the pack's words.")
    refund: Refund


class Change(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """Something that a person can honestly change, and the better advice that follows from it.

    Advising on the case with these facts gives exactly `after`; all else is as the case says, and what the advice takes
    for granted is the same.
    """

    facts: Annotated[Mapping[str, Value], AfterValidator(Frozen)] = Field(description="The new value of each fact.")
    how: tuple[str, ...] = Field(description="What to do for each fact, in the pack's words.")
    before: Result
    after: Result
    better_in: tuple[str, ...] = Field(description="The outputs that are better; no other that is compared is worse.")


class Compared(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """A ground that is true, and the advice on it. What has to be proved is the evidence that is required."""

    ground: str
    title: str = Field(description="The ground in the pack's words.")
    words: Labels = Field(description="Each output that is decided, in the pack's words.")
    advice: Advice


class Comparison(BaseModel, frozen=True, extra="forbid", defer_build=True):
    """What follows from each ground that a person named. Which of them is true the person alone knows."""

    grounds: tuple[Compared, ...]


def labels_of(advice: Advice) -> dict[str, str]:
    """The label of each output that is decided."""
    decided = [outcome for outcome in advice.outcomes.values() if isinstance(outcome, Mapping)]
    return {output: label for outcome in decided for output, label in outcome.items()}


def words_of(wording: Wording, advice: Advice) -> dict[str, str]:
    """What the pack calls them."""
    return {output: wording.answer(output, label) for output, label in labels_of(advice).items()}

"""Which rules hold in a situation: two engines that must always agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Literal, Protocol

from dispute_rules.engine.reference import ReferenceEngine
from dispute_rules.pack.model import Rule

EngineName = Literal["durable", "reference"]


class Engine(Protocol):
    """Made for the rules of one decision."""

    def matching(self, labels: Mapping[str, str]) -> frozenset[int]:
        """The indexes of the rules whose conditions hold, given a label for every fact that any of them looks at."""
        ...


def default_engine() -> EngineName:
    """`durable` where durable-rules is installed (Python 3.11 and 3.12), else `reference`."""
    try:
        import_module("durable_rules_engine")
    except ImportError:
        return "reference"
    return "durable"


def make_engine(name: EngineName, rules: Sequence[Rule]) -> Engine:
    """An engine for the rules of one decision.

    Raises:
        ValueError: there is no engine of that name, or it is not installed.
    """
    if name == "reference":
        return ReferenceEngine(rules)
    if name != "durable":
        raise ValueError(f"there is no engine `{name}`\n  help: `durable` or `reference`")
    try:
        from dispute_rules.engine.durable import DurableEngine  # not installable on Python 3.13 and later
    except ImportError:
        help = "pip install durable-rules (Python 3.11 or 3.12, needs a C compiler), or take the engine `reference`"
        raise ValueError(f"durable-rules is not installed\n  help: {help}") from None
    return DurableEngine(rules)

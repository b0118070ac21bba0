"""One thing to mend in a pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, and what to do.

    `labels` is a situation that shows it, `case` the facts of a case in it, if one was found.
    """

    code: str
    places: tuple[str, ...]
    message: str
    help: str
    case: Mapping[str, Any] | None = None
    labels: Mapping[str, str] | None = None

"""What was worked out before, by what it goes by."""

from __future__ import annotations

from threading import Lock
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(dict[K, V]):
    """At most so many values; of more, those kept first are forgotten.

    Unlike with `lru_cache`, a value may be worked out from more than its key.
    """

    def __init__(self, size: int) -> None:
        """Say how many, at least one."""
        super().__init__()
        self._size = size
        self._lock = Lock()

    def keep(self, key: K, value: V) -> V:
        """Remember a value."""
        with self._lock:
            if key not in self and len(self) >= self._size:
                del self[next(iter(self))]
            self[key] = value
        return value

"""How much may be looked at before it is said that nothing can be said."""

from __future__ import annotations


class UndecidedError(Exception):
    """The budget of steps was used up; nothing can be said."""


class Budget:
    """A number of steps that a check may take."""

    def __init__(self, steps: int) -> None:
        """Allow so many steps."""
        self._left = steps

    def spend(self, steps: int) -> None:
        """Take some of them.

        Raises:
            UndecidedError: none are left.
        """
        self._left -= steps
        if self._left < 0:
            raise UndecidedError

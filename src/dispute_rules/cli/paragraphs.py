"""Plain text for reading in a terminal: wrapped, each line as far in as it begins, and what stands out in bold."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

_WIDEST = 100


def show_text(text: str) -> None:
    """Print a text whose lines are indented by spaces."""
    console = Console(highlight=False, emoji=False, markup=False)
    console.width = min(console.width, _WIDEST)
    with console.capture() as captured:
        for line in text.splitlines():
            words = line.lstrip()
            indent = len(line) - len(words)
            console.print(Padding(Text(words, style="" if indent else "bold", overflow="fold"), (0, 0, 0, indent)))
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))

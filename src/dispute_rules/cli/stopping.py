"""To end in order when the system asks for it, as with Ctrl-C: what is half done is taken away."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager

_NAMES = ("SIGTERM", "SIGHUP")


@contextmanager
def ended_in_order() -> Iterator[None]:
    """While this lasts, a signal to end interrupts where it would have killed the process.

    Python tells signals to its main thread only, which may wait for Polars for minutes; Polars looks for Ctrl-C itself.
    """
    deadly = _deadly()
    if not deadly:
        yield
        return
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    came: list[int] = []
    watching = threading.Thread(target=_watch, args=(reader, deadly, came), daemon=True)
    watching.start()
    before = signal.set_wakeup_fd(writer)
    handlers = {number: signal.signal(number, lambda *_: None) for number in deadly}
    handlers[signal.SIGINT] = signal.signal(signal.SIGINT, _interrupt)
    try:
        yield
    except KeyboardInterrupt:
        if came:
            raise SystemExit(128 + came[0]) from None
        raise
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(before)
        os.close(writer)
        watching.join()
        os.close(reader)


def _deadly() -> list[int]:
    """Those signals that would kill: `nohup` has one ignored. Only the main thread may say what signals do."""
    if os.name != "posix" or threading.current_thread() is not threading.main_thread():
        return []
    numbers = [int(getattr(signal, name)) for name in _NAMES]
    return [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]


def _interrupt(*_: object) -> None:
    """Once: Polars raises it by itself, and a second one would interrupt what takes away the half done."""
    if not isinstance(sys.exc_info()[1], KeyboardInterrupt):
        raise KeyboardInterrupt


def _watch(reader: int, deadly: Collection[int], came: list[int]) -> None:
    while number := os.read(reader, 1):
        if number[0] in deadly and not came:
            came.append(number[0])
            os.kill(os.getpid(), signal.SIGINT)

"""Ctrl-C ends a search with the best found so far, instead of tearing it away."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def heeding() -> Iterator[Callable[[], bool]]:
    """Gives a question to be asked again and again: whether Ctrl-C was pressed since.

    A second Ctrl-C raises `KeyboardInterrupt`. Only the main thread of a program hears it; elsewhere the answer is always no.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    pressed = threading.Event()

    def hear(_signal: int, _frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)

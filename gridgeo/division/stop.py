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

    To press it once more, or when the search is over, changes nothing: what was found is on its way. Only the main thread of a
    program hears it; elsewhere the answer is always no.
    """
    pressed = threading.Event()

    def hear(_signal: int, _frame: FrameType | None) -> None:
        pressed.set()

    with _instead(hear):
        yield pressed.is_set


@contextmanager
def deaf(really: bool = True) -> Iterator[None]:
    """Ctrl-C does nothing while what an interrupted search has found is weighed, checked and written."""
    if really:
        with _instead(lambda _signal, _frame: None):
            yield
    else:
        yield


@contextmanager
def _instead(hear: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """What is done when Ctrl-C is pressed, for a while; nothing is changed outside the main thread, which alone may do so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

"""Ctrl-C at a terminal: a search ends with the best found so far, and what it has found is written."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupts:
    """Hears Ctrl-C and answers whether it was pressed."""

    def __init__(self) -> None:
        """Nobody has asked, and nothing was pressed."""
        self._asked = self._pressed = False

    def __call__(self) -> bool:
        """Whether Ctrl-C was pressed since somebody asks."""
        self._asked = True
        return self._pressed

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Once a search asks, pressing only changes the answer; until then it ends the program, as ever."""
        with _instead(self._hear):
            yield

    @contextmanager
    def ignored(self, really: bool = True) -> Iterator[None]:
        """Ctrl-C does nothing while what an interrupted search has found is checked and written."""
        if really:
            with _instead(lambda _signal, _frame: None):
                yield
        else:
            yield

    def _hear(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._asked:
            raise KeyboardInterrupt
        self._pressed = True


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

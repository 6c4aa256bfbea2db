"""Ctrl-C ends a search with the best found so far, instead of tearing it away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

_Result = TypeVar("_Result")
Interrupted = Callable[[], bool]

LOOK_S = 0.5
"""How often the waiting thread looks up, where the system does not wake it for an interruption [s]."""


def heeded(work: Callable[[Interrupted], _Result], interrupted: Interrupted | None) -> _Result:
    """Do some work; it is told by a question that it can ask again and again whether it shall come to an end.

    It is done on another thread. To the main thread, which waits, Python brings a press of Ctrl-C, or of the button of a notebook,
    as a `KeyboardInterrupt`; here it becomes the answer yes. To press once more changes nothing: what was found is on its way.

    Parameters
    ----------
    work
        Takes the question.
    interrupted
        Another reason to come to an end; None if there is none.
    """
    waiting, pressed = threading.Event(), threading.Event()

    def stopped() -> bool:
        return pressed.is_set() or (interrupted is not None and interrupted())

    def begun() -> _Result:
        waiting.wait()  # nothing is to be heard before somebody listens
        return work(stopped)

    if threading.current_thread() is not threading.main_thread():
        return work(stopped)
    with ThreadPoolExecutor(1) as pool:
        try:
            future = pool.submit(copy_context().run, begun)
            while not future.done():
                try:
                    waiting.set()
                    while not future.done():
                        wait([future], timeout=LOOK_S)
                except KeyboardInterrupt:
                    pressed.set()
        finally:
            # also where it is pressed twice within the same instant: the search shall not go on for nobody
            waiting.set()
            pressed.set()
    return future.result()

"""How far a verb has come: shares of its steps, the time that is left, and a line under a notebook's cell that shows both.

A command line has its own line (`gridgeo.cli.terminal`); a script is told only what it asks for with ``progress=``.
"""

from __future__ import annotations

import html
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from gridgeo.messages import Lang, Text, locale_lang, say

Tell = Callable[[Text], None]

PATIENCE_S = 2.0
"""Nothing is shown of what takes no longer than this [s]."""

TICK_S = 1.0
"""How often the line under a cell is written anew [s]."""

BEGINS = {"step_blocks": 0.0, "step_cells": 0.04, "step_graph": 0.15, "step_partition": 0.18, "step_codes": 0.9}
"""Share of the whole that is done when a step begins: of places from 1,300 to 6,200 buildings, the median."""

_SEARCH, _SEARCHED = BEGINS["step_partition"], BEGINS["step_codes"]
_SURE = 0.03
"""From this share on the time that is left is told."""


@dataclass
class Pace:
    """How far a division has come, from what it tells; several of one place in turn count together.

    Parameters
    ----------
    now
        A clock [s].
    """

    now: Callable[[], float] = time.monotonic
    text: Text | None = None
    share: float = 0.0
    _begun: float = field(init=False)
    _cells: dict[str, int] = field(default_factory=dict)
    _searched: dict[str, float] = field(default_factory=dict)
    _all_cells: int = 0
    _turn: tuple[int, int] = (1, 1)

    def __post_init__(self) -> None:
        """Start the clock."""
        self._begun = self.now()

    @property
    def elapsed(self) -> float:
        """Since the beginning [s]."""
        return self.now() - self._begun

    def step(self, text: Text) -> None:
        """Hear of a step."""
        values: Any = text.values
        if text.reason == "step_graph":
            self._all_cells = values["n"]
        elif text.reason == "step_variant":
            self._turn = values["k"], values["n"]
            self._cells, self._searched = {}, {}
        elif text.reason == "step_partition":
            self._cells[values["code"]] = values["n"]
        elif text.reason == "step_searched":
            self._searched[values["code"]] = values["percent"] / 100
        # what comes later is never less
        self.share = max(self.share, self._share_at(text.reason))
        self.text = text

    def _share_at(self, reason: str) -> float:
        share = self._search_share if reason in {"step_partition", "step_searched"} else BEGINS.get(reason, 0.0)
        turn, turns = self._turn
        return (
            share
            if share < _SEARCH
            else _SEARCH + (1 - _SEARCH) * (turn - 1 + (share - _SEARCH) / (1 - _SEARCH)) / turns
        )

    @property
    def _search_share(self) -> float:
        """Share when a search is under way: each community counts by its cells."""
        done = sum(self._cells.get(code, 0) * share for code, share in self._searched.items())
        return _SEARCH + (_SEARCHED - _SEARCH) * min(1.0, done / max(1, self._all_cells, sum(self._cells.values())))

    @property
    def left(self) -> float | None:
        """How long it will take yet, if that can be told [s]."""
        told = self.share >= _SURE and self.elapsed >= PATIENCE_S
        return self.elapsed * (1 - self.share) / self.share if told else None

    def words(self, lang: Lang) -> str:
        """What is being done, and how long it will take yet."""
        if self.text is None:
            return ""
        left = self.left
        if left is None:
            return self.text.render(lang) + " ..."
        unit, n = ("seconds", max(5, 5 * round(left / 5))) if left < 90 else ("minutes", round(left / 60))
        return say("step_left", what=self.text, left=say(f"left_{unit}", n=n)).render(lang)


@contextmanager
def told(progress: Tell | None) -> Iterator[Tell]:
    """Whom a verb tells its steps: who asked for it; else, in a notebook, a line under the cell, gone when all is done."""
    if progress is not None:
        yield progress
    elif in_notebook():
        with _CellLine() as line:
            yield line.pace.step
    else:
        yield lambda _: None


def in_notebook() -> bool:
    """Whether somebody looks at the cells of a notebook."""
    shell = sys.modules.get("IPython")
    found = None if shell is None else shell.get_ipython()
    return type(found).__name__ == "ZMQInteractiveShell"


class _CellLine:
    """A line under a cell, from `PATIENCE_S` on."""

    def __init__(self) -> None:
        self.pace = Pace()
        self._done = threading.Event()
        self._handle: Any = None
        self._thread = threading.Thread(target=self._write, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        if self._handle is not None:
            self._handle.update(_Html(""))

    def _write(self) -> None:
        wait = PATIENCE_S
        while not self._done.wait(wait):
            wait = TICK_S
            shown = _Html(f"<p>{html.escape(self.pace.words(locale_lang()))}</p>")
            if self._handle is None:
                from IPython.display import display

                self._handle = display(shown, display_id=True)
            else:
                self._handle.update(shown)


@dataclass(frozen=True)
class _Html:
    """A bit of a page."""

    text: str

    def _repr_html_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return ""

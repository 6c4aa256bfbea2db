"""How far a verb has come: shares of its steps, the time that is left, and a line that shows both to whoever waits for it.

The line stands under a notebook's cell, or at the prompt of a terminal. A command line has its own (`gridgeo.cli.terminal`); a
script is told only what it asks for with ``progress=``.
"""

from __future__ import annotations

import html
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self, cast

from gridgeo.messages import Lang, Text, locale_lang, say

Tell = Callable[[Text], None]

PATIENCE_S = 2.0
"""Nothing is shown of what takes no longer than this [s]."""

TICK_S = 1.0
"""How often the line under a cell is written anew [s]."""

BEGINS = {"step_blocks": 0.0, "step_cells": 0.04, "step_graph": 0.15, "step_partition": 0.18, "step_codes": 0.9}
"""Share of the whole that is done when a step begins: of places from 1,300 to 6,200 buildings, the median."""

COUNTED = {
    "step_layer": (0.0, 0.6),
    "step_shapes": (0.6, 1.0),
    "step_rule": (0.0, 1.0),
    "step_chunk": (0.0, 1.0),
    "step_lay_out": (0.0, 0.5),
    "step_print": (0.5, 1.0),
}
"""Steps that say which one of how many they are (`k` of `n`), and from which share of their verb to which they go."""

_SEARCH, _SEARCHED = BEGINS["step_partition"], BEGINS["step_codes"]
_SURE = 0.03
"""From this share on the time that is left is told."""


@dataclass
class Pace:
    """How far a verb has come, from what it tells; several divisions of one place in turn count together, any other verb anew.

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
        if _begins(text):
            self._begun, self.share = self.now(), 0.0
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
        self.share = max(self.share, self._share_at(text))
        self.text = text

    def _share_at(self, text: Text) -> float:
        reason = text.reason
        if reason in COUNTED:
            return _share_counted(text)
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


def _begins(text: Text) -> bool:
    """Whether a verb begins with this step."""
    return text.reason == "step_blocks" or (text.reason in COUNTED and _share_counted(text) == 0)


def _share_counted(text: Text) -> float:
    """Share of its verb that is done when a counted step begins."""
    (first, last), values = COUNTED[text.reason], cast("Mapping[str, int]", text.values)
    return first + (last - first) * (values["k"] - 1) / values["n"]


@contextmanager
def told(progress: Tell | None) -> Iterator[Tell]:
    """Whom a verb tells its steps: who asked for it; else, at a cell or a prompt, a line that is gone when all is done."""
    if progress is not None:
        yield progress
    elif in_notebook():
        with _CellLine() as line:
            yield line.pace.step
    elif at_prompt():
        with _PromptLine() as line:
            yield line.pace.step
    else:
        yield lambda _: None


def in_notebook() -> bool:
    """Whether somebody looks at the cells of a notebook."""
    shell = sys.modules.get("IPython")
    found = None if shell is None else shell.get_ipython()
    return type(found).__name__ == "ZMQInteractiveShell"


def at_prompt() -> bool:
    """Whether somebody types at a terminal, in Python or IPython."""
    return (hasattr(sys, "ps1") or "IPython" in sys.modules) and sys.stderr is not None and sys.stderr.isatty()


class _Line:
    """A line about how far a verb has come, from `PATIENCE_S` on."""

    def __init__(self) -> None:
        self.pace = Pace()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._shown = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        if self._shown:
            self._show("")

    def _write(self) -> None:
        wait = PATIENCE_S
        while not self._done.wait(wait):
            wait = TICK_S
            self._show(self.pace.words(locale_lang()))
            self._shown = True

    def _show(self, words: str) -> None:
        """Put words in the place of those before."""
        raise NotImplementedError


class _CellLine(_Line):
    """Under a notebook's cell."""

    _handle: Any = None

    def _show(self, words: str) -> None:
        shown = _Html(f"<p>{html.escape(words)}</p>" if words else "")
        if self._handle is None:
            from IPython.display import display

            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)


class _PromptLine(_Line):
    """At the prompt of a terminal."""

    def _show(self, words: str) -> None:
        from rich.cells import set_cell_size

        room = shutil.get_terminal_size().columns - 1
        sys.stderr.write("\r" + set_cell_size(words, room).rstrip() + "\x1b[K")
        sys.stderr.flush()


@dataclass(frozen=True)
class _Html:
    """A bit of a page."""

    text: str

    def _repr_html_(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return ""

"""Every error that gridgeo raises on purpose.

::

    GridgeoError
    ├─ InputError(ValueError)   the data or arguments cannot be used   .problems
    │  └─ CrsError              no CRS, swapped axes, degrees taken as metres
    ├─ LandError                the land could not be divided          .where
    ├─ DivisionError            no division meets the scheme           .blocking
    ├─ CodeError(ValueError)    malformed, repeated or exhausted code
    ├─ OutputError(OSError)     could not be written; the old file is intact
    └─ CoverageError            only from Report.raise_if_failed()

The first argument is a text of the message catalogue (or a plain string): ``str(error)`` speaks the language of the locale,
``error.text.render("zh")`` Chinese. A notebook shows the message and where the problems are; plain Python its traceback.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from gridgeo.messages import Lang, Text, locale_lang, say

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES = 8
"""Problems that are told with the message; the table has all."""


class GridgeoError(Exception):
    """Base of every error of gridgeo."""

    def __init__(self, text: object) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        """The message, in the language of the locale."""
        return self.message(locale_lang())

    def message(self, lang: Lang) -> str:
        """The message in a language."""
        return self.text.render(lang) if isinstance(self.text, Text) else str(self.text)

    def lines(self, lang: Lang) -> list[str]:
        """The message, and where each problem is."""
        return [self.message(lang)]

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: words, not the calls that led here."""
        return [
            f"{type(self).__name__}: {line}" if k == 0 else line for k, line in enumerate(self.lines(locale_lang()))
        ]

    def _repr_html_(self) -> str:
        return "".join(f"<p>{html.escape(line)}</p>" for line in self.lines(locale_lang()))


class InputError(GridgeoError, ValueError):
    """The data or arguments cannot be used.

    ``problems`` is a table: layer, row, column, value, reason, remedy; one row for each problem found in any layer.
    """

    def __init__(self, text: object, problems: pd.DataFrame | None = None) -> None:
        super().__init__(text)
        self.problems = problems

    def lines(self, lang: Lang) -> list[str]:
        """The message, and where each problem is with what helps, unless the message says so."""
        said = self.message(lang)
        rows = [] if self.problems is None else self.problems.to_dict(orient="records")
        told = {line: None for row in rows if (line := _line(dict(row), said, lang))}
        more = [say("error_more", n=len(told) - MOST_LINES).render(lang)] if len(told) > MOST_LINES else []
        return [said, *list(told)[:MOST_LINES], *more]


class CrsError(InputError):
    """No coordinate reference system, swapped axes, or degrees taken as metres."""


class LandError(GridgeoError):
    """The land could not be divided; ``where`` is a point nearby, in the CRS of the site."""

    def __init__(self, text: object, where: tuple[float, float] | None = None) -> None:
        super().__init__(text)
        self.where = where


class DivisionError(GridgeoError):
    """No division meets the scheme; ``blocking`` tells which buildings or pockets stand in the way.

    ``plan`` is the best one that was found all the same; None where it is certain beforehand that there is none.
    """

    def __init__(self, text: object, blocking: pd.DataFrame | None = None, plan: Any = None) -> None:
        super().__init__(text)
        self.blocking = blocking
        self.plan = plan


class CodeError(GridgeoError, ValueError):
    """A malformed, repeated or exhausted code."""


class OutputError(GridgeoError, OSError):
    """A file could not be written; what stood there before is intact."""


class CoverageError(GridgeoError):
    """A report holds errors; raised by ``Report.raise_if_failed`` alone."""


def _line(row: dict[Any, Any], said: str, lang: Lang) -> str:
    """Where a problem is and what helps; empty if the message has said so."""
    remedy = row["remedy"].render(lang) if isinstance(row["remedy"], Text) else str(row["remedy"])
    if remedy in said:
        return ""
    places = [say(f"error_{name}", **{name: row[name]}) for name in ("layer", "row", "column") if _known(row[name])]
    return say("error_at", where=" ".join(place.render(lang) for place in places), remedy=remedy).render(lang)


def _known(value: object) -> bool:
    return value is not None and str(value) not in {"<NA>", "nan", ""}

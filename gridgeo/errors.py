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

The first argument is a text of the message catalogue (or a plain string): ``str(error)`` is English,
``error.text.render("zh")`` Chinese.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


class GridgeoError(Exception):
    """Base of every error of gridgeo."""

    def __init__(self, text: object) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        """English text."""
        return str(self.text)


class InputError(GridgeoError, ValueError):
    """The data or arguments cannot be used.

    ``problems`` is a table: layer, row, column, value, reason, remedy; one row for each problem found in any layer.
    """

    def __init__(self, text: object, problems: pd.DataFrame | None = None) -> None:
        super().__init__(text)
        self.problems = problems


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

"""Who belongs to which cell, and the columns of the tables of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

CELL_COLUMNS = {
    "community": "string",
    "block": "string",
    "code": "string",
    "kind": "string",
    "institution": "string",
    "households": "Int64",
    "n_unknown": "Int64",
}
"""Of `Plan.cells` besides `members` and geometry. `kind` of a cell: land, water, railway, institution."""

NOTE_COLUMNS = {"reason": "string", "severity": "string", "code": "string", "zh": "string", "en": "string"}
"""Of `Plan.notes`: what the division could not do, or did otherwise than asked, and why."""


class Member(NamedTuple):
    """A building, or a part of a divided one, that belongs to a cell."""

    building: str
    unit: str | None
    households: int | None
    cut: str | None
    """None: whole; units: an entrance; floors: a range of floors, drawn as a strip; equal: an equal part, an estimate."""


def member_order(member: Member) -> tuple[str, str]:
    """Order of the members of a cell."""
    return member.building, member.unit or ""


def empty_table(columns: Mapping[str, str]) -> pd.DataFrame:
    """A table without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns.items()})

"""Which columns the caller says hold what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from gridgeo.errors import InputError
from gridgeo.files.reading.sources import role_asked
from gridgeo.messages import say
from gridgeo.model import COLUMN_NAMES, HOUSEHOLDS

ColumnChoice: TypeAlias = Mapping[str, Mapping[str, str]]
"""Layer -> column -> its name in the file."""


def read_choice(columns: ColumnChoice, households: str | None) -> ColumnChoice:
    """Role -> column -> name in the file.

    Raises
    ------
    InputError
        If there is no such role, or it has no such column.
    """
    out: dict[str, dict[str, str]] = {}
    for name, chosen in columns.items():
        role = role_asked(name)
        for column in chosen.keys() - COLUMN_NAMES[role].keys():
            known = ", ".join(COLUMN_NAMES[role])
            raise InputError(say("column_unknown", layer=role, name=column, known=known))
        out.setdefault(role, {}).update(chosen)
    if households is not None:
        named = out.setdefault("buildings", {}).setdefault(HOUSEHOLDS, households)
        if named != households:
            raise InputError(say("households_named_twice", first=named, second=households))
    return out

"""Layers and tables: their names, columns and kinds, each written once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

LAND, WATER, RAILWAY, INSTITUTION = "land", "water", "railway", "institution"
"""Kinds of blocks and cells."""
ATTACHED_KINDS = (WATER, RAILWAY)
"""Kinds of cells that are attached to zones last and never connect two of them."""

GRID, DEDICATED = "grid", "dedicated"
"""Kinds of zones."""

BORDER_M = 0.01
"""What lies this near to a border lies on it: a home there is inside, and land or an overlap that is no wider is rounding. The one
tolerance of reading, land and check [m]."""


class Role(NamedTuple):
    """What a layer holds."""

    shapes: frozenset[str]
    """Kinds of geometry that are used: polygon, line, point."""
    columns: Mapping[str, str]
    """Columns that gridgeo reads, with their pandas dtype; all of them exist in a Site, `<NA>` where the input has none."""


_POLYGON, _LINE, _POINT = "polygon", "line", "point"
_NAME = {"name": "string"}

ROLES: Mapping[str, Role] = MappingProxyType(
    {
        "communities": Role(frozenset({_POLYGON}), {**_NAME, "level": "string"}),
        "buildings": Role(
            frozenset({_POLYGON, _POINT}),
            {**_NAME, "levels": "Float64", "units": "Int64", "households": "Int64"},
        ),
        "streets": Role(frozenset({_LINE}), {**_NAME, "highway": "string", "bridge": "boolean", "tunnel": "boolean"}),
        "water": Role(frozenset({_POLYGON}), _NAME),
        "waterways": Role(frozenset({_LINE}), {**_NAME, "waterway": "string", "tunnel": "boolean"}),
        "railways": Role(frozenset({_LINE}), {**_NAME, "railway": "string", "bridge": "boolean", "tunnel": "boolean"}),
        "barriers": Role(frozenset({_LINE, _POLYGON, _POINT}), {**_NAME, "barrier": "string"}),
        "compounds": Role(frozenset({_POLYGON}), _NAME),
        "institutions": Role(frozenset({_POLYGON, _POINT}), {**_NAME, "class": "string"}),
        "landuse": Role(frozenset({_POLYGON}), {**_NAME, "class": "string"}),
        "pois": Role(frozenset({_POINT, _POLYGON}), {**_NAME, "class": "string"}),
        "links": Role(frozenset({_LINE}), {**_NAME, "kind": "string"}),
    }
)
"""Every layer with geometry that a site can hold."""

ACCOUNT_COLUMNS = {
    "layer": "string",
    "status": "string",
    "reason": "string",
    "row": "Int64",
    "id": "string",
    "rows": "Int64",
    "households": "Int64",
    "detail": "string",
}
"""Account: one line for each row that was repaired or set aside, or about which there is a note; what was simply accepted is
one line a layer. In each layer `rows` sums to the rows read, `households` to the households read. `status` is accepted,
repaired or set_aside; `row` counts from 0 as in the file, and is all that depends on the order of its rows. Behind these lines come
those of what dividing the land did, which count no rows."""

CELL_COLUMNS = {
    "community": "string",
    "block": "string",
    "code": "string",
    "kind": "string",
    "institution": "string",
    "households": "Int64",
    "n_unknown": "Int64",
}
"""Of a table of cells besides `members` and geometry. `kind` of a cell: land, water, railway, institution. `households`,
`n_unknown` and `members` are views of the table of members, for people and for callers of earlier versions; nothing reads them."""

NOTE_COLUMNS = {"reason": "string", "severity": "string", "code": "string", "zh": "string", "en": "string"}
"""Of `Plan.notes`: what the division could not do, or did otherwise than asked, and why."""

ZONE_COLUMNS = {
    "tier": "string",
    "code": "string",
    "parent": "string",
    "kind": "string",
    "name": "string",
    "households": "Int64",
    "n_unknown": "Int64",
    "n_buildings": "Int64",
    "area_m2": "Float64",
}
"""Of `Zones.table`, besides geometry. `kind` is grid or dedicated; `households` sums the known figures, `n_unknown` counts the
members without one."""

LISTED_COLUMNS = {"id": "string", "unit": "string", "households": "Int64", "code": "string"}
"""Of `Zones.buildings`: one row a building, or a unit of a divided one, with the code of its finest zone."""

RESERVED = frozenset(
    {*ROLES, "boundary", "unit_households", "buildings_read", "cells", "members"}
    | {
        "account",
        "registry",
        "scheme",
        "manifest",
        "notes",
        "layer_styles",
        "faults",
        "checksums",
        "history",
        "outlines",
    }
)
"""Names of the other layers of a plan file; no tier may bear one."""


def empty_table(columns: Mapping[str, str]) -> pd.DataFrame:
    """A table without rows."""
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns.items()})

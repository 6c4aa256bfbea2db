"""Every code ever given, what became of each, and the edits of a plan: two tables that travel with it."""

from __future__ import annotations

import hashlib

import geopandas as gpd
import pandas as pd

ACTIVE, RETIRED = "active", "retired"
"""Status of a code: a zone bears it, or bore it once."""

REGISTRY_COLUMNS = {
    "tier": "string",
    "kind": "string",
    "status": "string",
    "name": "string",
    "lock": "boolean",
    "since": "string",
    "until": "string",
    "successor": "string",
}
"""Of the table of codes, indexed by code, besides geometry: the last outline of a code that is retired, None for the others, whose
outline is the union of their cells. `since` and `until` are dates (ISO 8601), `<NA>` while a code is a draft."""

HISTORY_COLUMNS = {"step": "Int64", "verb": "string", "arguments": "string", "households": "Int64", "before": "string"}
"""Of the table of edits, one row each, first to last: `arguments` and `before` are JSON; `before` holds all that the edit replaced,
so that it can be undone to the letter; `households` are those whose code changed."""

_DIGITS = 16


def full_registry(registry: pd.DataFrame, crs: object) -> gpd.GeoDataFrame:
    """A registry with all its columns, in their order; files and callers of earlier versions have fewer."""
    given = {name: registry.get(name, pd.NA) for name in REGISTRY_COLUMNS}
    table = pd.DataFrame(given, index=registry.index).astype(REGISTRY_COLUMNS)
    table["lock"] = table["lock"].fillna(value=False)
    more = registry.drop(columns=["geometry", *REGISTRY_COLUMNS], errors="ignore")
    outlines = registry["geometry"] if "geometry" in registry else [None] * len(registry)
    return gpd.GeoDataFrame(table.join(more), geometry=gpd.GeoSeries(outlines, index=table.index, crs=crs))


def fingerprint(code: pd.Series, registry: pd.DataFrame) -> str:
    """16 digits that tell plans apart whose cells bear other codes, or whose zones have other names or locks.

    Parameters
    ----------
    code
        Of each cell, indexed by cell.
    registry
        Reads: name, lock.
    """
    lines = sorted(f"{cell}\t{value}" for cell, value in code.items())
    lines += sorted(f"{name}\t{value}" for name, value in registry["name"].dropna().items())
    lines += sorted(map(str, registry.index[registry["lock"].to_numpy(dtype=bool)]))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGITS]

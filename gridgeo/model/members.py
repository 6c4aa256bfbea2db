"""The one table of people: who belongs to which cell, with what figure. Cells and zones are sums over it, made here alone.

::

    members   one row a building, or a part of a divided one: building, unit, cut, cell, households, other loads
    sums      households, other loads, n_unknown, n_buildings of any groups of its rows
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.model.loads import HOUSEHOLDS, building_loads, shared_out

MEMBER_COLUMNS = {"building": "string", "unit": "string", "cut": "string", "cell": "string", HOUSEHOLDS: "Int64"}
"""Of the table of members, before the columns of other loads. `unit` and `cut` are `<NA>` where a building is whole; `cut` tells
how a part was made: units (an entrance), floors (a range of floors, drawn as a strip), equal (an equal part, an estimate). A figure
is `<NA>` where it is unknown."""


class Member(NamedTuple):
    """A building, or a part of a divided one, as it stands in the column `members` of a table of cells."""

    building: str
    unit: str | None
    households: int | None
    cut: str | None


def members_table(columns: Mapping[str, object]) -> pd.DataFrame:
    """A table of members, ordered by cell, building and unit, with the dtypes of `MEMBER_COLUMNS`.

    Parameters
    ----------
    columns
        By name; those that are missing are `<NA>`. Further columns are loads.
    """
    loads = sorted(columns.keys() - MEMBER_COLUMNS.keys())
    given = {name: columns.get(name) for name in (*MEMBER_COLUMNS, *loads)}
    table = pd.DataFrame(given).astype(MEMBER_COLUMNS | dict.fromkeys(loads, "Int64"))
    keys = [table[name].fillna("").to_numpy(dtype=str) for name in ("unit", "building", "cell")]
    return table.iloc[np.lexsort(keys)].reset_index(drop=True)


def members_of(cells: pd.DataFrame) -> pd.DataFrame:
    """The table of members of a table of cells that holds them in a column `members`, as earlier versions gave it.

    Parameters
    ----------
    cells
        Indexed by cell. Reads: members (tuples of building, unit, households, cut).
    """
    groups = cells["members"]
    rows = pd.DataFrame([member for group in groups for member in group], columns=list(Member._fields))
    cell = np.repeat(cells.index.to_numpy(dtype=object), [len(group) for group in groups])
    return members_table({**rows, "cell": cell})


def with_loads(members: pd.DataFrame, buildings: pd.DataFrame, loads: Iterable[str]) -> pd.DataFrame:
    """The table of members with a column for each load: a part of a building has its share of the building's figure.

    Raises
    ------
    InputError
        If the buildings have no such figures, or some are below 0.
    """
    missing = [load for load in loads if load not in members]
    return members.assign(**{load: shared_out(members, building_loads(buildings, load)) for load in missing})


def sums(members: pd.DataFrame, key: pd.Series, loads: Iterable[str] = ()) -> pd.DataFrame:
    """What groups of members hold.

    Parameters
    ----------
    members
        Reads: building, households, and the columns of the other loads asked for.
    key
        Group of each row; rows with `<NA>` are in none.

    Returns
    -------
    sums
        Indexed by key, sorted: households and other loads (sums of the known figures, Int64), n_unknown (members without figure
        of households), n_buildings (different buildings). A building that is divided among groups counts in each.
    """
    names = key.rename("key").reset_index(drop=True)
    figures = list(dict.fromkeys((HOUSEHOLDS, *loads)))
    rows = members[["building", *figures]].reset_index(drop=True)
    groups = rows.assign(n_unknown=rows[HOUSEHOLDS].isna().astype("Int64")).groupby(names, sort=True)
    table = groups[[*figures, "n_unknown"]].sum()
    pairs = rows.assign(key=names).drop_duplicates(["key", "building"])
    table["n_buildings"] = pairs.groupby("key")["building"].size()
    return table.astype("Int64").rename_axis(index=str(key.name))


def cell_sums(members: pd.DataFrame, cells: pd.Index, loads: Iterable[str] = ()) -> pd.DataFrame:
    """What cells hold, in their order, 0 where they have no members; columns as `sums`."""
    return sums(members, members["cell"], loads).reindex(cells, fill_value=0)


def with_members(cells: gpd.GeoDataFrame, members: pd.DataFrame) -> gpd.GeoDataFrame:
    """Cells with the columns that are views of their members: households, n_unknown, members (tuples of `Member`)."""
    totals = cell_sums(members, cells.index)
    return cells.assign(
        households=totals[HOUSEHOLDS].array, n_unknown=totals["n_unknown"].array, members=_tuples(cells.index, members)
    )


def _tuples(cells: pd.Index, members: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Members of each cell."""
    at = cells.get_indexer(pd.Index(members["cell"]))
    order = np.argsort(at, kind="stable")
    rows = members.iloc[order]
    known = rows[list(Member._fields)].astype(object).where(rows[list(Member._fields)].notna(), None)
    listed = list(map(Member._make, known.itertuples(index=False, name=None)))
    ends = np.searchsorted(at[order], np.arange(len(cells) + 1)).tolist()
    out = np.empty(len(cells), dtype=object)
    out[:] = [tuple(listed[start:end]) for start, end in pairwise(ends)]
    return out

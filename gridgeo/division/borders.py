"""Borders between the cells of one community, by position, as the search needs them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridgeo.contiguity.rook import HARD
from gridgeo.coverage.precision import Flags, Floats, Ints
from gridgeo.model.scheme import Preferences

WEIGHTS = {"land": 1.0, "outline": 0.4, "link": 0.4, "street": 0.4, "arterial": 0.2} | dict.fromkeys(sorted(HARD), 0.15)
"""Price of a metre of border by what lies on it: zones shall end at streets, and rather at large ones."""

IN_COMPOUND = 4.0
"""How many times dearer a metre of border is between two cells of one compound: it shall stay whole where sizes allow."""


@dataclass(frozen=True)
class Edges:
    """Pairs of neighbours, by position: a < b, metres of common border, price of ending a zone there, whether one can pass."""

    a: Ints
    b: Ints
    shared_m: Floats
    price: Floats
    passable: Flags

    def keep(self, which: Flags) -> Edges:
        """Some of the edges."""
        return Edges(self.a[which], self.b[which], self.shared_m[which], self.price[which], self.passable[which])

    def and_also(self, others: Edges) -> Edges:
        """These edges and others, none of which is among them."""
        names = [field.name for field in fields(self)]
        return Edges(*(np.concatenate([getattr(self, name), getattr(others, name)]) for name in names))

    def among(self, chosen: Flags) -> Edges:
        """Edges with both ends chosen."""
        return self.keep(chosen[self.a] & chosen[self.b])


def edges_of(cells: gpd.GeoDataFrame, borders: pd.DataFrame, prefer: Preferences) -> Edges:
    """One edge for each pair of neighbours; it can be passed if any of its border can be.

    Parameters
    ----------
    cells
        Reads: members, compound, geometry. A price is in units of the mean outline of a cell with members.
    borders
        Their adjacency: a, b, shared_m, across.
    prefer
        What the price of a metre follows.
    """
    a, b = cells.index.get_indexer(borders["a"]), cells.index.get_indexer(borders["b"])
    outline_m = cells.geometry.length.to_numpy()
    lived_in = cells["members"].map(len).to_numpy() > 0
    unit_m = float(outline_m[lived_in].mean()) if lived_in.any() else float(outline_m.mean())
    compound = cells["compound"].fillna("").to_numpy(dtype=str)
    together = (compound[a] == compound[b]) & (compound[a] != "")
    per_m = borders["across"].map(WEIGHTS).to_numpy(dtype=float) ** prefer.streets
    per_m *= np.where(together, IN_COMPOUND**prefer.compounds, 1.0) * prefer.compact / prefer.equal / unit_m
    table = pd.DataFrame(
        {
            "a": np.minimum(a, b),
            "b": np.maximum(a, b),
            "shared_m": borders["shared_m"].to_numpy(),
            "price": borders["shared_m"].to_numpy() * per_m,
            "passable": ~borders["across"].isin(HARD).to_numpy(),
        }
    )
    table = (
        table.groupby(["a", "b"], sort=True).agg({"shared_m": "sum", "price": "sum", "passable": "any"}).reset_index()
    )
    return Edges(*(table[name].to_numpy() for name in ("a", "b", "shared_m", "price", "passable")))


def components(n: int, edges: Edges) -> Ints:
    """Number of the connected part of each of n cells."""
    matrix = coo_array((np.ones(len(edges.a), dtype=bool), (edges.a, edges.b)), shape=(n, n))
    _, component = connected_components(matrix, directed=False)
    return component.astype(np.int64)


def longest(key: Ints, value: Ints, metres: Floats) -> tuple[Ints, Ints]:
    """For each key the value with the most metres in all, the smaller value if two have the same; keys ascending."""
    table = pd.DataFrame({"key": key, "value": value, "metres": metres})
    table = table.groupby(["key", "value"], sort=True)["metres"].sum().reset_index()
    # Sums of the same metres in another order differ in the last bits; a millimetre decides nothing.
    table["metres"] = table["metres"].round(3)
    best = table.sort_values(["key", "metres", "value"], ascending=[True, False, True]).drop_duplicates("key")
    return best["key"].to_numpy(), best["value"].to_numpy()

"""Borders between the cells of one community, by position, as the search needs them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from gridgeo.coverage import Flags, Floats, Ints, components
from gridgeo.division.solve.lands import LandCells
from gridgeo.model import Preferences

IN_COMPOUND = 4.0
"""How many times dearer a metre of border is between two cells of one compound: it shall stay whole where sizes allow."""


@dataclass(frozen=True)
class PricedBorders:
    """Pairs of neighbours, by position: a < b, metres of common border, price of ending a zone there, whether one can pass."""

    a: Ints
    b: Ints
    shared_m: Floats
    price: Floats
    passable: Flags

    def keep(self, which: Flags) -> PricedBorders:
        """Some of the borders."""
        return PricedBorders(
            self.a[which], self.b[which], self.shared_m[which], self.price[which], self.passable[which]
        )

    def and_also(self, others: PricedBorders) -> PricedBorders:
        """These borders and others, none of which is among them."""
        names = [field.name for field in fields(self)]
        return PricedBorders(*(np.concatenate([getattr(self, name), getattr(others, name)]) for name in names))

    def among(self, chosen: Flags) -> PricedBorders:
        """Borders with both ends chosen."""
        return self.keep(chosen[self.a] & chosen[self.b])

    def components(self, count: int) -> Ints:
        """Number of the connected part of each of `count` cells."""
        return components(self.a, self.b, count)


def priced_borders(cells: LandCells, prefer: Preferences) -> PricedBorders:
    """One border for each pair of neighbours; it can be passed if any part of it can be.

    A price is in units of the mean outline of a cell with members.

    Parameters
    ----------
    prefer
        What the price of a metre follows.
    """
    a, b, shared_m, weight, passable = cells.borders
    lived_in = cells.outline_m[cells.built] if cells.built.any() else cells.outline_m
    together = (cells.compound[a] == cells.compound[b]) & (cells.compound[a] >= 0)
    per_m = weight**prefer.streets
    per_m *= np.where(together, IN_COMPOUND**prefer.compounds, 1.0) * prefer.compact / prefer.equal / lived_in.mean()
    ends = {"a": np.minimum(a, b), "b": np.maximum(a, b)}
    table = pd.DataFrame({**ends, "shared_m": shared_m, "price": shared_m * per_m, "passable": passable})
    sums = {"shared_m": "sum", "price": "sum", "passable": "any"}
    table = table.groupby(["a", "b"], sort=True).agg(sums).reset_index()
    return PricedBorders(*(table[name].to_numpy() for name in ("a", "b", "shared_m", "price", "passable")))


def longest(key: Ints, value: Ints, metres: Floats) -> tuple[Ints, Ints]:
    """For each key the value with the most metres in all, the smaller value if two have the same; keys ascending."""
    table = pd.DataFrame({"key": key, "value": value, "metres": metres})
    table = table.groupby(["key", "value"], sort=True)["metres"].sum().reset_index()
    # Sums of the same metres in another order differ in the last bits; a millimetre decides nothing.
    table["metres"] = table["metres"].round(3)
    best = table.sort_values(["key", "metres", "value"], ascending=[True, False, True]).drop_duplicates("key")
    return best["key"].to_numpy(), best["value"].to_numpy()

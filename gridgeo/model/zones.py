"""Zones of all tiers as one table: derived from a plan, or read from any drawing."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model.displays import html_table
from gridgeo.model.scheme import Scheme
from gridgeo.model.tables import DEDICATED


@dataclass(frozen=True)
class Zones:
    """Polygons with codes, tier by tier.

    Parameters
    ----------
    table
        One row a zone, tiers from coarse to fine; columns of `ZONE_COLUMNS`, other loads of the scheme, and geometry. A
        drawing may hold any fault, repeated codes included, so the index means nothing.
    buildings
        Columns of `LISTED_COLUMNS`; None if the drawing does not say which building belongs where.
    scheme
        Limits and widths; None if unknown.
    """

    table: gpd.GeoDataFrame
    buildings: pd.DataFrame | None = None
    scheme: Scheme | None = None

    @property
    def tiers(self) -> tuple[str, ...]:
        """Names of the tiers, from coarse to fine."""
        return tuple(self.table["tier"].unique())

    def tier(self, name: str) -> gpd.GeoDataFrame:
        """Zones of one tier, indexed by code."""
        if name not in self.tiers:
            raise InputError(say("tier_unknown", name=name, known=", ".join(self.tiers)))
        return self.table[self.table["tier"] == name].drop(columns="tier").set_index("code")

    def summary(self) -> pd.DataFrame:
        """A row a tier: zones, dedicated ones among them, households, hectares, and what its ordinary zones hold.

        `load` names what the tier balances; `min`, `median` and `max` are of it. Where a tier limits a second load there are also
        its name and extremes: `also`, `also_min`, `also_max`.
        """
        rows = []
        for name in self.tiers:
            zones = self.tier(name)
            first, *second = _loads_of(self.scheme, name)
            ordinary = zones[zones["kind"] != DEDICATED]
            rows.append(
                {
                    "tier": name,
                    "zones": len(zones),
                    "dedicated": int((zones["kind"] == DEDICATED).sum()),
                    "households": int(zones["households"].sum()),
                    "load": first,
                    **_spread(ordinary, first, ("min", "median", "max")),
                    "area_ha": round(float(zones["area_m2"].sum()) / 1e4, 2),
                }
            )
            for load in second:
                rows[-1] |= {"also": load, **_spread(ordinary, load, ("also_min", "also_max"))}
        table = pd.DataFrame(rows)
        return table.astype({name: "Int64" for name in ("also_min", "also_max") if name in table})

    def __repr__(self) -> str:
        """How many zones there are, in a line."""
        counts = self.table["tier"].value_counts(sort=False)
        return f"Zones({', '.join(f'{tier} {n}' for tier, n in counts.items())})"

    def _repr_html_(self) -> str:
        return html_table(self.summary())


def _loads_of(scheme: Scheme | None, tier: str) -> list[str]:
    """The loads that a tier balances and limits; households where nothing is known."""
    if scheme is None or tier not in scheme.names:
        return ["households"]
    return [limits.load for limits in scheme.tier(tier).limits]


def _spread(zones: pd.DataFrame, load: str, names: tuple[str, ...]) -> dict[str, object]:
    """Smallest, middle and largest known figure, by the last word of the names; `<NA>` if none is known."""
    known = zones[load].dropna() if load in zones else pd.Series([], dtype="Int64")
    return {name: getattr(known, name.rpartition("_")[2])() if len(known) else pd.NA for name in names}

"""What changed between two plans of one place: what the verb diff gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model.displays import html_table

MOVE_COLUMNS = {
    "building": "string",
    "unit": "string",
    "from": "string",
    "to": "string",
    "households": "Int64",
    "why": "string",
}
"""Of `Changes.moves`. `building` and `unit` are those of the new plan, of the old one where a building is gone; `from` is `<NA>`
for who is new, `to` for who is gone. `why`: zone_retired, zone_new, border_moved, new, gone, no_zone."""

CODE_COLUMNS = {"code": "string", "tier": "string", "status": "string", "successor": "string", "rule": "string"}
"""Of `Changes.codes`. `status` is kept, moved (the code stands on other land), retired or new; `rule` says by what."""

CROSSWALK_COLUMNS = {
    "from": "string",
    "to": "string",
    "households": "Int64",
    "buildings": "Int64",
    "area_m2": "Float64",
}
"""Of a crosswalk. Rows without `to` hold what is gone, rows without `from` what is new, so that the rows of a zone sum to what it
holds. `buildings` counts rows of the table of members: a building, or each part of a divided one."""


@dataclass(frozen=True)
class Changes:
    """Who and what changed between two plans.

    Parameters
    ----------
    moves
        One row for each who is in another finest zone than before, is new or is gone: columns of `MOVE_COLUMNS`, footprint.
    codes
        One row a code of either plan: columns of `CODE_COLUMNS`, outline (the last one, where it is retired).
    buildings
        Which buildings are the same: old, new, evidence (id, footprint, name), fate (same, split, merged, rebuilt, new,
        demolished), group.
    crosswalks
        Tier -> table of columns `CROSSWALK_COLUMNS`.
    """

    moves: gpd.GeoDataFrame
    codes: gpd.GeoDataFrame
    buildings: pd.DataFrame
    crosswalks: Mapping[str, pd.DataFrame]

    def __post_init__(self) -> None:
        """Freeze the crosswalks."""
        object.__setattr__(self, "crosswalks", MappingProxyType(dict(self.crosswalks)))

    @property
    def tiers(self) -> tuple[str, ...]:
        """Names of the tiers that both plans have, from coarse to fine."""
        return tuple(self.crosswalks)

    def crosswalk(self, tier: str) -> pd.DataFrame:
        """What of each old zone lies in each new one: from, to, households, buildings, area_m2.

        The rows of an old zone sum to what it held, those of a new zone to what it holds.

        Raises
        ------
        InputError
            If the plans do not both have the tier.
        """
        if tier not in self.crosswalks:
            raise InputError(say("tier_unknown", name=tier, known=", ".join(self.tiers)))
        return self.crosswalks[tier]

    @property
    def summary(self) -> pd.DataFrame:
        """A row a tier: codes kept, moved, retired, new; households that changed zone, are gone, are new, and all."""
        return pd.DataFrame([self._sums(tier) for tier in self.tiers])

    def _sums(self, tier: str) -> dict[str, object]:
        table, codes = self.crosswalks[tier], self.codes[self.codes["tier"] == tier]["status"].value_counts()
        left, came = table["from"].notna(), table["to"].notna()
        moved = left & came & (table["from"] != table["to"]).fillna(value=False)
        rows = {"households_moved": moved, "households_gone": ~came, "households_new": ~left, "households": came}
        return {
            "tier": tier,
            **{f"codes_{status}": int(codes.get(status, 0)) for status in ("kept", "moved", "retired", "new")},
            **{name: int(table.loc[where, "households"].sum()) for name, where in rows.items()},
        }

    def __repr__(self) -> str:
        """How many households changed zone in each tier, in a line."""
        rows = self.summary.itertuples(index=False)
        return f"Changes({', '.join(f'{row.tier} {row.households_moved} households moved' for row in rows)})"

    def _repr_html_(self) -> str:
        return html_table(self.summary)

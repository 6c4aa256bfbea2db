"""One place: its layers in one metric CRS, and the account of what happened to every input row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model.displays import html_table
from gridgeo.model.loads import is_load
from gridgeo.model.tables import ROLES


@dataclass(frozen=True)
class Site:
    """Layers of one place in one metric CRS.

    Parameters
    ----------
    layers
        Role -> table, indexed by id (text; communities by their code), with the columns of `ROLES` and `geometry` [m].
        All roles are there; a layer that was not given is empty. Other columns of numbers of the buildings are their loads.
    unit_households
        Columns building, unit (text), households (Int64): figures for the entrances of towers.
    account
        What happened to every row read; columns of `ACCOUNT_COLUMNS`.
    """

    layers: Mapping[str, gpd.GeoDataFrame]
    unit_households: pd.DataFrame
    account: pd.DataFrame

    def __post_init__(self) -> None:
        """Every role exists, in the CRS of the communities."""
        crs = self.layers["communities"].crs
        layers = {role: self.layers[role] if role in self.layers else empty_layer(role, crs) for role in ROLES}
        object.__setattr__(self, "layers", MappingProxyType(layers))

    @property
    def crs(self) -> CRS:
        """The metric CRS of all layers."""
        return self.layers["communities"].crs

    def layer(self, role: str) -> gpd.GeoDataFrame:
        """A layer by role."""
        if role not in ROLES:
            raise InputError(say("role_unknown", name=role, known=", ".join(ROLES)))
        return self.layers[role]

    @property
    def communities(self) -> gpd.GeoDataFrame:
        """Communities, indexed by their 12-digit code: name, level, geometry."""
        return self.layers["communities"]

    @property
    def buildings(self) -> gpd.GeoDataFrame:
        """Buildings, indexed by id: name, levels, units, households and other loads (`<NA>` where unknown), geometry."""
        return self.layers["buildings"]

    @property
    def loads(self) -> tuple[str, ...]:
        """Columns of the buildings that can be balanced besides households."""
        own = {*ROLES["buildings"].columns, "geometry"}
        return tuple(str(name) for name in self.buildings.columns if name not in own and is_load(self.buildings[name]))

    def summary(self) -> pd.DataFrame:
        """Rows and households of each layer by what happened to them: layer, status, rows, households."""
        return (
            self.account.groupby(["layer", "status"], sort=False, dropna=False)[["rows", "households"]]
            .sum(min_count=1)
            .reset_index()
        )

    def __repr__(self) -> str:
        """What there is, in a line."""
        counts = ", ".join(f"{role} {len(layer)}" for role, layer in self.layers.items() if len(layer))
        return f"Site({counts})"

    def _repr_html_(self) -> str:
        return html_table(self.summary())

    def __getstate__(self) -> dict[str, object]:
        """Without the lock on the layers, so that a site can be sent to another process."""
        return {**self.__dict__, "layers": dict(self.layers)}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Lock the layers again."""
        self.__dict__.update(state)
        self.__post_init__()


def empty_layer(role: str, crs: object) -> gpd.GeoDataFrame:
    """A layer of this role without rows."""
    columns = {name: pd.Series([], dtype=dtype) for name, dtype in ROLES[role].columns.items()}
    index = pd.Index([], dtype="str", name="code" if role == "communities" else "id")
    return gpd.GeoDataFrame(columns, index=index, geometry=gpd.GeoSeries([], crs=crs), crs=crs)

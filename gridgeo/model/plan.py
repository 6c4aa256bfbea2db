"""A divided place. One truth: the code of each cell; zones, households, neighbours are derived from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import cast, overload

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gridgeo.coverage import is_exact, unite
from gridgeo.errors import InputError
from gridgeo.messages import locale_lang, say
from gridgeo.model.codes import community_of, is_dedicated
from gridgeo.model.displays import html_lines
from gridgeo.model.edit_outcome import EditOutcome
from gridgeo.model.loads import HOUSEHOLDS
from gridgeo.model.members import Member, members_of, sums, with_loads
from gridgeo.model.registry import HISTORY_COLUMNS, fingerprint, full_registry
from gridgeo.model.scheme import Scheme
from gridgeo.model.site import Site
from gridgeo.model.tables import CELL_COLUMNS, DEDICATED, GRID, NOTE_COLUMNS, ZONE_COLUMNS, empty_table
from gridgeo.model.zones import Zones

__all__ = ["CELL_COLUMNS", "NOTE_COLUMNS", "Member", "Plan", "community_of", "is_dedicated", "refuse_no_plan"]


@dataclass(frozen=True)
class Plan:
    """A division of a site.

    Parameters
    ----------
    site
        The layers that maps and checks need.
    cells
        Exact coverage of the communities, indexed by cell id: columns of `CELL_COLUMNS`, members, geometry. `code` is that of the
        finest zone; households, n_unknown and members are views of the table of members.
    scheme
        The tiers.
    registry
        Every code ever given, indexed by code: columns of `REGISTRY_COLUMNS`, and the last outline of retired ones. Columns that
        are missing are filled.
    notes
        Columns of `NOTE_COLUMNS`.
    manifest
        How the plan was made: program version, seed, options, sums.
    members
        The one table of people: columns of `MEMBER_COLUMNS`, and one for each other load of the scheme. If left out, read from
        the column `members` of the cells, as earlier versions have it.
    history
        Columns of `HISTORY_COLUMNS`: one row an edit.
    edit
        What the last edit did to the zones that it touched; None in a plan that was read or divided.
    """

    site: Site
    cells: gpd.GeoDataFrame
    scheme: Scheme
    registry: pd.DataFrame
    notes: pd.DataFrame = field(default_factory=lambda: empty_table(NOTE_COLUMNS))
    manifest: Mapping[str, str] = field(default_factory=dict)
    members: pd.DataFrame = field(default=cast("pd.DataFrame", None))
    history: pd.DataFrame = field(default_factory=lambda: empty_table(HISTORY_COLUMNS))
    edit: EditOutcome | None = None

    def __post_init__(self) -> None:
        """Freeze the manifest; complete the registry; find the members, with all loads of the scheme."""
        object.__setattr__(self, "manifest", MappingProxyType(dict(self.manifest)))
        object.__setattr__(self, "registry", full_registry(self.registry, self.cells.crs))
        members = members_of(self.cells) if self.members is None else self.members
        object.__setattr__(self, "members", with_loads(members, self.site.buildings, self.scheme.loads))

    @cached_property
    def fingerprint(self) -> str:
        """16 digits that tell this plan from any other: codes of its cells, names and locks of its zones."""
        return fingerprint(self.cells["code"], self.registry)

    @cached_property
    def buildings(self) -> gpd.GeoDataFrame:
        """One row a member: id, unit, name, households, cut, code, cell, geometry; indexed by member (`id`, or `id/unit`)."""
        return _buildings(self.members[self.members["cell"].isin(self.cells.index)], self.cells, self.site.buildings)

    @overload
    def zones(self, tier: None = None) -> Zones: ...
    @overload
    def zones(self, tier: str) -> gpd.GeoDataFrame: ...
    def zones(self, tier: str | None = None) -> Zones | gpd.GeoDataFrame:
        """Zones of one tier, indexed by code, or of all tiers.

        Columns: parent, kind, name, households, n_unknown, n_buildings, area_m2, a column for each other load of the scheme (sum of
        the known figures), geometry.
        """
        if tier is not None:
            self.scheme.depth(tier)
            return self._zones.tier(tier)
        return self._zones

    @cached_property
    def _exact(self) -> bool:
        """Whether the cells fit edge to edge; a plan file may have been edited by hand."""
        return is_exact(self.cells.geometry.to_numpy())

    def known_exact(self) -> Plan:
        """The same plan, whose cells need no proof because they come straight from land."""
        known = replace(self)
        known.__dict__["_exact"] = True
        return known

    @cached_property
    def _zones(self) -> Zones:
        tables: list[gpd.GeoDataFrame] = []
        for name in reversed(self.scheme.names):
            # Zones of a coarse tier are unions of those of the next finer one: far fewer edges to strike out.
            outlines = tables[-1].set_index("code").geometry if tables else self.cells.set_index("code").geometry
            tables.append(self._tier(name, outlines, exact=self._exact))
        table = pd.concat(tables[::-1], ignore_index=True)
        members = self.buildings[["id", "unit", "households", "code"]].reset_index(drop=True)
        return Zones(gpd.GeoDataFrame(table, crs=self.cells.crs), pd.DataFrame(members), self.scheme)

    def _tier(self, name: str, outlines: gpd.GeoSeries, *, exact: bool) -> gpd.GeoDataFrame:
        digits, tier = self.scheme.digits(name), self.scheme.tier(name)
        shapes = unite(outlines, outlines.index.to_series().str[:digits].rename("code"), exact=exact)
        codes = self.cells["code"].str[:digits]
        held = sums(self.members, self.members["cell"].map(codes), self.scheme.loads).reindex(
            shapes.index, fill_value=0
        )
        groups = self.cells["institution"].groupby(codes, sort=True, dropna=False)
        dedicated = is_dedicated(shapes.index.to_series(), tier)
        institution = groups.first().reindex(shapes.index).where(dedicated)
        names = institution.map(self.site.layer("institutions")["name"]).astype("object")
        given = self.registry["name"].reindex(shapes.index).astype("object")
        names = given.where(given.notna(), names)
        return gpd.GeoDataFrame(
            {
                "tier": name,
                "code": shapes.index,
                "parent": shapes.index.str[: digits - tier.width],
                "kind": np.where(dedicated, DEDICATED, GRID),
                "name": names.to_numpy(),
                "households": held["households"].array,
                "n_unknown": held["n_unknown"].array,
                "n_buildings": held["n_buildings"].array,
                "area_m2": shapes.area.to_numpy(),
                **{load: held[load].array for load in self.scheme.loads if load != HOUSEHOLDS},
            },
            geometry=shapes.to_numpy(),
            crs=self.cells.crs,
        ).astype(ZONE_COLUMNS)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the plan as a GeoPackage, which opens styled in QGIS.

        Layers: one per tier (code, parent, kind, name, households, n_unknown, n_buildings, area_m2, other loads), `buildings`
        (id, unit, name, households, cut, code, cell), `cells` (id, block, community, code, kind, institution, households,
        n_unknown), the layers of the site, and the tables account, registry, scheme, notes,
        manifest; `history` if the plan was edited, `outlines` if codes are retired.

        Raises
        ------
        OutputError
            If the file exists and `overwrite` is False, or cannot be written.
        """
        from gridgeo.files import write_plan

        return write_plan(self, Path(path), overwrite=overwrite)

    @classmethod
    def load(cls, path: str | Path) -> Plan:
        """Read a plan that `save` wrote.

        Raises
        ------
        InputError
            If the file is missing or is not a plan.
        """
        from gridgeo.files import read_plan

        return read_plan(Path(path))

    def __getstate__(self) -> dict[str, object]:
        """Without the lock on the manifest and without what is derived, so that a plan can be sent to another process."""
        return {**{field.name: getattr(self, field.name) for field in fields(self)}, "manifest": dict(self.manifest)}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Lock the manifest again."""
        self.__dict__.update(state)
        self.__post_init__()

    def __repr__(self) -> str:
        """How many communities, zones, households and notes there are, in a line."""
        codes = self.cells["code"]
        tiers = (f"{tier.name} {codes.str[: self.scheme.digits(tier.name)].nunique()}" for tier in self.scheme)
        households = int(self.members["households"].sum())
        communities = self.cells["community"].nunique()
        return f"Plan(communities {communities}, {', '.join(tiers)}, households {households}, notes {len(self.notes)})"

    def _repr_html_(self) -> str:
        """A small picture, the table of tiers, and what to do next."""
        from gridgeo.comparison import sketch

        lang = locale_lang()
        following = say("shown_notes", n=len(self.notes)) if len(self.notes) else say("shown_next")
        picture = sketch([self], names=[""], lang=lang)._repr_html_()
        return picture + self.zones()._repr_html_() + html_lines([following], lang)


def _buildings(members: pd.DataFrame, cells: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Members with name, code and shape; a part of a building has what of the footprint lies in its cell."""
    shapes = buildings.geometry.reindex(members["building"]).to_numpy().copy()
    at = cells.index.get_indexer(pd.Index(members["cell"]))
    part = members["unit"].notna().to_numpy()
    if part.any():
        shapes[part] = shapely.intersection(shapes[part], cells.geometry.to_numpy()[at[part]])
    table = members[["building", "unit", "households", "cut"]].rename(columns={"building": "id"})
    table.insert(2, "name", buildings["name"].reindex(members["building"]).to_numpy())
    table = table.assign(code=cells["code"].to_numpy()[at], cell=cells.index.to_numpy()[at])
    member = (members["building"] + ("/" + members["unit"]).fillna("")).to_numpy()
    return gpd.GeoDataFrame(
        table.set_index(pd.Index(member, name="member")), geometry=shapes, crs=cells.crs
    ).sort_index(kind="stable")


def refuse_no_plan(value: object) -> None:
    """Refuse, in plain words, what has no cells and no site.

    Raises
    ------
    InputError
        If the value is not a plan.
    """
    if not isinstance(value, Plan):
        raise InputError(say("plan_needed", kind=type(value).__name__))

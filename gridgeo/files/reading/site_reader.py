"""The steps from files to a site, in order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from gridgeo.errors import InputError
from gridgeo.files.reading.column_choice import ColumnChoice, read_choice
from gridgeo.files.reading.columns import Columns, one_column, take_columns
from gridgeo.files.reading.community_rows import clean_communities, read_codes
from gridgeo.files.reading.crs import choose_crs, georeference, read_crs, swapped_against, to_metric, vague
from gridgeo.files.reading.formats import GEOJSON, read_rows
from gridgeo.files.reading.household_figures import (
    compare_units,
    estimate,
    fill_from_units,
    households_column,
    match_units,
    note_unknown,
    read_households,
    read_units,
)
from gridgeo.files.reading.line_gaps import join_gaps
from gridgeo.files.reading.load_figures import Loads, Sums, columns_of, read_sums, read_terms, with_loads
from gridgeo.files.reading.reading_log import SITE, LayerLog, ReadingLog, RowsRead
from gridgeo.files.reading.row_ids import complete_ids, read_ids
from gridgeo.files.reading.rows_outside import note_strips, without_outside
from gridgeo.files.reading.shapes import explode, mend, plain_shapes
from gridgeo.files.reading.sources import Source, find_sources
from gridgeo.messages import say
from gridgeo.model import ROLES, UNITS, Site
from gridgeo.progress import Tell, told

_UNIT_COLUMNS = {"building": "string", "unit": "string", "households": "Int64"}

Layers: TypeAlias = dict[str, gpd.GeoDataFrame]
"""Role -> table, rows by their number in the file."""


def read_site(
    path: str | Path | None = None,
    *,
    layers: Mapping[str, str | Path] | None = None,
    crs: str | None = None,
    columns: ColumnChoice | None = None,
    households: str | None = None,
    m2_per_household: float | None = None,
    loads: Loads = (),
    progress: Tell | None = None,
) -> Site:
    """Read a place.

    Attributes may be lost, a usable footprint never is: what happened to each row stands in the site's account.

    Parameters
    ----------
    path
        A GeoPackage with layers named by role, or a folder of files (GeoPackage, GeoParquet, GeoJSON, Shapefile; CSV for
        `unit_households`), each named by its role or another name of it (楼栋, 道路, roads ...: docs/columns.md); a folder of
        GeoParquet parts, such as ``buildings.parquet/part-0.parquet``, is one layer.
    layers
        Role -> FILE, FILE:LAYER, a folder of GeoParquet parts, or a layer of `path`; goes before what `path` offers. With
        communities and buildings given here `path` may be left out.
    crs
        Reference system of layers that name none (EPSG code, WKT). ``GCJ-02`` or ``BD-09``, which no file can name, count for
        these and for GeoJSON, which calls all degrees WGS84; layers of other formats are believed.
    columns
        Layer -> column -> its name in the file, where that is none of the names that are known (docs/columns.md), as in
        ``{"buildings": {"households": "实有户数"}}``; only the column named counts then.
    households
        The same for the households of the buildings alone.
    m2_per_household
        Floor area a household takes [m2]: buildings without a figure get footprint x levels / this. Without it they stay unknown.
    loads
        What tiers may balance besides households: names of columns of numbers of the buildings, or name -> weighted sum of columns,
        such as ``{"work": "events + 0.2*elderly"}``. Terms households, levels and units are the site's own figures. Each becomes a
        column of whole numbers (halves rounded up for each building), `<NA>` where a term is.
    progress
        Called with each step; left out, a notebook or a prompt shows a line with the time left.

    Returns
    -------
    site
        All layers in one metric system: that of the communities if areas are true in it, else CGCS2000 3-degree in China, else UTM.

    Raises
    ------
    CrsError
        If a layer's system is unknown, or contradicts its coordinates.
    InputError
        If the data cannot be used otherwise; `problems` names every one of all layers.
    """
    log = ReadingLog()
    choice = read_choice(columns or {}, households)
    options = ReadOptions(read_crs(crs), choice, _positive(m2_per_household), read_sums(loads))
    sources = find_sources(None if path is None else Path(path), layers, log)
    geojson = frozenset(role for role, source in sources.items() if source.path.suffix.lower() in GEOJSON)
    with told(progress) as tell:
        return SiteReader(_rows(sources, log, tell), geojson, options, log, tell).site()


def _rows(sources: Mapping[str, Source], log: ReadingLog, tell: Tell) -> dict[str, pd.DataFrame]:
    """Role -> rows as read, of each layer that can be read."""
    out = {}
    for k, (role, source) in enumerate(sources.items(), start=1):
        tell(say("step_layer", layer=role, k=k, n=len(sources)))
        table = read_rows(source.path, source.layer, log.of(role))
        if table is not None:
            out[role] = table
    return out


def _positive(m2_per_household: float | None) -> float | None:
    if m2_per_household is not None and not (math.isfinite(m2_per_household) and m2_per_household > 0):
        raise InputError(say("load_m2_invalid", value=m2_per_household))
    return m2_per_household


class ReadOptions(NamedTuple):
    """What the caller said about systems and figures."""

    crs: str | CRS | None
    columns: ColumnChoice
    m2_per_household: float | None
    loads: Sums
    """What is balanced besides households."""


@dataclass(frozen=True)
class SiteReader:
    """The rows of one place, and the steps from these to a site."""

    tables: Mapping[str, pd.DataFrame]
    """Role -> rows as read."""
    geojson: frozenset[str]
    """Roles that are read from GeoJSON, which calls all coordinates WGS84."""
    options: ReadOptions
    log: ReadingLog
    tell: Tell

    def site(self) -> Site:
        """All steps; every problem of every layer is gathered before one error is raised."""
        self._look_for_columns()
        figures = self._household_figures()
        drafts = {role: self._draft(role, figures) for role in self.tables if role != UNITS}
        units = read_units(self._columns(UNITS), self.log.of(UNITS)) if UNITS in self.tables else None
        layers = self._metric(self._georeferenced(drafts))
        self._refuse_no_buildings(layers)
        units = None if units is None else self._matched(units, layers["buildings"])
        layers["buildings"] = self._with_figures(layers["buildings"], units, figures)
        self.log.raise_if_any()
        loads = tuple(self.options.loads)
        finished = {
            role: _finished(table, role, loads if role == "buildings" else ()) for role, table in layers.items()
        }
        return Site(finished, _unit_table(units), self.log.account(self._rows_read(drafts, layers)))

    def _columns(self, role: str) -> Columns:
        return Columns(self.tables[role], role, self.options.columns.get(role, {}))

    def _look_for_columns(self) -> None:
        """Refuse columns that are asked for and not there, and note those that nothing is read from."""
        for role in self.options.columns.keys() - self.tables.keys():
            self.log.of(role).problem("column_no_layer")
        for role in self.tables:
            columns, log = self._columns(role), self.log.of(role)
            columns.refuse_missing(log)
            columns.note_unused(log, columns_of(self.options.loads) if role == "buildings" else ())

    def _household_figures(self) -> pd.Series | None:
        """The column of households as it stands in the file; None if there is none."""
        if "buildings" not in self.tables:
            return None
        other = self.options.m2_per_household is not None or UNITS in self.tables
        name = households_column(self._columns("buildings"), self.log.of("buildings"), other_source=other)
        return None if name is None else one_column(self.tables["buildings"], name)

    def _draft(self, role: str, figures: pd.Series | None) -> gpd.GeoDataFrame:
        """What the rows of a layer say, and their geometry as read."""
        table, log, found = self.tables[role], self.log.of(role), self._columns(role)
        ids = read_codes(found) if role == "communities" else read_ids(found, log)
        columns = take_columns(found, log).assign(id=ids)
        if len(table) == 0 and role in {"communities", "buildings"}:
            log.problem("layer_empty")
        if role == "buildings":
            none = pd.Series(pd.NA, table.index, dtype="Int64")
            columns["households"] = none if figures is None else read_households(figures, log)
            columns = columns.assign(**read_terms(table, self.options.loads, log))
        return gpd.GeoDataFrame(columns, geometry=table.geometry, crs=table.crs)

    def _georeferenced(self, drafts: Layers) -> Layers:
        """Layers with usable shapes, in systems that agree with their coordinates."""
        unsure = [role for role, draft in drafts.items() if vague(draft, says_wgs84=role in self.geojson)]
        crs = self.options.crs
        datum = isinstance(crs, str)
        if datum and not unsure:
            self.log.of(SITE).problem("crs_unused", crs=crs)
        out: Layers = {}
        for role, draft in drafts.items():
            given = None if datum and role not in unsure else crs
            log = self.log.of(role)
            table = georeference(plain_shapes(draft, log), given, log, communities=out.get("communities"))
            if table is not None:
                out[role] = table
        return out

    def _metric(self, placed: Layers) -> Layers:
        """Layers in the site's system, shapes mended, ids complete, rows by id."""
        communities = placed.get("communities")
        if communities is None or len(communities) == 0:
            if communities is not None and not self.log.problems:
                self.log.of("communities").problem("layer_empty")
            self.log.raise_if_any()
            return {}
        target = choose_crs(communities)
        moved = {role: _moved(table, communities, self.log.of(role), target=target) for role, table in placed.items()}
        out = self._mended({role: table for role, table in moved.items() if table is not None})
        if "communities" in out and "buildings" in out and len(out["communities"]):
            written = self._columns("communities")
            out["communities"] = clean_communities(out["communities"], written, self.log.of("communities"))
            note_strips(out["communities"], self.log.of("communities"))
            out["buildings"] = without_outside(out["buildings"], out["communities"], self.log.of("buildings"))
        return join_gaps(out, self.log)

    def _mended(self, moved: Layers) -> Layers:
        """Layers with sound shapes and complete ids."""
        out = {}
        for k, (role, table) in enumerate(moved.items(), start=1):
            self.tell(say("step_shapes", layer=role, k=k, n=len(moved)))
            out[role] = _mended(table, self.log.of(role))
        return out

    def _refuse_no_buildings(self, layers: Layers) -> None:
        if not self.log.problems and len(layers["buildings"]) == 0:
            self.log.of("buildings").problem("no_buildings")
        self.log.raise_if_any()

    def _matched(self, units: pd.DataFrame, buildings: gpd.GeoDataFrame) -> pd.DataFrame:
        """Units of buildings that are there."""
        log = self.log.of(UNITS)
        matched = match_units(units, buildings, log)
        note_unknown(matched, self._columns(UNITS).texts("households"), log)
        return matched

    def _with_figures(
        self, buildings: gpd.GeoDataFrame, units: pd.DataFrame | None, figures: pd.Series | None
    ) -> gpd.GeoDataFrame:
        """Figures from units, then estimates if they are asked for; what stays unknown is noted."""
        log = self.log.of("buildings")
        if units is not None:
            compare_units(buildings, units, log)
            buildings = fill_from_units(buildings, units, log)
        if self.options.m2_per_household is not None:
            buildings = estimate(buildings, self.options.m2_per_household, log)
        note_unknown(buildings, figures, log)
        if buildings["households"].sum() == 0:
            log.problem("households_zero")
        return with_loads(buildings, self.options.loads, log)

    def _rows_read(self, drafts: Layers, layers: Layers) -> dict[str, RowsRead]:
        """Every row that was read, by the id that it has in the end, and the households that it stated."""
        out = {}
        for role, draft in drafts.items():
            stated = draft["households"] if "households" in draft else pd.Series(pd.NA, draft.index, dtype="Int64")
            out[role] = RowsRead(_final_ids(draft["id"], layers[role]), stated)
        if UNITS in self.tables:
            rows = self.tables[UNITS].index
            out[UNITS] = RowsRead(rows.to_series().astype("string"), pd.Series(pd.NA, rows, dtype="Int64"))
        return out


def _moved(
    table: gpd.GeoDataFrame, communities: gpd.GeoDataFrame, log: LayerLog, *, target: CRS
) -> gpd.GeoDataFrame | None:
    if log.role != "communities" and len(table) and swapped_against(table, communities):
        log.problem("crs_against")
        return None
    return to_metric(table, target, log)


def _mended(table: gpd.GeoDataFrame, log: LayerLog) -> gpd.GeoDataFrame:
    table = mend(table, log)
    if log.role == "communities":
        return table
    return complete_ids(explode(table), log).sort_values("id", kind="stable")


def _final_ids(read: pd.Series, table: gpd.GeoDataFrame) -> pd.Series:
    """Ids by row: as read, or as made for rows without one; a community's is its code."""
    made = table["id"].groupby(level=0).first().reindex(read.index)
    known = made.notna() & (read.isna() | (table.index.nunique() == len(table)))
    return read.mask(known, made)


def _finished(table: gpd.GeoDataFrame, role: str, loads: Iterable[str]) -> gpd.GeoDataFrame:
    name = "code" if role == "communities" else "id"
    index = pd.Index(table["id"].to_numpy(object), dtype="str", name=name)
    dtypes = dict(ROLES[role].columns) | dict.fromkeys(loads, "Int64")
    columns = pd.DataFrame(table[list(dtypes)]).astype(dtypes).set_index(index)
    return gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), crs=table.crs)


def _unit_table(units: pd.DataFrame | None) -> pd.DataFrame:
    table = pd.DataFrame(columns=list(_UNIT_COLUMNS)) if units is None else units[list(_UNIT_COLUMNS)]
    return table.reset_index(drop=True).astype(_UNIT_COLUMNS)

"""Files to a site: every layer in one metric system, every row accounted for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd
from pyproj import CRS

from gridgeo.errors import InputError
from gridgeo.files.reading.book import UNITS, Book, Read, explain
from gridgeo.files.reading.columns import column, one_column, take_columns
from gridgeo.files.reading.communities import read_codes, settle_communities, without_outside
from gridgeo.files.reading.crs import choose_crs, read_crs, settle, swapped_against, to_metric, vague
from gridgeo.files.reading.figures import (
    compare_units,
    estimate,
    fill_from_units,
    households_column,
    match_units,
    note_unknown,
    read_households,
    read_units,
)
from gridgeo.files.reading.formats import GEOJSON, read_rows
from gridgeo.files.reading.gaps import join_gaps
from gridgeo.files.reading.ids import complete_ids, read_ids
from gridgeo.files.reading.shapes import explode, mend, plain_shapes
from gridgeo.files.reading.sources import find_sources
from gridgeo.files.reading.weights import Loads, Sums, read_sums, read_terms, with_loads
from gridgeo.messages import say
from gridgeo.model.site import Site
from gridgeo.model.tables import ROLES

__all__ = ["explain", "read_site"]

_UNIT_COLUMNS = {"building": "string", "unit": "string", "households": "Int64"}


class _Wishes(NamedTuple):
    """What the caller said about systems and figures."""

    crs: str | CRS | None
    households: str | None
    m2_per_household: float | None
    geojson: frozenset[str]
    """Roles that are read from GeoJSON, which calls all coordinates WGS84."""
    loads: Sums
    """What is balanced besides households."""


def read_site(
    path: str | Path | None = None,
    *,
    layers: Mapping[str, str | Path] | None = None,
    crs: str | None = None,
    households: str | None = None,
    m2_per_household: float | None = None,
    loads: Loads = (),
) -> Site:
    """Read a place.

    Attributes may be lost, a usable footprint never is: what happened to each row stands in the site's account.

    Parameters
    ----------
    path
        A GeoPackage with layers named by role, or a folder of files (GeoPackage, GeoParquet, GeoJSON, Shapefile; CSV for
        `unit_households`), each named by its role; a folder of GeoParquet parts, such as ``buildings.parquet/part-0.parquet``,
        is one layer. The roles are those of `gridgeo.model.site.ROLES`; `boundary` means communities.
    layers
        Role -> FILE, FILE:LAYER, a folder of GeoParquet parts, or a layer of `path`; goes before what `path` offers. With
        communities and buildings given here `path` may be left out.
    crs
        Reference system of layers that name none (EPSG code, WKT). ``GCJ-02`` or ``BD-09``, which no file can name, count for
        these and for GeoJSON, which calls all degrees WGS84; layers of other formats are believed.
    households
        Column of the buildings that holds their households; `households` or 户数 if left out.
    m2_per_household
        Floor area a household takes [m2]: buildings without a figure get footprint x levels / this. Without it they stay unknown.
    loads
        What tiers may balance besides households: names of columns of numbers of the buildings, or name -> weighted sum of columns,
        such as ``{"work": "events + 0.2*elderly"}``. Terms households, levels and units are the site's own figures. Each becomes a
        column of whole numbers (halves rounded up for each building), `<NA>` where a term is.

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
    book = Book()
    system, area, sums = read_crs(crs), _positive(m2_per_household), read_sums(loads)
    sources = find_sources(None if path is None else Path(path), layers, book)
    tables = {}
    for role, source in sources.items():
        table = read_rows(source.path, source.layer, role, book)
        if table is not None:
            tables[role] = table
    geojson = frozenset(role for role, source in sources.items() if source.path.suffix.lower() in GEOJSON)
    return _site(tables, _Wishes(system, households, area, geojson, sums), book)


def _positive(m2_per_household: float | None) -> float | None:
    if m2_per_household is not None and not (math.isfinite(m2_per_household) and m2_per_household > 0):
        raise InputError(say("load_m2_invalid", value=m2_per_household))
    return m2_per_household


def _site(tables: Mapping[str, pd.DataFrame], wishes: _Wishes, book: Book) -> Site:
    """All steps from rows as read to the site; every problem of every layer is gathered before one error is raised."""
    figures = _figures(tables, wishes, book)
    drafts = {role: _draft(table, role, book) for role, table in tables.items() if role != UNITS}
    if "buildings" in drafts:
        drafts["buildings"]["households"] = _parsed(drafts["buildings"], figures, book)
        terms = read_terms(tables["buildings"], wishes.loads, book)
        drafts["buildings"] = drafts["buildings"].assign(**terms)
    read = {role: Read(draft["id"], _read_figures(draft)) for role, draft in drafts.items()}
    units = read_units(tables[UNITS], book) if UNITS in tables else None
    placed = _placed(drafts, wishes, book)
    metric = _metric(placed, book)
    if not book.problems and len(metric["buildings"]) == 0:
        book.problem("no_buildings", "buildings")
    book.raise_if_any()
    if units is not None:
        units = match_units(units, metric["buildings"], book)
        note_unknown(units, column(tables[UNITS], "households"), UNITS, book)
        keys = tables[UNITS].index.to_series().astype("string")
        read[UNITS] = Read(keys, pd.Series(pd.NA, keys.index, dtype="Int64"))
    metric["buildings"] = _filled(metric["buildings"], units, figures, wishes, book)
    book.raise_if_any()
    ids = {role: _final_ids(read[role].ids, table) for role, table in metric.items()}
    account = book.account({role: one._replace(ids=ids.get(role, one.ids)) for role, one in read.items()})
    layers = {
        role: _finished(table, role, wishes.loads if role == "buildings" else ()) for role, table in metric.items()
    }
    return Site(layers, _unit_table(units), account)


def _figures(tables: Mapping[str, pd.DataFrame], wishes: _Wishes, book: Book) -> pd.Series | None:
    """The column of figures as it stands in the file; None if there is none."""
    if "buildings" not in tables:
        return None
    other = wishes.m2_per_household is not None or UNITS in tables
    name = households_column(tables["buildings"], wishes.households, book, other_source=other)
    return None if name is None else one_column(tables["buildings"], name)


def _parsed(buildings: pd.DataFrame, figures: pd.Series | None, book: Book) -> pd.Series:
    if figures is None:
        return pd.Series(pd.NA, buildings.index, dtype="Int64")
    return read_households(figures, "buildings", book)


def _draft(table: pd.DataFrame, role: str, book: Book) -> gpd.GeoDataFrame:
    """Id, columns of the role, and geometry as read; indexed by row."""
    ids = read_codes(table) if role == "communities" else read_ids(table, role, book)
    columns = take_columns(table, role, book)
    if len(table) == 0 and role in {"communities", "buildings"}:
        book.problem("layer_empty", role)
    return gpd.GeoDataFrame(columns.assign(id=ids), geometry=table.geometry, crs=table.crs)


def _read_figures(draft: pd.DataFrame) -> pd.Series:
    return draft["households"] if "households" in draft else pd.Series(pd.NA, draft.index, dtype="Int64")


def _placed(drafts: Mapping[str, gpd.GeoDataFrame], wishes: _Wishes, book: Book) -> dict[str, gpd.GeoDataFrame]:
    """Layers with usable shapes, in systems that agree with their coordinates."""
    unsure = [role for role, draft in drafts.items() if vague(draft, says_wgs84=role in wishes.geojson)]
    datum = isinstance(wishes.crs, str)
    if datum and not unsure:
        book.problem("crs_unused", "site", crs=wishes.crs)
    out: dict[str, gpd.GeoDataFrame] = {}
    for role, draft in drafts.items():
        given = None if datum and role not in unsure else wishes.crs
        table = settle(plain_shapes(draft, role, book), role, given, communities=out.get("communities"), book=book)
        if table is not None:
            out[role] = table
    return out


def _metric(placed: Mapping[str, gpd.GeoDataFrame], book: Book) -> dict[str, gpd.GeoDataFrame]:
    """Layers in the site's system, shapes mended, ids complete, rows by id."""
    communities = placed.get("communities")
    if communities is None or len(communities) == 0:
        if communities is not None and not book.problems:
            book.problem("layer_empty", "communities")
        book.raise_if_any()
        return {}
    target = choose_crs(communities)
    out = {}
    for role, table in placed.items():
        if role != "communities" and len(table) and swapped_against(table, communities):
            book.problem("crs_against", role)
            continue
        moved = to_metric(table, target, role, book)
        if moved is not None:
            out[role] = _mended(moved, role, book)
    if "communities" in out and "buildings" in out and len(out["communities"]):
        out["communities"] = settle_communities(out["communities"], book)
        out["buildings"] = without_outside(out["buildings"], out["communities"], book)
    return join_gaps(out, book)


def _mended(table: gpd.GeoDataFrame, role: str, book: Book) -> gpd.GeoDataFrame:
    table = mend(table, role, book)
    if role == "communities":
        return table
    return complete_ids(explode(table), role, book).sort_values("id", kind="stable")


def _filled(
    buildings: gpd.GeoDataFrame, units: pd.DataFrame | None, figures: pd.Series | None, wishes: _Wishes, book: Book
) -> gpd.GeoDataFrame:
    """Figures from units, then estimates if they are asked for; what stays unknown is noted."""
    if units is not None:
        compare_units(buildings, units, book)
        buildings = fill_from_units(buildings, units, book)
    if wishes.m2_per_household is not None:
        buildings = estimate(buildings, wishes.m2_per_household, book)
    note_unknown(buildings, figures, "buildings", book)
    if buildings["households"].sum() == 0:
        book.problem("households_zero", "buildings")
    return with_loads(buildings, wishes.loads, book)


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

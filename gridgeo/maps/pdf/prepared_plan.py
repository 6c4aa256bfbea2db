"""What all sheets of a plan share, prepared once: zones of each tier with their colours and words, and the context."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.maps.pdf.pdf_font import Printed, clean
from gridgeo.messages import Lang, has_text, say
from gridgeo.model import DEDICATED, SEVERITIES, Report, ShownZones
from gridgeo.style import colours, label

SHOWN = ("water", "compounds", "waterways", "streets", "railways", "barriers")
"""Context of a sheet, from below to above; buildings and community borders come on their own."""

DASH = "—"
"""Stands where there is nothing to tell."""

_NAMED = ("communities", "institutions", "streets")


class IndexedLayer(NamedTuple):
    """Shapes with names and an index."""

    shapes: npt.NDArray[np.object_]
    names: npt.NDArray[np.str_]
    tree: shapely.STRtree

    def within(self, window: shapely.Geometry) -> npt.NDArray[np.intp]:
        """Positions of the shapes in view, in the order of the layer."""
        return np.sort(self.tree.query(window, predicate="intersects"))


class PreparedTier(NamedTuple):
    """Zones of one tier as a sheet shows them; one entry a zone in each array."""

    title: str
    codes: npt.NDArray[np.str_]
    parents: npt.NDArray[np.str_]
    labels: npt.NDArray[np.str_]
    notes: npt.NDArray[np.str_]
    """Line under a label."""
    names: npt.NDArray[np.str_]
    """Name of a dedicated zone, or what it is."""
    kinds: npt.NDArray[np.str_]
    """Title of the tier, or of dedicated zones."""
    colours: npt.NDArray[np.str_]
    layer: IndexedLayer
    table: gpd.GeoDataFrame


class PreparedPlan(NamedTuple):
    """Zones made ready for drawing."""

    shown: ShownZones
    lang: Lang
    tiers: Mapping[str, PreparedTier]
    layers: Mapping[str, IndexedLayer]
    faults: Mapping[str, IndexedLayer]
    """Severity -> faults with a place."""

    def say(self, reason: str, **values: object) -> str:
        """Words of the catalogue, as they are printed."""
        return clean(say(reason, **values).render(self.lang))

    def tier(self, name: str) -> str:
        """A tier by the name that planners use."""
        return self.say(f"tier_{name}") if has_text(f"tier_{name}") else name


def prepare(shown: ShownZones, report: Report | None, lang: Lang) -> PreparedPlan:
    """Zones, colours and indexes for all sheets."""
    layers = {role: layer(shown.site.layer(role)) for role in (*SHOWN, "communities")}
    layers["buildings"] = layer(shown.buildings)
    prepared = PreparedPlan(shown, lang, {}, layers, _faults(report) if report is not None else {})
    return prepared._replace(tiers={name: _tier(prepared, name) for name in shown.tiers})


def layer(table: gpd.GeoDataFrame) -> IndexedLayer:
    """A table as shapes, names and index."""
    shapes = table.geometry.to_numpy()
    names = table["name"] if "name" in table else pd.Series("", index=table.index)
    return IndexedLayer(shapes, _words(clean(name) for name in names), shapely.STRtree(shapes))


def sums(zones: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Buildings, households (with a star where figures are missing) and hectares of each row."""
    figures = zones[["n_buildings", "households", "n_unknown", "area_m2"]].itertuples(index=False)
    return [
        (
            DASH if pd.isna(buildings) else str(int(buildings)),
            (DASH if pd.isna(households) else str(int(households))) + ("*" if not pd.isna(unknown) and unknown else ""),
            f"{area / 1e4:.2f}",
        )
        for buildings, households, unknown, area in figures
    ]


def total(prepared: PreparedPlan, depth: int, rows: npt.ArrayLike) -> tuple[str, str, str]:
    """The same figures for some zones of a tier together; a building that is divided among them counts once."""
    name = prepared.shown.tiers[depth]
    zones = prepared.tiers[name].table.iloc[rows]
    if len(zones) == 1:
        return sums(zones)[0]
    together = zones[["n_buildings", "households", "n_unknown", "area_m2"]].sum(min_count=1)
    if not pd.isna(together["n_buildings"]):
        together["n_buildings"] = prepared.shown.n_buildings(name, zones.index)
    return sums(together.to_frame().T)[0]


def printed(shown: ShownZones, report: Report | None) -> list[Printed]:
    """Every text from the data that a sheet may show."""
    texts = [
        Printed(role, str(row), "name", text)
        for role in _NAMED
        for row, text in shown.site.layer(role)["name"].dropna().items()
    ]
    members = shown.buildings
    for column in ("id", "unit", "name"):
        texts += [Printed("buildings", str(row), column, text) for row, text in members[column].dropna().items()]
    if report is not None:
        for column in ("rule", "code", "message"):
            found = report.findings[column].dropna()
            texts += [Printed("findings", str(row), column, str(text)) for row, text in found.items()]
    return texts


def _tier(prepared: PreparedPlan, name: str) -> PreparedTier:
    zones = prepared.shown.zones(name)
    title, dedicated = prepared.tier(name), prepared.say("kind_dedicated")
    # Where a ring begins depends on the order of the cells; a sheet may not.
    shapes = shapely.normalize(zones.geometry.to_numpy())
    figures = zones["households"].fillna(0).astype(int)
    kinds = np.where(zones["kind"] == DEDICATED, dedicated, title)
    named = [
        clean(given) or (kind if kind == dedicated else "") for given, kind in zip(zones["name"], kinds, strict=True)
    ]
    return PreparedTier(
        title,
        zones.index.to_numpy(dtype=str),
        zones["parent"].fillna("").to_numpy(dtype=str),
        _words(label(code, prepared.shown.scheme) for code in zones.index),
        _words(prepared.say("sheet_households_short", n=n) if n else "" for n in figures),
        _words(named),
        kinds.astype(str),
        colours(zones).to_numpy(dtype=str),
        IndexedLayer(shapes, np.array([]), shapely.STRtree(shapes)),
        zones,
    )


def _faults(report: Report) -> dict[str, IndexedLayer]:
    found = report.findings
    placed = found[~(found.geometry.isna() | found.geometry.is_empty)]
    # Notes are listed, not drawn: they often concern whole communities, and would veil the map.
    return {severity: layer(placed[placed["severity"] == severity]) for severity in SEVERITIES[1::-1]}


def _words(texts: Iterable[str]) -> npt.NDArray[np.str_]:
    return np.array(list(texts), dtype=np.str_)

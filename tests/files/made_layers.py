"""Layers made for tests of reading, and questions to what was read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point, Polygon, box

from gridgeo.errors import InputError
from gridgeo.files.reading import read_site
from gridgeo.messages import Text
from gridgeo.model import ACCOUNT_COLUMNS, ROLES, Site

DATA = Path(__file__).parents[3] / "shared/data"
DIRTY = DATA / "dirty"
CRS = "EPSG:4547"
X, Y = 463000.0, 3845000.0
CODE = "410105001001"

with_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real places are kept apart from the project")


def square(x: float, y: float, side: float = 10.0) -> Polygon:
    return box(X + x, Y + y, X + x + side, Y + y + side)


def spot(x: float, y: float) -> Point:
    return Point(X + x, Y + y)


def way(*points: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in points])


def endless(shape: Polygon, value: float) -> Polygon:
    """A shape one of whose coordinates is no number."""
    points = shapely.get_coordinates(shape)
    points[1, 0] = value
    with np.errstate(invalid="ignore"):
        return Polygon(points)


def table(shapes: Sequence[object], crs: object = CRS, **columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=crs), crs=crs)


def communities(**columns: object) -> gpd.GeoDataFrame:
    return table([square(0, 0, 200)], **({"code": [CODE], "name": ["文化路"]} | columns))


def buildings(n: int = 3, crs: object = CRS, **columns: object) -> gpd.GeoDataFrame:
    shapes = [square(20 * i + 5, 20) for i in range(n)]
    base = {"id": [f"B{i}" for i in range(n)], "households": [10 * (i + 1) for i in range(n)]}
    return table(shapes, crs, **(base | columns))


def write(folder: Path, **layers: gpd.GeoDataFrame | None) -> Path:
    """A folder with a community and three buildings, unless other ones are given."""
    path = folder / "site"
    path.mkdir(exist_ok=True)
    for name, layer in ({"communities": communities(), "buildings": buildings()} | layers).items():
        if layer is not None:
            layer.to_parquet(path / f"{name}.parquet", index=False)
    return path


def package(folder: Path, **layers: gpd.GeoDataFrame | None) -> Path:
    """The same as a GeoPackage."""
    path = folder / "site.gpkg"
    for name, layer in ({"communities": communities(), "buildings": buildings()} | layers).items():
        if layer is not None:
            layer.to_file(path, layer=name, driver="GPKG")
    return path


def lines(site: Site, layer: str, reason: str) -> pd.DataFrame:
    account = site.account
    return account[(account["layer"] == layer) & (account["reason"] == reason)]


def assert_complete(site: Site, rows: dict[str, int], households: int | None = None) -> None:
    """The account holds every row and household that was read, and is typed as it is declared."""
    assert list(site.account.columns) == list(ACCOUNT_COLUMNS)
    counted = site.account.groupby("layer", sort=False)["rows"].sum().to_dict()
    assert counted == rows
    if households is not None:
        mine = site.account[site.account["layer"] == "buildings"]
        assert mine["households"].sum() == households
    for role, layer in site.layers.items():
        assert layer.index.is_unique
        assert layer.index.is_monotonic_increasing
        assert list(layer.columns) == [*ROLES[role].columns, "geometry"]
        assert {name: str(layer[name].dtype) for name in ROLES[role].columns} == dict(ROLES[role].columns)


def problems(error: pytest.ExceptionInfo[InputError]) -> list[tuple[object, object]]:
    found = error.value.problems
    assert found is not None
    assert list(found.columns) == ["layer", "row", "column", "value", "reason", "remedy"]
    for remedy in found["remedy"]:
        assert remedy.render("zh")
        assert remedy.render("en")
    assert isinstance(error.value.text, Text)
    assert error.value.text.render("zh")
    return list(zip(found["layer"], found["reason"], strict=True))


def refused(path: Path | None = None, **options: Any) -> list[tuple[object, object]]:
    with pytest.raises(InputError) as error:
        read_site(path, **options)
    return problems(error)


# --- formats and sources

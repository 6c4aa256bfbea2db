"""Which buildings of two years are the same."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import pandas as pd
import shapely

from gridgeo.matching import LINK_COLUMNS, same_buildings
from tests.conftest import CRS, box


def layer(shapes: Mapping[str, shapely.Geometry], names: Mapping[str, str] | None = None) -> gpd.GeoDataFrame:
    table = pd.DataFrame({"name": pd.array([(names or {}).get(k) for k in shapes], dtype="string")}, index=list(shapes))
    return gpd.GeoDataFrame(table, geometry=list(shapes.values()), crs=CRS)


def told(links: pd.DataFrame) -> list[tuple[str, str, str, str]]:
    return [tuple(row) for row in links.drop(columns="group").fillna("-").to_numpy().tolist()]


def test_by_id_then_footprint_then_name_and_place() -> None:
    old = layer({"a": box(0, 0, 10, 10), "b": box(20, 0, 30, 10), "c": box(40, 0, 50, 10)}, {"c": "3号楼"})
    new = layer({"a": box(1, 0, 11, 10), "x": box(21, 0, 31, 10), "y": box(55, 0, 60, 10)}, {"y": "3号楼"})
    links = same_buildings(old, new)
    assert told(links) == [("a", "a", "id", "same"), ("b", "x", "footprint", "same"), ("c", "y", "name", "same")]
    assert links.dtypes.astype(str).to_dict() == LINK_COLUMNS


def test_an_id_that_was_given_anew_elsewhere_is_no_evidence() -> None:
    old, new = layer({"a": box(0, 0, 10, 10)}), layer({"a": box(500, 0, 510, 10)})
    assert told(same_buildings(old, new)) == [("a", "-", "-", "demolished"), ("-", "a", "-", "new")]


def test_split_merged_and_rebuilt() -> None:
    whole, west, east = box(0, 0, 20, 10), box(0, 0, 10, 10), box(10, 0, 20, 10)
    split = same_buildings(layer({"a": whole}), layer({"a": west, "b": east}))
    assert told(split) == [("a", "a", "id", "split"), ("a", "b", "footprint", "split")]
    merged = same_buildings(layer({"a": west, "b": east}), layer({"b": whole}))
    assert set(merged["fate"]) == {"merged"}
    crossed = layer({"x": box(0, 0, 20, 5), "y": box(0, 5, 20, 10)})
    assert set(same_buildings(layer({"a": west, "b": east}), crossed)["fate"]) == {"rebuilt"}


def test_neighbours_that_share_a_wall_are_others_and_points_stand_in_footprints() -> None:
    assert set(same_buildings(layer({"a": box(0, 0, 10, 10)}), layer({"b": box(10, 0, 20, 10)}))["fate"]) == {
        "demolished",
        "new",
    }
    point = shapely.point_on_surface(box(0, 0, 10, 10))
    assert told(same_buildings(layer({"a": box(0, 0, 10, 10)}), layer({"b": point}))) == [
        ("a", "b", "footprint", "same")
    ]


def test_rows_in_another_order_give_the_same_and_a_layer_meets_itself() -> None:
    shapes = {f"b{k}": box(15 * k, 0, 15 * k + 10, 10) for k in range(8)}
    old, new = layer(shapes), layer({f"n{k}": box(15 * k + 3, 0, 15 * k + 13, 10) for k in range(2, 10)})
    pd.testing.assert_frame_equal(same_buildings(old, new), same_buildings(old.iloc[::-1], new.iloc[::-1]))
    assert set(same_buildings(old, old)["fate"]) == {"same"}
    mirrored = same_buildings(new, old)
    assert sorted(zip(mirrored["new"].fillna(""), mirrored["old"].fillna(""), strict=True)) == sorted(
        zip(same_buildings(old, new)["old"].fillna(""), same_buildings(old, new)["new"].fillna(""), strict=True)
    )

"""Institutions picked by class."""

from __future__ import annotations

import shapely

import gridgeo as gg
from gridgeo.division import with_institutions
from tests.division.places import with_layer
from tests.made import SCHEME, Town, build


def test_institutions_are_picked_by_class_where_no_layer_gives_them() -> None:
    site = build(Town(seed=13, columns=3, rows=2, per_block=8, school=True))
    site = with_layer(
        site,
        "landuse",
        {
            "1": shapely.box(22, 17, 68, 58),
            "2": shapely.box(205, 5, 250, 40),
            "3": shapely.box(105, 105, 195, 195),
            "4": shapely.box(101, 5, 190, 90),
        },
        **{"class": ["school", "Park", "school", "residential"]},
        name=["小学", "公园", "中学", None],
    )
    site = with_layer(
        site,
        "pois",
        {
            "1": shapely.Point(220, 20),
            "2": shapely.Point(150, 150),
            "3": shapely.Point(120, 20),
            "4": shapely.Point(230, 20),
        },
        **{"class": ["park", "school", "hospital", "cafe"]},
    )
    picked = with_institutions(site, ["school", "park", "hospital"])
    layer = picked.layer("institutions")
    assert list(layer.index) == ["school", "landuse:2", "landuse:3", "pois:3"]
    assert list(layer["name"].fillna("-")) == ["小学", "公园", "中学", "-"]
    assert list(site.layer("institutions").index) == ["school"]
    assert with_institutions(site, []).layer("institutions").equals(site.layer("institutions"))
    plan = gg.divide(picked, SCHEME, seed=1)
    dedicated = plan.zones("grid").query("kind == 'dedicated'")
    assert {"小学", "公园", "中学"} <= set(dedicated["name"].dropna())
    assert dedicated.index.str[12].isin(["9"]).all()

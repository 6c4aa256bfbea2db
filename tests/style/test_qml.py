"""QGIS styles, and where they stand."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from gridgeo.style import qgis_styles, tier_weight
from tests.style.made_plan import make_plan


def test_coarser_tiers_have_stronger_borders() -> None:
    weights = [tier_weight(depth, 3) for depth in range(3)]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0


def test_every_style_of_qgis_is_well_formed_and_tiers_are_labelled_by_code() -> None:
    styles = qgis_styles(("grid", "micro"))
    assert {"grid", "micro", "buildings", "water", "streets", "railways", "communities", "cells"} <= styles.keys()
    for name, style in styles.items():
        root = ET.fromstring(style)
        assert root.find("renderer-v2/symbols/symbol/layer") is not None, name
        text = root.find("labeling/settings/text-style")
        assert (text is not None and text.get("fieldName") == "code") == (name in ("grid", "micro"))


def test_styles_stand_in_the_plan_file(tmp_path: Path) -> None:
    import pyogrio

    path = make_plan().save(tmp_path / "plan.gpkg")
    table = pyogrio.read_dataframe(path, layer="layer_styles", read_geometry=False)
    assert {"grid", "micro", "buildings"} <= set(table["f_table_name"])
    assert table["styleQML"].str.startswith("<qgis").all()

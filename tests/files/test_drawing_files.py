"""Drawings in any columns, in any order of tiers, in several files."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from gridgeo.checks import check
from gridgeo.errors import InputError
from gridgeo.files import read_zones
from gridgeo.files.atomic import write_layers
from tests.checks.made_zones import LEFT, SITE, ZONES, rules, with_own_codes


def drawn(tier: str, **names: str) -> gpd.GeoDataFrame:
    table = ZONES.table[ZONES.table["tier"] == tier][["code", "name", "households", "geometry"]]
    return table.rename(columns=names).reset_index(drop=True)


@pytest.mark.parametrize("name", ["CODE", "Code", "网格编码", "编号"])
def test_a_column_of_codes_goes_by_many_names(tmp_path: Path, name: str) -> None:
    zones = read_zones(write_layers(tmp_path / "drawn.gpkg", {"micro": drawn("micro", code=name)}))
    assert sorted(zones.table["code"]) == sorted(ZONES.tier("micro").index)


def test_any_other_column_can_be_named(tmp_path: Path) -> None:
    path = write_layers(tmp_path / "drawn.gpkg", {"micro": drawn("micro", code="bm1", households="hs")})
    with pytest.raises(InputError, match="could be a tier"):
        read_zones(path)
    zones = read_zones(path, columns={"code": "bm1", "households": "hs"})
    assert sorted(zones.table["code"]) == sorted(ZONES.tier("micro").index)
    assert zones.table["households"].tolist() == [10] * 12
    with pytest.raises(InputError, match=r"bm2.*bm1"):
        read_zones(path, layers={"micro": "micro"}, columns={"code": "bm2"})


def test_tiers_come_from_coarse_to_fine_in_whichever_order_they_are_named(tmp_path: Path) -> None:
    path = write_layers(tmp_path / "drawn.gpkg", {"a": drawn("grid"), "b": drawn("micro")})
    for layers in ({"grid": "a", "micro": "b"}, {"micro": "b", "grid": "a"}):
        zones = read_zones(path, layers=layers)
        assert zones.tiers == ("grid", "micro")
        assert rules(check(zones, SITE)) == []


def test_a_drawing_in_several_files_is_one(tmp_path: Path) -> None:
    micro, own = drawn("micro"), with_own_codes().table[["code", "geometry"]]
    west = micro["code"].str.startswith(LEFT)
    parts = {"west": micro[west], "east": micro[~west], "grid": drawn("grid"), "own": own[:5], "others": own[5:]}
    paths = {name: write_layers(tmp_path / f"{name}.gpkg", {name: table}) for name, table in parts.items()}
    whole = read_zones([paths["east"], paths["grid"], paths["west"]])
    assert [len(whole.tier(name)) for name in whole.tiers] == [2, 12]
    assert rules(check(whole, SITE)) == []
    halves = read_zones([paths["own"], paths["others"]])
    assert halves.tiers == ("own",)
    assert rules(check(halves, SITE, own_codes=True)) == []

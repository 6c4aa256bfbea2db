"""A plan file tells an edit from damage."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from gridgeo import check
from gridgeo.errors import InputError
from gridgeo.files.checksums import edited_layers
from gridgeo.model import Plan
from tests.style.made_plan import make_plan


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_plan().save(tmp_path / "plan.gpkg")


def edit(path: Path, layer: str, table: gpd.GeoDataFrame) -> None:
    """Write a layer anew, as a program does that knows GeoPackages."""
    pyogrio.write_dataframe(table, path, layer=layer, driver="GPKG", append=False)


def run(path: Path, *commands: str) -> None:
    """Change a file behind the back of everybody."""
    with closing(sqlite3.connect(path)) as database, database:
        for command in commands:
            database.execute(command)


def test_a_file_is_as_it_was_written(path: Path) -> None:
    assert edited_layers(path) == []
    assert "layers_edited" not in set(Plan.load(path).notes["reason"])


def test_what_nobody_edited_is_damage(path: Path) -> None:
    run(path, "UPDATE members SET households = 99 WHERE rowid = 1")
    with pytest.raises(InputError, match=r"damaged.*members"):
        Plan.load(path)


@pytest.mark.parametrize("layer", ["streets", "communities", "buildings_read", "members", "cells"])
def test_damage_is_found_in_every_layer(path: Path, layer: str) -> None:
    run(path, f"DELETE FROM {layer} WHERE rowid = 1")
    with pytest.raises(InputError, match=f"damaged.*{layer}"):
        edited_layers(path)


def test_bytes_that_flip_are_damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    at = data.index("文化路".encode())
    data[at] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        Plan.load(path)


def test_an_edit_of_what_counts_is_named(path: Path) -> None:
    cells = pyogrio.read_dataframe(path, layer="cells")
    cells.loc[0, "code"] = cells.loc[1, "code"]
    edit(path, "cells", cells)
    loaded = Plan.load(path)
    (note,) = loaded.notes[loaded.notes["reason"] == "layers_edited"].to_dict(orient="records")
    assert "cells" in note["en"]
    assert "cells" in note["zh"]
    assert loaded.cells["code"].iloc[0] == cells.loc[1, "code"]


def test_an_edit_of_what_only_shows_is_left_to_the_check(path: Path) -> None:
    micro = pyogrio.read_dataframe(path, layer="micro")
    micro.loc[0, "geometry"] = micro.geometry[0].buffer(-20)
    edit(path, "micro", micro)
    assert edited_layers(path) == ["micro"]
    loaded = Plan.load(path)
    assert "layers_edited" not in set(loaded.notes["reason"])
    from gridgeo.files import read_zones

    assert "layers_differ" in set(check(read_zones(path), loaded.site, cells=loaded).findings["rule"])


def test_a_column_that_somebody_adds_is_an_edit(path: Path) -> None:
    streets = pyogrio.read_dataframe(path, layer="streets").assign(note="x")
    edit(path, "streets", streets)
    assert edited_layers(path) == ["streets"]


def test_a_column_added_behind_the_back_is_an_edit_too(path: Path) -> None:
    """QGIS adds a column without a date of change."""
    run(path, "ALTER TABLE streets ADD COLUMN phone TEXT")
    assert edited_layers(path) == ["streets"]


def test_files_of_earlier_versions_have_no_checksums(path: Path) -> None:
    run(path, "DROP TABLE checksums", "DELETE FROM gpkg_contents WHERE table_name = 'checksums'", "DELETE FROM members")
    assert edited_layers(path) == []


def test_a_file_cut_short_is_told(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40_000])
    with pytest.raises(InputError, match=r"damaged|plan file"):
        Plan.load(path)

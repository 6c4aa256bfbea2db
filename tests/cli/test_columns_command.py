"""Names of columns at the command line, and the page that is made of their table."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from tests.cli.running import COMMUNITY, run

PAGE = Path(__file__).parents[2] / "docs" / "columns.md"


def test_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == run("columns", "--markdown").stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_are_listed(lang: str) -> None:
    result = run("columns", "buildings", "--lang", lang)
    assert result.exit_code == 0
    assert "buildings.households" in result.stdout
    assert "户数" in result.stdout
    assert "streets" not in result.stdout
    assert "{" not in result.stdout.replace('{"buildings": {"households"', "")
    assert run("columns", "towers").exit_code == 2


def test_a_column_is_named_on_the_command_line(tmp_path: Path) -> None:
    for layer in ("communities", "buildings"):
        table = gpd.read_file(COMMUNITY, layer=layer)
        table = table.rename(columns={"households": "实有", "code": "社区号"})
        table.to_file(tmp_path / "town.gpkg", layer=layer)
    named = ("--column", "buildings.households=实有", "--column", "communities.code=社区号")
    result = run("divide", tmp_path / "town.gpkg", *named, "--effort", "fast", "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 0, result.stderr
    codes = gpd.read_file(tmp_path / "plan.gpkg", layer="grid")["code"]
    assert set(codes.str[:12]) == set(gpd.read_file(COMMUNITY, layer="communities")["code"])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("households=户数", "LAYER.COLUMN=NAME"),
        ("buildings.households", "LAYER.COLUMN=NAME"),
        ("buildings.households=hoseholds", "households"),
        ("buildings.floors=x", "levels"),
        ("towers.id=x", "towers"),
    ],
)
def test_columns_that_cannot_be_named_so(tmp_path: Path, value: str, words: str) -> None:
    result = run("divide", COMMUNITY, "--column", value, "-o", tmp_path / "plan.gpkg")
    assert result.exit_code == 2
    assert words in result.stderr
    assert list(tmp_path.iterdir()) == []

"""Nothing that was not declared leaves the input: fifty secrets are planted, and looked for in all that comes out."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pyogrio
import pytest

import gridgeo as gg
from tests.cli.running import COMMUNITY, run

PRODUCTS = (
    *("plan.xlsx", "plan.csv", "plan.shp.zip", "plan.geojson", "plan.kml", "plan.parquet", "plan.svg"),
    *("plan.html", "plan.pdf", "report.json", "faults.gpkg", "faults.xlsx", "figures.csv"),
)
SURNAMES = "赵钱孙李周吴郑王冯陈"


def secret(number: int) -> str | int:
    """A telephone number, a number of identity, a name, an address or a number of a bank card, none of which exists."""
    kinds = (
        f"1000000{7000 + number}",
        f"41010219490231{9000 + number}",
        f"{SURNAMES[number % 10]}密{chr(0x8D00 + number)}",
        f"翠湖暗号{chr(0x9600 + number)}里{number}室",
        622_700_000_000_000 + 7919 * number,
    )
    return kinds[number % 5]


SECRETS = [secret(number) for number in range(50)]


def plant(path: Path, into: Path) -> Path:
    """A file with a column of secrets in each layer, and in the first rows a different one in each."""
    number = 0
    for name, _ in pyogrio.list_layers(path):
        table = pyogrio.read_dataframe(path, layer=str(name))
        if len(table):
            for column in ("备注", "contact", "remark2", "tel_no"):
                values = [SECRETS[(number + row) % 50] for row in range(len(table))]
                number += 7
                table[column] = [str(value) for value in values] if column != "tel_no" else [SECRETS[4]] * len(table)
        pyogrio.write_dataframe(table, into, layer=str(name), driver="GPKG", append=into.exists())
    return into


def inside(path: Path) -> Iterator[bytes]:
    """A file's bytes, and those that are packed in it."""
    data = path.read_bytes()
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if path.suffix == ".parquet":
        yield str(pq.read_table(path).to_pydict()).encode()
    if path.suffix == ".pdf":
        for packed in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            try:
                yield zlib.decompress(packed.strip(b"\r\n"))
            except zlib.error:
                continue
    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as database:
            for (content,) in database.execute("SELECT content FROM qgis_projects"):
                with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as archive:
                    yield from (archive.read(name) for name in archive.namelist())


def found(*texts: bytes | str) -> set[str | int]:
    """Secrets in texts: as they are, or as a page writes letters that are not of ASCII."""
    whole = b"\n".join(text.encode() if isinstance(text, str) else text for text in texts)
    forms = {
        value: (str(value).encode(), ascii(str(value))[1:-1].encode(), str(value).encode("utf-16-be"))
        for value in SECRETS
    }
    return {value for value, shapes in forms.items() if any(shape in whole for shape in shapes)}


def make_all(plan: Path, town: Path, folder: Path) -> str:
    """Make every product; what is said meanwhile."""
    said = []
    for name in PRODUCTS:
        path = folder / name
        command: tuple[object, ...] = ("export", plan, "-o", path)
        if path.suffix in (".html", ".pdf"):
            command = ("map" if path.suffix == ".html" else "atlas", plan, "-o", path)
        elif name.startswith(("report", "faults")):
            command = ("check", plan, "--site", town, "--json" if path.suffix == ".json" else "-o", path)
        elif name == "figures.csv":
            command = ("compare", plan, "--csv", path)
        result = run(*command)
        assert result.exit_code in (0, 1), result.output
        said.append(result.output + result.stderr)
    return "".join(said)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plant(COMMUNITY, tmp_path_factory.mktemp("town") / "town.gpkg")


@pytest.fixture(scope="module")
def planned(town: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("plan") / "plan.gpkg"
    result = run("divide", town, "--seed", 7, "--effort", "fast", "-o", path)
    assert result.exit_code == 0, result.output
    return path, result.output + result.stderr


def test_the_secrets_are_in_the_input(town: Path) -> None:
    assert found(town.read_bytes()) >= {value for value in SECRETS if isinstance(value, str)}


def test_no_product_or_message_holds_what_was_not_declared(
    town: Path, planned: tuple[Path, str], tmp_path: Path
) -> None:
    plan, said = planned
    said += make_all(plan, town, tmp_path)
    site, loaded = gg.read_site(town), gg.Plan.load(plan)
    shown = [repr(value) + value._repr_html_() for value in (site, loaded, loaded.zones(), gg.check(loaded))]
    for path in (plan, *tmp_path.iterdir()):
        assert found(*inside(path)) == set(), path.name
    assert found(said, *shown) == set()


def test_what_is_added_in_the_file_does_not_travel_on(town: Path, planned: tuple[Path, str], tmp_path: Path) -> None:
    edited = tmp_path / "edited"
    edited.mkdir()
    plan = Path(edited / "plan.gpkg")
    plan.write_bytes(planned[0].read_bytes())
    for layer in (
        "buildings",
        "buildings_read",
        "streets",
        "communities",
        "micro",
        "cells",
        "members",
        "registry",
        "notes",
    ):
        table = pyogrio.read_dataframe(plan, layer=layer)
        table["联系人"] = [str(SECRETS[row % 50]) for row in range(len(table))]
        table["tel_no"] = [SECRETS[4 + 5 * (row % 10)] for row in range(len(table))]
        pyogrio.write_dataframe(table, plan, layer=layer, driver="GPKG")
    assert found(plan.read_bytes())
    made = tmp_path / "made"
    made.mkdir()
    said = make_all(plan, town, made)
    again = run("divide", "--from", plan, "--effort", "fast", "-o", made / "again.gpkg")
    assert again.exit_code == 0, again.output
    loaded = gg.Plan.load(plan)
    loaded.save(made / "saved.gpkg")
    assert loaded.site.loads == ()
    for path in made.iterdir():
        assert found(*inside(path)) == set(), path.name
    assert found(said, again.output, again.stderr, repr(loaded), loaded._repr_html_()) == set()


@pytest.mark.parametrize(
    "options",
    [
        ("--households", "备注"),
        ("--households", "tel_no"),
        ("--load", "备注"),
        ("--load", "tel_no"),
        ("--load", "work=2*contact"),
        ("--column", "buildings.levels=备注"),
        ("--column", "buildings.units=tel_no"),
        ("--column", "buildings.household=备注"),
    ],
)
def test_a_wrong_column_does_not_spill_what_it_holds(town: Path, tmp_path: Path, options: tuple[str, str]) -> None:
    path = tmp_path / "plan.gpkg"
    result = run("divide", town, *options, "--effort", "fast", "-o", path)
    assert found(result.output, result.stderr) == set()
    if path.exists():
        assert found(*inside(path)) == set()

"""A file is the old one or the new one; inputs, files of others and files in use are left alone; nothing is left lying about."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from gridgeo.errors import OutputError
from gridgeo.files import atomic, replacing
from gridgeo.model import Plan
from tests.style.made_plan import make_plan

NOTES = {"notes": pd.DataFrame({"text": ["网格"]})}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_of_many_writers_wins_and_the_others_say_so(tmp_path: Path) -> None:
    def write(number: int) -> str:
        try:
            atomic.write_text(tmp_path / "plan.html", str(number) * 50_000)
        except OutputError as error:
            return str(error)
        return "won"

    for _ in range(10):
        with ThreadPoolExecutor(8) as pool:
            said = list(pool.map(write, range(8)))
        assert said.count("won") == 1
        assert sum("exists" in words or "another run" in words for words in said) == 7
        assert (tmp_path / "plan.html").read_text() == str(said.index("won")) * 50_000
        assert names(tmp_path) == ["plan.html"]
        (tmp_path / "plan.html").unlink()


def test_who_comes_second_finds_the_name_taken(tmp_path: Path) -> None:
    path = tmp_path / "plan.html"

    def slow(temporary: Path) -> None:
        temporary.write_text("second")
        path.write_text("first")

    with pytest.raises(OutputError, match="another run"):
        replacing.replace_file(path, slow)
    assert path.read_text() == "first"
    assert names(tmp_path) == ["plan.html"]


def test_a_drive_without_second_names_gives_a_name_to_one_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "not supported")

    monkeypatch.setattr(os, "link", refuse)
    path = atomic.write_text(tmp_path / "plan.html", "one")
    assert path.read_text() == "one"
    atomic.write_layers(tmp_path / "plan.gpkg", NOTES)
    atomic.write_layers(tmp_path / "plan.gpkg", NOTES, overwrite=True, backup=True)
    assert names(tmp_path) == ["plan.gpkg", "plan.gpkg.bak", "plan.html"]


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_file_that_is_being_edited_is_left_alone(tmp_path: Path, mode: str) -> None:
    path = atomic.write_layers(tmp_path / "plan.gpkg", NOTES)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA journal_mode={mode}")
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE notes SET text = 'mine'")
        with pytest.raises(OutputError, match="open in another program"):
            atomic.write_layers(path, NOTES, overwrite=True)
        other.execute("COMMIT")
    assert pyogrio.read_dataframe(path, layer="notes")["text"].tolist() == ["mine"]
    atomic.write_layers(path, NOTES, overwrite=True)
    assert pyogrio.read_dataframe(path, layer="notes")["text"].tolist() == ["网格"]


def test_a_file_that_lies_open_in_qgis_is_left_alone(tmp_path: Path) -> None:
    path = atomic.write_layers(tmp_path / "plan.gpkg", NOTES)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("UPDATE notes SET text = 'mine'")
        with pytest.raises(OutputError, match="open in another program"):
            atomic.write_layers(path, NOTES, overwrite=True)
    atomic.write_layers(path, NOTES, overwrite=True)


@pytest.mark.parametrize("lock", [".~lock.plan.xlsx#", "~$plan.xlsx"])
def test_a_workbook_that_is_open_in_an_office_is_left_alone(tmp_path: Path, lock: str) -> None:
    (tmp_path / lock).write_text("somebody")
    with pytest.raises(OutputError, match="open in another program"):
        atomic.write_bytes(tmp_path / "plan.xlsx", b"new", overwrite=True)


def test_a_package_of_others_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "town.gpkg"
    pyogrio.write_dataframe(NOTES["notes"], path, layer="notes", driver="GPKG")
    before = path.read_bytes()
    with pytest.raises(OutputError, match="did not write"):
        atomic.write_layers(path, NOTES, overwrite=True)
    assert path.read_bytes() == before
    path.write_text("no package at all")
    atomic.write_layers(path, NOTES, overwrite=True)


def test_a_plan_that_is_replaced_stays_as_backup(tmp_path: Path) -> None:
    one, two = make_plan(), make_plan(rows=4)
    path = one.save(tmp_path / "plan.gpkg")
    before = path.read_bytes()
    two.save(path, overwrite=True)
    assert (tmp_path / "plan.gpkg.bak").read_bytes() == before
    assert path.read_bytes() != before
    assert names(tmp_path) == ["plan.gpkg", "plan.gpkg.bak"]
    back = (tmp_path / "plan.gpkg.bak").rename(tmp_path / "back.gpkg")
    assert len(Plan.load(back).cells) == len(one.cells)


def test_the_next_run_sweeps_what_a_killed_one_left(tmp_path: Path) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    mark = f"gridgeo~{replacing._MACHINE}-"
    dead, living = f".{mark}{int(gone.stdout)}-0a1b2c3d.gpkg", f".{mark}{os.getpid()}-0a1b2c3d.gpkg"
    afar, old = ".gridgeo~ffffff-1-0a1b2c3d.pdf", ".gridgeo~ffffff-1-00000000.pdf"
    for name in (dead, living, afar, old, ".gridgeo~mine", f"{dead}-journal"):
        (tmp_path / name).write_text("x")
    os.utime(tmp_path / old, (0, 0))
    atomic.write_text(tmp_path / "plan.html", "x")
    assert names(tmp_path) == sorted([living, afar, ".gridgeo~mine", "plan.html"])


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EFBIG, "quota"),
        (errno.EROFS, "not allowed"),
        (errno.EACCES, "not allowed"),
        (errno.EIO, "Input/output"),
    ],
)
def test_what_the_system_refuses_is_told_and_the_old_file_intact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    path = atomic.write_layers(tmp_path / "plan.gpkg", NOTES)
    before = path.read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("shutil.copyfile", fail)
    with pytest.raises(OutputError, match=words):
        atomic.write_layers(path, NOTES, overwrite=True)
    monkeypatch.setattr(replacing, "_sync", fail)
    with pytest.raises(OutputError, match=words):
        atomic.write_text(path, "new", overwrite=True)
    assert path.read_bytes() == before
    assert names(tmp_path) == ["plan.gpkg"]


def test_a_full_disk_in_the_middle_of_a_library_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise pyogrio.errors.DataLayerError("failed to execute insert : database or disk is full")

    monkeypatch.setattr(atomic, "_write_layer", fail)
    with pytest.raises(OutputError, match="disk is full"):
        atomic.write_layers(tmp_path / "plan.gpkg", NOTES)
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["a!b;c.gpkg", "网格 & <新>'\".gpkg", "x" * 250 + ".gpkg", " .gpkg", "%41?#.gpkg"])
def test_strange_names_are_written_to(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "x!y;z"
    folder.mkdir()
    path = atomic.write_layers(folder / name, NOTES)
    atomic.write_layers(path, NOTES, overwrite=True, backup=len(name) < 200)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT text FROM notes").fetchall() == [("网格",)]


@pytest.mark.parametrize("name", ["x" * 300 + ".gpkg", "a\0b.gpkg", "\ud800.gpkg", "y" * 5000 + "/plan.gpkg"])
def test_names_that_no_file_can_have_are_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"[Ss]horten|signs"):
        atomic.write_layers(tmp_path / name, NOTES)


def test_an_input_is_known_by_any_name(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "houses.shp").write_text("x")
    (data / "houses.dbf").write_text("x")
    (tmp_path / "link.gpkg").symlink_to(data / "houses.shp")
    os.link(data / "houses.shp", tmp_path / "hard.gpkg")
    for output in (
        data / "houses.shp",
        data / ".." / "data" / "houses.shp",
        tmp_path / "link.gpkg",
        tmp_path / "hard.gpkg",
    ):
        for given in (data, data / "houses.shp"):
            with pytest.raises(OutputError, match="which is read"):
                replacing.refuse_inputs(output, [given])
    with pytest.raises(OutputError, match="which is read"):
        replacing.refuse_inputs(data / "houses.dbf", [data / "houses.shp"])
    replacing.refuse_inputs(data / "new.gpkg", [data])
    replacing.refuse_inputs(tmp_path / "new.gpkg", [data / "houses.shp", "no such file"])


def test_files_that_belong_together_are_one_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "grid.shp"
    old, new = ({f"grid.{ending}": age for ending in ("dbf", "shp", "shx")} for age in (b"old", b"new"))
    replacing.write_files(path, old)
    replaced = replacing.replace_file
    steps: list[list[str]] = []

    def watch(target: Path, *rest: object, **options: object) -> Path:
        steps.append(names(tmp_path))
        return replaced(target, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(replacing, "replace_file", watch)
    replacing.write_files(path, new, overwrite=True)
    assert all("grid.shp" not in step and "grid.shp.bak" in step for step in steps)
    assert {file.read_bytes() for file in tmp_path.iterdir()} == {b"new"}
    assert names(tmp_path) == sorted(new)

"""Events and places on the command line: tables keep their rows, what cannot be found is told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.running import run

EVENTS = (
    "id,lon,lat,status,date\n1,113.595,34.734,settled,2026-01-05\n2,113.600,34.736,passed on,2026-13-01\n3,,,settled,\n"
)


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    return path


def test_a_table_of_points_is_placed(plan: Path, events: Path, tmp_path: Path) -> None:
    result = run("locate", plan, events, "-o", tmp_path / "places.csv")
    assert result.exit_code == 0, result.stderr
    assert "3 rows: 2 found, 0 outside the communities, 1 not to be found" in result.stderr
    assert "taken for WGS 84" in result.stderr
    placed = pd.read_csv(tmp_path / "places.csv", dtype="str")
    assert list(placed)[:3] == ["id", "status", "date"]
    assert placed["where"].tolist() == ["inside", "inside", "unknown"]
    assert (placed["grid"][:2] == placed["micro"][:2].str[:15]).all()
    shifted = run("locate", plan, events, "--crs", "GCJ-02", "-o", tmp_path / "gcj.csv")
    assert "WGS 84" not in shifted.stderr
    assert pd.read_csv(tmp_path / "gcj.csv")["distance_m"].iloc[0] != float(placed["distance_m"].iloc[0])


def test_buildings_may_be_named(plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_bytes("楼栋,事项\nB017,1\n没有的楼,2\n".encode("gb18030"))
    result = run("locate", plan, path, "-o", tmp_path / "places.xlsx")
    assert result.exit_code == 0, result.stderr
    placed = pd.read_excel(tmp_path / "places.xlsx", dtype="str")
    assert placed["building"].fillna("-").tolist() == ["B017", "-"]
    sums = run("tally", plan, path, "-o", tmp_path / "sums.csv")
    assert "2 rows in" in sums.stderr
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("a,b\n1,2\n", encoding="utf-8")
    assert run("locate", plan, nothing, "-o", tmp_path / "x.csv").exit_code == 2
    assert not (tmp_path / "x.csv").exists()


def test_events_are_counted_by_zone(plan: Path, events: Path, tmp_path: Path) -> None:
    result = run("tally", plan, events, "--tier", "grid", "--by", "status", "-o", tmp_path / "sums.csv")
    assert result.exit_code == 0, result.stderr
    sums = pd.read_csv(tmp_path / "sums.csv", dtype={"code": "str"})
    assert list(sums) == ["code", "n", "passed on", "settled"]
    assert sums["code"].iloc[-1] == "outside"
    assert sums.iloc[:, 1:].sum().tolist() == [3, 1, 2]
    dated = run("tally", plan, events, "--time", "date", "-o", tmp_path / "dated.csv")
    assert dated.exit_code == 0, dated.stderr
    assert "2 rows without a date that can be read (row 2, 3)" in dated.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("tally", "missing.csv", "-o", "x.csv"), "no file"),
        (("tally", "events.csv", "--by", "state", "-o", "x.csv"), "no column 'state'"),
        (("tally", "events.csv", "--tier", "block", "-o", "x.csv"), "block"),
        (("locate", "events.csv", "-o", "x.doc"), "x.doc"),
        (("locate", "events.csv", "-o", "events.csv", "--overwrite"), "events.csv"),
    ],
)
def test_what_cannot_be_done_is_told_and_writes_nothing(
    plan: Path, events: Path, arguments: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(events.parent)
    result = run(arguments[0], plan, *arguments[1:])
    assert result.exit_code == 2
    assert says in result.stderr
    assert not Path("x.csv").exists()
    assert events.read_text(encoding="utf-8") == EVENTS

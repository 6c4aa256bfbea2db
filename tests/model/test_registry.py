"""The registry of codes and the history of edits: complete in every plan, kept by plan files, told apart by the fingerprint."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
from geopandas.testing import assert_geodataframe_equal
from pandas.testing import assert_frame_equal

from gridgeo.model import HISTORY_COLUMNS, REGISTRY_COLUMNS, Plan
from tests.conftest import COMMUNITY, box


def _with_past(plan: Plan) -> Plan:
    """The plan with a name, a lock, a retired code and an edit."""
    registry = plan.registry.copy()
    columns: dict[str, str | bool] = {"name": "东区", "lock": True, "since": "2026-01-01"}
    for column, value in columns.items():
        registry.loc[COMMUNITY + "001", column] = value
    old = gpd.GeoDataFrame(registry[registry.index == COMMUNITY + "00102"]).rename(
        {COMMUNITY + "00102": COMMUNITY + "00103"}
    )
    old["status"], old["successor"], old["geometry"] = "retired", COMMUNITY + "00102", [box(0, 0, 100, 100)]
    registry = pd.concat([registry, old.astype(REGISTRY_COLUMNS)])
    history = pd.DataFrame([[1, "merge", '{"codes": []}', 60, "{}"]], columns=list(HISTORY_COLUMNS))
    return replace(plan, registry=registry, history=history.astype(HISTORY_COLUMNS))


def test_a_short_registry_is_completed_and_callers_keep_theirs(plan: Plan) -> None:
    short = pd.DataFrame(plan.registry[["tier", "kind", "status"]])
    full = replace(plan, registry=short).registry
    assert list(full.columns) == [*REGISTRY_COLUMNS, "geometry"]
    assert list(short.columns) == ["tier", "kind", "status"]
    assert not full["lock"].any()
    assert full["name"].isna().all()
    assert full.crs == plan.cells.crs
    assert plan.history.empty


def test_a_plan_file_keeps_registry_and_history(plan: Plan, tmp_path: Path) -> None:
    past = _with_past(plan)
    again = Plan.load(past.save(tmp_path / "plan.gpkg"))
    assert_geodataframe_equal(again.registry, past.registry)
    assert_frame_equal(again.history, past.history)
    assert again.fingerprint == past.fingerprint
    assert again.zones("grid").at[COMMUNITY + "001", "name"] == "东区"
    (tmp_path / "two").mkdir()
    assert again.save(tmp_path / "two" / "plan.gpkg").read_bytes() == (tmp_path / "plan.gpkg").read_bytes()


def test_a_plan_without_a_past_loads_as_it_was(plan: Plan, tmp_path: Path) -> None:
    again = Plan.load(plan.save(tmp_path / "plan.gpkg"))
    assert_geodataframe_equal(again.registry, plan.registry)
    assert_frame_equal(again.history, plan.history)


def test_the_fingerprint_knows_codes_names_and_locks_alone(plan: Plan) -> None:
    lines = "\n".join(sorted(f"{cell}\t{code}" for cell, code in plan.cells["code"].items()))
    assert plan.fingerprint == hashlib.sha256(lines.encode()).hexdigest()[:16]
    assert replace(plan, cells=plan.cells.iloc[::-1], manifest={}).fingerprint == plan.fingerprint
    moved = plan.cells.assign(code=plan.cells["code"].where(plan.cells.index != "c1", COMMUNITY + "00101"))
    named, locked = plan.registry.copy(), plan.registry.copy()
    named.loc[COMMUNITY + "001", "name"] = "东区"
    locked.loc[COMMUNITY + "001", "lock"] = True
    others = {replace(plan, cells=moved).fingerprint}
    others |= {replace(plan, registry=table).fingerprint for table in (named, locked)}
    assert len(others | {plan.fingerprint}) == 4

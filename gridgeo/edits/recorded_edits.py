"""The core of all edits: new codes of some cells, or other words in the registry, to a new plan that can be taken back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from gridgeo.edits.named_land import zones_of
from gridgeo.edits.touched_zones import around, outcome_of
from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model import (
    ACTIVE,
    DEDICATED,
    GRID,
    HISTORY_COLUMNS,
    REGISTRY_COLUMNS,
    RETIRED,
    Plan,
    is_dedicated,
    sums,
)

_Words = Mapping[str, Mapping[str, object]]
"""Of the registry: code -> column -> value."""


class HandEdit(NamedTuple):
    """What is to be changed, and under which words it is remembered."""

    verb: str
    arguments: Mapping[str, object]
    codes: pd.Series
    """New codes, indexed by cell."""
    words: _Words = MappingProxyType({})
    """Names and locks."""


def recorded(plan: Plan, edit: HandEdit) -> Plan:
    """The plan after an edit, with a row more of history."""
    old = plan.cells["code"].reindex(edit.codes.index)
    codes = edit.codes[edit.codes.ne(old)]
    after = plan.cells["code"].copy()
    after[codes.index] = codes.array
    words = {**_words_of_codes(plan, codes, after), **edit.words}
    before = {
        "codes": {str(cell): str(code) for cell, code in old[codes.index].items()},
        "registry": {code: _row(plan.registry, code) for code in words},
    }
    step = int(plan.history["step"].max()) + 1 if len(plan.history) else 1
    households = int(plan.members.loc[plan.members["cell"].isin(codes.index), "households"].sum())
    row = [step, edit.verb, _json(edit.arguments), households, _json(before)]
    history = pd.DataFrame([*plan.history.to_numpy().tolist(), row], columns=list(HISTORY_COLUMNS))
    return _relabelled(plan, after, registry=_with_words(plan.registry, words), history=history.astype(HISTORY_COLUMNS))


def taken_back(plan: Plan) -> Plan:
    """The plan as it was before the last row of its history.

    Raises
    ------
    InputError
        If there is no such row, or it cannot be used.
    """
    if plan.history.empty:
        raise InputError(say("edit_nothing_to_undo"))
    try:
        before = json.loads(plan.history["before"].iloc[-1])
        codes, rows = before["codes"], before["registry"]
        after = plan.cells["code"].copy()
        after[list(codes)] = list(codes.values())
        registry = plan.registry[~plan.registry.index.isin([code for code, row in rows.items() if row is None])]
        words = {code: _read_row(row) for code, row in rows.items() if row is not None}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(say("edit_history_unreadable", why=error)) from error
    return _relabelled(plan, after, registry=_with_words(registry, words), history=plan.history.iloc[:-1])


def _relabelled(plan: Plan, codes: pd.Series, *, registry: gpd.GeoDataFrame, history: pd.DataFrame) -> Plan:
    after = replace(plan, cells=plan.cells.assign(code=codes), registry=registry, history=history)
    return replace(after, edit=outcome_of(plan, after))


def _words_of_codes(plan: Plan, codes: pd.Series, after: pd.Series) -> dict[str, dict[str, object]]:
    """What the registry says of codes that are new, and of those that no cell bears any more."""
    left, used = zones_of(plan.cells["code"][codes.index], plan), zones_of(after, plan)
    retired = {code: tier for code, tier in left.items() if code not in used}
    words = _retired_words(plan, retired, after) if retired else {}
    for code, tier in zones_of(codes, plan).items():
        if code not in plan.registry.index:
            dedicated = is_dedicated(pd.Series([code]), plan.scheme.tier(tier)).all()
            words[code] = {"tier": tier, "kind": DEDICATED if dedicated else GRID, "status": ACTIVE, "lock": False}
    return words


def _retired_words(plan: Plan, retired: Mapping[str, str], after: pd.Series) -> dict[str, dict[str, object]]:
    part = around(plan, set(retired))
    zones = part.zones().table.set_index("code").geometry
    words: dict[str, dict[str, object]] = {}
    for code in retired:
        cells = part.cells[part.cells["code"].str.startswith(code)]
        heir = largest(plan, cells, after[cells.index].str[: len(code)])
        words[code] = {"status": RETIRED, "successor": heir, "geometry": zones[code]}
    return words


def largest(plan: Plan, cells: gpd.GeoDataFrame, codes: pd.Series) -> str:
    """Of the codes of cells the one with most households, then most land, then the first."""
    members = plan.members[plan.members["cell"].isin(cells.index)]
    held = sums(members, members["cell"].map(codes))["households"]
    area = cells.geometry.area.groupby(codes).sum()
    table = pd.DataFrame({"area": area, "households": held.reindex(area.index).fillna(0)}).sort_index()
    return str(table.sort_values(["households", "area"], ascending=False, kind="stable").index[0])


def _with_words(registry: gpd.GeoDataFrame, words: _Words) -> gpd.GeoDataFrame:
    """The registry with other words; new codes stand at its end, since its order is that in which codes were given."""
    new = [code for code in words if code not in registry.index]
    index = pd.Index([*registry.index, *new], dtype=registry.index.dtype, name=registry.index.name)
    table = registry.reindex(index)
    for code, row in words.items():
        for column, value in row.items():
            table.at[code, column] = value
    return table


def _row(registry: gpd.GeoDataFrame, code: str) -> dict[str, object] | None:
    """A row of the registry for JSON; None if there is none."""
    if code not in registry.index:
        return None
    values = {name: registry.at[code, name] for name in REGISTRY_COLUMNS}
    shape = registry.geometry[code]
    row: dict[str, object] = {name: None if pd.isna(value) else _plain(value) for name, value in values.items()}
    return row | {"geometry": None if shape is None else shapely.to_wkb(shape, hex=True)}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, str) else bool(value)


def _read_row(row: Mapping[str, Any]) -> dict[str, object]:
    """A row of the registry from JSON."""
    shape = row["geometry"]
    words = {name: pd.NA if row[name] is None else row[name] for name in REGISTRY_COLUMNS}
    return words | {"geometry": None if shape is None else shapely.from_wkb(shape)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

"""The plan that a division leaves, with its registry and manifest."""

from __future__ import annotations

import pandas as pd

from gridgeo._version import VERSION
from gridgeo.division.explain import NumberedLand
from gridgeo.division.prepare import Prepared, counts_of
from gridgeo.division.request import Request, effort_text
from gridgeo.model import CELL_COLUMNS, DEDICATED, GRID, HOUSEHOLDS, Plan, Scheme, is_dedicated
from gridgeo.partition import OBJECTIVE, Effort


def plan_of(land: NumberedLand, notes: pd.DataFrame, manifest: dict[str, str]) -> Plan:
    """The plan of land that has its codes; names of given and kept zones stand in its registry."""
    cells = land.cells.assign(code=land.code)
    ordered = cells.sort_index()[[*CELL_COLUMNS, "members", "geometry"]].astype(CELL_COLUMNS)
    names = land.ground.drawings.names
    registry = _registry(land.code, land.scheme)
    if names is not None:
        registry["name"] = names.reindex(registry.index)
    return Plan(land.site, ordered, land.scheme, registry, notes, manifest, land.ground.members).known_exact()


def _registry(code: pd.Series, scheme: Scheme) -> pd.DataFrame:
    """Every code of every tier."""
    rows = []
    for tier in scheme:
        codes = pd.Series(sorted(set(code.str[: scheme.digits(tier.name)])))
        kind = is_dedicated(codes, tier).map({True: DEDICATED, False: GRID})
        rows.append(pd.DataFrame({"code": codes, "tier": tier.name, "kind": kind, "status": "active"}))
    return pd.concat(rows, ignore_index=True).astype("string").set_index("code")


def manifest_of(ground: Prepared, request: Request, steps: str | Effort, *, interrupted: bool) -> dict[str, str]:
    """How a plan was made, and all that is needed to have it again from its site (and its cells, where they were passed).

    Tiers, preferences and effort stand there as they are written on a command line. The objective's weights, which nobody chooses,
    stand there so that figures of plans made by different versions can be told apart.

    Parameters
    ----------
    steps
        The effort that was spent.
    """
    given, scheme, told = ground.drawings.given, request.scheme, counts_of(ground, request.counts)
    return {
        "program": f"gridgeo {VERSION}",
        "tiers": " ".join(map(str, scheme)),
        "prefer": str(scheme.prefer),
        "objective": " ".join(f"{name}={weight:g}" for name, weight in OBJECTIVE.weights().items()),
        "seed": str(request.seed),
        "effort": effort_text(steps),
        "keep_compounds": _flag(request.keep_compounds),
        "split_large": _flag(ground.split),
        "keep": ",".join(sorted(set(ground.drawings.codes))),
        "cells_passed": _flag(ground.passed),
        "given_zones": str(0 if given is None else len(given)),
        **({"counts": ",".join(f"{code}={n}" for code, n in told.items())} if told else {}),
        "interrupted": _flag(interrupted),
        "cells": str(len(ground.cells)),
        "households": str(int(ground.sums.loads[HOUSEHOLDS].sum())),
        "n_unknown": str(ground.sums.n_unknown),
    }


def _flag(value: bool) -> str:
    return str(value).lower()

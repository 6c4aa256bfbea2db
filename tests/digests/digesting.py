"""Digests of plans: what a change of the code must leave as it is, or tell one by one.

A plan is written down as lines of text, sorted, coordinates rounded to 1 mm; of each kind of line the number and a hash are kept in
`plans.json`, with the versions of the libraries that made them (another GEOS or numpy may rightly round otherwise)::

    python tests/digests/digesting.py                       # all places, compared with what is kept
    python tests/digests/digesting.py olemps_fr             # one place
    python tests/digests/digesting.py olemps_fr --lines DIR # the lines themselves, to compare two versions of the code by diff
    python tests/digests/digesting.py --write               # kept anew; each change is told in the commit, one by one

Only public names are used, so that the same script runs on older code (``PYTHONPATH=OLD python tests/digests/digesting.py``).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import gridgeo as gg

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
KEPT = Path(__file__).parent / "plans.json"
MM = 1000


class Place(NamedTuple):
    """What is divided, and how."""

    source: Path
    preset: str = "wide"
    split_large: bool = True
    households: str | None = "households"


PLACES = {
    "sample": Place(ROOT / "sample_data" / "community.gpkg", "zhengzhou", split_large=False, households=None),
    "sample_wide": Place(ROOT / "sample_data" / "community.gpkg", households=None),
    "bubenec_prague": Place(DATA / "bubenec_prague" / "bubenec_prague.gpkg"),
    "nanjing_xinjiekou": Place(DATA / "nanjing_xinjiekou" / "nanjing_xinjiekou.gpkg"),
    "helsinki_centre": Place(DATA / "helsinki_centre" / "helsinki_centre.gpkg"),
    "olemps_fr": Place(DATA / "olemps_fr" / "olemps_fr.gpkg"),
    "maassluis_nl": Place(DATA / "maassluis_nl" / "maassluis_nl.gpkg"),
    "shenzhen_south": Place(DATA / "shenzhen_south" / "shenzhen_south.gpkg"),
    "haaglanden_nl": Place(DATA / "haaglanden_nl"),
    "shibuya_tokyo": Place(DATA / "shibuya_tokyo"),
}
"""Name -> place; a place without kept digests cannot be divided yet."""

QUICK = ("sample", "sample_wide", "bubenec_prague", "helsinki_centre", "olemps_fr", "nanjing_xinjiekou")
"""Places that take seconds; the others are run by make test-long."""


def libraries() -> dict[str, str]:
    """Versions that digests are bound to."""
    names = ("numpy", "scipy", "numba", "shapely", "pythoncdt", "pandas", "geopandas", "pyproj")
    found = {name: version(name) for name in names}
    return {**found, "geos": shapely.geos_version_string}


def make_plan(name: str) -> gg.Plan:
    """The plan of a place."""
    place = PLACES[name]
    site = gg.read_site(place.source, households=place.households)
    return gg.divide(site, gg.Scheme.preset(place.preset), seed=7, split_large=place.split_large)


def lines_of(plan: gg.Plan) -> dict[str, list[str]]:
    """All that a plan and its proof say, as sorted lines, by kind."""
    findings = gg.check(plan, lang="en").findings
    zones = pd.concat([plan.zones(tier).assign(tier=tier) for tier in plan.scheme.names])
    cells = plan.cells.rename_axis("cell").reset_index()
    lines = {
        "members": _rows(plan.buildings, ["id", "unit", "households", "cut", "cell"]),
        "codes": _rows(cells, ["cell", "code"]),
        "cells": _rows(cells, ["cell", "block", "community", "kind", "institution"]),
        "zones": _rows(zones.rename_axis("code").reset_index(), ["tier", "code", *_figures(zones)]),
        "coordinates": _shapes(cells["cell"], plan.cells.geometry),
        "notes": _rows(plan.notes, ["reason", "severity", "code", "zh", "en"]),
        "findings": _rows(findings, ["rule", "severity", "code", "value", "measure", "message"]),
        "evidence": _shapes(findings["rule"], findings.geometry),
        "account": _rows(plan.site.account, list(plan.site.account.columns)),
    }
    return {kind: sorted(rows) for kind, rows in lines.items()}


def _figures(zones: pd.DataFrame) -> list[str]:
    return ["parent", "kind", "name", "households", "n_unknown", "n_buildings", "area_m2"]


def _rows(table: pd.DataFrame, columns: list[str]) -> list[str]:
    """A line a row; numbers with six digits, as sums may be added up in another order."""
    words = [[_word(value) for value in table[name]] for name in columns]
    return ["|".join(row) for row in zip(*words, strict=True)]


def _word(value: object) -> str:
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 (nan)
        return ""
    return f"{float(value):.6g}" if isinstance(value, float) else str(value)


def _shapes(names: Iterable[object], shapes: gpd.GeoSeries) -> list[str]:
    """A line a shape, whose ring begins where it does not depend on the way it was drawn."""
    rounded = shapely.transform(shapes.to_numpy(), lambda at: np.round(at * MM) + 0.0)
    texts = shapely.to_wkt(shapely.normalize(rounded), rounding_precision=0)
    return [f"{name}|{text}" for name, text in zip(names, texts, strict=True)]


def digests_of(lines: dict[str, list[str]]) -> dict[str, str]:
    """Number and hash of each kind of line."""
    return {kind: f"{len(rows)} {_hash(rows)}" for kind, rows in lines.items()}


def _hash(rows: list[str]) -> str:
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]


class Kept(NamedTuple):
    """What `plans.json` holds."""

    libraries: dict[str, str]
    places: dict[str, dict[str, str]]


def read_kept() -> Kept:
    """What is kept."""
    return Kept(**json.loads(KEPT.read_text())) if KEPT.exists() else Kept({}, {})


def _write(found: dict[str, dict[str, str]]) -> None:
    kept = read_kept().places
    order = [name for name in PLACES if name in kept | found]
    whole = {"libraries": libraries(), "places": {name: (kept | found)[name] for name in order}}
    KEPT.write_text(json.dumps(whole, indent=1) + "\n")


def _tell(name: str, found: dict[str, str]) -> bool:
    """Print what differs from what is kept."""
    kept = read_kept().places.get(name, {})
    differ = {kind for kind in found | kept if found.get(kind) != kept.get(kind)}
    for kind in sorted(differ):
        print(f"{name} {kind}: kept {kept.get(kind)}, found {found.get(kind)}")
    print(f"{name}: {len(differ)} of {len(found)} differ", flush=True)
    return not differ


def main() -> None:
    """Compare or keep digests, or write the lines themselves."""
    parser = argparse.ArgumentParser(description="Digests of plans.")
    parser.add_argument("places", nargs="*", metavar="PLACE", help=", ".join(PLACES))
    parser.add_argument("--write", action="store_true", help="keep what is found")
    parser.add_argument("--lines", type=Path, metavar="FOLDER", help="write the lines into a folder")
    wishes = parser.parse_args()
    same = True
    for name in wishes.places or [name for name in PLACES if name != "shibuya_tokyo"]:
        lines = lines_of(make_plan(name))
        if wishes.lines:
            (wishes.lines / name).mkdir(parents=True, exist_ok=True)
            for kind, rows in lines.items():
                (wishes.lines / name / f"{kind}.txt").write_text("\n".join(rows) + "\n")
        found = digests_of(lines)
        same &= _tell(name, found)
        if wishes.write:
            _write({name: found})
    sys.exit(0 if same or wishes.write else 1)


if __name__ == "__main__":
    main()

"""The sample community: a fictional place with its ordinary blemishes, and the same place divided by hand.

The place has about 3,480 households in 236 buildings: walled estates of slabs and towers, old courts, shops, a school,
a park, a canal with two bridges, a railway with homes beyond it that an underpass reaches. It is wanting where real
data are: streets that miss each other by centimetres, a building across the border, two that overlap, one inside
another, one that nobody counted.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from gridgeo.files import refuse_existing, scheme_table, write_layers, write_text
from gridgeo.model.zones import Zones
from sample_data.generator.drawing import draw
from sample_data.generator.faults import plant
from sample_data.generator.place import layers

__all__ = ["draw", "layers", "plant", "write_sample"]

_DRAWN = ["code", "parent", "kind", "name", "households", "geometry"]
"""Columns of a tier in the drawing: what a hand would fill in."""


def write_sample(folder: str | Path, *, overwrite: bool = False) -> dict[str, Path]:
    """Write the sample: the same bytes each time.

    Parameters
    ----------
    folder
        Where to; it has to exist.

    Returns
    -------
    paths
        ``community``: the place, a GeoPackage with the layers of a site. ``drawn``: the place divided by hand, with one
        fault of each kind (layers grid, micro, buildings, scheme). ``faults``: the list of these faults, a CSV (columns
        of `faults.FAULT_COLUMNS`).

    Raises
    ------
    OutputError
        If one of the files exists and `overwrite` is False, or cannot be written.
    """
    folder = Path(folder)
    names = {"community": "community.gpkg", "drawn": "drawn.gpkg", "faults": "drawn_faults.csv"}
    paths = {key: refuse_existing(folder / name, overwrite=overwrite) for key, name in names.items()}
    zones, faults = plant()
    write_layers(paths["community"], layers(), overwrite=overwrite)
    write_layers(paths["drawn"], _drawn_layers(zones), overwrite=overwrite)
    write_text(paths["faults"], faults.to_csv(index=False, lineterminator="\n"), overwrite=overwrite)
    return paths


def _drawn_layers(zones: Zones) -> dict[str, pd.DataFrame]:
    assert zones.buildings is not None
    assert zones.scheme is not None
    tiers: dict[str, pd.DataFrame] = {name: zones.tier(name).reset_index()[_DRAWN] for name in zones.tiers}
    return tiers | {"buildings": zones.buildings, "scheme": scheme_table(zones.scheme)}

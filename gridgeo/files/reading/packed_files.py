"""Zipped layers, unpacked with care: a packed file may be larger than any disk, or reach beyond its folder."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from gridgeo.messages import say

_LARGEST = 2 * 1024**3
_MOST = 1000
_DENSEST = 200
"""Bytes unpacked [B], members, and how many times smaller than these bytes a packed file may be."""
_LAYERS = (".shp", ".gpkg", ".geojson", ".fgb")


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The one layer that a zipped file holds, in a folder that is gone afterwards.

    Raises
    ------
    ValueError
        If it holds none or several, or is larger than a layer can be.
    """
    with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory() as folder:
        members = [member for member in packed.infolist() if not member.is_dir()]
        size = sum(member.file_size for member in members)
        if len(members) > _MOST or size > min(_LARGEST, _DENSEST * max(path.stat().st_size, 1)):
            raise ValueError(str(say("fault_packed_size")))
        layers = [member for member in members if PurePosixPath(member.filename).suffix.lower() in _LAYERS]
        if len(layers) != 1:
            names = ", ".join(PurePosixPath(member.filename).name for member in layers) or "-"
            raise ValueError(str(say("fault_packed_layers", names=names)))
        stem = PurePosixPath(layers[0].filename).with_suffix("")
        for member in members:
            name = PurePosixPath(member.filename)
            # Only the names of files are kept, so that none leaves the folder.
            if name.with_suffix("") == stem:
                with packed.open(member) as source, (Path(folder) / name.name).open("wb") as target:
                    shutil.copyfileobj(source, target)
        yield Path(folder) / PurePosixPath(layers[0].filename).name

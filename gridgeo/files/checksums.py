"""Checksums of the layers of a GeoPackage: whether a file is as gridgeo wrote it, was edited by somebody, or is damaged.

Whoever edits rows of a layer by a program that knows GeoPackages sets the date of its last change, and nothing but a program adds a
column; rows that differ without such a date were changed by nobody.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say

EPOCH = "2000-01-01T00:00:00.000Z"
"""Time stamped into GeoPackages in place of the clock."""

CHECKSUMS = "checksums"
"""Table with the checksum of each layer."""

_ROWS = 1000
"""Rows read at a time."""


def layer_checksums(path: Path, layers: Iterable[str]) -> pd.DataFrame:
    """Of each layer of a file: layer, columns (their names, as JSON), sha256 of its rows."""
    with _opened(path) as database:
        sums = [(layer, *_checksum(database, layer)) for layer in layers]
    return pd.DataFrame(sums, columns=["layer", "columns", "sha256"], dtype="string")


def edited_layers(path: Path) -> list[str]:
    """Layers of a file that somebody has edited since it was written; none if the file has no checksums.

    Raises
    ------
    InputError
        If a layer differs from what was written although nobody edited it.
    """
    try:
        with _opened(path) as database:
            changed = list(_changed(database))
    except sqlite3.DatabaseError as error:
        raise InputError(say("plan_damaged", path=path, layers=str(error))) from error
    damaged = sorted(layer for layer, stamp in changed if stamp == EPOCH)
    if damaged:
        raise InputError(say("plan_damaged", path=path, layers=", ".join(damaged)))
    return sorted(layer for layer, _ in changed)


def written_columns(path: Path) -> dict[str, list[str]]:
    """Columns that each layer of a file had when it was written; nothing if the file has no checksums."""
    with _opened(path) as database:
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (CHECKSUMS,)).fetchall():
            return {}
        return {
            layer: json.loads(columns) for layer, columns in database.execute("SELECT layer, columns FROM checksums")
        }


def is_own(path: Path) -> bool:
    """Whether gridgeo wrote a file, or what is there is no GeoPackage with layers at all."""
    try:
        with _opened(path) as database:
            stamps = [stamp for (stamp,) in database.execute("SELECT last_change FROM gpkg_contents")]
    except sqlite3.Error:
        return True
    return not stamps or EPOCH in stamps


def _changed(database: sqlite3.Connection) -> Iterator[tuple[str, str | None]]:
    """Layers that differ from what was written, with the date of their last change; None where they have other columns, or none."""
    stamps = dict(database.execute("SELECT table_name, last_change FROM gpkg_contents"))
    if CHECKSUMS not in stamps:
        return
    for layer, *expected in database.execute("SELECT layer, columns, sha256 FROM checksums").fetchall():
        columns, rows = _checksum(database, layer) if layer in stamps else ("", "")
        if columns != expected[0]:
            yield layer, None
        elif rows != expected[1]:
            yield layer, stamps[layer]


def _checksum(database: sqlite3.Connection, layer: str) -> tuple[str, str]:
    """Names of the columns of a layer, and the checksum of its rows."""
    name = layer.replace('"', '""')
    rows = database.execute(f'SELECT * FROM "{name}" ORDER BY rowid')  # noqa: S608 (a name, quoted)
    columns = json.dumps([column[0] for column in rows.description])
    found = hashlib.sha256()
    while block := rows.fetchmany(_ROWS):
        for column in zip(*block, strict=True):
            found.update(_digits(column))
    return columns, found.hexdigest()


def _digits(values: tuple[object, ...]) -> bytes:
    """Values of a column as bytes that tell them apart; shapes go as they are, which is several times as fast."""
    shapes = [value for value in values if isinstance(value, bytes)]
    if len(shapes) == len(values):
        return ascii([len(shape) for shape in shapes]).encode() + b"".join(shapes)
    return ascii(values).encode()


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A file opened for reading; what is no valid text stays bytes."""
    with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as database:
        database.text_factory = _text
        yield database


def _text(raw: bytes) -> str | bytes:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw

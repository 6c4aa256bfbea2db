"""How a file takes the place of another: it is the old one or the new one, whole, whatever happens in between.

Everything is written to a temporary file in the same folder, flushed to the disk, and renamed.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import pyogrio

from gridgeo.errors import OutputError
from gridgeo.messages import say


def refuse_package(path: str | Path, *, overwrite: bool = False) -> Path:
    """The same as `refuse_existing` for a GeoPackage, whose name has to say that it is one."""
    if Path(path).suffix.lower() != ".gpkg":
        raise OutputError(say("output_not_package", path=path))
    return refuse_existing(path, overwrite=overwrite)


def refuse_ending(path: str | Path, known: Iterable[str]) -> str:
    """The ending of a file's name, the longest of those that are known.

    Raises
    ------
    OutputError
        If it is none of them.
    """
    listed = list(known)
    fitting = [ending for ending in listed if Path(path).name.lower().endswith(ending)]
    if not fitting:
        raise OutputError(say("output_ending", path=path, known=" ".join(listed)))
    return max(fitting, key=len)


def make_folder(path: str | Path) -> Path:
    """A folder to write to, made if it is missing.

    Raises
    ------
    OutputError
        If there is something else of that name, or it cannot be made.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(say("output_failed", path=path, why=error)) from error
    return Path(path)


def refuse_existing(path: str | Path, *, overwrite: bool = False) -> Path:
    """Refuse, before any work is done, a path that could not be written afterwards; errors as `write_bytes`."""
    path = Path(path)
    if path.is_symlink():
        raise OutputError(say("output_is_link", path=path))
    if path.is_dir() or (path.exists() and not overwrite):
        raise OutputError(say("output_exists", path=path))
    if not path.absolute().parent.is_dir():
        raise OutputError(say("output_no_folder", folder=path.parent, path=path))
    return path


def replace_file(path: str | Path, write: Callable[[Path], None], *, overwrite: bool = False) -> Path:
    """Write one file by a function that is given where: an empty file beside it, which takes its place when it is whole.

    Raises
    ------
    OutputError
        As `write_bytes`.
    """
    path = refuse_existing(path, overwrite=overwrite)
    # The suffix stays last, for GDAL tells formats apart by it.
    temporary = path.absolute().with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        # Rights are those of any new file here; those of the module tempfile would hide it from everybody else.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        write(temporary)
        _sync(temporary)
        temporary.replace(path)
        _sync(path.absolute().parent)
    except (OSError, sqlite3.Error, pyogrio.errors.DataSourceError) as error:
        raise OutputError(say("output_failed", path=path, why=error)) from error
    finally:
        with suppress(OSError):  # it is renamed, or could not be made
            temporary.unlink()
    return path


def write_files(path: str | Path, files: Mapping[str, bytes], *, overwrite: bool = False) -> Path:
    """Write files that belong together into one folder, by their names; `path` is that of the one by which they are opened.

    It is put in its place last, so that files of which some are missing cannot be opened.

    Raises
    ------
    OutputError
        As `replace_file`.
    """
    path = Path(path)
    for name in sorted(files, key=lambda name: name == path.name):
        refuse_existing(path.with_name(name), overwrite=overwrite)
    for name in sorted(files, key=lambda name: name == path.name):
        replace_file(path.with_name(name), partial(dump, files[name]), overwrite=overwrite)
    return path


def dump(data: bytes, path: Path) -> None:
    """Fill a file."""
    path.write_bytes(data)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

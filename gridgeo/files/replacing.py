"""How a file takes the place of another: it is the old one or the new one, whole, whatever happens in between.

What is new is written beside the old file under a name of its own, flushed to the disk, and renamed. Where nothing may be replaced,
the name is given to one writer only, be there ever so many. A file that another program has open for writing is left alone. What
killed runs have left behind is swept by the next.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pyogrio

from gridgeo.errors import OutputError
from gridgeo.messages import Text, say

BACKUP = ".bak"
"""Ending of the name that a replaced file gets where it is kept."""

_MARK = "gridgeo~"
"""What names of unfinished files begin with, behind a dot; then follow machine, process, chance."""
_MACHINE = f"{uuid.getnode() & 0xFFFFFF:06x}"
_LITTER = re.compile(rf"\.?{_MARK}(?P<machine>[0-9a-f]{{6}})-(?P<process>\d+)-")
_ABANDONED_S = 86_400
"""Age from which an unfinished file of another machine is taken for litter [s]."""
_PATIENCE_S = 2.0
"""How long another program may hold a file before it is said to [s]."""

_WHY = {
    errno.ENOSPC: "why_full",
    errno.EDQUOT: "why_quota",
    errno.EFBIG: "why_quota",
    errno.EROFS: "why_read_only",
    errno.EACCES: "why_read_only",
    errno.EPERM: "why_read_only",
    errno.ENAMETOOLONG: "why_name_long",
    errno.EINVAL: "why_name",
    errno.EILSEQ: "why_name",
}
"""Number of an error of the system -> what it means."""
_FULL = re.compile("disk (is )?full|no space", re.IGNORECASE)
_FAILURES = (
    OSError,
    sqlite3.Error,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
)
"""What goes wrong while a file is written."""


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


def refuse_inputs(output: str | Path, inputs: Iterable[str | Path]) -> None:
    """Refuse to write onto what is read: the same file by whatever name, or a file of a folder or Shapefile that is read.

    Raises
    ------
    OutputError
        If it is.
    """
    for file in (file for path in inputs for file in _files_of(Path(path))):
        if _is_same(Path(output), file):
            raise OutputError(say("output_is_input", path=output, input=file))


def _is_same(output: Path, file: Path) -> bool:
    with suppress(OSError, ValueError):  # what cannot be looked at is refused later, with its reason
        return output.samefile(file)
    return False


def refuse_twice(outputs: Iterable[str | Path]) -> None:
    """Refuse one path for two products.

    Raises
    ------
    OutputError
        If there is one.
    """
    listed = [Path(path).absolute() for path in outputs]
    for path in listed:
        if listed.count(path) > 1:
            raise OutputError(say("output_twice", path=path))


def _files_of(path: Path) -> list[Path]:
    """The files that are read by a path: a folder's, those that belong to a Shapefile, or it alone."""
    with suppress(OSError, ValueError):  # no path at all, but some other word
        if path.is_dir():
            return [file for file in sorted(path.rglob("*")) if file.is_file()]
        if path.suffix.lower() == ".shp":
            return [file for file in sorted(path.parent.glob("*")) if file.stem == path.stem]
    return [path]


def make_folder(path: str | Path) -> Path:
    """A folder to write to, made if it is missing.

    Raises
    ------
    OutputError
        If there is something else of that name, or it cannot be made.
    """
    with told(path):
        Path(path).mkdir(parents=True, exist_ok=True)
    return Path(path)


def refuse_existing(path: str | Path, *, overwrite: bool = False) -> Path:
    """Refuse, before any work is done, a path that could not be written afterwards; errors as `write_bytes`."""
    path = Path(path)
    if not _is_name(str(path)):
        raise OutputError(say("output_failed", path=ascii(str(path)), why=say("why_name")))
    with told(path):
        if path.is_symlink():
            raise OutputError(say("output_is_link", path=path))
        if path.is_dir() or (path.exists() and not overwrite):
            raise OutputError(say("output_exists", path=path))
        if not path.absolute().parent.is_dir():
            raise OutputError(say("output_no_folder", folder=path.parent, path=path))
        _refuse_held(path)
    return path


def _is_name(text: str) -> bool:
    """Whether the system can have a file of that name."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:
        return False


def _refuse_held(path: Path) -> None:
    """Refuse a file that another program has open for writing, or would be confused by if it changed."""
    office = (f".~lock.{path.name}#", f"~${path.name}")
    if any(_is_there(path.with_name(lock)) for lock in office) or (
        path.suffix.lower() == ".gpkg" and path.exists() and _is_held(path)
    ):
        raise OutputError(say("output_held", path=path))


def _is_held(path: Path) -> bool:
    """Whether somebody else has a GeoPackage open for writing, or in the way in which QGIS keeps it open."""
    address = f"file:{quote(str(path.absolute()))}?mode=rw"
    try:
        with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            database.execute("ROLLBACK")
    except sqlite3.Error as error:
        return "locked" in str(error) or "busy" in str(error)  # all else is for the writing to find out
    # The last to close a file takes its log along; what is still there is somebody's.
    return _is_there(path.with_name(f"{path.name}-wal"))


def _is_there(path: Path) -> bool:
    with suppress(OSError):  # the name is too long for that
        return path.exists()
    return False


def replace_file(
    path: str | Path, write: Callable[[Path], None], *, overwrite: bool = False, backup: bool = False
) -> Path:
    """Write one file by a function that is given where: an empty file beside it, which takes its place when it is whole.

    Parameters
    ----------
    backup
        Whether a file that is replaced is kept under its name with `BACKUP`.

    Raises
    ------
    OutputError
        As `write_bytes`.
    """
    path = refuse_existing(path, overwrite=overwrite)
    _sweep(path.absolute().parent)
    with told(path), _unfinished(path) as temporary:
        write(temporary)
        _sync(temporary)
        if not overwrite:
            _claim(temporary, path)
        else:
            if backup and path.exists():
                _keep(path)
            temporary.replace(path)
        _sync(path.absolute().parent)
    return path


def write_files(path: str | Path, files: Mapping[str, bytes], *, overwrite: bool = False) -> Path:
    """Write files that belong together into one folder, by their names; `path` is that of the one by which they are opened.

    They cannot all be replaced in one instant. So the old ones step aside first, under their names with `BACKUP`, and the one by
    which the others are opened comes last: whenever this is cut short, there is one set or none to be opened, never a mixture.

    Raises
    ------
    OutputError
        As `replace_file`.
    """
    path = Path(path)
    names = sorted(files, key=lambda name: (name == path.name, name))
    for name in names:
        refuse_existing(path.with_name(name), overwrite=overwrite)
    together = [path.with_name(name) for name in reversed(names)] if len(names) > 1 else []
    with told(path):
        for file in together:
            if file.exists():
                file.replace(_backup_of(file))
    for name in names:
        replace_file(path.with_name(name), partial(dump, files[name]), overwrite=overwrite)
    with told(path):
        for file in together:
            _backup_of(file).unlink(missing_ok=True)
    return path


def dump(data: bytes, path: Path) -> None:
    """Fill a file."""
    path.write_bytes(data)


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder of this machine's own in which files are made that libraries write bit by bit; it goes when they are done."""
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=_unfinished_name()) as folder:
        yield Path(folder)


@contextmanager
def told(path: str | Path) -> Iterator[None]:
    """Say in plain words what went wrong while a file was written."""
    try:
        yield
    except OutputError:
        raise
    except _FAILURES as error:
        raise OutputError(say("output_failed", path=path, why=_reason(error))) from error


def _reason(error: Exception) -> Text:
    """What an error means."""
    number = error.errno if isinstance(error, OSError) else None
    if number in _WHY:
        return say(_WHY[number])
    if _FULL.search(str(error)):
        return say("why_full")
    return say("why_other", error=error)


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """An empty file in the same folder, gone afterwards unless it was renamed."""
    # The suffix stays last, for libraries tell formats apart by it.
    temporary = path.absolute().with_name(f".{_unfinished_name()}{path.suffix}")
    try:
        # Rights are those of any new file here; those of the module tempfile would hide it from everybody else.
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
    finally:
        with suppress(OSError):  # it is renamed, or could not be made
            temporary.unlink()


def _unfinished_name() -> str:
    return f"{_MARK}{_MACHINE}-{os.getpid()}-{secrets.token_hex(4)}"


def _claim(temporary: Path, path: Path) -> None:
    """Give a name to one file only: of several writers one wins, and the others say so."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise OutputError(say("output_taken", path=path)) from error
    except OSError:  # a drive on which a file has one name
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except FileExistsError as error:
            raise OutputError(say("output_taken", path=path)) from error
        temporary.replace(path)


def _backup_of(path: Path) -> Path:
    return path.with_name(path.name + BACKUP)


def _keep(path: Path) -> None:
    """A file under a second name, which is kept when the first is given to another; in no instant is either of them missing."""
    with _unfinished(path) as temporary:
        temporary.unlink()
        try:
            os.link(path, temporary)
        except OSError:  # a drive on which a file has one name
            shutil.copyfile(path, temporary)
            _sync(temporary)
        temporary.replace(_backup_of(path))


def _sweep(folder: Path) -> None:
    """Remove what killed runs have left in a folder; what belongs to a run that goes on is left alone."""
    with suppress(OSError):
        for litter in [entry for entry in folder.iterdir() if _MARK in entry.name and _is_litter(entry)]:
            with suppress(OSError):  # another run sweeps as well
                shutil.rmtree(litter) if litter.is_dir() else litter.unlink()


def _is_litter(entry: Path) -> bool:
    found = _LITTER.match(entry.name)
    if found is None:
        return False
    if found["machine"] != _MACHINE or os.name == "nt":  # there is no telling whether that run goes on
        return time.time() - entry.stat().st_mtime > _ABANDONED_S
    try:
        os.kill(int(found["process"]), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _sync(path: Path) -> None:
    """Wait until a file or the names in a folder are on the disk."""
    if os.name == "nt" and path.is_dir():  # which Windows does not offer
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

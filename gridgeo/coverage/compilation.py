"""Compilation of the loops that numpy cannot do, kept on disk for the user.

Numba keeps compiled functions beside their module, and notices changes of that module only: not of a function of another one that
is inlined into it, nor of a class that its arguments have. Here they lie in the user's own folder for caches, in one named by all
sources that they can depend on, so that a copy of the package elsewhere finds them, and a changed one does not.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import platformdirs
from numba.core.caching import CompileResultCacheImpl, FunctionCache

from gridgeo._version import VERSION

_PACKAGE = Path(__file__).parents[1]
_USED = "used"
"""File of a folder of kernels that is touched by each program that looks into it."""
_UNUSED_S = 60 * 86_400
"""Kernels that were not used for so long [s] go."""

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])
_OPTIONS = {"error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
"""No fast mathematics: results must not depend on how a processor adds. Nothing is called from C."""
_INNER = _OPTIONS | {"no_cpython_wrapper": True}


class _KernelPlace:
    """Where a compiled function lies; what numba calls a locator."""

    def __init__(self, function: Callable[..., Any], folder: Path) -> None:
        self._line, self._folder = function.__code__.co_firstlineno, folder

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> _KernelPlace | None:
        """The place for a function; None where users name one themselves (`NUMBA_CACHE_DIR`), or nothing can be written."""
        source = Path(file)
        if numba.config.CACHE_DIR or not source.exists():
            return None
        folder = kernel_folder(source.parent)
        return cls(function, folder) if _can_be_used(folder) else None

    def ensure_cache_path(self) -> None:
        """Make the folder if it is missing."""
        self._folder.mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        """The folder."""
        return str(self._folder)

    def get_source_stamp(self) -> str:
        """The same for all: the folder's name tells the state of the sources."""
        return ""

    def get_disambiguator(self) -> str:
        """The line of the function, since names may be there twice."""
        return str(self._line)


class _KernelCacheImpl(CompileResultCacheImpl):  # type: ignore[misc] # numba comes without types
    _locator_classes = (_KernelPlace, *CompileResultCacheImpl._locator_classes)  # noqa: SLF001


class _KernelCache(FunctionCache):  # type: ignore[misc] # numba comes without types
    _impl_class = _KernelCacheImpl


@cache
def kernel_folder(folder: Path) -> Path:
    """Where compiled functions of a folder's modules lie: named by version, folder, and all sources that they may use."""
    inside = folder.relative_to(_PACKAGE)
    above = [source for one in inside.parents for source in (_PACKAGE / one).glob("*.py")]
    used = sorted({*folder.rglob("*.py"), *above, *Path(__file__).parent.glob("*.py")})
    digest = hashlib.sha256()
    for source in used:
        digest.update(source.relative_to(_PACKAGE).as_posix().encode() + b"\0" + source.read_bytes() + b"\0")
    return platformdirs.user_cache_path("gridgeo") / VERSION / f"{'_'.join(inside.parts)}-{digest.hexdigest()[:16]}"


@cache
def _can_be_used(folder: Path) -> bool:
    """Whether kernels can be written to a folder; a new one makes room for itself."""
    try:
        if not folder.exists():
            _forget_unused(folder.parents[1])
            folder.mkdir(parents=True, exist_ok=True)
        (folder / _USED).touch()
    except OSError:
        return False
    return True


def _forget_unused(root: Path) -> None:
    """Remove kernels of sources that nobody has run for long."""
    for mark in root.glob(f"*/*/{_USED}"):
        if time.time() - mark.stat().st_mtime > _UNUSED_S:
            shutil.rmtree(mark.parent, ignore_errors=True)


def _kept(function: _Kernel, **options: Any) -> _Kernel:
    """A compiled function whose machine code is kept on disk."""
    dispatcher = numba.njit(**_OPTIONS, **options)(function)
    if not numba.config.DISABLE_JIT:
        dispatcher._cache = _KernelCache(function)  # noqa: SLF001 (numba's own switch knows its own places only)
    return cast("_Kernel", dispatcher)


def compiled(function: _Kernel) -> _Kernel:
    """A compiled function that makes arrays."""
    return _kept(function)


def lean(function: _Kernel) -> _Kernel:
    """A compiled function that makes no arrays and calls only such functions.

    So it need not count references to those that it is given, which takes twice as long as the work itself where
    small functions call each other a million times.
    """
    return _kept(function, _nrt=False)


def inlined(function: _Kernel) -> _Kernel:
    """A lean function put into those that call it, since to hand on a dozen arrays takes longer than its work."""
    return _kept(function, _nrt=False, forceinline=True)


def inner(function: _Kernel) -> _Kernel:
    """A lean function that only compiled ones call.

    There is no way in from Python, which for a tuple of forty arrays takes more machine code than the function, and longer to
    compile; and nothing on disk, since it is part of those that call it there.
    """
    return cast("_Kernel", numba.njit(_nrt=False, **_INNER)(function))


def inner_inlined(function: _Kernel) -> _Kernel:
    """An inlined function that only compiled ones call; see `inner`."""
    return cast("_Kernel", numba.njit(_nrt=False, forceinline=True, **_INNER)(function))


def branchless(function: _Kernel) -> _Kernel:
    """A lean function of numbers none of which is missing, the lesser and greater of which are taken without a branch.

    That is all that is promised of numbers here; the order of sums stays as written, so results do too.
    """
    return _kept(function, _nrt=False, forceinline=True, fastmath={"nnan", "nsz"})


def is_first_run() -> bool:
    """Whether the large kernels of this state of the sources are still to be compiled on this machine."""
    if numba.config.CACHE_DIR or numba.config.DISABLE_JIT:
        return False
    return not all(any(kernel_folder(_PACKAGE / room).glob("*.nbc")) for room in ("land/voronoi", "partition/engine"))

"""Compilation of the loops that numpy cannot do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])
_OPTIONS = {"cache": True, "error_model": "numpy", "nogil": True}
"""Kept on disk for the next run. No fast mathematics: results must not depend on how a processor adds."""

_INNER = _OPTIONS | {"cache": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled(function: _Kernel) -> _Kernel:
    """A compiled function that makes arrays."""
    return cast("_Kernel", numba.njit(**_OPTIONS)(function))


def lean(function: _Kernel) -> _Kernel:
    """A compiled function that makes no arrays and calls only such functions.

    So it need not count references to those that it is given, which takes twice as long as the work itself where
    small functions call each other a million times.
    """
    return cast("_Kernel", numba.njit(_nrt=False, **_OPTIONS)(function))


def inner(function: _Kernel) -> _Kernel:
    """A lean function that only compiled ones call.

    There is no way in from Python, which for a tuple of forty arrays takes more machine code than the function, and longer to
    compile; and nothing on disk, since it is part of those that call it there.
    """
    return cast("_Kernel", numba.njit(_nrt=False, **_INNER)(function))


def inlined(function: _Kernel) -> _Kernel:
    """An inner function put into those that call it, since to hand on a dozen arrays takes longer than its work."""
    return cast("_Kernel", numba.njit(_nrt=False, forceinline=True, **_INNER)(function))


def branchless(function: _Kernel) -> _Kernel:
    """An inlined function of numbers none of which is missing, the lesser and greater of which are taken without a branch.

    That is all that is promised of numbers here; the order of sums stays as written, so results do too.
    """
    return cast("_Kernel", numba.njit(_nrt=False, forceinline=True, fastmath={"nnan", "nsz"}, **_INNER)(function))

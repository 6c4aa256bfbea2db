"""Compilation of the loops that numpy cannot do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])
_OPTIONS = {"cache": True, "error_model": "numpy", "nogil": True}
"""Kept on disk for the next run. No fast mathematics: results must not depend on how a processor adds."""


def compiled(function: _Kernel) -> _Kernel:
    """A compiled function that makes arrays."""
    return cast("_Kernel", numba.njit(**_OPTIONS)(function))


def lean(function: _Kernel) -> _Kernel:
    """A compiled function that makes no arrays and calls only such functions.

    So it need not count references to those that it is given, which takes twice as long as the work itself where
    small functions call each other a million times.
    """
    return cast("_Kernel", numba.njit(_nrt=False, **_OPTIONS)(function))

"""Compilation of the loops that numpy cannot do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])


def compiled(function: _Kernel) -> _Kernel:
    """A compiled function, kept on disk for the next run.

    No fast mathematics: results must not depend on how a processor adds.
    """
    return cast("_Kernel", numba.njit(cache=True, error_model="numpy", nogil=True)(function))

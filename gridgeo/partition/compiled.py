"""How every inner loop of this room is compiled: without the interpreter's lock, so that two can run at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba import njit

Given = ParamSpec("Given")
Result = TypeVar("Result")


def kernel(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Compile a function that allocates nothing; machine code is kept on disk.

    Without reference counts (``_nrt``) reading an array out of a named tuple costs nothing. With them it costs two atomic
    operations, and the search runs at a third of its speed.
    """
    compiled: Callable[Given, Result] = njit(cache=True, nogil=True, _nrt=False, error_model="numpy")(function)
    return compiled


def hot(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """Compile a kernel of the innermost loop into its callers, by the compiler and not before: types are inferred but once."""
    compiled: Callable[Given, Result] = njit(cache=True, nogil=True, forceinline=True, _nrt=False, error_model="numpy")(
        function
    )
    return compiled

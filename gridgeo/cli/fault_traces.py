"""Where a fault of the program itself is written down, for those who mend it."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

from gridgeo._version import VERSION


def keep_trace(error: BaseException) -> Path | None:
    """A new file in the folder of temporary files with the calls that led to an error; None if it cannot be written."""
    try:
        handle, name = tempfile.mkstemp(prefix="gridgeo-fault-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines([f"gridgeo {VERSION}\n", *_calls(error)])
    except OSError:
        return None
    return Path(name)


def _calls(error: BaseException | None) -> Iterator[str]:
    """Calls and kinds of an error and of those behind it, never their messages, which may hold values of the data."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield f"\n{type(error).__module__}.{type(error).__qualname__}\n"
        yield from traceback.format_tb(error.__traceback__)
        error = error.__cause__ or error.__context__

"""How long to search: by name, in steps, or in seconds, which become steps before anything is searched."""

from __future__ import annotations

import math
import re
from dataclasses import fields

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.partition import EFFORTS, Effort

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min)")
_UNIT = {"s": 1.0, "min": 60.0}


def read_effort(effort: str | float) -> str | float | Effort:
    """A name, seconds, or steps.

    Parameters
    ----------
    effort
        A name of `EFFORTS`, seconds (30, ``30s``, ``2min``), or steps as a manifest has them
        (``sweeps=800,coarse_sweeps=1600,passes=2``).

    Raises
    ------
    InputError
        If it is none of these.
    """
    if isinstance(effort, str):
        if effort in EFFORTS:
            return effort
        found = re.fullmatch(",".join(rf"{name}=(\d{{1,9}})" for name in _names()), effort.replace(" ", ""))
        if found:
            return Effort(*map(int, found.groups()))
        time = _SECONDS.fullmatch(effort.strip())
        seconds = float(time[1]) * _UNIT[time[2]] if time else math.nan
    else:
        seconds = float(effort)
    if not (math.isfinite(seconds) and seconds > 0):
        raise InputError(say("effort_unknown", effort=effort, known=", ".join(EFFORTS)))
    return seconds


def effort_text(effort: str | Effort) -> str:
    """An effort as it stands in a manifest, and as it is written on a command line to have the same plan again."""
    if isinstance(effort, str):
        return effort
    return ",".join(f"{name}={getattr(effort, name)}" for name in _names())


def _names() -> list[str]:
    return [field.name for field in fields(Effort)]

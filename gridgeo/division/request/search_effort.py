"""How long to search: by name, in steps, or in seconds, which become steps before anything is searched."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from numbers import Real

from gridgeo.errors import InputError
from gridgeo.messages import Text, say
from gridgeo.model import refuse_other
from gridgeo.partition import EFFORTS, Effort

_SECONDS = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min)")
_UNIT = {"s": 1.0, "min": 60.0}


def read_effort(effort: str | float | Effort) -> str | float | Effort:
    """A name, seconds, or steps; what was read already stays as it is.

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
    if isinstance(effort, Effort):
        return effort
    if isinstance(effort, str):
        if effort in EFFORTS:
            return effort
        found = re.fullmatch(",".join(rf"{name}=(\d{{1,9}})" for name in _names()), effort.replace(" ", ""))
        if found:
            return Effort(*map(int, found.groups()))
        if re.fullmatch(r"\d+(\.\d+)?", effort.strip()):
            raise InputError(say("effort_unit", effort=effort.strip()))
        time = _SECONDS.fullmatch(effort.strip())
        seconds = float(time[1]) * _UNIT[time[2]] if time else math.nan
    else:
        refuse_other("effort", Real, effort)
        seconds = float(effort)
    if not (math.isfinite(seconds) and seconds > 0):
        raise InputError(say("effort_unknown", effort=effort, known=", ".join(EFFORTS)))
    return seconds


def effort_text(effort: str | Effort) -> str:
    """An effort as it stands in a manifest, and as it is written on a command line to have the same plan again."""
    if isinstance(effort, str):
        return effort
    return ",".join(f"{name}={getattr(effort, name)}" for name in _names())


def longer_search(effort: str | float | Effort, *, stopped: bool) -> Text | str:
    """Advice to search longer, as the end of a sentence; no words where there is no more to be had.

    Parameters
    ----------
    effort
        As `read_effort` gives it.
    stopped
        Whether the search was ended early.
    """
    if stopped:
        return say("longer_whole")
    if isinstance(effort, float):
        return say("longer_time", seconds=f"{effort:g}")
    steps = EFFORTS[effort] if isinstance(effort, str) else effort
    more = [name for name in ("best", "max") if EFFORTS[name].sweeps > steps.sweeps]
    return say("longer_effort", effort=more[0]) if more else ""


def _names() -> list[str]:
    return [field.name for field in fields(Effort)]

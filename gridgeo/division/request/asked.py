"""What is asked of a division, as one value that is sound in itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Integral
from typing import TypeAlias

import geopandas as gpd

from gridgeo.division.request.search_effort import read_effort
from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model import Scheme, Zones, refuse_other
from gridgeo.partition import Effort

Keep: TypeAlias = "Iterable[str] | Zones | gpd.GeoDataFrame"


@dataclass(frozen=True)
class Request:
    """Options of a division; their meaning is told at `divide`.

    Whatever is wrong with one by itself is refused when the value is made.

    Parameters
    ----------
    effort
        As `read_effort` gives it: a name, seconds, or steps.
    """

    scheme: Scheme
    seed: int = 0
    effort: str | float | Effort = "standard"
    within: Zones | gpd.GeoDataFrame | None = None
    keep: Keep = ()
    keep_compounds: bool = False
    split_large: bool = False
    strict: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse values of another kind, and an effort that is none."""
        refuse_other("scheme", Scheme, self.scheme)
        refuse_other("seed", Integral, self.seed)
        object.__setattr__(self, "effort", read_effort(self.effort))
        if self.within is not None and not isinstance(self.within, Zones):
            refuse_other("within", gpd.GeoDataFrame, self.within)
        refuse_other("counts", Integral, *self.counts.values())
        if any(n < 1 for n in self.counts.values()):
            raise InputError(say("counts_text", text=", ".join(f"{code}={n}" for code, n in self.counts.items())))
        if self.counts and self.within is None:
            raise InputError(say("counts_need_within"))
        if not isinstance(self.keep, Zones | gpd.GeoDataFrame):
            keep = [self.keep] if isinstance(self.keep, str) or not isinstance(self.keep, Iterable) else list(self.keep)
            refuse_other("keep", str, *keep)
            object.__setattr__(self, "keep", tuple(str(code) for code in keep))

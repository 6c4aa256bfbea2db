"""Which zones are outside the limits of their tier, and the words for it: terminal, page and sheets all say it from here."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from gridgeo.messages import Text, has_text, say
from gridgeo.model.loads import amount
from gridgeo.model.scheme import Also
from gridgeo.model.tables import DEDICATED
from gridgeo.model.zones import Zones


class TierLimits(NamedTuple):
    """How a tier keeps its limits."""

    tier: str
    limits: tuple[Also, ...]
    judged: int
    """Number of its ordinary zones whose figures are known."""
    outside: tuple[str, ...]
    """Codes of those that are outside."""

    @property
    def asked(self) -> Text:
        """The limits in words: so many households, so much of a second load."""
        texts = [amount(limit.load, f"{limit.low}-{limit.high}") for limit in self.limits]
        return texts[0] if len(texts) == 1 else say("limits_both", one=texts[0], other=texts[1])

    @property
    def words(self) -> Text:
        """Tier, limits, and how many zones are outside."""
        told = {"tier": tier_label(self.tier), "limits": self.asked, "n": self.judged, "k": len(self.outside)}
        return say("limits_tier_missed" if self.outside else "limits_tier_met", **told)


def tier_label(name: str) -> Text | str:
    """A tier by the name that planners use."""
    return say(f"tier_{name}") if has_text(f"tier_{name}") else name


def limits_met(zones: Zones) -> tuple[TierLimits, ...]:
    """How each tier that has limits keeps them, coarse to fine."""
    scheme, outside = zones.scheme, outside_limits(zones)
    found = []
    for name in zones.tiers:
        rows = (zones.table["tier"] == name) & outside.notna()
        if scheme is not None and name in scheme.names:
            missed = zones.table.loc[rows & outside.fillna(value=False), "code"].fillna("-")
            found.append(TierLimits(name, scheme.tier(name).limits, int(rows.sum()), tuple(map(str, missed))))
    return tuple(found)


def outside_limits(zones: Zones) -> pd.Series:
    """Whether each zone is outside the limits of its tier; `<NA>` for dedicated zones, and where limits or figures are unknown."""
    outside = pd.Series(pd.NA, index=zones.table.index, dtype="boolean")
    for name in zones.tiers:
        for limit in _limits_of(zones, name):
            rows = (zones.table["tier"] == name) & (zones.table["kind"] != DEDICATED).fillna(value=True)
            held = zones.table.loc[rows, limit.load].dropna()
            missed = ~held.map(limit.admits).astype("boolean")
            outside[held.index] = outside[held.index].fillna(value=False) | missed
    return outside


def limits_headline(zones: Zones) -> Text | None:
    """How many zones of all tiers are outside their limits; None where none has limits."""
    tiers = limits_met(zones)
    judged, missed = sum(tier.judged for tier in tiers), sum(len(tier.outside) for tier in tiers)
    if not judged:
        return None
    return say("limits_missed", k=missed, n=judged) if missed else say("limits_kept", n=judged)


def _limits_of(zones: Zones, tier: str) -> tuple[Also, ...]:
    """Limits of a tier on loads that its zones state."""
    if zones.scheme is None or tier not in zones.scheme.names:
        return ()
    return tuple(limit for limit in zones.scheme.tier(tier).limits if limit.load in zones.table)

"""Whether the digits of a scheme can number what is to be expected, before anything is solved."""

from __future__ import annotations

import math

import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model.scheme import Scheme, Tier


def refuse_narrow_codes(most: float, scheme: Scheme) -> None:
    """Refuse a scheme whose digits cannot number the expected children of a parent.

    The parent of any tier but the coarsest is as large as its own upper limit allows, and no larger than all the land.

    Parameters
    ----------
    most
        Load of the largest land that is divided: a community, or a given zone.

    Raises
    ------
    InputError
        Saying which width would do.
    """
    for depth, tier in enumerate(scheme):
        expected = math.ceil(most / max(1, tier.aim))
        if tier.count is not None:
            expected = min(tier.count, expected) if depth else tier.count
        if expected > tier.capacity:
            enough = _enough(tier, expected)
            raise InputError(
                say("code_too_narrow", tier=tier.name, n=expected, room=tier.capacity, width=tier.width, enough=enough)
            )
        most = min(most, tier.high)


def refuse_many_institutions(institutions: pd.Series, above: pd.Series, tier: Tier) -> None:
    """Refuse a tier whose digits cannot number the dedicated zones of a parent: one an institution at least.

    Parameters
    ----------
    institutions
        Institution of each cell, missing for most.
    above
        Code of the parent of each cell.
    tier
        At which dedicated zones stand.

    Raises
    ------
    InputError
        Saying which width would do.
    """
    for parent, n in institutions.groupby(above, sort=True).nunique().items():
        if n > tier.reserved:
            enough = _enough(tier, 9 * (n + 1))  # a tenth of the numbers, without the one that ends in zeros
            told = {"parent": parent, "tier": tier.name, "n": n, "room": tier.reserved, "first": tier.capacity + 1}
            raise InputError(say("code_dedicated", **told, width=tier.width, enough=enough))


def _enough(tier: Tier, expected: int) -> int:
    width = tier.width
    while 9 * 10 ** (width - 1) < expected:
        width += 1
    return width

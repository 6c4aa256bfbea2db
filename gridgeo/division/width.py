"""Whether the digits of a scheme can number what is to be expected, before anything is solved."""

from __future__ import annotations

import math

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.scheme import Scheme, Tier
from gridgeo.site import Site


def refuse_narrow_codes(site: Site, scheme: Scheme) -> None:
    """Refuse a scheme whose digits cannot number the expected children of a parent.

    The coarsest tier's parent is a community with all households of the site (the worst case where there are several); the parent
    of any other tier is as large as its own upper limit allows.

    Raises
    ------
    InputError
        Saying which width would do.
    """
    total = int(site.buildings["households"].sum())
    most = total / max(1, len(site.communities))
    for tier in scheme:
        expected = tier.count or math.ceil(most / max(1, tier.aim))
        if expected > tier.capacity:
            enough = _enough(tier, expected)
            raise InputError(
                say("code_too_narrow", tier=tier.name, n=expected, room=tier.capacity, width=tier.width, enough=enough)
            )
        most = tier.high


def _enough(tier: Tier, expected: int) -> int:
    width = tier.width
    while 9 * 10 ** (width - 1) < expected:
        width += 1
    return width

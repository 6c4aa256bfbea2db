"""Rules of codes: well-formed, used once, and grown from the code of the land in which a zone lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import RuleFault, place, shown, tier_label, zone_fault, zone_words
from gridgeo.checks.parent_zones import misparented, parent_zones
from gridgeo.checks.polygon_measures import NOWHERE, Mask, Rows, positions
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import say
from gridgeo.model import COMMUNITY_DIGITS

_ONE_ZONE = (1.0, "zones")


def code_own(given: CheckInput) -> Iterator[RuleFault]:
    """Tiers with an office's own codes, unless these are expected."""
    for tier in given.tiers:
        if tier.own_codes and not given.own_codes:
            known = [code for code in tier.codes if code]
            text = say("check_code_own", tier=tier_label(tier.name), n=len(known), codes=shown(known, 3))
            yield RuleFault(tier.depth, "", float(len(known)), "zones", text, None)


def code_malformed(given: CheckInput) -> Iterator[RuleFault]:
    """Codes that are missing, not all digits, or not as long as the tier's codes are."""
    for tier in given.tiers:
        reason = "check_code_malformed" if tier.digits else "check_code_not_digits"
        reason = "check_code_missing" if tier.own_codes else reason
        for row in positions(tier.malformed):
            words = zone_words(tier, row) | {"code": tier.codes[row] or "-"}
            text = say(reason, digits=tier.digits, **words)
            yield zone_fault(tier, row, text, measured=(float(len(tier.codes[row])), "digits"))


def code_repeated(given: CheckInput) -> Iterator[RuleFault]:
    """Codes that stand on several zones of a tier."""
    for tier in given.tiers:
        codes = pd.Series(tier.codes, dtype=object)[tier.repeated]
        for code, rows in codes.groupby(codes).groups.items():
            shapes = tier.shapes[rows]
            where = ", ".join(place(shape) for shape in shapes)
            text = say("check_code_repeated", tier=tier_label(tier.name), code=code, n=len(rows), where=where)
            shape = shapely.geometrycollections(shapes)
            yield RuleFault(tier.depth, str(code), float(len(rows)), "zones", text, shape)


def code_placeholder(given: CheckInput) -> Iterator[RuleFault]:
    """Communities without a code of their own; real codes do not begin with 0."""
    tier = given.tiers[0]
    sound = np.flatnonzero(~tier.malformed & (not tier.own_codes))
    heads = pd.Series([tier.codes[row][:COMMUNITY_DIGITS] for row in sound], index=sound, dtype=object)
    for head, rows in heads[heads.str.startswith("0")].groupby(heads).groups.items():
        shape = tier.union(rows.to_numpy())
        text = say("check_code_placeholder", code=head, n=len(rows), where=place(shape))
        yield RuleFault(0, str(head), float(len(rows)), "zones", text, shape)


def code_parent(given: CheckInput) -> Iterator[RuleFault]:
    """Codes that do not begin with the code of the parent in which the zone lies, or with the parent's code that is stated.

    Where all zones of a parent agree with one another and not with it, the parent's code is at fault, and reported once.
    """
    for tier, parents in zip(given.tiers, parent_zones(given), strict=True):
        up = given.above(tier)
        wrong = misparented(given)[tier.depth].copy()
        stated = _misstated(tier, up) & ~wrong
        parent = np.full(len(tier), NOWHERE) if parents is None else parents.row
        for fault in _parents_at_fault(tier, up, parent, wrong=wrong) if up is not None else ():
            wrong[fault.rows] = False
            yield _parent_alone(tier, fault)
        yield from _misparented(tier, up, parent, wrong=wrong)
        for row in positions(stated):
            named = str(tier.table["parent"].iloc[row])
            yield zone_fault(
                tier, row, say("check_code_stated", parent=named, **zone_words(tier, row)), measured=_ONE_ZONE
            )


def _misparented(tier: TierZones, up: TierZones | None, parent: Rows, *, wrong: Mask) -> Iterator[RuleFault]:
    for row in positions(wrong):
        lies = "" if up is None or parent[row] == NOWHERE else up.codes[parent[row]]
        yield zone_fault(
            tier, row, say("check_code_parent", lies=lies or "-", **zone_words(tier, row)), measured=_ONE_ZONE
        )


def _misstated(tier: TierZones, up: TierZones | None) -> Mask:
    """Whether a zone names a parent with which its own code does not begin."""
    if tier.own_codes:
        return np.zeros(len(tier), dtype=bool)
    digits = up.digits if up is not None and tier.depth > 0 else None
    wrong = [
        bool(pd.notna(parent)) and str(parent) != code[: digits or len(str(parent))]
        for parent, code in zip(tier.table["parent"], tier.codes, strict=True)
    ]
    return np.array(wrong, dtype=bool) & ~tier.malformed & ~tier.repeated


class _ParentAtFault(NamedTuple):
    """A parent whose zones all bear one and the same other code before their own digits."""

    code: str
    shape: object
    head: str
    rows: list[int]


def _parents_at_fault(tier: TierZones, up: TierZones, parent: Rows, *, wrong: Mask) -> list[_ParentAtFault]:
    judged = ~(tier.malformed | tier.repeated)
    found = []
    for at in np.unique(parent[wrong & (parent != NOWHERE)]):
        rows = np.flatnonzero((parent == at) & judged)
        heads = {tier.codes[row][: len(up.codes[at])] for row in rows}
        if len(rows) > 1 and len(heads) == 1 and wrong[rows].all():
            found.append(_ParentAtFault(up.codes[at], up.shapes[at], heads.pop(), [int(row) for row in rows]))
    return found


def _parent_alone(tier: TierZones, parent: _ParentAtFault) -> RuleFault:
    text = say(
        "check_code_parent_alone",
        code=parent.code,
        head=parent.head,
        tier=tier_label(tier.name),
        n=len(parent.rows),
        zones=shown(tier.codes[row] for row in parent.rows),
        where=place(parent.shape),
    )
    return RuleFault(tier.depth - 1, parent.code, float(len(parent.rows)), "zones", text, parent.shape)

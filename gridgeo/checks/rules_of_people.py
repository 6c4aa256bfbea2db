"""Zones and the persons who answer for them, where a roster is given. No name or phone is ever in a message: rows are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd
import shapely

from gridgeo.checks.check_input import CheckInput, derived
from gridgeo.checks.findings import RuleFault, tier_label, zone_fault, zone_words
from gridgeo.checks.tier_zones import TierZones
from gridgeo.messages import say
from gridgeo.model import MOST_ZONES

_SHOWN = 5


@derived
def _by_code(given: CheckInput) -> Mapping[str, pd.DataFrame]:
    """Rows of the roster for each code."""
    roster = given.roster
    if roster is None:
        return {}
    return {str(code): rows for code, rows in roster.table.groupby("code", sort=True)}


def _judged(given: CheckInput) -> Iterator[tuple[TierZones, list[int]]]:
    """Tiers whose zones need persons, and their rows: those of the staffing table, else those that the roster knows, else all.

    A dedicated zone stands in the finest tier again, with zeros: who answers for the one answers for the other.
    """
    known, staffing = _by_code(given), given.staffing
    named = [tier for tier in given.tiers if not known.keys().isdisjoint(tier.codes)]
    if staffing is not None:
        named = [tier for tier in given.tiers if tier.name in staffing.wanted]
    for tier in named or given.tiers:
        above = {code for other in given.tiers[: tier.depth] for code in other.codes}
        again = [_is_again(code, above) for code in tier.codes]
        yield tier, [row for row, twice in enumerate(again) if not twice]


def _is_again(code: str, above: set[str]) -> bool:
    """Whether a zone is a coarser one once more: its code, and zeros."""
    return any(code[:digits] in above and not code[digits:].strip("0") for digits in range(1, len(code)))


def zone_without_person(given: CheckInput) -> Iterator[RuleFault]:
    """Zones for which nobody is named."""
    if given.roster is None:
        return
    known = _by_code(given)
    for tier, rows in _judged(given):
        for row in rows:
            if tier.codes[row] not in known:
                yield zone_fault(
                    tier, row, say("check_zone_without_person", **zone_words(tier, row)), measured=(0.0, "persons")
                )


def role_count(given: CheckInput) -> Iterator[RuleFault]:
    """Zones that have other numbers of persons in a role than the staffing table wants; those without anybody are told already."""
    if given.roster is None or given.staffing is None:
        return
    known, person = _by_code(given), given.roster.person
    for tier, rows in _judged(given):
        for row in rows:
            there = known.get(tier.codes[row])
            if there is not None:
                yield from _miscounted((tier, row), there.assign(person=person), given.staffing.wanted[tier.name])


def _miscounted(zone: tuple[TierZones, int], there: pd.DataFrame, wanted: Mapping[str, int]) -> Iterator[RuleFault]:
    """Roles of which a zone has too many or too few persons."""
    tier, row = zone
    for role, n in wanted.items():
        found = len(set(there.loc[there["role"] == role, "person"]))
        if found != n:
            words = zone_words(tier, row) | {"role": say(f"role_name_{role}") if role in _NAMED else role}
            text = say("check_role_count", found=found, wanted=n, **words)
            yield zone_fault(tier, row, text, measured=(float(found), "persons"))


_NAMED = ("chief", "member")


def person_unknown_zone(given: CheckInput) -> Iterator[RuleFault]:
    """Rows of the roster whose code is no zone's, and persons bound to none."""
    if given.roster is None:
        return
    codes = {code for tier in given.tiers for code in tier.codes}
    for code, rows in _by_code(given).items():
        if code not in codes:
            yield _row_fault(given, "check_person_unknown_zone", rows.index, code=code)
    unbound = given.roster.table.index[given.roster.table["code"].isna()]
    if len(unbound):
        yield _row_fault(given, "check_person_unbound", unbound)


def person_repeated(given: CheckInput) -> Iterator[RuleFault]:
    """Persons who stand twice in one zone with one role."""
    if given.roster is None:
        return
    table = given.roster.table.assign(person=given.roster.person)
    twice = table[table.duplicated(["code", "role", "person"])]
    if len(twice):
        yield _row_fault(given, "check_person_repeated", twice.index)


def person_in_too_many(given: CheckInput) -> Iterator[RuleFault]:
    """Persons who answer for more zones of one tier than one may."""
    if given.roster is None:
        return
    most = MOST_ZONES if given.staffing is None else given.staffing.most
    table = given.roster.table.assign(person=given.roster.person)
    for tier in given.tiers:
        own = table[table["code"].isin(list(tier.codes))]
        for _, rows in own.groupby("person", sort=True):
            zones = sorted(set(rows["code"]))
            if len(zones) > most:
                words = {"rows": _rows(rows.index), "n": len(zones), "most": most, "tier": tier_label(tier.name)}
                where = shapely.union_all(tier.shapes[[list(tier.codes).index(code) for code in zones]])
                text = say("check_person_in_too_many", **words)
                yield RuleFault(tier.depth, zones[0], float(len(zones)), "zones", text, where)


def _row_fault(given: CheckInput, reason: str, rows: pd.Index, *, code: str = "") -> RuleFault:
    text = say(reason, code=code, rows=_rows(rows), n=len(rows))
    return RuleFault(len(given.tiers) - 1, code, float(len(rows)), "rows", text, None)


def _rows(rows: pd.Index) -> str:
    return ", ".join(map(str, rows[:_SHOWN])) + (" ..." if len(rows) > _SHOWN else "")

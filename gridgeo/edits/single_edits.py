"""The verbs by which a plan is changed by hand."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from gridgeo.edits.allowed_codes import next_code, refuse_codes
from gridgeo.edits.named_land import cells_named, code_named, zones_of
from gridgeo.edits.recorded_edits import HandEdit, largest, recorded, taken_back
from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model import Plan, refuse_no_plan


def move(
    plan: Plan, to: str, *, buildings: Iterable[str] = (), cells: Iterable[str] = (), compounds: Iterable[str] = ()
) -> Plan:
    """Put land with all who live on it into another zone of the finest tier.

    Parameters
    ----------
    plan
        Stays as it is.
    to
        The zone, by code or label (`003-05`).
    buildings
        Ids; `B017` stands for all its parts, `B017/2` for one.
    cells
        Ids.
    compounds
        Ids or names.

    Returns
    -------
    plan
        `plan.edit` tells which zones changed, and which of them are outside their limits or in several parts.

    Raises
    ------
    InputError, CodeError
        If something named is not in the plan, nothing would change, or a zone concerned is locked or dedicated.

    Examples
    --------
    >>> plan2 = gg.edits.move(plan, "003-05", buildings=["B017"])  # doctest: +SKIP
    """
    refuse_no_plan(plan)
    land = cells_named(plan, buildings=_listed(buildings), cells=_listed(cells), compounds=_listed(compounds))
    return relabelled(plan, "move", pd.Series(code_named(plan, to), index=land, dtype="string"))


def merge(plan: Plan, codes: Iterable[str]) -> Plan:
    """Make one zone of several of one tier; it keeps the code of the one with most households, then most land.

    Zones inside those that end get the next numbers of the one that goes on.

    Parameters
    ----------
    codes
        At least two, by code or label.

    Raises
    ------
    InputError, CodeError
        If they are of several tiers, or one of them is locked or dedicated.
    """
    refuse_no_plan(plan)
    named = list(dict.fromkeys(code_named(plan, text) for text in codes))
    tiers = zones_of(plan.cells["code"], plan)
    if len(named) < 2 or len({tiers[code] for code in named}) > 1:
        raise InputError(say("edit_merge_needs", codes=", ".join(named)))
    own = plan.cells["code"].str[: len(named[0])]
    land = plan.cells[own.isin(named)]
    kept = largest(plan, land, own[land.index])
    ending = land["code"][own[land.index] != kept]
    return relabelled(plan, "merge", _joined(plan, ending, kept))


def rename(plan: Plan, code: str, name: str) -> Plan:
    """Give a zone a name; an empty one takes it away.

    Raises
    ------
    CodeError
        If there is no such zone.
    """
    refuse_no_plan(plan)
    code, name = code_named(plan, code), " ".join(str(name).split())
    return _reworded(plan, "rename", code, words={"name": name or pd.NA}, name=name)


def lock(plan: Plan, code: str) -> Plan:
    """Lock a zone: no edit changes its land, nor that of zones inside it, until it is unlocked.

    Raises
    ------
    CodeError
        If there is no such zone.
    """
    refuse_no_plan(plan)
    return _reworded(plan, "lock", code_named(plan, code), words={"lock": True})


def unlock(plan: Plan, code: str) -> Plan:
    """Unlock a zone.

    Raises
    ------
    CodeError
        If there is no such zone.
    """
    refuse_no_plan(plan)
    return _reworded(plan, "unlock", code_named(plan, code), words={"lock": False})


def undo(plan: Plan) -> Plan:
    """The plan as it was before its last edit, to the letter.

    Raises
    ------
    InputError
        If it was never edited.
    """
    refuse_no_plan(plan)
    return taken_back(plan)


def relabelled(plan: Plan, verb: str, codes: pd.Series) -> Plan:
    """The plan in which cells bear other codes (indexed by cell), unless they must not."""
    codes = codes[codes.ne(plan.cells["code"].reindex(codes.index))]
    if codes.empty:
        raise InputError(say("edit_nothing_changes"))
    refuse_codes(plan, codes)
    cells = {str(code): list(map(str, group.index)) for code, group in codes.groupby(codes, sort=True)}
    return recorded(plan, HandEdit(verb, {"codes": cells}, codes))


def _joined(plan: Plan, codes: pd.Series, kept: str) -> pd.Series:
    """New codes of cells whose zones end: inside the zone that is kept, tier by tier."""
    new, used = pd.Series(kept, index=codes.index, dtype="string"), set[str]()
    for tier in plan.scheme:
        digits = plan.scheme.digits(tier.name)
        if digits <= len(kept):
            continue
        for zone in sorted(set(codes.str[:digits])):
            inside = codes.str.startswith(zone)
            code = next_code(plan, str(new[inside].iloc[0]), tier.name, used=used)
            used.add(code)
            new[inside] = code
    return new


def _listed(names: Iterable[str]) -> list[str]:
    """Names as a list; a single one may be given bare."""
    return [names] if isinstance(names, str) else list(names)


def _reworded(plan: Plan, verb: str, code: str, *, words: dict[str, object], **said: str) -> Plan:
    nobody = pd.Series([], index=plan.cells.index[:0], dtype="string")
    return recorded(plan, HandEdit(verb, {"code": code, **said}, nobody, {code: words}))

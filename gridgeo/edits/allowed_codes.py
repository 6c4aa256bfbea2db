"""Which cells may get which codes."""

from __future__ import annotations

import pandas as pd

from gridgeo.edits.named_land import zones_of
from gridgeo.errors import CodeError, InputError
from gridgeo.messages import say
from gridgeo.model import Plan, capacity, community_of, is_dedicated
from gridgeo.style import label


def refuse_codes(plan: Plan, codes: pd.Series) -> None:
    """Refuse new codes (indexed by cell) that break a lock, a dedicated zone, a community, or the rules of codes.

    Raises
    ------
    InputError, CodeError
        If one of the cells must not get its code.
    """
    old = plan.cells["code"].reindex(codes.index)
    _refuse_malformed(plan, codes)
    foreign = codes[codes.map(community_of) != plan.cells["community"].reindex(codes.index)]
    if len(foreign):
        raise InputError(say("edit_other_community", cell=foreign.index[0], code=foreign.iloc[0]))
    _refuse_used_up(plan, codes)
    touched = zones_of(pd.concat([old, codes]), plan)
    _refuse_dedicated(plan, touched)
    locked = [code for code in touched if code in plan.registry.index and plan.registry.at[code, "lock"]]
    if locked:
        raise InputError(say("edit_locked", code=locked[0], name=shown_name(plan, locked[0])))


def shown_name(plan: Plan, code: str) -> str:
    """The name of a zone, or its label."""
    name = plan.registry["name"].get(code)
    return label(code, plan.scheme) if name is None or pd.isna(name) else str(name)


def next_code(plan: Plan, parent: str, tier: str, *, used: set[str]) -> str:
    """The code of a new ordinary zone: the highest number ever given in its parent, plus one.

    Parameters
    ----------
    used
        Codes given besides those of the registry.

    Raises
    ------
    CodeError
        If the parent has no number left.
    """
    digits, most = plan.scheme.digits(tier), capacity(plan.scheme.tier(tier).width)
    given = {str(code) for code in [*plan.registry.index, *used]}
    numbers = [int(code[len(parent) :]) for code in given if len(code) == digits and code.startswith(parent)]
    number = max((n for n in numbers if n <= most), default=0) + 1
    if number > most:
        raise CodeError(say("edit_numbers_used_up", parent=parent))
    return f"{parent}{number:0{digits - len(parent)}d}"


def _refuse_malformed(plan: Plan, codes: pd.Series) -> None:
    digits = plan.scheme.digits(plan.scheme.finest.name)
    wrong = codes[~codes.str.fullmatch(rf"[0-9]{{{digits}}}")]
    if len(wrong):
        raise CodeError(say("edit_code_malformed", code=wrong.iloc[0], tier=plan.scheme.finest.name, digits=digits))


def _refuse_used_up(plan: Plan, codes: pd.Series) -> None:
    """A code once given never goes to other land."""
    used = zones_of(plan.cells["code"], plan)
    for code in zones_of(codes, plan):
        if code not in used and code in plan.registry.index:
            raise CodeError(say("edit_code_retired", code=code, successor=plan.registry["successor"].fillna("-")[code]))


def _refuse_dedicated(plan: Plan, zones: dict[str, str]) -> None:
    for tier in plan.scheme:
        codes = pd.Series([code for code, name in zones.items() if name == tier.name], dtype="string")
        dedicated = codes[is_dedicated(codes, tier).to_numpy(dtype=bool)]
        if len(dedicated):
            code = str(dedicated.iloc[0])
            raise InputError(say("edit_dedicated", code=code, name=shown_name(plan, code)))

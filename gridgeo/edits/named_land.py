"""Zones by code or label; land by the buildings, cells and compounds that people name."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from gridgeo.errors import CodeError, InputError
from gridgeo.land import compounds_of, held_by_compounds
from gridgeo.messages import say
from gridgeo.model import Plan
from gridgeo.style import label

_MOST_NAMES = 8
"""Unknown names that a message shows."""


def zones_of(codes: pd.Series, plan: Plan) -> dict[str, str]:
    """Codes of all tiers in which finest codes lie, coarse tiers first, each with the name of its tier."""
    return {
        str(code): name for name in plan.scheme.names for code in sorted(set(codes.str[: plan.scheme.digits(name)]))
    }


def code_named(plan: Plan, text: str) -> str:
    """The code of a zone in use, given by its code or by its label (`003-05`).

    Raises
    ------
    CodeError
        If there is no such zone, or there are several.
    """
    used = zones_of(plan.cells["code"], plan)
    if text in used:
        return text
    if text in plan.registry.index:
        successor = plan.registry["successor"].fillna("-")[text]
        raise CodeError(say("edit_code_retired", code=text, successor=successor))
    found = [code for code in used if label(code, plan.scheme) == text]
    if not found:
        raise CodeError(say("edit_code_unknown", code=text))
    # a dedicated zone appears again in the finer tier, under the same label
    if not all(code.startswith(found[0]) for code in found):
        raise CodeError(say("edit_label_repeated", label=text, codes=", ".join(found)))
    return found[0]


def cells_named(plan: Plan, *, buildings: list[str], cells: list[str], compounds: list[str]) -> pd.Index:
    """Cells of buildings (`B017`, or one part of it: `B017/2`), of compounds (id or name), and cells by their ids.

    Raises
    ------
    InputError
        If something of it is not in the plan.
    """
    wanted = _known("cell", cells, pd.Series(plan.cells.index, index=plan.cells.index))
    wanted |= _known("building", buildings, _cells_of_buildings(plan))
    wanted |= _known("compound", compounds, _cells_of_compounds(plan)) if compounds else set()
    return plan.cells.index[plan.cells.index.isin(wanted)]


def refuse_unknown(kind: str, names: list[str]) -> None:
    """Refuse names of buildings, cells or compounds that the plan does not know, if there are any."""
    if names:
        shown = ", ".join(names[:_MOST_NAMES]) + (" ..." if len(names) > _MOST_NAMES else "")
        raise InputError(say("edit_land_unknown", what=say(f"edit_{kind}"), names=shown))


def _known(kind: str, names: Iterable[str], held: pd.Series) -> set[str]:
    """What is held under names; all that are unknown are refused together."""
    names = list(dict.fromkeys(map(str, names)))
    refuse_unknown(kind, [name for name in names if name not in held.index])
    return set(held[held.index.isin(names)])


def _cells_of_buildings(plan: Plan) -> pd.Series:
    members = plan.members[plan.members["cell"].isin(plan.cells.index)]
    parts = members[members["unit"].notna()]
    names = [*members["building"], *(parts["building"] + "/" + parts["unit"])]
    return pd.Series([*members["cell"], *parts["cell"]], index=names, dtype="object")


def _cells_of_compounds(plan: Plan) -> pd.Series:
    held = held_by_compounds(plan.cells, plan.site, compounds_of(plan.site))
    cells = plan.cells.index.to_numpy()[held["cell"]]
    named = held["name"].notna().to_numpy(dtype=bool)
    names = [*held["compound"], *held["name"][named]]
    return pd.Series([*cells, *cells[named]], index=names, dtype="object")

"""Many edits from a file: what an editor saved, replayed step by step."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from gridgeo.edits.named_land import refuse_unknown
from gridgeo.edits.single_edits import lock, relabelled, rename, unlock
from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model import Plan, refuse_no_plan

FORMAT = "gridgeo_moves"
"""Key that holds the version of the format."""

_LABELLING = frozenset({"move", "merge", "split", "new"})
"""Verbs of steps that say which cells get which codes, so that nothing has to be solved again."""

_WORDING: Mapping[str, Callable[[Plan, Mapping[str, Any]], Plan]] = {
    "rename": lambda plan, step: rename(plan, step["code"], step["name"]),
    "lock": lambda plan, step: lock(plan, step["code"]),
    "unlock": lambda plan, step: unlock(plan, step["code"]),
}


def replay(plan: Plan, path_or_text: str | Path) -> Plan:
    """Replay the steps of a script on the plan that it was written for: all of them or none.

    Parameters
    ----------
    path_or_text
        A file (moves.json), or its text: ``{"gridgeo_moves": 1, "plan": FINGERPRINT, "steps": [...]}``. Steps:
        ``{"verb": "move", "codes": {CODE: [CELL, ...]}}`` (also merge, split, new), ``{"verb": "rename", "code": CODE,
        "name": NAME}``, ``{"verb": "lock", "code": CODE}``, ``{"verb": "unlock", "code": CODE}``.

    Raises
    ------
    InputError, CodeError
        If it is no script, is one of another plan, or a step cannot be done.
    """
    refuse_no_plan(plan)
    script = _read(path_or_text)
    if script["plan"] != plan.fingerprint:
        raise InputError(say("edit_script_other_plan", its=script["plan"], own=plan.fingerprint))
    for number, step in enumerate(script["steps"], start=1):
        plan = _replayed(plan, step, number)
    return plan


def _read(path_or_text: str | Path) -> dict[str, Any]:
    text = str(path_or_text)
    if not text.lstrip().startswith("{"):
        if not Path(text).is_file():
            raise InputError(say("file_missing", path=text))
        text = Path(text).read_bytes().decode("utf-8-sig", errors="replace")
    try:
        script = json.loads(text)
    except ValueError as error:
        raise InputError(say("edit_script_unreadable", why=error)) from error
    if not isinstance(script, dict) or script.get(FORMAT) != 1 or not isinstance(script.get("steps"), list):
        raise InputError(say("edit_script_unreadable", why=f"{FORMAT}: 1, steps: [...]"))
    return {"plan": None, **script}


def _replayed(plan: Plan, step: Any, number: int) -> Plan:
    verb = str(step.get("verb")) if isinstance(step, dict) else "-"
    try:
        if verb in _LABELLING:
            return relabelled(plan, verb, _codes(plan, step["codes"]))
        return _WORDING[verb](plan, step)
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(say("edit_step_unreadable", number=number, verb=verb)) from error


def _codes(plan: Plan, codes: Mapping[str, list[str]]) -> pd.Series:
    """New codes by cell; a cell that is told twice keeps the last one."""
    told = {str(cell): str(code) for code, cells in codes.items() for cell in cells}
    refuse_unknown("cell", [cell for cell in told if cell not in plan.cells.index])
    return pd.Series(told, dtype="string")

"""Rules of codes: well-formed, used once, and grown from the code of the land in which a zone lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from gridgeo.checks.case import Case
from gridgeo.checks.findings import Finding, place, shown, tier_label
from gridgeo.checks.level import Kin, Level
from gridgeo.checks.shapes import NOWHERE, Mask
from gridgeo.messages import Text, say
from gridgeo.model.codes import COMMUNITY_DIGITS


def code_malformed(case: Case) -> Iterator[Finding]:
    """Codes that are missing, not all digits, or not as long as the tier's codes are."""
    for level in case.levels:
        for row in np.flatnonzero(level.malformed):
            code, shape = level.codes[row], level.shapes[row]
            text = say(
                "check_code_malformed" if level.digits else "check_code_not_digits",
                tier=tier_label(level.name),
                code=code or "-",
                digits=level.digits,
                where=place(shape),
            )
            yield Finding("code_malformed", "error", level.depth, code, float(len(code)), "digits", text, shape)


def code_repeated(case: Case) -> Iterator[Finding]:
    """Codes that stand on several zones of a tier."""
    for level in case.levels:
        codes = pd.Series(level.codes, dtype=object)[level.repeated]
        for code, rows in codes.groupby(codes).groups.items():
            shapes = level.shapes[rows]
            text = say(
                "check_code_repeated",
                tier=tier_label(level.name),
                code=code,
                n=len(rows),
                where=", ".join(place(shape) for shape in shapes),
            )
            shape = shapely.geometrycollections(shapes)
            yield Finding("code_repeated", "error", level.depth, str(code), float(len(rows)), "zones", text, shape)


def code_placeholder(case: Case) -> Iterator[Finding]:
    """Communities without a code of their own; real codes do not begin with 0."""
    level = case.levels[0]
    sound = np.flatnonzero(~level.malformed)
    heads = pd.Series([level.codes[row][:COMMUNITY_DIGITS] for row in sound], index=sound, dtype=object)
    for head, rows in heads[heads.str.startswith("0")].groupby(heads).groups.items():
        shape = level.union(rows.to_numpy())
        text = say("check_code_placeholder", code=head, n=len(rows), where=place(shape))
        yield Finding("code_placeholder", "note", 0, str(head), float(len(rows)), "zones", text, shape)


def code_parent(case: Case) -> Iterator[Finding]:
    """Codes that do not begin with the code of the parent in which the zone lies, or with the parent's code that is stated.

    Where all zones of a parent agree with one another and not with it, the parent's code is at fault, and reported once.
    """
    for level, kin in zip(case.levels, case.kin, strict=True):
        up = case.above(level)
        wrong = case.misparented[level.depth].copy()
        stated = _misstated(level, up) & ~wrong
        blamed = _blamed(level, kin, up, wrong) if kin is not None and up is not None else []
        for parent in blamed:
            wrong[parent.rows] = False
            yield _parent_alone(level, parent)
        for row in np.flatnonzero(wrong):
            at = NOWHERE if kin is None else int(kin.parent[row])
            code = "" if up is None or at == NOWHERE else up.codes[at]
            yield _finding(level, int(row), say("check_code_parent", lies=code or "-", **_words(level, int(row))))
        for row in np.flatnonzero(stated):
            parent_code = str(level.table["parent"].iloc[row])
            yield _finding(level, int(row), say("check_code_stated", parent=parent_code, **_words(level, int(row))))


def _misstated(level: Level, up: Level | None) -> Mask:
    digits = up.digits if up is not None and level.depth > 0 else None
    wrong = [
        bool(pd.notna(parent)) and str(parent) != code[: digits or len(str(parent))]
        for parent, code in zip(level.table["parent"], level.codes, strict=True)
    ]
    return np.array(wrong, dtype=bool) & ~level.malformed & ~level.repeated


class _Blamed(NamedTuple):
    """A parent whose zones all bear one and the same other code before their own digits."""

    code: str
    shape: object
    head: str
    rows: list[int]


def _blamed(level: Level, kin: Kin, up: Level, wrong: Mask) -> list[_Blamed]:
    judged = ~(level.malformed | level.repeated)
    blamed = []
    for at in np.unique(kin.parent[wrong & (kin.parent != NOWHERE)]):
        rows = np.flatnonzero((kin.parent == at) & judged)
        heads = {level.codes[row][: len(up.codes[at])] for row in rows}
        if len(rows) > 1 and len(heads) == 1 and wrong[rows].all():
            blamed.append(_Blamed(up.codes[at], up.shapes[at], heads.pop(), [int(row) for row in rows]))
    return blamed


def _parent_alone(level: Level, parent: _Blamed) -> Finding:
    text = say(
        "check_code_parent_alone",
        code=parent.code,
        head=parent.head,
        tier=tier_label(level.name),
        n=len(parent.rows),
        zones=shown(level.codes[row] for row in parent.rows),
        where=place(parent.shape),
    )
    depth, n = level.depth - 1, float(len(parent.rows))
    return Finding("code_parent", "error", depth, parent.code, n, "zones", text, parent.shape)


def _words(level: Level, row: int) -> dict[str, object]:
    return {"tier": tier_label(level.name), "code": level.codes[row], "where": place(level.shapes[row])}


def _finding(level: Level, row: int, text: Text) -> Finding:
    return Finding("code_parent", "error", level.depth, level.codes[row], 1.0, "zones", text, level.shapes[row])

"""Rosters: lists of persons by zone, as offices keep them in spreadsheets. No value of a row is ever shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from gridgeo.errors import InputError
from gridgeo.files.reading.columns import texts
from gridgeo.files.reading.office_tables import read_table
from gridgeo.messages import Text, say
from gridgeo.model import ROSTER_COLUMNS, ROSTER_NAMES, Roster, columns_named, role_of

_FIRST = 2
"""Row of a spreadsheet in which the first person stands."""
_ROUNDED = re.compile(r"\d+(\.\d+)?[eE]\+?\d+")
_SHOWN = 10


def read_roster(path: str | Path, *, columns: Mapping[str, str] | None = None) -> Roster:
    """Read who answers for which zone, from CSV or XLSX.

    Parameters
    ----------
    path
        One row a person and zone: columns code, role, name, phone (统一编码, 职务, 姓名, 电话 ...), and any others. A person may
        stand in several rows, and a zone too. A row without a code is a person bound to no zone; one without a name is a vacancy.
    columns
        Column -> its name in the file, where that is none of the names known.

    Raises
    ------
    InputError
        If the file cannot be read, has no column of codes or names, or codes that a spreadsheet has rounded to numbers; rows are
        named, never what stands in them.
    """
    rows = pd.DataFrame(read_table(path).rows)
    rows.index = pd.RangeIndex(_FIRST, _FIRST + len(rows))
    found = {name: _column(rows, name, columns or {}) for name in ROSTER_COLUMNS}
    missing = [name for name in ("code", "name") if found[name] is None]
    if missing or rows.empty:
        there = ", ".join(str(name) for name in rows.columns) or "-"
        reason = say("roster_empty", path=Path(path).name)
        raise InputError(say("roster_column", column=missing[0], known=there) if missing else reason)
    none = pd.Series(pd.NA, rows.index, dtype="string")
    read = {name: none if source is None else texts(rows[source]) for name, source in found.items()}
    table = pd.DataFrame(read).astype("string")
    others = rows.drop(columns=[source for source in found.values() if source is not None])
    table["code"] = _codes(table["code"])
    table["role"] = table["role"].map(role_of, na_action="ignore").astype("string")
    blank = table["name"].isna()
    others = others.rename(columns={name: f"{name}_" for name in others.columns if name in ROSTER_COLUMNS})
    return Roster(table.join(others)[~blank], tuple(int(row) for row in table.index[blank]))


def _column(rows: pd.DataFrame, name: str, named: Mapping[str, str]) -> str | None:
    if name in named:
        if named[name] not in rows.columns:
            raise InputError(say("roster_column", column=named[name], known=", ".join(map(str, rows.columns)) or "-"))
        return named[name]
    return next(iter(columns_named(rows.columns, ROSTER_NAMES[name])), None)


def _codes(values: pd.Series) -> pd.Series:
    """Codes as digits, without what people put between them."""
    plain = values.str.replace(r"[\s-]", "", regex=True).str.replace(r"\.0+$", "", regex=True)
    rounded = plain.str.fullmatch(_ROUNDED.pattern).fillna(value=False).to_numpy(dtype=bool)
    if rounded.any():
        raise InputError(say("roster_rounded", rows=_rows(values.index[rounded]), n=int(rounded.sum())))
    return plain.mask(plain == "").astype("string")


def _rows(rows: pd.Index) -> Text | str:
    return ", ".join(map(str, rows[:_SHOWN])) + (" ..." if len(rows) > _SHOWN else "")

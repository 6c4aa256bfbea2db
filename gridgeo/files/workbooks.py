"""Workbooks for spreadsheets: codes are text, heads stay in view, columns are as wide as what stands in them."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from gridgeo.errors import OutputError
from gridgeo.messages import say

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""Date in place of the clock's."""
_ROWS, _LETTERS, _TITLE = 1_048_575, 32_767, 31
"""Most rows below the head, letters in a cell, letters in the title of a sheet that spreadsheets take."""
_NARROW, _WIDE = 8, 60
"""Least and greatest width of a column [digits]."""


class Sheet(NamedTuple):
    """One table of a workbook."""

    title: str
    table: pd.DataFrame


def as_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Tables as the sheets of a workbook (xlsx): what is text is written as text, never as a formula, number or link.

    Raises
    ------
    OutputError
        If a table has more rows than a sheet can hold.
    """
    from xlsxwriter.workbook import Workbook

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": _EPOCH})
        for sheet in sheets:
            _write_sheet(book, sheet)
    return file.getvalue()


def _write_sheet(book: Workbook, sheet: Sheet) -> None:
    title, table = sheet
    if len(table) > _ROWS:
        raise OutputError(say("workbook_rows", sheet=title, n=len(table), most=_ROWS))
    page = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:_TITLE])
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "num_format": "@"})
    for at, name in enumerate(table.columns):
        column = table.iloc[:, at]
        page.set_column(at, at, _width(str(name), column))
        page.write_string(0, at, str(name), head)
        _write_column(page, at, column, style=book.add_format({"num_format": _number_format(column), "valign": "top"}))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(table), 1), max(table.shape[1] - 1, 0))


def _write_column(page: Worksheet, at: int, column: pd.Series, *, style: Format) -> None:
    for row, value in enumerate(column, start=1):
        if pd.isna(value):
            continue
        if isinstance(value, str):
            page.write_string(row, at, value if len(value) <= _LETTERS else value[: _LETTERS - 1] + "…", style)
        else:
            page.write_number(row, at, float(value), style)


def _number_format(column: pd.Series) -> str:
    if pd.api.types.is_float_dtype(column):
        return "0.00"
    return "0" if pd.api.types.is_integer_dtype(column) else "@"


def _width(name: str, column: pd.Series) -> int:
    longest = max(map(_letters, (name, *_shown(column))), default=0)
    return min(max(longest + 2, _NARROW), _WIDE)


def _shown(column: pd.Series) -> Iterator[str]:
    for value in column.dropna():
        yield f"{value:.2f}" if isinstance(value, float) else str(value)


def _letters(text: Any) -> int:
    """Width of a text [digits]; a Chinese character is as wide as two."""
    return sum(1 if ord(letter) < 0x2E80 else 2 for letter in text)

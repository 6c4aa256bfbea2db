"""Tables as plain text whose columns stand below each other, Chinese text included."""

from __future__ import annotations

from typing import Any

import pandas as pd
from rich.cells import cell_len

_BETWEEN = "  "
_MISSING = "-"


def aligned(table: pd.DataFrame, title: str) -> list[str]:
    """Lines of a table: title and names of its columns, then a line a row; numbers to the right."""
    heads = [str(name) for name in table.columns]
    rows = [[_text(value) for value in row] for row in table.itertuples(index=False)]
    labels = [title, *map(str, table.index)]
    first = max(map(cell_len, labels))
    widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    lines = []
    for label, row in zip(labels, [heads, *rows], strict=True):
        cells = [" " * (width - cell_len(text)) + text for text, width in zip(row, widths, strict=True)]
        lines.append(_BETWEEN.join([label + " " * (first - cell_len(label)), *cells]).rstrip())
    return lines


def _text(value: Any) -> str:
    """A number without needless zeros."""
    if pd.isna(value):
        return _MISSING
    return f"{value:g}" if isinstance(value, float) else str(value)

"""Columns of a layer: the names they go by, and their texts, numbers and flags."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from gridgeo.files.reading.reading_log import LayerLog
from gridgeo.model import ROLES

_KINDS = ("class", "fclass", "type", "kind")
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "编号", "楼栋编号"),
    "code": ("code", "统一编码", "编码", "社区编码"),
    "name": ("name", "名称"),
    "level": ("level", "级别", "层级"),
    "levels": ("levels", "层数", "building:levels"),
    "units": ("units", "单元数"),
    "households": ("households", "户数"),
    "highway": ("highway", "class", "fclass", "type"),
    "waterway": ("waterway", *_KINDS),
    "railway": ("railway", *_KINDS),
    "barrier": ("barrier", *_KINDS),
    "bridge": ("bridge", "桥梁"),
    "tunnel": ("tunnel", "隧道"),
    "class": ("class", "landuse", "amenity", "leisure", "shop", "fclass", "kind", "type"),
    "kind": ("kind", "type"),
    "building": ("building", "building_id", "id", "楼栋编号", "楼栋"),
    "unit": ("unit", "单元", "单元号"),
}
"""Column -> names under which files know it; where several are there, the first that is filled counts, row by row."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NO = frozenset({"", "no", "n", "0", "0.0", "false", "f", "none", "null", "nan", "否", "无"})
"""Texts that deny a flag; every other one (yes, viaduct, T, 1, building_passage ...) says what kind of bridge or tunnel it is."""


def find_columns(table: pd.DataFrame, names: Iterable[str]) -> list[str]:
    """Columns of a table that go by these names; capitals do not matter, but the exact name is taken first."""
    there = [str(name) for name in table.columns if name != "geometry"]
    found: list[str] = []
    for name in names:
        same = [column for column in there if column.casefold() == name.casefold()]
        found.extend([name] if name in same else same[:1])
    return list(dict.fromkeys(found))


def column(table: pd.DataFrame, name: str) -> pd.Series:
    """A column by the names it may go by, as texts; all `<NA>` if the table has none."""
    out = pd.Series(pd.NA, index=table.index, dtype="string")
    for source in find_columns(table, NAMES[name]):
        out = out.fillna(texts(one_column(table, source)))
    return out


def one_column(table: pd.DataFrame, name: str) -> pd.Series:
    """The first column of this name, for files may repeat one; of a list of values the first."""
    found = table[name]
    found = found if isinstance(found, pd.Series) else found.iloc[:, 0]
    return found.map(_first) if found.dtype == object else found


def _first(value: object) -> object:
    if isinstance(value, (list, tuple, np.ndarray)):
        return value[0] if len(value) else None
    return value if isinstance(value, Hashable) else str(value)


def by_value(values: pd.Series, function: Callable[[Any], Any]) -> list[Any]:
    """Result of a function for each value, worked out once for each that differs; None where there is no value."""
    codes, unique = pd.factorize(values, use_na_sentinel=True)
    results = [*(function(value) for value in unique), None]
    return [results[code] for code in codes]


def texts(values: pd.Series) -> pd.Series:
    """Values as trimmed texts; whole numbers without a decimal point, empty ones `<NA>`."""
    return pd.Series(by_value(values, _text), index=values.index, dtype="string")


def _text(value: object) -> str | None:
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    return str(value).strip() or None


def normal(text: str) -> str:
    """Form under which texts that look alike are the same: full width, blanks, and marks without width do not count."""
    if text.isascii():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in folded if unicodedata.category(sign) != "Cf").strip()


def take_columns(table: pd.DataFrame, log: LayerLog) -> pd.DataFrame:
    """The columns of a role with their dtypes, households left out."""
    out = {}
    for name, dtype in ROLES[log.role].columns.items():
        if name == "households":
            continue
        found = column(table, name)
        if dtype == "string":
            out[name] = _clean(found, name, log)
        elif dtype == "boolean":
            out[name] = pd.Series(by_value(found, flag), table.index, dtype="boolean").fillna(value=False)
        else:
            out[name] = _numbers(found, dtype, log)
    return pd.DataFrame(out, index=table.index)


def flag(text: str) -> bool:
    """Whether a text says yes."""
    return normal(text).casefold() not in _NO


def _clean(values: pd.Series, name: str, log: LayerLog) -> pd.Series:
    """Texts with U+FFFD for signs that no writer keeps."""
    bad = values.str.contains(_CONTROL).fillna(value=False).to_numpy(dtype=bool)
    if not bad.any():
        return values
    log.repaired(values.index[bad], "text_repaired", name)
    return values.mask(bad, values[bad].map(lambda text: _CONTROL.sub("\ufffd", text)))


def _numbers(values: pd.Series, dtype: Any, log: LayerLog) -> pd.Series:
    """Numbers from 0 on; a text that is none is `<NA>`, with a note."""
    whole = dtype == "Int64"
    numbers = pd.Series(by_value(values, lambda text: number(text, whole=whole)), index=values.index, dtype="Float64")
    lost = values.notna() & numbers.isna()
    log.accepted(values.index[lost], "number_unreadable", [str(text)[:20] for text in values[lost]])
    return numbers.astype(dtype)


def number(text: str, *, whole: bool = False) -> float | None:
    """A finite number from 0 on, also in full-width digits; None for any other text."""
    try:
        value = float(normal(text).replace("_", "?"))
    except ValueError:
        return None
    fits = 0 <= value < 1e6 and (not whole or value.is_integer())
    return value if fits else None

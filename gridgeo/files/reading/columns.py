"""Columns of a layer: where they stand, and their texts, numbers and flags."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from gridgeo.files.reading.reading_log import LayerLog
from gridgeo.model import COLUMN_NAMES, ROLES, class_of, closest, columns_named

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NO = frozenset({"", "no", "n", "0", "0.0", "false", "f", "none", "null", "nan", "否", "无"})
"""Texts that deny a flag; every other one (yes, viaduct, T, 1, building_passage ...) says what kind of bridge or tunnel it is."""

_PLAIN_NUMBER = re.compile(r"[-+−]?\d{0,4}(?:[.,]\d{1,3})?")
"""Numbers that nobody can be known by."""
_MISSING_WORDS = frozenset(
    {"", "-", "n/a", "na", "nan", "nil", "none", "null", "unknown", "inf", "-inf", "true", "false"}
    | {"不详", "未知", "待定", "待核", "待核实", "无", "空", "空置", "缺", "暂无", "没有"}
)
"""Words that stand where a figure is missing."""
_LONGEST = 20
"""Letters of a value that a message shows."""


class Columns(NamedTuple):
    """The columns of one layer, found by the names that they may go by."""

    table: pd.DataFrame
    role: str
    given: Mapping[str, str] = MappingProxyType({})
    """Column -> the one name under which the caller says that it stands."""

    def names(self, name: str) -> Sequence[str]:
        """Names under which a column is looked for."""
        return (self.given[name],) if name in self.given else COLUMN_NAMES[self.role].get(name, (name,))

    def found(self, name: str) -> list[str]:
        """Columns of the table that hold this, first the one that counts."""
        return columns_named(self.table.columns, self.names(name))

    def texts(self, name: str) -> pd.Series:
        """A column as texts, of several the first that is filled; all `<NA>` if the table has none."""
        out = pd.Series(pd.NA, index=self.table.index, dtype="string")
        for source in self.found(name):
            out = out.fillna(texts(one_column(self.table, source)))
        return out

    @property
    def there(self) -> str:
        """Names of all columns, for a message."""
        return ", ".join(str(name) for name in self.table.columns if name != "geometry")

    def refuse_missing(self, log: LayerLog) -> None:
        """Note a problem for each column that the caller names and that is not there, with the one that may be meant."""
        for name, source in self.given.items():
            if not self.found(name):
                near = difflib.get_close_matches(
                    source, [str(column) for column in self.table.columns], n=1, cutoff=0.4
                )
                log.problem("column_missing", column=source, near=near[0] if near else "-", known=self.there)

    def note_unused(self, log: LayerLog, used: Iterable[str]) -> None:
        """Note the columns that nothing is read from, and for each the column of the role that it may be meant for."""
        known = COLUMN_NAMES[self.role]
        sources = {source for name in known for source in self.found(name)} | set(used) | {"geometry"}
        open_to = {name: names for name, names in known.items() if not self.found(name)}
        unused = sorted(str(name) for name in self.table.columns if str(name) not in sources)
        hints = [(name, closest(name, open_to)) for name in unused]
        if hints:
            log.noted("columns_unused", ", ".join(f"{name} ({near}?)" if near else name for name, near in hints))


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


def form_of(value: object) -> str:
    """A value as a message may show it, for it may stand in a column of names or telephone numbers.

    Single letters, short numbers and words for what is missing are shown as they are, of all else the form.

    Examples
    --------
    >>> form_of("12户"), form_of("张三 13800000000"), form_of(-5)
    ('99字', '字字 99999999999', '-5')
    """
    text = normal(str(value))
    if len(text) == 1 or _PLAIN_NUMBER.fullmatch(text) or text.casefold() in _MISSING_WORDS:
        return text
    return "".join(map(_letter_form, text[:_LONGEST]))


def _letter_form(letter: str) -> str:
    if letter.isdigit():
        return "9"
    if not letter.isalpha():
        return letter if letter.isascii() else "?"
    return "a" if letter.isascii() else "字"


def take_columns(columns: Columns, log: LayerLog) -> pd.DataFrame:
    """The columns of a role with their dtypes, households left out."""
    index, out = columns.table.index, {}
    for name, dtype in ROLES[log.role].columns.items():
        if name == "households":
            continue
        found = columns.texts(name)
        if dtype == "string":
            out[name] = _classes(_clean(found, name, log), name, log)
        elif dtype == "boolean":
            out[name] = pd.Series(by_value(found, flag), index, dtype="boolean").fillna(value=False)
        else:
            out[name] = _numbers(found, dtype, log)
    return pd.DataFrame(out, index=index)


def _classes(values: pd.Series, name: str, log: LayerLog) -> pd.Series:
    """Classes by which lines bound or not, Chinese words in the terms of OpenStreetMap; what was taken for what is told."""
    known = {word: class_of(name, word) for word in values.dropna().unique()}
    told = sorted(f"{word} = {kind}" for word, kind in known.items() if kind != word)
    if not told:
        return values
    log.noted("classes_read", ", ".join(told))
    return values.map(known, na_action="ignore").astype("string")


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
    log.accepted(values.index[lost], "number_unreadable", [form_of(text) for text in values[lost]])
    return numbers.astype(dtype)


def number(text: str, *, whole: bool = False) -> float | None:
    """A finite number from 0 on, also in full-width digits; None for any other text."""
    try:
        value = float(normal(text).replace("_", "?"))
    except ValueError:
        return None
    fits = 0 <= value < 1e6 and (not whole or value.is_integer())
    return value if fits else None

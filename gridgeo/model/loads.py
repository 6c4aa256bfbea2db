"""What is balanced besides households: people, work, events. A building's figure, shared out among its parts and summed up.

A load is a column of numbers of the site's buildings. A whole building gives all of it to its cell. A building that was cut
gives each part a share in proportion to the part's households, in whole numbers (largest remainder, method of Hamilton), or
equal shares where nobody lives: so sums over cells, zones and tiers are the same.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import Text, say

HOUSEHOLDS = "households"
"""The load that every site has."""

_NAME = re.compile(r"[^\W\d]\w*")
_TAKEN = frozenset(
    {"id", "fid", "geom", "geometry", "name", "levels", "units", "unit", "cut", "cell"}
    | {"tier", "code", "parent", "kind", "n_unknown", "n_buildings", "area_m2"}
    | {"community", "block", "institution", "members", "compound"}
)
"""Columns that stand beside loads in some table."""

_DIGITS = {
    sign: value
    for value, signs in enumerate(["零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九"])
    for sign in signs
}
_TENS = {"十": 10, "百": 100}
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_WORD = re.compile(f"(\\d+|[{''.join(_DIGITS) + ''.join(_TENS)}]+|[{_STEMS}])|(.)", re.DOTALL)
"""A number, or a sign of other text."""


def refuse_name(load: str) -> None:
    """Refuse a name that no load can bear: letters of any script, digits and underscores, and no other column's name.

    Raises
    ------
    InputError
        If it cannot.
    """
    if not _NAME.fullmatch(load) or load.casefold() in _TAKEN:
        raise InputError(say("load_name", load=load))


def amount(load: str, figure: object) -> Text:
    """A figure in words: so many households, or so much of another load, which is named."""
    return say("amount_households", n=figure) if load == HOUSEHOLDS else say("amount_load", n=figure, load=load)


def figure(load: str, number: object) -> object:
    """A further figure of a load that is named already: Chinese counts households with a word of their own."""
    return say("amount_households_bare", n=number) if load == HOUSEHOLDS else number


def building_loads(buildings: pd.DataFrame, load: str) -> pd.Series:
    """Whole numbers by building id, halves rounded up; `<NA>` where unknown.

    Raises
    ------
    InputError
        If the buildings have no such column of numbers, or some are below 0.
    """
    known = [str(name) for name in buildings.columns if is_load(buildings[name])]
    if load not in known:
        raise InputError(say("load_unknown", load=load, known=", ".join(known)))
    figures = buildings[load].astype("Float64")
    below = figures.index[(figures < 0).fillna(value=False)]
    if len(below):
        raise InputError(say("load_negative", load=load, n=len(below), buildings=", ".join(map(str, below[:5]))))
    return pd.Series(np.floor(figures + 0.5), dtype="Int64")


def is_load(column: pd.Series) -> bool:
    """Whether a column holds numbers."""
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)


def shared_out(members: pd.DataFrame, figures: pd.Series) -> pd.Series:
    """What each part of a building has of the building's figure.

    Parameters
    ----------
    members
        One row a building, or a part of one: building, unit (empty or `<NA>` where whole), households. All parts of a building are
        there.
    figures
        By building id.

    Returns
    -------
    shares
        Index of `members`, Int64; `<NA>` where the building's figure is unknown. Independent of the order of rows.
    """
    shares = pd.Series(figures.reindex(members["building"]).array, index=members.index, dtype="Int64")
    parts = members[members["building"].duplicated(keep=False) & shares.notna()]
    parts = parts.assign(unit=parts["unit"].fillna("").map(by_number)).sort_values(["building", "unit"], kind="stable")
    for _, rows in parts.groupby("building", sort=False):
        weights = rows["households"].fillna(0).to_numpy(dtype=np.int64)
        shares[rows.index] = largest_remainder(int(shares[rows.index[0]]), weights)
    return shares


def largest_remainder(total: int, weights: npt.ArrayLike) -> list[int]:
    """Whole numbers that sum to a total, in proportion to weights, equal if all are 0; ties go to the first."""
    parts = np.asarray(weights, dtype=np.int64)
    parts = parts if parts.any() else np.ones_like(parts)
    shares = total * parts // parts.sum()
    rest = total * parts % parts.sum()
    shares[np.argsort(-rest, kind="stable")[: total - int(shares.sum())]] += 1
    out: list[int] = shares.tolist()
    return out


def by_number(name: str) -> tuple[tuple[tuple[int, int, str], ...], str]:
    """Sort key of a part's name, by which 2 comes before 10, 二单元 before 十单元, 乙 before 丙.

    Numbers may stand in Arabic or Chinese digits, with any text around them; a Heavenly Stem counts as its number.
    """
    words = _WORD.findall(name)
    return tuple((1, 0, text) if text else (0, _number(number), "") for number, text in words), name


def _number(word: str) -> int:
    """A number in Arabic digits, in Chinese ones up to 九百九十九, or as a Heavenly Stem."""
    if word.isdecimal():
        return int(word)
    if word in _STEMS:
        return _STEMS.index(word) + 1
    total, digit, tens = 0, 0, False
    for sign in word:
        if sign in _TENS:
            total, digit, tens = total + max(digit, 1) * _TENS[sign], 0, True
        else:
            digit = _DIGITS[sign] if tens else 10 * digit + _DIGITS[sign]
    return total + digit

"""What each member has of a load besides households, by this room's own definition.

A building's figure is a whole number, halves rounded up. A whole building has all of it. Of a divided one each part has the
whole number below its quota, which is in proportion to the parts' households (equal where nobody lives); what is left goes, one
by one, to the part whose quota exceeds its share by most (method of Hamilton), of equals to the first by the numbers in their
names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say

_STEMS = "甲乙丙丁戊己庚辛壬癸"
"""Heavenly Stems, which count as 1 to 10."""

_ARABIC = str.maketrans("零〇一二两三四五六七八九", "001223456789")
_WORD = re.compile(
    r"(?P<arabic>\d+)|(?P<chinese>[零〇一二两三四五六七八九十百]+)|(?P<stem>[甲乙丙丁戊己庚辛壬癸])|(?P<sign>.)",
    re.DOTALL,
)


def whole_figures(buildings: pd.DataFrame, load: str) -> dict[str, int]:
    """Figure of each building that has one, by id.

    Raises
    ------
    InputError
        If some are below 0.
    """
    column = buildings[load].astype("Float64").dropna()
    below = column.index[column < 0]
    if len(below):
        raise InputError(say("load_negative", load=load, n=len(below), buildings=", ".join(map(str, below[:5]))))
    # Python rounds halves to the even number.
    return {str(name): int(figure) + int(figure % 1 >= 0.5) for name, figure in column.items()}


def shares_of_members(members: pd.DataFrame, figures: dict[str, int]) -> pd.Series:
    """What each member has of its building's figure; not a number where that is unknown.

    Parameters
    ----------
    members
        Reads: building, unit (empty where the building is whole), households.
    """
    shares = members["building"].map(figures).astype(float)
    divided = members[members["building"].duplicated(keep=False) & shares.notna()]
    for building, parts in divided.groupby("building", sort=False):
        ordered = parts.iloc[sorted(range(len(parts)), key=lambda k: number_order(parts["unit"].iloc[k]))]
        weights = [0 if np.isnan(held) else int(held) for held in ordered["households"]]
        shares.loc[ordered.index] = np.array(whole_shares(figures[str(building)], weights), dtype=float)
    return shares


def whole_shares(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers that sum to a total, in proportion to weights."""
    weights = weights if any(weights) else [1] * len(weights)
    of = sum(weights)
    shares = [total * weight // of for weight in weights]
    for _ in range(total - sum(shares)):
        owed = [total * weight - share * of for weight, share in zip(weights, shares, strict=True)]
        shares[owed.index(max(owed))] += 1
    return shares


def number_order(name: str) -> tuple[list[tuple[bool, int, str]], str]:
    """Sort key of the name of a part: 2 before 10, 二单元 before 十单元, 乙 before 丙; numbers before other text."""
    return [_word_order(word[0], str(word.lastgroup)) for word in _WORD.finditer(name)], name


def _word_order(word: str, kind: str) -> tuple[bool, int, str]:
    if kind == "sign":
        return True, 0, word
    if kind == "stem":
        return False, _STEMS.index(word) + 1, ""
    return False, _chinese_number(word) if kind == "chinese" else int(word), ""


def _chinese_number(word: str) -> int:
    """A number in words, such as 一百二十三, or in digits, such as 一二三."""
    for sign, unit in (("百", 100), ("十", 10)):
        before, found, behind = word.partition(sign)
        if found:
            return (_chinese_number(before) if before else 1) * unit + _chinese_number(behind)
    return int(word.translate(_ARABIC)) if word else 0

"""Who answers for which zone: the roster, which lives in a file of its own and never inside a plan; how many of whom are wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from gridgeo.errors import InputError
from gridgeo.messages import say
from gridgeo.model.accepted_names import plain_name

ROSTER_COLUMNS = {"code": "string", "role": "string", "name": "string", "phone": "string"}
"""Columns of a roster; an office's own stand behind them."""

ROSTER_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "code": ("code", "编码", "统一编码", "网格编码", "微网格编码", "网格", "zone"),
        "role": ("role", "角色", "职务", "岗位", "身份"),
        "name": ("name", "姓名", "名字", "人员"),
        "phone": ("phone", "电话", "联系电话", "手机", "手机号", "联系方式", "mobile"),
    }
)
"""Names of these columns in offices' files."""

CHIEF, MEMBER = "chief", "member"
_ROLES = {CHIEF: ("chief", "grid chief", "网格长", "微网格长"), MEMBER: ("member", "grid member", "网格员", "微网格员")}

MOST_ZONES = 3
"""Zones of one tier for which one person may answer unless a staffing table says otherwise."""


def role_of(text: str) -> str:
    """A role by its one name: chief, member, or as it is written."""
    plain = plain_name(text)
    return next((role for role, names in _ROLES.items() if plain in map(plain_name, names)), text.strip())


@dataclass(frozen=True, repr=False)
class Roster:
    """Persons of zones.

    Parameters
    ----------
    table
        One row a person and zone, indexed by the row of the file (2 is the first below the head): columns of `ROSTER_COLUMNS`, and
        others as they are. `code` is `<NA>` for who is bound to no zone.
    vacant
        Rows of the file that name nobody.
    """

    table: pd.DataFrame
    vacant: tuple[int, ...] = ()

    @property
    def person(self) -> pd.Series:
        """A number for each row, the same for the same name and phone."""
        keys = self.table["name"].fillna("") + "\0" + self.table["phone"].fillna("")
        return pd.Series(pd.factorize(keys)[0], index=self.table.index)

    def __repr__(self) -> str:
        """How many; never who."""
        bound = int(self.table["code"].notna().sum())
        return f"Roster(rows {len(self.table)}, persons {self.person.nunique()}, bound to zones {bound})"


@dataclass(frozen=True)
class Staffing:
    """How many persons of each role a zone of each tier shall have.

    Parameters
    ----------
    wanted
        Tier -> role -> number.
    most
        Zones of one tier for which one person may answer at most.
    """

    wanted: Mapping[str, Mapping[str, int]]
    most: int = MOST_ZONES

    @classmethod
    def parse(cls, text: str, most: int = MOST_ZONES) -> Staffing:
        """Read ``grid: chief 1, member 1; micro: member 1``; 网格长 and 网格员 are roles too.

        Raises
        ------
        InputError
            If the text is not written so.
        """
        wanted: dict[str, dict[str, int]] = {}
        for part in filter(None, (part.strip() for part in re.split("[;；]", text))):
            tier, colon, roles = re.sub("：", ":", part).partition(":")
            pairs = [re.fullmatch(r"(.*\D)\s*(\d+)", role.strip()) for role in re.split("[,，、]", roles)]
            if not colon or not all(pairs):
                raise InputError(say("staffing_text", text=part))
            wanted[tier.strip()] = {role_of(pair[1]): int(pair[2]) for pair in pairs if pair is not None}
        return cls(MappingProxyType(wanted), most)

"""Who of the old year is who in the new one, to the household: nobody counts twice, nobody is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import pandas as pd

from gridgeo.changes.compared_sides import Side

FLOW_COLUMNS = {
    "old_building": "string",
    "old_unit": "string",
    "from": "string",
    "building": "string",
    "unit": "string",
    "to": "string",
    "households": "Int64",
    "members": "Int64",
}
"""One row a flow: `households` of a member of the old year that live in one of the new; `members` is 1 where the members themselves
are taken for the same. Without `from` they are new, without `to` they are gone."""


class _Who(NamedTuple):
    """A member: building, unit, code of its finest zone."""

    building: object
    unit: object
    code: object


@dataclass
class _Rest:
    """What of a member is not yet shared out."""

    who: _Who
    households: int
    known: bool
    members: int = 1

    @property
    def figure(self) -> object:
        """Households that are left; `<NA>` where they were never known."""
        return self.households if self.known else pd.NA


_NOBODY = _Who(pd.NA, pd.NA, pd.NA)
_Alike = Callable[[_Who, _Who], bool]

_PREFERENCES: tuple[_Alike, ...] = (
    lambda old, new: old[:2] == new[:2],
    lambda old, new: old.code == new.code,
    lambda _old, _new: True,
)
"""Who is taken for whom in a group of buildings: the same member first, then who stays in the zone, then others in order."""


def flows(old: Side, new: Side, links: pd.DataFrame) -> pd.DataFrame:
    """Flows between the members of two years.

    Of who has no figure nobody knows how many live on; the flow has none either.

    Parameters
    ----------
    links
        Reads: old, new, group (`matching.same_buildings`).
    """
    olds = _by_group(old.members, links.dropna(subset="old").drop_duplicates("old").set_index("old")["group"])
    news = _by_group(new.members, links.dropna(subset="new").drop_duplicates("new").set_index("new")["group"])
    groups = sorted(olds.keys() | news.keys())
    rows = [row for group in groups for row in _shared(olds.get(group, []), news.get(group, []))]
    return pd.DataFrame(rows, columns=list(FLOW_COLUMNS)).astype(FLOW_COLUMNS)


def _by_group(members: pd.DataFrame, group: pd.Series) -> dict[int, list[_Rest]]:
    """Members of each group of buildings; those of buildings that nobody knows are groups of their own, below 0."""
    table = members.sort_values(["id", "unit"], kind="stable")
    number = table["id"].map(group)
    number = number.where(number.notna(), pd.Series(range(-len(table), 0), index=table.index))
    out: dict[int, list[_Rest]] = {}
    units = table["unit"].fillna("")
    for at, building, unit, code, figure in zip(
        number, table["id"], units, table["code"], table["households"], strict=True
    ):
        known = pd.notna(figure)
        out.setdefault(int(at), []).append(_Rest(_Who(building, unit, code), int(figure) if known else 0, known))
    return out


def _shared(olds: list[_Rest], news: list[_Rest]) -> Iterator[tuple[object, ...]]:
    """Flows of one group; what is left over is gone, or new."""
    for alike in _PREFERENCES:
        for old, new in product(olds, news):
            if alike(old.who, new.who):
                yield from _flow(old, new)
    yield from ((*_cells(old.who), *_NOBODY, old.figure, old.members) for old in olds if old.households or old.members)
    yield from ((*_NOBODY, *_cells(new.who), new.figure, new.members) for new in news if new.households or new.members)


def _flow(old: _Rest, new: _Rest) -> Iterator[tuple[object, ...]]:
    households, members = min(old.households, new.households), min(old.members, new.members)
    if households or members:
        for one in (old, new):
            one.households -= households
            one.members -= members
        known = old.known and new.known
        yield (*_cells(old.who), *_cells(new.who), households if known else pd.NA, members)


def _cells(who: _Who) -> _Who:
    return who if who.unit else who._replace(unit=pd.NA)

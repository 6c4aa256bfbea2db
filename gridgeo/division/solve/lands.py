"""Land that is divided for itself: a community or a given zone, its cells, its borders, and its own numbers of zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from gridgeo.coverage import Flags, Floats, Ints
from gridgeo.division.prepare import CellBorders, Prepared, counts_of, ordinary_tier
from gridgeo.division.request import refuse_few_zones
from gridgeo.model import ATTACHED_KINDS, COMMUNITY_DIGITS, Scheme, Tier


@dataclass(frozen=True)
class DividedLand:
    """A community or a given zone.

    Parameters
    ----------
    code
        Of the community, or of the given zone.
    scheme
        The tiers into which it is divided, with its own numbers of zones.
    rows
        Positions of its cells among all.
    borders
        Rows of the borders between them.
    """

    code: str
    scheme: Scheme
    rows: Ints
    borders: Ints


@dataclass(frozen=True)
class LandCells:
    """What the cells of such land are, by their position in it.

    Parameters
    ----------
    load
        What the tiers balance.
    more
        Second load, which some tiers limit; None if none does.
    compound
        Number of the compound, -1 for none.
    area_m2, outline_m
        Size, and length of the outline [m2, m].
    built, attached
        Whether it has members; whether it is water or railway land, which is attached last.
    institution, kept
        Id of its institution, missing for most; code of the finest zone that is kept, empty for most. Indexed by cell.
    borders
        Between them.
    """

    load: Ints
    more: Ints | None
    compound: Ints
    area_m2: Floats
    outline_m: Floats
    built: Flags
    attached: Flags
    institution: pd.Series
    kept: pd.Series
    borders: CellBorders

    def __len__(self) -> int:
        """Number of cells."""
        return len(self.load)


def lands_of(ground: Prepared, schemes: Mapping[str, Scheme]) -> list[DividedLand]:
    """Each community or given zone that is divided, by code.

    Parameters
    ----------
    schemes
        As `shared_schemes` gives them.
    """
    gone = dict(grouped(ground, ground.above, ground.kept.whole))
    return [
        DividedLand(code, _scheme_of_rest(schemes[code], ground.kept.code.iloc[gone[code].cells]), *rows)
        for code, rows in grouped(ground, ground.above, ground.divided)
        if len(rows.cells)
    ]


class LandRows(NamedTuple):
    """Positions of the cells of some land among all, and rows of the borders between them."""

    cells: Ints
    borders: Ints


def grouped(ground: Prepared, key: pd.Series, chosen: Flags) -> list[tuple[str, LandRows]]:
    """Rows of the land with each key, by key.

    Parameters
    ----------
    key
        Of each cell.
    chosen
        Cells that count.
    """
    number, names = pd.factorize(key, sort=True)
    land, rows = np.where(chosen, number, -1), np.arange(len(number))
    one, other = land[ground.borders.a], land[ground.borders.b]
    inner = np.flatnonzero((one == other) & (one >= 0))
    borders, cells = _rows_by(one[inner], inner, len(names)), _rows_by(land, rows, len(names))
    return [(str(name), LandRows(*own)) for name, *own in zip(names, cells, borders, strict=True)]


def tiers_below(ground: Prepared, scheme: Scheme) -> Scheme:
    """The tiers into which land is divided."""
    digits = len(ground.above.iloc[0])
    return replace(scheme, tiers=tuple(tier for tier in scheme if scheme.digits(tier.name) > digits))


def shared_schemes(ground: Prepared, scheme: Scheme, told: Mapping[str, int]) -> dict[str, Scheme]:
    """The tiers for each land that is divided: counts of a community are shared out among its given zones by their load.

    Of a community that is divided itself the counts stay as they are.

    Parameters
    ----------
    told
        Numbers of finest zones of some lands, which have these and no others.

    Raises
    ------
    InputError
        If a tier shall have fewer zones than the community has given ones, or all of them are dedicated.
    """
    fixed = counts_of(ground, told)
    tiers, divided = tiers_below(ground, scheme), ground.divided
    ordinary = ground.cells["institution"].isna().to_numpy(dtype=bool)
    above = ground.above[divided]
    counted = {
        tier: pd.Series((ground.sums.loads[tier.load] * ordinary)[divided]).groupby(above.to_numpy(), sort=True).sum()
        for tier in tiers
        if tier.count is not None
    }
    codes = pd.Series(sorted(set(above)), dtype="string")
    out = dict.fromkeys(codes, tiers)
    for _, group in codes.groupby(codes.str[:COMMUNITY_DIGITS], sort=True):
        community = str(group.iloc[0])[:COMMUNITY_DIGITS]
        counts = {
            tier.name: _shared(
                ordinary_tier(ground, scheme, tier, community=community),
                load.loc[group],
                fixed if tier == scheme.finest else {},
            )
            for tier, load in counted.items()
        }
        for code in group:
            own = {name: shares[code] for name, shares in counts.items()}
            if code in fixed:
                own[scheme.finest.name] = fixed[code]
            counts_here = [replace(tier, count=own.get(tier.name), count_all=False) for tier in tiers]
            out[code] = replace(tiers, tiers=tuple(counts_here))
    return out


def cells_of(ground: Prepared, land: DividedLand) -> LandCells:
    """What the cells of some land are."""
    rows, scheme = land.rows, land.scheme
    cells = ground.cells.iloc[rows]
    place = np.full(len(ground.cells), -1)
    place[rows] = np.arange(len(rows))
    borders = ground.borders.at(land.borders)
    second = [tier.also.load for tier in scheme if tier.also is not None]
    return LandCells(
        load=ground.sums.loads[scheme.finest.load][rows],
        more=ground.sums.loads[second[0]][rows] if second else None,
        compound=ground.compound[rows],
        area_m2=cells.area.to_numpy(),
        outline_m=cells.length.to_numpy(),
        built=ground.sums.built[rows],
        attached=cells["kind"].isin(ATTACHED_KINDS).to_numpy(dtype=bool),
        institution=cells["institution"],
        kept=ground.kept.code.iloc[rows],
        borders=borders._replace(a=place[borders.a], b=place[borders.b]),
    )


def _rows_by(group: Ints, rows: Ints, count: int) -> list[Ints]:
    """Rows of each group from 0 to `count` - 1, in their order; a group of -1 is none."""
    order = np.argsort(group, kind="stable")
    ends = np.searchsorted(group[order], np.arange(count + 1))
    return [rows[order[start:end]] for start, end in pairwise(ends)]


def _scheme_of_rest(scheme: Scheme, kept: pd.Series) -> Scheme:
    """The scheme for land without the zones that are kept whole: its numbers of zones are fewer by theirs.

    Parameters
    ----------
    kept
        Codes of finest zones that are not divided.
    """
    tiers = []
    for tier in scheme:
        gone = kept.str[: scheme.digits(tier.name)].nunique()
        tiers.append(replace(tier, count=max(1, tier.count - gone)) if tier.count is not None else tier)
    return replace(scheme, tiers=tuple(tiers))


def _shared(tier: Tier, load: pd.Series, fixed: Mapping[str, int]) -> dict[str, int]:
    """Numbers of zones by land, in proportion to loads, at least one each (method of Webster); some are fixed."""
    taken = {str(code): fixed[str(code)] for code in load.index if str(code) in fixed}
    free = load.drop(list(taken))
    refuse_few_zones(tier, len(free) + sum(taken.values()))
    shares = np.ones(len(free), dtype=np.int64)
    for _ in range((tier.count or 0) - len(free) - sum(taken.values()) if len(free) else 0):
        shares[np.argmax(free.to_numpy() / (2 * shares + 1))] += 1
    return taken | {str(code): int(n) for code, n in zip(free.index, shares, strict=True)}

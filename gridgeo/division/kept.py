"""Zones that stay as they are, with their codes, while the rest is divided anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.coverage.precision import Flags, Ints
from gridgeo.division.given import drawn_zones, refuse_unmet
from gridgeo.errors import CrsError, InputError
from gridgeo.messages import say
from gridgeo.model.codes import is_dedicated
from gridgeo.model.scheme import Scheme, refuse_other
from gridgeo.model.site import Site
from gridgeo.model.zones import Zones

Keep: TypeAlias = "Iterable[str] | Zones | gpd.GeoDataFrame"


def codes_to_keep(keep: object, scheme: Scheme) -> list[str]:
    """Codes of zones of any tier that are to be kept.

    Raises
    ------
    InputError
        If they are no codes of the scheme.
    """
    codes: list[object] = [keep] if isinstance(keep, str) or not isinstance(keep, Iterable) else list(keep)
    refuse_other("keep", str, *codes)
    wanted = [str(code) for code in codes]
    _refuse_unknown(wanted, scheme)
    return wanted


def read_kept(keep: Keep, site: Site, scheme: Scheme) -> gpd.GeoDataFrame | None:
    """Zones to be kept that are drawn, in the CRS of the site, indexed by code; None if they are told by code only."""
    if not isinstance(keep, Zones | gpd.GeoDataFrame):
        return None
    table = keep.table if isinstance(keep, Zones) else keep
    drawn = drawn_zones(table)
    if drawn.crs is None:
        raise CrsError(say("keep_no_crs"))
    kept = drawn.to_crs(site.crs).set_index("code")
    _refuse_unknown(kept.index, scheme)
    return kept.sort_index()


def kept_codes(
    wanted: list[str], drawn: gpd.GeoDataFrame | None, cells: gpd.GeoDataFrame, scheme: Scheme
) -> pd.DataFrame:
    """What of each cell is kept.

    Parameters
    ----------
    wanted
        Codes of zones of any tier; a coarse one is kept with all that is in it.
    drawn
        These zones as they are drawn; every coarse one needs its finest ones too. If None, the cells bear the codes.
    cells
        Reads: geometry; code, where zones are not drawn.

    Returns
    -------
    kept
        Index of `cells`. `code`: of the finest zone, empty where nothing is kept; `whole`: whether the coarsest zone is kept, too.

    Raises
    ------
    InputError
        If there is no zone with a code, or a coarse zone without finer ones.
    LandError
        If the cells do not make up a drawn zone; `where` is a point of the difference.
    """
    if wanted and drawn is None and "code" not in cells:
        raise InputError(say("keep_needs_cells"))
    if drawn is not None:
        code = _drawn_codes(cells, drawn, scheme)
    else:
        code = cells["code"].astype("string") if wanted else pd.Series(pd.NA, index=cells.index, dtype="string")
    found = pd.DataFrame({"code": "", "whole": False}, index=cells.index).astype({"code": "string"})
    for tier in scheme:
        prefix = code.str[: scheme.digits(tier.name)]
        own = {text for text in wanted if len(text) == scheme.digits(tier.name)}
        missing = sorted(own - set(prefix.dropna()))
        if missing:
            raise InputError(say("keep_no_zone", codes=", ".join(missing)))
        chosen = prefix.isin(own)
        found.loc[chosen, "code"] = code[chosen]
        found["whole"] |= chosen & (tier == scheme.tiers[0])
    return found


def scheme_of_rest(scheme: Scheme, kept: pd.Series) -> Scheme:
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


def wanted_codes(kept: pd.Series, key: pd.Series, load: pd.Series, digits: int) -> pd.Series:
    """For each part of a tier the code that its kept land bears; no code twice.

    Parameters
    ----------
    kept
        Code of the finest zone of each cell, empty where nothing is kept.
    key
        Part of each cell.
    load
        What the finest tier balances; where parts want the same code, the one with most of its land's load gets it, then the most
        cells.
    digits
        Length of the codes of the tier.

    Returns
    -------
    codes
        Indexed by part, where there is one.
    """
    table = pd.DataFrame({"part": key, "code": kept.str[:digits], "load": load.fillna(0), "cells": 1})[kept != ""]
    table = table.groupby(["part", "code"], sort=True)[["load", "cells"]].sum().reset_index()
    table = table.sort_values(["load", "cells", "part", "code"], ascending=[False, False, True, True], kind="stable")
    table = table.drop_duplicates("part").drop_duplicates("code")
    return table.set_index("part")["code"].sort_index()


def owners(kept: pd.Series, institution: pd.Series, scheme: Scheme) -> npt.NDArray[np.str_]:
    """Id of the institution whose zone each cell is, also of what its kept zone holds besides; empty for none."""
    dedicated = (kept != "") & is_dedicated(kept, scheme.finest)
    own = institution.astype("object")
    own[dedicated] = own[dedicated].fillna(own[dedicated].groupby(kept[dedicated]).transform("first"))
    return own.where(own.notna(), "").to_numpy(dtype=str)


def fixed_numbers(kept: pd.Series, institution: Flags) -> Ints:
    """A number for each kept finest zone of household land, -1 for all other cells."""
    fixed = (kept != "").to_numpy(dtype=bool) & ~institution
    numbers = np.full(len(kept), -1)
    numbers[fixed] = np.unique(kept[fixed].to_numpy(dtype=str), return_inverse=True)[1]
    return numbers


def _drawn_codes(cells: gpd.GeoDataFrame, kept: gpd.GeoDataFrame, scheme: Scheme) -> pd.Series:
    """Code of the drawn finest zone in which each cell lies by a point inside it, `<NA>` outside all."""
    finest = kept[kept.index.str.len() == scheme.digits(scheme.finest.name)]
    code = pd.Series(pd.NA, index=cells.index, dtype="string")
    points = cells.geometry.representative_point().to_numpy()
    cell, zone = shapely.STRtree(finest.geometry.to_numpy()).query(points, predicate="intersects")
    cell, first = np.unique(cell, return_index=True)
    code.iloc[cell] = finest.index.to_numpy(dtype=str)[zone[first]]
    if len(finest):
        refuse_unmet(cells[code.notna()], code.dropna(), finest.geometry)
    return code


def _refuse_unknown(codes: Iterable[str], scheme: Scheme) -> None:
    lengths = {scheme.digits(tier.name): tier.name for tier in scheme}
    odd = sorted({code for code in codes if len(code) not in lengths or not code.isdigit()})
    if odd:
        tiers = ", ".join(f"{name} {digits}" for digits, name in lengths.items())
        raise InputError(say("keep_code", codes=", ".join(odd[:5]), tiers=tiers))

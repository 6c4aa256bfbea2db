"""What is divided: land as cells in place order, the borders between them, and the land above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from gridgeo.contiguity import adjacency
from gridgeo.coverage.dissolve import is_exact
from gridgeo.coverage.precision import PRECISION_M
from gridgeo.division.compounds import compound_of
from gridgeo.division.counts import refuse_given_counts
from gridgeo.division.given import place_in_given, read_given
from gridgeo.division.kept import Keep, codes_to_keep, kept_codes, read_kept
from gridgeo.division.loading import mean_load, most_households, refuse_loads, with_loads
from gridgeo.division.outlines import outlines
from gridgeo.division.width import refuse_narrow_codes
from gridgeo.errors import InputError
from gridgeo.land import LandOptions, compounds_of, divide_land, with_account
from gridgeo.messages import Text, say
from gridgeo.model.codes import is_dedicated
from gridgeo.model.land import Land, land_of
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Scheme, refuse_other
from gridgeo.model.site import Site
from gridgeo.model.zones import Zones

Tell = Callable[[Text], None]


@dataclass(frozen=True)
class Ground:
    """Land that can be grouped.

    Parameters
    ----------
    site
        The place; if its cells were made here, its account tells what that did to the layers.
    cells
        Exact coverage in place order, with the column `compound` and the loads of the scheme.
    edges
        Their adjacency: a, b, shared_m, across.
    given
        Zones that are kept to the letter, as `read_given` gives them; None if there are none.
    above
        Code of the land that is divided for itself and in which each cell lies: a community, or a given zone.
    kept
        What of each cell is kept, as `kept_codes` gives it.
    asked
        What was asked for, as it stands in a manifest.
    """

    site: Site
    cells: gpd.GeoDataFrame
    edges: pd.DataFrame
    given: gpd.GeoDataFrame | None
    above: pd.Series
    kept: pd.DataFrame
    asked: Mapping[str, str]

    def divided(self, scheme: Scheme) -> pd.Series:
        """Cells that are neither kept with all above them, nor in a given dedicated zone."""
        return ~self.kept["whole"] & ~self._dedicated(scheme)

    def ordinary(self, scheme: Scheme) -> pd.Series:
        """Cells that are in no dedicated zone."""
        return self.cells["institution"].isna() & ~self._dedicated(scheme)

    def _dedicated(self, scheme: Scheme) -> pd.Series:
        """Cells in a given dedicated zone."""
        if self.given is None:
            return pd.Series(data=False, index=self.cells.index)
        return is_dedicated(self.above, scheme.tiers[0])


def prepare(
    site: Site,
    scheme: Scheme,
    *,
    cells: Land | Plan | gpd.GeoDataFrame | None,
    within: Zones | gpd.GeoDataFrame | None,
    keep: Keep,
    split_large: bool,
    tell: Tell,
) -> Ground:
    """Cells, made or as they were passed, and their borders; parameters and errors as those of `divide`.

    What the scheme prefers plays no part.
    """
    refuse_other("site", Site, site)
    refuse_other("scheme", Scheme, scheme)
    refuse_loads(site, scheme, scheme.tiers if within is None else scheme.tiers[1:])
    if within is None:
        refuse_narrow_codes(mean_load(site, scheme.tiers[0]), scheme)
    given = None if within is None else read_given(within, site, scheme)
    if given is not None:
        refuse_given_counts(given, scheme.tiers[0])
    drawn = read_kept(keep, site, scheme)
    wanted = codes_to_keep(keep, scheme) if drawn is None else list(drawn.index)
    asked = {
        "split_large": str(split_large and cells is None).lower(),
        "keep": ",".join(sorted(set(wanted))),
        "cells_passed": str(cells is not None).lower(),
        "given_zones": str(0 if given is None else len(given)),
    }
    if cells is None:
        land = _divide_land(site, scheme, [given, drawn], tell, split_large=split_large)
        site = with_account(site, land.account)
    else:
        _refuse_others(cells if isinstance(cells, pd.DataFrame) else cells.cells, site)
        land = land_of(cells)
    table = with_loads(_in_place_order(land.cells), site, scheme)
    compounds = compounds_of(site) if land.compounds is None else land.compounds
    table = table.assign(compound=compound_of(table, site, compounds))
    above = table["community"] if given is None else place_in_given(table, given)
    kept = kept_codes(wanted, drawn, table, scheme)
    tell(say("step_graph", n=len(table)))
    edges = adjacency(replace(land, cells=table), site)
    return Ground(site, table, edges, given, above, kept, asked)


def _divide_land(
    site: Site, scheme: Scheme, drawn: list[gpd.GeoDataFrame | None], tell: Tell, *, split_large: bool
) -> Land:
    """Land of the site, cut along zones that are given or kept."""
    tell(say("step_blocks"))
    zones = [zone[["geometry"]] for zone in drawn if zone is not None]

    def along(enclosed: gpd.GeoDataFrame) -> gpd.GeoSeries | None:
        tell(say("step_cells", n=len(site.buildings)))
        return outlines(pd.concat(zones), enclosed) if zones else None

    return divide_land(site, LandOptions(most_households(site, scheme), split_large, along))


def _refuse_others(cells: gpd.GeoDataFrame, site: Site) -> None:
    """Refuse cells that lack columns, do not fit edge to edge, or are not those of the site."""
    missing = {"community", "block", "kind", "institution", "households", "n_unknown", "members"} - set(cells.columns)
    if missing:
        raise InputError(say("cells_columns", columns=", ".join(sorted(missing))))
    if not is_exact(cells.geometry.to_numpy()):
        raise InputError(say("cells_not_exact"))
    lacking_m2 = abs(float(cells.area.sum()) - float(site.communities.area.sum()))
    held = {member.building for members in cells["members"] for member in members}
    if lacking_m2 > float(site.communities.length.sum()) * PRECISION_M or held != set(site.buildings.index):
        raise InputError(say("cells_of_another_site"))


def _in_place_order(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cells along a space-filling curve: near cells stand near each other, and the order of rows is forgotten."""
    points = cells.geometry.representative_point()
    curve = points.hilbert_distance(level=16).to_numpy()
    order = pd.DataFrame(
        {"curve": curve, "x": points.x.to_numpy(), "y": points.y.to_numpy(), "id": cells.index.to_numpy()}
    )
    return cells.iloc[order.sort_values(["curve", "x", "y", "id"], kind="stable").index]

"""The verb divide: cells and their graph to a plan.

Each community, or each zone that is given, is divided for itself. What has to be kept out of a search is taken out first:
institutions become dedicated zones; water and railway land are leaves, which are attached to finished zones and never connect two;
land behind barriers that holds too few for a zone of its own is joined across the barrier that it has most of. The rest is a graph
for the solver.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import pandas as pd

from gridgeo.division.coding import assign_codes
from gridgeo.division.community import divide_community
from gridgeo.division.compounds import compound_of, note_divided
from gridgeo.division.counts import note_counts, refuse_given_counts, shared_schemes
from gridgeo.division.dedicated import with_institutions
from gridgeo.division.given import place_in_given, read_given
from gridgeo.division.outlines import outlines
from gridgeo.division.reasons import Note, explain_sizes, note_table, refuse_misfits
from gridgeo.division.record import manifest_of, plan_of
from gridgeo.division.search import Options
from gridgeo.division.width import refuse_narrow_codes
from gridgeo.errors import InputError
from gridgeo.graph import adjacency
from gridgeo.land import blocks
from gridgeo.land import cells as make_cells
from gridgeo.messages import Text, say
from gridgeo.partition import EFFORTS
from gridgeo.plan import Plan, is_dedicated
from gridgeo.scheme import Scheme
from gridgeo.site import GRAIN, Site
from gridgeo.zones import Zones, is_exact

__all__ = ["divide", "with_institutions"]


def divide(
    site: Site,
    scheme: Scheme,
    *,
    seed: int = 0,
    cells: gpd.GeoDataFrame | None = None,
    within: Zones | gpd.GeoDataFrame | None = None,
    keep_compounds: bool = False,
    effort: str = "standard",
    split_large: bool = False,
    strict: bool = False,
    progress: Callable[[Text], None] | None = None,
) -> Plan:
    """Divide a place into nested grids within the limits of a scheme.

    Parameters
    ----------
    site
        The place.
    scheme
        Tiers from coarse to fine. A tier's count is the number of its ordinary zones in each community.
    seed
        Start of chance; the same seed gives the same plan.
    cells
        Land as `cells` gave it; made from the site if left out.
    within
        Zones that are kept to the letter, with their codes and names, as the coarsest tier of the scheme; each is divided for
        itself into the finer tiers. Of `Zones` the coarsest tier counts; a table has a column of codes (code, 统一编码). Land and
        footprints are cut along their borders; so is an institution, which is a dedicated zone in each. A zone given with a number
        of the top tenth (901 of three digits) is dedicated and is not divided.
    keep_compounds
        Whether no compound (小区) is divided that fits into a zone. Otherwise that is only preferred.
    effort
        How long to search: fast, standard, best or max. Counted in steps, so that the result is the same on any machine.
    split_large
        Whether buildings above the finest tier's limit that do not tell their entrances are cut into equal parts, as an estimate.
    strict
        Whether a zone outside its limits is an error.
    progress
        Called with a text at the start of each step.

    Returns
    -------
    plan
        Every square metre of every community in exactly one zone of each tier. What could not be met is in `plan.notes`.

    Raises
    ------
    InputError
        If the digits of the scheme cannot number what is expected, cells lack what is needed, or given zones overlap, leave land
        out, reach beyond their community or have codes that are none of the tier's (`problems` tells which and where).
    LandError
        If the land could not be divided.
    DivisionError
        With `strict`, if a zone is outside its limits; `blocking` names the buildings and pockets.
    """
    tell = progress or (lambda _: None)
    _refuse_unknown(effort, scheme)
    given = None if within is None else read_given(within, site, scheme)
    if given is not None:
        refuse_given_counts(given, scheme.tiers[0])
    else:
        refuse_narrow_codes(int(site.buildings["households"].sum()) / max(1, len(site.communities)), scheme)
    if cells is None:
        cells = _make_cells(site, scheme, given, tell, split_large=split_large)
    else:
        _refuse_unfit(cells, site)
    cells = _in_place_order(cells)
    cells = cells.assign(compound=compound_of(cells, site))
    above = cells["community"] if given is None else place_in_given(cells, given)
    tell(say("step_graph", n=len(cells)))
    edges = adjacency(cells, site)
    options = Options(seed, effort, keep_compounds)
    parts, notes = _divide_each(cells, edges, above, scheme, options, tell)
    tell(say("step_codes"))
    cells = cells.assign(code=assign_codes(cells, parts, above, scheme))
    notes += note_divided(cells, scheme, site) + note_counts(cells, scheme)
    notes += explain_sizes(cells, parts, scheme, site, given=given is not None)
    table = note_table(notes, cells, scheme)
    if strict:
        refuse_misfits(table)
    return plan_of(site, cells, scheme, table, given, manifest_of(cells, options, given, split_large=split_large))


def _make_cells(
    site: Site, scheme: Scheme, given: gpd.GeoDataFrame | None, tell: Callable[[Text], None], *, split_large: bool
) -> gpd.GeoDataFrame:
    tell(say("step_blocks"))
    enclosed = blocks(site)
    tell(say("step_cells", n=len(site.buildings)))
    along = None if given is None else outlines(given, enclosed)
    return make_cells(site, enclosed, max_households=scheme.finest.high, split_large=split_large, along=along)


def _divide_each(
    cells: gpd.GeoDataFrame,
    edges: pd.DataFrame,
    above: pd.Series,
    scheme: Scheme,
    options: Options,
    tell: Callable[[Text], None],
) -> tuple[pd.DataFrame, list[Note]]:
    """Parts of the tiers below the land that `above` names, each community or given zone for itself; and what was done for them."""
    tiers = replace(scheme, tiers=tuple(t for t in scheme if scheme.digits(t.name) > above.str.len().iloc[0]))
    divided = (tiers == scheme) | ~is_dedicated(above, scheme.tiers[0])
    schemes = shared_schemes(cells[divided], above[divided], tiers)
    for code, load in cells.groupby(above, sort=True)[tiers.tiers[0].load].sum().items():
        refuse_narrow_codes(float(load), schemes.get(code, tiers))
    labels, notes = [], []
    for code, group in cells.groupby(above, sort=True):
        if code not in schemes:
            labels.append(pd.DataFrame(0, index=group.index, columns=[*tiers.names, "pocket", "pocket_load"]))
            continue
        tell(say("step_partition", code=code, n=len(group)))
        mine = edges[edges["a"].isin(group.index) & edges["b"].isin(group.index)]
        part, found = divide_community(group, mine, schemes[code], options)
        labels.append(part)
        notes += found
    return pd.concat(labels).reindex(cells.index), notes


def _refuse_unknown(effort: str, scheme: Scheme) -> None:
    """Refuse what the search does not know."""
    if effort not in EFFORTS:
        raise InputError(say("effort_unknown", effort=effort, known=", ".join(EFFORTS)))
    for tier in scheme:
        if tier.load != "households":
            raise InputError(say("load_unknown", tier=tier.name, load=tier.load))


def _refuse_unfit(cells: gpd.GeoDataFrame, site: Site) -> None:
    """Refuse cells that lack columns, do not fit edge to edge, or are not those of the site."""
    missing = {"community", "block", "kind", "institution", "households", "n_unknown", "members"} - set(cells.columns)
    if missing:
        raise InputError(say("cells_columns", columns=", ".join(sorted(missing))))
    if not is_exact(cells.geometry.to_numpy()):
        raise InputError(say("cells_not_exact"))
    lacking_m2 = abs(float(cells.area.sum()) - float(site.communities.area.sum()))
    held = {member.building for members in cells["members"] for member in members}
    if lacking_m2 > float(site.communities.length.sum()) * GRAIN or held != set(site.buildings.index):
        raise InputError(say("cells_of_another_site"))


def _in_place_order(cells: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cells along a space-filling curve: near cells stand near each other, and the order of rows is forgotten."""
    points = cells.geometry.representative_point()
    curve = points.hilbert_distance(level=16).to_numpy()
    order = pd.DataFrame(
        {"curve": curve, "x": points.x.to_numpy(), "y": points.y.to_numpy(), "id": cells.index.to_numpy()}
    )
    return cells.iloc[order.sort_values(["curve", "x", "y", "id"], kind="stable").index]

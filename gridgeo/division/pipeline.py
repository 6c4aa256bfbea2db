"""The verb divide: a request, land prepared for it, parts of every tier, codes, and notes on what is not as asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import geopandas as gpd
import pandas as pd

from gridgeo.division.explain import NumberedLand, notes_of
from gridgeo.division.heeding import Interrupted, heeded
from gridgeo.division.numbering import assign_codes
from gridgeo.division.plan_record import manifest_of, plan_of
from gridgeo.division.prepare import Prepared, Tell, mean_load, prepare, wanted_counts
from gridgeo.division.request import (
    Keep,
    Request,
    longer_search,
    read_drawings,
    refuse_cells,
    refuse_impossible_counts,
    refuse_keep_without_codes,
    refuse_loads,
    refuse_many_institutions,
    refuse_misfits,
    refuse_narrow_codes,
)
from gridgeo.division.solve import (
    DividedLand,
    Search,
    lands_of,
    shared_schemes,
    solve_lands,
    steps_within,
    tiers_below,
)
from gridgeo.messages import Text, say
from gridgeo.model import Land, Plan, Scheme, Site, Zones, land_of, refuse_other
from gridgeo.partition import Effort
from gridgeo.progress import told


def divide(
    site: Site,
    scheme: Scheme,
    *,
    seed: int = 0,
    cells: Land | Plan | gpd.GeoDataFrame | None = None,
    within: Zones | gpd.GeoDataFrame | None = None,
    counts: Mapping[str, int] | None = None,
    keep: Keep = (),
    keep_compounds: bool = False,
    effort: str | float = "standard",
    split_large: bool = False,
    strict: bool = False,
    progress: Callable[[Text], None] | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Plan:
    """Divide a place into nested grids within the limits of a scheme.

    Parameters
    ----------
    site
        The place.
    scheme
        Tiers from coarse to fine. A tier's count is the number of its ordinary zones in each community (of all its zones, with
        `count_all`). All tiers that are divided
        balance one load (households, or another of `site.loads`) and limit one second load at most. A building is cut by
        its households; where the finest tier balances another load, above as many as have its upper limit on the average.
    seed
        Start of chance; the same seed gives the same plan.
    cells
        Land as `cells` gave it, that of a plan, or a table of cells; made from the site if left out.
    within
        Zones that are kept to the letter, with their codes and names, as the coarsest tier of the scheme; each is divided for
        itself into the finer tiers. Of `Zones` the coarsest tier counts; a table has a column of codes (code, 统一编码). Land and
        footprints are cut along their borders; so is an institution, which is a dedicated zone in each. A zone given with a number
        of the top tenth (901 of three digits) is dedicated and is not divided.
    counts
        Number of finest zones for each given zone that is named, by its code, or the last digits of it where these are unique; what
        the finest tier's count leaves is shared out among the others.
    keep
        Zones that stay as they are, with their codes, while the rest is divided anew: codes of any tier, as the cells of an earlier
        plan bear them (``cells=plan.cells``), or zones as they are drawn, down to the finest tier. A coarse zone is kept with all
        that is in it; of a finer one the zone above may change, and with it the code, which is noted then.
    keep_compounds
        Whether no compound (小区) is divided that fits into a zone. Otherwise that is only preferred.
    effort
        How long to search: fast, standard, best or max, counted in steps, so that the result is the same on any machine. Or
        seconds for the whole place (30, ``30s``, ``2min``): how many steps that makes is measured before the search, depends
        on the machine, and stands in the manifest, whose text, given here, makes the same plan again anywhere.
    split_large
        Whether buildings above the finest tier's limit that do not tell their entrances are cut into equal parts, as an estimate.
    strict
        Whether a zone outside its limits, or another number of zones than asked for, is an error.
    progress
        Called with a text at the start of each step, and at each tenth of a search; and before the search with what no search
        can put within the limits of the finest tier, if there is any. If left out, a notebook shows steps and the time that is
        left under its cell.
    interrupted
        Asked again and again while the search runs; once it says yes, the search ends with the best so far, and the plan says so in
        its notes and its manifest. Ctrl-C, or the button of a notebook, does the same.

    Returns
    -------
    plan
        Every square metre of every community in exactly one zone of each tier. What could not be met is in `plan.notes`.

    Raises
    ------
    InputError
        If the digits of the scheme cannot number what is expected, the site lacks a load, tiers balance more than can be
        balanced at once, cells lack what is needed, or given zones overlap, leave land
        out, reach beyond their community or have codes that are none of the tier's (`problems` tells which and where).
    LandError
        If the land could not be divided.
    DivisionError
        With `strict`: before the search, if totals and limits do not let a tier have its count; after it, if a zone is outside
        its limits or a count is missed. Then `blocking` names the buildings and pockets, and `plan` is the plan that was found.
    """
    request = Request(scheme, seed, effort, within, keep, keep_compounds, split_large, strict, counts or {})
    with told(progress) as tell:
        ground = prepared_for(site, request, cells, tell=tell)
        return heeded(lambda stopped: divide_ground(ground, request, tell=tell, stopped=stopped), interrupted)


def prepared_for(site: Site, request: Request, cells: Land | Plan | gpd.GeoDataFrame | None, *, tell: Tell) -> Prepared:
    """Land for a request; what needs no land to be refused is refused before.

    Raises
    ------
    InputError, LandError
        As `divide`.
    """
    refuse_other("site", Site, site)
    scheme = request.scheme
    refuse_loads(site, scheme, scheme.tiers if request.within is None else scheme.tiers[1:])
    if request.within is None:
        refuse_narrow_codes(mean_load(site, scheme.tiers[0]), scheme)
    drawings = read_drawings(request, site)
    if isinstance(cells, Plan):
        drawings = drawings._replace(earlier=cells.registry["name"])
    land = None if cells is None else land_of(cells)
    if land is not None:
        refuse_cells(land, site)
    if drawings.codes and drawings.kept is None:
        refuse_keep_without_codes(land)
    return prepare(site, request, drawings, land=land, tell=tell)


def divide_ground(ground: Prepared, request: Request, *, tell: Tell, stopped: Interrupted) -> Plan:
    """Divide land that is prepared; the same ground serves any preferences and seeds.

    Parameters
    ----------
    stopped
        Asked again and again; once it says yes, the search ends with the best so far.
    """
    lands, scheme = _lands_for(ground, request), request.scheme
    budget = request.effort
    steps = budget if isinstance(budget, str | Effort) else steps_within(budget, ground, lands)
    search = Search(request.seed, steps, request.keep_compounds, stopped)
    parts = solve_lands(ground, lands, scheme, search=search, tell=tell)
    interrupted = stopped()
    tell(say("step_codes"))
    code = assign_codes(ground, parts, scheme)
    land = NumberedLand(ground, scheme, parts, code, longer_search(budget, stopped=interrupted))
    notes = notes_of(land, request, steps, interrupted=interrupted)
    plan = plan_of(land, notes, manifest_of(ground, request, steps, interrupted=interrupted))
    if request.strict:
        refuse_misfits(plan)
    return plan


def _lands_for(ground: Prepared, request: Request) -> list[DividedLand]:
    """Land to be divided; what needs no search to be refused is refused before."""
    scheme, above, divided = request.scheme, ground.above, ground.divided
    if request.strict:
        refuse_impossible_counts((one.totals, one.tier, one.place) for one in wanted_counts(ground, request))
    below, schemes = tiers_below(ground, scheme), shared_schemes(ground, scheme, request.counts)
    first = below.tiers[0]
    load = pd.Series(ground.sums.loads[first.load]).groupby(above.to_numpy(), sort=True).sum()
    for code, held in load.items():
        refuse_narrow_codes(float(held), schemes.get(str(code), below))
    if scheme.depth(first.name) >= scheme.depth(scheme.dedicated.name):  # else the search makes their parents
        refuse_many_institutions(ground.cells["institution"][divided], above[divided], first)
    return lands_of(ground, schemes)

"""The verb divide: cells and their graph to a plan.

Each community, or each zone that is given, is divided for itself. What has to be kept out of a search is taken out first:
institutions become dedicated zones; water and railway land are leaves, which are attached to finished zones and never connect two;
land behind barriers that holds too few for a zone of its own is joined across the barrier that it has most of. The rest is a graph
for the solver.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from numbers import Integral
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from gridgeo.division.coding import assign_codes
from gridgeo.division.community import divide_community, effort_within
from gridgeo.division.compounds import note_divided
from gridgeo.division.counts import note_counts, refuse_impossible_counts, shared_schemes
from gridgeo.division.dedicated import with_institutions
from gridgeo.division.effort import effort_text, longer_search, read_effort
from gridgeo.division.ground import Ground, Tell, prepare
from gridgeo.division.housed import note_housed, note_in_parts, note_without_land
from gridgeo.division.kept import Keep, scheme_of_rest
from gridgeo.division.reasons import (
    Note,
    explain_sizes,
    note_budget,
    note_interruption,
    note_lost_codes,
    note_table,
    refuse_misfits,
)
from gridgeo.division.record import manifest_of, plan_of
from gridgeo.division.search import Options
from gridgeo.division.stop import heeding
from gridgeo.division.width import refuse_many_institutions, refuse_narrow_codes
from gridgeo.messages import Text, say
from gridgeo.model.codes import is_dedicated
from gridgeo.model.land import Land
from gridgeo.model.plan import Plan
from gridgeo.model.scheme import Scheme, refuse_other
from gridgeo.model.site import Site
from gridgeo.model.zones import Zones
from gridgeo.partition import Effort

__all__ = ["divide", "divide_ground", "with_institutions"]

AT_A_TIME = 2
"""Communities divided at the same time. Each is divided for itself, so their number changes nothing else."""


def divide(
    site: Site,
    scheme: Scheme,
    *,
    seed: int = 0,
    cells: Land | Plan | gpd.GeoDataFrame | None = None,
    within: Zones | gpd.GeoDataFrame | None = None,
    keep: Keep = (),
    keep_compounds: bool = False,
    effort: str | float = "standard",
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
        Tiers from coarse to fine. A tier's count is the number of its ordinary zones in each community. All tiers that are divided
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
        Called with a text at the start of each step; and before the search with what no search can put within the limits of the
        finest tier, if there is any.

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
    tell = progress or (lambda _: None)
    read_effort(effort)
    ground = prepare(site, scheme, cells=cells, within=within, keep=keep, split_large=split_large, tell=tell)
    return divide_ground(
        ground, scheme, seed=seed, keep_compounds=keep_compounds, effort=effort, strict=strict, tell=tell
    )


def divide_ground(
    ground: Ground,
    scheme: Scheme,
    *,
    seed: int,
    keep_compounds: bool,
    effort: str | float,
    strict: bool = False,
    tell: Tell,
) -> Plan:
    """Divide land that is prepared; the same ground serves any preferences and seeds. Others as `divide`."""
    budget = read_effort(effort)
    refuse_other("seed", Integral, seed)
    if strict:
        refuse_impossible_counts(ground.cells, ground.ordinary(scheme), scheme)
    with heeding() as interrupted:
        jobs = _jobs(ground, scheme)
        steps = budget if isinstance(budget, str | Effort) else _steps_within(budget, jobs)
        options = Options(seed, steps, keep_compounds, interrupted)
        parts, notes = _divide_each(ground, jobs, scheme, options, tell)
        stopped = interrupted()
        tell(say("step_codes"))
        cells = ground.cells.assign(code=assign_codes(ground.cells, parts, ground.above, ground.kept["code"], scheme))
        longer = longer_search(budget, stopped=stopped)
        notes += _notes(ground, cells, parts, scheme, longer)
        notes += note_interruption(cells) if stopped else []
        if isinstance(budget, float) and not stopped:
            notes += note_budget(cells, budget, effort_text(steps))
        table = note_table(notes, cells, scheme)
        manifest = manifest_of(cells, scheme, options, ground.asked, interrupted=stopped)
        plan = plan_of(ground.site, cells, scheme, table, ground.given, manifest)
    if strict:
        refuse_misfits(plan)
    return plan


def _notes(
    ground: Ground, cells: gpd.GeoDataFrame, parts: pd.DataFrame, scheme: Scheme, longer: Text | str
) -> list[Note]:
    """What is not as asked in cells that have their codes."""
    kept, site, given = ground.kept["code"], ground.site, ground.given is not None
    split = ground.asked["split_large"] == "true"
    parts = parts.assign(kept=kept)
    sizes = explain_sizes(cells, ground.edges, parts, scheme, site, given=given, split=split, longer=longer)
    counts = note_counts(cells, ground.ordinary(scheme), scheme, longer)
    apart = ~ground.divided(scheme) & (kept == "")
    housed = (
        note_housed(cells, apart, scheme, site) + note_in_parts(cells, scheme, site) + note_without_land(cells, site)
    )
    return note_divided(cells, scheme, site) + counts + note_lost_codes(cells, kept) + sizes + housed


class _Job(NamedTuple):
    """Land that is divided for itself: its code, cells, borders, the codes its cells keep, and its own scheme."""

    code: str
    cells: gpd.GeoDataFrame
    borders: pd.DataFrame
    kept: pd.Series
    scheme: Scheme


def _jobs(ground: Ground, scheme: Scheme) -> list[_Job]:
    """Each community or given zone that is divided, by code."""
    cells, above, tiers = ground.cells, ground.above, _tiers_below(ground, scheme)
    whole = ground.kept["whole"]
    divided = ground.divided(scheme)
    schemes = shared_schemes(cells[divided], above[divided], tiers)
    for code, load in cells.groupby(above, sort=True)[tiers.tiers[0].load].sum().items():
        refuse_narrow_codes(float(load), schemes.get(code, tiers))
    first = tiers.tiers[0]
    if scheme.depth(first.name) >= scheme.depth(scheme.dedicated.name):  # else the search makes their parents
        refuse_many_institutions(cells["institution"][divided], above[divided], first)
    land = np.where(divided, pd.factorize(above)[0], -1)
    one, other = (land[cells.index.get_indexer(ground.edges[end])] for end in ("a", "b"))
    inner = np.flatnonzero((one == other) & (one >= 0))
    borders = dict(iter(pd.Series(inner).groupby(one[inner], sort=True)))
    jobs = []
    for code, group in cells[divided].groupby(above, sort=True):
        place = land[cells.index.get_loc(group.index[0])]
        mine = ground.edges.iloc[borders[place]] if place in borders else ground.edges.iloc[:0]
        rest = scheme_of_rest(schemes[code], ground.kept["code"][whole & (above == code)])
        jobs.append(_Job(code, group, mine, ground.kept["code"].loc[group.index], rest))
    return jobs


def _tiers_below(ground: Ground, scheme: Scheme) -> Scheme:
    """The tiers into which land is divided."""
    given = ground.above.str.len().iloc[0]
    return replace(scheme, tiers=tuple(tier for tier in scheme if scheme.digits(tier.name) > given))


def _steps_within(seconds: float, jobs: list[_Job]) -> Effort:
    """The steps that take about so many seconds for all jobs, measured on the largest one."""
    if not jobs:
        return Effort(0, 0, 0)
    largest = max(jobs, key=lambda job: len(job.cells))
    at_once = min(AT_A_TIME, len(jobs), os.cpu_count() or 1)
    share = len(largest.cells) / max(len(largest.cells), sum(len(job.cells) for job in jobs) / at_once)
    return effort_within(seconds * share, largest.cells, largest.borders, largest.kept, largest.scheme)


def _divide_each(
    ground: Ground, jobs: list[_Job], scheme: Scheme, options: Options, tell: Tell
) -> tuple[pd.DataFrame, list[Note]]:
    """Parts of the tiers below the land above, each community or given zone for itself; and what was done for them."""

    def divided_piece(job: _Job) -> tuple[pd.DataFrame, list[Note]]:
        tell(say("step_partition", code=job.code, n=len(job.cells)))
        return divide_community(job.code, job.cells, job.borders, job.kept, job.scheme, options, tell)

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        results = list(pool.map(divided_piece, jobs))
    left = ~ground.divided(scheme)
    tiers = [tier.name for tier in _tiers_below(ground, scheme)]
    rest = _as_they_are(ground.cells[left], ground.kept["code"][left], tiers, scheme)
    parts = [part for part, _ in results] + [rest]
    return pd.concat(parts).reindex(ground.cells.index), [note for _, notes in results for note in notes]


def _as_they_are(cells: gpd.GeoDataFrame, kept: pd.Series, tiers: list[str], scheme: Scheme) -> pd.DataFrame:
    """Parts of land that is not divided: one for each code that is kept, one for land without (a given dedicated zone)."""
    parts = {name: pd.factorize(kept.str[: scheme.digits(name)], sort=True)[0] for name in tiers}
    # below the numbers of what was searched
    return pd.DataFrame({name: -2 - part for name, part in parts.items()}, index=cells.index).assign(
        pocket=-1, pocket_load=0, dedicated=(kept == "") | is_dedicated(kept, scheme.finest)
    )

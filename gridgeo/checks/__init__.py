"""Proof that nothing and nobody is left out: one small function a rule.

The rules use their own geometry and their own definitions, and rely on nothing that made the zones. A fault is one finding: what
one rule reports, the others do not report again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from gridgeo.checks.buildings import (
    building_misplaced,
    building_split,
    building_unassigned,
    building_uncovered,
    unknown_figures,
    unplaced,
)
from gridgeo.checks.case import Case, read_case
from gridgeo.checks.codes import code_malformed, code_parent, code_placeholder, code_repeated
from gridgeo.checks.cover import gap, nesting, outside, overlap
from gridgeo.checks.findings import Finding, in_order, shown, to_table
from gridgeo.checks.households import households_twice, households_unassigned, load_differs, size, unknown_loads
from gridgeo.checks.layers import interrupted, layers_differ, tier_missing
from gridgeo.checks.rings import enclave, invalid_ring, multipart
from gridgeo.errors import InputError
from gridgeo.messages import Lang, Text, say
from gridgeo.model.plan import Plan
from gridgeo.model.report import Report
from gridgeo.model.site import Site
from gridgeo.model.zones import Zones

RULES: tuple[Callable[[Case], Iterable[Finding]], ...] = (
    layers_differ,
    tier_missing,
    invalid_ring,
    gap,
    overlap,
    outside,
    multipart,
    enclave,
    nesting,
    code_malformed,
    code_repeated,
    code_parent,
    code_placeholder,
    building_uncovered,
    building_unassigned,
    building_misplaced,
    building_split,
    households_unassigned,
    households_twice,
    load_differs,
    size,
    interrupted,
)
"""All rules; the name of the function is the name of the rule."""


def check(
    plan_or_zones: Plan | Zones, site: Site | None = None, *, cells: Plan | None = None, lang: Lang = "zh"
) -> Report:
    """Prove that every square metre, building and household is in exactly one zone of each tier.

    Parameters
    ----------
    plan_or_zones
        A plan, or zones read from any drawing (in any CRS).
    site
        What the zones have to cover; a plan brings its own. Without a site, land and people cannot be judged, and the report
        is incomplete.
    cells
        The plan in the same file as zones that were read from one: its cells have to say the same as the zones.
    lang
        Language of the messages.

    Returns
    -------
    report
        One row a finding, in the CRS of the site; empty means: no blind spot.

    Raises
    ------
    InputError
        If there are no zones.
    CrsError
        If the zones have no CRS, or do not fit into the site's.
    """
    plan = plan_or_zones if isinstance(plan_or_zones, Plan) else cells
    manifest = {} if plan is None else plan.manifest
    cut_short, given = manifest.get("interrupted") == "true", manifest.get("given_zones", "0") != "0"
    zones, site = _zones_and_site(plan_or_zones, site)
    case = replace(read_case(zones, site, None if cells is None else cells.zones()), interrupted=cut_short, given=given)
    findings = in_order(finding for rule in RULES for finding in rule(case))
    texts = tuple(finding.text for finding in findings), tuple(_missing(case))
    return Report(to_table(findings, case.crs), lang="en", texts=texts).spoken(lang)


def _zones_and_site(plan_or_zones: Plan | Zones, site: Site | None) -> tuple[Zones, Site | None]:
    if isinstance(plan_or_zones, Zones):
        return plan_or_zones, site
    # A cell without a code is in no zone: its land is a gap, its buildings are uncovered.
    coded = plan_or_zones.cells[plan_or_zones.cells["code"].notna()]
    if coded.empty:
        raise InputError(say("check_no_zones"))
    plan = plan_or_zones if len(coded) == len(plan_or_zones.cells) else replace(plan_or_zones, cells=coded)
    return plan.zones(), plan.site if site is None else site


def _missing(case: Case) -> Iterable[Text]:
    if case.site is None:
        yield say("check_missing_site")
    elif case.footings is None:
        yield say("check_missing_buildings")
    for reason, names in (("check_missing_figures", unknown_figures(case)), ("check_missing_shapes", unplaced(case))):
        if names:
            yield say(reason, n=len(names), ids=shown(names))
    for load, names in unknown_loads(case).items():
        if names:
            yield say("check_missing_load", load=load, n=len(names), ids=shown(names))

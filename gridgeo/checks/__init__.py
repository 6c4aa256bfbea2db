"""Proof that nothing and nobody is left out: one small function a rule.

The rules use their own geometry and their own definitions, and rely on nothing that made the zones. A fault is one finding: what
one rule reports, the others do not report again.

Steps
-----
polygon_measures, tier_zones
    Zones of a tier that can be measured.
check_input
    What is checked, in one reference system and one order.
parent_zones, footprint_overlay, member_list, household_bounds, load_shares, limited_loads
    What several rules derive from it, each once.
findings
    Faults, and the table of them.
rules_of_plan_files, rules_of_outlines, rules_of_cover, rules_of_codes, rules_of_buildings, rules_of_households
    One function a rule: land, codes and people.
rules_of_plans, rules_of_loads
    One function a rule.
rules_of_people
    Who answers for zones, where a roster is given.
rules_of_causes
    What many faults come of.
rules_of_cells
    And one that looks at the cells of a plan, in blocks that its account names.
rule_registry
    All rules, with name, severity and threshold.
unknowns
    What could not be judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gridgeo.checks.check_input import CheckInput, read_check_input
from gridgeo.checks.findings import Finding, in_order, to_table
from gridgeo.checks.limited_loads import counted_zones
from gridgeo.checks.rule_registry import RULES, CheckRule
from gridgeo.checks.unknowns import unknowns
from gridgeo.errors import InputError
from gridgeo.messages import Lang, has_text, say
from gridgeo.model import Plan, Report, Roster, Site, Staffing, Zones
from gridgeo.progress import Tell, told

__all__ = ["RULES", "CheckRule", "check"]


def check(
    plan_or_zones: Plan | Zones,
    site: Site | None = None,
    *,
    cells: Plan | None = None,
    own_codes: bool = False,
    roster: Roster | None = None,
    staffing: Staffing | str | None = None,
    lang: Lang = "zh",
    progress: Tell | None = None,
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
    own_codes
        Whether codes are an office's own, so that they only have to be there, once each. Where they look like that and nobody
        says so, there is a note.
    roster, staffing
        Who answers for which zone, and how many persons of each role a zone shall have, as in ``grid: chief 1; micro: member 1``.
    lang
        Language of the messages.
    progress
        Called with each step; left out, a notebook or a prompt shows a line with the time left.

    Returns
    -------
    report
        One row a finding, in the CRS of the site; empty means: no blind spot. `counted` tells what each zone holds.

    Raises
    ------
    InputError
        If there are no zones.
    CrsError
        If the zones have no CRS, or do not fit into the site's.
    """
    plan = plan_or_zones if isinstance(plan_or_zones, Plan) else cells
    zones, site = _zones_and_site(plan_or_zones, site)
    cell_zones = None if cells is None else cells.zones()
    given = read_check_input(zones, site, cell_zones=cell_zones, plan=plan, own_codes=own_codes)
    given = replace(given, roster=roster, staffing=Staffing.parse(staffing) if isinstance(staffing, str) else staffing)
    with told(progress) as tell:
        findings = in_order(_found(given, tell))
    texts = tuple(finding.fault.text for finding in findings), tuple(unknowns(given))
    table, counted = to_table(findings, given.crs), counted_zones(given)
    return Report(table, lang="en", texts=texts, counted=counted, site_known=given.site is not None).spoken(lang)


def _found(given: CheckInput, tell: Tell) -> Iterator[Finding]:
    """What each rule finds, in the order of the rules."""
    for k, rule in enumerate(RULES, start=1):
        name = say(f"rule_{rule.name}") if has_text(f"rule_{rule.name}") else rule.name
        tell(say("step_rule", rule=name, k=k, n=len(RULES)))
        yield from rule.findings(given)


def _zones_and_site(plan_or_zones: Plan | Zones, site: Site | None) -> tuple[Zones, Site | None]:
    if isinstance(plan_or_zones, Zones):
        return plan_or_zones, site
    # A cell without a code is in no zone: its land is a gap, its buildings are uncovered.
    coded = plan_or_zones.cells[plan_or_zones.cells["code"].notna()]
    if coded.empty:
        raise InputError(say("check_no_zones"))
    plan = plan_or_zones if len(coded) == len(plan_or_zones.cells) else replace(plan_or_zones, cells=coded)
    return plan.zones(), plan.site if site is None else site

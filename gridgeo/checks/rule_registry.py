"""All rules. Who adds one adds it here, with a text `check_<name>` in texts.toml and a line in docs/rules.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from gridgeo.checks.check_input import CheckInput
from gridgeo.checks.findings import Finding, RuleFault
from gridgeo.checks.footprint_overlay import COVERED_SHARE, MINOR_M2, MINOR_SHARE
from gridgeo.checks.member_list import HALF
from gridgeo.checks.polygon_measures import HAIRLINE_M
from gridgeo.checks.rules_of_buildings import (
    building_split,
    building_unassigned,
    building_uncovered,
    building_unknown,
    member_elsewhere,
)
from gridgeo.checks.rules_of_causes import one_cause
from gridgeo.checks.rules_of_cells import UNNOTICED_M2, not_nearest
from gridgeo.checks.rules_of_codes import code_malformed, code_own, code_parent, code_placeholder, code_repeated
from gridgeo.checks.rules_of_cover import gap, hairline, nesting, outside, overlap
from gridgeo.checks.rules_of_households import households_twice, households_unassigned
from gridgeo.checks.rules_of_loads import load_differs, size
from gridgeo.checks.rules_of_outlines import enclave, invalid_ring, multipart
from gridgeo.checks.rules_of_people import (
    person_in_too_many,
    person_repeated,
    person_unknown_zone,
    role_count,
    zone_without_person,
)
from gridgeo.checks.rules_of_plan_files import interrupted, layers_differ, tier_missing
from gridgeo.checks.rules_of_plans import (
    ACCESS_M,
    count_differs,
    dedicated_without_institution,
    figures_missing,
    no_access,
    numbering,
)
from gridgeo.model import MOST_ZONES


class CheckRule(NamedTuple):
    """One rule of `check`."""

    name: str
    """As in reports and in docs/rules.md; its text is `check_<name>`."""
    severity: str
    find: Callable[[CheckInput], Iterable[RuleFault]]
    threshold: str = ""
    """What a fault has to exceed; empty where there is nothing to measure."""
    excused: str = ""
    """Severity of a fault that something explains; empty where nothing can."""

    def findings(self, given: CheckInput) -> Iterator[Finding]:
        """Every fault, with the name of the rule and how grave it is."""
        for fault in self.find(given):
            yield Finding(self.name, self.excused if fault.excused else self.severity, fault)


_HAIRLINE = f"{100 * HAIRLINE_M:g} cm wide"
_MINOR_PART = f"{MINOR_M2:g} m² and {100 * MINOR_SHARE:g} % of the footprint"
_ELSEWHERE = f"{100 * HALF:g} % of its own land"
_UNCOVERED = f"{100 - 100 * COVERED_SHARE:g} % of the footprint"

RULES: tuple[CheckRule, ...] = (
    CheckRule("layers_differ", "error", layers_differ, _HAIRLINE),
    CheckRule("tier_missing", "error", tier_missing),
    CheckRule("one_cause", "error", one_cause),
    CheckRule("invalid_ring", "error", invalid_ring),
    CheckRule("hairline", "error", hairline, _HAIRLINE),
    CheckRule("gap", "error", gap, _HAIRLINE),
    CheckRule("overlap", "error", overlap, _HAIRLINE),
    CheckRule("outside", "error", outside, _HAIRLINE),
    CheckRule("multipart", "error", multipart, _HAIRLINE, excused="warning"),
    CheckRule("enclave", "warning", enclave, _HAIRLINE),
    CheckRule("nesting", "error", nesting, _HAIRLINE),
    CheckRule("code_own", "note", code_own),
    CheckRule("code_malformed", "error", code_malformed),
    CheckRule("code_repeated", "error", code_repeated),
    CheckRule("code_parent", "error", code_parent),
    CheckRule("code_placeholder", "note", code_placeholder),
    CheckRule("building_uncovered", "error", building_uncovered, _UNCOVERED),
    CheckRule("building_unassigned", "error", building_unassigned),
    CheckRule("building_unknown", "warning", building_unknown),
    CheckRule("member_elsewhere", "error", member_elsewhere, _ELSEWHERE, excused="note"),
    CheckRule("building_split", "warning", building_split, _MINOR_PART, excused="note"),
    CheckRule("households_unassigned", "error", households_unassigned),
    CheckRule("households_twice", "error", households_twice),
    CheckRule("load_differs", "warning", load_differs),
    CheckRule("figures_missing", "warning", figures_missing),
    CheckRule("dedicated_without_institution", "warning", dedicated_without_institution),
    CheckRule("count_differs", "warning", count_differs),
    CheckRule("numbering", "note", numbering),
    CheckRule("no_access", "note", no_access, f"{ACCESS_M:g} m"),
    CheckRule("size", "warning", size, "the limits of the tier"),
    CheckRule("zone_without_person", "warning", zone_without_person),
    CheckRule("role_count", "warning", role_count, "the staffing table"),
    CheckRule("person_unknown_zone", "warning", person_unknown_zone),
    CheckRule("person_repeated", "note", person_repeated),
    CheckRule(
        "person_in_too_many", "warning", person_in_too_many, f"{MOST_ZONES} zones of a tier, or as staffing says"
    ),
    CheckRule("not_nearest", "warning", not_nearest, f"{UNNOTICED_M2:g} m²"),
    CheckRule("interrupted", "warning", interrupted),
)
"""In the order in which they are run; each fault is found by the rule that fits it best, and by no other."""

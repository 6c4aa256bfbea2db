"""Nouns: frozen values that verbs take and give, and the rules of codes; nothing here reads a file, divides land or draws.

Steps
-----
displays
    How nouns show themselves in a notebook.
tables
    Layers and tables: their names, columns and kinds.
accepted_names
    Under which names files know them.
codes
    All rules of codes, and numbers in reading order.
loads
    What is balanced besides households: its name, and shares of it.
scheme
    Tiers, limits and preferences.
site
    The layers of one place, and the account of what was read.
whereabouts
    Where something is, in words that people use.
members
    The one table of people, and sums over it.
land
    Cells and their members: what the verb cells gives.
zones
    Polygons with codes, of a plan or a drawing.
tier_limits
    Which zones are outside the limits of their tier, in figures and in words.
registry
    Every code ever given, and the edits of a plan.
edit_outcome
    What an edit did to the zones that it touched.
plan
    Cells with codes: what the verb divide gives.
report
    Findings: what the verb check gives.
change_tables
    What changed between two plans: what the verb diff gives.
roster
    Who answers for which zone, and how many of whom are wanted.
map_contents
    What maps draw of a plan, or of a drawing.
"""

from gridgeo.model.accepted_names import (
    COLUMN_NAMES,
    LAYER_NAMES,
    UNITS,
    ZONES,
    class_of,
    closest,
    columns_named,
    is_own_name,
    plain_name,
    roles_named,
)
from gridgeo.model.change_tables import CODE_COLUMNS, CROSSWALK_COLUMNS, MOVE_COLUMNS, Changes
from gridgeo.model.codes import (
    COMMUNITY_DIGITS,
    are_community_codes,
    capacity,
    community_of,
    is_dedicated,
    number,
    placeholder,
    reading_order,
    reserved,
)
from gridgeo.model.displays import html_table
from gridgeo.model.edit_outcome import EditOutcome
from gridgeo.model.land import Land, land_of
from gridgeo.model.loads import (
    HOUSEHOLDS,
    amount,
    building_loads,
    by_number,
    figure,
    is_load,
    largest_remainder,
    refuse_name,
    shared_out,
)
from gridgeo.model.map_contents import ShownZones, different_buildings, shown_zones
from gridgeo.model.members import (
    MEMBER_COLUMNS,
    Member,
    cell_sums,
    members_of,
    members_table,
    sums,
    with_loads,
    with_members,
)
from gridgeo.model.plan import Plan, refuse_no_plan
from gridgeo.model.registry import ACTIVE, HISTORY_COLUMNS, REGISTRY_COLUMNS, RETIRED
from gridgeo.model.report import COLUMNS as FINDING_COLUMNS
from gridgeo.model.report import SEVERITIES, Report
from gridgeo.model.roster import MOST_ZONES, ROSTER_COLUMNS, ROSTER_NAMES, Roster, Staffing, role_of
from gridgeo.model.scheme import MOST_PREFERRED, PRESETS, Also, Preferences, Scheme, Tier, refuse_other
from gridgeo.model.site import Site, empty_layer
from gridgeo.model.tables import (
    ACCOUNT_COLUMNS,
    ATTACHED_KINDS,
    BORDER_M,
    CELL_COLUMNS,
    DEDICATED,
    GRID,
    INSTITUTION,
    LAND,
    LISTED_COLUMNS,
    NOTE_COLUMNS,
    RAILWAY,
    RESERVED,
    ROLES,
    WATER,
    ZONE_COLUMNS,
    Role,
    empty_table,
)
from gridgeo.model.tier_limits import TierLimits, limits_headline, limits_met, outside_limits, tier_label
from gridgeo.model.whereabouts import Whereabouts
from gridgeo.model.zones import Zones

__all__ = [
    "ACCOUNT_COLUMNS",
    "ACTIVE",
    "ATTACHED_KINDS",
    "BORDER_M",
    "CELL_COLUMNS",
    "CODE_COLUMNS",
    "COLUMN_NAMES",
    "COMMUNITY_DIGITS",
    "CROSSWALK_COLUMNS",
    "DEDICATED",
    "FINDING_COLUMNS",
    "GRID",
    "HISTORY_COLUMNS",
    "HOUSEHOLDS",
    "INSTITUTION",
    "LAND",
    "LAYER_NAMES",
    "LISTED_COLUMNS",
    "MEMBER_COLUMNS",
    "MOST_PREFERRED",
    "MOST_ZONES",
    "MOVE_COLUMNS",
    "NOTE_COLUMNS",
    "PRESETS",
    "RAILWAY",
    "REGISTRY_COLUMNS",
    "RESERVED",
    "RETIRED",
    "ROLES",
    "ROSTER_COLUMNS",
    "ROSTER_NAMES",
    "SEVERITIES",
    "UNITS",
    "WATER",
    "ZONES",
    "ZONE_COLUMNS",
    "Also",
    "Changes",
    "EditOutcome",
    "Land",
    "Member",
    "Plan",
    "Preferences",
    "Report",
    "Role",
    "Roster",
    "Scheme",
    "ShownZones",
    "Site",
    "Staffing",
    "Tier",
    "TierLimits",
    "Whereabouts",
    "Zones",
    "amount",
    "are_community_codes",
    "building_loads",
    "by_number",
    "capacity",
    "cell_sums",
    "class_of",
    "closest",
    "columns_named",
    "community_of",
    "different_buildings",
    "empty_layer",
    "empty_table",
    "figure",
    "html_table",
    "is_dedicated",
    "is_load",
    "is_own_name",
    "land_of",
    "largest_remainder",
    "limits_headline",
    "limits_met",
    "members_of",
    "members_table",
    "number",
    "outside_limits",
    "placeholder",
    "plain_name",
    "reading_order",
    "refuse_name",
    "refuse_no_plan",
    "refuse_other",
    "reserved",
    "role_of",
    "roles_named",
    "shared_out",
    "shown_zones",
    "sums",
    "tier_label",
    "with_loads",
    "with_members",
]

"""What stands on each sheet: title, zones, table. Nothing is placed or drawn here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.maps.pdf.pdf_font import clean, wrap
from gridgeo.maps.pdf.prepared_plan import DASH, IndexedLayer, PreparedPlan, PreparedTier, sums, total
from gridgeo.maps.pdf.sheet_tables import AIR, SIZE, Table, widths
from gridgeo.model import Report, TierLimits, Zones, limits_met
from gridgeo.style import colours, label

_NAMED = 12
"""Zones outside their limits that are named on a sheet; where more are, their number tells enough."""

Rows = npt.NDArray[np.intp]


class MapSheet(NamedTuple):
    """One map with its table.

    Parameters
    ----------
    mark
        Name to which links lead.
    title, subtitle
        Above the frame.
    inner, rows
        Coloured and labelled zones: their tier, and which of it.
    outer, without
        Zones in grey: their tier, and which of it are left out.
    subject
        Outline of the zone that the sheet is about; None on overviews.
    table
        Rows about the zones, or about the buildings of a zone that is not divided.
    limits
        Limits of each tier on the sheet, and which zones are outside.
    """

    mark: str
    title: str
    subtitle: str
    inner: PreparedTier
    rows: Rows
    outer: PreparedTier
    without: Rows
    subject: shapely.Geometry | None
    table: Table
    limits: tuple[str, ...]

    def around(self, window: shapely.Geometry) -> Rows:
        """Which zones of the outer tier are in view in grey."""
        return np.setdiff1d(self.outer.layer.within(window), self.without)


def sheets(prepared: PreparedPlan) -> Iterator[MapSheet]:
    """All maps: of all communities if there are several, then of each community, each followed by its zones."""
    communities = _communities(prepared)
    if len(communities) > 1:
        yield _of_all(prepared, communities)
    for community in communities:
        yield _of_community(prepared, community)
        yield from _of_zones(prepared, 0, community, community=community)


def sheet_count(prepared: PreparedPlan) -> int:
    """How many maps there are."""
    names = prepared.shown.tiers
    communities = len(_communities(prepared))
    zones = sum(len(prepared.tiers[name].codes) for name in names[: max(1, len(names) - 1)])
    return zones + communities + (communities > 1)


def findings_table(prepared: PreparedPlan, report: Report, room: float) -> Table:
    """The findings of a report, in a room of this width [pt]; a long message takes several rows."""
    heads = tuple(prepared.say(f"map_{name}") for name in ("severity", "rule", "code", "message"))
    found = report.findings[["severity", "rule", "code", "message"]]
    words = [
        (prepared.say(f"severity_{severity}"), clean(rule), clean(code) or DASH, clean(message))
        for severity, rule, code, message in found.itertuples(index=False)
    ]
    first = widths(Table(heads[:3], tuple(row[:3] for row in words), (False,) * 3))
    left = room - sum(first) - 2 * AIR
    rows: list[tuple[str, ...]] = []
    for *fields, message in words:
        lines = wrap(message, SIZE, left)
        rows += [(*fields, line) if i == 0 else ("", "", "", line) for i, line in enumerate(lines)]
    return Table(heads, tuple(rows), (False,) * 4, widest=left)


def community_name(prepared: PreparedPlan, code: str) -> str:
    """Name of a community; its code where it has none."""
    names = prepared.shown.site.communities["name"]
    if not code:
        return prepared.say("page_title")
    return (clean(names[code]) if code in names.index else "") or f"{prepared.say('map_communities')} {code}"


def place_name(prepared: PreparedPlan) -> str:
    """Name of the whole place."""
    codes = _communities(prepared)
    name = community_name(prepared, codes[0])
    return name if len(codes) == 1 else prepared.say("sheet_all", name=name, n=len(codes))


def _communities(prepared: PreparedPlan) -> list[str]:
    first = prepared.tiers[prepared.shown.tiers[0]]
    return list(dict.fromkeys(first.parents.tolist()))


def _of_all(prepared: PreparedPlan, codes: list[str]) -> MapSheet:
    first = prepared.tiers[prepared.shown.tiers[0]]
    groups = [np.flatnonzero(first.parents == code) for code in codes]
    names = [community_name(prepared, code) for code in codes]
    heads = (prepared.say("map_code"), prepared.say("map_name"), first.title, *_sum_heads(prepared))
    rows = tuple(
        (code, name, str(len(group)), *total(prepared, 0, group))
        for code, name, group in zip(codes, names, groups, strict=True)
    )
    table = Table(heads, rows, (False, False, True, True, True, True), tuple(codes))
    tier = _community_tier(prepared, codes, names)
    everyone = np.arange(len(codes))
    zones = np.arange(len(first.codes))
    counts, limits = _counts(prepared, 0, zones), _limits(prepared, 0, zones, named=0)
    return MapSheet("all", place_name(prepared), counts, tier, everyone, tier, everyone, None, table, limits)


def _community_tier(prepared: PreparedPlan, codes: list[str], names: list[str]) -> PreparedTier:
    """The communities, dressed as a tier."""
    shapes = prepared.shown.site.communities.reindex(codes)
    none = np.full(len(codes), "")
    return PreparedTier(
        prepared.say("map_communities"),
        np.array(codes),
        none,
        np.array(names),
        none,
        none,
        none,
        colours(shapes).to_numpy(dtype=str),
        IndexedLayer(shapes.geometry.to_numpy(), none, shapely.STRtree(shapes.geometry.to_numpy())),
        shapes,
    )


def _of_community(prepared: PreparedPlan, code: str) -> MapSheet:
    tier = prepared.tiers[prepared.shown.tiers[0]]
    rows = np.flatnonzero(tier.parents == code)
    parts = (
        prepared.say("sheet_code", code=code),
        _children(prepared, tier, rows),
        _counts(prepared, 0, rows),
    )
    title = prepared.say("sheet_overview", name=community_name(prepared, code))
    table, limits = _zone_table(prepared, 0, rows), _limits(prepared, 0, rows, named=0)
    return MapSheet(code, title, _join(*parts), tier, rows, tier, rows, None, table, limits)


def _of_zones(prepared: PreparedPlan, depth: int, parent: str, *, community: str) -> Iterator[MapSheet]:
    """A sheet for each zone of a tier, followed by those of the zones inside it that are divided themselves."""
    tier = prepared.tiers[prepared.shown.tiers[depth]]
    for row in np.flatnonzero(tier.parents == parent):
        yield _of_zone(prepared, depth, int(row), community=community)
        if depth + 2 < len(prepared.tiers):
            yield from _of_zones(prepared, depth + 1, str(tier.codes[row]), community=community)


def _of_zone(prepared: PreparedPlan, depth: int, row: int, *, community: str) -> MapSheet:
    """A sheet about one zone: what it is divided into, or its buildings if it is not divided."""
    names = prepared.shown.tiers
    tier, code = prepared.tiers[names[depth]], str(prepared.tiers[names[depth]].codes[row])
    if depth + 1 < len(names):
        inner = prepared.tiers[names[depth + 1]]
        rows = np.flatnonzero(inner.parents == code)
        table, children = _zone_table(prepared, depth + 1, rows), _children(prepared, inner, rows)
    else:
        inner, rows, table, children = tier, np.array([row]), _building_table(prepared, code), ""
    subtitle = _join(prepared.say("sheet_code", code=code), children, _counts(prepared, depth, np.array([row])))
    title = prepared.say(
        "sheet_zone", name=community_name(prepared, community), tier=tier.kinds[row], label=tier.labels[row]
    )
    title = f"{title} {clean(tier.table['name'].iloc[row])}".strip()
    own, limits = np.array([row]), _limits(prepared, depth, [row], named=depth + 1)
    return MapSheet(code, title, subtitle, inner, rows, tier, own, tier.layer.shapes[row], table, limits)


def _limits(prepared: PreparedPlan, depth: int, rows: Iterable[int], *, named: int) -> tuple[str, ...]:
    """Limits of some zones and of all zones inside them, a line a tier; zones outside are named down to one tier."""
    zones = prepared.shown.all_tiers
    inside = np.zeros(len(zones.table), dtype=bool)
    codes = set(prepared.tiers[prepared.shown.tiers[depth]].codes[list(rows)].tolist())
    for name in prepared.shown.tiers[depth:]:
        tier = zones.table[zones.table["tier"] == name]
        chosen = tier["parent"].isin(codes) if inside.any() else tier["code"].isin(codes)
        inside[zones.table.index.get_indexer(chosen[chosen].index)] = True
        codes = set(tier.loc[chosen, "code"])
    found = limits_met(Zones(zones.table[inside], None, zones.scheme))
    short = prepared.shown.tiers[: named + 1]
    return tuple(
        clean(tier.words.render(prepared.lang)) + (_outside(prepared, tier) if tier.tier in short else "")
        for tier in found
        if tier.judged
    )


def _outside(prepared: PreparedPlan, tier: TierLimits) -> str:
    """Zones that are outside, by what is their own of their labels; of many the first."""
    names = [label(code, prepared.shown.scheme).rpartition("-")[2] for code in tier.outside]
    return f" {' '.join(names)}" if 0 < len(names) <= _NAMED else ""


def _zone_table(prepared: PreparedPlan, depth: int, rows: Rows) -> Table:
    """Code, name (if any has one), zones inside (if any are), buildings, households and hectares of each zone."""
    names = prepared.shown.tiers
    tier = prepared.tiers[names[depth]]
    columns: list[tuple[str, bool, list[str]]] = [(prepared.say("map_code"), False, tier.codes[rows].tolist())]
    if any(tier.names[rows]):
        columns.append((prepared.say("map_name"), False, [name or DASH for name in tier.names[rows].tolist()]))
    if depth + 1 < len(names):
        inner = prepared.tiers[names[depth + 1]]
        inside = pd.Series(inner.parents).value_counts().reindex(tier.codes[rows], fill_value=0)
        columns.append((inner.title, True, [str(n) for n in inside]))
    figures = zip(*sums(tier.table.iloc[rows]), strict=True)
    columns += [(head, True, list(values)) for head, values in zip(_sum_heads(prepared), figures, strict=True)]
    heads, numbers, values = zip(*columns, strict=True)
    has_sheets = depth + 1 < len(names) or len(names) == 1
    return Table(
        heads, tuple(zip(*values, strict=True)), numbers, tuple(tier.codes[rows].tolist()) if has_sheets else ()
    )


def _building_table(prepared: PreparedPlan, code: str) -> Table:
    members = prepared.shown.buildings
    members = members[members["code"] == code]
    heads = tuple(prepared.say(f"map_{name}") for name in ("id", "name", "unit", "households"))
    rows = tuple(
        (clean(id_), clean(name) or DASH, clean(unit) or DASH, DASH if pd.isna(households) else str(households))
        for id_, name, unit, households in members[["id", "name", "unit", "households"]].itertuples(index=False)
    )
    return Table(heads, rows, (False, False, False, True))


def _children(prepared: PreparedPlan, tier: PreparedTier, rows: Rows) -> str:
    return prepared.say("sheet_children", tier=tier.title, n=len(rows))


def _counts(prepared: PreparedPlan, depth: int, rows: Rows) -> str:
    buildings, households, area = total(prepared, depth, rows)
    return prepared.say("sheet_sums", buildings=buildings, households=households, area=area)


def _join(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _sum_heads(prepared: PreparedPlan) -> tuple[str, ...]:
    return tuple(prepared.say(f"map_{name}") for name in ("buildings", "households", "area"))

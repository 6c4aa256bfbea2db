"""What stands on each sheet: title, zones, table. Nothing is placed or drawn here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridgeo.maps.pdf.font import clean, wrap
from gridgeo.maps.pdf.ground import DASH, Ground, Layer, TierGround, sums, total
from gridgeo.maps.pdf.table import AIR, SIZE, Table, widths
from gridgeo.model.codes import community_of
from gridgeo.model.report import Report
from gridgeo.style import colours

Rows = npt.NDArray[np.intp]


class Sheet(NamedTuple):
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
    """

    mark: str
    title: str
    subtitle: str
    inner: TierGround
    rows: Rows
    outer: TierGround
    without: Rows
    subject: shapely.Geometry | None
    table: Table

    def around(self, window: shapely.Geometry) -> Rows:
        """Which zones of the outer tier are in view in grey."""
        return np.setdiff1d(self.outer.layer.within(window), self.without)


def sheets(ground: Ground) -> Iterator[Sheet]:
    """All maps: of all communities if there are several, then of each community, each followed by its zones."""
    communities = _communities(ground)
    if len(communities) > 1:
        yield _of_all(ground, communities)
    for community in communities:
        yield _of_community(ground, community)
        yield from _of_zones(ground, 0, community)


def findings_table(ground: Ground, report: Report, room: float) -> Table:
    """The findings of a report, in a room of this width [pt]; a long message takes several rows."""
    heads = tuple(ground.say(f"map_{name}") for name in ("severity", "rule", "code", "message"))
    found = report.findings[["severity", "rule", "code", "message"]]
    words = [
        (ground.say(f"severity_{severity}"), clean(rule), clean(code) or DASH, clean(message))
        for severity, rule, code, message in found.itertuples(index=False)
    ]
    first = widths(Table(heads[:3], tuple(row[:3] for row in words), (False,) * 3))
    left = room - sum(first) - 2 * AIR
    rows: list[tuple[str, ...]] = []
    for *fields, message in words:
        lines = wrap(message, SIZE, left)
        rows += [(*fields, line) if i == 0 else ("", "", "", line) for i, line in enumerate(lines)]
    return Table(heads, tuple(rows), (False,) * 4, widest=left)


def community_name(ground: Ground, code: str) -> str:
    """Name of a community; its code where it has none."""
    names = ground.plan.site.communities["name"]
    return (clean(names[code]) if code in names.index else "") or f"{ground.say('map_communities')} {code}"


def place_name(ground: Ground) -> str:
    """Name of the whole place."""
    codes = _communities(ground)
    name = community_name(ground, codes[0])
    return name if len(codes) == 1 else ground.say("sheet_all", name=name, n=len(codes))


def _communities(ground: Ground) -> list[str]:
    first = ground.tiers[ground.plan.scheme.names[0]]
    return list(dict.fromkeys(map(community_of, first.codes.tolist())))


def _of_all(ground: Ground, codes: list[str]) -> Sheet:
    first = ground.tiers[ground.plan.scheme.names[0]]
    groups = [first.table[first.parents == code] for code in codes]
    names = [community_name(ground, code) for code in codes]
    heads = (ground.say("map_code"), ground.say("map_name"), first.title, *_sum_heads(ground))
    rows = tuple(
        (code, name, str(len(group)), *total(group)) for code, name, group in zip(codes, names, groups, strict=True)
    )
    table = Table(heads, rows, (False, False, True, True, True, True), tuple(codes))
    tier = _community_tier(ground, codes, names)
    everyone = np.arange(len(codes))
    return Sheet("all", place_name(ground), _counts(ground, first.table), tier, everyone, tier, everyone, None, table)


def _community_tier(ground: Ground, codes: list[str], names: list[str]) -> TierGround:
    """The communities, dressed as a tier."""
    shapes = ground.plan.site.communities.reindex(codes)
    none = np.full(len(codes), "")
    return TierGround(
        ground.say("map_communities"),
        np.array(codes),
        none,
        np.array(names),
        none,
        none,
        none,
        colours(shapes).to_numpy(dtype=str),
        Layer(shapes.geometry.to_numpy(), none, shapely.STRtree(shapes.geometry.to_numpy())),
        shapes,
    )


def _of_community(ground: Ground, code: str) -> Sheet:
    tier = ground.tiers[ground.plan.scheme.names[0]]
    rows = np.flatnonzero(tier.parents == code)
    parts = (ground.say("sheet_code", code=code), _children(ground, tier, rows), _counts(ground, tier.table.iloc[rows]))
    title = ground.say("sheet_overview", name=community_name(ground, code))
    return Sheet(code, title, _join(*parts), tier, rows, tier, rows, None, _zone_table(ground, 0, rows))


def _of_zones(ground: Ground, depth: int, parent: str) -> Iterator[Sheet]:
    """A sheet for each zone of a tier, followed by those of the zones inside it that are divided themselves."""
    tier = ground.tiers[ground.plan.scheme.names[depth]]
    for row in np.flatnonzero(tier.parents == parent):
        yield _of_zone(ground, depth, int(row))
        if depth + 2 < len(ground.tiers):
            yield from _of_zones(ground, depth + 1, str(tier.codes[row]))


def _of_zone(ground: Ground, depth: int, row: int) -> Sheet:
    """A sheet about one zone: what it is divided into, or its buildings if it is not divided."""
    names = ground.plan.scheme.names
    tier, code = ground.tiers[names[depth]], str(ground.tiers[names[depth]].codes[row])
    if depth + 1 < len(names):
        inner = ground.tiers[names[depth + 1]]
        rows = np.flatnonzero(inner.parents == code)
        table, children = _zone_table(ground, depth + 1, rows), _children(ground, inner, rows)
    else:
        inner, rows, table, children = tier, np.array([row]), _building_table(ground, code), ""
    subtitle = _join(ground.say("sheet_code", code=code), children, _counts(ground, tier.table.iloc[[row]]))
    title = ground.say(
        "sheet_zone", name=community_name(ground, community_of(code)), tier=tier.kinds[row], label=tier.labels[row]
    )
    title = f"{title} {clean(tier.table['name'].iloc[row])}".strip()
    return Sheet(code, title, subtitle, inner, rows, tier, np.array([row]), tier.layer.shapes[row], table)


def _zone_table(ground: Ground, depth: int, rows: Rows) -> Table:
    """Code, name (if any has one), zones inside (if any are), buildings, households and hectares of each zone."""
    names = ground.plan.scheme.names
    tier = ground.tiers[names[depth]]
    columns: list[tuple[str, bool, list[str]]] = [(ground.say("map_code"), False, tier.codes[rows].tolist())]
    if any(tier.names[rows]):
        columns.append((ground.say("map_name"), False, [name or DASH for name in tier.names[rows].tolist()]))
    if depth + 1 < len(names):
        inner = ground.tiers[names[depth + 1]]
        inside = pd.Series(inner.parents).value_counts().reindex(tier.codes[rows], fill_value=0)
        columns.append((inner.title, True, [str(n) for n in inside]))
    figures = zip(*sums(tier.table.iloc[rows]), strict=True)
    columns += [(head, True, list(values)) for head, values in zip(_sum_heads(ground), figures, strict=True)]
    heads, numbers, values = zip(*columns, strict=True)
    has_sheets = depth + 1 < len(names) or len(names) == 1
    return Table(
        heads, tuple(zip(*values, strict=True)), numbers, tuple(tier.codes[rows].tolist()) if has_sheets else ()
    )


def _building_table(ground: Ground, code: str) -> Table:
    members = ground.plan.buildings
    members = members[members["code"] == code]
    heads = tuple(ground.say(f"map_{name}") for name in ("id", "name", "unit", "households"))
    rows = tuple(
        (clean(id_), clean(name) or DASH, clean(unit) or DASH, DASH if pd.isna(households) else str(households))
        for id_, name, unit, households in members[["id", "name", "unit", "households"]].itertuples(index=False)
    )
    return Table(heads, rows, (False, False, False, True))


def _children(ground: Ground, tier: TierGround, rows: Rows) -> str:
    return ground.say("sheet_children", tier=tier.title, n=len(rows))


def _counts(ground: Ground, zones: pd.DataFrame) -> str:
    buildings, households, area = total(zones)
    return ground.say("sheet_sums", buildings=buildings, households=households, area=area)


def _join(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _sum_heads(ground: Ground) -> tuple[str, ...]:
    return tuple(ground.say(f"map_{name}") for name in ("buildings", "households", "area"))
